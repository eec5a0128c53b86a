#include "verify/external_solver.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

extern char** environ;

namespace hotproof::verify {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_output = 1U << 16U;

// A folder of our own that goes when we are done.
class Folder {
 public:
  Folder() {
    std::error_code none;
    std::string name = (fs::temp_directory_path(none) / "hotproof-verify-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    std::error_code none;
    if (!path_.empty()) fs::remove_all(path_, none);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Output {
  std::string text;
  bool in_time = true;
};

Output read_until(int from, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Output out;
  char buffer[4096];
  for (;;) {
    int wait = -1;
    if (seconds > 0) {
      const double left = seconds - std::chrono::duration<double>(Clock::now() - start).count();
      if (left <= 0) return {out.text, false};
      wait = static_cast<int>(left * 1000) + 1;
    }
    pollfd ready{from, POLLIN, 0};
    const int polled = poll(&ready, 1, wait);
    if (polled < 0 && errno == EINTR) continue;
    if (polled <= 0) continue;
    const ssize_t count = read(from, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return out;
    if (out.text.size() < most_output) out.text.append(buffer, static_cast<std::size_t>(count));
  }
}

Answer judged(const Output& output, int status, const std::string& program) {
  if (!output.in_time) return {Answer::unknown, program + " has no answer in time"};
  const std::string first = output.text.substr(0, output.text.find('\n'));
  if (first == "unsat") return {Answer::unsat, ""};
  if (first == "sat") return {Answer::sat, ""};
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) return {Answer::unknown, program + " cannot be run"};
  return {Answer::unknown, program + " has no answer" + (first.empty() ? "" : ": " + first.substr(0, 200))};
}

}  // namespace

std::string solver_on_path() {
  const char* const path = std::getenv("PATH");
  if (path == nullptr) return "";
  for (const char* name : {"cvc5", "z3", "bitwuzla", "yices-smt2", "boolector"}) {
    std::string_view rest = path;
    while (!rest.empty()) {
      const std::size_t colon = rest.find(':');
      const std::string_view folder = rest.substr(0, colon);
      rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
      const fs::path file = fs::path(folder) / name;
      std::error_code none;
      if (!folder.empty() && fs::is_regular_file(file, none) && access(file.c_str(), X_OK) == 0) return file.string();
    }
  }
  return "";
}

Answer solve_with(const std::string& program, const Obligation& obligation, double seconds) {
  const Folder folder;
  if (folder.path().empty()) return {Answer::unknown, "no temporary folder can be made"};
  const std::string file = (folder.path() / (obligation.name + ".smt2")).string();
  std::ofstream(file, std::ios::binary) << obligation.script;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {Answer::unknown, "no pipe can be made"};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  const char* const argv[] = {program.c_str(), file.c_str(), nullptr};
  pid_t child = -1;
  const int failed = posix_spawnp(&child, program.c_str(), &actions, nullptr, const_cast<char**>(argv), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed != 0) {
    close(ends[0]);
    return {Answer::unknown, program + " cannot be run"};
  }
  const Output output = read_until(ends[0], seconds);
  if (!output.in_time) kill(child, SIGKILL);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return judged(output, status, program);
}

}  // namespace hotproof::verify
