// The generator of random C programs, and their text.
#include "model/lower/random_c_test.hpp"

namespace hotproof::lower {
namespace {

constexpr std::size_t int_type = 0;
constexpr int deepest_block = 3;

struct Literal {
  const char* text;
  std::size_t type;
  Wide value;
};
constexpr Literal literals[] = {
    {"0", 0, 0},
    {"1", 0, 1},
    {"2", 0, 2},
    {"3", 0, 3},
    {"7", 0, 7},
    {"'a'", 0, 97},
    {"100", 0, 100},
    {"0xff", 0, 255},
    {"256", 0, 256},
    {"010", 0, 8},
    {"32768", 0, 32768},
    {"65535", 0, 65535},
    {"0x7fffffff", 0, 2147483647},
    {"0x80000000", 1, 2147483648},
    {"4294967295u", 1, 4294967295},
    {"5u", 1, 5},
    {"2147483648", 6, 2147483648},
    {"1ul", 8, 1},
    {"3l", 6, 3},
    {"0x100000001ull", 10, 0x100000001},
    {"1000000007ll", 9, 1000000007},
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}
  CProgram program();

 private:
  // splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014)
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool chance(std::size_t percent) { return pick(100) < percent; }
  std::size_t any_type() { return chance(40) ? pick(5) : pick(c_types().size()); }

  std::size_t add(const std::string& name, std::size_t type, bool global);
  void add_variables();
  void add_function();
  void add_prologue();

  CExprPtr constant() {
    const Literal& literal = literals[pick(std::size(literals))];
    return make({CExpr::Kind::constant, literal.type, literal.text, literal.value, {}, 0, {}});
  }
  CExprPtr number(int value) {
    return make({CExpr::Kind::constant, int_type, std::to_string(value), value, {}, 0, {}});
  }
  static CExprPtr make(CExpr expr) { return std::make_shared<const CExpr>(std::move(expr)); }
  CExprPtr two(CExpr::Kind kind, std::size_t type, const std::string& op, CExprPtr a, CExprPtr b) {
    return make({kind, type, op, 0, {}, 0, {std::move(a), std::move(b)}});
  }
  CPlace place();
  std::size_t type_at(const CPlace& place) const { return program_.variables[place.variable].type; }
  CExprPtr read(const CPlace& place) { return make({CExpr::Kind::read, type_at(place), "", 0, place, 0, {}}); }
  CExprPtr binary(const std::string& op, CExprPtr a, CExprPtr b);
  CExprPtr divided(int depth);
  CExprPtr shifted(int depth);
  CExprPtr pure(int depth);
  CExprPtr effect(int depth);
  CExprPtr sequenced(int depth);
  CExprPtr called();

  std::vector<CStmt> block(std::size_t most, int depth);
  CStmt statement(int depth);
  CStmt simple();
  CStmt loop(int depth);
  CStmt switched(int depth);
  CStmt expression(CExprPtr expr) { return {CStmt::Kind::expr, std::move(expr), 0, 0, {}, {}}; }

