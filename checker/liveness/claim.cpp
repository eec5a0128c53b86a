#include "checker/liveness/claim.hpp"

#include <algorithm>
#include <map>

namespace hotproof::checker::liveness {

namespace {

// The nodes below the automaton's formula, operands first: so temporal ones come in the order of its promises.
class Formula {
 public:
  explicit Formula(const Automaton& automaton) : automaton_(automaton) { add(automaton.formula); }
  std::vector<verify::TemporalNode> take() { return std::move(out_); }

 private:
  std::uint32_t add(ir::FormulaId id) {
    const auto found = place_.find(id);
    if (found != place_.end()) return found->second;
    const ir::FormulaNode& node = automaton_.pool[id];
    verify::TemporalNode one;
    one.op = static_cast<verify::TemporalNode::Op>(node.op);
    if (node.op == ir::Temporal::atom) {
      const auto at = std::lower_bound(automaton_.atoms.begin(), automaton_.atoms.end(), node.atom);
      one.atom = static_cast<std::uint32_t>(at - automaton_.atoms.begin());
    }
    if (node.op >= ir::Temporal::not_) one.left = add(node.left);
    if (node.op >= ir::Temporal::and_ && node.op != ir::Temporal::next) one.right = add(node.right);
    out_.push_back(one);
    const auto place = static_cast<std::uint32_t>(out_.size() - 1);
    place_.emplace(id, place);
    return place;
  }

  const Automaton& automaton_;
  std::vector<verify::TemporalNode> out_;
  std::map<ir::FormulaId, std::uint32_t> place_;
};

}  // namespace

verify::LivenessClaim claim_of(const ir::TemporalQuestion& question, const Automaton& automaton, const Fairness& fairness,
                               const Product& product) {
  verify::LivenessClaim out;
  for (const std::uint32_t atom : automaton.atoms) {
    const ir::TemporalAtom& what = question.atoms[atom];
    const std::size_t number = what.is_event ? ir::index(what.event) : ir::index(what.state);
    out.atoms.push_back({what.is_event, static_cast<std::uint32_t>(number)});
  }
  out.formula = Formula(automaton).take();
  out.automaton.promises = automaton.obligations;
  for (const auto& moves : automaton.moves) {
    out.automaton.moves.emplace_back();
    for (const Automaton::Move& move : moves)
      out.automaton.moves.back().push_back({move.to, move.yes, move.no, move.accepts});
  }
  out.groups = fairness.group;
  for (const Cell& cell : product.cells())
    out.cells.push_back({static_cast<verify::LivenessCell::Why>(cell.why), cell.parent, cell.what, cell.groups});
  out.cell_of = product.cell_of_each();
  return out;
}

verify::StateSet states_of(const Graph& graph) {
  const ReachedStates packed = graph.packed();
  verify::StateSet out{packed.words, {}, packed.pieces};
  for (const ReachedStates::Place& place : packed.places) out.places.push_back({place.word, place.shift});
  return out;
}

}  // namespace hotproof::checker::liveness
