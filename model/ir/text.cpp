#include "model/ir/text.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "model/ir/text_names.hpp"

namespace hotproof::ir {

namespace {

std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7f)
      out += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
    else
      out += c;
  }
  return out + '"';
}

// Numbers expressions in the order in which a walk over everything that is written first completes them: so the text
// does not depend on the order in which the pool's expressions were made.
class Writer {
 public:
  explicit Writer(const TransitionSystem& system) : system_(system) {}

  std::string run() {
    line(words::first_line);
    names();
    for (std::size_t i = 0; i < system_.variables.size(); ++i) variable(i);
    for (std::size_t i = 0; i < system_.actors.size(); ++i) actor(i);
    // What follows names expressions; their lines come first.
    std::string before;
    before.swap(out_);
    for (std::size_t i = 0; i < system_.locks.size(); ++i) lock(i);
    for (std::size_t i = 0; i < system_.properties.size(); ++i) property(i);
    if (!system_.pool.is_true(system_.initial_condition)) line("initially", expr(system_.initial_condition));
    for (const auto& [name, id] : system_.symbols) line("symbol", quoted(name), expr(id));
    for (const Transition& t : system_.transitions) transition(t);
    return before + lets_ + out_;
  }

 private:
  template <class... Words>
  void line(const Words&... parts) {
    std::size_t i = 0;
    ((out_ += i++ == 0 ? "" : " ", out_ += parts), ...);
    out_ += '\n';
  }

  template <class Id>
  static std::string ref(char letter, Id id) {
    return letter + std::to_string(static_cast<std::uint64_t>(id));
  }
  static std::string number(std::uint64_t value) { return std::to_string(value); }

  void names() {
    line("name", quoted(system_.name));
    for (const auto& name : system_.files) line("file", quoted(name));
    for (const auto& name : system_.functions) line("function", quoted(name));
    for (const auto& name : system_.event_names) line("event", quoted(name));
    for (const auto& name : system_.marks) line("mark", quoted(name));
    for (const auto& [name, size] : system_.sets) line("set", quoted(name), number(size));
    for (const auto& [name, value] : system_.constants) line("constant", quoted(name), std::to_string(value));
  }

  void variable(std::size_t i) {
    const Variable& v = system_.variables[i];
    const std::string free = v.free_initially ? " free" : "";
    const std::string range = v.low == 0 && v.high == 0 ? "" : " range " + number(v.low) + " " + number(v.high);
    line("variable", ref('v', i), quoted(v.name), "width", std::to_string(v.width), v.is_signed ? "signed" : "unsigned",
         words::of(words::role, v.role), "initial", number(v.initial) + free + range);
    for (const auto& [value, label] : v.labels) line("label", number(value), quoted(label));
  }

  void actor(std::size_t i) {
    const Actor& a = system_.actors[i];
    std::string resting = a.resting.empty() ? "" : " resting";
    for (const Location location : a.resting) resting += " " + number(location);
    std::string halted = a.halted.empty() ? "" : " halted";
    for (const Location location : a.halted) halted += " " + number(location);
    line("actor", ref('a', i), quoted(a.name), "control", ref('v', a.control), "initial", number(a.initial),
         "locations", number(a.locations) + resting + halted);
  }

  // Numbers the expression and what is below it, and gives its name.
  std::string expr(ExprId root) {
    std::vector<std::pair<ExprId, int>> open{{root, 0}};
    while (!open.empty()) {
      const auto [id, next] = open.back();
      const Node& node = system_.pool[id];
      if (arity(node.op) == 0 || numbers_.contains(id)) {
        open.pop_back();
      } else if (next < arity(node.op)) {
        ++open.back().second;
        open.emplace_back(node.args[next], 0);
      } else {
        define(id);
        open.pop_back();
      }
    }
    return operand(root);
  }

