// Linear temporal logic over numbered atoms, and questions in it about a transition system.
//
// A word is an endless sequence of letters; a letter says of each atom whether it is true. The word of a run has a letter
// for each step: atoms of states are judged in the state before the step, atoms of events at the step, as everywhere. A
// run that ends has, from there on, the letter of its last state for ever, with no event in it.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::ir {

enum class FormulaId : std::uint32_t {};

// F a is `true U a`, G a is `false R a`, a W b is `b R (a | b)`; a R b: b up to and with the first a, or for ever.
enum class Temporal : std::uint8_t { truth, falsity, atom, not_, and_, or_, next, until, release };

struct FormulaNode {
  Temporal op = Temporal::truth;
  FormulaId left{};        // not, next: the operand
  FormulaId right{};
  std::uint32_t atom = 0;
  friend auto operator<=>(const FormulaNode&, const FormulaNode&) = default;
};

// Owns formulas: equal ids mean equal formulas, operands have smaller ids than their users. Builders fold constants
// (true & a, X true, a U false, …) and a & a, and nothing else.
class FormulaPool {
 public:
  FormulaPool();
  FormulaId truth(bool value) const { return static_cast<FormulaId>(value ? 0 : 1); }
  FormulaId atom(std::uint32_t number);
  FormulaId not_(FormulaId a);
  FormulaId and_(FormulaId a, FormulaId b);
  FormulaId or_(FormulaId a, FormulaId b);
  FormulaId next(FormulaId a);
  FormulaId until(FormulaId a, FormulaId b);
  FormulaId release(FormulaId a, FormulaId b);
  FormulaId eventually(FormulaId a) { return until(truth(true), a); }
  FormulaId always(FormulaId a) { return release(truth(false), a); }
  FormulaId weak_until(FormulaId a, FormulaId b) { return release(b, or_(a, b)); }
  FormulaId implies(FormulaId a, FormulaId b) { return or_(not_(a), b); }

  const FormulaNode& operator[](FormulaId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return nodes_.size(); }

 private:
  FormulaId intern(const FormulaNode& node);
  std::vector<FormulaNode> nodes_;
  std::map<FormulaNode, FormulaId> known_;
};

// The formula, or its negation, with `not` at atoms only.
FormulaId negation_normal(FormulaPool& pool, FormulaId id, bool negated);
// An equal formula that is no larger: F F a = F a, G G a = G a, F G F a = G F a, X a & X b = X (a & b), and the like
// (Somenzi and Bloem, Efficient Büchi automata from LTL formulae, CAV 2000, section 3; Etessami and Holzmann, Optimizing
// Büchi automata, CONCUR 2000). Wants and gives negation normal form.
FormulaId simplified(FormulaPool& pool, FormulaId id);
// No X in it: stuttering does not change it (Lamport 1983).
bool is_stutter_insensitive(const FormulaPool& pool, FormulaId id);
// How many different subformulas are temporal: next, until, release.
std::size_t temporal_operators(const FormulaPool& pool, FormulaId id);
// Atoms that occur, ascending.
std::vector<std::uint32_t> atoms(const FormulaPool& pool, FormulaId id);
std::string to_string(const FormulaPool& pool, FormulaId id, const std::function<std::string(std::uint32_t)>& atom);

// Whether the formula is true of the word letters[0] … letters[n-1] letters[loop] … letters[n-1] letters[loop] …, by its
// meaning and nothing else: each subformula at each place, least and greatest fixed points by iteration. 0 <= loop < n.
bool holds(const FormulaPool& pool, FormulaId id, std::size_t length, std::size_t loop,
           const std::function<bool(std::size_t position, std::uint32_t atom)>& letter);

// An atom of a question is an invariant of its system (true in the states where that holds) or a mark (true of the steps
// that hit it).
struct TemporalAtom {
  bool is_event = false;
  PropertyId state{};
  MarkId event{};
  std::string text;  // as written
};

// What is taken for granted of all runs besides weak fairness of every actor.
struct Assumptions {
  bool locks = false;    // who waits for a lock that is free again and again gets it; so does who tries again and again
  bool choices = false;  // where an actor chooses freely again and again, it takes each way again and again
};

struct TemporalInstance {
  std::string name;  // "a = 0, b = 1"; may be empty
  FormulaId formula{};
};

// Each instance must hold of every fair run.
struct TemporalProperty {
  std::string id;
  std::string says;
  std::string origin;
  Confidence confidence = Confidence::high;
  Assumptions assumptions;
  std::vector<TemporalInstance> instances;
  std::vector<MarkId> triggers;
};

// The system's own properties are the atoms of states, its marks those of events and triggers; it has no others.
struct TemporalQuestion {
  TransitionSystem system;
  FormulaPool formulas;
  std::vector<TemporalAtom> atoms;  // by number
  std::vector<TemporalProperty> properties;
};

}  // namespace hotproof::ir
