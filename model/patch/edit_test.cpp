#include "model/patch/edit.hpp"

#include <doctest/doctest.h>

#include "model/patch/anchor.hpp"
#include "model/patch/test_support.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

constexpr const char* lamp =
    "static int lamp_on(struct lamp *l, int level)\n{\n\tint ret = 0;\n\n\tlock(l);\n\tif (level > 9)\n\t\tgoto out;\n"
    "\tret = check(l, level);\n\tif (ret) {\n\t\tnote(l);\n\t\tgoto failed;\n\t}\n\tl->level = level;\n"
    "\tfor (int i = 0; i < 3; i++)\n\t\tblink(l);\n\tunlock(l);\n\treturn "
    "0;\nfailed:\n\tundo(l);\nout:\n\tunlock(l);\n\treturn ret;\n}\n";

SourceTree lamps() {
  return SourceTree::in_memory("lamps", {{"lamp.c", lamp}, {"other.c", "int off(void)\n{\n\treturn 1;\n}\n"}});
}

Outcome<SourceTree> run(const std::string& text) {
  const auto edit = read_edit(text, "e.edit");
  if (!edit) return tl::unexpected(edit.error());
  return apply(lamps(), *edit, {"lamp.c", "other.c"}, {});
}

// The function's text after the edit, without white space.
std::string after(const std::string& actions) {
  const auto tree = run("in lamp_on\n" + actions + "\n");
  REQUIRE_MESSAGE(tree, to_string(tree ? Diagnostic{} : tree.error()));
  std::string out;
  for (const Line& line : split_lines(tree->read("lamp.c")->text)) out += squeeze(line.text);
  return out;
}

bool has(const std::string& text, const char* part) {
  if (text.find(part) != std::string::npos) return true;
  MESSAGE("not in: ", text);
  return false;
}

}  // namespace

TEST_CASE("delete") {
  CHECK(has(after("delete call note"), "if(ret){gotofailed;}"));
  CHECK(has(after("delete goto out"), "if(level>9);ret=check"));
  CHECK(has(after("delete call blink"), "i++);unlock(l);"));
  CHECK(has(after("delete then of if \"ret\""), "if(ret);l->level"));
  CHECK(has(after("delete if \"ret\""), "ret=check(l,level);l->level=level;"));
  CHECK(has(after("delete assignment level"), "}for("));
  CHECK(has(after("delete label failed"), "return0;undo(l);"));
  CHECK(has(after("delete call unlock #1"), "blink(l);return0;"));
  CHECK(has(after("delete call unlock #last"), "out:returnret;"));
  CHECK(has(after("delete call unlock #2\ndelete return \"ret\""), "undo(l);out:;}"));
}

TEST_CASE("move") {
  CHECK(has(after("move call lock after if \"level > 9\""), "gotoout;lock(l);ret="));
  CHECK(has(after("move call lock before goto out"), "if(level>9){lock(l);gotoout;}ret="));
  CHECK(has(after("move call lock after call blink"), "i++){blink(l);lock(l);}unlock"));
  CHECK(has(after("move assignment \"l->level\" before if around goto failed"), "level);l->level=level;if(ret){"));
  CHECK(has(after("move call unlock #2 before label out"), "undo(l);unlock(l);out:returnret;"));
  CHECK(has(after("move call unlock #2 after label failed"), "failed:unlock(l);undo(l);out:returnret;"));
  CHECK(has(after("move call blink before call lock"), "blink(l);lock(l);"));
  CHECK(has(after("move call note at start of then of if \"level > 9\""), "if(level>9){note(l);gotoout;}"));
  CHECK(has(after("move call note at end"), "returnret;note(l);}"));
}

TEST_CASE("insert, replace, add, and several actions on one another's result") {
  CHECK(has(after("insert { hop(); } before return #1"), "unlock(l);hop();return0;"));
  CHECK(has(after("insert { hop(); } at start"), "intret=0;hop();lock(l);"));
  CHECK(has(after("insert { hop(); } at end of body of loop"), "i++){blink(l);hop();}"));
  CHECK(has(after("insert { hop(); } at end of then of if \"ret\""), "gotofailed;hop();}"));
  CHECK(has(after("insert { if (x) { y(); } } after label out"), "out:if(x){y();}unlock(l);"));
  CHECK(has(after("replace argument 2 of call check by \"level + 1\""), "check(l,level+1);"));
  CHECK(has(after("replace condition of if \"ret\" by \"ret < 0\""), "if(ret<0){note"));
  CHECK(has(after("replace call blink by { a(); b(); }"), "i++){a();b();}unlock"));
  CHECK(has(after("replace call note by { hop(); }"), "if(ret){hop();goto"));
  CHECK(has(after("replace body by { return 7; }"), "intlevel){return7;}"));
  CHECK(has(after("send goto failed to out"), "note(l);gotoout;}"));
  CHECK(has(after("file lamp.c\nadd { int lamp_dim(void) { return 1; } }"), "intlamp_dim(void){return1;}"));
  CHECK(has(after("file lamp.c\nadd {\n#define LAMP_DIM (1 << 1)\n}"), "#defineLAMP_DIM(1<<1)"));
  CHECK(has(after("insert { hop(); } before call lock\nmove call hop after call lock\ndelete call lock"),
            "intret=0;hop();if"));
}

