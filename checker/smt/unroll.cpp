#include "checker/smt/unroll.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

namespace hotproof::checker::smt {

namespace {

using ir::ExprId;
using ir::Node;
using ir::Op;
using ir::TransitionId;
using ir::VarId;

// Bits that hold the numbers 0 … count-1; at least 1.
int bits_for(std::uint32_t count) {
  return count <= 2 ? 1 : static_cast<int>(std::bit_width(count - 1));
}

bool resizes(Op op) {
  return op == Op::zext || op == Op::sext || op == Op::trunc;
}

}  // namespace

std::optional<ExprId> range_condition(ir::ExprPool& pool, const ir::Variable& variable, ExprId value) {
  if (variable.low == 0 && variable.high == 0) return std::nullopt;
  const Op at_most = variable.is_signed ? Op::sle : Op::ule;
  const ExprId above = pool.binary(at_most, pool.constant(variable.low, variable.width), value);
  return pool.and_(above, pool.binary(at_most, value, pool.constant(variable.high, variable.width)));
}

ExprId is_initial(const ir::TransitionSystem& system, ir::ExprPool& pool,
                  const std::function<ExprId(VarId, int width)>& value) {
  std::vector<std::uint64_t> start;
  for (const ir::Variable& variable : system.variables) start.push_back(variable.initial);
  for (const ir::Actor& actor : system.actors) start[ir::index(actor.control)] = actor.initial;
  ExprId out = pool.import(system.pool, system.initial_condition, value);
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    const ir::Variable& variable = system.variables[i];
    const ExprId now = value(static_cast<VarId>(i), variable.width);
    if (!variable.free_initially)
      out = pool.and_(out, pool.eq(now, pool.constant(start[i], variable.width)));
    else if (const auto in_range = range_condition(pool, variable, now))
      out = pool.and_(out, *in_range);
  }
  return out;
}

Unrolling::Unrolling(const ir::TransitionSystem& system, Start where)
    : system_(system), way_(system.transitions.size()), ways_(system.actors.size()), writers_(system.variables.size()) {
  std::map<std::pair<ir::ActorId, ir::Location>, std::uint32_t> count;
  for (std::size_t i = 0; i < system.transitions.size(); ++i) {
    const ir::Transition& transition = system.transitions[i];
    way_[i] = count[{transition.actor, transition.from}]++;
    std::uint32_t& ways = ways_[ir::index(transition.actor)];
    ways = std::max(ways, way_[i] + 1);
    for (const ir::Update& update : transition.updates)
      writers_[ir::index(update.var)].push_back(static_cast<TransitionId>(i));
  }
  if (where == Start::initial)
    start();
  else
    start_anywhere();
}

void Unrolling::start_anywhere() {
  Frame frame;
  for (const ir::Variable& variable : system_.variables) frame.variables.push_back(unknown(variable.width));
  for (const ir::Actor& actor : system_.actors) frame.reachable.emplace_back(actor.locations, true);
  frames_.push_back(std::move(frame));
}

void Unrolling::start() {
  Frame frame;
  for (const ir::Variable& variable : system_.variables)
    frame.variables.push_back(variable.free_initially ? unknown(variable.width)
                                                      : pool_.constant(variable.initial, variable.width));
  for (const ir::Actor& actor : system_.actors) {
    const ir::Variable& control = system_[actor.control];
    frame.variables[ir::index(actor.control)] = pool_.constant(actor.initial, control.width);
    frame.reachable.emplace_back(actor.locations, false);
    frame.reachable.back()[actor.initial] = true;
  }
  for (std::size_t i = 0; i < system_.variables.size(); ++i)
    if (system_.variables[i].free_initially)
      if (const auto in_range = range_condition(pool_, system_.variables[i], frame.variables[i]))
        requirements_.push_back(*in_range);
  requirements_.push_back(translate(frame, system_.initial_condition));
  frames_.push_back(std::move(frame));
}

ExprId Unrolling::unknown(int width) {
  return pool_.variable(static_cast<VarId>(unknowns_++), width);
}

ExprId Unrolling::named(ExprId truth) {
  const Op op = pool_[truth].op;
  if (op == Op::constant || op == Op::variable) return truth;
  const ExprId name = unknown(1);
  requirements_.push_back(pool_.eq(name, truth));
  return name;
}

std::vector<ExprId> Unrolling::take_requirements() {
  return std::exchange(requirements_, {});
}

// All operands of `id` have been translated.
void Unrolling::build_translation(Frame& frame, ExprId id) {
  const Node& node = system_.pool[id];
  const auto operand = [&](int i) { return frame.translated.at(node.args[i]); };
  ExprId out{};
  switch (ir::arity(node.op)) {
    case 0:
      out = node.op == Op::constant ? pool_.constant(node.value, node.width) : frame.variables[node.value];
      break;
    case 1:
      out = resizes(node.op) ? pool_.resize(operand(0), node.width, node.op == Op::sext)
                             : pool_.unary(node.op, operand(0));
      break;
    case 2:
      out = pool_.binary(node.op, operand(0), operand(1));
      break;
    default:
      out = pool_.ite(operand(0), operand(1), operand(2));
  }
  frame.translated.emplace(id, out);
}

// With a stack of its own, so that deep expressions cannot exhaust the program's.
ExprId Unrolling::translate(Frame& frame, ExprId root) {
  std::vector<ExprId> open{root};
  while (!open.empty()) {
    const ExprId id = open.back();
    bool ready = true;
    if (!frame.translated.contains(id)) {
      const Node& node = system_.pool[id];
      for (int i = 0; i < ir::arity(node.op); ++i) {
        if (frame.translated.contains(node.args[i])) continue;
        open.push_back(node.args[i]);
        ready = false;
      }
      if (ready) build_translation(frame, id);
    }
    if (ready) open.pop_back();
  }
  return frame.translated.at(root);
}

