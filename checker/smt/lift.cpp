#include "checker/smt/lift.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace hotproof::checker::smt {

using ir::ExprId;
using ir::Node;
using ir::Op;
using ir::VarId;

namespace {

std::uint64_t all_bits(int width) {
  return ir::truncate(~std::uint64_t{0}, width);
}

// The lowest bits that are known of both.
std::uint64_t low_known(const KnownBits& a, const KnownBits& b, int width) {
  const int count = std::countr_one(a.mask & b.mask);
  return ir::truncate(all_bits(width), std::min(count, width));
}

KnownBits truth(bool value) {
  return {1, value ? 1U : 0U};
}

std::uint64_t least(const KnownBits& a) {
  return a.value;
}
std::uint64_t most(const KnownBits& a, int width) {
  return a.value | (all_bits(width) & ~a.mask);
}

// a < b or a <= b on unsigned words.
KnownBits compared(const KnownBits& a, const KnownBits& b, int width, bool or_equal) {
  if (most(a, width) < least(b) || (or_equal && most(a, width) <= least(b))) return truth(true);
  if (least(a) > most(b, width) || (!or_equal && least(a) >= most(b, width))) return truth(false);
  return {};
}

// Signed order is unsigned order with the sign turned round.
KnownBits sign_flipped(const KnownBits& a, int width) {
  const std::uint64_t sign = std::uint64_t{1} << (width - 1);
  return {a.mask, (a.value ^ sign) & a.mask};
}

KnownBits shifted(Op op, int width, const KnownBits& a, std::uint64_t by) {
  const std::uint64_t all = all_bits(width);
  if (op == Op::shl) {
    if (by >= static_cast<std::uint64_t>(width)) return {all, 0};
    return {((a.mask << by) | ((std::uint64_t{1} << by) - 1)) & all, (a.value << by) & all};
  }
  const std::uint64_t sign = std::uint64_t{1} << (width - 1);
  const std::uint64_t amount = std::min(by, static_cast<std::uint64_t>(width));
  const std::uint64_t filled = amount >= static_cast<std::uint64_t>(width) ? all : all & ~(all >> amount);
  KnownBits out;
  if (amount < 64) out = {a.mask >> amount, a.value >> amount};
  if (op == Op::lshr) {
    out.mask |= filled;
  } else if ((a.mask & sign) != 0) {
    out.mask |= filled;
    if ((a.value & sign) != 0) out.value |= filled;
  }
  return {out.mask & all, out.value & all};
}

}  // namespace

KnownBits apply_known(Op op, int width, int operand_width, const KnownBits& a, const KnownBits& b, const KnownBits& c) {
  const std::uint64_t all = all_bits(width);
  const std::uint64_t operand_all = all_bits(operand_width);
  const std::uint64_t both = a.mask & b.mask;
  const auto exact = [&] { return KnownBits{all, ir::apply(op, width, operand_width, a.value, b.value, c.value)}; };
  switch (op) {
    case Op::constant:
    case Op::variable:
      return a;
    case Op::not_:
      return {a.mask, ~a.value & a.mask};
    case Op::neg: {
      const std::uint64_t low = low_known(a, {all, 0}, width);
      return {low, (0 - a.value) & low};
    }
    case Op::add:
    case Op::sub:
    case Op::mul: {
      const std::uint64_t low = low_known(a, b, width);
      return {low, ir::apply(op, width, operand_width, a.value, b.value, 0) & low};
    }
    case Op::and_: {
      const std::uint64_t zero = (a.mask & ~a.value) | (b.mask & ~b.value);
      return {both | zero, a.value & b.value & ~zero};
    }
    case Op::or_: {
      const std::uint64_t one = a.value | b.value;  // an unknown bit of a value is 0
      return {both | one, one};
    }
    case Op::xor_:
      return {both, (a.value ^ b.value) & both};
    case Op::shl:
    case Op::lshr:
    case Op::ashr:
      return b.mask == operand_all ? shifted(op, width, a, b.value) : KnownBits{};
    case Op::eq:
      if (((a.value ^ b.value) & both) != 0) return truth(false);
      return both == operand_all ? truth(true) : KnownBits{};
    case Op::ult:
    case Op::ule:
      return compared(a, b, operand_width, op == Op::ule);
    case Op::slt:
    case Op::sle:
      return compared(sign_flipped(a, operand_width), sign_flipped(b, operand_width), operand_width, op == Op::sle);
    case Op::ite: {
      if (a.mask != 0) return a.value != 0 ? b : c;
      const std::uint64_t same = b.mask & c.mask & ~(b.value ^ c.value);
      return {same, b.value & same};
    }
    case Op::zext:
      return {a.mask | (all & ~operand_all), a.value};
    case Op::sext: {
      const std::uint64_t sign = std::uint64_t{1} << (operand_width - 1);
      if ((a.mask & sign) == 0) return a;
      return {a.mask | (all & ~operand_all), (a.value & sign) != 0 ? a.value | (all & ~operand_all) : a.value};
    }
    case Op::trunc:
      return {a.mask & all, a.value & all};
    case Op::udiv:
    case Op::sdiv:
    case Op::urem:
    case Op::srem:
      return both == operand_all ? exact() : KnownBits{};
  }
  return {};
}

