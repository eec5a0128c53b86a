// Interchangeable actors: the search that meets one state of many, against the one that meets all, and the verifier, which
// shows for itself that they may change places.
#include <doctest/doctest.h>

#include "checker/certify/certify.hpp"
#include "checker/certify/evidence.hpp"
#include "checker/explicit/explorer.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"
#include "model/eval/twins.hpp"
#include "model/ir/symmetry/symmetry.hpp"
#include "model/ir/text.hpp"
#include "verify/certificate.hpp"
#include "verify/check.hpp"
#include "verify/exchange.hpp"

namespace hotproof::checker::certify {

namespace {

constexpr eval::RandomShape small{.most_actors = 2, .most_locations = 5, .most_bits = 6, .most_locks = 1};

Result explored(const ir::TransitionSystem& system, bool symmetry) {
  Options options;
  options.symmetry = symmetry;
  return explore(system, options);
}

Header header_of_twins() { return {"a test", "twins", {}, {}, {}}; }

verify::System as_read(const ir::TransitionSystem& system) {
  auto read = verify::read_system(ir::write(system));
  REQUIRE_MESSAGE(read.has_value(), read.error().message);
  return std::move(*read);
}

verify::Exchangeable as_claimed(const ir::TransitionSystem& system, const ir::Interchangeable& actors) {
  Result result;
  ReachedStates states;
  states.places.resize(system.variables.size());
  states.interchangeable = {actors};
  result.states = std::make_shared<ReachedStates>(states);
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    PropertyResult& property = result.properties.emplace_back();
    property.property = static_cast<ir::PropertyId>(i);
    property.verdict = system.properties[i].kind == ir::PropertyKind::deadlock ? Verdict::proved : Verdict::inconclusive;
  }
  return gather(system, result).evidence.all_states.value().exchangeable.front();
}

}  // namespace

TEST_CASE("actors that may change places: verdicts and lengths stay, states become fewer, all is accepted, and a file too") {
  std::size_t classes = 0, systems = 0, states = 0, met = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto system = eval::with_twins(eval::random_system(seed, small), 1 + seed % 2);
    if (!system) continue;
    CAPTURE(seed);
    REQUIRE(ir::fault_in(*system).value_or("") == "");
    const Result all = explored(*system, false), some = explored(*system, true);
    if (!all.complete || all.statistics.states > 100'000) continue;
    ++systems;
    REQUIRE(some.complete);
    if (!some.states->interchangeable.empty()) ++classes;
    states += all.statistics.states;
    met += some.statistics.states;
    for (std::size_t i = 0; i < all.properties.size(); ++i) {
      CHECK(some.properties[i].verdict == all.properties[i].verdict);
      CHECK(some.properties[i].depth == all.properties[i].depth);
    }
    const Judged judged = judge(*system, some, {});
    CHECK(judged.rejected == "");
    for (std::size_t i = 0; i < all.properties.size(); ++i) CHECK(judged.unchecked[i] == "");
    const auto certificate = verify::read_certificate(written(*system, some, header_of_twins()));
    REQUIRE_MESSAGE(certificate.has_value(), certificate.error().line, ": ", certificate.error().message);
    CHECK(verify::check(certificate->system, certificate->evidence, {}).whole.why == "");
  }
  CHECK(systems > 80);
  CHECK(classes == systems);
  CHECK(met * 3 < states * 2);
}

TEST_CASE("an invariant may speak of many locks, and of each twin") {
  auto twins = eval::with_twins(eval::random_system(5, small), 1);
  REQUIRE(twins);
  ir::ExprPool& pool = twins->pool;
  // More locks than their values could be tried together; nobody takes them.
  std::vector<ir::ExprId> parts;
  for (int i = 0; i < 20; ++i) {
    ir::Variable owner{.name = "more" + std::to_string(i), .width = 2, .role = ir::Role::lock};
    const ir::VarId var = twins->add_variable(owner);
    ir::Lock lock{"more" + std::to_string(i), ir::Lock::Kind::mutex, false, {}, {}};
    for (std::size_t a = 0; a < twins->actors.size(); ++a) {
      lock.held_write.push_back(pool.eq(twins->read(var), pool.constant(a + 1, 2)));
      lock.held_read.push_back(pool.truth(false));
    }
    parts.push_back(pool.not_(lock.held_write.front()));
    parts.push_back(pool.not_(lock.held_write.back()));
    twins->locks.push_back(lock);
  }
  ir::Property nobody;
  nobody.id = "nobody";
  nobody.kind = ir::PropertyKind::invariant;
  nobody.expr = pool.all(parts);
  twins->properties.push_back(nobody);
  REQUIRE(ir::fault_in(*twins).value_or("") == "");
  const Result some = explored(*twins, true);
  CHECK_FALSE(some.states->interchangeable.empty());
  CHECK(some.properties.back().verdict == Verdict::proved);
  CHECK(judge(*twins, some, {}).rejected == "");
}

