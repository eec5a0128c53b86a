#include "model/lower/random_c_test.hpp"

#include <functional>

namespace hotproof::lower {

const std::vector<CType>& c_types() {
  static const std::vector<CType> types = {
      {"int", 32, true, 3},        {"unsigned int", 32, false, 3},       {"bool", 1, false, 0},
      {"signed char", 8, true, 1}, {"unsigned char", 8, false, 1},       {"short", 16, true, 2},
      {"long", 64, true, 4},       {"unsigned short", 16, false, 2},     {"unsigned long", 64, false, 4},
      {"long long", 64, true, 5},  {"unsigned long long", 64, false, 5},
  };
  return types;
}

Wide wrapped(Wide value, const CType& type) {
  if (type.bits == 1) return value != 0 ? 1 : 0;
  const Wide span = Wide{1} << type.bits;
  Wide low = value & (span - 1);
  if (type.is_signed && low >= span / 2) low -= span;
  return low;
}

std::size_t promoted(std::size_t type) {
  return c_types()[type].rank < 3 ? 0 : type;
}

std::size_t common_type(std::size_t a, std::size_t b) {
  a = promoted(a);
  b = promoted(b);
  const CType& x = c_types()[a];
  const CType& y = c_types()[b];
  if (x.is_signed == y.is_signed) return x.rank >= y.rank ? a : b;
  const std::size_t is_unsigned = x.is_signed ? b : a;
  const std::size_t is_signed = x.is_signed ? a : b;
  const CType& u = c_types()[is_unsigned];
  const CType& s = c_types()[is_signed];
  if (u.rank >= s.rank) return is_unsigned;
  if (s.bits > u.bits) return is_signed;
  return is_signed + 1;  // the unsigned type of that rank follows it
}

namespace {

enum class Flow { next, break_, continue_ };

class Runner {
 public:
  explicit Runner(const CProgram& program) : program_(program) {
    for (const CVariable& variable : program.variables) values.push_back(variable.initial);
  }
  void run() { block(program_.body); }
  std::vector<Wide> values;

 private:
  const CType& type_of(std::size_t type) const { return c_types()[type]; }
  std::size_t at(const CPlace& place) const {
    if (place.through) return static_cast<std::size_t>(values[place.variable]);
    if (place.counter < 0) return place.variable;
    return place.variable + static_cast<std::size_t>(values[static_cast<std::size_t>(place.counter)] & 3);
  }
  Wide store(const CPlace& place, Wide value) {
    const std::size_t variable = at(place);
    return values[variable] = wrapped(value, type_of(program_.variables[variable].type));
  }
  Wide operation(const std::string& op, Wide a, Wide b) const;
  Wide binary(const std::string& op, std::size_t a_type, Wide a, std::size_t b_type, Wide b) const;
  Wide value(const CExpr& expr);
  Wide call(const CExpr& expr);
  Wide assign(const CExpr& expr);
  Flow block(const std::vector<CStmt>& statements);
  Flow statement(const CStmt& statement);
  void loop(const CStmt& statement);
  Flow choose(const CStmt& statement);

