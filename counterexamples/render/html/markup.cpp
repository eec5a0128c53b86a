#include "counterexamples/render/html/markup.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "counterexamples/render/formats/escape.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;
using nlohmann::ordered_json;

constexpr std::size_t most_text = 240;    // columns of one text
constexpr std::size_t most_line = 200;    // columns of a line of source
constexpr std::size_t tab_width = 8;      // as the kernel has it
constexpr std::size_t actor_colours = 5;  // of page.css

std::string text(std::string_view words) {
  return xml(words, most_text);
}

std::string actor_class(std::size_t actor) {
  return "a" + std::to_string(actor % actor_colours);
}

std::string fate_mark(StepFate fate) {
  switch (fate) {
    case StepFate::free:
      return "<span class=\"fate\" title=\"free: something else here would still avoid the violation\">"
             "<span aria-hidden=\"true\">\xe2\x97\x8b</span><span class=\"said\">free</span></span>";
    case StepFate::only:
      return "<span class=\"fate\" title=\"only: nothing else here would avoid it, but nothing is lost yet\">"
             "<span aria-hidden=\"true\">\xe2\x97\x90</span><span class=\"said\">only</span></span>";
    case StepFate::fated:
      break;
  }
  return "<span class=\"fate\" title=\"fated: nothing can avoid it any more\">"
         "<span aria-hidden=\"true\">\xe2\x97\x8f</span><span class=\"said\">fated</span></span>";
}

std::string details_of(const PageStep& step) {
  std::string out;
  const auto add = [&out](const char* kind, const std::string& words) {
    out += "<li class=\"" + std::string(kind) + "\">" + words + "</li>";
  };
  for (const std::string& call : step.calls) add("call", "through " + text(call) + " <span class=\"plus\">+</span>");
  if (!step.source.empty()) add("code", "<code>" + text(step.source) + "</code>");
  for (const std::string& told : step.told) add("told", text(told));
  for (const std::string& change : step.changes) add("change", text(change));
  for (const std::string& lock : step.taken) add("lock", "takes " + text(lock));
  for (const std::string& lock : step.released) add("lock", "releases " + text(lock));
  return out.empty() ? "" : "\n<ul>" + out + "</ul>";
}

std::string step_markup(const Page& page, const PageStep& step, const std::string& id) {
  std::string kinds = "step " + actor_class(step.actor);
  if (step.fault) kinds += " fault";
  if (step.added) kinds += " added";
  if (step.no_return) kinds += " no-return";
  if (step.fate == StepFate::fated) kinds += " fated";
  const std::string number = std::to_string(step.number);
  std::string out = "<li class=\"" + kinds + "\" id=\"" + id + number + "\" value=\"" + number + "\">\n";
  // What decides may be a choice that is shown together with what it leads to.
  if (step.no_return)
    out += "<p class=\"turn\">point of no return" + (page.parts == step.number ? "" : " (step " + std::to_string(*page.parts) + ")") + "</p>\n";
  out += "<p class=\"row\"><span class=\"lead\"><a class=\"n\" href=\"#" + id + number + "\">" + number + "</a> ";
  if (step.fate) out += fate_mark(*step.fate) + " ";
  out += "<b class=\"who\" title=\"" + text(page.actors[step.actor]) + "\">" + letter_of(step.actor) +
         "<span class=\"said\"> (" + text(page.actors[step.actor]) + ")</span></b> ";
  out += "</span><span class=\"does\">";
  if (step.added) out += "<span class=\"plus\" title=\"the patch added this line\">+</span> ";
  if (step.fault) out += "<span class=\"tag\">fault</span> ";
  out += "<code>" + text(step.text) + "</code>";
  if (!step.where.empty()) {
    const std::size_t in = std::min(step.where.find(" in "), step.where.size());
    out += " <span class=\"where\">" + text(step.where.substr(0, in));
    if (in < step.where.size()) out += "<span class=\"in\">" + text(step.where.substr(in)) + "</span>";
    out += "</span>";
  }
  return out + "</span></p>" + details_of(step) + "</li>\n";
}

// Tabs as blanks, since text that is safe to show has none.
std::string untabbed(std::string_view line) {
  std::string out;
  for (const char c : line) {
    if (c == '\t') out.append(tab_width - out.size() % tab_width, ' ');
    else out += c;
    if (out.size() > most_line * 8) break;
  }
  return out;
}

std::string line_id(const PageLine& at) {
  return "L" + std::to_string(at.function) + "-" + std::to_string(at.line);
}

std::string function_markup(const PageFunction& function, std::size_t number) {
  std::string name = text(function.file);
  if (!function.function.empty()) name = text(function.function) + "() <span class=\"where\">" + name + "</span>";
  const std::string id = "F" + std::to_string(number);
  std::string out = "<h3 id=\"" + id + "\">" + name + "</h3>\n<pre>";
  for (std::size_t i = 0; i < function.parts.size(); ++i) {
    const Quote& part = function.parts[i];
    if (i > 0) out += "<span class=\"gap\">\xe2\x8b\xaf</span>\n";
    for (std::size_t l = 0; l < part.lines.size(); ++l) {
      const auto line = static_cast<std::uint32_t>(part.first + l);
      const bool added = part.added.contains(line);
      std::string digits = std::to_string(line);
      digits.insert(0, 5 - std::min<std::size_t>(digits.size(), 5), ' ');
      out += "<span class=\"l" + std::string(added ? " added" : "") + "\" id=\"" + line_id({number, line}) + "\">" + digits +
             (added ? " + " : "   ") + xml(untabbed(part.lines[l]), most_line) + "\n</span>";
    }
  }
  return out + "</pre>\n";
}

