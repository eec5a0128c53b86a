// Two statements in the other order: systems of which the answer is known, and words against every exchange.

#include "checker/compare/at_once.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <functional>

#include "checker/compare/compare.hpp"
#include "checker/explicit/test_systems.hpp"
#include "model/eval/interpreter.hpp"

using namespace hotproof;
using namespace hotproof::checker::compare;
using checker::explicit_state::testing::SystemBuilder;

namespace {

constexpr std::uint32_t before = 5, first = 10, second = 11, behind = 20;  // lines
constexpr ir::Location start = 0, fetched = 1, between = 2, done = 3;

// An actor that goes round: it begins, does two statements, and ends. The other one is what a test makes it.
struct Pair : SystemBuilder {
  ir::ActorId actor = SystemBuilder::actor("actor", 4, {start});
  ir::ActorId other = SystemBuilder::actor("other", 3, {start, fetched, between});
  ir::VarId x = variable("x", 4, 0, 15), y = variable("y", 4, 0, 15), owner = variable("owner", 2, 0, 2);

  Pair() {
    system.files = {"a.c"};
    for (const ir::VarId var : {x, y}) system.symbols[system[var].name] = system.read(var);
    ir::Lock lock;
    lock.name = "lock";
    for (std::uint64_t a = 1; a <= 2; ++a) {
      lock.held_write.push_back(is(owner, a));
      lock.held_read.push_back(system.pool.truth(false));
    }
    system.locks.push_back(lock);
    tell(at(actor, start, fetched, before), "begin");
    tell(at(actor, done, start, behind), "end");
  }

  ir::Transition& at(ir::ActorId who, ir::Location from, ir::Location to, std::uint32_t line) {
    ir::Transition& t = step(who, from, to);
    t.span.line = line;
    return t;
  }
  ir::Transition& tell(ir::Transition& t, const std::string& event, std::vector<ir::ExprId> args = {}) {
    t.events.push_back({system.event_name(event), std::move(args)});
    return t;
  }
  ir::Transition& set(ir::Transition& t, ir::VarId var, ir::ExprId value) {
    t.updates.push_back({var, value});
    return t;
  }
  // The statement that stands first, or second.
  ir::Transition& statement(bool is_first) {
    return is_first ? at(actor, fetched, between, first) : at(actor, between, done, second);
  }
  ir::ExprId more(ir::VarId var) { return system.pool.binary(ir::Op::and_, number(var, 3), system.pool.binary(ir::Op::add, system.read(var), number(var, 1))); }
  void count(bool is_first, const std::string& event, ir::VarId var) {
    set(tell(statement(is_first), event), var, more(var));
  }
  static ir::LockClaim claim() { return {ir::LockId{0}, ir::LockMode::write}; }
  // Both take the lock before anything else, and give it back behind all.
  void lock_all() {
    for (ir::Transition& t : system.transitions) {
      const std::uint64_t me = ir::index(t.actor) + 1;
      if (t.from == start) {
        t.guard = is(owner, 0);
        t.updates.push_back({owner, number(owner, me)});
        t.lock_effect = ir::LockEffect::acquires;
        t.lock = claim();
        continue;
      }
      t.held = {claim()};
      if (t.to != start) continue;
      t.updates.push_back({owner, number(owner, 0)});
      t.lock_effect = ir::LockEffect::releases;
      t.lock = claim();
    }
  }
};

Observables observables(bool known = true) {
  Observables out;
  out.events = {{"*"}};
  out.state = true;
  out.at_once = Region{"a.c", first, second};
  if (known)
    out.concerns = {{"counts x", {{"x"}, {"locks"}}}, {"counts y", {{"y"}, {"locks"}}}, {"x", {{"x"}}}, {"y", {{"y"}}},
                    {"lock", {{"locks"}}},            {"fails", {{"failures"}}}};
  return out;
}

using Make = std::function<void(Pair&, bool moved)>;

Compared compared(const Make& make, Observables how) {
  std::vector<Behaviour> both;
  for (const bool moved : {false, true}) {
    Pair pair;
    make(pair, moved);
    REQUIRE_FALSE(ir::fault_in(pair.system));
    both.push_back(Behaviour::of(pair.system, how, {}));
  }
  return compare(both[0], both[1], {});
}

bool same_up_to_order(const Make& make, const Observables& how = observables()) {
  const Compared found = compared(make, how);
  CHECK_FALSE(found.lost);
  CHECK_FALSE(found.gained);
  CHECK((found.answer == Answer::equivalent || found.answer == Answer::inconclusive));
  CHECK(found.why.empty() == (found.answer == Answer::equivalent));
  return found.answer == Answer::equivalent;
}

std::string why_not(const Make& make) {
  return compared(make, observables()).why;
}

void two_counts(Pair& pair, bool moved) {
  pair.count(!moved, "counts x", pair.x);
  pair.count(moved, "counts y", pair.y);
}

}  // namespace

