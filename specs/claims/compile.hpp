// Claims as properties: what a sentence says becomes text of the property language (docs/specs.md), which is
// instrumented and checked as any other property.
#pragma once

#include <string>
#include <vector>

#include "specs/claims/claim.hpp"
#include "specs/lang/spec.hpp"

namespace hotproof::claims {

// What a claim leaves to the patch and to the tree.
struct Context {
  std::vector<std::string> changed_functions;  // that are followed: held, where no function is named
  struct Listener {
    unsigned number = 0;
    std::string name;                  // for people: its callback
    std::vector<std::string> unknown;  // notifications that its file does not name
  };
  std::vector<Listener> listeners;  // ignored: the tree's own
};

// A property that a claim comes to.
struct Obligation {
  enum class Role : std::uint8_t {
    all,       // the claim holds if all of these hold, and each has something to say
    reversed,  // order: where this is violated, the order is the other way round
    lacking,   // order: where only this is violated, the later thing also happens without the earlier one
    happens    // order: a cover; where no run reaches it, the earlier thing never happens
  };
  Role role = Role::all;
  std::string about;  // for people: "online_pages()", "the listener sclp_mem_notifier"
  spec::SpecProperty property;
};

// `id` is what the properties' ids begin with: "claim-1". Empty: `context` gives the claim nothing to speak of. Claims
// of no functional change come to no property. Error: an internal one.
Outcome<std::vector<Obligation>> obligations(const Claim& claim, const Context& context, const std::string& id);

}  // namespace hotproof::claims
