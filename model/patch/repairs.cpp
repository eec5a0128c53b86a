#include "model/patch/repairs.hpp"

#include <algorithm>
#include <set>

#include "model/patch/named_sites.hpp"
#include "model/patch/step_values.hpp"
#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

using StmtKind = c::Stmt::Kind;
using ExprKind = c::Expr::Kind;

bool is_jump(const c::Stmt& stmt) {
  return stmt.kind == StmtKind::goto_ || stmt.kind == StmtKind::return_ || stmt.kind == StmtKind::break_ ||
         stmt.kind == StmtKind::continue_;
}

class Mender {
 public:
  Mender(c::Program& program, const std::string& file, const c::Function& function, std::string_view text,
         const EffectsOf& effects_of)
      : program_(program),
        file_(file),
        function_(function),
        text_(text),
        effects_of_(effects_of),
        sites_(function, text) {}

  std::vector<Repair> run() {
    for (std::size_t site = 0; site < sites_.size(); ++site) retarget(site);
    kind_ = RepairKind::robust;
    for (std::size_t site = 0; site < sites_.size(); ++site) make_robust(site);
    kind_ = RepairKind::undo;
    for (const std::string& undo : undos()) add_undo(undo);
    kind_ = RepairKind::move;
    for (std::size_t site = 0; site < sites_.size(); ++site) move(site);
    return std::move(out_);
  }

 private:
  void add(std::uint32_t line, const std::string& says, const std::string& action) {
    const std::string edit = "file " + file_ + "\nin " + function_.name + "\n  " + action + "\n";
    const bool known = std::any_of(out_.begin(), out_.end(), [&edit](const Repair& r) { return r.edit == edit; });
    if (!known) out_.push_back({kind_, "line " + std::to_string(line) + ": " + says, edit});
  }

  std::uint32_t line_of(std::size_t site) const { return sites_[site].stmt->span.line; }
  std::string text_of(std::size_t site) const { return on_one_line(sites_.text(sites_.stretch(site))); }

  bool acts(std::size_t site) const {
    const c::Span& span = sites_[site].stmt->span;
    const auto lines = static_cast<std::uint32_t>(
        std::count(text_.begin() + span.begin, text_.begin() + static_cast<std::ptrdiff_t>(span.end), '\n'));
    return effects_of_(span.line, span.line + lines).any;
  }

  // ---- gotos ----

  void retarget(std::size_t site) {
    const c::Stmt& jump = *sites_[site].stmt;
    const auto anchor = sites_.anchor_of(site);
    if (jump.kind != StmtKind::goto_ || !anchor) return;
    for (std::size_t i = site + 1; i < sites_.size(); ++i) {
      const c::Stmt& label = *sites_[i].stmt;
      if (label.kind == StmtKind::label && label.text != jump.text)
        add(jump.span.line, "goto " + label.text + " instead of " + jump.text, "send " + *anchor + " to " + label.text);
    }
  }

  // ---- chains ----

  // The call f(…, EVENT, …) of a statement.
  const c::Expr* telling_call(std::size_t site) const {
    const c::Expr* out = nullptr;
    for_each_call(*sites_[site].stmt, [&](const c::Expr& call) {
      for (std::size_t i = 1; i < call.args.size(); ++i)
        if (is_constant_name(sites_.text(call.args[i]->span))) out = out == nullptr ? &call : out;
    });
    return out;
  }

  // What `callee` gives back at once: `return g(…);` as its only statement.
  const c::Expr* handed_on(const std::string& callee) {
    const c::Function* function = program_.function(callee);
    if (function == nullptr || function->body->body.size() != 1) return nullptr;
    const c::Stmt& only = *function->body->body[0];
    const bool is_call = only.kind == StmtKind::return_ && only.expr && only.expr->kind == ExprKind::call &&
                         only.expr->args[0]->kind == ExprKind::name;
    return is_call ? only.expr.get() : nullptr;
  }

