#include "model/patch/names.hpp"

#include <doctest/doctest.h>

#include <random>

using hotproof::patch::Names;
using hotproof::patch::names_in;

TEST_CASE("names that a text defines and uses") {
  const Names names = names_in(
      "#define FLAG (1 << 0) /* SHY */\n"
      "#define TWO(x) \\\n\tOTHER(x)\n"
      "enum event { FIRST = 1, SECOND };\n"
      "struct altmap { unsigned long start; int (*act)(int); bool inaccessible; };\n"
      "typedef unsigned long pfn_t;\n"
      "int prototype(void);\n"
      "static int counter;\n"
      "// NOT_USED\n"
      "int body(struct altmap *altmap)\n{\n\tif (altmap->start && FLAG_USED)\n\t\treturn call(\"NOT_EITHER\");\n"
      "\treturn THIRD;\n}\n");
  for (const char* name : {"FLAG", "TWO", "FIRST", "SECOND", "altmap", ".start", ".act", ".inaccessible", "pfn_t",
                           "prototype", "counter", "body"}) {
    CAPTURE(name);
    CHECK(names.defined.contains(name));
  }
  for (const char* name : {"OTHER", ".start", "FLAG_USED", "call", "THIRD", "altmap"}) {
    CAPTURE(name);
    CHECK(names.used.contains(name));
  }
  for (const char* name : {"SHY", "NOT_USED", "NOT_EITHER"}) {
    CAPTURE(name);
    CHECK_FALSE(names.used.contains(name));
  }
  CHECK_FALSE(names.defined.contains("call"));
}

TEST_CASE("any bytes have names or none") {
  std::mt19937 random(3);
  const std::string letters = "#define a{}();,=*->.\\\n\"'/ enum struct";
  for (int turn = 0; turn < 2000; ++turn) {
    std::string text;
    for (int i = 0; i < 60; ++i) text += letters[random() % letters.size()];
    names_in(text);
  }
  CHECK(names_in("").defined.empty());
}
