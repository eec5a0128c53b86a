#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>

#include "checker/export/conditions.hpp"
#include "checker/export/export.hpp"
#include "checker/export/names.hpp"
#include "checker/export/state_properties.hpp"
#include "checker/export/updates.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::exports {

namespace {

using ir::ExprId;
using ir::VarId;

// What a violated property does: it is said once, and an `assert` fails, where the verifier stops, or goes on (pan -c0). It
// is an expression, because SPIN bounds the number of branches that steps of a model (d_step) have.
constexpr const char* prelude = R"(c_decl {
static const char *const hp_names[] = {HP_NAMES};
static char hp_said[HP_PROPERTIES];
static int hp_say(int property, int holds) {
  if (!hp_said[property]) {
    hp_said[property] = 1;
    printf("hotproof: %s %s\n", holds ? "reached" : "violated", hp_names[property]);
    fflush(stdout);
  }
  return holds;
}
}
#define violated(n) c_expr { (hp_say(n, 0)) }
#define reached(n) c_expr { (hp_say(n, 1)) }
)";

class PromelaNames : public Dialect {
 public:
  // `first_process`: the number of the first actor's process. `also`: locations that must be variables.
  PromelaNames(const ir::TransitionSystem& system, std::size_t first_process, const std::set<VarId>& also)
      : system_(system), actor_of_(system.variables.size()), is_variable_(system.variables.size(), true) {
    for (std::size_t a = 0; a < system.actors.size(); ++a) {
      const std::string process = identifier("p", a, system.actors[a].name);
      processes_.push_back(process);
      references_.push_back(process + "[" + std::to_string(a + first_process) + "]@");
      actor_of_[ir::index(system.actors[a].control)] = a;
      is_variable_[ir::index(system.actors[a].control)] = false;
    }
    for (const ir::Transition& t : system.transitions)
      for (const VarId id : read_by(t)) is_variable_[ir::index(id)] = true;
    for (const VarId id : also) is_variable_[ir::index(id)] = true;
  }

  std::string variable(VarId id) const override { return identifier("v", ir::index(id), system_[id].name); }
  std::string has(VarId id, std::uint64_t number) const override {
    const auto actor = actor_of_[ir::index(id)];
    if (!is_variable_[ir::index(id)]) return references_[*actor] + label(*actor, static_cast<ir::Location>(number));
    return "(" + variable(id) + " == " + std::to_string(number) + ")";
  }
  // Where an actor stands is in SPIN's own counter. Another process may look at that by a label, but not in a step that is
  // one: a location that such a step reads is a variable, too.
  bool is_number(VarId id) const override { return is_variable_[ir::index(id)]; }
  std::string choice(const std::string& condition, const std::string& a, const std::string& b) const override {
    return "(" + condition + " -> " + a + " : " + b + ")";
  }
  const char* equal() const override { return " == "; }
  const char* both() const override { return " && "; }
  const char* either() const override { return " || "; }

  const std::string& process(std::size_t actor) const { return processes_[actor]; }
  // SPIN takes a process that stands for ever at a label that begins with "end" for one that is done.
  std::string label(std::size_t actor, ir::Location at) const {
    const ir::Actor& it = system_.actors[actor];
    const auto has = [at](const std::vector<ir::Location>& list) { return std::find(list.begin(), list.end(), at) != list.end(); };
    return (has(it.resting) || has(it.halted) ? "end" : "at") + std::to_string(at);
  }

 private:
  const ir::TransitionSystem& system_;
  std::vector<VarId> read_by(const ir::Transition& t) const {
    std::vector<ExprId> all = {t.guard};
    for (const ir::Update& update : t.updates) all.push_back(update.value);
    for (const ir::Assertion& assertion : t.assertions) all.push_back(assertion.holds);
    for (const ir::Hit& hit : t.hits) all.push_back(hit.when);
    std::vector<VarId> out;
    for (const ExprId expr : all)
      for (const VarId id : system_.pool.variables(expr)) out.push_back(id);
    return out;
  }

  std::vector<std::optional<std::size_t>> actor_of_;  // by VarId
  std::vector<bool> is_variable_;                     // by VarId
  std::vector<std::string> processes_, references_;
};

