#include "cli/engines.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "checker/agreement/agreement.hpp"
#include "checker/explicit/explorer.hpp"
#include "checker/parametric/parametric.hpp"
#include "checker/smt/portfolio.hpp"

namespace hotproof::cli {

namespace {

using checker::PropertyResult;
using checker::Verdict;

bool is_open(const PropertyResult& property) {
  return property.verdict == Verdict::inconclusive;
}

bool all_decided(const checker::Result& result) {
  return std::none_of(result.properties.begin(), result.properties.end(), is_open);
}

// Both engines' answers in one: what the exhaustive one decided, else what the other did.
checker::Result combined(const checker::Result& explored, const checker::Result& solved) {
  checker::Result out = explored;
  for (std::size_t i = 0; i < out.properties.size(); ++i) {
    PropertyResult& mine = out.properties[i];
    const PropertyResult& other = solved.properties[i];
    if (is_open(mine) && !is_open(other)) {
      mine = other;
    } else if (mine.verdict == other.verdict) {
      mine.engine += "+" + other.engine;
      if (!mine.invariant) mine.invariant = other.invariant;
    }
  }
  for (const auto& [mark, run] : solved.triggers) out.triggers.emplace(mark, run);
  if (all_decided(out)) {
    out.complete = out.complete || solved.complete;
    if (out.complete) out.stopped_by.clear();
  }
  return out;
}

Result<checker::Result> compared(const ir::TransitionSystem& system, const checker::Result& explored,
                                 const checker::Result& solved) {
  if (const auto differs = checker::difference(system, explored, solved))
    return internal_error(defect("the engines differ: " + *differs));
  return combined(explored, solved);
}

// Exhaustive search with the solver's engines beside it, from some time on. Who has decided everything ends the other.
class SideBySide {
 public:
  SideBySide(const ir::TransitionSystem& system, const checker::Options& options)
      : system_(system), options_(options) {}

  Result<checker::Result> run() {
    std::thread solver([this] { solve(); });
    checker::Options options = options_;
    options.pointless = &solved_all_;
    const checker::Result explored = checker::explore(system_, options);
    {
      const std::lock_guard hold(mutex_);
      is_explored_ = true;
    }
    if (all_decided(explored) || explored.complete || !explored.internal_error.empty()) explored_all_ = true;
    wake_.notify_one();
    solver.join();
    if (!solved_ || (explored_all_.load() && solved_->internal_error.empty())) return explored;
    return compared(system_, explored, *solved_);
  }

 private:
  void solve() {
    {
      std::unique_lock hold(mutex_);
      const auto patience = std::chrono::duration<double>(explicit_alone);
      if (wake_.wait_for(hold, patience, [this] { return is_explored_; })) return;
    }
    checker::Options options = options_;
    options.pointless = &explored_all_;
    options.progress = nullptr;
    if (options.limits.seconds > 0) options.limits.seconds = std::max(0.1, options.limits.seconds - explicit_alone);
    solved_ = checker::smt::decide(system_, options);
    if (all_decided(*solved_)) solved_all_ = true;
  }

  const ir::TransitionSystem& system_;
  const checker::Options& options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_explored_ = false;
  std::atomic<bool> explored_all_ = false;
  std::atomic<bool> solved_all_ = false;
  std::optional<checker::Result> solved_;
};

// Tests of reductions, runs that stop at the first violation, and those that remember little, are exhaustive search's
// business.
bool wants_exhaustive(const checker::Options& options) {
  return options.check_claims || options.first_violation_ends || options.remembered != checker::Remembered::states;
}

Result<checker::Result> decided(const ir::TransitionSystem& system, Engine engine, const checker::Options& options) {
  switch (engine) {
    case Engine::smt:
      return checker::smt::decide(system, options);
    case Engine::both:
      return compared(system, checker::explore(system, options), checker::smt::decide(system, options));
    case Engine::automatic:
      if (!wants_exhaustive(options)) return SideBySide(system, options).run();
      break;
    case Engine::explicit_search:
      break;
  }
  return checker::explore(system, options);
}

Result<checker::Result> decided_for_all_sizes(const ir::TransitionSystem& system, Engine engine,
                                              const checker::Options& options) {
  switch (engine) {
    case Engine::explicit_search:
      return usage_error({{}, "the explicit engine would have to try all sizes one by one", "--engine auto"});
    case Engine::smt:
      return checker::smt::decide(system, options);
    case Engine::both:
      return compared(system, explored(system, options), checker::smt::decide(system, options));
    case Engine::automatic:
      break;
  }
  return explored(system, options);
}

}  // namespace

checker::Result explored(const ir::TransitionSystem& system, const checker::Options& options) {
  return checker::parameters(system).empty() ? checker::explore(system, options)
                                             : checker::explore_parameters(system, options);
}

Result<checker::Result> run_engines(const ir::TransitionSystem& system, Engine engine,
                                    const checker::Options& options) {
  const bool all_sizes = !checker::parameters(system).empty();
  auto result = all_sizes ? decided_for_all_sizes(system, engine, options) : decided(system, engine, options);
  if (result && !result->refused.empty()) return usage_error({{}, result->refused, ""});
  if (result && !result->internal_error.empty()) return internal_error(defect(result->internal_error));
  return result;
}

}  // namespace hotproof::cli
