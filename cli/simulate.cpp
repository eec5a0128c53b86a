#include "cli/simulate.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>

#include "cli/console.hpp"
#include "cli/simulated.hpp"
#include "counterexamples/console/console.hpp"
#include "counterexamples/dap/adapter.hpp"
#include "counterexamples/dap/frame.hpp"

namespace hotproof::cli {

namespace {

// No command is longer; whoever sends more sends something else.
constexpr std::size_t longest_line = 4096;

struct Line {
  std::string text;
  bool too_long = false;
};

// Nothing at the end of standard input.
std::optional<Line> read_line() {
  Line line;
  int c = std::getc(stdin);
  if (c == EOF) return std::nullopt;
  for (; c != EOF && c != '\n'; c = std::getc(stdin)) {
    line.too_long = line.too_long || line.text.size() == longest_line;
    if (!line.too_long) line.text += static_cast<char>(c);
  }
  return line;
}

bool is_remark(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  return begin != std::string::npos && text[begin] == '#';
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r") == std::string::npos;
}

Outcome<console::Answer> answer_to(console::Console& console, const Line& line) {
  if (line.too_long) return failure({}, "a command has at most " + std::to_string(longest_line) + " characters");
  return console.command(line.text);
}

// In a terminal a mistake is said and forgotten.
int converse(console::Console& console, const render::Style& style) {
  for (;;) {
    if (const int failed = print(render::coloured(console.prompt(), render::Colour::bold, style)); failed != 0)
      return failed;
    const auto line = read_line();
    if (!line) return print("\n");
    if (is_remark(line->text)) continue;
    const auto answer = answer_to(console, *line);
    if (!answer) {
      fail({answer.error()});
      continue;
    }
    if (const int failed = print(answer->text); failed != 0 || answer->quit) return failed;
  }
}

// A script ends at its first mistake: what comes behind it was meant for another place.
int follow(console::Console& console) {
  for (std::uint32_t number = 1;; ++number) {
    const auto line = read_line();
    if (!line) return Exit::all_hold;
    if (is_remark(line->text) || is_blank(line->text)) continue;
    auto answer = answer_to(console, *line);
    if (!answer) {
      answer.error().place = {"standard input", number, 0};
      return fail({answer.error()});
    }
    if (const int failed = print(answer->text); failed != 0 || answer->quit) return failed;
  }
}

// Until the editor says goodbye, or is gone.
int serve(dap::Adapter& adapter) {
  dap::Framer framer;
  const auto refused = [](const std::string& why) {
    return fail({{{"standard input", 0, 0}, why, "an editor speaks here, see docs/simulate.md"}});
  };
  char buffer[1U << 14U];
  for (;;) {
    auto message = framer.next();
    if (!message) return refused(message.error().message);
    if (!*message) {
      const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0 && framer.is_within_message()) return refused("the last message is cut off");
      if (count <= 0) return Exit::all_hold;
      framer.add({buffer, static_cast<std::size_t>(count)});
      continue;
    }
    std::string out;
    for (const std::string& answer : adapter.answer(**message)) out += dap::framed(answer);
    if (const int failed = print(out); failed != 0 || adapter.done()) return failed;
  }
}

int run_simulate(const Settings& settings) {
  const auto what = simulated(settings);
  if (!what) return fail(what.error());
  auto session = session_of(**what);
  if (!session) return fail(session.error());
  if (!(*what)->warning.empty()) fail({{{}, (*what)->warning, "see hotproof model"}});
  const simulate::View view((*what)->model);
  if (settings.dap) {
    dap::Adapter adapter(view, std::move(*session));
    return serve(adapter);
  }
  const bool interactive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  const render::Style style = style_for(settings);
  console::Console console(
      view, std::move(*session), style, interactive,
      [&](const simulate::Session& now, const std::string& path) { return save(**what, now, path); });
  if (const int failed = print(console.greeting()); failed != 0) return failed;
  return interactive ? converse(console, style) : follow(console);
}

}  // namespace

Command simulate_command() {
  return {
      "simulate",
      "Choose who moves and what fails, step by step, forward and back",
      "Starts where the model starts, or at the start of a run that is loaded. Shows where every actor stands, who "
      "holds\n"
      "which lock, and what can happen next, numbered; `help` lists the commands. When standard input is no terminal, "
      "its\n"
      "lines are commands, `#` begins a remark, and the first mistake ends it with exit status 2. Without --tree, the\n"
      "embedded model after the change that introduced MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE.",
      "  hotproof simulate\n"
      "  hotproof simulate --run-to prepare-has-finish\n"
      "  hotproof simulate --tree ~/linux --arch s390x --readers 0\n"
      "  hotproof simulate --run-to prepare-has-finish --dap\n"
      "  printf 'go worker0\\n1\\nwhere\\n' | hotproof simulate",
      joined({simulate_options(), model_options(), property_option(), specs_option()}),
      run_simulate,
  };
}

}  // namespace hotproof::cli
