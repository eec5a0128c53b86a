// What a person who simulates wants to see of a session, as plain data: for terminals, editors and lessons.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "counterexamples/describe.hpp"
#include "counterexamples/simulate/session.hpp"
#include "counterexamples/trace.hpp"

namespace hotproof::simulate {

// What is simulated.
struct Model {
  ir::TransitionSystem system;
  counterexamples::Sources sources;
  std::string title;  // "the embedded reference model with the patch, s390x"
  std::string architecture;
  std::string scenario;  // one line: who takes part
  // What exactly is wrong where this step, which breaks the property, leaves this state; may be empty, may give "".
  std::function<std::string(ir::PropertyId, ir::TransitionId, const ir::State&)> reason;
  // Where a file of `system` lies for others to read, with just the lines that the model has; empty: nowhere.
  std::function<std::string(const std::string& file)> path_of;
};

// One way on.
struct Choice {
  std::size_t number = 0;  // from 1, over all actors in their order
  ir::TransitionId transition{};
  ir::ActorId actor{};
  counterexamples::TraceStep step;  // as it would be
  bool spared = false;              // where something else that may be done here is that something fails: it does not
};

// A lock that an actor waits for, and who holds it in a way that keeps it out (nobody, if one who waits keeps it out).
struct Waiting {
  std::string lock;
  std::vector<std::string> holders;
};

struct ActorView {
  enum class Kind : std::uint8_t {
    moves,
    rests,  // it moves, or stays for ever
    waits,  // it has steps to take, but may not take them now
    ended,  // it has none: where a loop has no end, or something ended the run for all
  };
  ir::ActorId actor{};
  std::string name;
  Kind kind = Kind::moves;
  bool halted = false;            // ended: the run is over for everybody
  counterexamples::TraceStep at;  // where it stands: the place of its next step
  std::vector<counterexamples::TraceLock> locks;
  std::vector<Waiting> waits_for;
};

struct LockView {
  std::string name;
  struct Holder {
    std::string actor;
    bool write = true;
  };
  std::vector<Holder> holders;
  std::vector<std::string> wanted_by;
};

struct ValueView {
  std::string name;
  std::string value;
  enum class Kind : std::uint8_t { shared, local, lock, symbol } kind = Kind::shared;
  std::string actor;                   // local: whose
  std::optional<std::size_t> changed;  // by which step last; nothing: by none
};

struct PropertyView {
  std::string id;
  PropertyState state;
  std::string words;                   // "holds so far", "violated by step 26", …
  std::string why;                     // violated: what exactly is wrong, if that is known
  std::vector<std::string> observers;  // where its automata are, but for those in their first state: "[0][1] prepared"
};

class View {
 public:
  explicit View(const Model& model) : model_(model), describer_(model.system, model.sources) {}

  std::vector<Choice> choices(const Session& session) const;
  std::vector<ActorView> actors(const Session& session) const;
  std::vector<LockView> locks(const Session& session) const;  // that are held or wanted
  // Variables but for control and observers, and named expressions that are none.
  std::vector<ValueView> values(const Session& session) const;
  std::vector<PropertyView> properties(const Session& session) const;
  PropertyView property(const Session& session, ir::PropertyId id) const;
  // The step with this number of the branch, from 1, up to its whole length.
  counterexamples::TraceStep step(const Session& session, std::size_t number) const;
  // The history up to now.
  counterexamples::Trace trace(const Session& session) const;
  const Model& model() const { return model_; }

 private:
  ActorView actor(const Session& session, ir::ActorId id) const;
  std::vector<Waiting> waits_for(const Session& session, ir::ActorId id) const;

  const Model& model_;
  counterexamples::Describer describer_;
};

// The step in a few words: its text, else what happens, else "goes on".
std::string words(const counterexamples::TraceStep& step);
std::string words(Stop stop);

}  // namespace hotproof::simulate
