#include "checker/liveness/graph.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

#include "checker/explicit/bytecode.hpp"
#include "checker/explicit/search.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::liveness {

using namespace explicit_state;

namespace {

constexpr std::uint32_t states_between_polls = 1024;
constexpr std::uint32_t most_states = 1U << 30U;  // a state and an end each
constexpr std::size_t most_initial_states = 1U << 20U;
constexpr std::size_t bits_a_word = 64;

bool is_among(const std::vector<ir::Location>& places, ir::Location location) {
  return std::find(places.begin(), places.end(), location) != places.end();
}

bool wins_lock(const ir::TransitionSystem& system, const ir::Transition& t) {
  if (!t.lock || t.lock_effect == ir::LockEffect::none || t.lock_effect == ir::LockEffect::releases) return false;
  // Who tries and does not get it changes no lock.
  return t.lock_effect == ir::LockEffect::acquires ||
         std::any_of(t.updates.begin(), t.updates.end(),
                     [&](const ir::Update& update) { return system[update.var].role == ir::Role::lock; });
}

}  // namespace

Fairness fairness_of(const ir::TransitionSystem& system, const ir::Assumptions& assumptions) {
  Fairness out;
  std::map<std::tuple<ir::ActorId, ir::Location, ir::LockClaim>, std::uint32_t> locks;
  for (const ir::Transition& t : system.transitions) {
    const bool must = t.faults == 0 && !is_among(system.actors[ir::index(t.actor)].resting, t.from);
    out.must.push_back(must);
    out.group.push_back(Fairness::none);
    if (!must) continue;
    if (assumptions.locks && wins_lock(system, t)) {
      const auto [entry, fresh] = locks.try_emplace({t.actor, t.from, *t.lock}, out.groups);
      if (fresh) ++out.groups;
      out.group.back() = entry->second;
    } else if (assumptions.choices && t.choice == ir::Choice::free) {
      out.group.back() = out.groups++;
    }
  }
  return out;
}

class Graph::Builder : private SilentSink {
 public:
  Builder(Graph& graph, const Options& options)
      : graph_(graph),
        system_(graph.question_->system),
        options_(options),
        fairness_(fairness_of(system_, {})),
        compiled_(system_, graph.layout_, {.faults = true, .assertions = false, .marks = {}}, demands()),
        scratch_(compiled_.scratch()),
        successor_(graph.layout_.words()),
        atom_of_mark_(system_.marks.size()),
        atom_of_property_(system_.properties.size()),
        letter_((graph.question_->atoms.size() + bits_a_word - 1) / bits_a_word) {
    const auto& atoms = graph.question_->atoms;
    for (std::uint32_t i = 0; i < atoms.size(); ++i) {
      if (atoms[i].is_event)
        atom_of_mark_[ir::index(atoms[i].event)].push_back(i);
      else
        atom_of_property_[ir::index(atoms[i].state)].push_back(i);
    }
    for (const ir::Actor& actor : system_.actors) {
      halting_.emplace_back(actor.locations, false);
      for (const ir::Location at : actor.halted) halting_.back()[at] = true;
    }
    graph_.reached_.assign(system_.marks.size(), false);
  }

  void build() {
    if (start()) explore();
    if (!graph_.complete()) forget_last();
    graph_.first_.resize(std::size_t{graph_.store_.size()} + 1, graph_.edges_.size());
    graph_.must_move_.resize(graph_.store_.size(), 0);
    graph_.end_letter_.resize(graph_.store_.size(), goes_on);
  }

 private:
  friend class explicit_state::CompiledSystem;

  void explore() {
    StateId level_end = graph_.store_.size();
    for (StateId id = 0; id < graph_.store_.size() && graph_.complete(); ++id) {
      if (id == level_end) {
        level_end = graph_.store_.size();
        ++graph_.depth_;
      }
      if (id % states_between_polls == 0) poll();
      graph_.first_.push_back(graph_.edges_.size());
      expand(id);
    }
  }

  // The state that was looked at when the search stopped is one that was not looked at.
  void forget_last() {
    if (graph_.first_.empty()) return;
    graph_.edges_.resize(graph_.first_.back());
    graph_.must_move_.resize(graph_.first_.size() - 1);
    graph_.end_letter_.resize(graph_.first_.size() - 1);
  }

  std::vector<Demand> demands() const {
    std::vector<Demand> out;
    for (std::size_t i = 0; i < system_.properties.size(); ++i)
      out.push_back({static_cast<ir::PropertyId>(i), system_.properties[i].expr});
    return out;
  }

  bool start() {
    const auto initial = eval::initial_states(system_, most_initial_states);
    if (!initial) {
      graph_.stopped_by_ = initial.error().message;
      return false;
    }
    for (const ir::State& state : *initial) {
      if (graph_.layout_.pack(state, successor_.data())) {
        graph_.stopped_by_ = "a start outside the declared ranges";
        return false;
      }
      meet();
    }
    graph_.initial_states_ = graph_.store_.size();
    return graph_.complete();
  }

  StateId meet() {
    StateStore& store = graph_.store_;
    if (store.size() >= most_states) graph_.stopped_by_ = "memory limit";
    if (store.size() % states_between_polls == 0 && !store.reserve(states_between_polls + 1))
      graph_.stopped_by_ = "memory limit";
    if (!graph_.complete()) return 0;
    return store.insert(successor_.data(), hash_words(successor_.data(), graph_.layout_.words())).id;
  }

