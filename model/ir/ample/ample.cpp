#include "model/ir/ample/ample.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "model/ir/ample/partial.hpp"

namespace hotproof::ir {

namespace {

constexpr std::uint64_t most_values_of_a_fact = 4096;
constexpr std::size_t most_variables_of_a_fact = 64;
constexpr std::uint64_t most_comparisons = 100'000'000;
constexpr std::uint64_t most_bits = std::uint64_t{1} << 29U;

// A set of variables.
class VarSet {
 public:
  explicit VarSet(std::size_t variables) : words_((variables + 63) / 64) {}
  void add(VarId var) { words_[index(var) / 64] |= std::uint64_t{1} << (index(var) % 64); }
  void add(const VarSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  bool meets(const VarSet& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if ((words_[i] & other.words_[i]) != 0) return true;
    return false;
  }

 private:
  std::vector<std::uint64_t> words_;
};

struct Touched {
  VarSet reads, writes;
};

bool depend(const Touched& a, const Touched& b) {
  return a.writes.meets(b.reads) || a.writes.meets(b.writes) || a.reads.meets(b.writes);
}

}  // namespace

class AmpleBuilder {
 public:
  AmpleBuilder(const TransitionSystem& system, AmpleSets& out)
      : system_(system), out_(out), seen_(system.variables.size()), now_(system.pool), then_(system.pool) {}

  void run() {
    std::size_t all = 0;
    for (const Actor& actor : system_.actors) {
      out_.first_.push_back(all);
      all += std::max<std::uint32_t>(actor.locations, 1);
    }
    out_.row_of_.assign(all, AmpleSets::none);
    out_.row_words_ = (all + 63) / 64;
    leaving_.resize(all);
    entering_.resize(all);
    possible_.resize(system_.transitions.size());
    for (std::uint32_t i = 0; i < system_.transitions.size(); ++i) {
      const Transition& t = system_.transitions[i];
      touched_.push_back(touched_by(t));
      leaving_[out_.first_[index(t.actor)] + t.from].push_back(i);
      entering_[out_.first_[index(t.actor)] + t.to].push_back(i);
    }
    note_what_is_seen();
    for (std::size_t a = 0; a < system_.actors.size(); ++a)
      for (Location l = 0; l < system_.actors[a].locations; ++l)
        if (goes_on_unseen(a, l)) out_.locations_.push_back({static_cast<ActorId>(a), l, claims_at(a, l)});
    const std::uint64_t rows = out_.locations_.size();
    if (rows * system_.transitions.size() > most_comparisons || rows * all > most_bits) return out_.locations_.clear();
    out_.in_the_way_.assign(rows * out_.row_words_, 0);
    for (std::uint32_t row = 0; row < rows; ++row) fill(row);
  }

 private:
  struct Effect {
    bool known = false;
    bool blocked = false;  // the transition is not enabled while the fact holds
    bool keeps = true;     // the fact still holds after it
  };
  // That an actor holds a lock: a condition on few variables, so that all of their values can be tried.
  struct Fact {
    std::size_t actor = 0;
    LockClaim claim;
    std::vector<VarId> variables;  // none: it is of no use
    std::vector<Effect> effects;   // by transition
  };

  void add(VarSet& set, ExprId expr) const {
    for (const VarId var : system_.pool.variables(expr)) set.add(var);
  }

  Touched touched_by(const Transition& t) const {
    Touched out{VarSet(system_.variables.size()), VarSet(system_.variables.size())};
    const Access all = footprint(system_, t);
    for (const VarId var : all.reads) out.reads.add(var);
    for (const VarId var : all.writes) out.writes.add(var);
    return out;
  }

  // By invariants, and by whoever asks who waits for whom.
  void note_what_is_seen() {
    for (const Property& property : system_.properties)
      if (property.kind == PropertyKind::invariant) add(seen_, property.expr);
    for (const Lock& lock : system_.locks) {
      for (const ExprId expr : lock.held_write) add(seen_, expr);
      for (const ExprId expr : lock.held_read) add(seen_, expr);
    }
  }

  const std::vector<std::uint32_t>& leaving(std::size_t actor, Location location) const {
    return leaving_[out_.first_[actor] + location];
  }

  // Locations of all actors only ascend by such steps: so these end, and somebody else has his turn.
  bool goes_on_unseen(std::size_t actor, Location location) const {
    const auto& ways = leaving(actor, location);
    return !ways.empty() && std::all_of(ways.begin(), ways.end(), [&](std::uint32_t i) {
      return system_.transitions[i].to > location && !touched_[i].writes.meets(seen_);
    });
  }

  std::vector<LockClaim> claims_at(std::size_t actor, Location location) {
    std::vector<LockClaim> out;
    for (const std::uint32_t i : leaving(actor, location))
      for (const LockClaim& claim : system_.transitions[i].held)
        if (std::find(out.begin(), out.end(), claim) == out.end() && fact_of(actor, claim) != nullptr)
          out.push_back(claim);
    return out;
  }

  Fact* fact_of(std::size_t actor, const LockClaim& claim) {
    const auto [place, fresh] = facts_.try_emplace({actor, claim});
    Fact& fact = place->second;
    if (fresh) fact = {actor, claim, few_variables(actor, claim), std::vector<Effect>(system_.transitions.size())};
    return fact.variables.empty() ? nullptr : &fact;
  }

