#include "cli/export.hpp"

#include "checker/export/export.hpp"
#include "cli/console.hpp"
#include "cli/parts.hpp"
#include "cli/simulated.hpp"

namespace hotproof::cli {

namespace {

namespace exports = checker::exports;

// What a search with these settings would see.
ir::TransitionSystem searched(const ir::TransitionSystem& base, const Settings& settings) {
  SearchRequest request;
  request.merge = !settings.no_merge;
  request.reset = !settings.no_reset;
  request.slice = !settings.no_slice;
  return reduced(base, request).system;
}

// What an option asks for and the format has not.
Result<bool> fits(const Settings& settings) {
  const bool counts = settings.document == "promela" || settings.document == "murphi";
  if (settings.only_count && !counts)
    return usage_error({{}, "--count is for promela and murphi", "leave it out for " + settings.document});
  if (settings.no_merge && !settings.reduced)
    return usage_error({{}, "--no-merge says which passes --reduced goes through", "add --reduced, or leave it out"});
  return true;
}

Result<std::string> text_of(const Settings& settings, const ir::TransitionSystem& system) {
  ProgressLine line;
  exports::Request request;
  request.only_count = settings.only_count;
  if (settings.most > 0) request.most_states = static_cast<std::size_t>(settings.most);
  request.options.limits = {settings.time_limit, settings.memory_limit, 0};
  request.options.interrupted = interrupt_flag();
  request.options.progress = [&](const checker::Progress& progress) { line.show("values of variables", progress); };
  auto text = exports::find_format(settings.document)->write(system, request);
  if (text) return std::move(*text);
  if (*interrupt_flag()) return tl::unexpected(Failure{text.error(), Exit::interrupted});
  return tl::unexpected(Failure{text.error(), Exit::usage});
}

int run_export(const Settings& settings) {
  if (const auto fitting = fits(settings); !fitting) return fail(fitting.error());
  watch_for_interrupt();
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  const auto what = simulated(settings);
  if (!what) return fail(what.error());
  ir::TransitionSystem system = (*what)->model.system;
  system.name = (*what)->model.title;
  if (settings.reduced) system = searched(system, settings);
  const auto text = text_of(settings, system);
  if (!text) return fail(text.error());
  const auto written = output->write(*text);
  if (!written) return fail(written.error());
  if ((*what)->warning.empty()) return Exit::all_hold;
  fail({{{}, (*what)->warning, "see hotproof model"}});
  return Exit::not_understood;
}

}  // namespace

Command export_command() {
  return {
      "export",
      "Write the model for SPIN, Rumur, SMT solvers, or as a state graph",
      "Writes the transition system that is checked, with its properties, in a language of another tool. In promela\n"
      "and murphi one step is one transition, so states and transitions can be counted and compared. The state graph\n"
      "(dot, graphml, aut) is written whole or not at all. Without --tree, the embedded model after the change that\n"
      "introduced MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE. Exit status 4 if something was not understood: what\n"
      "comes there is missing in what was written.",
      "  hotproof export --format promela -o model.pml && spin -o2 -a model.pml\n"
      "  hotproof export --format murphi --count --tree ~/linux -o model.m\n"
      "  hotproof export --format aut --reduced --readers 0\n"
      "  hotproof export --format dot --edit swap.edit | dot -Tsvg > graph.svg",
      joined({model_options(), property_option(), specs_option(), export_options(), output_file_option()}),
      run_export,
  };
}

}  // namespace hotproof::cli
