#include "cli/series_check.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "cli/changed_functions.hpp"
#include "cli/changed_lines.hpp"
#include "cli/series_sets.hpp"
#include "cli/suggest.hpp"
#include "model/env/files.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

std::array<std::size_t, 3> counts_of(const std::vector<ChangedLine>& lines) {
  std::array<std::size_t, 3> out{};
  for (const ChangedLine& line : lines) ++out[static_cast<std::size_t>(line.kind)];
  return out;
}

// Text for people: whoever changes nothing else changes no program.
bool is_prose(const std::string& path) {
  return path.starts_with("Documentation/") || path == "MAINTAINERS" || path == "CREDITS" || path.ends_with(".rst") ||
         path.ends_with(".txt") || path.ends_with(".md");
}

bool changes_program(const std::vector<ChangedLine>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const ChangedLine& line) { return !is_prose(line.file); });
}

using Where = std::tuple<std::string, std::uint32_t, bool>;

std::set<Where> places(const std::vector<ChangedLine>& lines, bool only_executed) {
  std::set<Where> out;
  for (const ChangedLine& line : lines) {
    if (!only_executed || line.kind == LineClass::executed) out.emplace(line.file, line.line, line.removal);
  }
  return out;
}

// Of the prefixes of one series: their subjects, and what is left to find out when all are checked.
class PrefixCheck {
 public:
  PrefixCheck(SeriesJudge& judge, const Subject& base, const patch::Series& series, SetTrees* trees)
      : judge_(judge), series_(series), trees_(trees), at_({base}) {}

  Result<SeriesOnArchitecture> run(std::vector<SeriesPatch>& patches) {
    out_.architecture = judge_.base().architecture;
    out_.base = judge_.base();
    for (std::size_t i = 0; i < series_.parts.size(); ++i) {
      const patch::Part& part = series_.parts[i];
      auto patched = with_part(at_.back(), part, judge_.settings().architecture);
      if (!patched) return tl::unexpected(in_words(patched.error(), part));
      if (patches.size() <= i) patches.push_back({part.label, part.title, std::move(patched->placement)});
      at_.push_back(std::move(patched->subject));
      const auto added = add(part);
      if (!added) return tl::unexpected(added.error());
    }
    find_late_execution();
    return std::move(out_);
  }

 private:
  Failure in_words(Failure failure, const patch::Part& part) const {
    failure.diagnostic.message = "patch " + part.label + ": " + failure.diagnostic.message;
    return failure;
  }

  Result<bool> add(const patch::Part& part) {
    Subject& subject = at_.back();
    subject.title = at_.front().title + " after patch " + part.label;
    PrefixReport prefix;
    const Subject looked_at = as_if_built(subject, prefix);
    auto judged = judge_.judge(looked_at);
    if (!judged && prefix.unbuilt.empty()) return tl::unexpected(in_words(judged.error(), part));
    if (!judged) return add_unbuilt(std::move(prefix));
    prefix.report = judged->checked->report;
    prefix.report.title = subject.title;
    prefix.same_model = judged->known;
    // What is known of an equal model need not be known of the files beside it.
    Checked seen = *judged->checked;
    seen.changed_functions = changed_functions(subject, seen);
    const std::vector<ChangedLine> lines = changed_lines(subject.tree, seen);
    prefix.lines = counts_of(lines);
    prefix.executed = prefix.lines[static_cast<std::size_t>(LineClass::executed)] > 0 || !changes_program(lines);
    prefix.shadowed = shadowed_change(lines, seen);
    if (shadowed_.empty()) shadowed_ = prefix.shadowed;
    if (!shadowed_.empty()) doubt_change(prefix.report, shadowed_);
    const CheckReport& before = out_.prefixes.empty() ? out_.base : out_.prefixes.back().report;
    for (const PropertyReport& property : prefix.report.properties) {
      prefix.steps[property.id] = step_of(find(before, property.id), &property);
    }
    last_ = std::move(seen);
    if (judge_.settings().suggest) {
      const auto suggested = add_suggestions(looked_at, prefix);
      if (!suggested) return suggested;
    }
    out_.prefixes.push_back(std::move(prefix));
    return true;
  }

