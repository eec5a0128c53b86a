#include "model/patch/steps.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "model/patch/named_sites.hpp"
#include "model/patch/step_values.hpp"
#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

using Kind = c::Stmt::Kind;

std::string normal(std::string_view text) {
  std::string out;
  for (const std::string& token : tokens(text)) out += token + " ";
  return out;
}

// The text on one line, cut for people.
std::string short_text(std::string_view text) {
  std::string out = on_one_line(text);
  while (!out.empty() && (out.back() == ';' || out.back() == ' ')) out.pop_back();
  constexpr std::size_t most = 48;
  return out.size() <= most ? out : out.substr(0, most - 3) + "...";
}

std::size_t common_words(const std::string& a, const std::string& b) {
  const auto words = [](const std::string& name) {
    std::set<std::string> out;
    for (std::size_t at = 0; at <= name.size();) {
      const std::size_t end = std::min(name.find('_', at), name.size());
      if (end > at) out.insert(name.substr(at, end - at));
      at = end + 1;
    }
    return out;
  };
  const std::set<std::string> of_a = words(a);
  const std::set<std::string> of_b = words(b);
  return static_cast<std::size_t>(
      std::count_if(of_a.begin(), of_a.end(), [&of_b](const std::string& word) { return of_b.contains(word); }));
}

// A statement with an effect on some way of failing.
struct Undo {
  std::string text;
  std::string name;
  std::uint32_t line = 0;
  LineEffects effects;
};

// One way out of a statement, as the text has it.
struct Leaving {
  Stretch exit;                 // the goto or return
  std::vector<Stretch> inside;  // statements before it, in its branch, that are undos
  std::vector<Undo> undos;      // in the order in which they run
  std::string leaves;
  std::uint32_t line = 0;
};

// What one step is made of, while it is collected.
struct Group {
  std::vector<const c::Stmt*> stmts;
  std::vector<Leaving> leavings;
  LocalValues::Uses uses;
  const c::Stmt* main = nullptr;  // the one that the model sees
  LineEffects effects;            // of it
};

class Reader {
 public:
  Reader(const c::Function& function, std::string_view text, const std::string& file, const EffectsOf& effects_of)
      : function_(function), text_(text), effects_of_(effects_of), values_(function) {
    out_.function = function.name;
    out_.file = file;
    for (const c::StmtPtr& stmt : function.body->body) items_.push_back(stmt.get());
  }

  Outcome<Steps> run() {
    walk();
    if (!problem_) write_steps();
    if (!problem_ && out_.steps.size() < 2) fail(function_.span.line, "has fewer than two steps that the model sees");
    if (!problem_ && out_.steps.size() > most_steps)
      fail(function_.span.line, "has more than " + std::to_string(most_steps) + " steps");
    if (problem_) return tl::unexpected(*problem_);
    assign_undos();
    find_closing();
    find_forgotten();
    find_data();
    return std::move(out_);
  }

 private:
  void fail(std::uint32_t line, const std::string& why) {
    if (!problem_) problem_ = Diagnostic{{out_.file, line, 0}, function_.name + " " + why, ""};
  }

  std::string_view text_of(const c::Span& span) const { return text_.substr(span.begin, span.end - span.begin); }

