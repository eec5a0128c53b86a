#include "model/c/program.hpp"

#include <doctest/doctest.h>

#include "model/c/print.hpp"

using namespace hotproof;
using namespace hotproof::c;

TEST_CASE("the first definition wins, but a strong body beats a weak one") {
  Program program(SourceTree::in_memory("t", {{"a.c", "int __weak f(void)\n{ return 1; }\nint x = 1;\n"},
                                              {"b.c", "int f(void)\n{ return 2; }\nint x = 2;\nint y;\n"}}),
                  {"a.c", "b.c", "gone.c"}, {});
  REQUIRE(program.function("f"));
  CHECK(to_string(*program.function("f")->body) == "{ return 2; }");
  CHECK(program.file_of(*program.function("f")) == "b.c");
  REQUIRE(program.global("x"));
  CHECK(program.file_of(*program.global("x")) == "a.c");
  CHECK(program.missing() == std::vector<std::string>{"gone.c"});
  CHECK(program.functions_in("b.c") == std::vector<std::string>{"f"});
  CHECK_FALSE(program.function("nothing"));
  CHECK_FALSE(program.global("f"));
}

TEST_CASE("a text added first is seen first, and what was given out stays") {
  Program program(SourceTree::in_memory("t", {{"a.c", "int f(void)\n{ return 1; }\n"}}), {"a.c"}, {});
  const Function* before = program.function("f");
  REQUIRE(before);
  program.add_first("env.c", "#ifdef CONFIG_NO\nint g;\n#endif\nint f(void)\n{ return 2; }\n");
  REQUIRE(program.function("f"));
  CHECK(to_string(*program.function("f")->body) == "{ return 2; }");
  CHECK(to_string(*before->body) == "{ return 1; }");
  CHECK(program.files().front() == "env.c");
  CHECK_FALSE(program.global("g"));
  CHECK(program.configuration_used() == std::map<std::string, bool>{{"CONFIG_NO", false}});
}

TEST_CASE("names of the top level") {
  Program program(
      SourceTree::in_memory(
          "t", {{"a.c",
                 "typedef struct { int a; } box_t, *box_ptr;\ntypedef int (*fn_t)(void *);\n"
                 "static DEFINE_MUTEX(lock);\nLIST_HEAD(heads)\nstatic BLOCKING_NOTIFIER_HEAD(chain);\n"
                 "DEFINE_PER_CPU(struct a, percpu);\nDECLARE_BITMAP(map, 8);\nEXPORT_SYMBOL(f);\nmodule_init(f)\n"
                 "static int a = 1, *b, c[3] = { 1, 2 };\nextern int d;\nint d = 4;\nint (*hook)(int) = f;\n"
                 "static struct notifier_block nb = {\n\t.notifier_call = f,\n\t.priority = 3,\n};\n"
                 "static DEVICE_ATTR_RW(state);\nDEVICE_ATTR(other, 0444, show, NULL);\n"
                 "#define ONE 1\n#define ONE 2\n#define ADD(a, b) ((a) + \\\n\t(b))\n"
                 "MY_NOTE(x) int noted(void)\n{ return 0; }\n__setup(\"x\", f)\nint last(void)\n{ return 0; }\n"
                 "int fn_body(void) my_unknown\n{ return 1; }\nint after;\n"}}),
      {"a.c"}, {});
  REQUIRE(program.type_alias("box_t"));
  CHECK(to_string(*program.type_alias("box_t")) == "struct { int a; }");
  CHECK(to_string(*program.type_alias("box_ptr")) == "pointer(struct { int a; })");
  CHECK(to_string(*program.type_alias("fn_t")) == "pointer(function(int; pointer(void)))");
  for (const auto& [name, macro] :
       {std::pair("lock", "DEFINE_MUTEX"), std::pair("heads", "LIST_HEAD"),
        std::pair("chain", "BLOCKING_NOTIFIER_HEAD"), std::pair("percpu", "DEFINE_PER_CPU"),
        std::pair("map", "DECLARE_BITMAP"), std::pair("dev_attr_state", "DEVICE_ATTR_RW")}) {
    REQUIRE_MESSAGE(program.global(name), std::string(name));
    CHECK(program.global(name)->declared_by == macro);
    CHECK(program.global(name)->problems.empty());
  }
  CHECK(program.global("map")->macro_args.size() == 2);
  CHECK(to_string(*program.global("percpu")->macro_args.at(0)) == "type(struct a)");
  CHECK(to_string(program.global("b")->declaration) == "static pointer(int) b");
  CHECK(to_string(program.global("c")->declaration) == "static array(3, int) c = {1, 2}");
  CHECK_FALSE(program.global("d")->declaration.is_extern);
  CHECK(to_string(program.global("hook")->declaration) == "pointer(function(int; int)) hook = f");
  CHECK(to_string(program.global("nb")->declaration) ==
        "static struct notifier_block nb = {.notifier_call = f, .priority = 3}");
  CHECK(program.device_attributes() == std::vector<std::string>{"state", "other"});
  CHECK(program.macro("ONE")->body == "2");
  CHECK(program.macro("ADD")->parameters.size() == 2);
  CHECK(program.functions_in("a.c") == std::vector<std::string>{"noted", "last", "fn_body"});
  CHECK(program.global("after"));
  CHECK_FALSE(program.global("f"));
}

TEST_CASE("an #ifdef sees what the included files define, but not what another source does") {
  Program program(
      SourceTree::in_memory(
          "t", {{"a.c", "#include <linux/x.h>\n#ifdef FROM_HEADER\nint a;\n#endif\n#define OWN\n"},
                {"b.c", "#ifdef OWN\nint b;\n#endif\n"},
                {"include/linux/x.h", "#ifndef GUARD\n#define GUARD\n#define FROM_HEADER\nint h;\n#endif\n"}}),
      {"a.c", "b.c", "include/linux/x.h"}, {});
  CHECK(program.global("a"));
  CHECK(program.global("h"));
  CHECK_FALSE(program.global("b"));
}

TEST_CASE("a typedef's record has the members that macros declare") {
  Program program(SourceTree::in_memory("t", {{"a.h", "typedef struct { DECLARE_BITMAP(bits, 1 << 6); } nodemask_t;\n"}}),
                  {"a.h"}, {});
  const TypeName* type = program.type_alias("nodemask_t");
  REQUIRE(type);
  REQUIRE(type->record);
  REQUIRE(type->record->fields.size() == 1);
  CHECK(type->record->fields[0].name == "bits");
  CHECK(type->record->fields[0].type->kind == TypeName::Kind::array);
}
