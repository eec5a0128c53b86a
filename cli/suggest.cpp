#include "cli/suggest.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "cli/console.hpp"
#include "cli/inputs.hpp"
#include "cli/step_effects.hpp"
#include "model/patch/repairs.hpp"
#include "model/patch/unified.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

constexpr std::size_t most_tried = 400;
constexpr std::size_t most_shown = 5;
constexpr double most_seconds_of_a_search = 5;         // for one edit, where the user set no limit: some count without end
constexpr double most_in_all = 60;         // seconds, for all violated properties
constexpr std::size_t most_functions = 6;  // of one run

struct Function {
  std::string file;
  std::string name;
  friend auto operator<=>(const Function&, const Function&) = default;
};

// The functions of the tree on a run: first those in which a patch added lines, then those of which the run executes
// most lines.
std::vector<Function> functions_of(const Trace& trace) {
  std::map<Function, std::set<std::uint32_t>> lines;
  std::set<Function> changed;
  const auto see = [&](const std::string& file, const std::string& name, std::uint32_t line, bool added) {
    if (file.empty() || name.empty()) return;
    lines[{file, name}].insert(line);
    if (added) changed.insert({file, name});
  };
  for (const TraceStep& step : trace.steps) {
    if (!step.environment) see(step.file, step.function, step.line, step.added_by_patch);
    for (const TraceCall& call : step.callers) see(call.file, call.function, call.line, call.added_by_patch);
  }
  std::vector<Function> out;
  for (const auto& [function, unused] : lines) out.push_back(function);
  std::stable_sort(out.begin(), out.end(), [&](const Function& a, const Function& b) {
    if (changed.contains(a) != changed.contains(b)) return changed.contains(a);
    return lines[a].size() > lines[b].size();
  });
  if (out.size() > most_functions) out.resize(most_functions);
  return out;
}

struct Idea {
  Function function;
  patch::Repair repair;
};

struct Attempt {
  Subject subject;
  std::vector<std::string> says;
  Function function;
  SuggestionReport report;
  bool enough = false;  // nothing is violated any more but what is given
};

class Search {
 public:
  Search(const Subject& subject, const Settings& settings, const std::vector<spec::SpecProperty>& properties,
         const CheckReport& report, const std::set<std::string>& given)
      : subject_(subject), settings_(settings), properties_(properties), report_(report), given_(given) {
    settings_.plainest_runs = false;
    if (settings_.time_limit == 0) settings_.time_limit = most_seconds_of_a_search;
    settings_.architecture = report.architecture;
  }

