#include "checker/parametric/search.hpp"

#include <algorithm>

#include "checker/explicit/search.hpp"
#include "checker/smt/unroll.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::parametric {

namespace {

using ir::ExprId;
using ir::TransitionId;
using ir::VarId;
using smt::Answer;

constexpr std::uint32_t states_between_polls = 64;
constexpr double seconds_between_reports = 0.25;
// A multiple of a parameter beyond this is taken for a sum that grows without end.
constexpr std::int64_t largest_coefficient = 16;
constexpr int widest_finite = 16;  // bits of a variable whose values may all be tried
constexpr std::size_t most_values = 256;
constexpr std::size_t most_nodes = 100;  // of the expression that a variable holds
constexpr std::size_t most_conditions = 10'000;
// A disjunction of more states is of no use to a solver.
constexpr std::size_t most_states_of_invariant = 2'000;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

smt::Patience patience_of(const Options& options, Clock::time_point began) {
  smt::Patience out;
  out.bytes = options.limits.bytes;
  out.interrupted = options.interrupted;
  if (options.limits.seconds > 0)
    out.deadline =
        began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.limits.seconds));
  return out;
}

bool judges_deadlocks(const ir::TransitionSystem& system) {
  return std::any_of(system.properties.begin(), system.properties.end(),
                     [](const ir::Property& property) { return property.kind == ir::PropertyKind::deadlock; });
}

}  // namespace

Arena::Arena(const ir::TransitionSystem& the_system, const Options& the_options)
    : original(the_system),
      options(the_options),
      system(the_system),
      deadlock(judges_deadlocks(system) ? deadlocked(system) : ExprId{}),
      asks_deadlock(judges_deadlocks(system)),
      layout(system),
      start(start_of(system, canonical)),
      conditions(pool, start.unknowns, start.past_unknowns, start.required, patience_of(options, Clock::now())) {
  for (const ir::Actor& actor : system.actors) leaving.emplace_back(actor.locations);
  for (std::size_t i = 0; i < system.transitions.size(); ++i) {
    const ir::Transition& transition = system.transitions[i];
    leaving[ir::index(transition.actor)][transition.from].push_back(static_cast<TransitionId>(i));
  }
}

std::size_t Search::KeyHash::operator()(const Key& key) const {
  std::uint64_t hash = key.size();
  for (const std::uint64_t word : key) {
    hash = (hash ^ word) * 0xff51afd7ed558ccdU;
    hash ^= hash >> 32U;
  }
  return static_cast<std::size_t>(hash);
}

Search::Search(Arena& arena, const Plan& plan)
    : arena_(arena),
      plan_(plan),
      evaluator_(arena.system.pool, arena.canonical),
      wanted_(arena.system.marks.size(), plan.enough.empty()),
      broken_(arena.system.properties.size()),
      reached_(arena.system.marks.size()),
      still_needed_(plan.enough.size()) {
  for (const ir::MarkId mark : plan.enough) wanted_[ir::index(mark)] = true;
}

void Search::stop(const std::string& why) {
  if (stopped_by_.empty()) stopped_by_ = why;
}

void Search::begin() {
  const Answer answer = arena_.conditions.possible(0, arena_.pool.truth(true));
  if (answer == Answer::unknown) return stop(arena_.conditions.reason());
  if (answer == Answer::unsat) return stop("no values of the parameters satisfy what is required of them");
  Way way{arena_.start.values, {}, 0};
  for (std::size_t i = 0; i < arena_.system.variables.size(); ++i)
    if (!way.next[i].is_number) way.assigned.push_back(static_cast<VarId>(i));
  starting_ = true;
  settle(std::move(way), 0, {});
  starting_ = false;
}

Valuation Search::unpacked(const Key& key) const {
  const ir::State numbers = arena_.layout.unpack(key.data());
  Valuation out;
  out.reserve(numbers.size());
  for (const std::uint64_t number : numbers) out.push_back(Value::of(number));
  for (std::size_t i = arena_.layout.words(); i < key.size(); ++i)
    out[key[i] >> 32U] = {false, 0, static_cast<ExprId>(key[i] & 0xffffffffU)};
  return out;
}

