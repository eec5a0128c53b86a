// The campaign of random C, the programs that were found by it, and a C compiler's word on what single actors do.
#include "checker/campaign/programs.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "checker/explicit/bytecode.hpp"
#include "model/ir/passes/mistake.hpp"

using namespace hotproof;
using campaign::Meaning;
using campaign::Program;
using campaign::ProgramTally;
using campaign::Scope;
using campaign::Tally;

namespace {

using Kind = campaign::Statement::Kind;

const std::string program_regressions = HOTPROOF_SOURCE_DIR "/checker/campaign/regressions";
const std::string scratch = HOTPROOF_BUILD_DIR "/failures";

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool has(const std::vector<campaign::Statement>& block, Kind kind) {
  for (const auto& s : block)
    if (s.kind == kind || has(s.body, kind) || has(s.otherwise, kind)) return true;
  return false;
}

// What a program needs to run alone: every choice is read from a list, and the next run has the next list.
const char* const harness = R"(#include <setjmp.h>
#include <stdio.h>
#define HP_MUTEX 0
#define HP_RWSEM 2
#define HP_READ 0
#define HP_WRITE 1
static int choices[64], ways[64], used, asked, failed;
static jmp_buf stuck;
static struct { void *lock; int writers, readers; } held[8];
int __hp_choose(int n, const char *what)
{
	(void)what;
	if (asked == used) { choices[used] = 0; used++; }
	ways[asked] = n;
	return choices[asked++];
}
int __hp_fault(const char *what) { return __hp_choose(2, what); }
void __VERIFIER_assert(int condition) { if (!condition) failed = 1; }
static int of(void *lock) { int i = 0; while (held[i].lock && held[i].lock != lock) i++; held[i].lock = lock; return i; }
int __hp_trylock(void *lock, int kind, int mode)
{
	int i = of(lock);
	(void)kind;
	if (held[i].writers || (mode == HP_WRITE && held[i].readers)) return 0;
	if (mode == HP_WRITE) held[i].writers = 1; else held[i].readers++;
	return 1;
}
int __hp_lock(void *lock, int kind, int mode)
{
	if (!__hp_trylock(lock, kind, mode)) longjmp(stuck, 1);
	return 0;
}
void __hp_unlock(void *lock, int mode) { if (mode == HP_WRITE) held[of(lock)].writers = 0; else held[of(lock)].readers--; }
)";

std::string driver(const Program& program) {
  std::string reset, print;
  for (std::size_t g = 0; g < program.globals; ++g) {
    const std::string name = "g" + std::to_string(g);
    reset += "\t\t" + name + " = 0;\n";
    print += "\t\t\tprintf(\"" + std::string(g == 0 ? "" : " ") + "%d\", " + name + ");\n";
  }
  return "int main(void)\n{\n\tfor (;;) {\n\t\tint i;\n" + reset +
         (program.listeners.empty() ? "" : "\t\thead = 0;\n") +
         "\t\tasked = failed = 0;\n\t\tfor (i = 0; i < 8; i++) held[i].lock = 0, held[i].writers = held[i].readers = "
         "0;\n"
         "\t\thp_init();\n\t\tif (setjmp(stuck)) {\n\t\t\tprintf(\"stuck\");\n\t\t} else {\n\t\t\ta0();\n" +
         print +
         "\t\t\tif (failed) printf(\" failed\");\n\t\t}\n\t\tprintf(\"\\n\");\n"
         "\t\tfor (used = asked; used > 0 && choices[used - 1] + 1 == ways[used - 1]; used--);\n"
         "\t\tif (!used) return 0;\n\t\tchoices[used - 1]++;\n\t}\n}\n";
}

// All outcomes that the compiled program has, as Meaning::outcomes gives them; nothing if it could not be built.
std::optional<std::string> compiled(const Program& program) {
  std::filesystem::create_directories(scratch);
  const std::string base = scratch + "/alone";
  std::ofstream(base + ".c") << harness << campaign::to_text(program) << driver(program);
  const std::string build = "cc -O0 -w -o " + base + " " + base + ".c";
  if (std::system(build.c_str()) != 0) return std::nullopt;
  if (std::system((base + " >" + base + ".out").c_str()) != 0) return std::nullopt;
  std::set<std::string> lines;
  std::istringstream out(text_of(base + ".out"));
  for (std::string line; std::getline(out, line);) lines.insert(line);
  std::string joined;
  for (const std::string& line : lines) joined += (joined.empty() ? "" : "; ") + line;
  return joined;
}

// A program in which one actor may refuse what another one needs: `actor` runs beside "g0 = 1".
Program beside_a_write(std::vector<campaign::Statement> actor) {
  Program out;
  out.locks = {false, false};
  out.actors = {std::move(actor), {{.kind = Kind::store, .value = 1, .form = 1}}};
  return out;
}

}  // namespace

