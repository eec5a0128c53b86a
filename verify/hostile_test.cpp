// Files that are no certificates, and texts that are no systems: one error with its place, and never a crash.
#include <doctest/doctest.h>

#include "verify/certificate.hpp"
#include "verify/sha256.hpp"
#include "verify/small_certificate_test.hpp"

namespace hotproof::verify {

namespace {

void refuses(const std::string& text, std::uint64_t line, std::uint64_t column, const std::string& message) {
  CAPTURE(text);
  const auto read = read_system(text);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().line == line);
  CHECK(read.error().column == column);
  CHECK_MESSAGE(read.error().message.find(message) != std::string::npos, read.error().message);
}

const std::string first = "hotproof-system 1\n";
const std::string one_actor = first +
                              "variable v0 \"pc\" width 4 unsigned control initial 0\n"
                              "variable v1 \"x\" width 8 unsigned shared initial 0\n"
                              "actor a0 \"a\" control v0 initial 0 locations 3\n";

}  // namespace

TEST_CASE("the hashes are SHA-256") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("systems that make no sense are refused where they stop making sense") {
  refuses("", 1, 1, "the text of a system was expected");
  refuses("hotproof-system 2\n", 1, 17, "'1' was expected");
  refuses(first + "nonsense\n", 2, 1, "unknown kind of line");
  refuses(first + "variable v1 \"x\"\n", 2, 10, "names nothing");
  refuses(first + "variable v0 \"x\" width 65 unsigned shared initial 0\n", 2, 23, "no number between 0 and 64");
  refuses(first + "variable v0 \"x\" width 2 unsigned shared initial 4\n", 2, 49, "no number between 0 and 3");
  refuses(first + "variable v0 \"x\" width 2 unsigned shared initial 0 range 3 1\n", 2, 59, "the range is empty");
  refuses(first + "variable v0 \"x width 2\n", 2, 13, "the text does not end");
  refuses(first + "variable v0 \"\\q\" width 2\n", 2, 13, "unknown escape");
  refuses(first + "variable v0 \"pc\" width 4 unsigned control initial 0\n", 3, 1, "belongs to no actor");
  refuses(one_actor + "transition a0 from 3 to 0 guard 1:1\n", 5, 20, "no number between 0 and 2");
  refuses(one_actor + "transition a0 from 0 to 0 guard 1:8\n", 5, 33, "an expression of 1 bits was expected");
  refuses(one_actor + "transition a0 from 0 to 0 guard 1:1 1:1\n", 5, 37, "the line does not end here");
  refuses(one_actor + "transition a0 from 0 to 0 guard 1:1\nupdate v0 1:4\n", 6, 8, "never updated");
  refuses(one_actor + "transition a0 from 0 to 0 guard 1:1\nupdate v1 1:8\nupdate v1 1:8\n", 7, 8, "twice");
  refuses(one_actor + "update v1 1:8\n", 5, 1, "no transition stands before this line");
  refuses(one_actor + "let e0 = add v1 1:4\n", 5, 17, "an expression of 8 bits was expected");
  refuses(one_actor + "let e0 = zext 8 v1\n", 5, 17, "does not fit the operation");
  refuses(one_actor + "let e0 = add e0 v1\n", 5, 14, "names nothing");
  refuses(one_actor + "let e1 = add v1 v1\n", 5, 5, "names nothing");
  refuses(one_actor + "let e0 = frobnicate v1\n", 5, 10, "unknown operation");
  refuses(one_actor + "property p0 \"p\" invariant high\nexpr v1\n", 7, 1, "an invariant is no truth");
  refuses(one_actor + "lock l0 \"l\" mutex\nheld-write\n", 6, 1, "one expression for each actor was expected");
  refuses(one_actor + "actor a1 \"b\" control v0 initial 0 locations 3\n", 5, 22,
          "another actor has this control variable");
  refuses(first + std::string(50000, 'x') + "\n", 2, 1, "unknown kind of line");
}

TEST_CASE("a text that would take much memory is refused, or read") {
  std::string text = first;
  for (int i = 0; i < 20; ++i)
    text += "variable v" + std::to_string(i) + " \"c\" width 32 unsigned control initial 0\n";
  for (int i = 0; i < 20; ++i)
    text += "actor a" + std::to_string(i) + " \"a\" control v" + std::to_string(i) + " initial 0 locations 1000000\n";
  const auto read = read_system(text);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message == "the actors have too many locations");

  std::string deep = one_actor + "let e0 = add v1 v1\n";
  for (int i = 1; i < 100000; ++i) {
    const std::string before = "e" + std::to_string(i - 1);
    deep += "let e" + std::to_string(i) + " = add " + before + " " + before + "\n";
  }
  CHECK(
      read_system(deep + "property p0 \"p\" invariant high\nlet e100000 = eq e99999 0:8\nexpr e100000\n").has_value());
}

TEST_CASE("every byte of a certificate changed, and every cut, gives an error and no crash") {
  const std::string bytes = small_certificate();
  REQUIRE(read_certificate(bytes).has_value());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char with : {'\0', '\n', ' ', '9', '\xff'}) {
      std::string changed = bytes;
      if (changed[at] == with) continue;
      changed[at] = with;
      // Also with a hash at the end that fits, so that what stands before it is looked at.
      CHECK_FALSE(read_certificate(changed).has_value());
      const auto sealed = read_certificate(sealed_again(changed));
      if (!sealed) CHECK(sealed.error().message != "");
    }
    CHECK_FALSE(read_certificate(bytes.substr(0, at)).has_value());
  }
}

TEST_CASE("packed states that are no states are refused") {
  CHECK(unpack_states(std::string("\x01\x05", 2), 1, 1).value() == std::vector<std::uint64_t>{5});
  CHECK_FALSE(unpack_states("", 1, 1).has_value());
  CHECK_FALSE(unpack_states(std::string("\x01", 1), 1, 1).has_value());
  CHECK_FALSE(unpack_states(std::string("\x01\x00", 2), 1, 1).has_value());
  CHECK_FALSE(unpack_states(std::string("\x01\x05\x00", 3), 2, 1).has_value());      // the same again
  CHECK_FALSE(unpack_states(std::string("\x01\x05\x01\x01", 4), 2, 1).has_value());  // 5, then 4
  CHECK_FALSE(unpack_states(std::string("\x01\x05\x07", 3), 1, 1).has_value());
  CHECK_FALSE(unpack_states(std::string("\x01\x05", 2), ~std::uint64_t{0}, 1).has_value());
}

}  // namespace hotproof::verify
