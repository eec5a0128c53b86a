// Formulas of linear temporal logic: G (request(a, _, _) -> F returned(a, _, _, _)).
#pragma once

#include <functional>
#include <set>
#include <string>

#include "specs/lang/ast.hpp"
#include "specs/lang/cursor.hpp"
#include "specs/lang/expressions.hpp"

namespace hotproof::spec {

// Reads a formula. `scope` gives what words mean at a state (false) or at an event (true). Functions whose calls or returns
// are named are added to `calls`.
Formula parse_formula(Cursor& cursor, const std::function<Scope(bool has_actor)>& scope, std::set<std::string>& calls);

}  // namespace hotproof::spec
