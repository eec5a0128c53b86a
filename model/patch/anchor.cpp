#include "model/patch/anchor.hpp"

#include <algorithm>

#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

using AnchorKind = Anchor::Kind;
using StmtKind = c::Stmt::Kind;

bool is_loop(const c::Stmt& stmt) {
  return stmt.kind == StmtKind::while_ || stmt.kind == StmtKind::do_ || stmt.kind == StmtKind::for_ ||
         stmt.kind == StmtKind::iterator;
}

bool is_simple(const c::Stmt& stmt) {
  return stmt.body.empty() && stmt.kind != StmtKind::compound;
}

// True if the tokens of `wanted` stand in `text`, one behind the other; nothing stands in everything.
bool has_tokens(std::string_view text, std::string_view wanted) {
  const auto all = tokens(text);
  const auto part = tokens(wanted);
  return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
}

bool same_tokens(std::string_view a, std::string_view b) {
  return tokens(a) == tokens(b);
}

std::string_view last_name(const c::Expr& expr) {
  switch (expr.kind) {
    case c::Expr::Kind::name:
    case c::Expr::Kind::member:
    case c::Expr::Kind::arrow:
      return expr.text;
    case c::Expr::Kind::index:
      return last_name(*expr.args[0]);
    default:
      return {};
  }
}

const char* keyword(AnchorKind kind) {
  switch (kind) {
    case AnchorKind::call:
      return "call";
    case AnchorKind::assignment:
      return "assignment";
    case AnchorKind::condition:
      return "if";
    case AnchorKind::loop:
      return "loop";
    case AnchorKind::label:
      return "label";
    case AnchorKind::go_to:
      return "goto";
    case AnchorKind::give_back:
      return "return";
    case AnchorKind::declaration:
      return "declaration";
    case AnchorKind::statement:
      return "statement";
    case AnchorKind::then_of:
      return "then of";
    case AnchorKind::else_of:
      return "else of";
    case AnchorKind::body_of:
      return "body of";
    case AnchorKind::if_around:
      return "if around";
    case AnchorKind::loop_around:
      return "loop around";
  }
  return "";
}

bool text_is_quoted(AnchorKind kind) {
  return kind == AnchorKind::assignment || kind == AnchorKind::condition || kind == AnchorKind::loop || kind == AnchorKind::give_back ||
         kind == AnchorKind::statement;
}

}  // namespace

std::string to_string(const Anchor& anchor) {
  std::string out = keyword(anchor.kind);
  if (anchor.inner) return out + " " + to_string(*anchor.inner);
  if (!anchor.text.empty()) out += text_is_quoted(anchor.kind) ? " \"" + anchor.text + "\"" : " " + anchor.text;
  if (!anchor.with.empty()) out += " with \"" + anchor.with + "\"";
  if (anchor.number != 0) out += anchor.number < 0 ? " #last" : " #" + std::to_string(anchor.number);
  return out;
}

FunctionSites::FunctionSites(const c::Function& function, std::string_view text) : function_(function), text_(text) {
  add(*function.body, -1, false);
  const auto by_place = [](const Call& a, const Call& b) { return a.expr->span.begin < b.expr->span.begin; };
  std::stable_sort(calls_.begin(), calls_.end(), by_place);
  std::stable_sort(assignments_.begin(), assignments_.end(), by_place);
}

void FunctionSites::add(const c::Stmt& stmt, int parent, bool unbraced) {
  const std::size_t index = sites_.size();
  sites_.push_back({&stmt, parent, unbraced});
  add_statement_expressions(stmt, index);
  const bool compound = stmt.kind == StmtKind::compound;
  for (const c::StmtPtr& inner : stmt.body)
    if (inner) add(*inner, static_cast<int>(index), !compound && inner->kind != StmtKind::compound);
}

