// Whether two systems do the same, as far as it counts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/compare/behaviour.hpp"

namespace hotproof::checker::compare {

enum class Answer : std::uint8_t {
  equivalent,
  differ,
  inconclusive,   // a limit was met first
  not_understood  // what one of them may do is not known in full, and no difference is certain without that
};

// What only one of two systems can do.
struct Difference {
  bool only_new = false;         // the new one can; else the old one
  std::vector<Label> common;     // first, both do this,
  Label last;                    // then only the one can do this,
  std::vector<Label> instead;    // while the other can only do one of these
  ir::Run can, cannot;           // runs of the two given systems: through `last`; through `common`, and on if
  std::optional<Label> goes_on;  // the second one does this instead at its end
};

// Something that happens in both, with other locks held.
struct HeldChange {
  HeldLock lock;
  bool now_held = false;  // held whenever it happens in the new one, but not in the old one; else the other way round
  Label label;
};

// What happens in one of them only and does not count, because it is hidden; and the locks that are held at all of it.
struct HiddenExtra {
  std::vector<Label> labels;
  HeldLocks locks;
};

struct Compared {
  Answer answer = Answer::inconclusive;
  std::string why;  // inconclusive, not understood
  // Weak traces. A difference may be certain though the answer about the other direction is open.
  std::optional<Difference> lost;    // what only the old one can do
  std::optional<Difference> gained;  // what only the new one can do
  // Weak bisimulation, if it was asked for and the traces are the same.
  std::optional<Difference> choice;  // where one can still choose what the other cannot; `common` leads both there
  bool bisimilar = false;            // proved, asked for or not
  std::vector<std::string> only_old,
      only_new;  // names of events left out because the other system has none of that name
  std::vector<HeldChange> held;
  HiddenExtra extra_old, extra_new;
  std::string internal_error;  // a run that its replay refused: never an answer
  std::uint64_t classes = 0;   // of nodes that do the same
  std::uint64_t pairs = 0;     // looked at to compare traces
};

struct CompareOptions {
  bool bisimulation = false;
  double seconds = 0;  // for the comparison alone; 0: none
  const volatile bool* interrupted = nullptr;
  std::uint64_t most_pairs = 4'000'000;
  std::uint64_t most_weak_steps = 20'000'000;
};

// "Equivalent" is said only of two that are known in full. Where a region is looked at as one step, in both, what is not
// equivalent is "inconclusive": that it differs would be said of an order that nobody has to keep. Two behaviours must have been made with the same kinds of
// observables; for bisimulation, without merging.
Compared compare(const Behaviour& old_one, const Behaviour& new_one, const CompareOptions& options);

}  // namespace hotproof::checker::compare
