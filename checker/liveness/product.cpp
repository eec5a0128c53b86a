#include "checker/liveness/product.hpp"

#include <algorithm>
#include <chrono>

#include "checker/liveness/lasso.hpp"

namespace hotproof::checker::liveness {

namespace {

constexpr NodeId none = ~NodeId{0};
constexpr std::size_t most_nodes = std::size_t{1} << 31U;
constexpr std::size_t nodes_between_polls = 4096;

}  // namespace

Product::Product(const Graph& graph, const Automaton& automaton, const Fairness& fairness, const Options& options)
    : graph_(graph),
      automaton_(automaton),
      fairness_(fairness),
      letters_(graph.letters()),
      opened_(fairness.groups, 0),
      taken_(fairness.groups, 0) {
  for (std::size_t state = 0; state < automaton.states(); ++state) {
    for (std::uint32_t letter = 0; letter < letters_; ++letter) {
      std::uint64_t is = 0;
      for (std::size_t i = 0; i < automaton.atoms.size(); ++i)
        is |= std::uint64_t{graph.is_true(letter, automaton.atoms[i])} << i;
      moves_.emplace_back();
      for (const Automaton::Move& move : automaton.moves[state])
        if ((move.yes & ~is) == 0 && (move.no & is) == 0) moves_.back().push_back(move);
    }
  }
  explore(options);
}

NodeId Product::meet(Vertex vertex, std::uint32_t state, NodeId parent) {
  NodeId& number = number_[std::size_t{vertex} * automaton_.states() + state];
  if (number == none) {
    number = static_cast<NodeId>(nodes_.size());
    nodes_.push_back({vertex, state, parent == none ? number : parent});
  }
  return number;
}

void Product::explore(const Options& options) {
  const std::size_t size = std::size_t{graph_.vertices()} * automaton_.states();
  const auto too_many = [&] {
    const std::size_t bytes = graph_.bytes() + size * sizeof(NodeId) + nodes_.capacity() * (sizeof(Node) + 16);
    return size >= most_nodes || (options.limits.bytes > 0 && bytes > options.limits.bytes);
  };
  if (too_many()) {
    stopped_by_ = "memory limit";
    return;
  }
  const auto start = std::chrono::steady_clock::now();
  number_.assign(size, none);
  for (std::uint32_t state = 0; state < graph_.initial_states(); ++state) meet(state, 0, none);
  for (NodeId id = 0; id < nodes_.size() && complete(); ++id) {
    const Node node = nodes_[id];
    graph_.each_step(node.vertex, [&](const Step& step) {
      for (const Automaton::Move& move : moves_[node.state * letters_ + step.letter]) meet(step.to, move.to, id);
    });
    if (id % nodes_between_polls != 0) continue;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (options.interrupted != nullptr && *options.interrupted) stopped_by_ = "interrupted";
    if (options.limits.seconds > 0 && seconds > options.limits.seconds) stopped_by_ = "time limit";
    if (too_many()) stopped_by_ = "memory limit";
  }
}

std::vector<std::vector<std::uint32_t>> Product::automaton_components() const {
  std::vector<std::vector<std::uint32_t>> out;
  strong_components(
      static_cast<std::uint32_t>(automaton_.states()),
      [&](std::uint32_t state, auto&& tell) {
        for (const Automaton::Move& move : automaton_.moves[state]) tell(move.to);
      },
      [&](std::vector<std::uint32_t> members) { out.push_back(std::move(members)); });
  return out;
}

std::optional<Lasso> Product::find() {
  if (!complete()) return {};
  cell_.assign(nodes_.size(), Cell::root);
  part_.assign(nodes_.size(), 0);
  std::vector<std::size_t> component_of(automaton_.states());
  const auto components = automaton_components();
  for (std::size_t c = 0; c < components.size(); ++c)
    for (const std::uint32_t state : components[c]) component_of[state] = c;
  std::vector<Region> regions(components.size());
  for (NodeId id = 0; id < nodes_.size(); ++id) regions[component_of[nodes_[id].state]].nodes.push_back(id);
  const std::uint64_t all =
      automaton_.acceptance_sets == 0 ? 0 : ~std::uint64_t{0} >> (64 - automaton_.acceptance_sets);
  for (std::size_t c = 0; c < components.size(); ++c) {
    // Where the automaton itself cannot accept, the system need not be looked at.
    std::uint64_t accepts = 0;
    bool stays = false;
    for (const std::uint32_t state : components[c]) {
      for (const Automaton::Move& move : automaton_.moves[state]) {
        if (component_of[move.to] != c) continue;
        accepts |= move.accepts;
        stays = true;
      }
    }
    if (!stays) {
      new_cell({Cell::Why::no_step, Cell::root, 0, {}}, regions[c].nodes);
    } else if (accepts != all) {
      new_cell({Cell::Why::not_accepted, Cell::root, static_cast<std::uint32_t>(__builtin_ctzll(all & ~accepts)), {}},
               regions[c].nodes);
    } else {
      open_.push_back(std::move(regions[c]));
      while (!open_.empty()) {
        const Region region = std::move(open_.back());
        open_.pop_back();
        split(region);
      }
    }
  }
  if (fair_.empty()) return {};
  return LassoBuilder(*this, fair_).build();
}

void Product::split(const Region& region) {
  std::vector<NodeId> local(region.nodes.size());
  for (std::uint32_t i = 0; i < region.nodes.size(); ++i) part_[region.nodes[i]] = i;
  // number in the region, checked by what stands there
  const auto place = [&](NodeId id) {
    const std::uint32_t i = part_[id];
    return i < region.nodes.size() && region.nodes[i] == id ? i : none;
  };
  std::vector<std::vector<NodeId>> parts;
  strong_components(
      static_cast<std::uint32_t>(region.nodes.size()),
      [&](std::uint32_t i, auto&& tell) {
        each_step(region.nodes[i], [&](NodeId to, const Step&, std::uint64_t) {
          if (const std::uint32_t j = place(to); j != none) tell(j);
        });
      },
      [&](std::vector<std::uint32_t> members) {
        for (std::uint32_t& member : members) member = region.nodes[member];
        parts.push_back(std::move(members));
      });
  for (const NodeId id : region.nodes) part_[id] = 0;
  for (std::vector<NodeId>& part : parts) judge(std::move(part), region.cell);
}

std::uint32_t Product::new_cell(Cell cell, const std::vector<NodeId>& part) {
  const auto number = static_cast<std::uint32_t>(cells_.size());
  cells_.push_back(std::move(cell));
  for (const NodeId id : part) cell_[id] = number;
  return number;
}

Product::Facts Product::facts(const std::vector<NodeId>& part) {
  Facts out;
  const std::uint32_t mine = ++components_;
  for (const NodeId id : part) part_[id] = mine;
  std::vector<std::uint32_t> open;
  for (const NodeId id : part) {
    out.must &= graph_.must_move(nodes_[id].vertex);
    graph_.each_step(nodes_[id].vertex, [&](const Step& step) {
      if (step.transition == no_transition) return;
      const std::uint32_t group = fairness_.group[step.transition];
      if (group == Fairness::none || opened_[group] == mine) return;
      opened_[group] = mine;
      open.push_back(group);
    });
    each_step(id, [&](NodeId to, const Step& step, std::uint64_t accepts) {
      if (part_[to] != mine) return;
      out.has_step = true;
      out.accepts |= accepts;
      if (step.transition == no_transition) return;
      out.moves |= std::uint64_t{1} << ir::index(graph_.question().system.transitions[step.transition].actor);
      if (const std::uint32_t group = fairness_.group[step.transition]; group != Fairness::none) taken_[group] = mine;
    });
  }
  for (const std::uint32_t group : open)
    if (taken_[group] != mine) out.starved.push_back(group);
  return out;
}

bool Product::is_open(NodeId id, const std::vector<std::uint32_t>& groups) const {
  bool out = false;
  graph_.each_step(nodes_[id].vertex, [&](const Step& step) {
    out |= step.transition != no_transition &&
           std::find(groups.begin(), groups.end(), fairness_.group[step.transition]) != groups.end();
  });
  return out;
}

void Product::judge(std::vector<NodeId> part, std::uint32_t parent) {
  const Facts has = facts(part);
  const std::uint64_t all =
      automaton_.acceptance_sets == 0 ? 0 : ~std::uint64_t{0} >> (64 - automaton_.acceptance_sets);
  const auto first = [](std::uint64_t bits) { return static_cast<std::uint32_t>(__builtin_ctzll(bits)); };
  if (!has.has_step) {
    new_cell({Cell::Why::no_step, parent, 0, {}}, part);
  } else if ((all & ~has.accepts) != 0) {
    new_cell({Cell::Why::not_accepted, parent, first(all & ~has.accepts), {}}, part);
  } else if ((has.must & ~has.moves) != 0) {
    new_cell({Cell::Why::unfair, parent, first(has.must & ~has.moves), {}}, part);
  } else if (!has.starved.empty()) {
    const std::uint32_t cell = new_cell({Cell::Why::starved, parent, 0, has.starved}, part);
    Region rest{{}, cell};
    for (const NodeId id : part)
      if (!is_open(id, has.starved)) rest.nodes.push_back(id);
    if (!rest.nodes.empty()) open_.push_back(std::move(rest));
  } else {
    const auto earliest = [](const std::vector<NodeId>& nodes) { return *std::min_element(nodes.begin(), nodes.end()); };
    if (fair_.empty() || earliest(part) < earliest(fair_)) fair_ = std::move(part);
  }
}

std::vector<std::uint32_t> Product::cell_of_each() const {
  std::vector<std::uint32_t> out(number_.size(), unreached);
  for (std::size_t i = 0; i < number_.size(); ++i)
    if (number_[i] != none) out[i] = cell_.empty() ? 0 : cell_[number_[i]];
  return out;
}

}  // namespace hotproof::checker::liveness
