#include "checker/fate/fate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "checker/explicit/explorer.hpp"
#include "checker/explicit/test_systems.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using namespace hotproof::checker;
using checker::explicit_state::testing::SystemBuilder;

namespace {

// Brute force by the interpreter, over named states, with another algorithm: for each set of actors that may move for
// ever, whether they can in a circle.
class Reference {
 public:
  Reference(const ir::TransitionSystem& system, ir::PropertyId property, const ir::State& initial)
      : system_(system), property_(property) {
    meet(initial);
    for (std::size_t i = 0; i < states_.size(); ++i) expand(i);
    const std::size_t n = states_.size();
    good_.assign(n, false);
    for (std::size_t s = 0; s < n; ++s) good_[s] = !bad_[s] && wanting(s).empty();
    for (std::size_t s = 0; s < n; ++s)
      if (std::any_of(system.actors.begin(), system.actors.end(), [&](const ir::Actor& actor) {
            const auto at = states_[s][ir::index(actor.control)];
            return std::find(actor.halted.begin(), actor.halted.end(), at) != actor.halted.end();
          }))
        good_[s] = !bad_[s];
    for (std::uint32_t moving = 1; moving < 1U << system.actors.size(); ++moving) add_circles(moving);
    for (bool more = true; more;) {
      more = false;
      for (const Step& e : steps_)
        if (!e.violates && good_[e.to] && !good_[e.from] && !bad_[e.from]) good_[e.from] = more = true;
    }
  }

  bool avoidable(const ir::State& state) const { return good_[number_.at(state)]; }
  std::size_t size() const { return states_.size(); }
  bool violates(const ir::State& from, ir::TransitionId fired) const {
    return checker::violates(system_, property_, from, fired);
  }

 private:
  struct Step {
    std::size_t from, to, actor;
    bool violates;
  };
  std::size_t meet(const ir::State& state) {
    const auto [at, fresh] = number_.try_emplace(state, states_.size());
    if (fresh) {
      states_.push_back(state);
      const auto kind = system_.properties[ir::index(property_)].kind;
      const bool of_state = kind == ir::PropertyKind::invariant || kind == ir::PropertyKind::deadlock;
      bad_.push_back(of_state && checker::violates(system_, property_, state, std::nullopt));
    }
    return at->second;
  }
  void expand(std::size_t s) {
    if (bad_[s]) return;
    const ir::State state = states_[s];
    const bool of_step = system_.properties[ir::index(property_)].kind == ir::PropertyKind::assertion;
    for (const ir::TransitionId id : eval::enabled(system_, state)) {
      const bool breaks = of_step && checker::violates(system_, property_, state, id);
      steps_.push_back({s, meet(eval::fire(system_, id, state)), ir::index(system_[id].actor), breaks});
    }
  }
  std::set<std::size_t> wanting(std::size_t s) const {
    std::set<std::size_t> out;
    for (const Step& e : steps_) {
      const ir::Actor& actor = system_.actors[e.actor];
      const auto at = states_[s][ir::index(actor.control)];
      if (e.from == s && std::find(actor.resting.begin(), actor.resting.end(), at) == actor.resting.end())
        out.insert(e.actor);
    }
    return out;
  }
  void add_circles(std::uint32_t moving) {
    const std::size_t n = states_.size();
    std::vector<bool> allowed(n);
    for (std::size_t s = 0; s < n; ++s) {
      const auto wants = wanting(s);
      allowed[s] = !bad_[s] && std::all_of(wants.begin(), wants.end(), [&](std::size_t a) { return moving >> a & 1U; });
    }
    std::vector<std::vector<bool>> reach(n, std::vector<bool>(n, false));
    std::vector<Step> kept;
    for (const Step& e : steps_)
      if (!e.violates && allowed[e.from] && allowed[e.to] && (moving >> e.actor & 1U)) kept.push_back(e);
    for (const Step& e : kept) reach[e.from][e.to] = true;
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; reach[i][k] && j < n; ++j)
          if (reach[k][j]) reach[i][j] = true;
    for (std::size_t s = 0; s < n; ++s) {
      std::uint32_t seen = 0;
      for (const Step& e : kept)
        if ((e.from == s || reach[s][e.from]) && (e.to == s || reach[e.to][s])) seen |= 1U << e.actor;
      if (seen == moving) good_[s] = true;
    }
  }

  const ir::TransitionSystem& system_;
  ir::PropertyId property_;
  std::map<ir::State, std::size_t> number_;
  std::vector<ir::State> states_;
  std::vector<bool> bad_, good_;
  std::vector<Step> steps_;
};

