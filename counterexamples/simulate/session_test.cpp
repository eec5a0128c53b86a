#include "counterexamples/simulate/session.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "checker/result.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

namespace {

using namespace hotproof;
using namespace hotproof::simulate;

using Kind = PropertyState::Kind;

// What a session knows, for comparing.
struct Known {
  ir::State state;
  std::vector<PropertyState> properties;
  std::vector<ir::TransitionId> enabled;
  std::size_t position = 0;
  std::uint32_t faults = 0;
  friend bool operator==(const Known&, const Known&) = default;
};

Known known(const Session& session) {
  return {session.state(), session.moment().properties, session.enabled(), session.position(), session.moment().faults};
}

// Up to `most` random steps; gives how many were taken.
std::size_t wander(Session& session, std::mt19937& random, std::size_t most) {
  std::size_t taken = 0;
  while (taken < most && !session.enabled().empty()) {
    const auto ways = session.enabled();
    REQUIRE(session.step(ways[random() % ways.size()]).has_value());
    ++taken;
  }
  return taken;
}

// Calls `use` with each of some random systems that has an initial state.
template <class Use>
void for_systems(Use use) {
  std::size_t started = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed);
    auto session = Session::start(system);
    const auto states = eval::initial_states(system, 100'000);
    REQUIRE(states.has_value());
    REQUIRE(session.has_value() != states->empty());
    if (!session) continue;
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    use(system, *session, random);
    ++started;
  }
  CHECK(started > 100);
}

// A system in which the first random walk is long.
template <class Use>
void with_long_walk(std::size_t steps, Use use) {
  bool done = false;
  for_systems([&](const ir::TransitionSystem& system, Session& session, std::mt19937& random) {
    if (done || wander(session, random, steps) < steps) return;
    done = true;
    use(system, session, random);
  });
  CHECK(done);
}

// A property's state, from the history alone and in the obvious way.
PropertyState expected(const ir::TransitionSystem& system, ir::PropertyId id, const ir::Run& run,
                       const std::vector<ir::State>& states) {
  const ir::Property& property = system.properties[ir::index(id)];
  const bool is_cover = property.kind == ir::PropertyKind::cover;
  const bool of_states = property.kind == ir::PropertyKind::invariant || property.kind == ir::PropertyKind::deadlock;
  bool spoken = property.triggers.empty();
  std::uint32_t faults = 0;
  for (std::size_t k = 0; k < states.size(); ++k) {
    if (k > 0) faults += system[run.steps[k - 1]].faults;
    const bool counts = !(is_cover && property.cover_without_faults && faults > 0);
    const bool happens = of_states ? checker::violates(system, id, states[k], std::nullopt)
                                   : k > 0 && checker::violates(system, id, states[k - 1], run.steps[k - 1]);
    if (happens && counts) return {is_cover ? Kind::reached : Kind::violated, k};
    if (k == 0) continue;
    for (const ir::MarkId mark : eval::marks_hit(system, run.steps[k - 1], states[k - 1]))
      spoken = spoken || std::find(property.triggers.begin(), property.triggers.end(), mark) != property.triggers.end();
  }
  if (is_cover) return {property.cover_without_faults && faults > 0 ? Kind::out_of_reach : Kind::not_reached, 0};
  return {spoken ? Kind::holds : Kind::silent, 0};
}

}  // namespace

TEST_CASE("what is enabled is what the interpreter says, and each step leads where it says") {
  std::size_t steps = 0;
  for_systems([&](const ir::TransitionSystem& system, Session& session, std::mt19937& random) {
    for (int i = 0; i < 20; ++i) {
      CHECK(session.enabled() == eval::enabled(system, session.state()));
      std::size_t of_actors = 0;
      for (std::size_t a = 0; a < system.actors.size(); ++a)
        of_actors += session.enabled(static_cast<ir::ActorId>(a)).size();
      CHECK(of_actors == session.enabled().size());
      for (std::size_t t = 0; t < system.transitions.size(); ++t) {
        const auto id = static_cast<ir::TransitionId>(t);
        if (eval::is_enabled(system, id, session.state())) continue;
        const Known before = known(session);
        CHECK_FALSE(session.step(id).has_value());
        CHECK(known(session) == before);
        break;
      }
      const ir::State before = session.state();
      if (wander(session, random, 1) == 0) break;
      CHECK(session.state() == eval::fire(system, session.run().steps.back(), before));
      ++steps;
    }
  });
  CHECK(steps > 1000);
}

