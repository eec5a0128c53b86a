#include "checker/agreement/promela.hpp"

#include <map>
#include <vector>

#include "model/eval/interpreter.hpp"

namespace hotproof::checker {

namespace {

using ir::ExprId;
using ir::Node;
using ir::Op;

// Operations on the low `w` bits of 64, in the meaning of SMT-LIB. SPIN copies this text into its verifier.
constexpr const char* prelude = R"(c_decl {
typedef unsigned long long hp_word;
static inline hp_word hp_low(hp_word a, int w) { return w >= 64 ? a : a & (((hp_word)1 << w) - 1); }
static inline int hp_sign(hp_word a, int w) { return (int)((a >> (w - 1)) & 1); }
static inline hp_word hp_wide(hp_word a, int w) { return hp_sign(a, w) && w < 64 ? a | (~(hp_word)0 << w) : a; }
static inline hp_word hp_size(hp_word a, int w) { return hp_sign(a, w) ? hp_low(0 - a, w) : a; }
static inline hp_word hp_udiv(hp_word a, hp_word b, int w) { return b ? a / b : hp_low(~(hp_word)0, w); }
static inline hp_word hp_urem(hp_word a, hp_word b, int w) { return b ? a % b : a; }
static inline hp_word hp_sdiv(hp_word a, hp_word b, int w) {
  hp_word q = hp_udiv(hp_size(a, w), hp_size(b, w), w);
  return hp_low(hp_sign(a, w) != hp_sign(b, w) ? 0 - q : q, w);
}
static inline hp_word hp_srem(hp_word a, hp_word b, int w) {
  hp_word r = hp_urem(hp_size(a, w), hp_size(b, w), w);
  return hp_low(hp_sign(a, w) ? 0 - r : r, w);
}
static inline hp_word hp_shl(hp_word a, hp_word b, int w) { return b >= (hp_word)w ? 0 : hp_low(a << b, w); }
static inline hp_word hp_lshr(hp_word a, hp_word b, int w) { return b >= (hp_word)w ? 0 : a >> b; }
static inline hp_word hp_ashr(hp_word a, hp_word b, int w) {
  hp_word fill = hp_sign(a, w) ? hp_low(~(hp_word)0, w) : 0;
  if (b == 0) return a;
  return b >= (hp_word)w ? fill : hp_low((a >> b) | (fill << (w - b)), w);
}
static inline int hp_slt(hp_word a, hp_word b, int w) {
  return hp_sign(a, w) != hp_sign(b, w) ? hp_sign(a, w) : a < b;
}
static char hp_seen[HP_PROPERTIES];
static inline int hp_note(int property, int now, const char *what) {
  if (now && !hp_seen[property]) {
    hp_seen[property] = 1;
    printf("hotproof: %s %d\n", what, property);
    fflush(stdout);
  }
  return 0;
}
}
)";

std::string operation(Op op, int width, const std::string& a, const std::string& b, const std::string& c) {
  const std::string w = ", " + std::to_string(width) + ")";
  const auto low = [&](const std::string& text) { return "hp_low(" + text + w; };
  const auto call = [&](const char* name) { return std::string("hp_") + name + "(" + a + ", " + b + w; };
  switch (op) {
    case Op::not_:
      return low("~" + a);
    case Op::neg:
      return low("0 - " + a);
    case Op::add:
      return low(a + " + " + b);
    case Op::sub:
      return low(a + " - " + b);
    case Op::mul:
      return low(a + " * " + b);
    case Op::udiv:
      return call("udiv");
    case Op::sdiv:
      return call("sdiv");
    case Op::urem:
      return call("urem");
    case Op::srem:
      return call("srem");
    case Op::and_:
      return a + " & " + b;
    case Op::or_:
      return a + " | " + b;
    case Op::xor_:
      return a + " ^ " + b;
    case Op::shl:
      return call("shl");
    case Op::lshr:
      return call("lshr");
    case Op::ashr:
      return call("ashr");
    case Op::eq:
      return a + " == " + b;
    case Op::ult:
      return a + " < " + b;
    case Op::ule:
      return a + " <= " + b;
    case Op::slt:
      return call("slt");
    case Op::sle:
      return "!hp_slt(" + b + ", " + a + w;
    case Op::ite:
      return a + " ? " + b + " : " + c;
    case Op::zext:
      return a;
    case Op::trunc:
      return low(a);
    default:
      return a;
  }
}

// Writes expressions of one block of C; shared parts are written once.
class Block {
 public:
  explicit Block(const ir::ExprPool& pool) : pool_(pool) {}

  // The name of the value, after the lines that compute it.
  std::string value(ExprId id) {
    for (const ExprId part : pool_.below(id))
      if (!names_.contains(part)) define(part);
    return names_.at(id);
  }
  void line(const std::string& text) { text_ += "    " + text + "\n"; }
  const std::string& text() const { return text_; }

