#include "checker/parametric/conditions.hpp"

#include <algorithm>

#include "model/eval/interpreter.hpp"

namespace hotproof::checker::parametric {

namespace {

using ir::ExprId;
using ir::Op;
using smt::Answer;

// Some numbers have to be found, or there is nothing to show; that they are small and round is for people.
constexpr std::chrono::seconds time_for_any{60};
constexpr std::chrono::seconds time_for_numbers{5};

std::uint64_t pair_of(std::uint32_t a, std::uint32_t b) { return (static_cast<std::uint64_t>(a) << 32U) | b; }

}  // namespace

Conditions::Conditions(ir::ExprPool& pool, const std::vector<ExprId>& unknowns, std::uint32_t first_literal,
                       ExprId required, const smt::Patience& patience)
    : pool_(pool),
      unknowns_(unknowns),
      first_literal_(first_literal),
      required_(required),
      solver_(pool),
      patience_(patience),
      next_literal_(first_literal),
      sets_(1),
      examples_(1) {
  solver_.require(required);
  known_sets_.emplace(std::vector<ExprId>{}, 0);
}

// A variable that implies the truth: assuming it asserts the truth for one question.
ExprId Conditions::literal(ExprId truth) {
  const auto [found, fresh] = literals_.try_emplace(truth);
  if (fresh) {
    found->second = pool_.variable(static_cast<ir::VarId>(next_literal_++), 1);
    solver_.require(pool_.or_(pool_.not_(found->second), truth));
  }
  return found->second;
}

Answer Conditions::ask(const std::vector<ExprId>& truths) {
  std::vector<ExprId> assumed;
  for (const ExprId truth : truths) {
    if (pool_.is_false(truth)) return Answer::unsat;
    if (!pool_.is_true(truth)) assumed.push_back(literal(truth));
  }
  ++questions_;
  const Answer answer = solver_.check(assumed, patience_);
  if (answer == Answer::unknown) reason_ = solver_.reason();
  return answer;
}

// The solver's valuation after Answer::sat, if it is one in the eyes of the reference semantics, too.
std::optional<ir::State> Conditions::valuation() {
  ir::State out(first_literal_, 0);
  for (const ExprId unknown : unknowns_) {
    const auto value = solver_.value(unknown);
    if (!value) return std::nullopt;
    out[pool_[unknown].value] = *value;
  }
  return out;
}

bool Conditions::satisfies(const ir::State& valuation, const std::vector<ExprId>& truths) const {
  return eval::is_true(pool_, required_, valuation) &&
         std::all_of(truths.begin(), truths.end(), [&](ExprId truth) { return eval::is_true(pool_, truth, valuation); });
}

bool Conditions::known_possible(ConditionId condition, ExprId truth) const {
  const auto& examples = examples_[condition];
  return std::any_of(examples.begin(), examples.end(),
                     [&](const ir::State& example) { return eval::is_true(pool_, truth, example); });
}

// Whatever is impossible under a condition is so under a stronger one.
bool Conditions::known_impossible(ConditionId condition, ExprId truth) const {
  const auto found = refuted_.find(truth);
  if (found == refuted_.end()) return false;
  const auto& all = sets_[condition];
  return std::any_of(found->second.begin(), found->second.end(), [&](ConditionId weaker) {
    return std::includes(all.begin(), all.end(), sets_[weaker].begin(), sets_[weaker].end());
  });
}

Answer Conditions::possible(ConditionId condition, ExprId truth) {
  if (pool_.is_false(truth)) return Answer::unsat;
  const std::uint64_t key = pair_of(condition, static_cast<std::uint32_t>(truth));
  if (const auto known = answers_.find(key); known != answers_.end()) return known->second;
  Answer answer = Answer::unknown;
  if (known_possible(condition, truth)) {
    answer = Answer::sat;
  } else if (known_impossible(condition, truth)) {
    answer = Answer::unsat;
  } else {
    std::vector<ExprId> truths = sets_[condition];
    truths.push_back(truth);
    answer = ask(truths);
    if (answer == Answer::unsat) refuted_[truth].push_back(condition);
    if (answer == Answer::sat)
      if (auto example = valuation(); example && satisfies(*example, truths))
        examples_[condition].push_back(std::move(*example));
  }
  if (answer != Answer::unknown) answers_.emplace(key, answer);
  return answer;
}

Truth Conditions::decide(ConditionId condition, ExprId truth) {
  if (pool_.is_constant(truth)) return pool_.is_true(truth) ? Truth::always : Truth::never;
  const Answer yes = possible(condition, truth);
  if (yes == Answer::unsat) return Truth::never;
  const Answer no = possible(condition, pool_.not_(truth));
  if (no == Answer::unsat) return Truth::always;
  return yes == Answer::unknown || no == Answer::unknown ? Truth::unknown : Truth::depends;
}

ConditionId Conditions::number(std::vector<ExprId> truths) {
  std::sort(truths.begin(), truths.end());
  const auto [found, fresh] = known_sets_.try_emplace(truths, static_cast<ConditionId>(sets_.size()));
  if (fresh) {
    sets_.push_back(std::move(truths));
    examples_.emplace_back();
  }
  return found->second;
}

std::optional<ConditionId> Conditions::with(ConditionId condition, ExprId truth) {
  if (pool_.is_true(truth)) return condition;
  const std::uint64_t key = pair_of(condition, static_cast<std::uint32_t>(truth));
  if (const auto known = stronger_.find(key); known != stronger_.end()) return known->second;
  const Answer adds = possible(condition, pool_.not_(truth));
  if (adds == Answer::unknown) return std::nullopt;
  ConditionId out = condition;
  if (adds == Answer::sat) {
    std::vector<ExprId> truths = sets_[condition];
    truths.push_back(truth);
    // What the others imply says nothing; without it, equal regions get equal numbers more often.
    for (std::size_t i = 0; i + 1 < truths.size();) {
      std::vector<ExprId> others = truths;
      others[i] = pool_.not_(truths[i]);
      if (ask(others) == Answer::unsat)
        truths.erase(truths.begin() + static_cast<std::ptrdiff_t>(i));
      else
        ++i;
    }
    out = number(std::move(truths));
    if (examples_[out].empty() && out != condition)
      for (const ir::State& example : examples_[condition])
        if (eval::is_true(pool_, truth, example)) examples_[out].push_back(example);
  }
  stronger_.emplace(key, out);
  return out;
}

bool Conditions::implies(ConditionId strong, ConditionId weak) {
  if (strong == weak || weak == 0) return true;
  const auto [found, fresh] = implications_.try_emplace(pair_of(strong, weak), false);
  if (fresh) {
    const std::vector<ExprId> wanted = sets_[weak];
    const bool all = std::all_of(wanted.begin(), wanted.end(), [&](ExprId truth) {
      return possible(strong, pool_.not_(truth)) == Answer::unsat;
    });
    implications_[pair_of(strong, weak)] = all;
    return all;
  }
  return found->second;
}

std::optional<ir::State> Conditions::find(std::vector<ExprId> truths, ExprId more) {
  truths.push_back(more);
  if (ask(truths) != Answer::sat) return std::nullopt;
  auto out = valuation();
  return out && satisfies(*out, truths) ? out : std::nullopt;
}

// `valuation` is one of the truths, and stays one.
void Conditions::make_least(std::vector<ExprId>& truths, ExprId unknown, ir::State& valuation) {
  const int width = pool_[unknown].width;
  const auto var = static_cast<std::size_t>(pool_[unknown].value);
  const auto is = [&](std::uint64_t value) { return pool_.eq(unknown, pool_.constant(value, width)); };
  bool round = false;
  for (std::uint64_t value = 0; value < valuation[var] && !round; value = value == 0 ? 1 : value * 2) {
    if (auto found = find(truths, is(value))) {
      valuation = std::move(*found);
      round = true;
    }
    if (value >= std::uint64_t{1} << 63U) break;
  }
  const bool power_of_two = (valuation[var] & (valuation[var] - 1)) == 0;
  std::uint64_t low = 0;
  while (!round && !power_of_two && low < valuation[var]) {
    const std::uint64_t middle = low + (valuation[var] - low - 1) / 2;
    auto found = find(truths, pool_.binary(Op::ule, unknown, pool_.constant(middle, width)));
    if (found)
      valuation = std::move(*found);
    else
      low = middle + 1;
  }
  truths.push_back(is(valuation[var]));
}

std::optional<ir::State> Conditions::least(ConditionId condition, ExprId truth) {
  // What was found is shown, even where the search has met its limit of time.
  patience_.deadline = std::chrono::steady_clock::now() + time_for_any;
  std::vector<ExprId> truths = sets_[condition];
  auto out = find(truths, truth);
  if (!out) return std::nullopt;
  patience_.deadline = std::chrono::steady_clock::now() + time_for_numbers;
  truths.push_back(truth);
  for (const ExprId unknown : unknowns_) make_least(truths, unknown, *out);
  return out;
}

}  // namespace hotproof::checker::parametric
