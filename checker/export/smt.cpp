// Every variable is a bit vector. Parts that an expression uses more than once are bound by `let`, innermost last.
#include <bit>
#include <map>
#include <set>

#include "checker/export/export.hpp"
#include "checker/export/names.hpp"
#include "checker/export/state_properties.hpp"

namespace hotproof::checker::exports {

namespace {

using ir::ExprId;
using ir::Node;
using ir::Op;

std::string bits(std::uint64_t value, int width) {
  return "(_ bv" + std::to_string(value) + " " + std::to_string(width) + ")";
}

std::string sort(int width) {
  return "(_ BitVec " + std::to_string(width) + ")";
}

const char* operator_of(Op op) {
  switch (op) {
    case Op::not_: return "bvnot";
    case Op::neg: return "bvneg";
    case Op::add: return "bvadd";
    case Op::sub: return "bvsub";
    case Op::mul: return "bvmul";
    case Op::udiv: return "bvudiv";
    case Op::sdiv: return "bvsdiv";
    case Op::urem: return "bvurem";
    case Op::srem: return "bvsrem";
    case Op::and_: return "bvand";
    case Op::or_: return "bvor";
    case Op::xor_: return "bvxor";
    case Op::shl: return "bvshl";
    case Op::lshr: return "bvlshr";
    case Op::ashr: return "bvashr";
    case Op::ult: return "bvult";
    case Op::ule: return "bvule";
    case Op::slt: return "bvslt";
    case Op::sle: return "bvsle";
    default: return "=";
  }
}

// Formulas (Bool) and bit vectors are two sorts: a part of 1 bit is written as a formula.
class SmtTerms {
 public:
  SmtTerms(const ir::ExprPool& pool, std::vector<std::string> names) : pool_(pool), names_(std::move(names)) {}

  // The expression with its shared parts bound around it; a formula if it has 1 bit.
  std::string bound(ExprId expr) const { return with_lets(expr, text(expr, shared_below(expr))); }
  std::string bit_vector(ExprId expr) const { return with_lets(expr, vector_text(expr, shared_below(expr))); }
  const std::string& name(ir::VarId id) const { return names_[ir::index(id)]; }

 private:
  using Shared = std::set<ExprId>;

  // Parts that are no leaves and are used more than once.
  Shared shared_below(ExprId expr) const {
    std::map<ExprId, int> uses;
    for (const ExprId id : pool_.below(expr))
      for (int i = 0; i < ir::arity(pool_[id].op); ++i) ++uses[pool_[id].args[i]];
    Shared out;
    for (const auto& [id, count] : uses)
      if (count > 1 && ir::arity(pool_[id].op) > 0) out.insert(id);
    return out;
  }

  // Operands have smaller ids than their users.
  std::string with_lets(ExprId expr, const std::string& body) const {
    const Shared shared = shared_below(expr);
    std::string open, close;
    Shared known;
    for (const ExprId id : shared) {
      open += "(let ((" + let_name(id) + " " + text(id, known) + ")) ";
      close += ")";
      known.insert(id);
    }
    return open + body + close;
  }

  static std::string let_name(ExprId id) { return "e" + std::to_string(static_cast<std::size_t>(id)); }

  std::string text(ExprId id, const Shared& known) const {
    const Node& node = pool_[id];
    if (known.contains(id)) return let_name(id);
    if (node.op == Op::constant) return node.width == 1 ? (node.value != 0 ? "true" : "false") : bits(node.value, node.width);
    if (node.op == Op::variable) {
      const std::string& name = names_[node.value];
      return node.width == 1 ? "(= " + name + " #b1)" : name;
    }
    return made(node, known);
  }

  std::string vector_text(ExprId id, const Shared& known) const {
    const Node& node = pool_[id];
    if (node.width > 1) return text(id, known);
    if (node.op == Op::variable) return names_[node.value];
    if (node.op == Op::constant) return node.value != 0 ? "#b1" : "#b0";
    return "(ite " + text(id, known) + " #b1 #b0)";
  }