TEST_CASE("undo takes back exactly one step, redo takes it again, and a jump is so many of them") {
  for_systems([&](const ir::TransitionSystem&, Session& session, std::mt19937& random) {
    CHECK_FALSE(session.undo());
    CHECK_FALSE(session.redo());
    std::vector<Known> all{known(session)};
    while (wander(session, random, 1) == 1 && all.size() < 25) all.push_back(known(session));
    if (session.position() == all.size()) session.undo();
    for (std::size_t k = all.size() - 1; k > 0; --k) {
      REQUIRE(known(session) == all[k]);
      CHECK(session.undo());
      CHECK(known(session) == all[k - 1]);
      CHECK(session.redo());
      CHECK(known(session) == all[k]);
      CHECK(session.undo());
    }
    for (int i = 0; i < 10; ++i) {
      const std::size_t to = random() % all.size();
      REQUIRE(session.jump(to).has_value());
      CHECK(known(session) == all[to]);
    }
    const Known here = known(session);
    CHECK_FALSE(session.jump(session.branch().steps.size() + 1).has_value());
    CHECK(known(session) == here);
  });
}

TEST_CASE("a history replays to the same state, and properties are what it alone says of them") {
  std::map<Kind, std::size_t> seen;
  for_systems([&](const ir::TransitionSystem& system, Session& session, std::mt19937& random) {
    wander(session, random, 30);
    session.jump(session.position() / 2);
    wander(session, random, 10);
    const ir::Run run = session.run();
    const auto replayed = eval::replay(system, run);
    REQUIRE(replayed.has_value());
    CHECK(replayed->states.back() == session.state());
    for (std::size_t p = 0; p < system.properties.size(); ++p) {
      const PropertyState found = session.moment().properties[p];
      CHECK(found == expected(system, static_cast<ir::PropertyId>(p), run, replayed->states));
      ++seen[found.kind];
    }
    auto again = Session::start(system);
    REQUIRE(again->load("run", run).has_value());
    CHECK(again->position() == 0);
    while (again->redo()) {
    }
    CHECK(known(*again) == known(session));
  });
  for (const Kind kind : {Kind::holds, Kind::violated, Kind::reached, Kind::not_reached}) CHECK(seen[kind] > 0);
}

TEST_CASE("shortest runs to violations break what they should at their last step") {
  std::size_t broken = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed);
    const auto reference = eval::explore(system, 20'000);
    if (!reference) continue;
    for (std::size_t p = 0; p < system.properties.size(); ++p) {
      if (!reference->properties[p]) continue;
      auto session = Session::start(system);
      REQUIRE(session->load("run", reference->properties[p]->run).has_value());
      const std::size_t depth = reference->properties[p]->depth;
      REQUIRE(session->jump(depth).has_value());
      const PropertyState found = session->moment().properties[p];
      CHECK((found.kind == Kind::violated || found.kind == Kind::reached));
      CHECK(found.at == depth);
      const auto& news = found.kind == Kind::violated ? session->moment().broken : session->moment().reached;
      CHECK(std::find(news.begin(), news.end(), static_cast<ir::PropertyId>(p)) != news.end());
      ++broken;
    }
  }
  CHECK(broken > 50);
}

TEST_CASE("branches keep what others do") {
  with_long_walk(6, [&](const ir::TransitionSystem&, Session& session, std::mt19937& random) {
    const Known end = known(session);
    session.jump(3);
    REQUIRE(session.fork("other").has_value());
    CHECK(session.current() == 1);
    CHECK(session.branch().from == 0);
    CHECK(session.branch().forked_at == 3);
    CHECK_FALSE(session.redo());
    wander(session, random, 4);
    REQUIRE(session.switch_to(0).has_value());
    CHECK(session.position() == 3);
    session.jump(6);
    CHECK(known(session) == end);
    CHECK(session.find_branch("other") == 1);
    CHECK_FALSE(session.find_branch("no such"));
    CHECK_FALSE(session.fork("other").has_value());
    CHECK_FALSE(session.switch_to(2).has_value());
    REQUIRE(session.fork().has_value());
    REQUIRE(session.fork().has_value());
    CHECK(session.branches()[2].name != session.branches()[3].name);
  });
}

