#include "model/ir/passes/mistake.hpp"

#include <atomic>

namespace hotproof::ir {

namespace {
std::atomic<Mistake> mistake_made = Mistake::none;
}

void make_mistake_for_tests(Mistake mistake) {
  mistake_made = mistake;
}

Mistake mistake_for_tests() {
  return mistake_made;
}

}  // namespace hotproof::ir
