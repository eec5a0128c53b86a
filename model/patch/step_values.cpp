#include "model/patch/step_values.hpp"

namespace hotproof::patch {

namespace {

using ExprKind = c::Expr::Kind;

// The variable that an lvalue stands in: x of x, x.a, x[i]; null for what a pointer leads to.
const c::Expr* base_of(const c::Expr& expr) {
  switch (expr.kind) {
    case ExprKind::name:
      return &expr;
    case ExprKind::member:
    case ExprKind::index:
      return base_of(*expr.args[0]);
    default:
      return nullptr;
  }
}

bool changes(const c::Expr& expr) {
  return expr.kind == ExprKind::assign || expr.op == "++" || expr.op == "--";
}

}  // namespace

LocalValues::LocalValues(const c::Function& function) {
  for (const c::Declaration& parameter : function.parameters) locals_.insert(parameter.name);
  find_locals(*function.body);
  find_assigned(*function.body);
}

void LocalValues::find_locals(const c::Stmt& stmt) {
  for (const c::Declaration& declaration : stmt.declarations)
    if (!declaration.is_static && !declaration.is_extern) locals_.insert(declaration.name);
  if (stmt.init) find_locals(*stmt.init);
  for (const c::StmtPtr& inner : stmt.body)
    if (inner) find_locals(*inner);
}

void LocalValues::find_assigned(const c::Stmt& stmt) {
  for (const c::ExprPtr* expr : {&stmt.expr, &stmt.step}) find_assigned(expr->get());
  for (const c::ExprPtr& argument : stmt.args) find_assigned(argument.get());
  for (const c::Declaration& declaration : stmt.declarations) {
    if (declaration.initialiser) assigned_.insert(declaration.name);
    find_assigned(declaration.initialiser.get());
  }
  if (stmt.init) find_assigned(*stmt.init);
  for (const c::StmtPtr& inner : stmt.body)
    if (inner) find_assigned(*inner);
}

void LocalValues::find_assigned(const c::Expr* expr) {
  if (expr == nullptr) return;
  if (changes(*expr))
    if (const c::Expr* base = base_of(*expr->args[0])) assigned_.insert(base->text);
  for (const c::ExprPtr& argument : expr->args) find_assigned(argument.get());
  if (expr->body) find_assigned(*expr->body);
}

void LocalValues::add(const c::Stmt& stmt, Uses& uses) const {
  if (stmt.init) add(*stmt.init, uses);
  for (const c::ExprPtr& argument : stmt.args) add(argument.get(), uses);
  if (stmt.kind != c::Stmt::Kind::do_) add(stmt.expr.get(), uses);
  for (const c::Declaration& declaration : stmt.declarations) {
    add(declaration.initialiser.get(), uses);
    if (declaration.initialiser) write(declaration.name, uses);
  }
  const bool is_block = stmt.kind == c::Stmt::Kind::compound || stmt.kind == c::Stmt::Kind::do_;
  for (const c::StmtPtr& inner : stmt.body) {
    if (!inner) continue;
    // What is set in a branch is not surely set behind it.
    const std::set<std::string> before = uses.surely;
    add(*inner, uses);
    if (!is_block) uses.surely = before;
  }
  if (stmt.kind == c::Stmt::Kind::do_) add(stmt.expr.get(), uses);
  add(stmt.step.get(), uses);
}

void LocalValues::add(const c::Expr* expr, Uses& uses) const {
  if (expr == nullptr) return;
  if (expr->kind == ExprKind::name) return read(expr->text, uses);
  const c::Expr* target = expr->args.empty() || !expr->args[0] ? nullptr : base_of(*expr->args[0]);
  if (expr->kind == ExprKind::unary && expr->op == "&" && target != nullptr) {
    if (!assigned_.contains(target->text)) return write(target->text, uses);
    return read(target->text, uses);
  }
  if (!changes(*expr) || target == nullptr) {
    for (const c::ExprPtr& argument : expr->args) add(argument.get(), uses);
    if (expr->body) add(*expr->body, uses);
    return;
  }
  for (std::size_t i = 1; i < expr->args.size(); ++i) add(expr->args[i].get(), uses);
  if (expr->args[0]->kind == ExprKind::index) add(expr->args[0]->args[1].get(), uses);
  if (expr->kind != ExprKind::assign || expr->op != "=") read(target->text, uses);
  write(target->text, uses);
}

void LocalValues::read(const std::string& name, Uses& uses) const {
  if (locals_.contains(name) && !uses.surely.contains(name)) uses.reads.insert(name);
}

void LocalValues::write(const std::string& name, Uses& uses) const {
  if (!locals_.contains(name)) return;
  uses.writes.insert(name);
  uses.surely.insert(name);
}

}  // namespace hotproof::patch
