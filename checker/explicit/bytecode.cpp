#include "checker/explicit/bytecode.hpp"

#include <algorithm>
#include <atomic>
#include <map>

namespace hotproof::checker::explicit_state {

namespace {

std::atomic<bool> comparisons_are_broken = false;

Code code_of(ir::Op op) {
  switch (op) {
    case ir::Op::not_:
      return Code::not_;
    case ir::Op::neg:
      return Code::neg;
    case ir::Op::add:
      return Code::add;
    case ir::Op::sub:
      return Code::sub;
    case ir::Op::mul:
      return Code::mul;
    case ir::Op::udiv:
      return Code::udiv;
    case ir::Op::sdiv:
      return Code::sdiv;
    case ir::Op::urem:
      return Code::urem;
    case ir::Op::srem:
      return Code::srem;
    case ir::Op::and_:
      return Code::and_;
    case ir::Op::or_:
      return Code::or_;
    case ir::Op::xor_:
      return Code::xor_;
    case ir::Op::shl:
      return Code::shl;
    case ir::Op::lshr:
      return Code::lshr;
    case ir::Op::ashr:
      return Code::ashr;
    case ir::Op::eq:
      return Code::eq;
    case ir::Op::ult:
      return comparisons_are_broken ? Code::ule : Code::ult;
    case ir::Op::ule:
      return Code::ule;
    case ir::Op::slt:
      return Code::slt;
    case ir::Op::sle:
      return Code::sle;
    case ir::Op::ite:
      return Code::ite;
    case ir::Op::zext:
      return Code::copy;
    case ir::Op::sext:
      return Code::sext;
    case ir::Op::trunc:
      return Code::trunc;
    case ir::Op::constant:
    case ir::Op::variable:
      break;
  }
  return Code::load;
}

constexpr std::uint32_t none = ~std::uint32_t{0};

}  // namespace

void break_comparisons_for_tests(bool broken) {
  comparisons_are_broken = broken;
}

class Compiler {
 public:
  Compiler(CompiledSystem& out, const ir::TransitionSystem& system, const Layout& layout, const Selection& selection)
      : out_(out), system_(system), layout_(layout), selection_(selection), register_of_(system.pool.size(), none) {
    for (std::size_t i = 0; i < system.pool.size(); ++i) {
      const ir::Node& node = system.pool[static_cast<ir::ExprId>(i)];
      if (node.op != ir::Op::constant) continue;
      register_of_[i] = static_cast<std::uint32_t>(out_.registers_.size());
      out_.registers_.push_back(node.value);
    }
    first_free_ = static_cast<std::uint32_t>(out_.registers_.size());
    next_free_ = most_registers_ = first_free_;
  }

  void compile_actors() {
    const std::vector<std::vector<std::vector<ir::TransitionId>>> leaving = transitions_by_location();
    out_.actors_.resize(system_.actors.size());
    for (std::size_t actor = 0; actor < leaving.size(); ++actor) {
      CompiledSystem::ActorCode& code = out_.actors_[actor];
      code.control = layout_[system_.actors[actor].control];
      for (const auto& transitions : leaving[actor]) {
        code.start.push_back(here());
        for (const ir::TransitionId id : transitions) compile(id);
        end_program();
        code.waiting.push_back(here());
        compile_waiting(transitions);
        end_program();
      }
    }
  }

  std::uint32_t compile_demands(std::span<const Demand> demands) {
    const std::uint32_t start = here();
    for (const Demand& demand : demands) {
      if (system_.pool.is_true(demand.holds)) continue;
      compile_demand(demand.holds, {.code = Code::violate, .b = static_cast<std::uint32_t>(demand.property)});
      forget(local_);
    }
    end_program();
    return start;
  }

  void finish() { out_.registers_.resize(most_registers_); }

 private:
  using Jumps = std::vector<std::uint32_t>;

  std::uint32_t here() const { return static_cast<std::uint32_t>(out_.code_.size()); }
  std::uint32_t emit(const Instruction& instruction) {
    out_.code_.push_back(instruction);
    return here() - 1;
  }
  void patch(std::uint32_t jump) { out_.code_[jump].target = here(); }
  std::uint32_t skip_if_settled(std::size_t what) {
    return emit({.code = Code::skip_if_settled, .a = static_cast<std::uint32_t>(what)});
  }

