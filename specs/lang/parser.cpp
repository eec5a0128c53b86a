#include <algorithm>
#include <array>
#include <optional>

#include "specs/lang/cursor.hpp"
#include "specs/lang/expressions.hpp"
#include "specs/lang/formula.hpp"
#include "specs/lang/patterns.hpp"
#include "specs/lang/spec.hpp"
#include "specs/lang/vocabulary.hpp"

namespace hotproof::spec {

namespace {

constexpr std::int64_t widest_range = 64;
constexpr std::size_t most_states = 256;
// Limits that keep hostile files cheap; no rule for people comes near.
constexpr std::size_t most_definitions = 256;
constexpr std::size_t most_alternatives = 16;
constexpr std::size_t most_edges = 1000;

constexpr std::array<std::string_view, 10> parts{"says", "origin",    "confidence", "needs",    "trigger",
                                                 "rule", "invariant", "cover",      "deadlock", "ltl"};

bool speaks_of_actor(const Expr& expr, const std::map<std::string, Definition>& definitions) {
  if (expr.kind == Expr::Kind::self) return true;
  if (expr.kind == Expr::Kind::apply) {
    if (const Builtin* builtin = find_builtin(expr.text); builtin != nullptr && builtin->needs_actor) return true;
    const auto found = definitions.find(expr.text);
    if (found != definitions.end() && found->second.needs_actor) return true;
  }
  return std::ranges::any_of(expr.args, [&](const Expr& arg) { return speaks_of_actor(arg, definitions); });
}

// `text` with the indentation of its first line's column taken from the lines behind it.
std::string dedent(const std::string& text, std::uint32_t column) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1);
    out += text.substr(at, end + 1 - at);
    at = end + 1;
    for (std::uint32_t i = 1; i < column && at < text.size() && text[at] == ' '; ++i) ++at;
  }
  return out;
}

class FileParser {
 public:
  explicit FileParser(Cursor& cursor) : cursor_(cursor) {}

  std::vector<SpecProperty> file() {
    std::vector<SpecProperty> out;
    while (cursor_.peek().kind != Token::Kind::end) {
      if (cursor_.at("define")) {
        define();
      } else if (cursor_.at("property")) {
        const Token at = cursor_.peek(1);
        out.push_back(property());
        if (!ids_.insert(out.back().id).second)
          cursor_.fail(at.spot, "property '" + out.back().id + "' stands here a second time");
      } else {
        constexpr std::array<std::string_view, 2> words{"property", "define"};
        cursor_.expected("'property' or 'define'", suggestion(cursor_.peek().text, words));
      }
    }
    return out;
  }

 private:
  void new_name(const Token& token, const std::string& what, bool taken) const {
    if (is_reserved(token.text) || is_constant_name(token.text) || find_builtin(token.text) != nullptr)
      cursor_.fail(token.spot, "'" + token.text + "' cannot be the name of a " + what);
    if (taken) cursor_.fail(token.spot, "there already is a " + what + " '" + token.text + "'");
  }

  Scope scope_with(const std::vector<Quantifier>& quantifiers, bool has_actor) {
    Scope out;
    for (const Quantifier& quantifier : quantifiers) out.variables[quantifier.variable] = quantifier.set;
    out.has_actor = has_actor;
    out.definitions = definitions_.get();
    out.constants = &constants_;
    return out;
  }

  void define() {
    cursor_.take();
    const Token name = cursor_.peek();
    cursor_.word("the name of a definition");
    new_name(name, "definition", definitions_->contains(name.text));
    if (definitions_->size() == most_definitions) cursor_.fail(name.spot, "file has too many definitions");
    Definition out;
    cursor_.expect("(", "after the name of a definition");
    if (!cursor_.at(")")) {
      do {
        const Token parameter = cursor_.peek();
        cursor_.word("a parameter");
        const bool taken = std::ranges::find(out.parameters, parameter.text) != out.parameters.end();
        new_name(parameter, "parameter", taken);
        out.parameters.push_back(parameter.text);
      } while (cursor_.accept(","));
    }
    cursor_.expect(")", "after the parameters");
    cursor_.expect("=", "before the meaning of a definition");
    out.body = parse_expression(cursor_);
    cursor_.expect(";", "after a definition");
    std::set<std::string> constants;
    Scope scope = scope_with({}, true);
    scope.bound = {out.parameters.begin(), out.parameters.end()};
    scope.constants = &constants;
    out.nodes = resolve(out.body, scope, cursor_);
    out.needs_actor = speaks_of_actor(out.body, *definitions_);
    out.constants = {constants.begin(), constants.end()};
    definitions_->emplace(name.text, std::move(out));
  }

