// Is changing places of two actors an automorphism? Transitions are paired by their ends, and their expressions compared:
// variables renamed, operands in one order, and with every value of those variables that name or mark actors put in.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "model/ir/symmetry/symmetry.hpp"

namespace hotproof::ir {

namespace {

constexpr std::uint64_t most_values = 256;        // of a variable that names or marks actors
constexpr std::uint64_t most_valuations = 4'096;  // of all such variables of one expression

using Valuation = std::map<VarId, std::uint64_t>;

class Exchange {
 public:
  Exchange(const TransitionSystem& system, const Interchangeable& pair)
      : system_(system), image_(system.variables.size()), moved_(system.variables.size(), false) {
    for (std::size_t v = 0; v < image_.size(); ++v) image_[v] = static_cast<VarId>(v);
    actor_.resize(system.actors.size());
    for (std::size_t a = 0; a < actor_.size(); ++a) actor_[a] = static_cast<ActorId>(a);
    const ActorId first = pair.members[0], second = pair.members[1];
    actor_[index(first)] = second;
    actor_[index(second)] = first;
    for (const auto& column : pair.columns) {
      clear_ = clear_ && claim(column[0]) && claim(column[1]);
      image_[index(column[0])] = column[1];
      image_[index(column[1])] = column[0];
    }
    for (const auto& naming : pair.namings) {
      clear_ = clear_ && claim(naming.var) && naming.values[0] != naming.values[1];
      special_[naming.var] = [a = naming.values[0], b = naming.values[1]](std::uint64_t value) {
        return value == a ? b : value == b ? a : value;
      };
    }
    for (const auto& marking : pair.markings) {
      const unsigned a = marking.bits[0], b = marking.bits[1];
      const auto width = static_cast<unsigned>(system[marking.var].width);
      clear_ = clear_ && claim(marking.var) && a != b && a < width && b < width;
      if (!clear_) return;
      special_[marking.var] = [a, b](std::uint64_t value) {
        const std::uint64_t differ = (value >> a ^ value >> b) & 1U;
        return value ^ (differ << a | differ << b);
      };
    }
    find_touched();
  }

  std::optional<std::vector<TransitionId>> images() {
    if (!clear_ || !same_variables() || !same_actors() || !same_locks() || !same_properties()) return std::nullopt;
    return pair_transitions();
  }

 private:
  bool claim(VarId var) {
    const bool fresh = !moved_[index(var)];
    moved_[index(var)] = true;
    return fresh;
  }

  // Which expressions an exchange may change at all.
  void find_touched() {
    touched_.resize(system_.pool.size());
    for (std::size_t i = 0; i < touched_.size(); ++i) {
      const Node& node = system_.pool[static_cast<ExprId>(i)];
      bool touched = node.op == Op::variable && moved_[node.value];
      for (int k = 0; k < arity(node.op); ++k) touched = touched || touched_[static_cast<std::size_t>(node.args[k])];
      touched_[i] = touched;
    }
  }

  bool same_variables() {
    for (std::size_t v = 0; v < image_.size(); ++v) {
      const Variable &a = system_.variables[v], &b = system_[image_[v]];
      if (a.width != b.width || a.is_signed != b.is_signed || a.role != b.role || a.free_initially != b.free_initially ||
          a.low != b.low || a.high != b.high || value_of(static_cast<VarId>(v), a.initial) != b.initial)
        return false;
    }
    // A control variable starts where its actor does.
    return same(system_.initial_condition, system_.initial_condition);
  }

  bool same_actors() const {
    const auto sorted = [](std::vector<Location> all) {
      std::sort(all.begin(), all.end());
      return all;
    };
    for (std::size_t i = 0; i < actor_.size(); ++i) {
      const Actor &a = system_.actors[i], &b = system_.actors[index(actor_[i])];
      if (image_[index(a.control)] != b.control || a.initial != b.initial || a.locations != b.locations ||
          sorted(a.resting) != sorted(b.resting) || sorted(a.halted) != sorted(b.halted))
        return false;
    }
    return true;
  }

  bool same_locks() {
    for (const Lock& lock : system_.locks)
      for (std::size_t a = 0; a < actor_.size(); ++a)
        if (!same(lock.held_write[a], lock.held_write[index(actor_[a])]) ||
            !same(lock.held_read[a], lock.held_read[index(actor_[a])]))
          return false;
    return true;
  }

  // All but invariants hang on transitions, and on what does not differ.
  bool same_properties() {
    for (const Property& property : system_.properties)
      if (property.kind == PropertyKind::invariant && !same_conjunction(property.expr)) return false;
    return true;
  }

