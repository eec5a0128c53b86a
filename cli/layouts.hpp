// A block's memmap lies in its own first pages or elsewhere, as whoever adds the block asks for: code that is right for
// the one may be wrong for the other.
#pragma once

#include "cli/pipeline.hpp"

namespace hotproof::cli {

// Adds to `checked`, where memmaps lie in their blocks, what was found out about blocks that have theirs elsewhere. Of
// each property the worse answer stays, and says where it is from if that is the second one; a rule to which only the
// second gives something to judge has its answer from there. What is reached in one of the two counts as reached.
void add_other_layout(Checked& checked, Checked other);

}  // namespace hotproof::cli
