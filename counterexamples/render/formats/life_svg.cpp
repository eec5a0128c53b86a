// The life of a block as a picture: its five places, the moves between them, and the run's way lit.
#include <cmath>
#include <map>
#include <set>

#include "counterexamples/render/formats/life.hpp"
#include "counterexamples/render/formats/run_view.hpp"
#include "counterexamples/render/formats/svg.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

struct Point {
  double x, y;
};

constexpr double width = 820;
constexpr double rx = 66;
constexpr double ry = 24;

Point centre(Life state) {
  switch (state) {
    case Life::absent:
      return {100, 190};
    case Life::offline:
      return {300, 190};
    case Life::going_online:
      return {500, 100};
    case Life::online:
      return {700, 190};
    case Life::going_offline:
      return {500, 280};
  }
  return {0, 0};
}

// Where the straight line from the middle of a place towards a point leaves the place.
Point edge_of(Point middle, Point towards) {
  const double dx = towards.x - middle.x;
  const double dy = towards.y - middle.y;
  const double scale = 1 / std::sqrt(dx * dx / (rx * rx) + dy * dy / (ry * ry));
  return {middle.x + dx * scale, middle.y + dy * scale};
}

// Moves bend to the right of their way, so that there and back are two lines.
void draw_move(Svg& svg, Life from, Life to, const std::string& label, bool taken) {
  const Point a = centre(from);
  const Point b = centre(to);
  const double length = std::hypot(b.x - a.x, b.y - a.y);
  const Point bend{(a.x + b.x) / 2 - (b.y - a.y) / length * -38, (a.y + b.y) / 2 - (b.x - a.x) / length * 38};
  const Point start = edge_of(a, bend);
  const Point end = edge_of(b, bend);
  svg.curve(start.x, start.y, bend.x, bend.y, end.x, end.y, taken ? "taken" : "possible");
  const Point at{(a.x + b.x) / 4 + bend.x / 2, (a.y + b.y) / 4 + bend.y / 2};
  svg.text(at.x, at.y + (bend.y < (a.y + b.y) / 2 ? -5 : 13), label, taken ? "center-bad" : "center-dim", 150);
}

}  // namespace

std::string life_svg(const RunView& run, const Context&) {
  const Trace& trace = *run.property->trace;
  const std::int64_t block = block_of(trace).value_or(0);
  const std::vector<LifeVisit> visits = life_of(trace, block);
  Svg svg;
  const std::string title = "block " + std::to_string(block) + " in a run that violates " + run.property->id;
  svg.text(16, 26, title, "head", width - 32);
  svg.text(16, 42, run.title + ", " + run.architecture, "dim", width - 32);

  std::map<std::pair<Life, Life>, std::string> taken;  // which of the run's moves it is
  std::set<Life> been;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    been.insert(visits[i].state);
    if (i == 0) continue;
    std::string& label = taken[{visits[i - 1].state, visits[i].state}];
    label += (label.empty() ? "" : ", ") + std::to_string(i);
  }
  for (const LifeMove& move : life_moves()) {
    const auto lit = taken.find({move.from, move.to});
    const std::string how(move.how);
    draw_move(svg, move.from, move.to, lit == taken.end() ? how : how + " (" + lit->second + ")", lit != taken.end());
    if (lit != taken.end()) taken.erase(lit);
  }
  for (const auto& [move, label] : taken) draw_move(svg, move.first, move.second, "(" + label + ")", true);
  for (std::size_t i = 0; i < life_names.size(); ++i) {
    const auto state = static_cast<Life>(i);
    const Point at = centre(state);
    if (been.contains(state)) svg.ellipse(at.x, at.y, rx, ry, "been");
    svg.ellipse(at.x, at.y, rx, ry, state == visits.back().state ? "here" : been.contains(state) ? "been" : "state");
    svg.text(at.x, at.y + 4, life_names[i], been.contains(state) ? "center" : "center-dim", 2 * rx);
  }
  double y = 345;
  for (std::size_t i = 0; i < visits.size(); ++i, y += 16) {
    svg.text(16, y, (i == 0 ? std::string("   ") : (i < 10 ? " " : "") + std::to_string(i) + " ") + in_words(visits[i]),
             i + 1 == visits.size() ? "bad" : "", width - 32);
  }
  return svg.document(width, y + 8, title);
}

}  // namespace hotproof::render
