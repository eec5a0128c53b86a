// One hunk of a unified diff: its header, and which of the following lines are its own.
#pragma once

#include <optional>

#include "model/patch/diff.hpp"

namespace hotproof::patch {

// "@@ -188,6 +188,7 @@ heading"; nothing if the line is no such header.
std::optional<Hunk> read_hunk_header(const Line& line);

// Fills in the lines of `hunk` from `lines`, beginning at `at`; gives the index behind the hunk's last line.
// Error: the lines do not have the counts of the header.
Outcome<std::size_t> read_hunk_lines(const Lines& lines, std::size_t at, const std::string& file, Hunk& hunk);

// "--- " followed by "+++ ": the header of a file.
bool begins_file(const Lines& lines, std::size_t at);

}  // namespace hotproof::patch
