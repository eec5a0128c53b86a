#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "verify/system.hpp"

namespace hotproof::verify {

namespace {

constexpr std::array<std::string_view, 26> operation_names = {
    "",    "",    "not",  "neg",  "add", "sub", "mul", "udiv", "sdiv", "urem", "srem", "and",  "or",
    "xor", "shl", "lshr", "ashr", "eq",  "ult", "ule", "slt",  "sle",  "ite",  "zext", "sext", "trunc"};
constexpr std::uint64_t most_things = 1U << 28U;  // of one kind, far beyond what a text may hold
constexpr std::size_t most_actors = 256;
constexpr std::uint64_t most_locations = 1'000'000;  // of one actor
constexpr std::uint64_t most_locations_in_all = 1U << 24U;

std::optional<Op> operation_named(std::string_view word) {
  for (std::size_t i = 2; i < operation_names.size(); ++i)
    if (operation_names[i] == word) return static_cast<Op>(i);
  return std::nullopt;
}

bool is_comparison(Op op) {
  return op == Op::eq || op == Op::ult || op == Op::ule || op == Op::slt || op == Op::sle;
}

class Reader {
 public:
  Reader(std::string_view text, std::uint64_t first_line) : at_(text, first_line), expressions_(system_) {}

  System run() {
    system_.nodes.push_back({Op::constant, 1, {0, 0, 0}, 1});
    if (!at_.next_line()) at_.fail("the text of a system was expected");
    at_.expect("hotproof-system");
    at_.expect("1");
    at_.expect_end();
    while (at_.next_line()) line();
    finish();
    return std::move(system_);
  }

 private:
  using Handler = void (Reader::*)();

  void line() {
    static const std::map<std::string_view, Handler> handlers = {{"mark", &Reader::mark},
                                                                 {"variable", &Reader::variable},
                                                                 {"actor", &Reader::actor},
                                                                 {"let", &Reader::let},
                                                                 {"lock", &Reader::lock},
                                                                 {"held-write", &Reader::held_write},
                                                                 {"held-read", &Reader::held_read},
                                                                 {"property", &Reader::property},
                                                                 {"expr", &Reader::expr},
                                                                 {"reaches", &Reader::reaches},
                                                                 {"without-faults", &Reader::without_faults},
                                                                 {"triggers", &Reader::triggers},
                                                                 {"initially", &Reader::initially},
                                                                 {"transition", &Reader::transition},
                                                                 {"text", &Reader::text},
                                                                 {"update", &Reader::update},
                                                                 {"assert", &Reader::assertion},
                                                                 {"hit", &Reader::hit},
                                                                 {"faults", &Reader::faults},
                                                                 {"acquires", &Reader::acquires}};
    // Lines for people, and for engines, that do not change what the system means.
    static const std::set<std::string_view> others = {"name",  "file",   "function", "event",    "set",   "constant",
                                                      "label", "says",   "origin",   "symbol",   "at",    "called-from",
                                                      "does",  "choice", "holds",    "releases", "tries", "depth"};
    const std::string_view kind = at_.word();
    if (const auto handler = handlers.find(kind); handler != handlers.end()) {
      (this->*handler->second)();
      at_.expect_end();
    } else if (others.contains(kind)) {
      at_.skip_line();
    } else {
      at_.fail("unknown kind of line");
    }
  }

  bool take(std::string_view word) {
    if (at_.peek() != word) return false;
    at_.word();
    return true;
  }

  template <class T>
  void numbered(char letter, const std::vector<T>& so_far) {
    if (at_.reference(letter, so_far.size() + 1) != so_far.size()) at_.fail("the numbers must be 0, 1, … in order");
  }

  template <class T>
  T& last(std::vector<T>& things, const char* what) {
    if (things.empty()) at_.fail(std::string("no ") + what + " stands before this line");
    return things.back();
  }

  void mark() { system_.marks.push_back(at_.text()); }

