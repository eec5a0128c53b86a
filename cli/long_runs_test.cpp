// Long searches: threads, limits, checkpoints, and switches of reductions.
#include <filesystem>
#include <fstream>

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

// Some two million states, a second or so; half as many where workers may change places.
const Args symmetric_search = {"check",      "--engine",    "explicit", "--blocks",       "2",          "--workers",
                               "2",          "--listeners", "2",        "--readers",      "1",          "--no-merge",
                               "--property", "no-deadlock", "--property", "going-answered"};
const Args long_search = symmetric_search + Args{"--no-symmetry"};
const Args one_property = {"check",       "--engine", "explicit",    "--workers", "2",          "--listeners",
                           "2",           "--readers", "1",          "--no-merge", "--no-symmetry", "--property",
                           "going-answered"};

// What must be the same, whatever the search did on the way.
Json said(const Args& args, int expected_exit = 0) {
  const Ran ran = run_program(args + Args{"--format", "json"}, 300);
  CAPTURE(ran.err);
  CHECK(ran.exit == expected_exit);
  const Json answer = Json::parse(ran.out, nullptr, false);
  REQUIRE(answer.is_object());
  Json out;
  for (const char* count : {"searches", "states", "transitions", "depth"}) out[count] = answer["statistics"][count];
  for (const Json& p : answer["properties"]) out["properties"].push_back({p["id"], p["verdict"], p["depth"]});
  return out;
}

struct Folder {
  std::filesystem::path path;
  explicit Folder(const std::string& name)
      : path(std::filesystem::path(HOTPROOF_BUILD_DIR) / ("long-runs-" + name)) {
    std::filesystem::remove_all(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::vector<std::filesystem::path> heads() const {
    std::vector<std::filesystem::path> out;
    if (std::filesystem::exists(path))
      for (const auto& entry : std::filesystem::directory_iterator(path))
        if (entry.path().extension() == ".head") out.push_back(entry.path());
    return out;
  }
};

std::map<std::string, std::string> verdicts(const Args& args) {
  const Ran ran = run_program(args + Args{"--format", "json"}, 300);
  const Json answer = Json::parse(ran.out, nullptr, false);
  REQUIRE(answer.is_object());
  std::map<std::string, std::string> out;
  for (const Json& p : answer["properties"]) out[p["id"]] = verdict(answer, p["id"]);
  return out;
}

}  // namespace

TEST_CASE("any number of threads gives the same verdicts, counts and depths") {
  const Json alone = said(long_search + Args{"--threads", "1"});
  CHECK(said(long_search + Args{"--threads", "2"}) == alone);
  CHECK(said(long_search + Args{"--threads", "5"}) == alone);
  CHECK(alone["states"].get<std::uint64_t>() > 1'000'000);
  const Json one_of_two = said(symmetric_search + Args{"--threads", "1"});
  CHECK(said(symmetric_search + Args{"--threads", "3"}) == one_of_two);
  CHECK(one_of_two["states"].get<std::uint64_t>() * 3 < alone["states"].get<std::uint64_t>() * 2);
  CHECK(one_of_two["properties"] == alone["properties"]);
}

TEST_CASE("each reduction can be switched off, and no verdict changes") {
  std::vector<Args> subjects = {{"check", "--arch", "s390x", "--listeners", "2"},
                                {"check", "--workers", "2", "--readers", "2", "--listeners", "1"}};
  if (const auto folder = kernel("6.12")) subjects.push_back({"check", "--tree", *folder, "--arch", "x86_64"});
  for (const Args& subject : subjects) {
    const auto usual = verdicts(subject);
    for (const char* switched_off :
         {"--no-merge", "--no-reset", "--no-slice", "--no-groups", "--no-symmetry", "--no-partial-order", "--no-sleep-sets"}) {
      CAPTURE(switched_off);
      CHECK(verdicts(subject + Args{switched_off}) == usual);
    }
  }
}

TEST_CASE("on 6.12 workers may change places, and some go alone: fewer states, the same answers") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Args search = {"check",
                       "--tree",
                       *folder,
                       "--altmap",
                       "no",
                       "--blocks",
                       "2",
                       "--workers",
                       "2",
                       "--readers",
                       "1",
                       "--property",
                       "no-deadlock",
                       "--property",
                       "going-answered",
                       "--property",
                       "memmap-after-accessible"};
  const Json usual = said(search), all_orders = said(search + Args{"--no-partial-order"});
  const Json all = said(search + Args{"--no-symmetry", "--no-partial-order"});
  CHECK(usual["states"].get<std::uint64_t>() < all_orders["states"].get<std::uint64_t>());
  CHECK(all_orders["states"].get<std::uint64_t>() * 3 < all["states"].get<std::uint64_t>() * 2);
  CHECK(said(search + Args{"--no-symmetry", "--no-partial-order", "--no-sleep-sets"}) == all);
  CHECK(said(search + Args{"--no-partial-order", "--no-sleep-sets"}) == all_orders);
  CHECK(usual["properties"].size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(usual["properties"][i][1] == all["properties"][i][1]);
}

TEST_CASE("a search that a limit ended goes on from its checkpoint to the same answer") {
  for (const auto& [search, memory] : {std::pair{long_search, "36M"}, std::pair{symmetric_search, "24M"}}) {
    const Folder folder("time");
    const Args keep = {"--checkpoint", folder.path.string()};
    const Json whole = said(search);
    const Ran ended = run_program(search + keep + Args{"--memory-limit", memory}, 300);
    CHECK(ended.exit == 3);
    CHECK(ended.out.find("memory limit") != std::string::npos);
    CHECK_FALSE(folder.heads().empty());
    CHECK(said(search + keep + Args{"--resume", "--threads", "3"}) == whole);
    CHECK(folder.heads().empty());
  }
}

// Sanitizers take memory of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a memory limit is kept to within 5 percent, with one thread and with two") {
  for (const char* const threads : {"1", "2"}) {
    CAPTURE(std::string(threads));
    // 36.7 million states, if there were room; four tables that grow.
    const Args larger = {"--blocks", "3", "--no-partial-order", "--threads", threads, "--memory-limit", "300M"};
    const Ran ran = run_program(one_property + larger, 300);
    CHECK(ran.exit == 3);
    CHECK(ran.out.find("memory limit") != std::string::npos);
    CHECK(ran.most_bytes > 200ULL << 20U);
    CHECK(ran.most_bytes < 315ULL << 20U);
  }
}
#endif

