#include "verify/program.hpp"

#include <algorithm>
#include <bit>

namespace hotproof::verify {

namespace {

constexpr std::size_t most_instructions = std::size_t{1} << 25U;

Field field_of(const Variable& variable, const Place& place) {
  Field out;
  out.word = place.word;
  out.shift = place.shift;
  out.width = variable.width;
  out.low = variable.low;
  out.span = variable.span;
  out.mask = low_bits(~std::uint64_t{0}, static_cast<int>(std::bit_width(variable.span)));
  return out;
}

// False if a value stands there twice, or is none of the variable's.
bool take_values(const Place& place, Field& field) {
  for (const std::uint64_t value : place.values) {
    if (low_bits(value - field.low, field.width) > field.span || low_bits(value, field.width) != value) return false;
    if (!field.number_of.emplace(value, field.number_of.size()).second) return false;
  }
  field.values = place.values;
  field.span = place.values.size() - 1;
  field.mask = low_bits(~std::uint64_t{0}, place.bits);
  return place.bits > 0 && place.bits <= 64 && field.mask >= field.span;
}

int bits_of(const Variable& variable) {
  return static_cast<int>(std::bit_width(variable.span));
}

}  // namespace

std::optional<Layout> layout_of(const System& system, std::uint32_t words, const std::vector<Place>& places) {
  if (words == 0 || places.size() != system.variables.size()) return std::nullopt;
  Layout out;
  out.words = words;
  out.unused.assign(words, ~std::uint64_t{0});
  for (std::size_t i = 0; i < places.size(); ++i) {
    Field field = field_of(system.variables[i], places[i]);
    auto bits = static_cast<std::uint32_t>(bits_of(system.variables[i]));
    if (!places[i].values.empty()) {
      const bool is_control = std::any_of(system.actors.begin(), system.actors.end(),
                                          [i](const Actor& actor) { return actor.control == i; });
      if (is_control || !take_values(places[i], field)) return std::nullopt;
      bits = static_cast<std::uint32_t>(places[i].bits);
    }
    if (bits == 0) field.word = field.shift = 0;  // one value: nothing is kept
    if (field.word >= words || field.shift > 63 || field.shift + bits > 64) return std::nullopt;
    field.mask <<= field.shift;
    if ((out.unused[field.word] & field.mask) != field.mask) return std::nullopt;
    out.unused[field.word] &= ~field.mask;
    if (field.mask >> field.shift != field.span) out.partial.push_back(static_cast<std::uint32_t>(i));
    out.fields.push_back(field);
  }
  return out;
}

Layout layout_of(const System& system) {
  std::vector<Place> places;
  std::uint32_t word = 0;
  std::uint32_t used = 0;
  for (const Variable& variable : system.variables) {
    const auto bits = static_cast<std::uint32_t>(bits_of(variable));
    if (used + bits > 64) {
      ++word;
      used = 0;
    }
    places.push_back({word, bits == 0 ? 0 : used});
    used += bits;
  }
  return *layout_of(system, word + 1, places);
}

// Numbers registers: first the constants, then, anew for each block, what its code computes.
class Compiler {
 public:
  Compiler(const System& system, Layout layout, const Wanted& wanted) : system_(system), wanted_(wanted) {
    out_.layout_ = std::move(layout);
    register_of_.resize(system.nodes.size(), none);
  }

  std::optional<Program> run() {
    constants();
    for (const Actor& actor : system_.actors) {
      out_.controls_.push_back(actor.control);
      out_.blocks_of_.emplace_back(actor.locations, none);
    }
    for (const Transition& t : system_.transitions) {
      out_.target_.push_back(t.to);
      out_.target_actor_.push_back(t.actor);
    }
    blocks();
    invariants();
    if (too_large_) return std::nullopt;
    out_.register_count_ = most_registers_;
    out_.initial_registers_.resize(most_registers_, 0);
    return std::move(out_);
  }

 private:
  static constexpr std::uint32_t none = Program::none;

