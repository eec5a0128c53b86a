// What a property's verdict means to somebody who counts failures, in agreement with the exit status.
#pragma once

#include <string>

#include "counterexamples/render/formats/formats.hpp"

namespace hotproof::render {

enum class Outcome : std::uint8_t {
  pass,
  skip,      // vacuous, or the rule does not apply here
  expected,  // violated, but latent or not new: no failure unless asked for strictly
  fail,      // violated
  undecided  // inconclusive, not understood
};

struct Judged {
  Outcome outcome = Outcome::pass;
  std::string why;  // one line; empty where there is nothing to say
};

// `before`: what the property was without the patch; null where that is not asked.
Judged judge(const counterexamples::PropertyReport& property, const counterexamples::PropertyReport* before,
             const Context& context);

}  // namespace hotproof::render
