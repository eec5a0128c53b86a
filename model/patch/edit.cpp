#include "model/patch/edit.hpp"

#include <algorithm>

#include "model/patch/anchor.hpp"
#include "model/patch/replace.hpp"
#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

using StmtKind = c::Stmt::Kind;

// A block of the edit, without blank lines around it; one line without the blanks around it.
std::string_view fragment(std::string_view text) {
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\n')) text.remove_suffix(1);
  while (!text.empty() && (is_blank(text.front()) || text.front() == '\n')) text.remove_prefix(1);
  return text;
}

// One action on one function: the replacements that it makes.
class FunctionEditor {
 public:
  FunctionEditor(const c::Program& program, const c::Function& function, std::string_view text, const Action& action)
      : program_(program), text_(text), action_(action), sites_(function, text) {}

  Outcome<std::vector<Replacement>> run() {
    if (auto problem = act()) return tl::unexpected(std::move(*problem));
    return std::move(out_);
  }

 private:
  using Problem = std::optional<Diagnostic>;
  using Kind = Action::Kind;

  Problem error(const Place& place, std::string message, std::string hint = {}) const {
    return Diagnostic{place, std::move(message), std::move(hint)};
  }

  Problem act() {
    if (action_.kind == Kind::insert) {
      if (auto problem = check_statement()) return problem;
      return put(fragment(action_.text), std::nullopt);
    }
    if (action_.kind == Kind::replace_body) return replace_body();
    const auto found = sites_.find(action_.anchor);
    if (!found) return found.error();
    switch (action_.kind) {
      case Kind::remove:
        return remove(*found);
      case Kind::move:
        return move(*found);
      case Kind::replace:
        return replace(*found);
      case Kind::replace_condition:
        return replace_condition(*found);
      case Kind::replace_argument:
        return replace_argument(*found);
      case Kind::send_goto:
        return send_goto(*found);
      default:
        return error(action_.place, "this action needs no anchor");
    }
  }

  // ---- text of the edit ----

  Problem check_statement() const {
    const auto parsed = program_.parse_statement(std::string(fragment(action_.text)), action_.place);
    if (!parsed) return parsed.error();
    return std::nullopt;
  }
  Problem check_expression() const {
    const auto parsed = program_.parse_expression(action_.text, action_.place);
    if (!parsed) return parsed.error();
    return std::nullopt;
  }

  // ---- the tree's text ----

