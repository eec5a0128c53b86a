// Candidates: two actors are gone through side by side, transition by transition, and what stands at the same place in both
// is taken for the same. Whether that is so is decided in exchange.cpp.
#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "model/ir/symmetry/symmetry.hpp"

namespace hotproof::ir {

namespace {

class SideBySide {
 public:
  SideBySide(const TransitionSystem& system, ActorId a, ActorId b) : system_(system), a_(a), b_(b) {}

  // False: they differ in their shape.
  bool compare() {
    const Actor& a = system_.actors[index(a_)];
    const Actor& b = system_.actors[index(b_)];
    if (a.locations != b.locations || a.initial != b.initial) return false;
    same_place(a.control, b.control);
    const std::vector<const Transition*> left = of(a_), right = of(b_);
    if (left.size() != right.size()) return false;
    // Locks first: these say most plainly which value names whom.
    for (const Lock& lock : system_.locks) {
      expressions(lock.held_write[index(a_)], lock.held_write[index(b_)]);
      expressions(lock.held_read[index(a_)], lock.held_read[index(b_)]);
    }
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!transitions(*left[i], *right[i])) return false;
    return true;
  }

  // By variable of the first actor: that of the other.
  std::map<VarId, VarId> partners;
  std::map<VarId, std::pair<std::uint64_t, std::uint64_t>> named;  // values of a common variable
  std::map<VarId, std::pair<unsigned, unsigned>> marked;           // bits of one

 private:
  std::vector<const Transition*> of(ActorId actor) const {
    std::vector<const Transition*> out;
    for (const Transition& transition : system_.transitions)
      if (transition.actor == actor) out.push_back(&transition);
    return out;
  }

  bool transitions(const Transition& a, const Transition& b) {
    if (a.from != b.from || a.to != b.to || a.updates.size() != b.updates.size()) return false;
    expressions(a.guard, b.guard);
    for (std::size_t i = 0; i < a.updates.size(); ++i) {
      const Update &left = a.updates[i], &right = b.updates[i];
      same_place(left.var, right.var);
      if (left.var == right.var) constants(left.var, left.value, right.value);
      expressions(left.value, right.value);
    }
    for (std::size_t i = 0; i < std::min(a.assertions.size(), b.assertions.size()); ++i)
      expressions(a.assertions[i].holds, b.assertions[i].holds);
    for (std::size_t i = 0; i < std::min(a.hits.size(), b.hits.size()); ++i) expressions(a.hits[i].when, b.hits[i].when);
    return true;
  }

  void same_place(VarId a, VarId b) {
    if (a != b) partners.emplace(a, b);
  }

  void expressions(ExprId a, ExprId b) {
    std::vector<std::pair<ExprId, ExprId>> open{{a, b}};
    while (!open.empty()) {
      const auto [left, right] = open.back();
      open.pop_back();
      if (left == right || !seen_.emplace(left, right).second) continue;
      const Node &l = system_.pool[left], &r = system_.pool[right];
      if (l.op != r.op) continue;
      if (l.op == Op::variable) same_place(static_cast<VarId>(l.value), static_cast<VarId>(r.value));
      Node other = r;
      if (in_other_order(l, r)) std::swap(other.args[0], other.args[1]);
      if (arity(l.op) == 2) constant_operands(l, other);
      for (int i = 0; i < arity(l.op); ++i) open.emplace_back(l.args[i], other.args[i]);
    }
  }

  // A pool keeps the operands of what commutes in the order in which it has met them.
  bool in_other_order(const Node& a, const Node& b) const {
    if (arity(a.op) != 2) return false;
    const auto fits = [&](int left, int right) {
      return a.args[left] == b.args[right] || system_.pool[a.args[left]].op == system_.pool[b.args[right]].op;
    };
    const bool crossed = a.args[0] == b.args[1] || a.args[1] == b.args[0];
    const bool straight = a.args[0] == b.args[0] || a.args[1] == b.args[1];
    if (crossed != straight) return crossed;
    return !(fits(0, 0) && fits(1, 1)) && fits(0, 1) && fits(1, 0);
  }

  // "owner == 1" beside "owner == 2", "waiting | 1" beside "waiting | 2".
  void constant_operands(const Node& a, const Node& b) {
    for (int i = 0; i < 2; ++i) {
      const Node& var = system_.pool[a.args[1 - i]];
      if (var.op == Op::variable && a.args[1 - i] == b.args[1 - i])
        constants(static_cast<VarId>(var.value), a.args[i], b.args[i]);
    }
  }

