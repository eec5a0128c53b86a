// The second same-length pass: words that say something to the compiler or to checkers and nothing to the meaning of
// the program (__init, __user, __must_check, __attribute__((…)), …) become blanks. __weak, __init and __free(…) are
// remembered.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "model/c/lexer.hpp"

namespace hotproof::c {

struct Annotated {
  Tokens tokens;  // without the annotations; they refer to the blanked text
  struct Mark {
    enum class Kind : std::uint8_t { weak, init, cleanup } kind;
    std::uint32_t begin;
    std::uint32_t end;
    std::string argument;  // cleanup: the function, of __free(x) __free_x
  };
  std::vector<Mark> marks;  // by offset
};

struct WordHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>()(word); }
};
using WordSet = std::unordered_set<std::string, WordHash, std::equal_to<>>;

// Blanks annotations in `text`, which must outlive the result. `more` are the files' own macros that stand for nothing.
Annotated blank_annotations(std::string& text, const WordSet& more);

// True if an object-like macro with this body says nothing to the meaning of the program either.
bool only_annotations(const std::string& body);

}  // namespace hotproof::c
