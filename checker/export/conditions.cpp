#include "checker/export/conditions.hpp"

#include <algorithm>

namespace hotproof::checker::exports {

namespace {

// Of what a function computes in one go.
constexpr std::size_t longest_local = 1U << 12U;

}  // namespace

std::string Conditions::operator()(ir::ExprId expr) {
  if (const auto text = texts_.short_condition(expr, longest_)) return *text;
  const auto known = calls_.find(expr);
  return known != calls_.end() ? known->second : calls_[expr] = call(expr);
}

std::string Conditions::call(ir::ExprId expr) {
  Terms terms(system_, numbers_, dialect_, std::min(longest_, longest_local));
  const std::string result = terms.condition(expr);
  if (terms.fault() && !fault_) fault_ = terms.fault();
  const std::string name = "hp_f" + std::to_string(calls_.size());
  functions_ += dialect_.function(name, terms.named(), result);
  for (const ir::VarId var : system_.pool.variables(expr)) read_.push_back(var);
  return dialect_.call(name);
}

}  // namespace hotproof::checker::exports