TEST_CASE("two counts are the same in either order, and differ if each moment counts") {
  CHECK(same_up_to_order(two_counts));
  Observables each_moment = observables();
  each_moment.at_once.reset();
  CHECK(compared(two_counts, each_moment).answer == Answer::differ);
}

TEST_CASE("what nothing is known of keeps its order") {
  CHECK_FALSE(same_up_to_order(two_counts, observables(false)));
  Observables half = observables();
  std::erase_if(half.concerns, [](const Concern& concern) { return concern.name == "counts y"; });
  CHECK_FALSE(same_up_to_order(two_counts, half));
  // Of a silent change of x, the event of the other statement tells unless x is known to be apart from it.
  const Make silent = [](Pair& pair, bool moved) {
    pair.set(pair.statement(!moved), pair.x, pair.more(pair.x));
    pair.count(moved, "counts y", pair.y);
  };
  CHECK(same_up_to_order(silent));
  std::erase_if(half.concerns, [](const Concern& concern) { return concern.name == "x"; });
  half.concerns.push_back({"counts y", {{"y"}, {"locks"}}});
  CHECK_FALSE(same_up_to_order(silent, half));
}

TEST_CASE("a statement that hangs on the other one") {
  CHECK_FALSE(same_up_to_order([](Pair& pair, bool moved) {
    pair.count(!moved, "counts x", pair.x);
    pair.set(pair.tell(pair.statement(moved), "counts y"), pair.y, pair.system.read(pair.x));
  }));
  // An argument tells what the other one did.
  CHECK_FALSE(same_up_to_order([](Pair& pair, bool moved) {
    pair.count(!moved, "counts x", pair.x);
    pair.tell(pair.statement(moved), "counts y", {pair.system.read(pair.x)});
  }));
  // The last of two values stays.
  CHECK_FALSE(same_up_to_order([](Pair& pair, bool moved) {
    pair.set(pair.tell(pair.statement(!moved), "counts x"), pair.x, pair.number(pair.x, 1));
    pair.set(pair.tell(pair.statement(moved), "counts y"), pair.x, pair.number(pair.x, 2));
  }));
}

TEST_CASE("another actor that looks at it in between, with the lock and without it") {
  for (const bool locked : {false, true}) {
    const auto with = [locked](const std::function<void(Pair&)>& other) {
      return [locked, other](Pair& pair, bool moved) {
        two_counts(pair, moved);
        pair.at(pair.other, start, fetched, 0);
        other(pair);
        pair.at(pair.other, between, start, 0);
        if (locked) pair.lock_all();
      };
    };
    CAPTURE(locked);
    // Its choice hangs on x; it writes y; its event has x as an argument; its event may be about anything.
    CHECK(same_up_to_order(with([](Pair& pair) {
      pair.tell(pair.at(pair.other, fetched, between, 0), "seen").guard = pair.is(pair.x, 1);
      pair.at(pair.other, fetched, between, 0);
    })) == locked);
    CHECK(same_up_to_order(with([](Pair& pair) {
      pair.set(pair.at(pair.other, fetched, between, 0), pair.y, pair.number(pair.y, 0));
    })) == locked);
    CHECK(same_up_to_order(with([](Pair& pair) {
      pair.tell(pair.at(pair.other, fetched, between, 0), "lock", {pair.system.read(pair.x)});
    })) == locked);
    CHECK(same_up_to_order(with([](Pair& pair) { pair.tell(pair.at(pair.other, fetched, between, 0), "seen"); })) == locked);
    // An event that has to do with neither, or that is its own actor's business, takes no lock.
    CHECK(same_up_to_order(with([](Pair& pair) { pair.tell(pair.at(pair.other, fetched, between, 0), "lock"); })));
    Observables how = observables();
    how.concerns.push_back({"seen", {{"seen"}}, {}, true});
    CHECK(same_up_to_order(with([](Pair& pair) { pair.tell(pair.at(pair.other, fetched, between, 0), "seen"); }), how));
  }
}