  std::string made(const Node& node, const Shared& known) const {
    const int from = pool_[node.args[0]].width;
    std::string args;
    switch (node.op) {
      case Op::zext:
      case Op::sext:
        return std::string("((_ ") + (node.op == Op::zext ? "zero" : "sign") + "_extend " + std::to_string(node.width - from) + ") " +
               vector_text(node.args[0], known) + ")";
      case Op::trunc: {
        const std::string low = "((_ extract " + std::to_string(node.width - 1) + " 0) " + vector_text(node.args[0], known) + ")";
        return node.width == 1 ? "(= " + low + " #b1)" : low;
      }
      case Op::ite:
        return "(ite " + text(node.args[0], known) + " " + text(node.args[1], known) + " " + text(node.args[2], known) + ")";
      default:
        break;
    }
    if (from == 1) {
      const char* logical = node.op == Op::and_ ? "and" : node.op == Op::or_ ? "or" : node.op == Op::not_ ? "not" : node.op == Op::xor_ ? "xor" : node.op == Op::eq ? "=" : nullptr;
      if (logical != nullptr) {
        for (int i = 0; i < ir::arity(node.op); ++i) args += " " + text(node.args[i], known);
        return std::string("(") + logical + args + ")";
      }
    }
    for (int i = 0; i < ir::arity(node.op); ++i) args += " " + vector_text(node.args[i], known);
    const std::string term = std::string("(") + operator_of(node.op) + args + ")";
    const bool is_vector = node.width == 1 && node.op < Op::eq;
    return is_vector ? "(= " + term + " #b1)" : term;
  }

  const ir::ExprPool& pool_;
  std::vector<std::string> names_;
};

class SmtWriter {
 public:
  SmtWriter(const ir::TransitionSystem& system, std::map<std::size_t, ExprId> holds)
      : system_(system), holds_(std::move(holds)), terms_(system.pool, names(system)),
        selector_width_(std::max(1, static_cast<int>(std::bit_width(system.transitions.size())))) {}

  std::string write() const {
    std::string out = head();
    out += define("init", state(), initial());
    for (std::size_t t = 0; t < system_.transitions.size(); ++t)
      out += define("enabled" + std::to_string(t), state(), enabled(t), plain(actor(t).name + ": " + system_.transitions[t].text));
    out += define("trans", state() + " (fired " + sort(selector_width_) + ") " + state(".next"), step());
    for (std::size_t i = 0; i < system_.properties.size(); ++i) out += property(i);
    return out;
  }

 private:
  static std::vector<std::string> names(const ir::TransitionSystem& system) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < system.variables.size(); ++i) out.push_back(identifier("v", i, system.variables[i].name));
    return out;
  }

  const ir::Actor& actor(std::size_t t) const { return system_.actors[ir::index(system_.transitions[t].actor)]; }

  std::string head() const {
    std::string out = "; " + plain(system_.name) + ", as hotproof exports it: functions over one state (its variables, in this order),\n"
                      "; over the number of the transition that fires, and over the next state. Assert them for as many states as you like.\n;\n";
    for (std::size_t i = 0; i < system_.variables.size(); ++i)
      out += "; " + terms_.name(static_cast<ir::VarId>(i)) + " " + sort(system_.variables[i].width) + " " + plain(system_.variables[i].name) + "\n";
    return out + "\n(set-logic QF_BV)\n\n";
  }

  std::string state(const char* suffix = "") const {
    std::string out;
    for (std::size_t i = 0; i < system_.variables.size(); ++i)
      out += (i == 0 ? "(" : " (") + terms_.name(static_cast<ir::VarId>(i)) + suffix + " " + sort(system_.variables[i].width) + ")";
    return out;
  }
  // The variables as arguments.
  std::string here() const {
    std::string out;
    for (std::size_t i = 0; i < system_.variables.size(); ++i) out += " " + terms_.name(static_cast<ir::VarId>(i));
    return out;
  }

  static std::string define(const std::string& name, const std::string& parameters, const std::string& body, const std::string& remark = "") {
    return (remark.empty() ? "" : "; " + remark + "\n") + "(define-fun " + name + " (" + parameters + ") Bool\n  " + body + ")\n\n";
  }

