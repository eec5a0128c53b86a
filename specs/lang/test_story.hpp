// Small systems for the tests of properties: each actor does a list of steps, one after the other, any interleaving.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "model/eval/reference.hpp"
#include "model/ir/system.hpp"
#include "specs/lang/instrument.hpp"

namespace hotproof::spec::test {

// Numbers that a tree could have; some are deliberately 0 and shared, as in newer trees.
inline const std::map<std::string, std::int64_t> tree_constants{
    {"MEM_ONLINE", 0},        {"MEM_GOING_OFFLINE", 1},  {"MEM_OFFLINE", 2},        {"MEM_GOING_ONLINE", 3},
    {"MEM_CANCEL_ONLINE", 4}, {"MEM_CANCEL_OFFLINE", 5}, {"MEM_PREPARE_ONLINE", 6}, {"MEM_FINISH_OFFLINE", 7},
    {"N_ONLINE", 1},          {"N_NORMAL_MEMORY", 2},    {"N_MEMORY", 3},           {"ZONE_NORMAL", 2},
    {"ZONE_MOVABLE", 3},
};
inline constexpr std::int64_t notify_ok = 1, notify_bad = 0x8002, notify_stop = 0x8001, notify_eio = 0x8006;

struct Shape {
  int blocks = 1, listeners = 1, actors = 1;
  bool altmap = true;      // of every block
  bool boot = false;       // of every block
  std::int64_t state = 2;  // of every block at first: MEM_OFFLINE
};

class Story {
 public:
  explicit Story(Shape shape = {}) {
    s_.sets = {{"block", std::uint32_t(shape.blocks)},
               {"listener", std::uint32_t(shape.listeners)},
               {"actor", std::uint32_t(shape.actors)}};
    s_.constants = tree_constants;
    for (int a = 0; a < shape.actors; ++a) {
      const ir::VarId pc =
          s_.add_variable({.name = "actor" + std::to_string(a) + ".pc", .width = 8, .role = ir::Role::control});
      s_.actors.push_back({"actor" + std::to_string(a), pc, 0, 1, {0}});
    }
    for (int b = 0; b < shape.blocks; ++b) {
      const std::string i = "[" + std::to_string(b) + "]";
      cell("block" + i + ".accessible", 2, 0);
      cell("block" + i + ".some", 1, 0);
      cell("block" + i + ".memmap", 2, 0);
      for (const char* field : {".added", ".on_bus", ".references", ".in_resource"}) constant("block" + i + field, 1);
      constant("block" + i + ".memmap_from", shape.altmap ? 2 : 1);
      constant("block" + i + ".start_pfn", 0);
      for (const char* field : {".visitors", ".bound", ".isolated"}) constant("block" + i + field, 0);
      for (const char* part : {".part[0]", ".part[1]"}) constant("block" + i + part, 2);
      constant("hp_page_zone" + i, 3);
      cell("hp_handed_over" + i, 2, 1);
      for (const char* name : {"hp_managed", "hp_in_firmware_map", "hp_shadow", "hp_self_hosted"}) constant(name + i, 1);
      constant("hp_refused" + i, 0);
      constant("hp_linked" + i, 3);
      constant("hp_is_set_aside" + i, 0);
      cell("hp_told_online" + i, 1, 0);
      lock_named("mem" + i + ".dev.mutex", ir::Lock::Kind::mutex);
      s_.symbols["hot_add" + i + ".possible"] = s_.pool.constant(1, 64);
      s_.symbols["hot_remove" + i + ".possible"] = s_.pool.constant(1, 64);
      cell("mem" + i + ".state", 32, std::uint64_t(shape.state));
      cell("mem" + i + ".zone", 64, 0);
      constant("block" + i + ".altmap", shape.altmap ? 1 : 0);
      s_.symbols["block" + i + ".boot"] = s_.pool.constant(shape.boot ? 1 : 0, 64);
    }
    node_with_memory();
    lock_named("device_hotplug_lock", ir::Lock::Kind::mutex);
    lock_named("mem_hotplug_lock", ir::Lock::Kind::percpu_rwsem);
    lock_named("some_spinlock", ir::Lock::Kind::spin);
    lock_named("mf_mutex", ir::Lock::Kind::mutex);
    constant("hp_poisoned", 0);
    constant("num_poisoned_pages.counter", 0);
  }