  // For what this patch breaks and the tree without the series does not.
  Result<bool> add_suggestions(const Subject& subject, PrefixReport& prefix) const {
    std::set<std::string> given;
    bool breaks = false;
    for (const PropertyReport& property : prefix.report.properties) {
      if (property.verdict != Verdict::violated) continue;
      const PropertyReport* base = find(out_.base, property.id);
      const bool was = base != nullptr && base->verdict == Verdict::violated;
      if (was || prefix.steps[property.id] != SeriesStep::broken) given.insert(property.id);
      else breaks = true;
    }
    if (!breaks) return true;
    auto found = suggest(subject, judge_.settings(), judge_.properties(), prefix.report, given);
    if (!found) return tl::unexpected(found.error());
    prefix.report.suggestions = std::move(*found);
    return true;
  }

  // Of a tree that not even borrowed definitions make readable, nothing is known.
  bool add_unbuilt(PrefixReport prefix) {
    prefix.report = out_.base;
    prefix.report.title = at_.back().title;
    for (PropertyReport& property : prefix.report.properties) {
      property.verdict = Verdict::not_understood;
      property.reason = prefix.unbuilt;
      property.trace.reset();
      prefix.steps[property.id] = SeriesStep::undecided;
    }
    prefix.report.verdict = Verdict::not_understood;
    prefix.report.model.not_understood.push_back({{}, prefix.unbuilt, ""});
    out_.prefixes.push_back(std::move(prefix));
    return true;
  }

  // A tree in which a name is missing, with the definition that a later patch has for it.
  Subject as_if_built(const Subject& subject, PrefixReport& prefix) {
    Subject out = subject;
    if (trees_ == nullptr) return out;
    const auto set = static_cast<orders::Set>((std::uint64_t{1} << (at_.size() - 1)) - 1);
    prefix.unbuilt = trees_->names(set).why;
    if (prefix.unbuilt.empty()) return out;
    for (auto& definition : trees_->borrowed(set)) out.settings.push_back(std::move(definition));
    return out;
  }

  // A patch may prepare what only a later one uses: its lines are looked for in the whole series, too.
  void find_late_execution() {
    for (std::size_t i = 0; i < out_.prefixes.size(); ++i) {
      if (!out_.prefixes[i].executed) out_.prefixes[i].executed = is_executed_at_last(i);
    }
  }

  // What is marked with the patch and all behind it, but not with those behind it alone, is the patch's own.
  bool is_executed_at_last(std::size_t patch) const {
    const auto with = marks_since(patch);
    const auto without = marks_since(patch + 1);
    if (!with || !without) return false;
    const std::set<Where> others = places(changed_lines(without->tree, last_), false);
    const std::set<Where> executed = places(changed_lines(with->tree, last_), true);
    return std::any_of(executed.begin(), executed.end(), [&](const Where& at) { return !others.contains(at); });
  }

  // The whole series, with the marks of the patches from `first` on.
  Result<Subject> marks_since(std::size_t first) const {
    Subject subject = at_[first];
    bool keep = false;
    for (std::size_t i = first; i < series_.parts.size(); ++i) {
      auto patched = with_part(subject, series_.parts[i], judge_.settings().architecture, keep);
      if (!patched) return tl::unexpected(patched.error());
      subject = std::move(patched->subject);
      keep = true;
    }
    if (!keep) subject.tree = without_marks(std::move(subject.tree));
    return subject;
  }

  SeriesJudge& judge_;
  const patch::Series& series_;
  SetTrees* trees_;
  std::vector<Subject> at_;  // the base, and after each patch
  SeriesOnArchitecture out_;
  std::string shadowed_;  // why nothing is known any more
  Checked last_;          // of the tree with all patches so far
};

}  // namespace

