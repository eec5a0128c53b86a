#include "model/lower/lower.hpp"

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

Outcome<Lowered> lower(Mir& mir, const Options& options) {
  return Specialiser(mir, options).run();
}

}  // namespace hotproof::lower
