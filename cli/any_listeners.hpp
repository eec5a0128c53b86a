// --listeners any: verdicts for every number of ideal listeners at once. docs/any-listeners.md has the argument.
#pragma once

#include "cli/pipeline.hpp"

namespace hotproof::cli {

// The largest number of ideal listeners that is checked by itself.
inline constexpr unsigned most_listeners = 4;

// Small numbers by themselves, and all larger ones as a watched listener among crowds. A property is
// - violated with the least number that breaks it, with its run there;
// - proved if nothing breaks it, neither a small number nor the crowds;
// - inconclusive if only the crowds break it, and no number up to most_listeners does: they can do more than listeners;
// - not understood if the tree's walk over the chain is none that the crowds stand for, or the property counts
// listeners. The report's model is the one with crowds on both sides.
Result<Checked> check_any_listeners(const Subject& subject, const Settings& settings,
                                    const std::vector<spec::SpecProperty>& properties);

}  // namespace hotproof::cli
