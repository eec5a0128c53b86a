// What a program of the generator means: its tree as a list of small steps, and all interleavings of them. Shares
// nothing with lowering, nor with the transition system and those who take it.
#include <algorithm>
#include <set>

#include "checker/campaign/programs.hpp"

namespace hotproof::campaign {

namespace {

constexpr std::size_t most_states = 60'000;

enum class Do : std::uint8_t {
  load,
  store,
  store_value,
  compute,
  unless,
  jump,
  lock,
  unlock,
  try_,
  choose,
  fault,
  assert_,
  set_t,
  set_r,
  copy_r,
  end
};

struct Step {
  Do what{};
  std::size_t frame = 0;  // whose t and r
  std::size_t where = 0;  // a global, a lock, or (copy_r) the frame that gets it
  std::uint64_t value = 0;
  std::size_t form = 0;
  std::size_t target = 0;  // unless, jump, try_ (busy), fault (none)
};

// One actor's steps, with listeners in the places where they are called.
class Flattened {
 public:
  Flattened(const Program& program, const std::vector<Statement>& actor) : program_(program) {
    for (std::size_t i = 0; i < program.listeners.size(); ++i) chain_.push_back(i);
    std::stable_sort(chain_.begin(), chain_.end(), [&](std::size_t a, std::size_t b) {
      return program.listeners[a].priority > program.listeners[b].priority;
    });
    block(actor, 0);
    add({.what = Do::end});
  }
  std::vector<Step> steps;
  std::size_t frames = 1;

 private:
  std::size_t add(const Step& step) {
    steps.push_back(step);
    return steps.size() - 1;
  }
  void land(std::size_t jump) { steps[jump].target = steps.size(); }
  void block(const std::vector<Statement>& statements, std::size_t frame) {
    for (const Statement& statement : statements) one(statement, frame);
  }
  // `body`, and `otherwise` where the step jumps.
  void branch(std::size_t jump, const Statement& s, std::size_t frame, bool unlocks) {
    block(s.body, frame);
    if (unlocks) add({.what = Do::unlock, .where = s.where, .form = s.form});
    const std::size_t over = add({.what = Do::jump});
    land(jump);
    block(s.otherwise, frame);
    land(over);
  }
  // A listener's r goes to the frame that calls it.
  void call(std::size_t listener, std::uint64_t action, std::size_t frame, bool keep) {
    const std::size_t mine = frames++;
    add({.what = Do::set_t, .frame = mine, .value = action});
    add({.what = Do::set_r, .frame = mine, .value = 1});
    block(program_.listeners[listener].body, mine);
    if (keep) add({.what = Do::copy_r, .frame = mine, .where = frame});
  }
  void notify(const Statement& s, std::size_t frame) {
    std::vector<std::size_t> overs;
    add({.what = Do::set_r, .frame = frame, .value = 0});
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      call(chain_[i], s.value, frame, true);
      const std::size_t goes_on = add({.what = Do::unless, .frame = frame, .value = 0, .form = 3});
      if (s.form == 1)
        for (std::size_t k = 0; k < i; ++k) call(chain_[k], 3, frame, false);
      overs.push_back(add({.what = Do::jump}));
      land(goes_on);
    }
    for (const std::size_t over : overs) land(over);
  }
  void one(const Statement& s, std::size_t frame) {
    using Kind = Statement::Kind;
    switch (s.kind) {
      case Kind::load:
        add({.what = Do::load, .frame = frame, .where = s.where});
        return;
      case Kind::store:
        add({.what = s.form == 1 ? Do::store_value : Do::store, .frame = frame, .where = s.where, .value = s.value});
        return;
      case Kind::compute:
        add({.what = Do::compute, .frame = frame, .value = s.value, .form = s.form});
        return;
      case Kind::if_:
        return branch(add({.what = Do::unless, .frame = frame, .value = s.value, .form = s.form}), s, frame, false);
      case Kind::loop:
        for (std::uint64_t i = 0; i < s.value; ++i) block(s.body, frame);
        return;
      case Kind::section:
        add({.what = Do::lock, .where = s.where, .form = s.form});
        block(s.body, frame);
        add({.what = Do::unlock, .where = s.where, .form = s.form});
        return;
      case Kind::try_:
        return branch(add({.what = Do::try_, .where = s.where, .form = s.form}), s, frame, true);
      case Kind::take:
        add({.what = Do::lock, .where = s.where, .form = 0});
        return;
      case Kind::fault:
        return branch(add({.what = Do::fault}), s, frame, false);
      case Kind::choose:
        add({.what = Do::choose, .frame = frame, .value = s.value});
        return;
      case Kind::assert_:
        add({.what = Do::assert_, .frame = frame, .value = s.value, .form = s.form});
        return;
      case Kind::refuse:
        add({.what = Do::set_r, .frame = frame, .value = 2});
        return;
      case Kind::notify:
        notify(s, frame);
    }
  }

