// Everything a system can do, as far as it counts.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "checker/compare/graph.hpp"
#include "checker/compare/observables.hpp"
#include "checker/result.hpp"

namespace hotproof::checker::compare {

struct BehaviourOptions {
  checker::Options search;  // limits; a limit of depth is not looked at
  // Steps of an actor that nobody can tell apart are merged (ir::merge): what can happen stays the same, but not from
  // where on it is decided. Weak bisimulation wants this off.
  bool merge = true;
};

class Behaviour {
 public:
  // `system` is one before any property, for which ir::fault_in() returns nothing.
  static Behaviour of(const ir::TransitionSystem& system, const Observables& observables,
                      const BehaviourOptions& options);

  const Graph& graph() const { return graph_; }
  // From here a silent edge leads to each initial state.
  Node start() const { return 0; }
  const std::vector<Label>& labels() const { return labels_; }  // by LabelId; the first means nothing
  // Every reachable state is in the graph. If not, stopped_by() says why.
  bool complete() const { return stopped_by_.empty(); }
  const std::string& stopped_by() const { return stopped_by_; }
  // Numbers of the places reached behind which nothing is known.
  const std::set<std::int64_t>& unknown() const { return unknown_; }
  bool merged() const { return merged_; }
  // A region was looked at as one step: what happens in it stands in a normal form. The graph is complete only if that was
  // right.
  bool at_once() const { return at_once_; }
  const checker::Statistics& statistics() const { return statistics_; }
  // Names of events that some step does; of these, the ones that count only if the other system has them.
  const std::set<std::string>& event_names() const { return event_names_; }
  const std::set<std::string>& if_shared() const { return if_shared_; }
  // What the actor holds when it happens, in each of the ways that occur.
  const std::map<LabelId, std::set<HeldLocks>>& held() const { return held_; }

  const std::map<Label, HeldLocks>& hidden() const { return observed_.hidden; }

  // The run along these edges from start(): of the system that was given.
  ir::Run run(const std::vector<Edge>& path) const;
  // What happens in each step of a run of the given system and counts, by the reference semantics. Empty if it is no
  // run.
  std::vector<std::vector<Label>> labels_of(const ir::Run& run) const;

 private:
  friend class BehaviourBuilder;
  ObservedSystem observed_;
  ir::Rewritten reduced_;  // of observed_.system
  Graph graph_;
  std::vector<Label> labels_;
  std::map<Node, ir::State> initial_;  // of the reduced system
  bool merged_ = true;
  bool at_once_ = false;
  std::string stopped_by_;
  std::set<std::int64_t> unknown_;
  checker::Statistics statistics_;
  std::set<std::string> event_names_, if_shared_;
  std::map<LabelId, std::set<HeldLocks>> held_;
};

}  // namespace hotproof::checker::compare
