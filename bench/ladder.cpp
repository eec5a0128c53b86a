// hotproof, SPIN and Rumur on the same models, in turn: time to verdict, states a second, bytes a state, states that
// are left after reductions; and whether all count the same.
//
//   ladder [--most STATES] [--least STATES] [--repeat N] [--limit S] [--only TEXT] [--tree FOLDER] [--svg FILE]
//   [--folder FOLDER]
//
// The rungs grow from 10^4 to 10^8 states: small_hotplug.hpp in several sizes, the reference model, and FOLDER, a
// kernel tree. Rungs above --most (default 100,000) are left out, and those below --least. Every program runs N times
// (default 5), by turns; medians. One that needs more than S seconds (default 120) or more than 16 GB is left out from
// there on; one that takes longer to be made, on rungs with as much text.
//
// All see the same transition system, with those of its assertions that hold, on one core. "hotproof" explores it as it
// is, "reduced" after the passes that a check begins with. SPIN's verifier is compiled with its best flags and given a
// hash table of the right size and a stack that is just deep enough; "all in" adds the time that it takes to make it.
// Times are processor time of whole processes (others may use the machine; wall clock beside it), and memory is their
// peak resident set.
//
// Exit status: 0; 1 if unreduced counts differ, or a program says something else than "holds"; 2 if nothing could be
// run.
//
//   ladder --explore FILE [--reduce] [--two] [--no-sleep-sets] [--fold or --whole] [--memory MIB] [--disk FOLDER]
//                                       (what it runs for hotproof: a system in its text form, on one core or two)

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "bench/measured.hpp"
#include "bench/small_hotplug.hpp"
#include "checker/explicit/explorer.hpp"
#include "checker/export/export.hpp"
#include "model/ir/passes/passes.hpp"
#include "model/ir/text.hpp"

