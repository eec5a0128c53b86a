// Mistakes that the passes make on purpose: whether the comparison of engines (checker/campaign) notices a broken
// reduction is tested with them. Only tests call these; they act where a system is rewritten.
#pragma once

#include <cstdint>

namespace hotproof::ir {

enum class Mistake : std::uint8_t {
  none,
  forget_reads,  // merging: a guard's reads do not keep a step from being moved
  merge_seen,    // merging: steps that write what an invariant reads are merged
  slice_guards,  // slicing: what only guards depend on goes, and such a guard counts as true
  slice_faults   // slicing: a location that only a step with a fault leads to counts as unreached
};

// From now on, in this process.
void make_mistake_for_tests(Mistake mistake);
Mistake mistake_for_tests();

}  // namespace hotproof::ir
