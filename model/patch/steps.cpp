#include "model/patch/steps.hpp"

#include <algorithm>
#include <optional>

#include "model/patch/named_sites.hpp"
#include "model/patch/step_undos.hpp"
#include "model/patch/step_values.hpp"
#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

using StmtKind = c::Stmt::Kind;

// The text on one line, cut for people.
std::string short_text(std::string_view text) {
  std::string out = on_one_line(text);
  while (!out.empty() && (out.back() == ';' || out.back() == ' ')) out.pop_back();
  constexpr std::size_t most = 48;
  return out.size() <= most ? out : out.substr(0, most - 3) + "...";
}

// A way out with its places in the text.
struct Leaving {
  Stretch exit;          // the goto, return, break or continue
  std::size_t from = 0;  // where what is run in front of it begins, if that is more than local computations
  Way way;
};

// Statements that stay together: one, or the loop from a label to the last goto that leads back to it.
struct Unit {
  std::vector<const c::Stmt*> stmts;
  std::size_t first = 0;  // indices into the items
  std::size_t last = 0;
  std::size_t begin() const { return stmts.front()->span.begin; }
  std::size_t end() const { return stmts.back()->span.end; }
};

// What one step is made of, while it is collected.
struct Group {
  std::vector<Stretch> text;
  std::vector<Leaving> leavings;
  LocalValues::Uses uses;
  const c::Stmt* main = nullptr;  // the one that the model sees
  LineEffects effects;            // of it
};

// Where the steps stand: the function's body, or the body of the one loop that it is.
struct Scope {
  std::vector<const c::Stmt*> items;
  std::size_t begin = 0;  // in the text, behind the brace
  std::size_t end = 0;    // of the closing brace
  bool is_loop = false;
};

Scope scope_of(const c::Stmt& block, bool is_loop) {
  Scope out;
  for (const c::StmtPtr& stmt : block.body) out.items.push_back(stmt.get());
  out.begin = block.span.begin + 1;
  out.end = block.span.end - 1;
  out.is_loop = is_loop;
  return out;
}

bool is_loop(const c::Stmt& stmt) {
  return stmt.kind == StmtKind::while_ || stmt.kind == StmtKind::do_ || stmt.kind == StmtKind::for_ || stmt.kind == StmtKind::iterator;
}

// What stands around a statement inside a unit.
struct Around {
  const c::Stmt* block = nullptr;
  bool only_branches = false;  // else there is a loop or a switch around it, too
  bool in_loop = false;
  bool in_switch = false;
};

class Reader {
 public:
  Reader(const c::Function& function, std::string_view text, const std::string& file, const EffectsOf& effects_of,
         Scope scope)
      : function_(function), text_(text), effects_of_(effects_of), values_(function), scope_(std::move(scope)) {
    out_.function = function.name;
    out_.file = file;
    for (const c::StmtPtr& stmt : function.body->body) outer_.push_back(stmt.get());
  }

  Outcome<Steps> run() {
    walk();
    if (!problem_) write_steps();
    if (!problem_ && out_.steps.size() < 2) fail(function_.span.line, "has fewer than two steps that the model sees");
    if (!problem_ && out_.steps.size() > most_steps)
      fail(function_.span.line, "has more than " + std::to_string(most_steps) + " steps");
    if (problem_) return tl::unexpected(*problem_);
    std::vector<StepWays> read;
    for (const Group& group : groups_) {
      read.push_back({{}, group.effects});
      for (const Leaving& leaving : group.leavings) read.back().ways.push_back(leaving.way);
    }
    assign_undos(out_.steps, read);
    find_data();
    return std::move(out_);
  }

  // The body of the loop that is the function's only step; null: there is no such loop.
  const c::Stmt* only_loop() const {
    if (groups_.size() != 1 || scope_.is_loop) return nullptr;
    const c::Stmt* main = groups_.front().main;
    if (main == nullptr || !is_loop(*main) || main->body.empty() || !main->body[0]) return nullptr;
    return main->body[0]->kind == StmtKind::compound ? main->body[0].get() : nullptr;
  }

 private:
  void fail(std::uint32_t line, const std::string& why, const std::string& hint = "") {
    if (!problem_) problem_ = Diagnostic{{out_.file, line, 0}, function_.name + " " + why, hint};
  }

  std::string_view text_of(const c::Span& span) const { return text_.substr(span.begin, span.end - span.begin); }

