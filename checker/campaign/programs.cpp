#include "checker/campaign/programs.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "model/eval/interpreter.hpp"
#include "model/eval/reference.hpp"
#include "model/lower/lower.hpp"
#include "model/source/embedded.hpp"

namespace hotproof::campaign {

namespace {

using ir::TransitionSystem;

constexpr std::size_t most_program_states = 20'000;

std::string intrinsics() {
  for (const embedded::File& file : embedded::env())
    if (file.path == "model/env/intrinsics.h") return std::string(file.text);
  return {};
}

// The actor's function, and then a rest without end.
std::string once(const std::string& function) {
  return "void run_" + function + "(void) { " + function +
         "(); __hp_event(\"end\"); for (;;) { __hp_rest(); __VERIFIER_atomic_begin(); __VERIFIER_assume(0); "
         "__VERIFIER_atomic_end(); } }\n";
}

ir::PropertyId add_property(TransitionSystem& system, const std::string& id, const std::string& says,
                            ir::PropertyKind kind) {
  system.properties.push_back({.id = id, .says = says, .kind = kind});
  return static_cast<ir::PropertyId>(system.properties.size() - 1);
}

void add_properties(TransitionSystem& system) {
  using Kind = ir::PropertyKind;
  const auto asserts = add_property(system, "assert", "no assertion fails", Kind::assertion);
  const auto once_only = add_property(system, "once", "nobody takes a lock that it holds", Kind::assertion);
  add_property(system, "no-deadlock", "there is no deadlock", Kind::deadlock);
  const auto end = static_cast<ir::MarkId>(system.marks.size());
  system.marks.push_back("end");
  for (const bool without : {false, true}) {
    const auto id =
        add_property(system, without ? "ends-without-fault" : "ends", "an actor comes to its end", Kind::cover);
    system.properties[ir::index(id)].mark = end;
    system.properties[ir::index(id)].cover_without_faults = without;
  }
  if (const auto found = system.symbols.find("g0"); found != system.symbols.end()) {
    const auto id = add_property(system, "never-3", "g0 is not 3", Kind::invariant);
    const ir::ExprId three = system.pool.constant(3, system.pool[found->second].width);
    system.properties[ir::index(id)].expr = system.pool.not_(system.pool.eq(found->second, three));
  }
  for (ir::Transition& t : system.transitions) {
    for (const ir::Event& event : t.events) {
      const std::string& name = system.event_names[event.name];
      if (name == "assert-failed") t.assertions.push_back({asserts, system.pool.truth(false)});
      if (name == "end") t.hits.push_back({end, system.pool.truth(true)});
      // lock(actor, lock, mode, already-held)
      if (name != "lock" || event.args.size() < 4) continue;
      const ir::ExprId held = event.args[3];
      t.assertions.push_back({once_only, system.pool.eq(held, system.pool.constant(0, system.pool[held].width))});
    }
  }
}

// Covers for what the first two globals are when an actor comes to its end: which ends there are tells in which orders
// things can happen.
void add_ends(TransitionSystem& system) {
  std::vector<ir::ExprId> globals;
  for (const char* name : {"g0", "g1"})
    if (const auto found = system.symbols.find(name); found != system.symbols.end()) globals.push_back(found->second);
  if (globals.empty()) return;
  for (std::uint64_t values = 0; values < (globals.size() == 1 ? 3 : 9); ++values) {
    ir::ExprId when = system.pool.truth(true);
    std::string id = "ends-with";
    std::uint64_t rest = values;
    for (const ir::ExprId global : globals) {
      const ir::ExprId value = system.pool.constant(rest % 3, system.pool[global].width);
      when = system.pool.and_(when, system.pool.eq(global, value));
      id += "-" + std::to_string(rest % 3);
      rest /= 3;
    }
    const auto mark = static_cast<ir::MarkId>(system.marks.size());
    system.marks.push_back(id);
    const auto property = add_property(system, id, "an actor ends with these globals", ir::PropertyKind::cover);
    system.properties[ir::index(property)].mark = mark;
    for (ir::Transition& t : system.transitions)
      for (const ir::Event& event : t.events)
        if (system.event_names[event.name] == "end") t.hits.push_back({mark, when});
  }
}

std::string joined(const std::set<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "; ") + part;
  return out;
}

// The globals in all states in which nobody has anything left to do; a global that is never written is 0.
std::optional<std::string> ends_of(const TransitionSystem& system, std::size_t globals) {
  const auto initial = eval::initial_states(system, 1000);
  if (!initial) return std::nullopt;
  std::set<ir::State> seen(initial->begin(), initial->end());
  std::vector<ir::State> open = *initial;
  std::set<std::string> ends;
  while (!open.empty()) {
    const ir::State state = std::move(open.back());
    open.pop_back();
    const std::vector<ir::TransitionId> ways = eval::enabled(system, state);
    for (const ir::TransitionId way : ways)
      if (auto next = eval::fire(system, way, state); seen.insert(next).second) open.push_back(std::move(next));
    if (seen.size() > most_program_states) return std::nullopt;
    if (!ways.empty() || eval::deadlocked(system, state)) continue;
    std::string line;
    for (std::size_t g = 0; g < globals; ++g) {
      const auto symbol = system.symbols.find("g" + std::to_string(g));
      const bool written = symbol != system.symbols.end();
      line += (g == 0 ? "" : " ") + std::to_string(written ? eval::evaluate(system.pool, symbol->second, state) : 0);
    }
    ends.insert(line);
  }
  return joined(ends);
}

}  // namespace

