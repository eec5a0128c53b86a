#include "verify/exchange.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace hotproof::verify {

namespace {

constexpr std::uint64_t most_cases = 4'096;
using Case = std::map<std::uint32_t, std::uint64_t>;  // values of variables

// The exchange of two members, as a renaming of actors, variables and values.
class Renaming {
 public:
  Renaming(const System& system, const Exchangeable& actors, std::size_t a, std::size_t b)
      : actor_(system.actors.size()), variable_(system.variables.size()) {
    for (std::uint32_t i = 0; i < actor_.size(); ++i) actor_[i] = i;
    for (std::uint32_t i = 0; i < variable_.size(); ++i) variable_[i] = i;
    std::swap(actor_[actors.members[a]], actor_[actors.members[b]]);
    for (const auto& own : actors.own) std::swap(variable_[own[a]], variable_[own[b]]);
    for (const auto& names : actors.names) named_[names.variable] = {names.values[a], names.values[b]};
    for (const auto& marks : actors.marks) marked_[marks.variable] = {marks.bits[a], marks.bits[b]};
  }

  std::uint32_t actor(std::uint32_t it) const { return actor_[it]; }
  std::uint32_t variable(std::uint32_t it) const { return variable_[it]; }
  bool changes_values_of(std::uint32_t it) const { return named_.contains(it) || marked_.contains(it); }
  std::uint64_t value(std::uint32_t variable, std::uint64_t value) const {
    if (const auto names = named_.find(variable); names != named_.end()) {
      const auto [a, b] = names->second;
      return value == a ? b : value == b ? a : value;
    }
    if (const auto marks = marked_.find(variable); marks != marked_.end()) {
      const auto [a, b] = marks->second;
      const std::uint64_t bit_a = value >> a & 1U, bit_b = value >> b & 1U;
      return (value & ~(std::uint64_t{1} << a | std::uint64_t{1} << b)) | bit_a << b | bit_b << a;
    }
    return value;
  }

 private:
  std::vector<std::uint32_t> actor_;
  std::vector<std::uint32_t> variable_;
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> named_;
  std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> marked_;
};

// Forms of expressions: equal forms mean equal expressions.
class Forms {
 public:
  using Form = std::uint32_t;
  explicit Forms(const System& system) : system_(system) {}

  // With the values of the case put in; `renaming`: with variables renamed, too (null: as they are).
  Form of(Expr expr, const Renaming* renaming, const Case& values) {
    std::map<Expr, Form> fresh;
    std::map<Expr, Form>& known = values.empty() ? (renaming != nullptr ? renamed_ : plain_) : fresh;
    std::vector<Expr> open{expr};
    while (!open.empty()) {
      const Expr at = open.back();
      const Node& node = system_.nodes[at];
      bool ready = true;
      for (int i = 0; i < arity(node.op); ++i)
        if (!known.contains(node.args[i])) {
          open.push_back(node.args[i]);
          ready = false;
        }
      if (!ready) continue;
      open.pop_back();
      if (!known.contains(at)) known.emplace(at, make(node, renaming, values, known));
    }
    return known.at(expr);
  }
  void forget_renamed() { renamed_.clear(); }

  std::optional<std::uint64_t> constant(Form form) const {
    if (static_cast<Op>(all_[form][0]) != Op::constant) return std::nullopt;
    return all_[form][2];
  }

 private:
  using Shape = std::array<std::uint64_t, 6>;  // operation, width, value, operands

  Form intern(const Shape& shape) {
    const auto [at, fresh] = numbers_.try_emplace(shape, static_cast<Form>(all_.size()));
    if (fresh) all_.push_back(shape);
    return at->second;
  }
  Form number(std::uint64_t value, int width) {
    return intern({static_cast<std::uint64_t>(Op::constant), static_cast<std::uint64_t>(width), value, 0, 0, 0});
  }
  Op op(Form form) const { return static_cast<Op>(all_[form][0]); }
  int width(Form form) const { return static_cast<int>(all_[form][1]); }

