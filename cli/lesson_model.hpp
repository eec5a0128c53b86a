// What a unit of the course is about, as a system that can be searched and simulated.
#pragma once

#include <string>
#include <vector>

#include "cli/inputs.hpp"
#include "cli/search.hpp"
#include "lessons/course/unit.hpp"
#include "specs/lang/instrument.hpp"

namespace hotproof::cli {

// The unit's model before its `start` is laid over it, and with it. Errors stand in the unit's file.
struct LessonSubject {
  Subject whole;
  Subject start;
};
Result<LessonSubject> lesson_subject(const lessons::Unit& unit);

// The library's properties and the unit's own.
Result<std::vector<spec::SpecProperty>> lesson_properties(const lessons::Unit& unit);

// The subject with one edit made, given as a text; `file` is what mistakes in it are said of.
Result<Subject> with_edit_text(const Subject& subject, const lessons::Unit& unit, const std::string& text,
                               const std::string& file);
// The same with a block of the unit; an empty block changes nothing.
Result<Subject> with_block(const Subject& subject, const lessons::Unit& unit, const lessons::Block& block);

struct LessonModel {
  spec::Instrumented instrumented;  // the properties that the model has something for
  counterexamples::Sources sources;
  std::vector<Diagnostic> not_understood;  // places that were not understood: nothing is decided then
  std::string scenario;                    // who takes part, for people; of a program of the unit's own: empty
};

// Errors: a function of the unit's that is not there, a rule with too many instances.
Result<LessonModel> lesson_model(const lessons::Unit& unit, const Subject& subject,
                                 const std::vector<spec::SpecProperty>& properties);

// Everything about the properties, those that say nothing of this model included, in their order. Nothing in the model
// is not understood.
Result<std::vector<counterexamples::PropertyReport>> lesson_verdicts(const LessonModel& model,
                                                                     const std::vector<spec::SpecProperty>& properties,
                                                                     bool with_runs);

}  // namespace hotproof::cli
