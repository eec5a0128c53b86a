// What is assumed of the parameters on a path: sets of truths over them, each set with a number, and questions about them
// to the solver. Answers are remembered.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/smt/solver.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::parametric {

using ConditionId = std::uint32_t;  // 0: nothing beyond what is required of all

// `unknown`: the solver gave up; Conditions::reason() says why.
enum class Truth : std::uint8_t { always, never, depends, unknown };

class Conditions {
 public:
  // The unknowns are variables of `pool` with ids below `first_literal`; ids from there on are used up here. `required`
  // holds in every condition.
  Conditions(ir::ExprPool& pool, const std::vector<ir::ExprId>& unknowns, std::uint32_t first_literal,
             ir::ExprId required, const smt::Patience& patience);

  // Is there a valuation that satisfies the condition and the truth?
  smt::Answer possible(ConditionId condition, ir::ExprId truth);
  Truth decide(ConditionId condition, ir::ExprId truth);
  // The condition and the truth, which are possible together. Nothing if the solver gave up.
  std::optional<ConditionId> with(ConditionId condition, ir::ExprId truth);
  // Every valuation of `strong` is one of `weak`; false if that is not known.
  bool implies(ConditionId strong, ConditionId weak);

  // A valuation of the condition and the truth, by VarId. Of several it takes the least, unknown by unknown in their
  // order, where 0 and powers of two come before other numbers. Nothing if there is none or if the solver gave up.
  std::optional<ir::State> least(ConditionId condition, ir::ExprId truth);

  const std::vector<ir::ExprId>& truths(ConditionId condition) const { return sets_[condition]; }
  std::size_t size() const { return sets_.size(); }
  const std::string& reason() const { return reason_; }
  std::uint64_t questions() const { return questions_; }

 private:
  smt::Answer ask(const std::vector<ir::ExprId>& truths);
  ir::ExprId literal(ir::ExprId truth);
  ConditionId number(std::vector<ir::ExprId> truths);
  std::optional<ir::State> find(std::vector<ir::ExprId> truths, ir::ExprId more);
  std::optional<ir::State> valuation();
  bool satisfies(const ir::State& valuation, const std::vector<ir::ExprId>& truths) const;
  bool known_possible(ConditionId condition, ir::ExprId truth) const;
  bool known_impossible(ConditionId condition, ir::ExprId truth) const;
  void make_least(std::vector<ir::ExprId>& truths, ir::ExprId unknown, ir::State& valuation);

  ir::ExprPool& pool_;
  std::vector<ir::ExprId> unknowns_;
  std::uint32_t first_literal_;
  ir::ExprId required_;
  smt::Solver solver_;
  smt::Patience patience_;
  std::uint32_t next_literal_;
  std::unordered_map<ir::ExprId, ir::ExprId> literals_;  // by truth
  std::vector<std::vector<ir::ExprId>> sets_;            // by ConditionId, ascending
  std::map<std::vector<ir::ExprId>, ConditionId> known_sets_;
  std::vector<std::vector<ir::State>> examples_;         // by ConditionId: some of its valuations
  std::unordered_map<ir::ExprId, std::vector<ConditionId>> refuted_;  // by truth: where it is impossible
  std::unordered_map<std::uint64_t, smt::Answer> answers_;   // by condition and truth
  std::unordered_map<std::uint64_t, bool> implications_;     // by both conditions
  std::unordered_map<std::uint64_t, ConditionId> stronger_;  // by condition and truth
  std::string reason_;
  std::uint64_t questions_ = 0;
};

}  // namespace hotproof::checker::parametric
