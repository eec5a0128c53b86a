// Everything that one invocation found out, as plain data: the pipeline fills it, the renderers show it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/result.hpp"
#include "counterexamples/describe.hpp"
#include "counterexamples/quote.hpp"
#include "counterexamples/trace.hpp"
#include "counterexamples/why.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::counterexamples {

using checker::Verdict;

struct MarkReport {
  std::string name;
  bool reached = false;
};

// --listeners any: for which numbers of ideal listeners a verdict is.
struct AnyListeners {
  bool any = false;         // proved, or reached, for every number from `from` on
  unsigned from = 0;        // the least number that the scenario allows
  std::optional<unsigned> breaks_with;  // violated: the least number, among those that were checked
  bool least = false;                   // violated: it holds for every smaller number
  std::vector<unsigned> checked;        // numbers that were checked by themselves, in order
};

struct PropertyReport {
  std::string id;
  std::string says;
  std::string origin;
  ir::Confidence confidence = ir::Confidence::high;
  bool cover = false;  // "proved" then means that a run reaches it
  // false: the rule speaks of something that this tree does not have or that no step does; `reason` says what.
  bool applicable = true;
  std::string variant;       // which of several scenarios that were looked at this is from; empty: the first
  std::string latent_needs;  // what nothing in the tree does, but the violation needs; empty: not latent
  Verdict verdict = Verdict::inconclusive;
  std::string engine;
  bool bounded = false;  // the engine looked no further than `depth`
  std::string reason;    // inconclusive, vacuous, not understood: why; violated: what exactly is wrong, may be empty
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint32_t depth = 0;  // violated: steps of the shortest run; else the depth that was covered
  double seconds = 0;
  std::vector<MarkReport> triggers;
  std::optional<Trace> trace;
  std::optional<AnyListeners> listeners;
  // The numbers for which `trace` is a run, where the answer is about all sizes: name and value.
  std::vector<std::pair<std::string, std::uint64_t>> sizes{};
  // Of a violated rule: why its run ends there, and the run itself in the system that it was replayed in; for whoever
  // explains, records or simplifies it.
  std::optional<Why> why{};
  std::optional<ir::Run> run{};
  std::shared_ptr<const ir::TransitionSystem> system{};
  std::shared_ptr<const Sources> sources{};  // of its lines
  std::vector<Quote> quotes{};  // the source around the lines of `trace` and of the run that goes well; may be empty

  bool latent() const { return !latent_needs.empty(); }
};

struct LeafReport {
  std::string function;
  std::string kind;  // "meaning", "nothing", "value", "unknown"
  bool cut = false;  // a body in the tree is left out on purpose
  std::string reason;
  std::vector<Place> used;
};

struct HarmlessReport {
  std::string function;
  std::string why;
  std::vector<Place> used;
};

struct FollowedReport {
  std::string function;
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t calls = 0;
  std::uint32_t calls_counted = 0;        // by the second, independent count
  bool environment = false;               // a body of ours: it does not count for coverage
  std::vector<std::uint32_t> statements;  // lines with a statement
  std::vector<std::uint32_t> missing;     // of these: no path of the model reaches them
  std::uint32_t branches = 0;
  std::uint32_t branches_both_ways = 0;
};

// Of the tree's functions that are followed. Reached by a way that lowering follows: it knows what the scenario fixes,
// but whether a run gets there is another question.
struct Coverage {
  std::size_t statements = 0;
  std::size_t reached = 0;
  std::size_t branches = 0;
  std::size_t branches_both_ways = 0;
};

// What the answer rests on.
struct ModelReport {
  std::vector<FollowedReport> followed;
  std::vector<LeafReport> leaves;
  std::vector<HarmlessReport> harmless;
  std::vector<Diagnostic> not_understood;
  std::vector<std::string> assumptions;
  // What the answer is for all values of, and what is required of them; empty: for the scenario's numbers.
  struct Size {
    std::string name;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
  };
  std::vector<Size> sizes;
  std::vector<std::string> size_requirements;
  std::map<std::string, std::vector<std::uint32_t>> reached;  // by file: lines with a statement that some path reaches
  std::map<std::string, bool> configuration;                  // CONFIG_ names that were asked for, with the answer
  std::map<std::string, std::string> files;  // of the functions followed: SHA-256 of each as it was read, patches included
  std::size_t variables = 0;
  std::size_t transitions = 0;
  std::size_t actors = 0;
};

// A small edit after which something that is violated holds.
struct SuggestionReport {
  std::vector<std::string> says;    // one an edit: "drivers/base/memory.c, line 219: goto out instead of out_notifier"
  std::string diff;                 // unified, against what was checked
  std::vector<std::string> mends;   // properties that were violated and hold now
  std::vector<std::string> breaks;  // properties that held and do not any more, or are not decided any more
  bool all_hold = false;            // every property that applies holds
};

struct SuggestReport {
  std::vector<std::string> wanted;            // the violated properties that edits were sought for
  std::size_t tried = 0;                      // edits that were checked
  std::size_t known = 0;                      // edits that were thought of
  std::vector<SuggestionReport> suggestions;  // the best first
};

