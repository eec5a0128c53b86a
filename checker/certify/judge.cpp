#include <algorithm>
#include <chrono>
#include <thread>

#include "checker/certify/certify.hpp"
#include "checker/certify/evidence.hpp"
#include "checker/smt/solver.hpp"
#include "model/ir/text.hpp"
#include "verify/certificate.hpp"
#include "verify/check.hpp"

namespace hotproof::checker::certify {

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned most_threads = 2;
// Without a limit of time, a check may take so much longer than the proof itself took, and some seconds more.
constexpr double most_times_longer = 10;
constexpr double seconds_more = 120;  // by the clock: other programs may be running

// A solver of its own for each question: it knows nothing of the session that found the proof.
verify::Answer ask(const verify::Obligation& obligation, const smt::Patience& patience) {
  std::string why;
  switch (smt::solve_script(obligation.script, patience, why)) {
    case smt::Answer::unsat:
      return {verify::Answer::unsat, ""};
    case smt::Answer::sat:
      return {verify::Answer::sat, ""};
    case smt::Answer::unknown:
      break;
  }
  return {verify::Answer::unknown, why};
}

Judged judged(const ir::TransitionSystem& system, const Result& result, const Options& options,
              Clock::time_point start) {
  Judged out;
  Gathered gathered = gather(system, result);
  out.unchecked = gathered.without_reason;
  auto read = verify::read_system(ir::write(system));
  if (!read) {
    out.rejected = "the system's text, line " + std::to_string(read.error().line) + ": " + read.error().message;
    return out;
  }
  for (const auto& [k, lines] : gathered.invariants) {
    auto invariant = verify::read_invariant(*read, lines, k);
    if (!invariant) {
      out.rejected = "an invariant: " + invariant.error().message;
      return out;
    }
    gathered.evidence.invariants.push_back(std::move(*invariant));
  }

  smt::Patience patience;
  patience.bytes = options.limits.bytes;
  patience.interrupted = options.interrupted;
  const double most = options.limits.seconds > 0 ? options.limits.seconds
                                                 : result.statistics.seconds * most_times_longer + seconds_more;
  patience.deadline = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(most));
  verify::Options how;
  how.effort.threads = std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
  how.effort.interrupted = options.interrupted;
  how.effort.bytes = options.limits.bytes;
  how.solve = [&patience](const verify::Obligation& obligation) { return ask(obligation, patience); };
  const verify::Report report = verify::check(*read, gathered.evidence, how);
  if (report.whole.status == verify::Status::rejected) out.rejected = report.whole.why;
  for (std::size_t i = 0; i < report.properties.size(); ++i)
    if (report.properties[i].status == verify::Status::unchecked) out.unchecked[i] = report.properties[i].why;
  return out;
}

}  // namespace

Judged judge(const ir::TransitionSystem& system, const Result& result, const Options& options) {
  const auto start = Clock::now();
  Judged out = judged(system, result, options, start);
  out.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return out;
}

}  // namespace hotproof::checker::certify
