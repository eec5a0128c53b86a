// Any number of listeners: the answers known beforehand, and agreement with what each small number says by itself.
#include "cli/any_listeners.hpp"

#include <random>

#include "cli/inputs.hpp"
#include "cli/known_answers.hpp"
#include "model/patch/mutations.hpp"
#include "model/scenarios/scenario.hpp"

using namespace hotproof;
using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

using checker::Verdict;
using Properties = std::vector<spec::SpecProperty>;

Settings settings_for(const std::string& architecture) {
  Settings out;
  out.architecture = architecture;
  out.any_listeners = true;
  out.plainest_runs = false;
  return out;
}

Properties all_properties() {
  const auto out = chosen_properties({});
  REQUIRE(out);
  return *out;
}

Subject reference_before() {
  const auto out = open_subject({});
  REQUIRE(out);
  return *out;
}

Subject reference_after() {
  const auto mails = embedded_mail();
  REQUIRE(mails);
  const auto out = with_mails(reference_before(), *mails);
  REQUIRE(out);
  return out->subject;
}

Subject edited(const Subject& base, const std::string& text) {
  const auto edit = patch::read_edit(text, "test.edit");
  if (!edit) FAIL(to_string(edit.error()));
  const auto out = with_edit(base, *edit, "x86_64");
  if (!out) FAIL(to_string(out.error().diagnostic));
  return *out;
}

Subject edited_by_file(const Subject& base, const std::string& name) {
  return edited(base, text_of(std::string(HOTPROOF_SOURCE_DIR "/model/scenarios/edits/") + name));
}

// How often a comparison said what: a test that compares nothing must not pass.
struct Tally {
  unsigned proved = 0;
  unsigned violated = 0;
  unsigned silent = 0;
  unsigned open = 0;  // not understood
  unsigned inconclusive = 0;
  unsigned later = 0;    // violated, but not with the least number
  unsigned stopped = 0;  // not compared: a limit of time was met
};

// What --listeners any says of each property, against every number from the least on.
void compare(const Subject& subject, const Settings& any, const Properties& properties, Tally& tally) {
  const auto together = check(subject, any, properties);
  if (!together) FAIL(to_string(together.error().diagnostic));
  std::map<unsigned, counterexamples::CheckReport> alone;
  const unsigned from = any.architecture == "s390x" || any.registrars > 0 ? 1 : 0;
  for (unsigned number = from; number <= most_listeners; ++number) {
    Settings one = any;
    one.any_listeners = false;
    one.listeners = static_cast<int>(number);
    const auto checked = check(subject, one, properties);
    if (!checked) FAIL(to_string(checked.error().diagnostic));
    alone[number] = checked->report;
  }
  const auto is_stopped = [](const auto& one) { return !one.second.stopped_by.empty(); };
  if (!together->report.stopped_by.empty() || std::any_of(alone.begin(), alone.end(), is_stopped)) {
    ++tally.stopped;
    return;
  }
  for (const counterexamples::PropertyReport& said : together->report.properties) {
    CAPTURE(said.id);
    CAPTURE(said.reason);
    REQUIRE(said.listeners);
    CHECK(said.listeners->from == from);
    std::optional<unsigned> least;
    bool speaks = false;
    for (const auto& [number, report] : alone) {
      const Verdict verdict = find(report, said.id)->verdict;
      if (verdict == Verdict::violated && !least) least = number;
      speaks = speaks || verdict == Verdict::proved;
    }
    CHECK((said.verdict == Verdict::violated) == least.has_value());
    CHECK(said.listeners->breaks_with == least);
    if (said.verdict == Verdict::proved) CHECK(said.listeners->any);
    if (said.verdict == Verdict::proved) CHECK(speaks);
    if (said.verdict == Verdict::vacuous) CHECK_FALSE(speaks);
    if (least && *least > from) ++tally.later;
    ++(said.verdict == Verdict::proved         ? tally.proved
       : said.verdict == Verdict::violated     ? tally.violated
       : said.verdict == Verdict::vacuous      ? tally.silent
       : said.verdict == Verdict::inconclusive ? tally.inconclusive
                                               : tally.open);
  }
}

// The robust chain of ref-a6.edit, with other ideas of whom to roll back, and when.
std::string robust(const std::string& when, const std::string& limit) {
  return "file memory.c\nin memory_notify\n  replace call call_listeners by {\n"
         "    answer = call_listeners(action, data, -1, &called);\n    if (" +
         when + ") {\n      int again = 0;\n\n      call_listeners(MEM_FINISH_OFFLINE, data, " + limit +
         ", &again);\n    }\n  }\n";
}

