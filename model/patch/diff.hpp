// Unified diffs, also such as a web archive or a mailer has damaged: context lines that have lost their leading blank
// or all their leading white space. The counts in a hunk's header say which lines belong to it.
#pragma once

#include <string>
#include <vector>

#include "model/patch/mail.hpp"

namespace hotproof::patch {

struct HunkLine {
  enum class Kind : char { context = ' ', removed = '-', added = '+' } kind = Kind::context;
  std::string text;        // without the sign
  std::uint32_t line = 0;  // in the input
  bool ends_without_newline = false;
};
using HunkLines = std::vector<HunkLine>;

struct Hunk {
  std::uint32_t old_start = 0, old_count = 0;  // as the header says; old_start 0: there was no file
  std::uint32_t new_start = 0, new_count = 0;
  std::string heading;  // behind the second @@: the line that begins the function, perhaps cut
  HunkLines lines;
  // True if context lines lack their leading blank, so that a context line which itself begins with '+' or '-' cannot
  // be told from a changed one. `others`: the other readings that the counts allow.
  bool damaged = false;
  std::vector<HunkLines> others;
  std::uint32_t line = 0;  // of the header in the input
};

struct FileDiff {
  std::string old_path;   // empty: the file is new. Relative; a leading "a/" or "b/" is gone where both sides have one
  std::string new_path;   // empty: the file is deleted
  bool stripped = false;  // the prefixes "a/" and "b/" were there
  bool copied = false;    // the old file stays
  std::vector<Hunk> hunks;  // in the file's order; none: renamed, or only its mode changed
  std::uint32_t line = 0;
};

struct Diff {
  std::string file;  // the input's name
  std::vector<FileDiff> files;
};

constexpr std::size_t most_hunks = 10'000;
constexpr std::size_t longest_line = 64U << 10U;  // bytes

// Reads the diff of a mail. Text before and behind it is passed over. Errors, each with its line: a hunk that is cut or
// does not have the counts of its header, hunks that overlap, paths that leave the tree, binary, ed-style, context and
// combined diffs, a missing file header, lines or numbers of hunks over the limits above, and a diff that has less in
// it than the mail's diffstat says.
Outcome<Diff> read_diff(const Mail& mail);

}  // namespace hotproof::patch
