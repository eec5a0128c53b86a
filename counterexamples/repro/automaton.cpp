#include "counterexamples/repro/automaton.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "counterexamples/render/formats/run_view.hpp"
#include "specs/lang/ast.hpp"

namespace hotproof::repro {

namespace {

using spec::Edge;
using spec::EventPattern;
using spec::Expr;
using spec::Pattern;

std::string in_text(const Expr& expr) {
  const auto listed = [&expr](std::size_t from) {
    std::string out;
    for (std::size_t i = from; i < expr.args.size(); ++i) out += (i > from ? ", " : "") + in_text(expr.args[i]);
    return out;
  };
  switch (expr.kind) {
    case Expr::Kind::number:
      return std::to_string(expr.number);
    case Expr::Kind::self:
      return "self";
    case Expr::Kind::word:
    case Expr::Kind::constant:
      return expr.text;
    case Expr::Kind::cell: {
      std::string out = expr.text;
      for (const spec::PathStep& step : expr.path)
        out += step.index < 0 ? "." + step.field : "[" + in_text(expr.args[static_cast<std::size_t>(step.index)]) + "]";
      return out;
    }
    case Expr::Kind::unary:
      return expr.text + in_text(expr.args[0]);
    case Expr::Kind::binary:
      return "(" + in_text(expr.args[0]) + " " + expr.text + " " + in_text(expr.args[1]) + ")";
    case Expr::Kind::choice:
      return "(" + in_text(expr.args[0]) + " ? " + in_text(expr.args[1]) + " : " + in_text(expr.args[2]) + ")";
    case Expr::Kind::member:
      return in_text(expr.args[0]) + " in {" + listed(1) + "}";
    case Expr::Kind::apply:
      return expr.text + "(" + listed(0) + ")";
  }
  return "";
}

std::string in_text(const Pattern& pattern) {
  if (pattern.kind == Pattern::Kind::any) return "_";
  if (pattern.kind == Pattern::Kind::bind) return pattern.name;
  std::string out;
  for (const Expr& value : pattern.values) out += (out.empty() ? "" : " | ") + in_text(value);
  return out;
}

std::string in_text(const Edge& edge) {
  std::string out = edge.event.event;
  for (std::size_t i = 0; i < edge.event.patterns.size(); ++i)
    out += (i == 0 ? "(" : ", ") + in_text(edge.event.patterns[i]);
  if (!edge.event.patterns.empty()) out += ")";
  for (const Expr& when : edge.when) out += " when " + in_text(when);
  return out;
}

// Letters, digits and '_' alone: names become C.
std::string as_name(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool word = std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80;
    if (word)
      out += c;
    else if (!out.empty() && out.back() != '_')
      out += '_';
  }
  while (out.ends_with('_')) out.pop_back();
  return out.substr(0, 60);
}

std::set<std::string> values_of(const Pattern& pattern) {
  std::set<std::string> out;
  for (const Expr& value : pattern.values) out.insert(in_text(value));
  return out;
}

bool is_open(const Pattern& pattern) {
  return pattern.kind == Pattern::Kind::any || pattern.kind == Pattern::Kind::bind;
}

// Whatever fits `narrow` fits `wide`, as far as the texts say.
bool covers(const Edge& wide, const Edge& narrow) {
  if (wide.event.event != narrow.event.event) return false;
  if (!wide.when.empty() && in_text(wide) != in_text(narrow)) return false;
  if (wide.event.patterns.empty()) return true;
  if (wide.event.patterns.size() != narrow.event.patterns.size()) return false;
  for (std::size_t i = 0; i < wide.event.patterns.size(); ++i) {
    const Pattern& outer = wide.event.patterns[i];
    if (is_open(outer)) continue;
    const std::set<std::string> all = values_of(outer);
    const std::set<std::string> some = values_of(narrow.event.patterns[i]);
    if (some.empty() || !std::includes(all.begin(), all.end(), some.begin(), some.end())) return false;
  }
  return true;
}

// Different constants stand for different values.
bool apart(const Edge& a, const Edge& b) {
  if (a.event.event != b.event.event) return true;
  for (std::size_t i = 0; i < std::min(a.event.patterns.size(), b.event.patterns.size()); ++i) {
    const std::set<std::string> of_a = values_of(a.event.patterns[i]);
    const std::set<std::string> of_b = values_of(b.event.patterns[i]);
    if (of_a.empty() || of_b.empty()) continue;
    if (std::none_of(of_a.begin(), of_a.end(), [&of_b](const std::string& v) { return of_b.contains(v); })) return true;
  }
  return false;
}

struct Arrow {
  std::string from, to, event;
};

std::string drawn(const std::vector<std::string>& states, const std::vector<Arrow>& arrows) {
  std::string out = "digraph state_automaton {\n\tcenter = true;\n\tsize = \"7,11\";\n\trankdir = LR;\n";
  const std::string& first = states.front();
  out += "\t{node [shape = plaintext, style=invis, label=\"\"] \"__init_" + first + "\"};\n";
  for (const std::string& state : states) {
    out += "\t{node [shape = " + std::string(state == first ? "doublecircle" : "circle") + "] \"" + state + "\"};\n";
  }
  out += "\t\"__init_" + first + "\" -> \"" + first + "\";\n";
  for (const std::string& state : states) {
    out += "\t\"" + state + "\" [label = \"" + state + "\"];\n";
    for (const Arrow& arrow : arrows)
      if (arrow.from == state)
        out += "\t\"" + arrow.from + "\" -> \"" + arrow.to + "\" [ label = \"" + arrow.event + "\" ];\n";
  }
  return out + "\t{ rank = min ;\n\t\t\"__init_" + first + "\";\n\t\t\"" + first + "\";\n\t}\n}\n";
}

class Deriver {
 public:
  explicit Deriver(const spec::Rule& rule) : rule_(rule) {
    for (const std::string& state : rule.states) states_.push_back(as_name(state));
    if (states_.empty()) states_.push_back("watching");
  }

