// Two neighbouring statements in the other order: what an actor does in a region of the text is looked at as one step, and
// of what happens in it only the order of things that may have to do with each other counts.
//
// That is right where nobody can tell the difference (Lipton, CACM 18(12), 1975): every step in the region but the one that
// enters it commutes with every step of another actor that can come in between. Then the steps of the others move out of
// it, and the run that is left does the same in another order. Two things that happen in it may change places if they are
// independent (Mazurkiewicz, Trace theory, LNCS 255, 1987): observables say what each is about. Where any of this is not
// so, nothing is said.
#pragma once

#include <string>
#include <vector>

#include "checker/compare/observables.hpp"

namespace hotproof::checker::compare {

// Why steps of other actors cannot be moved out of the region; empty: they can, if the actor can always go on in it. Two
// steps commute if neither writes what the other touches, or never meet if their actors claim to hold a common lock, one of
// them for writing. What an event reads is its arguments, and the parts of the state that may have to do with it.
std::string what_meets(const ObservedSystem& system);

struct Happening {
  Label label;
  Things things;
};
// The same for all sequences that come from each other by exchanging neighbours that are apart: the first in the
// order of labels (Anisimov and Knuth, Inhomogeneous sorting, 1979).
std::vector<Label> normal_form(std::vector<Happening> happenings);

}  // namespace hotproof::checker::compare