  void variable() {
    numbered('v', system_.variables);
    Variable v;
    v.name = at_.text();
    at_.expect("width");
    v.width = static_cast<int>(at_.number(64));
    if (v.width == 0) at_.fail("a width is 1 to 64");
    const std::uint64_t most = low_bits(~std::uint64_t{0}, v.width);
    const bool is_signed = take("signed");
    if (!is_signed) at_.expect("unsigned");
    v.control = at_.peek() == "control";
    static const std::set<std::string_view> roles = {"control", "shared", "local", "lock", "observer"};
    if (!roles.contains(at_.word())) at_.fail("unknown role");
    at_.expect("initial");
    v.initial = at_.number(most);
    v.is_free = take("free");
    v.span = most;
    if (take("range")) {
      v.low = at_.number(most);
      const std::uint64_t high = at_.number(most);
      // A signed range is an unsigned one, moved by half of all values.
      const std::uint64_t half = is_signed ? std::uint64_t{1} << (v.width - 1) : 0;
      if (low_bits(v.low + half, v.width) > low_bits(high + half, v.width)) at_.fail("the range is empty");
      if (v.low == 0 && high == 0) at_.fail("a range of nothing but 0 would mean every value");
      v.span = low_bits(high - v.low, v.width);
    }
    if (!v.is_free && !v.contains(v.initial)) at_.fail("the initial value is outside the range");
    system_.variable_nodes.push_back(static_cast<Expr>(system_.nodes.size()));
    system_.nodes.push_back({Op::variable, static_cast<std::uint8_t>(v.width), {0, 0, 0}, system_.variables.size()});
    system_.variables.push_back(std::move(v));
  }

  std::vector<std::uint32_t> locations(std::uint32_t count) {
    std::vector<std::uint32_t> out;
    std::uint64_t unused = 0;
    while (parse_number(at_.peek(), ~std::uint64_t{0}, unused))
      out.push_back(static_cast<std::uint32_t>(at_.number(count - 1)));
    if (out.empty()) at_.fail("a location was expected");
    std::sort(out.begin(), out.end());
    return out;
  }

  void actor() {
    numbered('a', system_.actors);
    if (system_.actors.size() >= most_actors) at_.fail("too many actors");
    Actor a;
    a.name = at_.text();
    at_.expect("control");
    a.control = static_cast<std::uint32_t>(at_.reference('v', system_.variables.size()));
    Variable& control = system_.variables[a.control];
    if (!control.control) at_.fail("this is no control variable");
    if (!controls_.insert(a.control).second) at_.fail("another actor has this control variable");
    at_.expect("initial");
    a.initial = static_cast<std::uint32_t>(at_.number(most_locations));
    at_.expect("locations");
    a.locations = static_cast<std::uint32_t>(at_.number(most_locations));
    locations_in_all_ += a.locations;
    if (a.initial >= a.locations) at_.fail("the initial location does not exist");
    if (locations_in_all_ > most_locations_in_all) at_.fail("the actors have too many locations");
    if (low_bits(a.locations - 1, control.width) != a.locations - 1) at_.fail("the control variable is too narrow");
    if (control.is_free || control.initial != a.initial) at_.fail("the control variable starts elsewhere");
    if (take("resting")) a.resting = locations(a.locations);
    if (take("halted")) a.halted = locations(a.locations);
    control.low = 0;
    control.span = a.locations - 1;
    system_.actors.push_back(std::move(a));
  }

  void let() { expressions_.let(at_); }

  void lock() {
    numbered('l', system_.locks);
    at_.text();
    static const std::set<std::string_view> kinds = {"mutex", "spin", "rwsem", "percpu-rwsem"};
    if (!kinds.contains(at_.word())) at_.fail("unknown kind of lock");
    take("tried");
    system_.locks.emplace_back();
  }

  void held(std::vector<Expr>& by_actor) {
    if (!by_actor.empty()) at_.fail("this was said before");
    while (!at_.at_end()) by_actor.push_back(expressions_.operand(at_, 1));
    if (by_actor.size() != system_.actors.size()) at_.fail("one expression for each actor was expected");
  }
  void held_write() { held(last(system_.locks, "lock").write); }
  void held_read() { held(last(system_.locks, "lock").read); }

