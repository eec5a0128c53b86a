// A function's statements with the anchors that name them, so that edits can be made up about any of them, and with the
// part that they play on error paths.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/patch/anchor.hpp"

namespace hotproof::patch {

// One line, each run of blanks one blank.
std::string on_one_line(std::string_view text);

// Whether it can stand in an edit's quotes, and is there what it is here.
bool can_be_quoted(std::string_view text);

// A name in capitals, as constants have it; NULL is none.
bool is_constant_name(std::string_view text);

// The calls of a statement itself, not of those inside it, by functions with a name; in the order of the tree.
void for_each_call(const c::Stmt& stmt, const std::function<void(const c::Expr&)>& seen);

class NamedSites : public FunctionSites {
 public:
  using FunctionSites::FunctionSites;

  // As an edit writes it, with the number that makes it name just this; nothing if no anchor does.
  std::optional<std::string> anchor_of(std::size_t site) const;
  std::optional<std::string> anchor_of(const c::Expr& call) const;

  // The first call of the statement itself; null if it has none.
  const c::Expr* first_call(std::size_t site) const;
  // `f(x);` or `y = f(x);`
  bool is_call_statement(std::size_t site) const;
  // An `if` without else that ends in a goto or in a return of more than 0.
  static bool is_error_branch(const c::Stmt& stmt);
  bool is_in_error_branch(std::size_t site) const;
  // Behind a label to which a goto above it leads.
  bool is_behind_label(std::size_t site) const;

 private:
  std::optional<std::string> numbered(Anchor anchor, const std::function<bool(const Found&)>& is_it) const;
};

}  // namespace hotproof::patch