  std::uint32_t line_of(std::size_t at) const {
    const auto begin = text_.begin() + function_.span.begin;
    return function_.span.line +
           static_cast<std::uint32_t>(std::count(begin, text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }

  LineEffects effects(const c::Stmt& stmt) const { return effects_of_(stmt.span.line, line_of(stmt.span.end)); }

  // Whether the statement does something beside undoing what was done before it.
  bool does_something(const c::Stmt& stmt, const std::vector<Leaving>& leavings) const {
    std::set<std::uint32_t> undoing;
    for (const Leaving& leaving : leavings)
      for (const Stretch& inside : leaving.inside)
        for (std::uint32_t line = line_of(inside.begin); line <= line_of(inside.end); ++line) undoing.insert(line);
    for (std::uint32_t line = stmt.span.line; line <= line_of(stmt.span.end); ++line)
      if (!undoing.contains(line) && effects_of_(line, line).any) return true;
    return false;
  }

  std::optional<std::size_t> label(const std::string& name) const {
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (items_[i]->kind == Kind::label && items_[i]->text == name) return i;
    return std::nullopt;
  }

  // ---- the way that succeeds ----

  void walk() {
    std::vector<const c::Stmt*> waiting;  // local computations for the step that comes next
    for (std::size_t i = 0; i < items_.size() && !problem_; ++i) {
      const c::Stmt& stmt = *items_[i];
      if (stmt.kind == Kind::label) continue;
      if (stmt.kind == Kind::return_) {
        add_to_last(waiting);
        out_.after = std::string(text_of(stmt.span));
        return;
      }
      if (stmt.kind == Kind::goto_) return fail(stmt.span.line, "goes on elsewhere before it returns");
      add(stmt, i, waiting);
    }
    add_to_last(waiting);
    out_.after = "return;";
  }

  void add(const c::Stmt& stmt, std::size_t at, std::vector<const c::Stmt*>& waiting) {
    const std::vector<Leaving> leavings = leavings_of(stmt, at);
    const bool acts = stmt.kind != Kind::declaration && does_something(stmt, leavings);
    const LineEffects seen = acts ? effects(stmt) : LineEffects{};
    if (acts) {
      groups_.emplace_back();
      take(waiting);
      take(stmt, leavings, seen);
    } else if (groups_.empty()) {
      first_leavings_.insert(first_leavings_.end(), leavings.begin(), leavings.end());
    } else if (!leavings.empty() || belongs_to_last(stmt)) {
      take(waiting);
      take(stmt, leavings, seen);
    } else {
      waiting.push_back(&stmt);
    }
  }

  bool belongs_to_last(const c::Stmt& stmt) const {
    LocalValues::Uses uses;
    values_.add(stmt, uses);
    const std::set<std::string>& set = groups_.back().uses.writes;
    return std::any_of(uses.reads.begin(), uses.reads.end(), [&set](const auto& name) { return set.contains(name); });
  }

  void take(std::vector<const c::Stmt*>& waiting) {
    for (const c::Stmt* stmt : waiting) take(*stmt, {}, {});
    waiting.clear();
  }
  void take(const c::Stmt& stmt, const std::vector<Leaving>& leavings, const LineEffects& seen) {
    Group& group = groups_.back();
    group.stmts.push_back(&stmt);
    group.leavings.insert(group.leavings.end(), leavings.begin(), leavings.end());
    values_.add(stmt, group.uses);
    if (!seen.any) return;
    group.main = &stmt;
    group.effects = seen;
  }
  void add_to_last(std::vector<const c::Stmt*>& waiting) {
    if (!groups_.empty()) take(waiting);
  }

  // ---- the ways that fail ----

  std::vector<Leaving> leavings_of(const c::Stmt& stmt, std::size_t at) {
    std::vector<Leaving> out;
    for (const c::StmtPtr& inner : stmt.body)
      if (inner) find_leavings(*inner, stmt, at, out);
    return out;
  }

  void find_leavings(const c::Stmt& stmt, const c::Stmt& around, std::size_t at, std::vector<Leaving>& out) {
    if (stmt.kind == Kind::goto_ || stmt.kind == Kind::return_) return add_leaving(stmt, nullptr, around, at, out);
    if (stmt.kind == Kind::label) return fail(stmt.span.line, "has a label inside a block");
    for (const c::StmtPtr& inner : stmt.body) {
      if (!inner) continue;
      const bool leaves = inner->kind == Kind::goto_ || inner->kind == Kind::return_;
      if (leaves && stmt.kind == Kind::compound)
        add_leaving(*inner, &stmt, around, at, out);
      else
        find_leavings(*inner, stmt, at, out);
    }
  }

  void add_leaving(const c::Stmt& exit, const c::Stmt* block, const c::Stmt& around, std::size_t at,
                   std::vector<Leaving>& out) {
    Leaving leaving;
    leaving.exit = {exit.span.begin, exit.span.end};
    leaving.line = exit.span.line;
    const bool succeeds = exit.kind == Kind::return_ && normal(text_of(exit.span)) == normal("return 0;");
    if (block != nullptr && around.kind == Kind::if_ && !succeeds) {
      for (const c::StmtPtr& inner : block->body) {
        if (inner.get() == &exit) break;
        if (!effects(*inner).any || has_exit(*inner)) continue;
        leaving.inside.push_back({inner->span.begin, inner->span.end});
        leaving.undos.push_back(undo_of(*inner));
      }
    }
    if (exit.kind == Kind::return_)
      leaving.leaves = std::string(text_of(exit.span));
    else
      follow(exit.text, at, leaving);
    out.push_back(std::move(leaving));
  }

  bool has_exit(const c::Stmt& stmt) const {
    if (stmt.kind == Kind::goto_ || stmt.kind == Kind::return_) return true;
    return std::any_of(stmt.body.begin(), stmt.body.end(),
                       [this](const c::StmtPtr& inner) { return inner && has_exit(*inner); });
  }

  // From a label to the return.
  void follow(std::string name, std::size_t from, Leaving& leaving) {
    std::optional<std::size_t> at = label(name);
    std::string rest;
    for (std::size_t hops = 0; at && !problem_; ++*at) {
      if (*at <= from || ++hops > 1000) return fail(leaving.line, "goes back to the label " + name);
      if (*at == items_.size()) {
        leaving.leaves = rest + "return;";
        return;
      }
      const c::Stmt& stmt = *items_[*at];
      if (stmt.kind == Kind::label) continue;
      if (stmt.kind == Kind::return_) {
        leaving.leaves = rest + std::string(text_of(stmt.span));
        return;
      }
      if (stmt.kind == Kind::goto_) {
        name = stmt.text;
        from = *at;
        const auto next = label(name);
        if (!next || *next <= from) return fail(stmt.span.line, "goes back on the way that fails");
        at = *next - 1;
      } else if (has_exit(stmt)) {
        return fail(stmt.span.line, "has ways out on the way from the label " + name);
      } else if (effects(stmt).any) {
        leaving.undos.push_back(undo_of(stmt));
      } else {
        rest += std::string(text_of(stmt.span)) + " ";
      }
    }
    if (!problem_) fail(leaving.line, "goes to a label inside a block");
  }

  Undo undo_of(const c::Stmt& stmt) const {
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

  // text[begin, end) with every exit cut out, and the statements that undo something gone.
  std::vector<std::string> cut(std::size_t begin, std::size_t end, const std::vector<Leaving>& leavings) const {
    std::vector<std::string> out(1);
    const auto copy = [&](std::size_t to) {
      if (to > begin) out.back() += text_.substr(begin, to - begin);
      begin = std::max(begin, to);
    };
    for (const Leaving& leaving : leavings) {
      if (leaving.exit.begin < begin || leaving.exit.end > end) continue;
      for (const Stretch& inside : leaving.inside) {
        copy(inside.begin);
        out.back() += ";";
        begin = inside.end;
      }
      copy(leaving.exit.begin);
      out.emplace_back();
      begin = leaving.exit.end;
    }
    copy(end);
    return out;
  }

  void write_steps() {
    const std::size_t body = function_.body->span.begin + 1;
    const std::size_t first = groups_.empty() ? body : groups_.front().stmts.front()->span.begin;
    const std::vector<std::string> pieces = cut(body, first, first_leavings_);
    out_.before = pieces[0];
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      out_.before += "{ ";
      for (const Undo& undo : first_leavings_[i - 1].undos) out_.before += undo.text + " ";
      out_.before += first_leavings_[i - 1].leaves + " }" + pieces[i];
    }
    for (const Group& group : groups_) out_.steps.push_back(step_of(group));
    number_names();
  }

  Step step_of(const Group& group) const {
    Step step;
    const c::Stmt& main = *group.main;
    step.name = name_of(main);
    step.line = main.span.line;
    step.code = {""};
    for (const c::Stmt* stmt : group.stmts) {
      const std::vector<std::string> pieces = cut(stmt->span.begin, stmt->span.end, group.leavings);
      step.code.back() += pieces[0];
      step.code.insert(step.code.end(), pieces.begin() + 1, pieces.end());
      step.code.back() += "\n\t";
    }
    for (const Leaving& leaving : group.leavings) step.exits.push_back({leaving.line, leaving.leaves, {}});
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

  // ---- what undoes what ----

  void assign_undos() {
    for (std::size_t k = 0; k < groups_.size(); ++k) {
      for (std::size_t e = 0; e < groups_[k].leavings.size(); ++e) {
        const std::vector<Undo>& undos = groups_[k].leavings[e].undos;
        std::string own;
        for (auto undo = undos.rbegin(); undo != undos.rend(); ++undo)
          if (!undone_by(undo->text, k) && !assign(*undo, k)) own = undo->text + " " + own;
        out_.steps[k].exits[e].leaves = own + out_.steps[k].exits[e].leaves;
      }
    }
  }

  // The step before `end` that this text undoes, as far as that is known.
  std::optional<std::size_t> undone_by(const std::string& text, std::size_t end) const {
    for (std::size_t j = 0; j < end; ++j)
      if (!out_.steps[j].undo.empty() && normal(out_.steps[j].undo) == normal(text)) return j;
    return std::nullopt;
  }

  bool assign(const Undo& undo, std::size_t end) {
    std::size_t best = Step::none;
    std::size_t best_score = 0;
    for (std::size_t j = 0; j < end; ++j) {
      if (!out_.steps[j].undo.empty()) continue;
      const std::size_t score = kinship(undo, j);
      if (score >= best_score) {
        best = j;
        best_score = score;
      }
    }
    if (best == Step::none) return false;
    Step& step = out_.steps[best];
    step.undo = undo.text;
    step.undo_name = undo.name;
    step.undo_line = undo.line;
    return true;
  }

  // How much speaks for a statement undoing a step: the lock they share, the function they share, words of their names;
  // else that the step may fail, so that somebody thought of failing behind it.
  std::size_t kinship(const Undo& undo, std::size_t j) const {
    const LineEffects& step = groups_[j].effects;
    const auto taken = [&step](const std::string& lock) { return step.acquires.contains(lock); };
    if (std::any_of(undo.effects.releases.begin(), undo.effects.releases.end(), taken)) return 1000;
    if (!step.acquires.empty()) return 1;
    const auto callee = [](const std::string& name) { return name.substr(0, name.find_first_of("( ")); };
    const std::string a = callee(undo.name);
    const std::string b = callee(out_.steps[j].name);
    return (a == b ? 500 : 100 * std::min<std::size_t>(common_words(a, b), 4)) + (groups_[j].leavings.empty() ? 2 : 5);
  }

  // A later step that does what the undo does: unlocking on the way that succeeds.
  void find_closing() {
    for (std::size_t s = 0; s < out_.steps.size(); ++s) {
      for (std::size_t j = 0; j < s; ++j) {
        const Step& step = out_.steps[j];
        const bool same =
            out_.steps[s].exits.empty() && !step.undo.empty() && normal(out_.steps[s].code[0]) == normal(step.undo);
        if (same) out_.steps[s].closes = j;
      }
    }
  }

  bool is_closed(std::size_t j, std::size_t before) const {
    for (std::size_t s = j + 1; s < before; ++s)
      if (out_.steps[s].closes == j) return true;
    return false;
  }

  void find_forgotten() {
    for (std::size_t k = 0; k < groups_.size(); ++k) {
      for (std::size_t e = 0; e < groups_[k].leavings.size(); ++e) {
        std::set<std::size_t> done;
        for (const Undo& undo : groups_[k].leavings[e].undos)
          if (const auto j = undone_by(undo.text, k)) done.insert(*j);
        for (std::size_t j = 0; j < k; ++j)
          if (!out_.steps[j].undo.empty() && !done.contains(j) && !is_closed(j, k))
            out_.steps[k].exits[e].forgets.insert(j);
      }
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
  std::vector<const c::Stmt*> items_;
  std::vector<Group> groups_;
  std::vector<Leaving> first_leavings_;  // of what stands before the first step
  Steps out_;
  std::optional<Diagnostic> problem_;
};

}  // namespace

StepOrder Steps::posted() const {
  StepOrder out(steps.size());
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

bool Steps::is_possible(const StepOrder& order) const {
  const auto place = [&order](unsigned step) { return std::find(order.begin(), order.end(), step); };
  return std::all_of(data.begin(), data.end(),
                     [&](const auto& pair) { return place(pair.first) <= place(pair.second); });
}

std::string Steps::body(const StepOrder& order) const {
  std::string out = before;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const Step& step = steps[order[at]];
    out += step.code[0];
    for (std::size_t e = 0; e < step.exits.size(); ++e) {
      out += "{ ";
      for (std::size_t done = at; done-- > 0;) {
        const std::size_t j = order[done];
        const bool closed = std::any_of(order.begin() + static_cast<std::ptrdiff_t>(done),
                                        order.begin() + static_cast<std::ptrdiff_t>(at),
                                        [&](unsigned s) { return steps[s].closes == j; });
        if (!steps[j].undo.empty() && !closed && !step.exits[e].forgets.contains(j)) out += steps[j].undo + " ";
      }
      out += step.exits[e].leaves + " }" + step.code[e + 1];
    }
  }
  if (order.size() < steps.size()) out += "__VERIFIER_assume(0);\n\t";
  return out + after;
}

Outcome<Steps> read_steps(const c::Function& function, std::string_view text, const std::string& file,
                          const EffectsOf& effects_of) {
  return Reader(function, text, file, effects_of).run();
}

}  // namespace hotproof::patch
