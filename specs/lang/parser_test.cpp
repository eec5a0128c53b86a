#include <rapidcheck.h>

#include <chrono>
#include <functional>

#include "model/source/embedded.hpp"
#include "specs/lang/test_story.hpp"

using namespace hotproof;
using namespace hotproof::spec;

namespace {

// What parse() says about a text that is wrong.
std::string complaint(const std::string& text) {
  const auto out = parse(text, "t.spec");
  return out ? "no complaint" : to_string(out.error());
}

// The same for a form inside of a property; the form begins at line 2, column 1.
std::string of_form(const std::string& form) {
  return complaint("property p { says \"s\"; origin \"o\"; confidence high;\n" + form + "\n}");
}
std::string of_rule(const std::string& lines) {
  return of_form("rule for block b {\n" + lines + "\n}");
}

}  // namespace

TEST_CASE("errors of words and signs") {
  CHECK(complaint("proprety p {}") ==
        "t.spec:1:1: expected 'property' or 'define', found 'proprety' (did you mean 'property'?)");
  CHECK(complaint("\n\n  7") == "t.spec:3:3: expected 'property' or 'define', found '7'");
  CHECK(complaint("property p {\n  says \"never closed\n}") ==
        "t.spec:2:8: string is not closed (a string ends on its line; write the rest as a second string)");
  CHECK(complaint("/* open\nproperty") == "t.spec:1:1: comment is not closed");
  CHECK(complaint("property @") == "t.spec:1:10: '@' means nothing here");
  CHECK(complaint("// \xc3\xa4 is fine here\n\xc3\xa4") ==
        "t.spec:2:1: byte 0xc3 means nothing here (outside of strings and comments a file is plain ASCII)");
  CHECK(complaint(std::string("property p\0", 11)) ==
        "t.spec:1:11: byte 0x00 means nothing here (outside of strings and comments a file is plain ASCII)");
  CHECK(of_form("invariant 9223372036854775808 > 0;") == "t.spec:2:11: number is larger than 2^63 - 1");
  CHECK(of_form("invariant 0x > 0;") == "t.spec:2:11: '0x' is not a number");
  CHECK(of_form("invariant 12ab > 0;") == "t.spec:2:11: '12ab' is not a number");
}

TEST_CASE("errors of a property's parts") {
  CHECK(complaint("property {") == "t.spec:1:10: expected the id of a property, found '{'");
  CHECK(complaint("property p says") == "t.spec:1:12: expected '{' after the id of a property, found 'says'");
  CHECK(complaint("property p {\n  sais \"x\";") ==
        "t.spec:2:3: expected a part of property 'p', found 'sais' (did you mean 'says'?)");
  CHECK(complaint("property p { says x; }") == "t.spec:1:19: expected says as a string, found 'x'");
  CHECK(complaint("property p { says \"\"; }") == "t.spec:1:19: says is empty");
  CHECK(complaint("property p { says \"a\" }") == "t.spec:1:23: expected ';' after the string, found '}'");
  CHECK(complaint("property p { says \"a\"; says \"b\"; }") == "t.spec:1:24: 'says' stands here a second time");
  CHECK(complaint("property p { confidence hihg; }") ==
        "t.spec:1:25: expected 'high' or 'moderate', found 'hihg' (did you mean 'high'?)");
  CHECK(complaint("property p { says \"a\";") ==
        "t.spec:1:23: expected a part of property 'p', found the end of the file");
  CHECK(complaint("\nproperty p { origin \"o\"; confidence high; deadlock; }") ==
        "t.spec:2:1: property 'p' has no 'says'");
  CHECK(complaint("property p { says \"s\"; confidence high; deadlock; }") ==
        "t.spec:1:1: property 'p' has no 'origin'");
  CHECK(complaint("property p { says \"s\"; origin \"o\"; deadlock; }") ==
        "t.spec:1:1: property 'p' has no 'confidence'");
  CHECK(of_form("") == "t.spec:1:1: property 'p' has no form (one of invariant, rule, cover, deadlock, ltl)");
  CHECK(of_form("deadlock; invariant 1;") == "t.spec:2:11: a property has one form; this is a second one");
  const std::string good = "property p { says \"s\"; origin \"o\"; confidence high; deadlock; }\n";
  CHECK(complaint(good + good) == "t.spec:2:10: property 'p' stands here a second time");
}

