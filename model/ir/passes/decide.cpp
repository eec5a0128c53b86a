#include "model/ir/passes/decide.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace hotproof::ir {

namespace {

constexpr std::size_t most_values = 64;

using Values = std::set<std::uint64_t>;
// No value: any.
using MaybeValues = std::optional<Values>;

std::uint64_t apply_node(const ExprPool& pool, const Node& node, const std::uint64_t (&args)[3]) {
  const int operand_width = arity(node.op) == 0 ? node.width : pool[node.args[0]].width;
  return apply(node.op, node.width, operand_width, args[0], args[1], args[2]);
}

class Propagation {
 public:
  explicit Propagation(const TransitionSystem& system) : system_(system), of_(system.variables.size(), Values{}) {}

  Domains run() {
    for (std::size_t i = 0; i < system_.variables.size(); ++i) of_[i] = initially(system_.variables[i]);
    collect_updates();
    while (!open_.empty()) {
      const std::size_t next = *open_.begin();
      open_.erase(open_.begin());
      take_up(updates_[next]);
    }
    Domains out;
    for (const MaybeValues& values : of_) {
      out.emplace_back();
      if (values) out.back().assign(values->begin(), values->end());
    }
    return out;
  }

 private:
  static MaybeValues initially(const Variable& v) {
    if (v.role == Role::control) return std::nullopt;
    if (!v.free_initially) return Values{v.initial};
    const bool ranged = v.low != 0 || v.high != 0;
    const std::uint64_t last = ranged ? truncate(v.high - v.low, v.width) : truncate(~std::uint64_t{0}, v.width);
    if (last >= most_values) return std::nullopt;
    Values out;
    for (std::uint64_t i = 0; i <= last; ++i) out.insert(truncate((ranged ? v.low : 0) + i, v.width));
    return out;
  }

  void collect_updates() {
    std::set<std::pair<VarId, ExprId>> seen;
    readers_.resize(of_.size());
    for (const Transition& t : system_.transitions) {
      for (const Update& update : t.updates) {
        if (!seen.emplace(update.var, update.value).second) continue;
        for (const VarId var : system_.pool.variables(update.value)) readers_[index(var)].push_back(updates_.size());
        open_.insert(updates_.size());
        updates_.push_back(update);
      }
    }
  }

  void take_up(const Update& update) {
    MaybeValues& old = of_[index(update.var)];
    if (!old) return;
    const MaybeValues fresh = values(update.value);
    const std::size_t before = old->size();
    if (fresh) old->insert(fresh->begin(), fresh->end());
    const bool grew = !fresh || old->size() != before;
    if (!fresh || old->size() > most_values) old.reset();
    if (grew) open_.insert(readers_[index(update.var)].begin(), readers_[index(update.var)].end());
  }

  MaybeValues values(ExprId expr) const {
    std::unordered_map<ExprId, MaybeValues> of;
    for (const ExprId id : system_.pool.below(expr)) {
      const Node& node = system_.pool[id];
      if (node.op == Op::variable)
        of[id] = of_[node.value];
      else
        of[id] = combine(node, of);
    }
    return of.at(expr);
  }

  // All results of the operation on the operands' values, if these are few.
  MaybeValues combine(const Node& node, const std::unordered_map<ExprId, MaybeValues>& of) const {
    if (node.op == Op::constant) return Values{node.value};
    if (node.width == 1) return Values{0, 1};
    Values lists[3] = {{0}, {0}, {0}};
    for (int i = 0; i < arity(node.op); ++i) {
      const MaybeValues& operand = of.at(node.args[i]);
      if (!operand) return std::nullopt;
      lists[i] = *operand;
    }
    Values out;
    for (const std::uint64_t a : lists[0]) {
      for (const std::uint64_t b : lists[1])
        for (const std::uint64_t c : lists[2]) out.insert(apply_node(system_.pool, node, {a, b, c}));
      if (out.size() > most_values) return std::nullopt;
    }
    return out;
  }

