#include "cli/series_sets.hpp"

#include <algorithm>

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using orders::has;
using orders::Set;
using orders::with;

Set prefix(std::size_t patches) {
  return static_cast<Set>((std::uint64_t{1} << patches) - 1);
}

// The last patch of a set that is not empty.
unsigned last_of(Set set) {
  return 31U - static_cast<unsigned>(__builtin_clz(set));
}

bool is_code(const std::string& path) {
  return path.ends_with(".c") || path.ends_with(".h");
}

std::string plain(const std::string& name) {
  return name.starts_with(".") ? name.substr(1) : name;
}

}  // namespace

Obstacle against(const CheckReport& base, const CheckReport& report, bool strict) {
  std::string broken;
  std::string open;
  for (const PropertyReport& property : report.properties) {
    const PropertyReport* before = find(base, property.id);
    const SeriesStep step = step_of(before, &property);
    const bool decided_before = before != nullptr && (before->verdict == Verdict::proved || !before->applicable);
    const bool is_open = step == SeriesStep::silenced || (step == SeriesStep::undecided && decided_before);
    if (step == SeriesStep::broken && (strict || !property.latent()))
      broken += (broken.empty() ? "" : ", ") + property.id;
    if (is_open) open += (open.empty() ? "" : ", ") + property.id;
  }
  const std::string on = " on " + report.architecture;
  if (!broken.empty()) return {Obstacle::Kind::verdict, broken + " violated" + on};
  if (!report.model.not_understood.empty() && base.model.not_understood.empty()) {
    return {Obstacle::Kind::undecided, "not understood" + on};
  }
  if (!open.empty()) return {Obstacle::Kind::undecided, open + " not decided" + on};
  return {};
}

SetTrees::SetTrees(const Subject& base, const patch::Series& series, std::string architecture)
    : series_(series), architecture_(std::move(architecture)) {
  trees_.emplace(0, Patch{base, {}});
  std::set<std::string> files;
  for (std::size_t i = 1; i <= series.parts.size(); ++i) {
    const Result<Patch>& built = of(prefix(i));
    if (!built) continue;
    for (const std::string& path : built->subject.tree.changed()) {
      if (is_code(path)) files.insert(path);
    }
  }
  files_.assign(files.begin(), files.end());
  learn_names();
}

const Result<Patch>& SetTrees::of(Set set) {
  if (const auto found = trees_.find(set); found != trees_.end()) return found->second;
  const unsigned last = last_of(set);
  const Result<Patch>& before = of(set & ~(Set{1} << last));
  auto built = before ? with_part(before->subject, series_.parts[last], architecture_) : before;
  return trees_.emplace(set, std::move(built)).first->second;
}

SetTrees::Contents SetTrees::contents(const SourceTree& tree) const {
  Contents out;
  for (const std::string& path : tree.changed()) {
    if (const auto file = tree.read(path)) out[path] = file->text;
  }
  for (const std::string& path : files_) {
    if (const auto file = tree.read(path)) out[path] = file->text;
  }
  return out;
}

bool SetTrees::is_as_exact(const Patch& patch, unsigned thing) {
  const Result<Patch>& posted = of(prefix(thing + 1));
  if (!posted || posted->placement.size() != patch.placement.size()) return false;
  for (std::size_t i = 0; i < patch.placement.size(); ++i) {
    if (posted->placement[i].exact && !patch.placement[i].exact) return false;
  }
  return true;
}

Obstacle SetTrees::text(Set before, unsigned thing) {
  const std::string label = series_.parts[thing].label;
  const Result<Patch>& built = of(before);
  if (!built) return {Obstacle::Kind::text, to_string(built.error().diagnostic)};
  const auto next = with_part(built->subject, series_.parts[thing], architecture_);
  if (!next) return {Obstacle::Kind::text, "the text of " + label + ": " + next.error().diagnostic.message};
  if (!is_as_exact(*next, thing)) return {Obstacle::Kind::text, "the text of " + label + " finds no exact place"};
  const Result<Patch>& whole = of(with(before, thing));
  if (!whole) return {Obstacle::Kind::text, "the text of " + whole.error().diagnostic.message};
  const bool same = contents(next->subject.tree) == contents(whole->subject.tree) &&
                    std::is_permutation(next->subject.settings.begin(), next->subject.settings.end(),
                                        whole->subject.settings.begin(), whole->subject.settings.end());
  return same ? Obstacle{} : Obstacle{Obstacle::Kind::text, "the text of " + label + " comes out in another order"};
}

