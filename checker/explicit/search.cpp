#include "checker/explicit/search.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::uint32_t batch_limit = 256;
constexpr std::uint32_t states_between_polls = 2048;
constexpr double seconds_between_reports = 0.25;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string number_text(const ir::Variable& variable, std::uint64_t value) {
  const std::uint64_t v = ir::truncate(value, variable.width);
  return variable.is_signed ? std::to_string(ir::as_signed(v, variable.width)) : std::to_string(v);
}

}  // namespace

std::string left_range_text(const ir::TransitionSystem& system, ir::VarId var, std::uint64_t value) {
  const ir::Variable& variable = system[var];
  return variable.name + " left its declared range " + number_text(variable, variable.low) + " … " +
         number_text(variable, variable.high) + ": " + number_text(variable, value);
}

Search::Search(const ir::TransitionSystem& system, const Layout& layout, const Options& options, const Plan& plan)
    : system_(system),
      layout_(layout),
      options_(options),
      plan_(plan),
      compiled_(system, layout, plan.selection, plan.invariants),
      scratch_(compiled_.scratch()),
      deadlock_test_(system, compiled_),
      store_(layout.words()),
      batch_(batch_limit),
      batch_states_(std::size_t{batch_limit} * layout.words()),
      blocked_(system.actors.size()),
      deadlock_wanted_(!plan.deadlocks.empty()),
      broken_(system.properties.size()),
      reached_(system.marks.size()),
      still_needed_(plan.enough.size()),
      last_progress_(Clock::now()) {
  if (options.check_claims) claims_.emplace(system);
}

void Search::stop(const std::string& why) {
  if (stopped_by_.empty()) stopped_by_ = why;
}

void Search::broken(ir::PropertyId id, const ir::TransitionId* fired) {
  std::optional<Found>& place = broken_[ir::index(id)];
  if (place) return;
  place = Found{current_, std::nullopt, depth_};
  if (fired != nullptr) {
    place->fired = *fired;
    ++place->depth;
  }
  scratch_.settled[compiled_.settled_index(id)] = 1;
}

void Search::reached(ir::MarkId id, ir::TransitionId fired) {
  std::optional<Found>& place = reached_[ir::index(id)];
  if (place) return;
  place = Found{current_, fired, depth_ + 1};
  scratch_.settled[compiled_.settled_index(id)] = 1;
  if (std::find(plan_.enough.begin(), plan_.enough.end(), id) != plan_.enough.end()) enough_ = --still_needed_ == 0;
}

void Search::left_range(ir::VarId var, std::uint64_t value, ir::TransitionId) {
  ++enabled_;
  stop(left_range_text(system_, var, value));
}

void Search::start(const std::vector<ir::State>& initial) {
  // There is room for a batch from the start, so that slots can be fetched ahead.
  if (!store_.reserve(batch_limit)) return stop("memory limit");
  for (const ir::State& state : initial) {
    std::uint64_t* const words = next();
    if (const auto var = layout_.pack(state, words)) {
      return stop(left_range_text(system_, *var, state[ir::index(*var)]));
    }
    batch_[batch_size_] = {hash_words(words, layout_.words()), 0};
    if (++batch_size_ == batch_.size()) flush();
  }
  flush();
  initial_states_ = store_.size();
}

void Search::flush() {
  const std::uint32_t count = std::exchange(batch_size_, 0);
  if (count == 0 || !stopped_by_.empty()) return;
  const std::uint64_t limit = options_.limits.bytes;
  if (limit != 0 && store_.bytes_to_reserve(count) + parents_.bytes() + batch_bytes() > limit)
    return stop("memory limit");
  if (!store_.reserve(count)) return stop("memory limit");
  for (std::uint32_t i = 0; i < count; ++i) store_.prefetch_state(batch_[i].hash);
  const std::uint64_t* state = batch_states_.data();
  for (std::uint32_t i = 0; i < count; ++i, state += layout_.words())
    if (store_.insert(state, batch_[i].hash).fresh) parents_.append(batch_[i].parent);
}

void Search::expand(StateId id) {
  const std::uint64_t* const state = store_[id];
  current_ = id;
  if (!plan_.invariants.empty()) compiled_.check_state(state, scratch_, *this);
  bool some_blocked = false;
  for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
    const std::uint64_t before = enabled_;
    compiled_.successors(actor, state, scratch_, *this);
    blocked_[actor] = enabled_ == before;
    some_blocked |= enabled_ == before;
  }
  if (some_blocked && deadlock_wanted_) judge_deadlock(state);
  if (claims_) check_claims(id);
}

void Search::judge_deadlock(const std::uint64_t* state) {
  if (!deadlock_test_.deadlocked(state, blocked_, scratch_)) return;
  for (const ir::PropertyId id : plan_.deadlocks) broken(id, nullptr);
  deadlock_wanted_ = false;
}

