#include "checker/explicit/simplest.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "checker/explicit/bytecode.hpp"
#include "checker/explicit/explorer.hpp"
#include "checker/explicit/layout.hpp"
#include "checker/explicit/store.hpp"
#include "checker/explicit/wait_for.hpp"
#include "model/eval/interpreter.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::checker {

namespace {

using namespace explicit_state;

constexpr std::size_t most_initial_candidates = 1'000'000;
constexpr std::uint64_t memory_without_limit = std::uint64_t{4} << 30U;
// Where there are more without faults, going through them to prune the search takes longer than the search.
constexpr std::uint64_t most_without_faults = 4'000'000;
constexpr StateId no_parent = ~StateId{0};
constexpr std::uint32_t states_between_polls = 1024;

class CheapestSearch : private SilentSink {
 public:
  // `least_faults`: no run to the goal has fewer.
  CheapestSearch(const ir::TransitionSystem& system, ir::PropertyId property, RunCost bound, std::uint32_t least_faults,
                 const Options& options, const Layout::Interned& interned)
      : system_(system),
        wanted_(system.properties[ir::index(property)]),
        property_(property),
        options_(options),
        least_faults_(least_faults),
        best_(bound),
        layout_(system, interned, system.actors.size() + 1),
        compiled_(system, layout_, selection(), demands()),
        scratch_(compiled_.scratch()),
        deadlock_test_(system, compiled_),
        store_(layout_.words()),
        successor_(layout_.words()),
        blocked_(system.actors.size()) {
    // Only this property and its mark may speak up.
    std::fill(scratch_.settled.begin(), scratch_.settled.end(), 1);
    scratch_.settled[compiled_.settled_index(property)] = 0;
    if (wanted_.kind == ir::PropertyKind::cover) scratch_.settled[compiled_.settled_index(wanted_.mark)] = 0;
  }
  CheapestSearch(const CheapestSearch&) = delete;
  CheapestSearch& operator=(const CheapestSearch&) = delete;

  // A run cheaper than the bound, if there is one. stopped_by() is empty if none is cheaper than that.
  std::optional<ir::Run> run() {
    start();
    while (!open_.empty() && open_.begin()->first < best_ && stopped_by_.empty()) {
      const auto level = open_.extract(open_.begin());
      for (const StateId id : level.mapped())
        if (nodes_[id].cost == level.key() && level.key() < best_ && stopped_by_.empty()) expand(id);
    }
    if (!goal_) return std::nullopt;
    return run_to(*goal_);
  }
  const std::string& stopped_by() const { return stopped_by_; }
  // If its dictionaries were full, what was found does not count.
  const Layout& layout() const { return layout_; }

 private:
  friend class explicit_state::CompiledSystem;
  struct Node {
    RunCost cost;
    StateId parent = no_parent;
    ir::TransitionId step{};
  };
  struct Goal {
    StateId state;
    std::optional<ir::TransitionId> fired;
  };

  Selection selection() const {
    Selection out;
    out.faults = !(wanted_.kind == ir::PropertyKind::cover && wanted_.cover_without_faults);
    return out;
  }
  std::vector<Demand> demands() const {
    if (wanted_.kind != ir::PropertyKind::invariant) return {};
    return {{property_, wanted_.expr}};
  }

  void start() {
    const auto initial = eval::initial_states(system_, most_initial_candidates);
    if (!initial) {
      stopped_by_ = initial.error().message;
      return;
    }
    for (const ir::State& state : *initial)
      if (!layout_.pack(state, successor_.data())) meet({RunCost{}, no_parent, {}});
  }

  // The state in successor_ can be had at that price.
  void meet(const Node& node) {
    if (at_least(node.cost) >= best_ || !stopped_by_.empty()) return;
    if (store_.size() % states_between_polls == 0 && !room_for_more()) return;
    const auto [id, fresh] = store_.insert(successor_.data(), hash_words(successor_.data(), layout_.words()));
    if (fresh) nodes_.push_back(node);
    if (!fresh && nodes_[id].cost <= node.cost) return;
    nodes_[id] = node;
    open_[node.cost].push_back(id);
  }

  // What a run to the goal costs that comes by here at that price.
  RunCost at_least(RunCost cost) const {
    cost.faults = std::max(cost.faults, least_faults_);
    return cost;
  }

  bool room_for_more() {
    const std::uint64_t limit = options_.limits.bytes != 0 ? options_.limits.bytes : memory_without_limit;
    // Growing the list of nodes needs the old and the new one at once.
    const std::uint64_t nodes = 3 * (nodes_.size() + states_between_polls) * sizeof(Node);
    const bool room = store_.bytes_to_reserve(states_between_polls) + nodes <= limit;
    if (!room || !store_.reserve(states_between_polls)) stopped_by_ = "memory limit";
    return stopped_by_.empty();
  }

  void poll() {
    if (options_.interrupted != nullptr && *options_.interrupted) stopped_by_ = "interrupted";
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    if (options_.limits.seconds > 0 && seconds > options_.limits.seconds) stopped_by_ = "time limit";
  }

  void expand(StateId id) {
    if (expanded_++ % states_between_polls == 0) poll();
    current_ = id;
    const std::uint64_t* const state = store_[id];
    compiled_.check_state(state, scratch_, *this);
    bool some_blocked = false;
    for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
      const std::uint64_t before = enabled_;
      compiled_.successors(actor, state, scratch_, *this);
      blocked_[actor] = enabled_ == before;
      some_blocked |= enabled_ == before;
    }
    if (wanted_.kind == ir::PropertyKind::deadlock && some_blocked &&
        deadlock_test_.deadlocked(state, blocked_, scratch_))
      reach_goal(nodes_[id].cost, std::nullopt);
  }

