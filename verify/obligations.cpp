#include "verify/obligations.hpp"

#include "verify/script.hpp"

namespace hotproof::verify {

namespace {

std::string numbered(const std::string& name, std::uint32_t number) {
  return name + "-" + std::to_string(number);
}

Obligation finished(const std::string& name, const std::string& means, Script& script) {
  return {name, means, script.finish()};
}

std::string bad(Script& script, const System& system, std::uint32_t property, bool vacuous, std::uint32_t frame) {
  std::vector<std::string> out{script.broken(property, frame)};
  if (vacuous)
    for (const std::uint32_t mark : system.properties[property].triggers) out.push_back(script.hit(mark, true, frame));
  return Script::any(out);
}

std::string not_broken(const System& system, std::uint32_t property, bool vacuous) {
  const Property& p = system.properties[property];
  if (p.kind == PropertyKind::cover) return p.id + " is not reached";
  return p.id + " is not broken" + (vacuous ? ", nor one of its triggers reached" : "");
}

}  // namespace

std::vector<Obligation> inductive(const System& system, const Invariant& invariant, const std::string& name,
                                  Scope scope) {
  std::vector<Obligation> out;
  for (std::uint32_t j = 0; j < invariant.k; ++j) {
    const std::string means = name + " holds after every run of " + std::to_string(j) + " steps";
    Script script(system, means);
    script.require(script.initial(0));
    for (std::uint32_t i = 0; i < j; ++i) script.step(i, scope.faults);
    script.require(Script::negated(script.holds(invariant, scope.ranges, j)));
    out.push_back(finished(numbered(name + "-initiation", j), means, script));
  }
  const std::string means = name + " holds after " + std::to_string(invariant.k) + " states in a row with it";
  Script script(system, means);
  for (std::uint32_t i = 0; i < invariant.k; ++i) {
    script.require(script.holds(invariant, scope.ranges, i));
    script.step(i, scope.faults);
  }
  script.require(Script::negated(script.holds(invariant, scope.ranges, invariant.k)));
  out.push_back(finished(name + "-consecution", means, script));
  return out;
}

Obligation safe(const System& system, const Invariant& invariant, const std::string& name, Scope scope,
                std::uint32_t property, bool vacuous) {
  const std::string means = "with " + name + ", " + not_broken(system, property, vacuous);
  Script script(system, means);
  script.require(script.holds(invariant, scope.ranges, 0));
  script.require(bad(script, system, property, vacuous, 0));
  return finished(name + "-safety-p" + std::to_string(property), means, script);
}

std::vector<Obligation> runs_end(const System& system, std::uint32_t steps) {
  std::vector<Obligation> out;
  for (std::uint32_t j = 0; j <= steps + 1; ++j) {
    const bool too_long = j == steps + 1;
    const std::string means = too_long ? "no run has more than " + std::to_string(steps) + " steps"
                                       : "after " + std::to_string(j) + " steps all variables are in their ranges";
    Script script(system, means);
    script.require(script.initial(0));
    for (std::uint32_t i = 0; i < j; ++i) script.step(i);
    if (!too_long) script.require(Script::negated(script.in_range(j)));
    out.push_back(finished(numbered(too_long ? "runs-end" : "runs-range", j), means, script));
  }
  return out;
}

std::vector<Obligation> ends_safely(const System& system, std::uint32_t steps, std::uint32_t property, bool vacuous) {
  const Property& p = system.properties[property];
  const bool faults = p.kind != PropertyKind::cover || !p.without_faults;
  std::vector<Obligation> out;
  for (std::uint32_t j = 0; j <= steps; ++j) {
    const std::string means = not_broken(system, property, vacuous) + " after " + std::to_string(j) + " steps";
    Script script(system, means);
    script.require(script.initial(0));
    for (std::uint32_t i = 0; i < j; ++i) script.step(i, faults);
    script.require(bad(script, system, property, vacuous, j));
    out.push_back(finished("runs-safety-p" + std::to_string(property) + "-" + std::to_string(j), means, script));
  }
  return out;
}

}  // namespace hotproof::verify
