// What the symbolic run of a walk over a notifier chain knows of a value. `c` is how many listeners were called so far.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>

#include "model/lower/mir.hpp"

namespace hotproof::scenarios::walk {

// start + steps * c + add, where `start` is what the parameter held, or for `of_count` the integer it points to; no
// parameter: 0.
struct Number {
  std::optional<unsigned> parameter;
  bool of_count = false;
  std::int64_t steps = 0;
  std::int64_t add = 0;
  bool operator==(const Number&) const = default;
};
// The listener that stands `ahead` places behind the one that was called last. Before any call that is listener
// `ahead`.
struct Member {
  std::int64_t ahead = 0;
  bool operator==(const Member&) const = default;
};
struct Callback {  // the function of a Member
  std::int64_t ahead = 0;
  bool operator==(const Callback&) const = default;
};
struct ChainHead {  // the address of the pointer to the first listener
  bool operator==(const ChainHead&) const = default;
};
struct Answer {  // of the listener called last
  bool operator==(const Answer&) const = default;
};
struct StopBit {  // whether that answer has the stop mask; `negated`: whether not
  bool negated = false;
  bool operator==(const StopBit&) const = default;
};
struct IsMember {  // whether there is that listener; `negated`: whether not
  std::int64_t ahead = 0;
  bool negated = false;
  bool operator==(const IsMember&) const = default;
};
struct IsZero {  // whether the number is 0; `negated`: whether not
  Number number;
  bool negated = false;
  bool operator==(const IsZero&) const = default;
};
struct Given {  // what the parameter held, whatever it is
  unsigned parameter = 0;
  bool operator==(const Given&) const = default;
};
struct Unknown {  // nothing may be done with it
  bool operator==(const Unknown&) const = default;
};

using Value = std::variant<Unknown, Number, Member, Callback, ChainHead, Answer, StopBit, IsMember, IsZero, Given>;

// Everything a function holds between two of its operations.
struct Store {
  std::map<lower::Local, Value> locals;
  std::map<lower::Temp, Value> temps;
  Value count = Unknown{};  // what the count's pointer points to
};

// The store as it is seen when one more listener has been called: all counts from that one.
Store after_call(const Store& before);
// What holds for every c, guessed from the stores behind the first and the second call.
Store generalised(const Store& first, const Store& second);
// Every value that `general` knows is the same in `other`.
bool covers(const Store& general, const Store& other);

}  // namespace hotproof::scenarios::walk
