#include "counterexamples/compare_report.hpp"

namespace hotproof::counterexamples {

std::string_view name(DifferenceReport::Kind kind) {
  switch (kind) {
    case DifferenceReport::Kind::lost:
      return "lost";
    case DifferenceReport::Kind::gained:
      return "gained";
    case DifferenceReport::Kind::choice:
      return "choice";
  }
  return "";
}

std::string_view name(CompareReport::Locks locks) {
  switch (locks) {
    case CompareReport::Locks::not_looked_at:
      return "not-looked-at";
    case CompareReport::Locks::same:
      return "same";
    case CompareReport::Locks::differ:
      return "differ";
  }
  return "";
}

std::string_view answer_of(const CompareReport& report) {
  switch (report.verdict) {
    case Verdict::proved:
      return "equivalent";
    case Verdict::violated:
      return "different";
    case Verdict::not_understood:
      return "not-understood";
    case Verdict::vacuous:
    case Verdict::inconclusive:
      break;
  }
  return "inconclusive";
}

}  // namespace hotproof::counterexamples
