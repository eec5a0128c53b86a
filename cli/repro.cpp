#include "cli/repro.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/check.hpp"
#include "cli/documents.hpp"
#include "cli/inputs.hpp"
#include "cli/traces.hpp"
#include "counterexamples/render/terminal.hpp"
#include "counterexamples/repro/reproducer.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
namespace fs = std::filesystem;

// A run that outlives what it was found with.
struct OwnRun {
  PropertyReport property;
  std::string title, tree, architecture, scenario;
  std::map<std::string, std::string> files;
  std::size_t others = 0;

  render::RunView view() const { return {&property, title, tree, architecture, scenario, &files}; }
};

OwnRun own(const render::ChosenRun& chosen) {
  const render::RunView& run = chosen.run;
  return {*run.property, run.title, run.tree, run.architecture, run.scenario, *run.files, chosen.others};
}

Result<OwnRun> recorded_run(const std::string& path) {
  auto recorded = read_trace(path);
  if (!recorded) return tl::unexpected(recorded.error());
  if (!recorded->property.trace || recorded->property.trace->steps.empty())
    return usage_error({{path, 0, 0}, "the file holds no run", ""});
  return OwnRun{std::move(recorded->property), recorded->title, "", recorded->architecture, recorded->scenario, {}, 0};
}

// As `check` finds it.
Result<OwnRun> found_run(const Settings& settings) {
  const auto report = check_report(settings);
  if (!report) return tl::unexpected(report.error());
  const auto chosen = render::choose_run(*report);
  if (chosen) return own(*chosen);
  return usage_error({{},
                      "nothing is violated with a run: there is nothing to reproduce",
                      "`hotproof check` with the same options says what was found"});
}

tl::unexpected<Failure> cannot(const std::string& path, const std::string& why) {
  return usage_error({{path, 0, 0}, why, ""});
}

// A folder that is not there yet, or holds nothing.
Result<bool> may_write_to(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return true;
  if (!fs::is_directory(folder, error)) return cannot(folder.string(), "is no folder");
  const bool empty = fs::is_empty(folder, error);
  if (error) return cannot(folder.string(), error.message());
  if (!empty) return cannot(folder.string(), "the folder is not empty; nothing in it is overwritten");
  return true;
}

Result<bool> write_files(const fs::path& folder, const std::map<std::string, repro::File>& files) {
  for (const auto& [name, file] : files) {
    const fs::path path = folder / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return cannot(path.parent_path().string(), error.message());
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << file.text;
    out.close();
    if (!out) return cannot(path.string(), std::strerror(errno));
    if (!file.executable) continue;
    using fs::perms;
    fs::permissions(path, perms::owner_exec | perms::group_exec | perms::others_exec, fs::perm_options::add, error);
    if (error) return cannot(path.string(), error.message());
  }
  return true;
}

int run_repro(const Settings& settings) {
  if (settings.output.empty())
    return fail({{{}, "no folder was given", "see -o in hotproof repro --help"}, Exit::usage});
  if (settings.names.size() > 1) return fail({{{}, "one run at a time", ""}, Exit::usage});
  if (const auto free = may_write_to(settings.output); !free) return fail(free.error());
  watch_for_interrupt();
  const auto run = settings.names.empty() ? found_run(settings) : recorded_run(settings.names.front());
  if (!run) return fail(run.error());
  const auto known = known_properties(settings);
  if (!known) return fail(known.error());
  const auto rule = std::find_if(known->begin(), known->end(),
                                 [&run](const spec::SpecProperty& p) { return p.id == run->property.id; });
  const auto files = repro::reproducer(run->view(), rule == known->end() ? nullptr : &*rule, writing_context(settings));
  const auto written = write_files(settings.output, files);
  if (!written) return fail(written.error());
  std::string said = "wrote what shows a run that violates " + render::safe(run->property.id, false) + " to " +
                     render::safe(settings.output, false) + "; begin with its README\n";
  if (run->others > 0)
    said += std::to_string(run->others) + " more " + (run->others == 1 ? "is" : "are") + " violated, see --property\n";
  return print(said);
}

}  // namespace

Command repro_command() {
  return {
      "repro",
      "Write what it takes to see a run on a real kernel",
      "Takes a recorded run, or the first violation that `check` finds with the same options, and writes a folder: a "
      "README\n"
      "that says what will happen and what cannot be made to happen; run.sh, which takes the run on the machine it is "
      "started\n"
      "on and puts everything back (0 reproduced, 1 not, 4 skipped); a kernel module with the run's listeners; a "
      "machine for\n"
      "QEMU and what its kernel needs; the rule as an automaton of the kernel's runtime verification. Nothing is built "
      "or\n"
      "run. See docs/repro.md.",
      "  hotproof repro --property prepare-has-finish -o repro\n"
      "  hotproof repro traces/prepare-has-finish.trace -o repro\n"
      "  hotproof repro --tree ~/linux --listeners 2 --property prepare-has-finish -o repro",
      joined({names_option("A recorded run, instead of the options that follow; - is standard input"), model_options(),
              search_options(), specs_option(), folder_option()}),
      run_repro,
  };
}

}  // namespace hotproof::cli
