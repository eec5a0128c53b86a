#include "counterexamples/mutate_report.hpp"

#include <algorithm>

namespace hotproof::counterexamples {

std::string_view name(Fate fate) {
  switch (fate) {
    case Fate::killed:
      return "killed";
    case Fate::silenced:
      return "silenced";
    case Fate::survived:
      return "survived";
    case Fate::equivalent:
      return "equivalent";
    case Fate::not_understood:
      return "not-understood";
    case Fate::not_executed:
      return "not-executed";
    case Fate::no_answer:
      return "no-answer";
    case Fate::refused:
      return "refused";
  }
  return "";
}

std::size_t count(const MutateReport& report, Fate fate) {
  return static_cast<std::size_t>(std::count_if(report.mutants.begin(), report.mutants.end(),
                                                [fate](const MutantReport& mutant) { return mutant.fate == fate; }));
}

}  // namespace hotproof::counterexamples