  std::uint64_t state_;
  CProgram program_;
  std::vector<std::size_t> scalars_, pointers_, counters_, parameters_;
  std::size_t array_ = 0, kept_ = 0;
  std::vector<std::size_t> open_loops_;  // their counters
  bool may_leave_ = false;               // a break or continue may stand here
  bool in_function_ = false;
  int loops_ = 0;
  int labels_ = 0;
};

std::size_t Generator::add(const std::string& name, std::size_t type, bool global) {
  program_.variables.push_back({name, type, wrapped(static_cast<Wide>(pick(5)), c_types()[type]), global, false});
  return program_.variables.size() - 1;
}

void Generator::add_variables() {
  for (int i = 0; i < 3; ++i) scalars_.push_back(add("g" + std::to_string(i), any_type(), true));
  scalars_.push_back(add("s0.f", any_type(), true));
  scalars_.push_back(add("s0.in.f", any_type(), true));
  const std::size_t element = any_type();
  for (int i = 0; i < 4; ++i) {
    const std::size_t variable = add("v[" + std::to_string(i) + "]", element, true);
    if (i == 0) array_ = variable;
  }
  scalars_.push_back(array_ + 1);
  scalars_.push_back(add("l0", program_.variables[1].type, false));
  scalars_.push_back(add("l1", any_type(), false));
  kept_ = add("kept", any_type(), false);
  for (int i = 0; i < 2; ++i) {
    const std::size_t target = static_cast<std::size_t>(i);  // q0 points to the type of g0, p1 to that of g1
    const std::size_t pointer = add(i == 0 ? "q0" : "p1", program_.variables[target].type, i == 0);
    program_.variables[pointer].pointer = true;
    program_.variables[pointer].initial = static_cast<Wide>(target);
    pointers_.push_back(pointer);
  }
  for (int i = 0; i < deepest_block + 2; ++i) {
    counters_.push_back(add("c" + std::to_string(i), int_type, false));
    program_.variables[counters_.back()].initial = 0;
  }
}

CPlace Generator::place() {
  if (in_function_ && chance(50)) return {parameters_[pick(parameters_.size())]};
  if (!in_function_ && chance(15)) return {pointers_[pick(pointers_.size())], true};
  if (!in_function_ && !open_loops_.empty() && chance(30))
    return {array_, false, static_cast<int>(open_loops_[pick(open_loops_.size())])};
  for (;;)
    if (const std::size_t at = scalars_[pick(scalars_.size())]; !in_function_ || program_.variables[at].global)
      return {at};
}

CExprPtr Generator::binary(const std::string& op, CExprPtr a, CExprPtr b) {
  const bool shifts = op == "<<" || op == ">>";
  const bool compares = !shifts && (op == "==" || op == "!=" || op[0] == '<' || op[0] == '>');
  const std::size_t type = compares ? int_type : shifts ? promoted(a->type) : common_type(a->type, b->type);
  return two(CExpr::Kind::binary, type, op, std::move(a), std::move(b));
}

// By something that is at least 1, so that neither 0 nor the least number by -1 divides.
CExprPtr Generator::divided(int depth) {
  CExprPtr by = binary("&", pure(depth - 1), number(15));
  return binary(chance(50) ? "/" : "%", pure(depth - 1), binary("+", std::move(by), number(1)));
}

CExprPtr Generator::shifted(int depth) {
  CExprPtr by = chance(50) ? number(static_cast<int>(pick(32))) : binary("&", pure(depth - 1), number(31));
  return binary(chance(50) ? "<<" : ">>", pure(depth - 1), std::move(by));
}

CExprPtr Generator::pure(int depth) {
  if (depth <= 0 || chance(20)) {
    if (chance(25)) return constant();
    if (!open_loops_.empty() && !in_function_ && chance(15)) return read({open_loops_[pick(open_loops_.size())]});
    return read(place());
  }
  static constexpr const char* operations[] = {"+", "-", "*", "&", "|", "^", "<", "<=", ">", ">=", "==", "!="};
  switch (pick(9)) {
    case 0: {
      const char* op = chance(40) ? "~" : chance(50) ? "-" : "!";
      CExprPtr a = pure(depth - 1);
      const std::size_t type = *op == '!' ? int_type : promoted(a->type);
      return make({CExpr::Kind::unary, type, op, 0, {}, 0, {std::move(a)}});
    }
    case 1:
      return divided(depth);
    case 2:
      return shifted(depth);
    case 3:
      return make({CExpr::Kind::cast, any_type(), "", 0, {}, 0, {pure(depth - 1)}});
    case 4: {
      CExprPtr a = pure(depth - 1);
      CExprPtr b = pure(depth - 1);
      if (chance(50)) return two(CExpr::Kind::logic, int_type, chance(50) ? "&&" : "||", std::move(a), std::move(b));
      const std::size_t type = common_type(a->type, b->type);
      return make({CExpr::Kind::ternary, type, "", 0, {}, 0, {pure(depth - 1), std::move(a), std::move(b)}});
    }
    default:
      return binary(operations[pick(std::size(operations))], pure(depth - 1), pure(depth - 1));
  }
}

// One side effect, at the top.
CExprPtr Generator::effect(int depth) {
  const CPlace to = place();
  if (chance(25)) return make({CExpr::Kind::step, type_at(to), chance(50) ? "++" : "--", chance(50), to, 0, {}});
  if (chance(50)) return make({CExpr::Kind::assign, type_at(to), "=", 0, to, 0, {pure(depth)}});
  static constexpr const char* operations[] = {"+", "-", "*", "&", "|", "^", "<<", ">>", "/", "%"};
  const std::size_t i = pick(std::size(operations));
  CExprPtr right = i < 6 ? pure(depth) : binary("&", pure(depth - 1), number(15));
  if (i >= 8) right = binary("+", std::move(right), number(1));
  return make({CExpr::Kind::assign, type_at(to), operations[i], 0, to, 0, {std::move(right)}});
}

// Side effects with a sequence point between each two.
CExprPtr Generator::sequenced(int depth) {
  if (depth <= 0 || chance(30)) {
    if (chance(40)) return pure(2);
    CExprPtr one = effect(2);
    return chance(50) ? one : binary(chance(50) ? "<" : "!=", std::move(one), constant());
  }
  CExprPtr a = sequenced(depth - 1);
  CExprPtr b = sequenced(depth - 1);
  if (chance(20)) {
    const std::size_t type = b->type;
    return two(CExpr::Kind::comma, type, ",", std::move(a), std::move(b));
  }
  if (chance(65)) return two(CExpr::Kind::logic, int_type, chance(50) ? "&&" : "||", std::move(a), std::move(b));
  const std::size_t type = common_type(a->type, b->type);
  return make({CExpr::Kind::ternary, type, "", 0, {}, 0, {sequenced(depth - 1), std::move(a), std::move(b)}});
}

CExprPtr Generator::called() {
  const std::size_t number = pick(program_.functions.size());
  const CFunction& function = program_.functions[number];
  CExpr expr{CExpr::Kind::call, function.result, "", 0, {}, number, {}};
  for (std::size_t i = 0; i < function.parameters.size(); ++i) expr.operands.push_back(pure(2));
  return make(std::move(expr));
}

CStmt Generator::simple() {
  if (may_leave_ && chance(8)) return {chance(50) ? CStmt::Kind::break_ : CStmt::Kind::continue_, {}, 0, 0, {}, {}};
  if (in_function_ || chance(55)) return expression(effect(3));
  if (chance(30)) return expression(sequenced(2));
  if (chance(30)) {
    const CPlace to = place();
    return expression(make({CExpr::Kind::assign, type_at(to), "=", 0, to, 0, {called()}}));
  }
  if (chance(50))
    return expression(make({CExpr::Kind::assign, program_.variables[kept_].type, "=", 0, {kept_}, 0, {sequenced(2)}}));
  const std::size_t pointer = pointers_[pick(pointers_.size())];
  std::vector<std::size_t> targets;
  for (const std::size_t scalar : scalars_)
    if (program_.variables[scalar].type == program_.variables[pointer].type &&
        (program_.variables[scalar].global || !program_.variables[pointer].global))
      targets.push_back(scalar);
  return {CStmt::Kind::point, {}, pointer, static_cast<int>(targets[pick(targets.size())]), {}, {}};
}

CStmt Generator::loop(int depth) {
  static constexpr CStmt::Kind kinds[] = {CStmt::Kind::for_, CStmt::Kind::while_, CStmt::Kind::do_};
  CStmt out{kinds[pick(3)], {}, counters_[open_loops_.size()], 1 + static_cast<int>(pick(3)), {}, {}};
  ++loops_;
  if (chance(25)) out.expr = pure(2);
  const bool outer = may_leave_;
  may_leave_ = true;
  open_loops_.push_back(out.variable);
  out.blocks.push_back(block(3, depth - 1));
  open_loops_.pop_back();
  may_leave_ = outer;
  return out;
}

CStmt Generator::switched(int depth) {
  CStmt out{CStmt::Kind::switch_, chance(50) ? binary("&", pure(2), number(3)) : pure(2), 0, 0, {}, {}};
  const bool outer = may_leave_;
  may_leave_ = false;
  const std::size_t cases = 2 + pick(3);
  for (std::size_t i = 0; i < cases; ++i) {
    out.blocks.push_back(block(2, depth - 1));
    out.falls.push_back(i + 1 < cases && chance(35));
  }
  may_leave_ = outer;
  return out;
}

CStmt Generator::statement(int depth) {
  if (depth <= 0 || in_function_ || chance(50)) return simple();
  if (chance(40)) {
    CExprPtr condition = chance(15)   ? make({CExpr::Kind::points, int_type, "", 0, {pointers_[0]}, pick(2), {}})
                         : chance(70) ? pure(2)
                                      : sequenced(2);
    CStmt out{CStmt::Kind::if_, std::move(condition), 0, 0, {}, {}};
    out.blocks.push_back(block(3, depth - 1));
    out.blocks.push_back(chance(50) ? block(2, depth - 1) : std::vector<CStmt>{});
    return out;
  }
  if (chance(30) && loops_ < 3) return loop(depth);
  if (chance(30)) return switched(depth);
  if (chance(40)) {
    CStmt out{CStmt::Kind::skip, pure(2), 0, labels_++, {}, {}};
    out.blocks.push_back(block(2, depth - 1));
    return out;
  }
  CStmt out{CStmt::Kind::atomic, {}, 0, 0, {}, {}};
  const bool outer = may_leave_;
  may_leave_ = false;
  out.blocks.push_back(block(3, 0));  // the ways through a section multiply
  may_leave_ = outer;
  return out;
}

std::vector<CStmt> Generator::block(std::size_t most, int depth) {
  std::vector<CStmt> out;
  const std::size_t count = 1 + pick(most);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(statement(depth));
    if (out.back().kind == CStmt::Kind::break_ || out.back().kind == CStmt::Kind::continue_) break;
  }
  return out;
}

