// From properties of form ltl to a question about a system.
#pragma once

#include <span>
#include <vector>

#include "model/ir/temporal.hpp"
#include "specs/lang/instrument.hpp"

namespace hotproof::spec {

struct Asked {
  ir::TemporalQuestion question;  // one property each, in their order, of those that apply
  std::vector<Inapplicable> inapplicable;
};

// Those of `properties` that are of form ltl. The question's system is a copy of `system` with atoms in place of its
// properties: locations, guards and updates are not touched. Errors as of instrument().
Outcome<Asked> ask(const ir::TransitionSystem& system, std::span<const SpecProperty> properties);

}  // namespace hotproof::spec
