#include <CLI/CLI.hpp>
#include <cmath>
#include <limits>

#include "checker/export/export.hpp"
#include "cli/command.hpp"
#include "counterexamples/render/formats/formats.hpp"

namespace hotproof::cli {

namespace {

template <auto Member>
CLI::Option* plain(CLI::App& app, Settings& settings, const OptionRow& row) {
  return app.add_option(row.names, settings.*Member, row.help);
}

// Each occurrence takes one value, so that a positional argument may follow.
template <auto Member>
CLI::Option* repeated(CLI::App& app, Settings& settings, const OptionRow& row) {
  return app.add_option(row.names, settings.*Member, row.help)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// "a,b", as often as wanted.
template <auto Member>
CLI::Option* listed(CLI::App& app, Settings& settings, const OptionRow& row) {
  return repeated<Member>(app, settings, row)->delimiter(',')->type_name("LIST");
}

template <auto Member, int Low, int High>
CLI::Option* number(CLI::App& app, Settings& settings, const OptionRow& row) {
  return app.add_option(row.names, settings.*Member, row.help)->check(CLI::Range(Low, High))->type_name("N");
}

template <auto Member>
CLI::Option* flag(CLI::App& app, Settings& settings, const OptionRow& row) {
  return app.add_flag(row.names, settings.*Member, row.help);
}

template <class Value>
CLI::Option* choice(CLI::App& app, Value& value, const OptionRow& row,
                    std::vector<std::pair<std::string, Value>> words) {
  std::string names;
  for (const auto& [word, unused] : words) names += (names.empty() ? "" : "|") + word;
  const auto set = [&value, words, names, option = row.names](const std::string& given) {
    for (const auto& [word, meaning] : words) {
      if (word != given) continue;
      value = meaning;
      return;
    }
    throw CLI::ValidationError(option, "'" + given + "' is none of " + names);
  };
  return app.add_option_function<std::string>(row.names, set, row.help)->type_name(names);
}

CLI::Option* engine(CLI::App& app, Settings& settings, const OptionRow& row) {
  return choice<Engine>(app, settings.engine, row,
                        {{"auto", Engine::automatic},
                         {"explicit", Engine::explicit_search},
                         {"smt", Engine::smt},
                         {"both", Engine::both}});
}

CLI::Option* format(CLI::App& app, Settings& settings, const OptionRow& row) {
  return choice<Format>(app, settings.format, row, {{"text", Format::text}, {"json", Format::json}});
}

// text, json, or one of the forms that other programs read.
CLI::Option* any_format(CLI::App& app, Settings& settings, const OptionRow& row) {
  static const std::string names = [] {
    std::string all = "text|json";
    for (const render::FormatRow& form : render::formats()) all += "|" + std::string(form.name);
    return all;
  }();
  const auto set = [&settings, option = row.names](const std::string& given) {
    settings.format = given == "json" ? Format::json : Format::text;
    settings.document = given == "json" || given == "text" ? "" : given;
    if (!settings.document.empty() && render::find_format(given) == nullptr)
      throw CLI::ValidationError(option, "'" + given + "' is none of " + names);
  };
  return app.add_option_function<std::string>(row.names, set, row.help)->type_name(names);
}

CLI::Option* html(CLI::App& app, Settings& settings, const OptionRow& row) {
  return app.add_flag_callback(row.names, [&settings] { settings.document = "html"; }, row.help);
}

CLI::Option* colour(CLI::App& app, Settings& settings, const OptionRow& row) {
  return choice<When>(app, settings.colour, row,
                      {{"auto", When::automatic}, {"always", When::always}, {"never", When::never}});
}

CLI::Option* altmap(CLI::App& app, Settings& settings, const OptionRow& row) {
  return choice<When>(app, settings.altmap, row,
                      {{"auto", When::automatic}, {"yes", When::always}, {"no", When::never}});
}

CLI::Option* sizes(CLI::App& app, Settings& settings, const OptionRow& row) {
  return choice<bool>(app, settings.symbolic_sizes, row, {{"usual", false}, {"symbolic", true}});
}

CLI::Option* exit_style(CLI::App& app, Settings& settings, const OptionRow& row) {
  return choice<bool>(app, settings.bisect, row, {{"usual", false}, {"bisect", true}});
}

CLI::Option* architecture(CLI::App& app, Settings& settings, const OptionRow& row) {
  return choice<std::string>(app, settings.architecture, row, {{"x86_64", "x86_64"}, {"s390x", "s390x"}});
}

// "2", "any"
CLI::Option* listeners_or_any(CLI::App& app, Settings& settings, const OptionRow& row) {
  const auto set = [&settings, option = row.names](const std::string& text) {
    settings.any_listeners = text == "any";
    const bool is_number = text.size() == 1 && text[0] >= '0' && text[0] <= '4';
    if (!settings.any_listeners && !is_number)
      throw CLI::ValidationError(option, "'" + text + "' is neither a number from 0 to 4 nor any");
    settings.listeners = is_number ? text[0] - '0' : -1;
  };
  return app.add_option_function<std::string>(row.names, set, row.help)->type_name("N|any");
}

// "300", "0.5"
CLI::Option* seconds(CLI::App& app, Settings& settings, const OptionRow& row) {
  const auto set = [&settings, option = row.names](const std::string& text) {
    std::size_t used = 0;
    double value = -1;
    try {
      value = std::stod(text, &used);
    } catch (const std::exception&) {
      used = 0;
    }
    if (used == 0 || used != text.size() || !std::isfinite(value) || value <= 0) {
      throw CLI::ValidationError(option, "'" + text + "' is no number of seconds above 0");
    }
    settings.time_limit = value;
  };
  return app.add_option_function<std::string>(row.names, set, row.help)->type_name("S");
}

// "900000000", "512M", "4G"
template <auto Member>
CLI::Option* bytes(CLI::App& app, Settings& settings, const OptionRow& row) {
  const auto set = [&settings, option = row.names](const std::string& text) {
    std::string digits = text;
    std::uint64_t unit = 1;
    const std::size_t scale = digits.empty() ? std::string::npos : std::string("KMG").find(digits.back());
    if (scale != std::string::npos) {
      unit = std::uint64_t{1} << (10 * (scale + 1));
      digits.pop_back();
    }
    const bool number =
        !digits.empty() && digits.size() <= 18 && digits.find_first_not_of("0123456789") == std::string::npos;
    const std::uint64_t count = number ? std::stoull(digits) : 0;
    if (count == 0 || count > std::numeric_limits<std::uint64_t>::max() / unit) {
      throw CLI::ValidationError(option, "'" + text + "' is no amount of memory such as 512M or 4G");
    }
    settings.*Member = count * unit;
  };
  return app.add_option_function<std::string>(row.names, set, row.help)->type_name("N[KMG]");
}

constexpr const char* what = "What is checked";
constexpr const char* how = "How it is checked";
constexpr const char* result = "What comes out";

}  // namespace

std::vector<OptionRow> model_options() {
  return {
      {"--tree", "Kernel tree to read (default: the embedded reference model)", plain<&Settings::tree>, what},
      {"--arch", "Architecture (default: the scenario's, else x86_64)", architecture, what},
      {"--scenario", "x86-dimm or s390-standby (default: the architecture's usual one)", plain<&Settings::scenario>,
       what},
      {"--blocks", "Memory blocks, 1 to 4 (default 1)", number<&Settings::blocks, 1, 4>, what},
      {"--listeners", "Ideal listeners on the memory chain, 0 to 4 (default 1; 0 where the tree has its own)",
       number<&Settings::listeners, 0, 4>, what},
      {"--workers", "Actors that ask for online and offline, 1 to 4 (default 1)", number<&Settings::workers, 1, 4>,
       what},
      {"--readers", "Actors that read the memmap under get_online_mems(), 0 to 4 (default 1)",
       number<&Settings::readers, 0, 4>, what},
      {"--registrars", "Modules whose listener comes and goes, 0 or 1 (default 0)", number<&Settings::registrars, 0, 1>,
       what},
      {"--stop", "Ideal listeners may also answer NOTIFY_STOP", flag<&Settings::stop>, what},
      {"--life", "On a kernel tree: workers also add and remove the blocks", flag<&Settings::life>, what},
      {"--requests",
       "What workers ask for, with commas between, or all (default offline,online; see docs/architecture.md)",
       plain<&Settings::requests>, what},
      {"--poisoners", "On a kernel tree: memory fails and is repaired meanwhile, 0 or 1 (default 0)",
       number<&Settings::poisoners, 0, 1>, what},
      {"--boot", "The blocks were there at boot, and are online", flag<&Settings::boot>, what},
      {"--real-listeners", "The listeners of core mm that the tree registers take part too",
       flag<&Settings::real_listeners>, what},
      {"--altmap",
       "The memmap of a block lies in the block (default: as the tree does it; check, patch and series look at both)",
       altmap, what},
      {"--sizes",
       "symbolic: every number of pages, altmap and address at once (the reference model; see docs/symbolic-sizes.md)",
       sizes, what},
      {"--edit", "Change the tree in memory by an edit file; may be repeated", repeated<&Settings::edits>, what},
  };
}

std::vector<OptionRow> any_model_options() {
  std::vector<OptionRow> out = model_options();
  for (OptionRow& row : out) {
    if (std::string_view(row.names) != "--listeners") continue;
    row.help = "Ideal listeners on the memory chain: 0 to 4, or any for every number at once (default 1; 0 where the tree has its own)";
    row.add = listeners_or_any;
  }
  return out;
}

OptionRow architectures_option() {
  return {"--arch", "Architecture; may be repeated (default: the scenario's, else x86_64)",
          [](CLI::App& app, Settings& settings, const OptionRow& row) {
            return repeated<&Settings::architectures>(app, settings, row)
                ->check(CLI::IsMember({"x86_64", "s390x"}))
                ->type_name("x86_64|s390x");
          },
          what};
}

std::vector<OptionRow> orders_options() {
  return {
      {"--orders", "Orders of the patches to look at (default auto: all, unless too many trees had to be checked)",
       [](CLI::App& app, Settings& settings, const OptionRow& row) {
         return choice<Orders>(app, settings.orders, row,
                               {{"auto", Orders::automatic},
                                {"all", Orders::all},
                                {"neighbours", Orders::neighbours},
                                {"no", Orders::none}});
       },
       how},
      {"--dot", "Instead of the result, draw what all safe orders share, for Graphviz", flag<&Settings::dot>, result},
  };
}

std::vector<OptionRow> mutate_options() {
  return {
      {"--operators", "Mistakes to make, with commas between (default all; see docs/mutate.md)",
       plain<&Settings::operators>, what},
      {"--most", "So many mutants at most, spread over all there are", number<&Settings::most, 1, 1000000>, what},
  };
}

std::vector<OptionRow> suggest_option() {
  return {{"--suggest", "Look for small edits that mend what is violated, each checked, and show them as diffs",
           flag<&Settings::suggest>, how}};
}

std::vector<OptionRow> step_options() {
  return {
      {"--step", "Instead of all orders: every place where this step (its name or number) may stand",
       plain<&Settings::step>, how},
      {"--steps", "Only these steps change places (names or numbers, with commas between); the others keep their order",
       plain<&Settings::steps>, how},
      {"--most", "Look at all orders only if that takes so many models at most (default 500)",
       number<&Settings::most, 1, 1000000>, how},
      {"--dot", "Instead of the result, draw what all safe orders share, for Graphviz", flag<&Settings::dot>, result},
  };
}

std::vector<OptionRow> limit_options() {
  return {
      {"--time-limit", "Stop after S seconds; what is open is then inconclusive", seconds, how},
      {"--no-merge", "Search every step by itself: steps that nobody can tell apart are not merged",
       flag<&Settings::no_merge>, how},
      {"--no-slice", "Leave nothing out: also what no property depends on is a part of the state",
       flag<&Settings::no_slice>, how},
      {"--no-reset", "Variables that nobody can read any more keep their values", flag<&Settings::no_reset>, how},
      {"--no-symmetry", "Search also what differs only in who of several equal actors is who",
       flag<&Settings::no_symmetry>, how},
      {"--no-partial-order", "Fire all actors' transitions in each state, also where those of one are enough",
       flag<&Settings::no_partial_order>, how},
      {"--no-sleep-sets", "Fire also what is known to lead to states that were met", flag<&Settings::no_sleep_sets>,
       how},
      {"--no-groups", "Look at all properties in one search, however large it is", flag<&Settings::no_groups>, how},
      {"--memory-limit", "Stop before the search makes the program take more memory than this",
       bytes<&Settings::memory_limit>, how},
      {"--threads", "Threads of the exhaustive search (default: as many as the machine runs at once)",
       number<&Settings::threads, 1, 64>, how},
  };
}

std::vector<OptionRow> compare_options() {
  return {
      {"--observe", "What counts besides the usual: locks, all, everything, events, symbols (docs/compare.md)",
       listed<&Settings::observe>, what},
      {"--hide", "What does not count: events, symbols, faults, reads, or notifications, which listeners then ignore",
       listed<&Settings::hide>, what},
      {"--bisimulation", "Compare not only what can happen, but also where it is decided",
       flag<&Settings::bisimulation>, how},
  };
}

namespace {

std::vector<OptionRow> colour_option() {
  return {{"--color", "Colours (default auto: on terminals, unless NO_COLOR is set)", colour, result}};
}

}  // namespace

std::vector<OptionRow> property_option() {
  return {{"--property", "Check only this property; may be repeated (`hotproof specs` lists them)",
           repeated<&Settings::properties>, how}};
}

std::vector<OptionRow> simulate_options() {
  const std::vector<OptionRow> rows = {
      {"trace", "A recorded trace of this model to go along, forward and back", plain<&Settings::trace>, what},
      {"--patch", "Lay this patch (a mail, a mailbox, a diff) over the tree in memory first; may be repeated",
       repeated<&Settings::mails>, what},
      {"--run-to", "Look for the simplest run that violates this property, or reaches this cover, and load it",
       plain<&Settings::run_to>, what},
      {"--dap", "Speak the Debug Adapter Protocol on standard input and output, for an editor (docs/simulate.md)",
       flag<&Settings::dap>, result},
  };
  return joined({rows, colour_option()});
}

std::vector<OptionRow> search_options() {
  std::vector<OptionRow> rows = {
      {"--engine", "Engine (default auto: exhaustive search, and the solver beside it if that takes long; docs/engines.md)", engine, how},
      {"--check-reductions",
       "First explore the system as it is before any reduction, and test in every state what reductions rely on",
       flag<&Settings::check_reductions>, how},
      {"--liveness", "Check what must happen in the end, too: every request is answered (docs/liveness.md)",
       flag<&Settings::liveness>, how},
      {"--exit-style", "bisect: 0 good, 1 bad, 125 cannot be told, 255 stop; for `git bisect run`", exit_style, how},
  };
  return joined({property_option(), rows, limit_options()});
}

std::vector<OptionRow> checkpoint_options() {
  return {
      {"--checkpoint",
       "A folder where an exhaustive search writes how far it has come: now and then, and when it is ended",
       plain<&Settings::checkpoint>, how},
      {"--checkpoint-every", "Seconds between two checkpoints (default 120)",
       number<&Settings::checkpoint_every, 1, 86400>, how},
      {"--states-on-disk",
       "A folder where the states of an exhaustive search go when --memory-limit is reached, instead of an end",
       plain<&Settings::states_on_disk>, how},
      {"--hash-compact",
       "Keep five bytes of each state, in a table of that size: what is not found then is never proved",
       bytes<&Settings::hash_compact>, how},
      {"--bitstate", "Keep three bits of each state, in a table of that size: likewise",
       [](CLI::App& app, Settings& settings, const OptionRow& row) {
         return bytes<&Settings::bitstate>(app, settings, row)->excludes("--hash-compact");
       },
       how},
      {"--resume", "Go on from what lies in the folder of --checkpoint, if it is of this very search",
       flag<&Settings::resume>, how},
  };
}

std::vector<OptionRow> certificate_option() {
  return {{"--certificate", "Write the reasons of all verdicts to this file, for hotproof-verify (docs/certificates.md)",
           plain<&Settings::certificate>, result}};
}

std::vector<OptionRow> record_option() {
  return {{"--record", "A folder for the recorded traces of what is violated, for `hotproof explain`",
           plain<&Settings::record>, result}};
}

std::vector<OptionRow> trace_option(const char* help) {
  return {{"trace", help, [](CLI::App& app, Settings& settings, const OptionRow& row) {
             return app.add_option(row.names, settings.names, row.help)->expected(1)->required()->type_name("TRACE");
           }, what}};
}

std::vector<OptionRow> explain_options() {
  return {{"--story", "In full sentences, with a glossary", flag<&Settings::story>, result},
          {"--mail", "As a plain text of 72 columns, ready to be sent as a reply to a review", flag<&Settings::mail>, result},
          {"--html", "As one page for a browser (docs/pages.md): the same as --format html", html, result}};
}

std::vector<OptionRow> specs_option() {
  return {{"--specs", "A file with properties of your own, beside the library's; may be repeated",
           repeated<&Settings::specs>, what}};
}

std::vector<OptionRow> output_file_option() {
  return {{"-o,--output", "Write the result to this file; nothing is written if there is none", plain<&Settings::output>,
           result}};
}

std::vector<OptionRow> output_options() {
  return joined({{{"--format", "Form of the result (default text)", format, result}}, output_file_option(), colour_option()});
}

std::vector<OptionRow> report_output_options() {
  std::vector<OptionRow> out = output_options();
  out.front() = {"--format", "Form of the result (default text; the others for other programs: docs/formats.md)", any_format, result};
  return out;
}

std::vector<OptionRow> folder_option() {
  return {{"-o,--output", "The folder to write; it must be empty or not there", plain<&Settings::output>, result}};
}

std::vector<OptionRow> names_option(const char* help) {
  return {{"names", help, plain<&Settings::names>, what}};
}

std::vector<OptionRow> any_mails_option(const char* help) {
  return {{"mails", help, plain<&Settings::mails>, what}};
}

std::vector<OptionRow> mails_option(const char* help) {
  return {{"mails", help,
           [](CLI::App& app, Settings& settings, const OptionRow& row) {
             return plain<&Settings::mails>(app, settings, row)->required();
           },
           what}};
}

std::vector<OptionRow> claim_options() {
  return {{"--claim", "A sentence to check as those of the message are (docs/claims.md); may be repeated",
           repeated<&Settings::claims>, what},
          {"--no-claims", "Do not look at what the message claims", flag<&Settings::no_claims>, what}};
}

std::vector<OptionRow> strict_option(const char* help) {
  return {{"--strict", help, flag<&Settings::strict>, how}};
}

std::vector<OptionRow> drawing_options() {
  return {
      {"--dot", "Draw who calls whom, and the life of a block, for Graphviz", flag<&Settings::dot>, result},
      {"--coverage", "Mark on the source which statements the model reaches (+) and which it does not (-)",
       flag<&Settings::coverage>, result},
      {"--mir", "Print functions in the middle form, from which steps are made", flag<&Settings::mir>, result},
  };
}

std::vector<OptionRow> export_options() {
  const auto form = [](CLI::App& app, Settings& settings, const OptionRow& row) {
    std::vector<std::pair<std::string, std::string>> words;
    for (const checker::exports::Format& format : checker::exports::formats()) words.emplace_back(format.name, format.name);
    return choice<std::string>(app, settings.document, row, words)->required();
  };
  const std::vector<OptionRow> rows = {
      {"--patch", "Lay this patch (a mail, a mailbox, a diff) over the tree in memory first; may be repeated",
       repeated<&Settings::mails>, what},
      {"--reduced", "The system that engines search, instead of the one before the passes (docs/reductions.md)",
       flag<&Settings::reduced>, what},
      {"--count", "promela, murphi: without properties, so that nothing keeps states from being counted",
       flag<&Settings::only_count>, what},
      {"--most", "State graphs: refuse those with more states than this (default 100000)",
       number<&Settings::most, 1, 100000000>, how},
      {"--format", "What to write (docs/export.md)", form, result},
  };
  return joined({rows, limit_options()});
}

std::vector<OptionRow> lesson_options() {
  constexpr const char* learn = "Lessons";
  const auto form = [](CLI::App& app, Settings& settings, const OptionRow& row) {
    return choice<bool>(app, settings.page, row, {{"text", false}, {"html", true}});
  };
  const std::vector<OptionRow> rows = {
      {"--answer", "Grade this file ('-': standard input) as the answer to the unit", plain<&Settings::answer>, learn},
      {"--hint", "Give the next of the unit's three hints", flag<&Settings::hint>, learn},
      {"--solution", "Give up: print an answer that passes", flag<&Settings::give_up>, learn},
      {"--program", "Print the C that the unit is about, to be changed", flag<&Settings::program>, learn},
      {"--progress", "The file that keeps what was done (default: hotproof/lessons in XDG_STATE_HOME)",
       plain<&Settings::progress>, learn},
      {"--unit", "Read this file as a unit, instead of the course; may be repeated", repeated<&Settings::lessons>, learn},
      {"--check", "Prove that units are solvable, and that wrong answers fail for the reason they state",
       flag<&Settings::check_lessons>, learn},
      {"--format", "Form of a unit (default text)", form, result},
  };
  return joined({rows, output_file_option(), colour_option()});
}

std::vector<OptionRow> joined(std::initializer_list<std::vector<OptionRow>> tables) {
  std::vector<OptionRow> out;
  for (const std::vector<OptionRow>& table : tables) out.insert(out.end(), table.begin(), table.end());
  return out;
}

}  // namespace hotproof::cli