  void poll() {
    if (options_.interrupted != nullptr && *options_.interrupted) graph_.stopped_by_ = "interrupted";
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    if (options_.limits.seconds > 0 && seconds > options_.limits.seconds) graph_.stopped_by_ = "time limit";
    if (options_.limits.bytes > 0 && graph_.bytes() > options_.limits.bytes) graph_.stopped_by_ = "memory limit";
    if (options_.progress && seconds - told_ > 0.2) {
      told_ = seconds;
      options_.progress({graph_.depth_, graph_.store_.size(), 0, seconds});
    }
  }

  void expand(StateId id) {
    // The store moves nothing, so the pointer stays good while successors are added.
    const std::uint64_t* const state = graph_.store_[id];
    std::fill(letter_.begin(), letter_.end(), 0);
    for (const auto& atoms : atom_of_property_)
      for (const std::uint32_t atom : atoms) letter_[atom / bits_a_word] |= bit(atom);
    compiled_.check_state(state, scratch_, *this);
    of_state_ = letter_;
    must_ = 0;
    bool halted = false;
    for (std::size_t actor = 0; actor < system_.actors.size(); ++actor)
      halted |= halting_[actor][compiled_.location(actor, state)];
    if (!halted)
      for (std::size_t actor = 0; actor < system_.actors.size(); ++actor)
        compiled_.successors(actor, state, scratch_, *this);
    graph_.must_move_.push_back(must_);
    graph_.end_letter_.push_back(halted || must_ != 0 ? goes_on : number_of_letter());
  }

  static std::uint64_t bit(std::uint32_t atom) { return std::uint64_t{1} << atom % bits_a_word; }

  std::uint32_t number_of_letter() {
    const auto [entry, fresh] = numbers_.try_emplace(letter_, static_cast<std::uint32_t>(graph_.letters_.size()));
    if (fresh) graph_.letters_.push_back(letter_);
    return entry->second;
  }

  // What compiled programs say. Of a transition, what it hits is said before it fires.
  std::uint64_t* next() { return successor_.data(); }
  void broken(ir::PropertyId property, const ir::TransitionId* fired) {
    if (fired != nullptr) return;
    for (const std::uint32_t atom : atom_of_property_[ir::index(property)]) letter_[atom / bits_a_word] &= ~bit(atom);
  }
  void reached(ir::MarkId mark, ir::TransitionId fired) {
    if (fired != hitting_) {
      letter_ = of_state_;
      hitting_ = fired;
    }
    graph_.reached_[ir::index(mark)] = true;
    for (const std::uint32_t atom : atom_of_mark_[ir::index(mark)]) letter_[atom / bits_a_word] |= bit(atom);
  }
  void fired(ir::TransitionId id, const std::uint64_t*) {
    if (hitting_ != id) letter_ = of_state_;
    const StateId to = meet();
    graph_.edges_.push_back({to, static_cast<std::uint32_t>(ir::index(id)), number_of_letter()});
    if (fairness_.must[ir::index(id)]) must_ |= std::uint64_t{1} << ir::index(system_[id].actor);
    letter_ = of_state_;
    hitting_ = nobody;
  }
  void left_range(ir::VarId var, std::uint64_t value, ir::TransitionId) {
    graph_.stopped_by_ = left_range_text(system_, var, value);
  }

  using Clock = std::chrono::steady_clock;
  static constexpr auto nobody = static_cast<ir::TransitionId>(no_transition);
  Graph& graph_;
  const ir::TransitionSystem& system_;
  const Options& options_;
  Fairness fairness_;
  CompiledSystem compiled_;
  Scratch scratch_;
  std::vector<std::uint64_t> successor_;
  std::vector<std::vector<std::uint32_t>> atom_of_mark_, atom_of_property_;
  std::vector<std::vector<bool>> halting_;  // by actor, by location
  std::vector<std::uint64_t> letter_, of_state_;
  std::map<std::vector<std::uint64_t>, std::uint32_t> numbers_;
  ir::TransitionId hitting_ = nobody;
  std::uint64_t must_ = 0;
  double told_ = 0;
  Clock::time_point start_ = Clock::now();
};

Graph::Graph(const ir::TemporalQuestion& question, const Options& options)
    : question_(&question), layout_(question.system), store_(layout_.words()) {
  if (question.system.actors.size() > bits_a_word) {
    stopped_by_ = "more than 64 actors";
    return;
  }
  Builder(*this, options).build();
}

std::uint64_t Graph::bytes() const {
  return store_.bytes() + edges_.capacity() * sizeof(Step) + first_.capacity() * sizeof(std::uint64_t) +
         end_letter_.capacity() * sizeof(std::uint32_t) + must_move_.capacity() * sizeof(std::uint64_t);
}

ReachedStates Graph::packed() const {
  ReachedStates out;
  out.words = layout_.words();
  for (std::size_t v = 0; v < question_->system.variables.size(); ++v) {
    const Field& field = layout_[static_cast<ir::VarId>(v)];
    out.places.push_back({field.word, field.shift});
  }
  out.pieces = store_.pieces();
  return out;
}

}  // namespace hotproof::checker::liveness
