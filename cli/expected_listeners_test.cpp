// The second table of docs/expected-clean.md: core mm's listeners in the chain, read from their own source.

#include "cli/expected_clean.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

const std::vector<std::pair<std::string, std::string>> trees = {
    {"6.1", "x86_64"}, {"6.1", "s390x"}, {"6.12", "x86_64"}, {"6.12", "s390x"}};

Json answer_of(const Args& arguments) {
  const Ran ran = run_program(Args{"check", "--format", "json"} + arguments);
  Json answer = Json::parse(ran.out, nullptr, false);
  REQUIRE(answer.is_object());
  CHECK(answer["complete"] == true);
  return answer;
}

bool assumes(const Json& answer, const std::string& words) {
  for (const Json& line : answer["model"]["assumptions"])
    if (line.get<std::string>().find(words) != std::string::npos) return true;
  return false;
}

// A tree with an edit of its file mm/ksm.c.
Json edited(const std::string& folder, const std::string& text, const std::string& rule) {
  const Scratch scratch;
  const std::string file = scratch.with("listener.edit", "about a listener\nfile mm/ksm.c\n" + text);
  return answer_of({"--tree", folder, "--arch", "s390x", "--real-listeners", "--property", rule, "--edit", file});
}

}  // namespace

TEST_CASE("with core mm's listeners, the trees answer what reading their sources says") {
  const auto plain = table("property"), expected = table("property with core mm's listeners");
  REQUIRE(expected.size() == 3);
  for (const auto& [version, architecture] : trees) {
    const auto folder = kernel(version);
    if (!folder) continue;
    const std::string column = version + " " + architecture;
    CAPTURE(column);
    const Json answer = answer_of({"--tree", *folder, "--arch", architecture, "--real-listeners"});
    CHECK_FALSE(assumes(answer, "an ideal one stands for it"));
    CHECK(assumes(answer, "ksm_memory_callback"));
    CHECK(assumes(answer, "mm/kasan/shadow.c"));
    for (const Json& property : answer["properties"]) {
      const std::string id = property["id"], word = in_words(property);
      CAPTURE(id);
      if (expected.contains(id)) CHECK(word == expected.at(id).at(column));
      // Blocks are neither added nor removed here: less may be found of the other rules, and nothing else.
      else if (word == "finding" || word == "latent")
        CHECK(word == plain.at(id).at(column));
      else
        CHECK((word == "holds" || word == "vacuous" || word == "not-applicable"));
    }
  }
}

TEST_CASE("what a listener still owes from an earlier life of the block, it may take back at MEM_CANCEL_ONLINE") {
  const auto folder = kernel("6.1");
  if (!folder) return;
  const Json answer =
      answer_of({"--tree", *folder, "--arch", "s390x", "--listeners", "1", "--property", "cancel-after-going"});
  CHECK(in_words(answer["properties"][0]) == "holds");
}

TEST_CASE("a listener that a change adds is in the chain; one that is not understood has an ideal one in its place") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Json refused =
      edited(*folder,
             "in ksm_init\n  insert { hotplug_memory_notifier(never_online, 50); } at start\n"
             "add { static int never_online(struct notifier_block *self, unsigned long action, void *arg)\n"
             "{ return action == MEM_GOING_ONLINE ? NOTIFY_BAD : NOTIFY_OK; } }\n",
             "online-possible");
  CHECK(assumes(refused, "never_online"));
  CHECK(refused["properties"][0]["verdict"] == "violated");
  const Json lost =
      edited(*folder, "in ksm_memory_callback\n  insert { nobody_knows(self); } at start\n", "lock-balance");
  CHECK(assumes(lost, "listener ksm_memory_callback of mm/ksm.c"));
  CHECK(assumes(lost, "an ideal one stands for it"));
  CHECK(lost["properties"][0]["verdict"] == "not-understood");  // the change is in what is left out
}
