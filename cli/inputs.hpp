// What the user names on the command line, read: trees, edits, mails, properties.
#pragma once

#include <string>
#include <vector>

#include "cli/pipeline.hpp"
#include "cli/settings.hpp"
#include "counterexamples/report.hpp"
#include "model/patch/edit.hpp"
#include "model/patch/mail.hpp"
#include "model/patch/series.hpp"

namespace hotproof::cli {

// The whole text of a file, or of standard input for "-". Errors: unreadable, a folder, over patch::largest_input.
Result<std::string> read_text(const std::string& path);

// The tree that the settings name, else the embedded reference model.
Result<Subject> open_subject(const Settings& settings);

// The subject with the settings' edits made, in their order.
Result<Subject> with_edits(const Subject& subject, const Settings& settings);

// The subject with one edit made. `architecture` decides its #if.
Result<Subject> with_edit(const Subject& subject, const patch::Edit& edit, const std::string& architecture);

// The library's properties, and then those of the settings' files. Errors: a file that cannot be read or is none, with
// line and column; an id that is there twice.
Result<std::vector<spec::SpecProperty>> known_properties(const Settings& settings);

// Of these, the ones that the settings name, in their order. Those of the library that are of form ltl only with --liveness
// or by name.
Result<std::vector<spec::SpecProperty>> chosen_properties(const Settings& settings);

// What `check` and `model` ask: these properties of this subject.
struct Question {
  Subject base;     // without the edits
  Subject subject;  // with them
  std::vector<spec::SpecProperty> properties;
};
Result<Question> read_question(const Settings& settings);

struct Patched {
  Subject subject;
  std::string title;    // the first subject line
  std::string message;  // of all mails
  std::vector<counterexamples::PlacementReport> placement;
};
// The subject with every diff of the mails laid over it, in their order.
Result<Patched> with_mails(const Subject& subject, const std::vector<patch::Mail>& mails);

// The mails of the files, in their order. `inputs`, if given, gets each file's hash.
Result<std::vector<patch::Mail>> read_mails(const std::vector<std::string>& paths,
                                            std::vector<checker::certify::Input>* inputs = nullptr);
// The mail that the embedded reference model comes with: the change that this project was made for, in our own words.
Result<std::vector<patch::Mail>> embedded_mail();
// The series that it comes with: the seven patches around that change, in our own words.
patch::SeriesInput embedded_series();

}  // namespace hotproof::cli
