// Follows a function symbolically until it calls a listener or returns, on every way.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/scenarios/walk_values.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::scenarios::walk {

// What a way has found out since the last call of a listener.
struct Facts {
  std::optional<bool> more;     // there is another listener
  std::optional<bool> stop;     // the last answer has the stop mask
  std::optional<bool> reached;  // as many were called as the limit says
  bool operator==(const Facts&) const = default;
};

struct At {
  lower::BlockId block = 0;
  std::size_t instr = 0;
  bool operator==(const At&) const = default;
};

// A way's end: in front of a return, or behind the call of the next listener.
struct End {
  bool returns = false;
  Facts facts;
  Store store;                // of a call: as seen behind it
  At at;                      // of a call: behind it
  std::vector<Value> others;  // of a call: its other arguments
  Value value = Unknown{};    // of a return
};

struct Setting {
  const lower::Body& body;
  const std::set<std::string>& harmless;
  std::uint64_t stop_mask = 0;
  std::optional<unsigned> count;  // the parameter that points to the count, if it is not NULL
};

class Run {
 public:
  // calls: how many listeners were called before `from`; nothing: any number but 0.
  Run(const Setting& setting, std::optional<std::int64_t> calls) : setting_(setting), calls_(calls) {}

  // Errors: the first thing met that no walk does.
  Outcome<std::vector<End>> from(At at, const Store& store);

  std::optional<unsigned> limit() const { return limit_; }  // the parameter that was found to be it
  bool counts() const { return counts_; }                   // what the count's pointer points to was written

 private:
  struct Way {
    At at;
    Store store;
    Facts facts;
  };
  void go(Way way);
  void jump(Way way, const lower::Terminator& end);
  bool step(Way& way, const lower::Instr& instr);  // false: the way ends here
  void load(Way& way, const lower::Instr& instr);
  void store(Way& way, const lower::Instr& instr);
  void call(Way& way, const lower::Instr& instr);
  Value read(const Way& way, const lower::MemoryPlace& place);
  Value of(const Way& way, const lower::Operand& operand) const;
  Value binary(const Way& way, const lower::Instr& instr) const;
  Value compared(const Value& a, const Value& b, bool is_equal) const;
  static Value negated(const Value& value);
  // Which of the facts decides the condition, if one does: where it is kept, and what it is if the condition is true.
  struct Question {
    std::optional<bool> Facts::*fact = nullptr;
    bool if_true = true;
    std::optional<bool> known;  // needs no fact
  };
  std::optional<Question> question(const Value& condition);
  std::optional<Question> of_number(const Number& number, bool is_negated);
  void fail(const c::Span& span, const std::string& why);

  const Setting& setting_;
  std::optional<std::int64_t> calls_;
  std::vector<End> ends_;
  std::optional<Diagnostic> problem_;
  std::optional<unsigned> limit_;
  bool counts_ = false;
  std::size_t steps_ = 0;
};

}  // namespace hotproof::scenarios::walk