// Functions are C's, which SPIN hands on as they are. They see variables, and not where a process stands. Their locals are
// C's static variables, which are no part of a state, so that one may be divided.
class PromelaFunctions : public FunctionDialect {
 public:
  explicit PromelaFunctions(const PromelaNames& names) : names_(names) {}
  std::string variable(VarId id) const override { return "now." + names_.variable(id); }
  std::string has(VarId id, std::uint64_t number) const override {
    return "(" + variable(id) + " == " + std::to_string(number) + ")";
  }
  bool is_number(VarId) const override { return true; }
  std::string choice(const std::string& condition, const std::string& a, const std::string& b) const override {
    return "(" + condition + " ? " + a + " : " + b + ")";
  }
  const char* equal() const override { return names_.equal(); }
  const char* both() const override { return names_.both(); }
  const char* either() const override { return names_.either(); }
  std::string function(const std::string& name, const std::vector<std::string>& locals,
                       const std::string& result) const override {
    std::string blocks, calls;
    for (std::size_t i = 0, part = 0; i < locals.size(); ++part) {
      std::string declared, computed;
      for (; i < locals.size() && computed.size() < longest_block; ++i) {
        declared += "static int " + Terms::name_of(i) + ";\n";
        computed += "  " + Terms::name_of(i) + " = " + locals[i] + ";\n";
      }
      const std::string part_name = name + "_" + std::to_string(part);
      blocks += block(declared + head_of("void", part_name) + computed + "}\n");
      calls += "  " + part_name + "();\n";
    }
    return blocks + block(head_of("int", name) + calls + "  return " + result + ";\n}\n");
  }
  std::string call(const std::string& name) const override { return "c_expr { (" + name + "()) }"; }

 private:
  static constexpr std::size_t longest_block = 1U << 14U;  // SPIN takes one of four times as much
  static std::string block(const std::string& code) { return "c_code {\n" + code + "}\n"; }
  static std::string head_of(const char* type, const std::string& name) {
    return std::string("static ") + type + " " + name + "(void) {\n  enum { false, true };\n";
  }

  const PromelaNames& names_;
};

class PromelaWriter {
 public:
  PromelaWriter(ir::TransitionSystem& system, const std::map<std::size_t, ExprId>& holds, const Request& request,
                const std::vector<Numbers>& numbers, const std::vector<ir::State>& initial, const std::set<VarId>& also)
      : system_(system), holds_(holds), request_(request), numbers_(numbers), initial_(initial),
        names_(system, initial.size() == 1 ? 0 : 1, also), terms_(system, numbers, names_), functions_(names_),
        condition_(system, numbers, terms_, functions_, request.longest_condition) {}

  Outcome<std::string> write() {
    std::string processes;
    for (std::size_t a = 0; a < system_.actors.size(); ++a) processes += process(a);
    const std::string watched = monitor();
    for (const auto& fault : {terms_.fault(), condition_.fault()})
      if (fault) return failure({}, *fault, "--property leaves properties out, --count all of them");
    std::string out = head() + declarations();
    out += condition_.functions();
    if (initial_.size() > 1) out += start();
    return out + processes + watched;
  }
  // Locations that functions read and that are no variables; the text is worthless then.
  std::set<VarId> lacking() const {
    std::set<VarId> out;
    for (const VarId id : condition_.read())
      if (!names_.is_number(id)) out.insert(id);
    return out;
  }

 private:
  std::string head() const {
    std::string out = "/* " + plain(system_.name) + ", as hotproof exports it: one step is one transition.\n"
                      "   spin -o2 -a FILE && cc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan\n"
                      "   A value that is not its own number is a place in the list beside its variable. */\n";
    if (request_.only_count || system_.properties.empty()) return out;
    std::string names;
    for (const ir::Property& property : system_.properties) names += (names.empty() ? "\"" : ", \"") + plain(property.id) + "\"";
    std::string text = prelude;
    for (const auto& [word, meant] : {std::pair<std::string, std::string>{"HP_NAMES", names}, {"HP_PROPERTIES", std::to_string(system_.properties.size())}})
      text.replace(text.find(word), word.size(), meant);
    return out + text;
  }

