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

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

// The lines in which two texts of a file differ: all between what both begin with and what both end with.
std::optional<OldVersion::Exchanged> differing_lines(const SourceTree& tree, const SourceTree& mutant,
                                                     const std::string& file) {
  const auto before = tree.read(file);
  const auto behind = mutant.read(file);
  if (!before || !behind) return std::nullopt;
  const auto a = lines_of(before->text);
  const auto b = lines_of(behind->text);
  const auto begin = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  if (begin == a.size() || begin == b.size()) return std::nullopt;
  const auto most = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()) - begin);
  const std::ptrdiff_t end = std::mismatch(a.rbegin(), a.rbegin() + most, b.rbegin()).first - a.rbegin();
  const auto region = [&](std::size_t lines) {
    return checker::compare::Region{file, static_cast<std::uint32_t>(begin + 1),
                                    static_cast<std::uint32_t>(lines - static_cast<std::size_t>(end))};
  };
  return OldVersion::Exchanged{region(a.size()), region(b.size())};
}

}  // namespace

Equivalence::Equivalence(const Subject& base, bool reads_count)
    : tree_(base.tree),
      base_(base, {{"everything"}, reads_count ? std::vector<std::string>{} : std::vector<std::string>{"reads"}, false}) {}

Result<Equivalence::Answer> Equivalence::ask(const Subject& mutant, const Settings& settings, const std::string& moved) {
  const auto exchanged = moved.empty() ? std::nullopt : differing_lines(tree_, mutant.tree, moved);
  const auto compared = base_.compare(mutant, settings, exchanged);
  if (!compared) return tl::unexpected(compared.error());
  // What only one of them can fail with was not compared.
  for (const auto& [who, failures] : {std::pair("the tree", &compared->only_old), std::pair("the mutant", &compared->only_new)})
    if (!failures->empty()) return Answer{false, who + (" alone has " + failures->front()), false};
  if (compared->verdict == Verdict::proved) return Answer{true, "", compared->up_to_order};
  if (!compared->differences.empty()) return Answer{false, words_of(compared->differences.front()), false};
  return Answer{false, compared->why, false};
}

}  // namespace hotproof::cli
