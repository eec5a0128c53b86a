// Small edits after which what is violated holds.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/report.hpp"

namespace hotproof::counterexamples {

struct SuggestionReport {
  std::vector<std::string> says;    // one an edit: "drivers/base/memory.c, line 219: goto out instead of out_notifier"
  std::string diff;                 // unified, against what was checked
  std::vector<std::string> mends;   // properties that were violated and hold now
  std::vector<std::string> breaks;  // properties that held and do not any more, or are not decided any more
  bool all_hold = false;            // every property that applies holds
};

struct SuggestReport {
  std::vector<std::string> wanted;  // the violated properties that edits were sought for
  std::size_t tried = 0;            // edits that were checked
  std::size_t known = 0;            // edits that were thought of
  std::vector<SuggestionReport> suggestions;  // the best first
};

}  // namespace hotproof::counterexamples