  void define(ExprId id) {
    const Node& node = system_.pool[id];
    std::vector<ExprId> args(node.args, node.args + arity(node.op));
    // The order of operands that may be swapped is the pool's, so it is made the text's.
    const bool commutes = node.op == Op::add || node.op == Op::mul || node.op == Op::and_ || node.op == Op::or_ ||
                          node.op == Op::xor_ || node.op == Op::eq;
    if (commutes) std::sort(args.begin(), args.end(), [&](ExprId a, ExprId b) { return order(a) < order(b); });
    lets_ += "let " + ref('e', numbers_.size()) + " = " + std::string(name(node.op));
    if (node.op == Op::zext || node.op == Op::sext || node.op == Op::trunc) lets_ += " " + std::to_string(node.width);
    for (const ExprId arg : args) lets_ += " " + operand(arg);
    lets_ += '\n';
    numbers_.emplace(id, numbers_.size());
  }

  std::tuple<int, std::uint64_t, int> order(ExprId id) const {
    const Node& node = system_.pool[id];
    if (node.op == Op::variable) return {1, node.value, 0};
    if (node.op == Op::constant) return {2, node.value, node.width};
    return {0, numbers_.at(id), 0};
  }

  std::string operand(ExprId id) const {
    const Node& node = system_.pool[id];
    if (node.op == Op::variable) return ref('v', node.value);
    if (node.op == Op::constant) return number(node.value) + ":" + std::to_string(node.width);
    return ref('e', numbers_.at(id));
  }

  std::string list(const std::vector<ExprId>& exprs) {
    std::string out;
    for (const ExprId id : exprs) out += " " + expr(id);
    return out;
  }

  static std::string claim(const LockClaim& claim) {
    return ref('l', claim.lock) + " " + std::string(words::of(words::mode, claim.mode));
  }

  void lock(std::size_t i) {
    const Lock& l = system_.locks[i];
    line("lock", ref('l', i), quoted(l.name),
         std::string(words::of(words::lock_kind, l.kind)) + (l.tried ? " tried" : ""));
    line("held-write" + list(l.held_write));
    line("held-read" + list(l.held_read));
  }

  void property(std::size_t i) {
    const Property& p = system_.properties[i];
    line("property", ref('p', i), quoted(p.id), words::of(words::property_kind, p.kind),
         words::of(words::confidence, p.confidence));
    if (!p.says.empty()) line("says", quoted(p.says));
    if (!p.origin.empty()) line("origin", quoted(p.origin));
    if (!system_.pool.is_true(p.expr)) line("expr", expr(p.expr));
    if (index(p.mark) != 0 || p.kind == PropertyKind::cover) line("reaches", ref('m', p.mark));
    if (p.cover_without_faults) line("without-faults");
    std::string triggers;
    for (const MarkId mark : p.triggers) triggers += " " + ref('m', mark);
    if (!triggers.empty()) line("triggers" + triggers);
  }

  void transition(const Transition& t) {
    line("transition", ref('a', t.actor), "from", number(t.from), "to", number(t.to), "guard", expr(t.guard));
    if (!t.text.empty()) line("text", quoted(t.text));
    if (t.span != SourceSpan{})
      line("at", number(t.span.file), number(t.span.line), number(t.span.column), number(t.span.function));
    for (const SourceSpan& c : t.callers)
      line("called-from", number(c.file), number(c.line), number(c.column), number(c.function));
    for (const Update& update : t.updates) line("update", ref('v', update.var), expr(update.value));
    for (const Event& event : t.events) line("does", ref('n', event.name) + list(event.args));
    for (const Assertion& a : t.assertions) line("assert", ref('p', a.property), expr(a.holds));
    for (const Hit& hit : t.hits) line("hit", ref('m', hit.mark), expr(hit.when));
    if (t.choice != Choice::none) line("choice", words::of(words::choice, t.choice));
    if (t.faults != 0) line("faults", number(t.faults));
    std::string held;
    for (const LockClaim& c : t.held) held += " " + claim(c);
    if (!held.empty()) line("holds" + held);
    if (t.lock) line(words::of(words::lock_effect, t.lock_effect), claim(*t.lock));
    if (t.depth != 0) line("depth", number(t.depth));
  }

  const TransitionSystem& system_;
  std::string out_;
  std::string lets_;
  std::unordered_map<ExprId, std::size_t> numbers_;
};

}  // namespace

std::string write(const TransitionSystem& system) {
  return Writer(system).run();
}

}  // namespace hotproof::ir