  // Its answer is looked at: it may be refused, so that something would have to be taken back.
  static bool is_refusable(const c::Stmt& stmt) {
    return stmt.kind == StmtKind::if_ || (stmt.expr && stmt.expr->kind == ExprKind::assign);
  }

  void make_robust(std::size_t site) {
    const c::Stmt& stmt = *sites_[site].stmt;
    const c::Expr* call = telling_call(site);
    if (call == nullptr || !is_refusable(stmt) || !acts(site)) return;
    for (const std::string& answer : answers(*call)) {
      const std::string robust = robust_call(*call, answer);
      if (robust.empty()) continue;
      const std::string whole(sites_.text(stmt.expr->span));
      const std::size_t at = call->span.begin - stmt.expr->span.begin;
      const std::string with = whole.substr(0, at) + robust + whole.substr(at + (call->span.end - call->span.begin));
      const auto anchor = sites_.anchor_of(site);
      if (!anchor) continue;
      const std::string action = stmt.kind == StmtKind::if_
                                     ? "replace condition of " + *anchor + " by \"" + on_one_line(with) + "\""
                                     : "replace " + *anchor + " by { " + on_one_line(with) + "; }";
      add(stmt.span.line,
          "the chain takes " + event_of(*call) + " back with " + answer + " from those that accepted it", action);
    }
  }

  std::string event_of(const c::Expr& call) const {
    for (std::size_t i = 1; i < call.args.size(); ++i)
      if (is_constant_name(sites_.text(call.args[i]->span))) return std::string(sites_.text(call.args[i]->span));
    return "";
  }

  // Other events that the function tells by the same callee on its error paths.
  std::vector<std::string> answers(const c::Expr& call) const {
    std::vector<std::string> out;
    for (std::size_t site = 0; site < sites_.size(); ++site) {
      const c::Expr* other = telling_call(site);
      if (other == nullptr || other == &call || other->args[0]->text != call.args[0]->text) continue;
      const std::string event = event_of(*other);
      const bool on_error_path = sites_.is_behind_label(site) || sites_.is_in_error_branch(site);
      if (on_error_path && event != event_of(call) && std::find(out.begin(), out.end(), event) == out.end())
        out.push_back(event);
    }
    return out;
  }

  std::string robust_call(const c::Expr& call, const std::string& answer) {
    const std::string& callee = call.args[0]->text;
    if (program_.function(callee + "_robust") != nullptr) return callee + "_robust(" + arguments(call, answer) + ")";
    const c::Expr* inner = handed_on(callee);
    if (inner == nullptr || program_.function(inner->args[0]->text + "_robust") == nullptr) return "";
    const c::Function* outer = program_.function(callee);
    const auto source = program_.tree().read(program_.file_of(*outer));
    if (source == nullptr) return "";
    // The inner call's arguments with the outer call's put in.
    std::string out = inner->args[0]->text + "_robust(";
    for (std::size_t i = 1; i < inner->args.size(); ++i) {
      const c::Expr& argument = *inner->args[i];
      std::string text(
          std::string_view(source->text).substr(argument.span.begin, argument.span.end - argument.span.begin));
      for (std::size_t k = 0; k < outer->parameters.size() && k + 1 < call.args.size(); ++k)
        if (argument.kind == ExprKind::name && argument.text == outer->parameters[k].name)
          text = std::string(sites_.text(call.args[k + 1]->span));
      out += (i == 1 ? "" : ", ") + text + (text == event_of(call) ? ", " + answer : "");
    }
    return out + ")";
  }

  std::string arguments(const c::Expr& call, const std::string& answer) const {
    std::string out;
    for (std::size_t i = 1; i < call.args.size(); ++i) {
      const std::string text(sites_.text(call.args[i]->span));
      out += (i == 1 ? "" : ", ") + text + (text == event_of(call) ? ", " + answer : "");
    }
    return out;
  }

  // ---- undos ----

