// Closed sets that are looked at in parts, because memory is short.
#include "verify/closed_set.hpp"

#include <doctest/doctest.h>

#include "verify/system.hpp"
#include "verify/state_index.hpp"

namespace hotproof::verify {

namespace {

// Two counters up to 300, each of which may go up: 90,601 states.
const std::string grid_system =
    "hotproof-system 1\n"
    "variable v0 \"pc\" width 1 unsigned control initial 0\n"
    "variable v1 \"x\" width 16 unsigned shared initial 0 range 0 300\n"
    "variable v2 \"y\" width 16 unsigned shared initial 0 range 0 300\n"
    "actor a0 \"a\" control v0 initial 0 locations 1 resting 0\n"
    "let e0 = ult v1 300:16\n"
    "let e1 = add v1 1:16\n"
    "let e2 = ult v2 300:16\n"
    "let e3 = add v2 1:16\n"
    "transition a0 from 0 to 0 guard e0\n"
    "update v1 e1\n"
    "transition a0 from 0 to 0 guard e2\n"
    "update v2 e3\n";

class Grid {
 public:
  Grid() {
    auto read = read_system(grid_system);
    REQUIRE(read.has_value());
    system_ = std::move(*read);
  }
  // `left_out`, `twice`: a state's number in the order of x, then y.
  Finding judged(const Effort& effort, std::uint64_t left_out = none, std::uint64_t twice = none, bool in_order = false) const {
    std::vector<std::uint64_t> states;
    for (std::uint64_t i = 0; i < 301 * 301; ++i)
      for (int times = i == left_out ? 0 : i == twice ? 2 : 1; times > 0; --times) states.push_back(i / 301 | i % 301 << 16U);
    StateSet set;
    set.places = {{0, 32, 0, {}}, {0, 0, 0, {}}, {0, 16, 0, {}}};
    set.pieces = {states};
    set.in_order_only = in_order;
    Wanted wanted;
    wanted.faults = true;
    return check_closed(system_, set, wanted, effort);
  }
  static constexpr std::uint64_t none = ~std::uint64_t{0};

 private:
  System system_;
};

Effort with_bytes(std::uint64_t bytes, unsigned threads = 2) {
  Effort out;
  out.threads = threads;
  out.bytes = bytes;
  return out;
}

}  // namespace

TEST_CASE("a closed set is accepted however little room there is, as long as there is some") {
  const Grid grid;
  CHECK(StateIndex::bytes_for(301 * 301, false) == 1 << 20);
  for (const std::uint64_t bytes : {0, 1 << 20, 1 << 19, 300'000, 100'000, 60'000}) {
    CAPTURE(bytes);
    for (const bool in_order : {false, true}) {
      const Finding found = grid.judged(with_bytes(bytes), Grid::none, Grid::none, in_order);
      CHECK_MESSAGE(found.status == Status::accepted, found.why);
    }
  }
  const Finding none = grid.judged(with_bytes(10'000));
  CHECK(none.status == Status::unchecked);
  CHECK(none.why.find("memory limit") != std::string::npos);
}

TEST_CASE("a state that is missing or stands there twice is noticed, whatever part it belongs to") {
  const Grid grid;
  for (const std::uint64_t bytes : {0, 100'000})
    for (std::uint64_t state = 0; state < 301 * 301; state += 3571) {
      CAPTURE(state);
      const Finding missing = grid.judged(with_bytes(bytes, 1), state);
      CHECK(missing.status == Status::rejected);
      CHECK(missing.why.find(state == 0 ? "initial state" : "leads out of the set") != std::string::npos);
      const Finding twice = grid.judged(with_bytes(bytes, 1), Grid::none, state);
      CHECK(twice.status == Status::rejected);
      CHECK(twice.why.find("twice") != std::string::npos);
    }
}

}  // namespace hotproof::verify
