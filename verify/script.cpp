#include "verify/script.hpp"

#include <algorithm>
#include <bit>
#include <map>

namespace hotproof::verify {

namespace {

std::string sort_of(int width) {
  return width == 1 ? "Bool" : "(_ BitVec " + std::to_string(width) + ")";
}

std::string apply_to(const std::string& op, const std::vector<std::string>& args) {
  std::string out = "(" + op;
  for (const std::string& arg : args) out += " " + arg;
  return out + ")";
}

// Operations on vectors of more than one bit.
const char* vector_operation(Op op) {
  switch (op) {
    case Op::not_:
      return "bvnot";
    case Op::neg:
      return "bvneg";
    case Op::add:
      return "bvadd";
    case Op::sub:
      return "bvsub";
    case Op::mul:
      return "bvmul";
    case Op::udiv:
      return "bvudiv";
    case Op::sdiv:
      return "bvsdiv";
    case Op::urem:
      return "bvurem";
    case Op::srem:
      return "bvsrem";
    case Op::and_:
      return "bvand";
    case Op::or_:
      return "bvor";
    case Op::xor_:
      return "bvxor";
    case Op::shl:
      return "bvshl";
    case Op::lshr:
      return "bvlshr";
    case Op::ashr:
      return "bvashr";
    case Op::eq:
      return "=";
    case Op::ult:
      return "bvult";
    case Op::ule:
      return "bvule";
    case Op::slt:
      return "bvslt";
    case Op::sle:
      return "bvsle";
    default:
      return "";
  }
}

// The same on one bit, as truths: 1 is the only value that is not 0, and it is -1 read as signed.
std::string truth_operation(Op op, const std::string& a, const std::string& b) {
  const auto with = [&](const char* which, bool not_a, bool not_b) {
    return std::string("(") + which + " " + (not_a ? "(not " + a + ")" : a) + " " + (not_b ? "(not " + b + ")" : b) +
           ")";
  };
  switch (op) {
    case Op::not_:
      return "(not " + a + ")";
    case Op::add:
    case Op::sub:
    case Op::xor_:
      return with("xor", false, false);
    case Op::mul:
    case Op::and_:
      return with("and", false, false);
    case Op::or_:
      return with("or", false, false);
    case Op::eq:
      return with("=", false, false);
    case Op::udiv:
    case Op::sdiv:
    case Op::sle:
      return with("or", false, true);
    case Op::urem:
    case Op::srem:
    case Op::shl:
    case Op::lshr:
    case Op::slt:
      return with("and", false, true);
    case Op::ult:
      return with("and", true, false);
    case Op::ule:
      return with("or", true, false);
    default:
      return a;  // neg, and ashr: the sign stays
  }
}

}  // namespace

Script::Script(const System& system, const std::string& comment) : system_(system) {
  out_ = "; ";
  for (const char c : comment) out_ += c >= 0 && c < 0x20 ? '?' : c;  // a name must not end the comment
  out_ += "\n; Unsatisfiable, if the proof is right.\n(set-info :smt-lib-version 2.6)\n(set-logic QF_BV)\n";
  for (std::uint32_t v = 0; v < system.variables.size(); ++v)
    out_ += "(declare-fun " + variable(v, 0) + " () " + sort_of(system.variables[v].width) + ")\n";
  defined_.emplace_back(system.nodes.size(), false);
}

// An unknown that equals its value, and no define-fun: some solvers copy such a definition at each use.
void Script::name_it(const std::string& name, const std::string& sort, const std::string& value) {
  out_ += "(declare-fun " + name + " () " + sort + ")\n(assert (= " + name + " " + value + "))\n";
}

std::string Script::joined(const char* op, const char* none, const std::vector<std::string>& truths) {
  if (truths.empty()) return none;
  return truths.size() == 1 ? truths.front() : apply_to(op, truths);
}

std::string Script::variable(std::uint32_t v, std::uint32_t frame) const {
  return "v" + std::to_string(v) + "_" + std::to_string(frame);
}

std::string Script::literal(std::uint64_t value, int width) const {
  if (width == 1) return value != 0 ? "true" : "false";
  return "(_ bv" + std::to_string(value) + " " + std::to_string(width) + ")";
}

std::string Script::stands(std::uint32_t actor, std::uint64_t location, std::uint32_t frame) const {
  const std::uint32_t control = system_.actors[actor].control;
  return "(= " + variable(control, frame) + " " + literal(location, system_.variables[control].width) + ")";
}

std::string Script::enabled(std::uint32_t transition, std::uint32_t frame) {
  const Transition& t = system_.transitions[transition];
  return "(and " + stands(t.actor, t.from, frame) + " " + term(t.guard, frame) + ")";
}

std::string Script::term(Expr root, std::uint32_t frame) {
  const auto name = [&](Expr id) {
    const Node& node = system_.nodes[id];
    if (node.op == Op::constant) return literal(node.value, node.width);
    if (node.op == Op::variable) return variable(static_cast<std::uint32_t>(node.value), frame);
    return "e" + std::to_string(id) + "_" + std::to_string(frame);
  };
  std::vector<Expr> open{root};
  while (!open.empty()) {
    const Expr id = open.back();
    const Node& node = system_.nodes[id];
    bool ready = true;
    if (!defined_[frame][id]) {
      for (int i = 0; i < arity(node.op); ++i) {
        if (defined_[frame][node.args[i]]) continue;
        open.push_back(node.args[i]);
        ready = false;
      }
    }
    if (!ready) continue;
    open.pop_back();
    if (defined_[frame][id]) continue;
    defined_[frame][id] = true;
    if (arity(node.op) == 0) continue;
    std::vector<std::string> args;
    for (int i = 0; i < arity(node.op); ++i) args.push_back(name(node.args[i]));
    name_it(name(id), sort_of(node.width), operation(node, args));
  }
  return name(root);
}

std::string Script::operation(const Node& node, const std::vector<std::string>& args) const {
  const int width = node.width;
  const int from = system_.nodes[node.args[0]].width;
  const std::string more = std::to_string(width - from);
  switch (node.op) {
    case Op::ite:
      return apply_to("ite", args);
    case Op::zext:
      if (from == 1) return apply_to("ite", {args[0], literal(1, width), literal(0, width)});
      return apply_to("(_ zero_extend " + more + ")", args);
    case Op::sext:
      if (from == 1)
        return apply_to("ite", {args[0], literal(low_bits(~std::uint64_t{0}, width), width), literal(0, width)});
      return apply_to("(_ sign_extend " + more + ")", args);
    case Op::trunc: {
      const std::string part = apply_to("(_ extract " + std::to_string(width - 1) + " 0)", args);
      return width == 1 ? "(= " + part + " (_ bv1 1))" : part;
    }
    default:
      if (from == 1) return truth_operation(node.op, args[0], args.size() > 1 ? args[1] : "");
      return apply_to(vector_operation(node.op), args);
  }
}

std::string Script::initial(std::uint32_t frame) {
  std::vector<std::string> parts{in_range(frame), term(system_.initially, frame)};
  for (std::uint32_t v = 0; v < system_.variables.size(); ++v) {
    const Variable& var = system_.variables[v];
    if (!var.is_free) parts.push_back("(= " + variable(v, frame) + " " + literal(var.initial, var.width) + ")");
  }
  return all(parts);
}

std::string Script::in_range(std::uint32_t frame) {
  std::vector<std::string> parts;
  for (std::uint32_t v = 0; v < system_.variables.size(); ++v) {
    const Variable& var = system_.variables[v];
    if (var.span == low_bits(~std::uint64_t{0}, var.width)) continue;
    const std::string value = variable(v, frame);
    if (var.span == 0) {
      parts.push_back("(= " + value + " " + literal(var.low, var.width) + ")");
      continue;
    }
    const std::string number = var.low == 0 ? value : "(bvsub " + value + " " + literal(var.low, var.width) + ")";
    parts.push_back("(bvule " + number + " " + literal(var.span, var.width) + ")");
  }
  return all(parts);
}

std::string Script::holds(const Invariant& invariant, bool ranges, std::uint32_t frame) {
  std::vector<std::string> parts;
  if (ranges) parts.push_back(in_range(frame));
  for (const Expr clause : invariant.clauses) parts.push_back(term(clause, frame));
  return all(parts);
}

void Script::step(std::uint32_t from, bool faults) {
  const std::string j = std::to_string(from);
  const auto count = static_cast<std::uint32_t>(system_.transitions.size());
  const int width = std::max(2, static_cast<int>(std::bit_width(count)));
  out_ += "(declare-fun t_" + j + " () " + sort_of(width) + ")\n";
  const auto fires = [&](std::uint32_t i) { return "on" + std::to_string(i) + "_" + j; };
  std::vector<std::string> choices;
  std::map<std::uint32_t, std::vector<std::pair<std::uint32_t, std::string>>> writers;  // by variable
  for (std::uint32_t i = 0; i < count; ++i) {
    const Transition& t = system_.transitions[i];
    if (t.faulty && !faults) continue;
    const std::string can = enabled(i, from);
    name_it(fires(i), "Bool", "(and (= t_" + j + " " + literal(i, width) + ") " + can + ")");
    choices.push_back(fires(i));
    const std::uint32_t control = system_.actors[t.actor].control;
    writers[control].emplace_back(i, literal(t.to, system_.variables[control].width));
    for (const auto& [v, value] : t.updates) writers[v].emplace_back(i, term(value, from));
  }
  require(any(choices));
  defined_.emplace_back(system_.nodes.size(), false);
  for (std::uint32_t v = 0; v < system_.variables.size(); ++v) {
    const std::string sort = sort_of(system_.variables[v].width);
    std::string value = variable(v, from);
    std::uint32_t part = 0;
    for (const auto& [transition, becomes] : writers[v]) {
      const std::string name = "n" + std::to_string(v) + "_" + j + "_" + std::to_string(part++);
      name_it(name, sort, "(ite " + fires(transition) + " " + becomes + " " + value + ")");
      value = name;
    }
    name_it(variable(v, from + 1), sort, value);
  }
}

std::string Script::hit(std::uint32_t mark, bool faults, std::uint32_t frame) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < system_.transitions.size(); ++i) {
    const Transition& t = system_.transitions[i];
    if (t.faulty && !faults) continue;
    for (const auto& [of, when] : t.hits)
      if (of == mark) out.push_back("(and " + enabled(i, frame) + " " + term(when, frame) + ")");
  }
  return any(out);
}

