// Which transitions may be moved before what other actors did just before them.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "model/ir/passes/decide.hpp"
#include "model/ir/system.hpp"

namespace hotproof::ir {

// A transition t of actor A is a left mover if, for each transition s of another actor and each reachable state from
// which s and then t fire, t and then s fire too, reach the same state, and all assertions and hits come out the same.
// Shown for each s in one of these ways:
//  - they share no variable that one of them writes;
//  - each claims to hold a common lock at its `from`, at least one of them for writing, so that they never stand there
//    together;
//  - t releases a lock that nobody tries, they share lock variables only, and all values of these variables that agree
//    with the claims on that lock were tried.
// Events do not count: they are for people, properties have turned them into updates and assertions.
class Movers {
 public:
  // Adds expressions to the system's pool.
  explicit Movers(TransitionSystem& system);

  bool is_left_mover(std::size_t transition);
  // A variable of the transition is in the sorted list.
  bool writes_any(std::size_t transition, const std::vector<VarId>& variables) const;
  // Actors whose control variable some expression reads: their locations mean something.
  bool control_is_read(ActorId actor) const { return control_read_[index(actor)]; }
  const Domains& domains() const { return domains_; }

 private:
  struct Touch {
    std::vector<VarId> reads, writes;
    bool reads_control = false;
  };
  // Transitions that are alike as far as an access to one variable goes.
  struct Group {
    ActorId actor{};
    bool writes = false;
    std::vector<LockClaim> held;
    std::vector<std::size_t> members;
  };

  Touch touch_of(const Transition& transition);
  void add_reads(Touch& touch, ExprId expr);
  const std::vector<VarId>& variables(ExprId expr);
  void note_control_read(ExprId expr);
  bool passes(std::size_t transition, VarId var, bool writes, const Group& group);
  bool release_commutes(std::size_t transition, std::size_t other);
  ExprId can_follow(const Transition& t, const Transition& s);
  ExprId commutation(const Transition& t, const Transition& s);
  ExprId on_lock(const Transition& t, LockId lock);

  TransitionSystem& system_;
  Domains domains_;
  std::vector<Touch> touches_;
  std::vector<std::vector<Group>> groups_;  // by variable
  std::vector<bool> control_read_;          // by actor
  std::vector<signed char> known_;          // by transition: -1 not yet, else whether it is a left mover
  std::unordered_map<ExprId, std::vector<VarId>> variables_;
  std::map<std::vector<std::uint64_t>, bool> commutes_;
};

// The actor holds the lock at least in the claimed mode.
ExprId holds_claim(TransitionSystem& system, ActorId actor, const LockClaim& claim);

// The expression after the updates of a transition.
ExprId after(TransitionSystem& system, const Transition& transition, ExprId expr);

}  // namespace hotproof::ir
