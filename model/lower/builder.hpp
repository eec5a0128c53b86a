// Builds one Body: walks the syntax tree, resolves names, expands macros, and emits single operations.
//
// An expression is built by value() (what it is worth; arrays and functions decay), place() (where it stands, if it
// stands somewhere) or condition() (as control flow). Constants are folded while building, so a constant expression is
// one that comes out as a Constant; what only a constant condition skips stands in blocks that are cut off at the end.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/lower/builtins.hpp"
#include "model/lower/context.hpp"

namespace hotproof::lower {

class Builder : public ExpressionTyper {
 public:
  // `file`: where the text to be built stands; `owner`: the function's name, for its statics.
  Builder(Context& context, std::string file, std::string owner);

  std::unique_ptr<Body> function(const c::Function& function);

  // ExpressionTyper; neither leaves a trace in the body.
  std::optional<std::int64_t> constant_value(const c::Expr& expr) override;
  const Type* type_of(const c::Expr& expr) override;
  const Type* local_type(const std::string& name) override;

  // For initialisers of globals: the value of an expression converted to `type`, and the instruction that made a temp.
  Operand initialiser_value(const c::Expr& expr, const Type* type);
  const Instr* made_by(Temp temp) const;
  // One item of an initialiser: the steps below the initialised object, the type there, and its value.
  struct Initialised {
    std::vector<PlaceStep> steps;
    const Type* type = nullptr;
    const c::Expr* value = nullptr;
  };
  std::vector<Initialised> flatten(const Type* type, const c::Expr& list);
  // The `size` of an array whose declaration leaves it to the initialiser.
  const Type* completed(const Type* type, const c::Expr* initialiser);
  // How many things were not understood so far.
  std::size_t problems_met() const { return problems_met_; }
  // The expression behind names that macros (and their arguments) stand for.
  const c::Expr& behind(const c::Expr& expr);
  // The initialiser list that a call of a macro stands for; null if it stands for something else.
  const c::Expr* braces_of(const c::Expr& call);
  // What stands between commas: where a macro is a list of several (`#define ALL 1, 2`), all of them.
  std::vector<const c::Expr*> several(const c::Expr& expr);

 private:
  struct Cleanup {  // what leaving a scope does: drop a local, call what its declaration says (cleanup), or leave a guard
    Local local = 0;
    std::string call = {};              // empty: drop `local`
    bool of_local = false;              // the call is given the address of `local`
    std::vector<Local> arguments = {};  // else these
  };
  struct Scope {
    std::uint32_t id = 0;
    std::map<std::string, Local> locals;
    std::map<std::string, std::string> statics;  // name → global
    std::map<std::string, const Type*> types;
    std::vector<Cleanup> cleanups;
  };
  struct Level {  // a scope as a goto or a label sees it
    std::uint32_t id = 0;
    std::vector<Cleanup> cleanups;
  };
  struct Label {
    BlockId block = 0;
    std::vector<Level> levels;
  };
  struct Goto {
    BlockId from = 0;
    std::string label;
    std::vector<Level> levels;
    c::Span span;
  };
  struct Exit {  // where break or continue goes
    BlockId to = 0;
    std::size_t scopes = 0;
  };
  struct Case {
    std::uint64_t low = 0, high = 0;
    BlockId block = 0;
  };
  struct Switch {
    const Type* type = nullptr;
    std::vector<Case> cases;
    std::optional<BlockId> otherwise;
    bool unclear = false;  // a case has a value that is not constant
  };
  struct Bound {  // what a name made for a macro's argument (or a loop's body) stands for
    const c::Expr* expr = nullptr;
    const c::Stmt* stmt = nullptr;
    std::vector<std::string> active;
    bool expanding = false;
    c::Span span;
  };
  struct Snapshot {
    std::size_t blocks, temps, locals, problems;
    BlockId current;
    std::size_t scopes;
    std::size_t cleanups;  // of the innermost scope
    bool probing;
    bool ended;
  };
  class At;         // where what is built stands, as long as it lives
  class Expansion;  // a macro is being expanded, as long as it lives
  class Unbound;    // an argument's own surroundings, as long as it lives

  // builder.cpp: emitting
  Temp new_temp(const Type* type);
  BlockId new_block();
  void start(BlockId block);
  Instr& emit(Instr::Kind kind);
  Operand emit_value(Instr instr, const Type* type);
  void finish(Terminator::Kind kind, BlockId then = 0, BlockId otherwise = 0);
  void jump(BlockId to);
  void branch(const Operand& condition, BlockId yes, BlockId no);
  Operand not_understood(const std::string& why);
  Local hidden_local(const char* what, const Type* type);
  void drop(Local local);
  Snapshot snapshot() const;
  void restore(const Snapshot& snapshot);
  std::unique_ptr<Body> complete();
  void cut_off_unreachable();
  void check_parsed(const c::Function& function);

