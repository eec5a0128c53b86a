#include "checker/smt/pdr.hpp"

#include <algorithm>
#include <queue>
#include <tuple>
#include <utility>

#include "checker/smt/frames.hpp"
#include "checker/smt/lift.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::smt {

namespace {

using ir::ExprId;
using ir::VarId;

// States that must not be reached in `level` steps: all of them run into a bad state, by `step` and what `next` does.
struct Obligation {
  Cube cube;
  std::optional<ir::TransitionId> step;
  std::size_t next = 0;
};

class Pdr {
 public:
  Pdr(ir::TransitionSystem& system, ExprId bad, std::span<const ExprId> lemmas, const PdrOptions& options)
      : system_(system),
        bad_(bad),
        options_(options),
        frames_(system, bad, lemmas, options.rebuild_after, options.patience),
        lifter_(system),
        weight_(system.variables.size(), 0) {}

  SafetyAnswer run() {
    if (!bad_at_start()) {
      while (!over_) {
        if (options_.most_frames != 0 && frames_.top() == options_.most_frames) {
          give_up("depth");
          break;
        }
        frames_.add_frame();
        if (block_all_bad()) propagate();
      }
    }
    answer_.queries = frames_.queries();
    answer_.depth = frames_.top();
    return std::move(answer_);
  }

 private:
  // The search is over if some initial state is bad, or nobody knows.
  bool bad_at_start() {
    const Answer found = frames_.ask_bad(0);
    if (found == Answer::unknown) return give_up(frames_.reason()), true;
    if (found == Answer::unsat) return false;
    const auto start = frames_.state();
    if (!start) return refute("the solver's model has no state"), true;
    show(*start, {});
    return true;
  }

  // False if the search is over.
  bool block_all_bad() {
    for (;;) {
      const Answer found = frames_.ask_bad(frames_.top());
      if (found == Answer::unsat) return true;
      if (found == Answer::unknown) return give_up(frames_.reason());
      const auto state = frames_.state();
      if (!state || !eval::is_true(system_.pool, bad_, *state)) return refute("on a bad state");
      obligations_.clear();
      if (!block({lifter_.in_which(*state, bad_), std::nullopt, 0})) return false;
    }
  }

  // Blocks an obligation of the top level and all that this leads to. False if the search is over.
  bool block(Obligation first) {
    using Entry = std::tuple<std::uint32_t, std::size_t>;  // level, number: low levels first
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    obligations_.push_back(std::move(first));
    if (!check_start(0)) return false;
    open.emplace(frames_.top(), 0);
    while (!open.empty()) {
      const auto [level, number] = open.top();
      const Cube cube = obligations_[number].cube;
      if (frames_.is_blocked(cube, level)) {
        open.pop();
        if (level < frames_.top() && !options_.shortest) open.emplace(level + 1, number);
        continue;
      }
      switch (frames_.ask_step(cube, level - 1)) {
        case Answer::unknown:
          return give_up(frames_.reason());
        case Answer::unsat: {
          open.pop();
          const auto up_to = block_generalized(frames_.core(cube), cube, level, options_.counterexamples);
          if (!up_to) return false;
          if (*up_to < frames_.top() && !options_.shortest) open.emplace(*up_to + 1, number);
          break;
        }
        case Answer::sat: {
          auto before = predecessor(cube);
          if (!before) return false;
          before->next = number;
          obligations_.push_back(std::move(*before));
          if (!check_start(obligations_.size() - 1)) return false;
          if (level == 1) return refute("a predecessor among the initial states is none of them");
          open.emplace(level - 1, obligations_.size() - 1);
        }
      }
    }
    return true;
  }

  // The states before the cube that the solver's model stands for. Nothing if the search is over.
  std::optional<Obligation> predecessor(const Cube& cube) {
    const auto state = frames_.state();
    const auto step = frames_.fired();
    if (!state || !step) return refute("the solver's model describes no step"), std::nullopt;
    if (!eval::is_enabled(system_, *step, *state) || !contains(cube, eval::fire(system_, *step, *state)))
      return refute("solver and interpreter differ on a step"), std::nullopt;
    return Obligation{lifter_.leading_to(*state, *step, cube), step, 0};
  }

