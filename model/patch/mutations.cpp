#include "model/patch/mutations.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "model/patch/named_sites.hpp"
#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

using StmtKind = c::Stmt::Kind;
using ExprKind = c::Expr::Kind;

constexpr std::array<std::pair<Mutation, std::string_view>, 8> named = {
    {{Mutation::delete_call, "delete-call"},
     {Mutation::drop_lock, "drop-lock"},
     {Mutation::drop_undo, "drop-undo"},
     {Mutation::drop_error_branch, "drop-error-branch"},
     {Mutation::move, "move"},
     {Mutation::duplicate, "duplicate"},
     {Mutation::retarget_goto, "retarget-goto"},
     {Mutation::swap_arguments, "swap-arguments"}}};

constexpr int deepest_lock = 4;    // calls between a function that only takes locks and the primitive
constexpr int deepest_alias = 10;  // typedefs of typedefs

void for_each_call_inside(const c::Stmt& stmt, const std::function<void(const c::Expr&)>& seen) {
  for_each_call(stmt, seen);
  for (const c::StmtPtr& inner : stmt.body)
    if (inner) for_each_call_inside(*inner, seen);
}

bool ends_way(const c::Stmt& stmt) {
  return stmt.kind == StmtKind::goto_ || stmt.kind == StmtKind::return_ || stmt.kind == StmtKind::break_ ||
         stmt.kind == StmtKind::continue_;
}

// ---- what a call does, by the names that kernels use ----

// A word of the name, between underscores, ends in "lock": spin_lock, mutex_unlock, zone_span_writelock; but a block is
// none. down_read and its kin are locks by tradition.
bool is_lock_name(std::string_view name) {
  for (const std::string_view prefix : {"down_", "up_", "percpu_down_", "percpu_up_"})
    if (starts_with(name, prefix)) return true;
  while (!name.empty()) {
    const std::string_view word = name.substr(0, name.find('_'));
    name.remove_prefix(std::min(word.size() + 1, name.size()));
    if (word.ends_with("lock") && !word.ends_with("block")) return true;
  }
  return false;
}

bool only_locks(c::Program& program, const std::string& name, int depth) {
  if (is_lock_name(name)) return true;
  const c::Function* function = depth == 0 ? nullptr : program.function(name);
  if (function == nullptr) return false;
  bool any = false;
  bool all = true;
  for_each_call_inside(*function->body, [&](const c::Expr& call) {
    any = true;
    all = all && only_locks(program, call.args[0]->text, depth - 1);
  });
  return any && all;
}

// ---- types, as far as it takes to know whether C minds an exchange ----

bool is_number(c::Program& program, const c::TypeName& type, int depth = deepest_alias) {
  static const std::set<std::string, std::less<>> words = {
      "char",     "short", "int", "long", "unsigned", "signed", "_Bool", "bool", "float", "double",
      "__int128", "u8",    "u16", "u32",  "u64",      "s8",     "s16",   "s32",  "s64",   "size_t"};
  if (type.kind != c::TypeName::Kind::base) return false;
  const std::string_view name = type.name;
  if (starts_with(name, "enum ") || words.contains(name.substr(0, name.find(' ')))) return true;
  const c::TypeName* alias = depth == 0 ? nullptr : program.type_alias(name);
  return alias != nullptr && is_number(program, *alias, depth - 1);
}

bool are_interchangeable(c::Program& program, const c::TypeName& a, const c::TypeName& b) {
  using Kind = c::TypeName::Kind;
  if (a.kind == Kind::pointer && b.kind == Kind::pointer)
    return a.inner && b.inner && a.inner->kind == Kind::base && b.inner->kind == Kind::base && !a.inner->name.empty() &&
           a.inner->name == b.inner->name;
  return is_number(program, a) && is_number(program, b);
}

class Mutator {
 public:
  Mutator(c::Program& program, const std::string& file, const c::Function& function, std::string_view text,
          const std::set<Mutation>& wanted)
      : program_(program), file_(file), function_(function), wanted_(wanted), sites_(function, text) {
    for (std::size_t i = 0; i < sites_.size(); ++i) numbers_[sites_[i].stmt] = i;
  }