  // build_value.cpp: operands
  Operand constant(std::uint64_t value, const Type* type);
  Operand number(std::int64_t value) { return constant(static_cast<std::uint64_t>(value), int_type()); }
  const Type* int_type() { return types().integer(32, true); }
  const Type* long_type() { return types().integer(64, true); }
  Operand convert(const Operand& operand, const Type* type);
  Operand cast_to_integer(const Operand& operand, const Type* type);
  Operand truth(const Operand& operand, bool inverted);
  Operand arithmetic(BinaryOp op, Operand a, Operand b);
  Operand pointer_arithmetic(BinaryOp op, const Operand& a, const Operand& b);
  Operand compare_pointers(BinaryOp op, Operand a, Operand b);
  Operand emit_binary(BinaryOp op, const Operand& a, const Operand& b, const Type* type);
  Operand emit_unary(UnaryOp op, const Operand& a);
  Operand load(const MemoryPlace& place);
  Operand read(const MemoryPlace& place);  // load, with arrays and functions decaying
  Operand address(const MemoryPlace& place);
  Operand store(const MemoryPlace& place, Operand value);
  void copy(const MemoryPlace& to, const MemoryPlace& from);
  Operand cut_to_bits(Operand value, int bits);
  int bit_width(const MemoryPlace& place);
  MemoryPlace local_place(Local local) const;
  MemoryPlace member(MemoryPlace place, const std::string& field);
  MemoryPlace element(MemoryPlace place, const Operand& index);
  MemoryPlace pointed_to(const Operand& pointer);

  // build_expr.cpp
  Operand value(const c::Expr& expr);
  Operand value_of_kind(const c::Expr& expr);
  std::optional<MemoryPlace> place(const c::Expr& expr);
  MemoryPlace place_or_copy(const c::Expr& expr);
  std::optional<MemoryPlace> place_of_macro_call(const c::Expr& expr);
  std::optional<MemoryPlace> place_of_braces(const c::Expr& cast);
  std::string without_empty_macros(std::string text);
  std::optional<MemoryPlace> place_of_index(const c::Expr& expr);
  void effect(const c::Expr& expr);
  void condition(const c::Expr& expr, BlockId yes, BlockId no);
  Operand integer_literal(const c::Expr& expr);
  Operand unary(const c::Expr& expr);
  Operand address_of(const c::Expr& expr);
  Operand step(const c::Expr& expr, bool postfix);
  Operand binary(const c::Expr& expr);
  Operand logical(const c::Expr& expr);
  Operand conditional(const c::Expr& expr);
  Operand conditional_known(const c::Expr& expr, bool truth);
  Operand merged(BlockId yes_end, const Operand& yes, BlockId no_end, const Operand& no);
  Operand assign(const c::Expr& expr);
  void assign_record(const MemoryPlace& to, const c::Expr& from);
  Operand cast(const c::Expr& expr);
  Operand size_of(const c::Expr& expr);
  Operand statement_expression(const c::Expr& expr);
  Operand function_value(const std::string& name);
  std::optional<Operand> probe(const c::Expr& expr);

  // build_name.cpp: names and macros
  Local* find_local(const std::string& name);
  std::optional<MemoryPlace> place_of_name(const std::string& name);
  std::optional<MemoryPlace> variable(const std::string& name);
  std::optional<Operand> constant_name(const std::string& name);
  Operand value_of_name(const std::string& name);
  const c::Expr* object_macro(const std::string& name);
  std::string object_macro_text(const std::string& name);
  const Bound* bound(const std::string& name) const;
  bool is_active(const std::string& macro) const;
  bool expands_too_far() const;
  std::string bind(const c::Expr& argument);
  std::string bind(const c::Stmt& body);
  struct Template {  // a function-like macro, the tree's or ours
    std::string name;
    std::vector<std::string> parameters;
    std::optional<std::string> rest;  // what names the arguments behind the parameters
    std::string body;
  };
  std::optional<Template> template_of(const std::string& name);
  // The macro's text with the arguments put in; those that do more than name something are put in as bound names.
  std::optional<std::string> expansion(const Template& macro, const std::vector<const c::Expr*>& arguments);
  const c::Expr* parsed_expression(const std::string& text);
  const c::Stmt* parsed_statement(const std::string& text);
  Place here() const;

