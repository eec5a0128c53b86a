#include "model/patch/replace.hpp"

#include <algorithm>

#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

// Writes old and new text and notes, line by line, which of the two its line holds.
class Marker {
 public:
  explicit Marker(const SourceFile& file) : file_(file) { out_.path = file.path; }

  void copy(std::size_t end) {
    for (; at_ < end; ++at_) {
      const char c = file_.text[at_];
      if (!is_blank(c) && c != '\n') old_added_ = old_added_ || file_.added_lines.count(old_line_) != 0;
      if (begins_old_line_) keep_removal();
      begins_old_line_ = c == '\n';
      if (c == '\n') ++old_line_;
      write(c);
    }
  }

  void drop(std::size_t end) {
    bool any = false;
    for (; at_ < end; ++at_) {
      const char c = file_.text[at_];
      any = any || (!is_blank(c) && c != '\n');
      if (begins_old_line_) keep_removal();
      begins_old_line_ = c == '\n';
      if (c == '\n') ++old_line_;
    }
    if (any) mark_removal();
  }

  void insert(std::string_view text) {
    for (const char c : text) {
      if (!is_blank(c) && c != '\n') has_new_ = true;
      write(c);
    }
  }

  SourceFile finish() {
    copy(file_.text.size());
    end_line();
    return std::move(out_);
  }

 private:
  void write(char c) {
    out_.text += c;
    if (c == '\n') end_line();
  }

  void end_line() {
    if (has_new_ || old_added_) out_.added_lines.insert(line_);
    has_new_ = old_added_ = false;
    ++line_;
  }

  void mark_removal() {
    if (out_.removed_at.empty() || out_.removed_at.back() != line_) out_.removed_at.push_back(line_);
  }
  void keep_removal() {
    if (std::find(file_.removed_at.begin(), file_.removed_at.end(), old_line_) != file_.removed_at.end())
      mark_removal();
  }

  const SourceFile& file_;
  std::size_t at_ = 0;
  std::uint32_t old_line_ = 1;
  std::uint32_t line_ = 1;
  bool begins_old_line_ = true;
  bool has_new_ = false;    // the line being written has inserted text
  bool old_added_ = false;  // … or text of a line that was added before
  SourceFile out_;
};

}  // namespace

SourceFile with_replacements(const SourceFile& file, std::vector<Replacement> replacements) {
  std::stable_sort(replacements.begin(), replacements.end(),
                   [](const Replacement& a, const Replacement& b) { return a.begin < b.begin; });
  Marker marker(file);
  for (const Replacement& replacement : replacements) {
    marker.copy(replacement.begin);
    marker.drop(replacement.end);
    marker.insert(replacement.text);
  }
  return marker.finish();
}

}  // namespace hotproof::patch
