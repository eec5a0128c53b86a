// A violation witness in the exchange format 1.0 of SV-COMP: an automaton in GraphML that only the run gets through.
// Actors are threads; an edge a step, and one for each function that is entered or left on the way.
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/run_view.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

struct Key {
  const char* id;
  const char* type;
  const char* on;
  const char* otherwise;  // null: no default
};

constexpr std::array<Key, 25> keys = {
    {{"witness-type", "string", "graph", nullptr}, {"sourcecodelang", "string", "graph", nullptr},
     {"producer", "string", "graph", nullptr},     {"specification", "string", "graph", nullptr},
     {"programfile", "string", "graph", nullptr},  {"programhash", "string", "graph", nullptr},
     {"architecture", "string", "graph", nullptr}, {"creationtime", "string", "graph", nullptr},
     {"entry", "boolean", "node", "false"},        {"sink", "boolean", "node", "false"},
     {"violation", "boolean", "node", "false"},    {"violatedProperty", "string", "node", nullptr},
     {"cyclehead", "boolean", "node", "false"},
     {"originfile", "string", "edge", nullptr},    {"startline", "int", "edge", nullptr},
     {"endline", "int", "edge", nullptr},          {"sourcecode", "string", "edge", nullptr},
     {"threadId", "int", "edge", nullptr},         {"createThread", "int", "edge", nullptr},
     {"enterFunction", "string", "edge", nullptr}, {"returnFromFunction", "string", "edge", nullptr},
     {"assumption", "string", "edge", nullptr},    {"assumption.scope", "string", "edge", nullptr},
     {"note", "string", "edge", nullptr},          {"fault", "boolean", "edge", "false"}}};

std::string data(std::string_view key, std::string_view value) {
  return "<data key=\"" + std::string(key) + "\">" + xml(value) + "</data>";
}

class Automaton {
 public:
  explicit Automaton(const RunView& run) : run_(run), trace_(*run.property->trace) {
    nodes_ = "    <node id=\"N0\">" + data("entry", "true") + "</node>\n";
  }

  void run() {
    for (const std::size_t actor : moving_actors(trace_)) edge(actor, data("createThread", std::to_string(actor)));
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      move_stack(trace_.steps[i]);
      if (trace_.loop_start == i) cycle_head_ = number_;
      take(trace_.steps[i]);
    }
    if (trace_.loop_start == trace_.steps.size()) cycle_head_ = number_;
    finish();
  }
  const std::string& nodes() const { return nodes_; }
  const std::string& edges() const { return edges_; }

 private:
  // From the last node to a new one.
  void edge(std::size_t actor, const std::string& what) {
    if (number_ > 0)
      nodes_ += "    <node id=\"N" + std::to_string(number_) + "\"" +
                (cycle_head_ == number_ ? ">" + data("cyclehead", "true") + "</node>\n" : "/>\n");
    edges_ += "    <edge source=\"N" + std::to_string(number_) + "\" target=\"N" + std::to_string(number_ + 1) + "\">" +
              data("threadId", std::to_string(actor)) + what + "</edge>\n";
    ++number_;
  }

  void finish() {
    if (number_ == 0) return;
    nodes_ += "    <node id=\"N" + std::to_string(number_) + "\">" + data("violation", "true") +
              (cycle_head_ == number_ ? data("cyclehead", "true") : "") +
              data("violatedProperty", run_.property->id) + "</node>\n";
  }

  // Leaves and enters functions until the actor stands where the step is.
  void move_stack(const TraceStep& step) {
    const std::size_t actor = number_of_actor(trace_, step.actor);
    const std::vector<std::string> wanted = stack_of(step);
    std::vector<std::string>& stack = stacks_[actor];
    const auto [here, there] = std::mismatch(stack.begin(), stack.end(), wanted.begin(), wanted.end());
    const auto common = static_cast<std::size_t>(here - stack.begin());
    for (; stack.size() > common; stack.pop_back()) edge(actor, data("returnFromFunction", stack.back()));
    for (std::size_t depth = common; depth < wanted.size(); ++depth) {
      std::string what;
      // The call that leads into this function stands one further out.
      if (depth > 0 && depth <= step.callers.size()) {
        const TraceCall& call = step.callers[depth - 1];
        what = place(call.file, call.line, call.source);
      }
      edge(actor, what + data("enterFunction", wanted[depth]));
      stack.push_back(wanted[depth]);
    }
  }

  static std::string place(const std::string& file, std::uint32_t line, const std::string& source) {
    if (file.empty() || line == 0) return "";
    std::string out =
        data("originfile", file) + data("startline", std::to_string(line)) + data("endline", std::to_string(line));
    if (!source.empty()) out += data("sourcecode", source);
    return out;
  }

  void take(const TraceStep& step) {
    std::string what = place(step.file, step.line, step.source);
    if (const std::string holds = assumption_of(step); !holds.empty()) {
      what += data("assumption", holds + ";") + data("assumption.scope", step.function);
    }
    if (step.faults > 0) what += data("fault", "true");
    if (!step.text.empty()) what += data("note", step.text);
    edge(number_of_actor(trace_, step.actor), what);
  }

  const RunView& run_;
  const Trace& trace_;
  std::string nodes_;
  std::string edges_;
  std::size_t number_ = 0;
  std::optional<std::size_t> cycle_head_;  // the node at which a run for ever begins to repeat itself
  std::map<std::size_t, std::vector<std::string>> stacks_;
};

}  // namespace

std::string graphml(const RunView& run, const Context& context) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n";
  for (const Key& key : keys) {
    out += "  <key id=\"" + std::string(key.id) + "\" attr.name=\"" + key.id + "\" attr.type=\"" + key.type +
           "\" for=\"" + key.on + "\"";
    out += key.otherwise == nullptr ? "/>\n" : "><default>" + std::string(key.otherwise) + "</default></key>\n";
  }
  const TraceStep* place = place_of(*run.property->trace);
  const std::string file = place == nullptr ? "" : place->file;
  out += "  <graph edgedefault=\"directed\">\n";
  const auto entry = [&out](const char* key, const std::string& value) { out += "    " + data(key, value) + "\n"; };
  entry("witness-type", "violation_witness");
  entry("sourcecodelang", "C");
  entry("producer", "hotproof " + context.version);
  entry("specification", rule_in_words(*run.property));
  entry("programfile", file);
  if (const std::string hash = hash_of(run, file); !hash.empty()) entry("programhash", hash);
  entry("architecture", "64bit");
  entry("creationtime", context.created);
  Automaton automaton(run);
  automaton.run();
  return out + automaton.nodes() + automaton.edges() + "  </graph>\n</graphml>\n";
}

}  // namespace hotproof::render
