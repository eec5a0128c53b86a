#include "cli/simulated.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "checker/certify/certify.hpp"
#include "cli/check.hpp"
#include "cli/console.hpp"
#include "cli/demand.hpp"
#include "cli/inputs.hpp"
#include "cli/pipeline.hpp"
#include "cli/search.hpp"
#include "counterexamples/record/recorded.hpp"
#include "counterexamples/simulate/find_run.hpp"
#include "model/ir/passes/passes.hpp"
#include "model/ir/text.hpp"
#include "model/source/embedded.hpp"

namespace hotproof::cli {

namespace {

Result<Subject> with_own_mails(Subject subject, const Settings& settings) {
  if (settings.mails.empty()) return subject;
  const auto mails = read_mails(settings.mails);
  if (!mails) return tl::unexpected(mails.error());
  auto patched = with_mails(subject, *mails);
  if (!patched) return tl::unexpected(patched.error());
  return std::move(patched->subject);
}

// What is asked for: a subject and its properties. Without a tree, the embedded model as its story ends.
Result<Question> question_of(const Settings& settings) {
  if (!settings.tree.empty()) {
    auto question = read_question(settings);
    if (!question || settings.mails.empty()) return question;
    auto patched = with_own_mails(question->base, settings);
    if (!patched) return tl::unexpected(patched.error());
    auto edited = with_edits(*patched, settings);
    if (!edited) return tl::unexpected(edited.error());
    question->subject = std::move(*edited);
    return question;
  }
  auto properties = chosen_properties(settings);
  if (!properties) return tl::unexpected(properties.error());
  const auto mails = embedded_mail();
  if (!mails) return tl::unexpected(mails.error());
  auto base = open_subject(settings);
  if (!base) return tl::unexpected(base.error());
  auto patched = with_mails(*base, *mails);
  if (!patched) return tl::unexpected(patched.error());
  auto more = with_own_mails(std::move(patched->subject), settings);
  if (!more) return tl::unexpected(more.error());
  auto edited = with_edits(*more, settings);
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

// As it was shown when it was recorded.
Result<counterexamples::Trace> recorded_run(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  auto read = counterexamples::read_recorded(*text, path);
  if (!read) return usage_error(read.error());
  if (!read->property.trace) return usage_error({{path, 0, 0}, "this trace has no run", ""});
  return std::move(*read->property.trace);
}

// A command line that simulates the same model.
std::vector<std::string> arguments_of(const Settings& settings) {
  std::vector<std::string> out = {"simulate"};
  const auto text = [&out](const char* option, const std::string& value) {
    if (!value.empty()) out.insert(out.end(), {option, value});
  };
  const auto number = [&text](const char* option, int value) { text(option, value < 0 ? "" : std::to_string(value)); };
  const auto flag = [&out](const char* option, bool given) {
    if (given) out.emplace_back(option);
  };
  text("--tree", settings.tree);
  text("--arch", settings.architecture);
  text("--scenario", settings.scenario);
  number("--blocks", settings.blocks);
  number("--listeners", settings.listeners);
  number("--workers", settings.workers);
  number("--readers", settings.readers);
  number("--registrars", settings.registrars);
  number("--poisoners", settings.poisoners);
  text("--requests", settings.requests);
  flag("--stop", settings.stop);
  flag("--life", settings.life);
  flag("--boot", settings.boot);
  flag("--real-listeners", settings.real_listeners);
  if (settings.altmap != When::automatic) text("--altmap", settings.altmap == When::always ? "yes" : "no");
  for (const std::string& mail : settings.mails) text("--patch", mail);
  for (const std::string& edit : settings.edits) text("--edit", edit);
  for (const std::string& spec : settings.specs) text("--specs", spec);
  for (const std::string& property : settings.properties) text("--property", property);
  return out;
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
  out->model.architecture = report.architecture;
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
  if (!settings.run_to.empty() && !settings.trace.empty())
    return usage_error({{}, "--run-to and a trace are two runs", "give one of them"});
  if (settings.run_to.empty() && settings.trace.empty()) return std::move(*session);
  const auto trace = settings.trace.empty() ? run_to(settings) : recorded_run(settings.trace);
  if (!trace) return tl::unexpected(trace.error());
  const auto run = simulate::find_run(simulated.model.system, simulated.model.sources, session->state(), *trace);
  if (!run && settings.trace.empty()) return internal_error(run.error());
  if (!run)
    return usage_error({{settings.trace, 0, 0},
                        "this is no run of the model that is simulated: " + run.error().message,
                        run.error().hint.empty() ? "give the options that it was recorded with" : run.error().hint});
  const std::string name = trace->property.empty() ? "run" : trace->property;
  if (auto loaded = session->load(name, *run); !loaded) return internal_error(loaded.error());
  return std::move(*session);
}

Outcome<std::string> save(const Simulated& simulated, const Settings& settings, const simulate::Session& session,
                          const std::string& path) {
  using simulate::PropertyState;
  const simulate::Model& model = simulated.model;
  std::optional<std::size_t> first;
  const auto& states = session.moment().properties;
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i].kind == PropertyState::Kind::violated && states[i].at > 0 &&
        (!first || states[i].at < states[*first].at))
      first = i;
  if (!first) return failure({}, "no step has violated anything yet: a recorded trace is of a violation");
  simulate::Session there = session;
  if (auto jumped = there.jump(states[*first].at); !jumped) return tl::unexpected(jumped.error());
  const simulate::View view(model);
  const ir::Property& property = model.system.properties[*first];
  counterexamples::RecordedTrace out;
  out.arguments = arguments_of(settings);
  std::error_code none;
  out.directory = std::filesystem::current_path(none).string();
  out.title = model.title;
  out.architecture = model.architecture;
  out.scenario = model.scenario;
  out.system_sha256 = checker::certify::hash_of(ir::write(model.system));
  out.property.id = property.id;
  out.property.says = property.says;
  out.property.origin = property.origin;
  out.property.confidence = property.confidence;
  out.property.verdict = checker::Verdict::violated;
  out.property.reason = view.property(there, static_cast<ir::PropertyId>(*first)).why;
  out.property.trace = view.trace(there);
  out.property.trace->property = property.id;
  out.property.run = there.run();
  auto file = OutputFile::open(path);
  if (!file) return tl::unexpected(file.error().diagnostic);
  if (const auto written = file->write(counterexamples::to_text(out)); !written)
    return tl::unexpected(written.error().diagnostic);
  return "the run to the violation of " + property.id + ", " + std::to_string(there.position()) + " steps, is in " +
         path;
}

}  // namespace hotproof::cli
