// Parameters: unknown constants, against the same text with each number that satisfies the requirements.
#include <doctest/doctest.h>

#include "model/lower/explored_test.hpp"

namespace hotproof::lower {
namespace {

// `body` of a0 with n unknown in 0 … 4 but not 3, r starting as n + 1, and `has` as n != 0; what is written into r.
std::string with_unknown(const std::string& globals, const std::string& body, const Explored::Adjust& adjust = {}) {
  return explored("unsigned long n;\nunsigned char r;\nint has;\n" + globals +
                      "void hp_init(void)\n{\n\tn = __hp_parameter(\"n\", 0, 4);\n"
                      "\t__hp_require(n != 3, \"n is not three\");\n\thas = n != 0;\n\tr = n + 1;\n}\n"
                      "void a0(void)\n{\n" + body + "\n}\n",
                  adjust)
      .finals("n r");
}

}  // namespace

TEST_CASE("parameters: a global that is written starts as an expression over one") {
  CHECK(with_unknown("", "r = r + n; if (has) r--;") == "0 1; 1 2; 2 4; 4 8");
  CHECK(with_unknown("", "if (n > 1) r = 0; else r = 7;") == "0 7; 1 7; 2 0; 4 0");
}

TEST_CASE("parameters: locals hold expressions over steps of others") {
  CHECK(with_unknown("int x;\n", "unsigned long k = n * 3; x = 1; x = 2; if (k == 6) r = k; else r = 0;") ==
        "0 0; 1 0; 2 6; 4 0");
  CHECK(with_unknown("int x;\nstatic unsigned long twice(unsigned long v) { x = 1; return v + v; }\n",
                     "r = twice(n) - n - n + twice(n + 1);") == "0 2; 1 4; 2 6; 4 10");
}

TEST_CASE("parameters: a branch that is decided for all has one way") {
  int asked = 0;
  const Explored::Adjust decides = [&](Options& options) {
    // Decides that n is below 5, and nothing else.
    options.decide = [&](const ir::ExprPool& pool, ir::ExprId, ir::ExprId truth) -> std::optional<bool> {
      ++asked;
      const ir::Node& node = pool[truth];
      if (node.op == ir::Op::ult && pool.is_constant(node.args[1]) && pool[node.args[1]].value == 5) return true;
      return std::nullopt;
    };
  };
  CHECK(with_unknown("", "if (n < 5) r = 1; else __hp_give_up(\"no way here\");", decides) == "0 1; 1 1; 2 1; 4 1");
  CHECK(asked > 0);
}

TEST_CASE("parameters: what is said of them") {
  const Explored some = explored(
      "unsigned long n;\nunsigned char r;\nvoid hp_init(void)\n{\n\tn = __hp_parameter(\"pages\", 1, 9);\n"
      "\t__hp_require((n & (n - 1)) == 0, \"a power of two\");\n}\nvoid a0(void) { r = n; }\n");
  CHECK(some.finals("r") == "1; 2; 4; 8");
  const Report& report = some.lowered().report;
  REQUIRE(report.parameters.size() == 1);
  CHECK(report.parameters[0].name == "pages");
  CHECK(report.parameters[0].low == 1);
  CHECK(report.parameters[0].high == 9);
  CHECK(report.requirements == std::vector<std::string>{"a power of two"});
}

TEST_CASE("parameters: only while starting up, and never none") {
  CHECK(Explored("unsigned long n;\nvoid a0(void) { n = __hp_parameter(\"n\", 0, 4); }\n").not_understood() ==
        "a parameter that is not named while starting up");
  CHECK(Explored("unsigned long n;\nvoid hp_init(void) { n = __hp_parameter(\"n\", 4, 0); }\nvoid a0(void) { }\n").error !=
        "");
  CHECK(Explored("unsigned long n;\nvoid hp_init(void) { __hp_require(n == 1, \"n is one\"); }\nvoid a0(void) { }\n")
            .error.find("n is one") != std::string::npos);
}

}  // namespace hotproof::lower
