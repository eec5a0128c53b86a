#include <algorithm>
#include <map>
#include <optional>

#include "checker/export/conditions.hpp"
#include "checker/export/export.hpp"
#include "checker/export/names.hpp"
#include "checker/export/state_properties.hpp"
#include "checker/export/updates.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::exports {

namespace {

using ir::ExprId;
using ir::VarId;

class MurphiNames : public FunctionDialect {
 public:
  explicit MurphiNames(const ir::TransitionSystem& system) : system_(system) {}
  std::string variable(VarId id) const override { return identifier("v", ir::index(id), system_[id].name); }
  std::string has(VarId id, std::uint64_t number) const override {
    return "(" + variable(id) + " = " + std::to_string(number) + ")";
  }
  bool is_number(VarId) const override { return true; }
  std::string choice(const std::string& condition, const std::string& a, const std::string& b) const override {
    return "(" + condition + " ? " + a + " : " + b + ")";
  }
  const char* equal() const override { return " = "; }
  const char* both() const override { return " & "; }
  const char* either() const override { return " | "; }
  std::string function(const std::string& name, const std::vector<std::string>& locals,
                       const std::string& result) const override {
    std::string declared, computed;
    for (std::size_t i = 0; i < locals.size(); ++i) {
      declared += "var " + Terms::name_of(i) + ": boolean;\n";
      computed += "  " + Terms::name_of(i) + " := " + locals[i] + ";\n";
    }
    return "function " + name + "(): boolean;\n" + declared + "begin\n" + computed + "  return " + result + ";\nend;\n\n";
  }
  std::string call(const std::string& name) const override { return name + "()"; }

 private:
  const ir::TransitionSystem& system_;
};

class MurphiWriter {
 public:
  MurphiWriter(ir::TransitionSystem& system, const std::map<std::size_t, ExprId>& holds, const Request& request,
         const std::vector<Numbers>& numbers, const std::vector<ir::State>& initial)
      : system_(system), holds_(holds), request_(request), numbers_(numbers), initial_(initial), names_(system),
        terms_(system, numbers, names_), condition_(system, numbers, terms_, names_, request.longest_condition) {}

  Outcome<std::string> write() {
    std::string rules;
    for (std::size_t t = 0; t < system_.transitions.size(); ++t) rules += rule(t);
    if (!request_.only_count)
      for (const auto& [property, expr] : holds_)
        rules += "invariant " + name_of(property) + " " + condition_(expr) + ";\n";
    for (const auto& fault : {terms_.fault(), condition_.fault()})
      if (fault) return failure({}, *fault, "--property leaves properties out, --count all of them");
    return head() + declarations() + condition_.functions() + starts() + rules;
  }

 private:
  std::string head() const {
    return "-- " + plain(system_.name) + ", as hotproof exports it: one rule is one transition.\n" +
           "-- rumur --deadlock-detection off FILE --output model.c && cc -O3 -march=native model.c -lpthread && ./a.out\n"
           "-- A value that is not its own number is a place in the list beside its variable.\n\n";
  }

  // Of 1 bit, or as a number.
  bool is_truth(std::size_t var) const { return system_.variables[var].width == 1; }

  std::string declarations() const {
    std::string out = "var\n";
    for (std::size_t i = 0; i < system_.variables.size(); ++i) {
      const ir::Variable& variable = system_.variables[i];
      std::string remark = plain(variable.name);
      if (numbers_[i].indexed)
        for (std::size_t n = 0; n < numbers_[i].values.size(); ++n)
          remark += (n == 0 ? ": " : ", ") + shown(variable, numbers_[i].values[n]);
      out += "  " + names_.variable(static_cast<VarId>(i)) + ": " + type(i) + ";  -- " + remark + "\n";
    }
    return out + "\n";
  }

  std::string type(std::size_t var) const {
    return is_truth(var) ? "boolean" : "0 .. " + std::to_string(numbers_[var].most);
  }

  static std::string shown(const ir::Variable& variable, std::uint64_t value) {
    return variable.is_signed ? std::to_string(ir::as_signed(value, variable.width)) : std::to_string(value);
  }

