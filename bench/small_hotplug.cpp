#include "bench/small_hotplug.hpp"

#include <functional>
#include <map>
#include <tuple>

namespace hotproof::bench {

namespace {

using ir::ExprId;
using ir::VarId;

class Builder {
 public:
  explicit Builder(const Sizes& sizes) : sizes_(sizes) {
    system_.name = "small hotplug " + std::to_string(sizes.blocks) + " blocks, " + std::to_string(sizes.listeners) +
                   " listeners, " + std::to_string(sizes.workers) + " workers, " + std::to_string(sizes.readers) + " readers";
    for (int b = 0; b < sizes.blocks; ++b) {
      online_.push_back(bit("online[" + std::to_string(b) + "]"));
      accessible_.push_back(bit("accessible[" + std::to_string(b) + "]"));
      follows_.emplace_back();
      for (int l = 0; l < sizes.listeners; ++l)
        follows_.back().push_back(bit("follows[" + std::to_string(b) + "][" + std::to_string(l) + "]"));
    }
    const auto workers = static_cast<std::uint64_t>(sizes.workers);
    device_lock_ = system_.add_variable({.name = "device_hotplug_lock", .width = 3, .role = ir::Role::lock, .high = workers});
    writer_ = system_.add_variable({.name = "mem_hotplug_lock", .width = 3, .role = ir::Role::lock, .high = workers});
    const auto readers = static_cast<std::uint64_t>(sizes.readers);
    readers_ = system_.add_variable({.name = "mem_hotplug_lock.readers", .width = 3, .role = ir::Role::lock, .high = readers});
    system_.properties.push_back({.id = "memmap-after-accessible", .kind = ir::PropertyKind::assertion});
    system_.properties.push_back({.id = "listeners-follow", .kind = ir::PropertyKind::assertion});
  }

  ir::TransitionSystem build() {
    std::vector<VarId> reader_controls;
    for (int r = 0; r < sizes_.readers; ++r) reader_controls.push_back(control("reader" + std::to_string(r)));
    for (int w = 0; w < sizes_.workers; ++w) control("worker" + std::to_string(w));
    for (int r = 0; r < sizes_.readers; ++r) reader(static_cast<std::size_t>(r));
    for (int w = 0; w < sizes_.workers; ++w)
      worker(static_cast<std::size_t>(sizes_.readers + w), static_cast<std::uint64_t>(w) + 1);
    for (const ir::Actor& actor : system_.actors) {
      system_.variables[ir::index(actor.control)].high = actor.locations - 1;
    }
    return std::move(system_);
  }

 private:
  // Where an actor stands: which step comes next, on which block, to which end, with which listener.
  using Place = std::tuple<int, int, int, int>;

  VarId bit(const std::string& name) { return system_.add_variable({.name = name, .width = 1}); }

  VarId control(const std::string& name) {
    const VarId id = system_.add_variable({.name = name + ".pc", .width = 10, .role = ir::Role::control});
    system_.actors.push_back({name, id, 0, 1, {0}});
    return id;
  }

  ir::Location at(std::size_t actor, const Place& place) {
    auto& known = places_[actor];
    const auto [found, fresh] = known.try_emplace(place, static_cast<ir::Location>(known.size()));
    if (fresh) system_.actors[actor].locations = static_cast<std::uint32_t>(known.size());
    return found->second;
  }

  ir::Transition& step(std::size_t actor, const Place& from, const Place& to, const std::string& text) {
    ir::Transition t;
    t.actor = static_cast<ir::ActorId>(actor);
    t.from = at(actor, from);
    t.to = at(actor, to);
    t.text = text;
    system_.transitions.push_back(std::move(t));
    return system_.transitions.back();
  }

  ExprId is(VarId id, std::uint64_t value) { return system_.pool.eq(system_.read(id), system_.pool.constant(value, system_[id].width)); }
  ir::Update set(VarId id, std::uint64_t value) { return {id, system_.pool.constant(value, system_[id].width)}; }

  void reader(std::size_t a) {
    const Place idle{0, 0, 0, 0};
    at(a, idle);
    for (int b = 0; b < sizes_.blocks; ++b) {
      const auto block = static_cast<std::size_t>(b);
      step(a, idle, {1, b, 0, 0}, "chooses block " + std::to_string(b)).choice = ir::Choice::free;
      ir::Transition& got = step(a, {1, b, 0, 0}, {2, b, 0, 0}, "get_online_mems");
      got.guard = is(writer_, 0);
      got.updates.push_back(count(ir::Op::add));
      step(a, {2, b, 0, 0}, {3, b, 0, 0}, "online").guard = is(online_[block], 1);
      step(a, {2, b, 0, 0}, {4, 0, 0, 0}, "not online").guard = is(online_[block], 0);
      step(a, {3, b, 0, 0}, {4, 0, 0, 0}, "reads the memmap").assertions.push_back({ir::PropertyId{0}, is(accessible_[block], 1)});
    }
    step(a, {4, 0, 0, 0}, idle, "put_online_mems").updates.push_back(count(ir::Op::sub));
  }

