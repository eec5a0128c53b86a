// Drawings for Graphviz: the run, and a block's way through its life.
#include <algorithm>
#include <map>
#include <set>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/life.hpp"
#include "counterexamples/render/formats/rows.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr const char* lit = "\"#b00020\"";

std::string label_of(const PictureRow& row, std::size_t number) {
  std::string out = std::to_string(number) + (row.added ? " + " : "  ") + row.where + "\n" +
                    (row.fault ? "FAULT: " : "") + plain(row.text, 80, false);
  for (const std::string& change : row.changes) out += "\n" + plain(change, 80, false);
  return out;
}

// One node a step, under its actor; grey edges keep an actor's order, black ones are the run's.
std::string nodes_of(const Trace& trace, const Picture& picture) {
  std::string out;
  for (const std::size_t actor : picture.actors) {
    out += "  subgraph cluster_actor" + std::to_string(actor) + " {\n    label=" + dot(actor_name(trace, actor)) +
           ";\n    color=gray;\n";
    for (std::size_t i = 0; i < picture.rows.size(); ++i) {
      const PictureRow& row = picture.rows[i];
      if (row.actor != actor) continue;
      out += "    step" + std::to_string(i + 1) + " [label=" + dot(label_of(row, i + 1));
      if (row.fault || row.last) out += std::string(", color=") + lit + ", penwidth=2";
      out += "];\n";
    }
    out += "  }\n";
  }
  return out;
}

}  // namespace

std::string run_dot(const RunView& run, const Context&) {
  const Trace& trace = *run.property->trace;
  const Picture picture = picture_of(trace);
  std::string out = "digraph run {\n  label=" + dot(rule_in_words(*run.property) + "\n" + run.title) +
                    ";\n  labelloc=t;\n  rankdir=TB;\n  node [shape=box, fontname=monospace, fontsize=10];\n"
                    "  edge [fontname=monospace, fontsize=9];\n";
  out += nodes_of(trace, picture);
  for (const std::int64_t listener : picture.listeners) {
    out += "  listener" + std::to_string(listener) + " [shape=ellipse, label=" + dot(listener_name(trace, listener)) +
           "];\n";
  }
  for (std::size_t i = 0; i < picture.rows.size(); ++i) {
    const PictureRow& row = picture.rows[i];
    const std::string name = "step" + std::to_string(i + 1);
    if (i > 0) {
      const bool switches = picture.rows[i - 1].actor != row.actor;
      out +=
          "  step" + std::to_string(i) + " -> " + name + (switches ? " [style=dashed, label=\"switch\"]" : "") + ";\n";
    }
    for (const auto& [listener, answer] : row.answers) {
      out += "  " + name + " -> listener" + std::to_string(listener) +
             " [constraint=false, label=" + dot(std::to_string(i + 1) + " " + answer) +
             (row.refused.at(listener) ? std::string(", color=") + lit : "") + "];\n";
    }
  }
  if (picture.loop_start && *picture.loop_start < picture.rows.size())
    out += "  step" + std::to_string(picture.rows.size()) + " -> step" + std::to_string(*picture.loop_start + 1) +
           " [constraint=false, style=bold, label=\"again and again\"];\n";
  return out + "}\n";
}

std::string life_dot(const RunView& run, const Context&) {
  const Trace& trace = *run.property->trace;
  const std::int64_t block = block_of(trace).value_or(0);
  const std::vector<LifeVisit> visits = life_of(trace, block);
  std::set<Life> seen;
  for (const LifeVisit& visit : visits) seen.insert(visit.state);
  std::string out = "digraph life {\n  label=" +
                    dot("the life of block " + std::to_string(block) + " in a run that violates " + run.property->id) +
                    ";\n  labelloc=t;\n  rankdir=LR;\n  node [shape=ellipse, fontname=monospace, fontsize=11];\n"
                    "  edge [fontname=monospace, fontsize=9];\n";
  const auto node = [](Life state) { return "state" + std::to_string(static_cast<int>(state)); };
  for (std::size_t i = 0; i < life_names.size(); ++i) {
    const auto state = static_cast<Life>(i);
    std::string text(life_names[i]);
    if (state == visits.back().state) text += "\nhere at the end";
    out += "  " + node(state) + " [label=" + dot(text) +
           (seen.contains(state) ? std::string(", penwidth=2, color=") + lit : ", color=gray, fontcolor=gray") + "];\n";
  }
  std::map<std::pair<Life, Life>, std::vector<std::string>> taken;
  for (std::size_t i = 1; i < visits.size(); ++i)
    taken[{visits[i - 1].state, visits[i].state}].push_back("step " + std::to_string(visits[i].step) + ": " +
                                                            visits[i].how);
  for (const LifeMove& move : life_moves()) {
    if (taken.contains({move.from, move.to})) continue;
    out += "  " + node(move.from) + " -> " + node(move.to) + " [color=gray, fontcolor=gray, label=" + dot(move.how) +
           "];\n";
  }
  for (const auto& [move, how] : taken) {
    std::string label;
    for (const std::string& one : how) label += (label.empty() ? "" : "\n") + plain(one, 80, false);
    out += "  " + node(move.first) + " -> " + node(move.second) + " [penwidth=2, color=" + lit +
           ", label=" + dot(label) + "];\n";
  }
  return out + "}\n";
}

}  // namespace hotproof::render