  // build_call.cpp
  Operand call(const c::Expr& expr);
  Operand named_call(const std::string& name, const c::Expr& expr);
  Operand indirect_call(const c::Expr& expr);
  Operand direct_call(const std::string& name, const c::Expr& expr);
  Operand writing_call(const std::string& name, const WritingMacro& macro, const c::Expr& expr);
  Operand emit_call(Instr call, const Type* result);
  Operand generic_choice(const c::Expr& expr);
  std::optional<Operand> built_in_call(const std::string& name, const c::Expr& expr);
  Operand macro_call(const Template& macro, const c::Expr& expr);
  Operand container_of(const c::Expr& expr);
  Operand offset_of(const c::Expr& expr);
  std::optional<std::vector<PlaceStep>> member_path(const Type* record, const c::Expr& path);
  Operand least_or_greatest(const c::Expr& expr, bool least, const Type* type);
  Operand enabled(const c::Expr& expr);
  const Type* type_argument(const c::Expr& argument);
  std::vector<Operand> arguments(const c::Expr& expr, const std::vector<const Type*>& parameters, bool exact);
  void guard(const std::string& kind, const std::vector<const c::Expr*>& arguments);

  // build_stmt.cpp
  void statement(const c::Stmt& stmt);
  void statement_of_kind(const c::Stmt& stmt);
  void statements(const c::Stmt& stmt);
  void compound(const c::Stmt& stmt);
  void expression_statement(const c::Stmt& stmt);
  bool declaring_statement(const c::Expr& expr);
  bool statement_macro(const c::Expr& expr);
  void if_statement(const c::Stmt& stmt);
  void while_loop(const c::Stmt& stmt);
  void do_loop(const c::Stmt& stmt);
  void for_loop(const c::Stmt& stmt);
  void loop_body(const c::Stmt& body, BlockId next, BlockId end);
  void iterator(const c::Stmt& stmt);
  void guard_block(const c::Stmt& stmt);
  void switch_statement(const c::Stmt& stmt);
  void dispatch(const Switch& cases, const Operand& value, BlockId end);
  void case_label(const c::Stmt& stmt);
  void label(const std::string& name);
  void go_to(const std::string& name);
  void resolve_gotos();
  void leave(const std::vector<Exit>& exits, const char* what);
  void return_statement(const c::Stmt& stmt);
  void open_scope();
  void close_scope();
  void clean_up(const std::vector<Cleanup>& cleanups, std::size_t from, bool drops);
  bool free_by_macro(const Cleanup& one);
  std::vector<Level> levels() const;

  // build_init.cpp: declarations and initialisers
  void declaration(const c::Declaration& declaration);
  void clean_up_later(const c::Declaration& declaration, Local local);
  void static_local(const c::Declaration& declaration);
  Local new_local(const std::string& name, const Type* type);
  void initialise(const MemoryPlace& place, const c::Expr& initialiser);
  void initialise_list(const MemoryPlace& place, const c::Expr& list);
  void zero(const MemoryPlace& place, std::size_t& left);
  void zero_rest(const MemoryPlace& place, const std::vector<Initialised>& given, std::size_t& left);
  class Flattener;  // walks an initialiser list beside the type it initialises

  Types& types() { return context_.types; }
  c::Program& program() { return context_.program; }

  Context& context_;
  std::unique_ptr<Body> body_;
  std::string owner_;
  BlockId current_ = 0;
  bool ended_ = false;  // the current block has its terminator; what follows is unreachable until a label
  c::Span here_;
  bool expanding_ = false;              // inside a macro's expansion: everything has the place of its use
  static constexpr int deepest = 1000;  // what is nested deeper is not understood
  int depth_ = 0;
  std::size_t expansions_ = 0;       // of macros so far: hostile macros double at every level
  bool probing_ = false;             // only to learn whether something is constant: no control flow
  std::vector<std::string> active_;  // macros being expanded
  std::map<std::string, Bound> bound_;
  std::vector<Scope> scopes_;
  std::uint32_t scope_ids_ = 0;
  std::vector<Exit> breaks_, continues_;
  std::vector<Switch*> switches_;
  std::map<std::string, Label> labels_;
  std::vector<Goto> gotos_;
  std::size_t problems_met_ = 0;
  std::set<Temp> undeclared_;  // results of calls whose type nobody declares
};

}  // namespace hotproof::lower
