// A file's text after changes at known lines, with the marks of what was added and removed.
#pragma once

#include "model/patch/guess.hpp"
#include "model/source/source_tree.hpp"

namespace hotproof::patch {

// A change and the line (from 0) before which it takes place.
struct PlacedChange {
  std::size_t at = 0;
  Change change;
};

// `changes` in order, not overlapping. Marks that `file` already has move with their lines.
SourceFile with_changes(const SourceFile& file, std::string path, const std::vector<PlacedChange>& changes);

}  // namespace hotproof::patch
