#include "verify/check.hpp"

#include <algorithm>
#include <map>

#include "verify/replay.hpp"

namespace hotproof::verify {

namespace {

constexpr std::uint32_t most_unrolled = 10'000;

Finding rejected(const std::string& why) {
  return {Status::rejected, why};
}

bool is_cover(const Property& property) {
  return property.kind == PropertyKind::cover;
}

// Whether the claim is one that can be made of such a property, for such a reason.
std::optional<std::string> misfit(const Property& property, const Claim& claim) {
  const bool about_cover = claim.says == Says::reached || claim.says == Says::unreached;
  if (claim.says != Says::open && about_cover != is_cover(property))
    return "the claim does not fit the kind of property";
  const bool by_run = claim.basis == Basis::run;
  if ((claim.says == Says::reached || claim.says == Says::violated) != by_run)
    return "the reason does not fit the claim";
  if ((claim.says == Says::open) != (claim.basis == Basis::none)) return "the reason does not fit the claim";
  if (claim.basis == Basis::faultless_states && !property.without_faults)
    return "runs with faults count for it, and the set is not about these";
  if (claim.says == Says::vacuous && property.triggers.empty()) return "it has no trigger, so it is never vacuous";
  const bool wants_trigger = claim.says == Says::holds && !property.triggers.empty();
  if (wants_trigger != claim.trigger_run.has_value())
    return wants_trigger ? "no run shows that its trigger is reached" : "a trigger is shown that nobody asks for";
  return std::nullopt;
}

class Judge {
 public:
  Judge(const System& system, const Evidence& evidence, const Options& options)
      : system_(system), evidence_(evidence), options_(options) {}

  Report run() {
    out_.properties.resize(system_.properties.size());
    if (evidence_.claims.size() != system_.properties.size())
      return {out_.properties, rejected("there is not one claim for each property"), 0};
    for (const Claim& claim : evidence_.claims) one(claim);
    for (const char* unused : unused_things())
      if (out_.whole.status == Status::accepted) out_.whole = rejected(unused);
    for (std::size_t p = 0; p < out_.properties.size(); ++p) {
      const Finding& found = out_.properties[p];
      const bool worse = (found.status == Status::rejected && out_.whole.status != Status::rejected) ||
                         (found.status == Status::unchecked && out_.whole.status == Status::accepted);
      if (worse) out_.whole = {found.status, system_.properties[p].id + ": " + found.why};
    }
    return std::move(out_);
  }

 private:
  void one(const Claim& claim) {
    const Property& property = system_.properties[claim.property];
    Finding& found = out_.properties[claim.property];
    if (const auto why = misfit(property, claim)) {
      found = rejected(*why);
      return;
    }
    found = reason(claim, property);
    if (!claim.trigger_run || found.status == Status::rejected) return;
    if (const auto why = no_trigger(property, *claim.trigger_run)) found = rejected(*why);
  }

  Finding reason(const Claim& claim, const Property& property) {
    switch (claim.basis) {
      case Basis::none:
        return {};
      case Basis::run:
        return by_run(claim, property);
      case Basis::all_states:
        return by_states(all_, evidence_.all_states, true);
      case Basis::faultless_states:
        return by_states(faultless_, evidence_.faultless_states, false);
      case Basis::invariant:
        return by_invariant(claim);
      case Basis::runs_end:
        return by_end_of_runs(claim);
    }
    return rejected("unknown reason");
  }

  Finding by_run(const Claim& claim, const Property& property) {
    if (claim.number >= evidence_.runs.size()) return rejected("the run is missing");
    const Run& run = evidence_.runs[claim.number];
    const auto why = claim.says == Says::reached ? does_not_reach(system_, run, property.mark, property.without_faults)
                                                 : does_not_break(system_, run, claim.property);
    return why ? rejected("run r" + std::to_string(claim.number) + ": " + *why) : Finding{};
  }

  std::optional<std::string> no_trigger(const Property& property, std::uint32_t number) {
    if (number >= evidence_.runs.size()) return "the run to its trigger is missing";
    std::optional<std::string> why;
    for (const std::uint32_t mark : property.triggers) {
      why = does_not_reach(system_, evidence_.runs[number], mark, false);
      if (!why) return std::nullopt;
    }
    return "run r" + std::to_string(number) + ": " + *why;
  }

  // What all claims that rest on one set ask of it; so it is gone through once.
  Wanted wanted(Basis basis) const {
    Wanted out;
    out.invariants.assign(system_.properties.size(), false);
    out.assertions = out.invariants;
    out.marks.assign(system_.marks.size(), false);
    out.faults = basis == Basis::all_states;
    for (const Claim& claim : evidence_.claims) {
      const Property& property = system_.properties[claim.property];
      if (claim.basis != basis || misfit(property, claim)) continue;
      if (property.kind == PropertyKind::invariant) out.invariants[claim.property] = true;
      if (property.kind == PropertyKind::assertion) out.assertions[claim.property] = true;
      if (property.kind == PropertyKind::deadlock) out.deadlock = true;
      if (property.kind == PropertyKind::cover) out.marks[property.mark] = true;
      if (claim.says == Says::vacuous)
        for (const std::uint32_t mark : property.triggers) out.marks[mark] = true;
    }
    return out;
  }

