#include "checker/orders/constraints.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/topological_sort.hpp>
#include <boost/graph/transitive_reduction.hpp>
#include <boost/property_map/property_map.hpp>

namespace hotproof::orders {

namespace {

// A set of sets, as bits: the families that a thing, or the absence of a thing, cuts out are joined word by word.
using Words = std::vector<std::uint64_t>;

class ConstraintFinder {
 public:
  explicit ConstraintFinder(const Family& family) : family_(family), live_(words()), in_(family.things(), words()), out_(in_) {
    for (Set set = 0; set <= family.all(); ++set) {
      const std::uint64_t bit = std::uint64_t{1} << set % 64;
      if (family.live(set)) live_[set / 64] |= bit;
      for (unsigned thing = 0; thing < family.things(); ++thing) {
        (has(set, thing) ? in_ : out_)[thing][set / 64] |= bit;
      }
    }
  }

  // Minimal constraints by their size: those of k things are looked for once those of fewer are known.
  std::vector<Constraint> minimal() {
    for (unsigned size = 2; size <= Constraints::most_together && size <= family_.things(); ++size) {
      grow({}, live_, 0, size);
      found_.insert(found_.end(), fresh_.begin(), fresh_.end());
      fresh_.clear();
    }
    return std::move(found_);
  }

 private:
  Words words() const { return Words((std::size_t{family_.all()} + 64) / 64); }

  static bool empty(const Words& words) {
    return std::all_of(words.begin(), words.end(), [](std::uint64_t word) { return word == 0; });
  }

  static Words meet(const Words& a, const Words& b) {
    Words out(a.size());
    std::transform(a.begin(), a.end(), b.begin(), out.begin(), [](std::uint64_t x, std::uint64_t y) { return x & y; });
    return out;
  }

  // `left`: the live sets that have all of `so_far.once` and none of `so_far.some`.
  void grow(const Constraint& so_far, const Words& left, unsigned from, unsigned more) {
    if (more == 0) {
      if (empty(left) && !has_smaller(so_far)) fresh_.push_back(so_far);
      return;
    }
    for (unsigned thing = from; thing + more <= family_.things(); ++thing) {
      grow({with(so_far.once, thing), so_far.some}, meet(left, in_[thing]), thing + 1, more - 1);
      grow({so_far.once, with(so_far.some, thing)}, meet(left, out_[thing]), thing + 1, more - 1);
    }
  }

  bool has_smaller(const Constraint& constraint) const {
    return std::any_of(found_.begin(), found_.end(), [&constraint](const Constraint& small) {
      return (small.once & ~constraint.once) == 0 && (small.some & ~constraint.some) == 0;
    });
  }

