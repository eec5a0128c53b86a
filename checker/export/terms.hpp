// Expressions of a system as text of a language whose numbers are small (numbers.hpp): operations where the language has
// them and nothing overflows, else a case distinction over the values of the variables that occur.
//
// An expression of 1 bit becomes a condition, one of up to 31 bits a number that is 0 or more. A wider one has no text
// of its own: what is made of it (a comparison, say) is a case distinction. Combinations of values that no reachable
// state has may give anything.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/export/numbers.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::exports {

// What differs between the languages.
class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual std::string variable(ir::VarId id) const = 0;
  // That the variable's number is this one.
  virtual std::string has(ir::VarId id, std::uint64_t number) const = 0;
  // Whether its numbers can be compared by < and the like. Of a variable that cannot, variable() is not asked either.
  virtual bool is_number(ir::VarId id) const = 0;
  virtual std::string choice(const std::string& condition, const std::string& a, const std::string& b) const = 0;
  virtual const char* equal() const = 0;  // " == "
  virtual const char* both() const = 0;   // " && "
  virtual const char* either() const = 0; // " || "
};

class Terms {
 public:
  // All must outlive the terms. Expressions may be added to the system's pool. A condition within another one whose text
  // has more than `longest` characters becomes a name, see named().
  static constexpr std::size_t unnamed = ~std::size_t{0};
  Terms(ir::TransitionSystem& system, const std::vector<Numbers>& numbers, const Dialect& dialect,
        std::size_t longest = unnamed);

  // A condition: an expression of 1 bit. Parenthesised where it is no name.
  std::string condition(ir::ExprId expr);
  // The same; nothing, and no fault, if it cannot be written or has more than `longest` characters.
  std::optional<std::string> short_condition(ir::ExprId expr, std::size_t longest);
  // What got a name: name_of(i) means the i-th of these texts, which speaks of names before it.
  const std::vector<std::string>& named() const { return named_; }
  static std::string name_of(std::size_t number) { return "hp_e" + std::to_string(number); }
  // The number that stands for the expression's value in the variable; a condition for a variable of 1 bit.
  std::string number(ir::VarId var, ir::ExprId expr);
  // What could not be written, by its reason, as a sentence; nothing if all is well. The texts are worthless then.
  const std::optional<std::string>& fault() const { return fault_; }

 private:
  using Text = std::optional<std::string>;
  using Leaf = std::function<Text(std::uint64_t value)>;
  struct Group {
    std::string text;
    std::vector<std::uint64_t> numbers;
  };

  Text text(ir::ExprId expr);
  Text made(ir::ExprId expr);
  Text operation(const ir::Node& node);
  Text truth_operation(ir::Op op, const std::vector<std::string>& args) const;
  Text number_operation(const ir::Node& node, const std::vector<std::string>& args) const;
  Text shift(const ir::Node& node, const std::string& arg) const;
  Text division(const ir::Node& node, const std::vector<std::string>& args) const;
  Text comparison(const ir::Node& node, const std::vector<std::string>& args) const;
  Text resized(const ir::Node& node, const std::string& arg) const;
  std::string with_flipped_sign(const std::string& text, ir::ExprId expr) const;
  Text by_choice(const ir::Node& node);
  Text number_text(ir::VarId var, ir::ExprId expr);
  Text by_cases(ir::ExprId expr, const Leaf& leaf);
  Text cases(ir::ExprId expr, const Leaf& leaf, const std::vector<ir::VarId>& variables, std::size_t next,
             ir::State& state);
  std::string told_apart(ir::VarId var, std::vector<Group> groups) const;
  std::string among(ir::VarId var, const std::vector<std::uint64_t>& numbers) const;
  std::vector<std::uint64_t> values_of(ir::VarId var) const;
  bool is_one_list(ir::ExprId expr) const;
  bool is_list(ir::VarId var) const;
  std::string give_up(ir::ExprId expr);

  ir::TransitionSystem& system_;
  const std::vector<Numbers>& numbers_;
  const Dialect& dialect_;
  std::size_t longest_;
  std::vector<std::string> named_;
  std::map<ir::ExprId, Text> known_;
  std::optional<std::string> fault_;
};

}  // namespace hotproof::checker::exports