  std::vector<std::vector<std::vector<ir::TransitionId>>> transitions_by_location() const {
    std::vector<std::vector<std::vector<ir::TransitionId>>> leaving(system_.actors.size());
    for (std::size_t actor = 0; actor < leaving.size(); ++actor)
      leaving[actor].resize(std::max<std::uint32_t>(system_.actors[actor].locations, 1));
    for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
      const ir::Transition& transition = system_.transitions[i];
      if (transition.faults > 0 && !selection_.faults) continue;
      leaving[ir::index(transition.actor)][transition.from].push_back(static_cast<ir::TransitionId>(i));
    }
    return leaving;
  }

  // Values computed so far are unknown from here on.
  void forget(std::vector<ir::ExprId>& computed) {
    for (const ir::ExprId id : computed) register_of_[ir::index(id)] = none;
    computed.clear();
    conditional_ = false;
  }
  void end_program() {
    emit({.code = Code::end});
    forget(local_);
    forget(shared_);
    next_free_ = first_free_;
  }

  // The register that holds the expression's value, computed here if need be. Operands have smaller ids than their
  // users, so ascending order computes operands first.
  std::uint32_t evaluate(ir::ExprId root) {
    std::vector<ir::ExprId> needed;
    std::vector<ir::ExprId> open{root};
    while (!open.empty()) {
      const ir::ExprId id = open.back();
      open.pop_back();
      if (register_of_[ir::index(id)] != none) continue;
      register_of_[ir::index(id)] = next_free_++;
      needed.push_back(id);
      const ir::Node& node = system_.pool[id];
      for (int i = 0; i < ir::arity(node.op); ++i) open.push_back(node.args[i]);
    }
    most_registers_ = std::max(most_registers_, next_free_);
    std::sort(needed.begin(), needed.end());
    for (const ir::ExprId id : needed) compute(id);
    std::vector<ir::ExprId>& scope = conditional_ ? local_ : shared_;
    scope.insert(scope.end(), needed.begin(), needed.end());
    return register_of_[ir::index(root)];
  }

  void compute(ir::ExprId id) {
    const ir::Node& node = system_.pool[id];
    const std::uint32_t target = register_of_[ir::index(id)];
    if (node.op == ir::Op::variable) {
      const Field& field = layout_[static_cast<ir::VarId>(node.value)];
      emit({.code = field.dictionary == nullptr ? Code::load : Code::look_up,
            .width = static_cast<std::uint8_t>(field.width),
            .shift = static_cast<std::uint8_t>(field.shift),
            .target = target,
            .a = field.word,
            .b = static_cast<std::uint32_t>(node.value),
            .mask = field.mask,
            .value = field.low});
      return;
    }
    Instruction instruction{.code = code_of(node.op), .width = node.width, .target = target};
    const int operands = ir::arity(node.op);
    const int operand_width = system_.pool[node.args[0]].width;
    instruction.operand_width = static_cast<std::uint8_t>(operand_width);
    instruction.a = register_of_[ir::index(node.args[0])];
    if (operands > 1) instruction.b = register_of_[ir::index(node.args[1])];
    if (operands > 2) instruction.value = register_of_[ir::index(node.args[2])];
    instruction.mask = std::uint64_t{1} << (operand_width - 1);
    emit(instruction);
  }

  struct WordTest {
    std::uint64_t mask = 0;
    std::uint64_t value = 0;
  };
  // Conjuncts: a condition, negated or not.
  struct Literal {
    ir::ExprId expr;
    bool positive;
  };
  // A conjunction, sorted by what decides it fastest.
  struct Conjunction {
    bool never = false;
    std::map<std::uint32_t, WordTest> equal;  // by word
    std::vector<Instruction> differs;
    std::vector<Literal> rest;
  };

