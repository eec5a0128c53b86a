// Each property of the library on systems that keep it and on systems that break it.
#include "specs/lang/test_story.hpp"

using namespace hotproof;
using namespace hotproof::spec::test;

namespace {

constexpr std::int64_t online = 0, going_offline = 1, offline = 2, going_online = 3, cancel_online = 4,
                       cancel_offline = 5, prepare = 6, finish = 7;
constexpr std::int64_t initialise = 0, reads = 1, writes = 2, poison = 3, teardown = 4;

spec::SpecProperty core(const std::string& id) {
  const auto library = spec::library();
  REQUIRE(library.has_value());
  const auto one = spec::select(*library, std::vector<std::string>{id});
  if (!one) FAIL(to_string(one.error()));
  return one->at(0);
}

void keeps(const std::string& id, const Story& story) {
  const Judged judged = judge(story.system(), core(id));
  CAPTURE(id);
  CHECK(judged.applies);
  CHECK(judged.triggered);
  CHECK_FALSE(judged.found);
}
void breaks(const std::string& id, const Story& story, std::uint32_t depth) {
  const Judged judged = judge(story.system(), core(id));
  CAPTURE(id);
  CHECK(judged.applies);
  CHECK(judged.triggered);
  REQUIRE(judged.found);
  CHECK(judged.depth == depth);
}

// An operation of one actor on block 0 in the tree's shape: under device_hotplug_lock, returning behind it.
template <class Body>
Story operation(const Body& body, Shape shape = {}) {
  Story story(shape);
  story.lock("device_hotplug_lock");
  body(story);
  return story.unlock("device_hotplug_lock").event("returned", {0, 1, 0});
}

Story told(Story story, std::int64_t listener, std::int64_t action, std::int64_t answer = notify_ok) {
  return story.event("notified", {listener, action, 0, answer});
}

}  // namespace

TEST_CASE("memmap-after-accessible") {
  const std::string id = "memmap-after-accessible";
  keeps(id, Story().set("block[0].accessible", 1).event("memmap", {0, initialise}));
  keeps(id, Story({.altmap = false}).event("memmap", {0, initialise}));
  for (const std::int64_t how : {initialise, reads, writes, poison}) breaks(id, Story().event("memmap", {0, how}), 1);
  // Tearing down touches nothing; then the trigger is not reached either.
  CHECK_FALSE(judge(Story().event("memmap", {0, teardown}).system(), core(id)).triggered);
  breaks(id, Story().set("block[0].accessible", 1).set("block[0].accessible", 0).event("memmap", {0, reads}), 3);
  // The other block is accessible; this one is not.
  breaks(id, Story({.blocks = 2}).set("block[0].accessible", 1).event("memmap", {1, writes}), 2);
  // A reader that comes at the wrong time.
  breaks(id,
         Story({.actors = 2})
             .set("block[0].accessible", 1)
             .set("block[0].accessible", 0)
             .by(1)
             .event("memmap", {0, reads}),
         1);
}

TEST_CASE("accessible-until-finish") {
  const std::string id = "accessible-until-finish";
  const auto ready = [](Shape shape = {}) {
    return Story(shape).set("block[0].accessible", 1).set("block[0].memmap", 2);
  };
  keeps(id, ready().set("block[0].memmap", 1).event("accessible", {0, 0}));
  // Where the memmap lies elsewhere, and while memory turns accessible, there is nothing to judge.
  for (const Judged& judged : {judge(ready({.altmap = false}).event("accessible", {0, 0}).system(), core(id)),
                               judge(ready().event("accessible", {0, 1}).system(), core(id))}) {
    CHECK(judged.applies);
    CHECK_FALSE(judged.triggered);
    CHECK_FALSE(judged.found);
  }
  // The second of three increments is switched on: not yet accessible, but not turned inaccessible either.
  keeps(id, Story().set("block[0].memmap", 2).event("accessible", {0, 0}));
  breaks(id, ready().event("accessible", {0, 0}), 3);
  breaks(id, ready().event_and_set("accessible", {0, 0}, "block[0].memmap", 0), 3);
}