  std::string starts() const {
    std::string out;
    for (std::size_t s = 0; s < initial_.size(); ++s) {
      out += "startstate \"start " + std::to_string(s) + "\"\n";
      for (std::size_t i = 0; i < system_.variables.size(); ++i) {
        const std::uint64_t number = number_of(numbers_[i], initial_[s][i]).value_or(0);
        const std::string text = is_truth(i) ? (number != 0 ? "true" : "false") : std::to_string(number);
        out += "  " + names_.variable(static_cast<VarId>(i)) + " := " + text + ";\n";
      }
      out += "endstartstate;\n\n";
    }
    return out;
  }

  std::string name_of(std::size_t property) const { return "\"" + plain(system_.properties[property].id) + "\""; }

  std::string rule(std::size_t number) {
    const ir::Transition& t = system_.transitions[number];
    const ir::Actor& actor = system_.actors[ir::index(t.actor)];
    const std::string control = names_.variable(actor.control);
    const std::string guard = condition_(t.guard);
    std::string out = "rule \"" + std::to_string(number) + " " + plain(actor.name + ": " + t.text) + "\"\n  ";
    out += is_truth(ir::index(actor.control)) ? (t.from == 1 ? control : "!" + control)
                                              : control + " = " + std::to_string(t.from);
    if (guard != "true") out += " & " + guard;
    out += "\n==>\n" + locals(t) + "begin\n";
    if (!request_.only_count) out += judged(t);
    return out + assigned(t) + "endrule;\n\n";
  }

  std::string locals(const ir::Transition& t) const {
    std::string out;
    const UpdateOrder order = order_of(system_.pool, t.updates);
    for (std::size_t i = 0; i < order.kept.size(); ++i)
      out += "var kept" + std::to_string(i) + ": " + type(ir::index(t.updates[order.kept[i]].var)) + ";\n";
    return out;
  }

  std::string judged(const ir::Transition& t) {
    std::string out;
    for (const ir::Assertion& assertion : t.assertions) {
      const std::string holds = condition_(assertion.holds);
      if (holds != "true") out += "  assert " + holds + " " + name_of(ir::index(assertion.property)) + ";\n";
    }
    for (const ir::Hit& hit : t.hits)
      for (std::size_t i = 0; i < system_.properties.size(); ++i)
        if (system_.properties[i].kind == ir::PropertyKind::cover && system_.properties[i].mark == hit.mark)
          out += "  cover " + condition_(hit.when) + " " + name_of(i) + ";\n";
    return out;
  }

  std::string assigned(const ir::Transition& t) {
    std::string out;
    const UpdateOrder order = order_of(system_.pool, t.updates);
    for (std::size_t i = 0; i < order.kept.size(); ++i)
      out += "  kept" + std::to_string(i) + " := " + value(t.updates[order.kept[i]]) + ";\n";
    for (const std::size_t i : order.order) {
      const auto kept = std::lower_bound(order.kept.begin(), order.kept.end(), i);
      const bool is_kept = kept != order.kept.end() && *kept == i;
      out += "  " + names_.variable(t.updates[i].var) + " := " +
             (is_kept ? "kept" + std::to_string(kept - order.kept.begin()) : value(t.updates[i])) + ";\n";
    }
    const ir::VarId control = system_.actors[ir::index(t.actor)].control;
    const std::string to = is_truth(ir::index(control)) ? (t.to == 1 ? "true" : "false") : std::to_string(t.to);
    return out + "  " + names_.variable(control) + " := " + to + ";\n";
  }

  std::string value(const ir::Update& update) { return terms_.number(update.var, update.value); }

  const ir::TransitionSystem& system_;
  const std::map<std::size_t, ExprId>& holds_;  // by property
  const Request& request_;
  const std::vector<Numbers>& numbers_;
  const std::vector<ir::State>& initial_;
  MurphiNames names_;
  Terms terms_;
  Conditions condition_;
};

}  // namespace

Outcome<std::string> murphi(const ir::TransitionSystem& original, const Request& request) {
  ir::TransitionSystem system = original;
  const auto holds = state_properties(system);
  const auto initial = eval::initial_states(system, request.most_initial_states);
  if (!initial) return tl::make_unexpected(initial.error());
  if (initial->empty()) return failure({}, "the system has no initial state");
  const auto numbers = numbers_of(system, request.options);
  if (!numbers) return tl::make_unexpected(numbers.error());
  return MurphiWriter(system, holds, request, *numbers, *initial).write();
}

}  // namespace hotproof::checker::exports
