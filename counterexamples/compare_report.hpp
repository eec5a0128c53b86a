// What a comparison of two versions found out, as plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "counterexamples/report.hpp"

namespace hotproof::counterexamples {

// One of the two versions.
struct ComparedVersion {
  std::string title;
  std::string tree;
  std::string scenario;
  std::uint64_t states = 0;  // of the reduced system
  std::uint64_t transitions = 0;
  double seconds = 0;  // of the search for them
  std::string stopped_by;
  std::vector<Diagnostic> not_understood;  // places that some run reaches, and what else is not understood
  std::vector<std::string> assumptions;
};

// A run, with what of it counts.
struct ComparedRun {
  struct Happens {
    std::string what;
    std::size_t step = 0;  // of the trace
  };
  Trace trace;
  std::vector<Happens> happens;
};

// Two runs side by side up to where they part.
struct DifferenceReport {
  enum class Kind : std::uint8_t {
    lost,    // the old version can, the new one cannot
    gained,  // the new version can, the old one cannot
    choice   // both can do the same, but one of them can be where the other cannot choose what the one can
  };
  Kind kind = Kind::lost;
  bool only_new = false;             // the new version is the one that can
  std::vector<std::string> common;   // what counts and happens first, in both
  std::string last;                  // what only the one does then
  std::vector<std::string> instead;  // what the other can do there
  std::string goes_on;               // of these, what its run does; empty: it ends there
  ComparedRun can;                   // the run of the one that can
  ComparedRun cannot;                // the run of the other
};

// A lock that is held, or no longer held, when these things happen.
struct HeldReport {
  std::string lock;
  bool write = true;
  bool now_held = false;  // in the new version, and not in the old one; else the other way round
  std::vector<std::string> when;
};

struct CompareReport {
  std::string title;
  std::string architecture;
  // proved: equivalent; violated: they differ.
  Verdict verdict = Verdict::inconclusive;
  std::string why;  // inconclusive, not understood
  ComparedVersion old_version, new_version;
  std::vector<DifferenceReport> differences;
  std::vector<HeldReport> held;
  // What is hidden and happens in one version only, with the locks whose critical sections are longer by it.
  std::vector<std::string> extra_old, extra_new;
  std::vector<std::string> longer_old, longer_new;
  // Equivalent, and locks were not compared: whether they are taken and given back alike, too; if not, where not first.
  enum class Locks : std::uint8_t { not_looked_at, same, differ } locks = Locks::not_looked_at;
  std::vector<DifferenceReport> lock_differences;
  bool up_to_order = false;           // proved only so: see OldVersion::compare()
  bool bisimulation = false;          // asked for
  bool bisimilar = false;             // proved, if the verdict is `proved`
  std::vector<std::string> observed;  // what was compared
  std::vector<std::string> hidden;    // what was left out because the user said so
  std::vector<std::string> only_old;  // faults that only one version has: they were not compared
  std::vector<std::string> only_new;
  std::vector<ChangedLine> lines;  // if the new version is the old one with changes in memory
  std::vector<PlacementReport> placement;
  std::vector<std::string> rests_on;  // what the answer holds for
  std::uint64_t classes = 0;          // of states that can do the same
  double seconds_total = 0;           // reading and lowering included
};

std::string_view name(CompareReport::Locks locks);   // "not-looked-at", "same", "differ"
std::string_view name(DifferenceReport::Kind kind);  // "lost", "gained", "choice"
// "equivalent", "different", "inconclusive", "not-understood"
std::string_view answer_of(const CompareReport& report);

}  // namespace hotproof::counterexamples