  Result<SuggestReport> run() {
    std::vector<const PropertyReport*> wanted;
    for (const PropertyReport& property : report_.properties)
      if (property.verdict == Verdict::violated && !property.cover && property.trace && !given_.contains(property.id))
        wanted.push_back(&property);
    for (const PropertyReport* property : wanted) {
      out_.wanted.push_back(property->id);
      end_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                std::chrono::duration<double>(most_in_all / static_cast<double>(wanted.size())));
      if (const auto done = mend(*property); !done) return tl::unexpected(done.error());
    }
    std::stable_sort(attempts_.begin(), attempts_.end(), [](const Attempt& a, const Attempt& b) {
      if (a.enough != b.enough) return a.enough;
      return a.report.breaks.size() < b.report.breaks.size();
    });
    for (Attempt& attempt : attempts_) {
      if (out_.suggestions.size() < most_shown) out_.suggestions.push_back(std::move(attempt.report));
    }
    return std::move(out_);
  }

 private:
  // Of one kind of edit all are tried, in all functions; the next kind only if nothing mends all so far.
  Result<bool> mend(const PropertyReport& property) {
    const auto model = build(subject_, settings_, properties_);
    if (!model) return tl::unexpected(model.error());
    const std::size_t first = attempts_.size();
    std::vector<Idea> ideas;
    for (const Function& function : functions_of(*property.trace))
      add_ideas(subject_, function, model->lowered.system, ideas);
    bool mended = false;
    if (const auto tried = try_all(property, subject_, {}, ideas, mended); !tried || mended) return tried;
    // What mends it and breaks something else may be half of what is wanted.
    const std::size_t end = attempts_.size();
    for (std::size_t i = first; i < end && !mended; ++i) {
      const Attempt half = attempts_[i];
      const auto again = build(half.subject, settings_, properties_);
      if (!again) continue;
      ideas.clear();
      add_ideas(half.subject, half.function, again->lowered.system, ideas);
      if (const auto tried = try_all(property, half.subject, half.says, ideas, mended); !tried) return tried;
    }
    return true;
  }

  void add_ideas(const Subject& from, const Function& function, const ir::TransitionSystem& system,
                 std::vector<Idea>& ideas) {
    c::Program program(from.tree, files_for(function.file), {});
    auto all = patch::repairs(program, function.file, function.name, effects_in(system, function.file, function.name));
    out_.known += all.size();
    for (patch::Repair& repair : all) ideas.push_back({function, std::move(repair)});
    std::stable_sort(ideas.begin(), ideas.end(),
                     [](const Idea& a, const Idea& b) { return a.repair.kind < b.repair.kind; });
  }

  Result<bool> try_all(const PropertyReport& property, const Subject& from, const std::vector<std::string>& said,
                       const std::vector<Idea>& ideas, bool& mended) {
    std::optional<patch::RepairKind> last;
    for (const Idea& idea : ideas) {
      if ((mended && last != idea.repair.kind) || out_.tried >= most_tried || Clock::now() > end_) return true;
      last = idea.repair.kind;
      auto says = said;
      says.push_back(idea.function.file + ", " + idea.repair.says);
      const auto done = try_one(property, from, std::move(says), idea, mended);
      if (!done) return done;
    }
    return true;
  }

  // The function's file first; then those that the model reads, for the functions that it calls.
  std::vector<std::string> files_for(const std::string& file) const {
    std::vector<std::string> out = {file};
    for (const FollowedReport& followed : report_.model.followed)
      if (!followed.environment && std::find(out.begin(), out.end(), followed.file) == out.end())
        out.push_back(followed.file);
    return out;
  }

  Result<bool> try_one(const PropertyReport& property, const Subject& from, std::vector<std::string> says,
                       const Idea& idea, bool& mended) {
    const auto edit = patch::read_edit(idea.repair.edit, "suggestion");
    if (!edit) return internal_error(edit.error());
    const auto made = with_edit(from, *edit, settings_.architecture);
    if (!made) return true;  // not every place takes every statement
    std::string diff;
    for (const std::string& path : made->tree.changed()) {
      const auto before = subject_.tree.read(path);
      const auto after = made->tree.read(path);
      if (before != nullptr && after != nullptr) diff += patch::unified_diff(path, before->text, after->text);
    }
    if (diff.empty() || !seen_.insert(diff).second) return true;
    line_.show("small edits", {0, ++out_.tried, 0, 0});
    const auto first = quick(*made, property.id);
    if (!first) return tl::unexpected(first.error());
    if (!*first) return true;
    const auto whole = check(*made, settings_, properties_, &subject_, &report_);
    if (!whole) return tl::unexpected(whole.error());
    Attempt attempt{*made, std::move(says), idea.function, {}};
    attempt.report = judged(whole->report, attempt.enough);
    attempt.report.says = attempt.says;
    attempt.report.diff = std::move(diff);
    if (attempt.report.mends.empty() || is_no_better(attempt)) return true;
    mended = mended || attempt.enough;
    attempts_.push_back(std::move(attempt));
    return true;
  }

  // Two edits that do no more than the first of them alone.
  bool is_no_better(const Attempt& attempt) const {
    return !attempt.enough &&
           std::any_of(attempts_.begin(), attempts_.end(), [&attempt](const Attempt& other) {
             return other.says.size() < attempt.says.size() && other.says.front() == attempt.says.front() &&
                    other.report.breaks.size() <= attempt.report.breaks.size() &&
                    other.report.mends.size() >= attempt.report.mends.size();
           });
  }

  // Whether the property holds.
  Result<bool> quick(const Subject& made, const std::string& id) {
    std::vector<spec::SpecProperty> only;
    std::copy_if(properties_.begin(), properties_.end(), std::back_inserter(only),
                 [&id](const spec::SpecProperty& property) { return property.id == id; });
    Settings settings = settings_;
    settings.first_violation_ends = true;
    const auto checked = check(made, settings, only);
    if (!checked) return tl::unexpected(checked.error());
    if (checked->report.stopped_by == "interrupted")
      return tl::unexpected(Failure{{{}, "interrupted", ""}, Exit::interrupted});
    const PropertyReport* found = find(checked->report, id);
    return found != nullptr && found->verdict == Verdict::proved;
  }

  SuggestionReport judged(const CheckReport& after, bool& enough) const {
    SuggestionReport out;
    // Of a change that is not understood nothing is known, whatever else is changed.
    enough = report_.model.not_understood.empty();
    bool given_hold = true;
    for (const PropertyReport& property : after.properties) {
      const PropertyReport* before = find(report_, property.id);
      const bool was = before != nullptr && before->verdict == Verdict::violated;
      const bool held = before != nullptr && (before->verdict == Verdict::proved || !before->applicable);
      const bool holds = property.verdict == Verdict::proved || !property.applicable;
      if (was && property.verdict == Verdict::proved) out.mends.push_back(property.id);
      if (held && !holds) out.breaks.push_back(property.id);
      // A rule that fell silent is not one that holds.
      if (before != nullptr && before->applicable && !property.applicable) out.breaks.push_back(property.id);
      (given_.contains(property.id) ? given_hold : enough) &= holds;
    }
    enough = enough && out.breaks.empty();
    out.all_hold = enough && given_hold;
    return out;
  }

  const Subject& subject_;
  Settings settings_;
  const std::vector<spec::SpecProperty>& properties_;
  const CheckReport& report_;
  const std::set<std::string>& given_;
  std::vector<Attempt> attempts_;
  std::set<std::string> seen_;  // diffs: two edits may make the same text
  SuggestReport out_;
  ProgressLine line_;
  using Clock = std::chrono::steady_clock;
  Clock::time_point end_;
};

}  // namespace

Result<SuggestReport> suggest(const Subject& subject, const Settings& settings,
                              const std::vector<spec::SpecProperty>& properties, const CheckReport& report,
                              const std::set<std::string>& given) {
  return Search(subject, settings, properties, report, given).run();
}

}  // namespace hotproof::cli
