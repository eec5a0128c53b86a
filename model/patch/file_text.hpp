// A file of the tree, prepared for placing hunks: its lines, the same without white space as numbers, and the headings
// that git shows behind @@.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "model/patch/diff.hpp"

namespace hotproof::patch {

// Lines without white space as numbers: equal numbers are equal lines.
class LineNumbers {
 public:
  std::uint32_t operator()(std::string_view text);

 private:
  std::unordered_map<std::string, std::uint32_t> known_;
};

// A stretch of lines, from 0, the end not included.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

class FileText {
 public:
  explicit FileText(std::string_view text);

  const std::vector<std::string>& lines() const { return lines_; }
  bool ends_with_newline() const { return ends_with_newline_; }
  std::size_t size() const { return lines_.size(); }

  // Where `wanted` stands in the file, white space aside; all places, ascending. Linear in the file (Knuth, Morris,
  // Pratt).
  std::vector<std::size_t> find(const std::vector<std::string>& wanted) const;

  // What the heading behind @@ says of a hunk's first line: it lies behind the heading's line and not behind the next
  // heading's. `begin` is the line behind the heading, `end` the next heading (or the file's size). Empty: the file has
  // no such heading. Headings are compared as a whole, then by the name before the first parenthesis.
  std::vector<Range> regions(std::string_view heading) const;

  // True for a line that begins inside a comment, is blank or holds nothing but a comment.
  bool is_silent(std::size_t line) const { return silent_[line]; }
  bool begins_in_comment(std::size_t line) const { return in_comment_[line]; }
  // True if a statement may begin at this line as far as the text before it tells: no parenthesis is open and the code
  // before it ends in ; { } : or a comma, or there is none.
  bool is_boundary(std::size_t line) const { return boundary_[line]; }

 private:
  void scan();

  std::vector<std::string> lines_;
  mutable LineNumbers numbers_;
  std::vector<std::uint32_t> line_numbers_;
  std::vector<std::size_t> headings_;
  std::vector<bool> silent_, in_comment_, boundary_;
  bool ends_with_newline_ = true;
};

// The name before the first parenthesis: "memory_block_online" of "static int memory_block_online(struct …)".
std::string function_name(std::string_view heading);

}  // namespace hotproof::patch