void FunctionSites::add_statement_expressions(const c::Stmt& stmt, std::size_t site) {
  add_expression(stmt.expr.get(), site);
  add_expression(stmt.step.get(), site);
  for (const c::ExprPtr& argument : stmt.args) add_expression(argument.get(), site);
  for (const c::Declaration& declaration : stmt.declarations) add_expression(declaration.initialiser.get(), site);
  if (stmt.init) add_statement_expressions(*stmt.init, site);
}

void FunctionSites::add_expression(const c::Expr* expr, std::size_t site) {
  if (expr == nullptr) return;
  if (expr->kind == c::Expr::Kind::call) calls_.push_back({expr, site});
  if (expr->kind == c::Expr::Kind::assign) assignments_.push_back({expr, site});
  for (const c::ExprPtr& argument : expr->args) add_expression(argument.get(), site);
  if (!expr->body) return;
  std::vector<const c::Stmt*> inside = {expr->body.get()};
  while (!inside.empty()) {
    const c::Stmt* stmt = inside.back();
    inside.pop_back();
    add_statement_expressions(*stmt, site);
    for (const c::StmtPtr& inner : stmt->body)
      if (inner) inside.push_back(inner.get());
  }
}

Stretch FunctionSites::stretch(std::size_t site) const {
  const c::Stmt& stmt = *sites_[site].stmt;
  if (stmt.kind != StmtKind::label) return {stmt.span.begin, stmt.span.end};
  const std::size_t colon = text_.find(':', stmt.span.begin);
  return {stmt.span.begin, std::min<std::size_t>(colon + 1, stmt.span.end)};
}

bool FunctionSites::contains(std::size_t outer, std::size_t inner) const {
  for (int i = static_cast<int>(inner); i >= 0; i = sites_[static_cast<std::size_t>(i)].parent)
    if (static_cast<std::size_t>(i) == outer) return true;
  return false;
}

bool FunctionSites::has_label(std::string_view name) const {
  return std::any_of(sites_.begin(), sites_.end(),
                     [&](const Site& site) { return site.stmt->kind == StmtKind::label && site.stmt->text == name; });
}

std::vector<Found> FunctionSites::calls(const Anchor& anchor) const {
  std::vector<Found> out;
  for (const Call& call : calls_) {
    if (!same_tokens(text(call.expr->args[0]->span), anchor.text)) continue;
    const auto& args = call.expr->args;
    const bool has_argument =
        anchor.with.empty() || std::any_of(args.begin() + 1, args.end(),
                                           [&](const c::ExprPtr& a) { return has_tokens(text(a->span), anchor.with); });
    if (has_argument) out.push_back({call.site, call.expr});
  }
  return out;
}

bool FunctionSites::assigns(const Anchor& anchor, std::size_t site) const {
  const auto is_it = [&](const Call& assignment) {
    const c::Expr& left = *assignment.expr->args[0];
    return assignment.site == site && (same_tokens(text(left.span), anchor.text) || last_name(left) == anchor.text);
  };
  if (std::any_of(assignments_.begin(), assignments_.end(), is_it)) return true;
  const auto& declarations = sites_[site].stmt->declarations;
  return std::any_of(declarations.begin(), declarations.end(),
                     [&](const c::Declaration& d) { return d.initialiser && d.name == anchor.text; });
}

bool FunctionSites::head_has(const c::Stmt& stmt, std::string_view wanted) const {
  const c::Span& body = stmt.body.empty() || !stmt.body[0] ? stmt.span : stmt.body[0]->span;
  if (stmt.kind == StmtKind::do_) return stmt.expr && has_tokens(text(stmt.expr->span), wanted);
  return has_tokens(text_.substr(stmt.span.begin, body.begin - stmt.span.begin), wanted);
}