TEST_CASE("errors of event patterns") {
  CHECK(of_form("cover notifed(_, _, _, _, _);") ==
        "t.spec:2:7: no event is called 'notifed' (did you mean 'notified'?)");
  CHECK(of_form("cover unset_read;") == "t.spec:2:7: no event is called 'unset_read' (did you mean 'unset-read'?)");
  CHECK(of_form("cover notified(_, _, _, _);") ==
        "t.spec:2:26: an argument is missing ('notified' has 5 arguments: actor, listener, action, block, answer)");
  CHECK(of_form("cover span(_, _, _);") == "t.spec:2:18: one argument too many ('span' has 2 arguments: actor, block)");
  CHECK(of_form("cover notify(_, MEM_ONLIN, _);") ==
        "t.spec:2:17: unknown constant 'MEM_ONLIN' (did you mean 'MEM_ONLINE'?)");
  CHECK(of_form("cover memmap(_, _, initialize);") ==
        "t.spec:2:20: 'initialize' is no value for the 3rd argument of 'memmap' (how) (did you mean 'initialise'?)");
  CHECK(of_form("cover notified(_, l, _, l, _);") ==
        "t.spec:2:25: 'l' is bound twice (compare two arguments in 'when')");
  CHECK(of_form("cover unlock(_, mem_hotplug_lokc, _, _);") ==
        "t.spec:2:17: unknown lock 'mem_hotplug_lokc' (did you mean 'mem_hotplug_lock'?)");
  CHECK(of_form("cover lock(_, 3, _, _);") ==
        "t.spec:2:15: the 2nd argument of 'lock' (lock) is a lock; give its name");
  CHECK(of_form("cover span(_, b | 3);") == "t.spec:2:17: only values can stand beside '|'");
  CHECK(of_form("cover span(_, 3 | b);") == "t.spec:2:19: only values can stand beside '|'");
  CHECK(of_form("cover span(_, );") ==
        "t.spec:2:15: expected a pattern for the 2nd argument of 'span' (block), found ')' ('_' stands for anything)");
  CHECK(of_form("rule for listener l { on span(_, l): error \"e\"; }") ==
        "t.spec:2:34: the 2nd argument of 'span' (block) is no listener");
  CHECK(of_form("cover call;") == "t.spec:2:11: expected the name of a function, found ';'");
  CHECK(of_form("cover span(_, when);") == "t.spec:2:15: 'when' cannot be a name");
  CHECK(of_form("cover span without fault;") == "t.spec:2:20: expected 'faults' after 'without', found 'fault'");
}

TEST_CASE("errors of rules") {
  CHECK(of_form("rule for blok b { on span: error \"e\"; }") ==
        "t.spec:2:10: no set is called 'blok' (did you mean 'block'?)");
  CHECK(of_form("rule for block b, listener b { on span: error \"e\"; }") ==
        "t.spec:2:28: there already is a variable 'b'");
  CHECK(of_form("rule for w in 5 .. 3 { on span: error \"e\"; }") == "t.spec:2:15: range is empty");
  CHECK(of_form("rule for w in 0 .. 99 { on span: error \"e\"; }") == "t.spec:2:15: range has more than 64 numbers");
  CHECK(of_form("rule for w in -9223372036854775807 .. 9223372036854775807 { on span: error \"e\"; }") ==
        "t.spec:2:15: range has more than 64 numbers");
  CHECK(of_rule("") == "t.spec:2:18: rule has no line that starts with 'on'");
  CHECK(of_rule("state a, a;") == "t.spec:3:10: there already is a state 'a'");
  CHECK(of_rule("state a;\n  on span: -> a\n") == "t.spec:6:1: expected ';' after a line of a rule, found '}'");
  CHECK(of_rule("state idle, busy;\non span: -> bussy;") ==
        "t.spec:4:13: rule has no state 'bussy' (did you mean 'busy'?)");
  CHECK(of_rule("state idle, busy;\non span in idel: -> busy;") ==
        "t.spec:4:12: rule has no state 'idel' (did you mean 'idle'?)");
  CHECK(of_rule("on span -> b;") == "t.spec:3:9: expected 'in', 'when' or ':', found '->'");
  CHECK(of_rule("on span: requires 1;") ==
        "t.spec:3:10: expected '-> STATE', 'require', 'error' or 'speaks', found 'requires' (did you mean 'require'?)");
  CHECK(of_rule("on span: error;") == "t.spec:3:15: expected the error as a string, found ';'");
  CHECK(of_rule("span: error \"e\";") == "t.spec:3:1: expected 'state', 'on' or '}', found 'span'");
  CHECK(of_rule("on span(_, x) or present: require x;") == "t.spec:3:35: nothing here is called 'x'");
  CHECK(of_rule("state self;\non span: error \"e\";") == "t.spec:3:7: 'self' cannot be the name of a state");
}