const patch::Names& SetTrees::names_of(const std::string& text) {
  const auto found = known_names_.find(text);
  return found != known_names_.end() ? found->second : known_names_.emplace(text, patch::names_in(text)).first->second;
}

patch::Names SetTrees::names_in(const Contents& contents) {
  patch::Names out;
  for (const auto& [path, text] : contents) {
    if (!is_code(path)) continue;
    const patch::Names& some = names_of(text);
    out.defined.insert(some.defined.begin(), some.defined.end());
    out.used.insert(some.used.begin(), some.used.end());
  }
  return out;
}

void SetTrees::learn_names() {
  for (std::size_t i = 0; i <= series_.parts.size(); ++i) {
    const Result<Patch>& built = of(prefix(i));
    at_.push_back(built ? names_in(contents(built->subject.tree)) : patch::Names{});
  }
  for (std::size_t i = 1; i < at_.size(); ++i) {
    std::set_symmetric_difference(at_[i - 1].defined.begin(), at_[i - 1].defined.end(), at_[i].defined.begin(),
                                  at_[i].defined.end(), std::inserter(watched_, watched_.end()));
  }
  // What the base uses without a definition in these files has one elsewhere.
  for (const std::string& name : at_[0].used) {
    if (!at_[0].defined.contains(name)) watched_.erase(name);
  }
}

// Some file uses the name that did not before the patch.
bool SetTrees::begins_to_use(std::size_t patch, const std::string& name) {
  const Result<Patch>& before = of(prefix(patch));
  const Result<Patch>& after = of(prefix(patch + 1));
  if (!before || !after) return false;
  const Contents had = contents(before->subject.tree);
  for (const auto& [path, text] : contents(after->subject.tree)) {
    const auto old = had.find(path);
    if (!is_code(path) || !names_of(text).used.contains(name)) continue;
    if (old == had.end() || !names_of(old->second).used.contains(name)) return true;
  }
  return false;
}

std::string SetTrees::who_uses(Set set, const std::string& name) {
  for (std::size_t i = series_.parts.size(); i-- > 0;) {
    if (has(set, static_cast<unsigned>(i)) && begins_to_use(i, name)) {
      return series_.parts[i].label + " uses " + plain(name);
    }
  }
  return plain(name) + " is used";
}

std::string SetTrees::who_defines(const std::string& name) {
  for (std::size_t i = 0; i < series_.parts.size(); ++i) {
    const bool before = at_[i].defined.contains(name);
    const bool after = at_[i + 1].defined.contains(name);
    if (before != after) return series_.parts[i].label + (after ? " defines" : " takes away");
  }
  return "nothing defines";
}

std::vector<std::string> SetTrees::missing(Set set) {
  const Result<Patch>& built = of(set);
  if (!built) return {};
  const patch::Names names = names_in(contents(built->subject.tree));
  std::vector<std::string> out;
  for (const std::string& name : watched_) {
    if (!names.defined.contains(name) && names.used.contains(name)) out.push_back(name);
  }
  return out;
}

Obstacle SetTrees::names(Set set) {
  const std::vector<std::string> lacks = missing(set);
  if (lacks.empty()) return {};
  return {Obstacle::Kind::names, who_uses(set, lacks.front()) + ", which " + who_defines(lacks.front())};
}

std::vector<std::pair<std::string, std::string>> SetTrees::borrowed(Set set) {
  std::vector<std::pair<std::string, std::string>> out;
  const Result<Patch>& whole = of(prefix(series_.parts.size()));
  if (!whole) return out;
  c::Program program(whole->subject.tree, files_, {});
  for (const std::string& name : missing(set)) {
    const c::Macro* macro = program.macro(name);
    if (macro != nullptr && !macro->function_like) out.emplace_back(name, macro->body);
  }
  return out;
}

Result<Obstacle> SetJudge::verdict(Set set, bool strict) {
  const Result<Patch>& built = trees.of(set);
  if (!built) return Obstacle{Obstacle::Kind::text, to_string(built.error().diagnostic)};
  const auto judged = judge.judge(built->subject);
  if (!judged) return tl::unexpected(judged.error());
  if (judged->checked->report.stopped_by == "interrupted") {
    return tl::unexpected(Failure{{{}, "interrupted", ""}, Exit::interrupted});
  }
  const Obstacle found = against(judge.base(), judged->checked->report, strict);
  if (found.kind == Obstacle::Kind::verdict) return found;
  for (unsigned thing = 0; thing < shadowed.size(); ++thing) {
    if (has(set, thing) && !shadowed[thing].empty()) return Obstacle{Obstacle::Kind::undecided, shadowed[thing]};
  }
  return found;
}

}  // namespace hotproof::cli
