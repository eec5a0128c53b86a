#include "specs/lang/listeners.hpp"

#include <set>

#include "specs/lang/ast.hpp"
#include "specs/lang/vocabulary.hpp"

namespace hotproof::spec {

namespace {

class Reader {
 public:
  explicit Reader(const Form& form) : form_(form) {}

  std::string why() {
    for (const auto& points : form_.triggers) read(points);
    if (const auto* rule = std::get_if<Rule>(&form_.what)) {
      quantified(rule->quantifiers);
      for (const Edge& edge : rule->edges) read(edge);
    } else if (const auto* invariant = std::get_if<Invariant>(&form_.what)) {
      quantified(invariant->quantifiers);
      read(invariant->expr);
    } else if (const auto* cover = std::get_if<Cover>(&form_.what)) {
      read(cover->points);
    }
    for (const std::string& name : bound_)
      if (used_.contains(name)) say("it computes with the number of a listener, " + name);
    return why_;
  }

 private:
  void say(const std::string& why) {
    if (why_.empty()) why_ = why;
  }

  void quantified(const std::vector<Quantifier>& quantifiers) {
    for (const Quantifier& one : quantifiers) {
      if (one.set != "listener") continue;
      if (!listener_.empty()) say("it speaks of two listeners at once");
      listener_ = one.variable;
      bound_.insert(one.variable);
    }
  }

  void read(const std::vector<WatchPoint>& points) {
    for (const WatchPoint& point : points) {
      read(point.event);
      for (const Expr& when : point.when) read(when);
    }
  }

  void read(const Edge& edge) {
    read(edge.event);
    for (const Expr& when : edge.when) read(when);
    for (const Action& action : edge.actions)
      if (action.kind == Action::Kind::require) read(action.condition);
  }

  void read(const EventPattern& event) {
    const EventKind* kind = find_event(event.event.substr(0, event.event.find(' ')));
    for (std::size_t i = 0; i < event.patterns.size(); ++i) {
      const bool is_listener = kind != nullptr && i < kind->parameters.size() && kind->parameters[i].name == "listener";
      if (!is_listener)
        for (const Expr& value : event.patterns[i].values) read(value);
      else
        read_listener(event.patterns[i]);
    }
  }

  void read_listener(const Pattern& pattern) {
    if (pattern.kind == Pattern::Kind::bind) bound_.insert(pattern.name);
    if (pattern.kind != Pattern::Kind::value) return;
    for (const Expr& value : pattern.values)
      if (value.kind != Expr::Kind::word || value.text != listener_) say("it names a listener by its number");
  }

  void read(const Expr& expr) {
    if (expr.kind == Expr::Kind::word) used_.insert(expr.text);
    if (expr.kind == Expr::Kind::cell)
      for (const char* base : {"hp_ideal", "hp_listener", "hp_crowd", "hp_found"})
        if (expr.text.starts_with(base)) say("it looks at the listeners' own records");
    if (expr.kind == Expr::Kind::apply)
      if (const auto known = form_.definitions->find(expr.text);
          known != form_.definitions->end() && seen_.insert(expr.text).second)
        read(known->second.body);
    for (const Expr& part : expr.args) read(part);
  }

  const Form& form_;
  std::string listener_;
  std::set<std::string> bound_;
  std::set<std::string> used_;
  std::set<std::string> seen_;
  std::string why_;
};

}  // namespace

std::string tells_listeners_apart(const SpecProperty& property) {
  if (property.temporal) return "it is a formula about what happens in the end";
  return Reader(*property.form).why();
}

}  // namespace hotproof::spec