// Brute force for preventions: whether a violation is met without the steps of which `leaves_out` is true.
template <class LeavesOut>
bool violation_met(const ir::TransitionSystem& system, ir::PropertyId property, const ir::State& initial,
                   LeavesOut leaves_out) {
  std::set<ir::State> met{initial};
  std::vector<ir::State> open{initial};
  while (!open.empty()) {
    const ir::State state = open.back();
    open.pop_back();
    const auto kind = system.properties[ir::index(property)].kind;
    if (kind != ir::PropertyKind::assertion && violates(system, property, state, std::nullopt)) return true;
    for (const ir::TransitionId id : eval::enabled(system, state)) {
      if (leaves_out(state, id)) continue;
      if (kind == ir::PropertyKind::assertion && violates(system, property, state, id)) return true;
      ir::State next = eval::fire(system, id, state);
      if (met.insert(next).second) open.push_back(std::move(next));
    }
  }
  return false;
}

// Whether the violation is met although nobody but the actor moves between its steps `first` and `last`, unless it waits.
bool met_together(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run, std::size_t first,
                  std::size_t last) {
  const ir::ActorId actor = system[run.steps[first]].actor;
  std::set<std::uint64_t> inside;
  for (std::size_t i = first; i < last; ++i)
    if (system[run.steps[i]].actor == actor) inside.insert(system[run.steps[i]].to);
  const auto leaves_out = [&](const ir::State& state, ir::TransitionId id) {
    if (system[id].actor == actor || !inside.contains(state[ir::index(system.actors[ir::index(actor)].control)]))
      return false;
    const auto able = eval::enabled(system, state);
    return std::any_of(able.begin(), able.end(), [&](ir::TransitionId t) { return system[t].actor == actor; });
  };
  return violation_met(system, property, run.initial, leaves_out);
}

void check_stretch(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run,
                   const fate::Prevention& p) {
  REQUIRE_FALSE(met_together(system, property, run, p.first, p.last));
  // A shorter one does not do.
  const ir::ActorId actor = system[run.steps[p.first]].actor;
  std::vector<std::size_t> inner;
  for (std::size_t i = p.first; i <= p.last; ++i)
    if (system[run.steps[i]].actor == actor) inner.push_back(i);
  REQUIRE(inner.size() > 1);
  if (inner.size() == 2) return;
  REQUIRE(met_together(system, property, run, inner[1], inner.back()));
  REQUIRE(met_together(system, property, run, inner.front(), inner[inner.size() - 2]));
}

void check_against_reference(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run,
                             std::size_t& decisive, std::array<std::size_t, 3>& prevented) {
  const fate::StateGraph graph(system, property, run.initial, {}, 100'000);
  REQUIRE(graph.complete());
  if (graph.size() > 120) return;
  const Reference reference(system, property, run.initial);
  REQUIRE(reference.size() == graph.size());
  const std::vector<bool> avoidable = fate::avoidable(graph);
  for (fate::StateId s = 0; s < graph.size(); ++s) REQUIRE(avoidable[s] == reference.avoidable(graph.state(s)));

  const fate::Fates fates = fate::fates(graph, avoidable, run);
  const auto replayed = eval::replay(system, run);
  REQUIRE(replayed);
  REQUIRE(fates.steps.size() == run.steps.size());
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const ir::State& state = replayed->states[i];
    bool other = false;
    for (const ir::TransitionId id : eval::enabled(system, state))
      other |= id != run.steps[i] && !reference.violates(state, id) &&
               reference.avoidable(eval::fire(system, id, state));
    if (reference.avoidable(state)) last = i;
    const auto expected = !reference.avoidable(state) ? fate::StepFate::fated
                          : other                     ? fate::StepFate::free
                                                      : fate::StepFate::only;
    REQUIRE(fates.steps[i] == expected);
  }
  REQUIRE(fates.no_return == last);
  if (last) ++decisive;
  if (fates.good) {
    const auto good = eval::replay(system, *fates.good);
    REQUIRE(good);
    for (std::size_t i = 0; i < fates.good->steps.size(); ++i) {
      REQUIRE(reference.avoidable(good->states[i]));
      REQUIRE_FALSE(reference.violates(good->states[i], fates.good->steps[i]));
    }
    REQUIRE(reference.avoidable(good->states.back()));
  }
  for (const fate::Prevention& p : fate::preventions(graph, run)) {
    ++prevented[static_cast<std::size_t>(p.kind)];
    const ir::Transition& first = system[run.steps[p.first]];
    if (p.kind == fate::Prevention::Kind::together) check_stretch(system, property, run, p);
    if (p.kind == fate::Prevention::Kind::actor)
      REQUIRE_FALSE(violation_met(system, property, run.initial, [&](const ir::State&, ir::TransitionId id) {
        return system[id].actor == first.actor;
      }));
    if (p.kind == fate::Prevention::Kind::choice)
      REQUIRE_FALSE(violation_met(system, property, run.initial, [&](const ir::State&, ir::TransitionId id) {
        return system[id].choice == first.choice && system[id].text == first.text && system[id].faults == first.faults;
      }));
  }
}

}  // namespace

