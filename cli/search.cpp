#include "cli/search.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "checker/explicit/simplest.hpp"
#include "checker/parametric/parametric.hpp"
#include "cli/certificates.hpp"
#include "cli/console.hpp"
#include "cli/demand.hpp"
#include "cli/engines.hpp"
#include "cli/parts.hpp"
#include "cli/reductions.hpp"
#include "counterexamples/quoting.hpp"
#include "model/eval/interpreter.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::cli {

namespace {

using checker::Verdict;
using counterexamples::PropertyReport;

// What the run says of each parameter.
std::vector<std::pair<std::string, std::uint64_t>> sizes_of(const ir::TransitionSystem& system, const ir::Run& run) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const ir::VarId var : checker::parameters(system))
    out.emplace_back(system[var].name, run.initial[ir::index(var)]);
  return out;
}

std::string reason_of(const spec::Instrumented& instrumented, const ir::TransitionSystem& base, ir::PropertyId property,
                      const ir::Run& run, std::size_t steps) {
  if (base.properties[ir::index(property)].kind != ir::PropertyKind::assertion || steps == 0) return "";
  const auto replayed = eval::replay(base, run);
  if (!replayed) return "";
  return demand_of(instrumented, property, base[run.steps[steps - 1]], replayed->states[steps - 1]);
}

// What a cover of success asks for, as `returned` says it: 1 online, 0 offline; nothing for other covers.
std::optional<std::uint64_t> request_of(const std::string& cover) {
  if (cover == "online-possible") return 1;
  if (cover == "offline-possible") return 0;
  if (cover == "add-possible") return 2;
  if (cover == "remove-possible") return 3;
  return std::nullopt;
}

// A system call returns a count if it went well, and an error below 0 if not.
ir::ExprId is_negative(ir::ExprPool& pool, ir::ExprId result) {
  return pool.binary(ir::Op::slt, pool.resize(result, 64, true), pool.constant(0, 64));
}

// A run without faults to some event of this name for which `is_it` says when.
template <class IsIt>
Result<std::optional<counterexamples::Trace>> run_to(const spec::Instrumented& instrumented, const std::string& cover,
                                                     const SearchRequest& request, const char* event_name, IsIt is_it) {
  ir::TransitionSystem system = instrumented.system;
  const auto mark = static_cast<ir::MarkId>(system.marks.size());
  system.marks.push_back("how far an attempt gets");
  ir::Property failing;
  failing.id = cover;
  failing.kind = ir::PropertyKind::cover;
  failing.mark = mark;
  failing.cover_without_faults = true;
  system.properties = {failing};
  const std::uint32_t name = system.event_name(event_name);
  for (ir::Transition& t : system.transitions) {
    t.assertions.clear();
    t.hits.clear();
    for (const ir::Event& event : t.events) {
      if (event.name == name) t.hits.push_back({mark, is_it(system.pool, event)});
    }
  }
  const ir::TransitionSystem base = ir::merge_equal(system);
  const ir::Rewritten rewritten = reduced(base, request);
  const checker::Result result = explored(rewritten.system, request.options);
  if (result.properties.empty() || !result.properties.front().run) return std::nullopt;
  const ir::Run run = ir::lift(base, rewritten, *result.properties.front().run);
  auto trace = counterexamples::replay(base, ir::PropertyId{0}, run, counterexamples::Claim::reaches, request.sources);
  if (!trace) return internal_error(trace.error());
  trace->minimal = result.properties.front().shortest;
  return std::move(*trace);
}

ir::ExprId is(ir::ExprPool& pool, ir::ExprId arg, std::uint64_t value) {
  return pool.eq(arg, pool.constant(value, pool[arg].width));
}

// Beside a cover that no run reaches: the shortest run without faults in which the request is made and fails.
Result<std::optional<counterexamples::Trace>> attempt(const spec::Instrumented& instrumented, const std::string& cover,
                                                      const SearchRequest& request) {
  const auto what = request_of(cover);
  if (!what) return std::nullopt;
  const auto online = instrumented.system.constants.find("MEM_ONLINE");
  if (cover == "online-possible" && online != instrumented.system.constants.end()) {
    const auto value = static_cast<std::uint64_t>(online->second);
    auto shown = run_to(instrumented, cover, request, "notify", [value](ir::ExprPool& pool, const ir::Event& event) {
      return event.args.size() < 2 ? pool.truth(false) : is(pool, event.args[1], value);
    });
    if (!shown || *shown) return shown;
  }
  return run_to(instrumented, cover, request, "returned", [what](ir::ExprPool& pool, const ir::Event& event) {
    if (event.args.size() < 4) return pool.truth(false);
    return pool.and_(is(pool, event.args[2], *what), is_negative(pool, event.args[3]));
  });
}

