// The terminal and the file system at the program's edge: errors, results, progress, Ctrl-C.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "checker/result.hpp"
#include "cli/settings.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::cli {

// "hotproof: file:line:column: message (hint)" on standard error; gives the exit status.
int fail(const Failure& failure);

// Writes a text to standard output; gives 0, or the exit status of a failed write (said on standard error).
int print(const std::string& text);

// A file that appears as a whole or not at all: the text goes to a temporary file beside it, which takes its name. What
// is no regular file (a pipe, /dev/null) is written to directly.
class OutputFile {
 public:
  // An empty path means standard output. Fails if the file cannot be made, before any work is done.
  static Result<OutputFile> open(const std::string& path);
  // Error: the text could not be written; the old file, if there was one, is then still there.
  Result<bool> write(const std::string& text);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

 private:
  OutputFile() = default;
  tl::unexpected<Failure> wrong(const char* what) const;
  std::string path_;       // empty: standard output
  std::string temporary_;  // empty: none
  int descriptor_ = -1;
};

// How results are to look: colour, character set and width of the terminal or file they go to.
render::Style style_for(const Settings& settings);

// Set by Ctrl-C (SIGINT) or SIGTERM once watch_for_interrupt() was called; a second signal ends the program at once.
void watch_for_interrupt();
const volatile bool* interrupt_flag();

// One line on standard error that is written over while a search runs; nothing if that is no terminal.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  void show(const std::string& stage, const checker::Progress& progress);
  void clear();

 private:
  bool on_terminal_ = false;
  bool shown_ = false;
  std::optional<std::chrono::steady_clock::time_point> last_;
};

}  // namespace hotproof::cli
