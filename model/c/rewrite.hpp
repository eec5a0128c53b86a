// The third same-length pass, over one item: what the grammar cannot read without knowing macros and types gets a shape
// that it can. The original text at the same offset says what really stands there.
//
//   for_each_x(a, b) body         →  while     (a, b) body
//   scoped_guard(x, y) body       →  while       (x, y) body
//   f(struct zone, int)           →  f(___________, ___)          type arguments
//   typeof(x) y                   →  _________ y
//   sizeof(u64) * n               →  ___________ * n
//   (u64)-x   where u64 is a type →  ~    -x                      a cast as an operator
//   (x) - 1   where x is no type  →   x  - 1
//   (x * (y)) - 1                 →  (x % (y)) - 1
//   case 1 ... 5:                 →  case 1 ||  5:
//   static DEFINE_X(y);           →         DEFINE_X(y);
//   DECLARE_BITMAP(x, n);         →  blanks                       in a record
//   DECLARE_BITMAP(x, n) = { 0 }; →  int _______________ = { 0 }; in a function
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/c/lexer.hpp"

namespace hotproof::c {

// What later stages must be asked about a name.
struct NameOracle {
  std::function<bool(std::string_view)> is_type;     // a typedef's name
  std::function<bool(std::string_view)> heads_loop;  // a macro whose text starts with `for` or `while`
};

struct Rewritten {
  struct Placeholder {
    enum class Kind : std::uint8_t { type_argument, type_of, size_of, cast, declaration } kind;
    std::uint32_t begin;  // of the type (or typeof's expression, or the declaring macro's call) in the file
    std::uint32_t end;
  };
  struct MemberMacro {  // a record's member that a macro declares
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct Problem {
    std::uint32_t offset;
    std::string message;
  };
  std::string text;                                   // of the item, as long as it
  std::map<std::uint32_t, Placeholder> placeholders;  // by the file offset at which they start
  std::vector<MemberMacro> members;
  std::vector<Problem> problems;
};

// DECLARE_BITMAP and its kin: macros that declare an array where a member or a local variable can stand.
bool declares_array(std::string_view macro);

enum class Fragment : std::uint8_t { declaration, function, record, expression, statements };

// Rewrites text[begin, end). `body` is the offset of a function's brace, or of the `=` of a variable: from there on,
// `name(` is a call. Offsets are the file's.
Rewritten rewrite(std::string_view text, std::uint32_t begin, std::uint32_t end, std::uint32_t body, Fragment fragment,
                  const NameOracle& oracle);

}  // namespace hotproof::c
