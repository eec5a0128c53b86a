#include "checker/compare/behaviour.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <unordered_map>

#include "checker/compare/at_once.hpp"
#include "checker/explicit/bytecode.hpp"
#include "checker/explicit/search.hpp"
#include "checker/explicit/store.hpp"
#include "checker/explicit/wait_for.hpp"
#include "model/eval/interpreter.hpp"
#include "model/ir/passes/passes.hpp"
#include "model/ir/passes/rebuild.hpp"

namespace hotproof::checker::compare {

namespace {

using namespace explicit_state;

constexpr std::size_t most_initial_candidates = 1'000'000;
constexpr std::uint32_t states_between_looks = 1024;
constexpr std::size_t most_steps_at_once = 1000;
constexpr std::uint32_t most_ways_at_once = 10'000;  // through a region, from one state
constexpr std::uint32_t most_looked_up = 1U << 18U;
constexpr std::uint64_t memory_without_limit = std::uint64_t{4} << 30U;

// The variables that made events visible to the passes have done their work.
ir::Rewritten without_marks(const ir::Rewritten& reduced, std::size_t variables) {
  ir::TransitionSystem system = reduced.system;
  system.properties.clear();
  ir::Kept kept;
  for (const ir::VarId old : reduced.old_variable) kept.variables.push_back(ir::index(old) < variables);
  ir::Rewritten out;
  out.system = ir::rebuild(system, kept, out.old_variable);
  for (std::size_t i = 0; i < out.system.transitions.size(); ++i)
    out.parts.push_back({static_cast<ir::TransitionId>(i)});
  return ir::chain(reduced, std::move(out));
}

ir::Rewritten reduce(const ObservedSystem& observed, bool merge) {
  ir::MergeOptions options;
  options.enabled = merge;
  const ir::Rewritten merged = ir::merge(observed.system, options);
  return without_marks(ir::chain(merged, ir::slice(merged.system)), observed.marks);
}

struct KeyHash {
  std::size_t operator()(const std::vector<std::uint64_t>& key) const {
    return hash_words(key.data(), static_cast<std::uint32_t>(key.size()));
  }
};

}  // namespace

class BehaviourBuilder : private SilentSink {
 public:
  BehaviourBuilder(Behaviour& out, const BehaviourOptions& options, bool deadlock)
      : out_(out),
        system_(out.reduced_.system),
        options_(options.search),
        deadlock_(deadlock),
        layout_(system_),
        compiled_(system_, layout_, {}),
        scratch_(compiled_.scratch()),
        deadlock_test_(system_, compiled_),
        store_(layout_.words()),
        successor_(layout_.words()),
        blocked_(system_.actors.size()),
        looked_up_(layout_.words() + 1) {
    find_what_labels_read();
  }
  BehaviourBuilder(const BehaviourBuilder&) = delete;
  BehaviourBuilder& operator=(const BehaviourBuilder&) = delete;

  void run() {
    out_.labels_.emplace_back();
    note_names();
    if (out_.at_once_) find_inner();
    start();
    for (StateId id = 0; id < store_.size() && out_.stopped_by_.empty(); ++id) expand(id);
    finish();
  }

 private:
  friend class explicit_state::CompiledSystem;
  static constexpr Node between = Node{1} << 31U;  // marks nodes that are no states while these are still found

  void note_names() {
    for (const ir::Transition& t : system_.transitions)
      for (const ir::Event& event : t.events) {
        const ObservedSystem::Kind& kind = out_.observed_.kinds[event.name];
        out_.event_names_.insert(kind.name);
        if (kind.if_shared) out_.if_shared_.insert(kind.name);
      }
  }

  void start() {
    const auto initial = eval::initial_states(system_, most_initial_candidates);
    if (!initial) return stop(initial.error().message);
    for (const ir::State& state : *initial) {
      if (const auto var = layout_.pack(state, successor_.data()))
        return stop(left_range_text(system_, *var, state[ir::index(*var)]));
      if (const auto id = insert()) starts_.push_back(*id);
    }
  }

  std::optional<StateId> insert() {
    if (room_ == 0 && !make_room()) return std::nullopt;
    const auto [id, fresh] = store_.insert(successor_.data(), hash_words(successor_.data(), layout_.words()));
    if (fresh) --room_;
    return id;
  }

