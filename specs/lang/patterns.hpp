// Event patterns: notified(_, l, MEM_PREPARE_ONLINE | MEM_ONLINE, b, answer).
#pragma once

#include "specs/lang/ast.hpp"
#include "specs/lang/cursor.hpp"
#include "specs/lang/expressions.hpp"

namespace hotproof::spec {

// Reads one event pattern. Names that it binds are added to scope.bound.
EventPattern parse_event(Cursor& cursor, Scope& scope);

}  // namespace hotproof::spec
