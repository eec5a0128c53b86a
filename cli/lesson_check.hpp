// Whether a unit of the course keeps what it promises.
#pragma once

#include <string>
#include <vector>

#include "cli/settings.hpp"
#include "lessons/course/unit.hpp"

namespace hotproof::cli {

struct LessonCheck {
  std::vector<std::string> problems;  // none: the unit is right
  std::string summary;                // what was proved, for people
};

// That its solution passes (at par, if it has one, and par is what the search proves), that what the learner starts with
// does not, and that each wrong answer fails for the reasons it states and for no others. The failure is a unit that
// cannot be read on: an edit of it that does not fit, an answer with a mistake in it.
Result<LessonCheck> check_lesson(const lessons::Unit& unit);

}  // namespace hotproof::cli