  void constants() {
    std::unordered_map<std::uint64_t, std::uint32_t> known;
    for (std::size_t i = 0; i < system_.nodes.size(); ++i) {
      const Node& node = system_.nodes[i];
      if (node.op != Op::constant) continue;
      const auto [place, fresh] = known.emplace(node.value, static_cast<std::uint32_t>(out_.initial_registers_.size()));
      if (fresh) out_.initial_registers_.push_back(node.value);
      register_of_[i] = place->second;
    }
    first_free_ = next_ = static_cast<std::uint32_t>(out_.initial_registers_.size());
    most_registers_ = next_;
  }

  // Forgets what was computed since then.
  struct Mark {
    std::size_t computed;
    std::uint32_t next;
  };
  Mark mark() const { return {computed_.size(), next_}; }
  void forget(Mark since) {
    for (; computed_.size() > since.computed; computed_.pop_back()) register_of_[computed_.back()] = none;
    next_ = since.next;
  }

  std::uint32_t compute(Expr root) {
    open_.assign(1, root);
    while (!open_.empty() && !too_large_) {
      const Expr id = open_.back();
      const Node& node = system_.nodes[id];
      if (register_of_[id] != none) {
        open_.pop_back();
        continue;
      }
      bool ready = true;
      for (int i = 0; i < arity(node.op); ++i) {
        if (register_of_[node.args[i]] != none) continue;
        open_.push_back(node.args[i]);
        ready = false;
      }
      if (!ready) continue;
      open_.pop_back();
      emit(id, node);
    }
    return too_large_ ? 0 : register_of_[root];
  }

  void emit(Expr id, const Node& node) {
    if (out_.code_.size() >= most_instructions) too_large_ = true;
    Program::Instruction made{node.op, node.width, node.width, next_, {0, 0, 0}};
    for (int i = 0; i < arity(node.op); ++i) made.args[i] = register_of_[node.args[i]];
    if (arity(node.op) > 0) made.operand_width = system_.nodes[node.args[0]].width;
    if (node.op == Op::variable) made.args[2] = static_cast<std::uint32_t>(node.value);
    out_.code_.push_back(made);
    register_of_[id] = next_++;
    most_registers_ = std::max<std::size_t>(most_registers_, next_);
    computed_.push_back(id);
  }

  // The first test of a condition that goes on at `yes` or at `no`; one of these itself where nothing need be tested.
  // What is no field compared with a constant is computed by the code before. Shared parts are tested anew for each way
  // to go on, so what is deep or large is computed, too.
  std::uint32_t condition(Expr id, std::uint32_t yes, std::uint32_t no, int depth = 0) {
    constexpr int deepest = 48;
    constexpr std::size_t most_tests = 400;
    const Node& node = system_.nodes[id];
    if (depth == 0) tests_before_ = out_.tests_.size();
    if (node.op == Op::constant) return node.value != 0 ? yes : no;
    const bool simple = depth < deepest && out_.tests_.size() - tests_before_ < most_tests && node.width == 1;
    if (simple && node.op == Op::not_) return condition(node.args[0], no, yes, depth + 1);
    if (simple && node.op == Op::and_) {
      const std::uint32_t second = condition(node.args[1], yes, no, depth + 1);
      return condition(node.args[0], second, no, depth + 1);
    }
    if (simple && node.op == Op::or_) {
      const std::uint32_t second = condition(node.args[1], yes, no, depth + 1);
      return condition(node.args[0], yes, second, depth + 1);
    }
    if (simple && node.op == Op::ite) {
      const std::uint32_t then = condition(node.args[1], yes, no, depth + 1);
      const std::uint32_t otherwise = condition(node.args[2], yes, no, depth + 1);
      return condition(node.args[0], then, otherwise, depth + 1);
    }
    if (const auto field = field_test(node)) return *field == never ? no : add({field_mask_, *field, field_word_, yes, no});
    return add({0, compute(id), 0, yes, no});
  }

  std::uint32_t add(const Program::Test& test) {
    if (out_.tests_.size() >= most_instructions) too_large_ = true;
    out_.tests_.push_back(test);
    return static_cast<std::uint32_t>(out_.tests_.size() - 1);
  }

