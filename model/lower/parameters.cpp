// Parameters: unknown constants of the model. An expression over them is the same all through a run, so it stays in a
// control point as it is, as a known constant does; reading one is no access that others see.
#include <algorithm>

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

namespace {

constexpr int parameter_bits = 64;
constexpr std::size_t most_first_values = 4;

}  // namespace

// __hp_parameter(name, low, high), while starting up: the unknown number of that name, between low and high.
Specialiser::Progress Specialiser::parameter(Path& path, const Instr& instr) {
  const std::string name = string_argument(path, instr, 0);
  const Value low = argument(path, instr, 1);
  const Value high = argument(path, instr, 2);
  if (!path.initial) return not_understood(path, "a parameter that is not named while starting up");
  if (name.empty() || !low.is(Value::Kind::integer) || !high.is(Value::Kind::integer) || low.bits > high.bits)
    return not_understood(path, "a parameter without a name or a range");
  const auto [found, fresh] = parameters_.try_emplace(name);
  if (fresh) {
    found->second = system_.add_variable(
        {name, parameter_bits, false, ir::Role::shared, low.bits, true, low.bits, high.bits, {}});
    parameter_vars_.insert(found->second);
    report_.parameters.push_back({name, low.bits, high.bits});
    ir::ExprPool& pool = system_.pool;
    const ir::ExprId value = system_.read(found->second);
    const ir::ExprId above = pool.binary(ir::Op::ule, pool.constant(low.bits, parameter_bits), value);
    const ir::ExprId below = pool.binary(ir::Op::ule, value, pool.constant(high.bits, parameter_bits));
    system_.initial_condition = pool.and_(system_.initial_condition, pool.and_(above, below));
  }
  return finish_call(path, instr, Value::symbolic(system_.read(found->second)));
}

// __hp_require(condition, what), while starting up: only numbers for which it is true are of interest.
Specialiser::Progress Specialiser::require(Path& path, const Instr& instr) {
  const Value condition = argument(path, instr, 0);
  const std::string what = string_argument(path, instr, 1);
  const bool is_symbolic = condition.is(Value::Kind::symbolic) && is_parametric(condition.expr());
  if (!path.initial || (!is_symbolic && !condition.is(Value::Kind::integer)))
    return not_understood(path, "a requirement that is not one on parameters");
  if (condition.is(Value::Kind::integer) && condition.bits == 0)
    return not_understood(path, "the numbers given do not satisfy: " + what);
  if (is_symbolic) {
    const int width = system_.pool[condition.expr()].width;
    const ir::ExprId no = combined(ir::Op::eq, condition.expr(), system_.pool.constant(0, width));
    system_.initial_condition = system_.pool.and_(system_.initial_condition, system_.pool.not_(no));
    report_.requirements.push_back(what);
  }
  return finish_call(path, instr, {});
}

bool Specialiser::is_parametric(ir::ExprId expr) {
  if (parameter_vars_.empty()) return false;
  const auto [found, fresh] = is_parametric_.try_emplace(expr);
  if (fresh) {
    const auto variables = system_.pool.variables(expr);
    found->second = std::all_of(variables.begin(), variables.end(),
                                [this](ir::VarId var) { return parameter_vars_.contains(var); });
  }
  return found->second;
}

// The operation; over parameters in a form in which equal sums are equal nodes.
ir::ExprId Specialiser::combined(ir::Op op, ir::ExprId a, ir::ExprId b) {
  return is_parametric(a) && is_parametric(b) ? canonical_.binary(op, a, b) : system_.pool.binary(op, a, b);
}

std::optional<bool> Specialiser::known_truth(const Path& path, ir::ExprId truth) {
  if (system_.pool.is_constant(truth)) return system_.pool.is_true(truth);
  if (!options_.decide) return std::nullopt;
  const ir::ExprId required = system_.pool.and_(system_.initial_condition, path.assumed);
  return options_.decide(system_.pool, required, truth);
}

// All values of an expression over parameters, if its form says that they are few.
std::optional<std::set<std::uint64_t>> Specialiser::few_values(ir::ExprId expr) const {
  const ir::Node& node = system_.pool[expr];
  if (node.op == ir::Op::constant) return std::set<std::uint64_t>{node.value};
  if (node.width == 1) return std::set<std::uint64_t>{0, 1};
  if (node.op == ir::Op::variable || node.op == ir::Op::ite) return std::nullopt;
  const auto a = few_values(node.args[0]);
  const auto b = ir::arity(node.op) > 1 ? few_values(node.args[1]) : std::set<std::uint64_t>{0};
  if (!a || !b) return std::nullopt;
  std::set<std::uint64_t> out;
  for (const std::uint64_t x : *a)
    for (const std::uint64_t y : *b)
      out.insert(ir::apply(node.op, node.width, system_.pool[node.args[0]].width, x, y, 0));
  return out.size() <= most_first_values ? std::optional(out) : std::nullopt;
}

// A shared cell that is written starts as an expression over parameters says.
void Specialiser::start_with(CellFacts& facts, const Value& first) {
  ir::Variable& variable = system_.variables[ir::index(*facts.var)];
  variable.free_initially = true;
  const ir::ExprId value = system_.pool.resize(first.expr(), variable.width, variable.is_signed);
  system_.initial_condition =
      system_.pool.and_(system_.initial_condition, system_.pool.eq(system_.read(*facts.var), value));
  if (const auto values = few_values(value))
    for (const std::uint64_t one : *values) facts.domain.insert(Value::integer(one));
  else
    facts.symbolic = true;
}

}  // namespace hotproof::lower