LoweredText lowered_text(const std::string& text) {
  lower::Options options;
  std::string ours;
  for (int i = 0; text.find("void a" + std::to_string(i) + "(") != std::string::npos; ++i) {
    const std::string name = "a" + std::to_string(i);
    ours += once(name);
    options.actors.push_back({name, "run_" + name, 0});
  }
  const SourceTree tree =
      SourceTree::in_memory("program", {{"program.c", text}, {"ours.c", ours}, {"intrinsics.h", intrinsics()}});
  c::Program program(tree, {"program.c", "ours.c", "intrinsics.h"}, c::Configuration{});
  lower::Mir mir(program);
  auto lowered = lower::lower(mir, options);
  if (!lowered) return {to_string(lowered.error()), {}};
  if (!lowered->report.stopped_by.empty()) return {"lowering: " + lowered->report.stopped_by, {}};
  if (!lowered->report.not_understood.empty())
    return {"not understood: " + lowered->report.not_understood.front().message, {}};
  LoweredText out{"", std::move(lowered->system)};
  add_properties(out.system);
  add_ends(out.system);
  if (const auto fault = ir::fault_in(out.system)) out.error = *fault;
  return out;
}

Meaning meaning(const TransitionSystem& lowered, std::size_t globals) {
  Meaning out;
  const auto brute = eval::explore(lowered, most_program_states);
  const auto ends = ends_of(lowered, globals);
  out.too_large = !brute || !ends;
  if (out.too_large) return out;
  out.ends = *ends;
  for (std::size_t i = 0; i < lowered.properties.size(); ++i) {
    const std::string& id = lowered.properties[i].id;
    const bool found = brute->properties[i].has_value();
    if (id == "assert") out.fails = found;
    if (id == "no-deadlock") out.stuck = found;
    if (id == "ends-without-fault") out.ends_without_fault = found;
  }
  return out;
}

std::optional<std::string> difference(const std::string& text, const Meaning& expected, std::size_t globals,
                                      const Scope& scope, Tally* tally) {
  const LoweredText lowered = lowered_text(text);
  if (!lowered.error.empty()) return lowered.error;
  const Meaning got = meaning(lowered.system, globals);
  if (got.too_large || expected.too_large) return std::nullopt;
  const auto word = [](bool yes) { return std::string(yes ? "yes" : "no"); };
  if (got.ends != expected.ends) return "ends in " + got.ends + " instead of " + expected.ends;
  if (got.fails != expected.fails)
    return "an assertion fails: " + word(got.fails) + " instead of " + word(expected.fails);
  if (got.stuck != expected.stuck) return "a deadlock: " + word(got.stuck) + " instead of " + word(expected.stuck);
  if (got.ends_without_fault != expected.ends_without_fault)
    return "an end without a fault: " + word(got.ends_without_fault) + " instead of " +
           word(expected.ends_without_fault);
  return difference(lowered.system, scope, tally);
}

