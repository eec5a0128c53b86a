// Which orders of a series are safe: the seven patches around MEM_PREPARE_ONLINE on the reference model, as edits that
// do not depend on each other's lines, and as mails that do.

#include <numeric>
#include <random>

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

using Order = std::vector<int>;  // patches by their numbers, from 1

const std::string folder = HOTPROOF_SOURCE_DIR "/model/scenarios/series";
const Args standby = {"--arch", "s390x", "--life"};

std::vector<std::string> edits() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) out.push_back(entry.path().string());
  std::sort(out.begin(), out.end());
  return out;
}

// What the seven patches were found to need with another model checker.
bool is_known_safe(const std::set<int>& done) {
  const auto has = [&done](int patch) { return done.contains(patch); };
  return (has(1) || !(has(2) || has(6))) && (has(3) || !has(6)) && ((has(2) && has(4)) || !(has(6) && has(7)));
}

template <class Safe>
bool is_safe(const Order& order, Safe safe) {
  std::set<int> done;
  return std::all_of(order.begin(), order.end(), [&](int patch) { return done.insert(patch), safe(done); });
}

std::set<std::set<int>> family_of(const Json& orders) {
  std::set<std::set<int>> out;
  for (const Json& set : orders["family"]) {
    std::set<int> numbers;
    for (const std::string label : set) numbers.insert(std::stoi(label));
    out.insert(numbers);
  }
  return out;
}

std::set<std::string> sentences(const Json& orders) {
  std::set<std::string> out;
  for (const Json& constraint : orders["constraints"]) out.insert(constraint["says"]);
  return out;
}

std::string why(const Json& orders, const std::string& says) {
  for (const Json& constraint : orders["constraints"]) {
    if (constraint["says"] == says) return constraint["why"];
  }
  return "";
}

Json asked(const Args& args) {
  return ask(Args{"series"} + args, 0)["orders"];
}

}  // namespace

TEST_CASE("of edits, 595 orders are safe: every order agrees, and each constraint has its reason") {
  const Json orders = asked(Args{folder} + standby);
  CHECK(orders["safe"] == 595);
  CHECK(orders["possible"] == 5040);
  CHECK(orders["posted_is_safe"] == true);
  CHECK(orders["constraints_are_all"] == true);
  CHECK(orders["undecided"] == 0);
  CHECK(sentences(orders) == std::set<std::string>{"1 before 2", "1 before 6", "3 before 6",
                                                   "2 before the later of 6 and 7", "4 before the later of 6 and 7"});
  CHECK(why(orders, "1 before 2") == "2 uses MHP_OFFLINE_INACCESSIBLE, which 1 defines");
  CHECK(why(orders, "3 before 6") == "6 uses MEM_FINISH_OFFLINE, which 3 defines");
  CHECK(why(orders, "2 before the later of 6 and 7") == "memmap-after-accessible violated on s390x");
  CHECK(why(orders, "4 before the later of 6 and 7") == "altmap-matched, memmap-initialised violated on s390x");
  const std::set<std::set<int>> family = family_of(orders);
  Order order = {1, 2, 3, 4, 5, 6, 7};
  int safe = 0;
  do {
    const bool in_family = is_safe(order, [&](const std::set<int>& done) { return family.contains(done); });
    CHECK(in_family == is_safe(order, is_known_safe));
    safe += in_family ? 1 : 0;
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(safe == 595);
}

TEST_CASE("orders given one by one are judged as the family says") {
  const std::vector<std::string> patches = edits();
  REQUIRE(patches.size() == 7);
  const char* all = std::getenv("HOTPROOF_ALL_ORDERS");  // nearly every set of patches, in some minutes
  std::mt19937 random(5);
  Order order = {1, 2, 3, 4, 5, 6, 7};
  for (int turn = 0; turn < (all != nullptr ? 150 : 2); ++turn) {
    std::shuffle(order.begin(), order.end(), random);
    Args args = {"series", "--orders", "no"};
    for (const int patch : order) args.push_back(patches[static_cast<std::size_t>(patch) - 1]);
    const bool safe = is_safe(order, is_known_safe);
    const Json answer = ask(args + standby, safe ? 0 : 1);
    std::set<int> done;
    for (std::size_t i = 0; i < order.size(); ++i) {
      done.insert(order[i]);
      const Json& prefix = answer["architectures"][0]["prefixes"][i];
      const bool broken = prefix["unbuilt"] != "" || !findings(prefix["report"]).empty();
      CHECK(broken != is_known_safe(done));
    }
  }
}

TEST_CASE("of mails, whose lines tie 1, 2, 3, 6 and 5, 6 together, 144 orders are safe") {
  const Json orders = asked({});
  CHECK(orders["safe"] == 144);
  CHECK(orders["posted_is_safe"] == true);
  CHECK(sentences(orders) ==
        std::set<std::string>{"1 before 2", "2 before 3", "3 before 6", "5 before 6", "4 before the later of 6 and 7"});
}

TEST_CASE("a listener that acts on notifications that nobody sends yet: broken there, with a run") {
  const std::vector<std::string> all = edits();
  const Json answer = ask(Args{"series", all[0], all[1], all[3], all[5], all[2], all[4], all[6]} + standby +
                              Args{"--property", "online-possible"},
                          1);
  const Json& prefix = answer["architectures"][0]["prefixes"][3];
  CHECK(prefix["unbuilt"] == "4 uses MEM_FINISH_OFFLINE, which 5 defines");
  CHECK(prefix["steps"]["online-possible"] == "broken");
  CHECK(has_event(property(prefix["report"], "online-possible"), "notify", {"", "MEM_ONLINE"}));
  CHECK(answer["orders"]["posted_is_safe"] == false);
  CHECK(answer["orders"]["moves"] == 1);
  CHECK(answer["orders"]["nearest"] == Json({"1", "2", "3", "5", "4", "6", "7"}));
}

TEST_CASE("the feature turned on first: broken where standby memory asks for it, with a run") {
  const std::vector<std::string> all = edits();
  const Args args = {"series", all[6], all[3], all[0], all[2], all[5], all[1], all[4]};
  const Json answer = ask(args + standby + Args{"--orders", "neighbours"}, 1);
  const Json& prefixes = answer["architectures"][0]["prefixes"];
  CHECK(prefixes[3]["steps"]["memmap-after-accessible"] != "broken");
  CHECK(prefixes[4]["steps"]["memmap-after-accessible"] == "broken");
  CHECK(prefixes[5]["steps"]["memmap-after-accessible"] == "fixed");
  const Json run = property(prefixes[4]["report"], "memmap-after-accessible")["trace"];
  CHECK(run["steps"].back()["function"] == "memmap_add");
  const Json& neighbours = answer["orders"]["neighbours"];
  REQUIRE(neighbours.size() == 6);
  CHECK(neighbours[4]["safe"] == true);  // the patch against poisoning, one earlier
  CHECK(neighbours[3]["safe"] == false);
  CHECK(neighbours[3]["why"] == "5 uses MEM_FINISH_OFFLINE, which 4 defines");
  CHECK(answer["orders"]["whole"] == false);
}
