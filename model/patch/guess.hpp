// Where a hunk belongs that matches nowhere exactly: the best alignment of its old lines with lines of the tree, if it
// is good enough and clearly better than every other one.
#pragma once

#include <string>
#include <vector>

#include "model/patch/file_text.hpp"

namespace hotproof::patch {

// A run of changed lines of a hunk: `removed` old lines from the index `old_index` on give way to `added`.
struct Change {
  std::size_t old_index = 0;
  std::size_t removed = 0;
  HunkLines added;
};

// The old lines of a reading (context and removed), and its changes.
struct OldText {
  std::vector<std::string> lines;
  std::vector<bool> is_removed;
  std::vector<Change> changes;
};
OldText old_text(const HunkLines& reading);

struct Guess {
  bool found = false;
  std::vector<std::size_t> at;  // for each change: the line of the tree (from 0) before which it takes place
  std::size_t first = 0;        // the first line of the tree that a line of the hunk was matched with
  std::uint32_t matched = 0;    // old lines that are equal, white space aside
  std::uint32_t similar = 0;    // old lines that are much alike
  std::string why;              // how sure, or why not
};

// How alike two lines are: 1 equal (white space aside), 0 nothing in common. The longest common subsequence of their
// tokens, names counting twice, over both lengths.
double similarity(std::string_view a, std::string_view b);

// How much a line says about its place: little if it is blank, a brace or the edge of a comment.
double weight(std::string_view line);

// Searches `range` of the file. `region_known`: the range is the function that the hunk's header names, so that less
// evidence is enough. Alignment by dynamic programming (Needleman and Wunsch, 1970; free ends in the tree).
Guess guess(const OldText& hunk, const FileText& file, Range range, bool region_known);

}  // namespace hotproof::patch
