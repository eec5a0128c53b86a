// Errors are values: a place, one sentence, and a hint. Exceptions do not cross library borders.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace hotproof {

// A place in a text the user knows. Line and column count from 1; 0 means "the whole file" or "the whole line".
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend auto operator<=>(const Place&, const Place&) = default;
};

struct Diagnostic {
  Place place;
  std::string message;  // one sentence, no full stop
  std::string hint;     // what to do about it; may be empty

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// "file:line:column: message (hint)", without the parts that are unknown.
std::string to_string(const Diagnostic& diagnostic);
std::string to_string(const Place& place);

template <class T>
using Outcome = tl::expected<T, Diagnostic>;

inline tl::unexpected<Diagnostic> failure(Place place, std::string message, std::string hint = {}) {
  return tl::unexpected<Diagnostic>(Diagnostic{std::move(place), std::move(message), std::move(hint)});
}

}  // namespace hotproof
