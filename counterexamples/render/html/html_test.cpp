#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "counterexamples/render/formats/formats.hpp"
#include "counterexamples/render/html/page.hpp"
#include "counterexamples/render/sample.hpp"
#include "verify/sha256.hpp"

using namespace hotproof;
using namespace hotproof::counterexamples;
using namespace hotproof::render;

namespace {

const Context context{"1.0", "2024-05-01T12:00:00Z", false};

Quote quote(const std::string& function, std::uint32_t first, std::vector<std::string> lines, std::set<std::uint32_t> added) {
  return {"life/block.c", function, first, std::move(lines), std::move(added)};
}

// The sample's run with all that a page can show.
CheckReport rich() {
  CheckReport report = sample_check();
  PropertyReport& property = report.properties[1];
  Trace& trace = *property.trace;
  TraceEvent asks{"request", {0, 0, 1}, {"worker0", "0", "1"}};
  trace.steps[0].events.push_back(asks);
  Why why;
  why.steps = {StepFate::free, StepFate::only, StepFate::free, StepFate::free, StepFate::free, StepFate::fated};
  why.no_return = 4;
  why.prevented_by = {{PreventionReport::Kind::choice, 4, 4}, {PreventionReport::Kind::actor, 2, 2}};
  Trace good = trace;
  good.steps[4].events = {{"notified", {0, 1, 6, 0, 1}, {"worker0", "", "MEM_PREPARE_ONLINE", "0", "NOTIFY_OK"}}};
  good.steps[4].faults = 0;
  good.steps[4].text = "listener 1 answers NOTIFY_OK";
  good.steps[4].source = good.steps[4].text + ";";
  good.steps[5] = sample_step("worker0", 18, "block_online", "return 0");
  good.steps[5].takes_lock = false;
  good.steps[5].releases_lock = true;
  count(good);
  why.good = good;
  property.why = why;
  property.quotes = {quote("block_online", 8,
                           {"int block_online(struct block *block)", "{", "\ttake(&hotplug);", "", "\tnr = block->pages;", "",
                            "\terr = notify(MEM_PREPARE_ONLINE);", "\tif (err)", "\t\tgoto out;", "", "\treturn 0;"},
                           {14, 15, 16}),
                     quote("reader", 38, {"void reader(struct block *block)", "{", "\tpeek(block);", "}"}, {})};
  return report;
}

std::string page(const CheckReport& report) {
  return find_format("html")->run(choose_run(report)->run, context);
}

std::size_t number_of(const std::string& text, const std::string& what) {
  std::size_t out = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++out;
  return out;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  REQUIRE(begin != std::string::npos);
  const std::size_t end = text.find(to, begin + from.size());
  REQUIRE(end != std::string::npos);
  return text.substr(begin + from.size(), end - begin - from.size());
}

nlohmann::json data_in(const std::string& page) {
  return nlohmann::json::parse(between(page, "id=\"data\">", "</script>"));
}

// A second way from the hash to the policy's form: byte by byte.
std::string base64(const std::string& hex) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bits, out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int byte = std::stoi(hex.substr(i, 2), nullptr, 16);
    for (int b = 7; b >= 0; --b) bits += (byte >> b & 1) != 0 ? '1' : '0';
  }
  while (bits.size() % 6 != 0) bits += '0';
  for (std::size_t i = 0; i < bits.size(); i += 6) out += digits[std::stoul(bits.substr(i, 6), nullptr, 2)];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

