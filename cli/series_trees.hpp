// The trees that patches of a series make of a base.
#pragma once

#include <string>
#include <vector>

#include "cli/inputs.hpp"
#include "model/patch/series.hpp"

namespace hotproof::cli {

struct Patch {
  Subject subject;  // with the patch
  std::vector<counterexamples::PlacementReport> placement;
};

// The subject with all patches; the lines of all are marked as changed.
Result<Subject> with_all_parts(const Subject& subject, const patch::Series& series, const std::string& architecture);

// The same texts; which of their lines were changed is forgotten.
SourceTree without_marks(SourceTree tree);

// The subject with one patch of the series. The marks of changed lines that the subject had go with `keep_marks`, else
// only those of this patch are there.
Result<Patch> with_part(const Subject& subject, const patch::Part& part, const std::string& architecture,
                        bool keep_marks = false);

// The texts that the user names: files as they are, of a folder the files with patches in it, in the order of their
// names.
Result<std::vector<patch::SeriesInput>> read_series_inputs(const std::vector<std::string>& paths);

}  // namespace hotproof::cli
