// Who takes part: the blocks, listeners and actors around the kernel's code (or the reference model's), and the
// environment they run in. A scenario is C as well (model/env/*.c); this chooses its constants and puts the parts together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/lower/lower.hpp"
#include "model/scenarios/listeners.hpp"

namespace hotproof::scenarios {

struct Request {
  std::string name;            // "x86-dimm", "s390-standby"; empty: the one of the architecture
  std::string arch = "x86_64"; // "x86_64", "s390x"
  unsigned blocks = 1;         // 1 … 4
  unsigned listeners = 1;      // ideal ones, 0 … 4
  // Ideal listeners in any number that no rule is about: 0 none, 1 before the last ideal one (of those that do not come
  // and go: it is the watched one), 2 before and behind it. See docs/any-listeners.md.
  unsigned crowds = 0;
  unsigned workers = 1;        // 1 … 4
  unsigned readers = 1;        // 0 … 4
  unsigned registrars = 0;     // 0 … 1: a module whose listener comes and goes
  bool stop = false;           // ideal listeners may answer NOTIFY_STOP
  bool boot = false;           // the blocks were there at boot, online
  unsigned poisoners = 0;      // 0 … 1: memory fails, and is repaired (kernel trees with memory failure)
  std::vector<std::string> requests;  // what workers ask for, by name, or "all"; empty: offline and online
  bool symbolic_sizes = false;  // all sizes at once (the reference model)
  std::optional<bool> altmap;  // the memmap lies in the block; unset: as the tree does it on this architecture
  std::optional<bool> real_listeners;  // listeners from the tree; true: all, unset: the architecture's own, false: none
  std::map<std::string, std::string> ideal;  // callbacks of the tree for which an ideal listener stands, and why
  std::vector<std::string> watched_calls;  // functions whose calls properties name
  bool tell_leaves = false;                // lower::Options::tell_leaves
  std::vector<std::string> constants;      // names whose values properties need
  std::vector<std::pair<std::string, std::string>> settings;  // from edits: CONFIG_X or HP_X → value
};

// One row of model/env/leaves.tbl; the table of leaves.
Outcome<std::map<std::string, lower::Leaf>> read_leaves(std::string_view text, const std::string& file);

// Everything lowering needs, with the program that the middle form refers to. Not movable: the parts point at each other.
class Scenario {
 public:
  // tree: a kernel tree, or nothing for the embedded reference model (which may be edited: `reference_tree`).
  // Errors: an unknown name or architecture, numbers out of range, a tree that has no memory hotplug in it.
  static Outcome<std::unique_ptr<Scenario>> create(const SourceTree& tree, bool is_reference, const Request& request);

  c::Program& program() { return *program_; }
  lower::Mir& mir() { return *mir_; }
  const lower::Options& options() const { return options_; }
  const std::string& name() const { return name_; }
  bool memmap_in_block() const { return memmap_in_block_; }
  // For people: one line each.
  const std::vector<std::string>& assumptions() const { return assumptions_; }
  // Functions of the tree that a meaning of ours shadows: a patch that changes one of them is not understood.
  const std::vector<std::string>& shadowed() const { return shadowed_; }
  // The first ideal listener, if there is one, is the platform's, which switches memory on.
  bool platform_is_ideal() const { return platform_is_ideal_; }
  // Those of the tree that take part.
  const std::vector<Listener>& listeners() const { return listeners_.all; }

 private:
  Scenario() = default;
  std::string name_;
  bool memmap_in_block_ = false;
  std::unique_ptr<c::Program> program_;
  std::unique_ptr<lower::Mir> mir_;
  lower::Options options_;
  std::vector<std::string> assumptions_;
  std::vector<std::string> shadowed_;
  Listeners listeners_;
  bool platform_is_ideal_ = false;
};

// The embedded reference model as a tree of its own ("memory.c", "memory.h", …), and the files of it that are read.
std::vector<std::string> reference_files();
SourceTree reference_tree();

}  // namespace hotproof::scenarios
