#include "cli/explain.hpp"

#include <map>

#include "cli/console.hpp"
#include "cli/documents.hpp"
#include "cli/traces.hpp"
#include "counterexamples/render/explain.hpp"
#include "counterexamples/render/json_parts.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

// As a shell takes it.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                                             "-_./,:=@%+") == std::string::npos;
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string command_of(const RecordedTrace& trace) {
  std::string out = "hotproof";
  for (const std::string& argument : trace.arguments) out += " " + quoted(argument);
  return out;
}

// In a form for other programs: about the run, or about a report with nothing else in it.
std::string as_document(const RecordedTrace& trace, const Settings& settings) {
  static const std::map<std::string, std::string> no_files;  // the tree is not here
  const render::RunView run{&trace.property, trace.title, trace.directory, trace.architecture, trace.scenario, &no_files};
  const render::FormatRow& form = *render::find_format(settings.document);
  const render::Context context = writing_context(settings);
  return form.run != nullptr ? form.run(run, context) : form.check(render::report_of(run), context);
}

int run_explain(const Settings& settings) {
  if (settings.story && settings.mail) return fail({{{}, "--story and --mail are two forms", "give one of them"}, Exit::usage});
  if ((settings.story || settings.mail) && !settings.document.empty())
    return fail({{{}, "--story and --mail are texts, and " + settings.document + " is another form", "give one of them"}, Exit::usage});
  auto trace = read_trace(settings.names.front());
  if (!trace) return fail(trace.error());
  if (settings.document.starts_with("graph-")) {
    // A state graph is of a model, which a trace is not.
    const auto model = made_again(*trace);
    if (!model) return fail(model.error());
    trace->property.system = model->system;
  }
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  const render::Setting setting{trace->title, trace->scenario, command_of(*trace), trace->fixes};
  const PropertyReport& property = trace->property;
  const std::string text = !settings.document.empty()                 ? as_document(*trace, settings)
                           : settings.format == Format::json ? to_text(*trace)
                           : settings.mail                 ? render::mail(property, setting)
                           : settings.story                ? render::story(property, setting, style_for(settings))
                                                           : render::explanation(property, setting, style_for(settings));
  const auto written = output->write(text);
  return written ? Exit::all_hold : fail(written.error());
}

}  // namespace

Command explain_command() {
  return {
      "explain",
      "Explain a recorded trace: what happens, what decided it, what would have prevented it",
      "Shows the run with the depth of calls and the locks held; the point of no return, behind which every run breaks the\n"
      "rule; what would prevent it; the nearest run that goes well; and, where it ends in a lock operation, who locks what\n"
      "in which order. The tree is not needed: the trace holds what is shown.",
      "  hotproof check --tree ~/linux --arch s390x --record traces\n"
      "  hotproof explain traces/failed-prepare-leaves-nothing.trace\n"
      "  hotproof explain --mail traces/prepare-has-finish.trace > reply.txt\n"
      "  hotproof explain --html traces/prepare-has-finish.trace -o run.html",
      joined({trace_option("A file that --record wrote; - is standard input"), explain_options(), report_output_options()}),
      run_explain,
  };
}

}  // namespace hotproof::cli