TEST_CASE("memmap-under-hotplug-lock") {
  const std::string id = "memmap-under-hotplug-lock";
  keeps(id, Story()
                .lock("mem_hotplug_lock")
                .event("memmap", {0, initialise})
                .event("span", {0})
                .event("present", {0})
                .unlock("mem_hotplug_lock")
                .event("memmap", {0, reads}));
  breaks(id, Story().event("memmap", {0, initialise}), 1);
  breaks(id, Story().lock("device_hotplug_lock").event("span", {0}), 2);
  breaks(id, Story().lock("mem_hotplug_lock").unlock("mem_hotplug_lock").event("present", {0}), 3);
  breaks(id, Story().event("memmap", {0, teardown}), 1);
  // Somebody else holds it.
  breaks(id, Story({.actors = 2}).lock("mem_hotplug_lock").by(1).event("present", {0}), 1);
}

TEST_CASE("prepare-has-finish") {
  const std::string id = "prepare-has-finish";
  keeps(id, operation([](Story& s) { s = told(s, 0, prepare).set("mem[0].state", online); }));
  keeps(id, operation([](Story& s) { s = told(told(s, 0, prepare), 0, finish); }));
  // Refused: nothing to finish. An answer with an error number refuses too; NOTIFY_STOP accepts.
  for (const std::int64_t answer : {notify_bad, notify_eio}) {
    const Judged judged = judge(operation([&](Story& s) { s = told(s, 0, prepare, answer); }).system(), core(id));
    CHECK_FALSE(judged.found);
    CHECK_FALSE(judged.triggered);
  }
  for (const std::int64_t answer : {std::int64_t{0}, notify_ok, notify_stop})
    breaks(id, operation([&](Story& s) { s = told(s, 0, prepare, answer); }), 3);
  breaks(id, operation([](Story& s) { s = told(told(told(s, 0, prepare), 0, finish), 0, finish); }), 4);
  breaks(id, operation([](Story& s) { s = told(told(s, 0, prepare).set("mem[0].state", online), 0, finish); }), 5);
  // The first of two listeners is forgotten when the second refuses.
  breaks(id, operation([](Story& s) { s = told(told(s, 0, prepare), 1, prepare, notify_bad); }, {.listeners = 2}), 4);
  // Online first; then an offline operation that sends nothing.
  Story later = operation([](Story& s) { s = told(s, 0, prepare).set("mem[0].state", online); });
  keeps(id, later.lock("device_hotplug_lock")
                .set("mem[0].state", going_offline)
                .set("mem[0].state", online)
                .unlock("device_hotplug_lock")
                .event("returned", {0, 0, -16}));
  later.lock("device_hotplug_lock").set("mem[0].state", offline);
  breaks(id, later.unlock("device_hotplug_lock"), 13);
  // Without the lock the return is what judges.
  breaks(id, told(Story(), 0, prepare).event("returned", {0, 1, -16}), 2);
}

TEST_CASE("prepare-has-finish does not judge one actor's operation when another one returns") {
  Story story = operation([](Story& s) { s = told(told(s, 0, prepare), 0, finish); }, {.actors = 2});
  story.by(1).event("request", {0, 0}).event("returned", {0, 0, -16});
  keeps("prepare-has-finish", story);
  Story good = operation([](Story& s) { s = told(s, 0, prepare).set("mem[0].state", online); }, {.actors = 2});
  good.by(1).lock("device_hotplug_lock").unlock("device_hotplug_lock").event("returned", {0, 0, -16});
  keeps("prepare-has-finish", good);
}

