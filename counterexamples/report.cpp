#include "counterexamples/report.hpp"

#include <algorithm>
#include <string_view>

namespace hotproof::counterexamples {

namespace {

// The larger, the more it decides.
int weight(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return 0;
    case Verdict::vacuous:
      return 1;
    case Verdict::inconclusive:
      return 2;
    case Verdict::not_understood:
      return 3;
    case Verdict::violated:
      return 4;
  }
  return 3;
}

bool counts(const PropertyReport& property) {
  return property.applicable || property.verdict == Verdict::violated;
}

// `fails`: whether a violation is one that the exit status is to tell of; the others count as judged, no more.
// `passes`: what is left open here and is no matter of this report.
template <class Fails, class Passes>
int status_of(const CheckReport& report, Fails fails, Passes passes) {
  std::vector<PropertyReport> rest;
  for (const PropertyReport& property : report.properties) {
    const bool broken = property.verdict == Verdict::violated;
    if (broken && fails(property)) return exit_code(Verdict::violated);
    PropertyReport& judged = rest.emplace_back();
    judged.applicable = broken || (property.applicable && !passes(property));
    judged.verdict = broken ? Verdict::proved : property.verdict;
  }
  // A model that was not understood as a whole says nothing, whatever its properties say.
  return exit_code(report.verdict == Verdict::not_understood ? Verdict::not_understood : overall(rest));
}

}  // namespace

const PropertyReport* find(const CheckReport& report, const std::string& id) {
  const auto found = std::find_if(report.properties.begin(), report.properties.end(),
                                  [&id](const PropertyReport& property) { return property.id == id; });
  return found == report.properties.end() ? nullptr : &*found;
}

Coverage coverage_of(const ModelReport& model) {
  Coverage out;
  for (const FollowedReport& f : model.followed) {
    if (f.environment) continue;
    out.statements += f.statements.size();
    out.reached += f.statements.size() - f.missing.size();
    out.branches += f.branches;
    out.branches_both_ways += f.branches_both_ways;
  }
  return out;
}

std::size_t percent(std::size_t part, std::size_t all) {
  return all == 0 ? 100 : part * 100 / all;
}

Verdict overall(const std::vector<PropertyReport>& properties) {
  // A list in which nothing can be judged proves nothing.
  const bool any = std::any_of(properties.begin(), properties.end(), counts);
  Verdict worst = any || properties.empty() ? Verdict::proved : Verdict::vacuous;
  for (const PropertyReport& property : properties) {
    if (counts(property) && weight(property.verdict) > weight(worst)) worst = property.verdict;
  }
  return worst;
}

bool stays_silent(const PropertyReport* before, const PropertyReport& after) {
  return before != nullptr && before->verdict == Verdict::vacuous && before->applicable &&
         after.verdict == Verdict::vacuous;
}

Change change_of(const PropertyReport* before, const PropertyReport* after) {
  const auto violated = [](const PropertyReport* p) { return p != nullptr && p->verdict == Verdict::violated; };
  const auto silent = [](const PropertyReport* p) { return p != nullptr && p->verdict == Verdict::vacuous; };
  if (silent(before) && silent(after)) return Change::none;
  // A rule about something that this side does not have cannot be broken there.
  const auto holds = [](const PropertyReport* p) {
    return p == nullptr || p->verdict == Verdict::proved || (p->verdict == Verdict::vacuous && !p->applicable);
  };
  // What needed something that no tree does, and needs it no longer, was not broken before.
  if (violated(before) && violated(after)) return before->latent() && !after->latent() ? Change::new_ : Change::kept;
  if (violated(after)) return Change::new_;
  if (violated(before) && holds(after)) return Change::fixed;
  if (before != nullptr && silent(after)) return Change::silenced;
  if (silent(before) && holds(after)) return Change::speaks;
  if (violated(before)) return Change::undecided;
  return holds(before) && holds(after) ? Change::none : Change::undecided;
}

std::string_view name(Change change) {
  switch (change) {
    case Change::new_:
      return "new";
    case Change::fixed:
      return "fixed";
    case Change::kept:
      return "kept";
    case Change::none:
      return "none";
    case Change::undecided:
      return "undecided";
    case Change::silenced:
      return "silenced";
    case Change::speaks:
      return "speaks";
  }
  return "";
}

std::string_view name(Claimed verdict) {
  switch (verdict) {
    case Claimed::holds:
      return "holds";
    case Claimed::refuted:
      return "refuted";
    case Claimed::not_decided:
      return "not-decided";
    case Claimed::not_checked:
      return "not-checked";
  }
  return "";
}

std::string_view name(LineClass kind) {
  switch (kind) {
    case LineClass::executed:
      return "executed";
    case LineClass::unreachable:
      return "unreachable";
    case LineClass::outside:
      return "outside";
  }
  return "";
}

std::string_view name(TraceChoice kind) {
  switch (kind) {
    case TraceChoice::none:
      return "none";
    case TraceChoice::free:
      return "free";
    case TraceChoice::fault:
      return "fault";
    case TraceChoice::listener:
      return "listener";
  }
  return "";
}

std::string_view name(ir::Confidence confidence) {
  return confidence == ir::Confidence::high ? "high" : "moderate";
}

int exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return 0;
    case Verdict::violated:
      return 1;
    case Verdict::inconclusive:
    case Verdict::vacuous:
      return 3;
    case Verdict::not_understood:
      return 4;
  }
  return 70;
}

int exit_code(const CheckReport& report, bool strict) {
  return status_of(
      report, [strict](const PropertyReport& broken) { return strict || !broken.latent(); },
      [](const PropertyReport&) { return false; });
}

int exit_code(const CheckReport& before, const CheckReport& after, bool strict) {
  const auto fails = [&](const PropertyReport& broken) {
    const bool is_new = change_of(find(before, broken.id), &broken) == Change::new_;
    return strict || (is_new && !broken.latent());
  };
  return status_of(after, fails,
                   [&](const PropertyReport& after_it) { return stays_silent(find(before, after_it.id), after_it); });
}

int exit_code(const PatchReport& report, bool strict) {
  return exit_code(report.before, report.after, strict);
}

int exit_code(const std::vector<ClaimReport>& claims) {
  int out = 0;
  for (const ClaimReport& claim : claims) {
    if (claim.from != "--claim" || claim.verdict == Claimed::holds) continue;
    out = worse(out, exit_code(claim.verdict == Claimed::refuted ? Verdict::violated : Verdict::inconclusive));
  }
  return out;
}

int worse(int status, int other) {
  const int broken = exit_code(Verdict::violated);
  return status == broken || other == broken ? broken : std::max(status, other);
}

std::string listeners_in_words(const AnyListeners& listeners) {
  const auto many = [](unsigned count) { return std::to_string(count) + (count == 1 ? " listener" : " listeners"); };
  if (listeners.any) return listeners.from == 0 ? "any number of listeners" : "any number of listeners from 1 on";
  if (!listeners.breaks_with) return "";
  const unsigned number = *listeners.breaks_with;
  if (number == listeners.from) return "breaks with " + many(number) + ", the least number there can be";
  return "breaks with " + many(number) + (listeners.least ? ", not with fewer" : "; fewer are not decided");
}

}  // namespace hotproof::counterexamples
