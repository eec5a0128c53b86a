#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <tuple>

#include "checker/compare/compare.hpp"
#include "cli/changed_lines.hpp"
#include "cli/compare.hpp"
#include "cli/compare_concerns.hpp"
#include "cli/compare_observables.hpp"
#include "cli/console.hpp"
#include "cli/search.hpp"
#include "counterexamples/replay.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using checker::compare::Behaviour;
using checker::compare::Compared;
using checker::compare::Difference;
using checker::compare::differs_at_start;
using checker::compare::Label;

double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A version in one scenario: its model, and everything it can do, by what counts.
struct Version {
  Subject subject;
  Model model;
  ir::TransitionSystem system;  // runs are of this one
  struct Explored {
    checker::compare::Observables observables;
    std::shared_ptr<const Behaviour> behaviour;
  };
  std::vector<Explored> explored;
  std::shared_ptr<const Behaviour> behaviour;  // by what counts now
};

// What a model and its search depend on.
std::string scenario_key(const Settings& settings) {
  std::string out = settings.architecture + "/" + settings.scenario + "/" + settings.requests;
  for (const int number : {settings.blocks, settings.listeners, settings.workers, settings.readers, settings.registrars,
                           settings.poisoners, static_cast<int>(settings.altmap)})
    out += "/" + std::to_string(number);
  for (const bool flag : {settings.real_listeners, settings.stop, settings.life, settings.boot, settings.no_merge})
    out += flag ? "y" : "n";
  return out + std::to_string(settings.time_limit) + "/" + std::to_string(settings.memory_limit);
}

// Notifications that do not count are ignored by listeners that nobody needs.
Subject with_hidden(const Subject& subject, const CompareOptions& options) {
  Subject out = subject;
  for (const std::string& name : hidden_notifications(options)) out.settings.emplace_back("HP_IGNORES_" + name, "1");
  return out;
}

Result<std::vector<spec::SpecProperty>> watched_properties(const CompareOptions& options) {
  if (!observes_everything(options) &&
      std::find(options.observe.begin(), options.observe.end(), "all") == options.observe.end())
    return std::vector<spec::SpecProperty>{};
  auto library = spec::library();
  if (!library) return internal_error(library.error());
  return std::move(*library);
}

Result<Model> build_version(const Subject& subject, const Settings& settings, const CompareOptions& options,
                            double seconds) {
  const auto properties = watched_properties(options);
  if (!properties) return tl::unexpected(properties.error());
  scenarios::Request request = scenario_request(subject, settings);
  request.watched_calls = observed_functions(options);
  request.constants = hidden_notifications(options);
  request.tell_leaves = observes_everything(options);
  return build(subject, request, seconds, *properties);
}

Result<std::shared_ptr<Version>> make_version(const Subject& subject, const Settings& settings,
                                              const CompareOptions& options, double seconds) {
  auto model = build_version(subject, settings, options, seconds);
  if (!model) return tl::unexpected(model.error());
  const bool whole = model->lowered.report.stopped_by.empty();
  auto system = whole ? ir::merge_equal(model->lowered.system) : ir::TransitionSystem{};
  return std::make_shared<Version>(Version{subject, std::move(*model), std::move(system), {}, nullptr});
}

}  // namespace

struct OldVersion::Known {
  Subject subject;
  CompareOptions options;
  std::map<std::string, std::shared_ptr<Version>> versions;  // by scenario
};

namespace {

class VersionComparison {
 public:
  VersionComparison(const Subject& old_subject, std::map<std::string, std::shared_ptr<Version>>& known,
                    const Subject& new_version, const Settings& settings, const CompareOptions& options,
                    const std::optional<OldVersion::Exchanged>& exchanged)
      : settings_(settings),
        options_(options),
        exchanged_(exchanged),
        old_subject_(old_subject),
        known_(known),
        new_subject_(with_hidden(new_version, options)) {}

