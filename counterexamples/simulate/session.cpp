#include "counterexamples/simulate/session.hpp"

#include <algorithm>

#include "checker/result.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::simulate {

namespace {

constexpr std::size_t most_initial_states = 100'000;

using Kind = PropertyState::Kind;

bool is_of_states(ir::PropertyKind kind) {
  return kind == ir::PropertyKind::invariant || kind == ir::PropertyKind::deadlock;
}

}  // namespace

Outcome<Session> Session::start(const ir::TransitionSystem& system) {
  ir::State usual;
  for (const ir::Variable& variable : system.variables) usual.push_back(variable.initial);
  if (eval::replay(system, {usual, {}})) return start(system, std::move(usual));
  auto states = eval::initial_states(system, most_initial_states);
  if (!states) return tl::unexpected(states.error());
  if (states->empty()) return failure({}, "the system has no initial state");
  return start(system, std::move(states->front()));
}

Outcome<Session> Session::start(const ir::TransitionSystem& system, ir::State initial) {
  if (const auto replayed = eval::replay(system, {initial, {}}); !replayed) return tl::unexpected(replayed.error());
  Session out(system);
  Branch main;
  main.name = "main";
  main.moments.push_back(out.first(std::move(initial)));
  out.branches_.push_back(std::move(main));
  return out;
}

const std::vector<ir::TransitionId>& Session::enabled() const {
  if (!enabled_) enabled_ = eval::enabled(*system_, state());
  return *enabled_;
}

std::vector<ir::TransitionId> Session::enabled(ir::ActorId actor) const {
  std::vector<ir::TransitionId> out;
  for (const ir::TransitionId t : enabled())
    if ((*system_)[t].actor == actor) out.push_back(t);
  return out;
}

std::optional<ir::TransitionId> Session::next() const {
  const Branch& now = branch();
  if (now.at == now.steps.size()) return std::nullopt;
  return now.steps[now.at];
}

void Session::judge_state(Moment& moment, std::size_t number) const {
  for (std::size_t i = 0; i < system_->properties.size(); ++i) {
    const auto id = static_cast<ir::PropertyId>(i);
    PropertyState& known = moment.properties[i];
    if (!is_of_states(system_->properties[i].kind) || known.kind == Kind::violated) continue;
    if (!checker::violates(*system_, id, moment.state, std::nullopt)) continue;
    known = {Kind::violated, number};
    moment.broken.push_back(id);
  }
  std::sort(moment.broken.begin(), moment.broken.end());
  moment.left_range = eval::out_of_range(*system_, moment.state);
}

Moment Session::first(ir::State state) const {
  Moment out;
  out.state = std::move(state);
  for (const ir::Property& property : system_->properties) {
    const bool is_cover = property.kind == ir::PropertyKind::cover;
    const Kind kind = is_cover ? Kind::not_reached : property.triggers.empty() ? Kind::holds : Kind::silent;
    out.properties.push_back({kind, 0});
  }
  judge_state(out, 0);
  return out;
}

// A step is judged on the state that it leaves.
Moment Session::behind(const Moment& before, ir::TransitionId fired, std::size_t number, ir::State state) const {
  Moment out;
  out.state = std::move(state);
  out.properties = before.properties;
  out.faults = before.faults + (*system_)[fired].faults;
  const std::vector<ir::MarkId> marks = eval::marks_hit(*system_, fired, before.state);
  const auto hit = [&marks](ir::MarkId mark) { return std::binary_search(marks.begin(), marks.end(), mark); };
  const std::vector<ir::PropertyId> failed = eval::failed_assertions(*system_, fired, before.state);
  for (std::size_t i = 0; i < system_->properties.size(); ++i) {
    const auto id = static_cast<ir::PropertyId>(i);
    const ir::Property& property = system_->properties[i];
    PropertyState& known = out.properties[i];
    if (known.kind == Kind::silent && std::any_of(property.triggers.begin(), property.triggers.end(), hit))
      known.kind = Kind::holds;
    if (known.kind == Kind::not_reached && property.cover_without_faults && out.faults > 0)
      known.kind = Kind::out_of_reach;
    if (known.kind == Kind::not_reached && hit(property.mark)) {
      known = {Kind::reached, number};
      out.reached.push_back(id);
    } else if (property.kind == ir::PropertyKind::assertion && known.kind != Kind::violated &&
               std::binary_search(failed.begin(), failed.end(), id)) {
      known = {Kind::violated, number};
      out.broken.push_back(id);
    }
  }
  judge_state(out, number);
  return out;
}