ordered_json json_of(const PageStep& step, const Page& page) {
  ordered_json out = {{"n", step.number}, {"a", step.actor}, {"v", step.visit}};
  if (step.at) out["at"] = line_id(*step.at);
  for (const PageLine& line : step.through) out["up"].push_back(line_id(line));
  for (const std::string& lock : step.locks)
    for (std::size_t i = 0; i < page.locks.size(); ++i)
      if (page.locks[i] == lock) out["locks"].push_back(i);
  for (const auto& [number, listener] : step.listeners) {
    std::string accepted;
    for (const std::string& what : listener.accepted) accepted += (accepted.empty() ? "" : ", ") + plain(what, most_text);
    out["heard"].push_back({number, accepted, plain(listener.last, most_text), listener.refused});
  }
  return out;
}

}  // namespace

std::string run_markup(const Page& page) {
  std::string out = "<ol class=\"steps\">\n";
  for (const PageStep& step : page.steps) out += step_markup(page, step, "step-");
  return out + "</ol>\n";
}

std::string good_markup(const Page& page) {
  if (page.good.empty() || !page.parts) return "";
  std::string out = "<p>The same up to step " + std::to_string(*page.parts - 1) +
                    "; from there on this run goes another way, and nothing is violated.</p>\n<ol class=\"steps\">\n";
  for (const PageStep& step : page.good) out += step_markup(page, step, "good-");
  return out + "</ol>\n";
}

std::string source_markup(const Page& page) {
  std::string out;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < page.functions.size(); ++i) {
    const std::string markup = function_markup(page.functions[i], i);
    if (out.size() + markup.size() > most_source) ++left_out;
    else out += markup;
  }
  if (left_out > 0)
    out += "<p>" + std::to_string(left_out) + (left_out == 1 ? " function is" : " functions are") +
           " left out, to keep the page small.</p>\n";
  return out;
}

std::string state_markup(const Page& page) {
  std::vector<std::vector<std::string>> locks(page.actors.size());
  std::vector<std::string> where(page.actors.size());
  std::map<std::int64_t, PageListener> listeners;
  for (const PageStep& step : page.steps) {
    locks[step.actor] = step.locks;
    where[step.actor] = step.where;
    for (const auto& [number, listener] : step.listeners) listeners[number] = listener;
  }
  std::string out = "<h3>Who is where</h3>\n<ul id=\"actors\">\n";
  for (std::size_t i = 0; i < page.actors.size(); ++i) {
    out += "<li class=\"" + actor_class(i) + "\"><b class=\"who\">" + letter_of(i) + "</b> " + text(page.actors[i]);
    if (!page.asks[i].empty()) out += ", " + text(page.asks[i]);
    out += ": <span class=\"at\">" + (where[i].empty() ? "not in the source shown" : text(where[i])) + "</span></li>\n";
  }
  out += "</ul>\n<h3>Locks held</h3>\n";
  if (page.locks.empty()) out += "<p>The run takes no lock.</p>\n";
  else out += "<ul id=\"locks\">\n";
  for (const std::string& lock : page.locks) {
    std::string holders;
    for (std::size_t i = 0; i < locks.size(); ++i)
      if (std::find(locks[i].begin(), locks[i].end(), lock) != locks[i].end()) holders += (holders.empty() ? "" : ", ") + letter_of(i);
    out += "<li" + std::string(holders.empty() ? "" : " class=\"held\"") + "><code>" + text(lock) + "</code>: <span class=\"by\">" +
           (holders.empty() ? "nobody" : holders) + "</span></li>\n";
  }
  if (!page.locks.empty()) out += "</ul>\n";
  if (page.listeners.empty()) return out;
  out += "<h3>Listeners</h3>\n<table id=\"listeners\"><thead><tr><th scope=\"col\">listener</th><th scope=\"col\">has accepted</th>"
         "<th scope=\"col\">last answer</th></tr></thead><tbody>\n";
  for (const auto& [number, name] : page.listeners) {
    const PageListener& listener = listeners[number];
    std::string accepted;
    for (const std::string& what : listener.accepted) accepted += (accepted.empty() ? "" : ", ") + what;
    out += "<tr id=\"listener-" + std::to_string(number) + "\"><th scope=\"row\">" + text(name) + "</th><td>" + text(accepted) + "</td><td" +
           (listener.refused ? " class=\"refused\"" : "") + ">" + text(listener.last) + "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string data_of(const Page& page) {
  const auto written = [](const ordered_json& json) { return json.dump(-1, ' ', true, ordered_json::error_handler_t::replace); };
  ordered_json visits = ordered_json::array();
  for (const LifeVisit& visit : page.visits) visits.push_back(static_cast<int>(visit.state));
  // A line for each step.
  std::string out = "{\"total\": " + std::to_string(page.total) + ", \"parts\": " + (page.parts ? std::to_string(*page.parts) : "null") +
                    ", \"visits\": " + written(visits) + ", \"steps\": [";
  for (std::size_t i = 0; i < page.steps.size(); ++i) out += (i == 0 ? "\n" : ",\n") + written(json_of(page.steps[i], page));
  out += "\n]}";
  // Within strings alone there can be "<", ">" and "&"; nothing outside ASCII is left.
  std::string json;
  for (const char c : out) {
    if (c == '<') json += "\\u003c";
    else if (c == '>') json += "\\u003e";
    else if (c == '&') json += "\\u0026";
    else json += c;
  }
  return json;
}

}  // namespace hotproof::render
