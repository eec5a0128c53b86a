// Messages of the Debug Adapter Protocol as they stand in a stream: a header with the length, an empty line, JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/source/diagnostic.hpp"

namespace hotproof::dap {

// Editors send far less.
inline constexpr std::size_t longest_message = 1U << 20U;
inline constexpr std::size_t longest_header = 4096;

class Framer {
 public:
  void add(std::string_view bytes) { rest_ += bytes; }
  // The next whole message's JSON; nothing if it is not there yet. Error: the stream is none of the protocol, or a
  // message too long; nothing that follows can be made sense of then.
  Outcome<std::optional<std::string>> next();
  // Whether part of a message is there, and not its end.
  bool is_within_message() const { return !rest_.empty(); }

 private:
  std::string rest_;
};

std::string framed(const std::string& json);

}  // namespace hotproof::dap
