// A tiny evaluator of bodies, for tests only: runs a function on concrete integers. Memory is a map from access paths
// ("local 3:a.b[2]") to values; a pointer is such a path. What it does not know ends the run with an error text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/lower/mir.hpp"

namespace hotproof::lower {

class Evaluator {
 public:
  explicit Evaluator(Mir& mir) : mir_(mir) {}

  // The returned value as a number of the function's result type; throws std::runtime_error with the reason.
  std::int64_t run(const std::string& function, const std::vector<std::int64_t>& arguments);
  // Calls of functions without a body, in order: "f(1, 2)". They give what `answers` says, or 0.
  std::vector<std::string> calls;
  std::map<std::string, std::int64_t> answers;

 private:
  struct Value {
    std::uint64_t bits = 0;
    std::string path;  // a pointer that is not null, or "fn name", or "text …"
  };
  struct Frame {
    const Body* body;
    int number;
    std::map<Temp, Value> temps;
  };

  Value call(const std::string& function, const std::vector<Value>& arguments);
  Value call_value(Frame& frame, const Instr& instr);
  void step(Frame& frame, const Instr& instr);
  Value operand(const Frame& frame, const Operand& operand);
  Value binary(const Frame& frame, const Instr& instr);
  std::string path(const Frame& frame, const MemoryPlace& place);
  std::string steps(const Frame& frame, const std::vector<PlaceStep>& all);
  Value read(const std::string& path);
  void image(const std::string& global);
  std::string moved(const std::string& path, std::int64_t by);

  Mir& mir_;
  std::map<std::string, Value> memory_;
  std::map<std::string, bool> globals_;
  int frames_ = 0;
  int left_ = 200'000;
};

}  // namespace hotproof::lower
