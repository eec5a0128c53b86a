#include <map>

#include "checker/result.hpp"

namespace hotproof::checker {

using namespace ir;

namespace {

using Matrix = std::vector<std::vector<ExprId>>;  // [a][b]: actor a waits for actor b

class DeadlockCondition {
 public:
  explicit DeadlockCondition(TransitionSystem& system)
      : system_(system), pool_(system.pool), leaving_(system.actors.size()) {
    for (std::size_t i = 0; i < system.transitions.size(); ++i) {
      const Transition& t = system.transitions[i];
      leaving_[index(t.actor)][t.from].push_back(i);
    }
  }

  ExprId build() {
    const ExprId circle = has_circle(waits_for());
    std::vector<ExprId> can_move;
    std::vector<ExprId> rests;
    std::vector<ExprId> halts;
    for (std::size_t a = 0; a < system_.actors.size(); ++a) {
      for (const auto& [location, ways] : leaving_[a])
        can_move.push_back(pool_.and_(stands(a, location), some_way(ways)));
      std::vector<ExprId> places;
      for (const Location location : system_.actors[a].resting) places.push_back(stands(a, location));
      rests.push_back(pool_.any(places));
      for (const Location location : system_.actors[a].halted) halts.push_back(stands(a, location));
    }
    const ExprId stuck = pool_.and_(pool_.not_(pool_.any(can_move)), pool_.not_(pool_.or_(pool_.all(rests), pool_.any(halts))));
    return pool_.or_(circle, stuck);
  }

 private:
  ExprId stands(std::size_t actor, Location location) {
    const VarId control = system_.actors[actor].control;
    return pool_.eq(system_.read(control), pool_.constant(location, system_[control].width));
  }

  ExprId some_way(const std::vector<std::size_t>& ways) {
    std::vector<ExprId> guards;
    for (const std::size_t way : ways) guards.push_back(system_.transitions[way].guard);
    return pool_.any(guards);
  }

  Matrix waits_for() {
    const std::size_t n = system_.actors.size();
    Matrix waits(n, std::vector<ExprId>(n, pool_.truth(false)));
    for (std::size_t a = 0; a < n; ++a)
      for (const auto& [location, ways] : leaving_[a]) add_location(waits, a, location, ways);
    return waits;
  }

  // An actor that stands where all ways acquire locks, and none can be gone, waits for the holders of these locks.
  void add_location(Matrix& waits, std::size_t a, Location location, const std::vector<std::size_t>& ways) {
    for (const std::size_t way : ways) {
      const Transition& t = system_.transitions[way];
      if (t.lock_effect != LockEffect::acquires || !t.lock) return;
    }
    const ExprId blocked = pool_.and_(stands(a, location), pool_.not_(some_way(ways)));
    for (std::size_t b = 0; b < waits.size(); ++b)
      for (const std::size_t way : ways)
        waits[a][b] = pool_.or_(waits[a][b], pool_.and_(blocked, in_the_way(*system_.transitions[way].lock, b)));
  }

  ExprId in_the_way(const LockClaim& wanted, std::size_t holder) {
    const Lock& lock = system_.locks[index(wanted.lock)];
    if (wanted.mode == LockMode::read) return lock.held_write[holder];
    return pool_.or_(lock.held_write[holder], lock.held_read[holder]);
  }

  // The transitive closure (Warshall 1962) has a true entry on its diagonal.
  ExprId has_circle(Matrix waits) {
    const std::size_t n = waits.size();
    for (std::size_t via = 0; via < n; ++via)
      for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = 0; b < n; ++b)
          waits[a][b] = pool_.or_(waits[a][b], pool_.and_(waits[a][via], waits[via][b]));
    std::vector<ExprId> diagonal;
    for (std::size_t a = 0; a < n; ++a) diagonal.push_back(waits[a][a]);
    return pool_.any(diagonal);
  }

  TransitionSystem& system_;
  ExprPool& pool_;
  std::vector<std::map<Location, std::vector<std::size_t>>> leaving_;  // by actor: transitions by `from`
};

}  // namespace

ExprId deadlocked(TransitionSystem& system) {
  return DeadlockCondition(system).build();
}

}  // namespace hotproof::checker
