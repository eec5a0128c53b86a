// Expressions of properties: C's operators with C's precedence, symbols, sets, built-in functions.
#pragma once

#include <map>
#include <set>
#include <string>

#include "specs/lang/ast.hpp"
#include "specs/lang/cursor.hpp"

namespace hotproof::spec {

// What words mean at one place.
struct Scope {
  std::map<std::string, std::string> variables;  // quantified: variable → set ("" for numbers)
  std::set<std::string> bound;                   // by the event pattern, or a definition's parameters
  bool has_actor = false;                        // false in an invariant: nobody acts
  const std::map<std::string, Definition>* definitions = nullptr;
  std::set<std::string>* constants = nullptr;  // gets the constants that are used
};

// Words of the language, which name nothing else.
bool is_reserved(const std::string& word);
// "MEM_ONLINE": how constants of the tree are written.
bool is_constant_name(const std::string& word);

// Reads an expression; its names are still plain words.
Expr parse_expression(Cursor& cursor);
// Gives the words their meaning. Returns the number of nodes with all definitions put in.
std::size_t resolve(Expr& expr, const Scope& scope, const Cursor& cursor);
// A constant of the tree, checked for slips and noted in scope.constants.
void resolve_constant(Expr& expr, const Scope& scope, const Cursor& cursor);
// A lock: a quantified variable over `lock`, or a lock's name, perhaps with a path.
void resolve_lock(Expr& expr, const Scope& scope, const Cursor& cursor);

}  // namespace hotproof::spec