  ir::Update count(ir::Op op) { return {readers_, system_.pool.binary(op, system_.read(readers_), system_.pool.constant(1, 3))}; }

  void worker(std::size_t a, std::uint64_t self) {
    at(a, {0, 0, 0, 0});
    for (int b = 0; b < sizes_.blocks; ++b)
      for (int op = 0; op < 2; ++op) request(a, self, b, op);
  }

  void request(std::size_t a, std::uint64_t self, int b, int op) {
    const auto block = static_cast<std::size_t>(b);
    const auto end = static_cast<std::uint64_t>(op);
    const Place idle{0, 0, 0, 0};
    const auto place = [&](int what, int listener = 0) { return Place{what, b, op, listener}; };
    step(a, idle, place(1), op == 1 ? "asks for online" : "asks for offline").choice = ir::Choice::free;
    ir::Transition& got = step(a, place(1), place(2), "trylock device_hotplug_lock");
    got.guard = is(device_lock_, 0);
    got.updates.push_back(set(device_lock_, self));
    step(a, place(1), idle, "device_hotplug_lock is busy").guard = system_.pool.not_(is(device_lock_, 0));
    step(a, place(2), place(8), "nothing to do").guard = is(online_[block], end);
    step(a, place(2), place(3), "something to do").guard = is(online_[block], 1 - end);
    ir::Transition& begun = step(a, place(3), place(op == 1 ? 4 : 5), "mem_hotplug_begin");
    begun.guard = system_.pool.and_(is(writer_, 0), is(readers_, 0));
    begun.updates.push_back(set(writer_, self));
    if (op == 1) step(a, place(4), place(5), "makes it accessible").updates.push_back(set(accessible_[block], 1));
    notifications(a, b, op);
    step(a, place(6), place(10), "commits").updates.push_back(set(online_[block], end));
    if (op == 0) step(a, place(11), place(9), "makes it inaccessible").updates.push_back(set(accessible_[block], 0));
    step(a, place(9), place(8), "mem_hotplug_done").updates.push_back(set(writer_, 0));
    ir::Transition& done = step(a, place(8), idle, "unlock device_hotplug_lock");
    done.updates.push_back(set(device_lock_, 0));
    for (const VarId follows : follows_[block])
      done.assertions.push_back({ir::PropertyId{1}, system_.pool.eq(system_.read(follows), system_.read(online_[block]))});
  }

  void notifications(std::size_t a, int b, int op) {
    const auto block = static_cast<std::size_t>(b);
    const auto place = [&](int what, int listener = 0) { return Place{what, b, op, listener}; };
    const int listeners = sizes_.listeners;
    for (int l = 0; l < listeners; ++l) {
      const auto listener = static_cast<std::size_t>(l);
      const bool last = l + 1 == listeners;
      ir::Transition& accepts = step(a, place(5, l), last ? place(6) : place(5, l + 1), "a listener accepts");
      if (op == 1) accepts.updates.push_back(set(follows_[block][listener], 1));
      ir::Transition& refuses = step(a, place(5, l), place(7, l), "a listener refuses");
      refuses.choice = ir::Choice::listener;
      refuses.faults = 1;
      const Place after = last ? place(op == 1 ? 9 : 11) : place(10, l + 1);
      step(a, place(10, l), after, "a listener is told").updates.push_back(set(follows_[block][listener], static_cast<std::uint64_t>(op)));
      if (l == 0) continue;
      step(a, place(7, l), place(7, l - 1), "a listener is told of the end").updates.push_back(set(follows_[block][listener - 1], static_cast<std::uint64_t>(1 - op)));
    }
    ir::Transition& given_up = step(a, place(7), place(9), "gives up");
    if (op == 1) given_up.updates.push_back(set(accessible_[block], 0));
  }

  Sizes sizes_;
  ir::TransitionSystem system_;
  std::vector<VarId> online_, accessible_;
  std::vector<std::vector<VarId>> follows_;  // by block, by listener
  VarId device_lock_{}, writer_{}, readers_{};
  std::map<std::size_t, std::map<Place, ir::Location>> places_;  // by actor
};

}  // namespace

ir::TransitionSystem small_hotplug(const Sizes& sizes) {
  return Builder(sizes).build();
}

}  // namespace hotproof::bench