  // If an initial state is in the obligation, that is a run. False if the search is over.
  bool check_start(std::size_t number) {
    const auto meets = frames_.meets_initial(obligations_[number].cube);
    if (!meets) return give_up(frames_.reason());
    if (!*meets) return true;
    std::vector<ir::TransitionId> steps;
    for (std::size_t at = number; obligations_[at].step; at = obligations_[at].next)
      steps.push_back(*obligations_[at].step);
    show(frames_.initial_state(), std::move(steps));
    return false;
  }

  // `core` is what of `cube` was needed to refute a predecessor in F(level - 1). Makes it as general as it gets, blocks
  // it as high up as it goes, and says how high. Nothing if the search is over.
  std::optional<std::uint32_t> block_generalized(Cube core, const Cube& cube, std::uint32_t level,
                                                 int counterexamples) {
    auto general = apart_from_start(std::move(core), cube);
    if (!general) return std::nullopt;
    if (!drop_literals(*general, level, counterexamples)) return std::nullopt;
    while (level < frames_.top()) {
      const Answer higher = frames_.ask_step(*general, level);
      if (higher == Answer::unknown) return give_up(frames_.reason()), std::nullopt;
      if (higher == Answer::sat) break;
      ++level;
    }
    for (const Literal& literal : *general) weight_[ir::index(literal.var)] += 1;
    frames_.block(*general, level);
    return level;
  }

  // A part of `cube` that has all of `core` and no initial state: the core of a refutation says nothing of those.
  std::optional<Cube> apart_from_start(Cube core, const Cube& cube) {
    for (const Literal& literal : cube) {
      const auto meets = frames_.meets_initial(core);
      if (!meets) return give_up(frames_.reason()), std::nullopt;
      if (!*meets) return core;
      if (contains({literal}, frames_.initial_state())) continue;
      core.push_back(literal);
      std::sort(core.begin(), core.end());
      core.erase(std::unique(core.begin(), core.end()), core.end());
    }
    const auto meets = frames_.meets_initial(core);
    if (!meets) return give_up(frames_.reason()), std::nullopt;
    return *meets ? cube : core;
  }

  // Literals that matter little so far are tried first.
  bool drop_literals(Cube& cube, std::uint32_t level, int counterexamples) {
    Cube order = cube;
    std::stable_sort(order.begin(), order.end(), [this](const Literal& a, const Literal& b) {
      return weight_[ir::index(a.var)] < weight_[ir::index(b.var)];
    });
    for (const Literal& literal : order) {
      if (cube.size() == 1) break;
      const auto at = std::find(cube.begin(), cube.end(), literal);
      if (at == cube.end()) continue;
      Cube smaller = cube;
      smaller.erase(smaller.begin() + (at - cube.begin()));
      if (!try_smaller(cube, std::move(smaller), level, counterexamples)) return false;
    }
    return !options_.bits || drop_bits(cube, level);
  }

  bool drop_bits(Cube& cube, std::uint32_t level) {
    for (const Literal& whole : Cube(cube)) {
      for (std::uint64_t bit = 1; bit != 0 && bit <= whole.mask; bit <<= 1U) {
        const auto at = std::find_if(cube.begin(), cube.end(), [&](const Literal& l) { return l.var == whole.var; });
        if (at == cube.end()) break;
        if ((at->mask & bit) == 0 || (at->mask & ~bit) == 0) continue;
        Cube smaller = cube;
        Literal& literal = smaller[static_cast<std::size_t>(at - cube.begin())];
        literal.mask &= ~bit;
        literal.value &= ~bit;
        if (!try_smaller(cube, std::move(smaller), level, 0)) return false;
      }
    }
    return true;
  }

