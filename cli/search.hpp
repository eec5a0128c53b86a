// From an instrumented system to verdicts: passes, engines, the way back of every run, its replay.
#pragma once

#include <optional>
#include <vector>

#include "checker/certify/certify.hpp"
#include "cli/settings.hpp"
#include "counterexamples/explain.hpp"
#include "counterexamples/replay.hpp"
#include "counterexamples/report.hpp"
#include "specs/lang/instrument.hpp"

namespace hotproof::cli {

struct SearchRequest {
  Engine engine = Engine::automatic;
  bool merge = true;              // steps that nobody can tell apart
  bool reset = true;              // what nobody can read any more gets its initial value
  bool slice = true;              // leave out what nothing depends on
  bool divide = true;             // where a search becomes large: groups of properties, each by itself
  // So large: groups share most of what they depend on, so one search is the quicker one unless it explodes.
  std::uint64_t most_states_together = 10'000'000;
  bool plainest_runs = true;      // for people; false: the first run that is found
  bool explain = true;            // say why each shown run of a violation ends there
  counterexamples::ExplainLimits explain_limits;
  bool check_reductions = false;  // explore the system before any reduction, and test what reductions rely on
  std::optional<checker::certify::Header> certificate;  // one is wanted; without what depends on the search
  checker::Options options;
  counterexamples::Sources sources;
};

struct SearchReport {
  std::vector<counterexamples::PropertyReport> properties;  // one a property of the system, in order
  checker::Statistics statistics;
  std::string engine;
  bool complete = false;
  std::string stopped_by;
  std::optional<counterexamples::CertificateReport> certificate;
  double seconds_verifying = 0;
  std::string tested;  // check_reductions: in how many states, as a sentence
};

// What the settings say of limits, threads and files to keep; a Ctrl-C ends the search.
checker::Options search_options(const Settings& settings);

// The system with the numbers that a run starts with, and no others.
ir::TransitionSystem started_as(ir::TransitionSystem system, const ir::State& initial);

// Error, always an internal one: engines that differ, a proof that the verifier rejects, a run that its replay refuses, a
// broken claim of a reduction.
Result<SearchReport> search(const spec::Instrumented& instrumented, const SearchRequest& request);

}  // namespace hotproof::cli
