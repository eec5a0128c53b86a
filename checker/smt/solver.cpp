#include "checker/smt/solver.hpp"

#include <malloc.h>
#include <z3++.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace hotproof::checker::smt {

namespace {

using ir::ExprId;
using ir::Node;
using ir::Op;

std::atomic<bool> comparisons_are_broken = false;  // by a test, to see whether anybody notices

// A question is tried with so much of Z3's own measure of work. What is unknown then is asked again of a solver made
// afresh, with another seed and twice as much, and so on; the last one has no limit. A question that is merely hard
// costs twice; one on which a solver has lost its way, by what it learned or by how it chose, is soon answered by
// another.
constexpr unsigned usual_effort = 100'000'000;  // some twenty seconds of a processor
constexpr unsigned most_tries = 4;
std::atomic<unsigned> first_effort = usual_effort;

// Z3 clears some megabytes for each solver. As they go back to the system when it is done, every page of them is made
// anew for the next one, which takes longer than many a question. So the program keeps a few megabytes that are free.
bool keep_what_is_freed() {
  return mallopt(M_MMAP_THRESHOLD, 32 << 20) != 0 && mallopt(M_TRIM_THRESHOLD, 64 << 20) != 0;
}
const bool keeps_what_is_freed = keep_what_is_freed();

// Width 1 is a Bool for Z3: the finite-domain solver then sees a literal instead of a vector of one bit.
z3::expr to_vector(const z3::expr& term) {
  if (!term.is_bool()) return term;
  z3::context& context = term.ctx();
  return z3::ite(term, context.bv_val(1, 1), context.bv_val(0, 1));
}

z3::expr to_truth(const z3::expr& term, int width) {
  if (width != 1 || term.is_bool()) return term;
  return term == term.ctx().bv_val(1, 1);
}

// Operations that Z3 has on Bools. The others go through vectors of one bit.
std::optional<z3::expr> truth_operation(Op op, const z3::expr& a, const z3::expr& b) {
  switch (op) {
    case Op::and_:
      return a && b;
    case Op::or_:
      return a || b;
    case Op::xor_:
      return a != b;
    case Op::eq:
      return a == b;
    default:
      return std::nullopt;
  }
}

// Operators like < and / on z3::expr are signed, so every operation is named here in full.
z3::expr vector_operation(Op op, const z3::expr& a, const z3::expr& b) {
  switch (op) {
    case Op::add:
      return a + b;
    case Op::sub:
      return a - b;
    case Op::mul:
      return a * b;
    case Op::udiv:
      return z3::udiv(a, b);
    case Op::sdiv:
      return z3::expr(a.ctx(), Z3_mk_bvsdiv(a.ctx(), a, b));
    case Op::urem:
      return z3::urem(a, b);
    case Op::srem:
      return z3::srem(a, b);
    case Op::and_:
      return a & b;
    case Op::or_:
      return a | b;
    case Op::xor_:
      return a ^ b;
    case Op::shl:
      return z3::shl(a, b);
    case Op::lshr:
      return z3::lshr(a, b);
    case Op::ashr:
      return z3::ashr(a, b);
    case Op::eq:
      return a == b;
    case Op::ult:
      return comparisons_are_broken ? z3::ule(a, b) : z3::ult(a, b);
    case Op::ule:
      return z3::ule(a, b);
    case Op::slt:
      return z3::slt(a, b);
    case Op::sle:
      return z3::sle(a, b);
    default:
      throw z3::exception("an operation that takes two operands was expected");
  }
}

z3::expr resized(const Node& node, const z3::expr& operand) {
  const z3::expr a = to_vector(operand);
  const unsigned width = a.get_sort().bv_size();
  if (node.op == Op::trunc) return to_truth(a.extract(node.width - 1U, 0), node.width);
  return node.op == Op::sext ? z3::sext(a, node.width - width) : z3::zext(a, node.width - width);
}

// Watches the clock, the flag and the memory while Z3 works, because Z3 itself only knows a timeout. An interrupt that
// comes while Z3 starts its search may be lost; so it is given again until Z3 has come back. One thread serves all
// questions of a solver: starting one for each costs more than most of them.
class Watch {
 public:
  explicit Watch(z3::context& context) : context_(context) {}
  ~Watch() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard hold(mutex_);
      over_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void begin(const Patience& patience) {
    exceeded_.clear();
    if (!patience.deadline && patience.bytes == 0 && patience.interrupted == nullptr && patience.pointless.empty())
      return;
    {
      const std::lock_guard hold(mutex_);
      patience_ = patience;
      watching_ = true;
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    wake_.notify_one();
  }

  bool is_over() {
    const std::lock_guard hold(mutex_);
    return !exceeded_.empty();
  }

  // What was exceeded since begin(), or an empty text. Nothing is interrupted any more.
  std::string end() {
    const std::lock_guard hold(mutex_);
    watching_ = false;
    return exceeded_;
  }

 private:
  void run() {
    std::unique_lock hold(mutex_);
    while (!over_) {
      if (!watching_) {
        wake_.wait(hold);
        continue;
      }
      if (exceeded_.empty()) exceeded_ = exceeded(patience_);
      if (!exceeded_.empty()) context_.interrupt();
      wake_.wait_for(hold, std::chrono::milliseconds(10));
    }
  }

  z3::context& context_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Patience patience_;
  bool watching_ = false;
  bool over_ = false;
  std::string exceeded_;
  std::thread thread_;
};

}  // namespace

std::string exceeded(const Patience& patience) {
  if (patience.interrupted != nullptr && *patience.interrupted) return "interrupted";
  for (const std::atomic<bool>* pointless : patience.pointless)
    if (pointless->load()) return "interrupted";
  if (patience.deadline && std::chrono::steady_clock::now() >= *patience.deadline) return "time limit";
  if (patience.bytes != 0 && Solver::bytes() > patience.bytes) return "memory limit";
  return {};
}

struct Solver::State {
  // The finite-domain solver bit-blasts at once into an incremental SAT solver; on unrolled systems it is faster by
  // one to two orders of magnitude than Z3's default solver.
  explicit State(const ir::ExprPool& expressions) : pool(expressions), solver(context, "QF_FD") {}

