#include "model/scenarios/scenario.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "model/source/embedded.hpp"

// Requests are written by the fields that matter to a test.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace hotproof::scenarios {
namespace {

using Kind = lower::Leaf::Kind;

std::string error_of(const std::string& table) {
  const auto leaves = read_leaves(table, "t.tbl");
  return leaves ? "" : to_string(leaves.error());
}

std::string embedded_text(const std::string& path) { return std::string(embedded::text_of(embedded::env(), path)); }

std::unique_ptr<Scenario> reference(const Request& request) {
  auto out = Scenario::create(reference_tree(), true, request);
  REQUIRE_MESSAGE(out, to_string(out.error()));
  return std::move(*out);
}

// The message of what is wrong with a request; "" if nothing is.
std::string refused(const Request& request) {
  const auto out = Scenario::create(reference_tree(), true, request);
  return out ? "" : out.error().message;
}

std::vector<std::string> actors(const Scenario& scenario) {
  std::vector<std::string> out;
  for (const lower::ActorSpec& actor : scenario.options().actors)
    out.push_back(actor.name + " " + actor.function + " " + std::to_string(actor.argument));
  return out;
}

std::optional<SourceTree> kernel_tree(const std::string& version) {
  const char* set = std::getenv("HOTPROOF_KERNELS");
  const std::filesystem::path folder = set ? set : HOTPROOF_SOURCE_DIR "/.cache/kernels";
  auto tree = SourceTree::open(folder / version);
  if (tree && tree->exists("mm/memory_hotplug.c")) return std::move(*tree);
  MESSAGE("skipped: no kernel tree " << version << " in " << folder.string());
  return std::nullopt;
}

bool says(const std::vector<std::string>& lines, const std::string& part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("leaves: that they are called says nothing, for one reason or another") {
  const auto leaves = read_leaves(
      "prints | cut quiet nothing | a message\nnumber | cut exact meaning | arithmetic\nmore | meaning | its own\n", "t.tbl");
  REQUIRE(leaves);
  CHECK(leaves->at("prints").quiet);
  CHECK(leaves->at("number").quiet);
  CHECK(leaves->at("number").cut);
  CHECK(leaves->at("number").kind == Kind::meaning);
  CHECK_FALSE(leaves->at("more").quiet);
  // Where there is no meaning, the model leaves out all that the function does.
  CHECK(error_of("f | cut exact nothing | a hint\n").find("only a meaning can be exact") != std::string::npos);
  CHECK(error_of("f | exact value=3 | a hint\n").find("t.tbl:1:") != std::string::npos);
}

TEST_CASE("leaves: each kind of row") {
  const auto leaves = read_leaves(
      "# a comment\n"
      "\n"
      "plain     | nothing         | a hint\n"
      "\tany_of  | unknown         | any answer  \r\n"
      "minus     | value=-1 + 2    | a number\n"
      "ours      | meaning         | see ours.c | -EIO or NULL\n"
      "gone      | cut nothing     | the body does not matter\n"
      "tight|cut value=3|without blanks",
      "t.tbl");
  REQUIRE(leaves);
  REQUIRE(leaves->size() == 6);
  CHECK(leaves->at("plain").kind == Kind::nothing);
  CHECK(!leaves->at("plain").cut);
  CHECK(leaves->at("plain").reason == "a hint");
  CHECK(leaves->at("any_of").kind == Kind::unknown);
  CHECK(leaves->at("any_of").reason == "any answer");
  CHECK(leaves->at("minus").kind == Kind::value);
  CHECK(leaves->at("minus").text == "-1 + 2");
  CHECK(leaves->at("ours").kind == Kind::meaning);
  CHECK(leaves->at("ours").reason == "see ours.c");
  CHECK(leaves->at("ours").errors == "-EIO or NULL");
  CHECK(leaves->at("gone").cut);
  CHECK(leaves->at("gone").kind == Kind::nothing);
  CHECK(leaves->at("tight").cut);
  CHECK(leaves->at("tight").text == "3");
  CHECK(read_leaves("", "t.tbl")->empty());
  CHECK(read_leaves("# only\n#comments", "t.tbl")->empty());
}

TEST_CASE("leaves: what is wrong is said with its line") {
  CHECK(error_of("a | nothing | why\nb | nothing\n") == "t.tbl:2:1: a row needs: name | kind | reason");
  CHECK(error_of("just words") == "t.tbl:1:1: a row needs: name | kind | reason");
  CHECK(error_of("a | nothing |\n") == "t.tbl:1:1: no leaf without a reason");
  CHECK(error_of("\na | nothing |   \t\n") == "t.tbl:2:1: no leaf without a reason");
  CHECK(error_of("# one\na | nothing | why\n\na | unknown | another\n") == "t.tbl:4:1: a second row for a");
  const std::string kind = error_of("abc | never | why\n");
  CHECK(kind.find("t.tbl:1:6: unknown kind of leaf \"never\"") == 0);
  CHECK(kind.find("meaning, nothing, unknown") != std::string::npos);
  CHECK(error_of("a | cut | why\n").find("unknown kind of leaf \"cut\"") != std::string::npos);
  CHECK(error_of("a |  | why\n").find("unknown kind of leaf \"\"") != std::string::npos);
  CHECK(error_of("a | values=3 | why\n").find("unknown kind of leaf \"values=3\"") != std::string::npos);
}

TEST_CASE("leaves: a row without a name or a value is refused") {
  CHECK(error_of("a | nothing | why\n | nothing | why\n") == "t.tbl:2:1: no leaf without a name");
  CHECK(error_of("a | value= | why\n") == "t.tbl:1:4: no value without an expression");
}

TEST_CASE("leaves: hostile tables end") {
  std::string table;
  for (int i = 0; i < 20'000; ++i) table += "name" + std::to_string(i) + " | nothing | why\n";
  CHECK(read_leaves(table, "t.tbl")->size() == 20'000);
  CHECK(!read_leaves(std::string(1 << 20, '|'), "t.tbl"));
  CHECK(read_leaves(std::string(1 << 20, '\n'), "t.tbl")->empty());
}

TEST_CASE("leaves: every row of the real table has a reason, and every promised meaning is there") {
  const auto leaves = read_leaves(embedded_text("model/env/leaves.tbl"), "model/env/leaves.tbl");
  REQUIRE_MESSAGE(leaves, to_string(leaves.error()));
  CHECK(leaves->size() > 50);
  // Every C file of the environment, whether a scenario takes it or not.
  std::map<std::string, std::string> files;
  std::vector<std::string> names;
  for (const embedded::File& file : embedded::env())
    if (file.path.starts_with("model/env/") && file.path.ends_with(".c")) {
      files.emplace(file.path, file.text);
      names.emplace_back(file.path);
    }
  c::Configuration configuration;
  for (const char* name : {"HP_KNOWS_MEM_PREPARE_ONLINE", "HP_KNOWS_memory_group_find_by_id"}) configuration.defined[name] = "1";
  c::Program program(SourceTree::in_memory("the environment", files), names, configuration);
  for (const auto& [name, leaf] : *leaves) {
    CHECK_MESSAGE(!leaf.reason.empty(), name);
    if (leaf.kind != Kind::meaning) continue;
    const std::string function = leaf.text.empty() ? name : leaf.text;
    CHECK_MESSAGE(program.function(function), name << " has no body in model/env");
  }
}

// The text of a function's body in the environment's files, which are laid out alike; empty if there is none.
static std::string body_in_environment(const std::string& function) {
  for (const embedded::File& file : embedded::env()) {
    if (!file.path.starts_with("model/env/") || !file.path.ends_with(".c")) continue;
    const std::string text(file.text);
    for (std::size_t at = text.find(function + "("); at != std::string::npos; at = text.find(function + "(", at + 1)) {
      const std::size_t line = text.rfind('\n', at) + 1;
      const bool at_top = !std::isspace(static_cast<unsigned char>(text[line])) && text[line] != '*' && text[line] != '#' &&
                          (text[at - 1] == ' ' || text[at - 1] == '*');
      const std::size_t brace = text.find('{', at), semicolon = text.find(';', at);
      if (!at_top || brace == std::string::npos || semicolon < brace) continue;
      const std::size_t end_of_line = text.find('\n', at), end = text.find("\n}", at);
      return text.substr(brace, text[end_of_line - 1] == '}' ? end_of_line - brace : end - brace);
    }
  }
  return {};
}

TEST_CASE("leaves: every meaning that may fail says with what") {
  const auto leaves = read_leaves(embedded_text("model/env/leaves.tbl"), "leaves.tbl");
  REQUIRE(leaves);
  std::size_t may_fail = 0;
  for (const auto& [name, leaf] : *leaves) {
    if (leaf.kind != lower::Leaf::Kind::meaning) continue;
    const std::string body = body_in_environment(name);
    if (body.find("__hp_fault") == std::string::npos || name == "walk_system_ram_range") continue;
    ++may_fail;
    CHECK_MESSAGE(!leaf.errors.empty(), name << " may fail");
  }
  CHECK(may_fail > 15);
  CHECK_FALSE(read_leaves("f | meaning | because |\n", "x.tbl"));
  CHECK(read_leaves("f | meaning | because | -EIO\n", "x.tbl")->at("f").errors == "-EIO");
}

TEST_CASE("scenario: what cannot be asked for is refused") {
  CHECK(refused({}) == "");
  CHECK(refused({.arch = "sparc"}) == "unknown architecture \"sparc\"");
  CHECK(refused({.name = "x86-dim"}) == "unknown scenario \"x86-dim\"");
  CHECK(refused({.blocks = 0}) == "the number of blocks must lie in 1 to 4");
  CHECK(refused({.blocks = 5}) == "the number of blocks must lie in 1 to 4");
  CHECK(refused({.listeners = 5}) == "the number of listeners must lie in 0 to 4");
  CHECK(refused({.workers = 0}) == "the number of workers must lie in 1 to 4");
  CHECK(refused({.workers = 5}) == "the number of workers must lie in 1 to 4");
  CHECK(refused({.readers = 5}) == "the number of readers must lie in 0 to 4");
  CHECK(refused({.registrars = 2}) == "the number of registrars must lie in 0 to 1");
  CHECK(refused({.listeners = 0, .registrars = 1}) == "a registrar needs an ideal listener to register");
  CHECK(refused({.blocks = 4, .listeners = 4, .workers = 4, .readers = 4, .registrars = 1}) == "");
}

TEST_CASE("scenario: a tree without memory hotplug is refused") {
  const SourceTree tree = SourceTree::in_memory("toys", {{"mm/page_alloc.c", "int x;"}});
  const auto out = Scenario::create(tree, false, {});
  REQUIRE(!out);
  CHECK(out.error().place.file == "toys");
  CHECK(out.error().message.find("mm/memory_hotplug.c") != std::string::npos);
}

TEST_CASE("scenario: actors are there as requested, with names that say what they are") {
  CHECK(actors(*reference({})) == std::vector<std::string>{"worker0 hp_worker 0", "reader0 hp_reader 0"});
  CHECK(actors(*reference({.workers = 2, .readers = 0, .registrars = 1})) ==
        std::vector<std::string>{"worker0 hp_worker 0", "worker1 hp_worker 1", "registrar0 hp_registrar 0"});
  CHECK(reference({.blocks = 3, .listeners = 2})->options().sets ==
        std::map<std::string, std::uint32_t>{{"block", 3}, {"listener", 2}, {"node", 2}});
}

TEST_CASE("scenario: the name follows the architecture, and what is assumed is said") {
  const auto x86 = reference({});
  CHECK(x86->name() == "x86-dimm");
  CHECK(says(x86->assumptions(), "x86-dimm: 1 block(s), 1 ideal listener(s), 1 worker(s), 1 reader(s)"));
  CHECK(says(x86->assumptions(), "physically accessible from hot-add on"));
  const auto s390 = reference({.arch = "s390x"});
  CHECK(s390->name() == "s390-standby");
  CHECK(says(s390->assumptions(), "standby"));
  CHECK(says(s390->assumptions(), "in its own first pages"));
  CHECK(says(reference({.altmap = false})->assumptions(), "elsewhere"));
}

TEST_CASE("scenario: requests and settings of edits reach the C") {
  const auto constant = [](const Request& request, const char* name) {
    return reference(request)->mir().constant(name).value_or(-1);
  };
  CHECK(constant({.blocks = 3}, "HP_BLOCKS") == 3);
  CHECK(constant({.listeners = 2}, "HP_LISTENERS") == 2);
  CHECK(constant({}, "HP_STOP") == 0);
  CHECK(constant({.stop = true}, "HP_STOP") == 1);
  CHECK(constant({.boot = true}, "HP_BOOT") == 1);
  CHECK(constant({.altmap = false}, "HP_ALTMAP") == 0);
  CHECK(constant({.altmap = true}, "HP_ALTMAP") == 512);  // 32768 struct pages of 64 bytes, in pages
  CHECK(constant({.arch = "s390x"}, "HP_STANDBY") == 1);
  CHECK(constant({.settings = {{"HP_STOP", "7"}, {"CONFIG_SOMETHING", "1"}}}, "HP_STOP") == 7);
  CHECK(constant({.settings = {{"CONFIG_SOMETHING", "1"}}}, "CONFIG_SOMETHING") == 1);
}

TEST_CASE("scenario: what properties ask for is passed on") {
  const auto out = reference({.watched_calls = {"online_pages"}, .constants = {"MEM_ONLINE"}});
  CHECK(out->options().watched_calls == std::vector<std::string>{"online_pages"});
  CHECK(out->options().constants == std::vector<std::string>{"MEM_ONLINE"});
  CHECK(out->options().watched_fields.at("present_pages") == "present");
}

TEST_CASE("scenario: the reference tree is complete") {
  const SourceTree tree = reference_tree();
  for (const char* file : {"memory.c", "memory.h", "types.h"}) {
    REQUIRE(tree.exists(file));
    CHECK(!tree.read(file)->text.empty());
  }
  for (const char* arch : {"x86_64", "s390x"}) {
    const auto scenario = reference({.arch = arch, .registrars = 1});
    CHECK(scenario->program().missing().empty());
    CHECK(scenario->program().problems().empty());
    for (const lower::ActorSpec& actor : scenario->options().actors)
      CHECK_MESSAGE(scenario->mir().body(actor.function), actor.function);
    CHECK(scenario->mir().body(scenario->options().init));
    const auto lowered = lower::lower(scenario->mir(), scenario->options());
    REQUIRE(lowered);
    CHECK(lowered->report.not_understood.empty());
    CHECK(lowered->report.stopped_by.empty());
    CHECK(!ir::fault_in(lowered->system));
    CHECK(lowered->system.actors.size() == 3);
    CHECK(lowered->system.symbols.contains("block[0].memmap"));
  }
}

TEST_CASE("scenario: an edited reference tree is what is lowered") {
  SourceFile file = *reference_tree().read("memory.c");
  file.text += "\nint hp_added_by_a_test(void) { return 41; }\n";
  auto out = Scenario::create(reference_tree().with(file), true, {});
  REQUIRE(out);
  CHECK((*out)->mir().body("hp_added_by_a_test"));
}

TEST_CASE("scenario: kernel trees") {
  for (const char* version : {"6.1", "6.12"}) {
    const auto tree = kernel_tree(version);
    if (!tree) continue;
    for (const char* arch : {"x86_64", "s390x"}) {
      const auto out = Scenario::create(*tree, false, {.arch = arch, .registrars = 1});
      REQUIRE_MESSAGE(out, to_string(out.error()));
      Scenario& scenario = **out;
      for (const lower::ActorSpec& actor : scenario.options().actors)
        CHECK_MESSAGE(scenario.mir().body(actor.function), version << " " << arch << " " << actor.function);
      CHECK(scenario.mir().body("online_pages"));
      CHECK(scenario.mir().constant("MEM_ONLINE").has_value());  // a macro or an enumerator
      // Questions of the environment are answered by the tree.
      CHECK(scenario.mir().constant("HP_KNOWS_MEM_PREPARE_ONLINE") == (std::string(version) == "6.12" ? 1 : 0));
      const auto& shadowed = scenario.shadowed();
      CHECK(std::find(shadowed.begin(), shadowed.end(), "online_pages") == shadowed.end());
      const bool shadows = std::find(shadowed.begin(), shadowed.end(), "zone_pcp_reset") != shadowed.end();
      CHECK(!shadows);  // a row that cuts nothing
    }
    CHECK((*Scenario::create(*tree, false, {.arch = "s390x"}))->options().sets.at("listener") == 2);
    CHECK(
        (*Scenario::create(*tree, false, {.arch = "s390x", .real_listeners = false}))->options().sets.at("listener") ==
        1);
  }
}

}  // namespace hotproof::scenarios