TEST_CASE("errors of expressions") {
  CHECK(of_form("invariant for block b: block[b].acessible;") ==
        "t.spec:2:24: a block has no 'acessible' (did you mean 'accessible'?)");
  CHECK(of_form("invariant for block b: mem[b].stat == 0;") ==
        "t.spec:2:24: a memory block has no 'stat' (did you mean 'state'?)");
  CHECK(of_form("invariant for listener l: block[l].boot;") == "t.spec:2:33: 'l' is a listener, not a block");
  CHECK(of_form("invariant blok[0].boot;") == "t.spec:2:11: no symbol starts with 'blok' (did you mean 'block'?)");
  CHECK(of_form("invariant pgdat.node_id == 0;") ==
        "t.spec:2:11: no symbol starts with 'pgdat' (cell(\"NAME\") names any cell of the model)");
  CHECK(of_form("invariant block == 0;") ==
        "t.spec:2:11: nothing here is called 'block' (a symbol looks like block[b].NAME)");
  CHECK(of_form("invariant block[0] == 0;") == "t.spec:2:11: a symbol looks like block[b].NAME");
  CHECK(of_form("invariant self == 0;") == "t.spec:2:11: 'self' is the actor of an event; here is no event");
  CHECK(of_form("invariant holds(mem_hotplug_lock);") ==
        "t.spec:2:11: 'holds' speaks of the actor of an event; here is no event");
  CHECK(of_form("cover span when hold(mem_hotplug_lock);") ==
        "t.spec:2:17: no function is called 'hold' (did you mean 'holds'?)");
  CHECK(of_form("cover span when holds();") == "t.spec:2:17: 'holds' takes 1 or 2 arguments, not 0");
  CHECK(of_form("cover span when holds(mem_hotplug_lock, writ);") ==
        "t.spec:2:41: a lock is held for 'read' or for 'write'");
  CHECK(of_form("cover span(_, b) when holds(b);") ==
        "t.spec:2:29: 'b' is not a lock (write 'for lock b' to speak of each)");
  CHECK(of_form("cover span when holds(1 + 2);") == "t.spec:2:25: expected a lock's name");
  CHECK(of_form("invariant (1;") == "t.spec:2:13: expected ')' to close the parenthesis, found ';'");
  CHECK(of_form("invariant 1 +;") == "t.spec:2:14: expected an expression, found ';'");
  CHECK(of_form("invariant 1 ? 2;") == "t.spec:2:16: expected ':' between the two values of '?', found ';'");
  CHECK(of_form("invariant 1 in {};") == "t.spec:2:17: expected an expression, found '}'");
  CHECK(of_form("invariant MEM_OFLINE == 2;") ==
        "t.spec:2:11: unknown constant 'MEM_OFLINE' (did you mean 'MEM_OFFLINE'?)");
}

TEST_CASE("errors of definitions") {
  CHECK(complaint("define f(x) = y;") == "t.spec:1:15: nothing here is called 'y'");
  CHECK(complaint("define f(x, x) = x;") == "t.spec:1:13: there already is a parameter 'x'");
  CHECK(complaint("define holds(x) = x;") == "t.spec:1:8: 'holds' cannot be the name of a definition");
  CHECK(complaint("define f() = 1;\ndefine f() = 2;") == "t.spec:2:8: there already is a definition 'f'");
  CHECK(complaint("define f(x) = f(x);") == "t.spec:1:15: no function is called 'f'");
  CHECK(complaint("define f(x) = x; property p { says \"s\"; origin \"o\"; confidence high; invariant f(1, 2); }") ==
        "t.spec:1:80: 'f' takes 1 argument, not 2");
  CHECK(complaint("define mine() = holds_nothing();\n"
                  "property p { says \"s\"; origin \"o\"; confidence high; invariant mine(); }") ==
        "t.spec:2:63: 'mine' speaks of the actor of an event; here is no event");
}