  std::string initial() const {
    std::string out = "(and";
    for (std::size_t i = 0; i < system_.variables.size(); ++i) {
      const ir::Variable& variable = system_.variables[i];
      const std::string& name = terms_.name(static_cast<ir::VarId>(i));
      if (variable.role == ir::Role::control) continue;
      if (!variable.free_initially) {
        out += " (= " + name + " " + bits(variable.initial, variable.width) + ")";
      } else if (variable.low != 0 || variable.high != 0) {
        const std::string at_most = variable.is_signed ? " (bvsle " : " (bvule ";
        out += at_most + bits(variable.low, variable.width) + " " + name + ")" + at_most + name + " " + bits(variable.high, variable.width) + ")";
      }
    }
    for (const ir::Actor& one : system_.actors)
      out += " (= " + terms_.name(one.control) + " " + bits(one.initial, system_[one.control].width) + ")";
    return out + " " + terms_.bound(system_.initial_condition) + ")";
  }

  std::string enabled(std::size_t t) const {
    const ir::Transition& transition = system_.transitions[t];
    const ir::VarId control = actor(t).control;
    return "(and (= " + terms_.name(control) + " " + bits(transition.from, system_[control].width) + ") " + terms_.bound(transition.guard) + ")";
  }

  std::string fires(std::size_t t) const { return "(= fired " + bits(t, selector_width_) + ")"; }

  // `fired` chooses what each variable becomes.
  std::string step() const {
    std::vector<std::map<std::string, std::vector<std::size_t>>> becomes(system_.variables.size());
    for (std::size_t t = 0; t < system_.transitions.size(); ++t) {
      const ir::Transition& transition = system_.transitions[t];
      for (const ir::Update& update : transition.updates) becomes[ir::index(update.var)][terms_.bit_vector(update.value)].push_back(t);
      const ir::VarId control = actor(t).control;
      becomes[ir::index(control)][bits(transition.to, system_[control].width)].push_back(t);
    }
    std::string out = "(and (or false false";
    for (std::size_t t = 0; t < system_.transitions.size(); ++t)
      out += "\n    (and " + fires(t) + " (enabled" + std::to_string(t) + here() + "))";
    out += ")";
    for (std::size_t i = 0; i < becomes.size(); ++i) {
      const std::string& name = terms_.name(static_cast<ir::VarId>(i));
      std::string value, close;
      for (const auto& [text, transitions] : becomes[i]) {
        value += "(ite (or false false";
        for (const std::size_t t : transitions) value += " " + fires(t);
        value += ") " + text + " ";
        close += ")";
      }
      out += "\n    (= " + name + ".next " + value + name + close + ")";
    }
    return out + ")";
  }

  std::string property(std::size_t i) const {
    const ir::Property& property = system_.properties[i];
    const std::string remark = plain(property.id + ": " + property.says);
    const std::string number = std::to_string(i);
    if (const auto holds = holds_.find(i); holds != holds_.end())
      return define("bad" + number, state(), "(not " + terms_.bound(holds->second) + ")", remark);
    const bool cover = property.kind == ir::PropertyKind::cover;
    std::string out = "(or false false";
    for (std::size_t t = 0; t < system_.transitions.size(); ++t) {
      const ir::Transition& transition = system_.transitions[t];
      std::string what;
      for (const ir::Hit& hit : transition.hits)
        if (cover && hit.mark == property.mark) what += " " + terms_.bound(hit.when);
      for (const ir::Assertion& assertion : transition.assertions)
        if (!cover && ir::index(assertion.property) == i) what += " (not " + terms_.bound(assertion.holds) + ")";
      if (!what.empty()) out += "\n    (and (enabled" + std::to_string(t) + here() + ") (or false false" + what + "))";
    }
    return define((cover ? "reached" : "bad") + number, state(), out + ")", remark);
  }

  const ir::TransitionSystem& system_;
  std::map<std::size_t, ExprId> holds_;
  SmtTerms terms_;
  int selector_width_;
};

}  // namespace

Outcome<std::string> smt_lib(const ir::TransitionSystem& original, const Request&) {
  ir::TransitionSystem system = original;
  auto holds = state_properties(system);
  return SmtWriter(system, std::move(holds)).write();
}

}  // namespace hotproof::checker::exports
