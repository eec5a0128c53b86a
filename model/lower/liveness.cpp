#include "model/lower/liveness.hpp"

namespace hotproof::lower {

namespace {

bool stays(const LocalVariable& local) {
  return local.address_taken || local.type == nullptr || local.type->kind == Type::Kind::record ||
         local.type->kind == Type::Kind::array || local.type->kind == Type::Kind::unknown;
}

}  // namespace

Liveness::Liveness(const Body& body) : body_(body), dead_(body.blocks.size()) {
  Set empty{std::vector<bool>(body.temps.size()), std::vector<bool>(body.locals.size())};
  for (std::size_t i = 0; i < body.locals.size(); ++i) empty.locals[i] = stays(body.locals[i]);
  at_start_.assign(body.blocks.size(), empty);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t b = body.blocks.size(); b-- > 0;) {
      Set set = at_end(static_cast<BlockId>(b));
      const auto& instrs = body.blocks[b].instrs;
      for (std::size_t i = instrs.size(); i-- > 0;) step_back(instrs[i], set);
      if (set.temps != at_start_[b].temps || set.locals != at_start_[b].locals) {
        at_start_[b] = std::move(set);
        changed = true;
      }
    }
  }
}

void Liveness::use(const Operand& operand, Set& set) const {
  if (operand.type == nullptr) return;  // an operand that this kind of instruction does not have
  if (const Temp* temp = std::get_if<Temp>(&operand.value)) set.temps[*temp] = true;
}

void Liveness::use(const MemoryPlace& place, bool read, Set& set) const {
  if (const auto* base = std::get_if<MemoryPlace::PointerBase>(&place.base)) use(base->pointer, set);
  if (const auto* base = std::get_if<MemoryPlace::LocalBase>(&place.base); base && read) set.locals[base->local] = true;
  for (const lower::PlaceStep& step : place.steps)
    if (step.kind == lower::PlaceStep::Kind::element) use(step.index, set);
}

void Liveness::step_back(const Instr& instr, Set& set) const {
  if (instr.has_dst) set.temps[instr.dst] = false;
  // A whole plain local is overwritten: what it held is dead before.
  if (instr.kind == Instr::Kind::store || instr.kind == Instr::Kind::drop_local) {
    const auto* base = std::get_if<MemoryPlace::LocalBase>(&instr.place.base);
    if (base && instr.place.steps.empty() && !stays(body_.locals[base->local])) set.locals[base->local] = false;
  }
  use(instr.place, instr.kind == Instr::Kind::load, set);
  if (instr.kind == Instr::Kind::copy_record) use(instr.from, true, set);
  use(instr.a, set);
  use(instr.b, set);
  for (const Operand& arg : instr.args) use(arg, set);
  for (const lower::PlaceStep& step : instr.steps)
    if (step.kind == lower::PlaceStep::Kind::element) use(step.index, set);
  if (instr.kind == Instr::Kind::call) use(instr.callee, set);
}

Liveness::Set Liveness::at_end(BlockId block) const {
  const Terminator& end = body_.blocks[block].end;
  Set set{std::vector<bool>(body_.temps.size()), std::vector<bool>(body_.locals.size())};
  for (std::size_t i = 0; i < body_.locals.size(); ++i) set.locals[i] = stays(body_.locals[i]);
  const auto join = [&](BlockId next) {
    for (std::size_t i = 0; i < set.temps.size(); ++i) set.temps[i] = set.temps[i] || at_start_[next].temps[i];
    for (std::size_t i = 0; i < set.locals.size(); ++i) set.locals[i] = set.locals[i] || at_start_[next].locals[i];
  };
  if (end.kind == Terminator::Kind::jump || end.kind == Terminator::Kind::branch) join(end.then);
  if (end.kind == Terminator::Kind::branch) {
    join(end.otherwise);
    use(end.condition, set);
  }
  if (end.kind == Terminator::Kind::return_ && end.has_value) use(end.value, set);
  return set;
}

Liveness::Set Liveness::before(BlockId block, std::uint32_t instr) const {
  Set set = at_end(block);
  const auto& instrs = body_.blocks[block].instrs;
  for (std::size_t i = instrs.size(); i-- > instr;) step_back(instrs[i], set);
  return set;
}

const Liveness::Dead& Liveness::dead_before(BlockId block, std::uint32_t instr) const {
  if (dead_[block].size() <= instr) dead_[block].resize(instr + 1);
  auto& dead = dead_[block][instr];
  if (!dead) {
    const Set live = before(block, instr);
    dead = std::make_unique<Dead>();
    for (std::size_t t = 0; t < live.temps.size(); ++t)
      if (!live.temps[t]) dead->temps.push_back(static_cast<Temp>(t));
    for (std::size_t l = 0; l < live.locals.size(); ++l)
      if (!live.locals[l]) dead->locals.push_back(static_cast<Local>(l));
  }
  return *dead;
}

}  // namespace hotproof::lower
