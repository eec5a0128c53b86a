#include "verify/ample.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hotproof::verify {

namespace {

constexpr std::uint64_t most_valuations = 4096;
constexpr std::size_t most_variables = 64;  // of a fact
// What is claimed must not cost more to look at than this.
constexpr std::uint64_t most_comparisons = 100'000'000;
constexpr std::uint64_t most_bits = std::uint64_t{1} << 29U;

// Expressions of which some variables have a value.
class Guess {
 public:
  explicit Guess(const System& system) : system_(system), memo_(system.nodes.size()), turn_(system.nodes.size(), 0) {}

  // Other values from now on.
  void begin(const std::map<std::uint32_t, std::optional<std::uint64_t>>& values) {
    values_ = &values;
    ++now_;
  }
  std::optional<std::uint64_t> operator()(Expr root) {
    std::vector<Expr> open{root};
    while (!open.empty()) {
      const Expr id = open.back();
      const Node& node = system_.nodes[id];
      const std::size_t before = open.size();
      if (turn_[id] != now_)
        for (int i = 0; i < arity(node.op); ++i)
          if (turn_[node.args[i]] != now_) open.push_back(node.args[i]);
      if (open.size() > before) continue;
      open.pop_back();
      if (turn_[id] == now_) continue;
      memo_[id] = guess(node);
      turn_[id] = now_;
    }
    return memo_[root];
  }

 private:
  std::optional<std::uint64_t> guess(const Node& node) const {
    switch (node.op) {
      case Op::constant:
        return node.value;
      case Op::variable: {
        const auto at = values_->find(static_cast<std::uint32_t>(node.value));
        return at == values_->end() ? std::nullopt : at->second;
      }
      case Op::ite: {
        const auto &test = memo_[node.args[0]], &yes = memo_[node.args[1]], &no = memo_[node.args[2]];
        if (!test) return yes == no ? yes : std::nullopt;
        return *test != 0 ? yes : no;
      }
      default:
        break;
    }
    std::uint64_t operands[2] = {0, 0};
    bool all = true;
    const std::uint64_t full = low_bits(~std::uint64_t{0}, node.width);
    for (int i = 0; i < arity(node.op); ++i) {
      const auto& operand = memo_[node.args[i]];
      all = all && operand.has_value();
      if (!operand) continue;
      // One operand decides.
      if (node.op == Op::and_ && *operand == 0) return 0;
      if (node.op == Op::or_ && *operand == full) return full;
      operands[i] = *operand;
    }
    if (!all) return std::nullopt;
    return apply(node.op, node.width, system_.nodes[node.args[0]].width, operands[0], operands[1], 0);
  }

  const System& system_;
  const std::map<std::uint32_t, std::optional<std::uint64_t>>* values_ = nullptr;
  std::vector<std::optional<std::uint64_t>> memo_;
  std::vector<std::uint64_t> turn_;
  std::uint64_t now_ = 0;
};

using Vars = std::set<std::uint32_t>;

// The same as bits.
using Bits = std::vector<std::uint64_t>;
bool overlap(const Bits& a, const Bits& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if ((a[i] & b[i]) != 0) return true;
  return false;
}

}  // namespace

class AmpleProof {
 public:
  AmpleProof(const System& system, std::string& why) : system_(system), why_(why), guess_(system), after_(system) {}

  std::optional<AmpleSteps> run(const std::vector<AmpleLocation>& locations) {
    std::uint64_t of_all = 0;
    for (const Actor& actor : system_.actors) of_all += actor.locations;
    if (locations.size() * of_all > most_bits || locations.size() * system_.transitions.size() > most_comparisons) {
      why_ = "there are too many locations at which actors may go alone";
      return std::nullopt;
    }
    for (const Property& property : system_.properties)
      if (property.kind == PropertyKind::invariant) read(property.expr, watched_);
    for (const Lock& lock : system_.locks) {
      for (const Expr expr : lock.write) read(expr, watched_);
      for (const Expr expr : lock.read) read(expr, watched_);
    }
    for (const Transition& t : system_.transitions) notes_.push_back(note(t));
    // Most lead to a greater location: so from the greatest on, one pass nearly does.
    of_actor_.resize(system_.actors.size());
    for (std::uint32_t i = 0; i < system_.transitions.size(); ++i) of_actor_[system_.transitions[i].actor].push_back(i);
    for (auto& all : of_actor_)
      std::stable_sort(all.begin(), all.end(), [&](std::uint32_t a, std::uint32_t b) {
        return system_.transitions[a].from > system_.transitions[b].from;
      });
    for (const Actor& actor : system_.actors) out_.row_of_.emplace_back(actor.locations, AmpleSteps::none);
    for (const AmpleLocation& one : locations)
      if (!add(one)) return std::nullopt;
    return std::move(out_);
  }

