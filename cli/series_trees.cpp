#include "cli/series_trees.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace hotproof::cli {

namespace {

bool may_hold_patches(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 8> endings = {".patch", ".mbox", ".mbx", ".eml",
                                                              ".diff",  ".mail", ".txt", ".edit"};
  const std::string ending = path.extension().string();
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

Result<std::vector<std::string>> files_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (auto at = std::filesystem::directory_iterator(folder, error); !error && at != std::filesystem::end(at);
       at.increment(error)) {
    std::error_code none;
    if (at->is_regular_file(none) && may_hold_patches(at->path())) out.push_back(at->path().string());
  }
  const Place where{folder, 0, 0};
  if (error) return usage_error({where, "cannot be read: " + error.message(), ""});
  if (out.empty()) {
    return usage_error({where, "no patch in this folder", "*.patch, *.mbox, *.eml, *.mail, *.diff, *.txt or *.edit"});
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

SourceTree without_marks(SourceTree tree) {
  for (const std::string& path : tree.changed()) {
    const auto file = tree.read(path);
    if (file == nullptr || (file->added_lines.empty() && file->removed_at.empty())) continue;
    tree = tree.with({file->path, file->text, {}, {}});
  }
  return tree;
}

Result<Patch> with_part(const Subject& subject, const patch::Part& part, const std::string& architecture,
                        bool keep_marks) {
  Subject before = subject;
  if (!keep_marks) before.tree = without_marks(std::move(before.tree));
  if (part.edit) {
    auto edited = with_edit(before, *part.edit, architecture);
    if (!edited) return tl::unexpected(edited.error());
    return Patch{std::move(*edited), {}};
  }
  auto patched = with_mails(before, {*part.mail});
  if (!patched) return tl::unexpected(patched.error());
  patched->subject.title = subject.title;
  return Patch{std::move(patched->subject), std::move(patched->placement)};
}

Result<Subject> with_all_parts(const Subject& subject, const patch::Series& series, const std::string& architecture) {
  Subject out = subject;
  for (const patch::Part& part : series.parts) {
    auto patched = with_part(out, part, architecture, true);
    if (!patched) return tl::unexpected(patched.error());
    out = std::move(patched->subject);
  }
  out.title = subject.title + " with the series";
  return out;
}

Result<std::vector<patch::SeriesInput>> read_series_inputs(const std::vector<std::string>& paths) {
  std::vector<patch::SeriesInput> out;
  for (const std::string& path : paths) {
    std::error_code none;
    std::vector<std::string> files = {path};
    if (std::filesystem::is_directory(path, none)) {
      auto found = files_in(path);
      if (!found) return tl::unexpected(found.error());
      files = std::move(*found);
    }
    for (const std::string& file : files) {
      auto text = read_text(file);
      if (!text) return tl::unexpected(text.error());
      out.push_back({file, std::move(*text)});
    }
  }
  return out;
}

}  // namespace hotproof::cli