  Result<CompareReport> run() {
    if (const auto made = build_models(); !made) return tl::unexpected(made.error());
    report_.title = old_->subject.title + " and " + new_->subject.title;
    report_.architecture = new_->model.request.arch;
    report_.bisimulation = options_.bisimulation;
    if (const auto done = compare_models(); !done) return tl::unexpected(done.error());
    doubt_unseen_changes();
    say_what_it_rests_on();
    report_.seconds_total = since(start_);
    return std::move(report_);
  }

 private:
  // Of the limit, in seconds; 0: there is none.
  double time_left() const {
    constexpr double least = 0.001;
    return settings_.time_limit > 0 ? std::max(least, settings_.time_limit - since(start_)) : 0;
  }

  // The scenario is chosen for the new version, and the old one has the same.
  Result<bool> build_models() {
    auto made = make_version(new_subject_, settings_, options_, time_left());
    if (made && choose_what_shows_more(new_subject_, settings_, (*made)->model.checked))
      made = make_version(new_subject_, settings_, options_, time_left());
    if (!made) return tl::unexpected(made.error());
    new_ = std::move(*made);
    if (const auto found = known_old(); !found) return found;
    for (const auto& [version, out] : {std::pair(old_, &report_.old_version), std::pair(new_, &report_.new_version)}) {
      out->title = version->subject.title;
      out->tree = version->subject.tree.name();
      out->scenario = version->model.checked.report.scenario;
      out->assumptions = version->model.checked.report.model.assumptions;
      out->stopped_by = version->model.lowered.report.stopped_by;
    }
    return true;
  }

  Result<bool> known_old() {
    const std::string key = scenario_key(settings_);
    if (const auto found = known_.find(key); found != known_.end()) return old_ = found->second, true;
    auto made = make_version(old_subject_, settings_, options_, time_left());
    if (!made) return tl::unexpected(made.error());
    old_ = std::move(*made);
    // What was interrupted is no answer for the next comparison.
    if (old_->model.lowered.report.stopped_by.empty()) known_[key] = old_;
    return true;
  }

  Result<bool> compare_models() {
    const auto chosen = choose_observables(old_->model, new_->model, options_);
    if (!chosen) return tl::unexpected(chosen.error());
    report_.observed = chosen->observed;
    report_.hidden = chosen->hidden;
    for (const auto& version : {old_, new_}) {
      const std::string& stopped = version->model.lowered.report.stopped_by;
      if (stopped.empty()) continue;
      report_.why = "the model of " + version->subject.title + " could not be made: " + stopped;
      return true;
    }
    if (chosen->of_old.state) {
      if (const auto name = differs_at_start(old_->system, new_->system)) {
        report_.why = *name + " has another value at the start";
        return true;
      }
    }
    explore(*chosen, report_.old_version, report_.new_version);
    const auto compared = compare_behaviours();
    if (!compared) return tl::unexpected(compared.error());
    if (const auto filled = fill(*compared); !filled) return filled;
    if (exchanged_ && report_.verdict == Verdict::violated) return compare_up_to_order(*chosen);
    return report_.verdict == Verdict::proved ? compare_locks() : true;
  }

  // The answer that there is stays if this proves nothing.
  Result<bool> compare_up_to_order(ChosenObservables chosen) {
    for (auto* observables : {&chosen.of_old, &chosen.of_new}) observables->concerns = concerns();
    chosen.of_old.at_once = exchanged_->of_old;
    chosen.of_new.at_once = exchanged_->of_new;
    ComparedVersion of_old, of_new;
    explore(chosen, of_old, of_new);
    const auto compared = compare_behaviours();
    if (!compared) return tl::unexpected(compared.error());
    if (compared->answer != checker::compare::Answer::equivalent || !compared->only_old.empty() || !compared->only_new.empty()) {
      report_.why = compared->why;
      return true;
    }
    report_.verdict = Verdict::proved;
    report_.up_to_order = true;
    report_.differences.clear();
    return true;
  }

