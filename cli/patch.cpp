#include "cli/patch.hpp"

#include <algorithm>

#include "cli/changed_lines.hpp"
#include "cli/console.hpp"
#include "counterexamples/render/json.hpp"
#include "counterexamples/render/text.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

// Sentences of a message with something in them that the two checks can judge.
std::vector<ClaimReport> judged_claims(const std::string& message, const PatchReport& report) {
  std::vector<ClaimReport> out;
  std::string words;
  for (const char c : message) words += c == '\n' || c == '\t' ? ' ' : c;
  const auto sentence_with = [&words](const char* phrase) {
    const std::size_t at = words.find(phrase);
    if (at == std::string::npos) return std::string();
    const std::size_t stop = at == 0 ? std::string::npos : words.rfind(". ", at);
    const std::size_t begin = stop == std::string::npos ? 0 : stop + 2;
    std::string sentence = words.substr(begin, words.find(". ", at) - begin);
    sentence.erase(0, sentence.find_first_not_of(' '));
    sentence.erase(sentence.find_last_not_of(" .") + 1);
    return sentence;
  };
  if (const std::string claim = sentence_with("ignore unknown memory notifiers"); !claim.empty()) {
    const auto online = report.changes.find("online-possible");
    const bool broken = online != report.changes.end() && online->second == Change::new_;
    const PropertyReport* after = find(report.after, "online-possible");
    const bool holds = after != nullptr && after->verdict == Verdict::proved;
    out.push_back({claim, broken ? Verdict::violated : Verdict::inconclusive,
                   broken  ? "on " + report.after.architecture + " no block can be set online any more"
                   : holds ? "true of " + report.after.architecture + "; other architectures were not looked at"
                           : "not decided on " + report.after.architecture});
  }
  if (const std::string claim = sentence_with("no functional change"); !claim.empty()) {
    std::string changed;
    for (const auto& [id, change] : report.changes) {
      if (change == Change::new_ || change == Change::fixed) changed += (changed.empty() ? "" : ", ") + id;
    }
    const bool conditional = claim.find(" where ") != std::string::npos || claim.find(" for ") != std::string::npos;
    const bool refuted = !changed.empty() && !conditional;
    const std::string differs = "the answer differs for " + changed;
    out.push_back({claim, refuted ? Verdict::violated : Verdict::inconclusive,
                   changed.empty() ? "every verdict is the same before and after; equivalence was not checked"
                   : refuted       ? differs
                                   : differs + ", but the sentence speaks of a case that this does not tell apart"});
  }
  return out;
}

int run_patch(const Settings& settings) {
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  const auto mails = read_mails(settings.mails);
  if (!mails) return fail(mails.error());
  const auto subject = open_subject(settings);
  if (!subject) return fail(subject.error());
  watch_for_interrupt();
  const auto report = compare(*subject, *mails, settings);
  if (!report) return fail(report.error());
  const auto written = output->write(settings.format == Format::json ? render::json(*report)
                                                                     : render::text(*report, style_for(settings)));
  if (!written) return fail(written.error());
  const bool stopped = report->before.stopped_by == "interrupted" || report->after.stopped_by == "interrupted";
  return stopped ? Exit::interrupted : exit_code(*report, settings.strict);
}

}  // namespace

Result<PatchReport> compare(const Subject& before, const std::vector<patch::Mail>& mails, const Settings& settings) {
  const auto properties = chosen_properties(settings);
  if (!properties) return tl::unexpected(properties.error());
  auto patched = with_mails(before, mails);
  if (!patched) return tl::unexpected(patched.error());
  const auto after = with_edits(patched->subject, settings);
  if (!after) return tl::unexpected(after.error());

  Settings chosen = settings;
  auto checked_after = check_where_most_is_shown(*after, chosen, *properties, before);
  if (!checked_after) return tl::unexpected(checked_after.error());
  auto checked_before = check(before, chosen, *properties);
  if (!checked_before) return tl::unexpected(checked_before.error());

  PatchReport report;
  report.title = patched->title;
  report.placement = std::move(patched->placement);
  report.lines = judge_changes(after->tree, *checked_after);
  report.before = std::move(checked_before->report);
  report.after = std::move(checked_after->report);
  for (const spec::SpecProperty& property : *properties) {
    report.changes[property.id] = change_of(find(report.before, property.id), find(report.after, property.id));
  }
  report.claims = judged_claims(patched->message, report);
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
      joined({mails_option("Mails or diffs, laid over the tree in this order; - is standard input"), model_options(),
              search_options(), specs_option(), strict_option("Exit status 1 for any violation after the patch"),
              output_options()}),
      run_patch,
  };
}

}  // namespace hotproof::cli