namespace hotproof::bench {
namespace {

struct Wanted {
  double most = 1e5, least = 0, limit = 120;
  int repeat = 5;
  std::string only, tree, svg, folder = "ladder";
};

struct Counts {
  double states = 0, transitions = 0;
};

// One program on one rung.
struct Entry {
  Counts counts;
  std::vector<double> seconds, wall, bytes;
  double making = 0;    // seconds before it can run
  std::string gave_up;  // why there are no seconds
};

struct Rung {
  std::string name;
  std::string file;  // the system's text
  ir::TransitionSystem system;
  Counts counts;
  std::size_t deepest = 0;  // what SPIN's stack needs
  std::map<std::string, Entry> entries;
};

struct Program {
  std::string name;
  bool reduces = false;
  // Makes what is run; the seconds that this took, or nothing if it could not be made, or not in `limit` seconds a step.
  std::function<std::optional<double>(Rung&, const std::string& folder, double limit)> make;
  std::function<std::string(const Rung&)> command;
  std::function<std::optional<Counts>(const std::string& printed)> read;  // nothing: no verdict "holds"
};

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// For the shell. It is asked once: a build meanwhile may put another program in its place.
const std::string& self() {
  static const std::string path = "'" + std::filesystem::read_symlink("/proc/self/exe").string() + "'";
  return path;
}

std::optional<double> number_before(const std::string& text, const std::string& words) {
  const std::size_t end = text.find(words);
  if (end == std::string::npos || end == 0) return std::nullopt;
  const std::size_t begin = text.find_last_not_of("0123456789.e+", end - 1) + 1;
  return begin == end ? std::nullopt : std::optional(std::atof(text.substr(begin, end - begin).c_str()));
}

// ---- Rungs

// With those of its assertions that hold, and nothing else to decide: what all programs can be asked.
std::optional<ir::TransitionSystem> asking_what_holds(ir::TransitionSystem system) {
  const checker::Result result = checker::explore(system, {});
  if (!result.complete) return std::nullopt;
  std::map<ir::PropertyId, ir::PropertyId> kept;
  std::vector<ir::Property> properties;
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const checker::Verdict verdict = result.properties[i].verdict;
    const bool holds = verdict == checker::Verdict::proved || verdict == checker::Verdict::vacuous;
    if (system.properties[i].kind != ir::PropertyKind::assertion || !holds) continue;
    kept[static_cast<ir::PropertyId>(i)] = static_cast<ir::PropertyId>(properties.size());
    properties.push_back(system.properties[i]);
    properties.back().triggers.clear();
  }
  system.properties = std::move(properties);
  for (ir::Transition& t : system.transitions) {
    t.hits.clear();
    std::erase_if(t.assertions, [&](const ir::Assertion& assertion) { return !kept.contains(assertion.property); });
    for (ir::Assertion& assertion : t.assertions) assertion.property = kept.at(assertion.property);
  }
  return system;
}

struct Plan {
  std::string name;
  double about;  // states, roughly: what --most and --least are compared with
  std::optional<Sizes> sizes;
  std::string options;  // of `hotproof export`
  bool on_tree = false;
};

const std::vector<Plan>& plans() {
  static const std::vector<Plan> all = {
      {"reference", 2.9e3, {}, ""},
      {"small 2,2,2,1", 5.9e3, Sizes{2, 2, 2, 1}, ""},
      {"6.12", 3.4e3, {}, "--altmap no", true},
      {"small 2,2,2,2", 3.2e4, Sizes{2, 2, 2, 2}, ""},
      {"reference, 2 workers", 7.6e4, {}, "--workers 2"},
      {"small 3,2,2,2", 2.4e5, Sizes{3, 2, 2, 2}, ""},
      {"reference, 2 workers, 2 readers", 3.1e5, {}, "--workers 2 --readers 2"},
      {"6.12, 2 workers", 8.4e4, {}, "--altmap no --workers 2", true},
      {"6.12, 2 workers, 2 readers", 3.8e5, {}, "--altmap no --workers 2 --readers 2", true},
      {"small 3,2,3,2", 2.4e6, Sizes{3, 2, 3, 2}, ""},
      {"6.12, 2 blocks, 2 workers", 4.0e6, {}, "--altmap no --blocks 2 --workers 2", true},
      {"reference, 2 blocks, 2 workers", 7.4e6, {}, "--blocks 2 --workers 2"},
      {"small 4,2,3,2", 1.7e7, Sizes{4, 2, 3, 2}, ""},
      {"6.12, 2 blocks, 2 workers, 2 readers", 3.3e7, {}, "--altmap no --blocks 2 --workers 2 --readers 2", true},
      {"reference, 2 blocks, 2 workers, 2 readers", 5.2e7, {}, "--blocks 2 --workers 2 --readers 2"},
      {"small 4,2,4,2", 1.4e8, Sizes{4, 2, 4, 2}, ""},
  };
  return all;
}

std::optional<ir::TransitionSystem> system_of(const Plan& plan, const Wanted& wanted) {
  if (plan.sizes) return small_hotplug(*plan.sizes);
  const std::string tree = plan.on_tree ? " --tree '" + wanted.tree + "'" : "";
  const Measured made = run(wanted.folder, std::string(HOTPROOF_PROGRAM) + " export --format system --reduced --no-merge" + tree + " " + plan.options, 0);
  if (made.exit != 0) return std::nullopt;
  auto system = ir::read(made.out, plan.name);
  if (!system) return std::nullopt;
  return asking_what_holds(std::move(*system));
}

// ---- Programs

// What there is of a word, or what follows it.
bool is_there(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}
std::string after(const std::vector<std::string>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() || found + 1 == words.end() ? "" : found[1];
}

int explore(const std::string& path, const std::vector<std::string>& words) {
  const bool reduce = is_there(words, "--reduce");
  auto system = ir::read(text_of(path), path);
  if (!system) {
    std::fprintf(stderr, "ladder: %s\n", system.error().message.c_str());
    return 2;
  }
  if (reduce) *system = ir::slice(ir::merge(*system).system).system;
  checker::Options options;
  options.threads = is_there(words, "--two") ? 2 : 1;
  options.limits.bytes = std::strtoull(after(words, "--memory").c_str(), nullptr, 10) << 20U;
  options.disk = after(words, "--disk");
  options.symmetry = reduce;
  options.partial_order = reduce;
  options.sleep_sets = !is_there(words, "--no-sleep-sets");
  if (is_there(words, "--fold")) options.folded_beyond = 0;
  if (is_there(words, "--whole")) options.folded_beyond = std::numeric_limits<std::uint64_t>::max();
  const checker::Result result = checker::explore(*system, options);
  std::printf("%llu states %llu transitions, %llu not fired\n",
              static_cast<unsigned long long>(result.statistics.states),
              static_cast<unsigned long long>(result.statistics.transitions),
              static_cast<unsigned long long>(result.statistics.slept));
  if (!result.complete) std::printf("inconclusive: %s\n", result.stopped_by.c_str());
  const bool all_hold = std::all_of(result.properties.begin(), result.properties.end(),
                                    [](const auto& property) { return property.verdict == checker::Verdict::proved; });
  return result.complete && all_hold ? 0 : 1;
}

Program own(const std::string& name, bool reduce) {
  Program out;
  out.name = name;
  out.reduces = reduce;
  out.make = [](Rung&, const std::string&, double) { return std::optional(0.0); };
  out.command = [reduce](const Rung& rung) { return self() + " --explore '" + rung.file + "'" + (reduce ? " --reduce" : ""); };
  out.read = [](const std::string& printed) -> std::optional<Counts> {
    const auto states = number_before(printed, " states");
    return states ? std::optional(Counts{*states, number_before(printed, " transitions").value_or(0)}) : std::nullopt;
  };
  return out;
}

std::optional<double> timed(const std::string& folder, const std::string& command, double limit) {
  const Measured done = run(folder, command, limit);
  return done.exit == 0 ? std::optional(done.seconds) : std::nullopt;
}

bool exported(const char* format, const Rung& rung, const std::string& path) {
  const auto text = checker::exports::find_format(format)->write(rung.system, {});
  if (!text) {
    std::fprintf(stderr, "ladder: %s: %s\n", rung.name.c_str(), text.error().message.c_str());
    return false;
  }
  write(path, *text);
  return true;
}

// SPIN counts its first state as a transition, too.
std::optional<Counts> read_spin(const std::string& printed) {
  const auto states = number_before(printed, " states, stored");
  const auto transitions = number_before(printed, " transitions (");
  if (!states || !transitions || printed.find("errors: 0") == std::string::npos || printed.find("too small") != std::string::npos) return std::nullopt;
  return Counts{*states, *transitions - 1};
}

// A table with a slot for each state, and a stack as deep as the search gets.
std::string spin_command(const Rung& rung) {
  const int slots = std::max(16, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(rung.counts.states))));
  return "./pan -E -n -w" + std::to_string(slots) + " -m" + std::to_string(rung.deepest + 10);
}

