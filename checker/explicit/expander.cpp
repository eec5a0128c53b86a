#include "checker/explicit/expander.hpp"

namespace hotproof::checker::explicit_state {

Expander::Expander(const ir::TransitionSystem& system, const Layout& layout, const Orbits& orbits,
                   const CompiledSystem& compiled, const Plan& plan, bool test_claims)
    : system_(system),
      layout_(layout),
      orbits_(orbits),
      compiled_(compiled),
      plan_(plan),
      scratch_(compiled.scratch()),
      deadlock_test_(system, compiled),
      successor_(layout.words()),
      recent_(layout.words()),
      blocked_(system.actors.size()),
      places_(system.actors.size()),
      orders_(orbits.classes().size()),
      alone_(compiled, system.actors.size()),
      deadlock_wanted_(!plan.deadlocks.empty()),
      broken_(system.properties.size()),
      reached_(system.marks.size()) {
  if (test_claims) claims_.emplace(system);
}

void Expander::broken(ir::PropertyId id, const ir::TransitionId* fired) {
  std::optional<Found>& place = broken_[ir::index(id)];
  if (place) return;
  place = Found{current_, std::nullopt, depth_};
  if (fired != nullptr) {
    place->fired = *fired;
    ++place->depth;
  }
  settle(id);
  news_ = true;
}

void Expander::reached(ir::MarkId id, ir::TransitionId fired) {
  std::optional<Found>& place = reached_[ir::index(id)];
  if (place) return;
  place = Found{current_, fired, depth_ + 1};
  settle(id);
  news_ = true;
}

void Expander::left_range(ir::VarId var, std::uint64_t value, ir::TransitionId) {
  ++enabled_;
  // In range: then the dictionary of the variable is full, and the search begins anew.
  if (out_ == nullptr) return;
  meet_obstacle(layout_[var].contains(value) ? full_dictionary : left_range_text(system_, var, value), {});
}

void Expander::meet_obstacle(const std::string& why, const std::string& refuted_claim) {
  if (obstacle_) return;
  obstacle_ = Obstacle{current_, why, refuted_claim};
  news_ = true;
}

void Expander::forget_news() {
  for (std::optional<Found>& place : broken_) place.reset();
  for (std::optional<Found>& place : reached_) place.reset();
  obstacle_.reset();
  news_ = false;
}

void Expander::expand(States::Walk& walk, const SleepLog& sleepers, StateId first, std::uint32_t count,
                      std::uint32_t depth, Successors* out) {
  out_ = out;
  shard_mask_ = out == nullptr ? 0 : out->shards() - 1;
  depth_ = depth;
  for (current_ = first; current_ < first + count; ++current_) judge(walk.next(), sleepers[current_]);
}

// Fires its transitions. True if there were any.
bool Expander::leave(std::size_t actor, const std::uint64_t* state) {
  const std::uint64_t before = enabled_;
  compiled_.successors(actor, state, scratch_, *this);
  return enabled_ != before;
}

// All that a sleeper could do was met in states before. If it was this or that, it is known.
void Expander::leave_unless_asleep(std::size_t actor, const std::uint64_t* state) {
  if (const auto known = sleep_->enabled(sleepers_, actor)) {
    enabled_ += *known;
    slept_ += *known;
    blocked_[actor] = *known == 0 ? 1 : 0;
    return;
  }
  const std::uint64_t before = enabled_;
  blocked_[actor] = leave(actor, state) ? 0 : 1;
  sleepers_ = sleep_->with(sleepers_, actor, enabled_ - before);
}

void Expander::judge(const std::uint64_t* state, Sleepers sleepers) {
  if (!plan_.invariants.empty()) compiled_.check_state(state, scratch_, *this);
  if (ample_ != nullptr && alone_.go(*ample_, state, [&](std::size_t actor) { return leave(actor, state); })) return;
  if (sleep_ != nullptr) {
    sleepers_ = sleepers;
    for (std::size_t actor = 0; actor < places_.size(); ++actor)
      places_[actor] = sleep_->place(actor, compiled_.location(actor, state));
  }
  bool some_blocked = false;
  for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
    if (sleep_ != nullptr)
      leave_unless_asleep(actor, state);
    else
      blocked_[actor] = leave(actor, state) ? 0 : 1;
    some_blocked |= blocked_[actor] != 0;
  }
  if (some_blocked && deadlock_wanted_) judge_deadlock(state);
  if (!claims_) return;
  if (const auto wrong = claims_->refuted(layout_.unpack(state)))
    meet_obstacle("a claim of the system is wrong", *wrong);
}

void Expander::judge_deadlock(const std::uint64_t* state) {
  if (!deadlock_test_.deadlocked(state, blocked_, scratch_)) return;
  for (const ir::PropertyId id : plan_.deadlocks) broken(id, nullptr);
  deadlock_wanted_ = false;
}

}  // namespace hotproof::checker::explicit_state