TEST_CASE("finish-needs-prepare") {
  const std::string id = "finish-needs-prepare";
  keeps(id, told(told(Story(), 0, prepare), 0, finish));
  keeps(id, told(Story({.boot = true}), 0, finish));
  breaks(id, told(Story(), 0, finish), 1);
  breaks(id, told(told(Story(), 0, prepare, notify_bad), 0, finish), 2);
  breaks(id, told(told(told(Story(), 0, prepare), 0, finish), 0, finish), 3);
  // The exemption is for the first time only.
  breaks(id, told(told(Story({.boot = true}), 0, finish), 0, finish), 2);
  breaks(id, told(told(Story({.boot = true}), 0, prepare, notify_eio), 0, finish), 2);
  breaks(id, told(told(Story({.listeners = 2}), 0, prepare), 1, finish), 2);
}

TEST_CASE("prepare-under-hotplug-lock") {
  const std::string id = "prepare-under-hotplug-lock";
  const auto locked = [](std::int64_t action) {
    Story story = told(Story({.actors = 2}).lock("mem_hotplug_lock"), 0, action);
    return story.unlock("mem_hotplug_lock");
  };
  for (const std::int64_t action : {prepare, finish}) {
    keeps(id, locked(action));
    breaks(id, told(Story(), 0, action), 1);
    breaks(id, told(locked(action), 0, action), 4);
    breaks(id, told(Story({.actors = 2}).lock("mem_hotplug_lock").by(1), 0, action), 1);
  }
  CHECK_FALSE(judge(told(Story(), 0, going_online).system(), core(id)).triggered);
}

TEST_CASE("failed-prepare-leaves-nothing") {
  const std::string id = "failed-prepare-leaves-nothing";
  const auto touch = [](Story& s, std::uint64_t value) {
    s.event("partly-accessible", {0, std::int64_t(value)}).set("block[0].some", value);
  };
  const auto call = [](Story& s) { s.event("notify", {prepare, 0}); };
  keeps(id, operation([&](Story& s) { call(s), s = told(s, 0, prepare, notify_bad); }));
  keeps(id, operation([&](Story& s) { call(s), touch(s, 1), touch(s, 0), s = told(s, 0, prepare, notify_bad); }));
  // Undone after the answer, in the same operation.
  keeps(id, operation([&](Story& s) { call(s), touch(s, 1), s = told(s, 0, prepare, notify_bad), touch(s, 0); }));
  breaks(id, operation([&](Story& s) { call(s), touch(s, 1), s = told(s, 0, prepare, notify_bad); }), 6);
  breaks(id, operation([&](Story& s) { call(s), touch(s, 1), s = told(s, 0, prepare, notify_eio); }), 6);
  // The first listener made the block accessible and accepted; the second refused and touched nothing.
  keeps(id, operation([&](Story& s) { call(s), touch(s, 1), s = told(told(s, 0, prepare), 1, prepare, notify_bad); },
                      {.listeners = 2}));
  breaks(
      id,
      operation([&](Story& s) { call(s), s = told(s, 0, prepare), touch(s, 1), s = told(s, 1, prepare, notify_bad); },
                {.listeners = 2}),
      7);
}

TEST_CASE("going-answered") {
  const std::string id = "going-answered";
  const auto sends = [](const std::vector<std::int64_t>& actions) {
    return operation([&](Story& s) {
      for (const std::int64_t action : actions) s.event("notify", {action, 0});
    });
  };
  for (const auto& good : std::vector<std::vector<std::int64_t>>{{going_online, online},
                                                                 {going_online, cancel_online},
                                                                 {going_offline, offline},
                                                                 {going_offline, cancel_offline},
                                                                 {going_online, online, going_offline, offline}})
    keeps(id, sends(good));
  breaks(id, sends({going_online}), 3);
  breaks(id, sends({going_offline}), 3);
  breaks(id, sends({going_online, online, cancel_online}), 4);
  breaks(id, sends({going_offline, cancel_offline, offline}), 4);
  breaks(id, sends({going_offline, online}), 3);
  breaks(id, sends({going_online, cancel_offline}), 3);
  // A second operation starts afresh.
  keeps(id, sends({going_online, online})
                .lock("device_hotplug_lock")
                .event("notify", {going_offline, 0})
                .event("notify", {offline, 0})
                .unlock("device_hotplug_lock"));
}

