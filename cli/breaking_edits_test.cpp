// For each property of the core library, edits of real functions that break it, each in its own way: the unedited tree
// keeps the property, the edited one does not. And edits at random, which may do anything but confuse the program.
#include "cli/breaking_edits.hpp"

#include <doctest/doctest.h>

#include <random>

#include "cli/breaking_life_edits.hpp"
#include "cli/breaking_mutation_edits.hpp"
#include "cli/breaking_rest_edits.hpp"
#include "cli/breaking_sizes_edits.hpp"
#include "cli/known_answers.hpp"

namespace hotproof::cli {
namespace {

using namespace breaking;
using known::Args;
using known::Json;

std::string edit_text(const std::string& file, const std::string& function, const std::string& actions) {
  return "file " + file + "\nin " + function + "\n" + actions + "\n";
}

std::string join(const Args& args) {
  std::string out;
  for (const std::string& arg : args) out += arg + " ";
  return out;
}

// What `check` answers to these arguments with these edits.
Json answer_with(Args args, const std::vector<std::string>& edits) {
  const Scratch scratch;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    args.insert(args.end(), {"--edit", scratch.with(std::to_string(i), edits[i])});
  }
  args.insert(args.end(), {"--time-limit", "300", "--format", "json"});  // on a busy machine, too
  const Ran ran = run_program(args);
  INFO(ran.err);
  Json answer = Json::parse(ran.out, nullptr, false);
  REQUIRE(answer.is_object());
  return answer;
}

// Many rows begin with the same tree: it is asked once, about everything.
std::string verdict_before(const Row& row, Args args) {
  static std::map<std::string, Json> answers;
  std::vector<std::string> edits;
  if (*row.before != 0) edits.emplace_back(row.before);
  const std::string key = join(args) + row.before;
  if (!answers.contains(key)) answers[key] = answer_with(std::move(args), edits);
  return known::verdict(answers[key], row.property);
}

std::string verdict_broken(const Row& row, Args args) {
  std::vector<std::string> edits = {edit_text(row.file, row.function, row.actions)};
  if (*row.before != 0) edits.insert(edits.begin(), row.before);
  args.insert(args.end(), {"--property", row.property});
  return known::verdict(answer_with(std::move(args), edits), row.property);
}

void check_row(const Row& row) {
  CAPTURE(std::string(row.property));
  CAPTURE(std::string(row.does));
  const std::optional<std::string> tree = known::kernel(row.tree);
  if (!tree) return;
  Args args = {"check", "--tree", *tree, "--arch", row.arch};
  for (const char* word : row.options.at)
    if (word != nullptr) args.emplace_back(word);
  CHECK(verdict_before(row, args) == "proved");
  CHECK(verdict_broken(row, args) == "violated");
}

// A function and calls that it may hold in either tree; one that is not there is an edit that is refused.
struct Body {
  std::string file;
  std::string function;
  std::vector<std::string> calls;
};

const std::vector<Body>& bodies() {
  static const std::vector<Body> all = {
      {kMemory,
       "memory_block_online",
       {"mem_hotplug_begin", "mem_hotplug_done", "online_pages", "memory_notify", "mhp_init_memmap_on_memory",
        "adjust_present_page_count"}},
      {kMemory,
       "memory_block_offline",
       {"mem_hotplug_begin", "mem_hotplug_done", "offline_pages", "memory_notify", "mhp_deinit_memmap_on_memory"}},
      {kMemory, "memory_subsys_online", {"memory_block_change_state"}},
      {kMemory, "memory_block_change_state", {"memory_block_action"}},
      {kMemory, "state_store", {"lock_device_hotplug_sysfs", "unlock_device_hotplug", "device_online"}},
      {kHotplug,
       "online_pages",
       {"move_pfn_range_to_zone", "memory_notify", "spin_lock_irqsave", "build_all_zonelists", "spin_unlock_irqrestore",
        "node_states_set_node", "online_pages_range"}},
      {kHotplug,
       "offline_pages",
       {"zone_pcp_disable", "lru_cache_disable", "memory_notify", "zone_pcp_enable", "remove_pfn_range_from_zone",
        "lru_cache_enable", "no_such_function"}},
      {kSclp, "sclp_mem_notifier", {"sclp_mem_change_state", "mutex_lock", "mutex_unlock"}},
      {kSclp, "sclp_mem_change_state", {"sclp_assign_storage", "sclp_unassign_storage"}},
      {kNotifier, "blocking_notifier_call_chain", {"down_read", "up_read", "notifier_call_chain"}},
  };
  return all;
}

template <typename T>
const T& one_of(const std::vector<T>& all, std::mt19937& random) {
  return all[random() % all.size()];
}

}  // namespace

TEST_CASE("each property is broken by edits of real functions") {
  for (const Row& row : table()) check_row(row);
  for (const Row& row : life_table()) check_row(row);
}

TEST_CASE("so is each that speaks of what is true at rest") {
  for (const Row& row : rest_table()) check_row(row);
}

TEST_CASE("and each that mutation asked for") {
  for (const Row& row : mutation_table()) check_row(row);
}

TEST_CASE("the table has every property of the library, and two edits of each") {
  const Ran listed = run_program({"specs"});
  REQUIRE(listed.exit == 0);
  std::map<std::string, std::set<std::string>> edits;
  for (const std::span<const Row> rows : {table(), life_table(), rest_table(), mutation_table()})
    for (const Row& row : rows) edits[row.property].insert(std::string(row.function) + row.actions);
  for (const SizesRow& sizes : sizes_table()) edits[sizes.row.property].insert(std::string(sizes.row.function) + sizes.row.actions);
  std::istringstream lines(listed.out);
  std::size_t properties = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) break;
    if (line.starts_with(' ')) continue;
    const std::string id = line.substr(0, line.find(' '));
    CAPTURE(id);
    CHECK(edits[id].size() >= 2);
    ++properties;
  }
  CHECK(properties == edits.size());
}

TEST_CASE("a call deleted at random: an answer, or a refusal with a reason") {
  std::mt19937 random(20240506);
  std::size_t answered = 0;
  for (int i = 0; i < 20; ++i) {
    const std::optional<std::string> tree = known::kernel(random() % 2 == 0 ? "6.1" : "6.12");
    const Body& body = one_of(bodies(), random);
    const std::string action = "delete call " + one_of(body.calls, random) + " #" + std::to_string(1 + random() % 2);
    if (!tree) continue;
    const Scratch scratch;
    const std::string edit = scratch.with("edit", edit_text(body.file, body.function, action));
    CAPTURE(*tree);
    CAPTURE(body.function);
    CAPTURE(action);
    const std::string arch = body.file == kSclp ? "s390x" : "x86_64";
    const Ran ran = run_program({"check", "--tree", *tree, "--arch", arch, "--edit", edit, "--format", "json",
                                 "--readers", "0", "--time-limit", "5"});
    CAPTURE(ran.err);
    CHECK(ran.exit >= 0);
    CHECK(ran.exit <= 4);
    CHECK((ran.exit == 2 ? !ran.err.empty() : Json::accept(ran.out)));
    if (ran.exit != 2) ++answered;
  }
  if (known::kernel("6.1") && known::kernel("6.12")) CHECK(answered >= 5);
}

}  // namespace hotproof::cli