  std::string type(VarId id) const {
    const Numbers& numbers = numbers_[ir::index(id)];
    const std::string name = names_.variable(id);
    const int bits = std::max(1, static_cast<int>(std::bit_width(numbers.most)));
    if (bits == 1) return "bit " + name;
    if (bits == 8) return "byte " + name;
    return "unsigned " + name + " : " + std::to_string(bits);
  }

  std::string declarations() {
    std::string out;
    for (std::size_t i = 0; i < system_.variables.size(); ++i) {
      const auto id = static_cast<VarId>(i);
      if (!names_.is_number(id)) continue;
      const ir::Variable& variable = system_.variables[i];
      std::string remark = plain(variable.name);
      if (numbers_[i].indexed)
        for (std::size_t n = 0; n < numbers_[i].values.size(); ++n)
          remark += (n == 0 ? ": " : ", ") + shown(variable, numbers_[i].values[n]);
      out += type(id) + " = " + number(i, initial_[0]) + ";  /* " + remark + " */\n";
    }
    for (std::size_t i = 0; i < kept_; ++i) out += "int hp_kept" + std::to_string(i) + ";\n";
    return out + "\n";
  }

  static std::string shown(const ir::Variable& variable, std::uint64_t value) {
    return variable.is_signed ? std::to_string(ir::as_signed(value, variable.width)) : std::to_string(value);
  }

  std::string number(std::size_t var, const ir::State& state) const {
    return std::to_string(number_of(numbers_[var], state[var]).value_or(0));
  }

  // Where the system may begin in several states: a process that chooses one, and until then no other moves. (A step that
  // is one cannot start processes, and breadth-first SPIN stores what lies between the steps of an `atomic`.)
  std::string start() const {
    std::string out = "bit hp_chosen = 0;\n\nactive proctype hp_start() {\n  if\n";
    for (const ir::State& state : initial_) {
      out += "  :: d_step { true ->";
      for (std::size_t i = 0; i < state.size(); ++i)
        if (names_.is_number(static_cast<VarId>(i)))
          out += " " + names_.variable(static_cast<VarId>(i)) + " = " + number(i, state) + ";";
      out += " hp_chosen = 1 }\n";
    }
    return out + "  fi\n}\n\n";
  }
  // The head of a process that moves once a start is chosen.
  std::string head_of(const std::string& process) const {
    return "active proctype " + process + "()" + (initial_.size() == 1 ? "" : " provided (hp_chosen)") + " {\n";
  }

  std::string process(std::size_t a) {
    const ir::Actor& actor = system_.actors[a];
    std::vector<std::vector<const ir::Transition*>> from(actor.locations);
    for (const ir::Transition& t : system_.transitions)
      if (ir::index(t.actor) == a) from[t.from].push_back(&t);
    std::string out = head_of(names_.process(a));
    // A process begins with its first statement.
    out += location(a, actor.initial, from[actor.initial]);
    for (ir::Location at = 0; at < actor.locations; ++at)
      if (at != actor.initial) out += location(a, at, from[at]);
    return out + "}\n\n";
  }

  std::string location(std::size_t a, ir::Location at, const std::vector<const ir::Transition*>& ways) {
    std::string out = names_.label(a, at) + ":\n";
    if (ways.empty()) return out + "  false;\n";
    out += "  do\n";
    for (const ir::Transition* t : ways)
      out += "  :: " + step(*t) + " goto " + names_.label(a, t->to) + "  /* " + plain(t->text) + " */\n";
    return out + "  od;\n";
  }

  // A step of one statement is one as it is; but SPIN takes no statement that leads to itself and is always enabled.
  std::string step(const ir::Transition& t) {
    const std::string guard = condition_(t.guard);
    const std::string what = body(t);
    if (what.empty() && t.from != t.to) return "(" + guard + ");";
    return (++long_steps_ <= request_.most_d_steps ? "d_step { " : "atomic { ") + guard + " -> " + what + "skip }";
  }