TEST_CASE("no-unset-read") {
  const std::string id = "no-unset-read";
  keeps(id, told(Story(), 0, prepare));
  keeps(id, told(Story().event("unset-read", {0}), 0, prepare));
  breaks(id, told(Story().event("unset-read", {1}), 0, prepare), 1);
}

TEST_CASE("online-under-device-lock") {
  const std::string id = "online-under-device-lock";
  keeps(id, operation([](Story& s) { s.event("call online_pages").event("call offline_pages"); }));
  breaks(id, Story().event("call online_pages"), 1);
  breaks(id, Story().lock("mem_hotplug_lock").event("call offline_pages"), 2);
  breaks(id, Story({.actors = 2}).lock("device_hotplug_lock").by(1).event("call offline_pages"), 1);
}

TEST_CASE("lock-balance") {
  const std::string id = "lock-balance";
  keeps(id, operation([](Story& s) {
          s.lock("mem_hotplug_lock").lock("some_spinlock").unlock("some_spinlock").unlock("mem_hotplug_lock");
        }));
  breaks(id, Story().lock("mem_hotplug_lock").event("returned", {0, 1, 0}), 2);
  breaks(id, operation([](Story& s) { s.lock("mem_hotplug_lock"); }), 4);
  breaks(id, operation([](Story& s) { s.lock_event("unlock", "mem_hotplug_lock", 1, 0); }), 2);
  breaks(id, operation([](Story& s) { s.lock_event("lock", "device_hotplug_lock", 1, 1); }), 2);
  keeps(id, operation([](Story& s) { s.lock_event("lock", "mem_hotplug_lock", 0, 1); }));  // readers may nest
  breaks(id, operation([](Story& s) { s.lock("some_spinlock").lock("mem_hotplug_lock"); }), 3);
  // What another actor holds is its own affair.
  Story two({.actors = 2});
  two.lock("mem_hotplug_lock").unlock("mem_hotplug_lock").by(1).event("returned", {0, 1, 0});
  keeps(id, two);
}

TEST_CASE("no-deadlock") {
  Story story({.actors = 2});
  story.lock("device_hotplug_lock").lock("mem_hotplug_lock").unlock("mem_hotplug_lock").unlock("device_hotplug_lock");
  Story inverted = story;
  keeps("no-deadlock", story.by(1)
                           .lock("device_hotplug_lock")
                           .lock("mem_hotplug_lock")
                           .unlock("mem_hotplug_lock")
                           .unlock("device_hotplug_lock"));
  inverted.by(1)
      .lock("mem_hotplug_lock")
      .lock("device_hotplug_lock")
      .unlock("device_hotplug_lock")
      .unlock("mem_hotplug_lock");
  breaks("no-deadlock", inverted, 2);
}

TEST_CASE("user-space-told") {
  const std::string id = "user-space-told";
  const auto told = [](int value) {
    return operation([value](Story& s) {
      s.set("mem[0].state", online);
      if (value >= 0) s.event_and_set("uevent", {0, value}, "hp_told_online[0]", std::uint64_t(value));
    });
  };
  keeps(id, told(1));
  breaks(id, told(0), 3);
  // Where nobody ever tells, nothing triggers it; it is broken all the same.
  CHECK(judge(told(-1).system(), core(id)).depth == 4);
  breaks(id, told(1).event("uevent", {0, 1}), 6);
}

TEST_CASE("changes-under-device-lock") {
  const std::string id = "changes-under-device-lock";
  keeps(id, Story().lock("mem[0].dev.mutex").event("notify", {going_online, 0}));
  breaks(id, Story().event("notify", {going_online, 0}), 1);
  breaks(id, Story({.actors = 2}).lock("mem[0].dev.mutex").by(1).event("notify", {going_online, 0}), 1);
}