  bool make_room() {
    const std::uint64_t limit = options_.limits.bytes != 0 ? options_.limits.bytes : memory_without_limit;
    const std::uint64_t edges = 3 * edges_.capacity() * sizeof(Edge);  // sorting and growing need more than one copy
    const std::uint64_t bytes = store_.bytes_to_reserve(states_between_looks) + looked_up_.bytes() + edges;
    const bool room = bytes <= limit && store_.size() < between / 2;
    if (!room || !store_.reserve(states_between_looks)) stop("memory limit");
    if (out_.stopped_by_.empty()) room_ = states_between_looks;
    return out_.stopped_by_.empty();
  }

  void expand(StateId id) {
    if (id % states_between_looks == 0) look();
    current_ = id;
    state_.reset();
    bool some_blocked = false;
    for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
      const std::uint64_t before = enabled_;
      if (out_.at_once_)
        expand_at_once(actor, store_[id]);
      else
        compiled_.successors(actor, store_[id], scratch_, *this);
      blocked_[actor] = enabled_ == before;
      some_blocked |= enabled_ == before;
    }
    if (deadlock_ && some_blocked && deadlock_test_.deadlocked(store_[id], blocked_, scratch_))
      edges_.push_back({id, new_node(), label_number({"", "deadlock", {}}), no_step});
  }

  void look() {
    if (options_.interrupted != nullptr && *options_.interrupted) stop("interrupted");
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    if (options_.limits.seconds > 0 && seconds > options_.limits.seconds) stop("time limit");
    if (options_.progress) options_.progress({0, store_.size(), store_.size() - current_, seconds});
  }

  void stop(const std::string& why) {
    if (out_.stopped_by_.empty()) out_.stopped_by_ = why;
  }

  Node new_node() { return between | nodes_between_++; }

  // What compiled programs say.
  std::uint64_t* next() { return successor_.data(); }
  void left_range(ir::VarId var, std::uint64_t value, ir::TransitionId) {
    ++enabled_;
    stop(left_range_text(system_, var, value));
  }
  void fired(ir::TransitionId id, const std::uint64_t*) {
    ++enabled_;
    if (out_.at_once_) {
      ways_.push_back({id, successor_});
      return;
    }
    const auto to = insert();
    if (!to) return;
    const ir::Transition& t = system_[id];
    Edge edge{current_, *to, silent, static_cast<std::uint32_t>(id)};
    for (const LabelId label : labels_of(id, t)) {
      // Several things that happen at once: nodes between them, where only the next one can happen.
      if (edge.label != silent) {
        edge.to = new_node();
        edges_.push_back(edge);
        edge = {edge.to, *to, silent, no_step};
      }
      edge.label = label;
    }
    if (edge.label != silent || edge.from != edge.to) edges_.push_back(edge);
  }

  // ---- a region as one step ----

  struct Way {
    ir::TransitionId id{};
    std::vector<std::uint64_t> to;
  };
  // What an actor has done since others could last come in between.
  struct Walk {
    std::vector<ir::TransitionId> steps;
    std::vector<Happening> happenings;
  };

  const Inside& inside() const { return out_.observed_.inside; }
  std::size_t first_part(ir::TransitionId id) const { return ir::index(out_.reduced_.parts[ir::index(id)].front()); }

