#include "specs/lang/listeners.hpp"

#include <doctest/doctest.h>

using namespace hotproof;

namespace {

std::string told(const std::string& form) {
  const auto parsed = spec::parse("property p { says \"s\"; origin \"o\"; confidence high; " + form + " }", "p.spec");
  if (!parsed) FAIL(to_string(parsed.error()));
  return spec::tells_listeners_apart(parsed->at(0));
}

}  // namespace

TEST_CASE("no property of the library tells listeners apart") {
  const auto library = spec::library();
  REQUIRE(library.has_value());
  for (const spec::SpecProperty& property : *library) {
    CAPTURE(property.id);
    // What happens in the end is not decided for all numbers at once.
    CHECK(spec::tells_listeners_apart(property).empty() == !property.temporal);
  }
}

TEST_CASE("a rule about one listener, whichever, is one for all") {
  CHECK(
      told("rule for listener l { on notified(_, l, MEM_ONLINE, b, answer) when answer != 1: error \"e\"; }").empty());
  CHECK(told("rule { on notified(_, who, MEM_ONLINE, _, _): error \"e\"; }").empty());
}

TEST_CASE("numbers of listeners, and two of them, are told") {
  CHECK(told("rule { on notified(_, 1, MEM_ONLINE, _, _): error \"e\"; }") == "it names a listener by its number");
  CHECK(told("trigger notified(_, 0, _, _, _); rule { on notify: error \"e\"; }") ==
        "it names a listener by its number");
  CHECK(told("rule { on notified(_, who, _, _, _) when who > 1: error \"e\"; }") ==
        "it computes with the number of a listener, who");
  CHECK(told("rule for listener l { on notified(_, l, _, _, _): require l < 2 \"e\"; }") ==
        "it computes with the number of a listener, l");
  CHECK(told("rule for listener l, listener m { on notified(_, l, _, _, _): error \"e\"; }") ==
        "it speaks of two listeners at once");
  CHECK(told("cover notified(_, 1, MEM_ONLINE, _, _);") == "it names a listener by its number");
  CHECK(told("rule { on notify when hp_ideal[1].priority == 1: error \"e\"; }") ==
        "it looks at the listeners' own records");
}