namespace {

std::optional<std::string> difference(const Program& program, const Scope& scope, Tally* tally) {
  return difference(to_text(program), meaning(program), program.globals, scope, tally);
}

// The smallest program that leaving out and simplifying finds.
Program shrunk(Program program, const Scope& scope) {
  int left = 600;
  for (bool again = true; again;) {
    again = false;
    for (Program& candidate : smaller(program)) {
      if (--left < 0) return program;
      if (!difference(candidate, scope, nullptr)) continue;
      program = std::move(candidate);
      again = true;
      break;
    }
  }
  return program;
}

}  // namespace

std::optional<ProgramFailure> program_campaign(std::uint64_t seed, const Scope& scope, Tally& tally,
                                               ProgramTally& programs) {
  const Program program = random_program(seed);
  const Meaning expected = meaning(program);
  const std::string text = to_text(program);
  const std::size_t before = tally.systems;
  const auto found = difference(text, expected, program.globals, scope, &tally);
  if (!found && tally.systems == before) {
    ++programs.too_large;
    return std::nullopt;
  }
  ++programs.programs;
  programs.failing += expected.fails ? 1 : 0;
  programs.stuck += expected.stuck ? 1 : 0;
  programs.with_faults += text.find("__hp_fault") != std::string::npos ? 1 : 0;
  programs.with_chain += text.find("r = notify") != std::string::npos ? 1 : 0;
  if (!found) return std::nullopt;
  Scope needed = scope;
  if (Scope without = scope; without.solver) {
    without.solver = false;
    if (difference(program, without, nullptr)) needed = without;
  }
  ProgramFailure out{"", shrunk(program, needed)};
  out.reason = difference(out.program, needed, nullptr).value_or("it does not fail any more") + " (seed " +
               std::to_string(seed) + ": " + *found + ")";
  return out;
}

std::string write_program(const std::string& folder, const ProgramFailure& failure) {
  const Meaning means = meaning(failure.program);
  const auto word = [](bool yes) { return yes ? "yes" : "no"; };
  std::string reason = failure.reason;
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  std::ostringstream text;
  text << "// " << reason << "\n// globals: " << failure.program.globals << "\n// ends: " << means.ends
       << "\n// an assertion fails: " << word(means.fails) << "\n// a deadlock: " << word(means.stuck)
       << "\n// an end without a fault: " << word(means.ends_without_fault) << "\n"
       << to_text(failure.program);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a: a name, nothing more
  for (const char c : text.str()) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  const std::string file = folder + "/" + std::to_string(hash % 1'000'000'000) + ".c";
  std::ofstream out(file);
  out << text.str();
  return out ? file : "";
}

std::optional<Expected> expected_of(const std::string& text) {
  Expected out;
  std::istringstream lines(text);
  int said = 0;
  for (std::string line; std::getline(lines, line) && line.starts_with("// ");) {
    const auto value = [&](const std::string& key) -> std::optional<std::string> {
      const std::string head = "// " + key + ": ";
      if (!line.starts_with(head)) return std::nullopt;
      ++said;
      return line.substr(head.size());
    };
    if (const auto v = value("globals")) out.globals = static_cast<std::size_t>(std::atoi(v->c_str()));
    if (const auto v = value("ends")) out.meaning.ends = *v;
    if (const auto v = value("an assertion fails")) out.meaning.fails = *v == "yes";
    if (const auto v = value("a deadlock")) out.meaning.stuck = *v == "yes";
    if (const auto v = value("an end without a fault")) out.meaning.ends_without_fault = *v == "yes";
  }
  return said == 5 ? std::optional(out) : std::nullopt;
}

}  // namespace hotproof::campaign