  void property() {
    numbered('p', system_.properties);
    Property p;
    p.id = at_.text();
    if (!ids_.insert(p.id).second) at_.fail("another property has this name");
    static const std::map<std::string_view, PropertyKind> kinds = {{"invariant", PropertyKind::invariant},
                                                                   {"assertion", PropertyKind::assertion},
                                                                   {"cover", PropertyKind::cover},
                                                                   {"deadlock", PropertyKind::deadlock}};
    const auto kind = kinds.find(at_.word());
    if (kind == kinds.end()) at_.fail("unknown kind of property");
    p.kind = kind->second;
    if (!take("high")) at_.expect("moderate");
    system_.properties.push_back(std::move(p));
  }

  Property& the_property() { return last(system_.properties, "property"); }
  std::uint32_t a_mark() { return static_cast<std::uint32_t>(at_.reference('m', system_.marks.size())); }
  void expr() { the_property().expr = expressions_.operand(at_, 0); }
  void reaches() { the_property().mark = a_mark(); }
  void without_faults() { the_property().without_faults = true; }
  void triggers() {
    Property& property = the_property();
    do property.triggers.push_back(a_mark());
    while (!at_.at_end());
  }

  void initially() { system_.initially = expressions_.operand(at_, 1); }

  void transition() {
    if (system_.transitions.size() >= most_things) at_.fail("too many transitions");
    Transition t;
    t.actor = static_cast<std::uint32_t>(at_.reference('a', system_.actors.size()));
    const std::uint64_t last_location = system_.actors[t.actor].locations - 1;
    at_.expect("from");
    t.from = static_cast<std::uint32_t>(at_.number(last_location));
    at_.expect("to");
    t.to = static_cast<std::uint32_t>(at_.number(last_location));
    at_.expect("guard");
    t.guard = expressions_.operand(at_, 1);
    system_.transitions.push_back(std::move(t));
  }

  Transition& the_transition() { return last(system_.transitions, "transition"); }
  void text() { the_transition().text = at_.text(); }

  void update() {
    Transition& t = the_transition();
    const auto var = static_cast<std::uint32_t>(at_.reference('v', system_.variables.size()));
    if (system_.variables[var].control) at_.fail("a control variable is never updated");
    if (std::any_of(t.updates.begin(), t.updates.end(), [var](const auto& u) { return u.first == var; }))
      at_.fail("this variable is updated twice");
    t.updates.emplace_back(var, expressions_.operand(at_, system_.variables[var].width));
  }

  void assertion() {
    Transition& t = the_transition();
    const auto property = static_cast<std::uint32_t>(at_.reference('p', system_.properties.size()));
    if (system_.properties[property].kind != PropertyKind::assertion) at_.fail("this property is of another kind");
    t.assertions.emplace_back(property, expressions_.operand(at_, 1));
  }

  void hit() {
    Transition& t = the_transition();
    const std::uint32_t mark = a_mark();
    t.hits.emplace_back(mark, expressions_.operand(at_, 1));
  }

  void faults() { the_transition().faulty = at_.number(255) != 0; }

  void acquires() {
    Transition& t = the_transition();
    t.lock = static_cast<std::uint32_t>(at_.reference('l', system_.locks.size()));
    t.acquires = true;
    t.write = take("write");
    if (!t.write) at_.expect("read");
  }

  // What can be judged only when everything is there.
  void finish() {
    for (const Variable& v : system_.variables)
      if (v.control && !controls_.contains(static_cast<std::uint32_t>(&v - system_.variables.data())))
        at_.fail("the control variable " + v.name + " belongs to no actor");
    for (const Lock& l : system_.locks)
      if (l.write.size() != system_.actors.size() || l.read.size() != system_.actors.size())
        at_.fail("a lock does not say who holds it");
    for (const Property& p : system_.properties) {
      if (p.kind == PropertyKind::cover && system_.marks.empty()) at_.fail("a cover reaches no mark");
      if (p.kind == PropertyKind::invariant && system_.nodes[p.expr].width != 1) at_.fail("an invariant is no truth");
    }
  }

