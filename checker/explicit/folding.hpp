// States in fewer words: parts of them are kept once, in tables, and a state has their numbers.
//
// What one actor does leaves most of a state as it is, so parts of states take few values: the reference model's 6.8
// million states have 13,168 different last words. Component compression, as SPIN's COLLAPSE (Holzmann, State
// compression in SPIN: recursive indexing and compression training runs, SPIN 1997), with parts that are chosen by a
// look at states that were met, and exact: nothing is decided by a hash alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/explicit/store.hpp"
#include "checker/proof.hpp"

namespace hotproof::checker::explicit_state {

using Part = ReachedStates::Part;

// The division of states of `words` words into consecutive parts with which `sample`, whole states, would take the
// least room; one part that is all of a state and not shared where no division takes a quarter less. A folded state
// takes whole words.
std::vector<Part> best_parts(std::span<const std::uint64_t> sample, std::uint32_t words);

class Folding {
 public:
  explicit Folding(std::vector<Part> parts);

  std::uint32_t words() const { return words_; }  // of a folded state
  const std::vector<Part>& parts() const { return parts_; }

  // There must be room for one more of each part. Two states are equal if and only if their folded ones are.
  void fold(const std::uint64_t* state, std::uint64_t* folded);
  void unfold(const std::uint64_t* folded, std::uint64_t* state) const;

  std::uint64_t bytes() const;
  std::uint64_t bytes_to_reserve(std::uint32_t more, Filling most) const;
  bool reserve(std::uint32_t more, Filling most);

  // By shared part, in their order: what has the numbers 0, 1, … one behind the other. Nothing can be folded
  // afterwards.
  std::vector<std::vector<std::uint64_t>> take_tables();

 private:
  StateId number_of(std::uint32_t shared, const std::uint64_t* words);

  std::vector<Part> parts_;
  std::uint32_t kept_ = 0;  // words in front of the numbers
  std::uint32_t words_ = 0;
  std::vector<StateStore> tables_;  // by shared part
  std::vector<StateId> last_;       // of each, the number that was looked up last
};

}  // namespace hotproof::checker::explicit_state