  // A comparison of a field with a constant, as part of a masked comparison of its word.
  void demand_value(Conjunction& all, ir::VarId var, std::uint64_t value, bool equal) const {
    const Field& field = layout_[var];
    if (!field.contains(value)) {
      all.never |= equal;  // no packed state has it
      return;
    }
    // (A dictionary without room for it ends the search before it begins.)
    const std::uint64_t bits = (field.number(value) << field.shift) & field.mask;
    if (!equal) {
      all.differs.push_back({.code = Code::test_differs, .a = field.word, .mask = field.mask, .value = bits});
      return;
    }
    WordTest& test = all.equal[field.word];
    // Two demands on one field that differ can never hold together.
    if ((test.mask & field.mask) != 0 && (test.value & field.mask) != bits) all.never = true;
    test.mask |= field.mask;
    test.value |= bits;
  }

  void add_literal(Conjunction& all, Literal literal) const {
    const ir::Node& node = system_.pool[literal.expr];
    if (node.op == ir::Op::constant) {
      all.never |= (node.value != 0) != literal.positive;
    } else if (node.op == ir::Op::variable) {
      demand_value(all, static_cast<ir::VarId>(node.value), literal.positive ? 1 : 0, true);
    } else if (node.op == ir::Op::eq && is_field_and_constant(node)) {
      const ir::Node& a = system_.pool[node.args[0]];
      const ir::Node& b = system_.pool[node.args[1]];
      const bool first = a.op == ir::Op::variable;
      demand_value(all, static_cast<ir::VarId>(first ? a.value : b.value), first ? b.value : a.value,
                   literal.positive);
    } else {
      all.rest.push_back(literal);
    }
  }

  bool is_field_and_constant(const ir::Node& node) const {
    const ir::Op a = system_.pool[node.args[0]].op;
    const ir::Op b = system_.pool[node.args[1]].op;
    return (a == ir::Op::variable && b == ir::Op::constant) || (a == ir::Op::constant && b == ir::Op::variable);
  }

  // The condition, or its negation, as a conjunction: "not (a or b)" is "not a and not b".
  Conjunction conjunction(Literal root) const {
    Conjunction all;
    std::vector<Literal> open{root};
    while (!open.empty()) {
      Literal next = open.back();
      open.pop_back();
      const ir::Node& node = system_.pool[next.expr];
      if (node.op == ir::Op::not_ && node.width == 1) {
        open.push_back({node.args[0], !next.positive});
      } else if (node.width == 1 && node.op == (next.positive ? ir::Op::and_ : ir::Op::or_)) {
        open.push_back({node.args[1], next.positive});
        open.push_back({node.args[0], next.positive});
      } else {
        add_literal(all, next);
      }
    }
    return all;
  }

  // Goes on to what follows if the conjunction holds; the jumps are taken if it does not.
  void jump_unless(const Conjunction& all, Jumps& jumps) {
    if (all.never) {
      jumps.push_back(emit({.code = Code::jump}));
      return;
    }
    for (const auto& [word, test] : all.equal) {
      if (test.mask == 0) continue;
      jumps.push_back(emit({.code = Code::test_equal, .a = word, .mask = test.mask, .value = test.value}));
      conditional_ = true;
    }
    for (const Instruction& test : all.differs) {
      jumps.push_back(emit(test));
      conditional_ = true;
    }
    for (const Literal& literal : all.rest) {
      jump_unless(literal, jumps);
      conditional_ = true;
    }
  }

  void jump_unless(Literal literal, Jumps& jumps) {
    const ir::Node& node = system_.pool[literal.expr];
    const bool boolean = node.width == 1 && (node.op == ir::Op::and_ || node.op == ir::Op::or_ ||
                                             node.op == ir::Op::not_ || node.op == ir::Op::ite);
    if (!boolean || register_of_[ir::index(literal.expr)] != none || !is_small(literal.expr)) {
      const std::uint32_t value = evaluate(literal.expr);
      jumps.push_back(emit({.code = literal.positive ? Code::test_set : Code::test_clear, .a = value}));
    } else if (node.op == ir::Op::ite) {
      jump_unless_chosen(node, literal.positive, jumps);
    } else if (node.op == ir::Op::not_ || (node.op == ir::Op::and_) == literal.positive) {
      jump_unless(conjunction(literal), jumps);
    } else {
      // A disjunction fails if the conjunction of the opposites holds.
      Jumps fine;
      const std::size_t known = local_.size();
      jump_unless(conjunction({literal.expr, !literal.positive}), fine);
      jumps.push_back(emit({.code = Code::jump}));
      for (const std::uint32_t jump : fine) patch(jump);
      forget_since(known);
    }
  }

