// Runs the built program in tests, as a user would, without a shell.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace hotproof::cli {

struct Ran {
  int exit = -1;
  std::string out;
  std::string err;
  std::uint64_t most_bytes = 0;  // that were in memory at any time
};

// A folder of its own that goes with the object.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "hotproof-test-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code none;
    std::filesystem::remove_all(path_, none);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string with(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
  std::size_t entries() const {
    const std::filesystem::directory_iterator all(path_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

 private:
  std::filesystem::path path_;
};

inline std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// `most_seconds`: the program is ended then (exit 128 + SIGALRM); 0: never. `input` is its standard input.
inline Ran run_program(std::vector<std::string> args, unsigned most_seconds = 0, const std::string& input = "") {
  const Scratch scratch;
  const std::string in = input.empty() ? "/dev/null" : scratch.with("in", input);
  const std::string out = scratch.file("out");
  const std::string err = scratch.file("err");
  args.insert(args.begin(), HOTPROOF_PROGRAM);
  std::vector<char*> argv;
  for (std::string& arg : args) argv.push_back(arg.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const int from_in = open(in.c_str(), O_RDONLY);
    const int to_out = open(out.c_str(), O_WRONLY | O_CREAT, 0600);
    const int to_err = open(err.c_str(), O_WRONLY | O_CREAT, 0600);
    dup2(from_in, 0);
    dup2(to_out, 1);
    dup2(to_err, 2);
    alarm(most_seconds);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text_of(out), text_of(err),
          static_cast<std::uint64_t>(used.ru_maxrss) << 10U};
}

}  // namespace hotproof::cli
