// The difference of two texts as a unified diff, for people who want to see or apply what an edit does.
#pragma once

#include <string>
#include <string_view>

namespace hotproof::patch {

// "--- a/PATH", "+++ b/PATH" and hunks with three lines of context; empty if the texts are equal. The longest common
// subsequence of the lines between the first and the last that differ (Hunt and McIlroy, 1976); where these are very
// many (over 4,000 on both sides), all of them are given as one change.
std::string unified_diff(const std::string& path, std::string_view before, std::string_view after);

}  // namespace hotproof::patch