// Who moves and how is two unknowns; "transition t fires" is that they name t. Since they name at most one transition,
// no two fire at once.
Unrolling::Step Unrolling::choose(Frame& frame) {
  Step step;
  step.fired.assign(system_.transitions.size(), pool_.truth(false));
  const auto actors = static_cast<std::uint32_t>(system_.actors.size());
  const ExprId who = actors > 1 ? unknown(bits_for(actors)) : pool_.constant(0, 1);
  const std::uint32_t most_ways = ways_.empty() ? 0 : *std::max_element(ways_.begin(), ways_.end());
  const ExprId how = most_ways > 1 ? unknown(bits_for(most_ways)) : pool_.constant(0, 1);
  std::vector<ExprId> some;
  for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
    const ir::Transition& transition = system_.transitions[i];
    const std::size_t actor = ir::index(transition.actor);
    if (!frame.reachable[actor][transition.from]) continue;
    const ExprId guard = translate(frame, transition.guard);
    if (pool_.is_false(guard)) continue;
    const ExprId location = frame.variables[ir::index(system_.actors[actor].control)];
    const ExprId here = pool_.eq(location, pool_.constant(transition.from, pool_[location].width));
    const ExprId chosen = pool_.and_(pool_.eq(who, pool_.constant(actor, pool_[who].width)),
                                     pool_.eq(how, pool_.constant(way_[i], pool_[how].width)));
    const ExprId fires = named(pool_.and_(here, chosen));
    if (pool_.is_false(fires)) continue;
    if (!pool_.is_true(guard)) requirements_.push_back(pool_.or_(pool_.not_(fires), guard));
    step.fired[i] = fires;
    some.push_back(fires);
  }
  requirements_.push_back(pool_.any(some));
  return step;
}

// The first alternative whose condition holds; a value that several transitions give is chosen once.
ExprId Unrolling::settled(const std::vector<Alternative>& alternatives, ExprId old_value) {
  std::vector<Alternative> merged;
  std::unordered_map<ExprId, std::size_t> place;
  for (const Alternative& alternative : alternatives) {
    if (alternative.value == old_value || pool_.is_false(alternative.when)) continue;
    const auto [found, fresh] = place.try_emplace(alternative.value, merged.size());
    if (fresh)
      merged.push_back(alternative);
    else
      merged[found->second].when = pool_.or_(merged[found->second].when, alternative.when);
  }
  ExprId out = old_value;
  for (auto it = merged.rbegin(); it != merged.rend(); ++it) out = pool_.ite(it->when, it->value, out);
  const Op op = pool_[out].op;
  if (op == Op::constant || op == Op::variable) return out;
  // A name for the new value: what the next step says of it then stays small.
  const ExprId name = unknown(pool_[out].width);
  requirements_.push_back(pool_.eq(name, out));
  return name;
}

Unrolling::Frame Unrolling::next(Frame& frame, const Step& step) {
  Frame out;
  out.variables.resize(system_.variables.size());
  std::vector<std::vector<Alternative>> moves(system_.actors.size());
  out.reachable = frame.reachable;
  for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
    if (pool_.is_false(step.fired[i])) continue;
    const ir::Transition& transition = system_.transitions[i];
    const std::size_t actor = ir::index(transition.actor);
    const int width = system_[system_.actors[actor].control].width;
    moves[actor].push_back({step.fired[i], pool_.constant(transition.to, width)});
    out.reachable[actor][transition.to] = true;
  }
  for (std::size_t v = 0; v < system_.variables.size(); ++v) {
    std::vector<Alternative> values;
    for (const TransitionId id : writers_[v]) {
      const ExprId when = step.fired[ir::index(id)];
      if (pool_.is_false(when)) continue;
      for (const ir::Update& update : system_[id].updates)
        if (ir::index(update.var) == v) values.push_back({when, translate(frame, update.value)});
    }
    out.variables[v] = settled(values, frame.variables[v]);
  }
  for (std::size_t actor = 0; actor < system_.actors.size(); ++actor) {
    const std::size_t control = ir::index(system_.actors[actor].control);
    out.variables[control] = settled(moves[actor], frame.variables[control]);
  }
  return out;
}

void Unrolling::step() {
  Frame& frame = frames_.back();
  Step step = choose(frame);
  Frame following = next(frame, step);
  // Only the last two frames are asked for expressions of the system.
  if (frames_.size() > 1) frames_[frames_.size() - 2].translated = {};
  steps_.push_back(std::move(step));
  frames_.push_back(std::move(following));
}

std::optional<ir::Run> Unrolling::run(const std::function<std::optional<std::uint64_t>(ExprId)>& value) const {
  ir::Run out;
  for (const ExprId variable : frames_.front().variables) {
    const auto initial = value(variable);
    if (!initial) return std::nullopt;
    out.initial.push_back(*initial);
  }
  for (const Step& step : steps_) {
    const std::size_t before = out.steps.size();
    for (std::size_t i = 0; i < step.fired.size(); ++i) {
      if (pool_.is_false(step.fired[i])) continue;
      const auto fires = value(step.fired[i]);
      if (!fires) return std::nullopt;
      if (*fires != 0) out.steps.push_back(static_cast<TransitionId>(i));
    }
    if (out.steps.size() != before + 1) return std::nullopt;
  }
  return out;
}

}  // namespace hotproof::checker::smt