  bool same_conjunction(ExprId all) {
    std::vector<ExprId> parts, open{all};
    while (!open.empty()) {
      const ExprId at = open.back();
      open.pop_back();
      const Node& node = system_.pool[at];
      if (node.op == Op::and_ && node.width == 1)
        open.insert(open.end(), {node.args[0], node.args[1]});
      else
        parts.push_back(at);
    }
    return std::all_of(parts.begin(), parts.end(), [&](ExprId a) {
      return same(a, a) || std::any_of(parts.begin(), parts.end(), [&](ExprId b) { return same(a, b); });
    });
  }

  std::optional<std::vector<TransitionId>> pair_transitions() {
    using Ends = std::tuple<ActorId, Location, Location>;
    std::map<Ends, std::vector<TransitionId>> by_ends;
    for (std::size_t t = 0; t < system_.transitions.size(); ++t) {
      const Transition& transition = system_.transitions[t];
      by_ends[{transition.actor, transition.from, transition.to}].push_back(static_cast<TransitionId>(t));
    }
    constexpr TransitionId none{~std::uint32_t{0}};
    std::vector<TransitionId> images(system_.transitions.size(), none);
    for (const auto& [ends, from] : by_ends) {
      const auto other = by_ends.find({actor_[index(std::get<0>(ends))], std::get<1>(ends), std::get<2>(ends)});
      if (other == by_ends.end() || other->second.size() != from.size()) return std::nullopt;
      for (std::size_t i = 0; i < from.size(); ++i) {
        if (images[index(from[i])] != none) continue;
        // Nearly always the one with the same place in its list.
        const auto fits = [&](TransitionId to) { return images[index(to)] == none && same(system_[from[i]], system_[to]); };
        TransitionId found = fits(other->second[i]) ? other->second[i] : none;
        for (std::size_t k = 0; k < from.size() && found == none; ++k)
          if (fits(other->second[k])) found = other->second[k];
        if (found == none) return std::nullopt;
        images[index(from[i])] = found;
        images[index(found)] = from[i];
      }
    }
    return images;
  }

  bool same(const Transition& a, const Transition& b) {
    return a.faults == b.faults && a.choice == b.choice && a.lock_effect == b.lock_effect && a.lock == b.lock &&
           same(a.guard, b.guard) && same_updates(a, b) &&
           same_list(a.assertions, b.assertions,
                     [&](const Assertion& x, const Assertion& y) { return x.property == y.property && same(x.holds, y.holds); }) &&
           same_list(a.hits, b.hits, [&](const Hit& x, const Hit& y) { return x.mark == y.mark && same(x.when, y.when); });
  }

  bool same_updates(const Transition& a, const Transition& b) {
    if (a.updates.size() != b.updates.size()) return false;
    for (const Update& update : a.updates) {
      const auto other = std::find_if(b.updates.begin(), b.updates.end(),
                                      [&](const Update& u) { return u.var == image_[index(update.var)]; });
      if (other == b.updates.end() || !same_value(update.var, update.value, other->value)) return false;
    }
    return true;
  }

  template <class T, class Same>
  static bool same_list(const std::vector<T>& a, const std::vector<T>& b, const Same& same) {
    if (a.size() != b.size()) return false;
    std::vector<bool> taken(b.size(), false);
    for (std::size_t i = 0; i < a.size(); ++i) {
      std::size_t found = !taken[i] && same(a[i], b[i]) ? i : b.size();
      for (std::size_t k = 0; k < b.size() && found == b.size(); ++k)
        if (!taken[k] && same(a[i], b[k])) found = k;
      if (found == b.size()) return false;
      taken[found] = true;
    }
    return true;
  }

  std::uint64_t value_of(VarId var, std::uint64_t value) const {
    const auto special = special_.find(var);
    return special == special_.end() ? value : special->second(value);
  }

  // In every state, `a` has the value that `b` has in the state after the exchange.
  bool same(ExprId a, ExprId b) {
    if (a == b && !touched_[static_cast<std::size_t>(a)]) return true;
    return in_every_valuation(a, b, [](ExprId left, ExprId right) { return left == right; });
  }

  // The same of what is assigned to a variable.
  bool same_value(VarId var, ExprId a, ExprId b) {
    const auto special = special_.find(var);
    if (special == special_.end()) return same(a, b);
    return in_every_valuation(a, b, [&](ExprId left, ExprId right) {
      const Node &l = forms_[left], &r = forms_[right];
      return l.op == Op::constant && r.op == Op::constant && special->second(l.value) == r.value;
    });
  }

