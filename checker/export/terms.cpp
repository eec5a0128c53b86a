#include "checker/export/terms.hpp"

#include <algorithm>

#include "model/eval/interpreter.hpp"

namespace hotproof::checker::exports {

using ir::ExprId;
using ir::Node;
using ir::Op;
using ir::VarId;

namespace {

constexpr int number_bits = 31;  // of the languages' numbers, beside the sign
constexpr std::size_t most_cases = 1U << 16U;
constexpr std::size_t longest_text = 1U << 18U;

std::string literal(std::uint64_t value) {
  return std::to_string(value);
}

std::string truth(bool value) {
  return value ? "true" : "false";
}

std::string binary(const std::string& a, const char* op, const std::string& b) {
  return "(" + a + op + b + ")";
}

std::string negation(const std::string& a) {
  if (a == "true") return "false";
  if (a == "false") return "true";
  return "!(" + a + ")";
}

std::uint64_t ones(int width) {
  return ir::truncate(~std::uint64_t{0}, width);
}

std::uint64_t sign(int width) {
  return std::uint64_t{1} << (width - 1);
}

}  // namespace

Terms::Terms(ir::TransitionSystem& system, const std::vector<Numbers>& numbers, const Dialect& dialect,
             std::size_t longest)
    : system_(system), numbers_(numbers), dialect_(dialect), longest_(longest) {}

std::string Terms::condition(ExprId expr) {
  const Text found = text(expr);
  return found ? *found : give_up(expr);
}

std::optional<std::string> Terms::short_condition(ExprId expr, std::size_t longest) {
  Text out = text(expr);
  if (out && out->size() > longest) out.reset();
  return out;
}

std::string Terms::number(VarId var, ExprId expr) {
  const Text found = number_text(var, expr);
  return found ? *found : give_up(expr);
}

std::string Terms::give_up(ExprId expr) {
  if (fault_) return "";
  std::string names;
  for (const VarId var : system_.pool.variables(expr)) names += (names.empty() ? "" : ", ") + system_[var].name;
  if (names.size() > 200) names = names.substr(0, names.rfind(',', 200)) + " and others";
  fault_ = "an expression is too large, or over too many values, for a text: it reads " + names;
  return "";
}

Terms::Text Terms::text(ExprId expr) {
  const auto known = known_.find(expr);
  if (known != known_.end()) return known->second;
  Text out = made(expr);
  if (out && out->size() > longest_ && system_.pool[expr].width == 1) {
    named_.push_back(std::move(*out));
    out = name_of(named_.size() - 1);
  }
  if (out && out->size() > longest_text) out.reset();
  known_[expr] = out;
  return out;
}

Terms::Text Terms::made(ExprId expr) {
  const Node node = system_.pool[expr];  // a copy: the pool may grow
  if (node.width > number_bits) return std::nullopt;
  const Leaf plainly = [width = node.width](std::uint64_t value) { return width == 1 ? truth(value != 0) : literal(value); };
  if (node.op == Op::constant) return plainly(node.value);
  if (is_one_list(expr)) return by_cases(expr, plainly);
  if (node.op == Op::variable) return dialect_.variable(static_cast<VarId>(node.value));
  if (const Text natively = operation(node)) return natively;
  if (const Text by_values = by_cases(expr, plainly)) return by_values;
  return by_choice(node);
}

// A comparison of wide values that a condition chooses is a choice between two comparisons of fewer variables.
Terms::Text Terms::by_choice(const Node& node) {
  if (node.width != 1 || node.op < Op::eq || node.op > Op::sle) return std::nullopt;
  ir::ExprPool& pool = system_.pool;
  for (int i = 0; i < 2; ++i) {
    const Node chosen = pool[node.args[i]];
    const bool is_extended = chosen.op == Op::zext || chosen.op == Op::sext;
    const Node inner = is_extended ? pool[chosen.args[0]] : chosen;
    if (inner.op != Op::ite) continue;
    ExprId ways[2];
    for (int way = 0; way < 2; ++way) {
      ExprId args[2] = {node.args[0], node.args[1]};
      args[i] = pool.resize(inner.args[1 + way], chosen.width, chosen.op == Op::sext);
      ways[way] = pool.binary(node.op, args[0], args[1]);
    }
    const Text condition = text(inner.args[0]);
    const Text a = text(ways[0]);
    const Text b = text(ways[1]);
    if (condition && a && b) return dialect_.choice(*condition, *a, *b);
  }
  return std::nullopt;
}

// One variable, of which only a place in a list is written, or a condition on one whose values are known: cases say more
// than operations do.
bool Terms::is_one_list(ExprId expr) const {
  const auto variables = system_.pool.variables(expr);
  if (variables.size() != 1 || system_.pool[expr].op == Op::variable) return variables.size() == 1 && is_list(variables[0]);
  const bool is_condition = system_.pool[expr].width == 1 && !numbers_[ir::index(variables[0])].values.empty();
  return is_condition || is_list(variables[0]);
}

bool Terms::is_list(VarId var) const {
  return numbers_[ir::index(var)].indexed || !dialect_.is_number(var);
}

Terms::Text Terms::operation(const Node& node) {
  std::vector<std::string> args;
  for (int i = 0; i < ir::arity(node.op); ++i) {
    const Text arg = text(node.args[i]);
    if (!arg) return std::nullopt;
    args.push_back(*arg);
  }
  if (node.op == Op::ite) return dialect_.choice(args[0], args[1], args[2]);
  if (node.op == Op::zext || node.op == Op::sext || node.op == Op::trunc) return resized(node, args[0]);
  if (system_.pool[node.args[0]].width == 1) return truth_operation(node.op, args);
  if (node.width == 1) return comparison(node, args);
  return number_operation(node, args);
}

// Both operands have 1 bit; read as signed, 1 is below 0.
Terms::Text Terms::truth_operation(Op op, const std::vector<std::string>& args) const {
  switch (op) {
    case Op::not_:
      return negation(args[0]);
    case Op::and_:
      return binary(args[0], dialect_.both(), args[1]);
    case Op::or_:
      return binary(args[0], dialect_.either(), args[1]);
    case Op::eq:
      return binary(args[0], dialect_.equal(), args[1]);
    case Op::xor_:
      return negation(binary(args[0], dialect_.equal(), args[1]));
    case Op::ult:
      return binary(negation(args[0]), dialect_.both(), args[1]);
    case Op::ule:
      return binary(negation(args[0]), dialect_.either(), args[1]);
    case Op::slt:
      return binary(args[0], dialect_.both(), negation(args[1]));
    case Op::sle:
      return binary(args[0], dialect_.either(), negation(args[1]));
    default:
      return std::nullopt;
  }
}

// No operand is negative, and nothing on the way to the result may be, nor have more than 31 bits.
Terms::Text Terms::number_operation(const Node& node, const std::vector<std::string>& args) const {
  const int w = node.width;
  const std::string& a = args[0];
  if (node.op == Op::not_) return binary(literal(ones(w)), " - ", a);
  if (node.op == Op::udiv || node.op == Op::urem) return division(node, args);
  if (node.op == Op::shl || node.op == Op::lshr) return shift(node, a);
  if (w == number_bits) return std::nullopt;
  const std::string modulus = literal(ones(w) + 1);
  switch (node.op) {
    case Op::neg:
      return binary(binary(modulus, " - ", a), " % ", modulus);
    case Op::add:
      return binary(binary(a, " + ", args[1]), " % ", modulus);
    case Op::sub:
      return binary(binary(binary(a, " + ", modulus), " - ", args[1]), " % ", modulus);
    case Op::mul:
      return 2 * w <= number_bits ? Text(binary(binary(a, " * ", args[1]), " % ", modulus)) : std::nullopt;
    default:
      return std::nullopt;
  }
}

Terms::Text Terms::division(const Node& node, const std::vector<std::string>& args) const {
  const Node& divisor = system_.pool[node.args[1]];
  if (divisor.op != Op::constant || divisor.value == 0) return std::nullopt;
  return binary(args[0], node.op == Op::udiv ? " / " : " % ", args[1]);
}

Terms::Text Terms::shift(const Node& node, const std::string& arg) const {
  const Node& by = system_.pool[node.args[1]];
  if (by.op != Op::constant) return std::nullopt;
  if (by.value >= static_cast<std::uint64_t>(node.width)) return literal(0);
  const std::string factor = literal(std::uint64_t{1} << by.value);
  if (node.op == Op::lshr) return binary(arg, " / ", factor);
  if (node.width + static_cast<int>(by.value) > number_bits || node.width == number_bits) return std::nullopt;
  return binary(binary(arg, " * ", factor), " % ", literal(ones(node.width) + 1));
}

// With the sign bit flipped, signed numbers are in the order of unsigned ones.
std::string Terms::with_flipped_sign(const std::string& text, ExprId expr) const {
  const Node& node = system_.pool[expr];
  const std::string bit = literal(sign(node.width));
  if (node.op == Op::constant) return literal(node.value ^ sign(node.width));
  if (node.width == number_bits) return "((" + text + " % " + bit + ") + (1 - " + text + " / " + bit + ") * " + bit + ")";
  return binary(binary(text, " + ", bit), " % ", literal(ones(node.width) + 1));
}

Terms::Text Terms::comparison(const Node& node, const std::vector<std::string>& args) const {
  if (node.op == Op::eq) return binary(args[0], dialect_.equal(), args[1]);
  const char* op = node.op == Op::ult || node.op == Op::slt ? " < " : " <= ";
  if (node.op == Op::ult || node.op == Op::ule) return binary(args[0], op, args[1]);
  return binary(with_flipped_sign(args[0], node.args[0]), op, with_flipped_sign(args[1], node.args[1]));
}

Terms::Text Terms::resized(const Node& node, const std::string& arg) const {
  const int from = system_.pool[node.args[0]].width;
  if (node.op == Op::trunc && node.width == 1)
    return binary(binary(arg, " % ", literal(2)), dialect_.equal(), literal(1));
  if (node.op == Op::trunc) return binary(arg, " % ", literal(ones(node.width) + 1));
  if (from == 1) return dialect_.choice(arg, literal(node.op == Op::sext ? ones(node.width) : 1), literal(0));
  if (node.op == Op::zext) return arg;
  // Below the sign bit a number stays as it is; from it on, the new bits are ones.
  return dialect_.choice(binary(arg, " < ", literal(sign(from))), arg,
                         binary(arg, " + ", literal(ones(node.width) - ones(from))));
}

Terms::Text Terms::number_text(VarId var, ExprId expr) {
  const Numbers& numbers = numbers_[ir::index(var)];
  const Node node = system_.pool[expr];  // a copy: the pool may grow
  const Leaf leaf = [&](std::uint64_t value) -> Text {
    if (node.width == 1) return truth(value != 0);
    const auto number = number_of(numbers, value);
    return number ? Text(literal(*number)) : std::nullopt;
  };
  // A constant that the variable never has: the update never happens.
  if (node.op == Op::constant) return leaf(node.value).value_or(literal(0));
  if (node.op == Op::variable && dialect_.is_number(static_cast<VarId>(node.value))) {
    const Numbers& other = numbers_[node.value];
    if (node.width == 1 || other.indexed == numbers.indexed)
      if (!numbers.indexed || other.values == numbers.values) return dialect_.variable(static_cast<VarId>(node.value));
  }
  if (!numbers.indexed && node.width <= number_bits) return text(expr);
  if (node.op == Op::ite) {
    const Text condition = text(node.args[0]);
    const Text a = number_text(var, node.args[1]);
    const Text b = number_text(var, node.args[2]);
    if (condition && a && b) return dialect_.choice(*condition, *a, *b);
  }
  return by_cases(expr, leaf);
}

std::vector<std::uint64_t> Terms::values_of(VarId var) const {
  const Numbers& numbers = numbers_[ir::index(var)];
  if (!numbers.values.empty()) return numbers.values;
  std::vector<std::uint64_t> out;
  for (std::uint64_t value = 0; value <= numbers.most; ++value) out.push_back(value);
  return out;
}

Terms::Text Terms::by_cases(ExprId expr, const Leaf& leaf) {
  const auto variables = system_.pool.variables(expr);
  std::size_t count = 1;
  for (const VarId var : variables) {
    const Numbers& numbers = numbers_[ir::index(var)];
    if (numbers.values.empty() && numbers.most >= most_cases) return std::nullopt;
    count *= numbers.values.empty() ? numbers.most + 1 : numbers.values.size();
    if (count > most_cases) return std::nullopt;
  }
  ir::State state(system_.variables.size());
  const Text out = cases(expr, leaf, variables, 0, state);
  // Nothing that occurs: it is never evaluated.
  return out ? out : Text(system_.pool[expr].width == 1 ? truth(false) : literal(0));
}

// Nothing: no value that occurs is the result of any of these cases.
Terms::Text Terms::cases(ExprId expr, const Leaf& leaf, const std::vector<VarId>& variables, std::size_t next,
                         ir::State& state) {
  if (next == variables.size()) return leaf(eval::evaluate(system_.pool, expr, state));
  const VarId var = variables[next];
  std::vector<Group> groups;
  std::size_t size = 0;
  for (const std::uint64_t value : values_of(var)) {
    state[ir::index(var)] = value;
    const Text result = cases(expr, leaf, variables, next + 1, state);
    if (!result) continue;
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.text == *result; });
    const std::uint64_t number = *number_of(numbers_[ir::index(var)], value);
    if (same != groups.end()) {
      same->numbers.push_back(number);
    } else {
      groups.push_back({*result, {number}});
      size += result->size();
    }
    if (size > longest_text) break;
  }
  if (groups.empty()) return std::nullopt;
  return told_apart(var, std::move(groups));
}