Program spin(const std::string& name, const std::string& flags, bool reduces) {
  Program out;
  out.name = name;
  out.reduces = reduces;
  out.make = [flags](Rung& rung, const std::string& folder, double limit) -> std::optional<double> {
    if (!exported("promela", rung, folder + "/model.pml")) return std::nullopt;
    const auto made = timed(folder, "spin -o2 -a model.pml >/dev/null", limit);
    const std::string cc = "gcc -w -O2 -march=native -DSAFETY -DNOFAIR -DNOBOUNDCHECK -DMEMLIM=16000 " + flags + " -o pan pan.c";
    const auto compiled = timed(folder, cc, limit);
    if (!made || !compiled) return std::nullopt;
    if (rung.deepest == 0) {
      const Measured tried = run(folder, "./pan -E -n -w24 -m20000000", limit);
      rung.deepest = static_cast<std::size_t>(number_before(tried.out.substr(std::min(tried.out.size(), tried.out.find("depth reached"))), ", errors").value_or(1e7));
    }
    return *made + *compiled;
  };
  out.command = spin_command;
  out.read = read_spin;
  return out;
}

Program rumur() {
  Program out;
  out.name = "Rumur";
  out.make = [](Rung& rung, const std::string& folder, double limit) -> std::optional<double> {
    if (!exported("murphi", rung, folder + "/model.m")) return std::nullopt;
    const auto made = timed(folder, "rumur --deadlock-detection off --threads 1 --color off --output model.c model.m", limit);
    const auto compiled = timed(folder, "gcc -w -O3 -march=native -mcx16 -o model model.c -lpthread", limit);
    if (!made || !compiled) return std::nullopt;
    return *made + *compiled;
  };
  out.command = [](const Rung&) { return std::string("./model"); };
  out.read = [](const std::string& printed) -> std::optional<Counts> {
    // Before that it tells of its progress.
    const std::size_t end = printed.find("State Space Explored:");
    if (end == std::string::npos || printed.find("No error found") == std::string::npos) return std::nullopt;
    const std::string summary = printed.substr(end);
    return Counts{number_before(summary, " states,").value_or(0), number_before(summary, " rules fired").value_or(0)};
  };
  return out;
}

std::vector<Program> programs() {
  return {own("hotproof", false), own("hotproof, reduced", true), spin("SPIN", "-DNOREDUCE", false), spin("SPIN, COLLAPSE", "-DNOREDUCE -DCOLLAPSE", false),
          spin("SPIN, its reduction", "", true), rumur()};
}

// ---- Measuring

class Ladder {
 public:
  explicit Ladder(const Wanted& wanted) : wanted_(wanted), programs_(programs()) {}

