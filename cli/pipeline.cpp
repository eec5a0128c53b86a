#include "cli/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "cli/console.hpp"
#include "cli/search.hpp"
#include "specs/lang/instrument.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

std::string_view name_of(lower::Leaf::Kind kind) {
  switch (kind) {
    case lower::Leaf::Kind::meaning:
      return "meaning";
    case lower::Leaf::Kind::nothing:
      return "nothing";
    case lower::Leaf::Kind::value:
      return "value";
    case lower::Leaf::Kind::unknown:
      return "unknown";
  }
  return "";
}

ModelReport model_report(const lower::Lowered& lowered, scenarios::Scenario& scenario) {
  ModelReport out;
  for (const lower::Followed& f : lowered.report.followed) {
    out.followed.push_back({f.function, f.file, f.line, f.calls, f.calls_counted});
  }
  for (const lower::LeafUse& use : lowered.report.leaves) {
    out.leaves.push_back(
        {use.function, std::string(name_of(use.leaf.kind)), use.leaf.cut, use.leaf.reason, use.places});
  }
  for (const lower::Harmless& h : lowered.report.harmless) out.harmless.push_back({h.function, h.why, h.places});
  out.not_understood = lowered.report.not_understood;
  // The first says who takes part: it stands in the report's `scenario`.
  const std::vector<std::string>& assumed = scenario.assumptions();
  if (!assumed.empty()) out.assumptions.assign(assumed.begin() + 1, assumed.end());
  out.assumptions.insert(out.assumptions.end(), lowered.report.assumptions.begin(), lowered.report.assumptions.end());
  out.reached = lowered.report.executed;
  for (const auto& [name, on] : scenario.program().configuration_used()) {
    if (name.starts_with("CONFIG_")) out.configuration[name] = on;
  }
  out.actors = lowered.system.actors.size();
  out.variables = lowered.system.variables.size();
  out.transitions = lowered.system.transitions.size();
  return out;
}

