#include "specs/lang/instances.hpp"

#include "specs/lang/instrument.hpp"
#include "specs/lang/vocabulary.hpp"

namespace hotproof::spec {

namespace {

std::uint64_t size_of(const ir::TransitionSystem& system, const Quantifier& quantifier) {
  if (quantifier.set.empty()) return static_cast<std::uint64_t>(quantifier.high - quantifier.low) + 1;
  if (quantifier.set == "lock") return system.locks.size();
  const auto found = system.sets.find(quantifier.set);
  if (found != system.sets.end()) return found->second;
  return quantifier.set == "actor" ? system.actors.size() : 0;
}

}  // namespace

Outcome<std::vector<Instance>> instances_of(ir::TransitionSystem& system, const SpecProperty& property,
                                            const std::vector<Quantifier>& quantifiers, std::string& missing) {
  std::vector<Instance> out{{}};
  const Evaluator values(system, *property.form->definitions, {}, nullptr);
  for (const Quantifier& quantifier : quantifiers) {
    const std::uint64_t size = size_of(system, quantifier);
    if (size == 0 && missing.empty()) missing = "this model has no " + quantifier.set;
    if (out.size() * size > most_instances || size > most_instances)
      return failure(property.place, "property '" + property.id + "' has more than " + std::to_string(most_instances) +
                                         " instances in this model");
    std::vector<Instance> next;
    for (const Instance& instance : out) {
      for (std::uint64_t i = 0; i < size; ++i) {
        next.push_back(instance);
        next.back()[quantifier.variable] = values.number(quantifier.low + static_cast<std::int64_t>(i));
      }
    }
    out = std::move(next);
  }
  return out;
}

std::string describe_instance(const ir::TransitionSystem& system, const std::vector<Quantifier>& quantifiers,
                              const Instance& instance) {
  std::string out;
  for (const Quantifier& quantifier : quantifiers) {
    const std::uint64_t value = system.pool[instance.at(quantifier.variable).id].value;
    const std::string shown =
        quantifier.set == "lock" ? system.locks[value].name : std::to_string(static_cast<std::int64_t>(value));
    out += (out.empty() ? "" : ", ") + quantifier.variable + " = " + shown;
  }
  return out;
}

std::string not_here(const ir::TransitionSystem& system, const SpecProperty& property) {
  const auto first = system.symbols.lower_bound(property.needs + "[");
  if (!property.needs.empty() && (first == system.symbols.end() || !first->first.starts_with(property.needs + "[")))
    return "there is no " + property.needs + " in this scenario";
  for (const std::string& name : property.constants)
    if (!system.constants.contains(name)) return "this tree has no " + name;
  return {};
}

// The number of arguments is what patterns rely on.
std::optional<Diagnostic> wrong_event(const ir::TransitionSystem& system) {
  for (const ir::Transition& transition : system.transitions) {
    for (const ir::Event& event : transition.events) {
      const std::string& name = system.event_names[event.name];
      const EventKind* kind = find_event(name.substr(0, name.find(' ')));
      if (kind == nullptr || kind->parameters.size() == event.args.size()) continue;
      Place place;
      if (transition.span.line != 0 && transition.span.file < system.files.size())
        place = {system.files[transition.span.file], transition.span.line, transition.span.column};
      return Diagnostic{place,
                        "event '" + name + "' has " + std::to_string(event.args.size()) + " arguments, not " +
                            std::to_string(kind->parameters.size()),
                        parameter_names(*kind)};
    }
  }
  return {};
}

}  // namespace hotproof::spec
