#include "counterexamples/repro/reproducer.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "counterexamples/repro/parts.hpp"

using namespace hotproof;
using namespace hotproof::counterexamples;
using namespace hotproof::repro;
namespace fs = std::filesystem;

namespace {

TraceStep step(TraceEvent event, std::uint32_t faults = 0, std::string text = "x") {
  TraceStep out;
  out.actor = "worker0";
  out.file = "a.c";
  out.line = 3;
  out.function = "f";
  out.text = std::move(text);
  out.events = {std::move(event)};
  out.faults = faults;
  return out;
}

TraceEvent notified(std::int64_t listener, const char* action, std::int64_t answer) {
  return {
      "notified", {0, listener, 9, 0, answer}, {"worker0", "", action, "0", answer == 1 ? "NOTIFY_OK" : "NOTIFY_BAD"}};
}
TraceEvent notify(const char* action) {
  return {"notify", {0, 9, 0}, {"worker0", action, "0"}};
}
TraceEvent request(std::int64_t what) {
  return {"request", {0, 0, what}, {}};
}
TraceEvent returned(std::int64_t result) {
  return {"returned", {0, 0, 1, result}, {}};
}

PropertyReport report_of(const char* id, std::vector<TraceStep> steps) {
  PropertyReport out;
  out.id = id;
  out.says = "a sentence";
  out.verdict = checker::Verdict::violated;
  Trace& trace = out.trace.emplace();
  trace.actors = {"worker0", "reader0"};
  trace.listeners = {"listener 0", "listener 1", "sclp_mem_notifier"};
  trace.steps = std::move(steps);
  count(trace);
  return out;
}

// The known finding: the second listener refuses, the first is never told.
PropertyReport prepare_refused() {
  return report_of("prepare-has-finish",
                   {step(request(1)), step(notify("MEM_PREPARE_ONLINE")), step(notified(0, "MEM_PREPARE_ONLINE", 1)),
                    step(notified(1, "MEM_PREPARE_ONLINE", 0x8002), 1), step({"unlock", {0, 1, 1, 1}, {}})});
}
PropertyReport going_refused() {
  return report_of("going-answered",
                   {step(request(0)), step(notify("MEM_GOING_OFFLINE")), step(notified(0, "MEM_GOING_OFFLINE", 1)),
                    step(notified(1, "MEM_GOING_OFFLINE", 0x8002), 1), step(returned(-1))});
}
PropertyReport only_listener_refuses() {
  return report_of("going-answered", {step(request(1)), step(notify("MEM_GOING_ONLINE")),
                                      step(notified(0, "MEM_GOING_ONLINE", 0x8002), 1), step(returned(-1))});
}
PropertyReport hypervisor() {
  return report_of("failed-prepare-leaves-nothing",
                   {step(request(1)), step({"x", {}, {}}, 1, "f(): the hypervisor refuses an increment")});
}

const spec::SpecProperty* rule(const std::string& id) {
  static const auto library = spec::library();
  REQUIRE(library.has_value());
  for (const spec::SpecProperty& property : *library)
    if (property.id == id) return &property;
  return nullptr;
}

std::map<std::string, File> files_of(const PropertyReport& property) {
  const render::RunView run{&property, "a tree", "t", "s390x", "s", nullptr};
  return reproducer(run, rule(property.id), {"1.0", "2024-05-01T12:00:00Z", false});
}

Plan plan(const PropertyReport& property) {
  const render::RunView run{&property, "a tree", "t", "s390x", "s", nullptr};
  return plan_of(run, rule(property.id));
}

fs::path written(const PropertyReport& property, const std::string& name) {
  const fs::path folder = fs::path(HOTPROOF_BUILD_DIR) / "repro" / name;
  fs::remove_all(folder);
  for (const auto& [path, file] : files_of(property)) {
    fs::create_directories((folder / path).parent_path());
    std::ofstream(folder / path) << file.text;
    if (file.executable) fs::permissions(folder / path, fs::perms::owner_all);
  }
  return folder;
}

struct Ran {
  int exit = 0;
  std::string out;
};
Ran shell(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  Ran ran;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    ran.out.append(buffer.data(), n);
  const int status = pclose(pipe);
  ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  return ran;
}
bool has(const char* program) {
  return shell(std::string("command -v ") + program).exit == 0;
}
std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

// A kernel made of files: programs of the test stand for insmod and its kin, and write what the kernel would.
struct FakeKernel {
  fs::path root;
  FakeKernel(const std::string& name, const std::string& state, const std::string& heard)
      : root(fs::path(HOTPROOF_BUILD_DIR) / "repro" / ("kernel-" + name)) {
    fs::remove_all(root);
    const fs::path block = root / "sys/devices/system/memory/memory7";
    fs::create_directories(block);
    fs::create_directories(root / "sys/kernel/debug/here");
    fs::create_directories(root / "bin");
    std::ofstream(block / "state") << state << "\n";
    std::ofstream(block / "removable") << "1\n";
    std::ofstream(root / "heard") << heard;
    program("id", "echo 0");
    std::ofstream(root / "config")
        << "CONFIG_MEMORY_HOTPLUG=y\nCONFIG_MEMORY_HOTREMOVE=y\nCONFIG_DEBUG_FS=y\nCONFIG_MODULES=y\n"
           "CONFIG_MEMORY_NOTIFIER_ERROR_INJECT=m\n";
    // A refused request leaves the block as it is: "stays" is what it then is.
    program("cat", "case \"$1\" in */state) [ -f " + quoted(root / "stays") + " ] && exec /bin/cat " +
                       quoted(root / "stays") + ";; esac\nexec /bin/cat \"$@\"");
    program("insmod",
            "mkdir -p \"$SYS/module/hotproof_repro/parameters\" \"$SYS/kernel/debug/hotproof_repro\"\n"
            "echo 0 >\"$SYS/module/hotproof_repro/parameters/armed\"\ncp " +
                quoted(root / "heard") + " \"$SYS/kernel/debug/hotproof_repro/heard\"");
    program("modprobe", "echo \"$*\" >" + quoted(root / "modprobe") +
                            "\nd=\"$SYS/kernel/debug/notifier-error-inject/memory/actions\"\n"
                            "mkdir -p \"$d/MEM_GOING_ONLINE\" \"$d/MEM_GOING_OFFLINE\"\necho 0 "
                            ">\"$d/MEM_GOING_ONLINE/error\"\necho 0 >\"$d/MEM_GOING_OFFLINE/error\"");
    program("rmmod", "echo \"$1\" >>" + quoted(root / "removed") + "\nrm -rf \"$SYS/module/hotproof_repro\"");
  }
  void program(const std::string& name, const std::string& text) const {
    std::ofstream(root / "bin" / name) << "#!/bin/sh\n" << text << "\n";
    fs::permissions(root / "bin" / name, fs::perms::owner_all);
  }
  Ran run(const fs::path& folder) const {
    std::ofstream(folder / "module/hotproof_repro.ko") << "";
    return shell("CONFIG=" + quoted(root / "config") + " SYS=" + quoted(root / "sys") +
                 " PATH=" + quoted(root / "bin") + ":$PATH " + quoted(folder / "run.sh"));
  }
  std::string text(const std::string& path) const {
    std::ifstream in(root / path);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
  }
};

// What the automaton in the DOT text does with a sequence of its events: true until one has no edge.
bool accepts(const std::string& dot, const std::vector<std::string>& events) {
  std::map<std::pair<std::string, std::string>, std::string> edges;
  std::string state;
  std::smatch m;
  std::istringstream in(dot);
  for (std::string line; std::getline(in, line);) {
    if (std::regex_search(line, m, std::regex("^\t\"__init_(\\w+)\" -> \"(\\w+)\";"))) state = m[2];
    if (std::regex_search(line, m, std::regex("^\t\"(\\w+)\" -> \"(\\w+)\" \\[ label = \"(\\w+)\" \\];"))) {
      REQUIRE_FALSE(edges.contains({m[1], m[3]}));  // deterministic
      edges[{m[1], m[3]}] = m[2];
    }
  }
  REQUIRE_FALSE(state.empty());
  for (const std::string& event : events) {
    const auto next = edges.find({state, event});
    if (next == edges.end()) return false;
    state = next->second;
  }
  return true;
}

}  // namespace

