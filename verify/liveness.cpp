#include "verify/liveness.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "verify/evaluate.hpp"
#include "verify/program.hpp"
#include "verify/state_index.hpp"

namespace hotproof::verify {

namespace {

using TemporalOp = TemporalNode::Op;

constexpr std::uint64_t most_first_states = 1U << 20U;
constexpr std::uint64_t states_between_polls = 4096;
constexpr std::uint32_t unreached = ~std::uint32_t{0};
constexpr std::uint32_t no_group = ~std::uint32_t{0};
constexpr std::size_t most_atoms = 64;

struct Rejected {
  std::string why;
};

// The formula's meaning, one step at a time: what is true now follows from the letter and from what is true of the rest.
class Meaning {
 public:
  explicit Meaning(const std::vector<TemporalNode>& nodes) : nodes_(nodes), place_(nodes.size(), 0) {
    if (nodes.empty()) throw Rejected{"there is no formula"};
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const TemporalNode& node = nodes[i];
      const bool one = node.op == TemporalOp::not_ || node.op == TemporalOp::next;
      const bool two = node.op >= TemporalOp::and_ && node.op != TemporalOp::next;
      if (((one || two) && node.left >= i) || (two && node.right >= i)) throw Rejected{"a formula before its operands"};
      if (node.op == TemporalOp::not_ && nodes[node.left].op != TemporalOp::atom)
        throw Rejected{"'not' stands before more than an atom"};
      if (node.op == TemporalOp::until) untils_.push_back(i);
      if (node.op < TemporalOp::next) continue;
      place_[i] = temporal_++;
    }
  }

  std::size_t temporal() const { return temporal_; }
  std::size_t untils() const { return untils_.size(); }

  // `rest`: by temporal node, whether its promise is true of what follows.
  void look(std::uint64_t letter, std::uint64_t rest) {
    now_.assign(nodes_.size(), false);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const TemporalNode& node = nodes_[i];
      const bool later = (rest >> place_[i] & 1U) != 0;
      switch (node.op) {
        case TemporalOp::truth:
          now_[i] = true;
          break;
        case TemporalOp::falsity:
          break;
        case TemporalOp::atom:
          now_[i] = (letter >> node.atom & 1U) != 0;
          break;
        case TemporalOp::not_:
          now_[i] = !now_[node.left];
          break;
        case TemporalOp::and_:
          now_[i] = now_[node.left] && now_[node.right];
          break;
        case TemporalOp::or_:
          now_[i] = now_[node.left] || now_[node.right];
          break;
        case TemporalOp::next:
          now_[i] = later;
          break;
        case TemporalOp::until:
          now_[i] = now_[node.right] || (now_[node.left] && later);
          break;
        case TemporalOp::release:
          now_[i] = now_[node.right] && (now_[node.left] || later);
          break;
      }
    }
  }

  bool whole() const { return now_.back(); }
  // Everything in a state's promises is true now.
  bool keeps(std::uint64_t promises) const {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].op < TemporalOp::next || (promises >> place_[i] & 1U) == 0) continue;
      if (!now_[nodes_[i].op == TemporalOp::next ? nodes_[i].left : i]) return false;
    }
    return true;
  }
  // Untils that do not wait: false, or fulfilled.
  std::uint64_t settled() const {
    std::uint64_t out = 0;
    for (std::size_t u = 0; u < untils_.size(); ++u)
      if (!now_[untils_[u]] || now_[nodes_[untils_[u]].right]) out |= std::uint64_t{1} << u;
    return out;
  }

 private:
  const std::vector<TemporalNode>& nodes_;
  std::vector<std::size_t> place_;
  std::vector<std::size_t> untils_;
  std::size_t temporal_ = 0;
  std::vector<bool> now_;
};

bool allows(const TemporalMove& move, std::uint64_t letter) {
  return (move.yes & ~letter) == 0 && (move.no & letter) == 0;
}

// Whatever is true of a word and its rests (which is one way for each), the automaton has a run that keeps up with it.
void check_automaton(Meaning& meaning, const TemporalAutomaton& automaton, const std::set<std::uint64_t>& letters) {
  const std::uint64_t rests = std::uint64_t{1} << meaning.temporal();
  for (const std::uint64_t letter : letters) {
    for (std::uint64_t rest = 0; rest < rests; ++rest) {
      meaning.look(letter, rest);
      const std::uint64_t settled = meaning.settled();
      for (std::size_t state = 0; state < automaton.moves.size(); ++state) {
        if (state == 0 ? !meaning.whole() : !meaning.keeps(automaton.promises[state])) continue;
        const auto& moves = automaton.moves[state];
        const bool can = std::any_of(moves.begin(), moves.end(), [&](const TemporalMove& move) {
          return allows(move, letter) && (automaton.promises[move.to] & ~rest) == 0 && (settled & ~move.accepts) == 0;
        });
        if (!can) throw Rejected{"the automaton misses a word of the formula"};
      }
    }
  }
}

