// How a state lies in memory: every variable takes as many bits as its declared range needs, or, if it is wide and that is
// wished, as many as the values need that were met so far; no variable straddles two 64-bit words, so reading one is a
// load, a shift and a mask.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/dictionary.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::explicit_state {

// Where a variable lies, and how its values are numbered: the packed number is (value - low) modulo 2^width, or the one
// that a dictionary gives.
struct Field {
  std::uint32_t word = 0;
  std::uint32_t shift = 0;
  int bits = 0;            // 0 for a variable with one value
  int width = 1;           // of the variable
  std::uint64_t mask = 0;  // in place: already shifted
  std::uint64_t low = 0;   // truncated to `width`
  std::uint64_t span = 0;  // high - low modulo 2^width: the largest packed number

  Dictionary* dictionary = nullptr;

  // The packed number of a value, not yet shifted; above `most()` if the value is outside the declared range, or if the
  // dictionary is full, which Layout::is_full() then says.
  std::uint64_t number(std::uint64_t value) const {
    const std::uint64_t plain = ir::truncate(value - low, width);
    return dictionary == nullptr || plain > span ? plain : std::uint64_t{dictionary->number(value)};
  }
  std::uint64_t value(std::uint64_t packed) const {
    return dictionary == nullptr ? ir::truncate(packed + low, width)
                                 : dictionary->value(static_cast<std::uint32_t>(packed));
  }
  std::uint64_t most() const { return dictionary == nullptr ? span : mask >> shift; }
  bool contains(std::uint64_t value) const { return ir::truncate(value - low, width) <= span; }
};

class Layout {
 public:
  // A control variable ranges over its actor's locations, whatever it declares. `extra_values` reserves room for one
  // more number, 0 … extra_values-1, that is no variable of the system (0: none); a search that needs more than the
  // state uses it.
  explicit Layout(const ir::TransitionSystem& system, std::uint64_t extra_values = 0);

  // With a dictionary for each wide variable, of `widths` bits by VarId; what is not above 0 there gets what is usual. All
  // threads of one search may use it, and no two searches at a time.
  struct Interned {
    std::vector<int> widths;
    std::vector<std::vector<std::uint64_t>> values{};  // by VarId; what stands there has the first numbers
  };
  // The variables of each list in `alike` have the same width and range, and share their dictionary if they get one.
  Layout(const ir::TransitionSystem& system, Interned interned, std::uint64_t extra_values = 0,
         const std::vector<std::vector<ir::VarId>>& alike = {});
  // A dictionary had no room for a value: what was packed since is worth nothing. wider() says what would be more.
  bool is_full() const;
  Interned wider() const;

  std::uint32_t words() const { return words_; }  // of one state, at least 1
  std::uint32_t bits() const { return bits_; }    // used in them
  const Field& operator[](ir::VarId id) const { return fields_[ir::index(id)]; }
  const Field& extra() const { return fields_.back(); }

  // By VarId, the values behind the packed numbers; empty where the number is (value - low).
  std::vector<std::vector<std::uint64_t>> values() const;
  // What makes a layout in which what is packed in this one means the same.
  Interned as_it_is() const;

  std::uint64_t read(const std::uint64_t* state, const Field& field) const {
    return field.value((state[field.word] & field.mask) >> field.shift);
  }

  // Writes `words()` words; the extra number is 0. Gives the first variable that is outside its range, if there is one;
  // the words are meaningless then.
  std::optional<ir::VarId> pack(const ir::State& state, std::uint64_t* words) const;
  ir::State unpack(const std::uint64_t* words) const;

 private:
  void lay_out(const ir::TransitionSystem& system, std::uint64_t extra_values, const Interned* interned,
               const std::vector<std::vector<ir::VarId>>& alike);
  void place();
  std::vector<Field> fields_;  // by VarId, then the extra one
  std::vector<std::unique_ptr<Dictionary>> dictionaries_;
  std::size_t variables_ = 0;
  std::uint32_t words_ = 1;
  std::uint32_t bits_ = 0;
};

// "mem[0].count left its declared range 0 … 16: 17"
std::string left_range_text(const ir::TransitionSystem& system, ir::VarId var, std::uint64_t value);

}  // namespace hotproof::checker::explicit_state
