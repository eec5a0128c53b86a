#include "model/c/convert.hpp"

#include <algorithm>

extern "C" const TSLanguage* tree_sitter_c(void);

namespace hotproof::c {

namespace {

// Far beyond what source has; keeps hostile input from using up time or the stack.
constexpr std::uint32_t max_brackets = 200;
constexpr std::uint64_t max_parse_microseconds = 10'000'000;
constexpr std::size_t max_fragment = 8u << 20;

struct ParserDeleter {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

TSParser* parser() {
  thread_local std::unique_ptr<TSParser, ParserDeleter> instance = [] {
    std::unique_ptr<TSParser, ParserDeleter> made(ts_parser_new());
    ts_parser_set_language(made.get(), tree_sitter_c());
    ts_parser_set_timeout_micros(made.get(), max_parse_microseconds);
    return made;
  }();
  return instance.get();
}

bool is_broken(TSNode node) {
  return ts_node_is_missing(node) || kind_of(node) == "ERROR";
}

// Steps to the next node in document order, entering the current one only if `enter`.
bool advance(TSTreeCursor& cursor, bool enter) {
  if (enter && ts_tree_cursor_goto_first_child(&cursor)) return true;
  while (!ts_tree_cursor_goto_next_sibling(&cursor))
    if (!ts_tree_cursor_goto_parent(&cursor)) return false;
  return true;
}

}  // namespace

Span SourceText::span(std::uint32_t begin, std::uint32_t end) const {
  if (fixed) return {0, 0, fixed->line, fixed->column};
  const auto next = std::upper_bound(lines.begin(), lines.end(), begin);
  const auto line = static_cast<std::uint32_t>(next - lines.begin());
  return {begin, end, line, begin - *(next - 1) + 1};
}

Place SourceText::place(std::uint32_t offset) const {
  if (fixed) return *fixed;
  const Span at = span(offset, offset);
  return {path, at.line, at.column};
}

std::vector<std::uint32_t> line_starts(std::string_view text) {
  std::vector<std::uint32_t> starts = {0};
  for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1))
    starts.push_back(static_cast<std::uint32_t>(i + 1));
  return starts;
}

Tree::Tree(const std::string& text)
    : tree_(ts_parser_parse_string(parser(), nullptr, text.data(), static_cast<std::uint32_t>(text.size()))) {
  if (!tree_) ts_parser_reset(parser());
}

Tree::~Tree() {
  ts_tree_delete(tree_);
}

std::string_view kind_of(TSNode node) {
  return ts_node_is_null(node) ? std::string_view() : ts_node_type(node);
}

std::vector<Child> children(TSNode node) {
  std::vector<Child> result;
  if (ts_node_is_null(node)) return result;
  result.reserve(ts_node_child_count(node));
  TSTreeCursor cursor = ts_tree_cursor_new(node);
  if (ts_tree_cursor_goto_first_child(&cursor)) do {
      const char* name = ts_tree_cursor_current_field_name(&cursor);
      result.push_back({ts_tree_cursor_current_node(&cursor), name ? name : ""});
    } while (ts_tree_cursor_goto_next_sibling(&cursor));
  ts_tree_cursor_delete(&cursor);
  return result;
}

std::vector<TSNode> named_children(TSNode node) {
  std::vector<TSNode> result;
  for (const Child& child : children(node))
    if (ts_node_is_named(child.node)) result.push_back(child.node);
  return result;
}

TSNode field(TSNode node, const char* name) {
  if (ts_node_is_null(node)) return node;
  return ts_node_child_by_field_name(node, name, static_cast<std::uint32_t>(std::string_view(name).size()));
}

Converter::Converter(const SourceText& source, const NameOracle& oracle, const Rewritten& rewritten,
                     std::uint32_t begin, std::uint32_t prefix, Findings& findings)
    : source_(source), oracle_(oracle), rewritten_(rewritten), begin_(begin), prefix_(prefix), findings_(findings) {}

void Converter::report_errors(TSNode root) {
  for (const Rewritten::Problem& found : rewritten_.problems)
    findings_.problems.push_back({source_.place(found.offset), found.message, {}});
  if (!ts_node_has_error(root)) return;
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  bool more = true;
  while (more) {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    const bool broken = is_broken(node);
    if (broken) {
      const bool missing = ts_node_is_missing(node);
      problem(node, missing ? "something is missing before this" : "the C grammar does not read this");
    }
    more = advance(cursor, !broken && ts_node_has_error(node));
  }
  ts_tree_cursor_delete(&cursor);
}

Span Converter::span(TSNode node) const {
  return source_.span(begin_of(node), end_of(node));
}

void Converter::problem(TSNode node, std::string message) {
  findings_.problems.push_back({source_.place(begin_of(node)), std::move(message), {}});
}

std::string_view Converter::text(TSNode node) const {
  const std::uint32_t begin = begin_of(node);
  const std::uint32_t end = std::min<std::uint32_t>(end_of(node), static_cast<std::uint32_t>(source_.original.size()));
  return source_.original.substr(begin, end > begin ? end - begin : 0);
}

const Rewritten::Placeholder* Converter::placeholder(TSNode node) const {
  const auto found = rewritten_.placeholders.find(begin_of(node));
  return found == rewritten_.placeholders.end() ? nullptr : &found->second;
}

bool Converter::has_broken_child(TSNode node) const {
  if (ts_node_is_null(node) || !ts_node_has_error(node)) return false;
  const auto all = children(node);
  return std::any_of(all.begin(), all.end(), [](const Child& child) { return is_broken(child.node); });
}

ExprPtr Converter::make(Expr::Kind kind, TSNode node) const {
  auto result = std::make_unique<Expr>();
  result->kind = kind;
  result->span = span(node);
  return result;
}

StmtPtr Converter::make(Stmt::Kind kind, TSNode node) const {
  auto result = std::make_unique<Stmt>();
  result->kind = kind;
  result->span = span(node);
  return result;
}

ExprPtr Converter::not_understood(TSNode node) const {
  ExprPtr result = make(Expr::Kind::not_understood, node);
  result->text = text(node);
  return result;
}

StmtPtr Converter::statement_not_understood(TSNode node) const {
  StmtPtr result = make(Stmt::Kind::not_understood, node);
  result->text = text(node);
  return result;
}

std::optional<ParsedFragment> parse_fragment(const SourceText& source, const NameOracle& oracle, std::uint32_t begin,
                                             std::uint32_t end, std::uint32_t body, Fragment fragment,
                                             std::string_view prefix, std::string_view suffix, Findings& findings) {
  const auto refuse = [&](std::string message) {
    findings.problems.push_back({source.place(begin), std::move(message), {}});
    return std::nullopt;
  };
  if (end - begin > max_fragment) return refuse("this item is too long");
  if (Tokens(source.clean, begin, end).depth() > max_brackets) return refuse("brackets are nested too deep");
  ParsedFragment result;
  result.rewritten = rewrite(source.clean, begin, end, body, fragment, oracle);
  result.prefix = static_cast<std::uint32_t>(prefix.size());
  result.tree = std::make_unique<Tree>(std::string(prefix) + result.rewritten.text + std::string(suffix));
  if (!*result.tree) return refuse("reading this takes too long");
  return result;
}

TSNode only_statement(const ParsedFragment& fragment) {
  const TSNode null{};
  const auto top = named_children(fragment.tree->root());
  if (top.size() != 1 || kind_of(top[0]) != "function_definition") return null;
  const TSNode body = field(top[0], "body");
  const auto inside = named_children(body);
  return inside.size() == 1 ? inside[0] : null;
}

}  // namespace hotproof::c