std::string Script::broken(std::uint32_t property, std::uint32_t frame) {
  const Property& p = system_.properties[property];
  if (p.kind == PropertyKind::invariant) return negated(term(p.expr, frame));
  if (p.kind == PropertyKind::deadlock) return deadlock(frame);
  if (p.kind == PropertyKind::cover) return hit(p.mark, !p.without_faults, frame);
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < system_.transitions.size(); ++i)
    for (const auto& [of, demand] : system_.transitions[i].assertions)
      if (of == property) out.push_back("(and " + enabled(i, frame) + " " + negated(term(demand, frame)) + ")");
  return any(out);
}

std::string Script::stuck(std::uint32_t frame) {
  std::vector<std::string> moves;
  for (std::uint32_t i = 0; i < system_.transitions.size(); ++i) moves.push_back(enabled(i, frame));
  std::vector<std::string> rests;
  std::vector<std::string> halts;
  for (std::uint32_t a = 0; a < system_.actors.size(); ++a) {
    std::vector<std::string> places;
    for (const std::uint32_t at : system_.actors[a].resting) places.push_back(stands(a, at, frame));
    rests.push_back(any(places));
    for (const std::uint32_t at : system_.actors[a].halted) halts.push_back(stands(a, at, frame));
  }
  return all({negated(any(moves)), negated(all(rests)), negated(any(halts))});
}

