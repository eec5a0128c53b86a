// One thread's part in a search: it takes states, in the search's order, judges them, and gathers their successors.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/bytecode.hpp"
#include "checker/explicit/claims.hpp"
#include "checker/explicit/layout.hpp"
#include "checker/explicit/orbits.hpp"
#include "checker/explicit/recent.hpp"
#include "checker/explicit/sleep.hpp"
#include "checker/explicit/states.hpp"
#include "checker/explicit/wait_for.hpp"
#include "model/ir/ample/ample.hpp"

namespace hotproof::checker::explicit_state {

using Clock = std::chrono::steady_clock;
inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}
inline constexpr double seconds_between_reports = 0.25;

// What a search looks for.
struct Plan {
  Selection selection;
  std::vector<Demand> invariants;
  std::vector<ir::PropertyId> deadlocks;  // properties of that kind
  std::vector<ir::MarkId> enough;         // not empty: stop once all these marks are reached
  // What is asked for, all in all. A search that has an answer to each, and is large, ends.
  std::vector<ir::PropertyId> to_break;
  std::vector<ir::MarkId> to_reach;
  bool only_answers = false;  // it ends then, however small it is
  bool reducible = true;      // actors may go alone
  Clock::time_point start = Clock::now();  // from which limits.seconds count

  // Is there an answer, in these lists by PropertyId and by MarkId, to everything that is asked for?
  template <class Answer>
  bool is_answered(const std::vector<std::optional<Answer>>& broken,
                   const std::vector<std::optional<Answer>>& reached) const {
    const auto is_broken = [&](ir::PropertyId id) { return broken[ir::index(id)].has_value(); };
    const auto is_reached = [&](ir::MarkId id) { return reached[ir::index(id)].has_value(); };
    return (!to_break.empty() || !to_reach.empty()) && std::all_of(to_break.begin(), to_break.end(), is_broken) &&
           std::all_of(to_reach.begin(), to_reach.end(), is_reached);
  }
};

// Goes to the actor, if there is one, that may go alone and can: the first one by number.
class Alone {
 public:
  // The system must outlive it.
  Alone(const CompiledSystem& compiled, std::size_t actors) : compiled_(compiled), at_(actors) {}

  // `fire` fires all transitions of an actor, and says whether there were any. True if that is enough. A deadlock, if
  // there is one, is then also one behind them.
  template <class Fire>
  bool go(const ir::AmpleSets& ample, const std::uint64_t* state, const Fire& fire) {
    for (std::size_t actor = 0; actor < at_.size(); ++actor)
      at_[actor] = static_cast<ir::Location>(compiled_.location(actor, state));
    for (std::size_t actor = 0; actor < at_.size(); ++actor)
      if (ample.may_go_alone(actor, at_) && fire(actor)) return true;
    return false;
  }

 private:
  const CompiledSystem& compiled_;
  std::vector<ir::Location> at_;  // by actor, of the state at hand
};

// The first place, in the order of the search, where something was found. States are numbered in the order: parent,
// then actor, then transition; so it is the same place every time, at the least depth.
struct Found {
  StateId state = 0;
  std::optional<ir::TransitionId> fired;  // in that state; nothing: the state itself
  std::uint32_t depth = 0;                // steps of the run, `fired` included
};

// Successors of a few states that follow each other in the order, divided by shard.
class alignas(apart) Successors {
 public:
  explicit Successors(std::uint32_t words, unsigned shards) : stride_(words + 3), lanes_(shards) {}

  struct View {
    std::uint64_t hash;
    std::uint64_t place;  // its parent below, above it its number among all successors of these states, as they fired
    Sleepers sleepers;    // in it, if this is where it is met first
    const std::uint64_t* state;
  };
  struct Fresh {
    std::uint64_t place;
    Sleepers sleepers;
  };
  struct alignas(apart) Lane {
    std::vector<std::uint64_t> words;  // of each: hash, place, sleepers, state
    std::uint32_t count = 0;
    std::vector<Fresh> fresh;  // set by who inserts: those that were new, by place
  };

  void clear() {
    sequence_ = 0;
    for (Lane& lane : lanes_) {
      lane.count = 0;
      lane.fresh.clear();
    }
  }
  void add(unsigned shard, const std::uint64_t* state, std::uint64_t hash, StateId parent, Sleepers sleepers) {
    Lane& lane = lanes_[shard];
    const std::size_t at = std::size_t{lane.count++} * stride_;
    if (at + stride_ > lane.words.size()) lane.words.resize(2 * lane.words.size() + 64 * stride_);
    std::uint64_t* const out = &lane.words[at];
    out[0] = hash;
    out[1] = std::uint64_t{sequence_++} << 32U | parent;  // in the order of the sequence as a number, too
    out[2] = sleepers;
    for (std::uint32_t i = 3; i < stride_; ++i) out[i] = state[i - 3];
  }
  unsigned shards() const { return static_cast<unsigned>(lanes_.size()); }
  Lane& lane(unsigned shard) { return lanes_[shard]; }
  const Lane& lane(unsigned shard) const { return lanes_[shard]; }
  View at(const Lane& lane, std::uint32_t index) const {
    const std::uint64_t* const words = &lane.words[std::size_t{index} * stride_];
    return {words[0], words[1], words[2], words + 3};
  }
  // If all of them are new.
  std::uint64_t bytes_to_come() const {
    std::uint64_t all = 0;
    for (const Lane& lane : lanes_)
      if (lane.count > lane.fresh.capacity()) all += sizeof(Fresh) * (lane.count - lane.fresh.capacity());
    return all;
  }
  std::uint64_t bytes() const {
    std::uint64_t all = 0;
    for (const Lane& lane : lanes_) all += lane.words.capacity() * 8 + lane.fresh.capacity() * sizeof(Fresh);
    return all;
  }

