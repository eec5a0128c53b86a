#include "specs/lang/instrument.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "specs/lang/evaluate.hpp"
#include "specs/lang/instances.hpp"
#include "specs/lang/match.hpp"

namespace hotproof::spec {

namespace {

using ir::ExprId;

// An edge of a rule that may fire at an event of a transition.
struct Candidate {
  std::size_t transition = 0;
  std::size_t event = 0;
  std::size_t edge = 0;
  ExprId condition{};           // without the rule's state
  std::vector<ExprId> demands;  // of its `require` and `error`, in their order
};

// What one property adds; kept apart until it is known that the system has all that it names.
struct Additions {
  struct NewAssertion {
    std::size_t transition;
    ExprId holds;
    Demand demand;
  };
  std::vector<ir::Variable> variables;
  std::vector<std::pair<std::size_t, ir::Update>> updates;
  std::vector<NewAssertion> assertions;
  std::vector<std::pair<std::size_t, ir::Hit>> hits;
  std::vector<std::string> marks;
  std::string missing;
};

// Adds one property.
class Compiler {
 public:
  Compiler(ir::TransitionSystem& system, const SpecProperty& property)
      : system_(system), property_(property), form_(*property.form) {}

  Outcome<Additions> run() {
    result_.id = property_.id;
    result_.says = property_.says;
    result_.origin = property_.origin;
    result_.confidence = property_.confidence;
    result_.kind = property_.kind;
    for (const auto& points : form_.triggers) result_.triggers.push_back(watch(property_.id + ": trigger", points));
    std::optional<Diagnostic> fault;
    if (const auto* what = std::get_if<Rule>(&form_.what)) fault = rule(*what);
    if (const auto* what = std::get_if<Invariant>(&form_.what)) fault = invariant(*what);
    if (const auto* what = std::get_if<Cover>(&form_.what)) {
      result_.cover_without_faults = what->without_faults;
      result_.mark = watch(property_.id, what->points);
    }
    if (fault) return tl::unexpected(*fault);
    return std::move(out_);
  }

  const ir::Property& result() const { return result_; }

 private:
  Evaluator evaluator(const Instance& names, const ir::Transition* transition) {
    return {system_, *form_.definitions, names, transition};
  }
  void note(const Evaluator& evaluator) {
    if (out_.missing.empty()) out_.missing = evaluator.missing();
  }

  Outcome<std::vector<Instance>> instances(const std::vector<Quantifier>& quantifiers) {
    return instances_of(system_, property_, quantifiers, out_.missing);
  }

  std::optional<Diagnostic> invariant(const Invariant& what) {
    const auto all = instances(what.quantifiers);
    if (!all) return all.error();
    result_.expr = system_.pool.truth(true);
    for (const Instance& instance : *all) {
      Evaluator values = evaluator(instance, nullptr);
      result_.expr = system_.pool.and_(result_.expr, values.truth(what.expr));
      note(values);
    }
    return {};
  }

  ir::MarkId new_mark(const std::string& name) {
    out_.marks.push_back(name);
    return static_cast<ir::MarkId>(system_.marks.size() + out_.marks.size() - 1);
  }

  ir::MarkId watch(const std::string& name, const std::vector<WatchPoint>& points) {
    const ir::MarkId mark = new_mark(name);
    for (std::size_t t = 0; t < system_.transitions.size(); ++t) {
      ExprId when = system_.pool.truth(false);
      for (const ir::Event& event : system_.transitions[t].events) {
        for (const WatchPoint& point : points) {
          if (system_.event_names[event.name] != point.event.event) continue;
          Evaluator values = evaluator({}, &system_.transitions[t]);
          when = system_.pool.or_(when, match(system_, values, point.event, point.when, event));
          note(values);
        }
      }
      if (!system_.pool.is_false(when)) out_.hits.push_back({t, {mark, when}});
    }
    return mark;
  }

