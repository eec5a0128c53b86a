// Texts of strangers in every form. Whatever they are, a form stays what it would be with a plain word in their place:
// printable, well-formed, of the same parts. A new form gets a row in `renderers`, and all of this is asked of it.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>

#include "counterexamples/render/formats/formats.hpp"
#include "counterexamples/render/formats/readers.hpp"
#include "counterexamples/render/json.hpp"
#include "counterexamples/render/sample.hpp"
#include "counterexamples/render/series.hpp"
#include "counterexamples/render/text.hpp"

using namespace hotproof;
using namespace hotproof::counterexamples;
using namespace hotproof::render;

namespace {

const Context context{"1.0", "2024-05-01T12:00:00Z", false};

enum class Kind { terminal, json, ktap, xml, html, yaml, dot };

struct Renderer {
  std::string name;  // the ending of files that are given to other readers
  Kind kind;
  std::function<std::string(const PatchReport&)> write;
};

std::string run_form(const char* name, const PatchReport& report) {
  return find_format(name)->run(choose_run(report)->run, context);
}

// Every form of a result: the place to add one to.
std::vector<Renderer> renderers() {
  std::vector<Renderer> out = {
      {"text", Kind::terminal,
       [](const PatchReport& r) {
         return text(r, Style{false, true, 120}) + text(r.before, Style{false, true, 120});
       }},
      {"ascii.text", Kind::terminal,
       [](const PatchReport& r) {
         return text(r, Style{false, false, 80});
       }},
      {"json", Kind::json, [](const PatchReport& r) { return json(r); }},
      {"sarif", Kind::json, [](const PatchReport& r) { return sarif(r, context); }},
      {"junit", Kind::xml, [](const PatchReport& r) { return junit(r, context); }},
      {"ktap", Kind::ktap, [](const PatchReport& r) { return ktap(r, context); }},
  };
  for (const auto& [name, kind] : std::vector<std::pair<const char*, Kind>>{{"graphml", Kind::xml},
                                                                            {"witness-yaml", Kind::yaml},
                                                                            {"dot", Kind::dot},
                                                                            {"svg", Kind::xml},
                                                                            {"life-dot", Kind::dot},
                                                                            {"life-svg", Kind::xml},
                                                                            {"graph-dot", Kind::dot},
                                                                            {"graph-svg", Kind::xml},
                                                                            {"html", Kind::html}}) {
    out.push_back({name, kind, [name = name](const PatchReport& r) { return run_form(name, r); }});
  }
  return out;
}

std::vector<std::string> payloads() {
  using namespace std::string_literals;
  std::vector<std::string> out = {
      // Terminals.
      "\x1b[2J", "\x1b[31mred", "\x1b]0;title\x07", "\x1b]8;;http://a.example/\x1b\\link", "\x1bP1;2|x\x1b\\",
      "\x9b"
      "31m",
      "\xc2\x9b"
      "2J",
      "\x1b[?1049h", "\x1b[10;10H", "a\rb", "a\nb", "a\r\nb", "a\tb", "a\vb\fc", "\a\a", "x\b\b\bok 1 fine", "\x7f",
      "nul\0nul"s, "\x1b(0", "\x1b[6n", "\x05",
      // Markup.
      "<script>alert(1)</script>", "</text><script>1</script>", "<!-- -->", "-->", "]]>", "<![CDATA[x]]>", "&lt;",
      "&#x1b;[2J", "&#27;", "&", "<?php ?>", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>", "&b;",
      "\" onload=\"alert(1)", "' onload='alert(1)", "<img src=x onerror=alert(1)>", "</failure></testcase>",
      "javascript:alert(1)", "<a href=\"//a.example\">",
      // Quotes and escapes of other languages.
      "\"", "'", "`id`", "$(id)", "\\", "\\\"", "\\\\\"", "\\n\\l\\N\\G", "\"]; evil [label=\"", "{0} {1}",
      "[x](http://a.example/)", "![x](y)", "%s%n%x", "# SKIP", "# not ok 1 x", "\nnot ok 99 x",
      "\nKTAP version 1\n1..0", "Bail out!", "- x: y", "&anchor *ref !!python/object", "---\n...", "key: [1, 2",
      "../../etc/passwd", "/etc/passwd", "//a.example/x", "C:\\x", "file:///etc/passwd", "%2e%2e/%00", "?q#f", "../",
      // Unicode.
      "\xe2\x80\xae"
      "drow",
      "\xe2\x81\xa6"
      "a\xe2\x81\xa9",
      "\xe2\x80\x8f", "\xd8\x9c", "\xe2\x80\x8b\xe2\x80\x8d",
      "\xef\xbb\xbf"
      "bom",
      "\xe2\x80\xa8line", "\xe2\x80\xa9para", "e\xcc\x81\xcc\x82\xcc\x83", "\xf3\xa0\x81\x81tag", "\xef\xbf\xbe",
      "\xef\xbf\xbf", "\xe3\x85\xa4", "\xee\x80\x80", "\xc2\x85", "\xef\xb8\x8f",
      // Not UTF-8.
      "\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xc3", "\xf8\x88\x80\x80\x80", "caf\xe9",
      // Long.
      std::string(10000, 'a'), std::string(10000, '"'), std::string(10000, '\x1b'), std::string(10000, ' '), "", " "};
  std::string wide, mixed;
  for (int i = 0; i < 10000; ++i) wide += "\xe6\xbc\xa2";
  for (int i = 0; i < 2500; ++i) mixed += "<&\"\xff";
  out.push_back(wide);
  out.push_back(mixed);
  return out;
}

// Whatever in a step comes from a stranger is `bad`.
void poison(TraceStep& step, const std::string& bad) {
  step.file = bad;
  step.function = bad;
  step.text = bad;
  step.source = bad;
  for (TraceEvent& event : step.events)
    for (std::string& shown : event.shown) shown = bad;
  for (TraceChange& change : step.changes) change.variable = change.before = change.after = bad;
  for (TraceLock& lock : step.locks) lock.name = bad;
  step.callers = {{bad, 3, bad, bad, true}};
}

void poison(CheckReport& report, const std::string& bad) {
  report.title = report.tree = report.architecture = report.scenario = report.engine = report.stopped_by = bad;
  for (PropertyReport& property : report.properties) {
    property.says = property.origin = property.engine = bad;
    property.variant = bad.empty() ? "" : bad;
    if (!property.reason.empty()) property.reason = bad;
    if (property.latent()) property.latent_needs = bad + ".";
    if (!property.trace) continue;
    Trace& trace = *property.trace;
    for (std::size_t i = 0; i < trace.actors.size(); ++i) {
      const std::string was = trace.actors[i];
      trace.actors[i] = bad + std::to_string(i);
      for (TraceStep& step : trace.steps)
        if (step.actor == was) step.actor = trace.actors[i];
    }
    trace.listeners = {bad, bad};
    for (TraceStep& step : trace.steps) poison(step, bad);
  }
  report.model.files = {{bad, std::string(64, 'b')}};
  report.model.assumptions = {bad};
  report.model.not_understood = {{{bad, 3, 1}, bad, bad}};
  report.model.configuration = {{bad, true}};
  report.model.followed[0].function = report.model.followed[0].file = bad;
}

PatchReport poisoned(const std::string& bad) {
  PatchReport report = sample_patch();
  report.before.properties[0].trace = sample_trace();
  report.title = bad;
  poison(report.before, bad);
  poison(report.after, bad);
  for (PlacementReport& hunk : report.placement) hunk.patch = hunk.file = hunk.why = bad;
  for (ChangedLine& line : report.lines) line.file = bad;
  for (ClaimReport& claim : report.claims) claim.claim = claim.why = bad;
  return report;
}

// What of a document a stranger's text must not change.
std::string shape(Kind kind, const std::string& text) {
  switch (kind) {
    case Kind::terminal:
      return "";
    case Kind::json:
      return readers::shape_of(nlohmann::json::parse(text));
    case Kind::xml:
      return readers::xml_shape(text);
    case Kind::html:
      return readers::html_shape(text);
    case Kind::ktap: {
      std::string out;
      for (const readers::KtapResult& result : readers::read_ktap(text)) out += result.ok ? "ok\n" : "not ok\n";
      return out;
    }
    case Kind::yaml:
    case Kind::dot:
      return std::regex_replace(text, std::regex("\"(\\\\[^\\n]|[^\"\\\\\\n])*\""), "S");
  }
  return "";
}

}  // namespace

