#include "checker/explicit/bytecode.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "checker/explicit/test_systems.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"

using namespace hotproof;
using namespace hotproof::checker::explicit_state;

namespace {

// All that happens in one state, as the compiled system says it and as the interpreter does.
struct Happens {
  std::map<ir::TransitionId, ir::State> fired;
  std::set<std::pair<ir::TransitionId, ir::PropertyId>> broken;
  std::set<std::pair<ir::TransitionId, ir::MarkId>> reached;
  std::set<ir::PropertyId> broken_by_state;
  friend bool operator==(const Happens&, const Happens&) = default;
};

struct Recorder : SilentSink {
  explicit Recorder(const Layout& layout_used) : layout(layout_used), successor(layout.words()) {}
  std::uint64_t* next() { return successor.data(); }
  void fired(ir::TransitionId id, const std::uint64_t* words) { happens.fired[id] = layout.unpack(words); }
  void broken(ir::PropertyId id, const ir::TransitionId* fired) {
    if (fired != nullptr)
      happens.broken.emplace(*fired, id);
    else
      happens.broken_by_state.insert(id);
  }
  void reached(ir::MarkId mark, ir::TransitionId fired) { happens.reached.emplace(fired, mark); }
  const Layout& layout;
  std::vector<std::uint64_t> successor;
  Happens happens;
};

Happens interpreted(const ir::TransitionSystem& system, const ir::State& state) {
  Happens out;
  for (const ir::TransitionId id : eval::enabled(system, state)) {
    out.fired[id] = eval::fire(system, id, state);
    for (const ir::PropertyId property : eval::failed_assertions(system, id, state)) out.broken.emplace(id, property);
    for (const ir::MarkId mark : eval::marks_hit(system, id, state)) out.reached.emplace(id, mark);
  }
  for (std::size_t i = 0; i < system.properties.size(); ++i)
    if (system.properties[i].kind == ir::PropertyKind::invariant &&
        !eval::is_true(system.pool, system.properties[i].expr, state))
      out.broken_by_state.insert(static_cast<ir::PropertyId>(i));
  return out;
}

ir::State declared_initial_state(const ir::TransitionSystem& system) {
  ir::State out;
  for (const ir::Variable& variable : system.variables)
    out.push_back(eval::in_range(variable, variable.initial) ? variable.initial : variable.low);
  return out;
}

// Compares in every reachable state, at most `limit` of them; gives how many were compared.
std::size_t compare(const ir::TransitionSystem& system, const Layout& layout, std::size_t limit) {
  std::vector<Demand> demands;
  for (std::size_t i = 0; i < system.properties.size(); ++i)
    if (system.properties[i].kind == ir::PropertyKind::invariant)
      demands.push_back({static_cast<ir::PropertyId>(i), system.properties[i].expr});
  const CompiledSystem compiled(system, layout, {}, demands);
  Scratch scratch = compiled.scratch();
  std::set<ir::State> seen;
  if (const auto initial = eval::initial_states(system, 2'000)) {
    seen.insert(initial->begin(), initial->end());
  } else {
    seen.insert(declared_initial_state(system));  // too many: one of them, or one that might be, serves as well
  }
  std::vector<ir::State> open(seen.begin(), seen.end());
  std::vector<std::uint64_t> words(layout.words());
  std::size_t compared = 0;
  for (; !open.empty() && compared < limit; ++compared) {
    const ir::State state = open.back();
    open.pop_back();
    const bool packed = layout.pack(state, words.data()) == std::nullopt;
    Recorder recorder(layout);
    for (std::size_t actor = 0; packed && actor < compiled.actors(); ++actor)
      compiled.successors(actor, words.data(), scratch, recorder);
    compiled.check_state(words.data(), scratch, recorder);
    if (layout.is_full()) return compared;
    REQUIRE(packed);
    const Happens expected = interpreted(system, state);
    REQUIRE(recorder.happens == expected);
    for (const auto& [id, next] : expected.fired)
      if (seen.insert(next).second) open.push_back(next);
  }
  return compared;
}

// With plain numbers; then with dictionaries that are made wider until they hold all values met.
std::size_t compare(const ir::TransitionSystem& system, std::size_t limit) {
  const std::size_t compared = compare(system, Layout(system), limit);
  Layout::Interned widths;
  for (;;) {
    const Layout layout(system, widths);
    const std::size_t again = compare(system, layout, limit);
    if (!layout.is_full()) {
      CHECK(again == compared);
      return compared;
    }
    widths = layout.wider();
  }
}

}  // namespace

TEST_CASE("compiled successors are the interpreter's, in every state of random systems") {
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 250; ++seed) {
    CAPTURE(seed);
    compared += compare(eval::random_system(seed), 100'000);
  }
  MESSAGE("states compared: " << compared);
  CHECK(compared > 10'000);
}

TEST_CASE("the same with wide variables and deep expressions") {
  eval::RandomShape shape;
  shape.most_width = 64;
  shape.most_bits = 300;
  shape.most_variables = 8;
  shape.deepest_expression = 7;
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    compared += compare(eval::random_system(seed, shape), 60);
  }
  CHECK(compared > 2'000);
}

TEST_CASE("a settled mark is not asked for again") {
  auto builder = testing::counters(1, 3);
  const ir::MarkId mark = builder.mark("m");
  builder.system.transitions[0].hits.push_back({mark, builder.system.pool.truth(true)});
  const Layout layout(builder.system);
  const CompiledSystem compiled(builder.system, layout, {});
  Scratch scratch = compiled.scratch();
  const std::vector<std::uint64_t> words(layout.words(), 0);
  Recorder first(layout);
  compiled.successors(0, words.data(), scratch, first);
  CHECK(first.happens.reached.size() == 1);
  scratch.settled[compiled.settled_index(mark)] = 1;
  Recorder second(layout);
  compiled.successors(0, words.data(), scratch, second);
  CHECK(second.happens.reached.empty());
  CHECK(second.happens.fired.size() == 1);
}