TEST_CASE("whoever is no twin is not taken for one, by the search or by the verifier") {
  std::size_t refused = 0, claimed = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto twins = eval::with_twins(eval::random_system(seed, small), 1);
    if (!twins) continue;
    const auto before = ir::interchangeable_actors(*twins);
    if (before.empty()) continue;
    CAPTURE(seed);
    // The last transition is one of the copy.
    for (int change = 0; change < 4; ++change) {
      CAPTURE(change);
      ir::TransitionSystem system = *twins;
      ir::Transition& last = system.transitions[system.transitions.size() - 1 - seed % 3];
      if (last.actor != static_cast<ir::ActorId>(system.actors.size() - 1)) continue;
      if (change == 0) last.to = (last.to + 1) % system.actors.back().locations;
      if (change == 1) last.faults = last.faults == 0 ? 1 : 0;
      if (change == 2) last.guard = system.pool.not_(last.guard);
      if (change == 3) system.transitions.erase(system.transitions.begin() + (&last - system.transitions.data()));
      const auto wrong = verify::not_exchangeable(as_read(system), as_claimed(system, before.front()));
      const auto after = ir::interchangeable_actors(system);
      ++claimed;
      if (wrong) ++refused;
      const bool still = std::any_of(after.begin(), after.end(),
                                     [&](const auto& actors) { return actors.members == before.front().members; });
      CHECK(still == !wrong.has_value());
      // One of two equal transitions, or one that cannot be told apart, may change without harm: then all must be as before.
      const Result all = explored(system, false), some = explored(system, true);
      for (std::size_t i = 0; i < all.properties.size() && all.complete; ++i) {
        CHECK(some.properties[i].verdict == all.properties[i].verdict);
        CHECK(some.properties[i].depth == all.properties[i].depth);
      }
    }
  }
  CHECK(claimed > 300);
  CHECK(refused * 10 > claimed * 9);
}

TEST_CASE("a claim about exchanges that makes no sense is refused with a reason") {
  const auto twins = eval::with_twins(eval::random_system(5, small), 1);
  REQUIRE(twins);
  const verify::System system = as_read(*twins);
  const verify::Exchangeable right = as_claimed(*twins, ir::interchangeable_actors(*twins).at(0));
  CHECK_FALSE(verify::not_exchangeable(system, right));
  verify::Exchangeable wrong = right;
  wrong.members[1] = wrong.members[0];
  CHECK(verify::not_exchangeable(system, wrong) == "two actors at least, each once, were expected");
  wrong = right;
  wrong.members[1] = 1000;
  CHECK(verify::not_exchangeable(system, wrong) == "two actors at least, each once, were expected");
  wrong = right;
  wrong.own.push_back(wrong.own.front());
  CHECK(verify::not_exchangeable(system, wrong) == "a variable stands there twice, or has no owner");
  wrong = right;
  wrong.own.erase(wrong.own.begin());
  CHECK(verify::not_exchangeable(system, wrong).has_value());
  wrong = right;
  wrong.marks.push_back({1'000, {0, 1}});
  CHECK(verify::not_exchangeable(system, wrong) == "a variable stands there twice, or has no bit for each actor");
  wrong = right;
  wrong.names.push_back({1'000, {0, 1}});
  CHECK(verify::not_exchangeable(system, wrong) == "a variable stands there twice, or does not name each actor");
}

}  // namespace hotproof::checker::certify