 private:
  struct Note {
    Bits reads, writes;  // control variables too
  };
  // What a fact does to a transition.
  struct Bearing {
    bool forbids = false;
    bool survives = true;
  };

  bool refuse(const AmpleLocation& one, const std::string& what) {
    why_ = system_.actors[one.actor].name + " may not go alone at " + std::to_string(one.location) + ": " + what;
    return false;
  }

  void read(Expr root, Vars& into) const {
    std::vector<Expr> open{root};
    std::set<Expr> seen;
    while (!open.empty()) {
      const Expr id = open.back();
      open.pop_back();
      if (!seen.insert(id).second) continue;
      const Node& node = system_.nodes[id];
      if (node.op == Op::variable) into.insert(static_cast<std::uint32_t>(node.value));
      for (int i = 0; i < arity(node.op); ++i) open.push_back(node.args[i]);
    }
  }

  Note note(const Transition& t) const {
    Vars reads, writes;
    read(t.guard, reads);
    for (const auto& [variable, value] : t.updates) {
      read(value, reads);
      writes.insert(variable);
    }
    for (const auto& [property, holds] : t.assertions) read(holds, reads);
    for (const auto& [mark, when] : t.hits) read(when, reads);
    writes.insert(system_.actors[t.actor].control);
    return {bits(reads), bits(writes)};
  }

  Bits bits(const Vars& variables) const {
    Bits out((system_.variables.size() + 63) / 64, 0);
    for (const std::uint32_t v : variables) out[v / 64] |= std::uint64_t{1} << (v % 64);
    return out;
  }

  bool add(const AmpleLocation& one) {
    auto& slot = out_.row_of_[one.actor][one.location];
    if (slot != AmpleSteps::none) return refuse(one, "it stands there twice");
    Note mine{bits({}), bits({})};
    const Bits watched = bits(watched_);
    bool some = false;
    for (const std::uint32_t i : of_actor_[one.actor]) {
      const Transition& t = system_.transitions[i];
      if (t.from != one.location) continue;
      some = true;
      if (t.to <= t.from) return refuse(one, "a transition does not lead on");
      if (overlap(notes_[i].writes, watched)) return refuse(one, "a transition writes what others see");
      for (std::size_t w = 0; w < watched.size(); ++w) {
        mine.reads[w] |= notes_[i].reads[w];
        mine.writes[w] |= notes_[i].writes[w];
      }
    }
    if (!some) return refuse(one, "there are no transitions");
    AmpleSteps::Row row;
    for (const AmpleLocation::Held& held : one.held) {
      const auto fact = fact_of(one, held);
      if (!fact) return refuse(one, "a lock's condition is not one on a few values");
      row.facts.push_back(*fact);
    }
    for (std::uint32_t other = 0; other < system_.actors.size(); ++other)
      row.in_the_way.push_back(other == one.actor ? std::vector<bool>(system_.actors[other].locations, false)
                                                  : in_the_way(other, mine, row.facts));
    slot = static_cast<std::uint32_t>(out_.rows_.size());
    out_.rows_.push_back(std::move(row));
    return true;
  }

  // The number of a condition that all values of its variables can be put into.
  std::optional<std::uint32_t> fact_of(const AmpleLocation& one, const AmpleLocation::Held& held) {
    const Lock& lock = system_.locks[held.lock];
    AmpleSteps::Fact fact{{lock.write[one.actor]}};
    if (!held.write) fact.any.push_back(lock.read[one.actor]);
    const auto known = std::find(out_.facts_.begin(), out_.facts_.end(), fact);
    if (known != out_.facts_.end()) return static_cast<std::uint32_t>(known - out_.facts_.begin());
    Vars variables;
    for (const Expr expr : fact.any) read(expr, variables);
    std::uint64_t valuations = 1;
    for (const std::uint32_t v : variables) {
      const Variable& variable = system_.variables[v];
      if (is_control(v) || variable.span >= most_valuations) return std::nullopt;
      valuations *= variable.span + 1;
      if (valuations > most_valuations) return std::nullopt;
    }
    if (variables.empty() || variables.size() > most_variables) return std::nullopt;
    out_.facts_.push_back(fact);
    about_.push_back(std::move(variables));
    bearings_.emplace_back(system_.transitions.size());
    return static_cast<std::uint32_t>(out_.facts_.size() - 1);
  }

