#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/ir/passes/passes.hpp"

namespace hotproof::ir {

namespace {

// All of a transition but its guard.
struct Rest {
  std::vector<std::uint64_t> numbers;
  std::string_view text;
  friend bool operator==(const Rest&, const Rest&) = default;
};

struct RestHash {
  std::size_t operator()(const Rest& rest) const {
    std::uint64_t h = std::hash<std::string_view>()(rest.text);
    for (const std::uint64_t number : rest.numbers) {
      h = (h ^ number) * 0xff51afd7ed558ccdU;
      h ^= h >> 32U;
    }
    return static_cast<std::size_t>(h);
  }
};

Rest all_but_guard(const Transition& t) {
  std::vector<std::uint64_t> key;
  const auto add = [&](auto value) { key.push_back(static_cast<std::uint64_t>(value)); };
  add(t.actor), add(t.from), add(t.to), add(t.choice), add(t.faults), add(t.lock_effect), add(t.depth);
  add(t.span.file), add(t.span.line), add(t.span.column), add(t.span.function);
  std::map<VarId, ExprId> updates;
  for (const Update& update : t.updates) updates[update.var] = update.value;
  add(updates.size());
  for (const auto& [var, value] : updates) add(var), add(value);
  add(t.events.size());
  for (const Event& event : t.events) {
    add(event.name), add(event.args.size());
    for (const ExprId arg : event.args) add(arg);
  }
  add(t.assertions.size());
  for (const Assertion& assertion : t.assertions) add(assertion.property), add(assertion.holds);
  add(t.hits.size());
  for (const Hit& hit : t.hits) add(hit.mark), add(hit.when);
  add(t.held.size());
  for (const LockClaim& claim : t.held) add(claim.lock), add(claim.mode);
  if (t.lock) add(t.lock->lock), add(t.lock->mode);
  return {std::move(key), t.text};
}

}  // namespace

TransitionSystem merge_equal(const TransitionSystem& system) {
  TransitionSystem out = without_transitions(system);
  std::unordered_map<Rest, std::size_t, RestHash> known;
  for (const Transition& t : system.transitions) {
    const auto [found, fresh] = known.try_emplace(all_but_guard(t), out.transitions.size());
    if (fresh) {
      out.transitions.push_back(t);
      continue;
    }
    ExprId& guard = out.transitions[found->second].guard;
    guard = out.pool.or_(guard, t.guard);
  }
  return out;
}

}  // namespace hotproof::ir