  std::size_t line_begin(std::size_t at) const {
    const std::size_t newline = at == 0 ? std::string_view::npos : text_.rfind('\n', at - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
  }
  std::size_t line_end(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }

  std::string indentation(std::size_t at) const {
    const std::size_t begin = line_begin(at);
    const std::size_t end = std::min(text_.find_first_not_of(" \t", begin), text_.size());
    return std::string(text_.substr(begin, end - begin));
  }

  // The stretch without which no empty line is left behind.
  Replacement whole_lines(const Stretch& all) const {
    const std::size_t begin = line_begin(all.begin);
    const std::size_t end = line_end(all.end);
    const bool alone =
        trim(text_.substr(begin, all.begin - begin)).empty() && trim(text_.substr(all.end, end - all.end)).empty();
    if (!alone) return {all.begin, all.end, ""};
    return {begin, std::min(end + 1, text_.size()), ""};
  }

  // ---- removing ----

  // A call or an assignment in the head of an `if` or loop is no statement of its own.
  Problem check_own_statement(const Found& found) const {
    const Anchor::Kind kind = action_.anchor.kind;
    if (kind != Anchor::Kind::call && kind != Anchor::Kind::assignment) return std::nullopt;
    if (sites_[found.site].stmt->body.empty()) return std::nullopt;
    return error(action_.anchor.place, to_string(action_.anchor) + " stands in the head of another statement",
                 "name that statement: if ..., loop ...");
  }

  // A label must stand before a statement; the last one of a block needs an empty one.
  bool leaves_label_alone(std::size_t site) const {
    const int parent = sites_[site].parent;
    if (parent < 0 || sites_[site].stmt->kind == StmtKind::label) return false;
    const auto& block = sites_[static_cast<std::size_t>(parent)].stmt->body;
    const auto at =
        std::find_if(block.begin(), block.end(), [&](const c::StmtPtr& s) { return s.get() == sites_[site].stmt; });
    if (at == block.begin() || at + 1 != block.end()) return false;
    const StmtKind before = (*(at - 1))->kind;
    return before == StmtKind::label || before == StmtKind::case_ || before == StmtKind::default_;
  }

  // Sites whose statement may not vanish but must become an empty one.
  bool needs_a_statement(std::size_t site) const { return is_branch(site) || leaves_label_alone(site); }

  // The block or only statement of an `if` or loop.
  bool is_branch(std::size_t site) const {
    const int parent = sites_[site].parent;
    return parent >= 0 && sites_[static_cast<std::size_t>(parent)].stmt->kind != StmtKind::compound;
  }

  Problem remove(const Found& found) {
    if (found.site == 0) return error(action_.anchor.place, "a function's body cannot be deleted");
    if (auto problem = check_own_statement(found)) return problem;
    const Stretch all = sites_.stretch(found.site);
    if (needs_a_statement(found.site))
      out_.push_back({all.begin, all.end, ";"});
    else
      out_.push_back(whole_lines(all));
    return std::nullopt;
  }

  Problem move(const Found& found) {
    if (sites_[found.site].stmt->kind == StmtKind::label)
      return error(action_.anchor.place, "a label cannot be moved", "send the gotos elsewhere");
    const std::string text(sites_.text(sites_.stretch(found.site)));
    if (auto problem = remove(found)) return problem;
    return put(text, found.site);
  }

  // ---- putting ----

  // Puts statements where `action_.position` says; `moved` is the site that they come from.
  Problem put(std::string_view text, std::optional<std::size_t> moved) {
    const Position& position = action_.position;
    const bool inside = position.kind == Position::Kind::at_start || position.kind == Position::Kind::at_end;
    std::size_t site = 0;
    if (position.anchor) {
      const auto found = sites_.find(*position.anchor);
      if (!found) return found.error();
      site = found->site;
      if (moved &&
          (sites_.contains(*moved, site) || (!inside && sites_[site].unbraced && sites_.contains(site, *moved))))
        return error(position.anchor->place, "a statement cannot be moved to a place inside itself");
    }
    return inside ? put_inside(text, site) : put_beside(text, site);
  }

  Problem put_beside(std::string_view text, std::size_t site) {
    const Stretch at = sites_.stretch(site);
    const bool before = action_.position.kind == Position::Kind::before;
    const std::string line = "\n" + indentation(at.begin);
    const Site& target = sites_[site];
    if (site == 0 || (is_branch(site) && !target.unbraced))
      return error(action_.position.anchor->place, "nothing can stand beside this block",
                   "use 'at start of' or 'at end of'");
    if (target.unbraced) {
      out_.push_back({at.begin, at.begin, before ? "{" + line + std::string(text) + line : "{" + line});
      out_.push_back({at.end, at.end, before ? line + "}" : line + std::string(text) + line + "}"});
    } else if (before) {
      out_.push_back({at.begin, at.begin, std::string(text) + line});
    } else {
      out_.push_back({at.end, at.end, (target.stmt->kind == StmtKind::label ? line + "\t" : line) + std::string(text)});
    }
    return std::nullopt;
  }

  // Inside a block: behind its declarations, or before its closing brace.
  Problem put_inside(std::string_view text, std::size_t site) {
    const c::Stmt& block = *sites_[site].stmt;
    const Stretch at = sites_.stretch(site);
    const bool start = action_.position.kind == Position::Kind::at_start;
    if (block.kind != StmtKind::compound) {
      if (!sites_[site].unbraced)
        return error(action_.position.anchor->place, "this is no block", "use before or after");
      action_position_as(start);
      return put_beside(text, site);
    }
    std::size_t first = at.begin + 1;
    for (const c::StmtPtr& stmt : block.body) {
      if (stmt->kind != StmtKind::declaration) break;
      first = stmt->span.end;
    }
    const std::string line = "\n" + indentation(at.end - 1) + "\t";
    const std::size_t last = block.body.empty() ? first : std::max<std::size_t>(first, block.body.back()->span.end);
    const std::size_t where = start ? first : last;
    out_.push_back({where, where, line + std::string(text)});
    return std::nullopt;
  }

  // The start of an unbraced branch is before its only statement, its end behind it.
  void action_position_as(bool start) {
    action_.position.kind = start ? Position::Kind::before : Position::Kind::after;
  }

  // ---- replacing ----

  Problem replace(const Found& found) {
    if (found.site == 0) return error(action_.anchor.place, "a function's body is replaced by 'replace body by'");
    if (auto problem = check_own_statement(found)) return problem;
    if (auto problem = check_statement()) return problem;
    const Stretch all = sites_.stretch(found.site);
    std::string text(fragment(action_.text));
    const bool needs_braces = is_branch(found.site);
    out_.push_back({all.begin, all.end, needs_braces ? "{ " + text + " }" : text.empty() ? ";" : text});
    return std::nullopt;
  }

  Problem replace_condition(const Found& found) {
    const c::Stmt& stmt = *sites_[found.site].stmt;
    const bool has_one = stmt.kind == StmtKind::if_ || stmt.kind == StmtKind::while_ || stmt.kind == StmtKind::do_ ||
                         stmt.kind == StmtKind::for_;
    if (!has_one || !stmt.expr) return error(action_.anchor.place, to_string(action_.anchor) + " has no condition");
    if (auto problem = check_expression()) return problem;
    out_.push_back(condition_replacement(stmt.expr->span));
    return std::nullopt;
  }

  // The expression's span may or may not have the parentheses in it.
  Replacement condition_replacement(const c::Span& at) const {
    const bool parenthesised = text_[at.begin] == '(' && text_[at.end - 1] == ')';
    return {at.begin, at.end, parenthesised ? "(" + action_.text + ")" : action_.text};
  }

  Problem replace_argument(const Found& found) {
    const auto& args = found.call->args;
    if (action_.argument >= args.size())
      return error(action_.anchor.place, "the call has " + std::to_string(args.size() - 1) +
                                             " arguments, so none is number " + std::to_string(action_.argument));
    if (auto problem = check_expression()) return problem;
    const c::Span& at = args[action_.argument]->span;
    out_.push_back({at.begin, at.end, action_.text});
    return std::nullopt;
  }

  Problem send_goto(const Found& found) {
    if (!sites_.has_label(action_.text))
      return error(action_.place, sites_.function().name + " has no label '" + valid_utf8(action_.text) + "'");
    const Stretch at = sites_.stretch(found.site);
    out_.push_back({at.begin, at.end, "goto " + action_.text + ";"});
    return std::nullopt;
  }

  Problem replace_body() {
    if (auto problem = check_statement()) return problem;
    const Stretch at = sites_.stretch(0);
    out_.push_back({at.begin, at.end, "{\n\t" + std::string(fragment(action_.text)) + "\n}"});
    return std::nullopt;
  }

  const c::Program& program_;
  std::string_view text_;
  Action action_;
  FunctionSites sites_;
  std::vector<Replacement> out_;
};

class TreeEditor {
 public:
  TreeEditor(SourceTree tree, const std::vector<std::string>& files, const c::Configuration& configuration)
      : tree_(std::move(tree)), files_(files), configuration_(configuration) {}

