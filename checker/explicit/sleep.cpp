#include "checker/explicit/sleep.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace hotproof::checker::explicit_state {

namespace {

// Of the table that says what depends on what.
constexpr std::uint64_t most_bits = std::uint64_t{1} << 26U;
constexpr unsigned least_bits_of_slot = 4, most_bits_of_slot = 16;

void unite(std::vector<ir::VarId>& all, const std::vector<ir::VarId>& more) {
  std::vector<ir::VarId> both;
  std::set_union(all.begin(), all.end(), more.begin(), more.end(), std::back_inserter(both));
  all = std::move(both);
}

// Numbers for footprints; equal ones have the same. (There are far fewer than transitions or locations.)
class Footprints {
 public:
  std::uint32_t number(ir::Access footprint) {
    const auto next = static_cast<std::uint32_t>(known_.size());
    const auto [place, fresh] = known_.try_emplace({std::move(footprint.reads), std::move(footprint.writes)}, next);
    if (fresh) order_.push_back(&place->first);
    return place->second;
  }
  std::size_t size() const { return order_.size(); }
  const std::vector<ir::VarId>& reads(std::size_t number) const { return order_[number]->first; }
  const std::vector<ir::VarId>& writes(std::size_t number) const { return order_[number]->second; }

 private:
  using Both = std::pair<std::vector<ir::VarId>, std::vector<ir::VarId>>;
  std::map<Both, std::uint32_t> known_;
  std::vector<const Both*> order_;
};

// Sets of places, by variable.
class PlacesOf {
 public:
  PlacesOf(std::size_t variables, std::size_t words) : words_(words), by_variable_(variables) {}
  void add(ir::VarId var, std::size_t place) {
    std::vector<std::uint64_t>& bits = by_variable_[ir::index(var)];
    bits.resize(words_);
    bits[place / 64] |= std::uint64_t{1} << (place % 64);
  }
  void add_to(std::uint64_t* row, ir::VarId var) const {
    const std::vector<std::uint64_t>& bits = by_variable_[ir::index(var)];
    for (std::size_t i = 0; i < bits.size(); ++i) row[i] |= bits[i];
  }

 private:
  std::size_t words_;
  std::vector<std::vector<std::uint64_t>> by_variable_;  // empty: none
};

}  // namespace

SleepSets::SleepSets(const ir::TransitionSystem& system) {
  const std::size_t actors = std::max<std::size_t>(system.actors.size(), 1);
  bits_ = static_cast<unsigned>(std::clamp<std::size_t>(64 / actors, least_bits_of_slot, most_bits_of_slot));
  slots_ = std::min<std::size_t>(system.actors.size(), 64 / bits_);
  most_ = (std::uint64_t{1} << bits_) - 1;
  std::size_t all = 0;
  for (const ir::Actor& actor : system.actors) {
    first_.push_back(all);
    all += std::max<std::uint32_t>(actor.locations, 1);
  }
  // What an actor may do depends on where it stands: the union over the transitions from there.
  std::vector<ir::Access> of_location(all);
  Footprints rows, places;
  for (const ir::Transition& transition : system.transitions) {
    ir::Access one = ir::footprint(system, transition);
    ir::Access& location = of_location[first_[ir::index(transition.actor)] + transition.from];
    unite(location.reads, one.reads);
    unite(location.writes, one.writes);
    row_of_.push_back(rows.number(std::move(one)));
  }
  for (ir::Access& location : of_location) place_of_.push_back(places.number(std::move(location)));
  row_words_ = (places.size() + 63) / 64;
  if (rows.size() * row_words_ * 64 > most_bits) return;

  PlacesOf reading(system.variables.size(), row_words_), writing(system.variables.size(), row_words_);
  for (std::size_t place = 0; place < places.size(); ++place) {
    for (const ir::VarId var : places.reads(place)) reading.add(var, place);
    for (const ir::VarId var : places.writes(place)) writing.add(var, place);
  }
  dependent_.assign(rows.size() * row_words_, 0);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::uint64_t* const bits = &dependent_[row * row_words_];
    for (const ir::VarId var : rows.reads(row)) writing.add_to(bits, var);
    for (const ir::VarId var : rows.writes(row)) {
      reading.add_to(bits, var);
      writing.add_to(bits, var);
    }
  }
}

std::uint64_t SleepSets::bytes() const {
  return (place_of_.capacity() + row_of_.capacity()) * sizeof(std::uint32_t) + first_.capacity() * sizeof(std::size_t) +
         dependent_.capacity() * 8;
}

Sleepers SleepSets::exchanged(const ir::Interchangeable& actors, const Orbits::Order& order, Sleepers sleepers) const {
  Sleepers out = sleepers;
  for (const ir::ActorId member : actors.members)
    if (ir::index(member) < slots_) out &= ~(most_ << (ir::index(member) * bits_));
  for (std::size_t i = 0; i < actors.members.size(); ++i)
    if (const auto said = enabled(sleepers, ir::index(actors.members[order[i]])))
      out = with(out, ir::index(actors.members[i]), *said);
  return out;
}

void SleepersByLevel::wake_all() {
  wanted_ = false;
  sets_.reset();
  for (SleepLog& log : logs_) log.end();
}

void SleepersByLevel::next_level(StateId first_behind) {
  at_hand_ = 1 - at_hand_;
  if (sets_) logs_[1 - at_hand_].begin(first_behind);
}

std::uint64_t SleepersByLevel::bytes() const {
  return (sets_ ? sets_->bytes() : 0) + logs_[0].bytes() + logs_[1].bytes();
}

std::uint64_t SleepersByLevel::bytes_to_come(std::uint64_t more) const {
  const SleepLog& next = logs_[1 - at_hand_];
  return sets_ ? next.bytes_for(more) - next.bytes() : 0;
}

}  // namespace hotproof::checker::explicit_state