  Cursor at_;
  System system_;
  Expressions expressions_;
  std::set<std::uint32_t> controls_;
  std::set<std::string> ids_;
  std::uint64_t locations_in_all_ = 0;
};

}  // namespace

void Expressions::let(Cursor& at) {
  if (at.reference('e', lets_.size() + 1) != lets_.size()) at.fail("the numbers must be 0, 1, … in order");
  if (system_.nodes.size() >= most_things) at.fail("too many expressions");
  at.expect("=");
  const auto op = operation_named(at.word());
  if (!op) at.fail("unknown operation");
  const Node node = operation(at, *op);
  lets_.push_back(static_cast<Expr>(system_.nodes.size()));
  system_.nodes.push_back(node);
}

Node Expressions::operation(Cursor& at, Op op) {
  Node node;
  node.op = op;
  const auto width_of = [this](Expr id) { return int{system_.nodes[id].width}; };
  if (op == Op::zext || op == Op::sext || op == Op::trunc) {
    const auto width = static_cast<int>(at.number(64));
    node.args[0] = operand(at, 0);
    const int old = width_of(node.args[0]);
    if (op == Op::trunc ? width < 1 || width >= old : width <= old) at.fail("the width does not fit the operation");
    node.width = static_cast<std::uint8_t>(width);
  } else if (op == Op::ite) {
    node.args[0] = operand(at, 1);
    node.args[1] = operand(at, 0);
    node.args[2] = operand(at, width_of(node.args[1]));
    node.width = system_.nodes[node.args[1]].width;
  } else {
    node.args[0] = operand(at, 0);
    const int width = width_of(node.args[0]);
    if (arity(op) == 2) node.args[1] = operand(at, width);
    node.width = is_comparison(op) ? std::uint8_t{1} : static_cast<std::uint8_t>(width);
  }
  return node;
}

Expr Expressions::constant(Cursor& at, std::string_view word) {
  const std::size_t colon = word.find(':');
  std::uint64_t value = 0;
  std::uint64_t width = 0;
  if (colon == std::string_view::npos || !parse_number(word.substr(0, colon), ~std::uint64_t{0}, value) ||
      !parse_number(word.substr(colon + 1), 64, width) || width == 0)
    at.fail("an expression was expected: e…, v… or VALUE:WIDTH");
  if (low_bits(value, static_cast<int>(width)) != value) at.fail("the constant is wider than it says");
  system_.nodes.push_back({Op::constant, static_cast<std::uint8_t>(width), {0, 0, 0}, value});
  return static_cast<Expr>(system_.nodes.size() - 1);
}

Expr Expressions::operand(Cursor& at, int width) {
  const char first = at.at_end() ? '\0' : at.peek().empty() ? '\0' : at.peek().front();
  Expr out = 0;
  if (first == 'e')
    out = lets_.empty() ? static_cast<Expr>(at.reference('e', 0)) : lets_[at.reference('e', lets_.size())];
  else if (first == 'v')
    out = system_.variable_nodes.empty() ? static_cast<Expr>(at.reference('v', 0))
                                         : system_.variable_nodes[at.reference('v', system_.variable_nodes.size())];
  else
    out = constant(at, at.word());
  const int given = system_.nodes[out].width;
  if (width != 0 && given != width)
    at.fail("an expression of " + std::to_string(width) + " bits was expected, this has " + std::to_string(given));
  return out;
}

Outcome<System> read_system(std::string_view text, std::uint64_t first_line) {
  try {
    return Reader(text, first_line).run();
  } catch (const Error& error) {
    return tl::unexpected<Error>(error);
  }
}

}  // namespace hotproof::verify