std::vector<counterexamples::MarkReport> triggers_of(const ir::TransitionSystem& system, const ir::Property& property,
                                                     Verdict verdict) {
  if (property.triggers.empty()) return {};
  std::string names;
  for (const ir::MarkId mark : property.triggers) {
    names += (names.empty() ? "" : " or ") + system.marks[ir::index(mark)];
  }
  return {{names, verdict == Verdict::proved || verdict == Verdict::violated}};
}

// Everything of a property's report but its run.
PropertyReport described(const ir::TransitionSystem& base, const Part& part, std::size_t i) {
  const checker::Result& result = part.result;
  const checker::PropertyResult& found = result.properties[i];
  const ir::Property& property = base.properties[ir::index(part.properties[i])];
  PropertyReport report;
  report.id = property.id;
  report.says = property.says;
  report.origin = property.origin;
  report.confidence = property.confidence;
  report.cover = property.kind == ir::PropertyKind::cover;
  report.verdict = found.verdict;
  report.engine = found.engine;
  report.bounded = found.bounded;
  report.reason = found.verdict == Verdict::vacuous ? "its trigger never happens here" : found.reason;
  report.states = result.statistics.states;
  report.transitions = result.statistics.transitions;
  report.depth = found.depth;
  report.seconds = result.statistics.seconds;
  report.triggers = triggers_of(base, property, found.verdict);
  return report;
}

// The verdict stands; how its run is shown may take a little longer, but not much.
checker::Options for_simplest(const SearchRequest& request) {
  constexpr double patience = 5;  // seconds
  checker::Options options = request.options;
  options.limits.seconds = options.limits.seconds > 0 ? std::min(options.limits.seconds, patience) : patience;
  return options;
}

Result<PropertyReport> with_run(PropertyReport report, const spec::Instrumented& instrumented, const Decided& decided,
                                const Part& part, std::size_t i, const SearchRequest& request) {
  const checker::PropertyResult& found = part.result.properties[i];
  const ir::PropertyId property = part.properties[i];
  const ir::TransitionSystem& base = *decided.base;
  if (found.run) {
    checker::SimplestRun simplest{*found.run, {}, false, ""};
    // The run of a reached cover is shown by nobody but JSON, where any will do.
    if (!report.cover && request.plainest_runs)
      simplest = checker::simplest(started_as(part.rewritten.system, found.run->initial), found.property, *found.run,
                                   for_simplest(request));
    const ir::Run run = ir::lift(base, part.rewritten, simplest.run);
    auto trace = counterexamples::replay(base, property, run,
                                         report.cover ? counterexamples::Claim::reaches : counterexamples::Claim::violates, request.sources);
    if (!trace) return internal_error(trace.error());
    trace->minimal = simplest.minimal;
    if (!report.cover) report.reason = reason_of(instrumented, base, property, run, trace->steps.size());
    report.trace = std::move(*trace);
    if (!report.cover && request.plainest_runs && request.explain) {
      auto why = counterexamples::explain(base, property, run, report.trace->steps.size(), request.sources,
                                          request.explain_limits);
      if (!why) return internal_error(why.error());
      report.why = std::move(*why);
      report.run = run;
      report.run->steps.resize(report.trace->steps.size());
      report.system = decided.base;
      report.sources = std::make_shared<const counterexamples::Sources>(request.sources);
    }
    if (!report.cover) report.sizes = sizes_of(base, run);
    if (!report.cover && request.plainest_runs) {
      std::vector<const counterexamples::Trace*> shown = {&*report.trace};
      if (report.why && report.why->good) shown.push_back(&*report.why->good);
      report.quotes = counterexamples::quotes_of(shown, request.sources);
    }
  } else if (found.verdict == Verdict::violated && report.cover && !request.plainest_runs) {
    report.reason.clear();
  } else if (found.verdict == Verdict::violated && report.cover) {
    auto shown = attempt(instrumented, report.id, request);
    if (!shown) return tl::unexpected(shown.error());
    report.reason.clear();  // "no run reaches it" is what the verdict says
    report.trace = std::move(*shown);
  } else if (found.verdict == Verdict::violated) {
    return internal_error(defect("an engine calls " + report.id + " violated and gives no run"));
  }
  return report;
}