  const Family& family_;
  Words live_;
  std::vector<Words> in_;   // by thing: the sets that have it
  std::vector<Words> out_;  // by thing: the sets that have it not
  std::vector<Constraint> found_;
  std::vector<Constraint> fresh_;
};

bool forbidden(const std::vector<Constraint>& constraints, Set set) {
  return std::any_of(constraints.begin(), constraints.end(),
                     [set](const Constraint& constraint) { return constraint.forbids(set); });
}

// Takes out, the largest first, what the others say already.
std::vector<Constraint> irredundant(std::vector<Constraint> all, Set everything) {
  for (std::size_t i = all.size(); i-- > 0;) {
    std::vector<Constraint> others = all;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    bool needed = false;
    for (Set set = 0; set <= everything && !needed; ++set) needed = all[i].forbids(set) && !forbidden(others, set);
    if (!needed) all = std::move(others);
  }
  return all;
}

std::vector<unsigned> things_in(Set set) {
  std::vector<unsigned> out;
  for (unsigned thing = 0; thing < 32; ++thing) {
    if (has(set, thing)) out.push_back(thing);
  }
  return out;
}

std::string listed(Set set, const std::vector<std::string>& names, const char* last) {
  const std::vector<unsigned> things = things_in(set);
  std::string out;
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (i > 0) out += i + 1 == things.size() ? std::string(" ") + last + " " : ", ";
    out += names[things[i]];
  }
  return out;
}

unsigned size_of(Set set) {
  return static_cast<unsigned>(__builtin_popcount(set));
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

// Without the edges that follow from others.
Graph hasse(const std::vector<std::pair<unsigned, unsigned>>& precedences, std::size_t things) {
  Graph all(things);
  for (const auto& [before, after] : precedences) boost::add_edge(before, after, all);
  Graph reduced;
  std::vector<Graph::vertex_descriptor> to(things);
  const auto identity = boost::get(boost::vertex_index, all);
  boost::transitive_reduction(all, reduced, boost::make_iterator_property_map(to.begin(), identity), identity);
  // The reduction numbers its vertices anew.
  std::vector<std::size_t> back(things);
  for (std::size_t i = 0; i < things; ++i) back[to[i]] = i;
  Graph out(things);
  for (auto [edge, end] = boost::edges(reduced); edge != end; ++edge) {
    boost::add_edge(back[boost::source(*edge, reduced)], back[boost::target(*edge, reduced)], out);
  }
  return out;
}

}  // namespace

Constraints constraints_of(const Family& family) {
  Constraints out;
  if (family.orders() == 0) return out;
  const std::vector<Constraint> minimal = ConstraintFinder(family).minimal();
  for (const Constraint& constraint : minimal) {
    if (constraint.is_precedence()) {
      out.precedences.emplace_back(things_in(constraint.some).front(), things_in(constraint.once).front());
    }
  }
  std::sort(out.precedences.begin(), out.precedences.end());
  out.needed = irredundant(minimal, family.all());
  std::stable_sort(out.needed.begin(), out.needed.end(), [](const Constraint& a, const Constraint& b) {
    return std::tuple(size_of(a.once | a.some), a.some, a.once) < std::tuple(size_of(b.once | b.some), b.some, b.once);
  });
  out.complete = orders_within(family.things(), out.needed) == family.orders();
  return out;
}

std::uint64_t orders_within(unsigned things, const std::vector<Constraint>& constraints) {
  return Family::explore(
             things,
             [&constraints](Set before, unsigned thing) { return !forbidden(constraints, with(before, thing)); })
      .orders();
}

std::string in_words(const Constraint& constraint, const std::vector<std::string>& names) {
  const unsigned once = size_of(constraint.once);
  const unsigned some = size_of(constraint.some);
  const std::string early = some == 0   ? "nothing"
                            : some == 1 ? listed(constraint.some, names, "and")
                                        : "the first of " + listed(constraint.some, names, "and");
  const std::string late = once == 1   ? listed(constraint.once, names, "and")
                           : once == 2 ? "the later of " + listed(constraint.once, names, "and")
                                       : "the last of " + listed(constraint.once, names, "and");
  return early + " before " + late;
}

std::string dot(const Constraints& constraints, const std::vector<std::string>& names) {
  std::string out = "digraph orders {\n  rankdir=TB;\n  node [shape=box];\n";
  for (std::size_t i = 0; i < names.size(); ++i)
    out += "  p" + std::to_string(i) + " [label=" + quoted(names[i]) + "];\n";
  const Graph graph = hasse(constraints.precedences, names.size());
  for (auto [edge, end] = boost::edges(graph); edge != end; ++edge) {
    out += "  p" + std::to_string(boost::source(*edge, graph)) + " -> p" + std::to_string(boost::target(*edge, graph)) +
           ";\n";
  }
  std::size_t number = 0;
  for (const Constraint& constraint : constraints.needed) {
    if (constraint.is_precedence()) continue;
    const std::string node = "c" + std::to_string(number++);
    out += "  " + node + " [shape=diamond, label=" + quoted(in_words(constraint, names)) + "];\n";
    for (const unsigned thing : things_in(constraint.some)) {
      out += "  p" + std::to_string(thing) + " -> " + node + " [style=dashed];\n";
    }
    for (const unsigned thing : things_in(constraint.once)) {
      out += "  " + node + " -> p" + std::to_string(thing) + " [style=dashed];\n";
    }
  }
  return out + "}\n";
}

}  // namespace hotproof::orders
