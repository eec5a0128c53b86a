#include "model/patch/overlay.hpp"

#include <algorithm>

namespace hotproof::patch {

namespace {

// Builds the new text line by line. The tree's own lines keep their line ends.
class Writer {
 public:
  explicit Writer(const SourceFile& file) : file_(file), rest_(file.text) {}

  void copy_to(std::size_t line) {
    while (line_ < line && !rest_.empty()) {
      if (file_.added_lines.count(number()) != 0) out_.added_lines.insert(written_ + 1);
      keep_removal_mark();
      const std::size_t end = std::min(rest_.find('\n'), rest_.size() - 1) + 1;
      write(rest_.substr(0, end));
      skip(end);
    }
  }

  void apply(const Change& change) {
    for (std::size_t i = 0; i < change.removed && !rest_.empty(); ++i) {
      keep_removal_mark();
      skip(std::min(rest_.find('\n'), rest_.size() - 1) + 1);
    }
    for (const HunkLine& line : change.added) {
      if (!out_.text.empty() && out_.text.back() != '\n') out_.text += '\n';
      out_.added_lines.insert(written_ + 1);
      write(line.text + "\n");
    }
    if (change.removed > 0) mark_removal();
    if (!change.added.empty() && rest_.empty() && change.added.back().ends_without_newline) out_.text.pop_back();
  }

  SourceFile finish(std::string path) {
    copy_to(static_cast<std::size_t>(-1));
    out_.path = std::move(path);
    return std::move(out_);
  }

 private:
  std::uint32_t number() const { return static_cast<std::uint32_t>(line_ + 1); }

  void write(std::string_view text) {
    out_.text += text;
    ++written_;
  }
  void skip(std::size_t bytes) {
    rest_.remove_prefix(bytes);
    ++line_;
  }
  void mark_removal() {
    if (out_.removed_at.empty() || out_.removed_at.back() != written_ + 1) out_.removed_at.push_back(written_ + 1);
  }
  void keep_removal_mark() {
    if (std::find(file_.removed_at.begin(), file_.removed_at.end(), number()) != file_.removed_at.end()) mark_removal();
  }

  const SourceFile& file_;
  std::string_view rest_;
  std::size_t line_ = 0;       // of the old text, from 0
  std::uint32_t written_ = 0;  // lines of the new text
  SourceFile out_;
};

}  // namespace

SourceFile with_changes(const SourceFile& file, std::string path, const std::vector<PlacedChange>& changes) {
  Writer writer(file);
  for (const PlacedChange& placed : changes) {
    writer.copy_to(placed.at);
    writer.apply(placed.change);
  }
  return writer.finish(std::move(path));
}

}  // namespace hotproof::patch
