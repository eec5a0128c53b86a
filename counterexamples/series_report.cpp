#include "counterexamples/series_report.hpp"

#include <algorithm>

namespace hotproof::counterexamples {

namespace {

template <class Parts, class Status>
int worst_of(const Parts& parts, Status status_of) {
  int worst = 0;
  for (const auto& part : parts) worst = worse(worst, status_of(part));
  return worst;
}

}  // namespace

std::string_view name(SeriesStep step) {
  switch (step) {
    case SeriesStep::holds:
      return "holds";
    case SeriesStep::broken:
      return "broken";
    case SeriesStep::fixed:
      return "fixed";
    case SeriesStep::kept:
      return "kept";
    case SeriesStep::absent:
      return "absent";
    case SeriesStep::silenced:
      return "silenced";
    case SeriesStep::undecided:
      return "undecided";
  }
  return "";
}

SeriesStep step_of(const PropertyReport* before, const PropertyReport* after) {
  const bool was_violated = before != nullptr && before->verdict == Verdict::violated;
  if (after == nullptr) return SeriesStep::absent;
  if (after->verdict == Verdict::violated) return was_violated ? SeriesStep::kept : SeriesStep::broken;
  if (after->verdict == Verdict::vacuous && !after->applicable) return SeriesStep::absent;
  if (stays_silent(before, *after)) return SeriesStep::absent;
  if (after->verdict == Verdict::proved) return was_violated ? SeriesStep::fixed : SeriesStep::holds;
  const bool silent = after->verdict == Verdict::vacuous;
  return silent && before != nullptr && before->verdict != Verdict::vacuous ? SeriesStep::silenced
                                                                            : SeriesStep::undecided;
}

int exit_code(const CheckReport& base, const PrefixReport& prefix, bool strict) {
  const int status = exit_code(base, prefix.report, strict);
  if (!prefix.unbuilt.empty()) return exit_code(Verdict::violated);
  return status == exit_code(Verdict::violated) || prefix.executed
             ? status
             : std::max(status, exit_code(Verdict::not_understood));
}

int exit_code(const SeriesOnArchitecture& on, bool strict) {
  return worst_of(on.prefixes, [&](const PrefixReport& prefix) { return exit_code(on.base, prefix, strict); });
}

int exit_code(const SeriesReport& report, bool strict) {
  return worst_of(report.architectures, [&](const SeriesOnArchitecture& on) { return exit_code(on, strict); });
}

}  // namespace hotproof::counterexamples