  std::vector<VarId> few_variables(std::size_t actor, const LockClaim& claim) const {
    const Lock& lock = system_.locks[index(claim.lock)];
    std::vector<VarId> out = system_.pool.variables(lock.held_write[actor]);
    if (claim.mode == LockMode::read) {
      const std::vector<VarId> more = system_.pool.variables(lock.held_read[actor]);
      out.insert(out.end(), more.begin(), more.end());
      std::sort(out.begin(), out.end());
      out.erase(std::unique(out.begin(), out.end()), out.end());
    }
    if (out.size() > most_variables_of_a_fact) return {};
    std::uint64_t values = 1;
    for (const VarId var : out) {
      const std::uint64_t span = span_of(var);
      if (system_[var].role == Role::control || span >= most_values_of_a_fact) return {};
      values *= span + 1;
      if (values > most_values_of_a_fact) return {};
    }
    return out;
  }

  // Values of a variable are low … low + span, modulo 2^width.
  std::uint64_t span_of(VarId var) const {
    const Variable& v = system_[var];
    return v.low == 0 && v.high == 0 ? truncate(~std::uint64_t{0}, v.width) : truncate(v.high - v.low, v.width);
  }

  bool holds(const Fact& fact, PartialValues& values) const {
    const Lock& lock = system_.locks[index(fact.claim.lock)];
    if (values(lock.held_write[fact.actor]) == 1U) return true;
    return fact.claim.mode == LockMode::read && values(lock.held_read[fact.actor]) == 1U;
  }

  const Effect& effect(Fact& fact, std::uint32_t transition) {
    Effect& out = fact.effects[transition];
    if (out.known) return out;
    out.known = true;
    const Transition& t = system_.transitions[transition];
    const auto is_of_fact = [&](VarId var) {
      return std::binary_search(fact.variables.begin(), fact.variables.end(), var);
    };
    const std::vector<VarId> tested = system_.pool.variables(t.guard);
    const bool tests = std::any_of(tested.begin(), tested.end(), is_of_fact);
    const bool writes =
        std::any_of(t.updates.begin(), t.updates.end(), [&](const Update& u) { return is_of_fact(u.var); });
    if (!tests && !writes) return out;
    out.blocked = tests;
    std::vector<std::uint64_t> numbers(fact.variables.size(), 0);
    do {
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const Variable& v = system_[fact.variables[i]];
        now_.know(fact.variables[i], truncate(v.low + numbers[i], v.width));
      }
      if (!holds(fact, now_) || now_(t.guard) == 0U) continue;
      out.blocked = false;
      if (writes && !holds_after(fact, t)) out.keeps = false;
    } while (next(fact, numbers));
    for (const VarId var : fact.variables) now_.know(var, std::nullopt);
    return out;
  }

  bool next(const Fact& fact, std::vector<std::uint64_t>& numbers) const {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (++numbers[i] <= span_of(fact.variables[i])) return true;
      numbers[i] = 0;
    }
    return false;
  }

  bool holds_after(const Fact& fact, const Transition& t) {
    for (const VarId var : fact.variables) {
      const auto update =
          std::find_if(t.updates.begin(), t.updates.end(), [&](const Update& u) { return u.var == var; });
      then_.know(var, update == t.updates.end() ? now_.known(var) : now_(update->value));
    }
    return holds(fact, then_);
  }

  void fill(std::uint32_t row) {
    const AmpleLocation& mine = out_.locations_[row];
    out_.row_of_[out_.first_[index(mine.actor)] + mine.location] = row;
    Touched all{VarSet(system_.variables.size()), VarSet(system_.variables.size())};
    for (const std::uint32_t i : leaving(index(mine.actor), mine.location)) {
      all.reads.add(touched_[i].reads);
      all.writes.add(touched_[i].writes);
    }
    std::vector<Fact*> facts;
    for (const LockClaim& claim : mine.held) facts.push_back(fact_of(index(mine.actor), claim));
    for (std::size_t other = 0; other < system_.actors.size(); ++other)
      if (other != index(mine.actor))
        note_in_the_way(other, all, facts, &out_.in_the_way_[std::size_t{row} * out_.row_words_]);
  }

  // Where the other one stands and, without the first one's moving, may come to a step that depends on one of his, or
  // makes untrue what keeps others from moving.
  void note_in_the_way(std::size_t other, const Touched& mine, const std::vector<Fact*>& facts, std::uint64_t* bits) {
    std::vector<std::uint8_t> bad(system_.actors[other].locations, 0);
    std::vector<Location> open;
    const auto note = [&](Location l) {
      if (std::exchange(bad[l], 1) == 0) open.push_back(l);
    };
    for (Location l = 0; l < bad.size(); ++l)
      for (const std::uint32_t i : leaving(other, l)) {
        const auto blocked = [&](Fact* fact) { return effect(*fact, i).blocked; };
        possible_[i] = std::none_of(facts.begin(), facts.end(), blocked) ? 1 : 0;
        if (possible_[i] == 0) continue;
        const bool keeps = std::all_of(facts.begin(), facts.end(), [&](Fact* fact) { return effect(*fact, i).keeps; });
        if (!keeps || depend(mine, touched_[i])) note(l);
      }
    while (!open.empty()) {
      const std::size_t at = out_.first_[other] + open.back();
      open.pop_back();
      bits[at / 64] |= std::uint64_t{1} << (at % 64);
      for (const std::uint32_t i : entering_[at])
        if (possible_[i] != 0) note(system_.transitions[i].from);
    }
  }

  const TransitionSystem& system_;
  AmpleSets& out_;
  VarSet seen_;
  PartialValues now_, then_;
  std::vector<Touched> touched_;                                // by transition
  std::vector<std::vector<std::uint32_t>> leaving_, entering_;  // by location of all
  std::vector<std::uint8_t> possible_;  // by transition: while the row's actor stands where it does
  std::map<std::pair<std::size_t, LockClaim>, Fact> facts_;
};

AmpleSets::AmpleSets(const TransitionSystem& system) {
  AmpleBuilder(system, *this).run();
}

}  // namespace hotproof::ir
