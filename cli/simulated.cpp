#include "cli/simulated.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "checker/certify/certify.hpp"
#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/demand.hpp"
#include "cli/inputs.hpp"
#include "cli/pipeline.hpp"
#include "cli/search.hpp"
#include "cli/traces.hpp"
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
  if (!settings.properties.empty())
    for (const spec::SpecProperty& property : question->properties)
      if (property.temporal)
        return usage_error({{}, property.id + " speaks of what happens in the end; a simulation comes to none",
                            "hotproof check --property " + property.id});
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

// Files whose text on the disk is the model's: what a patch or an edit changes is not.
std::function<std::string(const std::string&)> paths_in(const std::string& tree,
                                                        const counterexamples::Sources& sources) {
  if (tree.empty()) return [](const std::string&) { return std::string(); };
  std::error_code none;
  const std::filesystem::path root = std::filesystem::absolute(tree, none);
  const auto known = std::make_shared<std::map<std::string, std::string>>();
  return [root, known, read = sources.read](const std::string& file) {
    const auto [found, fresh] = known->try_emplace(file);
    if (!fresh) return found->second;
    const auto disk = SourceTree::open(root);
    const auto there = disk ? disk->read(file) : nullptr;
    const auto here = read(file);
    if (there != nullptr && here != nullptr && there->text == here->text)
      found->second = (root / file).lexically_normal().string();
    return found->second;
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
  request.options = search_options(settings);
  request.options.progress = [&](const checker::Progress& progress) { line.show(given.run_to, progress); };
  request.sources = sources_of(what->subject.tree);
  request.explain = false;
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

// The model of the settings, without a run.
Result<std::unique_ptr<Simulated>> made(Settings settings) {
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
  out->arguments = arguments_of(settings);
  out->model.system = ir::merge_equal(what->instrumented.system);
  out->model.sources = with_environment(sources_of(what->subject.tree));
  out->model.title = report.title + ", " + report.architecture;
  out->model.architecture = report.architecture;
  out->model.scenario = report.scenario;
  out->model.path_of = paths_in(settings.tree, out->model.sources);
  const auto instrumented = std::make_shared<const spec::Instrumented>(std::move(what->instrumented));
  const ir::TransitionSystem& system = out->model.system;
  out->model.reason = [instrumented, &system](ir::PropertyId property, ir::TransitionId fired, const ir::State& state) {
    return demand_of(*instrumented, property, system[fired], state);
  };
  return out;
}

std::string name_of(const counterexamples::RecordedTrace& trace) {
  return trace.property.id.empty() ? "run" : trace.property.id;
}

// The model by the command that the trace was recorded by.
Result<std::unique_ptr<Simulated>> made_of(const counterexamples::RecordedTrace& trace) {
  auto again = made_again(trace);
  if (!again) return tl::unexpected(again.error());
  auto out = std::make_unique<Simulated>();
  out->arguments = trace.arguments;
  out->before = trace.before;
  out->model.system = *again->system;
  out->model.sources = with_environment(*again->sources);
  out->model.title = trace.title + ", " + trace.architecture;
  out->model.architecture = trace.architecture;
  out->model.scenario = trace.scenario;
  const auto invocation = parse(trace.arguments);
  out->model.path_of = paths_in(invocation ? invocation->settings.tree : "", out->model.sources);
  // Of the recorded rule it is known what is wrong at the end of the recorded run.
  out->model.reason = [run = *trace.property.run, rule = again->property, why = trace.property.reason](
                          ir::PropertyId property, ir::TransitionId fired, const ir::State&) {
    return property == rule && !run.steps.empty() && fired == run.steps.back() ? why : std::string();
  };
  out->loaded = Simulated::Loaded{name_of(trace), *trace.property.run};
  return out;
}

// Loads a run as it is shown, which must be one of the model.
Outcome<bool> load(Simulated& out, const std::string& name, const counterexamples::Trace& trace) {
  const auto start = simulate::Session::start(out.model.system);
  if (!start) return tl::unexpected(start.error());
  auto run = simulate::find_run(out.model.system, out.model.sources, start->state(), trace);
  if (!run) return tl::unexpected(run.error());
  out.loaded = Simulated::Loaded{name, std::move(*run)};
  return true;
}

Result<std::unique_ptr<Simulated>> with_trace(const Settings& settings) {
  const auto trace = read_trace(settings.trace);
  if (!trace) return tl::unexpected(trace.error());
  const bool as_recorded = arguments_of(settings).size() == 1;
  const bool by_simulate = !trace->arguments.empty() && trace->arguments[0] == "simulate";
  if (as_recorded && !by_simulate) return made_of(*trace);
  Settings chosen = settings;
  if (as_recorded) {
    const auto invocation = parse(trace->arguments);
    if (!invocation) return tl::unexpected(invocation.error());
    chosen = invocation->settings;
  }
  auto out = made(as_asked(chosen));
  if (!out) return out;
  if (!trace->property.trace) return usage_error({{settings.trace, 0, 0}, "this trace has no run", ""});
  if (const auto loaded = load(**out, name_of(*trace), *trace->property.trace); !loaded)
    return usage_error({{settings.trace, 0, 0},
                        "this is no run of the model that is simulated: " + loaded.error().message,
                        loaded.error().hint});
  return out;
}

}  // namespace

Result<std::unique_ptr<Simulated>> simulated(const Settings& given) {
  if (!given.run_to.empty() && !given.trace.empty())
    return usage_error({{}, "--run-to and a trace are two runs", "give one of them"});
  if (!given.trace.empty()) return with_trace(given);
  const Settings settings = as_asked(given);
  auto out = made(settings);
  if (!out || settings.run_to.empty()) return out;
  const auto trace = run_to(settings);
  if (!trace) return tl::unexpected(trace.error());
  if (const auto loaded = load(**out, settings.run_to, *trace); !loaded) return internal_error(loaded.error());
  return out;
}

Result<simulate::Session> session_of(const Simulated& simulated) {
  auto session = simulated.loaded ? simulate::Session::start(simulated.model.system, simulated.loaded->run.initial)
                                  : simulate::Session::start(simulated.model.system);
  if (!session) return usage_error(session.error());
  if (!simulated.loaded) return std::move(*session);
  if (auto loaded = session->load(simulated.loaded->name, simulated.loaded->run); !loaded)
    return internal_error(loaded.error());
  return std::move(*session);
}

Outcome<std::string> save(const Simulated& simulated, const simulate::Session& session, const std::string& path) {
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
  out.arguments = simulated.arguments;
  out.before = simulated.before;
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
