// Words of the text form for the enumerations of the system, in the order of their values.
#pragma once

#include <array>
#include <string_view>

namespace hotproof::ir::words {

inline constexpr std::string_view first_line = "hotproof-system 1";
inline constexpr std::array<std::string_view, 5> role{"control", "shared", "local", "lock", "observer"};
inline constexpr std::array<std::string_view, 4> lock_kind{"mutex", "spin", "rwsem", "percpu-rwsem"};
inline constexpr std::array<std::string_view, 2> mode{"read", "write"};
inline constexpr std::array<std::string_view, 2> confidence{"high", "moderate"};
inline constexpr std::array<std::string_view, 4> property_kind{"invariant", "assertion", "cover", "deadlock"};
inline constexpr std::array<std::string_view, 4> choice{"none", "free", "fault", "listener"};
inline constexpr std::array<std::string_view, 4> lock_effect{"none", "acquires", "releases", "tries"};

template <std::size_t n, class Enum>
std::string_view of(const std::array<std::string_view, n>& words, Enum value) {
  return words[static_cast<std::size_t>(value)];
}

}  // namespace hotproof::ir::words
