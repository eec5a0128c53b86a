#include "counterexamples/report.hpp"

#include <doctest/doctest.h>

using namespace hotproof::counterexamples;

namespace {

PropertyReport with(Verdict verdict, bool applicable = true) {
  PropertyReport property;
  property.id = "p";
  property.verdict = verdict;
  property.applicable = applicable;
  return property;
}

PatchReport patch(PropertyReport before, PropertyReport after) {
  PatchReport report;
  report.before.properties = {std::move(before)};
  report.after.properties = {std::move(after)};
  report.before.verdict = overall(report.before.properties);
  report.after.verdict = overall(report.after.properties);
  return report;
}

}  // namespace

TEST_CASE("the worst verdict decides, and a rule that does not apply does not count") {
  CHECK(overall({}) == Verdict::proved);
  CHECK(overall({with(Verdict::proved), with(Verdict::vacuous, false)}) == Verdict::proved);
  CHECK(overall({with(Verdict::proved), with(Verdict::vacuous)}) == Verdict::vacuous);
  CHECK(overall({with(Verdict::inconclusive), with(Verdict::vacuous)}) == Verdict::inconclusive);
  CHECK(overall({with(Verdict::inconclusive), with(Verdict::not_understood)}) == Verdict::not_understood);
  CHECK(overall({with(Verdict::violated), with(Verdict::not_understood)}) == Verdict::violated);
}

TEST_CASE("exit codes follow the verdict") {
  CHECK(exit_code(Verdict::proved) == 0);
  CHECK(exit_code(Verdict::violated) == 1);
  CHECK(exit_code(Verdict::inconclusive) == 3);
  CHECK(exit_code(Verdict::vacuous) == 3);
  CHECK(exit_code(Verdict::not_understood) == 4);
}

TEST_CASE("new, fixed, kept") {
  const PropertyReport bad = with(Verdict::violated);
  const PropertyReport good = with(Verdict::proved);
  const PropertyReport open = with(Verdict::inconclusive);
  const PropertyReport absent = with(Verdict::vacuous, false);
  CHECK(change_of(&good, &bad) == Change::new_);
  CHECK(change_of(nullptr, &bad) == Change::new_);
  CHECK(change_of(&absent, &bad) == Change::new_);
  CHECK(change_of(&bad, &good) == Change::fixed);
  CHECK(change_of(&bad, &bad) == Change::kept);
  PropertyReport latent = bad;
  latent.latent_needs = "two listeners";
  CHECK(change_of(&latent, &latent) == Change::kept);
  CHECK(change_of(&latent, &bad) == Change::new_);
  CHECK(change_of(&bad, &latent) == Change::kept);
  CHECK(change_of(&good, &good) == Change::none);
  CHECK(change_of(&absent, &good) == Change::speaks);
  CHECK(change_of(&good, &absent) == Change::silenced);
  CHECK(change_of(&bad, &absent) == Change::fixed);
  const PropertyReport vacuous = with(Verdict::vacuous);
  CHECK(change_of(&vacuous, &vacuous) == Change::none);
  CHECK(change_of(&absent, &vacuous) == Change::none);
  CHECK(change_of(&good, &vacuous) == Change::silenced);
  CHECK(change_of(&bad, &vacuous) == Change::silenced);
  CHECK(change_of(&open, &vacuous) == Change::silenced);
  CHECK(change_of(&vacuous, &good) == Change::speaks);
  CHECK(change_of(&bad, &open) == Change::undecided);
  CHECK(change_of(&good, &open) == Change::undecided);
}

TEST_CASE("a patch fails only for what is new and not latent, unless strict") {
  const PropertyReport bad = with(Verdict::violated);
  const PropertyReport good = with(Verdict::proved);
  PropertyReport latent = bad;
  latent.latent_needs = "two listeners";
  CHECK(exit_code(patch(good, bad), false) == 1);
  CHECK(exit_code(patch(bad, bad), false) == 0);
  CHECK(exit_code(patch(bad, bad), true) == 1);
  CHECK(exit_code(patch(good, latent), false) == 0);
  CHECK(exit_code(patch(good, latent), true) == 1);
  CHECK(exit_code(patch(bad, good), true) == 0);
  CHECK(exit_code(patch(good, with(Verdict::inconclusive)), false) == 3);
  CHECK(exit_code(patch(good, with(Verdict::not_understood)), false) == 4);
  // A rule that does not apply does not count; but where nothing counts, nothing is proved.
  CHECK(exit_code(patch(good, with(Verdict::vacuous, false)), false) == 3);
  PatchReport two = patch(good, with(Verdict::vacuous, false));
  two.after.properties.push_back(good);
  two.after.verdict = overall(two.after.properties);
  CHECK(exit_code(two, false) == 0);
  CHECK(exit_code(patch(good, with(Verdict::vacuous)), false) == 3);
  CHECK(exit_code(patch(with(Verdict::vacuous), good), false) == 0);
}

TEST_CASE("a rule that had nothing to judge before a patch and has nothing after it is no matter of the patch") {
  const PropertyReport good = with(Verdict::proved);
  PatchReport report = patch(with(Verdict::vacuous), with(Verdict::vacuous));
  CHECK(exit_code(report, false) == 3);  // nothing is proved where nothing is judged
  PropertyReport other = good;
  other.id = "other";
  report.before.properties.push_back(other);
  report.after.properties.push_back(other);
  report.after.verdict = overall(report.after.properties);
  CHECK(exit_code(report, false) == 0);
  CHECK(exit_code(report.after, false) == 3);  // of `check` it is one
  // What brings the rule's subject without anybody coming there, and what stays open, are.
  report.before.properties[0] = with(Verdict::vacuous, false);
  CHECK(exit_code(report, false) == 3);
  report.before.properties[0] = with(Verdict::inconclusive);
  report.after.properties[0] = with(Verdict::inconclusive);
  report.after.verdict = overall(report.after.properties);
  CHECK(exit_code(report, false) == 3);
}

TEST_CASE("a check fails for what is not latent, unless strict") {
  const auto check = [](std::vector<PropertyReport> properties) {
    CheckReport report;
    report.properties = std::move(properties);
    report.verdict = overall(report.properties);
    return report;
  };
  const PropertyReport bad = with(Verdict::violated);
  PropertyReport latent = bad;
  latent.latent_needs = "two listeners";
  CHECK(exit_code(check({bad}), false) == 1);
  CHECK(exit_code(check({latent}), false) == 0);
  CHECK(exit_code(check({latent}), true) == 1);
  CHECK(exit_code(check({latent, bad}), false) == 1);
  CHECK(exit_code(check({latent, with(Verdict::inconclusive)}), false) == 3);
  CHECK(exit_code(check({latent, with(Verdict::vacuous, false)}), false) == 0);
  CHECK(exit_code(check({with(Verdict::vacuous, false)}), false) == 3);
}
