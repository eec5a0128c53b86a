// What the user asked for on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/source/diagnostic.hpp"

namespace hotproof::cli {

enum class Engine : std::uint8_t { automatic, explicit_search, smt, both };
enum class Format : std::uint8_t { text, json };
enum class When : std::uint8_t { automatic, always, never };
enum class Orders : std::uint8_t { automatic, all, neighbours, none };

struct Settings {
  // What is checked.
  std::string tree;                        // a folder; empty: the embedded model
  std::string architecture;                // "x86_64", "s390x"; empty: the scenario's, else x86_64
  std::vector<std::string> architectures;  // series: all that are asked for
  std::string scenario;                    // empty: the architecture's usual one
  int blocks = -1;                         // these, and poisoners: -1 leaves it to the scenario
  int listeners = -1;
  bool any_listeners = false;  // check, patch: any number of ideal ones; `listeners` is -1 then
  int workers = -1;
  int readers = -1;
  int registrars = -1;
  bool real_listeners = false;  // the tree's own listeners where they are not the default
  bool stop = false;            // ideal listeners may answer NOTIFY_STOP
  int poisoners = -1;
  bool life = false;
  std::string requests;                 // names with commas between; empty: as life says
  bool boot = false;                    // the blocks were there at boot, online
  When altmap = When::automatic;        // the memmap lies in the block
  bool both_layouts = false;            // if altmap is automatic and the tree can: in the block, and elsewhere
  bool symbolic_sizes = false;          // all sizes at once
  std::vector<std::string> edits;       // files
  std::vector<std::string> mails;       // patch
  std::vector<std::string> claims;      // sentences: patch, series
  bool no_claims = false;               // what messages claim is not looked at
  std::vector<std::string> properties;  // ids; empty: all
  std::vector<std::string> specs;       // files with properties beside the library's
  std::vector<std::string> observe;     // compare: groups, events or symbols; empty: the usual ones
  std::vector<std::string> hide;        // compare: events, groups or notifications that do not count
  bool bisimulation = false;            // compare: not only what can happen, also where it is decided
  // How.
  Engine engine = Engine::automatic;
  double time_limit = 0;           // seconds, 0: none
  std::uint64_t memory_limit = 0;  // bytes, 0: none
  std::uint64_t bitstate = 0;      // bytes of a table of bits, instead of the states met; 0: none
  std::uint64_t hash_compact = 0;  // the same, of hashes
  std::string states_on_disk;      // a folder for states that memory has no room for; empty: the search ends then
  int threads = 0;                 // of the exhaustive search; 0: as many as the machine runs at once
  std::string checkpoint;          // a folder for what a long search keeps; empty: none
  bool resume = false;             // go on from what lies there
  int checkpoint_every = 120;      // seconds
  bool strict = false;
  bool suggest = false;               // check, patch: look for small edits that mend what is violated
  Orders orders = Orders::automatic;  // series: which orders of the patches are looked at
  std::string operators;              // mutate: names with commas between; empty: all
  bool plainest_runs = true;          // false: any run that shows a violation will do, nobody sees it
  bool first_violation_ends = false;  // what is open then is inconclusive: for whoever asks whether all holds
  int most = 0;           // mutate: so many mutants at most; orderings: models; export: states; 0: all, or as many as usual
  std::string step;       // orderings: the step whose places are looked at
  std::string steps;      // orderings: those that change places, with commas between; empty: all
  bool bisect = false;    // the exit status as `git bisect run` reads it
  bool no_merge = false;   // search every step by itself
  bool no_slice = false;   // nothing is left out, whatever depends on it
  bool no_reset = false;   // what nobody can read any more keeps its value
  bool no_partial_order = false;  // of every state met, all actors' transitions are fired
  bool no_sleep_sets = false;     // also those that are known to lead to states that were met
  bool no_symmetry = false;  // states that differ only in who of several equal actors is who are all searched
  bool no_groups = false;  // all properties in one search, however large
  bool liveness = false;   // the library's properties of form ltl too, not only those that are named
  bool check_reductions = false;  // test what reductions rely on
  std::string certificate;        // check, patch: a file for the reasons of all verdicts; empty: none
  bool certify = false;           // the very check whose reasons they are: set by the commands
  std::string trace;   // simulate: a file with a recorded trace; empty: none
  std::string run_to;  // simulate: a property whose simplest run is loaded; empty: none
  bool dap = false;    // simulate: speak the Debug Adapter Protocol
  // lesson
  std::string answer;                // a file, "-": standard input; empty: none
  std::string progress;              // a file; empty: the user's own
  std::vector<std::string> lessons;  // files with units instead of the course's
  bool hint = false;
  bool give_up = false;        // --solution
  bool program = false;        // the C that the unit is about, and nothing else
  bool check_lessons = false;  // --check
  bool page = false;           // --format html
  // export
  bool reduced = false;     // the system that engines search, not the one that runs are lifted to
  bool only_count = false;  // without properties
  // What comes out.
  std::string record;  // check, patch: a folder for the traces of what is violated; empty: none
  bool story = false;  // explain: in sentences
  bool mail = false;   // explain: as a reply to a review
  Format format = Format::text;
  std::string document;  // check, patch, series: one of render::formats() instead; export: its format; empty: none
  std::string output;  // a file; empty: standard output
  When colour = When::automatic;
  bool dot = false;                // model
  bool mir = false;                // model
  bool coverage = false;           // model
  std::vector<std::string> names;  // specs: properties to explain; model, mutate: functions
};

// The program's exit status.
enum Exit : int {
  all_hold = 0,
  violated = 1,
  usage = 2,
  undecided = 3,
  not_understood = 4,
  internal = 70,
  interrupted = 130,
};

// Why there is no report: what to say in one line, and the exit status.
struct Failure {
  Diagnostic diagnostic;
  Exit exit = Exit::usage;
};

template <class T>
using Result = tl::expected<T, Failure>;

inline tl::unexpected<Failure> usage_error(Diagnostic diagnostic) {
  return tl::unexpected<Failure>(Failure{std::move(diagnostic), Exit::usage});
}
// Something that cannot be unless hotproof is wrong.
inline Diagnostic defect(std::string message) {
  return {{}, std::move(message), "this is a defect of hotproof, please report it"};
}
inline tl::unexpected<Failure> internal_error(Diagnostic diagnostic) {
  return tl::unexpected<Failure>(Failure{std::move(diagnostic), Exit::internal});
}

}  // namespace hotproof::cli
