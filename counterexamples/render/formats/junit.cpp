// JUnit's XML as build servers read it: a test suite for each tree that was checked, a test case for each property.
#include <algorithm>
#include <cstdio>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/suites.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

std::string seconds(double value) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.3f", value);
  return out.data();
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + xml(value) + "\"";
}

std::size_t count(const Suite& suite, Outcome outcome) {
  return static_cast<std::size_t>(std::count_if(
      suite.tests.begin(), suite.tests.end(), [outcome](const Test& test) { return test.judged.outcome == outcome; }));
}

std::string element(const char* tag, const Test& test, std::string_view type, const std::string& body) {
  const std::string head =
      "      <" + std::string(tag) + attribute("message", test.judged.why) + attribute("type", type);
  return body.empty() ? head + "/>\n" : head + ">" + xml_lines(body) + "</" + tag + ">\n";
}

std::string body_of(const Suite& suite, const Test& test) {
  const PropertyReport* property = test.property;
  const bool violated = property != nullptr && property->verdict == Verdict::violated && property->applicable;
  const std::string run = violated ? violation_text(suite, *property) : "";
  switch (test.judged.outcome) {
    case Outcome::pass:
      return "";
    case Outcome::skip:
      return element("skipped", test, "skipped", "");
    case Outcome::expected:
      return element("skipped", test, "violated", "") + "      <system-out>" + xml_lines(run) + "</system-out>\n";
    case Outcome::fail:
      return element("failure", test, "violated", run);
    case Outcome::undecided:
      return element("error", test, "undecided", "");
  }
  return "";
}

std::string test_case(const Suite& suite, const Test& test) {
  std::string out =
      "    <testcase" + attribute("name", test.name) + attribute("classname", "hotproof." + suite.report->architecture);
  if (const PropertyReport* property = test.property) {
    out += " time=\"" + seconds(property->seconds) + "\"";
    const TraceStep* place = property->trace ? place_of(*property->trace) : nullptr;
    if (place != nullptr) out += attribute("file", place->file) + " line=\"" + std::to_string(place->line) + "\"";
  }
  const std::string body = body_of(suite, test);
  return body.empty() ? out + "/>\n" : out + ">\n" + body + "    </testcase>\n";
}

std::string counts(std::size_t tests, std::size_t failures, std::size_t errors, std::size_t skipped, double time) {
  return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
         std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) + "\" time=\"" + seconds(time) + "\"";
}

std::size_t skipped(const Suite& suite) {
  return count(suite, Outcome::skip) + count(suite, Outcome::expected);
}

std::string test_suite(const Suite& suite, const Context& context) {
  std::string out = "  <testsuite" + attribute("name", suite.name) +
                    counts(suite.tests.size(), count(suite, Outcome::fail), count(suite, Outcome::undecided),
                           skipped(suite), suite.report->seconds_total) +
                    attribute("timestamp", context.created) + ">\n    <properties>\n";
  const auto property = [&out](const char* name, const std::string& value) {
    out += "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
  };
  property("hotproof.version", context.version);
  property("tree", suite.report->tree);
  property("scenario", suite.report->scenario);
  property("engine", suite.report->engine);
  property("verdict", std::string(checker::name(suite.report->verdict)));
  for (const Test& test : suite.tests) {
    if (!test.change.empty() && test.change != "none") property(("change." + test.name).c_str(), test.change);
  }
  out += "    </properties>\n";
  for (const Test& test : suite.tests) out += test_case(suite, test);
  return out + "  </testsuite>\n";
}

std::string document(const std::string& name, const std::vector<Suite>& suites, const Context& context) {
  std::size_t tests = 0, failures = 0, errors = 0, skips = 0;
  double time = 0;
  std::string body;
  for (const Suite& suite : suites) {
    tests += suite.tests.size();
    failures += count(suite, Outcome::fail);
    errors += count(suite, Outcome::undecided);
    skips += skipped(suite);
    time += suite.report->seconds_total;
    body += test_suite(suite, context);
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", name) +
         counts(tests, failures, errors, skips, time) + ">\n" + body + "</testsuites>\n";
}

}  // namespace

std::string junit(const CheckReport& report, const Context& context) {
  return document(report.title, {suite_of(report, context)}, context);
}

std::string junit(const PatchReport& report, const Context& context) {
  return document(report.title, {suite_of(report, context)}, context);
}

std::string junit(const SeriesReport& report, const Context& context) {
  return document(report.title, suites_of(report, context), context);
}

}  // namespace hotproof::render