  std::optional<Diagnostic> rule(const Rule& what) {
    const auto all = instances(what.quantifiers);
    if (!all) return all.error();
    // Edges by event, in their order.
    std::map<std::uint32_t, std::vector<std::size_t>> edges;
    for (std::uint32_t name = 0; name < system_.event_names.size(); ++name)
      for (std::size_t e = 0; e < what.edges.size(); ++e)
        if (what.edges[e].event.event == system_.event_names[name]) edges[name].push_back(e);
    // All that may be missing is met before the first variable is made, so that no expression is left behind that reads
    // a variable that never came to be.
    std::vector<std::vector<Candidate>> found;
    for (const Instance& instance : *all) {
      found.push_back(candidates(what, edges, instance));
      if (!out_.missing.empty()) return {};
    }
    if (property_.speaks) {
      speaks_ = new_mark(property_.id + ": speaks");
      result_.triggers.push_back(speaks_);
    }
    for (std::size_t i = 0; i < found.size(); ++i) one(what, (*all)[i], found[i]);
    return {};
  }

  std::vector<Candidate> candidates(const Rule& what, const std::map<std::uint32_t, std::vector<std::size_t>>& edges,
                                    const Instance& instance) {
    std::vector<Candidate> out;
    for (std::size_t t = 0; t < system_.transitions.size(); ++t) {
      const ir::Transition& transition = system_.transitions[t];
      for (std::size_t e = 0; e < transition.events.size(); ++e) {
        const auto found = edges.find(transition.events[e].name);
        if (found == edges.end()) continue;
        for (const std::size_t edge : found->second) {
          Evaluator values = evaluator(instance, &transition);
          const Edge& line = what.edges[edge];
          const ExprId condition = match(system_, values, line.event, line.when, transition.events[e]);
          if (!system_.pool.is_false(condition)) out.push_back({t, e, edge, condition, demands(line, values)});
          note(values);
        }
      }
    }
    return out;
  }

  std::vector<ExprId> demands(const Edge& line, Evaluator& values) {
    std::vector<ExprId> out;
    for (const Action& action : line.actions) {
      if (action.kind == Action::Kind::require) out.push_back(values.truth(action.condition));
      if (action.kind == Action::Kind::error) out.push_back(system_.pool.truth(false));
    }
    return out;
  }

  // States that the automaton can be in, if every candidate may fire at any time.
  static std::set<std::uint32_t> reachable(const Rule& what, const std::vector<Candidate>& candidates) {
    std::set<std::size_t> live;
    for (const Candidate& candidate : candidates) live.insert(candidate.edge);
    std::set<std::uint32_t> out{0};
    for (bool grown = true; grown;) {
      grown = false;
      for (const std::size_t edge : live) {
        const Edge& line = what.edges[edge];
        const auto in = [&](std::uint32_t state) { return out.contains(state); };
        if (!line.in.empty() && std::ranges::none_of(line.in, in)) continue;
        for (const Action& action : line.actions)
          if (action.kind == Action::Kind::go) grown |= out.insert(action.state).second;
      }
    }
    return out;
  }

  // One instance of a rule: the automaton's state is a variable, if there is more than one state to be in.
  void one(const Rule& what, const Instance& instance, const std::vector<Candidate>& all) {
    const std::set<std::uint32_t> states = reachable(what, all);
    const int width = std::max(1, static_cast<int>(std::bit_width(what.states.size() - 1)));
    ExprId current = system_.pool.constant(0, width);
    ir::VarId var{};
    if (states.size() > 1) {
      var = static_cast<ir::VarId>(system_.variables.size() + out_.variables.size());
      out_.variables.push_back(observer(what, instance, width));
      current = system_.pool.variable(var, width);
    }
    for (std::size_t i = 0; i < all.size();) {
      std::size_t end = i;
      while (end < all.size() && all[end].transition == all[i].transition) ++end;
      const ExprId next = fire(what, instance, states, current, {all.data() + i, end - i});
      if (next != current) out_.updates.push_back({all[i].transition, {var, next}});
      i = end;
    }
  }

  ir::Variable observer(const Rule& what, const Instance& instance, int width) const {
    ir::Variable out;
    out.name = property_.id;
    for (const Quantifier& quantifier : what.quantifiers) {
      const auto value = static_cast<std::int64_t>(system_.pool[instance.at(quantifier.variable).id].value);
      out.name += "[" + std::to_string(value) + "]";
    }
    out.width = width;
    out.role = ir::Role::observer;
    for (std::size_t i = 0; i < what.states.size(); ++i) out.labels[i] = what.states[i];
    return out;
  }

