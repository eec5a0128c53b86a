// One search on one core and on two, and what the machine would allow: two searches at a time, each on one core.
//
//   cores [--repeat N] FILE…
//
// FILE is a system in its text form (`ladder` leaves one for each rung in its folder; `hotproof export --format system`
// writes one). Of each, N times (default 9) and by turns: one thread, two threads, two processes with one thread each.
// Wall clock, medians and least times. "Allowed" is twice the time of one process, divided by that of two at a time:
// with neighbours on the machine, or a memory that is shared, less than 2. What two threads reach is told as a part of
// it, too.
//
// Exit status: 0; 1 if a run's counts differ from the first one's; 2 if something could not be run.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/measured.hpp"

namespace hotproof::bench {
namespace {

struct Way {
  const char* name;
  std::string command;
  std::vector<double> wall{};
};

double least(const std::vector<double>& all) {
  return *std::min_element(all.begin(), all.end());
}

int measure(const std::string& file, int repeat) {
  const std::string one =
      std::string(HOTPROOF_LADDER) + " --explore '" + std::filesystem::absolute(file).string() + "'";
  std::vector<Way> ways = {{"one thread", one},
                           {"two threads", one + " --two"},
                           {"two processes", one + " & " + one + "; status=$?; wait; exit $status"}};
  std::string counted;
  for (int i = 0; i < repeat; ++i)
    for (Way& way : ways) {
      const Measured ran = run(std::filesystem::temp_directory_path().string(), way.command, 0);
      if (ran.exit != 0) {
        std::fprintf(stderr, "cores: %s: exit status %d\n", file.c_str(), ran.exit);
        return 2;
      }
      // "N states M transitions": with sleep sets, what was not fired hangs on nothing but the model either.
      const std::string counts = ran.out.substr(0, ran.out.find('\n'));
      if (counted.empty()) counted = counts;
      if (counts != counted) {
        std::fprintf(stderr, "cores: %s, %s: %s, not %s\n", file.c_str(), way.name, counts.c_str(), counted.c_str());
        return 1;
      }
      way.wall.push_back(ran.wall);
    }
  const auto ratios = [&](const char* name, auto of) {
    const double one_thread = of(ways[0].wall), two = of(ways[1].wall), processes = of(ways[2].wall);
    const double gained = one_thread / two, allowed = 2 * one_thread / processes;
    std::printf("| %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f %% |\n",
                std::filesystem::path(file).stem().c_str(), name, one_thread, two, processes, gained, allowed,
                100 * gained / allowed);
  };
  ratios("median", [](const std::vector<double>& all) { return median(all); });
  ratios("least", least);
  std::fflush(stdout);
  return 0;
}

int start(int argc, char** argv) {
  int repeat = 9;
  int first = 1;
  if (argc > 2 && std::string(argv[1]) == "--repeat") {
    repeat = std::max(1, std::atoi(argv[2]));
    first = 3;
  }
  if (first >= argc) {
    std::fputs("usage: cores [--repeat N] FILE...\n", stderr);
    return 2;
  }
  std::puts(
      "| system | of the times | one thread, s | two threads, s | two processes, s | two threads against one | allowed "
      "| of what is allowed |\n"
      "|---|---|---|---|---|---|---|---|");
  int worst = 0;
  for (int i = first; i < argc; ++i) worst = std::max(worst, measure(argv[i], repeat));
  return worst;
}

}  // namespace
}  // namespace hotproof::bench

int main(int argc, char** argv) {
  return hotproof::bench::start(argc, argv);
}