  SpecProperty property() {
    SpecProperty out;
    const Token word = cursor_.take();
    out.place = {cursor_.file(), word.spot.line, word.spot.column};
    out.id = cursor_.dashed("the id of a property");
    cursor_.expect("{", "after the id of a property");
    constants_.clear();
    calls_.clear();
    seen_.clear();
    auto form = std::make_shared<Form>();
    while (!cursor_.accept("}")) part(out, *form);
    for (const std::string_view needed : {"says", "origin", "confidence"})
      if (!seen_.contains(std::string(needed)))
        cursor_.fail(word.spot, "property '" + out.id + "' has no '" + std::string(needed) + "'");
    if (!seen_.contains("form"))
      cursor_.fail(word.spot, "property '" + out.id + "' has no form", "one of invariant, rule, cover, deadlock, ltl");
    form->definitions = definitions_;
    out.form = std::move(form);
    out.constants = {constants_.begin(), constants_.end()};
    out.watched_calls = {calls_.begin(), calls_.end()};
    return out;
  }

  void part(SpecProperty& out, Form& form) {
    const Token token = cursor_.peek();
    if (token.kind != Token::Kind::word || std::ranges::find(parts, token.text) == parts.end())
      cursor_.expected("a part of property '" + out.id + "'",
                       token.kind == Token::Kind::word ? suggestion(token.text, parts) : std::string{});
    const bool is_form = std::find(parts.begin() + 5, parts.end(), token.text) != parts.end();
    if (token.text != "trigger" && !seen_.insert(is_form ? "form" : token.text).second)
      cursor_.fail(token.spot, is_form ? "a property has one form; this is a second one"
                                       : "'" + token.text + "' stands here a second time");
    cursor_.take();
    if (token.text == "says")
      out.says = sentence(token.text);
    else if (token.text == "origin")
      out.origin = sentence(token.text);
    else if (token.text == "confidence")
      out.confidence = confidence();
    else if (token.text == "needs")
      needs(out);
    else if (token.text == "trigger")
      trigger(form);
    else if (token.text == "invariant")
      invariant(out, form);
    else if (token.text == "rule")
      rule(out, form);
    else if (token.text == "cover")
      cover(out, form);
    else if (token.text == "ltl")
      temporal(out, form);
    else
      deadlock(out, form);
    if (is_form || token.text == "trigger") {
      if (!out.form_text.empty()) out.form_text += "\n";
      out.form_text += dedent(cursor_.since(token), token.spot.column);
    }
  }

  std::string sentence(const std::string& part) {
    std::string out = cursor_.string(part);
    cursor_.expect(";", "after the string");
    return out;
  }

  void needs(SpecProperty& out) {
    const Token token = cursor_.peek();
    out.needs = cursor_.word("what the scenario must have");
    const auto bases = symbol_bases();
    if (std::ranges::find(bases, out.needs) == bases.end())
      cursor_.fail(token.spot, "no scenario has '" + out.needs + "'", suggestion(out.needs, bases));
    cursor_.expect(";", "after what is needed");
  }

  ir::Confidence confidence() {
    const Token token = cursor_.peek();
    constexpr std::array<std::string_view, 2> words{"high", "moderate"};
    if (!cursor_.at("high") && !cursor_.at("moderate"))
      cursor_.expected("'high' or 'moderate'", suggestion(token.text, words));
    cursor_.take();
    cursor_.expect(";", "after the confidence");
    return token.text == "high" ? ir::Confidence::high : ir::Confidence::moderate;
  }

  // Event patterns with `or` between them; what a caller reads behind them holds for each.
  std::vector<std::pair<EventPattern, Scope>> events(const std::vector<Quantifier>& quantifiers) {
    std::vector<std::pair<EventPattern, Scope>> out;
    do {
      if (out.size() == most_alternatives) cursor_.fail(cursor_.peek().spot, "too many events with 'or' between them");
      Scope scope = scope_with(quantifiers, true);
      EventPattern event = parse_event(cursor_, scope);
      for (const std::string_view kind : {"call ", "return "})
        if (event.event.starts_with(kind)) calls_.insert(event.event.substr(kind.size()));
      out.emplace_back(std::move(event), std::move(scope));
    } while (cursor_.accept("or"));
    return out;
  }

