#include "counterexamples/render/sentences.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "counterexamples/render/explain.hpp"
#include "counterexamples/render/glossary.hpp"
#include "counterexamples/render/sample.hpp"

using namespace hotproof::counterexamples;
using namespace hotproof::render;

namespace {

bool some(const std::vector<Sentence>& all, const std::string& text) {
  return std::any_of(all.begin(), all.end(), [&](const Sentence& one) { return one.text.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("a sentence for each thing that happens") {
  const auto all = sentences(sample_trace());
  CHECK(some(all, "worker0 takes hotplug"));
  CHECK(some(all, "listener 0 hears of MEM_PREPARE_ONLINE and answers NOTIFY_OK"));
  CHECK(some(all, "listener 1 refuses MEM_PREPARE_ONLINE and answers NOTIFY_BAD"));
  CHECK_FALSE(some(all, "gives back"));
}

TEST_CASE("a call that the run enters gives no lock back") {
  Trace trace = sample_trace();
  // A line of the patch calls what the next step stands in.
  trace.steps[1].callers = {{"life/block.c", 11, "block_online", "prepare();", true}};
  trace.steps[1].added_by_patch = true;
  const auto all = sentences(trace);
  CHECK(std::any_of(all.begin(), all.end(), [](const Sentence& one) { return one.source == "prepare();" && one.number == 0; }));
  CHECK_FALSE(some(all, "gives back"));
}

TEST_CASE("what a run leaves behind is where it ends, against where it began") {
  Trace trace = sample_trace();
  CHECK(left_behind(trace) == std::vector<std::string>{"block[0].accessible is yes (it was no)"});
  trace.steps[5].changes = {{"block[0].accessible", "1", "0", TraceChange::Kind::shared}};
  CHECK(left_behind(trace).empty());
}

TEST_CASE("a scenario of locks has a column for each actor") {
  Trace trace = sample_trace();
  CHECK(lock_scenario(trace, Style{}).empty());  // it ends elsewhere
  trace.steps[2].locks = {{"chain", false}};
  trace.steps[2].takes_lock = true;
  TraceStep waits = sample_step("reader0", 41, "reader", "take(&hotplug): acquires hotplug (waits)");
  waits.locks = {{"chain", false}};
  waits.takes_lock = true;
  trace.steps.push_back(waits);
  const auto lines = lock_scenario(trace, Style{});
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  CHECK(all.find("lock(hotplug);\n") != std::string::npos);
  CHECK(all.find("rlock(chain);") != std::string::npos);
  CHECK(all.find("lock(hotplug);  waits") != std::string::npos);
}

TEST_CASE("a glossary has the words of the text, and no others") {
  const auto all = glossary_for("worker0 asks listeners about MEM_GOING_ONLINE");
  std::vector<std::string> words;
  for (const GlossaryEntry& entry : all) words.emplace_back(entry.word);
  CHECK(words == std::vector<std::string>{"listener", "MEM_GOING_ONLINE", "worker"});
  CHECK(glossary_for("MEM_GOING_ONLINE_TOO, coworker").empty());
}

TEST_CASE("hostile texts stay harmless in every telling") {
  PropertyReport property = sample_check().properties[1];
  property.says = "a rule\x1b[2J\xe2\x80\xae end\r\nBcc: all";
  property.trace->steps[3].source = "\x1b]0;title\a \xff\xfe" + std::string(10'000, 'x');
  property.trace->steps[3].function = "f\n\n## ";
  const Setting setting{"tree\x1b[31m", "scenario", "hotproof check --edit '\x1b[0m'"};
  for (const std::string& text :
       {explanation(property, setting, Style{}), story(property, setting, Style{}), mail(property, setting)}) {
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\a') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(text.find("\xe2\x80\xae") == std::string::npos);
    CHECK(text.find("\nBcc:") == std::string::npos);
    CHECK(text.size() < 20'000);
  }
}