  Automaton derive() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < rule_.edges.size(); ++i)
      if (seen.insert(in_text(rule_.edges[i])).second) letters_.push_back(i);
    for (const std::size_t letter : letters_) add(letter);
    for (std::size_t a = 0; a < letters_.size(); ++a)
      for (std::size_t b = a + 1; b < letters_.size(); ++b) {
        const Edge& first = rule_.edges[letters_[a]];
        const Edge& second = rule_.edges[letters_[b]];
        // A wider line behind a narrower one is no second event: the first in the list counts.
        if (!apart(first, second) && !covers(second, first)) out_.overlaps = true;
      }
    out_.from_rule = true;
    out_.dot = drawn(states_, arrows_);
    return std::move(out_);
  }

 private:
  // The line that fires for an event that fits this letter: the first that fits and may fire in the state.
  const Edge* line_for(std::size_t letter, std::uint32_t state) const {
    for (const Edge& edge : rule_.edges) {
      const bool here = edge.in.empty() || std::find(edge.in.begin(), edge.in.end(), state) != edge.in.end();
      if (here && covers(edge, rule_.edges[letter])) return &edge;
    }
    return nullptr;
  }

  static const spec::Action* action_of(const Edge& edge, spec::Action::Kind kind) {
    const auto found = std::find_if(edge.actions.begin(), edge.actions.end(),
                                    [kind](const spec::Action& action) { return action.kind == kind; });
    return found == edge.actions.end() ? nullptr : &*found;
  }

  void add(std::size_t letter) {
    std::string condition;
    for (std::uint32_t s = 0; s < states_.size(); ++s) {
      const Edge* line = line_for(letter, s);
      if (line == nullptr) continue;
      if (const spec::Action* require = action_of(*line, spec::Action::Kind::require)) {
        const std::string here = in_text(require->condition);
        if (condition.find(here) == std::string::npos) condition += (condition.empty() ? "" : ", or there ") + here;
      }
    }
    const Edge& edge = rule_.edges[letter];
    const std::string name = unique(name_of(edge));
    if (condition.empty()) {
      place(letter, name, in_text(edge), true);
    } else {
      place(letter, name + "_kept", in_text(edge) + ", and what is required there holds: " + condition, true);
      place(letter, name + "_broken", in_text(edge) + ", and what is required there does not hold: " + condition,
            false);
    }
  }

  void place(std::size_t letter, const std::string& name, const std::string& meaning, bool holds) {
    out_.events.emplace_back(name, meaning);
    for (std::uint32_t s = 0; s < states_.size(); ++s) {
      const Edge* line = line_for(letter, s);
      std::uint32_t to = s;
      if (line != nullptr) {
        if (action_of(*line, spec::Action::Kind::error) != nullptr) continue;
        if (!holds && action_of(*line, spec::Action::Kind::require) != nullptr) continue;
        if (const spec::Action* go = action_of(*line, spec::Action::Kind::go)) to = go->state;
      }
      arrows_.push_back({states_[s], states_[to], name});
    }
  }

  static std::string name_of(const Edge& edge) {
    std::string out = edge.event.event;
    for (const Pattern& pattern : edge.event.patterns)
      if (!is_open(pattern))
        for (const Expr& value : pattern.values)
          if (value.kind == Expr::Kind::constant || value.kind == Expr::Kind::cell || value.kind == Expr::Kind::number)
            out += "_" + in_text(value);
    for (const Expr& when : edge.when) {
      const bool negated = when.kind == Expr::Kind::unary && when.text == "!" && !when.args.empty();
      const Expr& what = negated ? when.args[0] : when;
      if (what.kind == Expr::Kind::apply) out += std::string(negated ? "_not_" : "_") + what.text;
    }
    return as_name(out);
  }

  std::string unique(std::string name) {
    const unsigned count = ++names_[name];
    return count == 1 ? name : name + "_" + std::to_string(count);
  }

  const spec::Rule& rule_;
  std::vector<std::string> states_;
  std::vector<std::size_t> letters_;  // lines with different events
  std::vector<Arrow> arrows_;
  std::map<std::string, unsigned> names_;
  Automaton out_;
};

