// Syntax trees back to C text: macros' arguments are put into macro bodies as text.
#pragma once

#include <string>

#include "model/c/ast.hpp"

namespace hotproof::lower {

std::string unparse(const c::Expr& expr);
// A type around a declarator: `unparse(type, "*p")`; with "" a type's name.
std::string unparse(const c::TypeName& type, const std::string& declarator = "");
// True if the expression calls or assigns something, or holds statements or initialisers: then it is not for copying.
bool acts(const c::Expr& expr);

}  // namespace hotproof::lower
