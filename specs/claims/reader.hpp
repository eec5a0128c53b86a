// What one sentence claims, by itself.
#pragma once

#include "specs/claims/claim.hpp"

namespace hotproof::claims {

// As read_claim, without what the sentences around it say.
Read read_sentence(const Sentence& sentence, const Names& names);

}  // namespace hotproof::claims