bool FunctionSites::matches(const Anchor& anchor, std::size_t site) const {
  const c::Stmt& stmt = *sites_[site].stmt;
  switch (anchor.kind) {
    case AnchorKind::assignment:
      return assigns(anchor, site);
    case AnchorKind::condition:
      return stmt.kind == StmtKind::if_ && has_tokens(text(stmt.expr->span), anchor.text);
    case AnchorKind::loop:
      return is_loop(stmt) && head_has(stmt, anchor.text);
    case AnchorKind::label:
      return stmt.kind == StmtKind::label && stmt.text == anchor.text;
    case AnchorKind::go_to:
      return stmt.kind == StmtKind::goto_ && stmt.text == anchor.text;
    case AnchorKind::give_back:
      return stmt.kind == StmtKind::return_ && has_tokens(text(stmt.span), anchor.text);
    case AnchorKind::declaration:
      return std::any_of(stmt.declarations.begin(), stmt.declarations.end(),
                         [&](const c::Declaration& d) { return d.name == anchor.text; });
    case AnchorKind::statement:
      return is_simple(stmt) && has_tokens(text(stmt.span), anchor.text);
    default:
      return false;
  }
}

std::vector<Found> FunctionSites::all(const Anchor& anchor) const {
  if (anchor.kind == AnchorKind::call) return calls(anchor);
  std::vector<Found> out;
  for (std::size_t i = 0; i < sites_.size(); ++i)
    if (matches(anchor, i)) out.push_back({i, nullptr});
  return out;
}

Outcome<Found> FunctionSites::find_block(const Anchor& anchor) const {
  const auto inner = find(*anchor.inner);
  if (!inner) return inner;
  const c::Stmt& stmt = *sites_[inner->site].stmt;
  const bool is_if = stmt.kind == StmtKind::if_;
  const bool fits = anchor.kind == AnchorKind::body_of ? is_loop(stmt) || stmt.kind == StmtKind::switch_ : is_if;
  const std::size_t branch = anchor.kind == AnchorKind::else_of ? 1 : 0;
  if (!fits || stmt.body.size() <= branch || !stmt.body[branch])
    return failure(anchor.place, to_string(*anchor.inner) + " has no such block");
  const auto block = std::find_if(sites_.begin(), sites_.end(),
                                  [&](const Site& site) { return site.stmt == stmt.body[branch].get(); });
  return Found{static_cast<std::size_t>(block - sites_.begin()), nullptr};
}

Outcome<Found> FunctionSites::find_around(const Anchor& anchor) const {
  const auto inner = find(*anchor.inner);
  if (!inner) return inner;
  for (int i = sites_[inner->site].parent; i >= 0; i = sites_[static_cast<std::size_t>(i)].parent) {
    const auto site = static_cast<std::size_t>(i);
    const c::Stmt& stmt = *sites_[site].stmt;
    if (anchor.kind == AnchorKind::if_around ? stmt.kind == StmtKind::if_ : is_loop(stmt)) return Found{site, nullptr};
  }
  return failure(anchor.place, "nothing such stands around " + to_string(*anchor.inner));
}

Outcome<Found> FunctionSites::find(const Anchor& anchor) const {
  if (anchor.kind == AnchorKind::then_of || anchor.kind == AnchorKind::else_of || anchor.kind == AnchorKind::body_of)
    return find_block(anchor);
  if (anchor.inner) return find_around(anchor);
  const std::vector<Found> found = all(anchor);
  Anchor without_number = anchor;
  without_number.number = 0;
  const std::string what = to_string(without_number);
  const auto wanted = static_cast<std::size_t>(std::max(anchor.number, 1));
  if (found.empty()) return failure(anchor.place, function_.name + " has no '" + what + "'");
  if (anchor.number == 0 && found.size() > 1)
    return failure(anchor.place, function_.name + " has " + std::to_string(found.size()) + " of '" + what + "'",
                   "say which: #1, #2, ... or #last");
  if (anchor.number < 0) return found.back();
  if (wanted > found.size())
    return failure(anchor.place, function_.name + " has only " + std::to_string(found.size()) + " of '" + what + "'");
  return found[wanted - 1];
}

}  // namespace hotproof::patch
