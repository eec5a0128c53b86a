// Does the tree already contain the change, perhaps in a later form?
#pragma once

#include <optional>

#include "model/patch/placer.hpp"

namespace hotproof::patch {

// One file of the diff and what it was placed on.
struct FilePlaces {
  const FileText* file = nullptr;
  std::string path;
  std::vector<HunkPlace> hunks;
};

// Looks only at hunks that are not placed exactly. Says "already applied" if the result of each of them stands in the
// tree, or if most of the added lines that use a name which the diff introduces are there, as they are or much alike,
// in the function that the hunk's header names. Says "partly applied" if other hunks of the diff still fit exactly.
std::optional<Diagnostic> already_applied(const std::vector<FilePlaces>& files);

}  // namespace hotproof::patch
