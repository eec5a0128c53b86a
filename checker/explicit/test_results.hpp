// Results held against each other, for the tests of this folder.
#pragma once

#include <doctest/doctest.h>

#include "checker/result.hpp"

namespace hotproof::checker::explicit_state::testing {

// The same answers, counts and runs.
inline void check_same(const Result& found, const Result& expected) {
  CHECK(found.internal_error == expected.internal_error);
  CHECK(found.complete == expected.complete);
  CHECK(found.stopped_by == expected.stopped_by);
  CHECK(found.statistics.states == expected.statistics.states);
  CHECK(found.statistics.transitions == expected.statistics.transitions);
  CHECK(found.statistics.depth == expected.statistics.depth);
  REQUIRE(found.properties.size() == expected.properties.size());
  REQUIRE(found.triggers.size() == expected.triggers.size());
  for (const auto& [mark, run] : expected.triggers) CHECK(found.triggers.at(mark).steps == run.steps);
  for (std::size_t i = 0; i < expected.properties.size(); ++i) {
    CAPTURE(i);
    CHECK(found.properties[i].verdict == expected.properties[i].verdict);
    CHECK(found.properties[i].depth == expected.properties[i].depth);
    CHECK(found.properties[i].reason == expected.properties[i].reason);
    CHECK(found.properties[i].shortest == expected.properties[i].shortest);
    REQUIRE(found.properties[i].run.has_value() == expected.properties[i].run.has_value());
    if (!expected.properties[i].run) continue;
    CHECK(found.properties[i].run->steps == expected.properties[i].run->steps);
    CHECK(found.properties[i].run->initial == expected.properties[i].run->initial);
  }
}

}  // namespace hotproof::checker::explicit_state::testing