TEST_CASE("isolation-counted-under-lock") {
  const std::string id = "isolation-counted-under-lock";
  keeps(id, Story().lock("some_spinlock").event("isolate-count", {0}));
  breaks(id, Story().lock("mem_hotplug_lock").event("isolate-count", {0}), 2);
}

TEST_CASE("signal-heeded") {
  const std::string id = "signal-heeded";
  constexpr std::int64_t taken = 3, to_move = 5, moved = 6;
  const auto asked = [](std::int64_t pending) { return Story().event("signal", {pending}); };
  const auto looked = [&] { return asked(0).event("pages", {0, to_move}).event("pages", {0, moved}); };
  keeps(id, looked().event("signal", {0}).event("pages", {0, to_move}).event("signal", {1}).event("returned", {0, 0, -4}));
  breaks(id, Story().event("pages", {0, to_move}), 1);
  breaks(id, looked().event("pages", {0, to_move}), 4);
  breaks(id, asked(1).event("pages", {0, to_move}), 2);
  breaks(id, looked().event("signal", {1}).event("pages", {0, taken}), 5);
  // What was asked for one request says nothing about the next.
  breaks(id, asked(0).event("returned", {0, 0, 0}).event("pages", {0, to_move}), 3);
  // Another actor has asked, this one has not.
  breaks(id, Story({.actors = 2}).event("signal", {0}).by(1).event("pages", {0, to_move}), 1);
}

TEST_CASE("error-told") {
  const std::string id = "error-told";
  const auto failed = [](std::int64_t code) { return Story().event("return offline_pages", {code}); };
  keeps(id, failed(-4).event("returned", {0, 0, -4}));
  keeps(id, failed(0).event("returned", {0, 0, -22}));
  keeps(id, Story().event("return online_pages", {-12}).event("returned", {0, 1, -12}).event("returned", {0, 1, 6}));
  breaks(id, failed(-4).event("returned", {0, 0, -22}), 2);
  breaks(id, failed(-16).event("returned", {0, 0, 7}), 2);
  breaks(id, Story().event("return online_pages", {-1}).event("returned", {0, 6, -22}), 2);
  // Adding memory that is to be set online by itself succeeds without that.
  keeps(id, Story().event("return online_pages", {-1}).event("returned", {0, 2, 0}).event("returned", {0, 1, 6}));
}

TEST_CASE("shown-as-it-is") {
  const std::string id = "shown-as-it-is";
  keeps(id, Story().event("shown", {0, 1}));
  keeps(id, Story({.state = online}).event("shown", {0, 0}));
  breaks(id, Story().event("shown", {0, 0}), 1);
  breaks(id, Story({.state = online}).event("shown", {0, 1}), 1);
}

TEST_CASE("add-error-told") {
  const std::string id = "add-error-told";
  const auto failed = [](std::int64_t code) { return Story().event("return arch_add_memory", {code}); };
  keeps(id, failed(-12).event("returned", {0, 2, -12}).event("returned", {0, 2, 0}));
  keeps(id, failed(0).event("returned", {0, 2, -17}));
  breaks(id, failed(-12).event("returned", {0, 2, 0}), 2);
  breaks(id, Story().event("return __try_online_node", {-12}).event("returned", {0, 2, -22}), 2);
  breaks(id, Story().event("return create_memory_block_devices", {-17}).event("returned", {0, 2, 0}), 2);
  // A request of another kind has an answer of its own, and another actor may add in the meantime.
  keeps(id, failed(-12).event("returned", {0, 3, 0}).event("returned", {0, 2, 0}));
  keeps(id, Story({.actors = 2}).event("return arch_add_memory", {-12}).by(1).event("returned", {0, 2, 0}));
}

