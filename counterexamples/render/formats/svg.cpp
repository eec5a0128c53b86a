#include "counterexamples/render/formats/svg.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "counterexamples/render/formats/escape.hpp"

namespace hotproof::render {

namespace {

// Colours that stay apart for the colour-blind (Okabe and Ito); light and dark.
constexpr const char* style_sheet = R"(  <style>
    text { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 11px; fill: #1a1a1a; white-space: pre; }
    .head { font-weight: bold; }
    .center, .center-dim, .center-bad { text-anchor: middle; }
    .bold-bad, .center-bad { font-weight: bold; }
    .run, .switch, .tell, .refuse, .possible, .taken { fill: none; }
    .run { stroke-width: 1.2; } .refuse { stroke-width: 1.4; } .possible { stroke-width: 1.5; } .taken { stroke-width: 2.5; }
    .switch { stroke-dasharray: 4 3; }
    .band, .patched { fill-opacity: 0.10; }
    .here { fill-opacity: 0.15; stroke-width: 3; } .state { stroke-width: 1.5; } .been { stroke-width: 2.5; }
    .paper, .state, .been { fill: #ffffff; }
    .step { fill: #1a1a1a; }
    .dim, .center-dim { fill: #6b6b6b; }
    .bad, .bold-bad, .center-bad, .fault, .band, .here { fill: #b3261e; }
    .new, .patched { fill: #00704a; }
    .life, .rule, .possible, .state { stroke: #d0d0d0; }
    .run, .switch, .tell { stroke: #6b6b6b; }
    .refuse, .taken, .been, .here { stroke: #b3261e; }
    .lock0 { fill: #0072b2; } .lock1 { fill: #c25e00; } .lock2 { fill: #7a5195; } .lock3 { fill: #008f79; } .lock4 { fill: #a06a00; }
    @media screen and (prefers-color-scheme: dark) {
      text, .step { fill: #e6e6e6; }
      .paper, .state, .been { fill: #16181c; }
      .dim, .center-dim { fill: #a0a0a0; }
      .bad, .bold-bad, .center-bad, .fault, .band, .here { fill: #ff8a80; }
      .new, .patched { fill: #6fdcae; }
      .life, .rule, .possible, .state { stroke: #44484f; }
      .run, .switch, .tell { stroke: #a0a0a0; }
      .refuse, .taken, .been, .here { stroke: #ff8a80; }
      .lock0 { fill: #6cb8ee; } .lock1 { fill: #f0a35e; } .lock2 { fill: #c9a3e0; } .lock3 { fill: #5fd4bf; } .lock4 { fill: #e0bd5a; }
    }
  </style>
)";

std::string number(double value) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.1f", value);
  return out.data();
}

std::string attribute(const char* name, double value) {
  return " " + std::string(name) + "=\"" + number(value) + "\"";
}

std::string in_class(std::string_view kind) {
  return " class=\"" + std::string(kind) + "\"";
}

std::string head(const char* name, const char* kind) {
  return "<marker id=\"" + std::string(name) +
         "\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" "
         "markerHeight=\"9\" orient=\"auto\"><path d=\"M 0 0 L 8 4 L 0 8 z\"" +
         in_class(kind) + "/></marker>";
}

std::string with_head(std::string_view kind) {
  return std::string(" marker-end=\"url(#") + (kind == "refuse" || kind == "taken" ? "head-bad" : "head") + ")\"/>\n";
}

}  // namespace

void Svg::text(double x, double y, std::string_view words, std::string_view kind, double room) {
  const auto columns = static_cast<std::size_t>(std::max(room / character, 1.0));
  body_ += "  <text" + attribute("x", x) + attribute("y", y) + in_class(kind) + ">" + xml(words, columns) + "</text>\n";
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view kind) {
  body_ += "  <line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
           in_class(kind) + "/>\n";
}

void Svg::arrow(double x1, double y1, double x2, double y2, std::string_view kind) {
  body_ += "  <line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
           in_class(kind) + with_head(kind);
}

void Svg::rect(double x, double y, double width, double height, std::string_view kind, std::string_view hover) {
  body_ += "  <rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) + attribute("height", height) +
           in_class(kind);
  body_ += hover.empty() ? "/>\n" : "><title>" + xml(hover) + "</title></rect>\n";
}

void Svg::circle(double x, double y, double radius, std::string_view kind) {
  body_ += "  <circle" + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) + in_class(kind) + "/>\n";
}

void Svg::ellipse(double x, double y, double rx, double ry, std::string_view kind) {
  body_ += "  <ellipse" + attribute("cx", x) + attribute("cy", y) + attribute("rx", rx) + attribute("ry", ry) +
           in_class(kind) + "/>\n";
}

void Svg::curve(double x1, double y1, double cx, double cy, double x2, double y2, std::string_view kind) {
  body_ += "  <path d=\"M " + number(x1) + " " + number(y1) + " Q " + number(cx) + " " + number(cy) + " " + number(x2) +
           " " + number(y2) + "\"" + in_class(kind) + with_head(kind);
}

std::string Svg::document(double width, double height, std::string_view title) const {
  const std::string w = number(width);
  const std::string h = number(height);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w +
         "\" height=\"" + h + "\" viewBox=\"0 0 " + w + " " + h + "\" role=\"img\">\n  <title>" + xml(title) +
         "</title>\n" + style_sheet + "  <defs>" + head("head", "dim") + head("head-bad", "bad") +
         "</defs>\n"
         "  <rect x=\"0\" y=\"0\" width=\"100%\" height=\"100%\" class=\"paper\"/>\n" +
         body_ + "</svg>\n";
}

}  // namespace hotproof::render
