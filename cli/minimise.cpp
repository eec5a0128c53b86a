#include "cli/minimise.hpp"

#include <cstdio>

#include "checker/explicit/simplest.hpp"
#include "cli/console.hpp"
#include "cli/inputs.hpp"
#include "cli/search.hpp"
#include "cli/traces.hpp"
#include "counterexamples/explain.hpp"
#include "counterexamples/replay.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

std::string in_words(const checker::RunCost& cost) {
  const auto counted = [](std::uint32_t count, const char* one, const char* more) {
    return std::to_string(count) + " " + (count == 1 ? one : more);
  };
  return counted(cost.faults, "fault", "faults") + ", " + counted(cost.switches, "switch", "switches") + ", " +
         counted(cost.steps, "step", "steps");
}

// The run as far as it shows the violation, described again from its model.
Result<PropertyReport> described(const RecordedTrace& trace, const MadeAgain& model,
                                 const checker::SimplestRun& simplest) {
  const Sources& sources = *model.sources;
  PropertyReport out = trace.property;
  auto replayed = replay(*model.system, model.property, simplest.run, Claim::violates, sources);
  if (!replayed) return internal_error(replayed.error());
  out.trace = std::move(*replayed);
  out.trace->minimal = simplest.minimal;
  out.run = simplest.run;
  out.run->steps.resize(out.trace->steps.size());
  ExplainLimits limits;
  limits.interrupted = interrupt_flag();
  auto why = counterexamples::explain(*model.system, model.property, *out.run, out.trace->steps.size(), sources, limits);
  if (!why) return internal_error(why.error());
  out.why = std::move(*why);
  return out;
}

int run_minimise(const Settings& settings) {
  auto trace = read_trace(settings.names.front());
  if (!trace) return fail(trace.error());
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  watch_for_interrupt();
  const auto model = made_again(*trace);
  if (!model) return fail(model.error());
  const checker::RunCost before = checker::cost(*model->system, *trace->property.run);
  const checker::SimplestRun simplest = checker::simplest(started_as(*model->system, trace->property.run->initial),
                                                          model->property, *trace->property.run, search_options(settings));
  auto property = described(*trace, *model, simplest);
  if (!property) return fail(property.error());
  trace->property = std::move(*property);
  const auto written = output->write(to_text(*trace));
  if (!written) return fail(written.error());
  const std::string found = in_words(simplest.cost);
  const std::string said =
      simplest.cost == before ? "the recorded run is as simple as one was found: " + found : in_words(before) + " became " + found;
  std::fprintf(stderr, "hotproof: %s; %s\n", said.c_str(),
               simplest.minimal ? "no run is simpler" : simplest.note.c_str());
  return *interrupt_flag() ? Exit::interrupted : simplest.minimal ? Exit::all_hold : Exit::undecided;
}

}  // namespace

Command minimise_command() {
  return {
      "minimise",
      "Find the simplest run that shows what a recorded trace shows",
      "Makes the model of the trace again, by the command that recorded it, and looks for the run that violates the same\n"
      "rule with the fewest faults, then context switches, then steps. It is written as a trace; the exit status is 0 if\n"
      "no run is simpler, and 3 if a limit ended the search.",
      "  hotproof minimise long.trace -o short.trace\n"
      "  hotproof minimise long.trace | hotproof explain -",
      joined({trace_option("A file that --record or `hotproof simulate` wrote; - is standard input"), limit_options(),
              output_file_option()}),
      run_minimise,
  };
}

}  // namespace hotproof::cli
