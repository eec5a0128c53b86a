#include "checker/compare/at_once.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hotproof::checker::compare {

namespace {

bool is_in(const ir::TransitionSystem& system, const ir::SourceSpan& span, const Region& region) {
  return span.line >= region.first_line && span.line <= region.last_line && span.line != 0 &&
         span.file < system.files.size() && system.files[span.file] == region.file;
}

// Two actors cannot both hold what they claim.
bool exclude(const std::vector<ir::LockClaim>& a, const std::vector<ir::LockClaim>& b) {
  return std::any_of(a.begin(), a.end(), [&](const ir::LockClaim& x) {
    return std::any_of(b.begin(), b.end(), [&x](const ir::LockClaim& y) {
      return x.lock == y.lock && (x.mode == ir::LockMode::write || y.mode == ir::LockMode::write);
    });
  });
}

using Variables = std::set<ir::VarId>;

bool meet(const Variables& a, const Variables& b) {
  const Variables& small = a.size() < b.size() ? a : b;
  const Variables& large = a.size() < b.size() ? b : a;
  return std::any_of(small.begin(), small.end(), [&large](ir::VarId var) { return large.contains(var); });
}

struct Touched {
  Variables reads, writes;
};

class Meeting {
 public:
  explicit Meeting(const ObservedSystem& observed) : observed_(observed), system_(observed.system) {
    for (const ObservedSystem::Part& part : observed.state) variables_.push_back(system_.pool.variables(part.value));
  }

  std::string run() {
    for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
      if (!observed_.inside.from_inner[i]) continue;
      const ir::Transition& t = system_.transitions[i];
      Touched& all = inner_[{t.actor, t.held}];
      Touched here = touched(t, true);
      all.reads.merge(here.reads);
      all.writes.merge(here.writes);
      if (control_is_read(t.actor)) return system_.actors[ir::index(t.actor)].name + "'s place is read";
    }
    if (inner_.empty()) return "";
    for (const ir::Transition& s : system_.transitions)
      if (std::string why = what_meets(s); !why.empty()) return why;
    return "";
  }

 private:
  std::string what_meets(const ir::Transition& s) {
    std::optional<Touched> other;
    for (const auto& [where, all] : inner_) {
      if (where.first == s.actor || exclude(where.second, s.held)) continue;
      if (!other) other = touched(s, false);
      if (!meet(all.writes, other->reads) && !meet(all.writes, other->writes) && !meet(all.reads, other->writes)) continue;
      return system_.actors[ir::index(s.actor)].name + " can come in between: " + s.text;
    }
    return "";
  }

  // What makes events visible to passes is no access.
  Touched touched(const ir::Transition& t, bool inside) const {
    ir::Transition plain = t;
    std::erase_if(plain.updates, [this](const ir::Update& update) { return ir::index(update.var) >= observed_.marks; });
    std::erase_if(plain.events, [this](const ir::Event& event) { return observed_.kinds[event.name].is_state; });
    const ir::Access access = ir::access(system_, plain);
    Touched out{{access.reads.begin(), access.reads.end()}, {access.writes.begin(), access.writes.end()}};
    for (const ir::Event& event : plain.events) {
      const ObservedSystem::Kind& kind = observed_.kinds[event.name];
      if (!inside && kind.concern && kind.concern->own) continue;
      const Things things = things_in(event);
      for (std::size_t i = 0; i < variables_.size(); ++i)
        if (!are_apart(observed_.state[i].things, things)) out.reads.insert(variables_[i].begin(), variables_[i].end());
    }
    return out;
  }

  // If its arguments are known.
  Things things_in(const ir::Event& event) const {
    std::vector<std::int64_t> values;
    for (const ir::ExprId arg : event.args) {
      const ir::Node& node = system_.pool[arg];
      if (node.op != ir::Op::constant) return {};
      values.push_back(number_of(node.value, node.width));
    }
    return things_of(observed_, event.name, values);
  }