// The group with the most numbers is what is left when the others are ruled out.
std::string Terms::told_apart(VarId var, std::vector<Group> groups) const {
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return a.numbers.size() < b.numbers.size(); });
  std::string out = groups.back().text;
  for (std::size_t i = groups.size() - 1; i-- > 0;) {
    const std::string here = among(var, groups[i].numbers);
    const std::string& text = groups[i].text;
    if (text == "true" && out == "false")
      out = here;
    else if (text == "false" && out == "true")
      out = negation(here);
    else if (text == "true")
      out = binary(here, dialect_.either(), out);
    else if (text == "false")
      out = binary(negation(here), dialect_.both(), out);
    else if (out == "false")
      out = binary(here, dialect_.both(), text);
    else
      out = dialect_.choice(here, text, out);
  }
  return out;
}

std::string Terms::among(VarId var, const std::vector<std::uint64_t>& numbers) const {
  if (system_[var].width == 1 && dialect_.is_number(var)) {
    if (numbers.size() > 1) return "true";
    return numbers[0] == 1 ? dialect_.variable(var) : negation(dialect_.variable(var));
  }
  std::string out;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : dialect_.either()) + part; };
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::size_t end = i;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    if (end < i + 2 || !dialect_.is_number(var)) {
      add(dialect_.has(var, numbers[i]));
      continue;
    }
    const std::string name = dialect_.variable(var);
    add("(" + literal(numbers[i]) + " <= " + name + dialect_.both() + name + " <= " + literal(numbers[end]) + ")");
    i = end;
  }
  return "(" + out + ")";
}

}  // namespace hotproof::checker::exports
