#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/compare.hpp"
#include "cli/explain.hpp"
#include "cli/export.hpp"
#include "cli/lesson.hpp"
#include "cli/minimise.hpp"
#include "cli/model.hpp"
#include "cli/mutate.hpp"
#include "cli/orderings.hpp"
#include "cli/patch.hpp"
#include "cli/repro.hpp"
#include "cli/series.hpp"
#include "cli/simulate.hpp"
#include "cli/specs.hpp"

namespace hotproof::cli {

std::span<const Command> commands() {
  static const std::vector<Command> all = {
      check_command(),   patch_command(),    series_command(),   orderings_command(), compare_command(), mutate_command(),
      explain_command(), minimise_command(), simulate_command(), repro_command(),     lesson_command(),  model_command(),
      export_command(),  specs_command()};
  return all;
}

}  // namespace hotproof::cli