std::vector<FunctionLines> changed_functions(const SourceTree& tree, scenarios::Scenario& scenario,
                                             const ModelReport& model) {
  std::vector<FunctionLines> out;
  c::Program& program = scenario.program();
  for (const std::string& path : tree.changed()) {
    const auto file = tree.read(path);
    if (file == nullptr) continue;
    for (const std::string& name : program.functions_in(path)) {
      const c::Function* function = program.function(name);
      if (function == nullptr || program.file_of(*function) != path) continue;
      const std::size_t end = std::min<std::size_t>(function->span.end, file->text.size());
      const auto lines = std::count(file->text.begin() + function->span.begin,
                                    file->text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
      const auto is_followed = [&](const FollowedReport& f) { return f.function == name && f.file == path; };
      const auto& shadowed = scenario.shadowed();
      out.push_back({name, path, function->span.line, function->span.line + static_cast<std::uint32_t>(lines),
                     std::any_of(model.followed.begin(), model.followed.end(), is_followed),
                     std::find(shadowed.begin(), shadowed.end(), name) != shadowed.end()});
    }
  }
  return out;
}

Sources sources_of(const SourceTree& tree) {
  return {[tree](std::string_view path) { return tree.read(path); },
          [](std::string_view path) { return path.starts_with("model/"); }};
}

// Rules that this tree gives nothing to, in the place they have in the library.
void add_inapplicable(CheckReport& report, const std::vector<spec::Inapplicable>& inapplicable,
                      const std::vector<spec::SpecProperty>& order) {
  for (const spec::Inapplicable& rule : inapplicable) {
    PropertyReport property;
    property.id = rule.property.id;
    property.says = rule.property.says;
    property.origin = rule.property.origin;
    property.confidence = rule.property.confidence;
    property.cover = rule.property.kind == ir::PropertyKind::cover;
    property.applicable = false;
    property.verdict = Verdict::vacuous;
    property.reason = rule.reason;
    report.properties.push_back(std::move(property));
  }
  const auto place = [&order](const PropertyReport& property) {
    return std::find_if(order.begin(), order.end(),
                        [&property](const spec::SpecProperty& spec) { return spec.id == property.id; });
  };
  std::stable_sort(report.properties.begin(), report.properties.end(),
                   [&place](const PropertyReport& a, const PropertyReport& b) { return place(a) < place(b); });
}

// The reference model has less in it than a kernel: a rule whose trigger stands nowhere in it does not apply. In a
// kernel tree that would be worth knowing, and stays vacuous.
void excuse_reference(CheckReport& report, const ir::TransitionSystem& system) {
  std::set<ir::MarkId> present;
  for (const ir::Transition& t : system.transitions) {
    for (const ir::Hit& hit : t.hits) present.insert(hit.mark);
  }
  for (const ir::Property& property : system.properties) {
    const bool somewhere = std::any_of(property.triggers.begin(), property.triggers.end(),
                                       [&present](ir::MarkId mark) { return present.contains(mark); });
    if (somewhere || property.triggers.empty()) continue;
    for (PropertyReport& found : report.properties) {
      if (found.id != property.id || found.verdict != Verdict::vacuous) continue;
      found.applicable = false;
      found.reason = "the reference model has nothing of this";
    }
  }
}

// Where paths end because something was not understood, nothing is proved; and an actor that stands there for ever has
// not deadlocked.
void doubt_gaps(CheckReport& report) {
  const std::size_t gaps = report.model.not_understood.size();
  if (gaps == 0) return;
  const std::string why = std::to_string(gaps) + (gaps == 1 ? " place was" : " places were") + " not understood";
  doubt(report, why);
  for (PropertyReport& property : report.properties) {
    if (property.id != "no-deadlock" || property.verdict != Verdict::violated) continue;
    property.verdict = Verdict::not_understood;
    property.reason = why;
    property.trace.reset();
  }
  report.verdict = overall(report.properties);
  if (report.verdict == Verdict::proved) report.verdict = Verdict::not_understood;
}

double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

unsigned number(int asked, unsigned otherwise) {
  return asked < 0 ? otherwise : static_cast<unsigned>(asked);
}

bool has_own_listener(const Subject& subject, const std::string& architecture) {
  if (subject.is_reference || architecture != "s390x") return false;
  const auto file = subject.tree.read("drivers/s390/char/sclp_cmd.c");
  return file != nullptr && file->text.find("register_memory_notifier") != std::string::npos;
}

// Rules about MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE, on which no tree has more than one listener act.
bool speaks_of_prepare(const spec::SpecProperty& property) {
  return std::any_of(property.constants.begin(), property.constants.end(), [](const std::string& constant) {
    return constant == "MEM_PREPARE_ONLINE" || constant == "MEM_FINISH_OFFLINE";
  });
}

Result<Checked> check_once(const Subject& subject, const Settings& settings,
                           const std::vector<spec::SpecProperty>& properties) {
  const auto start = std::chrono::steady_clock::now();
  auto model = build(subject, settings, properties);
  if (!model) return tl::unexpected(model.error());
  const auto instrumented = spec::instrument(model->lowered.system, properties);
  if (!instrumented) return internal_error(instrumented.error());

  ProgressLine line;
  SearchRequest request;
  request.engine = settings.engine;
  request.options.limits = {settings.time_limit, settings.memory_limit, 0};
  request.options.interrupted = interrupt_flag();
  request.options.progress = [&](const checker::Progress& progress) { line.show(subject.title, progress); };
  request.sources = sources_of(subject.tree);
  auto found = search(*instrumented, request);
  if (!found) return tl::unexpected(found.error());

  CheckReport& report = model->checked.report;
  report.properties = std::move(found->properties);
  report.statistics = found->statistics;
  report.engine = found->engine;
  report.complete = found->complete;
  report.stopped_by = found->stopped_by;
  if (subject.is_reference) excuse_reference(report, instrumented->system);
  add_inapplicable(report, instrumented->inapplicable, properties);
  report.verdict = overall(report.properties);
  doubt_gaps(report);
  report.seconds_total = since(start);
  return std::move(model->checked);
}

// A violation of these rules that one listener alone does not bring about needs what no tree does.
Result<bool> find_latent(const Subject& subject, const Settings& settings,
                         const std::vector<spec::SpecProperty>& properties, CheckReport& report) {
  const scenarios::Request request = scenario_request(subject, settings);
  const unsigned own = has_own_listener(subject, request.arch) ? 1 : 0;
  if (request.listeners + own < 2) return true;
  std::vector<spec::SpecProperty> candidates;
  for (const spec::SpecProperty& property : properties) {
    const auto is_broken = [&property](const PropertyReport& p) {
      return p.id == property.id && p.verdict == Verdict::violated;
    };
    if (speaks_of_prepare(property) && std::any_of(report.properties.begin(), report.properties.end(), is_broken)) {
      candidates.push_back(property);
    }
  }
  if (candidates.empty()) return true;
  Settings alone = settings;
  alone.listeners = own == 1 ? 0 : 1;
  alone.engine = Engine::automatic;  // whether one listener suffices wants a proof, not a bound
  const auto checked = check_once(subject, alone, candidates);
  if (!checked) return tl::unexpected(checked.error());
  for (const PropertyReport& with_one : checked->report.properties) {
    if (with_one.verdict != Verdict::proved && with_one.verdict != Verdict::vacuous) continue;
    for (PropertyReport& property : report.properties) {
      if (property.id == with_one.id) {
        property.latent_needs = "two listeners that act on MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE; no tree has two";
      }
    }
  }
  return true;
}

// An error in a file of ours comes from what the tree lacks: the user knows the tree, not that file.
Diagnostic about_tree(const Diagnostic& error, const Subject& subject) {
  if (subject.is_reference || !error.place.file.starts_with("model/")) return error;
  return {Place{subject.tree.name(), 0, 0}, "the model finds no place in this tree: " + to_string(error),
          "is it the whole source of a kernel with memory hotplug?"};
}

}  // namespace

