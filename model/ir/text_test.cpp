#include "model/ir/text.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>

#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using namespace hotproof::ir;

namespace {

constexpr std::string_view small_text =
    "hotproof-system 1\n"
    "# a counter\n"
    "name \"counter\"\n"
    "mark \"done\"\n"
    "variable v0 \"x\" width 3 unsigned shared initial 0\n"
    "variable v1 \"pc\" width 1 unsigned control initial 0\n"
    "actor a0 \"one\" control v1 initial 0 locations 2 resting 1\n"
    "\n"
    "let e0 = ult v0 5:3\n"
    "let e1 = add v0 1:3\n"
    "property p0 \"small\" invariant high\n"
    "expr e0\n"
    "transition a0 from 0 to 0 guard e0\n"
    "update v0 e1\n"
    "transition a0 from 0 to 1 guard 1:1\n"
    "hit m0 1:1\n";

std::string error_of(const std::string& text) {
  const auto system = read(text, "t");
  return system ? "" : to_string(system.error());
}

std::string changed(const std::string& from, const std::string& to) {
  std::string text(small_text);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return error_of(text.replace(at, from.size(), to));
}

}  // namespace

TEST_CASE("a small system is read") {
  const auto s = read(small_text);
  REQUIRE_MESSAGE(s, to_string(s.error()));
  const auto found = eval::explore(*s, 100);
  CHECK(found->states == 12);
  CHECK(found->properties[0]->depth == 5);
}

TEST_CASE("random systems: the text is a fixed point and means the same") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const TransitionSystem s = eval::random_system(seed);
    const std::string text = write(s);
    const auto back = read(text);
    REQUIRE_MESSAGE(back, to_string(back.error()));
    REQUIRE(write(*back) == text);
    if (seed % 5 != 0) continue;
    const auto before = eval::explore(s, 1000), after = eval::explore(*back, 1000);
    REQUIRE(before.has_value() == after.has_value());
    if (!before) continue;
    CHECK(before->states == after->states);
    CHECK(before->transitions == after->transitions);
    for (std::size_t i = 0; i < s.properties.size(); ++i) {
      REQUIRE(before->properties[i].has_value() == after->properties[i].has_value());
      if (before->properties[i]) CHECK(before->properties[i]->depth == after->properties[i]->depth);
    }
  }
}

TEST_CASE("every field comes back") {
  TransitionSystem s;
  s.name = "a \"name\" with \\ and \n and \x01 and ü";
  s.files = {"a.c", "b.c"};
  s.functions = {"f", ""};
  s.event_names = {"seen", "heard"};
  s.marks = {"m", "n"};
  s.sets["block"] = 2;
  s.constants["LEAST"] = std::numeric_limits<std::int64_t>::min();
  const VarId x =
      s.add_variable({"x", 64, true, Role::observer, ~std::uint64_t{0}, true, ~std::uint64_t{4}, 7, {{3, "THREE"}}});
  const VarId pc = s.add_variable({.name = "pc", .width = 2, .role = Role::control, .initial = 1});
  s.actors = {{"actor", pc, 1, 3, {0, 2}, {2}}};
  const ExprId small = s.pool.binary(Op::slt, s.read(x), s.pool.constant(9, 64));
  s.locks = {{"lock", Lock::Kind::percpu_rwsem, true, {small}, {s.pool.not_(small)}}};
  s.properties = {{"i",
                   "says",
                   "origin",
                   Confidence::moderate,
                   PropertyKind::invariant,
                   small,
                   MarkId{0},
                   false,
                   {MarkId{1}, MarkId{0}}},
                  {"a", "", "", Confidence::high, PropertyKind::assertion, {}, MarkId{1}, false, {}},
                  {"c", "", "", Confidence::high, PropertyKind::cover, {}, MarkId{1}, true, {}},
                  {"d", "", "", Confidence::high, PropertyKind::deadlock, {}, MarkId{0}, false, {}}};
  s.initial_condition = small;
  s.symbols["x at last"] = s.read(x);
  Transition t{ActorId{0},
               1,
               2,
               small,
               {{x, s.pool.unary(Op::neg, s.read(x))}},
               {{1, {s.read(x), small}}, {0, {}}},
               {{PropertyId{1}, small}},
               {{MarkId{1}, small}},
               {1, 2, 3, 1},
               "text",
               Choice::listener,
               2,
               {{LockId{0}, LockMode::read}, {LockId{0}, LockMode::write}},
               LockEffect::tries,
               LockClaim{LockId{0}, LockMode::read},
               4};
  t.callers = {{0, 3, 1, 0}, {0, 4, 0, 0}};
  s.transitions = {t};
  REQUIRE_FALSE(fault_in(s));
  const auto back = read(write(s));
  REQUIRE_MESSAGE(back, to_string(back.error()));
  CHECK(write(*back) == write(s));
  CHECK(back->name == s.name);
  CHECK((back->files == s.files && back->functions == s.functions && back->event_names == s.event_names));
  CHECK((back->marks == s.marks && back->sets == s.sets && back->constants == s.constants));
  const Variable& v = back->variables[0];
  CHECK((v.name == "x" && v.width == 64 && v.is_signed && v.role == Role::observer && v.free_initially));
  CHECK((v.initial == ~std::uint64_t{0} && v.low == ~std::uint64_t{4} && v.high == 7 &&
         v.labels == s.variables[0].labels));
  const Actor& a = back->actors[0];
  CHECK((a.name == "actor" && a.control == pc && a.initial == 1 && a.locations == 3 &&
         a.resting == std::vector<Location>{0, 2} && a.halted == std::vector<Location>{2}));
  CHECK((back->locks[0].name == "lock" && back->locks[0].kind == Lock::Kind::percpu_rwsem && back->locks[0].tried));
  CHECK((back->locks[0].held_write.size() == 1 && back->locks[0].held_read.size() == 1));
  const Property& p = back->properties[0];
  CHECK((p.id == "i" && p.says == "says" && p.origin == "origin" && p.confidence == Confidence::moderate));
  CHECK((p.kind == PropertyKind::invariant && p.triggers == std::vector{MarkId{1}, MarkId{0}}));
  CHECK((back->properties[2].kind == PropertyKind::cover && back->properties[2].cover_without_faults));
  CHECK((back->properties[1].mark == MarkId{1} && back->properties[3].kind == PropertyKind::deadlock));
  CHECK(back->symbols.contains("x at last"));
  const Transition& b = back->transitions[0];
  CHECK((b.actor == t.actor && b.from == 1 && b.to == 2 && b.span == t.span && b.text == "text" && b.depth == 4));
  CHECK(b.callers == t.callers);
  CHECK((b.choice == Choice::listener && b.faults == 2 && b.held == t.held && b.lock_effect == t.lock_effect &&
         b.lock == t.lock));
  CHECK((b.updates.size() == 1 && b.events.size() == 2 && b.events[0].name == 1 && b.events[0].args.size() == 2));
  CHECK((b.assertions[0].property == PropertyId{1} && b.hits[0].mark == MarkId{1}));
  CHECK(back->pool.size() <= s.pool.size());
}

