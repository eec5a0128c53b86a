// Replaces stretches of a file's text and keeps its marks: lines with new text are added lines.
#pragma once

#include <string>
#include <vector>

#include "model/source/source_tree.hpp"

namespace hotproof::patch {

// text[begin, end) gives way to `text`. An empty stretch is an insertion.
struct Replacement {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

// `replacements` in any order, not overlapping; of insertions at one place the first comes first.
SourceFile with_replacements(const SourceFile& file, std::vector<Replacement> replacements);

}  // namespace hotproof::patch
