// Conditions of a system in a language whose numbers are small: as texts (terms.hpp), or where those would be too long, as
// calls of functions, which work out once what a text would say many times. (Whether some actors wait for each other is
// such a condition: written out, it grows threefold with each actor.)
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checker/export/terms.hpp"

namespace hotproof::checker::exports {

// A dialect in which functions are written.
class FunctionDialect : public Dialect {
 public:
  // A function without arguments: the i-th local has the name Terms::name_of(i).
  virtual std::string function(const std::string& name, const std::vector<std::string>& locals,
                               const std::string& result) const = 0;
  // As a condition of the language that the other conditions are written in.
  virtual std::string call(const std::string& name) const = 0;
};

class Conditions {
 public:
  // All must outlive the conditions. Those of more than `longest` characters become functions.
  Conditions(ir::TransitionSystem& system, const std::vector<Numbers>& numbers, Terms& texts,
             const FunctionDialect& dialect, std::size_t longest)
      : system_(system), numbers_(numbers), texts_(texts), dialect_(dialect), longest_(longest) {}

  std::string operator()(ir::ExprId expr);
  // Those that were called, to stand before what calls them.
  const std::string& functions() const { return functions_; }
  // Variables that functions read.
  const std::vector<ir::VarId>& read() const { return read_; }
  // As that of the texts.
  const std::optional<std::string>& fault() const { return fault_; }

 private:
  std::string call(ir::ExprId expr);

  ir::TransitionSystem& system_;
  const std::vector<Numbers>& numbers_;
  Terms& texts_;
  const FunctionDialect& dialect_;
  std::size_t longest_;
  std::map<ir::ExprId, std::string> calls_;
  std::string functions_;
  std::vector<ir::VarId> read_;
  std::optional<std::string> fault_;
};

}  // namespace hotproof::checker::exports