void Search::run() {
  begin();
  std::uint32_t at = 0;
  while (at < entries_.size() && stopped_by_.empty() && !enough_) {
    const auto end = static_cast<std::uint32_t>(entries_.size());
    last_level_ = arena_.options.limits.depth != 0 && depth_ >= arena_.options.limits.depth;
    for (; at < end && stopped_by_.empty() && !enough_; ++at) {
      if (at % states_between_polls == 0) poll();
      if (stopped_by_.empty()) expand(at);
    }
    if (!stopped_by_.empty() || enough_) return;
    covered_ = depth_;
    if (last_level_) return could_go_on_ ? stop("depth") : void();
    const bool some_broken = std::any_of(broken_.begin(), broken_.end(), [](const auto& found) { return found; });
    if (arena_.options.first_violation_ends && some_broken) return stop("something is violated");
    if (plan_.demands && all_decided()) return stop("nothing left to decide");
    if (at < entries_.size()) ++depth_;
  }
}

// Every rule is broken, every cover reached.
bool Search::all_decided() const {
  for (std::size_t i = 0; i < broken_.size(); ++i) {
    const ir::Property& property = arena_.system.properties[i];
    const bool is_cover = property.kind == ir::PropertyKind::cover;
    if (is_cover ? !reached_[ir::index(property.mark)].has_value() : !broken_[i].has_value()) return false;
  }
  return !broken_.empty();
}

void Search::expand(std::uint32_t index) {
  current_ = index;
  const ConditionId condition = entries_[index].condition;
  const Valuation state = unpacked(*entries_[index].key);
  evaluator_.enter(state);
  if (plan_.demands) judge_state(state, condition);
  bool some_blocked = false;
  for (std::size_t actor = 0; actor < arena_.leaving.size() && stopped_by_.empty(); ++actor) {
    const std::uint64_t location = state[ir::index(arena_.system.actors[actor].control)].number;
    bool can_move = false;
    for (const TransitionId id : arena_.leaving[actor][location])
      if (stopped_by_.empty() && (plan_.faults || arena_.system[id].faults == 0)) can_move |= fire(state, condition, id);
    some_blocked |= !can_move;
  }
  if (some_blocked && plan_.demands && arena_.asks_deadlock && stopped_by_.empty()) judge_deadlock(condition);
}

void Search::note_broken(ir::PropertyId id, std::optional<TransitionId> fired, ConditionId condition, ExprId truth) {
  if (broken_[ir::index(id)] || arena_.pool.is_false(truth)) return;
  const Answer answer = arena_.conditions.possible(condition, truth);
  if (answer == Answer::unknown) return stop(arena_.conditions.reason());
  if (answer == Answer::sat) broken_[ir::index(id)] = Found{current_, fired, condition, truth, depth_ + (fired ? 1U : 0U)};
}

void Search::judge_state(const Valuation&, ConditionId condition) {
  for (std::size_t i = 0; i < arena_.system.properties.size(); ++i) {
    const ir::Property& property = arena_.system.properties[i];
    if (property.kind != ir::PropertyKind::invariant || broken_[i]) continue;
    note_broken(static_cast<ir::PropertyId>(i), std::nullopt, condition, arena_.pool.not_(evaluator_.truth(property.expr)));
  }
}

void Search::judge_deadlock(ConditionId condition) {
  const ExprId stuck = evaluator_.truth(arena_.deadlock);
  if (arena_.pool.is_false(stuck)) return;
  for (std::size_t i = 0; i < arena_.system.properties.size(); ++i)
    if (arena_.system.properties[i].kind == ir::PropertyKind::deadlock)
      note_broken(static_cast<ir::PropertyId>(i), std::nullopt, condition, stuck);
}

bool Search::fire(const Valuation& state, ConditionId condition, TransitionId id) {
  const ir::Transition& transition = arena_.system[id];
  const ExprId guard = evaluator_.truth(transition.guard);
  const Truth enabled = arena_.conditions.decide(condition, guard);
  if (enabled == Truth::unknown) stop(arena_.conditions.reason());
  if (enabled == Truth::never || enabled == Truth::unknown) return false;
  Way way;
  way.condition = condition;
  if (enabled == Truth::depends) {
    const auto stronger = arena_.conditions.with(condition, guard);
    if (!stronger) return stop(arena_.conditions.reason()), false;
    way.condition = *stronger;
  }
  ++transitions_;
  could_go_on_ = true;
  judge_fired(way.condition, id);
  if (!last_level_) {
    way.next = state;
    way.next[ir::index(arena_.system.actors[ir::index(transition.actor)].control)] = Value::of(transition.to);
    for (const ir::Update& update : transition.updates) {
      way.next[ir::index(update.var)] = evaluator_.value(update.value);
      way.assigned.push_back(update.var);
    }
    settle(std::move(way), 0, id);
  }
  return enabled == Truth::always;
}

