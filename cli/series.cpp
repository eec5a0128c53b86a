#include "cli/series.hpp"

#include <algorithm>

#include "cli/console.hpp"
#include "cli/documents.hpp"
#include "cli/series_orders.hpp"
#include "counterexamples/render/series.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

constexpr std::size_t most_in_a_set = 31;

Result<patch::Series> read_series(const Settings& settings) {
  std::vector<patch::SeriesInput> inputs = {embedded_series()};
  if (!settings.mails.empty()) {
    auto given = read_series_inputs(settings.mails);
    if (!given) return tl::unexpected(given.error());
    inputs = std::move(*given);
  } else if (!settings.tree.empty()) {
    return usage_error({{}, "no series was given", "see hotproof series --help"});
  }
  auto series = patch::read_series(inputs);
  if (!series) return usage_error(series.error());
  return std::move(*series);
}

// One settings for each architecture that is asked for.
std::vector<Settings> for_each_architecture(const Settings& settings) {
  std::vector<Settings> out;
  for (const std::string& architecture : settings.architectures) {
    Settings& one = out.emplace_back(settings);
    one.architecture = architecture;
  }
  if (out.empty()) out.push_back(settings);
  // The series that the reference model comes with is about memory on standby.
  const bool embedded = settings.mails.empty() && settings.architectures.empty() && settings.scenario.empty();
  if (embedded) out.front().architecture = "s390x";
  return out;
}

std::string title_of(const patch::Series& series) {
  if (series.cover && !series.cover->subject.empty()) return series.cover->subject;
  const std::string first = series.parts.front().title;
  const std::size_t more = series.parts.size() - 1;
  return more == 0 ? first : first + " and " + std::to_string(more) + (more == 1 ? " more patch" : " more patches");
}

std::vector<Message> messages_of(const patch::Series& series) {
  if (!series.cover) return {};
  return {{"cover letter", series.cover->message}};
}

bool interrupted(const SeriesReport& report) {
  const auto stopped = [](const CheckReport& check) { return check.stopped_by == "interrupted"; };
  return std::any_of(report.architectures.begin(), report.architectures.end(), [&](const SeriesOnArchitecture& on) {
    return stopped(on.base) || std::any_of(on.prefixes.begin(), on.prefixes.end(),
                                           [&](const PrefixReport& prefix) { return stopped(prefix.report); });
  });
}

bool wants_orders(const Settings& settings, const patch::Series& series) {
  return settings.orders != Orders::none && series.parts.size() > 1 && series.parts.size() <= most_in_a_set;
}

Result<SeriesReport> check_series(const Settings& settings) {
  const auto series = read_series(settings);
  if (!series) return tl::unexpected(series.error());
  const auto properties = chosen_properties(settings);
  if (!properties) return tl::unexpected(properties.error());
  SeriesReport report;
  report.title = title_of(*series);
  std::vector<SetJudge> judges;
  for (Settings one : for_each_architecture(settings)) {
    const auto tree = open_subject(one);
    if (!tree) return tl::unexpected(tree.error());
    const auto base = with_edits(*tree, one);
    if (!base) return tl::unexpected(base.error());
    report.tree = base->title;
    one.architecture = scenario_request(*base, one).arch;
    const auto chosen = settings_for_series(*base, *series, one);
    if (!chosen) return tl::unexpected(chosen.error());
    // The claims are judged once; each says itself of which architectures it speaks.
    std::optional<Subject> whole;
    std::optional<ClaimsRead> claimed;
    if (report.architectures.empty()) {
      auto all = with_all_parts(*base, *series, one.architecture);
      if (all) whole = std::move(*all);
      auto read = read_claims(whole ? *whole : *base, *chosen, messages_of(*series));
      if (!read) return tl::unexpected(read.error());
      claimed = std::move(*read);
    }
    auto judge = SeriesJudge::create(*base, *chosen, *properties);
    if (!judge) return tl::unexpected(judge.error());
    std::optional<SetTrees> trees;
    if (series->parts.size() <= most_in_a_set) trees.emplace(*base, *series, one.architecture);
    auto on = check_prefixes(*judge, *base, *series, trees ? &*trees : nullptr, report.patches);
    if (!on) return tl::unexpected(on.error());
    std::vector<std::string> shadowed;
    for (const PrefixReport& prefix : on->prefixes) shadowed.push_back(prefix.shadowed);
    report.architectures.push_back(std::move(*on));
    if (whole && claimed && !interrupted(report)) {
      auto claims = judge_series_claims(*judge, *base, *whole, *claimed);
      if (!claims) return tl::unexpected(claims.error());
      report.claims = std::move(*claims);
    }
    if (!wants_orders(settings, *series)) continue;
    judges.push_back({std::move(*judge), std::move(*trees), std::move(shadowed)});
  }
  if (judges.empty() || interrupted(report)) return report;
  auto orders = find_orders(judges, *series, settings);
  if (!orders) return tl::unexpected(orders.error());
  report.orders = std::move(*orders);
  return report;
}

std::string shown(const SeriesReport& report, const Settings& settings) {
  if (settings.dot) return report.orders && report.orders->whole ? report.orders->dot : "digraph orders {\n}\n";
  return settings.format == Format::json ? render::json(report) : render::text(report, style_for(settings));
}

int run_series(const Settings& settings) {
  if (const auto possible = can_write_series(settings); !possible) return fail(possible.error());
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  watch_for_interrupt();
  const auto report = check_series(settings);
  if (!report) return fail(report.error());
  const auto written =
      settings.document.empty() ? output->write(shown(*report, settings)) : write_document(*output, *report, settings);
  if (!written) return fail(written.error());
  if (interrupted(*report)) return Exit::interrupted;
  return worse(exit_code(*report, settings.strict), exit_code(report->claims));
}

// As for other commands, but --arch may be given more than once.
std::vector<OptionRow> series_model_options() {
  std::vector<OptionRow> out = model_options();
  std::replace_if(
      out.begin(), out.end(), [](const OptionRow& row) { return std::string_view(row.names) == "--arch"; },
      architectures_option());
  return out;
}

}  // namespace

Command series_command() {
  return {
      "series",
      "Check every prefix of a series of patches",
      "Reads a series as it comes: a mailbox in any order, a folder with the files of git format-patch, files one by "
      "one\n"
      "(`hotproof patch` says which forms are understood), or edits in the order given. Mails are ordered by their\n"
      "numbers. The tree is checked as it is and after each patch, on each architecture that is asked for: which\n"
      "property holds, is broken first by a patch, is fixed by it, or stays broken. Then: which orders of the patches\n"
      "are safe after each patch, what all of these share, and the safe order nearest to the one that was posted.\n"
      "Exit status 1 is for violations that some prefix has and the tree has not, unless they need what no tree does,\n"
      "and for a prefix that uses a name before it is defined. With --suggest, small edits are looked for where a patch\n"
      "first breaks a property: after each all holds, and it is shown as a diff against the tree with that patch.\n"
      "Without a series, the one that the reference model comes with.",
      "  hotproof series\n"
      "  hotproof series series.mbox --tree ~/linux --arch x86_64 --arch s390x\n"
      "  hotproof series outgoing/ --tree ~/linux\n"
      "  git format-patch --stdout origin.. | hotproof series - --tree . --exit-style bisect",
      joined({any_mails_option("Mails or edits of one series, or folders with them; - is standard input"),
              series_model_options(), orders_options(), search_options(), suggest_option(), specs_option(), claim_options(),
              strict_option("Exit status 1 for any violation after some patch"), report_output_options()}),
      run_series,
  };
}

}  // namespace hotproof::cli