TEST_CASE("a call that is moved out of its lock, or past one that is taken") {
  const auto with_lock = [](ir::LockEffect effect) {
    return [effect](Pair& pair, bool moved) {
      pair.count(!moved, "counts x", pair.x);
      ir::Transition& t = pair.tell(pair.statement(moved), "lock");
      const bool takes = effect == ir::LockEffect::acquires;
      t.guard = takes ? pair.is(pair.owner, 0) : pair.system.pool.truth(true);
      t.lock_effect = effect;
      t.lock = Pair::claim();
      pair.set(t, pair.owner, pair.number(pair.owner, takes ? 1 : 0));
      pair.set(pair.system.transitions[takes ? 1 : 0], pair.owner, pair.number(pair.owner, takes ? 0 : 1));
    };
  };
  CHECK_FALSE(same_up_to_order(with_lock(ir::LockEffect::releases)));
  CHECK_FALSE(same_up_to_order(with_lock(ir::LockEffect::acquires)));
  // What needs no lock may be done with or without it, if that is no spinlock.
  for (const auto kind : {ir::Lock::Kind::mutex, ir::Lock::Kind::spin}) {
    Observables how = observables();
    how.events.insert(how.events.begin(), {"lock", {{Argument::Meaning::lock}}});
    how.concerns[0].things.needs.clear();
    CHECK(same_up_to_order(
              [&](Pair& pair, bool moved) {
                with_lock(ir::LockEffect::acquires)(pair, moved);
                pair.system.locks[0].kind = kind;
                for (ir::Transition& t : pair.system.transitions)
                  for (ir::Event& event : t.events)
                    if (pair.system.event_names[event.name] == "lock") event.args = {pair.system.pool.constant(0, 4)};
              },
              how) == (kind == ir::Lock::Kind::mutex));
  }
}

TEST_CASE("whoever may have to wait in between, or stay for ever") {
  const Make waits = [](Pair& pair, bool moved) {
    two_counts(pair, moved);
    pair.system.transitions.back().guard = pair.is(pair.owner, 0);
    pair.set(pair.at(pair.other, start, fetched, 0), pair.owner, pair.number(pair.owner, 2));
    pair.set(pair.at(pair.other, fetched, start, 0), pair.owner, pair.number(pair.owner, 0));
  };
  CHECK(why_not(waits).find("can come in between") != std::string::npos);
  const Make stuck = [](Pair& pair, bool moved) {
    two_counts(pair, moved);
    for (ir::Transition& t : pair.system.transitions)
      if (t.from == between) t.guard = pair.is(pair.owner, 1);
  };
  CHECK(why_not(stuck).find("may have to wait") != std::string::npos);
  const Make round = [](Pair& pair, bool moved) {
    two_counts(pair, moved);
    pair.at(pair.actor, between, between, second);
  };
  CHECK(why_not(round).find("may have no end") != std::string::npos);
  // With a fault only, it cannot go on.
  const Make fails = [](Pair& pair, bool moved) {
    two_counts(pair, moved);
    for (ir::Transition& t : pair.system.transitions)
      if (t.from == between) t.faults = 1;
  };
  CHECK(why_not(fails).find("may have to wait") != std::string::npos);
}

TEST_CASE("a failure in one of them") {
  // Whether x can be counted; if not, `skips` leaves out what comes behind.
  const auto with_fault = [](bool skips) {
    return [skips](Pair& pair, bool moved) {
      two_counts(pair, moved);
      ir::Transition& t = pair.tell(pair.statement(!moved), "fails");
      t.choice = ir::Choice::fault;
      t.faults = 1;
      if (skips) t.to = done;
    };
  };
  CHECK(same_up_to_order(with_fault(false)));
  CHECK_FALSE(same_up_to_order(with_fault(true)));
}

TEST_CASE("a statement in between, and a place where somebody rests") {
  // The region ends before the second one: nothing is one step.
  Observables how = observables();
  how.at_once->last_line = first;
  CHECK_FALSE(same_up_to_order(two_counts, how));
  CHECK_FALSE(same_up_to_order([](Pair& pair, bool moved) {
    two_counts(pair, moved);
    pair.system.actors[ir::index(pair.actor)].resting.push_back(between);
  }));
  // By another way one comes in between the two.
  CHECK_FALSE(same_up_to_order([](Pair& pair, bool moved) {
    two_counts(pair, moved);
    pair.at(pair.actor, fetched, between, before);
  }));
  // Some expression tells where the actor stands.
  CHECK_FALSE(same_up_to_order([](Pair& pair, bool moved) {
    two_counts(pair, moved);
    const ir::VarId place = pair.system.actors[ir::index(pair.actor)].control;
    pair.at(pair.other, start, fetched, 0).guard = pair.is(place, between);
  }));
}

