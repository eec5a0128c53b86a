// One SMT-LIB script in the making: states of the system as frames 0, 1, …, joined by steps.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "verify/evidence.hpp"
#include "verify/system.hpp"

namespace hotproof::verify {

// Terms are Booleans for one bit, bit-vectors for more. Each function gives a term over the frame it is asked for.
class Script {
 public:
  Script(const System& system, const std::string& comment);

  void require(const std::string& truth) { out_ += "(assert " + truth + ")\n"; }
  // Frame `from`+1: what any transition makes of frame `from`; `faults`: also those with faults.
  void step(std::uint32_t from, bool faults = true);
  std::string finish() { return out_ + "(check-sat)\n(exit)\n"; }

  std::string term(Expr root, std::uint32_t frame);
  std::string initial(std::uint32_t frame);
  std::string in_range(std::uint32_t frame);
  std::string holds(const Invariant& invariant, bool ranges, std::uint32_t frame);
  // The property is broken there, or by a transition from there; of a cover: it is reached.
  std::string broken(std::uint32_t property, std::uint32_t frame);
  std::string hit(std::uint32_t mark, bool faults, std::uint32_t frame);

  static std::string negated(const std::string& truth) { return "(not " + truth + ")"; }
  static std::string all(const std::vector<std::string>& truths) { return joined("and", "true", truths); }
  static std::string any(const std::vector<std::string>& truths) { return joined("or", "false", truths); }

 private:
  static std::string joined(const char* op, const char* none, const std::vector<std::string>& truths);
  std::string variable(std::uint32_t v, std::uint32_t frame) const;
  std::string literal(std::uint64_t value, int width) const;
  std::string stands(std::uint32_t actor, std::uint64_t location, std::uint32_t frame) const;
  std::string enabled(std::uint32_t transition, std::uint32_t frame);
  void name_it(const std::string& name, const std::string& sort, const std::string& value);
  std::string operation(const Node& node, const std::vector<std::string>& args) const;
  std::string deadlock(std::uint32_t frame);
  std::string stuck(std::uint32_t frame);
  std::string waits(std::uint32_t actor, std::uint32_t holder, std::uint32_t frame);

  const System& system_;
  std::string out_;
  std::vector<std::vector<bool>> defined_;  // by frame, by expression
};

}  // namespace hotproof::verify
