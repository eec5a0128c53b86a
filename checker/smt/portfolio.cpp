#include "checker/smt/portfolio.hpp"

#include <algorithm>
#include <thread>

#include "checker/smt/bmc.hpp"
#include "checker/smt/exchange.hpp"
#include "checker/smt/prove.hpp"

namespace hotproof::checker::smt {

namespace {

// A run was looked for up to some length, a proof for as long as there was patience: the one that has an answer.
PropertyResult combined(const PropertyResult& searched, const PropertyResult& proved) {
  if (searched.run || proved.verdict == Verdict::inconclusive) return searched;
  return proved;
}

// The first says what the second says cannot be.
bool contradict(const PropertyResult& searched, const PropertyResult& proved) {
  if (searched.run && !proved.run) return proved.verdict != Verdict::inconclusive;
  if (searched.run || !proved.run) return false;
  return !searched.bounded || searched.depth >= std::max(proved.depth, 1U);  // 0 is also where nothing was looked at
}

}  // namespace

Result decide(const ir::TransitionSystem& system, const Options& options) {
  Exchange exchange(system);
  Result proofs, out;
  if (options.in_turn) {
    proofs = prove(system, options, exchange);
    out = bounded(system, options, exchange);
  } else {
    std::thread prover([&] { proofs = prove(system, options, exchange); });
    out = bounded(system, options, exchange);
    // Where all runs end, or one leaves a declared range, nothing is left to be proved.
    if (out.complete || out.stopped_by.starts_with("range of") || !out.internal_error.empty()) exchange.end();
    prover.join();
  }
  if (out.internal_error.empty()) out.internal_error = proofs.internal_error;
  out.statistics.seconds = std::max(out.statistics.seconds, proofs.statistics.seconds);
  out.statistics.bytes = std::max(out.statistics.bytes, proofs.statistics.bytes);
  if (!out.internal_error.empty()) return out;
  out.triggers.merge(proofs.triggers);
  bool all = true;
  for (std::size_t i = 0; i < out.properties.size(); ++i) {
    PropertyResult& mine = out.properties[i];
    if (contradict(mine, proofs.properties[i]))
      out.internal_error = system.properties[i].id + ": bounded model checking and " + proofs.properties[i].engine +
                           " contradict each other";
    mine = combined(mine, proofs.properties[i]);
    if (mine.verdict == Verdict::inconclusive) all = false;
  }
  out.complete = out.complete || all;
  if (all) out.stopped_by.clear();
  return out;
}

}  // namespace hotproof::checker::smt