// Other mistakes and other designs, made in the reference model after the change.
std::vector<std::string> variants() {
  const std::string refused = "action == MEM_PREPARE_ONLINE && (answer & NOTIFY_STOP_MASK)";
  const std::string online = "file memory.c\nin memory_block_online\n", walk = "file memory.c\nin call_listeners\n";
  std::vector<std::string> out = {
      robust(refused, "called"),
      robust(refused, "-1"),
      robust(refused, "0"),
      robust("action == MEM_PREPARE_ONLINE", "called - 1"),
      robust("action == MEM_PREPARE_ONLINE", "called"),
      robust("answer & NOTIFY_STOP_MASK", "called - 1"),
      robust("action == MEM_GOING_ONLINE && (answer & NOTIFY_STOP_MASK)", "called - 1"),
      online +
          "  insert { memory_notify(MEM_PREPARE_ONLINE, &arg); } before call memory_notify with MEM_PREPARE_ONLINE\n",
      online +
          "  insert { memory_notify(MEM_FINISH_OFFLINE, &arg); } after call memory_notify with MEM_FINISH_OFFLINE\n",
      online + "  insert { memory_notify(MEM_FINISH_OFFLINE, &arg); } before goto out_notifier\n",
      "file memory.c\nin online_pages\n  replace argument 1 of call memory_notify with MEM_GOING_ONLINE by "
      "\"MEM_GOING_OFFLINE\"\n",
      "file memory.c\nin notifier_to_errno\n  replace body by { return 0; }\n",
      "file memory.c\nin notifier_to_errno\n  replace body by { return answer != NOTIFY_OK ? -EINVAL : 0; }\n",
      "file memory.c\nin memory_notify\n  delete call down_read\n  delete call up_read\n"};
  // Walks that are none: nothing is proved, but what a number breaks is found.
  const std::vector<std::string> walks = {
      "  replace condition of if \"answer & NOTIFY_STOP_MASK\" by \"answer == NOTIFY_BAD\"\n",
      "  replace condition of if \"answer & NOTIFY_STOP_MASK\" by \"0\"\n",
      "  replace condition of loop by \"nb && *called < 2\"\n"};
  for (const std::string& one : walks) out.push_back(walk + one);
  out.push_back(robust(refused, "called - 2"));
  return out;
}

// Every how many-th small mistake in the functions that send notifications or walk over the chain.
std::vector<Subject> mutants(const Subject& base, std::size_t every) {
  std::vector<Subject> out;
  const auto& all = patch::all_mutations();
  c::Program program(base.tree, scenarios::reference_files(), {});
  std::size_t number = 0;
  for (const char* function :
       {"memory_block_online", "memory_block_offline", "online_pages", "offline_pages", "memory_notify"})
    for (const patch::Mutant& mutant : patch::mutants(program, "memory.c", function, {all.begin(), all.end()})) {
      if (number++ % every != 0) continue;
      const auto edit = patch::read_edit(mutant.edit, mutant.id);
      REQUIRE(edit);
      if (auto made = with_edit(base, *edit, "x86_64")) out.push_back(std::move(*made));
    }
  return out;
}

// A random design of notifications: how the walk is written, which answers are rolled back, how far and with what,
// where a refusal leads, and what is forgotten.
std::string random_design(std::mt19937& random) {
  const auto one_of = [&random](const std::vector<std::string>& all) { return all[random() % all.size()]; };
  std::string out = "file memory.c\n";
  const std::string walk = one_of(
      {"",
       "struct notifier_block *nb; int answer = NOTIFY_OK; for (nb = memory_chain; nb && most; nb = nb->next, most--) {"
       " answer = nb->notifier_call(nb, action, data); *called += 1; if (answer & NOTIFY_STOP_MASK) return answer; } "
       "return answer;",
       "struct notifier_block *nb = memory_chain, *next; int answer = NOTIFY_OK; again: if (!nb || !most) goto out; "
       "next = nb->next;"
       " *called += 1; answer = nb->notifier_call(nb, action, data); most -= 1; nb = next; if (!(answer & "
       "NOTIFY_STOP_MASK)) goto again;"
       " out: return answer;"});
  if (!walk.empty()) out += "in call_listeners\n  replace body by { " + walk + " }\n";
  const std::string rolled_back = one_of({"", "MEM_PREPARE_ONLINE", "MEM_GOING_ONLINE", "MEM_GOING_OFFLINE"});
  if (!rolled_back.empty())
    out +=
        "in memory_notify\n  replace call call_listeners by { answer = call_listeners(action, data, -1, &called); if "
        "(action == " +
        rolled_back + one_of({" && (answer & NOTIFY_STOP_MASK)", ""}) + ") { int again = 0; call_listeners(" +
        one_of({"MEM_FINISH_OFFLINE", "MEM_FINISH_OFFLINE", "MEM_CANCEL_ONLINE", "MEM_GOING_OFFLINE",
                "MEM_PREPARE_ONLINE"}) +
        ", data, " + one_of({"called - 1", "called - 1", "called", "-1"}) + ", &again); } }\n";
  out += "in memory_block_online\n" +
         one_of({"", "", "  send goto out_notifier to out\n", "  delete call memory_notify with MEM_FINISH_OFFLINE\n"});
  out += "in memory_block_offline\n" + one_of({"", "", "", "  delete call memory_notify with MEM_FINISH_OFFLINE\n"});
  out += "in online_pages\n" + one_of({"", "", "", "  delete call memory_notify with MEM_CANCEL_ONLINE\n"});
  return out;
}