  Outcome<void> run(const Action& action) {
    if (!action.file.empty() && !tree_.exists(action.file))
      return failure(action.place, "the tree has no file '" + action.file + "'");
    return action.kind == Action::Kind::add ? add(action) : change(action);
  }

  SourceTree tree() && { return std::move(tree_); }

 private:
  // The named file stands first, so that its functions win.
  c::Program program(const Action& action) const {
    std::vector<std::string> files;
    if (!action.file.empty()) files.push_back(action.file);
    std::copy_if(files_.begin(), files_.end(), std::back_inserter(files),
                 [&](const std::string& f) { return f != action.file; });
    return {tree_, std::move(files), configuration_};
  }

  Outcome<void> change(const Action& action) {
    c::Program before = program(action);
    const c::Function* function = before.function(action.function);
    const bool there = function != nullptr && (action.file.empty() || before.file_of(*function) == action.file);
    if (!there)
      return failure(action.place,
                     "no function '" + action.function + "' " +
                         (action.file.empty() ? "in the files that are read" : "in " + action.file),
                     action.file.empty() ? "name its file with a line 'file PATH'"
                                         : "it may stand under an #if that the configuration leaves out");
    const auto source = tree_.read(before.file_of(*function));
    if (!source) return failure(action.place, "the tree has no text of this function");
    const auto replacements = FunctionEditor(before, *function, source->text, action).run();
    if (!replacements) return tl::unexpected(replacements.error());
    const std::size_t problems = function->problems.size();
    const std::string path = source->path;
    tree_ = tree_.with(with_replacements(*source, *replacements));
    return check(action, path, action.function, problems);
  }