  std::vector<std::string> undos() {
    std::vector<std::string> out;
    const auto take = [&out](const std::string& text) {
      if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(text);
    };
    std::set<std::string> callees;
    for (std::size_t site = 0; site < sites_.size(); ++site) {
      if (!sites_.is_call_statement(site)) continue;
      callees.insert(sites_.first_call(site)->args[0]->text);
      if (is_plain_call(sites_, site) && acts(site)) take(text_of(site));
    }
    for (const std::string& name : program_.functions_in(file_)) {
      const c::Function* other = program_.function(name);
      if (other == nullptr || other == &function_ || program_.file_of(*other) != file_) continue;
      const NamedSites theirs(*other, text_);
      for (std::size_t site = 0; site < theirs.size(); ++site) {
        if (!is_plain_call(theirs, site) || !callees.contains(theirs.first_call(site)->args[0]->text)) continue;
        if (is_understood_here(*other, *theirs[site].stmt)) take(on_one_line(theirs.text(theirs.stretch(site))));
      }
    }
    return out;
  }

  // `f(x);`, with an answer that nobody looks at: what undoing looks like.
  static bool is_plain_call(const NamedSites& sites, std::size_t site) {
    return sites.is_call_statement(site) && sites[site].stmt->expr->kind == ExprKind::call;
  }

  // Every local value that it uses is one of this function, too.
  bool is_understood_here(const c::Function& other, const c::Stmt& stmt) const {
    const LocalValues theirs(other);
    LocalValues::Uses uses;
    theirs.add(stmt, uses);
    uses.reads.insert(uses.writes.begin(), uses.writes.end());
    const LocalValues ours(function_);
    return std::all_of(uses.reads.begin(), uses.reads.end(),
                       [&ours](const std::string& name) { return ours.has(name); });
  }

  void add_undo(const std::string& undo) {
    for (std::size_t site = 0; site < sites_.size(); ++site) {
      const c::Stmt& stmt = *sites_[site].stmt;
      const auto anchor = sites_.anchor_of(site);
      if (!anchor) continue;
      const bool leaves = stmt.kind == StmtKind::goto_ || stmt.kind == StmtKind::return_;
      if (leaves && sites_.is_in_error_branch(site))
        add(stmt.span.line, "before it " + undo, "insert { " + undo + " } before " + *anchor);
      if (stmt.kind == StmtKind::label)
        add(stmt.span.line, "behind the label " + undo, "insert { " + undo + " } after " + *anchor);
    }
  }

  // ---- moves ----

  void move(std::size_t site) {
    const c::Stmt& stmt = *sites_[site].stmt;
    if (stmt.kind != StmtKind::expression || !acts(site)) return;
    const auto anchor = sites_.anchor_of(site);
    if (!anchor) return;
    for (std::size_t other = 1; other < sites_.size(); ++other) {
      const bool beside = sites_[other].parent == sites_[site].parent || sites_[other].parent == 0;
      if (other == site || !beside || sites_.contains(other, site)) continue;
      const c::Stmt& target = *sites_[other].stmt;
      if (target.kind == StmtKind::declaration || target.kind == StmtKind::empty) continue;
      const auto there = sites_.anchor_of(other);
      if (!there) continue;
      const std::string where = on_one_line(sites_.text(sites_.stretch(other))).substr(0, 40);
      if (target.kind != StmtKind::label)
        add(stmt.span.line, text_of(site) + " before " + where, "move " + *anchor + " before " + *there);
      if (!is_jump(target))
        add(stmt.span.line, text_of(site) + " behind " + where, "move " + *anchor + " after " + *there);
    }
  }

  c::Program& program_;
  const std::string& file_;
  const c::Function& function_;
  std::string_view text_;
  const EffectsOf& effects_of_;
  NamedSites sites_;
  RepairKind kind_ = RepairKind::retarget;
  std::vector<Repair> out_;
};

}  // namespace

std::vector<Repair> repairs(c::Program& program, const std::string& file, const std::string& function,
                            const EffectsOf& effects_of) {
  const c::Function* found = program.function(function);
  if (found == nullptr || program.file_of(*found) != file) return {};
  const auto source = program.tree().read(file);
  if (source == nullptr) return {};
  return Mender(program, file, *found, source->text, effects_of).run();
}

}  // namespace hotproof::patch
