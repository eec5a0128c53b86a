// KTAP version 1 (Documentation/dev-tools/ktap.rst): a test for each property, for a series a subtest for each tree.
#include <algorithm>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/suites.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

// A description holds no '#': what follows one is a directive.
std::string description(const std::string& text) {
  std::string out = plain(text, 120, false);
  std::replace(out.begin(), out.end(), '#', '_');
  return out;
}

std::string diagnostics(const std::string& text, const std::string& indent) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += indent + "# " + plain(text.substr(at, end - at), 240, false) + "\n";
    at = end + 1;
  }
  return out;
}

std::string directive(const Judged& judged) {
  const std::string why = judged.why.empty() ? "" : " " + plain(judged.why, 240, false);
  switch (judged.outcome) {
    case Outcome::pass:
    case Outcome::fail:
      return "";
    case Outcome::skip:
      return " # SKIP" + why;
    case Outcome::expected:
      return " # XFAIL" + why;
    case Outcome::undecided:
      return " # ERROR" + why;
  }
  return "";
}

bool passes(const Judged& judged) {
  return judged.outcome != Outcome::fail && judged.outcome != Outcome::undecided;
}

std::string result(std::size_t number, const std::string& name, const Judged& judged) {
  return std::string(passes(judged) ? "ok " : "not ok ") + std::to_string(number) + " " + description(name) +
         directive(judged) + "\n";
}

std::string results(const Suite& suite, const std::string& indent) {
  std::string out = indent + "KTAP version 1\n" + indent + "1.." + std::to_string(suite.tests.size()) + "\n";
  out += diagnostics("Subtest: " + suite.name, indent) + diagnostics(suite.report->scenario, indent);
  for (std::size_t i = 0; i < suite.tests.size(); ++i) {
    const Test& test = suite.tests[i];
    const bool violated = test.property != nullptr && test.property->verdict == Verdict::violated;
    if (violated && test.property->applicable) out += diagnostics(violation_text(suite, *test.property), indent);
    if (!test.change.empty() && test.change != "none") out += diagnostics("change: " + test.change, indent);
    if (test.property == nullptr && !test.judged.why.empty()) out += diagnostics(test.judged.why, indent);
    out += indent + result(i + 1, test.name, test.judged);
  }
  return out;
}

}  // namespace

std::string ktap(const CheckReport& report, const Context& context) {
  return results(suite_of(report, context), "");
}

std::string ktap(const PatchReport& report, const Context& context) {
  return results(suite_of(report, context), "");
}

std::string ktap(const SeriesReport& report, const Context& context) {
  const std::vector<Suite> suites = suites_of(report, context);
  std::string out = "KTAP version 1\n1.." + std::to_string(suites.size()) + "\n";
  for (std::size_t i = 0; i < suites.size(); ++i) {
    out += results(suites[i], "  ");
    const bool all = std::all_of(suites[i].tests.begin(), suites[i].tests.end(),
                                 [](const Test& test) { return passes(test.judged); });
    out += result(i + 1, suites[i].name, {all ? Outcome::pass : Outcome::fail, ""});
  }
  return out;
}

}  // namespace hotproof::render
