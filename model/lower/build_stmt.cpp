// Statements: blocks and branches, scopes and the ways out of them.
#include <algorithm>

#include "model/lower/builder.hpp"
#include "model/lower/scoped.hpp"
#include "model/lower/unparse.hpp"

namespace hotproof::lower {

using StmtKind = c::Stmt::Kind;

void Builder::open_scope() {
  scopes_.emplace_back();
  scopes_.back().id = scope_ids_++;
}

void Builder::close_scope() {
  if (!ended_) clean_up(scopes_.back().cleanups, 0, true);
  scopes_.pop_back();
}

// Leaves guards, cleans locals up and drops them, the latest first, down to number `from`.
void Builder::clean_up(const std::vector<Cleanup>& cleanups, std::size_t from, bool drops) {
  for (std::size_t i = cleanups.size(); i > from; --i) {
    const Cleanup& one = cleanups[i - 1];
    if (one.call.empty()) {
      if (drops) drop(one.local);
      continue;
    }
    if (one.of_local && free_by_macro(one)) continue;
    Instr instr;
    instr.callee = function_value(one.call);
    instr.text = one.call;
    if (one.of_local) instr.args.push_back(address(local_place(one.local)));
    for (const Local argument : one.arguments) instr.args.push_back(load(local_place(argument)));
    emit_call(std::move(instr), types().void_type());
    for (const Local argument : one.arguments) drop(argument);
  }
}

// `T *p __free(x)` where DEFINE_FREE(x, …) says what is done with p, there called _T. False: it is not of that kind.
bool Builder::free_by_macro(const Cleanup& one) {
  constexpr std::string_view prefix = "__free_";
  if (!one.call.starts_with(prefix)) return false;
  const std::string code = program().free_code(std::string_view(one.call).substr(prefix.size()));
  const c::Stmt* const parsed = code.empty() ? nullptr : parsed_statement(code + ";");
  if (!parsed || expands_too_far()) return false;
  const Expansion expansion(*this, one.call);
  open_scope();
  store(local_place(new_local("_T", local_place(one.local).type)), load(local_place(one.local)));
  statement(*parsed);
  close_scope();
  return true;
}

std::vector<Builder::Level> Builder::levels() const {
  std::vector<Level> result;
  for (const Scope& scope : scopes_) result.push_back({scope.id, scope.cleanups});
  return result;
}

void Builder::statement(const c::Stmt& stmt) {
  const At at(*this, stmt.span);
  if (depth_ > deepest) {
    not_understood("this is nested too deep");
    return;
  }
  statement_of_kind(stmt);
}

void Builder::statement_of_kind(const c::Stmt& stmt) {
  switch (stmt.kind) {
    case StmtKind::compound:
      return compound(stmt);
    case StmtKind::declaration:
      for (const c::Declaration& one : stmt.declarations) declaration(one);
      return;
    case StmtKind::expression:
      return expression_statement(stmt);
    case StmtKind::empty:
      return;
    case StmtKind::if_:
      return if_statement(stmt);
    case StmtKind::while_:
      return while_loop(stmt);
    case StmtKind::do_:
      return do_loop(stmt);
    case StmtKind::for_:
      return for_loop(stmt);
    case StmtKind::iterator:
      return iterator(stmt);
    case StmtKind::guard_block:
      return guard_block(stmt);
    case StmtKind::switch_:
      return switch_statement(stmt);
    case StmtKind::case_:
    case StmtKind::default_:
      return case_label(stmt);
    case StmtKind::label:
      return label(stmt.text);
    case StmtKind::goto_:
      return go_to(stmt.text);
    case StmtKind::break_:
      return leave(breaks_, "break");
    case StmtKind::continue_:
      return leave(continues_, "continue");
    case StmtKind::return_:
      return return_statement(stmt);
    case StmtKind::not_understood:
      break;
  }
  not_understood("the parser could not read \"" + stmt.text + "\"");
}

void Builder::compound(const c::Stmt& stmt) {
  open_scope();
  for (const c::StmtPtr& one : stmt.body) statement(*one);
  close_scope();
}

void Builder::expression_statement(const c::Stmt& stmt) {
  if (!stmt.expr) return;
  const c::Expr& expr = *stmt.expr;
  if (expr.kind == c::Expr::Kind::name) {
    if (const Bound* body = bound(expr.text); body && body->stmt) {
      const Unbound unbound(*this, *body);
      return statement(*body->stmt);
    }
  }
  if (expr.kind == c::Expr::Kind::call && declaring_statement(expr)) return;
  if (expr.kind == c::Expr::Kind::call && statement_macro(expr)) return;
  effect(expr);
}

// LIST_HEAD(x) and its kin inside a function.
bool Builder::declaring_statement(const c::Expr& expr) {
  const c::Expr& callee = *expr.args[0];
  const DeclaringMacro* macro = callee.kind == c::Expr::Kind::name ? declaring_macro(callee.text) : nullptr;
  if (!macro || expr.args.size() <= static_cast<std::size_t>(macro->name_at) + 1) return false;
  const c::Expr& name = *expr.args[static_cast<std::size_t>(macro->name_at) + 1];
  if (name.kind != c::Expr::Kind::name) return false;
  const Type* type = types().named(macro->type, *this);
  if (macro->size_at >= 0) {
    const auto bits = constant_value(*expr.args[static_cast<std::size_t>(macro->size_at) + 1]);
    if (!bits || *bits <= 0) {
      not_understood("the size of \"" + name.text + "\" is not known");
      return true;
    }
    type = types().array_of(type, (static_cast<std::uint64_t>(*bits) + 63) / 64);
  }
  const Local local = new_local(name.text, type);
  std::string text = macro->initialiser;
  if (text.empty()) return true;
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) text.replace(at, 1, name.text);
  const c::Expr* parsed = parsed_expression("(struct hp)" + text);
  if (!parsed || parsed->kind != c::Expr::Kind::compound_literal || parsed->args.empty()) {
    not_understood("the initialiser of \"" + name.text + "\"");
    return true;
  }
  initialise(local_place(local), *parsed->args[0]);
  return true;
}