  const TransitionSystem& system_;
  std::vector<MaybeValues> of_;
  std::vector<Update> updates_;
  std::vector<std::vector<std::size_t>> readers_;  // by variable: indices into updates_
  std::set<std::size_t> open_;
};

// An expression as a list of operations, for many evaluations.
class Program {
 public:
  Program(const ExprPool& pool, ExprId expr) : pool_(pool), order_(pool.below(expr)), values_(order_.size()) {
    std::unordered_map<ExprId, std::size_t> place;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      place[order_[i]] = i;
      const Node& node = pool[order_[i]];
      args_.push_back({});
      for (int k = 0; k < arity(node.op); ++k) args_.back()[static_cast<std::size_t>(k)] = place.at(node.args[k]);
      if (node.op == Op::variable) variables_.push_back(i);
    }
  }

  std::size_t variables() const { return variables_.size(); }
  const Node& variable(std::size_t i) const { return pool_[order_[variables_[i]]]; }
  void set(std::size_t variable, std::uint64_t value) { values_[variables_[variable]] = value; }

  std::uint64_t evaluate() {
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const Node& node = pool_[order_[i]];
      if (node.op == Op::variable) continue;
      std::uint64_t args[3] = {node.value, 0, 0};
      for (int k = 0; k < arity(node.op); ++k) args[k] = values_[args_[i][static_cast<std::size_t>(k)]];
      values_[i] = apply_node(pool_, node, args);
    }
    return values_.back();  // ids ascend, so the expression itself is the last
  }

 private:
  const ExprPool& pool_;
  std::vector<ExprId> order_;
  std::vector<std::uint64_t> values_;
  std::vector<std::array<std::size_t, 3>> args_;
  std::vector<std::size_t> variables_;
};

std::uint64_t value_count(const Node& variable, const Domains& domains) {
  const auto& values = domains[variable.value];
  if (!values.empty()) return values.size();
  return variable.width >= 32 ? std::uint64_t{1} << 32U : std::uint64_t{1} << variable.width;
}

}  // namespace

Domains domains(const TransitionSystem& system) {
  return Propagation(system).run();
}

bool always_true(const ExprPool& pool, ExprId expr, const Domains& domains, std::size_t most_valuations) {
  if (pool.is_constant(expr)) return pool.is_true(expr);
  Program program(pool, expr);
  std::uint64_t valuations = 1;
  for (std::size_t i = 0; i < program.variables(); ++i) {
    valuations *= value_count(program.variable(i), domains);
    if (valuations > most_valuations) return false;
  }
  for (std::uint64_t number = 0; number < valuations; ++number) {
    std::uint64_t rest = number;
    for (std::size_t i = 0; i < program.variables(); ++i) {
      const auto& values = domains[program.variable(i).value];
      const std::uint64_t count = value_count(program.variable(i), domains);
      program.set(i, values.empty() ? rest % count : values[rest % count]);
      rest /= count;
    }
    if (program.evaluate() == 0) return false;
  }
  return true;
}

bool contradicts(const ExprPool& pool, ExprId condition) {
  std::unordered_set<ExprId> seen, true_ones, negated;
  std::unordered_map<ExprId, std::uint64_t> equals;
  std::vector<ExprId> open{condition};
  while (!open.empty()) {
    const ExprId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const Node& node = pool[id];
    if (pool.is_false(id)) return true;
    if (node.op == Op::and_) {
      open.insert(open.end(), {node.args[0], node.args[1]});
      continue;
    }
    if (node.op == Op::not_ ? true_ones.contains(node.args[0]) : negated.contains(id)) return true;
    if (node.op == Op::not_)
      negated.insert(node.args[0]);
    else
      true_ones.insert(id);
    if (node.op != Op::eq) continue;
    for (const int side : {0, 1}) {
      const Node& constant = pool[node.args[side]];
      if (constant.op != Op::constant) continue;
      const auto [found, fresh] = equals.try_emplace(node.args[1 - side], constant.value);
      if (found->second != constant.value) return true;
    }
  }
  return false;
}

}  // namespace hotproof::ir
