// Actors that may change places: where exchanging any two of them is an automorphism of the system, one state stands for
// all that exchanges make of it, and a set of such states is closed if each successor is in it after some exchange
// (Ip, Dill, FMSD 9, 1996). Nothing here relies on who found the exchanges, or how.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verify/evidence.hpp"
#include "verify/program.hpp"

namespace hotproof::verify {

// Why exchanging two of the actors may change something that matters: initial states, what transitions do, which have
// faults, assertions, hits, invariants, who waits for whom, or what is no deadlock. Nothing if it certainly does not.
// Expressions are compared by their form; so what means the same and is written in another way counts as a change.
std::optional<std::string> not_exchangeable(const System& system, const Exchangeable& actors);

// Exchanges actors, so that the variables that each of them has for itself ascend, member by member.
class Sorter {
 public:
  // The layout must outlive it.
  Sorter(const Layout& layout, const std::vector<Exchangeable>& all);
  bool empty() const { return classes_.empty(); }
  void sort(std::uint64_t* state) const {
    for (const Class& one : classes_) sort(one, state);
  }

 private:
  static constexpr std::size_t most_members = 16;
  struct Named {
    const Field* field;
    std::vector<std::uint64_t> numbers;
  };
  struct Marked {
    const Field* field;
    std::vector<std::uint32_t> bits;
  };
  struct Class {
    std::size_t members = 0;
    std::vector<std::vector<const Field*>> own;
    std::vector<Named> named;
    std::vector<Marked> marked;
  };
  static void sort(const Class& one, std::uint64_t* state);
  static bool before(const Class& one, const std::uint64_t* state, std::size_t a, std::size_t b);
  static void exchange(const Class& one, std::uint64_t* state, std::size_t a, std::size_t b);

  std::vector<Class> classes_;
};
// Why states in this layout cannot be sorted so; nothing if they can.
std::optional<std::string> not_sortable(const System& system, const Layout& layout, const Exchangeable& actors);

}  // namespace hotproof::verify