 private:
  std::uint32_t stride_;
  std::uint32_t sequence_ = 0;
  std::vector<Lane> lanes_;
};

// Why a search ends whose layout is full.
inline constexpr const char* full_dictionary = "a dictionary is full";

class alignas(apart) Expander : private SilentSink {
 public:
  // All arguments must outlive it. `test_claims`: see ClaimChecker.
  Expander(const ir::TransitionSystem& system, const Layout& layout, const Orbits& orbits,
           const CompiledSystem& compiled, const Plan& plan, bool test_claims);
  Expander(const Expander&) = delete;
  Expander& operator=(const Expander&) = delete;

  // Judges `count` states, of which `first` is the number of the first one and which all are reached by `depth` steps.
  // Their successors go to `out`, all that are new and perhaps others; null: they are counted only. `sleepers` says who
  // need not move in them. Must be given states in ascending order.
  void expand(States::Walk& walk, const SleepLog& sleepers, StateId first, std::uint32_t count, std::uint32_t depth,
              Successors* out);

  // What was found since the last forget_news(), each at the first of the states given to this one.
  bool has_news() const { return news_; }
  const std::optional<Found>& broken_at(ir::PropertyId id) const { return broken_[ir::index(id)]; }
  const std::optional<Found>& reached_at(ir::MarkId id) const { return reached_[ir::index(id)]; }
  // Why the search cannot go on: a value outside its range, or a claim that does not hold.
  struct Obstacle {
    StateId state = 0;
    std::string why;
    std::string refuted_claim;
  };
  const std::optional<Obstacle>& obstacle() const { return obstacle_; }
  void forget_news();

  // Nobody needs to hear of these any more.
  void settle(ir::PropertyId id) { scratch_.settled[compiled_.settled_index(id)] = 1; }
  void settle(ir::MarkId id) { scratch_.settled[compiled_.settled_index(id)] = 1; }
  void settle_deadlocks() { deadlock_wanted_ = false; }

  // From now on, an actor that may go alone does. Nobody must sleep then. What is given must outlive this.
  void reduce(const ir::AmpleSets& ample) { ample_ = &ample; }
  // From now on, whoever may sleep is sent to; null: nobody. What is given must outlive this.
  void let_sleep(const SleepSets* sleep) { sleep_ = sleep; }

  std::uint64_t enabled() const { return enabled_; }  // enabled transitions met in all
  std::uint64_t slept() const { return slept_; }      // those among them that were known and not fired
  Scratch& scratch() { return scratch_; }
  std::uint64_t bytes() const { return recent_.bytes(); }

 private:
  friend class CompiledSystem;  // which calls the functions of a sink
  void broken(ir::PropertyId id, const ir::TransitionId* fired);
  void reached(ir::MarkId id, ir::TransitionId fired);
  std::uint64_t* next() { return successor_.data(); }
  void fired(ir::TransitionId transition, const std::uint64_t*) {
    ++enabled_;
    if (out_ == nullptr) return;
    const bool moved = orbits_.make_canonical(successor_.data(), orders_);
    const std::uint64_t hash = hash_words(successor_.data(), layout_.words());
    if (recent_.meet(successor_.data(), hash)) return;
    const Sleepers sleepers = sleep_ == nullptr ? 0 : sleepers_behind(transition, moved);
    out_->add(static_cast<unsigned>(hash >> 24U) & shard_mask_, successor_.data(), hash, current_, sleepers);
  }
  Sleepers sleepers_behind(ir::TransitionId transition, bool moved) const {
    Sleepers out = sleep_->behind(transition, sleepers_, places_.data());
    for (std::size_t i = 0; moved && i < orders_.size(); ++i)
      out = sleep_->exchanged(*orbits_.classes()[i], orders_[i], out);
    return out;
  }
  void left_range(ir::VarId var, std::uint64_t value, ir::TransitionId fired);

  void judge(const std::uint64_t* state, Sleepers sleepers);
  void leave_unless_asleep(std::size_t actor, const std::uint64_t* state);
  bool leave(std::size_t actor, const std::uint64_t* state);
  void judge_deadlock(const std::uint64_t* state);
  void meet_obstacle(const std::string& why, const std::string& refuted_claim);

  const ir::TransitionSystem& system_;
  const Layout& layout_;
  const Orbits& orbits_;
  const CompiledSystem& compiled_;
  const Plan& plan_;
  Scratch scratch_;
  DeadlockTest deadlock_test_;
  std::optional<ClaimChecker> claims_;
  std::vector<std::uint64_t> successor_;
  Recent recent_;
  std::vector<std::uint8_t> blocked_;  // by actor, of the current state
  const SleepSets* sleep_ = nullptr;
  Sleepers sleepers_ = 0;              // of the current state, and whoever was fired there
  std::vector<std::uint32_t> places_;  // by actor, of the current state, as SleepSets names them
  std::vector<Orbits::Order> orders_;  // of the last successor
  const ir::AmpleSets* ample_ = nullptr;
  Alone alone_;
  Successors* out_ = nullptr;
  unsigned shard_mask_ = 0;
  StateId current_ = 0;      // the state being expanded
  std::uint32_t depth_ = 0;  // its level
  std::uint64_t enabled_ = 0, slept_ = 0;
  bool deadlock_wanted_ = false;
  bool news_ = false;
  std::vector<std::optional<Found>> broken_;   // by PropertyId
  std::vector<std::optional<Found>> reached_;  // by MarkId
  std::optional<Obstacle> obstacle_;
};

}  // namespace hotproof::checker::explicit_state