TEST_CASE("no text of a stranger changes what a form says, in any form") {
  const std::vector<std::string> bad = payloads();
  REQUIRE(bad.size() >= 60);
  const std::filesystem::path folder = std::filesystem::path(HOTPROOF_BUILD_DIR) / "hostile";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const PatchReport plain_report = poisoned("pla-in");
  for (const Renderer& renderer : renderers()) {
    CAPTURE(renderer.name);
    const std::string expected = shape(renderer.kind, renderer.write(plain_report));
    for (std::size_t i = 0; i < bad.size(); ++i) {
      CAPTURE(i);
      const std::string out = renderer.write(poisoned(bad[i]));
      CHECK(readers::unprintable_in(out) == "");
      if (renderer.kind != Kind::json) CHECK(readers::longest_line(out) < 16000);
      // Where nothing is named, nothing is said of it: the parts may be fewer.
      const std::string found = std::regex_replace(shape(renderer.kind, out), std::regex("\\? S\\n +: S"), "S: S");
      const bool same = bad[i].empty() || found == expected;
      CHECK(same);
      // A witness of a run that stands nowhere has no segment, which the format wants.
      if (!bad[i].empty()) std::ofstream(folder / (std::to_string(i) + "." + renderer.name), std::ios::binary) << out;
    }
  }
  const readers::Said said = readers::validate(folder.string());
  if (said.skipped) MESSAGE("skipped: " << said.text);
  CHECK_MESSAGE((said.skipped || said.exit == 0), said.text);
}