  Form make(const Node& node, const Renaming* renaming, const Case& values, const std::map<Expr, Form>& known) {
    if (node.op == Op::constant) return number(node.value, node.width);
    if (node.op == Op::variable) {
      const auto variable = static_cast<std::uint32_t>(node.value);
      if (const auto value = values.find(variable); value != values.end()) return number(value->second, node.width);
      const std::uint64_t name = renaming != nullptr ? renaming->variable(variable) : variable;
      return intern({static_cast<std::uint64_t>(Op::variable), node.width, name, 0, 0, 0});
    }
    std::array<Form, 3> args{};
    bool constants = true;
    const int count = arity(node.op);
    for (int i = 0; i < count; ++i) {
      args[static_cast<std::size_t>(i)] = known.at(node.args[i]);
      constants = constants && constant(args[static_cast<std::size_t>(i)]).has_value();
    }
    const auto value = [&](int i) { return i < count ? *constant(args[static_cast<std::size_t>(i)]) : 0; };
    if (constants) return number(apply(node.op, node.width, width(args[0]), value(0), value(1), value(2)), node.width);
    if (node.op == Op::and_ || node.op == Op::or_) return junction(node.op, node.width, args[0], args[1]);
    if (node.op == Op::ite && constant(args[0])) return *constant(args[0]) != 0 ? args[1] : args[2];
    const bool either_order = node.op == Op::add || node.op == Op::mul || node.op == Op::xor_ || node.op == Op::eq;
    if (either_order && args[1] < args[0]) std::swap(args[0], args[1]);
    return intern({static_cast<std::uint64_t>(node.op), node.width, 0, args[0], args[1], args[2]});
  }

  // What is joined by "and" (or "or") is a set: in whatever order and nesting it stands.
  Form junction(Op what, int bits, Form a, Form b) {
    std::set<Form> parts;
    std::vector<Form> open{a, b};
    const std::uint64_t neutral = what == Op::and_ ? low_bits(~std::uint64_t{0}, bits) : 0;
    const std::uint64_t final_value = what == Op::and_ ? 0 : low_bits(~std::uint64_t{0}, bits);
    while (!open.empty()) {
      const Form at = open.back();
      open.pop_back();
      if (op(at) == what) {
        open.push_back(static_cast<Form>(all_[at][3]));
        open.push_back(static_cast<Form>(all_[at][4]));
      } else if (const auto value = constant(at); value && *value == final_value) {
        return number(final_value, bits);
      } else if (!value || *value != neutral) {
        parts.insert(at);
      }
    }
    if (parts.empty()) return number(neutral, bits);
    Form out = *parts.begin();
    for (auto part = std::next(parts.begin()); part != parts.end(); ++part)
      out = intern({static_cast<std::uint64_t>(what), static_cast<std::uint64_t>(bits), 0, out, *part, 0});
    return out;
  }

  const System& system_;
  std::map<Shape, Form> numbers_;
  std::vector<Shape> all_;
  std::map<Expr, Form> plain_, renamed_;
};

class ExchangeJudge {
 public:
  ExchangeJudge(const System& system, const Renaming& renaming, Forms& forms, const std::vector<std::vector<std::uint32_t>>& variables)
      : system_(system), renaming_(renaming), forms_(forms), variables_(variables) {}

  std::optional<std::string> objection() {
    for (std::uint32_t v = 0; v < system_.variables.size(); ++v) {
      const Variable &a = system_.variables[v], &b = system_.variables[renaming_.variable(v)];
      if (a.width != b.width || a.control != b.control || a.is_free != b.is_free || a.low != b.low || a.span != b.span ||
          (!a.is_free && renaming_.value(v, a.initial) != b.initial))
        return a.name + " differs from " + b.name;
    }
    if (!same(system_.initially, system_.initially)) return "the initial condition changes";
    for (std::uint32_t i = 0; i < system_.actors.size(); ++i) {
      const Actor &a = system_.actors[i], &b = system_.actors[renaming_.actor(i)];
      if (renaming_.variable(a.control) != b.control || a.initial != b.initial || a.locations != b.locations ||
          a.resting != b.resting || a.halted != b.halted)
        return a.name + " differs from " + b.name;
      for (const Lock& lock : system_.locks)
        if (!same(lock.write[i], lock.write[renaming_.actor(i)]) || !same(lock.read[i], lock.read[renaming_.actor(i)]))
          return "a lock is held differently by " + a.name + " and " + b.name;
    }
    for (const Property& property : system_.properties)
      if (property.kind == PropertyKind::invariant && !same_conjunction(property.expr)) return property.id + " changes";
    return transitions();
  }

