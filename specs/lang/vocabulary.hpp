// The words that properties may use: events with their arguments, symbols, sets, built-in functions. It is the table
// of docs/architecture.md ("Events and symbols") in code, so that a misspelt word is found before any model is built.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hotproof::spec {

struct NamedValue {
  std::string_view word;
  int value;
};

struct Parameter {
  enum class Kind : unsigned char { number, lock } kind = Kind::number;
  std::string_view name;
  std::span<const NamedValue> words;  // words that a pattern may use for values
};

struct EventKind {
  std::string_view name;  // "call" and "return" take a function's name behind them
  std::vector<Parameter> parameters;
};

// Null if there is no such event.
const EventKind* find_event(std::string_view name);
std::vector<std::string_view> event_names();
// "actor, listener, action, block, answer"
std::string parameter_names(const EventKind& event);

std::span<const std::string_view> sets();          // "block", "listener", "actor", "node", "lock"
std::span<const std::string_view> symbol_bases();  // "block", "mem"
std::span<const std::string_view> block_fields();  // all fields of block[b]
std::span<const std::string_view> mem_fields();    // the better-known fields of mem[b]; others are the tree's business
std::span<const std::string_view> known_constants();
std::span<const std::string_view> known_locks();

// Functions of expressions that are no definition of the file.
struct Builtin {
  std::string_view name;
  std::size_t least = 0;  // arguments
  std::size_t most = 0;
  bool takes_lock = false;   // the first argument is a lock
  bool needs_actor = false;  // speaks of the actor of an event
};
const Builtin* find_builtin(std::string_view name);
std::vector<std::string_view> builtin_names();

// The word nearest to `word` by edit distance (Damerau, adjacent swaps count one; Lowrance and Wagner 1975, in the
// restricted form), if it is near enough to be meant: at most a third of the word's length, and at most 3; of equally
// near ones the one that begins alike for longer. Empty if none is. A word that is in `words` gives itself.
std::string nearest(std::string_view word, std::span<const std::string_view> words);
// The word of `words` that `word` is surely a slip of: one change away, or two from eight letters on. Empty if `word`
// is shorter than four letters, is itself in `words`, or is a slip of none. For words that the tree may also define.
std::string slip_of(std::string_view word, std::span<const std::string_view> words);
// "did you mean 'x'?", or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> words);

}  // namespace hotproof::spec