  // A variable compared with a constant, or one of a bit: the wanted number in place, and where it lies.
  static constexpr std::uint64_t never = ~std::uint64_t{0};
  std::optional<std::uint64_t> field_test(const Node& node) {
    const Node* variable = &node;
    std::uint64_t value = 1;
    if (node.op == Op::eq) {
      const Node* const a = &system_.nodes[node.args[0]];
      const Node* const b = &system_.nodes[node.args[1]];
      variable = a->op == Op::variable ? a : b;
      const Node* const constant = a->op == Op::variable ? b : a;
      if (constant->op != Op::constant) return std::nullopt;
      value = constant->value;
    }
    if (variable->op != Op::variable) return std::nullopt;
    const Field& field = out_.layout_.fields[variable->value];
    const std::uint64_t number = field.packed(value);
    if (number > field.span) return never;
    // One value only, and nothing is kept of it: a register of its own will do.
    if (field.mask == 0 || number << field.shift == never) return std::nullopt;
    field_mask_ = field.mask;
    field_word_ = field.word;
    return number << field.shift;
  }

  std::uint32_t code_end() const { return static_cast<std::uint32_t>(out_.code_.size()); }
  std::uint32_t demand_end() const { return static_cast<std::uint32_t>(out_.demands_.size()); }

  Program::Code updates(const std::vector<std::pair<std::uint32_t, Expr>>& pairs) {
    Program::Code out{demand_end(), 0};
    for (const auto& [what, expr] : pairs) out_.demands_.push_back({what, compute(expr)});
    out.end = demand_end();
    return out;
  }
  Program::Code demands(const std::vector<std::pair<std::uint32_t, Expr>>& pairs, const std::vector<bool>& wanted) {
    Program::Code out{demand_end(), 0};
    for (const auto& [what, expr] : pairs)
      if (wanted[what]) out_.demands_.push_back({what, condition(expr, Program::yes, Program::no)});
    out.end = demand_end();
    return out;
  }

  void blocks() {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < system_.transitions.size(); ++i)
      if (wanted_.faults || !system_.transitions[i].faulty) order.push_back(i);
    const auto key = [this](std::uint32_t i) {
      return std::pair(system_.transitions[i].actor, system_.transitions[i].from);
    };
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    for (std::size_t begin = 0; begin < order.size() && !too_large_;) {
      std::size_t end = begin;
      while (end < order.size() && key(order[end]) == key(order[begin])) ++end;
      block({order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end)});
      begin = end;
    }
  }

  void block(const std::vector<std::uint32_t>& transitions) {
    const Transition& first = system_.transitions[transitions.front()];
    out_.blocks_of_[first.actor][first.from] = static_cast<std::uint32_t>(out_.blocks_.size());
    Program::Block made;
    made.guards.begin = code_end();
    made.ways.begin = static_cast<std::uint32_t>(out_.ways_.size());
    made.all_acquire = true;
    for (const std::uint32_t t : transitions) {
      Program::Way way;
      way.transition = t;
      way.guard = condition(system_.transitions[t].guard, Program::yes, Program::no);
      made.all_acquire = made.all_acquire && system_.transitions[t].acquires;
      out_.ways_.push_back(way);
    }
    made.guards.end = code_end();
    made.ways.end = static_cast<std::uint32_t>(out_.ways_.size());
    const Mark guards = mark();
    for (std::uint32_t w = made.ways.begin; w < made.ways.end; ++w) {
      body(out_.ways_[w]);
      forget(guards);
    }
    if (made.all_acquire && wanted_.deadlock) waiting(transitions, made);
    forget({0, first_free_});
    out_.blocks_.push_back(made);
  }

  void body(Program::Way& way) {
    const Transition& t = system_.transitions[way.transition];
    way.code.begin = code_end();
    way.updates = updates(t.updates);
    way.assertions = demands(t.assertions, wanted_.assertions);
    way.hits = demands(t.hits, wanted_.marks);
    way.code.end = code_end();
  }

  // Who keeps an actor that stands here from going on: whoever holds one of the locks in a mode that is in the way.
  void waiting(const std::vector<std::uint32_t>& transitions, Program::Block& made) {
    made.waiting_code.begin = code_end();
    made.waiting.begin = demand_end();
    for (const std::uint32_t i : transitions) {
      const Transition& t = system_.transitions[i];
      const Lock& lock = system_.locks[t.lock];
      for (std::uint32_t holder = 0; holder < system_.actors.size(); ++holder) {
        out_.demands_.push_back({holder, compute(lock.write[holder])});
        if (t.write) out_.demands_.push_back({holder, compute(lock.read[holder])});
      }
    }
    made.waiting_code.end = code_end();
    made.waiting.end = demand_end();
  }

  void invariants() {
    out_.invariant_code_.begin = code_end();
    out_.invariants_.begin = demand_end();
    for (std::uint32_t p = 0; p < system_.properties.size(); ++p)
      if (wanted_.invariants[p])
        out_.demands_.push_back({p, condition(system_.properties[p].expr, Program::yes, Program::no)});
    out_.invariants_.end = out_.facts_.begin = demand_end();
    for (std::uint32_t fact = 0; fact < wanted_.facts.size(); ++fact) {
      std::uint32_t first = Program::no;
      for (const Expr expr : wanted_.facts[fact]) first = condition(expr, Program::yes, first);
      out_.demands_.push_back({fact, first});
    }
    out_.facts_.end = demand_end();
    out_.invariant_code_.end = code_end();
  }

  const System& system_;
  const Wanted& wanted_;
  Program out_;
  std::vector<std::uint32_t> register_of_;  // by expression
  std::vector<Expr> computed_;              // in order, what has a register that is to be forgotten
  std::vector<Expr> open_;
  std::size_t tests_before_ = 0;            // this condition
  std::uint64_t field_mask_ = 0;            // of the last field_test()
  std::uint32_t field_word_ = 0;
  std::uint32_t first_free_ = 0;
  std::uint32_t next_ = 0;
  std::size_t most_registers_ = 0;
  bool too_large_ = false;
};

