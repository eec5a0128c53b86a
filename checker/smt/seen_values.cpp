#include "checker/smt/seen_values.hpp"

namespace hotproof::checker::smt {

using ir::VarId;

namespace {

constexpr std::size_t most_atoms_for_places = 1000;

}  // namespace

SeenValues::SeenValues(const ir::TransitionSystem& system, std::size_t most_values, std::size_t most_atoms)
    : is_location_(system.variables.size(), false),
      most_values_(most_values),
      most_atoms_(most_atoms),
      followed_(system.variables.size(), true),
      number_(system.variables.size()),
      of_variable_(system.variables.size()) {
  for (const ir::Actor& actor : system.actors) is_location_[ir::index(actor.control)] = true;
}

std::size_t SeenValues::new_atom(VarId id, std::uint64_t value) {
  const std::size_t number = atoms_.size();
  atoms_.push_back({id, value});
  number_[ir::index(id)].emplace(value, number);
  of_variable_[ir::index(id)].push_back(number);
  for (std::vector<bool>& row : together_) row.push_back(false);
  together_.emplace_back(atoms_.size(), false);
  if (atoms_.size() > most_atoms_for_places) {
    follows_places_ = false;
    at_place_.clear();
    places_.clear();
  }
  if (is_location_[ir::index(id)] && follows_places_) {
    place_of_.emplace(number, places_.size());
    places_.push_back(number);
    at_place_.emplace_back();
  }
  return number;
}

void SeenValues::forget(VarId id) {
  followed_[ir::index(id)] = false;
  of_variable_[ir::index(id)].clear();
  number_[ir::index(id)].clear();
}

bool SeenValues::add(const ir::State& state) {
  bool fresh = false;
  std::vector<std::size_t> here;
  for (std::size_t i = 0; i < state.size(); ++i) {
    if (!followed_[i]) continue;
    const auto id = static_cast<VarId>(i);
    const auto known = number_[i].find(state[i]);
    if (known != number_[i].end()) {
      here.push_back(known->second);
      continue;
    }
    fresh = true;
    const bool too_many = (of_variable_[i].size() >= most_values_ && !is_location_[i]) || atoms_.size() >= most_atoms_;
    if (too_many)
      forget(id);
    else
      here.push_back(new_atom(id, state[i]));
  }
  return add_pairs(here) || fresh;
}

bool SeenValues::add_pairs(const std::vector<std::size_t>& here) {
  bool fresh = false;
  for (const std::size_t a : here) {
    for (const std::size_t b : here) {
      if (a == b || together_[a][b]) continue;
      together_[a][b] = true;
      fresh = true;
    }
  }
  if (!follows_places_) return fresh;
  for (const std::size_t atom : here) {
    const auto place = place_of_.find(atom);
    if (place != place_of_.end() && add_at(at_place_[place->second], here)) fresh = true;
  }
  return fresh;
}

bool SeenValues::add_at(std::vector<std::vector<bool>>& rows, const std::vector<std::size_t>& here) {
  bool fresh = false;
  if (rows.size() < atoms_.size()) rows.resize(atoms_.size());
  for (const std::size_t a : here) {
    std::vector<bool>& row = rows[a];
    if (row.size() < atoms_.size()) row.resize(atoms_.size(), false);
    for (const std::size_t b : here) {
      if (row[b]) continue;
      row[b] = true;
      fresh = true;
    }
  }
  return fresh;
}

}  // namespace hotproof::checker::smt
