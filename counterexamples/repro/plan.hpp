// What of a run a real kernel can be made to do, and what not and why.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "counterexamples/render/formats/formats.hpp"
#include "specs/lang/spec.hpp"

namespace hotproof::repro {

// A listener was told something and answered.
struct Told {
  std::int64_t listener = 0;
  std::string action;  // "MEM_GOING_ONLINE"; one of the kernel's eight
  std::int64_t answer = 0;
  bool refuses() const { return (answer & ~std::int64_t{0x8000}) > 1; }
};

// Something that was asked for through a file of the block in sysfs.
struct Request {
  std::string file;   // "state", "online"
  std::string value;  // "online", "1"
  bool online = false;
  std::optional<std::int64_t> result;  // empty: the run ends before it returns
  std::vector<Told> told;
  std::vector<std::string> sent;  // actions of the chain's calls
};

struct Plan {
  std::vector<Request> requests;
  std::vector<std::int64_t> listeners;   // of the module, first in the chain first
  std::optional<std::int64_t> injected;  // a listener that memory-notifier-error-inject stands for
  std::int64_t highest = 0;              // number of a listener
  bool left_online = false;  // how the run leaves the block, by the kernel's record of it
  bool to_the_end = false;  // what listeners are told is all that may happen until the last request is done
  // Why a real kernel cannot be made to take this run; empty: it can.
  std::vector<std::string> obstacles;
  // Why nobody outside the kernel sees whether the rule is violated; empty: it is seen from what listeners are told.
  std::string unseen;

  bool possible() const { return obstacles.empty(); }
  // A priority that puts a listener where the run has it.
  std::int64_t priority(std::int64_t listener) const { return highest + 1 - listener; }
};

// `rule` is the property's text; null if it is not known.
Plan plan_of(const render::RunView& run, const spec::SpecProperty* rule);

}  // namespace hotproof::repro