const Args any = {"--listeners", "any"};

}  // namespace

TEST_CASE("two listeners are the least that the change breaks; a robust chain serves any number") {
  for (const char* architecture : {"x86_64", "s390x"}) {
    const Args reference = Args{"check", "--arch", architecture} + any;
    const Json broken = property(expect(reference, {{"prepare-has-finish", "violated"}}), "prepare-has-finish");
    CHECK(broken["listeners"]["breaks_with"] == 2);
    CHECK(broken["listeners"]["least"] == true);
    CHECK(broken["latent"] == true);
    CHECK(has_event(broken, "notified", {"", "1", "MEM_PREPARE_ONLINE", "", "NOTIFY_BAD"}));
    const std::map<std::string, std::string> both = {{"prepare-has-finish", "proved"},
                                                     {"finish-needs-prepare", "proved"}};
    const Json robust = expect(reference + edit("ref-a6.edit"), both);
    for (const auto& [id, verdict] : both) CHECK(property(robust, id)["listeners"]["any"] == true);
    CHECK(property(expect(reference, {{"going-answered", "proved"}}), "going-answered")["listeners"]["any"] == true);
    const Json stopped = expect(reference + edit("ref-a6.edit") + Args{"--stop"}, {{"prepare-has-finish", "violated"}});
    CHECK(property(stopped, "prepare-has-finish")["listeners"]["breaks_with"] == 2);
  }
  const Json loose = expect(Args{"check", "--arch", "x86_64", "--registrars", "1"} + any + edit("ref-a6.edit"),
                            {{"prepare-has-finish", "violated"}});
  CHECK(property(loose, "prepare-has-finish")["listeners"]["breaks_with"] == 1);
}

TEST_CASE("the answer says in words for how many listeners it is") {
  const Ran ran = run_program({"check", "--arch", "x86_64", "--listeners", "any", "--property", "prepare-has-finish",
                               "--property", "going-answered"});
  CHECK(ran.out.find("It breaks with 2 listeners, not with fewer.") != std::string::npos);
  CHECK(ran.out.find("any number of ideal listeners") != std::string::npos);
  CHECK(ran.out.find("proved          proved                     any number of listeners") != std::string::npos);
  CHECK(ran.out.find("chains of 0, 1 and 2 ideal listener(s) were checked by themselves") != std::string::npos);
}

TEST_CASE("on kernel trees: the least number, and s390's own listener behind any number of others") {
  if (const auto folder = kernel("6.12")) {
    const Args tree = {"check", "--tree", *folder};
    const std::map<std::string, std::string> expected = {
        {"prepare-has-finish", "violated"}, {"going-answered", "proved"}, {"lock-balance", "proved"}};
    const Json x86 = expect(tree + any, expected);
    CHECK(property(x86, "prepare-has-finish")["listeners"]["breaks_with"] == 2);
    CHECK(property(x86, "going-answered")["listeners"]["any"] == true);
    const Json s390 = expect(tree + Args{"--arch", "s390x"} + any, expected);
    CHECK(property(s390, "prepare-has-finish")["listeners"]["breaks_with"] == 1);  // and the tree's own
    CHECK(property(s390, "going-answered")["listeners"]["any"] == true);
    const Json core = ask(tree + any + Args{"--real-listeners", "--property", "going-answered"}, 4);
    CHECK(verdict(core, "going-answered") == "not-understood");
  }
  if (const auto folder = kernel("6.1")) {
    const Json old = expect(Args{"check", "--tree", *folder} + any, {{"going-answered", "proved"}});
    CHECK(property(old, "going-answered")["listeners"]["any"] == true);
  }
}

