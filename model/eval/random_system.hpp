// Small random transition systems for tests that compare engines, passes and encodings with the reference.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::eval {

struct RandomShape {
  int least_actors = 2, most_actors = 3;
  int least_locations = 3, most_locations = 6;  // of one actor
  int least_variables = 2, most_variables = 5;  // beside locks and control
  int most_width = 4;                           // of a variable
  int most_bits = 9;                            // of all these variables together: bounds the state space
  int most_locks = 2;                           // used properly: claims are true, modes exclude each other
  int deepest_expression = 3;
  bool disciplined = false;  // every variable belongs to an actor or a lock, few are in invariants: much can be merged
};

// A system for which ir::fault_in() returns nothing. The same seed and shape give the same system, on every machine. It
// has several properties of each kind; every operation occurs in some systems; no value leaves a declared range.
ir::TransitionSystem random_system(std::uint64_t seed, const RandomShape& shape = {});

// The system with only those transitions whose number is not in `dropped`.
ir::TransitionSystem without(const ir::TransitionSystem& system, const std::set<std::uint32_t>& dropped);

// The same system with variables that nobody reads, and each transition sets some of: states of four words more, which
// have much in common.
ir::TransitionSystem widened(ir::TransitionSystem system);

// A test case that can shrink: a seed and the transitions left out. With rapidcheck:
//   rc::gen::shrink(gen, [](const RandomCase& c) { return rc::seq::fromContainer(smaller(c)); })
struct RandomCase {
  std::uint64_t seed = 0;
  std::set<std::uint32_t> dropped;
};
ir::TransitionSystem build(const RandomCase& test_case, const RandomShape& shape = {});
// The cases with one more transition, or one more half of the rest, left out; the smallest first.
std::vector<RandomCase> smaller(const RandomCase& test_case, const RandomShape& shape = {});

// A random expression of `width` bits over the given variables (may be none), `depth` operations high at most.
ir::ExprId random_expression(ir::TransitionSystem& system, std::uint64_t& random_state, int width,
                             const std::vector<ir::VarId>& variables, int depth);

}  // namespace hotproof::eval
