// How a state lies in memory: every variable takes as many bits as its declared range needs, and no variable straddles
// two 64-bit words, so reading one is a load, a shift and a mask.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::explicit_state {

// Where a variable lies, and how its values are numbered: the packed number is (value - low) modulo 2^width.
struct Field {
  std::uint32_t word = 0;
  std::uint32_t shift = 0;
  int bits = 0;            // 0 for a variable with one value
  int width = 1;           // of the variable
  std::uint64_t mask = 0;  // in place: already shifted
  std::uint64_t low = 0;   // truncated to `width`
  std::uint64_t span = 0;  // high - low modulo 2^width: the largest packed number

  // The packed number of a value, not yet shifted; above `span` if the value is outside the declared range.
  std::uint64_t number(std::uint64_t value) const { return ir::truncate(value - low, width); }
  std::uint64_t value(std::uint64_t packed) const { return ir::truncate(packed + low, width); }
  bool contains(std::uint64_t value) const { return number(value) <= span; }
};

class Layout {
 public:
  // A control variable ranges over its actor's locations, whatever it declares. `extra_values` reserves room for one
  // more number, 0 … extra_values-1, that is no variable of the system (0: none); a search that needs more than the
  // state uses it.
  explicit Layout(const ir::TransitionSystem& system, std::uint64_t extra_values = 0);

  std::uint32_t words() const { return words_; }  // of one state, at least 1
  std::uint32_t bits() const { return bits_; }    // used in them
  const Field& operator[](ir::VarId id) const { return fields_[ir::index(id)]; }
  const Field& extra() const { return fields_.back(); }

  std::uint64_t read(const std::uint64_t* state, const Field& field) const {
    return field.value((state[field.word] & field.mask) >> field.shift);
  }

  // Writes `words()` words; the extra number is 0. Gives the first variable that is outside its range, if there is one;
  // the words are meaningless then.
  std::optional<ir::VarId> pack(const ir::State& state, std::uint64_t* words) const;
  ir::State unpack(const std::uint64_t* words) const;

 private:
  void place();
  std::vector<Field> fields_;  // by VarId, then the extra one
  std::size_t variables_ = 0;
  std::uint32_t words_ = 1;
  std::uint32_t bits_ = 0;
};

}  // namespace hotproof::checker::explicit_state