 private:
  void define(ExprId id) {
    const Node& node = pool_[id];
    if (node.op == Op::constant) {
      names_[id] = "(hp_word)" + std::to_string(node.value) + "u";
      return;
    }
    const std::string name = "e" + std::to_string(static_cast<std::size_t>(id));
    line("hp_word " + name + " = " + right_side(node) + ";");
    names_[id] = name;
  }
  std::string right_side(const Node& node) const {
    if (node.op == Op::variable) return "(hp_word)now.v" + std::to_string(node.value);
    std::string args[3];
    for (int i = 0; i < ir::arity(node.op); ++i) args[i] = names_.at(node.args[i]);
    const int width = pool_[node.args[0]].width;
    if (node.op == Op::sext)
      return "hp_low(hp_wide(" + args[0] + ", " + std::to_string(width) + "), " + std::to_string(node.width) + ")";
    const bool of_result = node.op == Op::trunc || node.op == Op::ite;
    return operation(node.op, of_result ? node.width : width, args[0], args[1], args[2]);
  }

  const ir::ExprPool& pool_;
  std::map<ExprId, std::string> names_;
  std::string text_;
};

std::string note(std::size_t property, const std::string& when, const char* what) {
  return "hp_note(" + std::to_string(property) + ", " + when + ", \"" + what + "\");";
}

void note_hit(const ir::TransitionSystem& system, ir::MarkId mark, const std::string& when, Block& body) {
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const ir::Property& property = system.properties[i];
    if (property.kind == ir::PropertyKind::cover && property.mark == mark)
      body.line(note(i, when + " != 0", "reached"));
  }
}

// A function of the verifier. SPIN allows no assignment in conditions, so they are functions and the model calls them,
// in parentheses, because SPIN takes a bare call for a side effect.
std::string function(const char* kind, std::size_t number, const std::string& body) {
  return "c_code {\nstatic int hp_" + std::string(kind) + std::to_string(number) + "(void) {\n" + body + "}\n}\n";
}

// Two parts of the text: functions, and the options of the loop.
struct Parts {
  std::string functions;
  std::string options;
};

// An option that is never taken, and is tried in every state: it looks at the invariants.
void look_at_invariants(const ir::TransitionSystem& system, Parts& parts) {
  Block block(system.pool);
  for (std::size_t i = 0; i < system.properties.size(); ++i)
    if (system.properties[i].kind == ir::PropertyKind::invariant)
      block.line(note(i, block.value(system.properties[i].expr) + " == 0", "broken"));
  block.line("return 0;");
  parts.functions += function("look", 0, block.text());
  parts.options += "  :: c_expr { (hp_look0()) } -> skip\n";
}

void add_option(const ir::TransitionSystem& system, std::size_t number, Parts& parts) {
  const ir::Transition& transition = system.transitions[number];
  const std::string control = "now.v" + std::to_string(ir::index(system.actors[ir::index(transition.actor)].control));
  Block guard(system.pool);
  guard.line("if (" + control + " != " + std::to_string(transition.from) + ") return 0;");
  const std::string enabled = guard.value(transition.guard);
  guard.line("return " + enabled + " != 0;");
  Block body(system.pool);
  for (const ir::Assertion& assertion : transition.assertions) {
    const std::string holds = body.value(assertion.holds);
    body.line(note(ir::index(assertion.property), holds + " == 0", "broken"));
  }
  for (const ir::Hit& hit : transition.hits) note_hit(system, hit.mark, body.value(hit.when), body);
  // All values first: the updates happen at once.
  std::vector<std::string> values;
  for (const ir::Update& update : transition.updates) values.push_back(body.value(update.value));
  for (std::size_t i = 0; i < values.size(); ++i)
    body.line("now.v" + std::to_string(ir::index(transition.updates[i].var)) + " = (int)" + values[i] + ";");
  body.line(control + " = " + std::to_string(transition.to) + ";");
  body.line("return 0;");
  parts.functions += function("guard", number, guard.text()) + function("fire", number, body.text());
  const std::string n = std::to_string(number);
  parts.options += "  :: d_step { c_expr { (hp_guard" + n + "()) } -> c_code { hp_fire" + n + "(); } }\n";
}

std::string start(const ir::State& state) {
  std::string out = "  :: d_step { skip;";
  for (std::size_t i = 0; i < state.size(); ++i)
    out += " v" + std::to_string(i) + " = " + std::to_string(state[i]) + ";";
  return out + " skip }\n";
}

}  // namespace

Outcome<std::string> to_promela(const ir::TransitionSystem& system, std::size_t most_initial_states) {
  for (const ir::Variable& variable : system.variables)
    if (variable.width > 31)
      return failure({},
                     variable.name + " has " + std::to_string(variable.width) + " bits, and a Promela int holds 31");
  const auto initial = eval::initial_states(system, most_initial_states);
  if (!initial) return tl::make_unexpected(initial.error());
  if (initial->empty()) return failure({}, "the system has no initial state");
  std::string out = "/* One step of this process is one transition of the system. */\n";
  std::string head = prelude;
  const std::string size = "HP_PROPERTIES";
  head.replace(head.find(size), size.size(), std::to_string(system.properties.size() + 1));
  out += head;
  for (std::size_t i = 0; i < system.variables.size(); ++i) out += "int v" + std::to_string(i) + ";\n";
  Parts parts;
  look_at_invariants(system, parts);
  for (std::size_t i = 0; i < system.transitions.size(); ++i) add_option(system, i, parts);
  out += parts.functions + "active proctype all() {\n  if\n";
  for (const ir::State& state : *initial) out += start(state);
  return out + "  fi;\nend_loop:\n  do\n" + parts.options + "  od\n}\n";
}

}  // namespace hotproof::checker
