// What a search is asked when it is over: runs, and the states.
#include "checker/explicit/search.hpp"

#include <algorithm>

namespace hotproof::checker::explicit_state {

Search::Step Search::step_between(const std::uint64_t* from, const std::uint64_t* to) {
  struct Sink : SilentSink {
    explicit Sink(const Orbits& the_orbits) : orbits(the_orbits) {}
    std::uint64_t* next() { return successor.data(); }
    void fired(ir::TransitionId id, const std::uint64_t*) {
      if (id >= first.transition) return;
      Places places = orbits.make_canonical_telling(successor.data());
      if (std::equal(successor.begin(), successor.end(), wanted)) first = {id, std::move(places)};
    }
    const Orbits& orbits;
    std::vector<std::uint64_t> successor;
    const std::uint64_t* wanted = nullptr;
    Step first;
  };
  Sink sink(orbits_);
  sink.successor.resize(layout_.words());
  sink.wanted = to;
  for (std::size_t actor = 0; actor < compiled_.actors(); ++actor) compiled_.successors(actor, from, expanders_[0]->scratch(), sink);
  return sink.first;
}

ir::Run Search::run_to(const Found& found) {
  std::vector<StateId> path{found.state};
  while (path.back() >= initial_states_) path.push_back(states_.parent(path.back()));
  ir::Run run;
  run.initial = layout_.unpack(states_[path.back()].data());
  Whereabouts whereabouts(orbits_);
  for (std::size_t i = path.size() - 1; i > 0; --i) {
    const Step step = step_between(states_[path[i]].data(), states_[path[i - 1]].data());
    run.steps.push_back(whereabouts.original(step.transition));
    whereabouts.move(step.places);
  }
  if (found.fired) run.steps.push_back(whereabouts.original(*found.fired));
  return run;
}

std::shared_ptr<const ReachedStates> Search::take_states() {
  auto states = std::make_shared<States>(std::move(states_));
  auto out = std::make_shared<ReachedStates>();
  auto values = layout_.values();
  for (std::size_t i = 0; i < system_.variables.size(); ++i) {
    const Field& field = layout_[static_cast<ir::VarId>(i)];
    out->places.push_back({field.word, field.shift, field.bits, std::move(values[i])});
  }
  states->tell_states(*out);
  for (const ir::Interchangeable* actors : orbits_.classes()) out->interchangeable.push_back(*actors);
  if (ample_) out->ample = ample_->locations();
  out->owner = std::move(states);
  return out;
}

}  // namespace hotproof::checker::explicit_state