  // Makes `actor` the one that acts from here on.
  Story& by(std::uint32_t actor) {
    actor_ = actor;
    return *this;
  }
  // A step with one event; the actor's own number is put in front of `args`.
  Story& event(const std::string& name, std::vector<std::int64_t> args = {}) {
    ir::Transition t;
    t.events.push_back(made(name, std::move(args)));
    return step(std::move(t), name);
  }
  Story& set(const std::string& name, std::uint64_t value) {
    ir::Transition t;
    t.updates.push_back(update(name, value));
    return step(std::move(t), name);
  }
  // Both in one step: the event sees the old value.
  Story& event_and_set(const std::string& event, std::vector<std::int64_t> args, const std::string& name,
                       std::uint64_t value) {
    ir::Transition t;
    t.events.push_back(made(event, std::move(args)));
    t.updates.push_back(update(name, value));
    return step(std::move(t), event);
  }
  Story& events(const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& list) {
    ir::Transition t;
    for (const auto& [name, args] : list) t.events.push_back(made(name, args));
    return step(std::move(t), "events");
  }
  // Takes a lock for writing; blocks while anybody has it.
  Story& lock(const std::string& name) {
    ir::Transition t = lock_step(name, "lock", actor_ + 1, 0);
    t.guard = s_.pool.eq(s_.read(owner_.at(name)), s_.pool.constant(0, owner_width));
    t.lock_effect = ir::LockEffect::acquires;
    t.lock = ir::LockClaim{static_cast<ir::LockId>(number(name)), ir::LockMode::write};
    return step(std::move(t), "lock " + name);
  }
  Story& unlock(const std::string& name) {
    ir::Transition t = lock_step(name, "unlock", 0, 1);
    t.lock_effect = ir::LockEffect::releases;
    t.lock = ir::LockClaim{static_cast<ir::LockId>(number(name)), ir::LockMode::write};
    return step(std::move(t), "unlock " + name);
  }
  // The event alone, as lowering gives it for a lock that is taken twice or released without being held.
  Story& lock_event(const std::string& event_name, const std::string& name, std::int64_t mode, std::int64_t held) {
    return event(event_name, {std::int64_t(number(name)), mode, held});
  }
  Story& faulty() {
    s_.transitions.back().faults = 1;
    return *this;
  }

  ir::TransitionSystem system() const { return s_; }
  ir::TransitionSystem& mutable_system() { return s_; }

 private:
  static constexpr int owner_width = 4;

  void constant(const std::string& name, std::uint64_t value) { s_.symbols[name] = s_.pool.constant(value, 64); }
  // A node at rest, with a normal zone that has the blocks.
  void node_with_memory() {
    for (const char* name : {"hp_node_folder", "hp_node_has[1]", "hp_node_has[2]", "hp_node_has[3]", "hp_node.node_present_pages",
                             "hp_thread_runs[0]", "hp_thread_runs[1]", "hp_added", "hp_block_pages", "hp_contiguous",
                             "hp_clears_contiguous", "hp_turns_pcp_off", "hp_marks_own_memmap", "hp_pcp_is_off", "hp_has_standby",
                             "hp_knows_inaccessible", "hp_tells_no_dat",
                             "hp_node.node_spanned_pages"})
      constant(name, 1);
    for (const char* name : {"hp_other_memory", "hp_spans_more", "hp_from_boot", "hp_configures", "hp_keeps_objects",
                             "hp_objects", "hp_watermarks_are_old", "hp_ratelimit_is_old", "hp_order_is_old",
                             "hp_node.node_start_pfn"})
      constant(name, 0);
    for (int z = 0; z < 4; ++z) {
      const std::string i = "[" + std::to_string(z) + "]";
      const bool normal = z == tree_constants.at("ZONE_NORMAL");
      for (const char* field : {".present_pages", ".spanned_pages"}) constant("hp_node.node_zones" + i + field, normal);
      constant("hp_node.node_zones" + i + ".zone_start_pfn", 0);
      for (const char* name : {"hp_has_lists", "hp_is_listed", "hp_is_set_up"}) constant(name + i, normal);
    }
  }

