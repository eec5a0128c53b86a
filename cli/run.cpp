#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <map>
#include <new>

#include "cli/command.hpp"
#include "cli/console.hpp"

namespace hotproof::cli {

namespace {

constexpr const char* exit_codes =
    "Exit status: 0 all properties hold; 1 one is violated (one that needs what no tree does, a latent one, counts "
    "only\n"
    "under --strict); 2 wrong usage or input; 3 one is inconclusive or vacuous (a property about something that the "
    "tree\n"
    "does not have, or that nothing in the scenario does, does not count); 4 something was not understood;\n"
    "70 internal error; 130 interrupted.";

void add_command(CLI::App& app, const Command& command, Settings& settings) {
  CLI::App* sub = app.add_subcommand(command.name, command.summary);
  sub->description(std::string(command.summary) + "\n\n" + command.details);
  sub->footer(std::string("Examples:\n") + command.examples + "\n\n" + exit_codes);
  for (const OptionRow& row : command.options) {
    CLI::Option* option = row.add(*sub, settings, row);
    if (!option->nonpositional()) continue;
    option->group(row.group);
  }
}

// Help asked for is a result; everything else that ends the parse is one line on standard error.
int parse_failed(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    std::ostringstream out, unused;
    app.exit(error, out, unused);
    return print(out.str());
  }
  const auto chosen = app.get_subcommands();
  const std::string name = chosen.empty() ? "" : " " + chosen.front()->get_name();
  return fail({{{}, error.what(), "see hotproof" + name + " --help"}, Exit::usage});
}

// The first word that is no option must name a command: said here, because CLI11 would only call it unexpected.
const char* unknown_command(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i][0] == '-') continue;
    const auto all = commands();
    const bool known = std::any_of(all.begin(), all.end(),
                                   [&](const Command& command) { return std::string_view(command.name) == argv[i]; });
    return known ? nullptr : argv[i];
  }
  return nullptr;
}

// As `git bisect run` reads it: 125 skips a revision, what is above 127 ends the bisection.
int bisect_status(int status) {
  if (status == Exit::all_hold || status == Exit::violated) return status;
  return status == Exit::undecided || status == Exit::not_understood ? 125 : 255;
}

// Known before the command line is understood, so that a mistake in it ends the bisection, too.
bool asks_for_bisect(int argc, const char* const* argv) {
  constexpr std::string_view option = "--exit-style";
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == std::string(option) + "=bisect") return true;
    if (word == option && i + 1 < argc && std::string_view(argv[i + 1]) == "bisect") return true;
  }
  return false;
}

// The program's command line, filling `settings`.
void describe(CLI::App& app, Settings& settings) {
  app.description(
      "hotproof checks the ordering, locking and error-path rules of Linux memory hotplug on every interleaving and\n"
      "every failure, on the source of a kernel tree as it is or with a patch, and shows the simplest run that\n"
      "breaks a rule.");
  app.set_version_flag("--version", std::string(HOTPROOF_VERSION));
  app.footer(std::string("`hotproof COMMAND --help` has the details and examples.\n\n") + exit_codes);
  for (const Command& command : commands()) add_command(app, command, settings);
}

std::vector<std::string>& arguments() {
  static std::vector<std::string> all;
  return all;
}

int parse_and_run(int argc, const char* const* argv) {
  arguments().assign(argv + std::min(argc, 1), argv + argc);
  Settings settings;
  CLI::App app("", "hotproof");
  describe(app, settings);
  if (const char* word = unknown_command(argc, argv)) {
    return fail({{{}, "there is no command '" + std::string(word) + "'", "see hotproof --help"}, Exit::usage});
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_failed(app, error);
  }
  for (const Command& command : commands()) {
    if (app.got_subcommand(command.name)) return command.run(settings);
  }
  return fail({{{}, "no command was given", "see hotproof --help"}, Exit::usage});
}

int run_plainly(int argc, const char* const* argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const std::bad_alloc&) {
    return fail({{{}, "out of memory", "--memory-limit ends a search in time"}, Exit::internal});
  } catch (const std::exception& error) {
    return fail({{{}, std::string("internal error: ") + error.what(), "please report it"}, Exit::internal});
  }
}

}  // namespace

const std::vector<std::string>& given_arguments() {
  return arguments();
}

Result<Invocation> parse(const std::vector<std::string>& arguments) {
  Invocation out;
  CLI::App app("", "hotproof");
  describe(app, out.settings);
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return usage_error({{}, error.what(), ""});
  }
  for (const Command& command : commands())
    if (app.got_subcommand(command.name)) out.command = &command;
  if (out.command == nullptr) return usage_error({{}, "no command was given", ""});
  return out;
}

int run(int argc, const char* const* argv) {
  const int status = run_plainly(argc, argv);
  return asks_for_bisect(argc, argv) ? bisect_status(status) : status;
}

}  // namespace hotproof::cli
