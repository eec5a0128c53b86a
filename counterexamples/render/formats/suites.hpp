// What JUnit and KTAP share: a report as named lists of tests.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/render/formats/formats.hpp"
#include "counterexamples/render/formats/judged.hpp"

namespace hotproof::render {

struct Test {
  std::string name;
  Judged judged;
  const counterexamples::PropertyReport* property = nullptr;  // null: the test is about the patch itself
  std::string change;                                         // "new", "fixed", …; empty: nothing was compared
};

struct Suite {
  std::string name;
  const counterexamples::CheckReport* report = nullptr;
  std::vector<Test> tests;
};

Suite suite_of(const counterexamples::CheckReport& report, const Context& context);
Suite suite_of(const counterexamples::PatchReport& report, const Context& context);
// Each architecture: the tree as it is, and after each patch, seen from the tree as it is.
std::vector<Suite> suites_of(const counterexamples::SeriesReport& report, const Context& context);

// The violation as the terminal shows it, without colours; ASCII.
std::string violation_text(const Suite& suite, const counterexamples::PropertyReport& property);

}  // namespace hotproof::render