  void jump_unless_chosen(const ir::Node& ite, bool positive, Jumps& jumps) {
    Jumps otherwise;
    const std::size_t known = local_.size();
    jump_unless(conjunction({ite.args[0], true}), otherwise);
    conditional_ = true;
    jump_unless(conjunction({ite.args[1], positive}), jumps);
    const std::uint32_t end = emit({.code = Code::jump});
    for (const std::uint32_t jump : otherwise) patch(jump);
    forget_since(known);
    jump_unless(conjunction({ite.args[2], positive}), jumps);
    patch(end);
    forget_since(known);
  }

  // Shared parts are written as often as they are reached, so only conditions that are small as trees become jumps.
  bool is_small(ir::ExprId root) const {
    constexpr int most_nodes = 200;
    int nodes = 0;
    std::vector<ir::ExprId> open{root};
    while (!open.empty()) {
      const ir::Node& node = system_.pool[open.back()];
      open.pop_back();
      if (++nodes > most_nodes) return false;
      for (int i = 0; i < ir::arity(node.op); ++i) open.push_back(node.args[i]);
    }
    return true;
  }

  void compile(ir::TransitionId id) {
    const ir::Transition& transition = system_[id];
    const Conjunction guard = conjunction({transition.guard, true});
    if (guard.never) return;
    Jumps jumps;
    conditional_ = false;
    jump_unless(guard, jumps);
    conditional_ = true;
    if (selection_.assertions) compile_assertions(id, transition);
    compile_hits(id, transition);
    compile_updates(id, transition, jumps);
    for (const std::uint32_t jump : jumps) patch(jump);
    forget(local_);
  }

  void compile_assertions(ir::TransitionId id, const ir::Transition& transition) {
    for (const ir::Assertion& assertion : transition.assertions) {
      if (system_.pool.is_true(assertion.holds)) continue;
      compile_demand(assertion.holds, {.code = Code::violate,
                                       .b = static_cast<std::uint32_t>(assertion.property),
                                       .mask = 1,
                                       .value = ir::index(id)});
    }
  }

  // `violate`, unless it holds.
  void compile_demand(ir::ExprId holds, const Instruction& violate) {
    Jumps fine;
    const std::size_t known = local_.size();
    conditional_ = true;
    jump_unless(conjunction({holds, false}), fine);
    fine.push_back(skip_if_settled(out_.settled_index(static_cast<ir::PropertyId>(violate.b))));
    emit(violate);
    for (const std::uint32_t jump : fine) patch(jump);
    forget_since(known);
  }

  void compile_hits(ir::TransitionId id, const ir::Transition& transition) {
    for (const ir::Hit& hit : transition.hits) {
      if (!selection_.marks.empty() && !selection_.marks[ir::index(hit.mark)]) continue;
      if (system_.pool.is_false(hit.when)) continue;
      Jumps skips{skip_if_settled(out_.settled_index(hit.mark))};
      const std::size_t known = local_.size();
      if (!system_.pool.is_true(hit.when)) jump_unless(conjunction({hit.when, true}), skips);
      emit({.code = Code::hit, .a = static_cast<std::uint32_t>(id), .b = static_cast<std::uint32_t>(hit.mark)});
      for (const std::uint32_t skip : skips) patch(skip);
      forget_since(known);
    }
  }

  void compile_waiting(const std::vector<ir::TransitionId>& transitions) {
    const bool only_acquires = std::all_of(transitions.begin(), transitions.end(), [&](ir::TransitionId id) {
      return system_[id].lock_effect == ir::LockEffect::acquires && system_[id].lock.has_value();
    });
    if (!only_acquires) return;
    for (const ir::TransitionId id : transitions) {
      const ir::LockClaim wanted = *system_[id].lock;
      const ir::Lock& lock = system_.locks[ir::index(wanted.lock)];
      compile_holders(lock.held_write);
      if (wanted.mode == ir::LockMode::write) compile_holders(lock.held_read);
    }
  }

  void compile_holders(const std::vector<ir::ExprId>& held) {
    for (std::size_t actor = 0; actor < held.size(); ++actor)
      if (!system_.pool.is_false(held[actor]))
        emit({.code = Code::wait, .a = evaluate(held[actor]), .b = static_cast<std::uint32_t>(actor)});
  }