  void reach_goal(const RunCost& cost, std::optional<ir::TransitionId> fired) {
    if (cost >= best_) return;
    best_ = cost;
    goal_ = Goal{current_, fired};
  }

  RunCost cost_after(ir::TransitionId id) const {
    const ir::Transition& transition = system_[id];
    const std::uint64_t last = layout_.read(store_[current_], layout_.extra());  // an actor's number plus one
    RunCost out = nodes_[current_].cost;
    out.faults += transition.faults;
    out.switches += last != 0 && last != ir::index(transition.actor) + 1 ? 1 : 0;
    ++out.steps;
    return out;
  }

  // What compiled programs say.
  std::uint64_t* next() { return successor_.data(); }
  void broken(ir::PropertyId, const ir::TransitionId* fired) {
    if (fired != nullptr) {
      reach_goal(cost_after(*fired), *fired);
    } else {
      reach_goal(nodes_[current_].cost, std::nullopt);
    }
  }
  void reached(ir::MarkId, ir::TransitionId fired) {
    if (wanted_.kind == ir::PropertyKind::cover) reach_goal(cost_after(fired), fired);
  }
  void fired(ir::TransitionId id, const std::uint64_t*) {
    ++enabled_;
    const Field& last = layout_.extra();
    const std::uint64_t actor = ir::index(system_[id].actor) + 1;
    successor_[last.word] = (successor_[last.word] & ~last.mask) | last.number(actor) << last.shift;
    meet({cost_after(id), current_, id});
  }
  void left_range(ir::VarId, std::uint64_t, ir::TransitionId) { ++enabled_; }

  ir::Run run_to(const Goal& goal) const {
    ir::Run out;
    StateId at = goal.state;
    for (; nodes_[at].parent != no_parent; at = nodes_[at].parent) out.steps.push_back(nodes_[at].step);
    std::reverse(out.steps.begin(), out.steps.end());
    if (goal.fired) out.steps.push_back(*goal.fired);
    out.initial = layout_.unpack(store_[at]);
    return out;
  }

  using Clock = std::chrono::steady_clock;
  const ir::TransitionSystem& system_;
  const ir::Property& wanted_;
  ir::PropertyId property_;
  const Options& options_;
  std::uint32_t least_faults_;
  RunCost best_;  // nothing that costs as much is of interest
  std::optional<Goal> goal_;
  Layout layout_;  // its extra number: who moved last
  CompiledSystem compiled_;
  Scratch scratch_;
  DeadlockTest deadlock_test_;
  StateStore store_;
  std::vector<Node> nodes_;                       // by StateId
  std::map<RunCost, std::vector<StateId>> open_;  // found at that cost; stale if the node has become cheaper since
  std::vector<std::uint64_t> successor_;
  std::vector<std::uint8_t> blocked_;
  StateId current_ = 0;
  std::uint64_t enabled_ = 0;
  std::uint64_t expanded_ = 0;
  std::string stopped_by_;
  Clock::time_point start_ = Clock::now();
};

// 1 if it is certain that no run without faults shows the property; else 0. Runs that may change actors as often as they
// like are many more as pairs with the last actor than as plain states, and in what this one property can feel they are
// fewer still.
std::uint32_t least_faults(const ir::TransitionSystem& system, ir::PropertyId property, Options options) {
  // Somebody who could only fail is not stuck.
  if (system.properties[ir::index(property)].kind == ir::PropertyKind::deadlock) return 0;
  ir::TransitionSystem faultless = ir::only(system, std::span(&property, 1));
  std::erase_if(faultless.transitions, [](const ir::Transition& transition) { return transition.faults > 0; });
  options.keeping = {};
  // Nobody checks this answer: so it must not go by hashes, nor by who may take whose place.
  options.disk.clear();
  options.symmetry = false;
  options.partial_order = false;
  options.first_violation_ends = true;
  options.limits.states = most_without_faults;
  const Result found = explore(ir::slice(faultless).system, options);
  const PropertyResult& answer = found.properties.front();
  const bool cover = system.properties[ir::index(property)].kind == ir::PropertyKind::cover;
  if (!found.complete || !found.internal_error.empty()) return 0;
  return answer.verdict == (cover ? Verdict::violated : Verdict::proved) || answer.verdict == Verdict::vacuous ? 1 : 0;
}

}  // namespace

RunCost cost(const ir::TransitionSystem& system, const ir::Run& run) {
  RunCost out;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const ir::Transition& transition = system[run.steps[i]];
    out.faults += transition.faults;
    if (i > 0 && system[run.steps[i - 1]].actor != transition.actor) ++out.switches;
    ++out.steps;
  }
  return out;
}

SimplestRun simplest(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& known,
                     const Options& options) {
  SimplestRun out{known, cost(system, known), true, {}};
  const auto start = std::chrono::steady_clock::now();
  const std::uint32_t faults = out.cost.faults > 0 ? least_faults(system, property, options) : 0;
  Options rest = options;
  if (options.limits.seconds > 0) {
    constexpr double least = 0.001;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    rest.limits.seconds = std::max(least, options.limits.seconds - passed.count());
  }
  for (Layout::Interned interned;;) {
    CheapestSearch search(system, property, out.cost, faults, rest, interned);
    auto cheaper = search.run();
    interned = search.layout().wider();
    if (search.layout().is_full()) continue;
    if (cheaper) {
      out.run = std::move(*cheaper);
      out.cost = cost(system, out.run);
    }
    if (!search.stopped_by().empty()) {
      out.minimal = false;
      out.note = "the search for the simplest run was ended (" + search.stopped_by() + "): there may be a simpler one";
    }
    return out;
  }
}

}  // namespace hotproof::checker