void Generator::add_function() {
  const std::size_t number = program_.functions.size();
  const std::string name = "f" + std::to_string(number);
  CFunction out{name, any_type(), {}, {}, {}};
  parameters_.clear();
  for (const char* parameter : {"x", "y"}) {
    parameters_.push_back(add(name + "." + parameter, any_type(), false));
    program_.variables.back().initial = 0;
  }
  out.parameters = parameters_;
  in_function_ = true;
  out.body = block(2, 1);
  out.returns = pure(3);
  in_function_ = false;
  program_.functions.push_back(std::move(out));
}

// Gives some globals more values than are kept apart, so that they become numbers of their own.
void Generator::add_prologue() {
  for (std::size_t variable = 0; variable < array_ + 4; ++variable) {
    if (!chance(35)) continue;
    CStmt out{CStmt::Kind::for_, {}, counters_[0], 14, {}, {}};
    const CPlace to{variable};
    const std::size_t type = type_at(to);
    CExprPtr value = binary("*", read({counters_[0]}), constant());
    out.blocks.push_back({expression(make({CExpr::Kind::assign, type, "=", 0, to, 0, {std::move(value)}}))});
    program_.body.push_back(std::move(out));
    program_.body.push_back(expression(make({CExpr::Kind::assign, type, "=", 0, to, 0, {constant()}})));
  }
}

