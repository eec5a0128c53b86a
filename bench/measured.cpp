#include "bench/measured.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <sstream>

namespace hotproof::bench {

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void become(const std::string& folder, const std::string& command, const std::string& out) {
  setpgid(0, 0);
  const int file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(file, STDOUT_FILENO);
  if (chdir(folder.c_str()) != 0) _exit(127);
  const std::string replaced = "exec " + command;
  execl("/bin/sh", "sh", "-c", replaced.c_str(), nullptr);
  _exit(127);
}

std::string number(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

}  // namespace

Measured run(const std::string& folder, const std::string& command, double most_seconds) {
  Measured out;
  const std::string file = folder + "/measured.out";
  const auto start = Clock::now();
  const pid_t child = fork();
  if (child == 0) become(folder, command, file);
  setpgid(child, child);
  int status = 0;
  rusage used{};
  for (useconds_t pause = 200;; pause = std::min<useconds_t>(pause * 2, 20000)) {
    if (wait4(child, &status, WNOHANG, &used) == child) break;
    if (most_seconds > 0 && since(start) > most_seconds && !out.timed_out) {
      out.timed_out = true;
      kill(-child, SIGKILL);
    }
    usleep(pause);
  }
  out.wall = since(start);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  out.seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  out.bytes = static_cast<double>(used.ru_maxrss) * 1024;
  out.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  out.out = text.str();
  return out;
}

double median(std::vector<double> all) {
  if (all.empty()) return 0;
  std::sort(all.begin(), all.end());
  const std::size_t half = all.size() / 2;
  return all.size() % 2 == 1 ? all[half] : (all[half - 1] + all[half]) / 2;
}

namespace {

constexpr double width = 720, height = 440, left = 70, right = 200, top = 40, bottom = 50;
constexpr const char* colours[] = {"#1b6ca8", "#d1495b", "#edae49", "#66a182", "#8d5a97", "#444444", "#00798c"};

// Powers of ten around all values of one coordinate.
struct Axis {
  int low = 0, high = 1;
  double from = 0, to = 0;  // in the picture

  double at(double value) const { return from + (std::log10(value) - low) / (high - low) * (to - from); }
};

Axis axis_of(std::vector<double> values, double from, double to) {
  Axis out{0, 1, from, to};
  if (values.empty()) return out;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  out.low = static_cast<int>(std::floor(std::log10(*least)));
  out.high = std::max(out.low + 1, static_cast<int>(std::ceil(std::log10(*most))));
  return out;
}

std::string text_at(double x, double y, const std::string& anchor, const std::string& text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" + text + "</text>\n";
}

std::string line_between(double x1, double y1, double x2, double y2) {
  return "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) + "\" stroke=\"#ddd\"/>\n";
}

}  // namespace

std::string plot(const std::string& title, const std::string& x, const std::string& y, const std::vector<Line>& lines) {
  std::vector<double> xs, ys;
  for (const Line& line : lines)
    for (const auto& [a, b] : line.points) xs.push_back(a), ys.push_back(b);
  const Axis across = axis_of(xs, left, width - right), up = axis_of(ys, height - bottom, top);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) + " " + number(height) +
                    "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  out += text_at(left, top - 16, "start", title);
  for (int power = across.low; power <= across.high; ++power) {
    const double at = across.at(std::pow(10, power));
    out += line_between(at, top, at, height - bottom) + text_at(at, height - bottom + 18, "middle", "10^" + std::to_string(power));
  }
  for (int power = up.low; power <= up.high; ++power) {
    const double at = up.at(std::pow(10, power));
    out += line_between(left, at, width - right, at) + text_at(left - 8, at + 4, "end", "10^" + std::to_string(power));
  }
  out += text_at((left + width - right) / 2, height - 10, "middle", x) + text_at(left - 8, top - 16, "end", y);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string colour = colours[i % std::size(colours)];
    std::string path;
    for (const auto& [a, b] : lines[i].points) {
      path += number(across.at(a)) + "," + number(up.at(b)) + " ";
      out += "<circle cx=\"" + number(across.at(a)) + "\" cy=\"" + number(up.at(b)) + "\" r=\"3\" fill=\"" + colour + "\"/>\n";
    }
    out += "<polyline fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.5\" points=\"" + path + "\"/>\n";
    const double row = top + 10 + 18 * static_cast<double>(i);
    out += "<rect x=\"" + number(width - right + 12) + "\" y=\"" + number(row - 9) + "\" width=\"10\" height=\"10\" fill=\"" + colour + "\"/>\n";
    out += text_at(width - right + 28, row, "start", lines[i].name);
  }
  return out + "</svg>\n";
}

}  // namespace hotproof::bench
