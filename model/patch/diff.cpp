#include "model/patch/diff.hpp"

#include <algorithm>

#include "model/patch/hunk.hpp"
#include "model/source/source_tree.hpp"

namespace hotproof::patch {

namespace {

// The path behind "--- " or "+++ ": up to a timestamp.
std::string_view header_path(std::string_view text) {
  text = trim(text);
  return text.substr(0, text.find_first_of("\t "));
}

// "a/", "b/", and what git writes with diff.mnemonicPrefix.
bool has_prefix(std::string_view path) {
  return path.size() > 2 && path[1] == '/' && std::string_view("abciow").find(path[0]) != std::string_view::npos;
}

class DiffReader {
 public:
  explicit DiffReader(const Mail& mail) : mail_(mail), lines_(mail.diff) { diff_.file = mail.file; }

  Outcome<Diff> read() {
    if (lines_.empty()) return failure({mail_.file, mail_.line}, "this mail has no diff");
    if (const auto checked = check_lines(); !checked) return tl::unexpected(checked.error());
    while (at_ < lines_.size()) {
      if (const auto done = read_piece(); !done) return tl::unexpected(done.error());
    }
    if (diff_.files.empty())
      return error(lines_.front(), "no unified diff in this text", "make it with git diff or diff -u");
    if (const auto done = close_file(); !done) return tl::unexpected(done.error());
    if (const auto checked = check_stat(); !checked) return tl::unexpected(checked.error());
    return std::move(diff_);
  }

 private:
  tl::unexpected<Diagnostic> error(const Line& line, std::string message, std::string hint = {},
                                   std::uint32_t column = 1) const {
    return failure({mail_.file, line.number, column}, std::move(message), std::move(hint));
  }

  Outcome<void> check_lines() const {
    for (const Line& line : lines_) {
      if (line.text.size() > longest_line) return error(line, "a line of over 64 KiB");
      if (line.text.find('\0') != std::string::npos) return error(line, "a NUL byte: this is no text");
    }
    return {};
  }

  // Diffs of other kinds say themselves what they are.
  Outcome<void> check_kind() const {
    const Line& line = lines_[at_];
    const std::string_view text = line.text;
    const std::string_view next = at_ + 1 < lines_.size() ? std::string_view(lines_[at_ + 1].text) : std::string_view();
    if (starts_with(text, "GIT binary patch") ||
        (starts_with(text, "Binary files ") && text.find(" differ") != std::string_view::npos))
      return error(line, "a binary patch cannot be read", "only changes of text can");
    if (starts_with(text, "*** ") && starts_with(next, "--- "))
      return error(line, "a context diff cannot be read", "make it with git diff or diff -u");
    if (starts_with(text, "diff --cc") || starts_with(text, "diff --combined") || starts_with(text, "@@@ "))
      return error(line, "a combined diff of a merge cannot be read", "make a diff against one parent");
    if (is_ed_command(text) && (at_ == 0 || starts_with(next, "< ") || starts_with(next, "> ")))
      return error(line, "an ed-style diff cannot be read", "make it with git diff or diff -u");
    return {};
  }

  Outcome<void> read_piece() {
    if (const auto kind = check_kind(); !kind) return kind;
    const std::string_view text = lines_[at_].text;
    if (starts_with(text, "diff --git ")) return read_git_header();
    if (begins_file(lines_, at_)) return read_file_header();
    if (starts_with(text, "@@ -")) return read_hunk();
    ++at_;
    return {};
  }

  // ---- paths ----

  // Checks a path as it stands; empty for /dev/null.
  Outcome<std::string> read_path(const Line& line, std::string_view path, std::uint32_t column) const {
    if (path == "/dev/null") return std::string();
    if (!path.empty() && path.front() == '"')
      return error(line, "a quoted path cannot be read", "files with such names are not part of any model", column);
    if (!stays_inside(path)) return error(line, "the path '" + valid_utf8(path) + "' leaves the tree", {}, column);
    return std::string(path);
  }