  const Program& program_;
  std::vector<std::size_t> chain_;
};

struct State {
  std::vector<std::uint64_t> globals;
  std::vector<std::size_t> at;                      // by actor
  std::vector<std::vector<std::uint64_t>> t, r;     // by actor, by frame
  std::vector<std::size_t> writer;                  // by lock: 0, or 1 + actor
  std::vector<std::vector<std::uint64_t>> readers;  // by lock, by actor
  bool failed = false, faulted = false;
  friend auto operator<=>(const State&, const State&) = default;
};

class Machine {
 public:
  explicit Machine(const Program& program) {
    State start;
    start.globals.assign(program.globals, 0);
    for (const auto& actor : program.actors) {
      actors_.emplace_back(program, actor);
      start.t.emplace_back(actors_.back().frames, 0);
      start.r.emplace_back(actors_.back().frames, 0);
    }
    start.at.assign(program.actors.size(), 0);
    start.writer.assign(program.locks.size(), 0);
    start.readers.assign(program.locks.size(), std::vector<std::uint64_t>(program.actors.size(), 0));
    meet(std::move(start));
  }

  Meaning explore() {
    while (!open_.empty() && seen_.size() < most_states) {
      const State state = std::move(open_.back());
      open_.pop_back();
      bool moves = false, all_end = true;
      for (std::size_t a = 0; a < actors_.size(); ++a) {
        const bool ends = step_of(a, state).what == Do::end;
        if (ends && !state.faulted) out_.ends_without_fault = true;
        all_end = all_end && ends;
        if (!ends) moves = step(a, state) || moves;
      }
      if (moves) continue;
      if (!all_end) out_.stuck = true;
      note(state, all_end);
    }
    out_.too_large = !open_.empty();
    out_.ends = joined(ends_);
    out_.outcomes = joined(outcomes_);
    return out_;
  }

 private:
  const Step& step_of(std::size_t actor, const State& state) const { return actors_[actor].steps[state.at[actor]]; }

  static std::string joined(const std::set<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : "; ") + part;
    return all;
  }
  void note(const State& state, bool all_end) {
    std::string line;
    for (const std::uint64_t value : state.globals) line += (line.empty() ? "" : " ") + std::to_string(value);
    if (all_end) ends_.insert(line);
    outcomes_.insert(all_end ? line + (state.failed ? " failed" : "") : "stuck");
  }

  static bool holds(std::uint64_t t, std::uint64_t r, const Step& s) {
    switch (s.form) {
      case 0:
        return t == s.value;
      case 1:
        return t != s.value;
      case 2:
        return t < s.value;
      default:
        return r == 2;
    }
  }
  static std::uint64_t computed(std::uint64_t t, std::uint64_t r, const Step& s) {
    switch (s.form) {
      case 0:
        return s.value;
      case 1:
        return (t + s.value) & 3;
      case 2:
        return t ^ s.value;
      default:
        return r;
    }
  }

  static bool is_free(const State& state, const Step& s) {
    if (state.writer[s.where] != 0) return false;
    const auto& readers = state.readers[s.where];
    return s.form == 1 || std::all_of(readers.begin(), readers.end(), [](std::uint64_t n) { return n == 0; });
  }
  static void take(State& state, std::size_t actor, const Step& s) {
    if (s.form == 1)
      ++state.readers[s.where][actor];
    else
      state.writer[s.where] = actor + 1;
  }

  // Whether the actor can do its step; what comes of it is met.
  bool step(std::size_t a, const State& state) {
    const Step& s = step_of(a, state);
    State next = state;
    std::uint64_t& t = next.t[a][s.frame];
    std::uint64_t& r = next.r[a][s.frame];
    ++next.at[a];
    switch (s.what) {
      case Do::load:
        t = state.globals[s.where];
        break;
      case Do::store:
        next.globals[s.where] = t;
        break;
      case Do::store_value:
        next.globals[s.where] = s.value;
        break;
      case Do::compute:
        t = computed(t, r, s);
        break;
      case Do::unless:
        if (!holds(t, r, s)) next.at[a] = s.target;
        break;
      case Do::jump:
        next.at[a] = s.target;
        break;
      case Do::lock:
        if (!is_free(state, s)) return false;
        take(next, a, s);
        break;
      case Do::unlock:
        if (s.form == 1)
          --next.readers[s.where][a];
        else
          next.writer[s.where] = 0;
        break;
      case Do::try_:
        if (is_free(state, s))
          take(next, a, s);
        else
          next.at[a] = s.target;
        break;
      case Do::choose:
        for (std::uint64_t way = 0; way < s.value; ++way) {
          t = way;
          meet(next);
        }
        return true;
      case Do::fault:
        meet_fault(a, s, next);
        return true;
      case Do::assert_:
        if (!holds(t, r, s)) out_.fails = next.failed = true;
        break;
      case Do::set_t:
        t = s.value;
        break;
      case Do::set_r:
        r = s.value;
        break;
      case Do::copy_r:
        next.r[a][s.where] = r;
        break;
      case Do::end:
        return false;
    }
    meet(std::move(next));
    return true;
  }
  void meet_fault(std::size_t a, const Step& s, State next) {
    State none = next;
    none.at[a] = s.target;
    meet(std::move(none));
    next.faulted = true;
    meet(std::move(next));
  }

  void meet(State state) {
    if (seen_.insert(state).second) open_.push_back(std::move(state));
  }

  std::vector<Flattened> actors_;
  std::set<State> seen_;
  std::vector<State> open_;
  std::set<std::string> ends_, outcomes_;
  Meaning out_;
};

}  // namespace

Meaning meaning(const Program& program) {
  return Machine(program).explore();
}

}  // namespace hotproof::campaign
