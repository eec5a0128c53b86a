#include "cli/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "cli/any_listeners.hpp"
#include "cli/certificates.hpp"
#include "cli/changed_functions.hpp"
#include "cli/console.hpp"
#include "cli/layouts.hpp"
#include "cli/liveness.hpp"
#include "cli/search.hpp"
#include "cli/understood.hpp"
#include "model/env/files.hpp"
#include "model/scenarios/chain_walk.hpp"
#include "model/scenarios/requests.hpp"
#include "specs/lang/instrument.hpp"
#include "verify/sha256.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

constexpr const char* gap_prefix = "not understood ";

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

ModelReport model_report(const lower::Lowered& lowered, scenarios::Scenario& scenario, const SourceTree& tree) {
  ModelReport out;
  for (const lower::Followed& f : lowered.report.followed) {
    FollowedReport entry{f.function,    f.file,       f.line, f.calls,    f.calls_counted,
                         f.environment, f.statements, {},     f.branches, f.branches_both_ways};
    const auto reached = lowered.report.executed.find(f.file);
    for (const std::uint32_t line : f.statements) {
      const bool is_reached = reached != lowered.report.executed.end() &&
                              std::binary_search(reached->second.begin(), reached->second.end(), line);
      if (!is_reached) entry.missing.push_back(line);
    }
    out.followed.push_back(std::move(entry));
  }
  for (const lower::LeafUse& use : lowered.report.leaves) {
    out.leaves.push_back({use.function, std::string(name_of(use.leaf.kind)), use.leaf.cut,
                          use.leaf.reason + (use.leaf.errors.empty() ? "" : "; fails with " + use.leaf.errors),
                          use.places});
  }
  for (const lower::Harmless& h : lowered.report.harmless) out.harmless.push_back({h.function, h.why, h.places});
  out.not_understood = lowered.report.not_understood;
  // The first says who takes part: it stands in the report's `scenario`.
  const std::vector<std::string>& assumed = scenario.assumptions();
  if (!assumed.empty()) out.assumptions.assign(assumed.begin() + 1, assumed.end());
  out.assumptions.insert(out.assumptions.end(), lowered.report.assumptions.begin(), lowered.report.assumptions.end());
  for (const lower::Parameter& size : lowered.report.parameters) out.sizes.push_back({size.name, size.low, size.high});
  out.size_requirements = lowered.report.requirements;
  out.reached = lowered.report.executed;
  for (const auto& [name, on] : scenario.program().configuration_used()) {
    if (name.starts_with("CONFIG_")) out.configuration[name] = on;
  }
  for (const FollowedReport& f : out.followed) {
    const auto [entry, fresh] = out.files.try_emplace(f.file);
    if (!fresh) continue;
    const auto file = tree.read(f.file);
    if (file != nullptr) entry->second = verify::sha256(file->text);
    else out.files.erase(entry);
  }
  out.actors = lowered.system.actors.size();
  out.variables = lowered.system.variables.size();
  out.transitions = lowered.system.transitions.size();
  return out;
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

// Properties whose triggers stand on no transition at all: nothing in the model can do what they speak of.
std::set<std::string> never_triggered(const ir::TransitionSystem& system) {
  std::set<ir::MarkId> present;
  for (const ir::Transition& t : system.transitions) {
    for (const ir::Hit& hit : t.hits) present.insert(hit.mark);
  }
  std::set<std::string> out;
  for (const ir::Property& property : system.properties) {
    const auto stands = [&present](ir::MarkId mark) { return present.contains(mark); };
    if (!property.triggers.empty() && std::none_of(property.triggers.begin(), property.triggers.end(), stands)) {
      out.insert(property.id);
    }
  }
  return out;
}

// What the property's triggers want to see, as written: "notified(_, _, MEM_PREPARE_ONLINE, _, _)".
std::string triggers_in_words(const spec::SpecProperty& property) {
  constexpr std::string_view word = "trigger ";
  std::string out;
  std::string_view rest = property.form_text;
  for (std::size_t at = rest.find(word); at != std::string_view::npos; at = rest.find(word)) {
    rest.remove_prefix(at + word.size());
    const std::string_view trigger = rest.substr(0, rest.find(';'));
    for (const char c : (out.empty() ? "" : " or ") + std::string(trigger)) out += c == '\n' ? ' ' : c;
  }
  return out;
}

// A rule about what nothing in a model that was understood can do does not apply, and does not count. Nor does one that
// speaks only after some history (`speaks`) when no run has it: that cannot be read off the transitions.
void excuse(CheckReport& report, const ir::TransitionSystem& system,
            const std::vector<spec::SpecProperty>& properties) {
  if (!report.model.not_understood.empty()) return;
  const std::set<std::string> silent = never_triggered(system);
  for (PropertyReport& found : report.properties) {
    const auto spec = std::find_if(properties.begin(), properties.end(),
                                   [&found](const spec::SpecProperty& property) { return property.id == found.id; });
    if (!found.applicable || found.verdict != Verdict::vacuous || (!silent.contains(found.id) && !spec->speaks))
      continue;
    found.applicable = false;
    found.reason = spec->speaks ? "no run of this scenario comes to what it speaks of"
                                : "nothing in this scenario can do: " + triggers_in_words(*spec);
  }
}

// Where paths end because something was not understood, nothing is proved; and an actor that stands there for ever has
// not deadlocked.
void doubt_gaps(CheckReport& report) {
  const std::size_t gaps = report.model.not_understood.size();
  if (gaps == 0) return;
  const std::string why = std::to_string(gaps) + (gaps == 1 ? " place was" : " places were") + " not understood";
  doubt(report, why);
}

double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

unsigned number(int asked, unsigned otherwise) {
  return asked < 0 ? otherwise : static_cast<unsigned>(asked);
}

// By name, as the settings have them with commas between.
std::vector<std::string> requests_of(const Settings& settings) {
  if (settings.requests.empty()) return scenarios::usual_requests(settings.life);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < settings.requests.size();) {
    const std::size_t end = std::min(settings.requests.find(',', at), settings.requests.size());
    out.push_back(settings.requests.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool has_own_listener(const Subject& subject, const scenarios::Request& request) {
  if (request.arch != "s390x") return false;
  if (subject.is_reference) return scenarios::add_or_remove(request.requests);
  const auto file = subject.tree.read("drivers/s390/char/sclp_cmd.c");
  return file != nullptr && file->text.find("register_memory_notifier") != std::string::npos;
}

// The tree's own listeners take part: s390's always, others when asked for.
bool own_listeners_act(const Subject& subject, const scenarios::Request& request) {
  if (has_own_listener(subject, request)) return request.real_listeners.value_or(true);
  return !subject.is_reference && request.real_listeners.value_or(false);
}

// Rules about MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE, on which no tree has more than one listener act.
bool speaks_of_prepare(const spec::SpecProperty& property) {
  return std::any_of(property.constants.begin(), property.constants.end(), [](const std::string& constant) {
    return constant == "MEM_PREPARE_ONLINE" || constant == "MEM_FINISH_OFFLINE";
  });
}

// Crowds of listeners stand for any number only where the tree's own walk does with one what it does with the next.
void mind_walks(Model& model) {
  std::set<std::string> harmless;
  for (const lower::Harmless& one : model.lowered.report.harmless) harmless.insert(one.function);
  for (const lower::LeafUse& use : model.lowered.report.leaves)
    if (use.leaf.kind != lower::Leaf::Kind::meaning) harmless.insert(use.function);
  if (auto unlike = scenarios::unlike_a_walk(model.scenario->mir(), model.lowered.report, harmless))
    model.lowered.report.not_understood.push_back(std::move(*unlike));
}

// A model that is not whole decides nothing.
Checked unfinished(Checked checked, const Model& model, const std::vector<spec::SpecProperty>& properties) {
  CheckReport& report = checked.report;
  report.stopped_by = model.lowered.report.stopped_by;
  report.complete = false;
  report.model.not_understood.clear();  // what was met so far: the last round may have understood it
  for (const spec::SpecProperty& spec : properties) {
    PropertyReport property;
    property.id = spec.id;
    property.says = spec.says;
    property.origin = spec.origin;
    property.confidence = spec.confidence;
    property.cover = spec.kind == ir::PropertyKind::cover;
    property.verdict = Verdict::inconclusive;
    property.reason = "the model could not be made: " + report.stopped_by;
    report.properties.push_back(std::move(property));
  }
  report.verdict = Verdict::inconclusive;
  return checked;
}

// A rule of the user's may have too many instances; one of ours has not.
tl::unexpected<Failure> wrong_rule(const Diagnostic& error, const Settings& settings) {
  const bool own = std::find(settings.specs.begin(), settings.specs.end(), error.place.file) != settings.specs.end();
  return own ? usage_error(error) : internal_error(error);
}

// Covers that say which places that are not understood some run reaches; behind the system's own properties.
void add_gap_covers(ir::TransitionSystem& system, const lower::Report& report) {
  const std::uint32_t event_name = system.event_name("not-understood");
  for (std::size_t i = 0; i < report.gaps.size(); ++i) {
    ir::Property cover;
    cover.id = gap_prefix + std::to_string(i);
    cover.kind = ir::PropertyKind::cover;
    cover.mark = static_cast<ir::MarkId>(system.marks.size());
    system.marks.push_back(cover.id);
    for (ir::Transition& transition : system.transitions)
      for (const ir::Event& event : transition.events)
        if (event.name == event_name && system.pool[event.args[1]].value == report.gaps[i])
          transition.hits.push_back({cover.mark, system.pool.truth(true)});
    system.properties.push_back(std::move(cover));
  }
}

// Takes these covers out of the report again, and with them the places that no run reaches.
void forget_unreached_gaps(CheckReport& report) {
  std::vector<Diagnostic> reached;
  std::size_t gap = 0;
  std::erase_if(report.properties, [&](const PropertyReport& property) {
    if (!property.id.starts_with(gap_prefix)) return false;
    if (property.verdict != Verdict::violated) reached.push_back(report.model.not_understood[gap]);
    ++gap;
    return true;
  });
  const auto& all = report.model.not_understood;
  reached.insert(reached.end(), all.begin() + static_cast<std::ptrdiff_t>(gap), all.end());
  report.model.not_understood = std::move(reached);
}

// The same scenario with one listener, or one party of listeners, alone: the tree's own, or one ideal one.
std::vector<scenarios::Request> one_listener_alone(const Subject& subject, const scenarios::Request& request) {
  const bool own = own_listeners_act(subject, request);
  const bool platform = own && has_own_listener(subject, request);
  const bool core = own && request.real_listeners.value_or(false);
  std::vector<scenarios::Request> out;
  if (request.listeners + (platform ? 1 : 0) + (core ? 1 : 0) < 2) return out;
  scenarios::Request alone = request;
  alone.listeners = own ? 0 : 1;
  if (platform) alone.real_listeners = std::nullopt;  // without it, no memory comes online
  out.push_back(alone);
  if (!own || platform) return out;
  // Where nothing needs the tree's own listeners for memory to come online, an ideal one may be all there is.
  alone.listeners = 1;
  alone.real_listeners = false;
  out.push_back(alone);
  return out;
}

// A violation of these rules that one listener alone does not bring about needs what no tree does.
Result<bool> find_latent(const Subject& subject, const Settings& settings,
                         const std::vector<spec::SpecProperty>& properties, Checked& checked) {
  if (checked.two_prepare) return true;
  CheckReport& report = checked.report;
  const auto alone = one_listener_alone(subject, scenario_request(subject, settings));
  std::vector<spec::SpecProperty> candidates;
  for (const spec::SpecProperty& property : properties) {
    const auto is_broken = [&property](const PropertyReport& p) {
      return p.id == property.id && p.verdict == Verdict::violated;
    };
    if (speaks_of_prepare(property) && std::any_of(report.properties.begin(), report.properties.end(), is_broken)) {
      candidates.push_back(property);
    }
  }
  if (candidates.empty() || alone.empty()) return true;
  std::set<std::string> held;
  for (const spec::SpecProperty& property : candidates) held.insert(property.id);
  Settings unbounded = settings;
  unbounded.certify = false;
  unbounded.engine = Engine::automatic;  // whether one listener suffices wants a proof, not a bound
  for (const scenarios::Request& request : alone) {
    const auto with_one = check_scenario(subject, request, unbounded, candidates);
    if (!with_one) return tl::unexpected(with_one.error());
    for (const PropertyReport& p : with_one->report.properties) {
      if (p.verdict != Verdict::proved && p.verdict != Verdict::vacuous) held.erase(p.id);
    }
  }
  for (PropertyReport& property : report.properties) {
    if (held.contains(property.id)) {
      property.latent_needs = "two listeners that act on MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE; no tree has two";
    }
  }
  return true;
}

std::set<std::string> inapplicable_in(const CheckReport& report) {
  std::set<std::string> out;
  for (const PropertyReport& property : report.properties)
    if (!property.applicable) out.insert(property.id);
  return out;
}

// Of these rules, the ones to which the base gives nothing to judge either.
Result<std::set<std::string>> silent_in(const Subject& base, const Settings& settings,
                                        const std::vector<spec::SpecProperty>& rules, const CheckReport* known) {
  if (known != nullptr) return inapplicable_in(*known);
  const auto model = build(base, settings, rules);
  if (!model) return tl::unexpected(model.error());
  if (!model->lowered.report.stopped_by.empty()) return std::set<std::string>();
  if (!model->lowered.report.not_understood.empty()) {
    // Whether some run reaches what was not understood, a search knows.
    Settings plainly = settings;
    plainly.certify = false;
    const auto checked = check_scenario(base, scenario_request(base, settings), plainly, rules);
    if (!checked) return tl::unexpected(checked.error());
    return inapplicable_in(checked->report);
  }
  const auto instrumented = spec::instrument(model->lowered.system, rules);
  if (!instrumented) return wrong_rule(instrumented.error(), settings);
  std::set<std::string> out = never_triggered(instrumented->system);
  for (const spec::Inapplicable& rule : instrumented->inapplicable) out.insert(rule.property.id);
  return out;
}

// The rules of `report` that do not apply because nothing does what they speak of, but that had something to say of the
// base: what took that away must not pass for a proof.
Result<bool> mind_silenced(const Subject& base, const Settings& settings,
                           const std::vector<spec::SpecProperty>& properties, CheckReport& report,
                           const CheckReport* base_report) {
  std::vector<spec::SpecProperty> silent;
  for (const spec::SpecProperty& property : properties) {
    const auto is_silent = [&property](const PropertyReport& p) {
      return p.id == property.id && !property.speaks && !p.applicable && !p.triggers.empty();
    };
    if (std::any_of(report.properties.begin(), report.properties.end(), is_silent)) silent.push_back(property);
  }
  if (silent.empty()) return true;
  const auto still = silent_in(base, settings, silent, base_report);
  if (!still) return tl::unexpected(still.error());
  for (PropertyReport& property : report.properties) {
    const auto is_asked = [&property](const spec::SpecProperty& rule) { return rule.id == property.id; };
    if (std::none_of(silent.begin(), silent.end(), is_asked) || still->contains(property.id)) continue;
    property.applicable = true;
    property.reason = "says nothing any more: " + property.reason + "; before the change something could";
  }
  report.verdict = overall(report.properties);
  doubt_gaps(report);
  return true;
}

}  // namespace

counterexamples::Sources sources_of(const SourceTree& tree) {
  return {[tree](std::string_view path) { return tree.read(path); },
          [](std::string_view path) { return path.starts_with("model/"); }};
}

scenarios::Request scenario_request(const Subject& subject, const Settings& settings) {
  scenarios::Request request;
  request.name = settings.scenario;
  request.arch = !settings.architecture.empty()        ? settings.architecture
                 : settings.scenario == "s390-standby" ? "s390x"
                                                       : "x86_64";
  request.requests = requests_of(settings);
  request.blocks = number(settings.blocks, 1);
  request.listeners = number(settings.listeners, has_own_listener(subject, request) ? 0 : 1);
  request.workers = number(settings.workers, 1);
  request.readers = number(settings.readers, 1);
  request.registrars = number(settings.registrars, 0);
  if (settings.real_listeners) request.real_listeners = true;
  request.stop = settings.stop;
  request.boot = settings.boot;
  request.poisoners = number(settings.poisoners, 0);
  if (settings.altmap != When::automatic) request.altmap = settings.altmap == When::always;
  request.symbolic_sizes = settings.symbolic_sizes;
  request.settings = subject.settings;
  return request;
}

Result<Model> build(const Subject& subject, const Settings& settings,
                    const std::vector<spec::SpecProperty>& properties) {
  return build(subject, scenario_request(subject, settings), settings.time_limit, properties);
}

Result<Model> build(const Subject& subject, const scenarios::Request& request, double seconds,
                    const std::vector<spec::SpecProperty>& properties) {
  Model out;
  out.request = request;
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& more) {
    to.insert(to.end(), more.begin(), more.end());
  };
  add(out.request.watched_calls, spec::watched_calls(properties));
  add(out.request.constants, spec::constants(properties));
  // Names for what notifications say and are answered, for people.
  for (const char* name :
       {"MEM_ONLINE", "MEM_GOING_ONLINE", "MEM_CANCEL_ONLINE", "MEM_PREPARE_ONLINE", "MEM_OFFLINE", "MEM_GOING_OFFLINE",
        "MEM_CANCEL_OFFLINE", "MEM_FINISH_OFFLINE", "NOTIFY_DONE", "NOTIFY_OK", "NOTIFY_STOP", "NOTIFY_BAD"}) {
    out.request.constants.push_back(name);
  }
  if (auto made = lower_understood(subject, seconds, out); !made) return tl::unexpected(made.error());
  if (request.crowds > 0) mind_walks(out);

  CheckReport& report = out.checked.report;
  report.title = subject.title;
  report.tree = subject.tree.name();
  report.architecture = out.request.arch;
  report.model = model_report(out.lowered, *out.scenario, subject.tree);
  report.scenario = out.scenario->assumptions().empty() ? out.scenario->name() : out.scenario->assumptions().front();
  report.verdict = report.model.not_understood.empty() ? Verdict::proved : Verdict::not_understood;
  out.checked.request = out.request;
  out.checked.shadowed = out.scenario->shadowed();
  out.checked.platform_is_ideal = out.scenario->platform_is_ideal();
  out.checked.memmap_in_block = out.scenario->memmap_in_block();
  out.checked.two_prepare = two_prepare(out.scenario->listeners());
  out.checked.changed_functions = changed_functions(subject, out.checked);
  return out;
}

Result<Checked> check_scenario(const Subject& subject, const scenarios::Request& scenario, const Settings& settings,
                               const std::vector<spec::SpecProperty>& properties) {
  const auto start = std::chrono::steady_clock::now();
  auto model = build(subject, scenario, settings.time_limit, properties);
  if (!model) return tl::unexpected(model.error());
  if (!model->lowered.report.stopped_by.empty()) return unfinished(std::move(model->checked), *model, properties);
  auto instrumented = spec::instrument(model->lowered.system, properties);
  if (!instrumented) return wrong_rule(instrumented.error(), settings);
  add_gap_covers(instrumented->system, model->lowered.report);

  ProgressLine line;
  SearchRequest request;
  request.engine = settings.engine;
  request.merge = !settings.no_merge;
  request.reset = !settings.no_reset;
  request.slice = !settings.no_slice;
  request.divide = !settings.no_groups;
  request.check_reductions = settings.check_reductions;
  request.plainest_runs = settings.plainest_runs;
  request.options = search_options(settings);
  request.options.first_violation_ends = settings.first_violation_ends;
  request.options.progress = [&](const checker::Progress& progress) { line.show(subject.title, progress); };
  request.sources = sources_of(subject.tree);
  if (settings.certify) request.certificate = certificate_header(subject, settings, *model);
  if (settings.certify)
    for (const spec::SpecProperty& property : properties)
      if (property.temporal) request.certificate->not_covered.push_back(property.id + ", a formula (docs/liveness.md)");
  auto found = search(*instrumented, request);
  if (!found) return tl::unexpected(found.error());
  auto liveness = check_liveness(model->lowered.system, properties, request);
  if (!liveness) return tl::unexpected(liveness.error());

  CheckReport& report = model->checked.report;
  report.properties = std::move(found->properties);
  report.statistics = found->statistics;
  report.seconds_verifying = found->seconds_verifying + liveness->seconds_verifying;
  report.certificate = std::move(found->certificate);
  report.engine = found->engine.empty() && !liveness->properties.empty() ? "liveness" : found->engine;
  report.complete = found->complete;
  report.stopped_by = found->stopped_by;
  if (!found->tested.empty()) report.model.assumptions.push_back(found->tested);
  forget_unreached_gaps(report);
  excuse(report, instrumented->system, properties);
  for (PropertyReport& property : liveness->properties) report.properties.push_back(std::move(property));
  add_inapplicable(report, instrumented->inapplicable, properties);
  report.verdict = overall(report.properties);
  doubt_gaps(report);
  report.seconds_total = since(start);
  return std::move(model->checked);
}

Result<Checked> check_alone(const Subject& subject, const Settings& settings,
                            const std::vector<spec::SpecProperty>& properties) {
  auto checked = check_scenario(subject, scenario_request(subject, settings), settings, properties);
  if (!checked) return checked;
  const auto latent = find_latent(subject, settings, properties, *checked);
  if (!latent) return tl::unexpected(latent.error());
  return checked;
}

namespace {

// With the memmap of a block in one place.
Result<Checked> check_layout(const Subject& subject, const Settings& settings,
                             const std::vector<spec::SpecProperty>& properties, const Subject* base,
                             const CheckReport* base_report) {
  auto checked = settings.any_listeners ? check_any_listeners(subject, settings, properties)
                                        : check_alone(subject, settings, properties);
  if (!checked) return checked;
  if (base == nullptr || (subject.tree.changed().empty() && subject.settings.empty())) return checked;
  const auto minded = mind_silenced(*base, settings, properties, checked->report, base_report);
  if (!minded) return tl::unexpected(minded.error());
  return checked;
}

bool wants_both_layouts(const Subject& subject, const Settings& settings) {
  return settings.both_layouts && settings.altmap == When::automatic && !subject.is_reference;
}

}  // namespace

Result<Checked> check(const Subject& subject, const Settings& settings,
                      const std::vector<spec::SpecProperty>& properties, const Subject* base,
                      const CheckReport* base_report) {
  auto checked = check_layout(subject, settings, properties, base, base_report);
  if (!checked || !wants_both_layouts(subject, settings) || !checked->memmap_in_block ||
      checked->report.stopped_by == "interrupted")
    return checked;
  Settings elsewhere = settings;
  elsewhere.altmap = When::never;
  // What a change silences was judged above, where more can happen.
  auto other = check_layout(subject, elsewhere, properties, nullptr, nullptr);
  if (!other) return other;
  add_other_layout(*checked, std::move(*other));
  doubt_gaps(checked->report);
  return checked;
}

bool may_be_latent(const Subject& subject, const Settings& settings, const spec::SpecProperty& property) {
  return speaks_of_prepare(property) && !one_listener_alone(subject, scenario_request(subject, settings)).empty();
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
  if (report.verdict == Verdict::proved) report.verdict = Verdict::not_understood;
}

void doubt_change(CheckReport& report, const std::string& why) {
  doubt(report, why);
  report.model.not_understood.push_back({{}, why, ""});
}

}  // namespace hotproof::cli