void Search::judge_fired(ConditionId condition, TransitionId id) {
  const ir::Transition& transition = arena_.system[id];
  if (plan_.demands)
    for (const ir::Assertion& assertion : transition.assertions)
      if (!broken_[ir::index(assertion.property)])
        note_broken(assertion.property, id, condition, arena_.pool.not_(evaluator_.truth(assertion.holds)));
  for (const ir::Hit& hit : transition.hits) {
    if (!is_wanted(hit.mark)) continue;
    const ExprId when = evaluator_.truth(hit.when);
    const Answer answer = arena_.conditions.possible(condition, when);
    if (answer == Answer::unknown) return stop(arena_.conditions.reason());
    if (answer == Answer::unsat) continue;
    reached_[ir::index(hit.mark)] = Found{current_, id, condition, when, depth_ + 1};
    if (!plan_.enough.empty()) enough_ = --still_needed_ == 0;
  }
}

// The outermost truth inside a value that is no number; a value that has none is a sum over parameters.
std::optional<ExprId> Search::undecided_part(ExprId value) const {
  std::vector<ExprId> open{value};
  while (!open.empty()) {
    const ExprId id = open.back();
    open.pop_back();
    const ir::Node& node = arena_.pool[id];
    if (node.op == ir::Op::constant) continue;
    if (node.width == 1) return id;
    for (int i = 0; i < ir::arity(node.op); ++i) open.push_back(node.args[i]);
  }
  return std::nullopt;
}

ExprId Search::with_part(ExprId value, ExprId part, bool truth) {
  std::unordered_map<ExprId, ExprId> done{{part, arena_.pool.truth(truth)}};
  for (const ExprId id : arena_.pool.below(value)) {
    if (done.contains(id)) continue;
    const ir::Node node = arena_.pool[id];
    ExprId args[3]{};
    for (int i = 0; i < ir::arity(node.op); ++i) args[i] = done.at(node.args[i]);
    done.emplace(id, ir::arity(node.op) == 0 ? id : arena_.canonical.apply(node, args));
  }
  return done.at(value);
}

// A state has numbers and sums only: what a truth over parameters decides becomes a way for each answer.
void Search::settle(Way way, std::size_t from, TransitionId by) {
  for (std::size_t i = from; i < way.assigned.size() && stopped_by_.empty(); ++i) {
    Value& value = way.next[ir::index(way.assigned[i])];
    while (!value.is_number) {
      if (++settled_ % states_between_polls == 0) poll();
      if (!stopped_by_.empty()) return;
      if (arena_.pool.below(value.expr).size() > most_nodes)
        return stop(arena_.system[way.assigned[i]].name + " becomes too large an expression");
      const auto part = undecided_part(value.expr);
      if (!part) break;
      const Truth decided = arena_.conditions.decide(way.condition, *part);
      if (decided == Truth::unknown) return stop(arena_.conditions.reason());
      if (decided == Truth::depends) {
        Way other = way;
        const auto not_so = arena_.conditions.with(way.condition, arena_.pool.not_(*part));
        const auto so = arena_.conditions.with(way.condition, *part);
        if (!so || !not_so) return stop(arena_.conditions.reason());
        other.condition = *not_so;
        way.condition = *so;
        Value& of_other = other.next[ir::index(way.assigned[i])];
        of_other = evaluator_.value_of(with_part(value.expr, *part, false));
        settle(std::move(other), i, by);
      }
      value = evaluator_.value_of(with_part(value.expr, *part, decided != Truth::never));
    }
  }
  if (stopped_by_.empty()) add(way, by);
}

// A count that a mistake lets grow takes new values for ever.
bool Search::is_tame(const Value& value, VarId var) {
  if (arena_.system[var].width > widest_finite) {
    auto& values = values_[var];
    values.emplace(value.is_number, value.is_number ? value.number : static_cast<std::uint64_t>(value.expr));
    if (values.size() > most_values) {
      stop(arena_.system[var].name + " takes more and more values");
      return false;
    }
  }
  if (value.is_number) return true;
  const ir::LinearForm form = arena_.canonical.form(value.expr);
  for (const auto& [term, coefficient] : form.terms) {
    const std::int64_t factor = ir::as_signed(coefficient, form.width);
    if (form.width > widest_finite && (factor > largest_coefficient || factor < -largest_coefficient)) {
      stop(arena_.system[var].name + " grows without end");
      return false;
    }
  }
  return true;
}