  Result<Compared> compare_behaviours() {
    checker::compare::CompareOptions options;
    options.bisimulation = options_.bisimulation;
    options.seconds = time_left();
    options.interrupted = interrupt_flag();
    Compared compared = checker::compare::compare(*old_->behaviour, *new_->behaviour, options);
    if (!compared.internal_error.empty())
      return internal_error(defect(compared.internal_error));
    return compared;
  }

  // Equivalent: are locks taken and given back alike, too?
  Result<bool> compare_locks() {
    const auto names_locks = [](const std::string& name) { return name == "locks" || name == "lock" || name == "all" || name == "everything"; };
    if (std::any_of(options_.observe.begin(), options_.observe.end(), names_locks) ||
        std::any_of(options_.hide.begin(), options_.hide.end(), names_locks))
      return true;
    CompareOptions with_locks = options_;
    with_locks.observe.emplace_back("locks");
    const auto chosen = choose_observables(old_->model, new_->model, with_locks);
    if (!chosen) return tl::unexpected(chosen.error());
    ComparedVersion of_old, of_new;
    explore(*chosen, of_old, of_new);
    const auto compared = compare_behaviours();
    if (!compared) return tl::unexpected(compared.error());
    if (compared->answer == checker::compare::Answer::equivalent) report_.locks = CompareReport::Locks::same;
    if (compared->answer != checker::compare::Answer::differ) return true;
    report_.locks = CompareReport::Locks::differ;
    return tell_all(*compared, report_.lock_differences);
  }

  // Both at a time, unless only one thread is wished, or little memory. The progress shown is the new one's.
  void explore(const ChosenObservables& chosen, ComparedVersion& of_old, ComparedVersion& of_new) {
    const auto explore_old = [&] { explore(*old_, chosen.of_old, of_old); };
    std::future<void> beside;
    // A limit on memory is one on both together.
    if (settings_.threads == 1 || settings_.memory_limit != 0)
      explore_old();
    else
      beside = std::async(std::launch::async, explore_old);
    explore(*new_, chosen.of_new, of_new);
    if (beside.valid()) beside.get();
  }

  void explore(Version& version, const checker::compare::Observables& observables, ComparedVersion& out) {
    const auto known = std::find_if(version.explored.begin(), version.explored.end(),
                                    [&](const auto& explored) { return explored.observables == observables; });
    if (known != version.explored.end()) {
      version.behaviour = known->behaviour;
    } else {
      version.behaviour = std::make_shared<const Behaviour>(search(version, observables));
      // A region is asked about once.
      if (version.behaviour->complete() && !observables.at_once) version.explored.push_back({observables, version.behaviour});
    }
    out.states = version.behaviour->statistics().states;
    out.transitions = version.behaviour->statistics().transitions;
    out.seconds = version.behaviour->statistics().seconds;
    out.stopped_by = version.behaviour->stopped_by();
    note_gaps(version, out);
  }

  Behaviour search(const Version& version, const checker::compare::Observables& observables) {
    checker::compare::BehaviourOptions options;
    options.search = search_options(settings_);
    options.search.limits.seconds = time_left();
    if (&version == new_.get())
      options.search.progress = [&](const checker::Progress& progress) { line_.show(version.subject.title, progress); };
    options.merge = !options_.bisimulation && !settings_.no_merge;
    Behaviour out = Behaviour::of(version.system, observables, options);
    if (&version == new_.get()) line_.clear();
    return out;
  }

  // Places that some run reaches, and what is not understood wherever it is.
  void note_gaps(const Version& version, ComparedVersion& out) {
    const lower::Report& lowered = version.model.lowered.report;
    for (std::size_t i = 0; i < lowered.not_understood.size(); ++i)
      if (i >= lowered.gaps.size() || version.behaviour->unknown().contains(lowered.gaps[i]))
        out.not_understood.push_back(lowered.not_understood[i]);
  }