  std::vector<WatchPoint> watch_points() {
    auto patterns = events({});
    std::vector<Expr> when;
    if (cursor_.accept("when")) when.push_back(parse_expression(cursor_));
    std::vector<WatchPoint> out;
    for (auto& [event, scope] : patterns) {
      WatchPoint point{std::move(event), when};
      for (Expr& expr : point.when) resolve(expr, scope, cursor_);
      out.push_back(std::move(point));
    }
    return out;
  }

  void trigger(Form& form) {
    form.triggers.push_back(watch_points());
    cursor_.expect(";", "after a trigger");
  }

  void cover(SpecProperty& out, Form& form) {
    Cover what;
    what.points = watch_points();
    if (cursor_.accept("without")) {
      cursor_.expect("faults", "after 'without'");
      what.without_faults = true;
    }
    cursor_.expect(";", "after a cover");
    form.what = std::move(what);
    out.kind = ir::PropertyKind::cover;
  }

  void deadlock(SpecProperty& out, Form& form) {
    cursor_.expect(";", "after 'deadlock'");
    form.what = Deadlock{};
    out.kind = ir::PropertyKind::deadlock;
  }

  void temporal(SpecProperty& out, Form& form) {
    Temporal what;
    what.quantifiers = quantifiers();
    if (cursor_.accept("assuming")) {
      do assumption(what);
      while (cursor_.accept(","));
      cursor_.expect(":", "before the formula");
    } else if (!what.quantifiers.empty()) {
      cursor_.expect(":", "after the variables of a formula");
    }
    const auto scope = [&](bool has_actor) { return scope_with(what.quantifiers, has_actor); };
    what.formula = parse_formula(cursor_, scope, calls_);
    cursor_.expect(";", "after a formula");
    form.what = std::move(what);
    out.temporal = true;
  }

  void assumption(Temporal& what) {
    const Token token = cursor_.peek();
    constexpr std::array<std::string_view, 2> words{"locks", "choices"};
    if (!cursor_.at("locks") && !cursor_.at("choices"))
      cursor_.expected("'locks' or 'choices'", suggestion(token.text, words));
    cursor_.take();
    bool& assumed = token.text == "locks" ? what.assumes_locks : what.assumes_choices;
    if (assumed) cursor_.fail(token.spot, "'" + token.text + "' is assumed twice");
    assumed = true;
  }

  std::vector<Quantifier> quantifiers() {
    std::vector<Quantifier> out;
    if (!cursor_.accept("for")) return out;
    do {
      Quantifier next;
      Token name = cursor_.peek();
      cursor_.word("a set");
      if (cursor_.accept("in")) {
        range(next);
      } else {
        next.set = name.text;
        if (std::ranges::find(sets(), next.set) == sets().end())
          cursor_.fail(name.spot, "no set is called '" + next.set + "'", suggestion(next.set, sets()));
        name = cursor_.peek();
        cursor_.word("the name of a variable");
      }
      const auto same = [&](const Quantifier& other) { return other.variable == name.text; };
      new_name(name, "variable", std::ranges::any_of(out, same));
      next.variable = name.text;
      out.push_back(std::move(next));
    } while (cursor_.accept(","));
    return out;
  }

  void range(Quantifier& out) {
    const Spot spot = cursor_.peek().spot;
    out.low = cursor_.integer("the first number of a range");
    cursor_.expect("..", "between the two ends of a range");
    out.high = cursor_.integer("the last number of a range");
    if (out.high < out.low) cursor_.fail(spot, "range is empty");
    if (static_cast<std::uint64_t>(out.high) - static_cast<std::uint64_t>(out.low) >= widest_range)
      cursor_.fail(spot, "range has more than " + std::to_string(widest_range) + " numbers");
  }

  void invariant(SpecProperty& out, Form& form) {
    Invariant what;
    what.quantifiers = quantifiers();
    if (!what.quantifiers.empty()) cursor_.expect(":", "after the variables of an invariant");
    what.expr = parse_expression(cursor_);
    cursor_.expect(";", "after an invariant");
    resolve(what.expr, scope_with(what.quantifiers, false), cursor_);
    form.what = std::move(what);
    out.kind = ir::PropertyKind::invariant;
  }

