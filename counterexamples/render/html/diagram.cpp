// The block's life: its five places and the moves between them, with the run's way through it.
#include <cmath>
#include <cstdio>
#include <set>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/html/markup.hpp"

namespace hotproof::render {

namespace {

struct Point {
  double x, y;
};

constexpr double rx = 50;
constexpr double ry = 17;

Point centre(Life state) {
  switch (state) {
    case Life::absent:
      return {56, 75};
    case Life::offline:
      return {180, 75};
    case Life::going_online:
      return {285, 24};
    case Life::online:
      return {390, 75};
    case Life::going_offline:
      return {285, 126};
  }
  return {0, 0};
}

Point edge_of(Point middle, Point towards) {
  const double dx = towards.x - middle.x;
  const double dy = towards.y - middle.y;
  const double scale = 1 / std::sqrt(dx * dx / (rx * rx) + dy * dy / (ry * ry));
  return {middle.x + dx * scale, middle.y + dy * scale};
}

std::string number(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.1f", value);
  return out;
}

std::string move_markup(Life from, Life to, bool taken) {
  const Point a = centre(from);
  const Point b = centre(to);
  // Moves bend to one side of their way, so that there and back are two lines.
  const double length = std::hypot(b.x - a.x, b.y - a.y);
  const Point bend{(a.x + b.x) / 2 + (b.y - a.y) / length * 14, (a.y + b.y) / 2 - (b.x - a.x) / length * 14};
  const Point start = edge_of(a, bend);
  const Point end = edge_of(b, bend);
  return "<path class=\"move" + std::string(taken ? " taken" : "") + "\" data-move=\"" + std::to_string(static_cast<int>(from)) + "-" +
         std::to_string(static_cast<int>(to)) + "\" d=\"M " + number(start.x) + " " + number(start.y) + " Q " + number(bend.x) +
         " " + number(bend.y) + " " + number(end.x) + " " + number(end.y) + "\" marker-end=\"url(#head)\"/>\n";
}

}  // namespace

std::string life_markup(const Page& page) {
  std::set<Life> been;
  std::set<std::pair<Life, Life>> taken;
  for (std::size_t i = 0; i < page.visits.size(); ++i) {
    been.insert(page.visits[i].state);
    if (i > 0) taken.insert({page.visits[i - 1].state, page.visits[i].state});
  }
  std::string out =
      "<svg id=\"life\" viewBox=\"0 0 446 150\" role=\"img\" aria-label=\"the life of the block; the list below says the same\">\n"
      "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\">"
      "<path class=\"tip\" d=\"M 0 0 L 8 4 L 0 8 z\"/></marker></defs>\n";
  for (const LifeMove& move : life_moves()) {
    out += move_markup(move.from, move.to, taken.contains({move.from, move.to}));
    taken.erase({move.from, move.to});
  }
  for (const auto& [from, to] : taken) out += move_markup(from, to, true);
  for (std::size_t i = 0; i < life_names.size(); ++i) {
    const auto state = static_cast<Life>(i);
    const Point at = centre(state);
    out += "<g class=\"place" + std::string(been.contains(state) ? " been" : "") +
           (state == page.visits.back().state ? " here" : "") + "\" id=\"life-" + std::to_string(i) + "\"><ellipse cx=\"" + number(at.x) +
           "\" cy=\"" + number(at.y) + "\" rx=\"" + number(rx) + "\" ry=\"" + number(ry) + "\"/><text x=\"" + number(at.x) + "\" y=\"" +
           number(at.y + 4) + "\">" + std::string(life_names[i]) + "</text></g>\n";
  }
  out += "</svg>\n<ol id=\"visits\">\n";
  for (std::size_t i = 0; i < page.visits.size(); ++i)
    out += "<li" + std::string(i + 1 == page.visits.size() ? " class=\"here\"" : "") + ">" + xml(in_words(page.visits[i]), 200) + "</li>\n";
  return out + "</ol>\n";
}

}  // namespace hotproof::render