// A file in which the verdicts can be checked again (docs/certificates.md).
struct CertificateReport {
  std::string file;           // its name; empty until it is written
  std::string bytes;          // what is to be written
  std::string sha256;         // of the bytes
  std::string system_sha256;  // of the transition system's text
  bool reduced = false;       // it is about the system after reductions: these are then not covered
};

// One model checked once.
struct CheckReport {
  std::string title;  // "the embedded model", "6.1 with the patch"
  std::string tree;
  std::string architecture;
  std::string scenario;  // one line: "x86-dimm: 1 block, 1 listener, 1 worker, 1 reader"
  Verdict verdict = Verdict::inconclusive;
  std::string engine;
  bool complete = false;   // the whole state space was covered
  std::string stopped_by;  // why not: "time limit", …
  std::vector<PropertyReport> properties;
  checker::Statistics statistics;
  double seconds_total = 0;  // reading and lowering included
  double seconds_verifying = 0;  // the check of all proofs
  std::optional<CertificateReport> certificate;
  ModelReport model;
  std::optional<SuggestReport> suggestions;  // with --suggest
};

// Where one hunk of a patch went.
struct PlacementReport {
  std::string patch;  // the mail's subject, or the file's name
  std::string file;
  std::uint32_t hunk = 0;         // from 1, within the file
  std::uint32_t header_line = 0;  // the old line that the header gives
  std::uint32_t placed_line = 0;  // where its first line is now
  bool exact = true;
  std::string why;  // a guess: what it rests on
};

enum class LineClass : std::uint8_t { executed, unreachable, outside };

struct ChangedLine {
  std::string file;
  std::uint32_t line = 0;  // of the new text; for a removal the line that follows it
  bool removal = false;
  LineClass kind = LineClass::outside;
};

// not_checked: no form of a claim was recognised in the sentence. not_decided: one was, but the model says neither.
enum class Claimed : std::uint8_t { holds, refuted, not_decided, not_checked };

// One claim of one sentence, or a sentence without any.
struct ClaimReport {
  std::string claim;  // the sentence
  std::string from;   // "message", "cover letter", "--claim"
  std::string form;   // "order", "held lock", …; empty: not checked
  Claimed verdict = Claimed::not_checked;
  std::string why;                     // what the verdict rests on, or why there is none
  std::string where;                   // of which tree on which architecture `run` is
  std::optional<PropertyReport> run;   // refuted, perhaps not decided: the property that is violated, with its run
};

// silenced: the rule was judged before, and afterwards nothing happens that it speaks of. speaks: the other way round.
enum class Change : std::uint8_t { new_, fixed, kept, none, undecided, silenced, speaks };

struct PatchReport {
  std::string title;  // the patch's subject
  CheckReport before;
  CheckReport after;
  std::vector<PlacementReport> placement;
  std::map<std::string, Change> changes;  // by property id
  std::vector<ChangedLine> lines;
  std::vector<ClaimReport> claims;
};

// The property's part of the report; null if it was not checked.
const PropertyReport* find(const CheckReport& report, const std::string& id);

Coverage coverage_of(const ModelReport& model);
// Rounded down: 100 is all. Of nothing: 100.
std::size_t percent(std::size_t part, std::size_t all);

// The worst of the properties' verdicts that count: violated, not understood, inconclusive, vacuous, proved. A rule
// that does not apply to the tree does not count.
Verdict overall(const std::vector<PropertyReport>& properties);

// The rule had nothing to judge on the tree as it was and has nothing now: whatever the change does, it takes nothing away.
bool stays_silent(const PropertyReport* before, const PropertyReport& after);
// How a property's verdict moved from before the patch to after it.
Change change_of(const PropertyReport* before, const PropertyReport* after);
std::string_view name(Change change);     // "new", "fixed", "kept", "none", "undecided", "silenced", "speaks"
std::string_view name(Claimed verdict);   // "holds", "refuted", "not-decided", "not-checked"
std::string_view name(LineClass kind);    // "executed", "unreachable", "outside"
std::string_view name(TraceChoice kind);  // "none", "free", "fault", "listener"
std::string_view name(ir::Confidence confidence);

// "any number of listeners", "breaks with 2 listeners, not with fewer"; empty if neither is known.
std::string listeners_in_words(const AnyListeners& listeners);

// The program's exit status for a verdict: 0, 1, 3 or 4.
int exit_code(Verdict verdict);
// `check`: 1 only if a violation is not latent; with `strict` for any. Else of the worst of the other verdicts.
int exit_code(const CheckReport& report, bool strict);
// `patch`: 1 only if a violation is new and not latent; with `strict` any violation after the patch. What is not
// violated counts as after the patch, but for rules that stay silent.
int exit_code(const CheckReport& before, const CheckReport& after, bool strict);
int exit_code(const PatchReport& report, bool strict);
// Of what was claimed on the command line: 1 if something is refuted, else 3 if something is not decided. What a message
// claims does not count.
int exit_code(const std::vector<ClaimReport>& claims);
// 1 if one of them is 1, else the larger.
int worse(int status, int other);

}  // namespace hotproof::counterexamples
