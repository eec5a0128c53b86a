#include "counterexamples/record/recorded.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "counterexamples/record/json_reader.hpp"
#include "counterexamples/render/sample.hpp"

using namespace hotproof;
using namespace hotproof::counterexamples;

namespace {

RecordedTrace sample() {
  RecordedTrace out;
  out.arguments = {"check", "--tree", "life"};
  out.before = true;
  out.directory = "/home/somebody";
  out.title = "life";
  out.architecture = "s390x";
  out.scenario = "1 block";
  out.system_sha256 = std::string(64, 'a');
  for (const PropertyReport& property : render::sample_check().properties)
    if (property.trace) out.property = property;
  Why why;
  why.steps = {StepFate::free, StepFate::only, StepFate::free, StepFate::free, StepFate::free, StepFate::fated};
  why.no_return = 4;
  why.ways_out = {out.property.trace->steps[3]};
  why.prevented_by = {{PreventionReport::Kind::choice, 4, 4}, {PreventionReport::Kind::together, 0, 3}};
  why.refusals = {{"MEM_PREPARE_ONLINE", {}}, {"MEM_GOING_ONLINE", {"MEM_CANCEL_ONLINE"}}};
  why.good = out.property.trace;
  out.property.why = why;
  out.fixes = {{{"life/block.c, line 14: goto out"}, "--- a\n+++ b\n", {"prepare-has-finish"}, {"finish-needs-prepare"}, false}};
  out.property.quotes = {{"life/block.c", "block_online", 10, {"\ttake(&hotplug);", "", "\tnr = block->pages;"}, {12}}};
  out.property.run = ir::Run{{0, ~std::uint64_t{0}}, {ir::TransitionId{3}, ir::TransitionId{7}}};
  return out;
}

std::string error_of(const std::string& text) {
  const auto read = read_recorded(text, "a.trace");
  return read ? "" : to_string(read.error());
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("what is written is read back") {
  const RecordedTrace before = sample();
  const auto after = read_recorded(to_text(before), "a.trace");
  REQUIRE(after);
  CHECK(after->arguments == before.arguments);
  CHECK(after->before);
  CHECK(after->directory == before.directory);
  CHECK(after->system_sha256 == before.system_sha256);
  CHECK(after->property.id == before.property.id);
  CHECK(after->property.latent_needs == before.property.latent_needs);
  CHECK(*after->property.trace == *before.property.trace);
  CHECK(*after->property.why == *before.property.why);
  CHECK(after->property.quotes == before.property.quotes);
  CHECK(after->property.run->initial == before.property.run->initial);
  CHECK(after->property.run->steps == before.property.run->steps);
  REQUIRE(after->fixes.size() == 1);
  CHECK(after->fixes[0].breaks == before.fixes[0].breaks);
  const auto again = read_recorded(to_text(*after), "a.trace");
  REQUIRE(again);
  CHECK(to_text(*again) == to_text(*after));
}

TEST_CASE("a run for ever is read back with the place where it repeats") {
  RecordedTrace before = sample();
  before.property.run.reset();
  before.property.why.reset();
  before.property.trace->loop_start = 2;
  const std::string text = to_text(before);
  const auto after = read_recorded(text, "a.trace");
  REQUIRE(after);
  CHECK(*after->property.trace == *before.property.trace);
  CHECK(after->property.trace->loop_start == 2);
  CHECK_FALSE(after->property.run);
  CHECK(error_of(replaced(text, "\"loop_start\": 2", "\"loop_start\": 99")).find("the run has fewer steps") != std::string::npos);
}

TEST_CASE("a trace without quotes, as they were once written, is read") {
  nlohmann::json old = nlohmann::json::parse(to_text(sample()));
  old.erase("quotes");
  const auto read = read_recorded(old.dump(), "a.trace");
  REQUIRE(read);
  CHECK(read->property.quotes.empty());
}

TEST_CASE("a mistake in a recorded trace is said with its line and column") {
  const std::string good = to_text(sample());
  CHECK(error_of("") .find("a.trace:1:1: this is no JSON") == 0);
  CHECK(error_of("{").find("a.trace:1:") == 0);
  CHECK(error_of("[]") == "a.trace:1:1: this is no recorded trace of hotproof");
  CHECK(error_of("{\"verdict\": \"proved\"}") == "a.trace:1:1: this is no recorded trace of hotproof");
  CHECK(error_of(replaced(good, "\"version\": 1", "\"version\": 2")).find("a.trace:3:12: another version than 1") == 0);
  CHECK(error_of(replaced(good, "\"mode\": \"write\"", "\"mode\": \"wirte\"")).find("one of these is wanted here: write, read") !=
        std::string::npos);
  CHECK(error_of(replaced(good, "\"no_return\": 4", "\"no_return\": 6")).find("the run has no such step") != std::string::npos);
  CHECK(error_of(replaced(good, "\"line\": 10", "\"line\": -10")).find("a number, 0 or more, is wanted here") !=
        std::string::npos);
  CHECK(error_of(replaced(good, "\"line\": 10", "\"line\": 4294967296")).find("a number over 4294967295") != std::string::npos);
  CHECK(error_of(replaced(good, "\"actors\"", "\"acters\"")).find("'actors' is missing") != std::string::npos);
  CHECK(error_of(replaced(good, "\"switches\": ", "\"switches\": 9")).find("another number of switches") != std::string::npos);
  nlohmann::json elsewhere = nlohmann::json::parse(good);
  elsewhere["quotes"][0]["added"][0] = 13;
  CHECK(error_of(elsewhere.dump()).find("the quote has no such line") != std::string::npos);
  CHECK(error_of(std::string(100'000, '[')).find("values nested deeper than 32") != std::string::npos);
}

TEST_CASE("a trace that is cut anywhere is refused, and never more than that") {
  const std::string good = to_text(sample());
  for (std::size_t size = 0; size + 2 < good.size(); size += 7) CHECK_FALSE(error_of(good.substr(0, size)).empty());
}

TEST_CASE("a value of any other type is refused or read, without a crash") {
  const nlohmann::json whole = nlohmann::json::parse(to_text(sample()));
  const nlohmann::json flat = whole.flatten();
  std::size_t refused = 0;
  for (const auto& [pointer, value] : flat.items()) {
    for (const nlohmann::json& other : {nlohmann::json(nullptr), nlohmann::json(-1), nlohmann::json("x"),
                                        nlohmann::json::array(), nlohmann::json::object(), nlohmann::json(1e300)}) {
      nlohmann::json changed = whole;
      changed[nlohmann::json::json_pointer(pointer)] = other;
      refused += error_of(changed.dump()).empty() ? 0 : 1;
    }
  }
  CHECK(refused > 1000);
}

TEST_CASE("the place of a value in a text") {
  const std::string text = "{\"a\": [1, {\"b\\\"\": 2}],\n  \"c\": {\"d\": \"}\"},\n \"e\": 5}";
  const auto at = [&](const std::vector<std::string>& path) {
    const TextPlace place = place_in_json(text, path);
    return std::pair(place.line, place.column);
  };
  CHECK(at({}) == std::pair(1U, 1U));
  CHECK(at({"a", "0"}) == std::pair(1U, 8U));
  CHECK(at({"a", "1"}) == std::pair(1U, 11U));
  CHECK(at({"c", "d"}) == std::pair(2U, 14U));
  CHECK(at({"e"}) == std::pair(3U, 7U));
  CHECK(at({"c", "missing"}) == std::pair(2U, 8U));
}
