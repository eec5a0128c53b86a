// A block's way through its life in a run, read off the run's events and changes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/trace.hpp"

namespace hotproof::render {

enum class Life : std::uint8_t { absent, offline, going_online, online, going_offline };
inline constexpr std::array<std::string_view, 5> life_names = {"absent", "offline", "going online", "online",
                                                               "going offline"};

struct LifeMove {
  Life from;
  Life to;
  std::string_view how;
};
// The moves that a block's life is made of.
std::span<const LifeMove> life_moves();

struct LifeVisit {
  Life state = Life::offline;
  std::size_t step = 0;           // of the run, from 1, that brought the block here; 0: it was here
  std::string how;                // what that step was
  std::vector<std::string> told;  // what listeners were told meanwhile, first thing first
};

// The block that the run is about: of the last event that names one. Nothing: no event does.
std::optional<std::int64_t> block_of(const counterexamples::Trace& trace);

// Where the block was, first thing first; at least one visit.
std::vector<LifeVisit> life_of(const counterexamples::Trace& trace, std::int64_t block);

// "going online from step 2 (sets block 0 online), told MEM_PREPARE_ONLINE"
std::string in_words(const LifeVisit& visit);

}  // namespace hotproof::render
