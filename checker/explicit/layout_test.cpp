#include "checker/explicit/layout.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "checker/explicit/test_systems.hpp"

using namespace hotproof;
using namespace hotproof::checker::explicit_state;
using testing::SystemBuilder;

TEST_CASE("variables take the bits of their range, and none straddles a word") {
  SystemBuilder builder;
  builder.actor("a", 5);                                            // 3 bits
  const ir::VarId small = builder.variable("small", 32, 100, 103);  // 2 bits
  const ir::VarId one = builder.variable("one", 32, 7, 7);          // none
  const ir::VarId wide = builder.variable("wide", 64);              // 64 bits
  const Layout layout(builder.system);
  CHECK(layout.bits() == 3 + 2 + 64);
  CHECK(layout.words() == 2);
  CHECK(layout[small].bits == 2);
  CHECK(layout[one].bits == 0);
  CHECK(layout[wide].shift == 0);
  CHECK(layout[wide].word != layout[small].word);
}

TEST_CASE("a value outside the declared range is named") {
  SystemBuilder builder;
  const ir::VarId x = builder.variable("x", 8, 3, 9);
  ir::Variable negative{.name = "n", .width = 8, .is_signed = true, .initial = 0xff};
  negative.low = 0xfe;  // -2 … 1
  negative.high = 1;
  const ir::VarId n = builder.system.add_variable(negative);
  const Layout layout(builder.system);
  std::uint64_t words[1];
  CHECK(layout.pack({3, 0xfe}, words) == std::nullopt);
  CHECK(layout.unpack(words) == ir::State{3, 0xfe});
  CHECK(layout.pack({9, 1}, words) == std::nullopt);
  CHECK(layout.unpack(words) == ir::State{9, 1});
  CHECK(layout.pack({10, 0}, words) == x);
  CHECK(layout.pack({2, 0}, words) == x);
  CHECK(layout.pack({3, 2}, words) == n);
  CHECK(layout.pack({3, 0xfd}, words) == n);
}

TEST_CASE("packing and unpacking give the state back") {
  CHECK(rc::check([] {
    SystemBuilder builder;
    ir::State state;
    const int count = *rc::gen::inRange(1, 40);
    for (int i = 0; i < count; ++i) {
      const int width = *rc::gen::inRange(1, 65);
      const std::uint64_t low = ir::truncate(*rc::gen::arbitrary<std::uint64_t>(), width);
      const std::uint64_t value = ir::truncate(*rc::gen::arbitrary<std::uint64_t>(), width);
      const bool declared = low <= value && value != 0;
      builder.variable("v" + std::to_string(i), width, declared ? low : 0, declared ? value : 0);
      state.push_back(value);
    }
    const Layout layout(builder.system, 3);
    std::vector<std::uint64_t> words(layout.words());
    RC_ASSERT(layout.pack(state, words.data()) == std::nullopt);
    RC_ASSERT(layout.unpack(words.data()) == state);
    RC_ASSERT(layout.read(words.data(), layout.extra()) == 0u);
  }));
}
