// A subcommand as data: its name, its help, its table of options, and what it does. One file a subcommand.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/settings.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace hotproof::cli {

// One row of a subcommand's table. `add` gives the option its type, its range and the place in Settings it fills.
struct OptionRow {
  const char* names;  // "--engine", "-o,--output", "mails" (positional)
  const char* help;
  CLI::Option* (*add)(CLI::App& app, Settings& settings, const OptionRow& row);
  const char* group;  // the heading in --help
};

struct Command {
  const char* name;
  const char* summary;   // one line for the list of commands
  const char* details;   // what it does, for --help
  const char* examples;  // for --help
  std::vector<OptionRow> options;
  int (*run)(const Settings& settings);  // gives the exit status
};

// All subcommands, in the order of the help.
std::span<const Command> commands();

// A command line that was understood.
struct Invocation {
  const Command* command = nullptr;
  Settings settings;
};
// `arguments` without the program's name. Errors: those of the command line; help or the version being asked for.
Result<Invocation> parse(const std::vector<std::string>& arguments);
// Those that this process was given.
const std::vector<std::string>& given_arguments();

// Rows that several subcommands share.
std::vector<OptionRow> model_options();                     // --tree, --arch, --scenario, --blocks, … --edit
std::vector<OptionRow> any_model_options();                 // the same, where --listeners may also be "any"
OptionRow architectures_option();                           // --arch, as often as wanted: Settings::architectures
std::vector<OptionRow> orders_options();                    // --orders, --dot
std::vector<OptionRow> mutate_options();                    // --operators, --most
std::vector<OptionRow> suggest_option();                    // --suggest
std::vector<OptionRow> certificate_option();                // --certificate
std::vector<OptionRow> step_options();                      // --step, --steps, --most, --dot
std::vector<OptionRow> search_options();                    // --property, --engine, limits
std::vector<OptionRow> property_option();                   // --property
std::vector<OptionRow> simulate_options();                  // positional: Settings::trace; --run-to, --dap, --color
std::vector<OptionRow> checkpoint_options();                // --checkpoint, --checkpoint-every, --resume
std::vector<OptionRow> limit_options();                     // --time-limit, --memory-limit, --no-merge
std::vector<OptionRow> compare_options();                   // --observe, --hide, --bisimulation
std::vector<OptionRow> record_option();                     // --record
std::vector<OptionRow> output_file_option();                // -o
std::vector<OptionRow> trace_option(const char* help);      // positional, one: Settings::names
std::vector<OptionRow> explain_options();                   // --story, --mail
std::vector<OptionRow> specs_option();                      // --specs
std::vector<OptionRow> output_options();                    // --format, -o, --color
std::vector<OptionRow> report_output_options();             // the same, with the forms for other programs
std::vector<OptionRow> folder_option();                     // -o: a folder, Settings::output
std::vector<OptionRow> names_option(const char* help);      // positional: Settings::names
std::vector<OptionRow> mails_option(const char* help);      // positional, at least one: Settings::mails
std::vector<OptionRow> any_mails_option(const char* help);  // the same, perhaps none
std::vector<OptionRow> claim_options();                     // --claim, --no-claims
std::vector<OptionRow> strict_option(const char* help);
std::vector<OptionRow> drawing_options();  // --dot, --coverage, --mir
std::vector<OptionRow> export_options();   // --patch, --reduced, --no-merge, --count, --most, --time-limit, --memory-limit, --format
std::vector<OptionRow> lesson_options();   // --answer, --hint, --check, …, --format text|html
std::vector<OptionRow> joined(std::initializer_list<std::vector<OptionRow>> tables);

// Parses the command line and runs the subcommand. Errors are one line on standard error.
int run(int argc, const char* const* argv);

}  // namespace hotproof::cli