  void find_inner() {
    stop(what_meets(out_.observed_));
    for (const ir::Actor& actor : system_.actors) inner_.emplace_back(actor.locations, false);
    for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
      const ir::Transition& t = system_.transitions[i];
      if (inside().from_inner[first_part(static_cast<ir::TransitionId>(i))]) inner_[ir::index(t.actor)][t.from] = true;
    }
  }

  std::vector<Way> ways_from(std::size_t actor, const std::uint64_t* state) {
    ways_.clear();
    compiled_.successors(actor, state, scratch_, *this);
    return std::move(ways_);
  }

  void expand_at_once(std::size_t actor, const std::uint64_t* state) {
    Walk walk;
    walks_ = 0;
    for (const Way& way : ways_from(actor, state)) go(actor, state, way, walk);
  }

  void go(std::size_t actor, const std::uint64_t* from, const Way& way, Walk& walk) {
    if (!out_.stopped_by_.empty()) return;
    const std::size_t before = walk.happenings.size();
    walk.steps.push_back(way.id);
    add_happenings(way.id, from, walk.happenings);
    if (inner_[actor][system_[way.id].to])
      go_on(actor, way, walk);
    else
      finish_walk(way, walk);
    walk.steps.pop_back();
    walk.happenings.resize(before);
  }

  // Whoever waits in the region, or goes round in it, may be there when others do something.
  void go_on(std::size_t actor, const Way& way, Walk& walk) {
    const std::vector<Way> next = ways_from(actor, way.to.data());
    const bool goes_on =
        std::any_of(next.begin(), next.end(), [this](const Way& one) { return system_[one.id].faults == 0; });
    if (!goes_on) return stop("an actor may have to wait in between");
    if (walk.steps.size() > most_steps_at_once) return stop("what happens in between may have no end");
    for (const Way& one : next) go(actor, way.to.data(), one, walk);
  }

  void add_happenings(ir::TransitionId id, const std::uint64_t* packed, std::vector<Happening>& to) {
    const ir::Transition& t = system_[id];
    if (t.events.empty()) return;
    const ir::State state = layout_.unpack(packed);
    const auto values_of = [&](const ir::Event& event) {
      std::vector<std::int64_t> values;
      for (const ir::ExprId arg : event.args)
        values.push_back(number_of(eval::evaluate(system_.pool, arg, state), system_.pool[arg].width));
      return values;
    };
    const bool here = inside().of_region[first_part(id)];
    const bool from_inner = inside().from_inner[first_part(id)];
    std::vector<std::int64_t> all;
    for (const ir::Event& event : t.events) {
      const std::vector<std::int64_t> values = values_of(event);
      const ObservedSystem::Kind& kind = out_.observed_.kinds[event.name];
      if (kind.is_unknown) out_.unknown_.insert(values.size() > 1 ? values[1] : 0);
      if (kind.is_state) all = values;
      if (kind.is_state && from_inner) continue;
      auto label = compare::label_of(out_.observed_, t.actor, event.name, values);
      if (!label) continue;
      Happening happening{std::move(*label), {}};
      if (here && !kind.is_state) {
        happening.things = things_of(out_.observed_, event.name, values);
        happening.label.arguments.push_back("where " + text_of_state(out_.observed_, all, happening.things));
      }
      to.push_back(std::move(happening));
    }
  }

  // Steps in their order; what happens, in its normal form. Only both together lead to the end.
  void finish_walk(const Way& way, const Walk& walk) {
    if (++walks_ > most_ways_at_once) return stop("too many ways through what is looked at as one step");
    std::copy(way.to.begin(), way.to.end(), successor_.begin());
    const auto to = insert();
    if (!to) return;
    const std::vector<Label> labels = normal_form(walk.happenings);
    const std::size_t length = std::max(labels.size(), walk.steps.size());
    Node from = current_;
    for (std::size_t i = 0; i < length; ++i) {
      const Node next = i + 1 == length ? *to : new_node();
      edges_.push_back({from, next, i < labels.size() ? label_number(labels[i]) : silent,
                        i < walk.steps.size() ? static_cast<std::uint32_t>(walk.steps[i]) : no_step});
      from = next;
    }
  }

  // ---- what a step does, as numbers ----

  // A step's labels, and the locks held at them, hang on few variables; so they are worked out once for the values of
  // these. Not where all of the state is told: then they hang on nearly all of them.
  void find_what_labels_read() {
    for (const ir::Transition& t : system_.transitions) {
      std::vector<std::uint64_t> mask;
      const bool tells_state = std::any_of(t.events.begin(), t.events.end(), [this](const ir::Event& event) {
        return out_.observed_.kinds[event.name].is_state;
      });
      if (!t.events.empty() && !tells_state) mask = fields_that_labels_read(t);
      read_by_labels_.push_back(std::move(mask));
    }
  }

  std::vector<std::uint64_t> fields_that_labels_read(const ir::Transition& t) const {
    std::vector<std::uint64_t> mask(layout_.words());
    const auto add = [&](ir::ExprId expr) {
      for (const ir::VarId var : system_.pool.variables(expr)) mask[layout_[var].word] |= layout_[var].mask;
    };
    for (const ir::Event& event : t.events) std::for_each(event.args.begin(), event.args.end(), add);
    for (const ir::Lock& lock : system_.locks)
      for (const auto* held : {&lock.held_write, &lock.held_read})
        if (ir::index(t.actor) < held->size()) add((*held)[ir::index(t.actor)]);
    return mask;
  }

  // All but the silent ones. Good until the next call.
  std::span<const LabelId> labels_of(ir::TransitionId id, const ir::Transition& t) {
    const std::vector<std::uint64_t>& mask = read_by_labels_[ir::index(id)];
    // Where labels hang on much, few come twice.
    if (mask.empty() || looked_up_.size() >= most_looked_up) return work_out_labels(t);
    key_.assign(1, ir::index(id));
    for (std::size_t word = 0; word < mask.size(); ++word) key_.push_back(store_[current_][word] & mask[word]);
    if (!looked_up_.reserve(1)) {
      stop("memory limit");
      return {};
    }
    const auto [place, fresh] = looked_up_.insert(key_.data(), hash_words(key_.data(), looked_up_.words()));
    if (fresh) {
      const auto labels = work_out_labels(t);
      known_labels_.emplace_back(labels.begin(), labels.end());
    }
    return known_labels_[place];
  }

  std::span<const LabelId> work_out_labels(const ir::Transition& t) {
    worked_out_.clear();
    for (const ir::Event& event : t.events)
      if (const LabelId label = label_of_event(t, event); label != silent) worked_out_.push_back(label);
    return worked_out_;
  }

  LabelId label_of_event(const ir::Transition& t, const ir::Event& event) {
    if (!state_) state_ = layout_.unpack(store_[current_]);
    std::vector<std::uint64_t> key{ir::index(t.actor), event.name};
    for (const ir::ExprId arg : event.args) {
      const ir::Node& node = system_.pool[arg];
      key.push_back(node.op == ir::Op::constant ? node.value : eval::evaluate(system_.pool, arg, *state_));
    }
    const auto [found, fresh] = known_.try_emplace(std::move(key), silent);
    if (fresh) {
      std::vector<std::int64_t> values;
      for (std::size_t i = 0; i < event.args.size(); ++i)
        values.push_back(number_of(found->first[i + 2], system_.pool[event.args[i]].width));
      if (out_.observed_.kinds[event.name].is_unknown) out_.unknown_.insert(values.size() > 1 ? values[1] : 0);
      if (auto label = compare::label_of(out_.observed_, t.actor, event.name, values))
        found->second = label_number(std::move(*label));
    }
    if (found->second != silent && !out_.observed_.kinds[event.name].is_state) note_held(t.actor, found->second);
    return found->second;
  }

  LabelId label_number(Label label) {
    const auto [found, fresh] = numbers_.try_emplace(std::move(label), static_cast<LabelId>(out_.labels_.size()));
    if (fresh) out_.labels_.push_back(found->first);
    return found->second;
  }

  // By lock: 2 held for writing, 1 for reading.
  void note_held(ir::ActorId actor, LabelId label) {
    std::vector<std::uint8_t> modes;
    for (const ir::Lock& lock : system_.locks) {
      const std::size_t a = ir::index(actor);
      const auto holds = [&](const std::vector<ir::ExprId>& by_actor) {
        return a < by_actor.size() && eval::is_true(system_.pool, by_actor[a], *state_);
      };
      modes.push_back(holds(lock.held_write) ? 2 : holds(lock.held_read) ? 1 : 0);
    }
    held_[label].insert(std::move(modes));
  }

  void finish_held() {
    for (const auto& [label, ways] : held_)
      for (const std::vector<std::uint8_t>& modes : ways) {
        HeldLocks locks;
        for (std::size_t i = 0; i < modes.size(); ++i)
          if (modes[i] != 0) locks.insert({system_.locks[i].name, modes[i] == 2});
        out_.held_[label].insert(std::move(locks));
      }
  }

  // Node 0 is the start, then come the states, then what lies between.
  void finish() {
    finish_held();
    const auto place = [&](Node node) {
      return (node & between) != 0 ? 1 + store_.size() + (node & ~between) : 1 + node;
    };
    for (Edge& edge : edges_) {
      edge.from = place(edge.from);
      edge.to = place(edge.to);
    }
    for (const StateId id : starts_) {
      edges_.push_back({0, 1 + id, silent, no_step});
      out_.initial_[1 + id] = layout_.unpack(store_[id]);
    }
    out_.statistics_.states = store_.size();
    out_.statistics_.transitions = enabled_;
    out_.statistics_.bytes = store_.bytes() + edges_.size() * sizeof(Edge);
    out_.statistics_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    out_.graph_ = Graph(1 + store_.size() + nodes_between_, std::move(edges_));
  }

  Behaviour& out_;
  const ir::TransitionSystem& system_;
  const checker::Options& options_;
  bool deadlock_;
  Clock::time_point start_ = Clock::now();
  Layout layout_;
  CompiledSystem compiled_;
  Scratch scratch_;
  DeadlockTest deadlock_test_;
  StateStore store_;
  std::uint32_t room_ = 0;
  std::vector<std::uint64_t> successor_;
  std::vector<std::uint8_t> blocked_;
  std::vector<StateId> starts_;
  Edges edges_;
  std::uint32_t nodes_between_ = 0;
  StateId current_ = 0;
  std::optional<ir::State> state_;  // the current one, once it was needed
  std::uint64_t enabled_ = 0;
  std::unordered_map<std::vector<std::uint64_t>, LabelId, KeyHash> known_;  // actor, event, arguments
  std::map<Label, LabelId> numbers_;
  std::map<LabelId, std::set<std::vector<std::uint8_t>>> held_;
  std::vector<std::vector<std::uint64_t>>
      read_by_labels_;                              // by TransitionId: fields of a state; none: not known beforehand
  StateStore looked_up_;                            // transitions, each with the fields read
  std::vector<std::vector<LabelId>> known_labels_;  // by place in it
  std::vector<LabelId> worked_out_;
  std::vector<std::uint64_t> key_;
  std::vector<std::vector<bool>> inner_;  // by actor and location
  std::vector<Way> ways_;                 // of the actor at hand
  std::uint32_t walks_ = 0;
};