  void cell(const std::string& name, int width, std::uint64_t initial) {
    cells_[name] = s_.add_variable({.name = name, .width = width, .initial = initial});
    s_.symbols[name] = s_.pool.resize(s_.read(cells_[name]), 64, false);
  }
  void lock_named(const std::string& name, ir::Lock::Kind kind) {
    owner_[name] = s_.add_variable({.name = name + ".owner", .width = owner_width, .role = ir::Role::lock});
    ir::Lock lock{name, kind, false, {}, {}};
    for (std::size_t a = 0; a < s_.actors.size(); ++a) {
      lock.held_write.push_back(s_.pool.eq(s_.read(owner_[name]), s_.pool.constant(a + 1, owner_width)));
      lock.held_read.push_back(s_.pool.truth(false));
    }
    s_.locks.push_back(lock);
  }
  std::size_t number(const std::string& lock) const {
    return static_cast<std::size_t>(std::ranges::find(s_.locks, lock, &ir::Lock::name) - s_.locks.begin());
  }
  ir::Event made(const std::string& name, std::vector<std::int64_t> args) {
    ir::Event out{s_.event_name(name), {s_.pool.constant(actor_, 64)}};
    for (const std::int64_t arg : args) out.args.push_back(s_.pool.constant(std::uint64_t(arg), 64));
    return out;
  }
  ir::Update update(const std::string& name, std::uint64_t value) {
    const ir::VarId var = cells_.at(name);
    return {var, s_.pool.constant(value, s_[var].width)};
  }
  ir::Transition lock_step(const std::string& name, const std::string& event, std::uint64_t owner, std::int64_t held) {
    ir::Transition t;
    t.events.push_back(made(event, {std::int64_t(number(name)), 1, held}));
    t.updates.push_back({owner_.at(name), s_.pool.constant(owner, owner_width)});
    return t;
  }
  Story& step(ir::Transition t, std::string text) {
    ir::Actor& actor = s_.actors[actor_];
    t.actor = static_cast<ir::ActorId>(actor_);
    t.from = actor.locations - 1;
    t.to = actor.locations++;
    actor.resting.push_back(t.to);
    t.text = std::move(text);
    s_.transitions.push_back(std::move(t));
    return *this;
  }

  ir::TransitionSystem s_;
  std::map<std::string, ir::VarId> cells_;
  std::map<std::string, ir::VarId> owner_;
  std::uint32_t actor_ = 0;
};

struct Judged {
  bool found = false;  // violated; or, for a cover, reached
  std::uint32_t depth = 0;
  bool triggered = true;  // every trigger is reached, or there is none
  bool applies = true;
  std::string reason;  // why it does not apply
};

// What brute force says about one property on a system.
inline Judged judge(const ir::TransitionSystem& system, const SpecProperty& property) {
  const auto made = instrument(system, {&property, 1});
  if (!made) FAIL(to_string(made.error()));
  const auto fault = ir::fault_in(made->system);
  if (fault) FAIL(*fault);
  if (!made->inapplicable.empty()) return {.applies = false, .reason = made->inapplicable[0].reason};
  const auto reference = eval::explore(made->system, 200'000);
  if (!reference) FAIL(to_string(reference.error()));
  REQUIRE(reference->properties.size() == 1);
  CHECK_FALSE(reference->left_range);
  Judged out;
  if (const auto& shortest = reference->properties[0]) {
    out.found = true;
    out.depth = shortest->depth;
  }
  for (const ir::MarkId mark : made->system.properties[0].triggers)
    out.triggered = out.triggered && reference->marks[ir::index(mark)].has_value();
  return out;
}

inline std::vector<SpecProperty> parsed(const std::string& text) {
  auto out = parse(text, "test.spec");
  if (!out) FAIL(to_string(out.error()));
  return *out;
}
// A property with the given form and triggers.
inline SpecProperty property(const std::string& form, const std::string& before = {}) {
  return parsed(before + " property p { says \"s\"; origin \"o\"; confidence high; " + form + " }").at(0);
}

}  // namespace hotproof::spec::test