TEST_CASE("no-change-told") {
  const std::string id = "no-change-told";
  const auto so_already = [] { return Story().event("return device_online", {1}); };
  keeps(id, so_already().event("returned", {0, 1, -22}).event("returned", {0, 0, 7}));
  keeps(id, so_already().event("returned", {0, 6, 1}));  // the file online takes it for done
  breaks(id, so_already().event("returned", {0, 1, 6}), 2);
  breaks(id, Story().event("return device_offline", {1}).event("returned", {0, 0, 0}), 2);
  CHECK_FALSE(judge(Story().event("return device_online", {0}).event("returned", {0, 1, 6}).system(), core(id)).triggered);
}

TEST_CASE("memmap-poisoned-first") {
  const std::string id = "memmap-poisoned-first";
  const auto made = [](Shape shape = {}) { return Story(shape).event("memmap-made", {0, 1, 512}); };
  keeps(id, made({.altmap = false}).event("memmap", {0, poison}).event("memmap", {0, initialise}));
  // What was there before is not new.
  keeps(id, Story().event("memmap", {0, initialise}).event("memmap", {0, poison}));
  breaks(id, made({.altmap = false}).event("memmap", {0, initialise}).event("memmap", {0, poison}), 2);
  // Written to memory that does not answer: lost.
  breaks(id, made().event("memmap", {0, poison}).event("memmap", {0, initialise}), 3);
  const auto switched_on = [&] { return made().event_and_set("accessible", {0, 1}, "block[0].accessible", 1); };
  keeps(id, switched_on().event("memmap", {0, poison}).event("memmap", {0, initialise}));
  breaks(id, switched_on().event("memmap", {0, initialise}).event("memmap", {0, poison}), 3);
}

TEST_CASE("own-memmap-no-dat") {
  const std::string id = "own-memmap-no-dat";
  const auto half_on = [] { return Story().event("accessible", {0, 0}); };
  const auto on = [&] { return half_on().event_and_set("accessible", {0, 1}, "block[0].accessible", 1); };
  keeps(id, on().event("no-dat", {0}).event("notify", {online, 0}));
  keeps(id, Story().event("notify", {online, 0}).set("block[0].accessible", 1).event("no-dat", {0}));
  breaks(id, half_on().event("no-dat", {0}), 2);
  breaks(id, on().event("notify", {online, 0}).event("no-dat", {0}), 3);
  breaks(id, on().event("no-dat", {0}).event("accessible", {0, 0}).event("accessible", {0, 1}).event("notify", {online, 0}), 6);
}

TEST_CASE("state-agrees") {
  const std::string id = "state-agrees";
  const auto ends = [](std::uint64_t state, std::uint64_t zone, Shape shape = {}) {
    return operation([&](Story& s) { s.set("mem[0].state", state).set("mem[0].zone", zone); }, shape);
  };
  keeps(id, ends(online, 0x1234));
  keeps(id, ends(offline, 0));
  keeps(id, ends(offline, 0x1234, {.boot = true}));
  breaks(id, ends(offline, 0x1234), 4);
  breaks(id, ends(online, 0), 4);
  breaks(id, ends(going_offline, 0x1234), 4);
  // Half-way there under the lock while another actor returns: nothing to say.
  Story two = ends(online, 0x1234, {.actors = 2});
  two.by(1).event("returned", {0, 0, -16});
  keeps(id, two);
}

TEST_CASE("online-possible, offline-possible") {
  for (const auto& [id, action] :
       std::vector<std::pair<std::string, std::int64_t>>{{"online-possible", online}, {"offline-possible", offline}}) {
    const auto reachable = [] { return Story().set("block[0].accessible", 1); };
    CHECK(judge(reachable().event("notify", {action, 0}).system(), core(id)).found);
    CHECK_FALSE(judge(reachable().event("notify", {cancel_online, 0}).system(), core(id)).found);
    CHECK_FALSE(
        judge(reachable().event("notify", {cancel_online, 0}).faulty().event("notify", {action, 0}).system(), core(id))
            .found);
  }
  // The chain may be told of a range that is no block of the model; nothing of ours is online by that.
  CHECK_FALSE(judge(Story().event("notify", {online, 0}).system(), core("online-possible")).found);
}

