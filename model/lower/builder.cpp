#include "model/lower/builder.hpp"

#include <algorithm>

#include "model/lower/fold.hpp"
#include "model/lower/scoped.hpp"

namespace hotproof::lower {

Builder::Builder(Context& context, std::string file, std::string owner)
    : context_(context), body_(std::make_unique<Body>()), owner_(std::move(owner)) {
  body_->file = std::move(file);
  body_->function = owner_;
  body_->result = context_.types.void_type();
  body_->blocks.emplace_back();
  open_scope();
}

Temp Builder::new_temp(const Type* type) {
  body_->temps.push_back(type);
  return static_cast<Temp>(body_->temps.size() - 1);
}

BlockId Builder::new_block() {
  body_->blocks.emplace_back();
  return static_cast<BlockId>(body_->blocks.size() - 1);
}

void Builder::start(BlockId block) {
  current_ = block;
  ended_ = false;
}

Instr& Builder::emit(Instr::Kind kind) {
  if (ended_) start(new_block());  // unreachable; cut off at the end
  Instr& instr = body_->blocks[current_].instrs.emplace_back();
  instr.kind = kind;
  instr.span = here_;
  return instr;
}

Operand Builder::emit_value(Instr instr, const Type* type) {
  const Temp temp = new_temp(type);
  instr.has_dst = true;
  instr.dst = temp;
  instr.type = type;
  instr.span = here_;
  emit(instr.kind) = std::move(instr);
  return {temp, type};
}

void Builder::finish(Terminator::Kind kind, BlockId then, BlockId otherwise) {
  if (ended_) start(new_block());
  Terminator& end = body_->blocks[current_].end;
  end.kind = kind;
  end.then = then;
  end.otherwise = otherwise;
  end.span = here_;
  ended_ = true;
}

void Builder::jump(BlockId to) {
  finish(Terminator::Kind::jump, to);
}

void Builder::branch(const Operand& condition, BlockId yes, BlockId no) {
  if (const auto* known = std::get_if<Constant>(&condition.value)) return jump(known->value ? yes : no);
  if (std::holds_alternative<FunctionName>(condition.value) || std::holds_alternative<StringLiteral>(condition.value)) {
    return jump(yes);
  }
  if (ended_) start(new_block());
  body_->blocks[current_].end.condition = condition;
  finish(Terminator::Kind::branch, yes, no);
}

Operand Builder::not_understood(const std::string& why) {
  emit(Instr::Kind::not_understood).text = why;
  ++problems_met_;
  return {Constant{0}, types().unknown("")};
}

Local Builder::hidden_local(const char* what, const Type* type) {
  body_->locals.push_back({what, type, is_record(type) || is_array(type), here_});
  return static_cast<Local>(body_->locals.size() - 1);
}

void Builder::drop(Local local) {
  emit(Instr::Kind::drop_local).place = local_place(local);
}

Builder::Snapshot Builder::snapshot() const {
  return {body_->blocks.size(),
          body_->temps.size(),
          body_->locals.size(),
          body_->not_understood.size(),
          current_,
          scopes_.size(),
          scopes_.back().cleanups.size(),
          probing_,
          ended_};
}

void Builder::restore(const Snapshot& snapshot) {
  body_->blocks.resize(snapshot.blocks);
  body_->temps.resize(snapshot.temps);
  body_->locals.resize(snapshot.locals);
  body_->not_understood.resize(snapshot.problems);
  current_ = snapshot.current;
  scopes_.resize(snapshot.scopes);
  scopes_.back().cleanups.resize(snapshot.cleanups);
  probing_ = snapshot.probing;
  ended_ = snapshot.ended;
  std::erase_if(undeclared_, [&](Temp temp) { return temp >= snapshot.temps; });
  std::erase_if(gotos_, [&](const Goto& one) { return one.from >= snapshot.blocks; });
  std::erase_if(labels_, [&](const auto& one) { return one.second.block >= snapshot.blocks; });
}

std::unique_ptr<Body> Builder::function(const c::Function& function) {
  body_->span = function.span;
  here_ = function.span;
  body_->variadic = function.variadic;
  body_->result = function.result ? types().resolve(*function.result, *this) : int_type();
  for (const c::Declaration& parameter : function.parameters) {
    const Type* type = parameter.type ? types().resolve(*parameter.type, *this) : int_type();
    if (is_void(type)) continue;
    here_ = parameter.span;
    new_local(parameter.name, types().as_parameter(type));
    scopes_.back().cleanups.clear();  // parameters are dropped with the call
  }
  body_->parameters = static_cast<std::uint32_t>(body_->locals.size());
  here_ = function.span;
  check_parsed(function);
  if (function.body) statement(*function.body);
  if (!ended_) finish(Terminator::Kind::return_);
  return complete();
}

// What the parser lost may be anything, so the whole body is in doubt.
void Builder::check_parsed(const c::Function& function) {
  for (const Diagnostic& problem : function.problems) {
    emit(Instr::Kind::not_understood).text = "the parser could not read all of " + owner_ + ": " + problem.message;
    body_->not_understood.push_back(problem);
  }
  if (function.calls == function.calls_counted) return;
  emit(Instr::Kind::not_understood).text = "the parser found " + std::to_string(function.calls) + " calls in " +
                                           owner_ + ", a count of its words " + std::to_string(function.calls_counted);
}

std::unique_ptr<Body> Builder::complete() {
  resolve_gotos();
  cut_off_unreachable();
  for (const Block& block : body_->blocks) {
    for (const Instr& instr : block.instrs) {
      if (instr.kind != Instr::Kind::not_understood) continue;
      Diagnostic problem{{body_->file, instr.span.line, instr.span.column}, instr.text, {}};
      if (std::find(body_->not_understood.begin(), body_->not_understood.end(), problem) ==
          body_->not_understood.end()) {
        body_->not_understood.push_back(std::move(problem));
      }
    }
  }
  return std::move(body_);
}

void Builder::cut_off_unreachable() {
  std::vector<BlockId> renamed(body_->blocks.size(), ~BlockId{0});
  std::vector<BlockId> order;
  std::vector<BlockId> todo = {0};
  renamed[0] = 0;
  const auto reach = [&](BlockId block) {
    if (renamed[block] != ~BlockId{0}) return;
    renamed[block] = 0;
    todo.push_back(block);
  };
  while (!todo.empty()) {
    const BlockId block = todo.back();
    todo.pop_back();
    order.push_back(block);
    const Terminator& end = body_->blocks[block].end;
    if (end.kind == Terminator::Kind::branch) reach(end.otherwise);
    if (end.kind == Terminator::Kind::branch || end.kind == Terminator::Kind::jump) reach(end.then);
  }
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) renamed[order[i]] = static_cast<BlockId>(i);
  std::vector<Block> kept;
  for (const BlockId old : order) {
    Block& block = kept.emplace_back(std::move(body_->blocks[old]));
    if (block.end.kind == Terminator::Kind::branch) block.end.otherwise = renamed[block.end.otherwise];
    if (block.end.kind == Terminator::Kind::branch || block.end.kind == Terminator::Kind::jump) {
      block.end.then = renamed[block.end.then];
    }
  }
  body_->blocks = std::move(kept);
}

const Instr* Builder::made_by(Temp temp) const {
  for (const Block& block : body_->blocks) {
    for (const Instr& instr : block.instrs) {
      if (instr.has_dst && instr.dst == temp) return &instr;
    }
  }
  return nullptr;
}

std::optional<std::int64_t> Builder::constant_value(const c::Expr& expr) {
  // One builder answers for all constants of a program: each has the expansions of a body of its own.
  if (depth_ == 0 && active_.empty()) expansions_ = 0;
  const std::optional<Operand> found = probe(expr);
  if (!found) return std::nullopt;
  const auto* known = std::get_if<Constant>(&found->value);
  if (!known || is_unknown(found->type)) return std::nullopt;
  return as_number(known->value, found->type);
}

// Built for real, behind an end, and taken back.
const Type* Builder::type_of(const c::Expr& expr) {
  const Snapshot before = snapshot();
  start(new_block());
  probing_ = false;
  const std::optional<MemoryPlace> where = place(expr);
  const Type* result = where ? where->type : value(expr).type;
  restore(before);
  return result;
}

const Type* Builder::local_type(const std::string& name) {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->types.find(name);
    if (found != scope->types.end()) return found->second;
  }
  return nullptr;
}

}  // namespace hotproof::lower
