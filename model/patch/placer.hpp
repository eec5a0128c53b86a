// Finds the places of one file's hunks.
#pragma once

#include <optional>

#include "model/patch/guess.hpp"
#include "model/patch/overlay.hpp"
#include "model/patch/place.hpp"

namespace hotproof::patch {

// One hunk on its way to a place.
struct HunkPlace {
  const Hunk* hunk = nullptr;
  HunkLines reading;  // of its lines; the one that matches, where there are several
  OldText old;
  std::vector<std::size_t> exact;  // all lines (from 0) where the old lines match
  std::optional<Range> placed;     // lines of the file
  std::vector<std::size_t> at;     // of each change
  Placement placement;
};

// Looks for exact places and chooses among them; what has none stays without.
std::vector<HunkPlace> find_exact(const FileDiff& diff, const FileText& file);

// Guesses the places of the hunks that have none yet. Sets every placement's `why`; false if one is refused.
bool guess_rest(const FileText& file, std::vector<HunkPlace>& hunks);

}  // namespace hotproof::patch