// What listeners are told and users ask for, one state after the other; the last event has no edge.
Automaton of_run(const counterexamples::Trace& trace) {
  std::vector<std::string> happened;
  for (const counterexamples::TraceStep& step : trace.steps) {
    for (const counterexamples::TraceEvent& event : step.events) {
      if (event.name == "request" && event.args.size() >= 3)
        happened.push_back("request_" + std::to_string(event.args[2]));
      if (event.name == "returned" && event.args.size() >= 4) happened.push_back("returned");
      if (event.name == "notify" && event.args.size() >= 3)
        happened.push_back(as_name("notify_" + render::shown(event, 1)));
      if (event.name == "notified" && event.args.size() >= 5)
        happened.push_back(as_name("listener_" + std::to_string(event.args[1]) + "_" + render::shown(event, 2) + "_" +
                                   render::shown(event, 4)));
    }
  }
  Automaton out;
  std::vector<std::string> states = {"s0"};
  std::vector<Arrow> arrows;
  for (std::size_t i = 0; i < happened.size(); ++i) {
    if (i + 1 < happened.size()) {
      states.push_back("s" + std::to_string(i + 1));
      arrows.push_back({states[i], states[i + 1], happened[i]});
    }
    const std::pair<std::string, std::string> entry{happened[i], "as in the run"};
    if (std::find(out.events.begin(), out.events.end(), entry) == out.events.end()) out.events.push_back(entry);
  }
  out.dot = drawn(states, arrows);
  return out;
}

}  // namespace

Automaton automaton_of(const spec::SpecProperty* property, const counterexamples::Trace& trace) {
  const auto* rule =
      property == nullptr || property->form == nullptr ? nullptr : std::get_if<spec::Rule>(&property->form->what);
  return rule == nullptr || rule->edges.empty() ? of_run(trace) : Deriver(*rule).derive();
}

}  // namespace hotproof::repro