CProgram Generator::program() {
  add_variables();
  add_function();
  add_function();
  add_prologue();
  const std::vector<CStmt> rest = block(9, deepest_block);
  program_.body.insert(program_.body.end(), rest.begin(), rest.end());
  return std::move(program_);
}

class Printer {
 public:
  explicit Printer(const CProgram& program) : program_(program) {}
  std::string text();

 private:
  std::string name(std::size_t variable) const {
    const std::string& name = program_.variables[variable].name;
    return name[0] == 'f' ? name.substr(name.find('.') + 1) : name;
  }
  std::string type(std::size_t type) const { return c_types()[type].name; }
  std::string at(const CPlace& place) const;
  std::string expr(const CExpr& expr) const;
  std::string block(const std::vector<CStmt>& statements, int indent) const;
  std::string statement(const CStmt& statement, int indent) const;
  std::string loop(const CStmt& statement, int indent) const;
  std::string initial(std::size_t variable) const {
    const CVariable& one = program_.variables[variable];
    const int value = static_cast<int>(one.initial);
    return one.pointer ? "&" + name(static_cast<std::size_t>(value)) : std::to_string(value);
  }

  const CProgram& program_;
};

std::string Printer::at(const CPlace& place) const {
  if (place.through) return "*" + name(place.variable);
  if (place.counter < 0) return name(place.variable);
  return "v[" + name(static_cast<std::size_t>(place.counter)) + " & 3]";
}

std::string Printer::expr(const CExpr& one) const {
  const auto operand = [&](std::size_t i) { return expr(*one.operands[i]); };
  switch (one.kind) {
    case CExpr::Kind::constant:
      return one.op;
    case CExpr::Kind::read:
      return at(one.place);
    case CExpr::Kind::unary:
      return "(" + one.op + " " + operand(0) + ")";
    case CExpr::Kind::binary:
    case CExpr::Kind::logic:
    case CExpr::Kind::comma:
      return "(" + operand(0) + " " + one.op + " " + operand(1) + ")";
    case CExpr::Kind::ternary:
      return "(" + operand(0) + " ? " + operand(1) + " : " + operand(2) + ")";
    case CExpr::Kind::cast:
      return "(" + type(one.type) + ")(" + operand(0) + ")";
    case CExpr::Kind::assign:
      return "(" + at(one.place) + " " + (one.op == "=" ? "" : one.op) + "= " + operand(0) + ")";
    case CExpr::Kind::step:
      return one.value != 0 ? "((" + at(one.place) + ")" + one.op + ")" : "(" + one.op + "(" + at(one.place) + "))";
    case CExpr::Kind::call: {
      std::string arguments;
      for (std::size_t i = 0; i < one.operands.size(); ++i) arguments += (i > 0 ? ", " : "") + operand(i);
      return program_.functions[one.function].name + "(" + arguments + ")";
    }
    case CExpr::Kind::points:
      return "(" + name(one.place.variable) + " == &" + name(one.function) + ")";
  }
  return {};
}

