#include "counterexamples/orderings_report.hpp"

#include <algorithm>

namespace hotproof::counterexamples {

int exit_code(const OrderingsReport& report) {
  const bool open = std::any_of(report.positions.begin(), report.positions.end(),
                                [](const PositionReport& position) { return position.unknown; });
  const bool unfinished = report.all && (!report.whole || report.unknown > 0);
  return open || unfinished ? exit_code(Verdict::inconclusive) : 0;
}

}  // namespace hotproof::counterexamples
