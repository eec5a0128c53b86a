#include <map>
#include <string>
#include <vector>

#include "model/ir/passes/passes.hpp"

namespace hotproof::ir {

namespace {

// All of a transition but its guard.
std::pair<std::vector<std::uint64_t>, std::string> all_but_guard(const Transition& t) {
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
  TransitionSystem out = system;
  out.transitions.clear();
  std::map<std::pair<std::vector<std::uint64_t>, std::string>, std::size_t> known;
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
