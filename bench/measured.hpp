// Programs run and measured, and figures drawn: what the benchmarks share.
#pragma once

#include <string>
#include <vector>

namespace hotproof::bench {

struct Measured {
  int exit = -1;          // 128 + signal if it was ended by one
  bool timed_out = false;
  double seconds = 0;     // processor time, of it and all it waited for
  double wall = 0;        // from fork to end
  double bytes = 0;       // peak resident memory
  std::string out;        // standard output; standard error stays the caller's
};
// Runs a command of the shell in a folder; ends it, and what it started, after `most_seconds` (0: never).
Measured run(const std::string& folder, const std::string& command, double most_seconds);

double median(std::vector<double> all);

struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;  // both above 0
};
// A picture (SVG) of lines on two logarithmic axes.
std::string plot(const std::string& title, const std::string& x, const std::string& y, const std::vector<Line>& lines);

}  // namespace hotproof::bench