// A macro of the tree as a statement may hold declarations for its surroundings, or loops; then it is no expression.
bool Builder::statement_macro(const c::Expr& expr) {
  const c::Expr& callee = *expr.args[0];
  if (callee.kind != c::Expr::Kind::name || bound(callee.text) || variable(callee.text)) return false;
  const std::string& name = callee.text;
  if (context_.leaves.contains(name) || is_silent_macro(name) || writing_macro(name)) return false;
  if (text_macro(name) || program().function(name)) return false;
  const std::optional<Template> macro = template_of(name);
  if (!macro) return false;
  std::vector<const c::Expr*> given;
  for (std::size_t i = 1; i < expr.args.size(); ++i) given.push_back(expr.args[i].get());
  const std::optional<std::string> text = expansion(*macro, given);
  if (!text || text->find_first_not_of(" \t;") == std::string::npos) return false;
  if (parsed_expression(*text)) return false;
  const c::Stmt* parsed = parsed_statement(*text + ";");
  if (!parsed) return false;
  const Expansion expansion(*this, name);
  statement(*parsed);
  return true;
}

void Builder::if_statement(const c::Stmt& stmt) {
  const BlockId yes = new_block();
  const BlockId no = new_block();
  const BlockId join = stmt.body.size() > 1 ? new_block() : no;
  condition(*stmt.expr, yes, no);
  for (std::size_t i = 0; i < stmt.body.size() && i < 2; ++i) {
    start(i == 0 ? yes : no);
    open_scope();
    statement(*stmt.body[i]);
    close_scope();
    if (!ended_) jump(join);
  }
  start(join);
}

void Builder::loop_body(const c::Stmt& body, BlockId next, BlockId end) {
  continues_.push_back({next, scopes_.size()});
  breaks_.push_back({end, scopes_.size()});
  open_scope();
  statement(body);
  close_scope();
  if (!ended_) jump(next);
  continues_.pop_back();
  breaks_.pop_back();
}

