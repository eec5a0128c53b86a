// Steps of a run, one a line, as the course shows them.
#pragma once

#include <string>

#include "counterexamples/render/terminal.hpp"
#include "counterexamples/trace.hpp"

namespace hotproof::cli {

// "lesson.c:12"; "-" for a step that stands nowhere.
std::string place_of_step(const counterexamples::TraceStep& step);

// "  7  worker0  lesson.c:12   taken = 1   taken: false -> true", not ended; what changes stands on
// a second line where the first is full. `number` 0: none; `names`: the width of the widest actor's name.
std::string step_line(const counterexamples::TraceStep& step, std::size_t number, std::size_t names,
                      const render::Style& style);

// What a step is, in the source's own words where there are some: a choice and its outcome, or the line.
std::string what_happens(const counterexamples::TraceStep& step);

}  // namespace hotproof::cli
