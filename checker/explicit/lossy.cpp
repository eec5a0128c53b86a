#include "checker/explicit/lossy.hpp"

#include <algorithm>

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::uint64_t states_between_polls = 4096;

}  // namespace

LossySearch::LossySearch(const ir::TransitionSystem& system, const Layout& layout, const Orbits& orbits,
                         const Options& options, const Plan& plan)
    : system_(system),
      layout_(layout),
      orbits_(orbits),
      options_(options),
      plan_(plan),
      compiled_(system, layout, plan.selection, plan.invariants),
      scratch_(compiled_.scratch()),
      deadlock_test_(system, compiled_),
      traces_(make_traces(options.remembered, options.remembered_bytes)),
      words_(layout.words()),
      current_(words_),
      successor_(words_),
      blocked_(system.actors.size()),
      alone_(compiled_, system.actors.size()),
      broken_(system.properties.size()),
      reached_(system.marks.size()) {
  if (options.partial_order) ample_ = std::make_unique<ir::AmpleSets>(system);
  if (!traces_) stopped_by_ = "memory limit";
}

std::uint64_t LossySearch::bytes() const {
  return options_.remembered_bytes + stack_.capacity() * sizeof(std::uint64_t);
}

void LossySearch::run(const std::vector<ir::State>& initial) {
  for (const ir::State& state : initial) {
    if (!stopped_by_.empty()) return;
    if (const auto var = layout_.pack(state, successor_.data())) {
      stopped_by_ = layout_.is_full() ? full_dictionary : left_range_text(system_, *var, state[ir::index(*var)]);
      return;
    }
    orbits_.make_canonical(successor_.data());
    meet(no_step);
    search();
  }
}

// The state in successor_, which was come to by that step.
void LossySearch::meet(std::uint64_t step) {
  if (!stopped_by_.empty()) return;
  const Traces::Met met = traces_->meet(hash_words(successor_.data(), words_));
  if (met == Traces::Met::full) stopped_by_ = "memory limit";
  if (met != Traces::Met::fresh) return;
  ++states_;
  stack_.insert(stack_.end(), successor_.begin(), successor_.end());
  stack_.push_back(step);
}

void LossySearch::search() {
  while (!stack_.empty() && stopped_by_.empty()) {
    if ((step_of_last() & on_path) != 0) {
      stack_.resize(stack_.size() - entry());
      --depth_;
      continue;
    }
    step_of_last() |= on_path;
    deepest_ = std::max(deepest_, depth_++);
    std::copy_n(stack_.end() - static_cast<std::ptrdiff_t>(entry()), words_, current_.begin());
    look_at();
    if (++looked_at_ % states_between_polls == 0) poll();
  }
  stack_.clear();
  depth_ = 0;
}

void LossySearch::look_at() {
  if (!plan_.invariants.empty()) compiled_.check_state(current_.data(), scratch_, *this);
  if (ample_ && alone_.go(*ample_, current_.data(), [&](std::size_t actor) { return leave(actor); })) return;
  bool some_blocked = false;
  for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
    blocked_[actor] = leave(actor) ? 0 : 1;
    some_blocked |= blocked_[actor] != 0;
  }
  const bool deadlock_wanted = !plan_.deadlocks.empty() && !broken_[ir::index(plan_.deadlocks.front())];
  if (!some_blocked || !deadlock_wanted || !deadlock_test_.deadlocked(current_.data(), blocked_, scratch_)) return;
  for (const ir::PropertyId id : plan_.deadlocks) broken(id, nullptr);
}

// Fires its transitions in the current state. True if there were any.
bool LossySearch::leave(std::size_t actor) {
  const std::uint64_t before = enabled_;
  compiled_.successors(actor, current_.data(), scratch_, *this);
  return enabled_ != before;
}

void LossySearch::broken(ir::PropertyId id, const ir::TransitionId* fired) {
  auto& place = broken_[ir::index(id)];
  scratch_.settled[compiled_.settled_index(id)] = 1;
  if (!place) place = run_here(fired);
}

void LossySearch::reached(ir::MarkId id, ir::TransitionId fired) {
  auto& place = reached_[ir::index(id)];
  scratch_.settled[compiled_.settled_index(id)] = 1;
  if (!place) place = run_here(&fired);
}

void LossySearch::fired(ir::TransitionId id, const std::uint64_t*) {
  ++enabled_;
  orbits_.make_canonical(successor_.data());
  meet(ir::index(id));
}

void LossySearch::left_range(ir::VarId var, std::uint64_t value, ir::TransitionId) {
  ++enabled_;
  if (stopped_by_.empty())
    stopped_by_ = layout_[var].contains(value) ? full_dictionary : left_range_text(system_, var, value);
}

void LossySearch::poll() {
  const auto stop = [this](const char* why) {
    if (stopped_by_.empty()) stopped_by_ = why;
  };
  if (plan_.is_answered(broken_, reached_)) stop(stopped_by_answers);
  if (options_.interrupted != nullptr && *options_.interrupted) stop("interrupted");
  if (options_.pointless != nullptr && options_.pointless->load()) stop("interrupted");
  const double seconds = seconds_since(plan_.start);
  if (options_.limits.seconds > 0 && seconds > options_.limits.seconds) stop("time limit");
  // The stack may be moved when it grows.
  const std::uint64_t needed = options_.remembered_bytes + 3 * stack_.size() * sizeof(std::uint64_t);
  if (options_.limits.bytes != 0 && needed > options_.limits.bytes) stop("memory limit");
  if (!options_.progress || seconds_since(last_progress_) < seconds_between_reports) return;
  last_progress_ = Clock::now();
  options_.progress({depth_, states_, stack_.size() / entry(), seconds});
}

// By the path, and then that step, in terms of the actors as they began.
ir::Run LossySearch::run_here(const ir::TransitionId* last) {
  ir::Run run;
  Whereabouts whereabouts(orbits_);
  const std::uint64_t* before = nullptr;
  const std::vector<std::uint64_t> kept = successor_;  // somebody is just making it
  for (std::size_t at = 0; at < stack_.size(); at += entry()) {
    const std::uint64_t* const state = &stack_[at];
    if ((state[words_] & on_path) == 0) continue;
    if (before == nullptr) {
      run.initial = layout_.unpack(state);
    } else {
      const auto step = static_cast<ir::TransitionId>(state[words_] & ~on_path);
      run.steps.push_back(whereabouts.original(step));
      whereabouts.move(places_behind(before, step));
    }
    before = state;
  }
  if (last != nullptr) run.steps.push_back(whereabouts.original(*last));
  successor_ = kept;
  return run;
}

// How what that step leads to was made canonical.
Places LossySearch::places_behind(const std::uint64_t* state, ir::TransitionId step) {
  struct Sink : SilentSink {
    std::uint64_t* next() { return successor.data(); }
    void fired(ir::TransitionId id, const std::uint64_t*) {
      if (id == wanted) places = orbits->make_canonical_telling(successor.data());
    }
    const Orbits* orbits = nullptr;
    ir::TransitionId wanted{};
    std::vector<std::uint64_t> successor;
    Places places;
  };
  Sink sink;
  sink.orbits = &orbits_;
  sink.wanted = step;
  sink.successor.resize(words_);
  Scratch scratch = compiled_.scratch();
  compiled_.successors(ir::index(system_[step].actor), state, scratch, sink);
  return std::move(sink.places);
}

}  // namespace hotproof::checker::explicit_state