Result<SeriesJudge> SeriesJudge::create(const Subject& base, const Settings& settings,
                                        const std::vector<spec::SpecProperty>& properties) {
  SeriesJudge out(base, settings, properties);
  auto checked = check(base, settings, properties);
  if (!checked) return tl::unexpected(checked.error());
  out.base_checked_ = std::make_shared<const Checked>(std::move(*checked));
  out.known_[out.key_of(base)] = out.base_checked_;
  return out;
}

// The model reads files that register listeners, too, wherever they stand.
bool SeriesJudge::may_be_read(const Subject& subject, const std::string& path) const {
  if (!path.ends_with(".c") && !path.ends_with(".h")) return false;
  if (subject.is_reference || settings_.real_listeners) return true;
  const auto registers = [&path](const SourceTree& tree) {
    const auto file = tree.read(path);
    return file != nullptr && file->text.find("notifier") != std::string::npos;
  };
  const std::vector<std::string> read = env::model_files(subject.tree, base_checked_->report.architecture);
  return std::find(read.begin(), read.end(), path) != read.end() || registers(subject.tree) || registers(base_.tree);
}

SeriesJudge::Key SeriesJudge::key_of(const Subject& subject) {
  Key key;
  for (const std::string& path : subject.tree.changed()) {
    const auto file = subject.tree.read(path);
    const auto before = base_.tree.read(path);
    const bool equal = file == before || (file != nullptr && before != nullptr && file->text == before->text);
    if (equal || (file != nullptr && !may_be_read(subject, path))) continue;
    const std::size_t number =
        file == nullptr ? 0 : numbers_.try_emplace(file->text, numbers_.size() + 1).first->second;
    key.emplace_back(path, std::to_string(number));
  }
  key.insert(key.end(), subject.settings.begin(), subject.settings.end());
  return key;
}

bool SeriesJudge::knows(const Subject& subject) {
  return known_.contains(key_of(subject));
}

Result<SeriesJudge::Judged> SeriesJudge::judge(const Subject& subject) {
  const Key key = key_of(subject);
  if (const auto found = known_.find(key); found != known_.end()) return Judged{found->second, true};
  auto checked = check(subject, settings_, *properties_, &base_, &base_checked_->report);
  if (!checked) return tl::unexpected(checked.error());
  const auto made = std::make_shared<const Checked>(std::move(*checked));
  // An interrupted check is no answer for the next tree.
  if (made->report.stopped_by != "interrupted") known_[key] = made;
  return Judged{made, false};
}

Result<SeriesOnArchitecture> check_prefixes(SeriesJudge& judge, const Subject& base, const patch::Series& series,
                                            SetTrees* trees, std::vector<SeriesPatch>& patches) {
  return PrefixCheck(judge, base, series, trees).run(patches);
}

Result<Settings> settings_for_series(const Subject& base, const patch::Series& series, const Settings& settings) {
  Settings out = settings;
  out.both_layouts = true;
  if (settings.life) return out;
  const auto whole = with_all_parts(base, series, scenario_request(base, settings).arch);
  // The check of the prefixes will say what is wrong, and with which patch.
  if (!whole) return out;
  const auto plain = build(*whole, settings, {});
  if (!plain) return tl::unexpected(plain.error());
  choose_what_shows_more(*whole, out, plain->checked, Reach::life);
  return out;
}

Result<std::vector<ClaimReport>> judge_series_claims(SeriesJudge& judge, const Subject& base, const Subject& whole,
                                                     const ClaimsRead& claims) {
  if (claims.entries.empty()) return std::vector<ClaimReport>{};
  const auto judged = judge.judge(whole);
  if (!judged) return tl::unexpected(judged.error());
  Checked checked = *judged->checked;
  checked.changed_functions = changed_functions(whole, checked);
  std::string doubt;
  std::vector<ChangedLine> lines = judge_changes(whole.tree, checked, &doubt);
  std::map<std::string, Change> changes;
  for (const PropertyReport& property : checked.report.properties)
    changes[property.id] = change_of(find(judge.base(), property.id), &property);
  return judge_claims(claims, {base, whole, judge.settings(), checked, std::move(lines), std::move(changes), doubt});
}

}  // namespace hotproof::cli
