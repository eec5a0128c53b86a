// Sleep sets: who need not move in a state, since all that he could do there has been met before (P. Godefroid,
// Partial-Order Methods for the Verification of Concurrent Systems, LNCS 1032, 1996, chapter 5; here by actors, for a
// breadth-first search that keeps its states). docs/reductions.md has the argument.
//
// No state and no transition is left out by them, and nothing is found later: a sleeper's steps are counted, as it is
// known how many he has, and what they lead to is already there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "checker/explicit/orbits.hpp"
#include "checker/explicit/states.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::explicit_state {

// Who sleeps in a state, a few bits an actor: 0 if he does not; one more than the number of transitions that he has
// enabled there if he does.
using Sleepers = std::uint64_t;

class SleepSets {
 public:
  // One in which nobody ever sleeps, where it would take much memory to know who may.
  explicit SleepSets(const ir::TransitionSystem& system);

  bool empty() const { return dependent_.empty(); }  // nobody ever sleeps
  std::uint64_t bytes() const;

  // How many transitions the actor has enabled, if he sleeps.
  std::optional<std::uint32_t> enabled(Sleepers sleepers, std::size_t actor) const {
    const std::uint64_t said = actor < slots_ ? sleepers >> (actor * bits_) & most_ : 0;
    return said == 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(said - 1));
  }
  // The same and this one, who is awake, if so many can be said.
  Sleepers with(Sleepers sleepers, std::size_t actor, std::uint64_t enabled) const {
    return actor >= slots_ || enabled >= most_ ? sleepers : sleepers | (enabled + 1) << (actor * bits_);
  }

  // Where an actor stands, as a number for `place` below.
  std::uint32_t place(std::size_t actor, std::uint64_t location) const { return place_of_[first_[actor] + location]; }
  // Of these, those that sleep behind a transition: on whose steps, from where they stand, it does not depend.
  // `places`, by actor, is where they stood before it.
  Sleepers behind(ir::TransitionId transition, Sleepers sleepers, const std::uint32_t* places) const {
    const std::uint64_t* const row = &dependent_[std::size_t{row_of_[ir::index(transition)]} * row_words_];
    Sleepers out = sleepers;
    for (std::size_t actor = 0; actor < slots_; ++actor)
      if ((row[places[actor] / 64] >> (places[actor] % 64) & 1U) != 0) out &= ~(most_ << (actor * bits_));
    return out;
  }
  // When members of a class of actors have changed places: each of them took the part of the one that `order` says.
  Sleepers exchanged(const ir::Interchangeable& actors, const Orbits::Order& order, Sleepers sleepers) const;

 private:
  std::size_t slots_ = 0;                // actors from here on never sleep
  unsigned bits_ = 0;                    // a slot
  std::uint64_t most_ = 0;               // that fits
  std::vector<std::size_t> first_;       // by actor: the number of its first location among those of all
  std::vector<std::uint32_t> place_of_;  // by location of all
  std::vector<std::uint32_t> row_of_;    // by TransitionId
  std::size_t row_words_ = 0;
  std::vector<std::uint64_t> dependent_;  // a row of bits by place
};

// The sleepers of states that follow each other. Of those before, nobody sleeps.
class SleepLog {
 public:
  // Forgets all; the next is of this state.
  void begin(StateId first) {
    first_ = first;
    log_.clear();
  }
  // Forgets all, and there are none to come.
  void end() { *this = {}; }
  void append(Sleepers sleepers) { log_.append(sleepers); }
  Sleepers operator[](StateId id) const { return id < first_ ? 0 : log_[id - first_]; }
  std::uint64_t bytes() const { return log_.bytes(); }
  std::uint64_t bytes_for(std::uint64_t more) const { return log_.bytes_for(more); }

 private:
  StateId first_ = ~StateId{0};
  Log<Sleepers> log_;
};

// Who sleeps in the states of the level that a search goes through, and in those of the next while they get their
// numbers.
class SleepersByLevel {
 public:
  // `wanted`: somebody may, some day.
  explicit SleepersByLevel(bool wanted) : wanted_(wanted) {}

  bool wanted() const { return wanted_; }
  // Null: nobody sleeps, or not yet.
  const SleepSets* sets() const { return sets_.get(); }
  void begin(const ir::TransitionSystem& system) { sets_ = std::make_unique<SleepSets>(system); }
  // From now on, and for good. It may be done at any time: what a sleeper leads to is there, and is looked up then.
  void wake_all();

  // The next level is at hand; the one that follows it begins with this state.
  void next_level(StateId first_behind);
  const SleepLog& at_hand() const { return logs_[at_hand_]; }
  // Of the next state of the next level.
  void append(Sleepers sleepers) {
    if (sets_) logs_[1 - at_hand_].append(sleepers);
  }

  std::uint64_t bytes() const;
  // What so many more states would take.
  std::uint64_t bytes_to_come(std::uint64_t more) const;

 private:
  bool wanted_;
  std::unique_ptr<SleepSets> sets_;
  SleepLog logs_[2];
  unsigned at_hand_ = 0;
};

}  // namespace hotproof::checker::explicit_state