  // What was computed behind a jump that may skip it is unknown after the jump's target.
  void forget_since(std::size_t known) {
    for (std::size_t i = known; i < local_.size(); ++i) register_of_[ir::index(local_[i])] = none;
    local_.resize(known);
  }

  void compile_updates(ir::TransitionId id, const ir::Transition& transition, Jumps& jumps) {
    std::map<std::uint32_t, WordTest> constant;  // by word
    const auto put = [&](const Field& field, std::uint64_t value) {
      WordTest& word = constant[field.word];
      word.mask |= field.mask;
      word.value |= (field.number(value) << field.shift) & field.mask;
    };
    for (const ir::Update& update : transition.updates) {
      const ir::Node& node = system_.pool[update.value];
      if (node.op == ir::Op::constant && layout_[update.var].contains(node.value)) put(layout_[update.var], node.value);
    }
    if (transition.from != transition.to)
      put(layout_[system_.actors[ir::index(transition.actor)].control], transition.to);
    emit({.code = Code::start});
    for (const auto& [word, bits] : constant)
      if (bits.mask != 0) emit({.code = Code::put, .a = word, .mask = bits.mask, .value = bits.value});
    for (const ir::Update& update : transition.updates) {
      const ir::Node& node = system_.pool[update.value];
      if (node.op != ir::Op::constant || !layout_[update.var].contains(node.value))
        compile_update(id, update.var, update.value, jumps);
    }
    emit({.code = Code::fire, .a = static_cast<std::uint32_t>(id)});
  }

  // What is read is the state, never the successor: so it does not matter what is written first.
  void compile_update(ir::TransitionId id, ir::VarId var, ir::ExprId value, Jumps& jumps) {
    const ir::Node& node = system_.pool[value];
    const Field& field = layout_[var];
    if (node.op == ir::Op::variable && static_cast<ir::VarId>(node.value) == var) return;
    if (node.op == ir::Op::constant && field.contains(node.value)) {
      if (field.mask != 0)
        emit({.code = Code::put,
              .a = field.word,
              .mask = field.mask,
              .value = (field.number(node.value) << field.shift) & field.mask});
    } else if (node.op == ir::Op::ite && register_of_[ir::index(value)] == none && is_small(value)) {
      Jumps otherwise;
      const std::size_t known = local_.size();
      jump_unless(conjunction({node.args[0], true}), otherwise);
      compile_update(id, var, node.args[1], jumps);
      const std::uint32_t end = emit({.code = Code::jump});
      for (const std::uint32_t jump : otherwise) patch(jump);
      forget_since(known);
      compile_update(id, var, node.args[2], jumps);
      patch(end);
      forget_since(known);
    } else {
      jumps.push_back(emit({.code = Code::put_register,
                            .a = evaluate(value),
                            .b = static_cast<std::uint32_t>(var),
                            .value = ir::index(id)}));
    }
  }

  CompiledSystem& out_;
  const ir::TransitionSystem& system_;
  const Layout& layout_;
  const Selection& selection_;
  std::vector<std::uint32_t> register_of_;  // by ExprId
  std::uint32_t first_free_ = 0;            // registers before it hold constants
  std::uint32_t next_free_ = 0;
  std::uint32_t most_registers_ = 0;
  bool conditional_ = false;        // code emitted now may be jumped over
  std::vector<ir::ExprId> local_;   // known to the end of the transition
  std::vector<ir::ExprId> shared_;  // known to the end of the program
};

CompiledSystem::CompiledSystem(const ir::TransitionSystem& system, const Layout& layout, const Selection& selection,
                               std::span<const Demand> demands)
    : layout_(&layout), words_(layout.words()), properties_(system.properties.size()), marks_(system.marks.size()) {
  Compiler compiler(*this, system, layout, selection);
  compiler.compile_actors();
  demands_ = compiler.compile_demands(demands);
  compiler.finish();
}

Scratch CompiledSystem::scratch() const {
  return {registers_, std::vector<std::uint8_t>(properties_ + marks_, 0)};
}

}  // namespace hotproof::checker::explicit_state
