#include "model/patch/place.hpp"

#include <algorithm>
#include <deque>

#include "model/patch/evidence.hpp"

namespace hotproof::patch {

namespace {

std::string without_first_folder(const std::string& path) {
  const std::size_t slash = path.find('/');
  return slash == std::string::npos ? std::string() : path.substr(slash + 1);
}

class Applier {
 public:
  Applier(const SourceTree& tree, const Diff& diff) : tree_(tree), diff_(diff) {}

  Outcome<Applied> run(std::vector<Placement>* tried) {
    for (const FileDiff& file : diff_.files)
      if (auto problem = apply_file(file); problem && !problem_) problem_ = std::move(problem);
    std::vector<Placement> placements;
    bool all_exact = true;
    for (const FilePlaces& file : places_) {
      for (const HunkPlace& hunk : file.hunks) {
        placements.push_back(hunk.placement);
        all_exact = all_exact && hunk.placement.kind == Placement::Kind::exact;
      }
    }
    if (tried != nullptr) *tried = placements;
    if (!all_exact) {
      if (auto applied = already_applied(places_)) return tl::unexpected(std::move(*applied));
    }
    if (problem_) return tl::unexpected(std::move(*problem_));
    return Applied{std::move(tree_), std::move(placements)};
  }

 private:
  using Problem = std::optional<Diagnostic>;

  Problem error(const FileDiff& file, std::string message, std::string hint = {}) const {
    return Diagnostic{{diff_.file, file.line, 1}, std::move(message), std::move(hint)};
  }

  // The path under which the tree has the file: as it stands, or without its first folder (as `patch -p1` takes it).
  // Empty if it has none. Where both names are there, the old one is changed.
  std::string path_in_tree(const FileDiff& file) const {
    for (const std::string& path : {file.old_path, file.new_path})
      if (!path.empty() && tree_.exists(path)) return path;
    if (file.stripped) return {};
    for (const std::string& path : {file.old_path, file.new_path})
      if (const std::string inner = without_first_folder(path); !inner.empty() && tree_.exists(inner)) return inner;
    return {};
  }

  bool has_folder_of(const std::string& path) const {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos || !tree_.list(path.substr(0, slash)).empty();
  }

  static bool is_renamed(const FileDiff& file) {
    return file.stripped && !file.old_path.empty() && !file.new_path.empty() && file.old_path != file.new_path;
  }

  Problem apply_file(const FileDiff& file) {
    if (file.old_path.empty()) return create_file(file);
    const std::string path = is_renamed(file) ? file.old_path : path_in_tree(file);
    const auto source = path.empty() ? nullptr : tree_.read(path);
    if (!source) {
      const std::string& shown = file.old_path;
      number_ += static_cast<std::uint32_t>(file.hunks.size());
      return error(file, "the tree has no file '" + shown + "'", "is this the tree that the patch is for?");
    }
    if (is_renamed(file) && tree_.exists(file.new_path))
      return error(file, "the file '" + file.new_path + "' that it renames to is already in the tree");
    const std::string new_path = file.new_path.empty() ? path : is_renamed(file) ? file.new_path : path;
    return change_file(file, *source, new_path);
  }

  Problem create_file(const FileDiff& file) {
    std::string path = file.new_path;
    const std::string inner = file.stripped ? std::string() : without_first_folder(path);
    if (!inner.empty() && !has_folder_of(path) && has_folder_of(inner)) path = inner;
    const auto source = tree_.read(path);
    if (!source) {
      texts_.emplace_back("");
      FilePlaces& places = begin_places(file, path);
      finish(file, SourceFile{path, "", {}, {}}, path, places);
      return std::nullopt;
    }
    // It may be there because the change is; the evidence says so.
    texts_.emplace_back(source->text);
    begin_places(file, path);
    for (HunkPlace& hunk : places_.back().hunks) hunk.placement.why = "the file is already there";
    return error(file, "the file '" + path + "' that it adds is already in the tree");
  }

  FilePlaces& begin_places(const FileDiff& file, const std::string& path) {
    FilePlaces places{&texts_.back(), path, find_exact(file, texts_.back())};
    for (HunkPlace& hunk : places.hunks) {
      hunk.placement.file = path;
      hunk.placement.hunk = ++number_;
      hunk.placement.in_mail = {diff_.file, hunk.hunk->line, 1};
    }
    return places_.emplace_back(std::move(places));
  }

  Problem change_file(const FileDiff& file, const SourceFile& source, const std::string& new_path) {
    texts_.emplace_back(source.text);
    FilePlaces& places = begin_places(file, source.path);
    if (guess_rest(texts_.back(), places.hunks)) return finish(file, source, new_path, places);
    const auto refused = std::find_if(places.hunks.begin(), places.hunks.end(), [](const HunkPlace& hunk) {
      return hunk.placement.kind == Placement::Kind::refused;
    });
    const Placement& placement = refused->placement;
    return Diagnostic{placement.in_mail,
                      "hunk " + std::to_string(placement.hunk) + " has no place of its own in " + placement.file +
                          ": " + placement.why,
                      "give the tree that the patch was made for, or rebase it"};
  }

  Problem finish(const FileDiff& file, const SourceFile& source, const std::string& new_path,
                 const FilePlaces& places) {
    std::vector<PlacedChange> changes;
    for (const HunkPlace& hunk : places.hunks)
      for (std::size_t i = 0; i < hunk.old.changes.size(); ++i) changes.push_back({hunk.at[i], hunk.old.changes[i]});
    SourceFile changed = with_changes(source, new_path, changes);
    if (file.new_path.empty()) {
      if (!changed.text.empty())
        return error(file, "it deletes '" + source.path + "', but the tree's file has other lines too");
      tree_ = tree_.without(source.path);
      return std::nullopt;
    }
    if (is_renamed(file) && !file.copied) tree_ = tree_.without(source.path);
    tree_ = tree_.with(std::move(changed));
    return std::nullopt;
  }

  SourceTree tree_;
  const Diff& diff_;
  std::deque<FileText> texts_;  // stay where they are: places_ point to them
  std::vector<FilePlaces> places_;
  std::uint32_t number_ = 0;
  Problem problem_;
};

}  // namespace

std::string_view name(Placement::Kind kind) {
  switch (kind) {
    case Placement::Kind::exact:
      return "exact";
    case Placement::Kind::guessed:
      return "guessed";
    case Placement::Kind::refused:
      return "refused";
  }
  return {};
}

Outcome<Applied> apply(const SourceTree& tree, const Diff& diff, std::vector<Placement>* tried) {
  return Applier(tree, diff).run(tried);
}

}  // namespace hotproof::patch