TEST_CASE("errors have their line and column") {
  CHECK(error_of("") == "t:1:1: the file is empty");
  CHECK(error_of("hotproof-system 2\n").find("t:1:1: expected the first line") == 0);
  CHECK(changed("let e1", "let e7") == "t:10:5: expected \"e1\"");
  CHECK(changed("add v0 1:3", "add v0 e4") == "t:10:17: e4 has not been made by a line before");
  CHECK(changed("add v0 1:3", "add v0 1:4") == "t:10:17: operands of different widths");
  CHECK(changed("add v0 1:3", "add v0 9:3") == "t:10:17: the constant does not fit its width");
  CHECK(changed("add v0 1:3", "zext 3 v0").find("t:10:17: an extension widens") == 0);
  CHECK(changed("add v0 1:3", "add v0 1:3 1:3") == "t:10:21: the line should end here");
  CHECK(changed("add v0", "plus v0") == "t:10:10: unknown operation");
  CHECK(changed("width 3", "width 65") == "t:5:23: the number is greater than 64");
  CHECK(changed("width 3", "width 99999999999999999999") == "t:5:23: expected a number below 2^64");
  CHECK(changed("\"counter\"", "\"counter").find("t:3:6: the string does not end") == 0);
  CHECK(changed("\"counter\"", "\"c\\q\"") == "t:3:8: unknown escape in a string");
  CHECK(changed("expr e0", "exp e0") == "t:12:1: unknown kind of line");
  CHECK(changed("guard e0", "guard e1").find("t:13:33: expected a truth value") == 0);
  CHECK(changed("update v0 e1", "update v1 e1").find("t:14:11: the value is not as wide") == 0);
  CHECK(changed("locations 2", "locations 4000000000").find("t:7:47: the number is greater than") == 0);
  CHECK(changed("from 0 to 1", "from 0 to 2") == "t: transition 1 (): a location does not exist");
}

TEST_CASE("hostile texts end in an error, soon") {
  const auto start = std::chrono::steady_clock::now();
  const std::string whole = write(eval::random_system(4));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto s = read(std::string_view(whole).substr(0, cut));
    if (s) CHECK_FALSE(fault_in(*s));
  }
  std::string garbage(10'000'000, '\0');
  std::uint64_t noise = 1;
  for (char& c : garbage) c = static_cast<char>((noise = noise * 6364136223846793005U + 1442695040888963407U) >> 56U);
  CHECK_FALSE(read(garbage));
  CHECK_FALSE(read("hotproof-system 1\n" + garbage));
  CHECK_FALSE(read("hotproof-system 1\nname \"" + garbage));
  CHECK_FALSE(read("hotproof-system 1\nname " + std::string(10'000'000, '"')));
  std::string deep(small_text.substr(0, small_text.find("let e0")));
  for (int i = 0; i < 200'000; ++i)
    deep += "let e" + std::to_string(i) + " = " +
            (i == 0 ? "neg v0" : (i % 2 ? "add v0 e" : "xor v0 e") + std::to_string(i - 1)) + "\n";
  deep += "symbol \"deep\" e199999\n";
  const auto s = read(deep);
  REQUIRE_MESSAGE(s, to_string(s.error()));
  CHECK(write(*read(write(*s))) == write(*s));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
}

TEST_CASE("a text with some bytes changed is an error or a sound system") {
  const std::string whole = write(eval::random_system(11));
  rc::check("changed bytes", [&](const std::vector<std::pair<std::uint32_t, char>>& changes) {
    std::string text = whole;
    for (const auto& [at, c] : changes) text[at % text.size()] = c;
    const auto s = read(text);
    if (!s) return;
    RC_ASSERT(!fault_in(*s));
    RC_ASSERT(write(*read(write(*s))) == write(*s));
  });
}
