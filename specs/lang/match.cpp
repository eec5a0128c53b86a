#include "specs/lang/match.hpp"

namespace hotproof::spec {

ir::ExprId match(ir::TransitionSystem& system, Evaluator& evaluator, const EventPattern& pattern,
                 const std::vector<Expr>& when, const ir::Event& event) {
  ir::ExprId out = system.pool.truth(true);
  for (std::size_t i = 0; i < pattern.patterns.size() && !system.pool.is_false(out); ++i) {
    const Pattern& wanted = pattern.patterns[i];
    const Value arg = evaluator.read(event.args[i]);
    if (wanted.kind == Pattern::Kind::any) continue;
    if (wanted.kind == Pattern::Kind::bind) {
      evaluator.bind(wanted.name, arg);
      continue;
    }
    ir::ExprId fits = system.pool.truth(false);
    for (const Expr& value : wanted.values) {
      const Value one = wanted.kind == Pattern::Kind::lock ? evaluator.lock_number(value) : evaluator.value(value);
      fits = system.pool.or_(fits, evaluator.equal(arg, one));
    }
    out = system.pool.and_(out, fits);
  }
  // An event that cannot fit must not make the property inapplicable by what its condition names.
  for (const Expr& condition : when)
    if (!system.pool.is_false(out)) out = system.pool.and_(out, evaluator.truth(condition));
  return out;
}

}  // namespace hotproof::spec
