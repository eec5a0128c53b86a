// Folded states as evidence: they are accepted like whole ones, written as the same file, and what is wrong with them
// is found.
#include <doctest/doctest.h>

#include <algorithm>

#include "checker/certify/certify.hpp"
#include "checker/certify/evidence.hpp"
#include "checker/explicit/explorer.hpp"
#include "model/eval/random_system.hpp"
#include "verify/certificate.hpp"
#include "verify/check.hpp"

namespace hotproof::checker::certify {

namespace {

constexpr std::uint64_t most_seeds = 2'000;

Result folding_search(const ir::TransitionSystem& system, bool fold) {
  Options options;
  options.threads = 1;  // one shard
  if (fold) options.folded_beyond = 0;
  return explore(system, options);
}

bool rests_on_folded(const ir::TransitionSystem& system, const Result& result) {
  return std::any_of(result.properties.begin(), result.properties.end(), [&](const PropertyResult& p) {
    return !p.run && p.verdict == Verdict::proved &&
           system.properties[ir::index(p.property)].kind != ir::PropertyKind::cover;
  });
}

Header header_of_folded() {
  return {"a test", "folded", {}, {}, {}};
}

// The same with something else done to its states.
template <class Change>
Judged judged_with(const ir::TransitionSystem& system, const Result& result, Change&& change) {
  auto states = std::make_shared<ReachedStates>(*result.states);
  auto words = std::make_shared<std::vector<std::uint64_t>>();
  for (const auto& piece : states->pieces) words->insert(words->end(), piece.begin(), piece.end());
  states->folded.shard = {states->folded.shard.front()};  // one piece
  change(states->folded, *words);
  states->pieces = {*words};
  states->owner = words;
  Result out = result;
  out.states = states;
  return judge(system, out, {});
}

}  // namespace

TEST_CASE("folded states are accepted, and their certificate is that of the whole ones") {
  int folded = 0;
  for (std::uint64_t seed = 0; folded < 30 && seed < most_seeds; ++seed) {
    const ir::TransitionSystem system = eval::widened(eval::random_system(seed));
    const Result some = folding_search(system, true), all = folding_search(system, false);
    if (!some.states || some.states->folded.words == 0 || all.statistics.states > 20'000) continue;
    CAPTURE(seed);
    ++folded;
    const Judged judged = judge(system, some, {});
    CHECK(judged.rejected == "");
    for (const std::string& why : judged.unchecked) CHECK(why == "");
    const std::string text = written(system, some, header_of_folded());
    CHECK(text == written(system, all, header_of_folded()));
    const auto certificate = verify::read_certificate(text);
    REQUIRE(certificate.has_value());
  }
  CHECK(folded == 30);
}

TEST_CASE("whatever is wrong with a folded set is found, and nothing is read that is not there") {
  int looked_at = 0;
  for (std::uint64_t seed = 0; looked_at < 20 && seed < most_seeds; ++seed) {
    const ir::TransitionSystem system = eval::widened(eval::random_system(seed));
    const Result result = folding_search(system, true);
    if (!result.states || result.states->folded.words == 0 || !rests_on_folded(system, result)) continue;
    CAPTURE(seed);
    ++looked_at;
    using Folded = ReachedStates::Folded;
    using Words = std::vector<std::uint64_t>;
    CHECK(judged_with(system, result, [](Folded&, Words&) {}).rejected == "");
    int number = 0;
    const auto rejected = [&](auto&& change) {
      ++number;
      CAPTURE(number);
      CHECK(judged_with(system, result, change).rejected != "");
    };
    rejected([](Folded&, Words& words) { words.back() |= 0xffffffffU; });  // a number that nothing has
    rejected([](Folded& folded, Words& words) { words.resize(words.size() - folded.words); });  // a state is missing
    rejected([](Folded&, Words& words) { words.pop_back(); });                                  // half a state
    rejected([](Folded& folded, Words& words) {  // a state stands there twice
      const Words last(words.end() - folded.words, words.end());
      words.insert(words.end(), last.begin(), last.end());
    });
    rejected([](Folded& folded, Words&) { folded.tables[0].back().back() ^= 1; });  // another part in the table
    rejected([](Folded& folded, Words&) { folded.tables[0].back().clear(); });      // none at all
    rejected([](Folded& folded, Words&) { folded.tables.clear(); });
    rejected([](Folded& folded, Words&) { folded.tables[0].pop_back(); });
    rejected([](Folded& folded, Words&) { folded.parts.back().words += 1; });  // parts that are no division
    rejected([](Folded& folded, Words&) { folded.parts.back().first += 1; });
    rejected([](Folded& folded, Words&) { folded.parts.pop_back(); });
    rejected([](Folded& folded, Words&) {  // whose sum is right by what does not fit into 32 bits
      constexpr std::uint32_t half = std::uint32_t{1} << 31U;
      folded.parts.insert(folded.parts.begin(), {{0, half, false}, {half, half, false}});
    });
    rejected([](Folded& folded, Words&) { folded.parts.back().words = ~std::uint32_t{0}; });
    rejected([](Folded& folded, Words&) { folded.shard.front() = 7; });
    rejected([](Folded& folded, Words&) { folded.words += 1; });
  }
  CHECK(looked_at == 20);
}

}  // namespace hotproof::checker::certify
