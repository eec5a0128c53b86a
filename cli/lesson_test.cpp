// hotproof lesson, as a learner and as an author of units use it.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "cli/run_program.hpp"

using namespace hotproof::cli;

namespace {

const std::string lessons = std::string(HOTPROOF_SOURCE_DIR) + "/lessons/";

// The unit's file with one part of it replaced.
std::string changed(const std::string& file, const std::string& part, const std::string& by) {
  std::string text = text_of(lessons + file);
  const std::size_t at = text.find(part);
  REQUIRE_MESSAGE(at != std::string::npos, part);
  return text.replace(at, part.size(), by);
}

Ran lesson(const Scratch& scratch, std::vector<std::string> args) {
  args.insert(args.begin(), "lesson");
  args.insert(args.end(), {"--progress", scratch.file("progress")});
  return run_program(std::move(args));
}

void check_refused(const Ran& ran, const std::string& part) {
  INFO(ran.err);
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  CHECK(ran.err.find(part) != std::string::npos);
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("lessons: each unit of the course is what it says") {
  const Ran ran = run_program({"lesson", "--check"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK(says(ran.out, "all are as they say"));
}

// A check that cannot fail proves nothing: each promise is broken once.
TEST_CASE("lessons: a unit that breaks a promise is found out") {
  const struct {
    const char* file;
    const char* part;
    const char* by;
    const char* said;
  } cases[] = {
      {"07-lock-order.lesson", "par 0 1 2", "par 0 1 3", "par is 0 1 2, with user firmware"},
      {"07-lock-order.lesson", "par 0 1 2", "par 0 0 2", "par is 0 1 2"},
      {"07-lock-order.lesson", "  user firmware\n", "  user:all\n", "the solution fails: no-deadlock still holds"},
      {"01-two-steps.lesson", "  cpu0 cpu1:3 cpu0:2\n", "  cpu0 cpu1 cpu0:2 cpu1:2\n", "the solution costs 0 3 6, par is 0 2 6"},
      {"05-early-return.lesson", "fails violated lock-balance", "fails violated no-deadlock",
       "fails for violated lock-balance, not for violated no-deadlock"},
      {"05-early-return.lesson", "fails vacuous lock-balance\nfails vacuous no-deadlock\n", "fails vacuous lock-balance\n",
       "fails for vacuous lock-balance, vacuous no-deadlock, not for vacuous lock-balance"},
      {"03-undo-in-reverse.lesson", "switch_off();\n  \t\tpoison_memmap();", "poison_memmap();\n  \t\tswitch_off();",
       "there is nothing to mend"},
      {"06-balance-rule.lesson", "on returned: require !holds(device_lock) \"it is still held at the end\";", "",
       "the solution fails: the rule holds on 'the failure keeps the lock', which is broken"},
      {"08-gate-lock.lesson", "  no-return 5\n  prevents 2\nwrong", "  no-return 4\n  prevents 2\nwrong",
       "the solution fails: after step 4 the violation could still be avoided"},
      {"08-gate-lock.lesson", "  no-return 5\n  prevents 1 2\n", "  no-return 5\n  prevents 2\n", "this answer fails for nothing"},
  };
  for (const auto& one : cases) {
    const Scratch scratch;
    const std::string text = changed(one.file, one.part, one.by);
    const Ran ran = run_program({"lesson", "--unit", scratch.with("u.lesson", text), "--check"});
    INFO(one.file << "\n" << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(says(ran.out, one.said));
  }
}

TEST_CASE("lessons: break it says what happened, and what can be done next") {
  const Scratch scratch;
  const Ran begun = lesson(scratch, {"lock-order", "--answer", scratch.with("a", "user\n")});
  CHECK(begun.exit == 1);
  CHECK(says(begun.out, "What can be done now:\n   1  user"));
  CHECK(says(begun.out, "Not yet: no-deadlock still holds after 1 step\n"));
  CHECK(!std::filesystem::exists(scratch.file("progress")));
  const Ran done = lesson(scratch, {"lock-order", "--answer", scratch.with("a", "1 # by number\nundo user\n  firmware:1")});
  CHECK(done.exit == 0);
  CHECK(says(done.out, "0 faults, 1 switch, 2 steps: that is par, nothing is cheaper."));
  CHECK(text_of(scratch.file("progress")) == "hotproof lessons 1\nlock-order done best 0 1 2\n");
}

TEST_CASE("lessons: over par is done, and a better run takes its place") {
  const Scratch scratch;
  const Ran over = lesson(scratch, {"two-steps", "--answer", scratch.with("a", "cpu0 cpu1 cpu0:2 cpu1:2")});
  CHECK(over.exit == 0);
  CHECK(says(over.out, "3 switches, 6 steps; par is 0 faults, 2 switches, 6 steps."));
  CHECK(says(lesson(scratch, {}).out, "over par"));
  CHECK(lesson(scratch, {"two-steps", "--answer", scratch.with("a", "cpu0 cpu1:3 cpu0:2")}).exit == 0);
  CHECK(lesson(scratch, {"two-steps", "--answer", scratch.with("a", "cpu0 cpu1 cpu0:2 cpu1:2")}).exit == 0);
  CHECK(text_of(scratch.file("progress")) == "hotproof lessons 1\ntwo-steps done best 0 2 6\n");
  CHECK(says(lesson(scratch, {}).out, "at par"));
}

TEST_CASE("lessons: fix it takes the whole file, and shows what is still wrong") {
  const Scratch scratch;
  const Ran given = lesson(scratch, {"early-return", "--program"});
  CHECK(given.exit == 0);
  const Ran same = lesson(scratch, {"early-return", "--answer", scratch.with("a.c", given.out)});
  CHECK(same.exit == 1);
  CHECK(says(same.out, "violated: lock-balance"));
  CHECK(says(same.out, "lesson.c:"));
  std::string mended = given.out;
  mended.replace(mended.find("return -EINVAL;"), 15, "{ mutex_unlock(&device_lock); return -EINVAL; }");
  CHECK(lesson(scratch, {"early-return", "--answer", scratch.with("a.c", mended)}).exit == 0);
  // What fails, and what the code is asked, is not for the answer to say.
  const Ran choosing = lesson(scratch, {"early-return", "--answer", scratch.with("a.c", mended + "void f(void) { __VERIFIER_assume(0); }\n")});
  CHECK(choosing.exit == 1);
  CHECK(says(choosing.out, "__VERIFIER_assume was added"));
  const Ran broken = lesson(scratch, {"early-return", "--answer", scratch.with("a.c", "int set_online(int wanted) { return ( }\n")});
  CHECK(broken.exit == 4);
  CHECK(says(broken.out, "this is not understood: lesson.c:1:"));
}

TEST_CASE("lessons: a unit as people see it") {
  const Scratch scratch;
  setenv("LC_ALL", "C.UTF-8", 1);
  const Ran ran = lesson(scratch, {"gate-lock"});
  unsetenv("LC_ALL");
  CHECK(ran.exit == 0);
  CHECK(ran.out == text_of(std::string(HOTPROOF_SOURCE_DIR) + "/counterexamples/golden/lesson.txt"));
}

TEST_CASE("lessons: the next hint only") {
  const Scratch scratch;
  for (const char* count : {"1 of 3", "2 of 3", "3 of 3", "3 of 3"})
    CHECK(says(lesson(scratch, {"lock-order", "--hint"}).out, std::string("Hint ") + count));
  CHECK(text_of(scratch.file("progress")) == "hotproof lessons 1\nlock-order hints 3\n");
  CHECK(says(lesson(scratch, {}).out, "3 hints"));
}

TEST_CASE("lessons: each unit has a page and fits the terminal") {
  const Scratch scratch;
  for (const char* unit : {"1", "6", "8", "26"}) {
    const Ran page = lesson(scratch, {unit, "--format", "html"});
    CHECK(page.exit == 0);
    CHECK(page.out.starts_with("<!DOCTYPE html>"));
    CHECK(says(page.out, "default-src 'none'"));
    CHECK(!says(page.out, "<script"));
    const Ran text = lesson(scratch, {unit});
    CHECK(text.exit == 0);
    CHECK(!says(text.out, "\x1b"));
    CHECK(says(text.out, "To do\n"));
  }
}

TEST_CASE("lessons: damaged progress is an error, and is not touched") {
  const Scratch scratch;
  const std::string damaged = "hotproof lessons 1\nlock-order dome\n";
  scratch.with("progress", damaged);
  const std::string answer = scratch.with("a", "user firmware");
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{
           {}, {"lock-order"}, {"lock-order", "--hint"}, {"lock-order", "--answer", answer}})
    check_refused(lesson(scratch, args), "progress:2:12: the file of progress is damaged");
  CHECK(text_of(scratch.file("progress")) == damaged);
}

TEST_CASE("lessons: progress of units that are not known stays") {
  const Scratch scratch;
  scratch.with("progress", "hotproof lessons 1\nof-tomorrow done\n");
  CHECK(lesson(scratch, {"lock-order", "--hint"}).exit == 0);
  CHECK(text_of(scratch.file("progress")) == "hotproof lessons 1\nlock-order hints 1\nof-tomorrow done\n");
}

TEST_CASE("lessons: mistakes in answers have their place") {
  const Scratch scratch;
  const auto answer = [&scratch](const char* unit, const std::string& text) {
    return lesson(scratch, {unit, "--answer", scratch.with("a", text)});
  };
  check_refused(answer("lock-order", "user\n  9\n"), "a:2:3: there is no choice 9 here");
  check_refused(answer("lock-order", "nobody"), "a:1:1: 'nobody' is neither a number nor an actor");
  check_refused(answer("lock-order", "undo"), "a:1:1: there is nothing to undo");
  check_refused(answer("lock-order", "user firmware user"), "a:1:15: the property is violated");
  check_refused(answer("lock-order", "user:x"), "a:1:1: behind ':' stands how many steps");
  check_refused(answer("gate-lock", "no-return 99\n"), "a:1:11: here stands a step");
  check_refused(answer("gate-lock", "no-return 1\n"), "does not say 'prevents'");
  check_refused(answer("gate-lock", "prevents 9\n"), "a:1:10: here stands one of the list");
  check_refused(answer("gate-lock", "because 9\n"), "a:1:1: an answer has lines");
  check_refused(answer("early-return", "file lesson.c\nin set_online\n  delete call f\n"), "a:3:");
  check_refused(answer("early-return", "scenario HP_BLOCKS = 1\n"), "a:1:");
  check_refused(answer("balance-rule", "property p {"), "a:1:13");
  check_refused(answer("balance-rule", ""), "there is no property in it");
  check_refused(lesson(scratch, {"lock-order", "--answer", scratch.file("missing")}), "missing");
}

TEST_CASE("lessons: mistakes in units have their place in the unit's file") {
  const Scratch scratch;
  const auto check = [&scratch](const std::string& text) {
    return run_program({"lesson", "--unit", scratch.with("u.lesson", text), "--check"});
  };
  check_refused(check(changed("05-early-return.lesson", "verb fix", "verb mend")), "u.lesson:4:6: there is no verb 'mend'");
  check_refused(check(changed("05-early-return.lesson", "property no-deadlock", "property no-deadlok")), "u.lesson:9:10");
  check_refused(check(changed("05-early-return.lesson", "delete call mutex_lock\n", "delete call mutex_lok\n")), "u.lesson:");
  check_refused(check(changed("05-early-return.lesson", "runs write_state 1", "runs nothing")), "u.lesson:6:7: there is no function 'nothing'");
  check_refused(check(changed("05-early-return.lesson", "cover returned(_, _, _, 0);", "cover returnd;")), "u.lesson:");
}

TEST_CASE("lessons: wrong usage") {
  const Scratch scratch;
  check_refused(lesson(scratch, {"no-such-unit"}), "no unit 'no-such-unit'");
  check_refused(lesson(scratch, {"lock-ordr"}), "lock-order");
  check_refused(lesson(scratch, {"0"}), "no unit '0'");
  check_refused(lesson(scratch, {"1", "2"}), "one unit at a time");
  check_refused(lesson(scratch, {"--hint"}), "which unit");
  check_refused(lesson(scratch, {"1", "--hint", "--program"}), "exclude each other");
  check_refused(lesson(scratch, {"1", "--format", "xml"}), "xml");
}
