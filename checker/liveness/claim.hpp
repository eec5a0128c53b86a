// What the verifier is given as the reason why a formula holds.
#pragma once

#include "checker/liveness/product.hpp"
#include "verify/liveness.hpp"

namespace hotproof::checker::liveness {

// After product.find() has given nothing.
verify::LivenessClaim claim_of(const ir::TemporalQuestion& question, const Automaton& automaton, const Fairness& fairness,
                               const Product& product);

// The graph's states, which must live on.
verify::StateSet states_of(const Graph& graph);

}  // namespace hotproof::checker::liveness
