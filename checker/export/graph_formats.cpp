#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphml.hpp>
#include <boost/graph/graphviz.hpp>
#include <sstream>

#include "checker/export/export.hpp"
#include "checker/export/graph.hpp"
#include "checker/export/names.hpp"

namespace hotproof::checker::exports {

namespace {

// What a reader of the graph sees of a state and of a step, as text.
struct DrawnNode {
  std::string at;        // where each actor stands
  std::string violates;  // ids of properties, with blanks between
  bool initial = false;
};
struct Arc {
  std::string actor, text, place;
  std::string violates, reaches;  // ids of properties, with blanks between
  int faults = 0;
};
using Drawn = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, DrawnNode, Arc>;

std::string ids(const ir::TransitionSystem& system, const std::vector<ir::PropertyId>& properties) {
  std::string out;
  for (const ir::PropertyId id : properties) out += (out.empty() ? "" : " ") + plain(system.properties[ir::index(id)].id);
  return out;
}

std::string place_of(const ir::TransitionSystem& system, const ir::SourceSpan& span) {
  if (span.line == 0 || span.file >= system.files.size()) return "";
  return plain(system.files[span.file]) + ":" + std::to_string(span.line);
}

// What happens, and if nobody says, where it stands.
std::string text_of(const ir::TransitionSystem& system, const ir::Transition& t) {
  if (!t.text.empty()) return plain(t.text);
  const std::string place = place_of(system, t.span);
  return place.empty() ? "to " + std::to_string(t.to) : place;
}

Drawn drawn(const ir::TransitionSystem& system, const Graph& graph) {
  Drawn out(graph.states.size());
  for (std::size_t i = 0; i < graph.states.size(); ++i) {
    for (const ir::Actor& actor : system.actors)
      out[i].at += (out[i].at.empty() ? "" : ", ") + plain(actor.name) + " " + std::to_string(graph.states[i][ir::index(actor.control)]);
    out[i].violates = ids(system, graph.violated[i]);
    out[i].initial = i < graph.initial;
  }
  for (const Graph::Edge& edge : graph.edges) {
    const ir::Transition& t = system[edge.fired];
    Arc arc{plain(system.actors[ir::index(t.actor)].name), text_of(system, t), place_of(system, t.span),
            ids(system, edge.violated), ids(system, edge.reached), t.faults};
    boost::add_edge(edge.from, edge.to, std::move(arc), out);
  }
  return out;
}

// In the DOT language; Boost quotes attributes where it must.
struct NodeLook {
  const Drawn& graph;
  void operator()(std::ostream& out, std::size_t node) const {
    const DrawnNode& it = graph[node];
    out << "[label=\"" << node << "\", tooltip=\"" << it.at << "\"";
    if (it.initial) out << ", shape=doublecircle";
    if (!it.violates.empty()) out << ", color=red, xlabel=\"" << it.violates << "\"";
    out << "]";
  }
};
struct ArcLook {
  const Drawn& graph;
  void operator()(std::ostream& out, const Drawn::edge_descriptor& edge) const {
    const Arc& it = graph[edge];
    out << "[label=\"" << it.actor << ": " << it.text;
    if (!it.violates.empty()) out << " violates " << it.violates;
    out << "\"";
    if (!it.violates.empty()) out << ", color=red";
    else if (it.faults > 0) out << ", style=dashed";
    out << "]";
  }
};
struct Whole {
  void operator()(std::ostream& out) const { out << "node [shape=circle];\n"; }
};

}  // namespace

Outcome<std::string> graphviz(const ir::TransitionSystem& system, const Request& request) {
  const auto graph = graph_of(system, request.most_states, request.options);
  if (!graph) return tl::make_unexpected(graph.error());
  const Drawn picture = drawn(system, *graph);
  std::ostringstream out;
  boost::write_graphviz(out, picture, NodeLook{picture}, ArcLook{picture}, Whole{});
  return out.str();
}

Outcome<std::string> graphml(const ir::TransitionSystem& system, const Request& request) {
  const auto graph = graph_of(system, request.most_states, request.options);
  if (!graph) return tl::make_unexpected(graph.error());
  Drawn picture = drawn(system, *graph);
  boost::dynamic_properties attributes;
  attributes.property("initial", boost::get(&DrawnNode::initial, picture));
  attributes.property("at", boost::get(&DrawnNode::at, picture));
  attributes.property("violated", boost::get(&DrawnNode::violates, picture));
  attributes.property("actor", boost::get(&Arc::actor, picture));
  attributes.property("text", boost::get(&Arc::text, picture));
  attributes.property("place", boost::get(&Arc::place, picture));
  attributes.property("faults", boost::get(&Arc::faults, picture));
  attributes.property("violates", boost::get(&Arc::violates, picture));
  attributes.property("reaches", boost::get(&Arc::reaches, picture));
  std::ostringstream out;
  boost::write_graphml(out, picture, attributes, true);
  return out.str();
}

// "A label is any character string enclosed between double quotes", without quotes in it (CADP's manual page of aldebaran).
Outcome<std::string> aldebaran(const ir::TransitionSystem& system, const Request& request) {
  const auto graph = graph_of(system, request.most_states, request.options);
  if (!graph) return tl::make_unexpected(graph.error());
  const bool one = graph->initial == 1;
  const std::size_t starts = one ? 0 : graph->initial;
  const std::size_t shift = one ? 0 : 1;  // the start is number 0
  std::string out = "des (0, " + std::to_string(graph->edges.size() + starts) + ", " + std::to_string(graph->states.size() + shift) + ")\n";
  const auto add = [&out](std::size_t from, const std::string& label, std::size_t to) {
    out += "(" + std::to_string(from) + ", \"" + label + "\", " + std::to_string(to) + ")\n";
  };
  for (std::size_t i = 0; i < starts; ++i) add(0, "start", i + shift);
  for (const Graph::Edge& edge : graph->edges) {
    const ir::Transition& t = system[edge.fired];
    add(edge.from + shift, plain(system.actors[ir::index(t.actor)].name) + ": " + text_of(system, t), edge.to + shift);
  }
  return out;
}

}  // namespace hotproof::checker::exports