  // Whether the forms of both fit, whatever values those of their variables have that name or mark actors.
  template <class Fits>
  bool in_every_valuation(ExprId a, ExprId b, const Fits& fits) {
    std::set<VarId> specials;
    for (const ExprId expr : {a, b})
      if (touched_[static_cast<std::size_t>(expr)])
        for (const VarId var : system_.pool.variables(expr))
          if (special_.contains(var)) specials.insert(var);
    return for_each_valuation(specials, [&](const Valuation& before) {
      Valuation after;
      for (const auto& [var, value] : before) after[var] = value_of(var, value);
      return fits(plainest(a, true, before), plainest(b, false, after));
    });
  }

  // False if one visit says so, or there are too many values.
  template <class Visit>
  bool for_each_valuation(const std::set<VarId>& vars, const Visit& visit) const {
    std::vector<std::pair<VarId, std::vector<std::uint64_t>>> all;
    std::uint64_t count = 1;
    for (const VarId var : vars) {
      const Variable& v = system_[var];
      const bool every = v.low == 0 && v.high == 0;
      const std::uint64_t span = every ? truncate(~std::uint64_t{0}, v.width) : truncate(v.high - v.low, v.width);
      if (span >= most_values) return false;
      count *= span + 1;
      if (count > most_valuations) return false;
      all.emplace_back(var, std::vector<std::uint64_t>{});
      for (std::uint64_t i = 0; i <= span; ++i) all.back().second.push_back(truncate(v.low + i, v.width));
    }
    for (std::uint64_t number = 0; number < count; ++number) {
      Valuation valuation;
      std::uint64_t rest = number;
      for (const auto& [var, values] : all) {
        valuation[var] = values[rest % values.size()];
        rest /= values.size();
      }
      if (!visit(valuation)) return false;
    }
    return true;
  }

  // The form of an expression in which equal ones are compared.
  ExprId plainest(ExprId expr, bool renamed, const Valuation& values) {
    std::map<ExprId, ExprId> forms;
    std::map<ExprId, ExprId>& known = values.empty() ? plain_forms_[renamed ? 1 : 0] : forms;
    if (const auto it = known.find(expr); it != known.end()) return it->second;
    for (const ExprId at : system_.pool.below(expr))
      if (!known.contains(at)) known.emplace(at, form_of(system_.pool[at], renamed, values, known));
    return known.at(expr);
  }

  ExprId form_of(const Node& node, bool renamed, const Valuation& values, const std::map<ExprId, ExprId>& known) {
    if (node.op == Op::constant) return forms_.constant(node.value, node.width);
    if (node.op == Op::variable) {
      const auto var = static_cast<VarId>(node.value);
      if (const auto value = values.find(var); value != values.end()) return forms_.constant(value->second, node.width);
      return forms_.variable(renamed ? image_[index(var)] : var, node.width);
    }
    const auto arg = [&](int i) { return known.at(node.args[i]); };
    switch (node.op) {
      case Op::and_:
      case Op::or_:
        return in_order(node.op, arg(0), arg(1), node.width);
      case Op::ite:
        return forms_.ite(arg(0), arg(1), arg(2));
      case Op::zext:
      case Op::sext:
      case Op::trunc:
        return forms_.resize(arg(0), node.width, node.op == Op::sext);
      default:
        return arity(node.op) == 1 ? forms_.unary(node.op, arg(0)) : forms_.binary(node.op, arg(0), arg(1));
    }
  }

  // A chain of conjuncts, or of disjuncts, has them in the order of their ids, whatever order they were written in.
  ExprId in_order(Op op, ExprId a, ExprId b, int width) {
    std::set<ExprId> parts;
    std::vector<ExprId> open{a, b};
    while (!open.empty()) {
      const ExprId at = open.back();
      open.pop_back();
      const Node& node = forms_[at];
      if (node.op == op && node.width == width)
        open.insert(open.end(), {node.args[0], node.args[1]});
      else
        parts.insert(at);
    }
    auto part = parts.begin();
    ExprId out = *part;
    while (++part != parts.end()) out = forms_.binary(op, out, *part);
    return out;
  }

  const TransitionSystem& system_;
  std::vector<VarId> image_;    // by VarId
  std::vector<ActorId> actor_;  // by ActorId
  std::vector<bool> moved_;     // by VarId: it, or its values, change places
  std::map<VarId, std::function<std::uint64_t(std::uint64_t)>> special_;
  std::vector<bool> touched_;  // by ExprId
  ExprPool forms_;
  std::map<ExprId, ExprId> plain_forms_[2];  // without and with renaming
  bool clear_ = true;  // the description makes sense
};

}  // namespace

std::optional<std::vector<TransitionId>> exchanged_transitions(const TransitionSystem& system, const Interchangeable& pair) {
  return Exchange(system, pair).images();
}

}  // namespace hotproof::ir