// A step of the system beside the formula's letter.
struct Seen {
  std::uint64_t from = 0, to = 0;  // vertices
  std::uint64_t letter = 0;
  std::uint32_t transition = no_group;  // all ones: ending
};

// What a state has, whatever the automaton does.
struct Around {
  std::uint64_t must = 0;  // actors that must move
  std::vector<std::uint32_t> open;  // groups
};

class FairRunJudge {
 public:
  FairRunJudge(const System& system, const LivenessClaim& claim, const StateList& list, const StateIndex& index,
               const Program& program)
      : system_(system),
        claim_(claim),
        list_(list),
        index_(index),
        program_(program),
        automaton_states_(claim.automaton.moves.size()),
        registers_(program.fresh_registers()),
        next_(program.layout().words),
        room_(program.layout().words) {
    atom_of_mark_.resize(system.marks.size());
    atom_of_property_.resize(system.properties.size());
    for (std::size_t i = 0; i < claim.atoms.size(); ++i) {
      const TemporalAtom& atom = claim.atoms[i];
      auto& of = atom.is_event ? atom_of_mark_ : atom_of_property_;
      if (atom.number >= of.size()) throw Rejected{"an atom speaks of what is not there"};
      of[atom.number] |= std::uint64_t{1} << i;
      if (!atom.is_event) atoms_of_states_ |= std::uint64_t{1} << i;
    }
  }

  const std::set<std::uint64_t>& letters() const { return letters_; }

  void begin_at(std::uint64_t state) {
    if (cell_of(state, 0) == unreached) throw Rejected{"an initial state is not among what is reached"};
  }

  void look_at(std::uint64_t id) {
    const std::uint64_t* const state = list_.read(id, room_.data());
    steps_.clear();
    around_ = {};
    const std::uint64_t letter = letter_of(state);
    if (!somebody_halted(state)) {
      for (std::size_t actor = 0; actor < system_.actors.size(); ++actor) leave(actor, id, state, letter);
      if (around_.must == 0) steps_.push_back({id, id + list_.size(), letter, no_group});
    }
    nodes(id);
    for (const Seen& step : steps_) follow(step);
    if (around_.must != 0 || steps_.empty()) return;
    around_ = {};
    nodes(id + list_.size());
    follow({id + list_.size(), id + list_.size(), letter, no_group});
  }

 private:
  std::uint32_t cell_of(std::uint64_t vertex, std::size_t state) const {
    return claim_.cell_of[vertex * automaton_states_ + state];
  }

  std::uint64_t letter_of(const std::uint64_t* state) {
    std::uint64_t out = atoms_of_states_;
    program_.run(program_.invariant_code(), state, registers_.data());
    const Program::Code demands = program_.invariants();
    for (std::uint32_t i = demands.begin; i < demands.end; ++i)
      if (!program_.holds(program_.demand(i).value, state, registers_.data())) out &= ~atom_of_property_[program_.demand(i).what];
    letters_.insert(out);
    return out;
  }

  bool somebody_halted(const std::uint64_t* state) const {
    for (std::size_t actor = 0; actor < system_.actors.size(); ++actor) {
      const auto at = static_cast<std::uint32_t>(program_.location(actor, state));
      const auto& halted = system_.actors[actor].halted;
      if (std::binary_search(halted.begin(), halted.end(), at)) return true;
    }
    return false;
  }

  void leave(std::size_t actor, std::uint64_t id, const std::uint64_t* state, std::uint64_t of_state) {
    const auto location = static_cast<std::uint32_t>(program_.location(actor, state));
    const Program::Block* const block = program_.block(actor, location);
    if (block == nullptr) return;
    const auto& resting = system_.actors[actor].resting;
    const bool rests = std::binary_search(resting.begin(), resting.end(), location);
    program_.run(block->guards, state, registers_.data());
    for (std::uint32_t w = block->ways.begin; w < block->ways.end; ++w) {
      const Program::Way& way = program_.way(w);
      if (!program_.holds(way.guard, state, registers_.data())) continue;
      program_.run(way.code, state, registers_.data());
      std::uint64_t letter = of_state;
      for (std::uint32_t i = way.hits.begin; i < way.hits.end; ++i)
        if (program_.holds(program_.demand(i).value, state, registers_.data()))
          letter |= atom_of_mark_[program_.demand(i).what];
      if (program_.successor(way, state, registers_.data(), next_.data()))
        throw Rejected{describe(system_, way.transition) + " takes a variable out of its range"};
      const std::uint64_t to = index_.find(next_.data(), hash_of(next_.data(), program_.layout().words));
      if (to == StateIndex::none) throw Rejected{describe(system_, way.transition) + " leads out of the set"};
      letters_.insert(letter);
      steps_.push_back({id, to, letter, way.transition});
      if (!rests && !system_.transitions[way.transition].faulty) around_.must |= std::uint64_t{1} << actor;
      if (claim_.groups[way.transition] != no_group) around_.open.push_back(claim_.groups[way.transition]);
    }
  }

