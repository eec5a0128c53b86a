// Finds what an anchor names in a function's syntax tree.
#pragma once

#include <string_view>
#include <vector>

#include "model/patch/edit.hpp"

namespace hotproof::patch {

// One statement of a function, with what stands around it.
struct Site {
  const c::Stmt* stmt = nullptr;
  int parent = -1;        // index of the site around it; -1 for the function's body
  bool unbraced = false;  // a branch or loop body without braces
};

// Bytes of the file's text, the end not included.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What an anchor names: a site, and for calls the call itself.
struct Found {
  std::size_t site = 0;
  const c::Expr* call = nullptr;
};

class FunctionSites {
 public:
  // `text` is the file's text that the spans of `function` mean; both outlive this.
  FunctionSites(const c::Function& function, std::string_view text);

  const Site& operator[](std::size_t i) const { return sites_[i]; }
  std::size_t size() const { return sites_.size(); }
  const c::Function& function() const { return function_; }

  // The statement's stretch of the text; of a label only itself, although its span has the statement behind it too.
  Stretch stretch(std::size_t site) const;
  std::string_view text(const Stretch& at) const { return text_.substr(at.begin, at.end - at.begin); }

  // Error: there is none, or more than one and no number; with how many there are.
  Outcome<Found> find(const Anchor& anchor) const;

  bool has_label(std::string_view name) const;
  std::string_view text(const c::Span& span) const { return text_.substr(span.begin, span.end - span.begin); }
  // True if `outer` is `inner` or stands around it.
  bool contains(std::size_t outer, std::size_t inner) const;

 private:
  struct Call {
    const c::Expr* expr;
    std::size_t site;
  };

  void add(const c::Stmt& stmt, int parent, bool unbraced);
  void add_expression(const c::Expr* expr, std::size_t site);
  void add_statement_expressions(const c::Stmt& stmt, std::size_t site);

  std::vector<Found> all(const Anchor& anchor) const;
  std::vector<Found> calls(const Anchor& anchor) const;
  bool matches(const Anchor& anchor, std::size_t site) const;
  bool assigns(const Anchor& anchor, std::size_t site) const;
  bool head_has(const c::Stmt& stmt, std::string_view wanted) const;
  Outcome<Found> find_block(const Anchor& anchor) const;
  Outcome<Found> find_around(const Anchor& anchor) const;

  const c::Function& function_;
  std::string_view text_;
  std::vector<Site> sites_;
  std::vector<Call> calls_;  // in the text's order
  std::vector<Call> assignments_;
};

}  // namespace hotproof::patch
