// Which local values statements use and set: what ties the steps of a function to each other whatever they do.
#pragma once

#include <set>
#include <string>

#include "model/c/ast.hpp"

namespace hotproof::patch {

// Of statements that follow each other. A local whose address is taken counts as set where nothing assigns to it.
class LocalValues {
 public:
  // The locals of `function`, parameters included.
  explicit LocalValues(const c::Function& function);

  struct Uses {
    std::set<std::string> reads;   // of what was there before
    std::set<std::string> writes;  // on some way
    std::set<std::string> surely;  // written on every way
  };
  // Adds what the statement does behind the ones added before.
  void add(const c::Stmt& stmt, Uses& uses) const;
  bool has(const std::string& name) const { return locals_.contains(name); }

 private:
  void find_locals(const c::Stmt& stmt);
  void find_assigned(const c::Stmt& stmt);
  void find_assigned(const c::Expr* expr);
  void add(const c::Expr* expr, Uses& uses) const;
  void read(const std::string& name, Uses& uses) const;
  void write(const std::string& name, Uses& uses) const;

  std::set<std::string> locals_;
  std::set<std::string> assigned_;
};

}  // namespace hotproof::patch