TEST_CASE("random C programs: their meaning, what lowering makes of them, and all engines agree") {
  Tally tally;
  ProgramTally programs;
  // bench/campaign asks the solver's engines about 500 of them.
  for (std::uint64_t seed = 100'000; seed < 100'150; ++seed) {
    CAPTURE(seed);
    const bool solver = seed % 10 == 0;
    const auto failure = campaign::program_campaign(seed, {.solver = solver}, tally, programs);
    if (failure) FAIL_CHECK(failure->reason << "; shrunk to " << campaign::write_program(scratch, *failure));
  }
  CHECK(programs.programs > 120);
  CHECK(programs.failing > 20);
  CHECK(programs.stuck > 2);
  CHECK(programs.with_faults > 50);
  CHECK(programs.with_chain > 50);
  CHECK(tally.merged > 100);
  CHECK(tally.longest > 15);
  CHECK(tally.by_solver > 40);
}

TEST_CASE("random C programs of one actor do what a C compiler makes of them") {
  if (std::system("cc --version >/dev/null 2>&1") != 0) {
    MESSAGE("no cc: skipped");
    return;
  }
  int done = 0, failing = 0, stuck = 0, several = 0;
  for (std::uint64_t seed = 0; done < 60; ++seed) {
    const Program program = campaign::random_program(seed);
    const Meaning meaning = campaign::meaning(program);
    if (program.actors.size() != 1 || meaning.too_large) continue;
    ++done;
    CAPTURE(seed);
    CAPTURE(campaign::to_text(program));
    CHECK(compiled(program).value_or("not built") == meaning.outcomes);
    failing += meaning.fails ? 1 : 0;
    stuck += meaning.stuck ? 1 : 0;
    several += meaning.outcomes.find(';') != std::string::npos ? 1 : 0;
  }
  CHECK(failing > 5);
  CHECK(stuck > 0);
  CHECK(several > 12);
}

TEST_CASE("regressions: C programs that once failed, or are easy to get wrong, mean what their first lines say") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(program_regressions)) {
    if (entry.path().extension() != ".c") continue;
    CAPTURE(entry.path().string());
    const std::string text = text_of(entry.path().string());
    const auto expected = campaign::expected_of(text);
    REQUIRE(expected);
    Tally tally;
    CHECK(campaign::difference(text, expected->meaning, expected->globals, {}, &tally).value_or("") == "");
    CHECK(tally.systems == 1);
    // And it is noticed if something else had been expected.
    Meaning other = expected->meaning;
    other.fails = !other.fails;
    CHECK(campaign::difference(text, other, expected->globals, {.solver = false}, nullptr));
    ++files;
  }
  CHECK(files >= 4);
}

TEST_CASE("what is broken on purpose is caught by random C, too, and what shows it is small") {
  // One program in some six hundred; from 0 on, the first is among these.
  const auto first_caught = []() -> std::optional<campaign::ProgramFailure> {
    for (std::uint64_t seed = 570; seed < 600; ++seed) {
      Tally tally;
      ProgramTally programs;
      if (auto failure = campaign::program_campaign(seed, {.solver = false}, tally, programs)) return failure;
    }
    return std::nullopt;
  };
  ir::make_mistake_for_tests(ir::Mistake::forget_reads);
  const auto read = first_caught();
  ir::make_mistake_for_tests(ir::Mistake::none);
  REQUIRE(read);
  CAPTURE(read->reason);
  const std::string text = campaign::to_text(read->program);
  CAPTURE(text);
  CHECK(read->reason.starts_with("merge"));
  CHECK(read->program.actors.size() == 2);
  CHECK(std::count(text.begin(), text.end(), '\n') < 40);
  const std::string file = campaign::write_program(scratch, *read);
  const auto expected = campaign::expected_of(text_of(file));
  REQUIRE(expected);
  CHECK_FALSE(campaign::difference(text_of(file), expected->meaning, expected->globals, {}, nullptr));
}

TEST_CASE("the meaning of programs is what it should be") {
  const campaign::Statement load{.kind = Kind::load}, is_zero{.kind = Kind::assert_};
  const Meaning race = campaign::meaning(beside_a_write({load, is_zero}));
  CHECK(race.fails);
  CHECK(race.ends == "1 0");
  CHECK(race.outcomes == "1 0; 1 0 failed");
  CHECK_FALSE(campaign::meaning(beside_a_write({load})).fails);
  const Meaning twice = campaign::meaning(beside_a_write({{.kind = Kind::take}, {.kind = Kind::take}}));
  CHECK(twice.stuck);
  CHECK(twice.ends == "");
  const campaign::Statement fault{.kind = Kind::fault, .body = {{.kind = Kind::store, .value = 2, .form = 1}}};
  CHECK(campaign::meaning(beside_a_write({fault})).ends == "1 0; 2 0");
  CHECK(has({fault}, Kind::store));
  Program chain = beside_a_write({{.kind = Kind::notify, .value = 2, .form = 1}});
  chain.actors.pop_back();
  // The second one writes the action and refuses; the first one hears of it and writes 3.
  chain.listeners = {{1, {{.kind = Kind::store}}}, {0, {{.kind = Kind::store, .where = 1}, {.kind = Kind::refuse}}}};
  CHECK(campaign::meaning(chain).outcomes == "3 2");
  chain.listeners[1].priority = 2;
  CHECK(campaign::meaning(chain).outcomes == "0 2");
}