  std::uint32_t line_of(std::size_t at) const {
    const auto begin = text_.begin() + function_.span.begin;
    return function_.span.line +
           static_cast<std::uint32_t>(std::count(begin, text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }

  LineEffects effects(const c::Stmt& stmt) const { return effects_of_(stmt.span.line, line_of(stmt.span.end)); }

  // Whether the unit does something beside undoing what was done before it.
  bool does_something(const Unit& unit, const std::vector<Leaving>& leavings) const {
    std::set<std::uint32_t> undoing;
    for (const Leaving& leaving : leavings)
      if (leaving.from < leaving.exit.begin)
        for (std::uint32_t line = line_of(leaving.from); line <= line_of(leaving.exit.begin); ++line)
          undoing.insert(line);
    for (std::uint32_t line = unit.stmts.front()->span.line; line <= line_of(unit.end()); ++line)
      if (!undoing.contains(line) && effects_of_(line, line).any) return true;
    return false;
  }

  static std::optional<std::size_t> label_in(const std::vector<const c::Stmt*>& items, const std::string& name) {
    for (std::size_t i = 0; i < items.size(); ++i)
      if (items[i]->kind == StmtKind::label && items[i]->text == name) return i;
    return std::nullopt;
  }

  static bool goes_to(const c::Stmt& stmt, const std::string& label) {
    if (stmt.kind == StmtKind::goto_) return stmt.text == label;
    return std::any_of(stmt.body.begin(), stmt.body.end(),
                       [&label](const c::StmtPtr& inner) { return inner && goes_to(*inner, label); });
  }

  Unit unit_at(std::size_t first) const {
    Unit unit;
    unit.first = unit.last = first;
    for (std::size_t i = first; i <= unit.last; ++i) {
      unit.stmts.push_back(scope_.items[i]);
      if (scope_.items[i]->kind != StmtKind::label) continue;
      for (std::size_t k = scope_.items.size(); --k > unit.last;)
        if (goes_to(*scope_.items[k], scope_.items[i]->text)) unit.last = k;
    }
    return unit;
  }

  // ---- the way that succeeds ----

  void walk() {
    std::vector<Unit> waiting;  // local computations for the step that comes next
    const std::string rest = scope_.is_loop ? std::string(text_.substr(scope_.end, body_end() - scope_.end)) : "";
    out_.after = scope_.is_loop ? rest : "return;";
    for (std::size_t i = 0; i < scope_.items.size() && !problem_; ++i) {
      const c::Stmt& stmt = *scope_.items[i];
      const Unit unit = unit_at(i);
      if (unit.stmts.size() > 1) {
        add(unit, waiting);
        i = unit.last;
      } else if (stmt.kind == StmtKind::goto_) {
        const auto next = label_in(scope_.items, stmt.text);
        if (!next || *next <= i) return fail(stmt.span.line, "goes on elsewhere before it returns");
        i = *next;
      } else if (is_end(stmt)) {
        out_.after = std::string(text_of(stmt.span)) + rest;
        break;
      } else if (stmt.kind != StmtKind::label) {
        add(unit, waiting);
      }
    }
    if (!groups_.empty()) take(waiting);
  }

  bool is_end(const c::Stmt& stmt) const {
    return stmt.kind == StmtKind::return_ || stmt.kind == StmtKind::continue_ || stmt.kind == StmtKind::break_;
  }

  std::size_t body_end() const { return function_.body->span.end - 1; }

  void add(const Unit& unit, std::vector<Unit>& waiting) {
    const std::vector<Leaving> leavings = leavings_of(unit);
    const bool acts = unit.stmts.front()->kind != StmtKind::declaration && does_something(unit, leavings);
    if (acts) {
      groups_.emplace_back();
      take(waiting);
      take(unit, leavings, acts);
    } else if (groups_.empty()) {
      first_leavings_.insert(first_leavings_.end(), leavings.begin(), leavings.end());
    } else if (!leavings.empty() || belongs_to_last(unit)) {
      take(waiting);
      take(unit, leavings, acts);
    } else {
      waiting.push_back(unit);
    }
  }

  bool belongs_to_last(const Unit& unit) const {
    LocalValues::Uses uses;
    for (const c::Stmt* stmt : unit.stmts) values_.add(*stmt, uses);
    const std::set<std::string>& set = groups_.back().uses.writes;
    return std::any_of(uses.reads.begin(), uses.reads.end(), [&set](const auto& name) { return set.contains(name); });
  }

  void take(std::vector<Unit>& waiting) {
    for (const Unit& unit : waiting) take(unit, {}, false);
    waiting.clear();
  }
  void take(const Unit& unit, const std::vector<Leaving>& leavings, bool acts) {
    Group& group = groups_.back();
    group.text.push_back({unit.begin(), unit.end()});
    group.leavings.insert(group.leavings.end(), leavings.begin(), leavings.end());
    for (const c::Stmt* stmt : unit.stmts) values_.add(*stmt, group.uses);
    if (!acts) return;
    for (const c::Stmt* stmt : unit.stmts)
      if (group.main == nullptr && stmt->kind != StmtKind::label && effects(*stmt).any) group.main = stmt;
    group.effects = effects_of_(unit.stmts.front()->span.line, line_of(unit.end()));
  }

  // ---- the ways that fail ----

  std::vector<Leaving> leavings_of(const Unit& unit) {
    std::vector<Leaving> out;
    Around around;
    around.only_branches = unit.stmts.size() == 1 && unit.stmts.front()->kind == StmtKind::if_;
    const bool many = unit.stmts.size() > 1;
    for (const c::Stmt* stmt : unit.stmts)
      if (many || stmt->kind == StmtKind::label || !stmt->body.empty()) find_leavings(*stmt, around, unit, out);
    return out;
  }

  bool leaves(const c::Stmt& stmt, const Around& around, const Unit& unit) const {
    if (stmt.kind == StmtKind::return_) return true;
    if (stmt.kind == StmtKind::continue_) return scope_.is_loop && !around.in_loop;
    if (stmt.kind == StmtKind::break_) return scope_.is_loop && !around.in_loop && !around.in_switch;
    if (stmt.kind != StmtKind::goto_) return false;
    const auto label = label_in(scope_.items, stmt.text);
    return !label || *label < unit.first || *label > unit.last;
  }

  bool has_exit(const c::Stmt& stmt) const {
    if (stmt.kind == StmtKind::goto_ || stmt.kind == StmtKind::return_) return true;
    if (scope_.is_loop && is_end(stmt)) return true;
    return std::any_of(stmt.body.begin(), stmt.body.end(),
                       [this](const c::StmtPtr& inner) { return inner && has_exit(*inner); });
  }

  void find_leavings(const c::Stmt& stmt, Around around, const Unit& unit, std::vector<Leaving>& out) {
    if (leaves(stmt, around, unit)) return add_leaving(stmt, around, unit, out);
    const bool is_item = std::find(unit.stmts.begin(), unit.stmts.end(), &stmt) != unit.stmts.end();
    if (stmt.kind == StmtKind::label && !is_item) return fail(stmt.span.line, "has a label inside a block");
    if (is_loop(stmt)) around.in_loop = true;
    if (stmt.kind == StmtKind::switch_) around.in_switch = true;
    if (is_loop(stmt)) around.in_switch = false;
    const bool is_branch = stmt.kind == StmtKind::if_ || stmt.kind == StmtKind::compound;
    if (!is_branch) around.only_branches = false;
    around.block = stmt.kind == StmtKind::compound ? &stmt : nullptr;
    for (const c::StmtPtr& inner : stmt.body)
      if (inner) find_leavings(*inner, around, unit, out);
  }

  void add_leaving(const c::Stmt& exit, const Around& around, const Unit& unit, std::vector<Leaving>& out) {
    Leaving leaving;
    leaving.exit = {exit.span.begin, exit.span.end};
    leaving.from = exit.span.begin;
    leaving.way.line = exit.span.line;
    leaving.way.succeeds = exit.kind == StmtKind::continue_ || exit.kind == StmtKind::break_ ||
                           (exit.kind == StmtKind::return_ && normal(text_of(exit.span)) == normal("return 0;"));
    if (around.block != nullptr && around.only_branches) add_branch(exit, *around.block, leaving);
    if (exit.kind == StmtKind::goto_)
      follow(exit.text, unit.last, leaving.way);
    else
      leaving.way.leaves = std::string(text_of(exit.span));
    out.push_back(std::move(leaving));
  }

  // What the branch runs before it leaves. On a way that succeeds, only from where it gives back a lock.
  void add_branch(const c::Stmt& exit, const c::Stmt& block, Leaving& leaving) const {
    std::vector<WayPart> parts;
    for (const c::StmtPtr& inner : block.body) {
      if (inner.get() == &exit) break;
      if (has_exit(*inner)) {
        parts.clear();
        leaving.from = exit.span.begin;
        continue;
      }
      const LineEffects seen = effects(*inner);
      const bool begins = leaving.way.succeeds ? !seen.releases.empty() : seen.any;
      if (parts.empty() && !begins) continue;
      if (parts.empty()) leaving.from = inner->span.begin;
      parts.push_back(part_of(*inner));
    }
    leaving.way.parts = std::move(parts);
  }

  // From a label to the return.
  void follow(std::string name, std::size_t from, Way& way) {
    const bool is_inner = label_in(scope_.items, name).has_value();
    const std::vector<const c::Stmt*>& items = is_inner ? scope_.items : outer_;
    if (scope_.is_loop && !is_inner) from = 0;
    std::optional<std::size_t> at = label_in(items, name);
    for (std::size_t hops = 0; at && !problem_; ++*at) {
      if (*at < from || ++hops > 1000) return fail(way.line, "goes into the middle of a loop, to the label " + name);
      if (*at == items.size()) {
        way.leaves = scope_.is_loop && is_inner ? "continue;" : "return;";
        return;
      }
      const c::Stmt& stmt = *items[*at];
      if (stmt.kind == StmtKind::label) continue;
      if (stmt.kind == StmtKind::return_) {
        way.leaves = std::string(text_of(stmt.span));
        return;
      }
      if (stmt.kind == StmtKind::goto_) {
        name = stmt.text;
        from = *at;
        const auto next = label_in(items, name);
        if (!next || *next <= from) return fail(stmt.span.line, "goes back on the way that fails");
        at = *next - 1;
      } else if (has_exit(stmt)) {
        return end_with_choice(items, *at, name, way);
      } else {
        way.parts.push_back(part_of(stmt));
      }
    }
    if (!problem_) fail(way.line, "goes to a label inside a block");
  }

  // Ways out behind a label: understood where nothing is done from there on.
  void end_with_choice(const std::vector<const c::Stmt*>& items, std::size_t at, const std::string& name, Way& way) {
    std::string rest;
    for (; at < items.size(); ++at) {
      const c::Stmt& stmt = *items[at];
      if (stmt.kind == StmtKind::label) continue;
      if (effects(stmt).any || has_goto(stmt) || (scope_.is_loop && &items != &outer_))
        return fail(stmt.span.line, "has ways out on the way from the label " + name,
                    "a way out may choose what it returns, but must have undone everything by then");
      rest += std::string(text_of(stmt.span)) + " ";
      if (stmt.kind == StmtKind::return_) break;
    }
    way.leaves = rest + (at == items.size() ? "return;" : "");
  }

  bool has_goto(const c::Stmt& stmt) const {
    if (stmt.kind == StmtKind::goto_) return true;
    return std::any_of(stmt.body.begin(), stmt.body.end(),
                       [this](const c::StmtPtr& inner) { return inner && has_goto(*inner); });
  }

  WayPart part_of(const c::Stmt& stmt) const {
    return {std::string(text_of(stmt.span)), name_of(stmt), stmt.span.line, effects(stmt)};
  }

  // ---- names ----

  const c::Expr* call_of(const c::Expr* expr, const std::set<std::string>& entered) const {
    if (expr == nullptr) return nullptr;
    for (const c::ExprPtr& argument : expr->args)
      if (const c::Expr* found = call_of(argument.get(), entered)) return found;
    const bool is_call = expr->kind == c::Expr::Kind::call && expr->args[0]->kind == c::Expr::Kind::name;
    return is_call && (entered.empty() || entered.contains(expr->args[0]->text)) ? expr : nullptr;
  }

  const c::Expr* call_in(const c::Stmt& stmt, const std::set<std::string>& entered) const {
    for (const c::ExprPtr* expr : {&stmt.expr, &stmt.step})
      if (const c::Expr* found = call_of(expr->get(), entered)) return found;
    for (const c::StmtPtr& inner : stmt.body)
      if (inner)
        if (const c::Expr* found = call_in(*inner, entered)) return found;
    return nullptr;
  }

  std::string name_of(const c::Stmt& stmt) const {
    const std::set<std::string> entered = effects(stmt).calls;
    const c::Expr* call = call_in(stmt, entered);
    if (call == nullptr) return short_text(text_of(stmt.span));
    std::string out = call->args[0]->text;
    for (std::size_t i = 1; i < call->args.size(); ++i) {
      const std::string_view argument = text_of(call->args[i]->span);
      if (is_constant_name(argument)) return out + "(" + std::string(argument) + ")";
    }
    return out;
  }

  // ---- the steps ----

  // text[begin, end) with every exit cut out, and what is run in front of it gone.
  std::vector<std::string> cut(std::size_t begin, std::size_t end, const std::vector<Leaving>& leavings) const {
    std::vector<std::string> out(1);
    for (const Leaving& leaving : leavings) {
      if (leaving.exit.begin < begin || leaving.exit.end > end) continue;
      out.back() += text_.substr(begin, leaving.from - begin);
      out.emplace_back();
      begin = leaving.exit.end;
    }
    out.back() += text_.substr(begin, end - begin);
    return out;
  }

  void write_steps() {
    const std::size_t body = function_.body->span.begin + 1;
    const std::size_t first = groups_.empty() ? scope_.begin : groups_.front().text.front().begin;
    const std::vector<std::string> pieces = cut(scope_.begin, first, first_leavings_);
    out_.line = function_.body->span.line;
    out_.before = std::string(text_.substr(body, scope_.begin - body)) + pieces[0];
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      out_.before += "{ ";
      for (const WayPart& part : first_leavings_[i - 1].way.parts) out_.before += part.text + " ";
      out_.before += first_leavings_[i - 1].way.leaves + " }" + pieces[i];
    }
    // Whoever puts the body into the file leaves out the blanks in front of it.
    out_.before.erase(0, std::min(out_.before.find_first_not_of(" \t\r\n"), out_.before.size()));
    for (const Group& group : groups_) out_.steps.push_back(step_of(group));
    number_names();
  }

  Step step_of(const Group& group) const {
    Step step;
    const c::Stmt& main = *group.main;
    step.name = name_of(main);
    step.line = main.span.line;
    step.code = {""};
    for (const Stretch& stretch : group.text) {
      const std::vector<std::string> pieces = cut(stretch.begin, stretch.end, group.leavings);
      step.code.back() += pieces[0];
      step.code.insert(step.code.end(), pieces.begin() + 1, pieces.end());
      step.code.back() += "\n\t";
    }
    return step;
  }

  void number_names() {
    for (std::size_t i = 0; i < out_.steps.size(); ++i) {
      std::size_t same = 1;
      const std::string name = out_.steps[i].name;
      for (std::size_t k = i + 1; k < out_.steps.size(); ++k)
        if (out_.steps[k].name == name) out_.steps[k].name += " #" + std::to_string(++same);
    }
  }

  // ---- local values ----

  void find_data() {
    const auto meet = [](const std::set<std::string>& a, const std::set<std::string>& b) {
      return std::any_of(a.begin(), a.end(), [&b](const std::string& name) { return b.contains(name); });
    };
    for (unsigned a = 0; a < groups_.size(); ++a) {
      for (unsigned b = a + 1; b < groups_.size(); ++b) {
        const LocalValues::Uses& first = groups_[a].uses;
        const LocalValues::Uses& then = groups_[b].uses;
        if (meet(first.writes, then.reads) || meet(first.reads, then.writes)) out_.data.emplace_back(a, b);
      }
    }
  }

  const c::Function& function_;
  std::string_view text_;
  const EffectsOf& effects_of_;
  LocalValues values_;
  Scope scope_;
  std::vector<const c::Stmt*> outer_;  // of the function's body
  std::vector<Group> groups_;
  std::vector<Leaving> first_leavings_;  // of what stands before the first step
  Steps out_;
  std::optional<Diagnostic> problem_;
};

}  // namespace

Outcome<Steps> read_steps(const c::Function& function, std::string_view text, const std::string& file,
                          const EffectsOf& effects_of) {
  Reader reader(function, text, file, effects_of, scope_of(*function.body, false));
  auto steps = reader.run();
  const c::Stmt* loop = steps ? nullptr : reader.only_loop();
  if (loop == nullptr) return steps;
  auto inside = Reader(function, text, file, effects_of, scope_of(*loop, true)).run();
  return inside ? std::move(inside) : std::move(steps);
}

}  // namespace hotproof::patch
