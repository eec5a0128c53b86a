// Results in the forms that other programs read (counterexamples/render/formats).
#pragma once

#include <string>

#include "cli/console.hpp"
#include "cli/settings.hpp"
#include "counterexamples/render/formats/formats.hpp"

namespace hotproof::cli {

// Who writes, now. With SOURCE_DATE_EPOCH in the environment, what is written is the same every time.
render::Context writing_context(const Settings& settings);

// Writes the report in the form that settings.document names. Of a form about one run, nothing is written if there is
// no violation with a run; that, and that there are others, is said on standard error.
Result<bool> write_document(OutputFile& output, const counterexamples::CheckReport& report, const Settings& settings);
Result<bool> write_document(OutputFile& output, const counterexamples::PatchReport& report, const Settings& settings);
Result<bool> write_document(OutputFile& output, const counterexamples::SeriesReport& report, const Settings& settings);
// Error: the form is about one run, and a series has many.
Result<bool> can_write_series(const Settings& settings);

}  // namespace hotproof::cli
