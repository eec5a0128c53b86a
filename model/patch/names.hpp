// Which names a file's text defines and uses: what ties one patch to another when no line does.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace hotproof::patch {

// Macros, functions, variables, types, enumerators; a member of a record stands as ".member". Prototypes define, too.
// Whatever #if says, both sides count. A local variable is neither defined nor told apart from a use.
struct Names {
  std::set<std::string, std::less<>> defined;
  std::set<std::string, std::less<>> used;
};

Names names_in(std::string_view text);

}  // namespace hotproof::patch