scenarios::Request scenario_request(const Subject& subject, const Settings& settings) {
  scenarios::Request request;
  request.name = settings.scenario;
  request.arch = !settings.architecture.empty()        ? settings.architecture
                 : settings.scenario == "s390-standby" ? "s390x"
                                                       : "x86_64";
  request.blocks = number(settings.blocks, 1);
  request.listeners = number(settings.listeners, has_own_listener(subject, request.arch) ? 0 : 1);
  request.workers = number(settings.workers, 1);
  request.readers = number(settings.readers, 1);
  request.registrars = number(settings.registrars, 0);
  if (settings.real_listeners) request.real_listeners = true;
  request.stop = settings.stop;
  request.boot = settings.boot;
  if (settings.altmap != When::automatic) request.altmap = settings.altmap == When::always;
  request.settings = subject.settings;
  return request;
}

Result<Model> build(const Subject& subject, const Settings& settings,
                    const std::vector<spec::SpecProperty>& properties) {
  Model out;
  out.request = scenario_request(subject, settings);
  out.request.watched_calls = spec::watched_calls(properties);
  out.request.constants = spec::constants(properties);
  // Names for what notifications say and are answered, for people.
  for (const char* name :
       {"MEM_ONLINE", "MEM_GOING_ONLINE", "MEM_CANCEL_ONLINE", "MEM_PREPARE_ONLINE", "MEM_OFFLINE", "MEM_GOING_OFFLINE",
        "MEM_CANCEL_OFFLINE", "MEM_FINISH_OFFLINE", "NOTIFY_DONE", "NOTIFY_OK", "NOTIFY_STOP", "NOTIFY_BAD"}) {
    out.request.constants.push_back(name);
  }
  auto scenario = scenarios::Scenario::create(subject.tree, subject.is_reference, out.request);
  if (!scenario) return usage_error(scenario.error());
  out.scenario = std::move(*scenario);
  auto lowered = lower::lower(out.scenario->mir(), out.scenario->options());
  if (!lowered) return usage_error(about_tree(lowered.error(), subject));
  out.lowered = std::move(*lowered);

  CheckReport& report = out.checked.report;
  report.title = subject.title;
  report.tree = subject.tree.name();
  report.architecture = out.request.arch;
  report.model = model_report(out.lowered, *out.scenario);
  report.scenario = out.scenario->assumptions().empty() ? out.scenario->name() : out.scenario->assumptions().front();
  report.verdict = report.model.not_understood.empty() ? Verdict::proved : Verdict::not_understood;
  out.checked.changed_functions = changed_functions(subject.tree, *out.scenario, report.model);
  return out;
}

Result<Checked> check(const Subject& subject, const Settings& settings,
                      const std::vector<spec::SpecProperty>& properties) {
  auto checked = check_once(subject, settings, properties);
  if (!checked) return checked;
  const auto latent = find_latent(subject, settings, properties, checked->report);
  if (!latent) return tl::unexpected(latent.error());
  return checked;
}

void doubt(CheckReport& report, const std::string& why) {
  for (PropertyReport& property : report.properties) {
    const bool reached = property.cover && property.verdict == Verdict::proved;
    const bool broken = !property.cover && property.verdict == Verdict::violated;
    if (reached || broken || !property.applicable || property.verdict == Verdict::inconclusive) continue;
    property.verdict = Verdict::not_understood;
    property.reason = why;
  }
  report.verdict = overall(report.properties);
}

}  // namespace hotproof::cli
