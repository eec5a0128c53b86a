#include "counterexamples/why.hpp"

namespace hotproof::counterexamples {

std::string_view name(StepFate fate) {
  switch (fate) {
    case StepFate::free:
      return "free";
    case StepFate::only:
      return "only";
    case StepFate::fated:
      return "fated";
  }
  return "";
}

std::string_view name(PreventionReport::Kind kind) {
  switch (kind) {
    case PreventionReport::Kind::choice:
      return "choice";
    case PreventionReport::Kind::actor:
      return "actor";
    case PreventionReport::Kind::together:
      return "together";
  }
  return "";
}

}  // namespace hotproof::counterexamples