std::optional<Program> Program::compile(const System& system, Layout layout, const Wanted& wanted) {
  return Compiler(system, std::move(layout), wanted).run();
}

void Program::run(Code code, const std::uint64_t* state, std::uint64_t* registers) const {
  for (std::uint32_t i = code.begin; i < code.end; ++i) {
    const Instruction& in = code_[i];
    const std::uint64_t a = registers[in.args[0]];
    const std::uint64_t b = registers[in.args[1]];
    std::uint64_t& to = registers[in.to];
    // Nearly all instructions are one of these.
    switch (in.op) {
      case Op::variable:
        to = layout_.fields[in.args[2]].value(state);
        break;
      case Op::eq:
        to = a == b ? 1 : 0;
        break;
      case Op::and_:
        to = a & b;
        break;
      case Op::or_:
        to = a | b;
        break;
      case Op::not_:
        to = low_bits(~a, in.width);
        break;
      case Op::ite:
        to = a != 0 ? b : registers[in.args[2]];
        break;
      default:
        to = apply(in.op, in.width, in.operand_width, a, b, 0);
    }
  }
}

std::optional<std::uint32_t> Program::successor(const Way& way, const std::uint64_t* state,
                                                const std::uint64_t* registers, std::uint64_t* out) const {
  std::copy_n(state, layout_.words, out);
  const auto set = [this, out](std::uint32_t variable, std::uint64_t number) {
    const Field& field = layout_.fields[variable];
    out[field.word] = (out[field.word] & ~field.mask) | number << field.shift;
    return number <= field.span;
  };
  for (std::uint32_t i = way.updates.begin; i < way.updates.end; ++i) {
    const Demand& update = demands_[i];
    const Field& field = layout_.fields[update.what];
    const std::uint64_t number = field.packed(registers[update.value]);
    if (number > field.span) return update.what;
    if (field.span != 0) set(update.what, number);
  }
  const std::uint32_t control = controls_[target_actor_[way.transition]];
  if (layout_.fields[control].span != 0) set(control, target_[way.transition]);
  return std::nullopt;
}

}  // namespace hotproof::verify
