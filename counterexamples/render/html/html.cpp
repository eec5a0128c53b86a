// One run as one file for a browser: nothing is fetched, nothing runs but the one script that the policy names by its hash.
#include <array>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/run_view.hpp"
#include "counterexamples/render/html/markup.hpp"
#include "counterexamples/render/tidy.hpp"
#include "counterexamples/render/why.hpp"
#include "model/source/embedded.hpp"
#include "verify/sha256.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr std::size_t most_sentence = 2000;

std::string_view part(std::string_view name) {
  return embedded::text_of(embedded::html(), "counterexamples/render/html/" + std::string(name));
}

// As a content security policy names a text: "sha256-" and the hash in base 64 (RFC 4648).
std::string hash_source(std::string_view text) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string hex = verify::sha256(text);
  const auto nibble = [&hex](std::size_t i) {
    const char c = hex[i];
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  std::string out = "sha256-";
  // Three hexadecimal digits are two of the others.
  for (std::size_t i = 0; i < hex.size(); i += 3) {
    unsigned bits = nibble(i) << 8;
    if (i + 1 < hex.size()) bits |= nibble(i + 1) << 4;
    if (i + 2 < hex.size()) bits |= nibble(i + 2);
    out += digits[bits >> 6];
    if (i + 1 < hex.size()) out += digits[bits & 63];
  }
  while ((out.size() - std::string_view("sha256-").size()) % 4 != 0) out += '=';
  return out;
}

std::string sentence(const std::string& words) {
  return xml(words, most_sentence);
}

std::string counted(std::size_t count, const char* one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : std::string_view(one).ends_with("ch") ? "es" : "s");
}

std::string about(const RunView& run, const Page& page) {
  const PropertyReport& property = *run.property;
  const Trace& trace = *property.trace;
  const std::string fewer = page.steps.size() == page.total ? "" : " (the " + std::to_string(page.steps.size()) + " that tell something are shown)";
  const std::string shape = counted(page.total, "step") + fewer + ", " +
                      counted(trace.faults, "fault") + ", " + counted(trace.switches, "context switch") + "; " +
                      (trace.minimal ? "no run does the same with less" : "the best found; a simpler run may exist");
  std::string out = "<dl>\n";
  const auto row = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out += "<dt>" + std::string(name) + "</dt><dd>" + sentence(value) + "</dd>\n";
  };
  row("model", run.title + ", " + run.architecture);
  row("scenario", run.scenario);
  row("run", shape);
  row("rule from", property.origin);
  std::string faults;
  for (const std::string& fault : faults_in_words(trace)) faults += (faults.empty() ? "" : "; ") + fault;
  row("faults", faults);
  std::string sizes;
  for (const auto& [name, value] : property.sizes) sizes += (sizes.empty() ? "" : ", ") + name + " = " + std::to_string(value);
  row("with", sizes);
  return out + "</dl>\n";
}

std::string why_markup(const PropertyReport& property) {
  std::string out;
  if (!property.why || !property.why->unknown.empty()) {
    const std::string reason = property.why ? property.why->unknown : "nobody asked";
    return "<p>It was not worked out which steps decide: " + sentence(reason) + ".</p>\n";
  }
  const std::vector<std::string> sentences = why_in_words(*property.trace, *property.why);
  if (!sentences.empty()) out += "<p>" + sentence(sentences.front()) + "</p>\n";
  const std::vector<std::string> preventions = preventions_in_words(*property.trace, *property.why);
  if (preventions.empty()) return out;
  out += preventions.size() == 1 ? "<p>No run gets there if</p>\n" : "<p>No run gets there if any one of these is so:</p>\n";
  out += "<ul>\n";
  for (const std::string& prevention : preventions) out += "<li>" + sentence(prevention) + "</li>\n";
  return out + "</ul>\n";
}