std::string Printer::loop(const CStmt& one, int indent) const {
  const std::string counter = name(one.variable);
  const std::string count = std::to_string(one.count);
  const std::string too = one.expr ? " && " + expr(*one.expr) : "";
  const std::string body =
      "{\n" + block(one.blocks[0], indent + 1) + std::string(static_cast<std::size_t>(indent), '\t') + "}";
  if (one.kind == CStmt::Kind::for_)
    return "for (" + counter + " = 0; " + counter + " < " + count + too + "; " + counter + "++) " + body;
  if (one.kind == CStmt::Kind::while_)
    return counter + " = " + count + "; while (" + counter + "-- > 0" + too + ") " + body;
  return counter + " = " + count + "; do " + body + " while (--" + counter + " > 0" + too + ");";
}

std::string Printer::statement(const CStmt& one, int indent) const {
  const std::string tabs(static_cast<std::size_t>(indent), '\t');
  const auto inner = [&](std::size_t i) { return "{\n" + block(one.blocks[i], indent + 1) + tabs + "}"; };
  switch (one.kind) {
    case CStmt::Kind::expr:
      return expr(*one.expr) + ";";
    case CStmt::Kind::if_:
      return "if (" + expr(*one.expr) + ") " + inner(0) + (one.blocks[1].empty() ? "" : " else " + inner(1));
    case CStmt::Kind::for_:
    case CStmt::Kind::while_:
    case CStmt::Kind::do_:
      return loop(one, indent);
    case CStmt::Kind::switch_: {
      std::string out = "switch (" + expr(*one.expr) + ") {\n";
      for (std::size_t i = 0; i < one.blocks.size(); ++i)
        out += tabs + (i + 1 < one.blocks.size() ? "case " + std::to_string(i) : "default") + ":\n" +
               block(one.blocks[i], indent + 1) + (one.falls[i] ? "" : tabs + "\tbreak;\n");
      return out + tabs + "}";
    }
    case CStmt::Kind::atomic:
      return "__VERIFIER_atomic_begin();\n" + block(one.blocks[0], indent) + tabs + "__VERIFIER_atomic_end();";
    case CStmt::Kind::skip: {
      const std::string label = "end" + std::to_string(one.count);
      return "if (" + expr(*one.expr) + ") goto " + label + ";\n" + block(one.blocks[0], indent) + tabs + label + ": ;";
    }
    case CStmt::Kind::break_:
      return "break;";
    case CStmt::Kind::continue_:
      return "continue;";
    case CStmt::Kind::point:
      return name(one.variable) + " = &" + name(static_cast<std::size_t>(one.count)) + ";";
  }
  return {};
}

std::string Printer::block(const std::vector<CStmt>& statements, int indent) const {
  std::string out;
  for (const CStmt& one : statements)
    out += std::string(static_cast<std::size_t>(indent), '\t') + statement(one, indent) + "\n";
  return out;
}

std::string Printer::text() {
  std::string globals, locals, fields, elements;
  for (std::size_t i = 0; i < program_.variables.size(); ++i) {
    const CVariable& one = program_.variables[i];
    const std::string declared = type(one.type) + (one.pointer ? " *" : " ") + one.name + " = " + initial(i) + ";\n";
    if (one.name[0] == 'f') continue;
    if (one.name == "s0.f")
      globals += "struct inner { " + type(program_.variables[i + 1].type) + " f; };\nstruct s { " + type(one.type) +
                 " f; struct inner in; };\nstruct s s0 = { " + initial(i) + ", { " + initial(i + 1) + " } };\n";
    else if (one.name[0] == 'v')
      elements += (elements.empty() ? type(one.type) + " v[4] = { " : ", ") + initial(i);
    else if (one.name[0] != 's')
      (one.global ? globals : locals) += (one.global ? "" : "\t") + declared;
  }
  std::string out = globals;
  out += elements + " };\n";
  for (const CFunction& one : program_.functions)
    out += "static " + type(one.result) + " " + one.name + "(" + type(program_.variables[one.parameters[0]].type) +
           " x, " + type(program_.variables[one.parameters[1]].type) + " y)\n{\n" + block(one.body, 1) + "\treturn " +
           expr(*one.returns) + ";\n}\n";
  return out + "void a0(void)\n{\n" + locals + block(program_.body, 1) + "}\n";
}

}  // namespace

CProgram random_program(std::uint64_t seed) {
  return Generator(seed).program();
}

std::string to_text(const CProgram& program) {
  return Printer(program).text();
}

}  // namespace hotproof::lower