  std::vector<Mutant> run() {
    for (std::size_t site = 0; site < sites_.size(); ++site) {
      if (sites_.is_call_statement(site)) {
        remove(site);
        move(site);
        duplicate(site);
      }
      if (sites_.is_error_branch(*sites_[site].stmt)) drop_branch(site);
      if (sites_[site].stmt->kind == StmtKind::goto_) retarget(site);
      for_each_call(*sites_[site].stmt, [&](const c::Expr& call) { swap(site, call); });
    }
    return std::move(out_);
  }

 private:
  void add(Mutation mutation, std::size_t site, const std::vector<std::string>& actions,
           std::optional<std::size_t> other = {}) {
    if (!wanted_.contains(mutation)) return;
    Mutant mutant{mutation, file_, function_.name, sites_[site].stmt->span.line, {}, {}, {}, {}};
    mutant.lines = {mutant.line};
    if (other) mutant.lines.push_back(sites_[*other].stmt->span.line);
    mutant.edit = "file " + file_ + "\nin " + function_.name + "\n";
    for (const std::string& action : actions) {
      mutant.words += (mutant.words.empty() ? "" : "; ") + on_one_line(action);
      mutant.edit += "  " + action + "\n";
    }
    mutant.id = std::string(name(mutation)) + ":" + file_ + ":" + function_.name + ":" + std::to_string(mutant.line);
    const int number = ++ids_[mutant.id];
    if (number > 1) mutant.id += "." + std::to_string(number);
    out_.push_back(std::move(mutant));
  }

  // ---- statements ----

  // The statement that stands `by` places behind it in the same block.
  std::optional<std::size_t> neighbour(std::size_t site, int by) const {
    const int parent = sites_[site].parent;
    if (parent < 0) return std::nullopt;
    const auto& block = sites_[static_cast<std::size_t>(parent)].stmt->body;
    if (sites_[static_cast<std::size_t>(parent)].stmt->kind != StmtKind::compound) return std::nullopt;
    const auto here =
        std::find_if(block.begin(), block.end(), [&](const c::StmtPtr& s) { return s.get() == sites_[site].stmt; });
    const auto at = (here - block.begin()) + by;
    if (at < 0 || at >= static_cast<std::ptrdiff_t>(block.size())) return std::nullopt;
    const auto found = numbers_.find(block[static_cast<std::size_t>(at)].get());
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

  // ---- operators ----

  void remove(std::size_t site) {
    const auto anchor = sites_.anchor_of(site);
    if (!anchor) return;
    const bool lock = only_locks(program_, sites_.first_call(site)->args[0]->text, deepest_lock);
    const bool undo = sites_.is_in_error_branch(site) || sites_.is_behind_label(site);
    add(lock ? Mutation::drop_lock : undo ? Mutation::drop_undo : Mutation::delete_call, site, {"delete " + *anchor});
  }

  // Of two statements with calls the first moves, so that no exchange comes twice. Behind what ends the way, a
  // statement would only be gone.
  void move(std::size_t site) {
    const auto anchor = sites_.anchor_of(site);
    if (!anchor) return;
    const auto next = neighbour(site, 1);
    if (next && !ends_way(*sites_[*next].stmt)) {
      if (const auto other = sites_.anchor_of(*next))
        add(Mutation::move, site, {"move " + *anchor + " after " + *other}, next);
    }
    const auto before = neighbour(site, -1);
    if (!before || sites_.is_call_statement(*before) || ends_way(*sites_[*before].stmt)) return;
    if (const auto other = sites_.anchor_of(*before))
      add(Mutation::move, site, {"move " + *anchor + " before " + *other}, before);
  }

  void duplicate(std::size_t site) {
    const auto anchor = sites_.anchor_of(site);
    if (!anchor) return;
    const std::string text = on_one_line(sites_.text(sites_.stretch(site)));
    add(Mutation::duplicate, site, {"insert { " + text + " } after " + *anchor});
  }

  void drop_branch(std::size_t site) {
    const auto anchor = sites_.anchor_of(site);
    if (!anchor || !wanted_.contains(Mutation::drop_error_branch)) return;
    add(Mutation::drop_error_branch, site, {"delete " + *anchor});
    const c::Stmt& branch = *sites_[site].stmt;
    if (const std::vector<std::uint32_t> inside = lines_inside(branch); !inside.empty() && !calls_in_condition(branch))
      out_.back().lines = inside;
  }

  // Lines of the statements of an `if`, beside its own.
  static std::vector<std::uint32_t> lines_inside(const c::Stmt& branch) {
    std::vector<std::uint32_t> out;
    const std::function<void(const c::Stmt&)> walk = [&](const c::Stmt& stmt) {
      if (stmt.kind != StmtKind::compound && stmt.span.line != branch.span.line) out.push_back(stmt.span.line);
      for (const c::StmtPtr& inner : stmt.body)
        if (inner) walk(*inner);
    };
    for (const c::StmtPtr& inner : branch.body)
      if (inner) walk(*inner);
    return out;
  }

  static bool calls_in_condition(const c::Stmt& branch) {
    bool any = false;
    for_each_call(branch, [&any](const c::Expr&) { any = true; });
    return any;
  }

  void retarget(std::size_t site) {
    const auto anchor = sites_.anchor_of(site);
    if (!anchor) return;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const c::Stmt& label = *sites_[i].stmt;
      if (label.kind == StmtKind::label && label.text != sites_[site].stmt->text)
        add(Mutation::retarget_goto, site, {"send " + *anchor + " to " + label.text});
    }
  }

