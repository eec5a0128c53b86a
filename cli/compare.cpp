#include "cli/compare.hpp"

#include <filesystem>

#include "cli/console.hpp"
#include "cli/inputs.hpp"
#include "counterexamples/render/compare.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

struct Versions {
  Subject old_version, new_version;
  std::vector<PlacementReport> placement;
};

bool is_folder(const std::string& path) {
  std::error_code none;
  return std::filesystem::is_directory(path, none);
}

Result<Patched> with_edit_file(const Subject& subject, const std::string& path, const std::string& architecture) {
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  const auto edit = patch::read_edit(*text, path);
  if (!edit) return usage_error(edit.error());
  auto edited = with_edit(subject, *edit, architecture);
  if (!edited) return tl::unexpected(edited.error());
  return Patched{std::move(*edited), "", "", {}};
}

Result<Patched> with_mail_file(const Subject& subject, const std::string& path) {
  const auto mails = read_mails({path});
  if (!mails) return tl::unexpected(mails.error());
  return with_mails(subject, *mails);
}

// Patches, mails and edits, in the order given.
Result<Versions> with_changes(Subject base, const std::vector<std::string>& paths, const Settings& settings) {
  Versions out{base, base, {}};
  const std::string architecture = scenario_request(base, settings).arch;
  for (const std::string& path : paths) {
    auto changed = path.ends_with(".edit") ? with_edit_file(out.new_version, path, architecture)
                                           : with_mail_file(out.new_version, path);
    if (!changed) return tl::unexpected(changed.error());
    out.new_version = std::move(changed->subject);
    out.placement.insert(out.placement.end(), changed->placement.begin(), changed->placement.end());
  }
  auto edited = with_edits(out.new_version, settings);
  if (!edited) return tl::unexpected(edited.error());
  out.new_version = std::move(*edited);
  out.new_version.title = base.title + " with the change";
  return out;
}

Result<Subject> open_tree(const std::string& path, const Settings& settings) {
  Settings named = settings;
  named.tree = path;
  return open_subject(named);
}

// Folders are versions; everything else is a change of the version before it.
Result<Versions> read_versions(const Settings& settings) {
  if (settings.symbolic_sizes)
    return usage_error({{}, "versions are compared for the scenario's numbers, not for all sizes at once", "no --sizes"});
  std::vector<std::string> folders, changes;
  if (!settings.tree.empty()) folders.push_back(settings.tree);
  for (const std::string& path : settings.mails) (is_folder(path) ? folders : changes).push_back(path);
  if (folders.size() > 2)
    return usage_error({Place{folders[2], 0, 0}, "a third version", "compare takes an old one and a new one"});
  auto old_version = folders.empty() ? open_subject(settings) : open_tree(folders[0], settings);
  if (!old_version) return tl::unexpected(old_version.error());
  if (folders.size() < 2) {
    if (changes.empty() && settings.edits.empty())
      return usage_error({{}, "there is only one version", "name a second tree, a patch or an edit"});
    return with_changes(std::move(*old_version), changes, settings);
  }
  if (!changes.empty() || !settings.edits.empty())
    return usage_error({Place{changes.empty() ? settings.edits[0] : changes[0], 0, 0}, "a change beside two trees",
                        "compare takes two trees, or one tree and changes"});
  auto new_version = open_tree(folders[1], settings);
  if (!new_version) return tl::unexpected(new_version.error());
  return Versions{std::move(*old_version), std::move(*new_version), {}};
}

int exit_status(const CompareReport& report) {
  for (const std::string* why : {&report.why, &report.old_version.stopped_by, &report.new_version.stopped_by})
    if (*why == "interrupted") return Exit::interrupted;
  return exit_code(report.verdict);
}

int run_compare(const Settings& settings) {
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  const auto versions = read_versions(settings);
  if (!versions) return fail(versions.error());
  watch_for_interrupt();
  const CompareOptions options{settings.observe, settings.hide, settings.bisimulation};
  auto report = compare_versions(versions->old_version, versions->new_version, settings, options);
  if (!report) return fail(report.error());
  report->placement = versions->placement;
  const auto written = output->write(settings.format == Format::json ? render::json(*report)
                                                                     : render::text(*report, style_for(settings)));
  if (!written) return fail(written.error());
  return exit_status(*report);
}

}  // namespace

Command compare_command() {
  return {
      "compare",
      "Compare what two versions do",
      "Whether two versions do the same as far as it can be observed: the same notifications and answers, results,\n"
      "states of blocks and touches of their memory, on every interleaving and with the same failures. The versions\n"
      "are two trees, or one tree (else the embedded reference model) and a patch, mail or edit. A difference is "
      "shown\n"
      "as two runs side by side, up to where they part. Locks are not compared, but what happens under other locks\n"
      "than before is named. Exit status 0 means equivalent, 1 different.",
      "  hotproof compare ~/linux-6.1 ~/linux-6.12\n"
      "  hotproof compare --tree ~/linux cleanup.patch\n"
      "  hotproof compare --tree ~/linux prepare.mbox --hide MEM_PREPARE_ONLINE,MEM_FINISH_OFFLINE\n"
      "  hotproof compare --tree ~/linux cleanup.patch --observe locks --bisimulation",
      joined({any_mails_option("OLD and NEW: trees, or patches, mails and edits of the old version"), model_options(),
              compare_options(), limit_options(), output_options()}),
      run_compare,
  };
}

}  // namespace hotproof::cli