  // Puts `smaller`, or a part of it, in the place of `cube` if it cannot be entered from F(level - 1) either. False if
  // the search is over. This is ctgDown of Hassan, Bradley, Somenzi (2013), figure 3.
  bool try_smaller(Cube& cube, Cube smaller, std::uint32_t level, int counterexamples) {
    int left = counterexamples;
    for (;;) {
      const auto meets = frames_.meets_initial(smaller);
      if (!meets) return give_up(frames_.reason());
      if (*meets) return true;
      const Answer found = frames_.ask_step(smaller, level - 1);
      if (found == Answer::unknown) return give_up(frames_.reason());
      if (found == Answer::unsat) {
        auto general = apart_from_start(frames_.core(smaller), smaller);
        if (!general) return false;
        cube = std::move(*general);
        return true;
      }
      if (left == 0) return true;
      --left;
      const auto blocked = block_counterexample(smaller, level);
      if (!blocked) return false;
      if (!*blocked) return true;
    }
  }

  // The state from which the solver enters the cube; is it itself out of reach, and easy to block? Nothing if the
  // search is over.
  std::optional<bool> block_counterexample(const Cube& cube, std::uint32_t level) {
    if (level == 1) return false;
    const auto before = predecessor(cube);
    if (!before) return std::nullopt;
    const auto meets = frames_.meets_initial(before->cube);
    if (!meets) return give_up(frames_.reason()), std::nullopt;
    if (*meets) return false;
    const Answer found = frames_.ask_step(before->cube, level - 2);
    if (found == Answer::unknown) return give_up(frames_.reason()), std::nullopt;
    if (found == Answer::sat) return false;
    if (!block_generalized(frames_.core(before->cube), before->cube, level - 1, 0)) return std::nullopt;
    return true;
  }

  // Moves blocked cubes up. If a level has none left, it is inductive.
  void propagate() {
    for (std::uint32_t level = 1; level < frames_.top(); ++level) {
      const std::vector<Cube> here = frames_.blocked_at(level);
      for (const Cube& cube : here) {
        // A cube that moved up may have swallowed it.
        const auto& still = frames_.blocked_at(level);
        if (std::find(still.begin(), still.end(), cube) == still.end()) continue;
        const Answer higher = frames_.ask_step(cube, level);
        if (higher == Answer::unknown) return static_cast<void>(give_up(frames_.reason()));
        if (higher == Answer::unsat) frames_.block(cube, level + 1);
      }
      if (frames_.blocked_at(level).empty()) return prove(level + 1);
    }
  }

  void prove(std::uint32_t level) {
    over_ = true;
    answer_.kind = SafetyAnswer::Kind::safe;
    ir::ExprPool& pool = system_.pool;
    for (std::uint32_t i = level; i <= frames_.top(); ++i) {
      for (const Cube& cube : frames_.blocked_at(i)) {
        ExprId clause = pool.truth(false);
        for (const Literal& literal : cube)
          clause = pool.or_(clause, pool.not_(as_expression(pool, literal, system_.read(literal.var))));
        answer_.clauses.push_back(clause);
      }
    }
  }

  void show(ir::State initial, std::vector<ir::TransitionId> steps) {
    ir::Run run{std::move(initial), std::move(steps)};
    const auto replayed = eval::replay(system_, run);
    if (!replayed || !eval::is_true(system_.pool, bad_, replayed->states.back())) {
      refute(replayed ? "the run does not end in a bad state"
                      : "the run cannot be replayed: " + replayed.error().message);
      return;
    }
    over_ = true;
    answer_.kind = SafetyAnswer::Kind::unsafe;
    answer_.run = std::move(run);
  }

  bool give_up(const std::string& reason) {
    over_ = true;
    answer_.reason = reason;
    return false;
  }

  bool refute(const std::string& why) {
    over_ = true;
    answer_.reason = "internal error";
    answer_.internal_error = "property directed reachability, frame " + std::to_string(frames_.top()) + ": " + why;
    return false;
  }

  ir::TransitionSystem& system_;
  ExprId bad_;
  const PdrOptions& options_;
  Frames frames_;
  Lifter lifter_;
  std::vector<Obligation> obligations_;
  std::vector<std::uint32_t> weight_;  // by VarId: clauses that speak of it
  SafetyAnswer answer_;
  bool over_ = false;
};

}  // namespace

SafetyAnswer pdr(ir::TransitionSystem& system, ExprId bad, std::span<const ExprId> lemmas, const PdrOptions& options) {
  return Pdr(system, bad, lemmas, options).run();
}

}  // namespace hotproof::checker::smt
