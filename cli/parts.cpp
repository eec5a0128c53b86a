#include "cli/parts.hpp"

#include <algorithm>
#include <chrono>

#include "checker/explicit/resident.hpp"
#include "checker/parametric/parametric.hpp"
#include "cli/certificates.hpp"
#include "cli/engines.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::cli {

namespace {

using Clock = std::chrono::steady_clock;

// The limit is one on the program; a search gets what is left of it, and always enough for a small model.
std::uint64_t memory_left(std::uint64_t limit) {
  constexpr std::uint64_t enough_for_small_models = std::uint64_t{8} << 20U;
  if (limit == 0) return 0;
  const std::uint64_t taken = std::min(checker::explicit_state::resident_memory().own, limit);
  return std::max(limit - taken, std::min(limit, enough_for_small_models));
}

bool is_violated(const checker::PropertyResult& found) {
  return found.verdict == checker::Verdict::violated;
}

class Decision {
 public:
  Decision(const ir::TransitionSystem& system, const SearchRequest& request)
      : request_(request), start_(Clock::now()) {
    out_.base = std::make_shared<const ir::TransitionSystem>(ir::merge_equal(system));
  }

  Result<Decided> run() {
    std::vector<ir::PropertyId> all;
    for (std::size_t i = 0; i < out_.base->properties.size(); ++i) all.push_back(static_cast<ir::PropertyId>(i));
    checker::Options options = request_.options;
    if (may_be_divided()) options.limits.states = request_.most_states_together;
    Part whole{std::move(all), reduced(*out_.base, request_), {}};
    auto done = look_at(whole, options);
    if (!done) return tl::unexpected(done.error());
    if (whole.result.stopped_by != checker::stopped_by_states) {
      out_.parts.push_back(std::move(whole));
    } else if (auto divided = look_at_groups(std::move(whole)); !divided) {
      return tl::unexpected(divided.error());
    }
    return std::move(out_);
  }

 private:
  // A certificate is about one system, and so are the engines when they are compared.
  bool may_be_divided() const {
    const bool explicit_first = request_.engine == Engine::automatic || request_.engine == Engine::explicit_search;
    return explicit_first && request_.divide && !request_.certificate && !request_.check_reductions &&
           checker::parameters(*out_.base).empty();
  }

  Result<void> look_at_groups(Part whole) {
    auto groups = ir::groups(*out_.base);
    if (groups.size() < 2) groups = {whole.properties};
    bool over = false;
    for (auto& group : groups) {
      Part part{std::move(group), {}, {}};
      part.rewritten = reduced(ir::only(*out_.base, part.properties), request_);
      if (over) {
        leave_open(part);
      } else if (auto done = look_at(part, options_now()); !done) {
        return tl::unexpected(done.error());
      }
      over = over || (request_.options.first_violation_ends &&
                      std::any_of(part.result.properties.begin(), part.result.properties.end(), is_violated));
      out_.parts.push_back(std::move(part));
    }
    return {};
  }

  Result<void> look_at(Part& part, checker::Options options) {
    options.limits.bytes = memory_left(options.limits.bytes);
    auto result = run_engines(part.rewritten.system, request_.engine, options);
    if (!result) return tl::unexpected(result.error());
    part.result = std::move(*result);
    if (part.result.stopped_by == checker::stopped_by_states) return {};
    options.limits.bytes = memory_left(request_.options.limits.bytes);
    const auto verified = verify_proofs(part.rewritten.system, part.result, options);
    if (!verified) return tl::unexpected(verified.error());
    out_.seconds_verifying += *verified;
    // The states have served, but for a certificate.
    if (request_.certificate) return {};
    part.result.states.reset();
    part.result.faultless_states.reset();
    return {};
  }

  // What is left of the time that there is.
  checker::Options options_now() const {
    checker::Options options = request_.options;
    constexpr double least = 0.001;
    const std::chrono::duration<double> passed = Clock::now() - start_;
    if (options.limits.seconds > 0) options.limits.seconds = std::max(least, options.limits.seconds - passed.count());
    return options;
  }

  static void leave_open(Part& part) {
    part.result.stopped_by = "something is violated";
    for (std::size_t i = 0; i < part.properties.size(); ++i) {
      checker::PropertyResult& found = part.result.properties.emplace_back();
      found.property = static_cast<ir::PropertyId>(i);
      found.reason = part.result.stopped_by;
    }
  }

  const SearchRequest& request_;
  Clock::time_point start_;
  Decided out_;
};

}  // namespace

ir::Rewritten reduced(const ir::TransitionSystem& base, const SearchRequest& request) {
  ir::MergeOptions options;
  options.enabled = request.merge;
  ir::Rewritten merged = ir::merge(base, options);
  if (request.reset) merged.system = ir::reset_dead(merged.system);
  if (!request.slice) return merged;
  return ir::chain(merged, ir::slice(merged.system));
}

Result<Decided> decide(const ir::TransitionSystem& system, const SearchRequest& request) {
  return Decision(system, request).run();
}

}  // namespace hotproof::cli