TEST_CASE("what is said for any number is what every small number says: the answers known beforehand") {
  const Subject after = reference_after();
  const Properties properties = all_properties();
  Tally tally;
  for (const char* architecture : {"x86_64", "s390x"}) {
    Settings settings = settings_for(architecture);
    compare(reference_before(), settings, properties, tally);
    for (const char* name : {"", "ref-a5.edit", "ref-a6.edit", "ref-a7.edit", "ref-a8.edit"})
      compare(*name == '\0' ? after : edited_by_file(after, name), settings, properties, tally);
    settings.stop = true;
    compare(edited_by_file(after, "ref-a6.edit"), settings, properties, tally);
    settings.stop = false;
    settings.registrars = 1;
    compare(edited_by_file(after, "ref-a6.edit"), settings, properties, tally);
    settings.registrars = 0;
    settings.boot = true;
    compare(after, settings, properties, tally);
  }
  CHECK(tally.open + tally.inconclusive == 0);
  CHECK(tally.proved > 200);
  CHECK(tally.later >= 6);
}

TEST_CASE("what is said for any number is what every small number says: other mistakes and designs") {
  const Subject after = reference_after();
  const Properties properties = all_properties();
  Tally tally;
  for (const std::string& variant : variants()) {
    CAPTURE(variant);
    compare(edited(after, variant), settings_for("x86_64"), properties, tally);
  }
  CHECK(tally.proved > 150);
  CHECK(tally.violated > 10);
  CHECK(tally.later > 5);
  CHECK(tally.open > 20);  // the walks that are none
  CHECK(tally.inconclusive == 0);
}

TEST_CASE("what is said for any number is what every small number says: small mistakes") {
  const Properties properties = all_properties();
  Tally tally;
  for (const char* architecture : {"x86_64", "s390x"}) {
    Settings settings = settings_for(architecture);
    settings.time_limit = 5;  // a mistake in counting pages may make a model without an end
    const bool robust = settings.architecture == "s390x";
    const Subject base = robust ? edited_by_file(reference_after(), "ref-a6.edit") : reference_after();
    for (const Subject& mutant : mutants(base, 11)) compare(mutant, settings, properties, tally);
  }
  CHECK(tally.proved > 100);
  CHECK(tally.violated > 10);
  CHECK(tally.inconclusive == 0);
  CHECK(3 * tally.proved > 5 * tally.open);  // a count that is used after two walks
}

TEST_CASE("what is said for any number is what every small number says: random designs") {
  const char* more = std::getenv("HOTPROOF_RANDOM_DESIGNS");
  const unsigned count = more != nullptr ? static_cast<unsigned>(std::atoi(more)) : 12;
  const Subject after = reference_after();
  const Properties properties = all_properties();
  std::mt19937 random(20);
  Tally tally;
  for (unsigned i = 0; i < count; ++i) {
    const std::string design = random_design(random);
    CAPTURE(design);
    Settings settings = settings_for(random() % 3 == 0 ? "s390x" : "x86_64");
    settings.stop = random() % 3 == 0;
    compare(edited(after, design), settings, properties, tally);
  }
  CHECK(tally.proved > 5 * count);
  CHECK(tally.violated > count / 2);
  CHECK(tally.open + tally.inconclusive == 0);
}

TEST_CASE("a rule that counts listeners is not one for any number") {
  Settings settings = settings_for("x86_64");
  const auto rules = spec::parse(
      "property second { says \"s\"; origin \"o\"; confidence high; rule { on notified(_, 1, MEM_PREPARE_ONLINE, _, "
      "answer) "
      "when answer == 99: error \"e\"; } } property third { says \"s\"; origin \"o\"; confidence high; "
      "rule { on notified(_, 2, MEM_PREPARE_ONLINE, _, _): error \"e\"; } }",
      "counts.spec");
  REQUIRE(rules);
  const auto checked = check(reference_after(), settings, *rules);
  REQUIRE(checked);
  CHECK(checked->report.properties[0].verdict == Verdict::not_understood);
  CHECK(checked->report.properties[0].reason ==
        "for any number of listeners it is not understood: it names a listener by its number");
  CHECK(checked->report.properties[1].verdict == Verdict::violated);
  CHECK(checked->report.properties[1].listeners->breaks_with == 3U);
}

TEST_CASE("commands that look at one model take a number") {
  CHECK(run_program({"model", "--listeners", "any"}).exit == 2);
  CHECK(run_program({"check", "--listeners", "5"}).exit == 2);
  CHECK(run_program({"check", "--listeners", "many"}).exit == 2);
}
