#include "model/patch/named_sites.hpp"

#include <algorithm>

#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

using StmtKind = c::Stmt::Kind;
using ExprKind = c::Expr::Kind;

constexpr int most_of_a_kind = 99;  // things of one function that an anchor fits

void for_each_call(const c::Expr* expr, const std::function<void(const c::Expr&)>& seen) {
  if (expr == nullptr) return;
  if (expr->kind == ExprKind::call && expr->args[0]->kind == ExprKind::name) seen(*expr);
  for (const c::ExprPtr& argument : expr->args) for_each_call(argument.get(), seen);
}

const c::Stmt* last_of(const c::Stmt& stmt) {
  if (stmt.kind != StmtKind::compound) return &stmt;
  return stmt.body.empty() || !stmt.body.back() ? nullptr : stmt.body.back().get();
}

}  // namespace

bool can_be_quoted(std::string_view text) {
  return !text.empty() && text.find('"') == std::string_view::npos && text.find("/*") == std::string_view::npos;
}

std::string on_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = is_blank(c) || c == '\n' || c == '\r';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  return out;
}

bool is_constant_name(std::string_view text) {
  const auto is_capital = [](char c) { return is_digit(c) || c == '_' || (c >= 'A' && c <= 'Z'); };
  return text.size() > 2 && !is_digit(text[0]) && text != "NULL" && std::all_of(text.begin(), text.end(), is_capital);
}

void for_each_call(const c::Stmt& stmt, const std::function<void(const c::Expr&)>& seen) {
  for_each_call(stmt.expr.get(), seen);
  for_each_call(stmt.step.get(), seen);
  for (const c::ExprPtr& argument : stmt.args) for_each_call(argument.get(), seen);
  for (const c::Declaration& declaration : stmt.declarations) for_each_call(declaration.initialiser.get(), seen);
  if (stmt.init) for_each_call(*stmt.init, seen);
}

std::optional<std::string> NamedSites::numbered(Anchor anchor, const std::function<bool(const Found&)>& is_it) const {
  for (anchor.number = 0; anchor.number <= most_of_a_kind; ++anchor.number) {
    const auto found = find(anchor);
    if (!found && anchor.number > 0) return std::nullopt;
    if (found && is_it(*found)) return to_string(anchor);
  }
  return std::nullopt;
}

std::optional<std::string> NamedSites::anchor_of(const c::Expr& call) const {
  Anchor anchor;
  anchor.text = call.args[0]->text;
  return numbered(anchor, [&call](const Found& found) { return found.call == &call; });
}

std::optional<std::string> NamedSites::anchor_of(std::size_t site) const {
  const c::Stmt& stmt = *(*this)[site].stmt;
  if (stmt.kind == StmtKind::expression && is_call_statement(site)) return anchor_of(*first_call(site));
  Anchor anchor;
  if (stmt.kind == StmtKind::expression && stmt.expr && stmt.expr->kind == ExprKind::assign) {
    anchor.kind = Anchor::Kind::assignment;
    anchor.text = on_one_line(text(stmt.expr->args[0]->span));
    if (!can_be_quoted(anchor.text)) return std::nullopt;
  } else if (stmt.kind == StmtKind::expression) {
    anchor.kind = Anchor::Kind::statement;
    anchor.text = on_one_line(text(stmt.span));
    if (!can_be_quoted(anchor.text)) return std::nullopt;
  } else if (stmt.kind == StmtKind::if_) {
    anchor.kind = Anchor::Kind::condition;
    anchor.text = on_one_line(text(stmt.expr->span));
    if (!can_be_quoted(anchor.text)) anchor.text.clear();
  } else if (stmt.kind == StmtKind::while_ || stmt.kind == StmtKind::do_ || stmt.kind == StmtKind::for_ ||
             stmt.kind == StmtKind::iterator) {
    anchor.kind = Anchor::Kind::loop;
  } else if (stmt.kind == StmtKind::label || stmt.kind == StmtKind::goto_) {
    anchor.kind = stmt.kind == StmtKind::label ? Anchor::Kind::label : Anchor::Kind::go_to;
    anchor.text = stmt.text;
  } else if (stmt.kind == StmtKind::return_) {
    anchor.kind = Anchor::Kind::give_back;
  } else {
    return std::nullopt;
  }
  return numbered(anchor, [site](const Found& found) { return found.site == site; });
}

const c::Expr* NamedSites::first_call(std::size_t site) const {
  const c::Expr* out = nullptr;
  for_each_call(*(*this)[site].stmt, [&out](const c::Expr& call) { out = out == nullptr ? &call : out; });
  return out;
}

bool NamedSites::is_call_statement(std::size_t site) const {
  const c::Stmt& stmt = *(*this)[site].stmt;
  return stmt.kind == StmtKind::expression && stmt.text.empty() && stmt.expr && first_call(site) != nullptr;
}

bool NamedSites::is_error_branch(const c::Stmt& stmt) {
  if (stmt.kind != StmtKind::if_ || stmt.body.empty() || !stmt.body[0]) return false;
  if (stmt.body.size() > 1 && stmt.body[1]) return false;
  const c::Stmt* last = last_of(*stmt.body[0]);
  if (last == nullptr) return false;
  if (last->kind == StmtKind::goto_) return true;
  return last->kind == StmtKind::return_ && last->expr &&
         !(last->expr->kind == ExprKind::integer && last->expr->value == 0);
}

bool NamedSites::is_in_error_branch(std::size_t site) const {
  for (int i = (*this)[site].parent; i >= 0; i = (*this)[static_cast<std::size_t>(i)].parent)
    if (is_error_branch(*(*this)[static_cast<std::size_t>(i)].stmt)) return true;
  return false;
}

bool NamedSites::is_behind_label(std::size_t site) const {
  const std::uint32_t here = (*this)[site].stmt->span.begin;
  for (std::size_t i = 0; i < size(); ++i) {
    const c::Stmt& label = *(*this)[i].stmt;
    if (label.kind != StmtKind::label || label.span.begin > here) continue;
    for (std::size_t k = 0; k < i; ++k)
      if ((*this)[k].stmt->kind == StmtKind::goto_ && (*this)[k].stmt->text == label.text) return true;
  }
  return false;
}

}  // namespace hotproof::patch