const Program& Lifter::program(ExprId expr) {
  auto& slot = programs_[expr];
  if (!slot) slot = std::make_unique<Program>(compile(system_.pool, expr));
  return *slot;
}

bool Lifter::is_met(const Demand& demand) {
  const Program& program = *demand.program;
  values_.resize(program.order.size());
  for (std::size_t i = 0; i < program.order.size(); ++i) {
    const Node& node = system_.pool[program.order[i]];
    if (node.op == Op::constant) {
      values_[i] = {all_bits(node.width), node.value};
    } else if (node.op == Op::variable) {
      values_[i] = known_[node.value];
    } else {
      const std::uint32_t* operands = &program.operands[3 * i];
      const int operand_width = system_.pool[node.args[0]].width;
      // Where an operation takes fewer, the others are the (old) value of its own place, and not looked at.
      values_[i] = apply_known(node.op, node.width, operand_width, values_[operands[0]], values_[operands[1]],
                               values_[operands[2]]);
    }
  }
  return (values_.back().mask & demand.mask) == demand.mask;
}

void Lifter::lift(const ir::State& state, const std::vector<Demand>& demands) {
  known_.assign(system_.variables.size(), {});
  std::vector<VarId> support;
  for (const Demand& demand : demands)
    support.insert(support.end(), demand.program->variables.begin(), demand.program->variables.end());
  std::sort(support.begin(), support.end());
  support.erase(std::unique(support.begin(), support.end()), support.end());
  for (const VarId var : support) known_[ir::index(var)] = {all_bits(system_[var].width), state[ir::index(var)]};
  // The last first: they are the properties' own and the data, the first are locations and locks.
  for (auto var = support.rbegin(); var != support.rend(); ++var) {
    const KnownBits old = std::exchange(known_[ir::index(*var)], {});
    const bool needed = std::any_of(demands.begin(), demands.end(), [&](const Demand& demand) {
      const auto& read = demand.program->variables;
      return std::binary_search(read.begin(), read.end(), *var) && !is_met(demand);
    });
    if (needed) known_[ir::index(*var)] = old;
  }
}

Cube Lifter::result() const {
  Cube out;
  for (std::size_t i = 0; i < known_.size(); ++i)
    if (known_[i].mask != 0) out.push_back({static_cast<VarId>(i), known_[i].mask, known_[i].value});
  return out;
}

Cube Lifter::leading_to(const ir::State& state, ir::TransitionId id, const Cube& target) {
  const ir::Transition& transition = system_[id];
  const VarId control = system_.actors[ir::index(transition.actor)].control;
  std::vector<Demand> demands;
  if (!system_.pool.is_constant(transition.guard)) demands.push_back({&program(transition.guard), 1});
  std::vector<Literal> stays;  // bits of variables that the transition leaves alone
  for (const Literal& literal : target) {
    if (literal.var == control) continue;
    const auto update = std::find_if(transition.updates.begin(), transition.updates.end(),
                                     [&](const ir::Update& candidate) { return candidate.var == literal.var; });
    if (update == transition.updates.end())
      stays.push_back(literal);
    else if (!system_.pool.is_constant(update->value))
      demands.push_back({&program(update->value), literal.mask});
  }
  lift(state, demands);
  for (const Literal& literal : stays) {
    KnownBits& known = known_[ir::index(literal.var)];
    known = {known.mask | literal.mask, known.value | literal.value};
  }
  known_[ir::index(control)] = {all_bits(system_[control].width), transition.from};
  return result();
}

Cube Lifter::in_which(const ir::State& state, ExprId condition) {
  lift(state, {{&program(condition), 1}});
  return result();
}

}  // namespace hotproof::checker::smt
