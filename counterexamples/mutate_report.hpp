// What became of small mistakes put into functions one at a time.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/report.hpp"

namespace hotproof::counterexamples {

// killed: some property answers worse than on the tree as it is: it is violated now, or a cover is not reached any
// more. silenced: none does, but one that was judged before has nothing to say any more. equivalent: proved to behave
// as the tree as it is. not_executed: the model executes no line of it. no_answer: the time limit came first. refused:
// no edit makes it.
enum class Fate : std::uint8_t {
  killed,
  silenced,
  survived,
  equivalent,
  not_understood,
  not_executed,
  no_answer,
  refused
};
constexpr std::size_t fates = 8;
std::string_view name(Fate fate);  // "killed", …, "not-understood"

struct MutantReport {
  std::string id;
  std::string mutation;  // the operator's name
  std::string file;
  std::string function;
  std::uint32_t line = 0;
  std::string words;
  std::string edit;
  Fate fate = Fate::refused;
  std::string architecture;     // that says this; empty: none was asked
  std::string scenario;         // in which
  std::vector<std::string> by;  // killed: the properties that are violated now; silenced: those that fell silent
  // Not understood, refused; survived: what only one of it and the tree does; equivalent: "equivalent: up to the order of
  // the two statements" if only so, else empty.
  std::string why;
  double seconds = 0;
};

struct MutateReport {
  std::string tree;
  std::vector<CheckReport> bases;  // the tree as it is, in each scenario that mutants are asked in, in that order
  std::size_t made = 0;            // different ones there are; `mutants` may be fewer
  std::size_t same = 0;            // beyond those: their text is that of another one
  bool equivalence_asked = false;
  bool interrupted = false;
  std::vector<MutantReport> mutants;
};

// Of those with that fate.
std::size_t count(const MutateReport& report, Fate fate);

}  // namespace hotproof::counterexamples