  const CProgram& program_;
};

// On operands of the common type; the result is wrapped by the caller.
Wide Runner::operation(const std::string& op, Wide a, Wide b) const {
  __extension__ typedef unsigned __int128 Bits;
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return static_cast<Wide>(static_cast<Bits>(a) * static_cast<Bits>(b));
  if (op == "/") return a / b;
  if (op == "%") return a % b;
  if (op == "&") return a & b;
  if (op == "|") return a | b;
  if (op == "^") return a ^ b;
  if (op == "<<") return static_cast<Wide>(static_cast<Bits>(a) << static_cast<int>(b));
  if (op == ">>") return a >> static_cast<int>(b);
  if (op == "==") return a == b;
  if (op == "!=") return a != b;
  if (op == "<") return a < b;
  if (op == "<=") return a <= b;
  if (op == ">") return a > b;
  return a >= b;
}

Wide Runner::binary(const std::string& op, std::size_t a_type, Wide a, std::size_t b_type, Wide b) const {
  if (op == "<<" || op == ">>") return wrapped(operation(op, a, b), type_of(promoted(a_type)));
  const CType& common = type_of(common_type(a_type, b_type));
  const Wide result = operation(op, wrapped(a, common), wrapped(b, common));
  const bool compares = op == "==" || op == "!=" || op[0] == '<' || op[0] == '>';
  return compares ? result : wrapped(result, common);
}

Wide Runner::assign(const CExpr& expr) {
  if (expr.op == "=") return store(expr.place, value(*expr.operands[0]));
  const std::size_t variable = at(expr.place);
  const Wide right = value(*expr.operands[0]);
  return store(expr.place,
               binary(expr.op, program_.variables[variable].type, values[variable], expr.operands[0]->type, right));
}

Wide Runner::call(const CExpr& expr) {
  const CFunction& function = program_.functions[expr.function];
  std::vector<Wide> arguments;
  for (const CExprPtr& operand : expr.operands) arguments.push_back(value(*operand));
  for (std::size_t i = 0; i < arguments.size(); ++i) store({function.parameters[i]}, arguments[i]);
  block(function.body);
  return wrapped(value(*function.returns), type_of(function.result));
}

Wide Runner::value(const CExpr& expr) {
  const auto operand = [&](std::size_t i) { return value(*expr.operands[i]); };
  switch (expr.kind) {
    case CExpr::Kind::constant:
      return expr.value;
    case CExpr::Kind::read:
      return values[at(expr.place)];
    case CExpr::Kind::unary: {
      const Wide a = operand(0);
      if (expr.op == "!") return a == 0;
      return wrapped(expr.op == "-" ? -a : ~a, type_of(expr.type));
    }
    case CExpr::Kind::binary: {
      const Wide a = operand(0);
      return binary(expr.op, expr.operands[0]->type, a, expr.operands[1]->type, operand(1));
    }
    case CExpr::Kind::logic:
      return expr.op == "&&" ? operand(0) != 0 && operand(1) != 0 : operand(0) != 0 || operand(1) != 0;
    case CExpr::Kind::ternary:
      return wrapped(operand(0) != 0 ? operand(1) : operand(2), type_of(expr.type));
    case CExpr::Kind::comma:
      operand(0);
      return operand(1);
    case CExpr::Kind::cast:
      return wrapped(operand(0), type_of(expr.type));
    case CExpr::Kind::assign:
      return assign(expr);
    case CExpr::Kind::step: {
      const Wide before = values[at(expr.place)];
      const Wide after = store(expr.place, expr.op == "++" ? before + 1 : before - 1);
      return expr.value != 0 ? before : after;
    }
    case CExpr::Kind::call:
      return call(expr);
    case CExpr::Kind::points:
      return values[expr.place.variable] == static_cast<Wide>(expr.function);
  }
  return 0;
}

Flow Runner::block(const std::vector<CStmt>& statements) {
  for (const CStmt& one : statements)
    if (const Flow flow = statement(one); flow != Flow::next) return flow;
  return Flow::next;
}

void Runner::loop(const CStmt& statement) {
  Wide& counter = values[statement.variable];
  const bool is_for = statement.kind == CStmt::Kind::for_;
  const auto go = [&] { return !statement.expr || value(*statement.expr) != 0; };
  counter = is_for ? 0 : statement.count;
  if (is_for) {
    for (; counter < statement.count && go(); ++counter)
      if (block(statement.blocks[0]) == Flow::break_) break;
  } else if (statement.kind == CStmt::Kind::while_) {
    while (counter-- > 0 && go())
      if (block(statement.blocks[0]) == Flow::break_) break;
  } else {
    do {
      if (block(statement.blocks[0]) == Flow::break_) break;
    } while (--counter > 0 && go());
  }
}

Flow Runner::choose(const CStmt& statement) {
  const Wide decides = value(*statement.expr);
  std::size_t i = statement.blocks.size() - 1;
  if (decides >= 0 && decides < static_cast<Wide>(i)) i = static_cast<std::size_t>(decides);
  for (; i < statement.blocks.size(); ++i) {
    if (const Flow flow = block(statement.blocks[i]); flow != Flow::next) return flow;
    if (!statement.falls[i]) break;
  }
  return Flow::next;
}

Flow Runner::statement(const CStmt& statement) {
  switch (statement.kind) {
    case CStmt::Kind::expr:
      value(*statement.expr);
      return Flow::next;
    case CStmt::Kind::if_:
      return block(statement.blocks[value(*statement.expr) != 0 ? 0 : 1]);
    case CStmt::Kind::for_:
    case CStmt::Kind::while_:
    case CStmt::Kind::do_:
      loop(statement);
      return Flow::next;
    case CStmt::Kind::switch_:
      return choose(statement);
    case CStmt::Kind::atomic:
      return block(statement.blocks[0]);
    case CStmt::Kind::skip:
      return value(*statement.expr) != 0 ? Flow::next : block(statement.blocks[0]);
    case CStmt::Kind::break_:
      return Flow::break_;
    case CStmt::Kind::continue_:
      return Flow::continue_;
    case CStmt::Kind::point:
      values[statement.variable] = statement.count;
      return Flow::next;
  }
  return Flow::next;
}

// Calls `visit` with each block of statements, the outermost last.
void each_block(std::vector<CStmt>& block, const std::function<void(std::vector<CStmt>&)>& visit) {
  for (CStmt& statement : block)
    for (auto& inner : statement.blocks) each_block(inner, visit);
  visit(block);
}

void each_block(CProgram& program, const std::function<void(std::vector<CStmt>&)>& visit) {
  for (CFunction& function : program.functions) each_block(function.body, visit);
  each_block(program.body, visit);
}

}  // namespace

std::vector<Wide> run(const CProgram& program) {
  Runner runner(program);
  runner.run();
  return runner.values;
}

std::vector<CProgram> smaller(const CProgram& program) {
  std::vector<CProgram> out;
  const auto change = [&](std::size_t block, const std::function<void(std::vector<CStmt>&)>& how) {
    out.push_back(program);
    std::size_t number = 0;
    each_block(out.back(), [&](std::vector<CStmt>& one) {
      if (number++ == block) how(one);
    });
  };
  CProgram copy = program;
  std::size_t number = 0;
  each_block(copy, [&](std::vector<CStmt>& one) {
    for (std::size_t i = 0; i < one.size(); ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      change(number, [&](std::vector<CStmt>& block) { block.erase(block.begin() + at); });
      if (one[i].kind != CStmt::Kind::if_ && one[i].kind != CStmt::Kind::atomic) continue;
      for (std::size_t b = 0; b < one[i].blocks.size(); ++b)
        change(number, [&](std::vector<CStmt>& block) {
          const std::vector<CStmt> inner = block[i].blocks[b];
          block.erase(block.begin() + at);
          block.insert(block.begin() + at, inner.begin(), inner.end());
        });
    }
    ++number;
  });
  return out;
}

}  // namespace hotproof::lower