  void rule(SpecProperty& out, Form& form) {
    Rule what;
    what.quantifiers = quantifiers();
    const Spot spot = cursor_.peek().spot;
    cursor_.expect("{", "before the lines of a rule");
    if (cursor_.accept("state")) states(what);
    while (!cursor_.accept("}")) {
      if (!cursor_.at("on")) cursor_.expected(what.edges.empty() ? "'state', 'on' or '}'" : "'on' or '}'");
      if (what.edges.size() >= most_edges) cursor_.fail(cursor_.peek().spot, "rule has too many lines");
      edge(what);
    }
    if (what.edges.empty()) cursor_.fail(spot, "rule has no line that starts with 'on'");
    if (what.states.empty()) what.states.emplace_back("watching");
    const auto speaks = [](const Action& action) { return action.kind == Action::Kind::speaks; };
    out.speaks =
        std::ranges::any_of(what.edges, [&](const Edge& edge) { return std::ranges::any_of(edge.actions, speaks); });
    form.what = std::move(what);
    out.kind = ir::PropertyKind::assertion;
  }

  void states(Rule& what) {
    do {
      const Token name = cursor_.peek();
      cursor_.word("the name of a state");
      new_name(name, "state", std::ranges::find(what.states, name.text) != what.states.end());
      if (what.states.size() == most_states) cursor_.fail(name.spot, "rule has too many states");
      what.states.push_back(name.text);
    } while (cursor_.accept(","));
    cursor_.expect(";", "after the states");
  }

  std::uint32_t state(const Rule& what) {
    const Token token = cursor_.peek();
    const std::string name = cursor_.word("the name of a state");
    const auto found = std::ranges::find(what.states, name);
    if (found != what.states.end()) return static_cast<std::uint32_t>(found - what.states.begin());
    const std::vector<std::string_view> names(what.states.begin(), what.states.end());
    cursor_.fail(token.spot, "rule has no state '" + name + "'", suggestion(name, names));
  }

  void edge(Rule& what) {
    cursor_.take();
    auto patterns = events(what.quantifiers);
    Edge draft;
    bool in = false;
    while (!cursor_.accept(":")) {
      if (!in && cursor_.accept("in")) {
        in = true;
        do draft.in.push_back(state(what));
        while (cursor_.accept(","));
      } else if (draft.when.empty() && cursor_.accept("when")) {
        draft.when.push_back(parse_expression(cursor_));
      } else {
        cursor_.expected(cursor_.at("in") || cursor_.at("when") ? "':'" : "'in', 'when' or ':'");
      }
    }
    do draft.actions.push_back(action(what));
    while (cursor_.accept(","));
    cursor_.expect(";", "after a line of a rule");
    for (auto& [event, scope] : patterns) {
      Edge next = draft;
      next.event = std::move(event);
      for (Expr& expr : next.when) resolve(expr, scope, cursor_);
      for (Action& action : next.actions)
        if (action.kind == Action::Kind::require) resolve(action.condition, scope, cursor_);
      what.edges.push_back(std::move(next));
    }
  }

  Action action(const Rule& what) {
    Action out;
    out.spot = cursor_.peek().spot;
    if (cursor_.accept("->")) {
      out.state = state(what);
    } else if (cursor_.accept("require")) {
      out.kind = Action::Kind::require;
      const Token first = cursor_.peek();
      out.condition = parse_expression(cursor_);
      out.text = cursor_.since(first);
      if (cursor_.peek().kind == Token::Kind::string) out.sentence = cursor_.take().text;
    } else if (cursor_.accept("error")) {
      out.kind = Action::Kind::error;
      out.sentence = cursor_.string("the error");
    } else if (cursor_.accept("speaks")) {
      out.kind = Action::Kind::speaks;
    } else {
      constexpr std::array<std::string_view, 3> words{"require", "error", "speaks"};
      cursor_.expected("'-> STATE', 'require', 'error' or 'speaks'", suggestion(cursor_.peek().text, words));
    }
    return out;
  }

  Cursor& cursor_;
  std::shared_ptr<std::map<std::string, Definition>> definitions_ =
      std::make_shared<std::map<std::string, Definition>>();
  std::set<std::string> ids_;
  std::set<std::string> constants_;
  std::set<std::string> calls_;
  std::set<std::string> seen_;
};

}  // namespace

Outcome<std::vector<SpecProperty>> parse(std::string_view text, const std::string& file) {
  auto tokens = scan(text, file);
  if (!tokens) return tl::unexpected(tokens.error());
  Cursor cursor(text, file, std::move(*tokens));
  try {
    return FileParser(cursor).file();
  } catch (const Fault& fault) {
    return tl::unexpected(fault.diagnostic);
  }
}

}  // namespace hotproof::spec