Behaviour Behaviour::of(const ir::TransitionSystem& system, const Observables& observables,
                        const BehaviourOptions& options) {
  Behaviour out;
  out.merged_ = options.merge;
  out.at_once_ = observables.at_once.has_value();
  out.observed_ = observed(system, observables);
  out.reduced_ = reduce(out.observed_, options.merge);
  BehaviourBuilder(out, options, observables.deadlock).run();
  return out;
}

ir::Run Behaviour::run(const std::vector<Edge>& path) const {
  ir::Run run;
  if (path.empty()) {
    run.initial = initial_.begin()->second;
  } else {
    run.initial = initial_.at(path.front().to);
  }
  for (const Edge& edge : path)
    if (edge.step != no_step) run.steps.push_back(static_cast<ir::TransitionId>(edge.step));
  ir::Run lifted = ir::lift(observed_.system, reduced_, run);
  lifted.initial.resize(observed_.variables);
  return lifted;
}

std::vector<std::vector<Label>> Behaviour::labels_of(const ir::Run& run) const {
  ir::Run whole = run;
  for (std::size_t v = whole.initial.size(); v < observed_.system.variables.size(); ++v) whole.initial.push_back(0);
  const auto replayed = eval::replay(observed_.system, whole);
  std::vector<std::vector<Label>> out;
  if (!replayed) return out;
  for (std::size_t i = 0; i < whole.steps.size(); ++i) {
    const ir::Transition& t = observed_.system[whole.steps[i]];
    std::vector<Label>& labels = out.emplace_back();
    const auto fired = eval::events(observed_.system, whole.steps[i], replayed->states[i]);
    for (std::size_t e = 0; e < fired.size(); ++e) {
      std::vector<std::int64_t> values;
      for (std::size_t a = 0; a < fired[e].args.size(); ++a)
        values.push_back(number_of(fired[e].args[a], observed_.system.pool[t.events[e].args[a]].width));
      if (auto label = compare::label_of(observed_, t.actor, fired[e].name, values))
        labels.push_back(std::move(*label));
    }
  }
  return out;
}

}  // namespace hotproof::checker::compare