  bool control_is_read(ir::ActorId actor) {
    const auto [found, fresh] = control_is_read_.try_emplace(actor, false);
    if (!fresh) return found->second;
    const auto control = static_cast<std::uint64_t>(system_.actors[ir::index(actor)].control);
    for (std::size_t id = 0; id < system_.pool.size(); ++id) {
      const ir::Node& node = system_.pool[static_cast<ir::ExprId>(id)];
      if (node.op == ir::Op::variable && node.value == control) found->second = true;
    }
    return found->second;
  }

  const ObservedSystem& observed_;
  const ir::TransitionSystem& system_;
  std::vector<std::vector<ir::VarId>> variables_;  // of parts of the state
  std::map<std::pair<ir::ActorId, std::vector<ir::LockClaim>>, Touched> inner_;
  std::map<ir::ActorId, bool> control_is_read_;
};

}  // namespace

Inside inside(const ir::TransitionSystem& system, const Region& region) {
  Inside out;
  std::set<std::pair<ir::ActorId, ir::Location>> entered, edge;
  for (std::size_t a = 0; a < system.actors.size(); ++a) {
    const ir::Actor& actor = system.actors[a];
    const auto stays = [&](ir::Location place) { edge.insert({static_cast<ir::ActorId>(a), place}); };
    stays(actor.initial);
    std::for_each(actor.resting.begin(), actor.resting.end(), stays);
    std::for_each(actor.halted.begin(), actor.halted.end(), stays);
  }
  for (const ir::Transition& t : system.transitions) {
    const bool here = is_in(system, t.span, region) ||
                      std::any_of(t.callers.begin(), t.callers.end(),
                                  [&](const ir::SourceSpan& caller) { return is_in(system, caller, region); });
    out.of_region.push_back(here);
    if (here) {
      entered.insert({t.actor, t.to});
    } else {
      edge.insert({t.actor, t.from});
      edge.insert({t.actor, t.to});
    }
  }
  for (const ir::Transition& t : system.transitions)
    out.from_inner.push_back(entered.contains({t.actor, t.from}) && !edge.contains({t.actor, t.from}));
  return out;
}

bool are_apart(const Things& a, const Things& b) {
  if (a.about.empty() || b.about.empty()) return false;
  const auto among = [](const std::vector<std::string>& words) {
    return [&words](const std::string& word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  };
  return std::none_of(a.about.begin(), a.about.end(), among(b.about)) &&
         std::none_of(a.about.begin(), a.about.end(), among(b.needs)) &&
         std::none_of(b.about.begin(), b.about.end(), among(a.needs));
}

Things things_of(const ObservedSystem& system, std::uint32_t number, const std::vector<std::int64_t>& arguments) {
  const ObservedSystem::Kind& kind = system.kinds[number];
  if (!kind.concern || kind.is_state || kind.is_symbol || kind.is_unknown) return {};
  // Whoever holds a spinlock may not sleep: that has to do with anything.
  for (std::size_t i = 0; i < kind.arguments.size() && i < arguments.size(); ++i) {
    if (kind.arguments[i].meaning != Argument::Meaning::lock) continue;
    const auto lock = static_cast<std::size_t>(arguments[i]);
    if (lock >= system.system.locks.size() || system.system.locks[lock].kind == ir::Lock::Kind::spin) return {};
  }
  Things out = kind.concern->things;
  if (!kind.concern->argument) return out;
  if (*kind.concern->argument >= arguments.size()) return {};
  for (std::string& word : out.about) word += " " + std::to_string(arguments[*kind.concern->argument]);
  return out;
}

std::string what_meets(const ObservedSystem& system) {
  return Meeting(system).run();
}

std::vector<Label> normal_form(std::vector<Happening> left) {
  std::vector<Label> out;
  while (!left.empty()) {
    std::optional<std::size_t> least;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const bool is_free = std::all_of(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(i),
                                       [&](const Happening& before) { return are_apart(before.things, left[i].things); });
      if (is_free && (!least || left[i].label < left[*least].label)) least = i;
    }
    out.push_back(std::move(left[*least].label));
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(*least));
  }
  return out;
}

}  // namespace hotproof::checker::compare
