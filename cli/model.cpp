#include "cli/model.hpp"

#include "cli/console.hpp"
#include "cli/coverage.hpp"
#include "cli/drawing.hpp"
#include "cli/function_entry.hpp"
#include "cli/inputs.hpp"
#include "counterexamples/render/json.hpp"
#include "counterexamples/render/text.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

Result<std::string> mir_of(Model& model, const std::vector<std::string>& names) {
  std::string out;
  std::vector<std::string> wanted = names;
  if (wanted.empty()) {
    for (const FollowedReport& f : model.checked.report.model.followed) wanted.push_back(f.function);
  }
  for (const std::string& name : wanted) {
    const lower::Body* body = model.scenario->mir().body(name);
    if (body == nullptr) {
      return usage_error({{}, "no function " + name + " has a body in the files that are read", "see hotproof model"});
    }
    out += lower::to_string(*body) + "\n";
  }
  return out;
}

Result<std::string> entries_of(Model& model, const Settings& settings) {
  std::vector<FunctionEntry> entries;
  for (const std::string& name : settings.names) {
    auto entry = function_entry(model, name);
    if (!entry) return tl::unexpected(entry.error());
    entries.push_back(std::move(*entry));
  }
  return settings.format == Format::json ? json(entries) : text(entries, style_for(settings));
}

Result<std::string> answer_of(Model& model, const SourceTree& tree, const Settings& settings) {
  const CheckReport& report = model.checked.report;
  if (settings.mir) return mir_of(model, settings.names);
  if (settings.dot) return drawing_of(model);
  if (settings.coverage) return coverage_text(report.model, tree, settings);
  if (!settings.names.empty()) return entries_of(model, settings);
  return settings.format == Format::json ? render::json(report) : render::model_text(report, style_for(settings));
}

int run_model(const Settings& settings) {
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  const auto question = read_question(settings);
  if (!question) return fail(question.error());
  auto model = build(question->subject, settings, question->properties);
  if (!model) return fail(model.error());
  const auto answer = answer_of(*model, question->subject.tree, settings);
  if (!answer) return fail(answer.error());
  const auto written = output->write(*answer);
  if (!written) return fail(written.error());
  return model->checked.report.model.not_understood.empty() ? Exit::all_hold : Exit::not_understood;
}

}  // namespace

Command model_command() {
  std::vector<OptionRow> drawings = drawing_options();
  return {
      "model",
      "Show what the model takes from a tree, and what it leaves out and why",
      "Prints the functions that are followed, every call that gets a meaning of ours with the reason, the calls that\n"
      "are harmless and why, what is not understood, and the configuration that decided #if. Exit status 4 if "
      "something\n"
      "is not understood.",
      "  hotproof model --tree ~/linux --arch s390x\n"
      "  hotproof model --tree ~/linux online_pages\n"
      "  hotproof model --dot | dot -Tsvg > model.svg\n"
      "  hotproof model --tree ~/linux --life --coverage\n"
      "  hotproof model --tree ~/linux --mir memory_block_online",
      joined({names_option("Functions to look at (default: the whole model)"), drawings, model_options(),
              output_options()}),
      run_model,
  };
}

}  // namespace hotproof::cli
