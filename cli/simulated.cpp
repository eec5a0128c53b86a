#include "cli/simulated.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/check.hpp"
#include "cli/console.hpp"
#include "cli/demand.hpp"
#include "cli/inputs.hpp"
#include "cli/pipeline.hpp"
#include "cli/search.hpp"
#include "counterexamples/simulate/find_run.hpp"
#include "model/ir/passes/passes.hpp"
#include "model/source/embedded.hpp"

namespace hotproof::cli {

namespace {

// What is asked for: a subject and its properties. Without a tree, the embedded model as its story ends.
Result<Question> question_of(const Settings& settings) {
  if (!settings.tree.empty()) return read_question(settings);
  auto properties = chosen_properties(settings);
  if (!properties) return tl::unexpected(properties.error());
  const auto mails = embedded_mail();
  if (!mails) return tl::unexpected(mails.error());
  auto base = open_subject(settings);
  if (!base) return tl::unexpected(base.error());
  auto patched = with_mails(*base, *mails);
  if (!patched) return tl::unexpected(patched.error());
  auto edited = with_edits(patched->subject, settings);
  if (!edited) return tl::unexpected(edited.error());
  return Question{std::move(*base), std::move(*edited), std::move(*properties)};
}

struct Built {
  Subject subject;
  cli::Model model;
  spec::Instrumented instrumented;
};

Result<Built> built(const Settings& settings) {
  if (settings.symbolic_sizes)
    return usage_error({{}, "a simulation has numbers, not all sizes at once", "leave out --sizes symbolic"});
  auto question = question_of(settings);
  if (!question) return tl::unexpected(question.error());
  auto model = build(question->subject, settings, question->properties);
  if (!model) return tl::unexpected(model.error());
  const std::string& stopped_by = model->lowered.report.stopped_by;
  if (!stopped_by.empty())
    return tl::unexpected(Failure{{{}, "the model could not be made: " + stopped_by, ""}, Exit::undecided});
  auto instrumented = spec::instrument(model->lowered.system, question->properties);
  if (!instrumented) return usage_error(instrumented.error());
  return Built{std::move(question->subject), std::move(*model), std::move(*instrumented)};
}

Settings as_asked(const Settings& settings) {
  return settings.tree.empty() ? for_story(settings) : settings;
}

// Files whose lines on the disk are those of the model: of the tree, and not changed in memory.
std::function<std::string(const std::string&)> paths_in(const Settings& settings, const SourceTree& tree) {
  if (settings.tree.empty()) return [](const std::string&) { return std::string(); };
  std::error_code none;
  const std::filesystem::path root = std::filesystem::absolute(settings.tree, none);
  return [root, changed = tree.changed()](const std::string& file) {
    const bool ours = file.starts_with("model/") || !stays_inside(file);
    if (ours || std::find(changed.begin(), changed.end(), file) != changed.end()) return std::string();
    std::error_code unknown;
    const std::filesystem::path path = (root / file).lexically_normal();
    return std::filesystem::is_regular_file(path, unknown) ? path.string() : std::string();
  };
}

// The environment's lines are worth seeing too where somebody goes through them step by step.
counterexamples::Sources with_environment(counterexamples::Sources sources) {
  const auto ours = std::make_shared<std::map<std::string, std::shared_ptr<const SourceFile>, std::less<>>>();
  for (const embedded::File& file : embedded::env())
    (*ours)[std::string(file.path)] =
        std::make_shared<const SourceFile>(SourceFile{std::string(file.path), std::string(file.text), {}, {}});
  sources.read = [read = sources.read, ours](std::string_view path) {
    auto file = read(path);
    const auto known = ours->find(path);
    return file == nullptr && known != ours->end() ? known->second : file;
  };
  return sources;
}

// The simplest run of this property alone, as it is shown.
Result<counterexamples::Trace> run_to(const Settings& given) {
  Settings settings = given;
  settings.properties = {given.run_to};
  auto what = built(settings);
  if (!what) return tl::unexpected(what.error());
  if (what->instrumented.system.properties.empty())
    return usage_error(
        {{}, given.run_to + " says nothing here: " + what->instrumented.inapplicable.front().reason, ""});
  ProgressLine line;
  SearchRequest request;
  request.options.limits = {settings.time_limit, settings.memory_limit, 0};
  request.options.progress = [&](const checker::Progress& progress) { line.show(given.run_to, progress); };
  request.sources = sources_of(what->subject.tree);
  auto found = search(what->instrumented, request);
  if (!found) return tl::unexpected(found.error());
  counterexamples::PropertyReport& property = found->properties.front();
  if (!property.trace)
    return tl::unexpected(Failure{
        {{},
         "no run is known that leads to " + given.run_to + ": it is " + std::string(checker::name(property.verdict)),
         property.reason},
        Exit::undecided});
  return std::move(*property.trace);
}

}  // namespace

Result<std::unique_ptr<Simulated>> simulated(const Settings& given) {
  Settings settings = as_asked(given);
  const auto asked = std::find(settings.properties.begin(), settings.properties.end(), settings.run_to);
  if (!settings.properties.empty() && !settings.run_to.empty() && asked == settings.properties.end())
    settings.properties.push_back(settings.run_to);
  auto what = built(settings);
  if (!what) return tl::unexpected(what.error());
  auto out = std::make_unique<Simulated>();
  const counterexamples::CheckReport& report = what->model.checked.report;
  if (const std::size_t gaps = report.model.not_understood.size(); gaps > 0)
    out->warning =
        std::to_string(gaps) + (gaps == 1 ? " place is" : " places are") +
        " not understood, and what comes there ends; the first: " + to_string(report.model.not_understood.front());
  out->model.system = ir::merge_equal(what->instrumented.system);
  out->model.sources = with_environment(sources_of(what->subject.tree));
  out->model.title = report.title + ", " + report.architecture;
  out->model.scenario = report.scenario;
  out->model.path_of = paths_in(settings, what->subject.tree);
  const auto instrumented = std::make_shared<const spec::Instrumented>(std::move(what->instrumented));
  const ir::TransitionSystem& system = out->model.system;
  out->model.reason = [instrumented, &system](ir::PropertyId property, ir::TransitionId fired, const ir::State& state) {
    return demand_of(*instrumented, property, system[fired], state);
  };
  return out;
}

Result<simulate::Session> session_of(const Simulated& simulated, const Settings& given) {
  auto session = simulate::Session::start(simulated.model.system);
  if (!session) return usage_error(session.error());
  const Settings settings = as_asked(given);
  if (settings.run_to.empty()) return std::move(*session);
  const auto trace = run_to(settings);
  if (!trace) return tl::unexpected(trace.error());
  const auto run = simulate::find_run(simulated.model.system, simulated.model.sources, session->state(), *trace);
  if (!run) return internal_error(run.error());
  if (auto loaded = session->load(settings.run_to, *run); !loaded) return internal_error(loaded.error());
  return std::move(*session);
}

}  // namespace hotproof::cli