  // Removes the prefixes if each path that is there has one.
  static void strip_prefixes(FileDiff& file) {
    for (const std::string* path : {&file.old_path, &file.new_path})
      if (!path->empty() && !has_prefix(*path)) return;
    for (std::string* path : {&file.old_path, &file.new_path})
      if (!path->empty()) path->erase(0, 2);
    file.stripped = true;
  }

  // ---- file headers ----

  // "diff --git a/x b/y" and the lines below it that git adds.
  Outcome<void> read_git_header() {
    if (const auto done = close_file(); !done) return done;
    const Line& line = lines_[at_++];
    FileDiff file;
    file.line = line.number;
    const std::string_view paths = trim(std::string_view(line.text).substr(11));
    const std::size_t middle = paths.find(' ');
    if (middle == std::string_view::npos) return error(line, "the diff is cut in a file's header");
    auto old_path = read_path(line, paths.substr(0, middle), 12);
    if (!old_path) return tl::unexpected(old_path.error());
    auto new_path = read_path(line, trim(paths.substr(middle + 1)), static_cast<std::uint32_t>(13 + middle));
    if (!new_path) return tl::unexpected(new_path.error());
    file.old_path = std::move(*old_path);
    file.new_path = std::move(*new_path);
    complete_ = false;
    bool renamed = false;
    for (; at_ < lines_.size() && read_git_line(lines_[at_].text, file, renamed); ++at_) {
    }
    if (renamed) {
      if (!stays_inside(file.old_path) || !stays_inside(file.new_path))
        return error(line, "the path of a renamed file leaves the tree");
      file.stripped = true;
    } else {
      strip_prefixes(file);
    }
    diff_.files.push_back(std::move(file));
    return {};
  }

  // One extended header line; false if it is none.
  bool read_git_line(std::string_view text, FileDiff& file, bool& renamed) {
    const auto path_behind = [&](std::string_view words) { return std::string(trim(text.substr(words.size()))); };
    if (starts_with(text, "new file mode"))
      file.old_path.clear();
    else if (starts_with(text, "deleted file mode"))
      file.new_path.clear();
    else if (starts_with(text, "rename from "))
      file.old_path = path_behind("rename from ");
    else if (starts_with(text, "rename to "))
      file.new_path = path_behind("rename to ");
    else if (starts_with(text, "copy from "))
      file.old_path = path_behind("copy from ");
    else if (starts_with(text, "copy to "))
      file.new_path = path_behind("copy to ");
    else if (starts_with(text, "index "))
      complete_ = complete_ || text.find("..e69de29") != std::string_view::npos;  // empty
    else if (!starts_with(text, "old mode ") && !starts_with(text, "similarity index ") &&
             !starts_with(text, "dissimilarity index ") && !starts_with(text, "new mode "))
      return false;
    if (starts_with(text, "rename ") || starts_with(text, "copy ")) renamed = true;
    if (starts_with(text, "copy ")) file.copied = true;
    // These need no hunk behind them.
    if (starts_with(text, "new mode ") || starts_with(text, "rename to ") || starts_with(text, "copy to "))
      complete_ = true;
    return true;
  }

  // "--- a/x" and "+++ b/x".
  Outcome<void> read_file_header() {
    const Line& old_line = lines_[at_];
    const Line& new_line = lines_[at_ + 1];
    auto old_path = read_path(old_line, header_path(std::string_view(old_line.text).substr(4)), 5);
    if (!old_path) return tl::unexpected(old_path.error());
    auto new_path = read_path(new_line, header_path(std::string_view(new_line.text).substr(4)), 5);
    if (!new_path) return tl::unexpected(new_path.error());
    if (old_path->empty() && new_path->empty()) return error(old_line, "both sides of the diff are /dev/null");
    // Behind "diff --git" this belongs to the same file, unless that one already has its hunks.
    const bool same = !diff_.files.empty() && diff_.files.back().hunks.empty() && !header_seen_;
    if (!same) {
      if (const auto done = close_file(); !done) return done;
      diff_.files.emplace_back().line = old_line.number;
    }
    FileDiff& file = diff_.files.back();
    FileDiff paths;
    paths.old_path = std::move(*old_path);
    paths.new_path = std::move(*new_path);
    strip_prefixes(paths);
    file.old_path = std::move(paths.old_path);
    file.new_path = std::move(paths.new_path);
    file.stripped = paths.stripped;
    header_seen_ = true;
    complete_ = false;
    at_ += 2;
    return {};
  }

