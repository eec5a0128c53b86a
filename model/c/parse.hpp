// Items of a file to syntax trees: rewrites, lets tree-sitter read, and turns its tree into ours. What the grammar
// could not read is a problem and a `not_understood` node, never nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/c/annotations.hpp"
#include "model/c/ast.hpp"
#include "model/c/index.hpp"
#include "model/c/program.hpp"
#include "model/c/rewrite.hpp"

namespace hotproof::c {

// One text, in its three forms of the same length.
struct SourceText {
  std::string path;
  std::string_view original;
  std::string_view active;  // what #if and comments leave
  std::string_view clean;   // that without annotations
  const std::vector<Annotated::Mark>* marks = nullptr;
  std::vector<std::uint32_t> lines;  // offset of each line's first byte
  std::optional<Place> fixed;        // all nodes get this place (a text that is in no file)

  Span span(std::uint32_t begin, std::uint32_t end) const;
  Place place(std::uint32_t offset) const;
};

std::vector<std::uint32_t> line_starts(std::string_view text);

class ItemParser {
 public:
  ItemParser(const SourceText& source, const NameOracle& oracle) : source_(source), oracle_(oracle) {}

  // A function with its body, or (for a prototype) without.
  Function function(const Item& item) const;
  Record record(const Item& item) const;
  // The type that a typedef gives to item.name; null if the grammar cannot read it.
  TypePtr alias(const Item& item) const;
  GlobalVariable variable(const Item& item) const;
  // DEFINE_MUTEX(x): the arguments.
  GlobalVariable macro_variable(const Item& item) const;

  // source.clean[begin, end) as an expression or a list of statements. Null and a problem if it is none.
  ExprPtr expression(std::uint32_t begin, std::uint32_t end, std::vector<Diagnostic>& problems) const;
  StmtPtr statement(std::uint32_t begin, std::uint32_t end, std::vector<Diagnostic>& problems) const;

 private:
  const SourceText& source_;
  const NameOracle& oracle_;
};

}  // namespace hotproof::c