TEST_CASE("repro: what can be reproduced, by which means, and what not") {
  const Plan prepare = plan(prepare_refused());
  CHECK(prepare.possible());
  CHECK(prepare.listeners == std::vector<std::int64_t>{0, 1});
  CHECK_FALSE(prepare.injected.has_value());  // error injection does not reach MEM_PREPARE_ONLINE
  CHECK(prepare.unseen == "");
  CHECK(prepare.to_the_end);
  CHECK(prepare.priority(0) > prepare.priority(1));
  CHECK(expected_log(prepare) == "0 MEM_PREPARE_ONLINE 0x1\n1 MEM_PREPARE_ONLINE 0x8002\n");

  const Plan going = plan(going_refused());
  CHECK(going.injected == 1);
  CHECK(going.listeners == std::vector<std::int64_t>{0});
  CHECK(expected_log(going) == "0 MEM_GOING_OFFLINE 0x1\n");
  CHECK(going.requests[0].result == -1);

  const Plan alone = plan(only_listener_refuses());
  CHECK(needs_observer(alone));
  CHECK(expected_log(alone) == "99 MEM_GOING_ONLINE 0x1\n");

  const Plan impossible = plan(hypervisor());
  REQUIRE(impossible.obstacles.size() == 1);
  CHECK(impossible.obstacles[0].find("hypervisor") != std::string::npos);
  CHECK(impossible.unseen.find("partly-accessible") != std::string::npos);

  PropertyReport two = prepare_refused();
  two.trace->steps[1].actor = "reader0";
  CHECK_FALSE(plan(two).possible());
  PropertyReport own = prepare_refused();
  own.trace->steps[3].events = {notified(2, "MEM_PREPARE_ONLINE", 0x8002)};
  CHECK(plan(own).obstacles[0].find("the kernel's own") != std::string::npos);
  PropertyReport removes = prepare_refused();
  removes.trace->steps[0].events = {request(3)};
  CHECK_FALSE(plan(removes).possible());
  PropertyReport added = prepare_refused();
  added.trace->steps.insert(added.trace->steps.begin(), {step(request(2)), step(returned(0))});
  CHECK(plan(added).possible());  // a block that is there stands for one that was added
}