  int climb() {
    std::filesystem::create_directories(wanted_.folder);
    wanted_.folder = std::filesystem::absolute(wanted_.folder).string();
    if (!wanted_.tree.empty()) wanted_.tree = std::filesystem::absolute(wanted_.tree).string();
    print_head();
    for (const Plan& plan : plans()) {
      if (plan.about > wanted_.most || plan.about < wanted_.least) continue;
      if (!wanted_.only.empty() && plan.name.find(wanted_.only) == std::string::npos) continue;
      if (plan.on_tree && wanted_.tree.empty()) continue;
      step(plan);
      if (!wanted_.svg.empty()) write(wanted_.svg, picture());  // so that there is one whenever somebody ends this
    }
    print_ratios();
    if (rungs_.empty()) return 2;
    return wrong_ ? 1 : 0;
  }

 private:
  void print_head() const {
    const std::time_t now = std::time(nullptr);
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&now));
    const std::string versions = run(wanted_.folder, "sh -c 'spin -V; rumur --version; gcc --version | head -1' 2>&1", 10).out;
    std::printf("%s; ", date);
    for (const char c : versions) std::putchar(c == '\n' ? ';' : c);
    std::puts("\n\n| rung | program | runs | states | transitions | seconds | wall | all in | M states/s | bytes a state |\n|---|---|---|---|---|---|---|---|---|---|");
  }

  void step(const Plan& plan) {
    auto system = system_of(plan, wanted_);
    if (!system) {
      std::fprintf(stderr, "ladder: %s could not be made\n", plan.name.c_str());
      wrong_ = true;
      return;
    }
    Rung rung{plan.name, wanted_.folder + "/rung" + std::to_string(rungs_.size()) + ".system", std::move(*system), {}, 0, {}};
    write(rung.file, ir::write(rung.system));
    std::vector<const Program*> ready;
    for (const Program& program : programs_)
      if (!slow_.contains(program.name) && may_be_made(program, rung) && make(program, rung)) ready.push_back(&program);
    for (int i = 0; i < wanted_.repeat; ++i)
      for (const Program* program : ready)
        if (!slow_.contains(program->name)) once(*program, rung);
    for (const Program* program : ready) report(*program, rung);
    rung.system = {};
    rungs_.push_back(std::move(rung));
  }

  std::string folder_of(const Program& program, const Rung& rung) const {
    std::string name;
    for (const char c : program.name) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    return rung.file + "." + name;
  }

  bool may_be_made(const Program& program, const Rung& rung) const {
    const auto known = too_long_to_make_.find(program.name);
    return known == too_long_to_make_.end() || std::filesystem::file_size(rung.file) < known->second;
  }

  bool make(const Program& program, Rung& rung) {
    const std::string folder = folder_of(program, rung);
    std::filesystem::create_directories(folder);
    // What it counts is known before SPIN's table is sized.
    if (rung.counts.states == 0) {
      const Measured counted = run(folder, own("", false).command(rung), 0);
      rung.counts = own("", false).read(counted.out).value_or(Counts{});
    }
    const std::time_t begin = std::time(nullptr);
    const auto seconds = program.make(rung, folder, wanted_.limit);
    if (!seconds) {
      const bool timed_out = static_cast<double>(std::time(nullptr) - begin) >= wanted_.limit;
      if (timed_out) too_long_to_make_[program.name] = std::filesystem::file_size(rung.file);
      std::fprintf(stderr, "ladder: %s is left out of %s: it could not be made\n", program.name.c_str(), rung.name.c_str());
      return false;
    }
    rung.entries[program.name].making = *seconds;
    return true;
  }

  // SPIN prints eight digits; a transition more was in what it rounded.
  static bool as_printed(double printed, double is) {
    return printed == is || (is >= 1e8 && std::abs(printed - is) <= is * 5e-8 + 1);
  }

  void once(const Program& program, Rung& rung) {
    const Measured ran = run(folder_of(program, rung), program.command(rung), wanted_.limit);
    Entry& entry = rung.entries[program.name];
    if (ran.timed_out) entry.gave_up = "took too long";
    if (ran.out.find("-DMEMLIM bound") != std::string::npos) entry.gave_up = "more than 16 GB";
    if (!entry.gave_up.empty()) {
      slow_.insert(program.name);
      return;
    }
    const auto counts = program.read(ran.out);
    const bool same = counts && (program.reduces || (as_printed(counts->states, rung.counts.states) &&
                                                     as_printed(counts->transitions, rung.counts.transitions)));
    if (!same) {
      std::fprintf(stderr, "ladder: %s on %s: exit status %d, %.0f states and %.0f transitions, not %.0f and %.0f\n", program.name.c_str(), rung.name.c_str(),
                   ran.exit, counts ? counts->states : 0, counts ? counts->transitions : 0, rung.counts.states, rung.counts.transitions);
      wrong_ = true;
      return;
    }
    entry.counts = *counts;
    entry.seconds.push_back(ran.seconds);
    entry.wall.push_back(ran.wall);
    entry.bytes.push_back(ran.bytes);
  }

  void report(const Program& program, const Rung& rung) const {
    const Entry& entry = rung.entries.at(program.name);
    if (entry.seconds.empty()) {
      std::printf("| %s | %s | %s |\n", rung.name.c_str(), program.name.c_str(), entry.gave_up.c_str());
      return;
    }
    const double seconds = median(entry.seconds);
    std::printf("| %s | %s | %zu | %.0f | %.0f | %.3f | %.3f | %.2f | %.2f | %.0f |\n", rung.name.c_str(), program.name.c_str(), entry.seconds.size(), entry.counts.states,
                entry.counts.transitions, seconds, median(entry.wall), seconds + entry.making, entry.counts.states / seconds / 1e6, median(entry.bytes) / entry.counts.states);
    std::fflush(stdout);
  }

  // Of each peer, how many times what hotproof needs; one that reduces is held against hotproof with its reductions.
  void print_ratios() const {
    std::puts("\n| rung | peer | seconds | all in | states a second | bytes a state | states left |\n|---|---|---|---|---|---|---|");
    for (const Rung& rung : rungs_)
      for (const Program& program : programs_) {
        const auto peer = rung.entries.find(program.name);
        const auto ours = rung.entries.find(program.reduces ? "hotproof, reduced" : "hotproof");
        if (program.name.starts_with("hotproof") || peer == rung.entries.end() || ours == rung.entries.end()) continue;
        if (peer->second.seconds.empty() || ours->second.seconds.empty()) continue;
        const Entry &theirs = peer->second, &own = ours->second;
        const double seconds = median(theirs.seconds) / median(own.seconds);
        const double left = theirs.counts.states / own.counts.states;
        std::printf("| %s | %s | %.1f | %.1f | %.2f | %.2f | %.2f |\n", rung.name.c_str(), program.name.c_str(), seconds,
                    (median(theirs.seconds) + theirs.making) / median(own.seconds), left / seconds,
                    median(theirs.bytes) / median(own.bytes) / left, left);
      }
  }

  std::string picture() const {
    std::vector<Line> lines;
    for (const Program& program : programs_) {
      Line line{program.name, {}};
      for (const Rung& rung : rungs_) {
        const auto entry = rung.entries.find(program.name);
        if (entry != rung.entries.end() && !entry->second.seconds.empty())
          line.points.emplace_back(rung.counts.states, median(entry->second.seconds) + entry->second.making);
      }
      std::sort(line.points.begin(), line.points.end());
      if (!line.points.empty()) lines.push_back(std::move(line));
    }
    return plot("Time to the verdict, all in", "states, unreduced", "seconds", lines);
  }

  Wanted wanted_;
  std::vector<Program> programs_;
  std::vector<Rung> rungs_;
  std::set<std::string> slow_;
  std::map<std::string, std::uintmax_t> too_long_to_make_;  // bytes of a rung's text
  bool wrong_ = false;
};