bool Search::stays_in_range(const Way& way) {
  for (const VarId var : way.assigned) {
    const ir::Variable& variable = arena_.system[var];
    const Value& value = way.next[ir::index(var)];
    if (!is_tame(value, var)) return false;
    if (value.is_number) {
      if (arena_.layout[var].contains(value.number)) continue;
      stop(explicit_state::left_range_text(arena_.system, var, value.number));
      return false;
    }
    const auto range = smt::range_condition(arena_.pool, variable, value.expr);
    if (!range) continue;
    const Answer outside = arena_.conditions.possible(way.condition, arena_.pool.not_(*range));
    if (outside == Answer::unsat) continue;
    stop(outside == Answer::unknown ? arena_.conditions.reason()
                                    : variable.name + " leaves its declared range for some parameters");
    return false;
  }
  return true;
}

void Search::add(const Way& way, TransitionId by) {
  if (!stays_in_range(way)) return;
  ir::State numbers;
  numbers.reserve(way.next.size());
  Key rest;
  for (std::size_t i = 0; i < way.next.size(); ++i) {
    const Value& value = way.next[i];
    numbers.push_back(value.is_number ? value.number : arena_.system.variables[i].low);
    if (!value.is_number) rest.push_back((static_cast<std::uint64_t>(i) << 32U) | static_cast<std::uint32_t>(value.expr));
  }
  Key key(arena_.layout.words());
  if (const auto outside = arena_.layout.pack(numbers, key.data()))
    return stop(explicit_state::left_range_text(arena_.system, *outside, numbers[ir::index(*outside)]));
  key.insert(key.end(), rest.begin(), rest.end());
  const auto [found, fresh] = known_.try_emplace(std::move(key));
  for (const std::uint32_t other : found->second)
    if (arena_.conditions.implies(way.condition, entries_[other].condition)) return;
  constexpr std::uint64_t bytes_of_entry = sizeof(Entry) + sizeof(std::uint32_t);
  constexpr std::uint64_t bytes_of_key = 64;  // the table's own
  bytes_ += bytes_of_entry + (fresh ? bytes_of_key + found->first.size() * sizeof(std::uint64_t) : 0);
  const auto number = static_cast<std::uint32_t>(entries_.size());
  found->second.push_back(number);
  entries_.push_back({&found->first, starting_ ? number : current_, by, way.condition});
}

void Search::poll() {
  const Options& options = arena_.options;
  const double seconds = seconds_since(arena_.began);
  if (options.interrupted != nullptr && *options.interrupted) stop("interrupted");
  if (options.limits.seconds > 0 && seconds > options.limits.seconds) stop("time limit");
  if (options.limits.bytes != 0 && bytes_ + smt::Solver::bytes() > options.limits.bytes) stop("memory limit");
  if (arena_.conditions.size() > most_conditions) stop("the conditions on the parameters become finer without end");
  if (!options.progress || seconds_since(last_progress_) < seconds_between_reports) return;
  last_progress_ = Clock::now();
  options.progress({depth_, entries_.size(), entries_.size() - current_, seconds});
}

std::optional<ir::Run> Search::run_to(const Found& found) {
  const auto unknowns = arena_.conditions.least(found.condition, found.truth);
  if (!unknowns) return std::nullopt;
  ir::Run run;
  for (const Value& value : arena_.start.values)
    run.initial.push_back(value.is_number ? value.number : eval::evaluate(arena_.pool, value.expr, *unknowns));
  std::vector<std::uint32_t> path{found.state};
  while (entries_[path.back()].parent != path.back()) path.push_back(entries_[path.back()].parent);
  path.pop_back();
  for (auto at = path.rbegin(); at != path.rend(); ++at) run.steps.push_back(entries_[*at].by);
  if (found.fired) run.steps.push_back(*found.fired);
  return run;
}

std::shared_ptr<const Invariant> Search::invariant() const {
  if (!complete() || !arena_.start.only_parameters || entries_.size() > most_states_of_invariant) return nullptr;
  auto out = std::make_shared<Invariant>();
  const auto itself = [&](VarId var, int width) { return out->pool.variable(var, width); };
  const auto import = [&](ExprId id) { return out->pool.import(arena_.pool, id, itself); };
  std::vector<ExprId> states;
  for (const Entry& entry : entries_) {
    const Valuation state = unpacked(*entry.key);
    ExprId here = out->pool.truth(true);
    for (const ExprId truth : arena_.conditions.truths(entry.condition)) here = out->pool.and_(here, import(truth));
    for (std::size_t i = 0; i < state.size(); ++i) {
      const int width = arena_.system.variables[i].width;
      const ExprId value = state[i].is_number ? out->pool.constant(state[i].number, width) : import(state[i].expr);
      here = out->pool.and_(here, out->pool.eq(out->pool.variable(static_cast<VarId>(i), width), value));
    }
    states.push_back(here);
  }
  out->clauses = {out->pool.any(states), import(arena_.start.required)};
  return out;
}

}  // namespace hotproof::checker::parametric