TEST_CASE("repro: the script says with its exit status whether the run was reproduced, and puts everything back") {
  const fs::path folder = written(prepare_refused(), "prepare");
  const FakeKernel same("same", "offline", "0 MEM_PREPARE_ONLINE 0x1\n1 MEM_PREPARE_ONLINE 0x8002\n");
  std::ofstream(same.root / "stays") << "offline\n";
  const Ran yes = same.run(folder);
  CHECK_MESSAGE(yes.exit == 0, yes.out);
  CHECK(yes.out.starts_with("KTAP version 1\n1..3\n"));
  CHECK(yes.out.find("\nok 2 ") != std::string::npos);
  CHECK(yes.out.find("\nok 3 the block is left offline\n") != std::string::npos);
  CHECK(same.text("removed") == "hotproof_repro\n");

  // A kernel that keeps the promise tells the first listener.
  const FakeKernel mended("mended", "offline",
                          "0 MEM_PREPARE_ONLINE 0x1\n1 MEM_PREPARE_ONLINE 0x8002\n0 MEM_FINISH_OFFLINE 0x1\n");
  std::ofstream(mended.root / "stays") << "offline\n";
  const Ran no = mended.run(folder);
  CHECK_MESSAGE(no.exit == 1, no.out);
  CHECK(no.out.find("\nnot ok 2 ") != std::string::npos);

  // Told the same, but the block comes online: then nobody is owed MEM_FINISH_OFFLINE.
  const FakeKernel goes("goes", "offline", "0 MEM_PREPARE_ONLINE 0x1\n1 MEM_PREPARE_ONLINE 0x8002\n");
  const Ran other = goes.run(folder);
  CHECK_MESSAGE(other.exit == 1, other.out);
  CHECK(other.out.find("\nnot ok 3 the block is left offline\n") != std::string::npos);
  CHECK(goes.text("sys/devices/system/memory/memory7/state") == "offline\n");

  const FakeKernel online("online", "online", "");
  const Ran skipped = online.run(folder);
  CHECK(skipped.exit == 4);
  CHECK(skipped.out.find("# SKIP no memory block is offline") != std::string::npos);
}

TEST_CASE("repro: error injection is armed for the request alone") {
  const fs::path folder = written(going_refused(), "going");
  const FakeKernel kernel("inject", "online", "0 MEM_GOING_OFFLINE 0x1\n");
  const Ran ran = kernel.run(folder);
  CHECK_MESSAGE(ran.exit == 1, ran.out);  // this kernel grants what the run's refuses
  CHECK(ran.out.find("not ok 1 asked for offline: works, in the run it fails") != std::string::npos);
  CHECK(kernel.text("modprobe") == "memory-notifier-error-inject priority=1\n");
  CHECK(kernel.text("sys/kernel/debug/notifier-error-inject/memory/actions/MEM_GOING_OFFLINE/error") == "0\n");
  CHECK(kernel.text("removed") == "hotproof_repro\nmemory-notifier-error-inject\n");
  CHECK(kernel.text("sys/devices/system/memory/memory7/state") == "online\n");
}

TEST_CASE("repro: a run that no kernel takes on purpose is skipped with the reason") {
  const Ran ran = shell(quoted(written(hypervisor(), "hypervisor") / "run.sh"));
  CHECK(ran.exit == 4);
  CHECK(ran.out.find("KTAP version 1\n1..1\n") == 0);
  CHECK(ran.out.find("ok 1 hotproof_repro # SKIP 'the hypervisor refuses an increment'") != std::string::npos);
}

