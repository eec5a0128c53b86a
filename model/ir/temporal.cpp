#include "model/ir/temporal.hpp"

#include <algorithm>
#include <set>

namespace hotproof::ir {

namespace {

// The subformulas, operands before their users.
std::vector<FormulaId> below(const FormulaPool& pool, FormulaId root) {
  std::set<FormulaId> seen;
  std::vector<FormulaId> open{root};
  while (!open.empty()) {
    const FormulaId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const FormulaNode& node = pool[id];
    if (node.op >= Temporal::not_) open.push_back(node.left);
    if (node.op == Temporal::and_ || node.op == Temporal::or_ || node.op >= Temporal::until) open.push_back(node.right);
  }
  return {seen.begin(), seen.end()};
}

bool is_temporal(const FormulaNode& node) {
  return node.op >= Temporal::next;
}

}  // namespace

FormulaPool::FormulaPool() {
  intern({Temporal::truth, {}, {}, 0});
  intern({Temporal::falsity, {}, {}, 0});
}

FormulaId FormulaPool::intern(const FormulaNode& node) {
  const auto [entry, fresh] = known_.try_emplace(node, static_cast<FormulaId>(nodes_.size()));
  if (fresh) nodes_.push_back(node);
  return entry->second;
}

FormulaId FormulaPool::atom(std::uint32_t number) {
  return intern({Temporal::atom, {}, {}, number});
}

FormulaId FormulaPool::not_(FormulaId a) {
  const FormulaNode node = (*this)[a];
  if (node.op == Temporal::truth || node.op == Temporal::falsity) return truth(node.op == Temporal::falsity);
  if (node.op == Temporal::not_) return node.left;
  return intern({Temporal::not_, a, {}, 0});
}

FormulaId FormulaPool::and_(FormulaId a, FormulaId b) {
  if (a == truth(false) || b == truth(false)) return truth(false);
  if (a == truth(true) || a == b) return b;
  if (b == truth(true)) return a;
  return intern({Temporal::and_, std::min(a, b), std::max(a, b), 0});
}

FormulaId FormulaPool::or_(FormulaId a, FormulaId b) {
  if (a == truth(true) || b == truth(true)) return truth(true);
  if (a == truth(false) || a == b) return b;
  if (b == truth(false)) return a;
  return intern({Temporal::or_, std::min(a, b), std::max(a, b), 0});
}

FormulaId FormulaPool::next(FormulaId a) {
  if (a == truth(true) || a == truth(false)) return a;
  return intern({Temporal::next, a, {}, 0});
}

FormulaId FormulaPool::until(FormulaId a, FormulaId b) {
  if (b == truth(true) || b == truth(false) || a == truth(false) || a == b) return b;
  return intern({Temporal::until, a, b, 0});
}

FormulaId FormulaPool::release(FormulaId a, FormulaId b) {
  if (b == truth(true) || b == truth(false) || a == truth(true) || a == b) return b;
  return intern({Temporal::release, a, b, 0});
}

FormulaId negation_normal(FormulaPool& pool, FormulaId id, bool negated) {
  const FormulaNode node = pool[id];
  const auto inner = [&](FormulaId operand, bool negate) { return negation_normal(pool, operand, negate); };
  switch (node.op) {
    case Temporal::truth:
      return pool.truth(!negated);
    case Temporal::falsity:
      return pool.truth(negated);
    case Temporal::atom:
      return negated ? pool.not_(id) : id;
    case Temporal::not_:
      return inner(node.left, !negated);
    case Temporal::next:
      return pool.next(inner(node.left, negated));
    case Temporal::and_:
    case Temporal::or_: {
      const FormulaId left = inner(node.left, negated);
      const FormulaId right = inner(node.right, negated);
      return (node.op == Temporal::and_) != negated ? pool.and_(left, right) : pool.or_(left, right);
    }
    case Temporal::until:
    case Temporal::release: {
      const FormulaId left = inner(node.left, negated);
      const FormulaId right = inner(node.right, negated);
      return (node.op == Temporal::until) != negated ? pool.until(left, right) : pool.release(left, right);
    }
  }
  return id;
}

namespace {

class Simplifier {
 public:
  explicit Simplifier(FormulaPool& pool) : pool_(pool) {}

