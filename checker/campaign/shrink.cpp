#include "checker/campaign/shrink.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "model/ir/text.hpp"

namespace hotproof::campaign {

namespace {

using namespace ir;

// Every place of a system that holds an expression.
void each_expression(TransitionSystem& system, const std::function<void(ExprId&)>& visit) {
  for (Transition& t : system.transitions) {
    visit(t.guard);
    for (Update& update : t.updates) visit(update.value);
    for (Assertion& assertion : t.assertions) visit(assertion.holds);
    for (Hit& hit : t.hits) visit(hit.when);
    for (Event& event : t.events)
      for (ExprId& arg : event.args) visit(arg);
  }
  for (Property& property : system.properties) visit(property.expr);
  for (Lock& lock : system.locks) {
    for (ExprId& held : lock.held_write) visit(held);
    for (ExprId& held : lock.held_read) visit(held);
  }
  for (auto& [name, symbol] : system.symbols) visit(symbol);
  visit(system.initial_condition);
}

template <class T>
void erase_at(std::vector<T>& list, std::size_t i) {
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
}

// The variable is what it was at the start, for ever.
bool freeze(TransitionSystem& system, std::size_t gone) {
  const Variable variable = system.variables[gone];
  if (variable.role == Role::control) return false;
  const auto moved = [&](VarId var) { return index(var) > gone ? static_cast<VarId>(index(var) - 1) : var; };
  ExprPool pool;
  Translation translate(pool, system.pool, [&](VarId var, int width) {
    return index(var) == gone ? pool.constant(variable.initial, width) : pool.variable(moved(var), width);
  });
  each_expression(system, [&](ExprId& expr) { expr = translate(expr); });
  system.pool = std::move(pool);
  for (Transition& t : system.transitions) {
    std::erase_if(t.updates, [&](const Update& update) { return index(update.var) == gone; });
    for (Update& update : t.updates) update.var = moved(update.var);
  }
  for (Actor& actor : system.actors) actor.control = moved(actor.control);
  erase_at(system.variables, gone);
  return true;
}

bool drop_property(TransitionSystem& system, std::size_t gone) {
  if (system.properties.size() == 1) return false;
  erase_at(system.properties, gone);
  for (Transition& t : system.transitions) {
    std::erase_if(t.assertions, [&](const Assertion& a) { return index(a.property) == gone; });
    for (Assertion& a : t.assertions)
      if (index(a.property) > gone) a.property = static_cast<PropertyId>(index(a.property) - 1);
  }
  return true;
}

bool drop_mark(TransitionSystem& system, std::size_t gone) {
  const auto moved = [&](MarkId& mark) {
    if (index(mark) > gone) mark = static_cast<MarkId>(index(mark) - 1);
  };
  for (const Property& property : system.properties)
    if (property.kind == PropertyKind::cover && index(property.mark) == gone) return false;
  for (Property& property : system.properties) {
    std::erase_if(property.triggers, [&](MarkId mark) { return index(mark) == gone; });
    for (MarkId& mark : property.triggers) moved(mark);
    moved(property.mark);
  }
  for (Transition& t : system.transitions) {
    std::erase_if(t.hits, [&](const Hit& hit) { return index(hit.mark) == gone; });
    for (Hit& hit : t.hits) moved(hit.mark);
  }
  erase_at(system.marks, gone);
  return true;
}

bool drop_lock(TransitionSystem& system, std::size_t gone) {
  const auto moved = [&](LockId& lock) {
    if (index(lock) > gone) lock = static_cast<LockId>(index(lock) - 1);
  };
  for (Transition& t : system.transitions) {
    std::erase_if(t.held, [&](const LockClaim& claim) { return index(claim.lock) == gone; });
    for (LockClaim& claim : t.held) moved(claim.lock);
    if (t.lock && index(t.lock->lock) == gone) {
      t.lock.reset();
      t.lock_effect = LockEffect::none;
    }
    if (t.lock) moved(t.lock->lock);
  }
  erase_at(system.locks, gone);
  return true;
}

bool drop_actor(TransitionSystem& system, std::size_t gone) {
  if (system.actors.size() == 1) return false;
  std::erase_if(system.transitions, [&](const Transition& t) { return index(t.actor) == gone; });
  for (Transition& t : system.transitions)
    if (index(t.actor) > gone) t.actor = static_cast<ActorId>(index(t.actor) - 1);
  for (Lock& lock : system.locks) {
    erase_at(lock.held_write, gone);
    erase_at(lock.held_read, gone);
  }
  Variable& control = system.variables[index(system.actors[gone].control)];
  control.role = Role::local;
  const std::size_t variable = index(system.actors[gone].control);
  erase_at(system.actors, gone);
  return freeze(system, variable);
}

// The n-th location of all actors becomes the one before it; those at the end that nobody needs go.
bool drop_location(TransitionSystem& system, std::size_t n) {
  std::size_t a = 0;
  while (a < system.actors.size() && n >= system.actors[a].locations) n -= system.actors[a++].locations;
  if (a == system.actors.size() || n == 0) return false;
  Actor& actor = system.actors[a];
  const auto gone = static_cast<Location>(n);
  const auto moved = [&](Location& location) {
    if (location >= gone) --location;
  };
  moved(actor.initial);
  for (auto* list : {&actor.resting, &actor.halted}) {
    std::erase(*list, gone);
    for (Location& location : *list) moved(location);
  }
  for (Transition& t : system.transitions) {
    if (index(t.actor) != a) continue;
    moved(t.from);
    moved(t.to);
  }
  --actor.locations;
  Variable& control = system.variables[index(actor.control)];
  if (control.high >= actor.locations) control.high = actor.locations - 1;
  control.initial = actor.initial;
  return true;
}

constexpr std::size_t slots = 24;  // of a transition, for the next

// One thing that a transition has beside its way.
bool drop_part(TransitionSystem& system, std::size_t n) {
  Transition& t = system.transitions[n / slots];
  std::size_t part = n % slots;
  const auto take = [&](auto& list) {
    const bool here = part < list.size();
    if (here) erase_at(list, part);
    part = here ? slots : part - list.size();
    return here;
  };
  switch (part) {
    case 0:
      return std::exchange(t.faults, 0) != 0;
    case 1:
      return std::exchange(t.choice, Choice::none) != Choice::none;
    case 2:
      if (t.lock_effect == LockEffect::none) return false;
      t.lock_effect = LockEffect::none;
      t.lock.reset();
      return true;
    default:
      part -= 3;
  }
  return take(t.updates) || take(t.assertions) || take(t.hits) || take(t.held);
}

bool drop_note(TransitionSystem& system, std::size_t n) {
  Property* const property = n / 2 < system.properties.size() ? &system.properties[n / 2] : nullptr;
  if (property != nullptr) {
    if (n % 2 == 0) return std::exchange(property->cover_without_faults, false);
    const bool had = !property->triggers.empty();
    property->triggers.clear();
    return had;
  }
  Lock& lock = system.locks[n / 2 - system.properties.size()];
  return n % 2 == 0 && std::exchange(lock.tried, false);
}

// An actor's list of resting or halted locations.
bool drop_places(TransitionSystem& system, std::size_t n) {
  auto& list = n % 2 == 0 ? system.actors[n / 2].resting : system.actors[n / 2].halted;
  const bool had = !list.empty();
  list.clear();
  return had;
}

bool simplify_variable(TransitionSystem& system, std::size_t n) {
  Variable& v = system.variables[n / 4];
  if (v.role == Role::control) return false;
  switch (n % 4) {
    case 0:
      return std::exchange(v.free_initially, false);
    case 1:
      return std::exchange(v.initial, 0) != 0;
    case 2:
      v.low = 0;
      return std::exchange(v.high, 0) != 0;
    default:
      return std::exchange(v.is_signed, false);
  }
}

// `root` with one node of it exchanged.
ExprId exchanged(ExprPool& pool, ExprId root, ExprId node, ExprId with) {
  std::vector<std::pair<ExprId, ExprId>> done;  // of what is below the root, ascending
  const auto of = [&](ExprId id) {
    const auto found = std::lower_bound(done.begin(), done.end(), std::pair(id, ExprId{}),
                                        [](const auto& a, const auto& b) { return a.first < b.first; });
    return found->second;
  };
  for (const ExprId id : pool.below(root)) {
    const Node n = pool[id];
    ExprId made = id;
    if (id == node) {
      made = with;
    } else if (n.op == Op::zext || n.op == Op::sext || n.op == Op::trunc) {
      made = pool.resize(of(n.args[0]), n.width, n.op == Op::sext);
    } else if (n.op == Op::ite) {
      made = pool.ite(of(n.args[0]), of(n.args[1]), of(n.args[2]));
    } else if (arity(n.op) == 2) {
      made = pool.binary(n.op, of(n.args[0]), of(n.args[1]));
    } else if (arity(n.op) == 1) {
      made = pool.unary(n.op, of(n.args[0]));
    }
    done.emplace_back(id, made);
  }
  return of(root);
}

constexpr std::size_t nodes_of_root = 16;  // the uppermost ones
constexpr std::size_t ways_of_node = 6;

std::size_t roots(const TransitionSystem& system) {
  std::size_t count = 0;
  TransitionSystem copy = system;
  each_expression(copy, [&](ExprId&) { ++count; });
  return count;
}

// A node of an expression becomes a constant, or one of its operands.
bool simplify_expression(TransitionSystem& system, std::size_t n) {
  const std::size_t root = n / (nodes_of_root * ways_of_node);
  const std::size_t nth = n / ways_of_node % nodes_of_root;
  const std::size_t way = n % ways_of_node;
  bool changed = false;
  std::size_t at = 0;
  each_expression(system, [&](ExprId& expr) {
    if (at++ != root) return;
    const std::vector<ExprId> below = system.pool.below(expr);
    if (nth >= below.size()) return;
    const ExprId node = below[below.size() - 1 - nth];
    const Node old = system.pool[node];
    ExprId with = node;
    if (way < 3) {
      const std::uint64_t value = way == 0 ? 0 : way == 1 ? 1 : truncate(~std::uint64_t{0}, old.width);
      if (old.op == Op::constant && old.value <= value) return;
      with = system.pool.constant(value, old.width);
    } else if (const auto arg = way - 3; static_cast<int>(arg) < arity(old.op)) {
      with = system.pool.resize(old.args[arg], old.width, false);
    }
    const ExprId made = exchanged(system.pool, expr, node, with);
    changed = made != expr && system.pool.below(made).size() <= below.size();
    expr = made;
  });
  return changed;
}

bool forget_texts(TransitionSystem& system, std::size_t) {
  system.symbols.clear();
  system.constants.clear();
  system.sets.clear();
  for (Variable& v : system.variables) v.labels.clear();
  for (Transition& t : system.transitions) {
    t.text.clear();
    t.events.clear();
    t.span = {};
    t.callers.clear();
    t.depth = 0;
  }
  for (Property& p : system.properties) p.origin.clear();
  return true;
}

bool drop_chunk(TransitionSystem& system, std::size_t n) {
  constexpr std::size_t pieces = 8;
  const std::size_t count = system.transitions.size();
  const auto at = [&](std::size_t i) {
    return system.transitions.begin() + static_cast<std::ptrdiff_t>(count * i / pieces);
  };
  if (count < pieces) return false;
  system.transitions.erase(at(n), at(n + 1));
  return true;
}

struct Edit {
  std::function<std::size_t(const TransitionSystem&)> count;
  bool (*apply)(TransitionSystem&, std::size_t);  // false: there is nothing to do
};

const std::vector<Edit>& edits() {
  const auto constant = [](std::size_t n) { return [n](const TransitionSystem&) { return n; }; };
  static const std::vector<Edit> all = {
      {constant(8), drop_chunk},
      {[](const TransitionSystem& s) { return s.properties.size(); }, drop_property},
      {[](const TransitionSystem& s) { return s.actors.size(); }, drop_actor},
      {[](const TransitionSystem& s) { return s.transitions.size(); },
       [](TransitionSystem& s, std::size_t i) {
         erase_at(s.transitions, i);
         return true;
       }},
      {[](const TransitionSystem& s) { return s.locks.size(); }, drop_lock},
      {[](const TransitionSystem& s) { return s.variables.size(); }, freeze},
      {[](const TransitionSystem& s) { return s.marks.size(); }, drop_mark},
      {[](const TransitionSystem& s) {
         std::size_t n = 0;
         for (const Actor& actor : s.actors) n += actor.locations;
         return n;
       },
       drop_location},
      {[](const TransitionSystem& s) { return s.transitions.size() * slots; }, drop_part},
      {[](const TransitionSystem& s) { return 2 * (s.properties.size() + s.locks.size()); }, drop_note},
      {[](const TransitionSystem& s) { return 2 * s.actors.size(); }, drop_places},
      {[](const TransitionSystem& s) { return 4 * s.variables.size(); }, simplify_variable},
      {[](const TransitionSystem& s) { return roots(s) * nodes_of_root * ways_of_node; }, simplify_expression},
  };
  return all;
}

}  // namespace

TransitionSystem shrunk(TransitionSystem system, const Fails& fails, std::size_t most_tries) {
  std::size_t tries = 0;
  const auto attempt = [&](bool (*apply)(TransitionSystem&, std::size_t), std::size_t n) {
    TransitionSystem copy = system;
    if (!apply(copy, n) || fault_in(copy)) return false;
    ++tries;
    if (!fails(copy)) return false;
    system = std::move(copy);
    return true;
  };
  attempt(forget_texts, 0);
  for (bool smaller = true; smaller && tries < most_tries;) {
    smaller = false;
    for (const Edit& edit : edits()) {
      std::size_t count = edit.count(system);
      for (std::size_t n = count; n-- > 0 && tries < most_tries;) {
        if (n >= count || !attempt(edit.apply, n)) continue;
        smaller = true;
        count = edit.count(system);
      }
    }
  }
  return system;
}

std::string write_regression(const std::string& folder, const TransitionSystem& system, const std::string& reason) {
  const std::string text = write(system);
  const std::size_t head = text.find('\n') + 1;
  std::string comment = reason;
  std::replace(comment.begin(), comment.end(), '\n', ' ');
  const std::string whole = text.substr(0, head) + "# " + comment + "\n" + text.substr(head);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a: a name, nothing more
  for (const char c : whole) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  const std::string file = folder + "/" + std::to_string(hash % 1'000'000'000) + ".system";
  std::ofstream out(file);
  out << whole;
  return out ? file : "";
}

}  // namespace hotproof::campaign