 private:
  // Each conjunct becomes one of them. So all of them after the exchange imply all of them before it; and as an exchange done
  // twice is none, the other way round.
  bool same_conjunction(Expr all) {
    std::set<Expr> parts;
    std::vector<Expr> open{all};
    while (!open.empty()) {
      const Expr at = open.back();
      open.pop_back();
      const Node& node = system_.nodes[at];
      if (node.op != Op::and_ || node.width != 1)
        parts.insert(at);
      else
        open.insert(open.end(), {node.args[0], node.args[1]});
    }
    return std::all_of(parts.begin(), parts.end(), [&](Expr a) {
      return same(a, a) || std::any_of(parts.begin(), parts.end(), [&](Expr b) { return same(a, b); });
    });
  }

  // Each transition becomes one that no other becomes.
  std::optional<std::string> transitions() {
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> left;
    for (std::uint32_t t = 0; t < system_.transitions.size(); ++t) {
      const Transition& it = system_.transitions[t];
      left[{it.actor, it.from, it.to}].push_back(t);
    }
    for (std::uint32_t t = 0; t < system_.transitions.size(); ++t) {
      const Transition& it = system_.transitions[t];
      std::vector<std::uint32_t>& candidates = left[{renaming_.actor(it.actor), it.from, it.to}];
      const auto found = std::find_if(candidates.begin(), candidates.end(),
                                      [&](std::uint32_t other) { return same(it, system_.transitions[other]); });
      if (found == candidates.end()) return "transition " + std::to_string(t) + " has no counterpart";
      candidates.erase(found);
    }
    return std::nullopt;
  }

  bool same(const Transition& a, const Transition& b) {
    if (a.faulty != b.faulty || a.acquires != b.acquires || (a.acquires && (a.lock != b.lock || a.write != b.write))) return false;
    if (!same(a.guard, b.guard) || a.updates.size() != b.updates.size()) return false;
    for (const auto& [variable, value] : a.updates) {
      const auto other = std::find_if(b.updates.begin(), b.updates.end(),
                                      [&, v = variable](const auto& u) { return u.first == renaming_.variable(v); });
      if (other == b.updates.end() || !same_assigned(variable, value, other->second)) return false;
    }
    return same_demands(a.assertions, b.assertions) && same_demands(a.hits, b.hits);
  }

  using Demands = std::vector<std::pair<std::uint32_t, Expr>>;
  bool same_demands(const Demands& a, Demands b) {
    if (a.size() != b.size()) return false;
    for (const auto& one : a) {
      const auto other = std::find_if(b.begin(), b.end(), [&](const auto& it) {
        return it.first == one.first && same(one.second, it.second);
      });
      if (other == b.end()) return false;
      b.erase(other);
    }
    return true;
  }

  // In each state `a` is what `b` is after the exchange.
  bool same(Expr a, Expr b) {
    return in_all_cases(a, b, [](Forms::Form left, Forms::Form right) { return left == right; });
  }
  bool same_assigned(std::uint32_t variable, Expr a, Expr b) {
    if (!renaming_.changes_values_of(variable)) return same(a, b);
    return in_all_cases(a, b, [&](Forms::Form left, Forms::Form right) {
      const auto l = forms_.constant(left), r = forms_.constant(right);
      return l && r && renaming_.value(variable, *l) == *r;
    });
  }

