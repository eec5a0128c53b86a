// Expressions of which some variables are known: the strong logic of Kleene (Introduction to Metamathematics, 1952,
// section 64), carried over to bit-vectors.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/ir/expr.hpp"

namespace hotproof::ir {

class PartialValues {
 public:
  // The pool must outlive it.
  explicit PartialValues(const ExprPool& pool) : pool_(pool), value_(pool.size()) {}

  void know(VarId var, std::optional<std::uint64_t> value) { known_[var] = value; }
  std::optional<std::uint64_t> known(VarId var) const {
    const auto found = known_.find(var);
    return found == known_.end() ? std::nullopt : found->second;
  }
  // Nothing, where it depends on what is not known; or may, for all that can be seen without asking for every value.
  std::optional<std::uint64_t> operator()(ExprId root);

 private:
  std::optional<std::uint64_t> value(const Node& node) const;
  std::optional<std::uint64_t> of(ExprId id) const { return value_[static_cast<std::size_t>(id)]; }

  const ExprPool& pool_;
  std::unordered_map<VarId, std::optional<std::uint64_t>> known_;
  std::unordered_map<ExprId, std::vector<ExprId>> below_;
  std::vector<std::optional<std::uint64_t>> value_;  // by expression, for the root asked for last
};

}  // namespace hotproof::ir
