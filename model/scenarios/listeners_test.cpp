// Listeners are found in the tree's own text, and put into the chain as it registers them.
#include "model/scenarios/listeners.hpp"

#include <doctest/doctest.h>

namespace hotproof::scenarios {

namespace {

using Files = std::map<std::string, std::string>;

Listeners find(const Files& files, std::vector<env::ListenerFile> listening, const std::set<std::string>& leaves = {}) {
  std::vector<std::string> names;
  for (const auto& [path, text] : files) names.push_back(path);
  c::Program program(SourceTree::in_memory("t", files), names, {});
  return find_listeners(listening, program, leaves);
}

Listeners find(const std::string& text) {
  return find({{"mm/a.c", text}}, {{"mm/a.c"}});
}

const std::string callback =
    "static int f(struct notifier_block *self, unsigned long action, void *arg) { return g(); }\n";

}  // namespace

TEST_CASE("listeners: the ways in which a tree registers one") {
  const std::pair<const char*, const char*> ways[] = {
      {"static int __init i(void) { hotplug_memory_notifier(f, SOME_PRI + 1); return 0; }", "(SOME_PRI + 1)"},
      {"static int __init i(void) { if (hotplug_memory_notifier(f, 7)) return 1; return 0; }", "7"},
      {"static struct notifier_block nb = { .notifier_call = f, .priority = 7 };\n"
       "static int __init i(void) { return register_memory_notifier(&nb); }",
       "7"},
      {"static int __init i(void) { static struct notifier_block nb = { .notifier_call = f, .priority = 7 };\n"
       "register_hotmemory_notifier(&nb); return 0; }",
       "7"},
      {"static struct notifier_block nb = { .notifier_call = f };\n"
       "static int __init i(void) { return register_memory_notifier(&nb); }",
       "0"},
  };
  for (const auto& [text, priority] : ways) {
    CAPTURE(text);
    const Listeners found = find(callback + text);
    REQUIRE(found.all.size() == 1);
    CHECK(found.all[0].callback == "f");
    CHECK(found.all[0].priority == priority);
    CHECK(found.all[0].ideal_because.empty());
    CHECK_FALSE(found.all[0].node);
    CHECK(found.all[0].place.file == "mm/a.c");
  }
  const Listeners of_nodes = find(callback + "void i(void) { hotplug_node_notifier(f, 0); }");
  REQUIRE(of_nodes.all.size() == 1);
  CHECK(of_nodes.all[0].node);
  CHECK(registration(of_nodes).find("register_node_notifier(&hp_found[0])") != std::string::npos);
  CHECK(find(callback + "#ifdef CONFIG_X\nvoid i(void) { hotplug_memory_notifier(f, 0); }\n#endif\n").all.empty());
  CHECK(find(callback + "int hotplug_memory_notifier(int a, int b) { return hotplug_memory_notifier(a, b); }")
            .all.empty());
}

TEST_CASE("listeners: of equal priority, in the order of initcalls") {
  const std::string text = callback +
                           "int a(void) { hotplug_memory_notifier(f, 1); }\nlate_initcall(a);\n"
                           "int b(void) { hotplug_memory_notifier(f, 2); }\ncore_initcall(b);\n"
                           "int c(void) { hotplug_memory_notifier(f, 3); }\n";
  const Listeners found = find(text);
  REQUIRE(found.all.size() == 3);
  CHECK(found.all[0].priority == "3");  // called while the kernel starts
  CHECK(found.all[1].priority == "2");
  CHECK(found.all[2].priority == "1");
  const std::string c = registration(found);
  CHECK(c.find("hp_found[0].priority = 3;") < c.find("hp_found[1].priority = 2;"));
  CHECK(c.find("hp_listener[HP_LISTENERS + 2] = &hp_found[2];") != std::string::npos);
}

TEST_CASE("listeners: what is not understood, and an ideal one in its place") {
  const Listeners bodiless = find("int i(void) { hotplug_memory_notifier(elsewhere, 5); }");
  REQUIRE(bodiless.all.size() == 1);
  CHECK(bodiless.all[0].ideal_because == "elsewhere has no body in its file");
  CHECK(registration(bodiless).find("hp_found[0].notifier_call = hp_ideal_call;") != std::string::npos);
  CHECK(registration(bodiless).find("hp_found[0].priority = 5;") != std::string::npos);
  const Listeners computed = find("int i(struct x *x) { register_memory_notifier(&x->nb); }");
  REQUIRE(computed.all.size() == 1);
  CHECK_FALSE(computed.all[0].ideal_because.empty());
  // Names of a file are its own in C; the model takes each name once.
  const std::string mine =
      "static int g(void) { return 1; }\n" + callback + "int i(void) { hotplug_memory_notifier(f, 0); }";
  const Files two = {{"drivers/first.c", "static int g(void) { return 2; }\n"}, {"mm/a.c", mine}};
  const Listeners hidden = find(two, {{"mm/a.c"}});
  REQUIRE(hidden.all.size() == 1);
  CHECK(hidden.all[0].ideal_because == "another file that is read has a g of its own");
  CHECK(find(two, {{"mm/a.c"}}, {"g"}).all[0].ideal_because.empty());  // never from the tree
  const std::set<std::string> functions = find({{"mm/a.c", mine}}, {{"mm/a.c"}}).all[0].functions;
  CHECK(functions == std::set<std::string>{"f", "g"});
}

TEST_CASE("listeners: files that are not built, and what only a patch adds") {
  const std::string text =
      callback + "int i(void) {\n hotplug_memory_notifier(f, 1);\n hotplug_memory_notifier(f, 2);\n}";
  const Files files = {{"mm/a.c", text}, {"mm/b.c", "int x;\n"}};
  const Listeners off = find(files, {{"mm/a.c", false, false}, {"mm/b.c", false, false}});
  CHECK(off.all.empty());
  CHECK(off.not_configured == std::vector<std::string>{"mm/a.c"});
  SourceFile patched{"mm/a.c", text, {4}, {}};
  c::Program program(SourceTree::in_memory("t", files).with(patched), {"mm/a.c"}, {});
  const Listeners added = find_listeners({{"mm/a.c", false, true, true}}, program, {});
  REQUIRE(added.all.size() == 1);
  CHECK(added.all[0].priority == "2");
}

TEST_CASE("listeners: the platform's") {
  Listener own, other;
  own.callback = "f";
  own.block = "nb";
  own.platform = true;
  other.callback = "h";
  CHECK(platform_block({{own}, {}}, 1) == "((struct notifier_block *)0)");
  CHECK(platform_block({{other}, {}}, 1) == "&hp_ideal[0]");
  CHECK(platform_block({{other}, {}}, 0) == "((struct notifier_block *)0)");
  own.ideal_because = "because";
  CHECK(platform_block({{other, own}, {}}, 1) == "&hp_found[1]");
}

}  // namespace hotproof::scenarios