int start(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() >= 2 && words[0] == "--explore") return explore(words[1], words);
  Wanted wanted;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const std::string& option = words[i];
    const std::string value = i + 1 < words.size() ? words[i + 1] : "";
    const std::map<std::string, std::function<void()>> options = {
        {"--most", [&] { wanted.most = std::atof(value.c_str()); }},     {"--least", [&] { wanted.least = std::atof(value.c_str()); }},
        {"--repeat", [&] { wanted.repeat = std::atoi(value.c_str()); }}, {"--limit", [&] { wanted.limit = std::atof(value.c_str()); }},
        {"--only", [&] { wanted.only = value; }},                        {"--tree", [&] { wanted.tree = value; }},
        {"--svg", [&] { wanted.svg = value; }},                          {"--folder", [&] { wanted.folder = value; }}};
    const auto known = options.find(option);
    if (known == options.end() || value.empty()) {
      std::fprintf(stderr, "ladder: '%s' is no option with a value; see the head of bench/ladder.cpp\n", option.c_str());
      return 2;
    }
    known->second();
  }
  if (wanted.repeat < 1) wanted.repeat = 1;
  self();
  return Ladder(wanted).climb();
}

}  // namespace
}  // namespace hotproof::bench

int main(int argc, char** argv) {
  return hotproof::bench::start(argc, argv);
}