  FormulaId operator()(FormulaId id) {
    const auto found = done_.find(id);
    if (found != done_.end()) return found->second;
    const FormulaId out = rewrite(id);
    done_.emplace(id, out);
    return out;
  }

 private:
  bool is(FormulaId id, Temporal op) const { return pool_[id].op == op; }
  bool eventual(FormulaId id) const { return is(id, Temporal::until) && pool_[id].left == pool_.truth(true); }
  bool always(FormulaId id) const { return is(id, Temporal::release) && pool_[id].left == pool_.truth(false); }
  // G F a and F G a: the same at every place of a word.
  bool constant(FormulaId id) const {
    return (eventual(id) && always(pool_[id].right)) || (always(id) && eventual(pool_[id].right));
  }

  FormulaId rewrite(FormulaId id) {
    const FormulaNode node = pool_[id];
    switch (node.op) {
      case Temporal::next:
        return next((*this)(node.left));
      case Temporal::and_:
        return both((*this)(node.left), (*this)(node.right), true);
      case Temporal::or_:
        return both((*this)(node.left), (*this)(node.right), false);
      case Temporal::until:
        return until((*this)(node.left), (*this)(node.right));
      case Temporal::release:
        return release((*this)(node.left), (*this)(node.right));
      default:
        return id;
    }
  }

  FormulaId next(FormulaId a) { return constant(a) ? a : pool_.next(a); }

  FormulaId both(FormulaId a, FormulaId b, bool conjunction) {
    const auto join = [&](FormulaId x, FormulaId y) { return conjunction ? pool_.and_(x, y) : pool_.or_(x, y); };
    if ((is(a, Temporal::atom) || is(b, Temporal::atom)) && pool_.not_(a) == b) return pool_.truth(!conjunction);
    const FormulaNode x = pool_[a];
    const FormulaNode y = pool_[b];
    if (x.op == Temporal::next && y.op == Temporal::next) return pool_.next(join(x.left, y.left));
    // (a U c) & (b U c) = (a & b) U c, (a U b) | (a U c) = a U (b | c), and with R the other way round.
    const Temporal shared_right = conjunction ? Temporal::until : Temporal::release;
    const Temporal shared_left = conjunction ? Temporal::release : Temporal::until;
    if (x.op == shared_right && y.op == shared_right && x.right == y.right)
      return shared_right == Temporal::until ? until(join(x.left, y.left), x.right) : release(join(x.left, y.left), x.right);
    if (x.op == shared_left && y.op == shared_left && x.left == y.left)
      return shared_left == Temporal::until ? until(x.left, join(x.right, y.right)) : release(x.left, join(x.right, y.right));
    return join(a, b);
  }

  FormulaId until(FormulaId a, FormulaId b) {
    if (constant(b) || eventual(b)) return b;  // a U F b = F b
    if (a == pool_.truth(true) && is(b, Temporal::until)) return pool_.until(a, pool_[b].right);  // F (a U b) = F b
    if (is(a, Temporal::next) && is(b, Temporal::next)) return pool_.next(until(pool_[a].left, pool_[b].left));
    if (is(b, Temporal::until) && pool_[b].left == a) return b;  // a U (a U b)
    return pool_.until(a, b);
  }

  FormulaId release(FormulaId a, FormulaId b) {
    if (constant(b) || always(b)) return b;  // a R G b = G b
    if (a == pool_.truth(false) && is(b, Temporal::release)) return pool_.release(a, pool_[b].right);  // G (a R b) = G b
    if (is(a, Temporal::next) && is(b, Temporal::next)) return pool_.next(release(pool_[a].left, pool_[b].left));
    if (is(b, Temporal::release) && pool_[b].left == a) return b;
    return pool_.release(a, b);
  }