  void swap(std::size_t site, const c::Expr& call) {
    const c::Function* callee = program_.declared_function(call.args[0]->text);
    const auto anchor = sites_.anchor_of(call);
    if (callee == nullptr || !anchor) return;
    const std::size_t count = std::min(call.args.size() - 1, callee->parameters.size());
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = i + 1; k < count; ++k) {
        const auto& a = callee->parameters[i].type;
        const auto& b = callee->parameters[k].type;
        const std::string first = on_one_line(sites_.text(call.args[i + 1]->span));
        const std::string second = on_one_line(sites_.text(call.args[k + 1]->span));
        if (!a || !b || first == second || !can_be_quoted(first) || !can_be_quoted(second)) continue;
        if (!are_interchangeable(program_, *a, *b)) continue;
        const auto replace = [&](std::size_t argument, const std::string& by) {
          return "replace argument " + std::to_string(argument) + " of " + *anchor + " by \"" + by + "\"";
        };
        add(Mutation::swap_arguments, site, {replace(i + 1, second), replace(k + 1, first)});
      }
    }
  }

  c::Program& program_;
  const std::string& file_;
  const c::Function& function_;
  const std::set<Mutation>& wanted_;
  NamedSites sites_;
  std::map<const c::Stmt*, std::size_t> numbers_;
  std::map<std::string, int> ids_;
  std::vector<Mutant> out_;
};

}  // namespace

std::span<const Mutation> all_mutations() {
  static const std::vector<Mutation> all = [] {
    std::vector<Mutation> out;
    for (const auto& [mutation, unused] : named) out.push_back(mutation);
    return out;
  }();
  return all;
}

std::string_view name(Mutation mutation) {
  return std::find_if(named.begin(), named.end(), [mutation](const auto& row) { return row.first == mutation; })
      ->second;
}

std::vector<Mutant> mutants(c::Program& program, const std::string& file, const std::string& function,
                            const std::set<Mutation>& mutations) {
  const c::Function* found = program.function(function);
  if (found == nullptr || program.file_of(*found) != file) return {};
  const auto source = program.tree().read(file);
  if (source == nullptr) return {};
  return Mutator(program, file, *found, source->text, mutations).run();
}

}  // namespace hotproof::patch
