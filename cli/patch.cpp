#include "cli/patch.hpp"

#include <algorithm>

#include "cli/certificates.hpp"
#include "cli/changed_lines.hpp"
#include "cli/claims.hpp"
#include "cli/console.hpp"
#include "cli/documents.hpp"
#include "cli/suggest.hpp"
#include "cli/traces.hpp"
#include "counterexamples/render/json.hpp"
#include "counterexamples/render/text.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

int run_patch(const Settings& settings) {
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  auto certificate = CertificateFile::open(settings);
  if (!certificate) return fail(certificate.error());
  std::vector<checker::certify::Input> patches;
  const auto mails = read_mails(settings.mails, &patches);
  if (!mails) return fail(mails.error());
  auto subject = open_subject(settings);
  if (!subject) return fail(subject.error());
  subject->patches = std::move(patches);
  watch_for_interrupt();
  auto report = compare(*subject, *mails, settings);
  if (!report) return fail(report.error());
  const auto kept = certificate->write(report->after);
  if (!kept) return fail(kept.error());
  const auto recorded = record_traces(*report, settings);
  if (!recorded) return fail(recorded.error());
  const auto written =
      !settings.document.empty()        ? write_document(*output, *report, settings)
      : settings.format == Format::json ? output->write(render::json(*report))
                                        : output->write(render::text(*report, style_for(settings)) + *kept + *recorded);
  if (!written) return fail(written.error());
  const bool stopped =
      report->before.stopped_by == "interrupted" || report->after.stopped_by == "interrupted" || *interrupt_flag();
  if (stopped) return Exit::interrupted;
  return worse(exit_code(*report, settings.strict), exit_code(report->claims));
}

}  // namespace

Result<PatchReport> compare(const Subject& before, const std::vector<patch::Mail>& mails, const Settings& settings) {
  const auto properties = chosen_properties(settings);
  if (!properties) return tl::unexpected(properties.error());
  auto patched = with_mails(before, mails);
  if (!patched) return tl::unexpected(patched.error());
  const auto after = with_edits(patched->subject, settings);
  if (!after) return tl::unexpected(after.error());

  const auto claimed = read_claims(*after, settings, {{"message", patched->message}});
  if (!claimed) return tl::unexpected(claimed.error());

  Settings chosen = settings;
  chosen.certify = !settings.certificate.empty();
  chosen.both_layouts = !chosen.certify;  // a certificate is about one system
  auto checked_after = check_where_most_is_shown(*after, chosen, *properties, before);
  if (!checked_after) return tl::unexpected(checked_after.error());
  chosen.certify = false;
  auto checked_before = check(before, chosen, *properties);
  if (!checked_before) return tl::unexpected(checked_before.error());

  PatchReport report;
  report.title = patched->title;
  report.placement = std::move(patched->placement);
  std::string doubt;
  report.lines = judge_changes(after->tree, *checked_after, &doubt);
  report.before = std::move(checked_before->report);
  report.after = checked_after->report;
  for (const spec::SpecProperty& property : *properties) {
    report.changes[property.id] = change_of(find(report.before, property.id), find(report.after, property.id));
  }
  auto judged = judge_claims(*claimed, {before, *after, chosen, *checked_after, report.lines, report.changes, doubt});
  if (!judged) return tl::unexpected(judged.error());
  report.claims = std::move(*judged);
  if (settings.suggest) {
    auto suggested = suggest(*after, chosen, *properties, report.after);
    if (!suggested) return tl::unexpected(suggested.error());
    report.after.suggestions = std::move(*suggested);
  }
  return report;
}

Command patch_command() {
  return {
      "patch",
      "Check a tree before and after a patch",
      "Reads a patch as it comes: a mail, a mailbox, the output of git format-patch, a plain diff, also a mail copied\n"
      "from a web archive with its blanks lost. It is laid over the tree in memory; where a hunk does not fit "
      "exactly,\n"
      "it is placed by the most similar lines and the guess is reported, or the patch is refused. The answer says "
      "which\n"
      "violations are new, fixed and kept, and which changed lines the model executes. Exit status 1 is only for\n"
      "violations that are new and need nothing that no tree does, unless --strict is given.",
      "  hotproof patch fix.mbox --tree ~/linux\n"
      "  git format-patch -1 --stdout | hotproof patch - --tree . --arch s390x\n"
      "  hotproof patch 0001-*.patch 0002-*.patch --tree ~/linux --format json",
      joined({mails_option("Mails or diffs, laid over the tree in this order; - is standard input"), any_model_options(),
              search_options(), checkpoint_options(), certificate_option(), record_option(), suggest_option(), specs_option(), claim_options(),
              strict_option("Exit status 1 for any violation after the patch"), report_output_options()}),
      run_patch,
  };
}

}  // namespace hotproof::cli
