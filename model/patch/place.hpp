// Lays a diff over a tree, in memory. A hunk that does not stand where its header says is searched, then guessed; every
// guess is reported, and where two places fit about as well the patch is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/patch/diff.hpp"
#include "model/source/source_tree.hpp"

namespace hotproof::patch {

struct Placement {
  enum class Kind : std::uint8_t {
    exact,    // all old lines stand there, white space aside; at the stated line, or only there
    guessed,  // the best alignment; context lines that differ stay as the tree has them
    refused   // no place, or more than one
  };
  Kind kind = Kind::refused;
  std::string file;           // in the tree
  std::uint32_t hunk = 0;     // counted over the whole diff, from 1
  Place in_mail;              // the hunk's header
  std::uint32_t line = 0;     // in the tree's file before this patch, where the hunk begins; 0 if refused
  std::uint32_t matched = 0;  // old lines that are equal there, white space aside
  std::uint32_t total = 0;    // old lines: context and removed
  std::string why;            // one phrase
};
std::string_view name(Placement::Kind kind);  // "exact", "guessed", "refused"

struct Applied {
  SourceTree tree;                    // added_lines and removed_at of the files that changed are set, earlier ones kept
  std::vector<Placement> placements;  // one a hunk, in the diff's order
};

// Rules, in this order: a hunk's old lines are compared without white space. They match at one place only: that place.
// At several: those in the function that the header names, the stated line, those that keep the order of the hunks.
// Nowhere: a guess (guess.hpp) in the function that the header names, between the neighbouring hunks. Errors: a file
// that is not in the tree (or is there already, for a new one), a hunk that finds no place of its own, and a change
// that the tree already contains, perhaps in a later form ("already applied: …"). `tried`, if given, gets the
// placements also when the patch is refused.
Outcome<Applied> apply(const SourceTree& tree, const Diff& diff, std::vector<Placement>* tried = nullptr);

}  // namespace hotproof::patch
