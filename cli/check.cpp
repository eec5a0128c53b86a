#include "cli/check.hpp"

#include "cli/certificates.hpp"
#include "cli/changed_lines.hpp"
#include "cli/console.hpp"
#include "cli/documents.hpp"
#include "cli/inputs.hpp"
#include "cli/patch.hpp"
#include "cli/suggest.hpp"
#include "cli/traces.hpp"
#include "counterexamples/render/json.hpp"
#include "counterexamples/render/text.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

// The embedded model before and after the change that it comes with.
Result<PatchReport> told_story(const Settings& given) {
  const Settings settings = for_story(given);
  const auto mails = embedded_mail();
  if (!mails) return tl::unexpected(mails.error());
  const auto subject = open_subject(settings);
  if (!subject) return tl::unexpected(subject.error());
  return compare(*subject, *mails, settings);
}

Result<CheckReport> checked_tree(const Settings& settings) {
  const auto question = read_question(settings);
  if (!question) return tl::unexpected(question.error());
  Settings chosen = settings;
  chosen.certify = !settings.certificate.empty();
  chosen.both_layouts = !chosen.certify;  // a certificate is about one system
  auto checked = check_where_most_is_shown(question->subject, chosen, question->properties, question->base);
  if (!checked) return tl::unexpected(checked.error());
  chosen.certify = false;
  const SourceTree& tree = question->subject.tree;
  if (!tree.changed().empty()) judge_changes(tree, *checked);
  if (settings.suggest) {
    auto suggested = suggest(question->subject, chosen, question->properties, checked->report);
    if (!suggested) return tl::unexpected(suggested.error());
    checked->report.suggestions = std::move(*suggested);
  }
  return std::move(checked->report);
}

// Writes the result and what is wanted beside it. `whole`: the report, or the change that it is the end of.
template <class Whole>
int finish(CheckReport& report, const Whole& whole, const Settings& settings, OutputFile& output,
           CertificateFile& certificate) {
  const auto kept = certificate.write(report);
  if (!kept) return fail(kept.error());
  const auto recorded = record_traces(whole, settings);
  if (!recorded) return fail(recorded.error());
  const auto written =
      !settings.document.empty()        ? write_document(output, report, settings)
      : settings.format == Format::json ? output.write(render::json(whole))
                                        : output.write(render::text(whole, style_for(settings)) + *kept + *recorded);
  if (!written) return fail(written.error());
  return report.stopped_by == "interrupted" ? Exit::interrupted : exit_code(report, settings.strict);
}

int check_reference(const Settings& settings, OutputFile& output, CertificateFile& certificate) {
  auto story = told_story(settings);
  return story ? finish(story->after, *story, settings, output, certificate) : fail(story.error());
}

int check_kernel(const Settings& settings, OutputFile& output, CertificateFile& certificate) {
  auto report = checked_tree(settings);
  return report ? finish(*report, *report, settings, output, certificate) : fail(report.error());
}

int run_check(const Settings& settings) {
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  auto certificate = CertificateFile::open(settings);
  if (!certificate) return fail(certificate.error());
  watch_for_interrupt();
  return settings.tree.empty() ? check_reference(settings, *output, *certificate)
                               : check_kernel(settings, *output, *certificate);
}

}  // namespace

Result<CheckReport> check_report(const Settings& settings) {
  if (!settings.tree.empty()) return checked_tree(settings);
  auto story = told_story(settings);
  if (!story) return tl::unexpected(story.error());
  return std::move(story->after);
}

Result<CheckReport> reference_before(const Settings& settings) {
  auto story = told_story(settings);
  if (!story) return tl::unexpected(story.error());
  return std::move(story->before);
}

Settings for_story(Settings settings) {
  if (settings.architecture.empty() && settings.scenario.empty()) settings.architecture = "s390x";
  if (settings.listeners < 0 && !settings.any_listeners) settings.listeners = 2;
  return settings;
}

Command check_command() {
  return {
      "check",
      "Check a kernel tree, or the embedded reference model",
      "With --tree, the tree as it is (and as --edit changes it in memory; nothing is ever written to it).\n"
      "Without, the embedded reference model of a memory block's life, before and after the change that introduced\n"
      "MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE; edits are then made after the change. Everything is explored: every\n"
      "interleaving of the actors, every failure of a call that may fail, every answer a listener may give.",
      "  hotproof check\n"
      "  hotproof check --tree ~/linux --arch s390x\n"
      "  hotproof check --tree ~/linux --listeners 2 --property prepare-has-finish\n"
      "  hotproof check --tree ~/linux --edit swap.edit --format json -o result.json",
      joined({any_model_options(), search_options(), checkpoint_options(), certificate_option(), record_option(), suggest_option(), specs_option(),
              strict_option("Exit status 1 also for violations that need what no tree does (latent ones)"),
              report_output_options()}),
      run_check,
  };
}

}  // namespace hotproof::cli