  // The candidates of one transition, in the order of its events and, for one event, of the rule's lines. Returns the
  // automaton's state behind them.
  ExprId fire(const Rule& what, const Instance& instance, const std::set<std::uint32_t>& states, ExprId current,
              std::span<const Candidate> candidates) {
    ir::ExprPool& pool = system_.pool;
    ExprId next = current;
    for (std::size_t i = 0; i < candidates.size();) {
      const ExprId before = next;
      ExprId open = pool.truth(true);  // no earlier line has fired at this event
      const std::size_t event = candidates[i].event;
      for (; i < candidates.size() && candidates[i].event == event; ++i) {
        const Candidate& candidate = candidates[i];
        const Edge& line = what.edges[candidate.edge];
        const ExprId fits = pool.and_(candidate.condition, in_states(line, states, before));
        const ExprId fires = pool.and_(open, fits);
        open = pool.and_(open, pool.not_(fits));
        if (pool.is_false(fires)) continue;
        std::size_t demanded = 0;
        for (const Action& action : line.actions) {
          if (action.kind == Action::Kind::go)
            next = pool.ite(fires, pool.constant(action.state, pool[current].width), next);
          else if (action.kind == Action::Kind::speaks)
            out_.hits.push_back({candidate.transition, {speaks_, fires}});
          else
            demand(what, instance, candidate.transition, action,
                   pool.or_(pool.not_(fires), candidate.demands[demanded++]));
        }
      }
    }
    return next;
  }

  ExprId in_states(const Edge& line, const std::set<std::uint32_t>& states, ExprId current) {
    ir::ExprPool& pool = system_.pool;
    const auto listed = [&](std::uint32_t state) { return std::ranges::find(line.in, state) != line.in.end(); };
    if (line.in.empty() || std::ranges::all_of(states, listed)) return pool.truth(true);
    ExprId out = pool.truth(false);
    for (const std::uint32_t state : states)
      if (listed(state)) out = pool.or_(out, pool.eq(current, pool.constant(state, pool[current].width)));
    return out;
  }

  void demand(const Rule& what, const Instance& instance, std::size_t transition, const Action& action, ExprId holds) {
    if (system_.pool.is_true(holds)) return;
    Demand demand;
    demand.sentence = action.sentence.empty() ? "this does not hold: " + action.text : action.sentence;
    demand.instance = describe_instance(system_, what.quantifiers, instance);
    demand.place = {property_.place.file, action.spot.line, action.spot.column};
    out_.assertions.push_back({transition, holds, std::move(demand)});
  }

  ir::TransitionSystem& system_;
  const SpecProperty& property_;
  const Form& form_;
  ir::Property result_;
  Additions out_;
  ir::MarkId speaks_{};  // the trigger that the rule's own lines hit, if some line does
};

void commit(Instrumented& out, Additions additions, const ir::Property& property) {
  ir::TransitionSystem& system = out.system;
  const auto id = static_cast<ir::PropertyId>(system.properties.size());
  for (ir::Variable& variable : additions.variables) system.variables.push_back(std::move(variable));
  for (auto& [transition, update] : additions.updates) system.transitions[transition].updates.push_back(update);
  for (auto& [transition, hit] : additions.hits) system.transitions[transition].hits.push_back(hit);
  for (auto& assertion : additions.assertions) {
    system.transitions[assertion.transition].assertions.push_back({id, assertion.holds});
    out.demands[assertion.transition].push_back(std::move(assertion.demand));
  }
  system.marks.insert(system.marks.end(), additions.marks.begin(), additions.marks.end());
  system.properties.push_back(property);
}

}  // namespace

Outcome<Instrumented> instrument(const ir::TransitionSystem& system, std::span<const SpecProperty> properties) {
  if (auto fault = wrong_event(system)) return tl::unexpected(*fault);
  Instrumented out{system, {}, {}};
  out.demands.resize(system.transitions.size());
  for (std::size_t t = 0; t < system.transitions.size(); ++t)
    out.demands[t].resize(system.transitions[t].assertions.size());
  for (const SpecProperty& property : properties) {
    if (property.temporal) continue;
    if (std::string why = not_here(system, property); !why.empty()) {
      out.inapplicable.push_back({property, std::move(why)});
      continue;
    }
    Compiler compiler(out.system, property);
    auto additions = compiler.run();
    if (!additions) return tl::unexpected(additions.error());
    if (!additions->missing.empty())
      out.inapplicable.push_back({property, additions->missing});
    else
      commit(out, std::move(*additions), compiler.result());
  }
  return out;
}

}  // namespace hotproof::spec