TEST_CASE("repro: the automaton does what the rule says") {
  const Automaton going = automaton_of(rule("going-answered"), Trace{});
  REQUIRE(going.from_rule);
  CHECK_FALSE(going.dot.empty());
  std::string online, answered, released;
  for (const auto& [name, meaning] : going.events) {
    if (meaning == "notify(_, MEM_GOING_ONLINE, b)") online = name;
    if (meaning == "notify(_, MEM_ONLINE | MEM_CANCEL_ONLINE, b)") answered = name;
    if (meaning.starts_with("unlock(")) released = name;
  }
  CHECK(accepts(going.dot, {online, answered, released, online, answered}));
  CHECK_FALSE(accepts(going.dot, {online, released}));            // not answered
  CHECK_FALSE(accepts(going.dot, {online, answered, answered}));  // answered twice
  CHECK(accepts(going.dot, {released, released}));

  const Automaton prepare = automaton_of(rule("prepare-has-finish"), Trace{});
  std::string told, finished, kept, broken;
  for (const auto& [name, meaning] : prepare.events) {
    if (meaning.starts_with("notified(_, l, MEM_PREPARE_ONLINE")) told = name;
    if (meaning.starts_with("notified(_, l, MEM_FINISH_OFFLINE")) finished = name;
    if (name.starts_with("unlock") && name.ends_with("_kept")) kept = name;
    if (name.starts_with("unlock") && name.ends_with("_broken")) broken = name;
  }
  CHECK(accepts(prepare.dot, {told, kept, told, finished, kept}));
  CHECK_FALSE(accepts(prepare.dot, {told, broken}));
  CHECK_FALSE(accepts(prepare.dot, {told, finished, finished}));

  const Automaton run = automaton_of(rule("no-deadlock"), *prepare_refused().trace);
  CHECK_FALSE(run.from_rule);
  CHECK(accepts(run.dot, {"request_1", "notify_MEM_PREPARE_ONLINE", "listener_0_MEM_PREPARE_ONLINE_NOTIFY_OK"}));
  CHECK_FALSE(accepts(run.dot, {"request_1", "notify_MEM_PREPARE_ONLINE", "listener_0_MEM_PREPARE_ONLINE_NOTIFY_OK",
                                "listener_1_MEM_PREPARE_ONLINE_NOTIFY_BAD"}));
}

TEST_CASE("repro: every rule of the library has a deterministic automaton") {
  const auto library = spec::library();
  REQUIRE(library.has_value());
  for (const spec::SpecProperty& property : *library) {
    CAPTURE(property.id);
    const Automaton automaton = automaton_of(&property, *prepare_refused().trace);
    accepts(automaton.dot, {});
    for (const auto& [name, meaning] : automaton.events) CHECK(std::regex_match(name, std::regex("[A-Za-z]\\w*")));
  }
}

TEST_CASE("repro: scripts pass shellcheck, whatever the run's texts are") {
  const bool there = has("shellcheck");
  if (!there) MESSAGE("skipped: shellcheck is not installed");
  int number = 0;
  for (PropertyReport property : {prepare_refused(), going_refused(), only_listener_refuses(), hypervisor()}) {
    for (const char* bad :
         {"a sentence", "'; touch /tmp/x; echo '", "$(id) `id` \\ \" %s \n#\x1b[2J*/ evil /*", "END\n"}) {
      property.says = property.reason = bad;
      property.latent_needs = bad;
      for (TraceStep& each : property.trace->steps)
        if (each.faults > 0 && each.events[0].name == "x") each.text = std::string("f(): the hypervisor ") + bad;
      const fs::path folder = written(property, "checked-" + std::to_string(number++));
      for (const char* script : {"run.sh", "qemu.sh"}) {
        const Ran syntax = shell("sh -n " + quoted(folder / script));
        CHECK_MESSAGE(syntax.exit == 0, syntax.out);
        if (!there) continue;
        const Ran ran = shell("shellcheck -x " + quoted(folder / script));
        CHECK_MESSAGE(ran.exit == 0, ran.out);
      }
    }
  }
}

TEST_CASE("repro: the module compiles against the kernel's headers") {
  fs::path headers;
  if (fs::is_directory("/lib/modules"))
    for (const auto& entry : fs::directory_iterator("/lib/modules"))
      if (fs::exists(entry.path() / "build/Makefile")) headers = entry.path() / "build";
  if (headers.empty() || !has("make")) {
    MESSAGE("skipped: no kernel headers are installed (linux-headers-amd64)");
    return;
  }
  int number = 0;
  for (const PropertyReport& property : {prepare_refused(), going_refused(), only_listener_refuses()}) {
    const fs::path folder = written(property, "module-" + std::to_string(number++)) / "module";
    const Ran ran = shell("make -C " + quoted(folder) + " KDIR=" + quoted(headers) + " KCFLAGS=-Werror");
    CHECK_MESSAGE(ran.exit == 0, ran.out);
    CHECK(fs::exists(folder / "hotproof_repro.ko"));
  }
}
