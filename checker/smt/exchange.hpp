// What engines that work on the same system side by side tell each other while they do.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <vector>

#include "checker/proof.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

// Everything may be called from any thread. What has been said is never taken back.
class Exchange {
 public:
  explicit Exchange(const ir::TransitionSystem& system)
      : proved_(system.properties.size()), shown_(system.properties.size()), reached_(system.marks.size()) {
    look();
  }

  // A property is known to have no run that breaks it (or, a cover, that reaches it), and whether it is vacuous.
  void set_proved(std::size_t property) { set(proved_[property]); }
  bool is_proved(std::size_t property) const { return proved_[property].load(); }
  // A shortest run for the property has been found.
  void set_shown(std::size_t property) { set(shown_[property]); }
  const std::atomic<bool>& is_shown(std::size_t property) const { return shown_[property]; }
  // Some run reaches the mark.
  void set_reached(ir::MarkId mark) { reached_[ir::index(mark)] = true; }
  const std::atomic<bool>& is_reached(ir::MarkId mark) const { return reached_[ir::index(mark)]; }
  // Every property is proved or shown.
  const std::atomic<bool>& all_known() const { return all_known_; }

  // Nothing more is to be found out: whoever still works may stop.
  void end() {
    for (std::atomic<bool>& flag : shown_) flag = true;
    all_known_ = true;
  }
  // Runs that are longer need not be looked at: what is open then cannot be decided that way.
  void set_deepest(std::uint32_t depth) { deepest_ = depth; }
  std::uint32_t deepest() const { return deepest_.load(); }

  // An invariant of the system that every engine may use.
  void set_facts(std::shared_ptr<const Invariant> facts) {
    const std::lock_guard hold(mutex_);
    facts_ = std::move(facts);
  }
  std::shared_ptr<const Invariant> facts() const {
    const std::lock_guard hold(mutex_);
    return facts_;
  }

 private:
  void set(std::atomic<bool>& flag) {
    flag = true;
    look();
  }
  void look() {
    for (std::size_t i = 0; i < proved_.size(); ++i)
      if (!proved_[i] && !shown_[i]) return;
    all_known_ = true;
  }

  std::vector<std::atomic<bool>> proved_;   // by property
  std::vector<std::atomic<bool>> shown_;    // by property
  std::vector<std::atomic<bool>> reached_;  // by mark
  std::atomic<bool> all_known_ = false;
  std::atomic<std::uint32_t> deepest_ = std::numeric_limits<std::uint32_t>::max();
  mutable std::mutex mutex_;
  std::shared_ptr<const Invariant> facts_;
};

}  // namespace hotproof::checker::smt