  Result<bool> fill(const Compared& compared) {
    report_.verdict = verdict_of(compared.answer);
    report_.why = compared.why;
    report_.bisimilar = compared.bisimilar;
    report_.only_old = compared.only_old;
    report_.only_new = compared.only_new;
    report_.classes = compared.classes;
    compared_left_out_ = {{compared.only_old.begin(), compared.only_old.end()},
                          {compared.only_new.begin(), compared.only_new.end()}};
    for (const checker::compare::HeldChange& change : compared.held) add_held(change);
    note_extra(compared.extra_old, report_.extra_old, report_.longer_old);
    note_extra(compared.extra_new, report_.extra_new, report_.longer_new);
    if (const auto told = tell_all(compared, report_.differences); !told) return told;
    drop_uncertain();
    return true;
  }

  Result<bool> tell_all(const Compared& compared, std::vector<DifferenceReport>& out) {
    using Kind = DifferenceReport::Kind;
    for (const auto& [kind, difference] :
         {std::pair(Kind::gained, &compared.gained), std::pair(Kind::lost, &compared.lost),
          std::pair(Kind::choice, &compared.choice)}) {
      if (!*difference) continue;
      auto told = tell(**difference, kind);
      if (!told) return tl::unexpected(told.error());
      out.push_back(std::move(*told));
    }
    return true;
  }

  static void note_extra(const checker::compare::HiddenExtra& extra, std::vector<std::string>& labels,
                         std::vector<std::string>& locks) {
    for (const Label& label : extra.labels) labels.push_back(to_string(label));
    for (const checker::compare::HeldLock& lock : extra.locks) locks.push_back(lock.lock);
  }

  // What a version cannot do is certain only where all of it is understood.
  void drop_uncertain() {
    std::erase_if(report_.differences, [this](const DifferenceReport& difference) {
      return !(difference.only_new ? report_.old_version : report_.new_version).not_understood.empty();
    });
    const bool certain = report_.verdict == Verdict::violated && !report_.differences.empty();
    const bool decided = report_.verdict == Verdict::proved || report_.verdict == Verdict::violated;
    if (!decided || certain || !something_is_not_understood()) return;
    report_.verdict = Verdict::not_understood;
    report_.why = "something was not understood";
  }

  static Verdict verdict_of(checker::compare::Answer answer) {
    switch (answer) {
      case checker::compare::Answer::equivalent:
        return Verdict::proved;
      case checker::compare::Answer::differ:
        return Verdict::violated;
      case checker::compare::Answer::not_understood:
        return Verdict::not_understood;
      case checker::compare::Answer::inconclusive:
        break;
    }
    return Verdict::inconclusive;
  }

  bool something_is_not_understood() const {
    return !report_.old_version.not_understood.empty() || !report_.new_version.not_understood.empty();
  }

  Result<DifferenceReport> tell(const Difference& difference, DifferenceReport::Kind kind) {
    DifferenceReport out;
    out.kind = kind;
    out.only_new = difference.only_new;
    for (const Label& label : difference.common) out.common.push_back(to_string(label));
    out.last = to_string(difference.last);
    for (const Label& label : difference.instead) out.instead.push_back(to_string(label));
    if (difference.goes_on) out.goes_on = to_string(*difference.goes_on);
    const Version& one = difference.only_new ? *new_ : *old_;
    const Version& other = difference.only_new ? *old_ : *new_;
    for (const auto& [version, run, told] :
         {std::tuple(&one, &difference.can, &out.can), std::tuple(&other, &difference.cannot, &out.cannot)}) {
      const auto& left_out = version == new_.get() ? compared_left_out_.second : compared_left_out_.first;
      auto shown = show(*version, *run, left_out);
      if (!shown) return tl::unexpected(shown.error());
      *told = std::move(*shown);
    }
    return out;
  }

