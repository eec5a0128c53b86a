// switch, labels and goto.
#include <algorithm>

#include "model/lower/builder.hpp"
#include "model/lower/fold.hpp"

namespace hotproof::lower {

void Builder::switch_statement(const c::Stmt& stmt) {
  Operand decides = value(*stmt.expr);
  if (!is_integer(decides.type)) {
    if (!is_unknown(decides.type)) not_understood("a switch over " + to_string(decides.type));
    return;
  }
  decides = convert(decides, promoted(types(), decides.type));
  if (ended_) start(new_block());
  const BlockId from = current_;
  const BlockId end = new_block();
  Switch cases;
  cases.type = decides.type;
  switches_.push_back(&cases);
  breaks_.push_back({end, scopes_.size()});
  start(new_block());  // nothing stands before the first case
  ended_ = true;
  open_scope();
  statement(*stmt.body[0]);
  close_scope();
  if (!ended_) jump(end);
  breaks_.pop_back();
  switches_.pop_back();
  start(from);
  dispatch(cases, decides, end);
  start(end);
}

void Builder::dispatch(const Switch& cases, const Operand& decides, BlockId end) {
  if (cases.unclear) not_understood("a case whose value is not constant");
  for (const Case& one : cases.cases) {
    const BlockId next = new_block();
    const Operand low = constant(one.low, decides.type);
    if (one.low == one.high) {
      branch(arithmetic(BinaryOp::eq, decides, low), one.block, next);
    } else {
      const BlockId second = new_block();
      branch(arithmetic(BinaryOp::ge, decides, low), second, next);
      start(second);
      branch(arithmetic(BinaryOp::le, decides, constant(one.high, decides.type)), one.block, next);
    }
    start(next);
  }
  jump(cases.otherwise.value_or(end));
}

void Builder::case_label(const c::Stmt& stmt) {
  if (switches_.empty()) {
    not_understood("a case outside a switch");
    return;
  }
  Switch& around = *switches_.back();
  const BlockId block = new_block();
  if (!ended_) jump(block);
  start(block);
  if (stmt.kind == c::Stmt::Kind::default_) {
    around.otherwise = block;
    return;
  }
  const std::optional<Operand> low = stmt.expr ? probe(*stmt.expr) : std::nullopt;
  const std::optional<Operand> high = stmt.step ? probe(*stmt.step) : low;
  if (!low || !high) {
    around.unclear = true;
    return;
  }
  const auto cut_to = [&](const Operand& value) {
    return converted(std::get<Constant>(value.value).value, value.type, around.type);
  };
  around.cases.push_back({cut_to(*low), cut_to(*high), block});
}

void Builder::label(const std::string& name) {
  const BlockId block = new_block();
  if (!ended_) jump(block);
  start(block);
  labels_[name] = {block, levels()};
}

// Where a label stands is known when all is built: until then the jump waits, with the scopes that it leaves.
void Builder::go_to(const std::string& name) {
  if (ended_) start(new_block());
  gotos_.push_back({current_, name, levels(), here_});
  finish(Terminator::Kind::unreachable);
}

void Builder::resolve_gotos() {
  for (const Goto& one : gotos_) {
    start(one.from);
    here_ = one.span;
    const auto found = labels_.find(one.label);
    if (found == labels_.end()) {
      not_understood("no label \"" + one.label + "\"");
      finish(Terminator::Kind::unreachable);
      continue;
    }
    const std::vector<Level>& to = found->second.levels;
    std::size_t common = 0;
    while (common < to.size() && common < one.levels.size() && to[common].id == one.levels[common].id) ++common;
    for (std::size_t i = one.levels.size(); i > 0; --i) {
      // In a scope that stays, what was declared between the label and the jump back is declared anew.
      const std::size_t kept = i > common ? 0 : to[i - 1].cleanups.size();
      clean_up(one.levels[i - 1].cleanups, kept, true);
    }
    jump(found->second.block);
  }
  gotos_.clear();
}

}  // namespace hotproof::lower