  const z3::expr& term(ExprId root);
  z3::check_result ask(const z3::expr_vector& assumed);
  void start_over(unsigned attempt);
  void limit(unsigned attempt);
  void take_core(std::span<const ExprId> assumptions, const z3::expr_vector& assumed);
  z3::expr build(const Node& node);
  z3::expr unary(const Node& node);

  const ir::ExprPool& pool;
  z3::context context;
  z3::solver solver;
  std::optional<z3::model> model;
  std::vector<std::optional<z3::expr>> terms;  // by expression
  std::vector<ExprId> required;
  std::vector<ExprId> core;
  std::string reason;
  std::size_t restarts = 0;
  bool broken = false;  // something could not be asserted: no answer can be trusted
  Watch watch{context};
};

z3::expr Solver::State::unary(const Node& node) {
  const z3::expr a = *terms[static_cast<std::size_t>(node.args[0])];
  switch (node.op) {
    case Op::not_:
      return a.is_bool() ? !a : ~a;
    case Op::neg:
      return a.is_bool() ? a : -a;  // modulo 2 every number is its own negative
    default:
      return resized(node, a);
  }
}

z3::expr Solver::State::build(const Node& node) {
  const auto operand = [&](int i) -> const z3::expr& { return *terms[static_cast<std::size_t>(node.args[i])]; };
  switch (ir::arity(node.op)) {
    case 0:
      if (node.op == Op::constant)
        return node.width == 1 ? context.bool_val(node.value != 0) : context.bv_val(node.value, node.width);
      return context.constant(context.int_symbol(static_cast<int>(node.value)),
                              node.width == 1 ? context.bool_sort() : context.bv_sort(node.width));
    case 1:
      return unary(node);
    case 2: {
      const z3::expr& a = operand(0);
      const z3::expr& b = operand(1);
      if (a.is_bool())
        if (const auto direct = truth_operation(node.op, a, b)) return *direct;
      const z3::expr out = vector_operation(node.op, to_vector(a), to_vector(b));
      return out.is_bool() ? out : to_truth(out, node.width);
    }
    default:
      return z3::ite(operand(0), operand(1), operand(2));
  }
}

// Bottom-up with a stack of its own: chains of thousands of alternatives must not exhaust the program's.
const z3::expr& Solver::State::term(ExprId root) {
  if (terms.size() < pool.size()) terms.resize(pool.size());
  std::vector<ExprId> open{root};
  while (!open.empty()) {
    const ExprId id = open.back();
    auto& slot = terms[static_cast<std::size_t>(id)];
    bool ready = true;
    if (!slot) {
      const Node& node = pool[id];
      for (int i = 0; i < ir::arity(node.op); ++i) {
        if (terms[static_cast<std::size_t>(node.args[i])]) continue;
        open.push_back(node.args[i]);
        ready = false;
      }
      if (ready) slot = build(node);
    }
    if (ready) open.pop_back();
  }
  return *terms[static_cast<std::size_t>(root)];
}

Solver::Solver(const ir::ExprPool& pool) : state_(std::make_unique<State>(pool)) {}
Solver::~Solver() = default;

void Solver::require(ExprId truth) {
  state_->model.reset();
  if (state_->broken) return;
  try {
    state_->solver.add(state_->term(truth));
    state_->required.push_back(truth);
  } catch (const z3::exception& problem) {
    state_->broken = true;
    state_->reason = problem.msg();
  }
}

void Solver::State::limit(unsigned attempt) {
  z3::params params(context);
  const bool last = attempt + 1 == most_tries;
  params.set("rlimit", last ? 0U : first_effort.load() << attempt);
  if (restarts != 0) params.set("random_seed", static_cast<unsigned>(restarts));
  solver.set(params);
}

// The last but one is Z3's solver for bit-vectors, which works in another way.
void Solver::State::start_over(unsigned attempt) {
  ++restarts;
  solver = z3::solver(context, attempt + 2 == most_tries ? "QF_BV" : "QF_FD");
  for (const ExprId truth : required) solver.add(term(truth));
}

// Unknown only if patience is at its end, or the last try has failed.
z3::check_result Solver::State::ask(const z3::expr_vector& assumed) {
  for (unsigned attempt = 0;; ++attempt) {
    z3::check_result result = z3::unknown;
    try {
      if (attempt != 0) start_over(attempt);
      limit(attempt);
      result = solver.check(assumed);
    } catch (const z3::exception& problem) {
      reason = problem.msg();
      if (attempt + 1 == most_tries) throw;
    }
    if (result != z3::unknown || attempt + 1 == most_tries || watch.is_over()) return result;
  }
}

// Z3 4.8.12 gives an empty core where a solver is made from a pipeline of tactics; this one is not, but an empty list
// is believed only if the requirements alone have been refuted.
void Solver::State::take_core(std::span<const ExprId> assumptions, const z3::expr_vector& assumed) {
  const z3::expr_vector named = solver.unsat_core();
  std::set<unsigned> ids;
  for (unsigned i = 0; i < named.size(); ++i) ids.insert(named[static_cast<int>(i)].id());
  for (std::size_t i = 0; i < assumptions.size(); ++i)
    if (ids.erase(assumed[static_cast<int>(i)].id()) != 0) core.push_back(assumptions[i]);
  const bool all_known = ids.empty();
  if (!all_known || (core.empty() && !assumptions.empty() && solver.check() != z3::unsat))
    core.assign(assumptions.begin(), assumptions.end());
}

Answer Solver::check(std::span<const ExprId> assumptions, const Patience& patience) {
  state_->model.reset();
  state_->core.clear();
  if (state_->broken) return Answer::unknown;
  state_->reason = exceeded(patience);
  if (!state_->reason.empty()) return Answer::unknown;
  state_->watch.begin(patience);
  try {
    z3::expr_vector assumed(state_->context);
    for (const ExprId id : assumptions) assumed.push_back(state_->term(id));
    const z3::check_result result = state_->ask(assumed);
    if (result == z3::unsat) {
      state_->take_core(assumptions, assumed);
      state_->watch.end();
      return Answer::unsat;
    }
    // Before anything else is asked of Z3: an interrupt that came while it was about to answer would spoil the model.
    state_->reason = state_->watch.end();
    if (result == z3::sat && state_->reason.empty()) {
      state_->model = state_->solver.get_model();
      return Answer::sat;
    }
    if (state_->reason.empty()) state_->reason = state_->solver.reason_unknown();
  } catch (const z3::exception& problem) {
    state_->reason = state_->watch.end();
    if (state_->reason.empty()) state_->reason = problem.msg();
  }
  if (state_->reason.empty()) state_->reason = "the solver gave up";
  return Answer::unknown;
}

std::optional<std::uint64_t> Solver::value(ExprId id) {
  if (!state_->model) return std::nullopt;
  try {
    const z3::expr value = state_->model->eval(state_->term(id), true);
    if (value.is_bool()) {
      if (value.is_true()) return 1;
      return value.is_false() ? std::optional<std::uint64_t>(0) : std::nullopt;
    }
    std::uint64_t number = 0;
    return value.is_numeral_u64(number) ? std::optional(number) : std::nullopt;
  } catch (const z3::exception&) {
    return std::nullopt;
  }
}

const std::vector<ExprId>& Solver::core() const {
  return state_->core;
}

std::size_t Solver::restarts() const {
  return state_->restarts;
}

void lose_patience_for_tests(bool soon) {
  first_effort = soon ? 1000 : usual_effort;
}

void break_comparisons_for_tests(bool broken) {
  comparisons_are_broken = broken;
}

const std::string& Solver::reason() const {
  return state_->reason;
}

Answer solve_script(const std::string& script, const Patience& patience, std::string& why) {
  try {
    z3::context context;
    z3::solver solver(context, "QF_FD");  // fast, see Solver
    solver.from_string(script.c_str());
    Watch watch(context);
    watch.begin(patience);
    try {
      const z3::check_result result = solver.check();
      if (result == z3::unsat) return Answer::unsat;
      if (result == z3::sat) return Answer::sat;
      why = watch.end();
      if (why.empty()) why = solver.reason_unknown();
    } catch (const z3::exception& problem) {
      why = watch.end();
      if (why.empty()) why = problem.msg();
    }
  } catch (const z3::exception& problem) {
    why = problem.msg();
  }
  return Answer::unknown;
}

std::uint64_t Solver::bytes() {
  return Z3_get_estimated_alloc_size();
}

}  // namespace hotproof::checker::smt
