// All ways of answering, against brute force, on many random systems or random C programs (checker/campaign).
//
//   campaign systems|programs [--first SEED] [--count N] [--folder F] [--no-solver] [--limit S]
//
// --limit: seconds for the solver's engines on one system; what they leave open is counted.
// N systems or programs (default 2000 or 500) from SEED (default 0) on. One that fails is shrunk and written into the
// folder (default: "."), to be committed to checker/campaign/regressions.
//
// Exit status: 0; 1 if something failed; 2 if the words are wrong.

#include <chrono>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "checker/campaign/programs.hpp"
#include "checker/campaign/shrink.hpp"
#include "checker/campaign/systems.hpp"

namespace {

using namespace hotproof::campaign;

struct Words {
  bool programs = false;
  std::uint64_t first = 0, count = 2000;
  std::string folder = ".";
  Scope scope;
};

bool read(const std::vector<std::string>& words, Words& out) {
  if (words.empty() || (words[0] != "systems" && words[0] != "programs")) return false;
  out.programs = words[0] == "programs";
  if (out.programs) out.count = 500;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "--no-solver") {
      out.scope.solver = false;
      continue;
    }
    if (i + 1 == words.size()) return false;
    const std::string& value = words[i + 1];
    try {
      if (words[i] == "--first")
        out.first = std::stoull(value);
      else if (words[i] == "--count")
        out.count = std::stoull(value);
      else if (words[i] == "--limit")
        out.scope.solver_seconds = std::stod(value);
      else if (words[i] == "--folder")
        out.folder = value;
      else
        return false;
    } catch (const std::exception&) {
      return false;
    }
    ++i;
  }
  return true;
}

void tell(const Tally& tally) {
  std::cout << "compared " << tally.systems << ", left out " << tally.left_out << "\n"
            << "states of brute force " << tally.states << "\n"
            << "shown by a run " << tally.shown << ", the longest of " << tally.longest << " steps\n"
            << "without a run " << tally.proved << "\n"
            << "decided by the solver's engines " << tally.by_solver << ", by an invariant " << tally.by_invariant
            << ", left open " << tally.open << "\n"
            << "merged " << tally.merged << ", sliced " << tally.sliced << "\n";
}

int run(const Words& words) {
  const auto begin = std::chrono::steady_clock::now();
  Tally tally;
  ProgramTally programs;
  std::size_t failed = 0;
  for (std::uint64_t seed = words.first; seed < words.first + words.count; ++seed) {
    std::string reason, file;
    if (words.programs) {
      if (const auto failure = program_campaign(seed, words.scope, tally, programs)) {
        reason = failure->reason;
        file = write_program(words.folder, *failure);
      }
    } else if (const auto failure = campaign(seed, words.scope, tally)) {
      reason = failure->reason;
      file = write_regression(words.folder, failure->system,
                              "seed " + std::to_string(seed) + ": " + failure->shrunk_reason);
    }
    if (reason.empty()) continue;
    ++failed;
    std::cerr << "seed " << seed << ": " << reason << "\n  shrunk: " << file << "\n";
  }
  tell(tally);
  if (words.programs)
    std::cout << "programs " << programs.programs << ", too large " << programs.too_large
              << ", with a failed assertion " << programs.failing << ", with a deadlock " << programs.stuck
              << ", with faults " << programs.with_faults << ", with a chain " << programs.with_chain << "\n";
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  std::cout << "failed " << failed << "\nwall " << wall.count() << " s, processor "
            << static_cast<double>(std::clock()) / CLOCKS_PER_SEC << " s\n";
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Words words;
  if (!read({argv + 1, argv + argc}, words)) {
    std::cerr << "usage: campaign systems|programs [--first SEED] [--count N] [--folder F] [--no-solver] [--limit S]\n";
    return 2;
  }
  return run(words);
}
