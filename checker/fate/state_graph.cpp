#include "checker/fate/state_graph.hpp"

#include <algorithm>
#include <chrono>

#include "checker/explicit/bytecode.hpp"
#include "checker/explicit/wait_for.hpp"

namespace hotproof::checker::fate {

using namespace explicit_state;

namespace {

constexpr std::uint32_t states_between_polls = 1024;

std::vector<std::vector<bool>> marked(const ir::TransitionSystem& system,
                                      std::vector<ir::Location> ir::Actor::*locations) {
  std::vector<std::vector<bool>> out;
  for (const ir::Actor& actor : system.actors) {
    out.emplace_back(actor.locations, false);
    for (const ir::Location at : actor.*locations) out.back()[at] = true;
  }
  return out;
}

}  // namespace

class StateGraph::Builder : private SilentSink {
 public:
  Builder(StateGraph& graph, ir::PropertyId property, const Options& options, std::uint32_t most_states)
      : graph_(graph),
        wanted_(graph.system_->properties[ir::index(property)]),
        options_(options),
        most_states_(most_states),
        compiled_(*graph.system_, graph.layout_, {}, demands(property)),
        scratch_(compiled_.scratch()),
        deadlock_test_(*graph.system_, compiled_),
        successor_(graph.layout_.words()),
        blocked_(graph.system_->actors.size()) {
    std::fill(scratch_.settled.begin(), scratch_.settled.end(), 1);
    scratch_.settled[compiled_.settled_index(property)] = 0;
  }

  void build(const ir::State& initial) {
    if (graph_.layout_.pack(initial, successor_.data())) {
      graph_.stopped_by_ = "a start outside the declared ranges";
      return;
    }
    meet();
    for (StateId id = 0; id < graph_.store_.size() && graph_.complete(); ++id) {
      if (id % states_between_polls == 0) poll();
      graph_.first_.push_back(graph_.edges_.size());
      expand(id);
    }
    graph_.first_.resize(std::size_t{graph_.store_.size()} + 1, graph_.edges_.size());
    graph_.violates_.resize(graph_.store_.size());
  }

 private:
  friend class explicit_state::CompiledSystem;

  std::vector<Demand> demands(ir::PropertyId property) const {
    if (wanted_.kind != ir::PropertyKind::invariant) return {};
    return {{property, wanted_.expr}};
  }

  StateId meet() {
    StateStore& store = graph_.store_;
    if (store.size() >= most_states_) graph_.stopped_by_ = std::to_string(most_states_) + " states";
    if (store.size() % states_between_polls == 0 && !store.reserve(states_between_polls + 1))
      graph_.stopped_by_ = "memory limit";
    if (!graph_.complete()) return 0;
    return store.insert(successor_.data(), hash_words(successor_.data(), graph_.layout_.words())).id;
  }

  void poll() {
    if (options_.interrupted != nullptr && *options_.interrupted) graph_.stopped_by_ = "interrupted";
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    if (options_.limits.seconds > 0 && seconds > options_.limits.seconds) graph_.stopped_by_ = "time limit";
    const std::uint64_t bytes = graph_.store_.bytes() + graph_.edges_.capacity() * sizeof(Edge);
    if (options_.limits.bytes > 0 && bytes > options_.limits.bytes) graph_.stopped_by_ = "memory limit";
  }

  void expand(StateId id) {
    // The store moves nothing, so the pointer stays good while successors are added.
    const std::uint64_t* const state = graph_.store_[id];
    state_violates_ = false;
    compiled_.check_state(state, scratch_, *this);
    bool some_blocked = false;
    const std::size_t first = graph_.edges_.size();
    for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
      const std::uint64_t before = enabled_;
      if (!state_violates_) compiled_.successors(actor, state, scratch_, *this);
      blocked_[actor] = enabled_ == before;
      some_blocked |= enabled_ == before;
    }
    if (!state_violates_ && wanted_.kind == ir::PropertyKind::deadlock && some_blocked &&
        deadlock_test_.deadlocked(state, blocked_, scratch_)) {
      state_violates_ = true;
      graph_.edges_.resize(first);
    }
    graph_.violates_.push_back(state_violates_);
  }

  // What compiled programs say. Of a transition, what it breaks is said before it fires.
  std::uint64_t* next() { return successor_.data(); }
  void broken(ir::PropertyId, const ir::TransitionId* fired) {
    if (fired == nullptr) {
      state_violates_ = true;
    } else {
      breaking_ = *fired;
      breaks_ = true;
    }
  }
  void fired(ir::TransitionId id, const std::uint64_t*) {
    ++enabled_;
    const bool violates = breaks_ && breaking_ == id;
    const StateId to = meet();
    graph_.edges_.push_back({to, id, violates});
    breaks_ = false;
  }
  void left_range(ir::VarId, std::uint64_t, ir::TransitionId) {
    ++enabled_;
    graph_.stopped_by_ = "a value outside its declared range";
  }

  using Clock = std::chrono::steady_clock;
  StateGraph& graph_;
  const ir::Property& wanted_;
  const Options& options_;
  std::uint32_t most_states_;
  CompiledSystem compiled_;
  Scratch scratch_;
  DeadlockTest deadlock_test_;
  std::vector<std::uint64_t> successor_;
  std::vector<std::uint8_t> blocked_;
  bool state_violates_ = false;
  ir::TransitionId breaking_{};
  bool breaks_ = false;
  std::uint64_t enabled_ = 0;
  Clock::time_point start_ = Clock::now();
};

StateGraph::StateGraph(const ir::TransitionSystem& system, ir::PropertyId property, const ir::State& initial,
                       const Options& options, std::uint32_t most_states)
    : system_(&system),
      layout_(system),
      store_(layout_.words()),
      resting_(marked(system, &ir::Actor::resting)),
      halting_(marked(system, &ir::Actor::halted)) {
  Builder(*this, property, options, most_states).build(initial);
}

ir::Location StateGraph::location(StateId state, std::size_t actor) const {
  const Field& field = layout_[system_->actors[actor].control];
  return static_cast<ir::Location>(layout_.read(store_[state], field));
}

bool StateGraph::rests(StateId state, std::size_t actor) const {
  return resting_[actor][location(state, actor)];
}

bool StateGraph::halted(StateId state) const {
  for (std::size_t actor = 0; actor < halting_.size(); ++actor)
    if (halting_[actor][location(state, actor)]) return true;
  return false;
}

}  // namespace hotproof::checker::fate
