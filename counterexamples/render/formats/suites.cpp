#include "counterexamples/render/formats/suites.hpp"

#include "counterexamples/render/text.hpp"

namespace hotproof::render {

using namespace counterexamples;

namespace {

Suite suite_of(const std::string& name, const CheckReport& report, const CheckReport* before, const Context& context) {
  Suite out{name, &report, {}};
  for (const PropertyReport& property : report.properties) {
    const PropertyReport* was = before == nullptr ? nullptr : find(*before, property.id);
    Test test{property.id, judge(property, was, context), &property, ""};
    if (before != nullptr) test.change = std::string(counterexamples::name(change_of(was, &property)));
    out.tests.push_back(std::move(test));
  }
  return out;
}

}  // namespace

Suite suite_of(const CheckReport& report, const Context& context) {
  return suite_of(report.title + ", " + report.architecture, report, nullptr, context);
}

Suite suite_of(const PatchReport& report, const Context& context) {
  return suite_of(report.title + ", " + report.after.architecture, report.after, &report.before, context);
}

std::vector<Suite> suites_of(const SeriesReport& report, const Context& context) {
  std::vector<Suite> out;
  for (const SeriesOnArchitecture& on : report.architectures) {
    // What the tree has by itself is nothing that the series could fail for.
    out.push_back(suite_of(on.architecture + ": without the series", on.base, &on.base, context));
    for (std::size_t i = 0; i < on.prefixes.size(); ++i) {
      const PrefixReport& prefix = on.prefixes[i];
      const std::string patch =
          i < report.patches.size() ? report.patches[i].label + " " + report.patches[i].title : std::to_string(i + 1);
      Suite suite = suite_of(on.architecture + ": after patch " + patch, prefix.report, &on.base, context);
      const bool builds = prefix.unbuilt.empty();
      suite.tests.push_back({"builds", {builds ? Outcome::pass : Outcome::fail, prefix.unbuilt}, nullptr, ""});
      const std::string why = prefix.shadowed.empty() ? "the model executes nothing of this patch" : prefix.shadowed;
      suite.tests.push_back({"executed",
                             {prefix.executed ? Outcome::pass : Outcome::undecided, prefix.executed ? "" : why},
                             nullptr,
                             ""});
      out.push_back(std::move(suite));
    }
  }
  return out;
}

std::string violation_text(const Suite& suite, const PropertyReport& property) {
  return violation(property, suite.report->title, {false, false, 120});
}

}  // namespace hotproof::render
