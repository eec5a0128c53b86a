#include "specs/lang/temporal.hpp"

#include <map>
#include <optional>
#include <utility>

#include "specs/lang/instances.hpp"
#include "specs/lang/match.hpp"

namespace hotproof::spec {

namespace {

using ir::ExprId;
using ir::FormulaId;
using Hits = std::vector<std::pair<std::size_t, ExprId>>;  // transition, when

class Asker {
 public:
  explicit Asker(const ir::TransitionSystem& system) {
    out_.question.system = system;
    ir::TransitionSystem& copy = out_.question.system;
    copy.properties.clear();
    copy.marks.clear();
    for (ir::Transition& t : copy.transitions) {
      t.assertions.clear();
      t.hits.clear();
    }
  }

  std::optional<Diagnostic> add(const SpecProperty& property) {
    property_ = &property;
    missing_ = not_here(system(), property);
    const Temporal& what = std::get<Temporal>(property.form->what);
    ir::TemporalProperty out;
    out.id = property.id;
    out.says = property.says;
    out.origin = property.origin;
    out.confidence = property.confidence;
    out.assumptions = {what.assumes_locks, what.assumes_choices};
    if (missing_.empty()) {
      const auto all = instances_of(system(), property, what.quantifiers, missing_);
      if (!all) return all.error();
      for (const Instance& instance : *all)
        out.instances.push_back({describe_instance(system(), what.quantifiers, instance), formula(what.formula, instance)});
      for (const auto& points : property.form->triggers) {
        const Hits hits = steps(points, {});
        out.triggers.push_back(mark(property.id + ": trigger", hits));
      }
    }
    if (missing_.empty())
      out_.question.properties.push_back(std::move(out));
    else
      out_.inapplicable.push_back({property, missing_});
    return {};
  }

  Asked take() { return std::move(out_); }

 private:
  ir::TransitionSystem& system() { return out_.question.system; }

  FormulaId formula(const Formula& what, const Instance& instance) {
    ir::FormulaPool& pool = out_.question.formulas;
    std::vector<FormulaId> args;
    for (const Formula& arg : what.args) args.push_back(formula(arg, instance));
    switch (what.kind) {
      case Formula::Kind::constant:
        return pool.truth(what.value);
      case Formula::Kind::state:
        return state(what, instance);
      case Formula::Kind::event:
        return event(what, instance);
      case Formula::Kind::not_:
        return pool.not_(args[0]);
      case Formula::Kind::and_:
        return pool.and_(args[0], args[1]);
      case Formula::Kind::or_:
        return pool.or_(args[0], args[1]);
      case Formula::Kind::implies:
        return pool.implies(args[0], args[1]);
      case Formula::Kind::next:
        return pool.next(args[0]);
      case Formula::Kind::eventually:
        return pool.eventually(args[0]);
      case Formula::Kind::always:
        return pool.always(args[0]);
      case Formula::Kind::until:
        return pool.until(args[0], args[1]);
      case Formula::Kind::weak_until:
        return pool.weak_until(args[0], args[1]);
      case Formula::Kind::release:
        return pool.release(args[0], args[1]);
    }
    return pool.truth(true);
  }

  void note(const Evaluator& evaluator) {
    if (missing_.empty()) missing_ = evaluator.missing();
  }

  FormulaId state(const Formula& what, const Instance& instance) {
    Evaluator values(system(), *property_->form->definitions, instance, nullptr);
    const ExprId expr = values.truth(what.condition[0]);
    note(values);
    if (system().pool.is_constant(expr)) return out_.question.formulas.truth(system().pool.is_true(expr));
    const auto [entry, fresh] = states_.try_emplace(expr, static_cast<std::uint32_t>(out_.question.atoms.size()));
    if (fresh) {
      const auto id = static_cast<ir::PropertyId>(system().properties.size());
      ir::Property atom;
      atom.id = "atom " + std::to_string(entry->second);
      atom.kind = ir::PropertyKind::invariant;
      atom.expr = expr;
      system().properties.push_back(std::move(atom));
      out_.question.atoms.push_back({false, id, {}, what.text});
    }
    return out_.question.formulas.atom(entry->second);
  }

  // When each transition does what one of the points watches.
  Hits steps(const std::vector<WatchPoint>& points, const Instance& instance) {
    ir::ExprPool& pool = system().pool;
    Hits out;
    for (std::size_t t = 0; t < system().transitions.size(); ++t) {
      ExprId when = pool.truth(false);
      for (const ir::Event& event : system().transitions[t].events) {
        for (const WatchPoint& point : points) {
          if (system().event_names[event.name] != point.event.event) continue;
          Evaluator values(system(), *property_->form->definitions, instance, &system().transitions[t]);
          when = pool.or_(when, match(system(), values, point.event, point.when, event));
          note(values);
        }
      }
      if (!pool.is_false(when)) out.emplace_back(t, when);
    }
    return out;
  }

  ir::MarkId mark(const std::string& name, const Hits& hits) {
    const auto out = static_cast<ir::MarkId>(system().marks.size());
    system().marks.push_back(name);
    for (const auto& [transition, when] : hits) system().transitions[transition].hits.push_back({out, when});
    return out;
  }

  FormulaId event(const Formula& what, const Instance& instance) {
    const Hits hits = steps({WatchPoint{what.event, what.condition}}, instance);
    if (hits.empty()) return out_.question.formulas.truth(false);
    const auto [entry, fresh] = events_.try_emplace(hits, static_cast<std::uint32_t>(out_.question.atoms.size()));
    if (fresh) out_.question.atoms.push_back({true, {}, mark("atom " + std::to_string(entry->second), hits), what.text});
    return out_.question.formulas.atom(entry->second);
  }

  Asked out_;
  const SpecProperty* property_ = nullptr;
  std::string missing_;
  std::map<ExprId, std::uint32_t> states_;  // atoms that are known
  std::map<Hits, std::uint32_t> events_;
};

}  // namespace

Outcome<Asked> ask(const ir::TransitionSystem& system, std::span<const SpecProperty> properties) {
  if (auto fault = wrong_event(system)) return tl::unexpected(*fault);
  Asker asker(system);
  for (const SpecProperty& property : properties) {
    if (!property.temporal) continue;
    if (auto fault = asker.add(property)) return tl::unexpected(*fault);
  }
  return asker.take();
}

}  // namespace hotproof::spec
