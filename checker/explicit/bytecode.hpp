// Compiled successors: for each actor and location a short program over packed states that tests guards first and
// builds a successor only for a transition that fires.
//
// Conditions become jumps: what is decided is not computed further, and conjuncts that compare a variable with a constant
// become one masked comparison a word. Constants and the new location that a transition assigns become one masked store a
// word. What is left of the expressions runs on registers: constants have registers of their own, set once; a value
// computed before the first test of a transition is kept for the transitions after it at the same location, others only
// as long as every way leads over them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/explicit/layout.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::explicit_state {

enum class Code : std::uint8_t {
  // target = operation on registers a, b (ite: also `value`); as ir::apply
  not_,
  neg,
  add,
  sub,
  mul,
  udiv,
  sdiv,
  urem,
  srem,
  and_,
  or_,
  xor_,
  shl,
  lshr,
  ashr,
  eq,
  ult,
  ule,
  slt,
  sle,
  ite,
  copy,
  sext,
  trunc,
  load,             // target = field in word a of the state, plus `value` (its low)
  look_up,          // target = the value that the dictionary of variable b has for the field
  test_equal,       // go on at `target` unless (word a & mask) == value
  test_differs,     // go on at `target` unless (word a & mask) != value
  test_set,         // go on at `target` unless register a is not 0
  test_clear,       // go on at `target` unless register a is 0
  jump,             // go on at `target`
  skip_if_settled,  // go on at `target` if property or mark a (see Scratch::settled) needs no more answers
  violate,          // property b is broken; mask not 0: by transition `value`
  hit,              // mark b is reached
  start,            // the successor starts as a copy of the state
  put,              // in the successor's word a: the masked bits become `value`
  put_register,     // variable b becomes register a in the successor; go on at `target` if that leaves its range
  fire,             // the successor of transition a is finished
  wait,             // actor b is waited for if register a is not 0
  end
};

struct Instruction {
  Code code = Code::end;
  std::uint8_t width = 1;          // of the result; comparisons: of the operands
  std::uint8_t shift = 0;          // a field's place in its word
  std::uint8_t operand_width = 0;  // sext
  std::uint32_t target = 0;        // a register, an instruction or a word
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
};

// A condition on single states that a property makes.
struct Demand {
  ir::PropertyId property{};
  ir::ExprId holds{};
};

// What to leave out of the programs.
struct Selection {
  bool faults = true;  // transitions that inject faults
  bool assertions = true;
  std::vector<bool> marks;  // by MarkId: hits to report; empty: all
};

// What a run of a program changes besides its sink. Every thread has its own.
struct Scratch {
  std::vector<std::uint64_t> registers;
  std::vector<std::uint8_t> settled;  // by PropertyId, then by MarkId: 1 if no further answer is wanted
};

// The receiver of a program's results. A search hides the functions that it wants to hear of and gives `next`.
struct SilentSink {
  void broken(ir::PropertyId, const ir::TransitionId*) {}  // fired by that transition; null: the state itself breaks it
  void reached(ir::MarkId, ir::TransitionId) {}
  void fired(ir::TransitionId, const std::uint64_t*) {}           // an enabled transition, and its successor
  void left_range(ir::VarId, std::uint64_t, ir::TransitionId) {}  // an enabled transition whose successor is no state
  void waits_for(std::uint32_t) {}
};

// For tests of the comparison between engines: systems compiled from now on take "less or equal" for "less".
void break_comparisons_for_tests(bool broken);

class CompiledSystem {
 public:
  // `demands` are tested on every state given to check_state.
  CompiledSystem(const ir::TransitionSystem& system, const Layout& layout, const Selection& selection,
                 std::span<const Demand> demands = {});

  Scratch scratch() const;
  std::size_t instructions() const { return code_.size(); }
  std::size_t settled_index(ir::PropertyId id) const { return ir::index(id); }
  std::size_t settled_index(ir::MarkId id) const { return properties_ + ir::index(id); }

  // All transitions of one actor that are enabled in `state`, in the order of their ids.
  template <class Sink>
  void successors(std::size_t actor, const std::uint64_t* state, Scratch& scratch, Sink& sink) const {
    run(actors_[actor].start[location(actor, state)], state, scratch, sink);
  }
  template <class Sink>
  void check_state(const std::uint64_t* state, Scratch& scratch, Sink& sink) const {
    run(demands_, state, scratch, sink);
  }
  // For an actor without an enabled transition: the actors that hold what it wants, in a mode that is in its way (as
  // eval::deadlocked defines it). None if one of its transitions waits for something else than a lock.
  template <class Sink>
  void waiting(std::size_t actor, const std::uint64_t* state, Scratch& scratch, Sink& sink) const {
    run(actors_[actor].waiting[location(actor, state)], state, scratch, sink);
  }
  std::uint64_t location(std::size_t actor, const std::uint64_t* state) const {
    const Field& control = actors_[actor].control;
    return (state[control.word] & control.mask) >> control.shift;
  }
  std::size_t actors() const { return actors_.size(); }
  std::uint32_t words() const { return words_; }  // of a state

 private:
  friend class Compiler;
  struct ActorCode {
    Field control;
    std::vector<std::uint32_t> start;    // by location: its transitions
    std::vector<std::uint32_t> waiting;  // by location: whom the actor waits for
  };
  template <class Sink>
  void run(std::uint32_t at, const std::uint64_t* state, Scratch& scratch, Sink& sink) const;

  const Layout* layout_;
  std::uint32_t words_;
  std::size_t properties_;
  std::size_t marks_;
  std::vector<Instruction> code_;
  std::vector<std::uint64_t> registers_;  // contents at the start
  std::vector<ActorCode> actors_;
  std::uint32_t demands_ = 0;
};