  // What cells say of the nodes at a vertex.
  void nodes(std::uint64_t vertex) {
    for (std::size_t state = 0; state < automaton_states_; ++state) {
      std::uint32_t cell = cell_of(vertex, state);
      if (cell == unreached) continue;
      const LivenessCell& mine = claim_.cells[cell];
      const auto is_open = [&](std::uint32_t group) {
        return std::find(around_.open.begin(), around_.open.end(), group) != around_.open.end();
      };
      if (mine.why == LivenessCell::Why::starved && std::none_of(mine.groups.begin(), mine.groups.end(), is_open))
        throw Rejected{"nothing is open where somebody is said to starve"};
      for (; cell != LivenessCell::root; cell = claim_.cells[cell].parent)
        if (claim_.cells[cell].why == LivenessCell::Why::unfair && (around_.must >> claim_.cells[cell].what & 1U) == 0)
          throw Rejected{"an actor need not move where it is said to have to"};
    }
  }

  void follow(const Seen& step) {
    for (std::size_t state = 0; state < automaton_states_; ++state) {
      const std::uint32_t from = cell_of(step.from, state);
      if (from == unreached) continue;
      for (const TemporalMove& move : claim_.automaton.moves[state]) {
        if (!allows(move, step.letter)) continue;
        const std::uint32_t to = cell_of(step.to, move.to);
        if (to == unreached) throw Rejected{"a step leads out of what is reached"};
        step_between(from, to, step, move.accepts);
      }
    }
  }

  // Cells above one, outermost first.
  void chain(std::uint32_t cell, std::vector<std::uint32_t>& out) const {
    out.clear();
    for (; cell != LivenessCell::root; cell = claim_.cells[cell].parent) out.push_back(cell);
    std::reverse(out.begin(), out.end());
  }

  void step_between(std::uint32_t from, std::uint32_t to, const Seen& step, std::uint64_t accepts) {
    chain(from, above_from_);
    chain(to, above_to_);
    std::size_t shared = 0;
    while (shared < above_from_.size() && shared < above_to_.size() && above_from_[shared] == above_to_[shared]) ++shared;
    for (std::size_t i = 0; i < shared; ++i) inside(claim_.cells[above_from_[i]], step, accepts);
    // Between children of one cell the numbers fall; nodes of that cell itself have no order.
    const bool siblings = shared < above_from_.size() && shared < above_to_.size();
    if (siblings && above_from_[shared] <= above_to_[shared]) throw Rejected{"a step leads back to an earlier cell"};
  }

  void inside(const LivenessCell& cell, const Seen& step, std::uint64_t accepts) const {
    const bool moves = step.transition != no_group;
    switch (cell.why) {
      case LivenessCell::Why::no_step:
        throw Rejected{"a step stays in a cell without steps"};
      case LivenessCell::Why::not_accepted:
        if ((accepts >> cell.what & 1U) != 0) throw Rejected{"a step is accepted in a cell in which none is"};
        break;
      case LivenessCell::Why::unfair:
        if (moves && system_.transitions[step.transition].actor == cell.what)
          throw Rejected{"an actor moves in a cell in which it does not"};
        break;
      case LivenessCell::Why::starved:
        if (moves && std::find(cell.groups.begin(), cell.groups.end(), claim_.groups[step.transition]) != cell.groups.end())
          throw Rejected{"a group is served in a cell in which it starves"};
        break;
    }
  }

  const System& system_;
  const LivenessClaim& claim_;
  const StateList& list_;
  const StateIndex& index_;
  const Program& program_;
  std::size_t automaton_states_;
  std::vector<std::uint64_t> registers_, next_;
  std::vector<std::uint64_t> room_;  // for a state that is folded
  std::vector<std::uint64_t> atom_of_mark_, atom_of_property_;
  std::uint64_t atoms_of_states_ = 0;
  std::set<std::uint64_t> letters_;
  std::vector<Seen> steps_;
  Around around_;
  std::vector<std::uint32_t> above_from_, above_to_;
};