  Finding by_states(std::optional<Finding>& known, const std::optional<StateSet>& set, bool all) {
    if (!set) return rejected("the set of states is missing");
    if (!known)
      known = check_closed(system_, *set, wanted(all ? Basis::all_states : Basis::faultless_states), options_.effort);
    return *known;
  }

  Finding discharge(const Obligation& obligation) {
    if (const auto known = discharged_.find(obligation.name); known != discharged_.end()) return known->second;
    Finding& out = discharged_[obligation.name];
    if (!options_.solve) return out = {Status::unchecked, "no solver: " + obligation.name + " is open"};
    const Answer answer = options_.solve(obligation);
    if (answer.kind == Answer::sat)
      out = rejected("it is not so that " + obligation.means + " (" + obligation.name + ")");
    if (answer.kind == Answer::unknown) out = {Status::unchecked, obligation.name + ": " + answer.why};
    if (answer.kind == Answer::unsat) ++out_.obligations;
    return out;
  }

  Finding discharge(const std::vector<Obligation>& obligations) {
    Finding out;
    for (const Obligation& obligation : obligations) {
      const Finding found = discharge(obligation);
      if (found.status == Status::rejected) return found;
      if (out.status == Status::accepted) out = found;
    }
    return out;
  }

  Finding by_invariant(const Claim& claim) {
    if (claim.number >= evidence_.invariants.size()) return rejected("the invariant is missing");
    const Invariant& invariant = evidence_.invariants[claim.number];
    if (invariant.k == 0 || invariant.k > most_unrolled) return rejected("k is out of bounds");
    const Property& property = system_.properties[claim.property];
    const bool faults = !(is_cover(property) && property.without_faults);
    // With the ranges first: few invariants do without them.
    const Finding with_ranges = by_invariant(claim, {true, faults});
    if (with_ranges.status != Status::rejected) return with_ranges;
    const Finding alone = by_invariant(claim, {false, faults});
    return alone.status == Status::rejected ? with_ranges : alone;
  }

  Finding by_invariant(const Claim& claim, Scope scope) {
    const Invariant& invariant = evidence_.invariants[claim.number];
    const std::string name = "invariant-" + std::to_string(claim.number) + (scope.ranges ? "" : "-alone") +
                             (scope.faults ? "" : "-faultless");
    auto [known, fresh] = inductive_.try_emplace(name);
    if (fresh) known->second = discharge(inductive(system_, invariant, name, scope));
    if (known->second.status == Status::rejected) return known->second;
    const Finding found = discharge(safe(system_, invariant, name, scope, claim.property, claim.says == Says::vacuous));
    return found.status == Status::accepted ? known->second : found;
  }

  Finding by_end_of_runs(const Claim& claim) {
    if (claim.number > most_unrolled) return rejected("the number of steps is out of bounds");
    auto [known, fresh] = runs_end_.try_emplace(claim.number);
    if (fresh) known->second = discharge(runs_end(system_, claim.number));
    if (known->second.status == Status::rejected) return known->second;
    const Finding found = discharge(ends_safely(system_, claim.number, claim.property, claim.says == Says::vacuous));
    return found.status == Status::accepted ? known->second : found;
  }

  std::vector<const char*> unused_things() const {
    std::vector<bool> runs(evidence_.runs.size(), false);
    std::vector<bool> invariants(evidence_.invariants.size(), false);
    bool all = false;
    bool faultless = false;
    for (const Claim& claim : evidence_.claims) {
      if (claim.basis == Basis::run && claim.number < runs.size()) runs[claim.number] = true;
      if (claim.basis == Basis::invariant && claim.number < invariants.size()) invariants[claim.number] = true;
      if (claim.trigger_run && *claim.trigger_run < runs.size()) runs[*claim.trigger_run] = true;
      all = all || claim.basis == Basis::all_states;
      faultless = faultless || claim.basis == Basis::faultless_states;
    }
    const auto some = [](const std::vector<bool>& used) {
      return std::find(used.begin(), used.end(), false) != used.end();
    };
    std::vector<const char*> out;
    if (some(runs)) out.push_back("nothing rests on some run");
    if (some(invariants)) out.push_back("nothing rests on some invariant");
    if ((evidence_.all_states && !all) || (evidence_.faultless_states && !faultless))
      out.push_back("nothing rests on some set of states");
    return out;
  }

  const System& system_;
  const Evidence& evidence_;
  const Options& options_;
  Report out_;
  std::optional<Finding> all_;
  std::optional<Finding> faultless_;
  std::map<std::string, Finding> discharged_;
  std::map<std::string, Finding> inductive_;  // by the name of the invariant and its scope
  std::map<std::uint32_t, Finding> runs_end_;
};

}  // namespace

Report check(const System& system, const Evidence& evidence, const Options& options) {
  return Judge(system, evidence, options).run();
}

std::vector<Obligation> obligations(const System& system, const Evidence& evidence) {
  std::vector<Obligation> out;
  Options options;
  options.solve = [&out](const Obligation& obligation) {
    out.push_back(obligation);
    return Answer{Answer::unknown, "it was only written down"};
  };
  // Only what needs a solver is of interest, so the sets and runs are left out.
  Evidence symbolic;
  symbolic.invariants = evidence.invariants;
  symbolic.runs = evidence.runs;
  symbolic.claims = evidence.claims;
  Judge(system, symbolic, options).run();
  return out;
}

}  // namespace hotproof::verify
