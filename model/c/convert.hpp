// tree-sitter's tree to ours. Internal to model/c.
#pragma once

#include <tree_sitter/api.h>

#include <set>

#include "model/c/parse.hpp"

namespace hotproof::c {

// Owns one tree; empty if the parser gave up (too long).
class Tree {
 public:
  explicit Tree(const std::string& text);
  ~Tree();
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  explicit operator bool() const { return tree_ != nullptr; }
  TSNode root() const { return ts_tree_root_node(tree_); }

 private:
  TSTree* tree_;
};

struct Child {
  TSNode node;
  std::string_view field;  // "" if it has none
};

std::string_view kind_of(TSNode node);
// Comments never appear: they are blanked before.
std::vector<Child> children(TSNode node);
std::vector<TSNode> named_children(TSNode node);
// A null node if there is no such field.
TSNode field(TSNode node, const char* name);

// What all conversions of one item share.
struct Findings {
  std::vector<Diagnostic> problems;
  std::uint32_t calls = 0;
  int depth = 0;
};

class Converter {
 public:
  // The tree was made of `prefix` bytes, then `rewritten`, which stands at `begin` in the source.
  Converter(const SourceText& source, const NameOracle& oracle, const Rewritten& rewritten, std::uint32_t begin,
            std::uint32_t prefix, Findings& findings);

  // Makes every ERROR and MISSING node below `root` a problem, and every problem of the rewriting.
  void report_errors(TSNode root);

  // Statements: labels and cases unfold into several.
  StmtPtr statement(TSNode node);
  void statements(TSNode node, std::vector<StmtPtr>& out);

  ExprPtr expression(TSNode node);

  // Types and declarations.
  std::vector<Declaration> declarations(TSNode node);
  TypePtr base_type(TSNode specifier);
  TypePtr described_type(TSNode descriptor);
  // Wraps `type` in the layers of `declarator` (which may be null) and gives the name it declares.
  TypePtr declared_type(TSNode declarator, TypePtr type, std::string& name, Span& name_span);
  void parameters(TSNode list, std::vector<Declaration>& out, bool& variadic);
  std::unique_ptr<Record> record(TSNode specifier);

  Span span(TSNode node) const;
  void problem(TSNode node, std::string message);

 private:
  std::uint32_t offset(std::uint32_t byte) const { return byte < prefix_ ? begin_ : byte - prefix_ + begin_; }
  std::uint32_t begin_of(TSNode node) const {
    return ts_node_is_null(node) ? begin_ : offset(ts_node_start_byte(node));
  }
  std::uint32_t end_of(TSNode node) const { return ts_node_is_null(node) ? begin_ : offset(ts_node_end_byte(node)); }
  std::string_view text(TSNode node) const;  // as written in the source
  const Rewritten::Placeholder* placeholder(TSNode node) const;
  bool has_broken_child(TSNode node) const;

  // Nodes.
  ExprPtr make(Expr::Kind kind, TSNode node) const;
  StmtPtr make(Stmt::Kind kind, TSNode node) const;
  ExprPtr not_understood(TSNode node) const;
  StmtPtr statement_not_understood(TSNode node) const;

  // Expressions, one function a kind.
  ExprPtr convert_expression(TSNode node);
  ExprPtr name(TSNode node);
  ExprPtr number(TSNode node);
  ExprPtr strings(TSNode node);
  ExprPtr binary(TSNode node);
  ExprPtr unary(TSNode node);
  ExprPtr update(TSNode node);
  ExprPtr conditional(TSNode node);
  ExprPtr call(TSNode node);
  ExprPtr member(TSNode node);
  ExprPtr cast(TSNode node);
  ExprPtr size_of(TSNode node);
  ExprPtr align_of(TSNode node);
  ExprPtr parenthesised(TSNode node);
  ExprPtr initialisers(TSNode node);
  ExprPtr designated(TSNode pair);
  ExprPtr with_fields(Expr::Kind kind, TSNode node, std::initializer_list<const char*> fields);

  // Statements.
  void convert_statement(TSNode node, std::vector<StmtPtr>& out);
  StmtPtr compound(TSNode node);
  StmtPtr declaration_statement(TSNode node);
  StmtPtr expression_statement(TSNode node);
  StmtPtr call_read_as_type(TSNode node);
  StmtPtr if_statement(TSNode node);
  StmtPtr while_statement(TSNode node);
  StmtPtr macro_block(TSNode node, std::string_view name);
  StmtPtr do_statement(TSNode node);
  StmtPtr for_statement(TSNode node);
  StmtPtr switch_statement(TSNode node);
  void case_statement(TSNode node, std::vector<StmtPtr>& out);
  void labelled(TSNode node, std::vector<StmtPtr>& out);
  StmtPtr return_statement(TSNode node);
  StmtPtr goto_statement(TSNode node);
  ExprPtr condition(TSNode parenthesised);

  // Types.
  TypePtr type_between(std::uint32_t begin, std::uint32_t end);  // source text that a placeholder hides
  TypePtr type_of(const Rewritten::Placeholder& placeholder, TSNode node);
  ExprPtr hidden_type(const Rewritten::Placeholder& placeholder, TSNode node);
  TypePtr layer(TypeName::Kind kind, TypePtr inner, TSNode node) const;
  std::string sized_name(TSNode node) const;
  void fields(TSNode list, Record& record);
  void field_declaration(TSNode node, std::vector<Declaration>& out);
  void enumerators(TSNode list, Record& record);
  void member_macros(TSNode list, Record& record);
  Declaration declared_by_macro(std::uint32_t begin, std::uint32_t end);
  ExprPtr macro_size(std::string_view macro, std::uint32_t begin, std::uint32_t end);
  void cleanup_marks(TSNode node, std::vector<Declaration>& out) const;

  const SourceText& source_;
  const NameOracle& oracle_;
  const Rewritten& rewritten_;
  const std::uint32_t begin_;
  const std::uint32_t prefix_;
  Findings& findings_;
  std::set<std::uint32_t> members_used_;
};

// What of source.clean[begin, end) becomes inside `prefix … suffix`, for a caller that knows which node it wants.
// Nothing, and a problem, if it nests too deep or takes too long.
struct ParsedFragment {
  Rewritten rewritten;
  std::unique_ptr<Tree> tree;
  std::uint32_t prefix = 0;
};
std::optional<ParsedFragment> parse_fragment(const SourceText& source, const NameOracle& oracle, std::uint32_t begin,
                                             std::uint32_t end, std::uint32_t body, Fragment fragment,
                                             std::string_view prefix, std::string_view suffix, Findings& findings);

// The one statement of `v f() { … }` that such a fragment became; null if the text broke out of it.
TSNode only_statement(const ParsedFragment& fragment);

}  // namespace hotproof::c