TEST_CASE("a loaded run is never cut: a step off it makes a branch") {
  std::size_t left = 0;
  for_systems([&](const ir::TransitionSystem&, Session& session, std::mt19937& random) {
    if (wander(session, random, 8) < 8) return;
    const ir::Run run = session.run();
    REQUIRE(session.load("run", run).has_value());
    for (std::size_t k = 0; k < 4; ++k) REQUIRE(session.step(run.steps[k]).has_value());
    CHECK(session.branch().name == "run");
    const auto ways = session.enabled();
    const auto other = std::find_if(ways.begin(), ways.end(), [&](ir::TransitionId t) { return t != run.steps[4]; });
    if (other == ways.end()) return;
    REQUIRE(session.step(*other).has_value());
    CHECK(session.branch().name == "run+1");
    CHECK(session.position() == 5);
    CHECK(session.branches()[1].steps == run.steps);
    session.switch_to(1);
    session.jump(run.steps.size());
    if (!session.enabled().empty()) {
      REQUIRE(session.step(session.enabled().front()).has_value());
      CHECK(session.branch().name == "run+2");
    }
    CHECK(session.branches()[1].steps == run.steps);
    ++left;
  });
  CHECK(left > 20);
}

TEST_CASE("what is no run is not loaded") {
  with_long_walk(1, [&](const ir::TransitionSystem& system, Session& session, std::mt19937&) {
    const Known before = known(session);
    ir::Run run{session.state(), {static_cast<ir::TransitionId>(system.transitions.size())}};
    CHECK_FALSE(session.load("run", run).has_value());
    run = {{}, {}};
    CHECK_FALSE(session.load("run", run).has_value());
    CHECK_FALSE(Session::start(system, ir::State{}).has_value());
    CHECK(known(session) == before);
    CHECK(session.branches().size() == 1);
  });
}

TEST_CASE("helpers stop where somebody has a choice, where nobody can move, and at a violation") {
  std::map<Stop, std::size_t> stops;
  for_systems([&](const ir::TransitionSystem& system, Session& fresh, std::mt19937&) {
    for (std::size_t a = 0; a <= system.actors.size(); ++a) {
      auto session = Session::start(system, fresh.state());
      const bool all = a == system.actors.size();
      const auto actor = static_cast<ir::ActorId>(a);
      const Stop stop = all ? go_on(*session, 50) : go_on(*session, actor, 50);
      ++stops[stop];
      const std::size_t ways = all ? session->enabled().size() : session->enabled(actor).size();
      if (stop == Stop::choice) CHECK(ways > 1);
      if (stop == Stop::stuck) CHECK(ways == 0);
      if (stop == Stop::property) CHECK_FALSE(session->moment().broken.empty());
      if (stop == Stop::limit) CHECK(session->position() == 50);
      for (const ir::TransitionId step : session->run().steps)
        if (!all) CHECK(system[step].actor == actor);
      // No choice was taken for anybody.
      for (std::size_t k = 0; k < session->branch().at; ++k) {
        const auto there = eval::enabled(system, session->branch().moments[k].state);
        CHECK(std::count_if(there.begin(), there.end(),
                            [&](ir::TransitionId t) { return all || system[t].actor == actor; }) == 1);
      }
    }
  });
  for (const Stop stop : {Stop::choice, Stop::stuck, Stop::property, Stop::limit}) CHECK(stops[stop] > 0);
}

TEST_CASE("forward and back stop at what is asked for") {
  with_long_walk(12, [&](const ir::TransitionSystem&, Session& session, std::mt19937&) {
    session.jump(0);
    const auto at = [](std::size_t k) { return [k](const Session& s) { return s.position() == k; }; };
    std::vector<std::size_t> violations;
    while (session.position() < 7) {
      const Stop stop = forward(session, at(7));
      if (stop == Stop::property) violations.push_back(session.position());
      REQUIRE((stop == Stop::property || session.position() == 7));
    }
    for (const std::size_t k : violations) CHECK_FALSE(session.branch().moments[k].broken.empty());
    CHECK(back(session, at(2)) == Stop::asked);
    CHECK(session.position() == 2);
    CHECK(back(session, at(5)) == Stop::end);
    CHECK(session.position() == 0);
    CHECK(back(session, at(0)) == Stop::end);
    session.jump(12);
    CHECK(forward(session, at(12)) == Stop::end);
  });
}