  FormulaPool& pool_;
  std::map<FormulaId, FormulaId> done_;
};

}  // namespace

FormulaId simplified(FormulaPool& pool, FormulaId id) {
  for (;;) {
    const FormulaId out = Simplifier(pool)(id);
    if (out == id) return out;
    id = out;
  }
}

bool is_stutter_insensitive(const FormulaPool& pool, FormulaId id) {
  const auto all = below(pool, id);
  return std::none_of(all.begin(), all.end(), [&](FormulaId one) { return pool[one].op == Temporal::next; });
}

std::size_t temporal_operators(const FormulaPool& pool, FormulaId id) {
  const auto all = below(pool, id);
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](FormulaId one) { return is_temporal(pool[one]); }));
}

std::vector<std::uint32_t> atoms(const FormulaPool& pool, FormulaId id) {
  std::set<std::uint32_t> out;
  for (const FormulaId one : below(pool, id))
    if (pool[one].op == Temporal::atom) out.insert(pool[one].atom);
  return {out.begin(), out.end()};
}

std::string to_string(const FormulaPool& pool, FormulaId id, const std::function<std::string(std::uint32_t)>& atom) {
  const FormulaNode& node = pool[id];
  const auto of = [&](FormulaId operand) { return to_string(pool, operand, atom); };
  switch (node.op) {
    case Temporal::truth:
      return "true";
    case Temporal::falsity:
      return "false";
    case Temporal::atom:
      return atom(node.atom);
    case Temporal::not_:
      return "!" + of(node.left);
    case Temporal::next:
      return "X " + of(node.left);
    case Temporal::and_:
      return "(" + of(node.left) + " && " + of(node.right) + ")";
    case Temporal::or_:
      return "(" + of(node.left) + " || " + of(node.right) + ")";
    case Temporal::until:
      if (node.left == pool.truth(true)) return "F " + of(node.right);
      return "(" + of(node.left) + " U " + of(node.right) + ")";
    case Temporal::release:
      if (node.left == pool.truth(false)) return "G " + of(node.right);
      return "(" + of(node.left) + " R " + of(node.right) + ")";
  }
  return "";
}

bool holds(const FormulaPool& pool, FormulaId id, std::size_t length, std::size_t loop,
           const std::function<bool(std::size_t position, std::uint32_t atom)>& letter) {
  std::map<FormulaId, std::vector<bool>> values;
  const auto after = [&](std::size_t at) { return at + 1 < length ? at + 1 : loop; };
  for (const FormulaId one : below(pool, id)) {
    const FormulaNode& node = pool[one];
    // The least fixed point starts at false, the greatest at true.
    std::vector<bool> here(length, node.op == Temporal::release);
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t at = length; at-- > 0;) {
        const auto left = [&] { return static_cast<bool>(values[node.left][at]); };
        const auto right = [&] { return static_cast<bool>(values[node.right][at]); };
        bool now = false;
        switch (node.op) {
          case Temporal::truth:
            now = true;
            break;
          case Temporal::falsity:
            break;
          case Temporal::atom:
            now = letter(at, node.atom);
            break;
          case Temporal::not_:
            now = !left();
            break;
          case Temporal::and_:
            now = left() && right();
            break;
          case Temporal::or_:
            now = left() || right();
            break;
          case Temporal::next:
            now = values[node.left][after(at)];
            break;
          case Temporal::until:
            now = right() || (left() && here[after(at)]);
            break;
          case Temporal::release:
            now = right() && (left() || here[after(at)]);
            break;
        }
        changed |= now != here[at];
        here[at] = now;
      }
    }
    values[one] = std::move(here);
  }
  return values[id][0];
}

}  // namespace hotproof::ir