// What later parts rely on without asking again.
void check_form(const System& system, const StateSet& states, const LivenessClaim& claim, const Meaning& meaning) {
  const TemporalAutomaton& automaton = claim.automaton;
  const std::size_t size = automaton.moves.size();
  if (size == 0 || automaton.promises.size() != size) throw Rejected{"the automaton has no states, or states without promises"};
  if (claim.atoms.size() > most_atoms || meaning.untils() > most_atoms || system.actors.size() > most_atoms)
    throw Rejected{"more atoms, untils or actors than are counted"};
  for (const TemporalNode& node : claim.formula)
    if (node.op == TemporalOp::atom && node.atom >= claim.atoms.size())
      throw Rejected{"the formula has an atom that is not there"};
  for (const auto& moves : automaton.moves)
    for (const TemporalMove& move : moves)
      if (move.to >= size) throw Rejected{"the automaton leads nowhere"};
  // The initial state may be come back to only if it promises what is promised: nothing says so.
  for (const auto& moves : automaton.moves)
    for (const TemporalMove& move : moves)
      if (move.to == 0) throw Rejected{"the automaton comes back to its beginning"};
  if (claim.groups.size() != system.transitions.size()) throw Rejected{"groups are not those of the transitions"};
  if (claim.cell_of.size() != 2 * states.count() * size) throw Rejected{"cells are not those of the states"};
  for (std::size_t i = 0; i < claim.cells.size(); ++i) {
    const LivenessCell& cell = claim.cells[i];
    if (cell.parent != LivenessCell::root && cell.parent >= i) throw Rejected{"a cell before the one that it lies in"};
    if (cell.parent != LivenessCell::root && claim.cells[cell.parent].why != LivenessCell::Why::starved)
      throw Rejected{"a cell lies in one that is not taken apart"};
    if (cell.why == LivenessCell::Why::not_accepted && cell.what >= meaning.untils())
      throw Rejected{"a cell speaks of an acceptance set that is not there"};
    if (cell.why == LivenessCell::Why::unfair && cell.what >= system.actors.size())
      throw Rejected{"a cell speaks of an actor that is not there"};
    if (std::find(cell.groups.begin(), cell.groups.end(), no_group) != cell.groups.end())
      throw Rejected{"a cell speaks of a group that is not there"};
  }
  for (const std::uint32_t cell : claim.cell_of)
    if (cell != unreached && cell >= claim.cells.size()) throw Rejected{"a node lies in a cell that is not there"};
}

Finding checked(const System& system, const StateSet& states, const LivenessClaim& claim, const Effort& effort) {
  Meaning meaning(claim.formula);
  if (meaning.temporal() > most_temporal) return {Status::unchecked, "the formula is too large"};
  if (!is_folded_right(states)) throw Rejected{"a folded state names a part that is not there"};
  check_form(system, states, claim, meaning);
  auto layout = layout_of(system, states.words, states.places);
  if (!layout) throw Rejected{"variables overlap in the packed states, or have no room"};
  Wanted wanted;
  wanted.invariants.assign(system.properties.size(), true);
  wanted.assertions.assign(system.properties.size(), false);
  wanted.marks.assign(system.marks.size(), true);
  const auto program = Program::compile(system, std::move(*layout), wanted);
  if (!program) return {Status::unchecked, "the system's expressions are too large"};
  const StateList list(states);
  StateIndex index(list);
  if (!index.build()) throw Rejected{"a state stands in the set twice"};
  if (list.end() != list.size()) throw Rejected{"the states' numbers have gaps"};

  FairRunJudge judge(system, claim, list, index, *program);
  std::vector<std::uint64_t> packed(program->layout().words);
  const bool all = for_each_initial(system, most_first_states, [&](const Values& state) {
    std::fill(packed.begin(), packed.end(), 0);
    for (std::size_t v = 0; v < state.size(); ++v) {
      const Field& field = program->layout().fields[v];
      if (field.packed(state[v]) > field.span) throw Rejected{"an initial state is not in the set"};
      if (field.span != 0) packed[field.word] |= field.packed(state[v]) << field.shift;
    }
    const std::uint64_t id = index.find(packed.data(), hash_of(packed.data(), program->layout().words));
    if (id == StateIndex::none) throw Rejected{"an initial state is not in the set"};
    judge.begin_at(id);
  });
  if (!all) return {Status::unchecked, "there are too many initial states to look at each"};
  for (std::uint64_t id = 0; id < list.size(); ++id) {
    if (id % states_between_polls == 0 && effort.interrupted != nullptr && *effort.interrupted)
      return {Status::unchecked, "interrupted"};
    judge.look_at(id);
  }
  check_automaton(meaning, claim.automaton, judge.letters());
  return {};
}

}  // namespace

Finding check_liveness(const System& system, const StateSet& states, const LivenessClaim& claim, const Effort& effort) {
  try {
    return checked(system, states, claim, effort);
  } catch (const Rejected& rejected) {
    return {Status::rejected, rejected.why};
  }
}

}  // namespace hotproof::verify