// The actor stands where all its ways acquire locks, none can be gone, and the holder has one of them.
std::string Script::waits(std::uint32_t actor, std::uint32_t holder, std::uint32_t frame) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> leaving;  // by location: transitions
  for (std::uint32_t i = 0; i < system_.transitions.size(); ++i)
    if (system_.transitions[i].actor == actor) leaving[system_.transitions[i].from].push_back(i);
  std::vector<std::string> out;
  for (const auto& [location, ways] : leaving) {
    std::vector<std::string> guards;
    std::vector<std::string> holds;
    bool all_acquire = true;
    for (const std::uint32_t i : ways) {
      const Transition& t = system_.transitions[i];
      all_acquire = all_acquire && t.acquires;
      if (!all_acquire) break;
      guards.push_back(term(t.guard, frame));
      holds.push_back(term(system_.locks[t.lock].write[holder], frame));
      if (t.write) holds.push_back(term(system_.locks[t.lock].read[holder], frame));
    }
    if (all_acquire) out.push_back(all({stands(actor, location, frame), negated(any(guards)), any(holds)}));
  }
  return any(out);
}

std::string Script::deadlock(std::uint32_t frame) {
  const auto n = static_cast<std::uint32_t>(system_.actors.size());
  std::vector<std::vector<std::string>> matrix(n, std::vector<std::string>(n));
  const auto define_entry = [&](std::uint32_t a, std::uint32_t b, const std::string& round, const std::string& value) {
    matrix[a][b] = "w" + std::to_string(a) + "_" + std::to_string(b) + "_" + round + "_" + std::to_string(frame);
    name_it(matrix[a][b], "Bool", value);
  };
  for (std::uint32_t a = 0; a < n; ++a)
    for (std::uint32_t b = 0; b < n; ++b) define_entry(a, b, "0", waits(a, b, frame));
  // Transitive closure (Warshall, 1962): a circle shows on the diagonal.
  for (std::uint32_t via = 0; via < n; ++via)
    for (std::uint32_t a = 0; a < n; ++a)
      for (std::uint32_t b = 0; b < n; ++b)
        define_entry(a, b, std::to_string(via + 1),
                     "(or " + matrix[a][b] + " (and " + matrix[a][via] + " " + matrix[via][b] + "))");
  std::vector<std::string> out{stuck(frame)};
  for (std::uint32_t a = 0; a < n; ++a) out.push_back(matrix[a][a]);
  return any(out);
}

}  // namespace hotproof::verify
