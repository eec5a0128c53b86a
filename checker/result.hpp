// What an engine says. Every engine takes a TransitionSystem and gives a Result; nothing is printed from it before its
// runs have been replayed by the reference interpreter.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/proof.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker {

enum class Verdict : std::uint8_t { proved, violated, inconclusive, vacuous, not_understood };
std::string_view name(Verdict verdict);  // "proved", "violated", "inconclusive", "vacuous", "not-understood"

struct PropertyResult {
  ir::PropertyId property{};
  Verdict verdict = Verdict::inconclusive;
  std::string engine;             // "explicit", "bmc", "k-induction", "pdr"
  std::string reason;             // inconclusive, vacuous: why
  std::optional<ir::Run> run;     // violated: a run that ends in the violation; a reached cover: a run that reaches it
  std::uint32_t depth = 0;        // violated: length of the shortest run; else the depth that is covered
  bool bounded = false;           // the engine only says "not up to `depth`"; then the verdict is never proved
  bool shortest = true;           // no run that shows the same is shorter than `run`
  std::shared_ptr<const Invariant> invariant{};  // proved by induction (a cover: that no run reaches it): the reason
  bool runs_end = false;  // proved, or a cover that no run reaches, because no run has more than `depth` steps
};

struct Statistics {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint32_t depth = 0;
  double seconds = 0;
  std::uint64_t bytes = 0;
  // What is counted: of states that exchanges of actors make of each other, one; of some states, one actor's steps.
  bool up_to_exchanges = false;
  bool some_go_alone = false;
  // Transitions that were counted without being fired, as what they lead to was known (sleep sets). Also those of a
  // level that was not gone through, and not those from before a checkpoint.
  std::uint64_t slept = 0;
  std::uint32_t searches = 1;  // that the figures are the sum of; depth and bytes: the greatest

  // All but the number of searches.
  Statistics& operator+=(const Statistics& more);
};

struct Result {
  std::vector<PropertyResult> properties;  // one a property of the system, in order
  Statistics statistics;
  bool complete = false;    // the whole state space was covered
  std::string stopped_by;   // "time limit", "memory limit", "depth", "interrupted", a range that was left; or empty
  // What a proof rests on (see checker/certify): without it, and without a run to one of its triggers, a property that is
  // called proved becomes inconclusive. Null where the engine kept none.
  std::shared_ptr<const ReachedStates> states;            // complete: all states, with faults
  std::shared_ptr<const ReachedStates> faultless_states;  // those of runs without faults, where covers asked for them
  std::map<ir::MarkId, ir::Run> triggers;                 // a run to each trigger that is reached: its last step hits it
  std::string refused;         // what lies in the folder of Options::keeping cannot be used: "FILE: why"; no verdict then
  std::string internal_error;  // a claim that a checking mode refuted, a broken range of the encoding: never a verdict
};

struct Limits {
  double seconds = 0;         // 0: none
  std::uint64_t bytes = 0;    // 0: none
  std::uint32_t depth = 0;    // 0: none
  std::uint64_t states = 0;   // 0: none. Looked at now and then: some more may be met
};
// Result::stopped_by, if it was that limit.
inline constexpr const char* stopped_by_states = "state limit";
// If a run to everything that was asked for had been found, and there was more to go through.
inline constexpr const char* stopped_by_answers = "having every answer";

// What an exhaustive search writes to files, so that it can go on later.
struct Keeping {
  std::string folder;       // empty: nothing is written
  bool resume = false;      // go on from what lies there, if it is of this very search
  double seconds = 120;     // between two checkpoints
};

// What an exhaustive search keeps of the states that it has met. Only by whole states it can tell old ones from new
// ones for certain; so anything else never proves anything (checker/explicit/traces.hpp).
enum class Remembered : std::uint8_t { states, hashes, bits };

struct Progress {
  std::uint32_t depth = 0;
  std::uint64_t states = 0;
  std::uint64_t queue = 0;
  double seconds = 0;
};

struct Options {
  Limits limits;
  Keeping keeping;
  std::string disk;           // a folder where a search's states go when its memory is full; empty: it ends then
  unsigned threads = 0;       // of the exhaustive search; 0: as many as the machine runs at once
  Remembered remembered = Remembered::states;
  std::uint64_t remembered_bytes = 0;  // for hashes and bits: the size of the table, which is all that is kept of them
  // Of states that differ only in who of several interchangeable actors is who, the exhaustive search meets one. Counts are
  // of those. The switch for it is off where claims are tested.
  bool symmetry = false;
  // Once the exhaustive search has met more states than `reduced_beyond`, it fires of a state, where that is enough,
  // the transitions of one actor only. Counts are of what it meets. Off where claims are tested, where a limit of depth
  // is set, and where the first violation ends it. Runs that are longer than all was searched to are looked for once
  // more.
  bool partial_order = false;
  std::uint64_t reduced_beyond = std::uint64_t{1} << 17U;
  // Once it has met more states than `asleep_beyond`, the exhaustive search does not fire what is known to lead to
  // states that it has met. Nothing that it says hangs on it; where memory is short, it ends. Off where claims are
  // tested, and once single actors' transitions are fired.
  bool sleep_sets = true;
  std::uint64_t asleep_beyond = std::uint64_t{1} << 14U;
  // Once its states take more bytes than `folded_beyond`, the exhaustive search keeps parts that many of them have in
  // common only once, if that takes a quarter less room: slower, and nothing that it says hangs on it. Nothing: a
  // quarter of the memory that there is, or of the limit.
  std::optional<std::uint64_t> folded_beyond;
  bool check_claims = false;  // test, while exploring, what reductions rely on (held locks, read and write sets)
  // Whoever only wants to know whether something is violated need not see more: behind the first level of the search on
  // which something is, it stops, and what is open then is inconclusive.
  bool first_violation_ends = false;
  bool in_turn = false;  // the solver's ways one after another: slower, and the same one has the answer every time
  std::function<void(const Progress&)> progress;  // called a few times a second; may be empty
  const volatile bool* interrupted = nullptr;     // set from outside to stop early; may be null
  const std::atomic<bool>* pointless = nullptr;   // set by another engine that has all answers; may be null
};

// A violation of a property by one transition fired in `state` (or by `state` itself for invariants), as the reference
// interpreter sees it. Used by engines' tests and by the replay.
bool violates(const ir::TransitionSystem& system, ir::PropertyId property, const ir::State& state,
              std::optional<ir::TransitionId> fired);

// No-deadlock as a condition on one state: true if some actors wait for each other's locks in a circle, or if no actor
// has an enabled transition, not all stand at resting locations, and none stands at a halted one. Built once as an expression over the state.
ir::ExprId deadlocked(ir::TransitionSystem& system);

}  // namespace hotproof::checker