TEST_CASE("a checkpoint of a search of all states is none of one that leaves out what is symmetric") {
  const Folder folder("other");
  const Args keep = {"--checkpoint", folder.path.string()};
  run_program(long_search + keep + Args{"--memory-limit", "36M"}, 300);
  REQUIRE_FALSE(folder.heads().empty());
  CHECK(said(symmetric_search + keep + Args{"--resume"}) == said(symmetric_search));
}

TEST_CASE("a damaged checkpoint is refused, with its name") {
  const Folder folder("damaged");
  const Args keep = {"--checkpoint", folder.path.string()};
  run_program(long_search + keep + Args{"--memory-limit", "36M"}, 300);
  REQUIRE_FALSE(folder.heads().empty());
  for (const auto& head : folder.heads())
    std::fstream(head, std::ios::in | std::ios::out | std::ios::binary).seekp(40).put('x');
  const Ran ran = run_program(long_search + keep + Args{"--resume"}, 300);
  CHECK(ran.exit == 2);
  CHECK(ran.err.find(folder.path.string()) != std::string::npos);
  CHECK(ran.err.find("damaged") != std::string::npos);
  CHECK(ran.out.empty());
}

TEST_CASE("what checkpoints need is said") {
  const Ran ran = run_program({"check", "--resume"}, 60);
  CHECK(ran.exit == 2);
  CHECK(ran.err.find("--checkpoint") != std::string::npos);
  const Ran nowhere = run_program(long_search + Args{"--checkpoint", "/dev/null/folder", "--memory-limit", "36M"}, 300);
  CHECK(nowhere.exit == 2);
  CHECK(nowhere.err.find("/dev/null/folder") != std::string::npos);
}

TEST_CASE("a search whose memory is full goes on on the disk, to the same answer") {
  const Folder folder("disk");
  std::filesystem::create_directories(folder.path);
  const Json whole = said(long_search);
  CHECK(said(long_search + Args{"--memory-limit", "40M", "--states-on-disk", folder.path.string()}) == whole);
  CHECK(std::filesystem::is_empty(folder.path));
}

TEST_CASE("what states on the disk need is said") {
  const Ran no_limit = run_program({"check", "--states-on-disk", "/tmp"}, 60);
  CHECK(no_limit.exit == 2);
  CHECK(no_limit.err.find("--memory-limit") != std::string::npos);
  const Ran nowhere = run_program({"check", "--memory-limit", "45M", "--states-on-disk", "/nowhere/at all"}, 60);
  CHECK(nowhere.exit == 2);
  CHECK(nowhere.err.find("/nowhere/at all") != std::string::npos);
  CHECK(nowhere.out.empty());
}

TEST_CASE("a search that keeps little of its states says how certain it is, and proves nothing") {
  for (const char* option : {"--bitstate", "--hash-compact"}) {
    CAPTURE(option);
    const Ran ran = run_program({"check", option, "1M", "--property", "going-answered", "--property",
                                 "prepare-has-finish", "--listeners", "2", "--format", "json"},
                                60);
    CHECK(ran.exit == 1);
    const Json answer = Json::parse(ran.out);
    CHECK(answer["complete"] == false);
    CHECK(answer["stopped_by"].get<std::string>().find("a state was missed with a probability of ") !=
          std::string::npos);
    for (const Json& property : answer["properties"])
      CHECK(property["verdict"] == (property["id"] == "prepare-has-finish" ? "violated" : "inconclusive"));
  }
}

TEST_CASE("what a search that keeps little of its states cannot do is said") {
  const auto refused = [](const Args& args, const std::string& why) {
    const Ran ran = run_program(args, 60);
    CHECK(ran.exit == 2);
    CHECK(ran.err.find(why) != std::string::npos);
    CHECK(ran.out.empty());
  };
  refused({"check", "--bitstate", "1M", "--checkpoint", "/tmp/nothing"},
          "--bitstate keeps no states that could be written");
  refused({"check", "--hash-compact", "1M", "--certificate", "/tmp/nothing"}, "--hash-compact proves nothing");
  refused({"check", "--hash-compact", "1M", "--engine", "smt"}, "--hash-compact is about the exhaustive search");
  refused({"check", "--bitstate", "100000G"}, "--bitstate: this machine does not have so much memory");
  refused({"check", "--bitstate", "1X"}, "'1X' is no amount of memory");
  refused({"check", "--bitstate", "1M", "--hash-compact", "1M"}, "--hash-compact excludes --bitstate");
}
