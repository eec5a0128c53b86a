#include "cli/equivalence.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace hotproof::cli {

namespace {

using namespace counterexamples;

constexpr std::string_view told_state = ": state ";

// "worker0: state A = 1; B = 2" → its parts.
std::set<std::string> parts_of(std::string_view label) {
  std::set<std::string> out;
  label.remove_prefix(label.find(told_state) + told_state.size());
  while (!label.empty()) {
    const std::size_t end = std::min(label.find("; "), label.size());
    out.emplace(label.substr(0, end));
    label.remove_prefix(std::min(end + 2, label.size()));
  }
  return out;
}

bool tells_state(std::string_view label) {
  return label.find(told_state) != std::string_view::npos;
}

std::string listed(const std::set<std::string>& parts, const std::set<std::string>& without) {
  std::string out;
  for (const std::string& part : parts)
    if (!without.contains(part)) out += (out.empty() ? "" : ", ") + part;
  return out.empty() ? "nothing else" : out;
}

// Of two states, what differs.
std::string words_of(const DifferenceReport& difference) {
  const std::string who = difference.only_new ? "the mutant" : "the tree";
  const auto other = std::find_if(difference.instead.begin(), difference.instead.end(), [&](const std::string& label) {
    return tells_state(label) && label.substr(0, label.find(':')) == difference.last.substr(0, difference.last.find(':'));
  });
  if (!tells_state(difference.last) || other == difference.instead.end()) return who + " alone does " + difference.last;
  const std::set<std::string> here = parts_of(difference.last);
  const std::set<std::string> there = parts_of(*other);
  return who + " alone gets to " + listed(here, there) + " instead of " + listed(there, here);
}

}  // namespace

Equivalence::Equivalence(const Subject& base) : base_(base, {{"everything"}, {}, false}) {}

Result<Equivalence::Answer> Equivalence::ask(const Subject& mutant, const Settings& settings) {
  const auto compared = base_.compare(mutant, settings);
  if (!compared) return tl::unexpected(compared.error());
  // What only one of them can fail with was not compared.
  for (const auto& [who, failures] : {std::pair("the tree", &compared->only_old), std::pair("the mutant", &compared->only_new)})
    if (!failures->empty()) return Answer{false, who + (" alone has " + failures->front())};
  if (compared->verdict == Verdict::proved) return Answer{true, ""};
  if (!compared->differences.empty()) return Answer{false, words_of(compared->differences.front())};
  return Answer{false, compared->why};
}

}  // namespace hotproof::cli