  std::string body(const ir::Transition& t) {
    std::string out;
    if (!request_.only_count) {
      for (const ir::Assertion& assertion : t.assertions) out += unless(condition_(assertion.holds), violation(ir::index(assertion.property)));
      for (const ir::Hit& hit : t.hits) out += noted(hit);
    }
    const UpdateOrder order = order_of(system_.pool, t.updates);
    const auto kept = [&order](std::size_t i) { return std::lower_bound(order.kept.begin(), order.kept.end(), i) - order.kept.begin(); };
    for (std::size_t i = 0; i < order.kept.size(); ++i)
      out += "hp_kept" + std::to_string(i) + " = " + value(t.updates[order.kept[i]]) + "; ";
    kept_ = std::max(kept_, order.kept.size());
    for (const std::size_t i : order.order) {
      const bool is_kept = std::binary_search(order.kept.begin(), order.kept.end(), i);
      out += names_.variable(t.updates[i].var) + " = " +
             (is_kept ? "hp_kept" + std::to_string(kept(i)) : value(t.updates[i])) + "; ";
    }
    // No state differs by what was kept aside in a step.
    for (std::size_t i = 0; i < order.kept.size(); ++i) out += "hp_kept" + std::to_string(i) + " = 0; ";
    const VarId control = system_.actors[ir::index(t.actor)].control;
    if (names_.is_number(control)) out += names_.variable(control) + " = " + std::to_string(t.to) + "; ";
    return out;
  }

  std::string value(const ir::Update& update) { return terms_.number(update.var, update.value); }

  std::string told(const char* what, std::size_t property) const {
    return std::string(what) + "(" + std::to_string(property) + " /* " + plain(system_.properties[property].id) + " */)";
  }
  std::string violation(std::size_t property) const { return told("violated", property); }

  static std::string unless(const std::string& condition, const std::string& what) {
    if (condition == "true") return "";
    return "assert(" + condition + " || " + what + "); ";
  }

  std::string noted(const ir::Hit& hit) {
    std::string out;
    for (std::size_t i = 0; i < system_.properties.size(); ++i) {
      const ir::Property& property = system_.properties[i];
      if (property.kind != ir::PropertyKind::cover || property.mark != hit.mark) continue;
      const std::string when = condition_(hit.when);
      if (when != "false") out += "assert(!(" + when + ") || " + told("reached", i) + "); ";
    }
    return out;
  }

  // A process that can move only where a property of states is violated.
  std::string monitor() {
    if (request_.only_count) return "";
    std::string ways;
    for (std::size_t i = 0; i < system_.properties.size(); ++i) {
      const auto holds = holds_.find(i);
      if (holds != holds_.end())
        ways += "  :: atomic { !(" + condition_(holds->second) + ") -> assert(false || " + violation(i) + ") }\n";
    }
    if (ways.empty()) return "";
    return head_of("hp_monitor") + "end:\n  do\n" + ways + "  od\n}\n";
  }

  const ir::TransitionSystem& system_;
  const std::map<std::size_t, ExprId>& holds_;  // by property
  const Request& request_;
  const std::vector<Numbers>& numbers_;
  const std::vector<ir::State>& initial_;
  PromelaNames names_;
  Terms terms_;
  PromelaFunctions functions_;
  Conditions condition_;
  std::size_t kept_ = 0;        // values that some transition keeps aside
  std::size_t long_steps_ = 0;  // so far: of more than one statement
};

}  // namespace

Outcome<std::string> promela(const ir::TransitionSystem& original, const Request& request) {
  ir::TransitionSystem system = original;
  const auto holds = state_properties(system);
  const auto initial = eval::initial_states(system, request.most_initial_states);
  if (!initial) return tl::make_unexpected(initial.error());
  if (initial->empty()) return failure({}, "the system has no initial state");
  const auto numbers = numbers_of(system, request.options);
  if (!numbers) return tl::make_unexpected(numbers.error());
  for (std::set<VarId> also;;) {
    PromelaWriter writer(system, holds, request, *numbers, *initial, also);
    auto text = writer.write();
    const std::set<VarId> lacking = writer.lacking();
    if (!text || lacking.empty()) return text;
    also.insert(lacking.begin(), lacking.end());
  }
}

}  // namespace hotproof::checker::exports