TEST_CASE("disable-enable-paired") {
  const std::string id = "disable-enable-paired";
  keeps(id, Story()
                .event("disable", {1})
                .event("disable", {0})
                .event("enable", {0})
                .event("enable", {1})
                .event("returned", {0, 0, 0}));
  keeps(id, Story()
                .event("disable", {0})
                .event("disable", {0})
                .event("enable", {0})
                .event("enable", {0})
                .event("returned", {0, 0, 0}));
  breaks(id, Story().event("disable", {0}).event("returned", {0, 0, -16}), 2);
  breaks(id, Story().event("disable", {0}).event("disable", {1}).event("enable", {0}).event("returned", {0, 0, 0}), 4);
  breaks(id, Story().event("disable", {0}).event("enable", {0}).event("enable", {0}), 3);
  breaks(id, Story().event("disable", {0}).event("disable", {0}).event("enable", {0}).event("returned", {0, 0, 0}), 4);
}

TEST_CASE("node-state-before-zonelists") {
  const std::string id = "node-state-before-zonelists";
  keeps(id, Story()
                .event("node-state", {0, 0})
                .event("zonelists", {0})
                .event("returned", {0, 0, 0})
                .event("node-state", {0, 1})
                .event("zonelists", {0})
                .event("returned", {0, 1, 0}));
  keeps(
      id,
      Story().event("zonelists", {0}).event("node-state", {0, 0}).event("zonelists", {0}).event("returned", {0, 0, 0}));
  breaks(id, Story().event("zonelists", {0}).event("node-state", {0, 0}).event("returned", {0, 0, 0}), 3);
}

TEST_CASE("no-null-dereference") {
  CHECK_FALSE(judge(Story().event("notify", {online, 0}).system(), core("no-null-dereference")).found);
  breaks("no-null-dereference", Story().event("null-dereference"), 1);
  breaks("no-null-dereference", Story().event("use-after-free"), 1);
}

TEST_CASE("all properties of the library at once, on a system that has all events") {
  auto library = spec::library();
  REQUIRE(library.has_value());
  // Formulas are no observers.
  std::erase_if(*library, [](const spec::SpecProperty& property) { return property.temporal; });
  Story story = operation([](Story& s) {
    s.set("hp_handed_over[0]", 0).lock("mem[0].dev.mutex").lock("mem_hotplug_lock").event("notify", {prepare, 0});
    s = told(s, 0, prepare);
    s.event("notify-done", {prepare, 0, 1})
        .event("notify", {going_online, 0})
        .set("block[0].accessible", 1)
        .set("hp_handed_over[0]", 1)
        .event("notify", {online, 0})
        .set("mem[0].state", online)
        .set("mem[0].zone", 1)
        .unlock("mem_hotplug_lock")
        .event_and_set("uevent", {0, 1}, "hp_told_online[0]", 1)
        .unlock("mem[0].dev.mutex");
  });
  const auto made = spec::instrument(story.system(), *library);
  if (!made) FAIL(to_string(made.error()));
  for (const spec::Inapplicable& missing : made->inapplicable) FAIL_CHECK(missing.property.id << ": " << missing.reason);
  REQUIRE(made->system.properties.size() == library->size());
  const auto fault = ir::fault_in(made->system);
  if (fault) FAIL(*fault);
  const auto reference = eval::explore(made->system, 10'000);
  REQUIRE(reference.has_value());
  for (std::size_t p = 0; p < library->size(); ++p) {
    CAPTURE((*library)[p].id);
    CHECK(reference->properties[p].has_value() == ((*library)[p].id == "online-possible"));
  }
  // A straight run stays one: observers add variables, not states.
  CHECK(reference->states == story.system().transitions.size() + 1);
}
