#include "model/lower/explored_test.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "model/eval/interpreter.hpp"
#include "model/eval/reference.hpp"
#include "model/source/embedded.hpp"

namespace hotproof::lower {
namespace {

constexpr std::size_t most_states = 20'000;

std::string intrinsics() {
  for (const embedded::File& file : embedded::env())
    if (file.path == "model/env/intrinsics.h") return std::string(file.text);
  return {};
}

bool defines(const std::string& text, const std::string& function) {
  return text.find("void " + function + "(") != std::string::npos;
}

// The actor's function, and then a rest without end.
std::string once(const std::string& function) {
  return "void run_" + function + "(void) { " + function +
         "(); __hp_event(\"end\"); for (;;) { __hp_rest(); __VERIFIER_atomic_begin(); __VERIFIER_assume(0); "
         "__VERIFIER_atomic_end(); } }\n";
}

std::string joined(const std::set<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "; ") + part;
  return out;
}

}  // namespace

Explored::Explored(const std::string& text, const Adjust& adjust) {
  Options options;
  std::string ours = defines(text, "hp_init") ? "" : "void hp_init(void) { }\n";
  for (int i = 0; defines(text, "a" + std::to_string(i)); ++i) {
    const std::string name = "a" + std::to_string(i);
    ours += once(name);
    options.actors.push_back({name, "run_" + name, 0});
  }
  if (adjust) adjust(options);
  auto tree = SourceTree::in_memory("test", {{"test.c", text}, {"ours.c", ours}, {"intrinsics.h", intrinsics()}});
  program_ = std::make_unique<c::Program>(tree, std::vector<std::string>{"test.c", "ours.c", "intrinsics.h"},
                                          c::Configuration{});
  mir_ = std::make_unique<Mir>(*program_);
  auto lowered = lower(*mir_, options);
  if (!lowered) {
    error = to_string(lowered.error());
    return;
  }
  lowered_ = std::move(*lowered);
  if (!lowered_.report.stopped_by.empty()) {
    error = lowered_.report.stopped_by;
    return;
  }
  if (const auto fault = ir::fault_in(lowered_.system)) {
    error = *fault;
    return;
  }
  explore();
}

void Explored::explore() {
  const ir::TransitionSystem& system = lowered_.system;
  leaving_.resize(system.actors.size());
  for (std::size_t i = 0; i < system.transitions.size(); ++i) {
    const ir::Transition& transition = system.transitions[i];
    leaving_[ir::index(transition.actor)][transition.from].push_back(static_cast<ir::TransitionId>(i));
    for (const ir::Event& event : transition.events) {
      const std::string& name = system.event_names[event.name];
      if (name == "not-understood" || name == "null-dereference" || name == "use-after-free")
        stuck_.emplace(transition.actor, transition.to);
    }
  }
  const auto initial = eval::initial_states(system, 10'000);
  if (!initial) {
    error = to_string(initial.error());
    return;
  }
  std::vector<ir::State> open = *initial;
  seen_.insert(open.begin(), open.end());
  while (!open.empty() && error.empty()) {
    const ir::State state = open.back();
    open.pop_back();
    meet(state, open);
    if (seen_.size() > most_states) error = "too many states";
  }
  states = seen_.size();
}

void Explored::meet(const ir::State& state, std::vector<ir::State>& open) {
  const ir::TransitionSystem& system = lowered_.system;
  check(state);
  bool moves = false;
  bool stuck = false;
  for (std::size_t actor = 0; actor < system.actors.size(); ++actor) {
    const auto at = static_cast<ir::Location>(state[ir::index(system.actors[actor].control)]);
    stuck |= stuck_.contains({static_cast<ir::ActorId>(actor), at});
    for (const ir::TransitionId id : leaving_[actor][at]) {
      check_claims(state, system[id]);
      if (!eval::is_enabled(system, id, state)) continue;
      moves = true;
      for (const eval::FiredEvent& event : eval::events(system, id, state)) {
        std::string arguments;
        for (const std::uint64_t argument : event.args)
          arguments += (arguments.empty() ? "" : " ") + std::to_string(static_cast<std::int64_t>(argument));
        events_[system.event_names[event.name]].insert(arguments.empty() ? "()" : arguments);
      }
      ir::State next = eval::fire(system, id, state);
      if (seen_.insert(next).second) open.push_back(std::move(next));
    }
  }
  if (moves || stuck) return;
  if (eval::deadlocked(system, state))
    deadlock = true;
  else
    ends_.push_back(state);
}

void Explored::check(const ir::State& state) {
  const ir::TransitionSystem& system = lowered_.system;
  if (const auto var = eval::out_of_range(system, state))
    broken = system[*var].name + " = " + std::to_string(state[ir::index(*var)]) + " lies outside its declared range";
  if (!system.locks.empty() && eval::deadlocked(system, state)) deadlock = true;
}

void Explored::check_claims(const ir::State& state, const ir::Transition& transition) {
  const ir::TransitionSystem& system = lowered_.system;
  for (const ir::LockClaim& claim : transition.held) {
    const ir::Lock& lock = system.locks[ir::index(claim.lock)];
    const auto& held = claim.mode == ir::LockMode::write ? lock.held_write : lock.held_read;
    if (!eval::is_true(system.pool, held[ir::index(transition.actor)], state))
      broken = lock.name + " is not held where a step (" + transition.text + ") says so";
  }
}

std::string Explored::finals(const std::string& names) const {
  const ir::TransitionSystem& system = lowered_.system;
  std::set<std::string> out;
  for (const ir::State& state : ends_) {
    std::istringstream words(names);
    std::string line;
    for (std::string name; words >> name;) {
      const auto symbol = system.symbols.find(name);
      line += line.empty() ? "" : " ";
      line += symbol == system.symbols.end()
                  ? "?"
                  : std::to_string(static_cast<std::int64_t>(eval::evaluate(system.pool, symbol->second, state)));
    }
    out.insert(line);
  }
  return joined(out);
}

std::string Explored::events(const std::string& name) const {
  const auto found = events_.find(name);
  return found == events_.end() ? "" : joined(found->second);
}

std::string Explored::not_understood() const {
  std::set<std::string> out;
  for (const Diagnostic& diagnostic : lowered_.report.not_understood) out.insert(diagnostic.message);
  return joined(out);
}

Explored explored(const std::string& text, const Explored::Adjust& adjust) {
  Explored out(text, adjust);
  INFO(text);
  REQUIRE_MESSAGE(out.error.empty(), out.error);
  CHECK_MESSAGE(out.broken.empty(), out.broken);
  CHECK_MESSAGE(out.not_understood().empty(), out.not_understood());
  return out;
}

}  // namespace hotproof::lower
