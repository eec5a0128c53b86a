#include "checker/liveness/automaton.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hotproof::checker::liveness {

namespace {

using ir::FormulaId;
using ir::Temporal;

constexpr std::size_t most_bits = 64;
constexpr std::size_t most_moves = 20'000;  // of one state, before those are left out that others make superfluous

struct TooLarge {};

// A way to keep what is promised for one step.
struct Way {
  std::uint64_t yes = 0, no = 0;
  std::uint64_t promised = 0;  // for the next step
  std::uint64_t put_off = 0;   // untils
  friend auto operator<=>(const Way&, const Way&) = default;
};

class Translator {
 public:
  Translator(const ir::FormulaPool& pool, FormulaId formula) {
    out_.pool = pool;
    out_.formula = formula;
    for (const std::uint32_t atom : ir::atoms(pool, formula)) out_.atoms.push_back(atom);
    collect(formula);
    if (out_.atoms.size() > most_bits || out_.promises.size() > most_bits) throw TooLarge{};
    out_.acceptance_sets = static_cast<std::uint32_t>(out_.untils.size());
  }

  Automaton run() {
    out_.obligations.push_back(0);
    add_moves({out_.formula});
    for (std::size_t state = 1; state < out_.obligations.size(); ++state) {
      std::vector<FormulaId> promised;
      for (std::size_t i = 0; i < out_.promises.size(); ++i)
        if ((out_.obligations[state] >> i & 1U) != 0) promised.push_back(what(i));
      add_moves(promised);
    }
    return std::move(out_);
  }

 private:
  void collect(FormulaId id) {
    if (!seen_.insert(id).second) return;
    const ir::FormulaNode& node = out_.pool[id];
    if (node.op >= Temporal::and_) collect(node.left);
    if (node.op >= Temporal::and_ && node.op != Temporal::next) collect(node.right);
    if (node.op >= Temporal::next) {
      number_[id] = out_.promises.size();
      out_.promises.push_back(id);
    }
    if (node.op == Temporal::until) {
      until_[id] = out_.untils.size();
      out_.untils.push_back(id);
    }
  }

  FormulaId what(std::size_t promise) const {
    const FormulaId id = out_.promises[promise];
    return out_.pool[id].op == Temporal::next ? out_.pool[id].left : id;
  }
  std::uint64_t promise(FormulaId id) const { return std::uint64_t{1} << number_.at(id); }
  std::uint64_t atom(FormulaId id) const {
    const auto at = std::lower_bound(out_.atoms.begin(), out_.atoms.end(), out_.pool[id].atom);
    return std::uint64_t{1} << static_cast<std::size_t>(at - out_.atoms.begin());
  }

  void add_moves(const std::vector<FormulaId>& formulas) {
    ways_.clear();
    expand(formulas, {});
    std::vector<Automaton::Move> moves;
    const std::uint64_t all = out_.acceptance_sets == 0 ? 0 : ~std::uint64_t{0} >> (most_bits - out_.acceptance_sets);
    for (const Way& way : ways_) {
      if (superfluous(way)) continue;
      moves.push_back({state(way.promised), way.yes, way.no, all & ~way.put_off});
    }
    out_.moves.push_back(std::move(moves));
  }

  // Another way asks less of the letter and of what follows, and puts off less.
  bool superfluous(const Way& way) const {
    const auto within = [](std::uint64_t part, std::uint64_t whole) { return (part & ~whole) == 0; };
    return std::any_of(ways_.begin(), ways_.end(), [&](const Way& other) {
      return other != way && within(other.yes, way.yes) && within(other.no, way.no) &&
             within(other.promised, way.promised) && within(other.put_off, way.put_off);
    });
  }

  std::uint32_t state(std::uint64_t promised) {
    const auto [entry, fresh] = states_.try_emplace(promised, static_cast<std::uint32_t>(out_.obligations.size()));
    if (fresh) {
      if (out_.obligations.size() == most_automaton_states) throw TooLarge{};
      out_.obligations.push_back(promised);
    }
    return entry->second;
  }

  void expand(std::vector<FormulaId> todo, Way way) {
    while (!todo.empty()) {
      const FormulaId id = todo.back();
      const ir::FormulaNode node = out_.pool[id];
      todo.pop_back();
      switch (node.op) {
        case Temporal::truth:
          break;
        case Temporal::falsity:
          return;
        case Temporal::atom:
          way.yes |= atom(id);
          break;
        case Temporal::not_:
          way.no |= atom(node.left);
          break;
        case Temporal::and_:
          todo.insert(todo.end(), {node.left, node.right});
          break;
        case Temporal::or_:
          branch(todo, way, {node.left}, {node.right}, 0, 0);
          return;
        case Temporal::next:
          way.promised |= promise(id);
          break;
        case Temporal::until:
          branch(todo, way, {node.right}, {node.left}, promise(id), std::uint64_t{1} << until_.at(id));
          return;
        case Temporal::release:
          branch(todo, way, {node.left, node.right}, {node.right}, promise(id), 0);
          return;
      }
      if ((way.yes & way.no) != 0) return;
    }
    ways_.insert(way);
    if (ways_.size() > most_moves) throw TooLarge{};
  }

  // Either `now`, or `later` with a promise.
  void branch(const std::vector<FormulaId>& todo, Way way, std::initializer_list<FormulaId> now,
              std::initializer_list<FormulaId> later, std::uint64_t promised, std::uint64_t put_off) {
    std::vector<FormulaId> next = todo;
    next.insert(next.end(), now);
    expand(std::move(next), way);
    next = todo;
    next.insert(next.end(), later);
    way.promised |= promised;
    way.put_off |= put_off;
    expand(std::move(next), way);
  }

  Automaton out_;
  std::set<FormulaId> seen_;
  std::map<FormulaId, std::size_t> number_, until_;
  std::map<std::uint64_t, std::uint32_t> states_;  // by promises; the initial one is none of them
  std::set<Way> ways_;
};

}  // namespace

Outcome<Automaton> translate(const ir::FormulaPool& pool, ir::FormulaId formula) {
  try {
    return Translator(pool, formula).run();
  } catch (const TooLarge&) {
    return failure({}, "formula is too large to be translated into an automaton");
  }
}

}  // namespace hotproof::checker::liveness
