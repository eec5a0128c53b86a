// What a search needs to go on later, in files: the states in their order with their parents, which only ever become more,
// and a small head that says how far they count. The head is replaced in one go, after what it speaks of has been written:
// so whatever moment a process ends at, there is a checkpoint that is whole, the last one or the one before.
//
// Files hold numbers of 8 bytes as this machine has them: they are made to be read again here, not to be carried elsewhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/expander.hpp"
#include "checker/explicit/states.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::checker::explicit_state {

// How far a search has come, between two rounds.
struct Progressed {
  std::uint32_t words = 0;  // of a state
  std::uint64_t states = 0;
  std::uint64_t initial_states = 0;
  std::uint64_t next = 0;       // the first state that is not expanded
  std::uint64_t level_end = 0;  // one more than the last state of its level
  std::uint32_t depth = 0;
  std::uint32_t covered = 0;
  std::uint32_t reduced_from = 0;    // the level from which actors go alone
  std::uint64_t enabled = 0;         // transitions met in all
  std::uint64_t enabled_before = 0;  // of these, before this level
  std::uint64_t data_hash = 0;       // of the states' file, up to here
  std::vector<std::optional<Found>> broken;          // by PropertyId
  std::vector<std::optional<Found>> reached;         // by MarkId
  Layout::Interned interned;                         // how states are laid out
};

class Checkpoint {
 public:
  // That of this search: of the system, and of what is looked for. Nothing is touched yet.
  Checkpoint(const std::filesystem::path& folder, std::uint64_t identity);
  ~Checkpoint();
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;

  // A number for the system, its properties, what of them is looked for, and which reductions there are, in words. Two
  // searches with the same one go the same way.
  static std::uint64_t identity_of(const ir::TransitionSystem& system, const Selection& selection,
                                   const std::string& reductions = {});

  // What lies there, if something does: how far it had come. Error: it cannot be read, or was damaged.
  Outcome<std::optional<Progressed>> last() const;
  // Brings the states that `progressed`, from last(), speaks of into `states`, which must be empty. Error: as above;
  // then `states` is worth nothing. Calls `in_between` now and then, when some of them are in.
  Outcome<void> load(const Progressed& progressed, States& states, const std::function<void()>& in_between);

  // Error: something could not be written; what was there before still is.
  Outcome<void> save(const States& states, const Progressed& progressed);
  // The search is over: the files go.
  void remove();

 private:
  Outcome<void> open_data();
  Outcome<void> append(const States& states);

  std::filesystem::path head_, data_;
  std::uint64_t identity_;
  std::uint64_t saved_ = 0;      // states in the data file that count
  std::uint64_t data_hash_ = 0;  // of them
  int file_ = -1;
};

}  // namespace hotproof::checker::explicit_state