void Search::check_claims(StateId id) {
  if (auto wrong = claims_->refuted(layout_.unpack(store_[id]))) {
    refuted_claim_ = *wrong;
    stop("a claim of the system is wrong");
  }
}

// States at the depth limit are judged, but nothing is fired from them; the search is complete if nothing could be.
void Search::look_at_last_level(StateId begin, StateId end) {
  struct Sink : SilentSink {
    std::uint64_t* next() { return successor.data(); }
    void fired(ir::TransitionId, const std::uint64_t*) { ++enabled; }
    void left_range(ir::VarId, std::uint64_t, ir::TransitionId) { ++enabled; }
    std::vector<std::uint64_t> successor;
    std::uint64_t enabled = 0;
  };
  Sink sink;
  sink.successor.resize(layout_.words());
  for (StateId id = begin; id < end && stopped_by_.empty(); ++id) {
    current_ = id;
    compiled_.check_state(store_[id], scratch_, *this);
    bool some_blocked = false;
    for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
      const std::uint64_t before = sink.enabled;
      compiled_.successors(actor, store_[id], scratch_, sink);
      blocked_[actor] = sink.enabled == before;
      some_blocked |= sink.enabled == before;
    }
    if (some_blocked && deadlock_wanted_) judge_deadlock(store_[id]);
    if (claims_) check_claims(id);
    if ((id - begin) % states_between_polls == 0) poll();
  }
  if (!stopped_by_.empty()) return;
  covered_ = depth_;
  if (sink.enabled != 0) stop("depth");
}

void Search::run(const std::vector<ir::State>& initial) {
  start(initial);
  StateId begin = 0;
  while (begin < store_.size() && stopped_by_.empty() && !enough_) {
    const StateId end = store_.size();
    if (options_.limits.depth != 0 && depth_ >= options_.limits.depth) return look_at_last_level(begin, end);
    for (StateId id = begin; id < end && stopped_by_.empty() && !enough_; ++id) {
      if (id % states_between_polls == 0) poll();
      expand(id);
    }
    flush();
    transitions_ = enabled_;
    if (!stopped_by_.empty() || enough_) return;
    covered_ = depth_;
    begin = end;
    if (options_.first_violation_ends && std::any_of(broken_.begin(), broken_.end(), [](const auto& b) { return b; }))
      return stop("something is violated");
    if (begin < store_.size()) ++depth_;
  }
}

void Search::poll() {
  if (options_.interrupted != nullptr && *options_.interrupted) stop("interrupted");
  if (options_.pointless != nullptr && options_.pointless->load()) stop("interrupted");
  const double seconds = seconds_since(plan_.start);
  if (options_.limits.seconds > 0 && seconds > options_.limits.seconds) stop("time limit");
  if (!options_.progress || seconds_since(last_progress_) < seconds_between_reports) return;
  last_progress_ = Clock::now();
  options_.progress({depth_, store_.size(), store_.size() - current_, seconds});
}

ir::TransitionId Search::step_between(const std::uint64_t* from, const std::uint64_t* to) {
  struct Sink : SilentSink {
    std::uint64_t* next() { return successor.data(); }
    void fired(ir::TransitionId id, const std::uint64_t*) {
      if (std::equal(successor.begin(), successor.end(), wanted)) first = std::min(first, id);
    }
    std::vector<std::uint64_t> successor;
    const std::uint64_t* wanted;
    ir::TransitionId first{~std::uint32_t{0}};
  };
  Sink sink;
  sink.successor.resize(layout_.words());
  sink.wanted = to;
  for (std::size_t actor = 0; actor < compiled_.actors(); ++actor) compiled_.successors(actor, from, scratch_, sink);
  return sink.first;
}

ir::Run Search::run_to(const Found& found) {
  std::vector<StateId> path{found.state};
  while (path.back() >= initial_states_) path.push_back(parents_[path.back()]);
  ir::Run run;
  run.initial = layout_.unpack(store_[path.back()]);
  for (std::size_t i = path.size() - 1; i > 0; --i)
    run.steps.push_back(step_between(store_[path[i]], store_[path[i - 1]]));
  if (found.fired) run.steps.push_back(*found.fired);
  return run;
}

std::shared_ptr<const ReachedStates> Search::take_states() {
  auto store = std::make_shared<StateStore>(std::move(store_));
  store->forget_table();
  auto out = std::make_shared<ReachedStates>();
  for (std::size_t i = 0; i < system_.variables.size(); ++i) {
    const Field& field = layout_[static_cast<ir::VarId>(i)];
    out->places.push_back({field.word, field.shift});
  }
  out->words = layout_.words();
  out->pieces = store->pieces();
  out->owner = std::move(store);
  return out;
}

}  // namespace hotproof::checker::explicit_state