std::string header(const RunView& run, const Page& page) {
  const PropertyReport& property = *run.property;
  std::string out = "<header>\n<div class=\"what\">\n<p class=\"verdict\">violated: <code>" + xml(property.id) + "</code></p>\n<h1>" +
                    sentence(property.says) + "</h1>\n";
  if (!property.reason.empty()) out += "<p class=\"reason\">" + sentence(property.reason) + "</p>\n";
  if (property.latent()) out += "<p class=\"latent\">latent: " + sentence(property.latent_needs) + "</p>\n";
  out += "</div>\n<section class=\"why\" aria-labelledby=\"why\">\n<h2 id=\"why\">Why it ends there</h2>\n" +
         why_markup(property);
  return out + "</section>\n" + about(run, page) + "</header>\n";
}

// Shown by the script, which alone can serve them.
std::string controls(const Page& page) {
  std::string out =
      "<nav id=\"controls\" aria-label=\"steps\" hidden=\"hidden\">\n<div class=\"buttons\">"
      "<button type=\"button\" id=\"first\" title=\"first step (Home)\">first</button>"
      "<button type=\"button\" id=\"back\" title=\"one step back (left, k)\">\xe2\x97\x80 back</button>"
      "<button type=\"button\" id=\"next\" title=\"one step on (right, j)\">next \xe2\x96\xb6</button>"
      "<button type=\"button\" id=\"last\" title=\"last step (End)\">last</button>";
  if (page.parts) out += "<button type=\"button\" id=\"turn\" title=\"point of no return (t)\">turn</button>";
  return out + "</div>\n<input type=\"range\" id=\"slide\" aria-label=\"step\" min=\"0\" max=\"" + std::to_string(page.steps.size() - 1) +
         "\" value=\"0\"/>\n<p id=\"now\" aria-live=\"polite\"></p>\n</nav>\n";
}

std::string section(const std::string& id, const std::string& heading, const std::string& body) {
  return "<section id=\"" + id + "\" aria-labelledby=\"" + id + "-head\">\n<h2 id=\"" + id + "-head\">" + heading + "</h2>\n" + body +
         "</section>\n";
}

std::string legend(const Page& page, const Context& context) {
  std::string out = "<footer>\n<p>";
  if (!page.steps.empty() && page.steps.front().fate)
    out += "\xe2\x97\x8b free: something else here would still avoid the violation. \xe2\x97\x90 only: nothing else here would, but "
           "nothing is lost yet. \xe2\x97\x8f fated: nothing can avoid it any more. ";
  out += "<span class=\"plus\">+</span> a line that the patch added. Numbers count all steps of the run.</p>\n<p class=\"keys\" "
         "hidden=\"hidden\">Keys: \xe2\x86\x90 \xe2\x86\x92 or k j, Home, End, t for the turn.</p>\n";
  return out + "<p>Made by hotproof " + xml(context.version) + ", " + xml(context.created) + ".</p>\n</footer>\n";
}

}  // namespace

std::string html(const RunView& run, const Context& context) {
  const Page page = page_of(*run.property);
  const std::string style(part("page.css"));
  const std::string script(part("page.js"));
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src '" + hash_source(style) + "'; script-src '" + hash_source(script) +
      "'; base-uri 'none'; form-action 'none'\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>" +
      xml(rule_in_words(*run.property), 200) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n";
  out += header(run, page) + controls(page) + "<main>\n" + section("run", "The run", run_markup(page));
  if (const std::string good = good_markup(page); !good.empty()) out += section("good", "The nearest run that goes well", good);
  out += section("source", "Source", source_markup(page)) +
         "<div id=\"state\">\n" + section("life-of-block", "Block " + std::to_string(page.block), life_markup(page)) +
         section("state-now", "State <span id=\"when\">at the end of the run</span>", state_markup(page)) + "</div>\n</main>\n" +
         legend(page, context);
  return out + "<script type=\"application/json\" id=\"data\">" + data_of(page) + "</script>\n<script>" + script +
         "</script>\n</body>\n</html>\n";
}

}  // namespace hotproof::render
