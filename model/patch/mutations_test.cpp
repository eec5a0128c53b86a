#include "model/patch/mutations.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "model/patch/test_support.hpp"

using namespace hotproof;
using patch::Mutant;
using patch::Mutation;

namespace {

const std::string types =
    "struct lock { int x; };\nvoid begin(void);\nvoid use(int a, unsigned long b, struct lock *l);\n";

const std::string body =
    "int work(int start, unsigned long size)\n"  // line 4
    "{\n"
    "\tint ret;\n"
    "\n"
    "\tmutex_lock(&m);\n"  // 8
    "\tbegin();\n"
    "\tret = use(start, size, &l);\n"  // 10
    "\tif (ret)\n"
    "\t\tgoto undo;\n"
    "\tif (!size) {\n"  // 13
    "\t\tbegin();\n"
    "\t\treturn -1;\n"
    "\t}\n"
    "\tgoto out;\n"  // 17
    "undo:\n"
    "\tuse(1, 2, &l);\n"
    "out:\n"
    "\tmutex_unlock(&m);\n"  // 21
    "\treturn ret;\n"
    "}\n";

SourceTree tree_of(const std::string& text) {
  return SourceTree::in_memory("test", {{"a.c", text}});
}

std::vector<Mutant> all_of(const SourceTree& tree, const std::set<Mutation>& wanted) {
  c::Program program(tree, {"a.c"}, {});
  return patch::mutants(program, "a.c", "work", wanted);
}

std::vector<std::string> words(const std::string& text, Mutation mutation) {
  std::vector<std::string> out;
  for (const Mutant& mutant : all_of(tree_of(text), {mutation}))
    out.push_back(std::to_string(mutant.line) + " " + mutant.words);
  return out;
}

std::set<Mutation> everything() {
  const auto all = patch::all_mutations();
  return {all.begin(), all.end()};
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("each operator makes what its name says") {
  const std::string text = types + body;
  CHECK(words(text, Mutation::delete_call) == Words{"9 delete call begin #1", "10 delete call use #1"});
  CHECK(words(text, Mutation::drop_lock) == Words{"8 delete call mutex_lock", "21 delete call mutex_unlock"});
  CHECK(words(text, Mutation::drop_undo) == Words{"14 delete call begin #2", "19 delete call use #2"});
  CHECK(words(text, Mutation::drop_error_branch) == Words{"11 delete if \"ret\"", "13 delete if \"!size\""});
  CHECK(words(text, Mutation::retarget_goto) == Words{"12 send goto undo to out", "17 send goto out to undo"});
  CHECK(words(text, Mutation::move) ==
        Words{"8 move call mutex_lock after call begin #1", "9 move call begin #1 after call use #1",
              "10 move call use #1 after if \"ret\"", "19 move call use #2 after label out",
              "19 move call use #2 before label undo", "21 move call mutex_unlock before label out"});
  CHECK(words(text, Mutation::duplicate)[2] == "10 insert { ret = use(start, size, &l); } after call use #1");
  CHECK(words(text, Mutation::swap_arguments)[0] ==
        "10 replace argument 1 of call use #1 by \"size\"; replace argument 2 of call use #1 by \"start\"");
  CHECK(words(text, Mutation::swap_arguments).size() == 2);
}

TEST_CASE("a function that only takes locks is a lock, one that does more is none") {
  const std::string locks =
      "static void begin(void)\n{\n\tpercpu_down_write(&a);\n}\n"
      "static void more(void)\n{\n\tmutex_lock(&a);\n\tuse();\n}\n"
      "int work(void)\n{\n\tbegin();\n\tmore();\n\tadd_block();\n\treturn 0;\n}\n";
  CHECK(words(locks, Mutation::drop_lock) == Words{"12 delete call begin"});
  CHECK(words(locks, Mutation::delete_call) == Words{"13 delete call more", "14 delete call add_block"});
}

TEST_CASE("arguments are exchanged only where C takes it silently") {
  const std::string text =
      "struct a;\nstruct b;\ntypedef unsigned long pfn_t;\ntypedef struct { int x; } prot_t;\n"
      "void f(struct a *x, struct b *y, struct a *z, pfn_t n, enum mode m, prot_t p);\n"
      "int work(void)\n{\n\tf(x, y, z, n, m, p);\n\treturn 0;\n}\n";
  CHECK(words(text, Mutation::swap_arguments) ==
        Words{"8 replace argument 1 of call f by \"z\"; replace argument 3 of call f by \"x\"",
              "8 replace argument 4 of call f by \"m\"; replace argument 5 of call f by \"n\""});
}

TEST_CASE("every mutant is an edit that changes the text, and ids differ") {
  const SourceTree tree = tree_of(types + body);
  std::set<std::string> ids;
  const std::vector<Mutant> all = all_of(tree, everything());
  CHECK(all.size() > 20);
  for (const Mutant& mutant : all) {
    CAPTURE(mutant.edit);
    const auto edit = patch::read_edit(mutant.edit, "mutant");
    REQUIRE(edit);
    const auto edited = patch::apply(tree, *edit, {"a.c"}, {});
    REQUIRE(edited);
    CHECK(edited->read("a.c")->text != tree.read("a.c")->text);
    CHECK(ids.insert(mutant.id).second);
  }
  CHECK(ids.contains("drop-undo:a.c:work:19"));
}

TEST_CASE("what is not there has no mutants") {
  CHECK(words("int other(void)\n{\n\tf();\n\treturn 0;\n}\n", Mutation::delete_call).empty());
  CHECK(words("int work(void)\n{\n\treturn 0;\n}\n", Mutation::delete_call).empty());
  CHECK(words("int work(void)\n{\n", Mutation::delete_call).empty());
}

TEST_CASE("the mutants of real functions are edits that the front end takes") {
  const auto tree = patch::kernel("6.12");
  if (!tree) {
    MESSAGE("skipped: no kernel tree 6.12");
    return;
  }
  const std::string file = "mm/memory_hotplug.c";
  c::Program program(*tree, {file}, {});
  const std::vector<Mutant> all = patch::mutants(program, file, "online_pages", everything());
  CHECK(all.size() > 40);
  std::size_t refused = 0;
  for (const Mutant& mutant : all) {
    const auto edit = patch::read_edit(mutant.edit, "mutant");
    CAPTURE(mutant.edit);
    REQUIRE(edit);
    if (!patch::apply(*tree, *edit, {file}, {})) ++refused;
  }
  CHECK(refused == 0);
}
