#include "checker/liveness/liveness.hpp"

#include <algorithm>
#include <chrono>

#include "checker/liveness/check_lasso.hpp"
#include "checker/liveness/claim.hpp"
#include "model/ir/passes/passes.hpp"
#include "model/ir/text.hpp"
#include "verify/liveness.hpp"

namespace hotproof::checker::liveness {

namespace {

using Clock = std::chrono::steady_clock;

Mistake mistake = Mistake::none;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What is left of the time, so that every part keeps to the one limit.
Options with_time_left(const Options& options, Clock::time_point start) {
  constexpr double least = 0.001;
  Options out = options;
  if (out.limits.seconds > 0) out.limits.seconds = std::max(least, out.limits.seconds - since(start));
  return out;
}

// The question, sliced, and everything that answers share.
class Decider {
 public:
  Decider(const ir::TemporalQuestion& question, const Options& options) : options_(options), question_(question) {
    out_.base = std::make_shared<const ir::TransitionSystem>(ir::merge_equal(question.system));
    rewritten_ = ir::slice(*out_.base);
    question_.system = rewritten_.system;
  }

  Answers run() {
    const Graph graph(question_, options_);
    out_.stopped_by = graph.stopped_by();
    out_.statistics = {graph.states(), graph.transitions(), graph.depth(), since(start_), graph.bytes()};
    for (const ir::TemporalProperty& property : question_.properties) {
      out_.properties.push_back(decide(graph, property));
      if (!out_.internal_error.empty()) break;
    }
    out_.statistics.seconds = since(start_);
    return std::move(out_);
  }

 private:
  Answer decide(const Graph& graph, const ir::TemporalProperty& property) {
    const auto start = Clock::now();
    Answer out;
    out.triggered = property.triggers.empty() || std::any_of(property.triggers.begin(), property.triggers.end(),
                                                             [&](ir::MarkId mark) { return graph.reached(mark); });
    const Fairness fairness = fairness_of(question_.system, property.assumptions);
    out.verdict = Verdict::proved;
    for (const ir::TemporalInstance& instance : property.instances) {
      one_instance(graph, property, fairness, instance, out);
      if (out.verdict != Verdict::proved || !out_.internal_error.empty()) break;
    }
    if (out.verdict == Verdict::proved && !graph.complete()) {
      out.verdict = Verdict::inconclusive;
      out.reason = "stopped by " + graph.stopped_by();
    }
    if (out.verdict == Verdict::proved && !out.triggered) out.verdict = Verdict::vacuous;
    out.seconds = since(start);
    return out;
  }

  void one_instance(const Graph& graph, const ir::TemporalProperty& property, const Fairness& fairness,
                    const ir::TemporalInstance& instance, Answer& out) {
    ir::FormulaPool pool = question_.formulas;
    const auto open = [&](const std::string& why) {
      out.verdict = Verdict::inconclusive;
      out.reason = why;
    };
    const ir::FormulaId negated = ir::simplified(pool, ir::negation_normal(pool, instance.formula, true));
    auto automaton = translate(pool, negated);
    if (!automaton) return open(automaton.error().message);
    if (mistake == Mistake::automaton) automaton->moves.back().clear();
    Product product(graph, *automaton, fairness, with_time_left(options_, start_));
    const std::optional<Lasso> lasso = product.find();
    out.nodes += product.nodes();
    if (!product.complete()) return open("stopped by " + product.stopped_by());
    if (lasso) return broken(property, instance, *lasso, out);
    if (graph.complete()) verify(graph, *automaton, fairness, product, out);
  }

  void broken(const ir::TemporalProperty& property, const ir::TemporalInstance& instance, const Lasso& lasso, Answer& out) {
    const auto refuse = [&](const std::string& why) {
      out_.internal_error = "the run that was found for " + property.id + " was refused: " + why;
    };
    if (const auto why = refuted(question_, property.assumptions, instance.formula, lasso)) return refuse(*why);
    // Slicing keeps each transition, so the loop begins at the same step.
    const ir::Run lifted = ir::lift(*out_.base, rewritten_, {lasso.initial, lasso.steps});
    Lasso shown{lifted.initial, lifted.steps, lasso.loop_start};
    if (const auto why = not_a_run(*out_.base, shown)) return refuse(*why);
    out.verdict = Verdict::violated;
    out.instance = instance.name;
    out.lasso = std::move(shown);
  }

  void verify(const Graph& graph, const Automaton& automaton, const Fairness& fairness, const Product& product,
              Answer& out) {
    const auto start = Clock::now();
    if (!text_) {
      text_ = verify::read_system(ir::write(question_.system));
      if (!*text_) {
        out_.internal_error = "the verifier cannot read the system: " + text_->error().message;
        return;
      }
    }
    verify::LivenessClaim claim = claim_of(question_, automaton, fairness, product);
    if (mistake == Mistake::cells)
      for (verify::LivenessCell& cell : claim.cells) cell.why = verify::LivenessCell::Why::no_step;
    const verify::StateSet states = states_of(graph);
    verify::Effort effort;
    effort.interrupted = options_.interrupted;
    const verify::Finding found = verify::check_liveness(**text_, states, claim, effort);
    out_.seconds_verifying += since(start);
    if (found.status == verify::Status::rejected) out_.internal_error = "the verifier rejects a proof: " + found.why;
    if (found.status == verify::Status::unchecked) {
      out.verdict = Verdict::inconclusive;
      out.reason = "the proof could not be checked: " + found.why;
    }
  }

  Clock::time_point start_ = Clock::now();
  const Options& options_;
  ir::TemporalQuestion question_;
  ir::Rewritten rewritten_;
  std::optional<verify::Outcome<verify::System>> text_;
  Answers out_;
};

}  // namespace

Answers decide(const ir::TemporalQuestion& question, const Options& options) {
  return Decider(question, options).run();
}

void make_mistakes_for_tests(Mistake wanted) {
  mistake = wanted;
}

}  // namespace hotproof::checker::liveness
