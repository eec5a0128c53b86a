#include "counterexamples/render/compare.hpp"

#include <doctest/doctest.h>

using namespace hotproof;
using namespace hotproof::counterexamples;

namespace {

ComparedRun run(const std::vector<std::string>& happens) {
  ComparedRun out;
  for (const std::string& what : happens) {
    TraceStep step;
    step.actor = "worker0";
    step.file = "mm/x.c";
    step.line = static_cast<std::uint32_t>(10 + out.happens.size());
    out.happens.push_back({"worker0: " + what, out.trace.steps.size()});
    out.trace.steps.push_back(step);
  }
  return out;
}

CompareReport sample() {
  CompareReport report;
  report.title = "6.1 and 6.1 with the change";
  report.architecture = "x86_64";
  report.verdict = Verdict::violated;
  report.observed = {"usual"};
  report.old_version.scenario = report.new_version.scenario = "x86-dimm: 1 block";
  DifferenceReport& gained = report.differences.emplace_back();
  gained.kind = DifferenceReport::Kind::gained;
  gained.only_new = true;
  gained.common = {"worker0: request"};
  gained.last = "worker0: notify MEM_ONLINE";
  gained.instead = {"worker0: returned -12"};
  gained.goes_on = "worker0: returned -12";
  gained.can = run({"request", "notify MEM_ONLINE"});
  gained.cannot = run({"request", "returned -12"});
  DifferenceReport lost = gained;
  lost.kind = DifferenceReport::Kind::lost;
  lost.only_new = false;
  std::swap(lost.can, lost.cannot);
  std::swap(lost.last, lost.goes_on);
  lost.instead = {lost.goes_on};
  report.differences.push_back(lost);
  return report;
}

render::Style plain_style() {
  render::Style style;
  style.utf8 = false;
  style.width = 100;
  return style;
}

}  // namespace

TEST_CASE("two runs side by side up to where they part, once") {
  const std::string text = render::text(sample(), plain_style());
  CHECK(text ==
        "6.1 and 6.1 with the change: different\n"
        "\n"
        "The new version can do what the old one cannot:\n"
        "\n"
        "    old                                              new\n"
        "    x.c:10  request                                  x.c:10  request\n"
        "  # x.c:11  returned -12                             x.c:11  notify MEM_ONLINE\n"
        "\n"
        "  There, the old version can: worker0: returned -12.\n"
        "\n"
        "Nor can the new version do what the other one does there.\n"
        "\n"
        "compared      usual\n"
        "architecture  x86_64\n"
        "scenario      x86-dimm: 1 block\n"
        "looked at     0 and 0 states of 0 kinds; 0.00 s\n");
}

TEST_CASE("long beginnings are cut") {
  CompareReport report = sample();
  report.differences.pop_back();
  DifferenceReport& difference = report.differences.front();
  std::vector<std::string> same;
  for (int i = 0; i < 100; ++i) same.push_back("number " + std::to_string(i));
  difference.common.assign(100, "");
  std::vector<std::string> longer = same, other = same;
  longer.emplace_back("more");
  other.emplace_back("less");
  difference.can = run(longer);
  difference.cannot = run(other);
  const std::string text = render::text(report, plain_style());
  CHECK(text.find("(72 the same in both)") != std::string::npos);
  CHECK(text.find("number 3 ") != std::string::npos);
  CHECK(text.find("number 4 ") == std::string::npos);
  CHECK(text.find("number 75 ") == std::string::npos);
  CHECK(text.find("number 76 ") != std::string::npos);
  CHECK(text.find("x.c:110  more") != std::string::npos);
}

TEST_CASE("what changed all the same is said in words") {
  CompareReport report = sample();
  report.differences.clear();
  report.verdict = Verdict::proved;
  CHECK(
      render::text(report, plain_style()).starts_with("6.1 and 6.1 with the change: equivalent: the same runs, both ways\n"));
  report.longer_new = {"device_hotplug_lock", "mem_hotplug_lock"};
  report.extra_new = {"worker0: notify MEM_NEW"};
  std::string text = render::text(report, plain_style());
  CHECK(text.find("equivalent: the same runs, both ways, apart from longer critical sections\n") != std::string::npos);
  CHECK(text.find("critical sections are longer, of device_hotplug_lock, mem_hotplug_lock") != std::string::npos);
  report.held = {{"mem_hotplug_lock", true, true, {"worker0: memmap block 0 initialise"}}};
  text = render::text(report, plain_style());
  CHECK(text.find("apart from the locks that are held\n") != std::string::npos);
  CHECK(text.find("  mem_hotplug_lock is now held when: worker0: memmap block 0 initialise.\n") != std::string::npos);
}

TEST_CASE("nothing in a report can speak to the terminal") {
  CompareReport report = sample();
  report.title = "\x1b[31m evil";
  report.differences[0].instead = {"\x1b[2J"};
  report.hidden = {"\x1b]0;x\x07"};
  CHECK(render::text(report, plain_style()).find('\x1b') == std::string::npos);
}
