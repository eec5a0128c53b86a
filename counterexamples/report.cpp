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

const PropertyReport* find(const std::vector<PropertyReport>& properties, const std::string& id) {
  const auto found =
      std::find_if(properties.begin(), properties.end(), [&id](const PropertyReport& p) { return p.id == id; });
  return found == properties.end() ? nullptr : &*found;
}

}  // namespace

Verdict overall(const std::vector<PropertyReport>& properties) {
  // A list in which nothing can be judged proves nothing.
  const bool any = std::any_of(properties.begin(), properties.end(), counts);
  Verdict worst = any || properties.empty() ? Verdict::proved : Verdict::vacuous;
  for (const PropertyReport& property : properties) {
    if (counts(property) && weight(property.verdict) > weight(worst)) worst = property.verdict;
  }
  return worst;
}

Change change_of(const PropertyReport* before, const PropertyReport* after) {
  const auto violated = [](const PropertyReport* p) { return p != nullptr && p->verdict == Verdict::violated; };
  if (before != nullptr && after != nullptr && before->verdict == Verdict::vacuous &&
      after->verdict == Verdict::vacuous) {
    return Change::none;
  }
  // A rule about something that this side does not have cannot be broken there.
  const auto holds = [](const PropertyReport* p) {
    return p == nullptr || p->verdict == Verdict::proved || (p->verdict == Verdict::vacuous && !p->applicable);
  };
  if (violated(before) && violated(after)) return Change::kept;
  if (violated(after)) return Change::new_;
  if (violated(before)) return holds(after) ? Change::fixed : Change::undecided;
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

int exit_code(const CheckReport& report) {
  return exit_code(report.verdict);
}

int exit_code(const PatchReport& report, bool strict) {
  Verdict rest = Verdict::proved;
  for (const PropertyReport& after : report.after.properties) {
    if (after.verdict == Verdict::violated) {
      const bool is_new = change_of(find(report.before.properties, after.id), &after) == Change::new_;
      if (strict || (is_new && !after.latent())) return exit_code(Verdict::violated);
    } else if (counts(after) && weight(after.verdict) > weight(rest)) {
      rest = after.verdict;
    }
  }
  // A model that was not understood as a whole says nothing, whatever its properties say.
  if (report.after.verdict == Verdict::not_understood) rest = Verdict::not_understood;
  return exit_code(rest);
}

}  // namespace hotproof::counterexamples