  // What the front end cannot read any more, the edit has broken.
  Outcome<void> check(const Action& action, const std::string& path, const std::string& name,
                      std::size_t problems) const {
    c::Program after = program(action);
    const c::Function* function = after.function(name);
    if (function != nullptr && function->problems.size() <= problems) return {};
    std::string why = function == nullptr ? "it is gone" : function->problems.front().message;
    return failure(action.place, "after this, " + name + " in " + path + " cannot be read: " + why);
  }

  static bool defines_macro(std::string_view text) {
    const Lines lines = split_lines(text);
    return std::any_of(lines.begin(), lines.end(),
                       [](const Line& line) { return starts_with(trim(line.text), "#define "); });
  }

  Outcome<void> add(const Action& action) {
    const auto source = tree_.read(action.file);
    const std::string text = "\n" + std::string(fragment(action.text)) + "\n";
    // Read alone first, so that an error is known to be the edit's.
    c::Program alone(SourceTree::in_memory("edit", {{action.file, text}}), {action.file}, configuration_);
    const auto names = alone.functions_in(action.file);
    for (const std::string& name : names) {
      const c::Function* function = alone.function(name);
      if (function == nullptr || function->problems.empty()) continue;
      const Diagnostic& problem = function->problems.front();
      return failure({action.place.file, action.place.line + std::max(1U, problem.place.line) - 1, 0}, problem.message);
    }
    if (names.empty() && !defines_macro(text)) {
      return failure(action.place, "this block holds no function and no macro");
    }
    c::Program before = program(action);
    const auto present = before.functions_in(action.file);
    for (const std::string& name : names)
      if (std::find(present.begin(), present.end(), name) != present.end())
        return failure(action.place, "the file already has a function '" + name + "'", "use 'replace body by'");
    tree_ = tree_.with(with_replacements(*source, {{source->text.size(), source->text.size(), text}}));
    return {};
  }

  SourceTree tree_;
  const std::vector<std::string>& files_;
  const c::Configuration& configuration_;
};

}  // namespace

Outcome<SourceTree> apply(const SourceTree& tree, const Edit& edit, const std::vector<std::string>& files,
                          const c::Configuration& configuration) {
  c::Configuration with = configuration;
  for (const auto& [name, on] : edit.configuration) {
    if (on)
      with.defined[name] = "1";
    else
      with.defined.erase(name);
  }
  TreeEditor editor(tree, files, with);
  for (const Action& action : edit.actions)
    if (const auto done = editor.run(action); !done) return tl::unexpected(done.error());
  return std::move(editor).tree();
}

}  // namespace hotproof::patch
