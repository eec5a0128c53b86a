// Syntax trees as one line of text, every nesting shown by parentheses: for tests, and to look at what was understood.
#pragma once

#include <string>

#include "model/c/ast.hpp"

namespace hotproof::c {

// "(a + (b * 2))", "f(x, type(struct zone))".
std::string to_string(const Expr& expr);
// "array(3, pointer(char))"; functions as "function(int; char, ...)": the result, then the parameters.
std::string to_string(const TypeName& type);
// "int x = 1"; with the type in the form above.
std::string to_string(const Declaration& declaration);
// "if (a) { f(); } else { goto out; }".
std::string to_string(const Stmt& stmt);

}  // namespace hotproof::c