  static Result<ComparedRun> show(const Version& version, const ir::Run& run, const std::set<std::string>& left_out) {
    ir::TransitionSystem system = version.system;
    ir::Property any;
    any.id = "compare";
    any.kind = ir::PropertyKind::cover;
    system.properties = {any};
    auto trace =
        counterexamples::replay(system, ir::PropertyId{0}, run, counterexamples::Claim::happens, sources_of(version.subject.tree));
    if (!trace) return internal_error(trace.error());
    ComparedRun out;
    out.trace = std::move(*trace);
    const auto labels = version.behaviour->labels_of(run);
    for (std::size_t step = 0; step < labels.size(); ++step)
      for (const Label& label : labels[step])
        if (!left_out.contains(label.event)) out.happens.push_back({to_string(label), step});
    return out;
  }

  void add_held(const checker::compare::HeldChange& change) {
    auto& all = report_.held;
    const auto same = std::find_if(all.begin(), all.end(), [&change](const HeldReport& held) {
      return held.lock == change.lock.lock && held.write == change.lock.write && held.now_held == change.now_held;
    });
    if (same == all.end()) {
      all.push_back({change.lock.lock, change.lock.write, change.now_held, {to_string(change.label)}});
    } else {
      same->when.push_back(to_string(change.label));
    }
  }

  // Of lines that the scenario does not execute, the answer says nothing.
  void doubt_unseen_changes() {
    report_.lines = changed_lines(new_->subject.tree, new_->model.checked);
    const auto executed = [](const ChangedLine& line) { return line.kind == LineClass::executed; };
    std::string why = shadowed_change(report_.lines, new_->model.checked);
    if (why.empty() && !report_.lines.empty() && std::none_of(report_.lines.begin(), report_.lines.end(), executed))
      why = "the scenario executes no line that was changed";
    if (why.empty()) return;
    report_.new_version.not_understood.push_back({{}, why, ""});
    if (report_.verdict != Verdict::proved) return;
    report_.verdict = Verdict::not_understood;
    report_.why = why;
  }

  void say_what_it_rests_on() {
    auto& out = report_.rests_on;
    if (const std::size_t all = report_.lines.size(); all > 0) {
      const auto executed = std::count_if(report_.lines.begin(), report_.lines.end(),
                                          [](const ChangedLine& line) { return line.kind == LineClass::executed; });
      out.push_back(std::to_string(executed) + " of " + std::to_string(all) + " changed lines are executed");
    }
    if (new_->subject.tree.changed().empty())
      out.push_back("functions that the model does not follow are taken to do the same in both trees");
    const std::set<std::string> of_old(report_.old_version.assumptions.begin(), report_.old_version.assumptions.end());
    for (const std::string& assumption : report_.new_version.assumptions)
      if (of_old.contains(assumption)) out.push_back(assumption);
  }

  Settings settings_;
  const CompareOptions& options_;
  const std::optional<OldVersion::Exchanged>& exchanged_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const Subject& old_subject_;
  std::map<std::string, std::shared_ptr<Version>>& known_;
  Subject new_subject_;
  std::shared_ptr<Version> old_, new_;
  std::pair<std::set<std::string>, std::set<std::string>> compared_left_out_;  // of the old one, of the new one
  CompareReport report_;
  ProgressLine line_;
};

}  // namespace

OldVersion::OldVersion(const Subject& subject, CompareOptions options)
    : known_(new Known{with_hidden(subject, options), std::move(options), {}}) {}
OldVersion::~OldVersion() = default;

Result<CompareReport> OldVersion::compare(const Subject& new_version, const Settings& settings,
                                          const std::optional<Exchanged>& exchanged) {
  return VersionComparison(known_->subject, known_->versions, new_version, settings, known_->options, exchanged).run();
}

Result<CompareReport> compare_versions(const Subject& old_version, const Subject& new_version, const Settings& settings,
                                       const CompareOptions& options) {
  return OldVersion(old_version, options).compare(new_version, settings);
}

}  // namespace hotproof::cli
