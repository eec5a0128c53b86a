#include "counterexamples/render/formats/svg.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "counterexamples/render/formats/escape.hpp"

namespace hotproof::render {

namespace {

// Colours that stay apart for the colour-blind (Okabe and Ito); light and dark.
constexpr const char* style_sheet = R"(  <style>
    svg { --paper: #ffffff; --ink: #1a1a1a; --dim: #6b6b6b; --faint: #d0d0d0; --bad: #b3261e; --new: #00704a; --l0: #0072b2; --l1: #c25e00; --l2: #7a5195; --l3: #008f79; --l4: #a06a00; }
    @media (prefers-color-scheme: dark) { svg { --paper: #16181c; --ink: #e6e6e6; --dim: #a0a0a0; --faint: #44484f; --bad: #ff8a80; --new: #6fdcae; --l0: #6cb8ee; --l1: #f0a35e; --l2: #c9a3e0; --l3: #5fd4bf; --l4: #e0bd5a; } }
    text { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 11px; fill: var(--ink); white-space: pre; }
    .paper { fill: var(--paper); }
    .head { font-weight: bold; }
    .dim { fill: var(--dim); }
    .bad { fill: var(--bad); }
    .bold-bad { fill: var(--bad); font-weight: bold; }
    .new { fill: var(--new); }
    .center { text-anchor: middle; }
    .center-dim { text-anchor: middle; fill: var(--dim); }
    .center-bad { text-anchor: middle; fill: var(--bad); font-weight: bold; }
    .life { stroke: var(--faint); stroke-width: 1; }
    .rule { stroke: var(--faint); stroke-width: 1; }
    .run { stroke: var(--dim); stroke-width: 1.2; fill: none; }
    .switch { stroke: var(--dim); stroke-width: 1; stroke-dasharray: 4 3; fill: none; }
    .tell { stroke: var(--dim); stroke-width: 1; fill: none; }
    .refuse { stroke: var(--bad); stroke-width: 1.4; fill: none; }
    .step { fill: var(--ink); }
    .fault { fill: var(--bad); }
    .band { fill: var(--bad); fill-opacity: 0.10; }
    .patched { fill: var(--new); fill-opacity: 0.10; }
    .possible { stroke: var(--faint); stroke-width: 1.5; fill: none; }
    .taken { stroke: var(--bad); stroke-width: 2.5; fill: none; }
    .state { fill: var(--paper); stroke: var(--faint); stroke-width: 1.5; }
    .been { fill: var(--paper); stroke: var(--bad); stroke-width: 2.5; }
    .here { fill: var(--bad); fill-opacity: 0.15; stroke: var(--bad); stroke-width: 3; }
    .lock0 { fill: var(--l0); } .lock1 { fill: var(--l1); } .lock2 { fill: var(--l2); } .lock3 { fill: var(--l3); } .lock4 { fill: var(--l4); }
    @media print { svg { --paper: #ffffff; --ink: #000000; --dim: #444444; } }
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
           in_class(kind) + " marker-end=\"url(#head)\"/>\n";
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
           " " + number(y2) + "\"" + in_class(kind) + " marker-end=\"url(#head)\"/>\n";
}

std::string Svg::document(double width, double height, std::string_view title) const {
  const std::string w = number(width);
  const std::string h = number(height);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w +
         "\" height=\"" + h + "\" viewBox=\"0 0 " + w + " " + h + "\" role=\"img\">\n  <title>" + xml(title) +
         "</title>\n" + style_sheet +
         "  <defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
         "orient=\"auto-start-reverse\"><path d=\"M 0 0 L 8 4 L 0 8 z\" class=\"dim\"/></marker></defs>\n"
         "  <rect x=\"0\" y=\"0\" width=\"100%\" height=\"100%\" class=\"paper\"/>\n" +
         body_ + "</svg>\n";
}

}  // namespace hotproof::render