TEST_CASE("free and fated steps and the way out are those of brute force") {
  std::size_t decisive = 0;
  std::array<std::size_t, 3> prevented{};  // by kind
  for (std::uint64_t seed = 0; seed < 900; ++seed) {
    eval::RandomShape shape;
    shape.most_bits = 6;
    const ir::TransitionSystem system = eval::random_system(seed, shape);
    const auto found = explore(system, {});
    for (const PropertyResult& property : found.properties) {
      const auto kind = system.properties[ir::index(property.property)].kind;
      if (property.verdict != Verdict::violated || kind == ir::PropertyKind::cover) continue;
      CAPTURE(seed);
      CAPTURE(system.properties[ir::index(property.property)].id);
      check_against_reference(system, property.property, *property.run, decisive, prevented);
    }
  }
  MESSAGE(decisive << " runs with a point of no return, " << prevented[0] << " choices, " << prevented[1]
                   << " actors and " << prevented[2] << " stretches that prevent");
  CHECK(decisive > 100);
  CHECK(prevented[1] > 20);
  CHECK(prevented[2] > 20);
}

namespace {

// A worker does its work unless it was refused on the way, which it forgets to undo; a reader looks in between.
struct Story {
  SystemBuilder builder;
  ir::ActorId worker, reader;
  Story() {
    worker = builder.actor("worker", 5, {0});
    reader = builder.actor("reader", 2, {0});
    const ir::VarId ready = builder.variable("ready", 1, 0, 1);
    builder.system.variables.back().high = 1;
    builder.step(worker, 0, 1, "begin");
    ir::Transition& refused = builder.step(worker, 1, 2, "refused");
    refused.choice = ir::Choice::fault;
    refused.faults = 1;
    builder.step(worker, 1, 3, "allowed").choice = ir::Choice::fault;
    builder.step(worker, 2, 4, "returns");
    ir::Transition& done = builder.step(worker, 4, 0, "forgets");
    builder.property(ir::PropertyKind::assertion, "undone");
    done.assertions.push_back({ir::PropertyId{0}, builder.system.pool.truth(false)});
    builder.step(worker, 3, 0, "done");
    builder.step(reader, 0, 1, "looks").guard = builder.is(ready, 0);
    builder.step(reader, 1, 0, "leaves");
    // What the engines call a true guard.
    for (ir::Transition& t : builder.system.transitions)
      if (ir::index(t.guard) == 0) t.guard = builder.system.pool.truth(true);
    builder.system.initial_condition = builder.system.pool.truth(true);
  }
};

}  // namespace

TEST_CASE("the refusal is the point of no return, the others' steps are no way out") {
  const Story story;
  const ir::TransitionSystem& system = story.builder.system;
  const auto found = explore(system, {});
  REQUIRE(found.properties[0].verdict == Verdict::violated);
  const ir::Run& run = *found.properties[0].run;
  REQUIRE(run.steps.size() == 4);
  const fate::StateGraph graph(system, ir::PropertyId{0}, run.initial, {}, 1000);
  REQUIRE(graph.complete());
  const fate::Fates fates = fate::fates(graph, fate::avoidable(graph), run);
  REQUIRE(fates.no_return);
  CHECK(system[run.steps[*fates.no_return]].text == "refused");
  // Behind it the reader may go round for ever, but the worker comes to its end.
  CHECK(fates.steps == std::vector<fate::StepFate>{fate::StepFate::free, fate::StepFate::free, fate::StepFate::fated,
                                                   fate::StepFate::fated});
  REQUIRE(fates.good);
  CHECK(system[fates.good->steps[1]].text == "allowed");
  CHECK(fates.good->steps.size() == 3);
  const auto prevented = fate::preventions(graph, run);
  REQUIRE(prevented.size() == 1);
  CHECK(prevented[0].kind == fate::Prevention::Kind::choice);
  CHECK(prevented[0].first == 1);
}

TEST_CASE("a graph that is too large says so") {
  const auto builder = checker::explicit_state::testing::counters(3, 100);
  ir::TransitionSystem system = builder.system;
  ir::Property property;
  property.id = "p";
  property.expr = system.pool.truth(true);
  system.properties = {property};
  const auto initial = eval::initial_states(system, 10);
  REQUIRE(initial);
  const fate::StateGraph graph(system, ir::PropertyId{0}, initial->front(), {}, 1000);
  CHECK_FALSE(graph.complete());
  CHECK(graph.stopped_by() == "1000 states");
}