  // The last file must have something in it.
  Outcome<void> close_file() {
    if (!diff_.files.empty() && diff_.files.back().hunks.empty() && !complete_)
      return failure({mail_.file, diff_.files.back().line, 1}, "the diff is cut: no hunk follows this file's header");
    header_seen_ = false;
    return {};
  }

  // ---- hunks ----

  Outcome<void> read_hunk() {
    const Line& line = lines_[at_];
    auto hunk = read_hunk_header(line);
    if (!hunk) return error(line, "this hunk header cannot be read", "it should look like '@@ -1,7 +1,8 @@'");
    if (diff_.files.empty())
      return error(line, "a hunk without the header of its file", "the diff's first lines are missing");
    if (++hunks_ > most_hunks) return error(line, "over 10000 hunks in one diff");
    const auto end = read_hunk_lines(lines_, at_ + 1, mail_.file, *hunk);
    if (!end) return tl::unexpected(end.error());
    FileDiff& file = diff_.files.back();
    if (const auto checked = check_place(file, *hunk); !checked) return checked;
    at_ = *end;
    file.hunks.push_back(std::move(*hunk));
    return {};
  }

  // Hunks come in order and do not overlap; a new file has one hunk that removes nothing, a deleted one nothing that
  // stays.
  Outcome<void> check_place(const FileDiff& file, const Hunk& hunk) const {
    const Place place{mail_.file, hunk.line, 1};
    const auto begin = [](std::uint32_t start, std::uint32_t count) {
      return std::uint64_t{start} + (count == 0 ? 1U : 0U);
    };
    if (file.old_path.empty() && (hunk.old_count != 0 || !file.hunks.empty()))
      return failure(place, "a hunk of a new file that expects old lines");
    if (file.new_path.empty() && hunk.new_count != 0)
      return failure(place, "a hunk of a deleted file that leaves lines");
    if (hunk.old_start == 0 && hunk.old_count != 0) return failure(place, "a hunk before the first line");
    if (file.hunks.empty()) return {};
    const Hunk& before = file.hunks.back();
    if (begin(hunk.old_start, hunk.old_count) < begin(before.old_start, before.old_count) + before.old_count)
      return failure(place, "this hunk overlaps the one before it, or they are not in the file's order");
    return {};
  }

  Outcome<void> check_stat() const {
    if (!mail_.stat) return {};
    std::uint64_t insertions = 0;
    std::uint64_t deletions = 0;
    for (const FileDiff& file : diff_.files) {
      for (const Hunk& hunk : file.hunks) {
        for (const HunkLine& line : hunk.lines) {
          if (line.kind == HunkLine::Kind::added) ++insertions;
          if (line.kind == HunkLine::Kind::removed) ++deletions;
        }
      }
    }
    const Diffstat& stat = *mail_.stat;
    if (diff_.files.size() >= stat.files && insertions >= stat.insertions && deletions >= stat.deletions) return {};
    return failure({mail_.file, stat.line}, "the diff is cut: the diffstat says more files or lines than follow",
                   "remove the diffstat if the diff was shortened on purpose");
  }

  const Mail& mail_;
  const Lines& lines_;
  std::size_t at_ = 0;
  std::size_t hunks_ = 0;
  bool complete_ = true;      // the last file needs no hunk
  bool header_seen_ = false;  // "---" and "+++" of the last file
  Diff diff_;
};

}  // namespace

Outcome<Diff> read_diff(const Mail& mail) {
  return DiffReader(mail).read();
}

}  // namespace hotproof::patch