// The names of the elements in order of their ends, and whether every one that opens also closes.
std::string shape_of(std::string text) {
  for (const auto& [from, to] : {std::pair{"<style>", "</style>"}, {"<script>", "</script>"}}) {
    const std::size_t begin = text.find(from);
    const std::size_t end = text.find(to, begin);
    text.erase(begin, end - begin + std::string(to).size());
  }
  std::vector<std::string> open;
  std::string out;
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    const std::size_t end = text.find('>', at);
    REQUIRE(end != std::string::npos);
    std::string tag = text.substr(at + 1, end - at - 1);
    REQUIRE(tag.find('<') == std::string::npos);
    if (tag.starts_with("!")) continue;
    if (tag.ends_with("/")) {
      out += tag.substr(0, tag.find_first_of(" /")) + " ";
    } else if (tag.starts_with("/")) {
      REQUIRE(!open.empty());
      CHECK(open.back() == tag.substr(1));
      open.pop_back();
      out += tag + " ";
    } else {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
  }
  CHECK(open.empty());
  return out;
}

// What the page says, without markup: a line for each line that has words.
std::string skeleton(const std::string& page) {
  std::string body = page.substr(page.find("<body>"));
  body = body.substr(0, body.find("<script"));
  std::string out, line;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '<') {
      const std::size_t end = body.find('>', i);
      const std::string tag = body.substr(i, end - i + 1);
      if (tag == "<li>" || tag.starts_with("<li ") || tag == "<dd>" || tag == "</th>" || tag == "</td>") line += " | ";
      i = end;
    } else if (body[i] == '\n') {
      while (!line.empty() && line.back() == ' ') line.pop_back();
      if (!line.empty()) out += line + "\n";
      line.clear();
    } else {
      line += body[i];
    }
  }
  return out;
}

std::string golden(const std::string& name, const std::string& now) {
  const std::filesystem::path path = std::filesystem::path(HOTPROOF_SOURCE_DIR) / "counterexamples/golden" / name;
  if (std::getenv("HOTPROOF_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << now;
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

Trace long_run(std::size_t steps) {
  Trace trace = sample_trace();
  const std::vector<TraceStep> few = trace.steps;
  trace.steps.clear();
  for (std::size_t i = 0; i < steps; ++i) {
    TraceStep step = few[i % few.size()];
    step.line = 10 + static_cast<std::uint32_t>(i % 90);
    step.changes = {{"mem[0].state", std::to_string(i), std::to_string(i + 1), TraceChange::Kind::shared},
                    {"mem[0].nr_vmemmap_pages", std::to_string(i), std::to_string(i + 2), TraceChange::Kind::shared}};
    trace.steps.push_back(step);
  }
  count(trace);
  return trace;
}

CheckReport long_report(std::size_t steps, std::size_t quoted) {
  CheckReport report = rich();
  PropertyReport& property = report.properties[1];
  property.trace = long_run(steps);
  property.why->steps.assign(steps, StepFate::free);
  property.why->no_return = steps / 2;
  property.why->prevented_by.clear();
  property.why->good = long_run(steps);
  property.quotes.clear();
  for (std::size_t i = 0; i < quoted; ++i) {
    std::vector<std::string> lines;
    for (int l = 0; l < 110; ++l) lines.push_back("\t\tif (!block->nr_vmemmap_pages && \"x\" <= pfn_to_page(pfn + nr_pages - 1))");
    property.quotes.push_back(quote(i == 0 ? "block_online" : i == 1 ? "reader" : "other" + std::to_string(i), 1, lines, {3}));
  }
  return report;
}

// Whatever in the report comes from a stranger is, or ends in, `bad`.
CheckReport poisoned(const std::string& bad) {
  CheckReport report = rich();
  report.title = report.architecture = report.scenario = bad;
  PropertyReport& property = report.properties[1];
  property.id = property.says = property.origin = property.reason = property.latent_needs = bad;
  property.sizes = {{bad, 3}};
  for (Trace* trace : {&*property.trace, &*property.why->good}) {
    trace->listeners = {bad, bad};
    for (std::string& actor : trace->actors) {
      const std::string was = actor;
      actor += bad;
      for (TraceStep& step : trace->steps)
        if (step.actor == was) step.actor = actor;
    }
    for (TraceStep& step : trace->steps) {
      step.text = step.source = step.source + bad;
      step.file += bad;
      step.function += bad;
      for (TraceEvent& event : step.events)
        for (std::string& shown : event.shown)
          if (!shown.empty() && !shown.starts_with("MEM_")) shown = bad;
      for (TraceChange& change : step.changes) change.variable = change.before = change.after = bad;
      for (TraceLock& lock : step.locks) lock.name = bad;
    }
  }
  for (Quote& quote : property.quotes) {
    quote.file += bad;
    quote.function += bad;
    for (std::string& line : quote.lines) line = bad;
  }
  return report;
}

void keep(const std::string& name, const std::string& text) {
  const std::filesystem::path folder = std::filesystem::path(HOTPROOF_BUILD_DIR) / "pages";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / name) << text;
}

}  // namespace

TEST_CASE("a page is the list of the run's steps, and says what the run and its reasons say") {
  const CheckReport report = rich();
  const std::string text = page(report);
  const Trace& trace = *report.properties[1].trace;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    CAPTURE(i);
    CHECK(number_of(text, "id=\"step-" + std::to_string(i + 1) + "\"") == 1);
    CHECK(number_of(text, "href=\"#step-" + std::to_string(i + 1) + "\"") == 1);
  }
  CHECK(number_of(text, "\"turn\">point of no return</p>") == 1);
  CHECK(between(text, "point of no return</p>", "</li>").find("step-5") != std::string::npos);
  const std::string words = skeleton(text);
  CHECK(golden("page.txt", words) == words);
  keep("sample.html", text);
}