  bool is_control(std::uint32_t variable) const {
    return std::any_of(system_.actors.begin(), system_.actors.end(),
                       [&](const Actor& a) { return a.control == variable; });
  }

  const Bearing& bearing(std::uint32_t fact, std::uint32_t transition) {
    auto& slot = bearings_[fact][transition];
    if (!slot) slot = bearing_of(fact, system_.transitions[transition]);
    return *slot;
  }

  Bearing bearing_of(std::uint32_t fact, const Transition& t) {
    Bearing out;
    Vars tested;
    read(t.guard, tested);
    const bool tests =
        std::any_of(tested.begin(), tested.end(), [&](std::uint32_t v) { return about_[fact].contains(v); });
    const bool writes =
        std::any_of(t.updates.begin(), t.updates.end(), [&](const auto& u) { return about_[fact].contains(u.first); });
    if (!tests && !writes) return out;
    bool possible = false;
    std::map<std::uint32_t, std::optional<std::uint64_t>> values;
    each_valuation(fact, about_[fact].begin(), values, [&] {
      guess_.begin(values);
      if (!is_true(fact, guess_) || guess_(t.guard) == std::uint64_t{0}) return;
      possible = true;
      if (!writes) return;
      std::map<std::uint32_t, std::optional<std::uint64_t>> then = values;
      for (const auto& [variable, value] : t.updates)
        if (then.contains(variable)) then[variable] = guess_(value);
      after_.begin(then);
      out.survives = out.survives && is_true(fact, after_);
    });
    out.forbids = tests && !possible;
    return out;
  }

  bool is_true(std::uint32_t fact, Guess& guess) const {
    const auto& any = out_.facts_[fact].any;
    return std::any_of(any.begin(), any.end(), [&](Expr expr) { return guess(expr) == std::uint64_t{1}; });
  }

  template <class Visit>
  void each_valuation(std::uint32_t fact, Vars::const_iterator at,
                      std::map<std::uint32_t, std::optional<std::uint64_t>>& values, const Visit& visit) {
    if (at == about_[fact].end()) return visit();
    const Variable& variable = system_.variables[*at];
    for (std::uint64_t number = 0; number <= variable.span; ++number) {
      values[*at] = low_bits(variable.low + number, variable.width);
      each_valuation(fact, std::next(at), values, visit);
    }
  }

  // Locations from which an actor may, the others standing still, come to something that matters.
  std::vector<bool> in_the_way(std::uint32_t other, const Note& mine, const std::vector<std::uint32_t>& facts) {
    std::vector<bool> out(system_.actors[other].locations, false);
    std::vector<std::uint32_t> possible;
    for (const std::uint32_t i : of_actor_[other]) {
      const Transition& t = system_.transitions[i];
      if (std::any_of(facts.begin(), facts.end(), [&](std::uint32_t f) { return bearing(f, i).forbids; })) continue;
      possible.push_back(i);
      const Note& theirs = notes_[i];
      const bool depends = overlap(theirs.writes, mine.reads) || overlap(theirs.writes, mine.writes) ||
                           overlap(theirs.reads, mine.writes);
      if (depends || std::any_of(facts.begin(), facts.end(), [&](std::uint32_t f) { return !bearing(f, i).survives; }))
        out[t.from] = true;
    }
    for (bool more = true; more;) {
      more = false;
      for (const std::uint32_t i : possible) {
        const Transition& t = system_.transitions[i];
        if (!out[t.to] || out[t.from]) continue;
        out[t.from] = more = true;
      }
    }
    return out;
  }

  const System& system_;
  std::string& why_;
  Guess guess_, after_;
  Vars watched_;
  std::vector<Note> notes_;                           // by transition
  std::vector<std::vector<std::uint32_t>> of_actor_;  // transitions, from greater locations first
  AmpleSteps out_;
  std::vector<Vars> about_;                                    // by fact
  std::vector<std::vector<std::optional<Bearing>>> bearings_;  // by fact, by transition
};

std::optional<AmpleSteps> AmpleSteps::made(const System& system, const std::vector<AmpleLocation>& locations,
                                           std::string& why) {
  return AmpleProof(system, why).run(locations);
}

}  // namespace hotproof::verify
