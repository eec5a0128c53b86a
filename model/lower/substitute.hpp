// The preprocessor's replacement of a macro's parameters (C17 6.10.3.1 to 6.10.3.3), on text.
#pragma once

#include <map>
#include <string>

namespace hotproof::lower {

struct MacroArgument {
  std::string text;   // as written: for # and ##
  std::string plain;  // what to put elsewhere
};

// `body` with each parameter replaced, `#x` made a string and `a ## b` joined. The variadic parameter's name (named or
// "__VA_ARGS__") is a key like the others; `, ##rest` drops the comma if `rest` is empty.
std::string substitute(const std::string& body, const std::map<std::string, MacroArgument>& arguments);

}  // namespace hotproof::lower