TEST_CASE("lines that an edit touched are marked") {
  const auto tree = run("in lamp_on\ninsert { hop(); } before return #1\ndelete call note\n");
  REQUIRE(tree);
  const auto file = tree->read("lamp.c");
  CHECK(file->added_lines == std::set<std::uint32_t>{16});
  CHECK(file->removed_at == std::vector<std::uint32_t>{10});
  CHECK(split_lines(file->text)[15].text == "\thop();");
}

TEST_CASE("what is no action: configuration, scenario, words about it") {
  const auto edit = read_edit(
      "# a comment\nabout it is \"dark\" today\nset CONFIG_X = y\nset CONFIG_Y = n\nscenario blocks = 2\n", "e");
  REQUIRE(edit);
  CHECK(edit->about == "it is dark today");
  CHECK(edit->configuration == std::map<std::string, bool>{{"CONFIG_X", true}, {"CONFIG_Y", false}});
  CHECK(edit->scenario.at("blocks") == "2");
  CHECK(edit->actions.empty());
}

TEST_CASE("errors say where in the edit, and how many there are") {
  struct Case {
    const char* text;
    const char* said;
  };
  const Case cases[] = {
      {"in lamp_off\ndelete call x\n", "e.edit:2:1: no function 'lamp_off'"},
      {"file other.c\nin lamp_on\ndelete call x\n", "e.edit:3:1: no function 'lamp_on' in other.c"},
      {"file none.c\nin lamp_on\ndelete call x\n", "e.edit:3:1: the tree has no file"},
      {"file ../x\n", "e.edit:1:6: the path leaves"},
      {"delete call x\n", "no function has been named"},
      {"in lamp_on\ndelete call hop\n", "e.edit:2:8: lamp_on has no 'call hop'"},
      {"in lamp_on\ndelete call unlock\n", "e.edit:2:8: lamp_on has 2 of 'call unlock'"},
      {"in lamp_on\ndelete call unlock #3\n", "lamp_on has only 2 of 'call unlock'"},
      {"in lamp_on\ndelete call lock with level\n", "has no 'call lock with \"level\"'"},
      {"in lamp_on\ndelete call unlock #0\n", "e.edit:2:20: expected a number"},
      {"in lamp_on\ndelete call unlock #x\n", "expected a number"},
      {"in lamp_on\ndelete label none\n", "has no 'label none'"},
      {"in lamp_on\ndelete else of if \"ret\"\n", "has no such block"},
      {"in lamp_on\ndelete if around call lock\n", "nothing such stands around call lock"},
      {"in lamp_on\ndelete\n", "e.edit:2:7: expected an anchor"},
      {"in lamp_on\ndestroy call lock\n", "e.edit:2:1: 'destroy' is no action"},
      {"in lamp_on\nmove call lock\n", "expected a position"},
      {"in lamp_on\nmove call lock before\n", "expected an anchor"},
      {"in lamp_on\nmove if \"ret\" before call note\n", "inside itself"},
      {"in lamp_on\nmove label out before call note\n", "a label cannot be moved"},
      {"in lamp_on\nmove call lock at middle\n", "expected 'start' or 'end'"},
      {"in lamp_on\ninsert { hop( } before call lock\n", "e.edit:2"},
      {"in lamp_on\ninsert { hop();\n", "e.edit:2:8: this block has no closing brace"},
      {"in lamp_on\ninsert hop(); before call lock\n", "expected a block of C"},
      {"in lamp_on\ndelete if \"ret\n", "e.edit:2:11: this quoted text has no end"},
      {"in lamp_on\nreplace argument 3 of call check by x\n", "the call has 2 arguments"},
      {"in lamp_on\nreplace argument 1 of label out by x\n", "this must be a call"},
      {"in lamp_on\nreplace argument 1 of call check by \"1 +\"\n", "e.edit:2"},
      {"in lamp_on\nreplace condition of call lock by x\n", "has no condition"},
      {"in lamp_on\nsend goto out to nowhere\n", "lamp_on has no label 'nowhere'"},
      {"in lamp_on\nsend call lock to out\n", "this must be a goto"},
      {"in lamp_on\ndelete call lock now\n", "e.edit:2:18: more words"},
      {"in lamp_on extra\n", "e.edit:1:12: more words"},
      {"set X = y\n", "e.edit:1:5: the name of a configuration begins"},
      {"set CONFIG_X = 2\n", "expected y or n"},
      {"set CONFIG_X y\n", "expected '='"},
      {"add { int f(void) { return 1; } }\n", "no file has been named"},
      {"file lamp.c\nadd { int x; }\n", "holds no function"},
      {"file lamp.c\nadd { int lamp_on(void) { return 1; } }\n", "already has a function"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto tree = run(c.text);
    REQUIRE_FALSE(tree);
    const std::string said = to_string(tree.error());
    CAPTURE(said);
    CHECK(said.find(c.said) != std::string::npos);
  }
}

TEST_CASE("hostile edits end soon in an error") {
  CHECK_FALSE(run(std::string("in x\0y", 6)));
  CHECK_FALSE(run(std::string(2U << 20U, 'x')));
  std::string deep = "in lamp_on\ndelete ";
  for (int i = 0; i < 100'000; ++i) deep += "then of ";
  CHECK_FALSE(run(deep + "call lock\n"));
  CHECK_FALSE(run("in lamp_on\ninsert " + std::string(100'000, '{') + "\n"));
  std::string nested =
      "in lamp_on\ninsert " + std::string(20'000, '{') + std::string(20'000, '}') + " before call lock\n";
  (void)run(nested);
}

namespace {

const std::vector<std::string> kernel_files = {"drivers/base/memory.c", "mm/memory_hotplug.c"};

const c::Configuration kernel_configuration = {
    {{"CONFIG_MEMORY_HOTPLUG", "1"}, {"CONFIG_MEMORY_HOTREMOVE", "1"}, {"CONFIG_SPARSEMEM", "1"}}};

// The body of a function of a kernel tree after an edit of model/scenarios/edits, without white space.
std::string kernel_after(const SourceTree& tree, const std::string& edit_name, const std::string& path,
                         const std::string& heading) {
  const auto text =
      read_whole(std::filesystem::path(HOTPROOF_SOURCE_DIR) / "model/scenarios/edits" / (edit_name + ".edit"));
  REQUIRE_MESSAGE(text, edit_name);
  const auto edit = read_edit(*text, edit_name);
  REQUIRE_MESSAGE(edit, to_string(edit ? Diagnostic{} : edit.error()));
  CHECK_FALSE(edit->about.empty());
  const auto edited = apply(tree, *edit, kernel_files, kernel_configuration);
  REQUIRE_MESSAGE(edited, to_string(edited ? Diagnostic{} : edited.error()));
  const auto file = edited->read(path);
  const std::size_t begin = file->text.find(heading);
  REQUIRE(begin != std::string::npos);
  std::string out;
  for (const Line& line :
       split_lines(std::string_view(file->text).substr(begin, file->text.find("\n}\n", begin) - begin)))
    out += squeeze(line.text);
  return out;
}

// True if the parts stand one behind the other, none of them twice in between.
bool ordered(const std::string& text, const std::vector<const char*>& parts) {
  std::size_t at = 0;
  for (const char* part : parts) {
    at = text.find(part, at);
    if (at == std::string::npos) {
      MESSAGE(text, "\nmisses ", part);
      return false;
    }
    at += std::string_view(part).size();
  }
  return true;
}

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t out = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
  return out;
}

constexpr const char* memory_c = "drivers/base/memory.c";
constexpr const char* hotplug_c = "mm/memory_hotplug.c";

}  // namespace

TEST_CASE("defects of the past, put back on 6.1") {
  const auto tree = kernel("6.1");
  if (!tree) {
    MESSAGE("skipped: no kernel tree 6.1");
    return;
  }
  const std::string d1 = kernel_after(*tree, "d1-6.1", memory_c, "static int memory_block_online(");
  CHECK(ordered(d1, {"mhp_init_memmap_on_memory(", "gotoout;}mem_hotplug_begin();ret=online_pages("}));
  CHECK(times(d1, "mem_hotplug_begin();") == 1);
  const std::string d2 = kernel_after(*tree, "d2", memory_c, "static int memory_block_offline(");
  CHECK(ordered(d2, {"offline_pages(", "mem_hotplug_done();if(nr_vmemmap_pages)mhp_deinit_memmap",
                     "mem->zone=NULL;out:returnret;"}));
  CHECK(times(d2, "mem_hotplug_done();") == 1);
  const std::string d3 = kernel_after(*tree, "d3-6.1", hotplug_c, "int __ref add_memory_resource(");
  CHECK(ordered(d3, {"create_memory_block_devices(", "arch_remove_memory(start,size,NULL);"}));
  const std::string d4 = kernel_after(*tree, "d4", hotplug_c, "static int __ref try_remove_memory(");
  CHECK(ordered(d4, {"if(rc){mem_hotplug_done();returnrc;}", "mem_hotplug_begin();"}));
  const std::string d5 = kernel_after(*tree, "d5", hotplug_c, "int __ref offline_pages(");
  CHECK(ordered(
      d5, {"lru_cache_enable();zone_pcp_enable(zone);", "failed_removal_pcplists_disabled:zone_pcp_enable(zone);"}));
  CHECK(times(d5, "lru_cache_enable();") == 1);
}

TEST_CASE("defects of the past, put back on 6.12") {
  const auto tree = kernel("6.12");
  if (!tree) {
    MESSAGE("skipped: no kernel tree 6.12");
    return;
  }
  const std::string d2 = kernel_after(*tree, "d2", memory_c, "static int memory_block_offline(");
  CHECK(ordered(d2, {"offline_pages(", "mem_hotplug_done();if(nr_vmemmap_pages)mhp_deinit_memmap", "out:returnret;"}));
  const std::string d3b = kernel_after(*tree, "d3b-6.12", hotplug_c, "static int create_altmaps_and_memory_blocks(");
  CHECK(ordered(d3b, {"create_memory_block_devices(", "arch_remove_memory(cur_start,memblock_size,NULL,NULL);"}));
  const std::string d4 = kernel_after(*tree, "d4", hotplug_c, "static int try_remove_memory(");
  CHECK(ordered(d4, {"if(rc){mem_hotplug_done();returnrc;}", "mem_hotplug_begin();"}));
  const std::string d5 = kernel_after(*tree, "d5", hotplug_c, "int offline_pages(");
  CHECK(times(d5, "lru_cache_enable();") == 1);
  const std::string d7 = kernel_after(*tree, "d7-6.12", hotplug_c, "int offline_pages(");
  CHECK(ordered(d7, {"build_all_zonelists(NULL);}node_states_clear_node(", "kcompactd_stop("}));
  CHECK(times(d7, "node_states_clear_node(") == 1);
  const std::string a5 = kernel_after(*tree, "a5", memory_c, "static int memory_block_online(");
  CHECK(ordered(a5, {"notifier_to_errno(ret);if(ret)gotoout;", "out:memory_notify("}));
  CHECK(times(a5, "gotoout_notifier;") == 0);
  const std::string a7 = kernel_after(*tree, "a7", memory_c, "static int memory_block_online(");
  CHECK(ordered(a7, {"out:out_notifier:mem_hotplug_done();"}));
  CHECK(times(a7, "MEM_FINISH_OFFLINE") == 0);
  const std::string a8 = kernel_after(*tree, "a8", memory_c, "static int memory_block_online(");
  CHECK(
      ordered(a8, {"memory_notify(MEM_PREPARE_ONLINE,", "gotoout_notifier;mem_hotplug_begin();if(nr_vmemmap_pages)"}));
  CHECK(times(a8, "mem_hotplug_begin();") == 1);
}

TEST_CASE("edits that need what the seed adds, on 6.1 with the seed") {
  const auto tree = kernel("6.1");
  const auto mail = seed_mail();
  if (!tree || !mail) {
    MESSAGE("skipped: no seed mail or no kernel tree 6.1");
    return;
  }
  const auto patched = apply_text(*tree, *mail);
  REQUIRE(patched);
  const std::string a8 = kernel_after(patched->tree, "a8", memory_c, "static int memory_block_online(");
  CHECK(ordered(a8, {"memory_notify(MEM_PREPARE_ONLINE,", "gotoout_notifier;mem_hotplug_begin();"}));
  const std::string a5 = kernel_after(patched->tree, "a5", memory_c, "static int memory_block_online(");
  CHECK(times(a5, "gotoout_notifier;") == 0);
  const std::string a7 = kernel_after(patched->tree, "a7", memory_c, "static int memory_block_online(");
  CHECK(times(a7, "MEM_FINISH_OFFLINE") == 0);
}

TEST_CASE("an edit under a configuration") {
  const auto tree = kernel("6.12");
  if (!tree) {
    MESSAGE("skipped: no kernel tree 6.12");
    return;
  }
  const std::string d6 = kernel_after(*tree, "d6-6.12", memory_c, "void memblk_nr_poison_inc(");
  CHECK(ordered(d6, {"find_memory_block_by_id(", "if(mem){atomic_long_inc("}));
  CHECK(times(d6, "put_device(") == 0);
}