Outcome<bool> Session::step(ir::TransitionId transition) {
  if (!std::binary_search(enabled().begin(), enabled().end(), transition))
    return failure({}, "this step cannot be taken now");
  if (next() == transition) return redo();
  if (position() >= most_steps)
    return failure({}, "the history has " + std::to_string(most_steps) + " steps, and may have no more");
  if (branch().loaded) {
    if (auto left = fork(free_name(branch().name + "+")); !left) return left;
  }
  Branch& now = mine();
  now.steps.resize(now.at);
  now.moments.resize(now.at + 1);
  now.moments.push_back(
      behind(now.moments.back(), transition, now.at + 1, eval::fire(*system_, transition, now.moments.back().state)));
  now.steps.push_back(transition);
  ++now.at;
  moved();
  return true;
}

bool Session::undo() {
  if (position() == 0) return false;
  --mine().at;
  moved();
  return true;
}

bool Session::redo() {
  if (!next()) return false;
  ++mine().at;
  moved();
  return true;
}

Outcome<bool> Session::jump(std::size_t step) {
  if (step > branch().steps.size())
    return failure(
        {}, "there is no step " + std::to_string(step) + ", the last one is " + std::to_string(branch().steps.size()));
  mine().at = step;
  moved();
  return true;
}

std::string Session::free_name(const std::string& stem) const {
  for (std::size_t i = 1;; ++i) {
    const std::string name = stem + std::to_string(i);
    if (!find_branch(name)) return name;
  }
}

Outcome<bool> Session::add_branch(Branch added) {
  if (branches_.size() >= most_branches)
    return failure({}, "there are " + std::to_string(most_branches) + " branches, and there may be no more");
  if (find_branch(added.name)) return failure({}, "there is already a branch '" + added.name + "'");
  branches_.push_back(std::move(added));
  current_ = branches_.size() - 1;
  moved();
  return true;
}

Outcome<bool> Session::fork(std::string name) {
  const Branch& now = branch();
  const auto here = static_cast<std::ptrdiff_t>(now.at);
  Branch out;
  out.name = name.empty() ? free_name("branch ") : std::move(name);
  out.from = current_;
  out.forked_at = now.at;
  out.steps.assign(now.steps.begin(), now.steps.begin() + here);
  out.moments.assign(now.moments.begin(), now.moments.begin() + here + 1);
  out.at = now.at;
  return add_branch(std::move(out));
}

Outcome<bool> Session::load(std::string name, const ir::Run& run) {
  if (run.steps.size() > most_steps)
    return failure({}, "the run has more than " + std::to_string(most_steps) + " steps");
  auto replayed = eval::replay(*system_, run);
  if (!replayed) return tl::unexpected(replayed.error());
  Branch out;
  out.name = std::move(name);
  out.loaded = true;
  out.steps = run.steps;
  out.moments.push_back(first(std::move(replayed->states.front())));
  for (std::size_t i = 0; i < run.steps.size(); ++i)
    out.moments.push_back(behind(out.moments.back(), run.steps[i], i + 1, std::move(replayed->states[i + 1])));
  return add_branch(std::move(out));
}

Outcome<bool> Session::switch_to(std::size_t number) {
  if (number >= branches_.size()) return failure({}, "there is no branch " + std::to_string(number + 1));
  current_ = number;
  moved();
  return true;
}

std::optional<std::size_t> Session::find_branch(const std::string& name) const {
  for (std::size_t i = 0; i < branches_.size(); ++i)
    if (branches_[i].name == name) return i;
  return std::nullopt;
}

ir::Run Session::run() const {
  const Branch& now = branch();
  return {now.moments.front().state, {now.steps.begin(), now.steps.begin() + static_cast<std::ptrdiff_t>(now.at)}};
}

}  // namespace hotproof::simulate