  // All values of the variables whose values are exchanged; what is left of the expressions is compared.
  template <class Fits>
  bool in_all_cases(Expr a, Expr b, const Fits& fits) {
    std::vector<std::uint32_t> split;
    std::set_union(variables_[a].begin(), variables_[a].end(), variables_[b].begin(), variables_[b].end(),
                   std::back_inserter(split));
    std::uint64_t cases = 1;
    for (const std::uint32_t v : split) {
      if (system_.variables[v].span >= most_cases) return false;
      cases *= system_.variables[v].span + 1;
      if (cases > most_cases) return false;
    }
    for (std::uint64_t number = 0; number < cases; ++number) {
      Case before, after;
      std::uint64_t rest = number;
      for (const std::uint32_t v : split) {
        const Variable& variable = system_.variables[v];
        before[v] = low_bits(variable.low + rest % (variable.span + 1), variable.width);
        after[v] = renaming_.value(v, before[v]);
        rest /= variable.span + 1;
      }
      if (!fits(forms_.of(a, &renaming_, before), forms_.of(b, nullptr, after))) return false;
    }
    return true;
  }

  const System& system_;
  const Renaming& renaming_;
  Forms& forms_;
  const std::vector<std::vector<std::uint32_t>>& variables_;
};

std::optional<std::string> nonsense(const System& system, const Exchangeable& actors) {
  const std::size_t members = actors.members.size();
  std::set<std::uint32_t> seen_actors(actors.members.begin(), actors.members.end()), seen;
  if (members < 2 || seen_actors.size() != members || *seen_actors.rbegin() >= system.actors.size())
    return "two actors at least, each once, were expected";
  const auto fresh = [&](std::uint32_t variable) { return variable < system.variables.size() && seen.insert(variable).second; };
  for (const auto& own : actors.own)
    if (own.size() != members || !std::all_of(own.begin(), own.end(), fresh)) return "a variable stands there twice, or has no owner";
  for (const auto& names : actors.names) {
    const std::set<std::uint64_t> values(names.values.begin(), names.values.end());
    if (!fresh(names.variable) || names.values.size() != members || values.size() != members)
      return "a variable stands there twice, or does not name each actor";
  }
  for (const auto& marks : actors.marks) {
    const std::set<std::uint32_t> bits(marks.bits.begin(), marks.bits.end());
    if (!fresh(marks.variable) || marks.bits.size() != members || bits.size() != members ||
        static_cast<int>(*bits.rbegin()) >= system.variables[marks.variable].width)
      return "a variable stands there twice, or has no bit for each actor";
  }
  return std::nullopt;
}

// By expression: which of the variables whose values are exchanged it reads, ascending.
std::vector<std::vector<std::uint32_t>> exchanged_variables(const System& system, const Exchangeable& actors) {
  std::set<std::uint32_t> all;
  for (const auto& names : actors.names) all.insert(names.variable);
  for (const auto& marks : actors.marks) all.insert(marks.variable);
  std::vector<std::vector<std::uint32_t>> out(system.nodes.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Node& node = system.nodes[i];
    std::set<std::uint32_t> read;
    if (node.op == Op::variable && all.contains(static_cast<std::uint32_t>(node.value)))
      read.insert(static_cast<std::uint32_t>(node.value));
    for (int k = 0; k < arity(node.op); ++k) read.insert(out[node.args[k]].begin(), out[node.args[k]].end());
    out[i].assign(read.begin(), read.end());
  }
  return out;
}

}  // namespace

std::optional<std::string> not_exchangeable(const System& system, const Exchangeable& actors) {
  if (auto why = nonsense(system, actors)) return why;
  const auto variables = exchanged_variables(system, actors);
  Forms forms(system);
  // Exchanges with the first member make all others.
  for (std::size_t other = 1; other < actors.members.size(); ++other) {
    const Renaming renaming(system, actors, 0, other);
    forms.forget_renamed();
    if (auto why = ExchangeJudge(system, renaming, forms, variables).objection())
      return system.actors[actors.members[0]].name + " and " + system.actors[actors.members[other]].name +
             " cannot change places: " + *why;
  }
  return std::nullopt;
}

}  // namespace hotproof::verify
