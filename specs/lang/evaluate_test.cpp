// Expressions of properties against the same arithmetic done in C++.
#include <rapidcheck.h>

#include "model/eval/interpreter.hpp"
#include "specs/lang/test_story.hpp"

using namespace hotproof;
using namespace hotproof::spec::test;

namespace {

struct Cell {
  std::string name;
  std::int64_t value;
};

// Cells of all widths and signs, some behind the extension to 64 bits that lowering puts around them.
std::vector<Cell> add_cells(ir::TransitionSystem& s) {
  std::vector<Cell> out;
  const auto add = [&](int width, bool is_signed, std::int64_t value, bool extended) {
    const std::string name = "c" + std::to_string(out.size());
    const auto var = s.add_variable(
        {.name = name, .width = width, .is_signed = is_signed, .initial = ir::truncate(std::uint64_t(value), width)});
    s.symbols[name] = extended ? s.pool.resize(s.read(var), 64, is_signed) : s.read(var);
    out.push_back({name, value});
  };
  for (const bool extended : {false, true}) {
    add(1, false, 1, extended);
    add(3, false, 5, extended);
    add(8, true, -3, extended);
    add(8, false, 255, extended);
    add(32, true, -22, extended);
    add(32, false, 0x8002, extended);
    add(64, true, -1, extended);
    add(64, true, 0x123456789abcLL, extended);
  }
  return out;
}

std::int64_t wrapped(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

struct Term {
  std::string text;
  std::int64_t value;
};

Term binary(int op, const Term& a, const Term& b) {
  const auto x = static_cast<std::uint64_t>(a.value), y = static_cast<std::uint64_t>(b.value);
  const auto with = [&](const std::string& sign, std::int64_t value) {
    return Term{"(" + a.text + " " + sign + " " + b.text + ")", value};
  };
  switch (op) {
    case 0:
      return with("+", wrapped(x + y));
    case 1:
      return with("-", wrapped(x - y));
    case 2:
      return with("*", wrapped(x * y));
    case 3:
      return with("&", wrapped(x & y));
    case 4:
      return with("|", wrapped(x | y));
    case 5:
      return with("^", wrapped(x ^ y));
    case 6:
      return with("==", a.value == b.value);
    case 7:
      return with("!=", a.value != b.value);
    case 8:
      return with("<", a.value < b.value);
    case 9:
      return with("<=", a.value <= b.value);
    case 10:
      return with(">", a.value > b.value);
    case 11:
      return with(">=", a.value >= b.value);
    case 12:
      return with("&&", a.value != 0 && b.value != 0);
    case 13:
      return with("||", a.value != 0 || b.value != 0);
    default:
      return Term{a.text + " in {7, " + b.text + "} == true", a.value == 7 || a.value == b.value};
  }
}

Term random_term(const std::vector<Cell>& cells, int depth) {
  const int kind = depth == 0 ? *rc::gen::inRange(0, 2) : *rc::gen::inRange(0, 6);
  if (kind == 0) {
    const Cell& cell = cells[*rc::gen::inRange<std::size_t>(0, cells.size())];
    return {"cell(\"" + cell.name + "\")", cell.value};
  }
  if (kind == 1) {
    const auto value = *rc::gen::element<std::int64_t>(0, 1, 2, 5, 7, 8, 127, 128, 255, 256, 0x7fff, 0x8002, 0xfffd,
                                                       0xffffffea, 0x7fffffff, 0x80000000, INT64_MAX);
    return {std::to_string(value), value};
  }
  const Term a = random_term(cells, depth - 1);
  if (kind == 2) {
    const auto bits = static_cast<std::uint64_t>(a.value);
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        return {"!(" + a.text + ")", a.value == 0};
      case 1:
        return {"-(" + a.text + ")", wrapped(0 - bits)};
      default:
        return {"~(" + a.text + ")", wrapped(~bits)};
    }
  }
  const Term b = random_term(cells, depth - 1);
  if (kind == 3) {
    const Term c = random_term(cells, depth - 1);
    return {"(" + a.text + " ? " + b.text + " : " + c.text + ")", a.value != 0 ? b.value : c.value};
  }
  const Term out = binary(*rc::gen::inRange(0, 15), a, b);
  return {"(" + out.text + ")", out.value};
}

bool holds(ir::TransitionSystem s, const std::string& expression) {
  const auto p = property("invariant " + expression + ";");
  const auto made = spec::instrument(s, {&p, 1});
  if (!made) FAIL(to_string(made.error()));
  REQUIRE(made->inapplicable.empty());
  ir::State state;
  for (const auto& variable : made->system.variables) state.push_back(variable.initial);
  return eval::is_true(made->system.pool, made->system.properties.at(0).expr, state);
}

std::string literal(std::int64_t value) {
  if (value == INT64_MIN) return "(-9223372036854775807 - 1)";
  return value < 0 ? "-" + std::to_string(-value) : std::to_string(value);
}

}  // namespace

TEST_CASE("expressions mean what C's 64-bit arithmetic means") {
  ir::TransitionSystem s = Story().system();
  const std::vector<Cell> cells = add_cells(s);
  CHECK(rc::check("random expressions", [&] {
    const Term term = random_term(cells, 4);
    RC_LOG() << term.text << " = " << term.value << "\n";
    RC_ASSERT(holds(s, "(" + term.text + ") == " + literal(term.value)));
    RC_ASSERT(holds(s, "(" + term.text + ") <= " + literal(term.value)));
  }));
}

TEST_CASE("precedence is C's") {
  const ir::TransitionSystem s = Story().system();
  for (const char* text : {"1 + 2 * 3 == 7", "(1 | 2 ^ 2 & 3) == (1 | (2 ^ (2 & 3)))", "1 << 2 + 1 == 8", "!0 == 1",
                           "-1 < 0", "1 || 0 && 0", "7 % 4 - 1 == 2", "-7 / 2 == -3", "-7 % 2 == -1", "-8 >> 1 == -4",
                           "1 ? 0 ? 2 : 3 : 4", "(0 ? 1 : 0 ? 2 : 3) == 3", "10 - 3 - 2 == 5", "~0 == -1",
                           "3 in {1, 3} == true", "0xff == 255", "1 << 64 == 0", "(5 & 4) == 4", "2 > 1 == true"})
    CHECK_MESSAGE(holds(s, text), text);
}

TEST_CASE("comparisons with constants stay as narrow as the cell") {
  ir::TransitionSystem s = Story().system();
  const auto p = property("invariant mem[0].state == MEM_ONLINE;");
  const auto made = spec::instrument(s, {&p, 1});
  REQUIRE(made.has_value());
  const auto& pool = made->system.pool;
  const ir::Node& node = pool[made->system.properties[0].expr];
  CHECK(node.op == ir::Op::eq);
  CHECK(pool[node.args[0]].width == 32);
}