// What one search says of itself, with what others did.
void add(const checker::Result& result, SearchReport& out) {
  ++out.statistics.searches;
  out.statistics += result.statistics;
  out.complete = out.complete && result.complete;
  if (out.stopped_by.empty()) out.stopped_by = result.stopped_by;
}

// Of a search that keeps no states: why it cannot be had so.
std::optional<Diagnostic> fault_of_lossy(const SearchRequest& request) {
  const checker::Options& options = request.options;
  if (options.remembered == checker::Remembered::states) return std::nullopt;
  const char* const name = options.remembered == checker::Remembered::bits ? "--bitstate" : "--hash-compact";
  const auto fault = [&](const std::string& why, const char* hint) { return Diagnostic{{}, name + why, hint}; };
  if (!options.keeping.folder.empty() || !options.disk.empty())
    return fault(" keeps no states that could be written anywhere", "no --checkpoint, no --states-on-disk");
  if (request.certificate) return fault(" proves nothing that a certificate could have", "no --certificate");
  if (request.engine == Engine::smt || request.engine == Engine::both)
    return fault(" is about the exhaustive search", "no --engine");
  const auto pages = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PHYS_PAGES)));
  const auto page = static_cast<std::uint64_t>(std::max(1L, sysconf(_SC_PAGESIZE)));
  if (options.remembered_bytes / page >= pages)
    return fault(": this machine does not have so much memory", "a smaller table");
  return std::nullopt;
}

}  // namespace

checker::Options search_options(const Settings& settings) {
  checker::Options out;
  out.limits = {settings.time_limit, settings.memory_limit, 0};
  out.threads = static_cast<unsigned>(settings.threads);
  out.symmetry = !settings.no_symmetry;
  out.partial_order = !settings.no_partial_order;
  out.sleep_sets = !settings.no_sleep_sets;
  out.disk = settings.states_on_disk;
  if (settings.bitstate != 0) out.remembered = checker::Remembered::bits;
  if (settings.hash_compact != 0) out.remembered = checker::Remembered::hashes;
  out.remembered_bytes = std::max(settings.bitstate, settings.hash_compact);
  out.keeping.folder = settings.checkpoint;
  out.keeping.resume = settings.resume;
  out.keeping.seconds = settings.checkpoint_every;
  out.interrupted = interrupt_flag();
  return out;
}

ir::TransitionSystem started_as(ir::TransitionSystem system, const ir::State& initial) {
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    system.variables[i].initial = initial[i];
    system.variables[i].free_initially = false;
  }
  system.initial_condition = system.pool.truth(true);
  return system;
}

Result<SearchReport> search(const spec::Instrumented& instrumented, const SearchRequest& request) {
  if (request.check_reductions && !checker::parameters(instrumented.system).empty())
    return usage_error({{}, "what reductions rely on is tested for numbers, not for all sizes at once", "no --sizes"});
  if (request.options.keeping.resume && request.options.keeping.folder.empty())
    return usage_error({{}, "--resume needs to know where checkpoints lie", "--checkpoint DIR"});
  if (!request.options.disk.empty() && request.options.limits.bytes == 0)
    return usage_error({{}, "states go to the disk when memory is full, and nothing says when it is", "--memory-limit BYTES"});
  if (auto fault = fault_of_lossy(request)) return usage_error(std::move(*fault));
  auto decided = decide(instrumented.system, request);
  if (!decided) return tl::unexpected(decided.error());

  SearchReport out;
  out.seconds_verifying = decided->seconds_verifying;
  const Part& first = decided->parts.front();
  if (request.certificate) {
    auto certificate = certificate_of(instrumented.system, first.rewritten.system, first.result, request);
    if (!certificate) return tl::unexpected(certificate.error());
    out.certificate = std::move(*certificate);
  }
  if (request.check_reductions) {
    auto tested = test_reductions(*decided->base, request.options, first.result);
    if (!tested) return tl::unexpected(tested.error());
    out.tested = std::move(*tested);
  }
  out.complete = true;
  out.statistics.searches = 0;
  out.properties.resize(decided->base->properties.size());
  for (const Part& part : decided->parts) {
    add(part.result, out);
    for (std::size_t i = 0; i < part.properties.size(); ++i) {
      auto report = with_run(described(*decided->base, part, i), instrumented, *decided, part, i, request);
      if (!report) return tl::unexpected(report.error());
      out.properties[ir::index(part.properties[i])] = std::move(*report);
    }
  }
  if (!out.properties.empty()) out.engine = out.properties.front().engine;
  return out;
}

}  // namespace hotproof::cli
