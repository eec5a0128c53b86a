// What is wrong with a file that the verifier reads.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace hotproof::verify {

// Line and column count from 1; 0: the whole file, or the whole line. In a block of packed states, which has no lines,
// the line is that of the block's head.
struct Error {
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::string message;
  bool damaged = false;  // the form is right, but a hash is not that of its bytes
};

template <class T>
using Outcome = tl::expected<T, Error>;

}  // namespace hotproof::verify