void Builder::while_loop(const c::Stmt& stmt) {
  const BlockId head = new_block();
  const BlockId body = new_block();
  const BlockId end = new_block();
  jump(head);
  start(head);
  condition(*stmt.expr, body, end);
  start(body);
  loop_body(*stmt.body[0], head, end);
  start(end);
}

void Builder::do_loop(const c::Stmt& stmt) {
  const BlockId body = new_block();
  const BlockId tail = new_block();
  const BlockId end = new_block();
  jump(body);
  start(body);
  loop_body(*stmt.body[0], tail, end);
  start(tail);
  condition(*stmt.expr, body, end);
  start(end);
}

void Builder::for_loop(const c::Stmt& stmt) {
  open_scope();
  if (stmt.init) statement(*stmt.init);
  const BlockId head = new_block();
  const BlockId body = new_block();
  const BlockId next = new_block();
  const BlockId end = new_block();
  jump(head);
  start(head);
  if (stmt.expr) {
    condition(*stmt.expr, body, end);
  } else {
    jump(body);
  }
  start(body);
  loop_body(*stmt.body[0], next, end);
  start(next);
  if (stmt.step) effect(*stmt.step);
  jump(head);
  start(end);
  close_scope();
}

// The macro expands to the head of one or several loops; our name stands for the body behind it.
void Builder::iterator(const c::Stmt& stmt) {
  const std::optional<Template> macro = template_of(stmt.text);
  if (!macro || stmt.body.empty()) {
    not_understood("the loop macro \"" + stmt.text + "\" is in none of the files read");
    return;
  }
  std::vector<const c::Expr*> given;
  for (const c::ExprPtr& argument : stmt.args) given.push_back(argument.get());
  const std::optional<std::string> text = expansion(*macro, given);
  const c::Stmt* parsed = text ? parsed_statement(*text + " " + bind(*stmt.body[0]) + ";") : nullptr;
  if (!parsed) {
    not_understood("the loop macro \"" + stmt.text + "\" does not expand to a loop");
    return;
  }
  const Expansion expansion(*this, stmt.text);
  statement(*parsed);
}

// scoped_guard(kind, arguments) body: a loop that runs once, for `break`'s sake.
void Builder::guard_block(const c::Stmt& stmt) {
  if (stmt.args.empty() || stmt.body.empty()) {
    not_understood("a scoped guard without a kind");
    return;
  }
  const BlockId end = new_block();
  continues_.push_back({end, scopes_.size()});
  breaks_.push_back({end, scopes_.size()});
  open_scope();
  std::vector<const c::Expr*> given;
  for (std::size_t i = 1; i < stmt.args.size(); ++i) given.push_back(stmt.args[i].get());
  guard(unparse(*stmt.args[0]), given);
  statement(*stmt.body[0]);
  close_scope();
  continues_.pop_back();
  breaks_.pop_back();
  if (!ended_) jump(end);
  start(end);
}

void Builder::leave(const std::vector<Exit>& exits, const char* what) {
  if (exits.empty()) {
    not_understood(std::string(what) + " outside a loop");
    return;
  }
  const Exit exit = exits.back();
  for (std::size_t i = scopes_.size(); i > exit.scopes; --i) clean_up(scopes_[i - 1].cleanups, 0, true);
  jump(exit.to);
}

void Builder::return_statement(const c::Stmt& stmt) {
  std::optional<Operand> result;
  if (stmt.expr) {
    const Operand made = value(*stmt.expr);
    if (!is_void(body_->result)) result = convert(made, body_->result);
  }
  for (std::size_t i = scopes_.size(); i > 0; --i) clean_up(scopes_[i - 1].cleanups, 0, false);
  if (ended_) start(new_block());
  Terminator& end = body_->blocks[current_].end;
  end.has_value = result.has_value();
  if (result) end.value = *result;
  finish(Terminator::Kind::return_);
}

}  // namespace hotproof::lower