TEST_CASE("nothing of a page comes from elsewhere, and its policy lets nothing else run") {
  const std::string text = page(rich());
  const std::string policy = between(text, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
  CHECK(policy.starts_with("default-src 'none'; "));
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(policy.find("style-src 'sha256-" + base64(verify::sha256(between(text, "<style>", "</style>"))) + "'") != std::string::npos);
  CHECK(policy.find("script-src 'sha256-" + base64(verify::sha256(between(text, "<script>", "</script>"))) + "'") != std::string::npos);
  // The policy stands before everything that it is about.
  CHECK(text.find("Content-Security-Policy") < text.find("<style"));
  CHECK(number_of(text, "<script") == 2);
  CHECK(number_of(text, "<style") == 1);
  CHECK(number_of(text, " style=") == 0);
  for (const char* outside : {"http:", "https:", " src=", "url(http", "@import", "<link", "<iframe", "<img", "<form"}) {
    CAPTURE(outside);
    CHECK(number_of(text, outside) == 0);
  }
  CHECK(number_of(text, "href=\"") == number_of(text, "href=\"#"));
}

TEST_CASE("the script's data agree with the list") {
  const std::string text = page(rich());
  const nlohmann::json data = data_in(text);
  CHECK(data["total"] == 6);
  CHECK(data["parts"] == 5);
  REQUIRE(data["steps"].size() == 6);
  for (const nlohmann::json& step : data["steps"]) {
    CHECK(text.find("id=\"step-" + std::to_string(step["n"].get<int>()) + "\"") != std::string::npos);
    CHECK(text.find("id=\"" + step["at"].get<std::string>() + "\"") != std::string::npos);
    CHECK(step["v"].get<std::size_t>() < data["visits"].size());
  }
  CHECK(data["steps"][4]["heard"][0] == nlohmann::json({1, "", "PREPARE_ONLINE: BAD", true}));
  CHECK(data["steps"][3]["heard"][0] == nlohmann::json({0, "PREPARE_ONLINE", "PREPARE_ONLINE: OK", false}));
  CHECK(data["steps"][0]["locks"] == nlohmann::json({0}));
}

TEST_CASE("what a listener has accepted ends with what undoes it") {
  PropertyReport property = rich().properties[1];
  const auto told = [](const char* action, const char* answer, std::int64_t value) {
    TraceStep step = sample_step("worker0", 14, "block_online", "notify");
    step.events = {{"notified", {0, 0, 6, 0, value}, {"worker0", "", action, "0", answer}}};
    return step;
  };
  property.trace->steps = {told("MEM_PREPARE_ONLINE", "NOTIFY_OK", 1), told("MEM_GOING_ONLINE", "NOTIFY_OK", 1),
                           told("MEM_CANCEL_ONLINE", "NOTIFY_OK", 1), told("MEM_GOING_OFFLINE", "NOTIFY_BAD", 0x8002),
                           told("MEM_FINISH_OFFLINE", "NOTIFY_OK", 1)};
  property.why.reset();
  const Page made = page_of(property);
  REQUIRE(made.steps.size() == 5);
  using Texts = std::vector<std::string>;
  CHECK(made.steps[0].listeners.at(0).accepted == Texts{"PREPARE_ONLINE"});
  CHECK(made.steps[1].listeners.at(0).accepted == Texts{"PREPARE_ONLINE", "GOING_ONLINE"});
  CHECK(made.steps[2].listeners.at(0).accepted == Texts{"PREPARE_ONLINE"});
  CHECK(made.steps[3].listeners.at(0).accepted == Texts{"PREPARE_ONLINE"});
  CHECK(made.steps[3].listeners.at(0).refused);
  CHECK(made.steps[4].listeners.at(0).accepted.empty());
}

TEST_CASE("a run without quotes shows the lines that it has itself, and one without reasons says so") {
  CheckReport report = rich();
  report.properties[1].quotes.clear();
  report.properties[1].why.reset();
  const std::string text = page(report);
  CHECK(number_of(text, "class=\"l") >= 4);
  CHECK(text.find("id=\"good\"") == std::string::npos);
  CHECK(number_of(text, "class=\"fate\"") == 0);
  CHECK(text.find("It was not worked out which steps decide") != std::string::npos);
  shape_of(text);
}

TEST_CASE("texts of strangers change nothing of a page but its words") {
  const std::string plain_shape = shape_of(page(poisoned("word")));
  CHECK(plain_shape.size() > 500);
  for (const std::string& bad :
       {std::string("</script><script>alert(1)</script>"), std::string("<!--<script>"), std::string("]]>"), std::string("--!>"),
        std::string("\"><img src=x onerror=alert(1)>"), std::string("' onload='alert(1)"), std::string("\xe2\x80\xa8\xe2\x80\xa9"),
        std::string("\xe2\x80\xae" "drow"), std::string("\x1b[2J"), std::string("a\nb\r\nc\td"), std::string("nul\0nul", 7),
        std::string("\xff\xfe"), std::string("&lt;&#x3c;script"), std::string("</style></pre></code>"), std::string("\xe2\x81\xa6isolate"),
        std::string(10000, '<'), std::string(10000, 'x'), std::string("\xf3\xa0\x81\x81")}) {
    CAPTURE(bad.substr(0, 40));
    const std::string text = page(poisoned(bad));
    CHECK((shape_of(text) == plain_shape));
    CHECK(text.size() < 250'000);
    CHECK(data_in(text)["steps"].size() == 6);
    CHECK(number_of(text, "<!--") == 0);
    for (const char* never : {"\xe2\x80\xae", "\xe2\x80\xa8", "\xe2\x81\xa6", "\x1b", "\r", "\t", "\xff"}) CHECK(number_of(text, never) == 0);
    if (bad.starts_with("</script>")) keep("hostile.html", text);
  }
}

TEST_CASE("a page of a long run stays small") {
  const std::string text = page(long_report(200, 14));
  CHECK(data_in(text)["steps"].size() >= 150);
  CHECK(text.size() < 500'000);
  keep("long.html", text);
  // However much is quoted, also where each sign of it takes many.
  CheckReport report = long_report(200, 60);
  for (Quote& quote : report.properties[1].quotes)
    for (std::string& line : quote.lines) line = std::string(400, '"');
  const std::string large = page(report);
  CHECK(large.size() < 500'000);
  CHECK(large.find("functions are left out") != std::string::npos);
}