TEST_CASE("what a good property says") {
  const auto p = test::property(
      "trigger call f or\n    call f2; trigger return g(_, v) when v == ENODEV;\n\n  rule {\n    on call h: error "
      "\"e\";\n  }",
      "define big(x) = x > MOST;");
  CHECK(p.id == "p");
  CHECK(p.kind == ir::PropertyKind::assertion);
  CHECK(p.watched_calls == std::vector<std::string>{"f", "f2", "g", "h"});
  CHECK(p.constants == std::vector<std::string>{"ENODEV"});
  CHECK(p.form_text.starts_with("trigger call f or\n"));
  CHECK(p.form_text.ends_with("\nrule {\n  on call h: error \"e\";\n}"));
  const auto q = test::parsed(
      "define big(x) = x > MOST;\n  property long-id-2 { says \"one \"\n \"sentence\"; origin \"a \\\"word\\\"\"; "
      "confidence moderate; invariant big(1); }");
  CHECK(q[0].id == "long-id-2");
  CHECK(q[0].says == "one sentence");
  CHECK(q[0].origin == "a \"word\"");
  CHECK(q[0].confidence == ir::Confidence::moderate);
  CHECK(q[0].constants == std::vector<std::string>{"MOST"});
  CHECK(q[0].place == Place{"test.spec", 2, 3});
  CHECK(parse("", "t.spec")->empty());
}

TEST_CASE("hostile files end in an error, soon") {
  const auto start = std::chrono::steady_clock::now();
  const std::size_t many = 200'000;
  const auto repeated = [](const std::string& what, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += what;
    return out;
  };
  const auto fails = [](const std::string& text) { CHECK_FALSE(parse(text, "t.spec").has_value()); };
  const auto form_fails = [&](const std::string& form) {
    fails("property p { says \"s\"; origin \"o\"; confidence high; " + form);
  };
  fails(std::string(100 << 20U, '\0'));
  fails(std::string(1 << 20U, '\0'));
  fails(repeated("{", many));
  fails(repeated("property ", many));
  for (const std::string opening : {"(", "!", "-", "block[", "cell(", "holds(", "1 in {", "1 ? ", "1 + (", "f("})
    form_fails("invariant " + repeated(opening, many));
  form_fails("invariant 1" + repeated(" + 1", many) + ";");
  form_fails("invariant 1" + repeated(" ? 1 : 1", many) + ";");
  form_fails("invariant 1 in {1" + repeated(", 1", many) + "};");
  form_fails("invariant block[0]" + repeated(".boot", many) + ";");
  form_fails("cover span" + repeated(" or span", many) + ";");
  form_fails("rule { on span: error \"e\"" + repeated(", error \"e\"", many) + "; ");
  form_fails("rule { " + repeated("on span: error \"e\"; ", many) + "}}");
  form_fails("rule for block b" + repeated(", block b", many));
  form_fails("rule { state a" + repeated(", a", many));
  std::string doubling = "define f0(x) = x + x;";
  for (int i = 1; i < 60; ++i)
    doubling +=
        "define f" + std::to_string(i) + "(x) = f" + std::to_string(i - 1) + "(f" + std::to_string(i - 1) + "(x));";
  fails(doubling);
  std::string chain;
  for (int i = 0; i < 100'000; ++i) chain += "define f" + std::to_string(i) + "() = 1;";
  fails(chain);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
}

TEST_CASE("every cut of the library's files is an error or shorter, never a crash") {
  for (const embedded::File& file : embedded::spec())
    for (std::size_t size = 0; size < file.text.size(); ++size) parse(file.text.substr(0, size), "t.spec");
}

TEST_CASE("files with changed bytes and shuffled words never crash") {
  CHECK(rc::check("changed bytes", [] {
    const auto files = embedded::spec();
    const auto& file = files[*rc::gen::inRange<std::size_t>(0, files.size())];
    std::string text(file.text);
    const int changes = *rc::gen::inRange(1, 20);
    for (int i = 0; i < changes; ++i)
      text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    const auto out = parse(text, "t.spec");
    if (!out) RC_ASSERT(out.error().place.line > 0U);
  }));
  CHECK(rc::check("shuffled words", [] {
    const std::vector<std::string> words{
        "property", "p",   "{",     "}",     "rule", "on",    "span",      ":",      "error", "\"e\"",
        ";",        "for", "block", "b",     "->",   "when",  "in",        "(",      ")",     "[",
        "]",        ".",   "mem",   "state", "0",    "1",     "+",         "?",      "!",     ",",
        "notified", "_",   "|",     "or",    "says", "cover", "invariant", "define", "="};
    std::string text =
        *rc::gen::element<std::string>("", "property p { says \"s\"; origin \"o\"; confidence high; rule {");
    const int count = *rc::gen::inRange(0, 60);
    for (int i = 0; i < count; ++i) text += " " + words[*rc::gen::inRange<std::size_t>(0, words.size())];
    parse(text, "t.spec");
  }));
}
