// What a search that may be wrong keeps of each state instead of the state: some bits in a table of fixed size. So it
// may take a new state for an old one, and reckons up how often that will have happened.
#pragma once

#include <cstdint>
#include <memory>

#include "checker/explicit/store.hpp"
#include "checker/result.hpp"

namespace hotproof::checker::explicit_state {

class Traces {
 public:
  enum class Met : std::uint8_t { fresh, before, full };
  virtual ~Traces() = default;
  virtual Met meet(std::uint64_t hash) = 0;
  // How many new states were taken for old ones, as far as hashes are random numbers. States that were never come to
  // because of that do not count.
  double expected_missed() const { return missed_; }

 protected:
  double missed_ = 0;
};

// Null if there is no memory. At least a few kilobytes are used.
//  - bits: three bits a state, anywhere (Bloom, CACM 13(7), 1970; Holzmann, An Analysis of Bitstate Hashing, FMSD 13,
//  1998);
//    it never is full, but misses more and more;
//  - hashes: five bytes a state (Wolper, Leroy, CAV 1993; Stern, Dill, CHARME 1995).
std::unique_ptr<Traces> make_traces(Remembered what, std::uint64_t bytes);

}  // namespace hotproof::checker::explicit_state
