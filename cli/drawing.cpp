#include "cli/drawing.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <boost/graph/subgraph.hpp>
#include <map>
#include <set>
#include <sstream>

#include "cli/calls.hpp"
#include "cli/lifecycle.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::cli {

namespace {

using Attributes = std::map<std::string, std::string>;
using GraphAttributes =
    boost::property<boost::graph_name_t, std::string,
                    boost::property<boost::graph_graph_attribute_t, Attributes,
                                    boost::property<boost::graph_vertex_attribute_t, Attributes,
                                                    boost::property<boost::graph_edge_attribute_t, Attributes>>>>;
using Graph = boost::subgraph<boost::adjacency_list<
    boost::vecS, boost::vecS, boost::directedS, boost::property<boost::vertex_attribute_t, Attributes>,
    boost::property<boost::edge_index_t, int, boost::property<boost::edge_attribute_t, Attributes>>, GraphAttributes>>;

// Names come from the tree: nothing in them may end a string of the drawing.
std::string label(const std::string& text) {
  std::string out;
  for (const char c : render::safe(text, false)) {
    if (c == '&') out += "&amp;";  // Graphviz reads entities
    else out += c == '\\' ? '/' : c;
  }
  return out;
}

Graph& add_cluster(Graph& root, const std::string& title) {
  Graph& cluster = root.create_subgraph();
  boost::get_property(cluster, boost::graph_name) =
      "cluster_" + std::to_string(std::distance(root.children().first, root.children().second));
  boost::get_property(cluster, boost::graph_graph_attribute)["label"] = label(title);
  return cluster;
}

std::size_t add_vertex(Graph& root, Graph& cluster, const Attributes& attributes) {
  const std::size_t vertex = cluster.local_to_global(boost::add_vertex(cluster));
  boost::put(boost::get(boost::vertex_attribute, root), vertex, attributes);
  return vertex;
}

void add_edge(Graph& root, std::size_t from, std::size_t to, const Attributes& attributes) {
  const auto edge = boost::add_edge(from, to, root).first;
  boost::put(boost::get(boost::edge_attribute, root), edge, attributes);
}

using Calls = std::map<std::string, std::set<std::string>>;

std::set<std::string> reachable(const Calls& calls, std::set<std::string> from) {
  std::vector<std::string> open(from.begin(), from.end());
  while (!open.empty()) {
    const auto found = calls.find(open.back());
    open.pop_back();
    if (found == calls.end()) continue;
    for (const std::string& callee : found->second) {
      if (from.insert(callee).second) open.push_back(callee);
    }
  }
  return from;
}

// Actors and what they get to. What only start-up calls sets the stage and is no part of the play.
void add_calls(Graph& root, Model& model) {
  const lower::Options& options = model.scenario->options();
  const Calls calls = calls_of(model);
  std::set<std::string> actors;
  for (const lower::ActorSpec& actor : options.actors) actors.insert(actor.function);
  const std::set<std::string> acting = reachable(calls, actors);
  const std::set<std::string> at_start = reachable(calls, {options.init});
  std::map<std::string, Graph*> clusters;
  std::map<std::string, std::size_t> vertices;
  Graph& stage = add_cluster(root, "actors");
  for (const std::string& actor : actors) {
    vertices[actor] = add_vertex(root, stage, {{"label", label(actor)}, {"shape", "ellipse"}});
  }
  for (const counterexamples::FollowedReport& f : model.checked.report.model.followed) {
    if (vertices.contains(f.function) || (!acting.contains(f.function) && at_start.contains(f.function))) continue;
    auto [cluster, fresh] = clusters.try_emplace(f.file, nullptr);
    if (fresh) cluster->second = &add_cluster(root, f.file);
    vertices[f.function] =
        add_vertex(root, *cluster->second,
                   {{"label", label(f.function)}, {"tooltip", label(f.file + ":" + std::to_string(f.line))}});
  }
  for (const auto& [caller, callees] : calls) {
    const auto from = vertices.find(caller);
    if (from == vertices.end()) continue;
    for (const std::string& callee : callees) {
      if (const auto to = vertices.find(callee); to != vertices.end()) add_edge(root, from->second, to->second, {});
    }
  }
}

void add_lifecycle(Graph& root, const Lifecycle& lifecycle) {
  if (lifecycle.stages.empty()) return;
  Graph& cluster = add_cluster(root, lifecycle.complete ? "the life of a block" : "the life of a block (a part of it)");
  std::vector<std::size_t> vertices;
  for (const std::string& stage : lifecycle.stages) {
    Attributes attributes = {{"label", label(stage)}, {"shape", "ellipse"}};
    if (stage == "online" || stage == "offline") attributes["peripheries"] = "2";
    vertices.push_back(add_vertex(root, cluster, attributes));
  }
  for (const Lifecycle::Edge& edge : lifecycle.edges) {
    Attributes attributes = {{"label", label(edge.label)}};
    if (edge.failure) attributes["color"] = "red";
    add_edge(root, vertices[edge.from], vertices[edge.to], attributes);
  }
}

}  // namespace

std::string drawing_of(Model& model) {
  Graph root(0);
  boost::get_property(root, boost::graph_name) = "model";
  boost::get_property(root, boost::graph_graph_attribute)["rankdir"] = "LR";
  boost::get_property(root, boost::graph_vertex_attribute) = {{"shape", "box"}, {"fontname", "monospace"}};
  add_lifecycle(root, lifecycle_of(model.lowered.system));
  add_calls(root, model);
  std::ostringstream out;
  boost::write_graphviz(out, root);
  return out.str();
}

}  // namespace hotproof::cli