template <class Sink>
void CompiledSystem::run(std::uint32_t at, const std::uint64_t* state, Scratch& scratch, Sink& sink) const {
  const Instruction* const code = code_.data();
  const Instruction* i = code + at;
  std::uint64_t* const r = scratch.registers.data();
  std::uint64_t* next = nullptr;
  for (;; ++i) {
    switch (i->code) {
      case Code::load:
        r[i->target] = ir::truncate(((state[i->a] & i->mask) >> i->shift) + i->value, i->width);
        break;
      case Code::look_up:
        r[i->target] = (*layout_)[static_cast<ir::VarId>(i->b)].value((state[i->a] & i->mask) >> i->shift);
        break;
      case Code::test_equal:
        // What comes next is mostly one more.
        do {
          i = (state[i->a] & i->mask) == i->value ? i + 1 : code + i->target;
        } while (i->code == Code::test_equal);
        --i;
        break;
      case Code::test_differs:
        if ((state[i->a] & i->mask) == i->value) i = code + i->target - 1;
        break;
      case Code::test_set:
        if (r[i->a] == 0) i = code + i->target - 1;
        break;
      case Code::test_clear:
        if (r[i->a] != 0) i = code + i->target - 1;
        break;
      case Code::skip_if_settled:
        if (scratch.settled[i->a] != 0) i = code + i->target - 1;
        break;
      case Code::jump:
        i = code + i->target - 1;
        break;
      case Code::violate: {
        const auto fired = static_cast<ir::TransitionId>(i->value);
        sink.broken(static_cast<ir::PropertyId>(i->b), i->mask != 0 ? &fired : nullptr);
        break;
      }
      case Code::hit:
        sink.reached(static_cast<ir::MarkId>(i->b), static_cast<ir::TransitionId>(i->a));
        break;
      case Code::start:
        next = sink.next();
        for (std::uint32_t word = 0; word < words_; ++word) next[word] = state[word];
        break;
      case Code::put:
        next[i->a] = (next[i->a] & ~i->mask) | i->value;
        break;
      case Code::put_register: {
        const Field& field = (*layout_)[static_cast<ir::VarId>(i->b)];
        const std::uint64_t number = field.number(r[i->a]);
        if (number > field.most()) {
          sink.left_range(static_cast<ir::VarId>(i->b), r[i->a], static_cast<ir::TransitionId>(i->value));
          i = code + i->target - 1;
        } else {
          next[field.word] = (next[field.word] & ~field.mask) | number << field.shift;
        }
        break;
      }
      case Code::fire:
        sink.fired(static_cast<ir::TransitionId>(i->a), next);
        break;
      case Code::wait:
        if (r[i->a] != 0) sink.waits_for(i->b);
        break;
      case Code::end:
        return;
      case Code::not_:
        r[i->target] = ir::truncate(~r[i->a], i->width);
        break;
      case Code::neg:
        r[i->target] = ir::truncate(0 - r[i->a], i->width);
        break;
      case Code::add:
        r[i->target] = ir::truncate(r[i->a] + r[i->b], i->width);
        break;
      case Code::sub:
        r[i->target] = ir::truncate(r[i->a] - r[i->b], i->width);
        break;
      case Code::mul:
        r[i->target] = ir::truncate(r[i->a] * r[i->b], i->width);
        break;
      case Code::udiv:
        r[i->target] = r[i->b] == 0 ? ir::truncate(~std::uint64_t{0}, i->width) : r[i->a] / r[i->b];
        break;
      case Code::sdiv:
        r[i->target] = ir::apply(ir::Op::sdiv, i->width, i->width, r[i->a], r[i->b], 0);
        break;
      case Code::urem:
        r[i->target] = r[i->b] == 0 ? r[i->a] : r[i->a] % r[i->b];
        break;
      case Code::srem:
        r[i->target] = ir::apply(ir::Op::srem, i->width, i->width, r[i->a], r[i->b], 0);
        break;
      case Code::and_:
        r[i->target] = r[i->a] & r[i->b];
        break;
      case Code::or_:
        r[i->target] = r[i->a] | r[i->b];
        break;
      case Code::xor_:
        r[i->target] = r[i->a] ^ r[i->b];
        break;
      case Code::shl:
        r[i->target] = r[i->b] >= i->width ? 0 : ir::truncate(r[i->a] << r[i->b], i->width);
        break;
      case Code::lshr:
        r[i->target] = r[i->b] >= i->width ? 0 : r[i->a] >> r[i->b];
        break;
      case Code::ashr:
        r[i->target] = ir::apply(ir::Op::ashr, i->width, i->width, r[i->a], r[i->b], 0);
        break;
      case Code::eq:
        r[i->target] = r[i->a] == r[i->b];
        break;
      case Code::ult:
        r[i->target] = r[i->a] < r[i->b];
        break;
      case Code::ule:
        r[i->target] = r[i->a] <= r[i->b];
        break;
      case Code::slt:
        r[i->target] = (r[i->a] ^ i->mask) < (r[i->b] ^ i->mask);
        break;
      case Code::sle:
        r[i->target] = (r[i->a] ^ i->mask) <= (r[i->b] ^ i->mask);
        break;
      case Code::ite:
        r[i->target] = r[i->a] != 0 ? r[i->b] : r[i->value];
        break;
      case Code::copy:
        r[i->target] = r[i->a];
        break;
      case Code::sext:
        r[i->target] = ir::truncate(static_cast<std::uint64_t>(ir::as_signed(r[i->a], i->operand_width)), i->width);
        break;
      case Code::trunc:
        r[i->target] = ir::truncate(r[i->a], i->width);
        break;
    }
  }
}

}  // namespace hotproof::checker::explicit_state
