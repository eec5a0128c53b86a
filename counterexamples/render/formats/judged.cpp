#include "counterexamples/render/formats/judged.hpp"

namespace hotproof::render {

using namespace counterexamples;

namespace {

Judged judge_violation(const PropertyReport& property, const PropertyReport* before, const Context& context) {
  const std::string reason = property.reason.empty() ? property.says : property.reason;
  if (context.strict) return {Outcome::fail, reason};
  if (property.latent()) return {Outcome::expected, "latent: " + property.latent_needs};
  if (before != nullptr && before->verdict == Verdict::violated)
    return {Outcome::expected, "not of the patch: it is violated without it too"};
  return {Outcome::fail, reason};
}

}  // namespace

Judged judge(const PropertyReport& property, const PropertyReport* before, const Context& context) {
  if (!property.applicable) return {Outcome::skip, "not here: " + property.reason};
  switch (property.verdict) {
    case Verdict::proved:
      return {};
    case Verdict::violated:
      return judge_violation(property, before, context);
    case Verdict::vacuous:
      return {Outcome::skip, "vacuous" + (property.reason.empty() ? "" : ": " + property.reason)};
    case Verdict::inconclusive:
    case Verdict::not_understood:
      break;
  }
  const std::string what = property.verdict == Verdict::inconclusive ? "inconclusive" : "not understood";
  return {Outcome::undecided, what + (property.reason.empty() ? "" : ": " + property.reason)};
}

}  // namespace hotproof::render