TEST_CASE("normal forms: the same for what comes from each other by exchanges, and only for that") {
  // Letters are apart if their words are; the third has to do with anything.
  const std::vector<Things> things = {{{"a"}}, {{"b"}}, {}, {{"c"}, {"a"}}};
  rc::check([&] {
    const auto letters = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, things.size()));
    RC_PRE(letters.size() <= 7);
    using Word = std::vector<std::size_t>;
    std::set<Word> all = {letters};
    std::vector<Word> open = {letters};
    while (!open.empty()) {
      const Word word = open.back();
      open.pop_back();
      for (std::size_t i = 0; i + 1 < word.size(); ++i) {
        if (!are_apart(things[word[i]], things[word[i + 1]])) continue;
        Word next = word;
        std::swap(next[i], next[i + 1]);
        if (all.insert(next).second) open.push_back(next);
      }
    }
    const auto form = [&](const Word& word) {
      std::vector<Happening> happenings;
      for (const std::size_t letter : word) happenings.push_back({{"", std::to_string(letter), {}}, things[letter]});
      Word out;
      for (const Label& label : normal_form(std::move(happenings))) out.push_back(std::stoul(label.event));
      return out;
    };
    for (const Word& word : all) RC_ASSERT(form(word) == *all.begin());
  });
}

namespace {

struct Doing {
  int what = 0;  // 0: x = more, 1: y = more, 2: y = x, 3: x = 2, 4: nothing but its event
  bool tells = true;
};

// The states of x and y in which the actor stands behind both statements, by the reference semantics.
std::set<std::pair<std::uint64_t, std::uint64_t>> states_behind(const Pair& pair) {
  std::set<ir::State> known;
  std::vector<ir::State> open;
  const auto add = [&](const ir::State& state) {
    if (known.insert(state).second) open.push_back(state);
  };
  const auto initial = eval::initial_states(pair.system, 100);
  for (const ir::State& state : *initial) add(state);
  std::set<std::pair<std::uint64_t, std::uint64_t>> out;
  const std::size_t place = ir::index(pair.system.actors[ir::index(pair.actor)].control);
  while (!open.empty()) {
    const ir::State state = open.back();
    open.pop_back();
    if (state[place] == done) out.emplace(state[ir::index(pair.x)], state[ir::index(pair.y)]);
    for (const ir::TransitionId id : eval::enabled(pair.system, state)) add(eval::fire(pair.system, id, state));
  }
  return out;
}

}  // namespace

TEST_CASE("random statements and another actor: what is the same leaves the same states behind") {
  std::size_t same = 0;
  rc::check([&same] {
    const auto doing = rc::gen::build<Doing>(rc::gen::set(&Doing::what, rc::gen::inRange(0, 5)),
                                             rc::gen::set(&Doing::tells, rc::gen::arbitrary<bool>()));
    const Doing one = *doing;
    const Doing two = *doing;
    const int other = *rc::gen::inRange(0, 6);
    const bool locked = *rc::gen::arbitrary<bool>();
    const auto make = [&](Pair& pair, bool moved) {
      for (const bool is_first : {true, false}) {
        const Doing& now = is_first == moved ? two : one;
        ir::Transition& t = pair.statement(is_first);
        if (now.tells) pair.tell(t, now.what % 2 == 0 ? "counts x" : "counts y");
        if (now.what == 0) pair.set(t, pair.x, pair.more(pair.x));
        if (now.what == 1) pair.set(t, pair.y, pair.more(pair.y));
        if (now.what == 2) pair.set(t, pair.y, pair.system.read(pair.x));
        if (now.what == 3) pair.set(t, pair.x, pair.number(pair.x, 2));
      }
      pair.at(pair.other, start, fetched, 0);
      ir::Transition& t = pair.at(pair.other, fetched, start, 0);
      if (other == 1) pair.set(t, pair.x, pair.number(pair.x, 3));
      if (other == 2) pair.set(t, pair.y, pair.system.read(pair.x));
      if (other == 3) t.guard = pair.less(pair.y, 1), pair.set(t, pair.x, pair.number(pair.x, 0));
      if (other == 4) pair.tell(t, "lock");
      if (other == 5) pair.set(t, pair.y, pair.more(pair.y));
      if (locked) pair.lock_all();
    };
    if (!same_up_to_order(make)) return;
    ++same;
    Pair straight, moved;
    make(straight, false);
    make(moved, true);
    RC_ASSERT(states_behind(straight) == states_behind(moved));
  });
  CHECK(same > 0);
}