  // Only locks name actors; what stands beside other variables may belong to operands in another order.
  void constants(VarId var, ExprId a, ExprId b) {
    if (system_[var].role != Role::lock) return;
    const Node &left = system_.pool[a], &right = system_.pool[b];
    if (left.op != Op::constant || right.op != Op::constant || left.value == right.value) return;
    const std::uint64_t l = left.value, r = right.value;
    named.try_emplace(var, l, r);
    const std::uint64_t changed = l ^ r;
    if (std::popcount(changed) == 2 && std::popcount(l & changed) == 1) {
      // One bit is set where the other actor has another one; or cleared, where nearly all are set.
      const std::uint64_t set = std::popcount(l) == 1 ? l : ~l & changed;
      const auto of_a = static_cast<unsigned>(std::countr_zero(set));
      const auto of_b = static_cast<unsigned>(std::countr_zero(changed & ~set));
      marked.try_emplace(var, of_a, of_b);
    }
  }

  const TransitionSystem& system_;
  ActorId a_, b_;
  std::set<std::pair<ExprId, ExprId>> seen_;
};

class Finder {
 public:
  explicit Finder(const TransitionSystem& system) : system_(system) {}

  std::vector<Interchangeable> classes() {
    std::vector<Interchangeable> out;
    std::vector<bool> taken(system_.actors.size(), false);
    for (std::size_t a = 0; a < taken.size(); ++a) {
      if (taken[a]) continue;
      std::optional<Interchangeable> found;
      for (std::size_t b = a + 1; b < taken.size(); ++b) {
        if (taken[b]) continue;
        auto pair = interchangeable(static_cast<ActorId>(a), static_cast<ActorId>(b));
        if (!pair) continue;
        if (!found)
          found = std::move(pair);
        else if (!join(*found, *pair))
          continue;
        taken[b] = true;
      }
      if (found) out.push_back(std::move(*found));
    }
    return out;
  }

 private:
  std::optional<Interchangeable> interchangeable(ActorId a, ActorId b) const {
    SideBySide both(system_, a, b);
    if (!both.compare()) return std::nullopt;
    Interchangeable out;
    out.members = {a, b};
    out.columns.push_back({system_.actors[index(a)].control, system_.actors[index(b)].control});
    for (const auto& [left, right] : both.partners)
      if (left != out.columns[0][0]) out.columns.push_back({left, right});
    for (const auto& [var, values] : both.named) {
      // "1 or 2" can be two names, or two bits of which one is set. A set of marks has every value of its width.
      const auto bits = both.marked.find(var);
      const bool marks = bits != both.marked.end() && system_[var].low == 0 && system_[var].high == 0;
      if (marks)
        out.markings.push_back({var, {bits->second.first, bits->second.second}});
      else
        out.namings.push_back({var, {values.first, values.second}});
    }
    auto images = exchanged_transitions(system_, out);
    if (!images) return std::nullopt;
    out.swaps.push_back(std::move(*images));
    return out;
  }

  // `pair` has the first member of `all` and a new one.
  static bool join(Interchangeable& all, const Interchangeable& pair) {
    if (all.columns.size() != pair.columns.size() || all.namings.size() != pair.namings.size() ||
        all.markings.size() != pair.markings.size())
      return false;
    for (std::size_t i = 0; i < all.columns.size(); ++i)
      if (all.columns[i][0] != pair.columns[i][0]) return false;
    for (std::size_t i = 0; i < all.namings.size(); ++i)
      if (all.namings[i].var != pair.namings[i].var || all.namings[i].values[0] != pair.namings[i].values[0]) return false;
    for (std::size_t i = 0; i < all.markings.size(); ++i)
      if (all.markings[i].var != pair.markings[i].var || all.markings[i].bits[0] != pair.markings[i].bits[0]) return false;
    all.members.push_back(pair.members[1]);
    for (std::size_t i = 0; i < all.columns.size(); ++i) all.columns[i].push_back(pair.columns[i][1]);
    for (std::size_t i = 0; i < all.namings.size(); ++i) all.namings[i].values.push_back(pair.namings[i].values[1]);
    for (std::size_t i = 0; i < all.markings.size(); ++i) all.markings[i].bits.push_back(pair.markings[i].bits[1]);
    all.swaps.push_back(pair.swaps[0]);
    return true;
  }

  const TransitionSystem& system_;
};

}  // namespace

std::vector<Interchangeable> interchangeable_actors(const TransitionSystem& system) { return Finder(system).classes(); }

TransitionId exchanged(const Interchangeable& actors, const std::vector<std::uint32_t>& places, TransitionId transition) {
  // As exchanges with the first member: the one who stands there goes to his place until it is his own.
  std::vector<std::uint32_t> at = places;
  const auto swap_with_first = [&](std::uint32_t other) { transition = actors.swaps[other - 1][index(transition)]; };
  for (std::uint32_t i = 1; i <= at.size();) {
    if (at[0] != 0) {
      const std::uint32_t other = at[0];
      swap_with_first(other);
      std::swap(at[0], at[other]);
    } else if (i < at.size() && at[i] != i) {
      swap_with_first(i);
      std::swap(at[0], at[i]);
    } else {
      ++i;
    }
  }
  return transition;
}

}  // namespace hotproof::ir
