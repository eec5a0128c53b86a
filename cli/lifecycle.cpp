#include "cli/lifecycle.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "model/eval/interpreter.hpp"

namespace hotproof::cli {

namespace {

constexpr std::size_t most_situations = 20000;

// What the drawing tells apart.
struct Stage {
  std::string block;  // "offline", "online", "going online", "going offline"
  std::string told;   // the last notification of the request under way; empty between requests
  friend auto operator<=>(const Stage&, const Stage&) = default;
};

struct Situation {
  ir::State state;
  Stage stage;
  friend auto operator<=>(const Situation&, const Situation&) = default;
};

class Explorer {
 public:
  explicit Explorer(const ir::TransitionSystem& system) : system_(system) {
    for (const char* name : {"MEM_ONLINE", "MEM_GOING_ONLINE", "MEM_CANCEL_ONLINE", "MEM_PREPARE_ONLINE", "MEM_OFFLINE",
                             "MEM_GOING_OFFLINE", "MEM_CANCEL_OFFLINE", "MEM_FINISH_OFFLINE"}) {
      if (const auto found = system.constants.find(name); found != system.constants.end()) {
        actions_[static_cast<std::uint64_t>(found->second)] = name;
      }
    }
    for (std::size_t t = 0; t < system.transitions.size(); ++t) {
      const ir::Transition& transition = system.transitions[t];
      const std::string& actor = system.actors[ir::index(transition.actor)].name;
      if (actor == "worker0") leaving_[transition.from].push_back(static_cast<ir::TransitionId>(t));
    }
  }

  Lifecycle run() {
    const auto initial = eval::initial_states(system_, 1024);
    const auto cell = system_.symbols.find("mem[0].state");
    if (!initial || initial->empty() || leaving_.empty() || cell == system_.symbols.end()) return {};
    cell_ = cell->second;
    const ir::State& first = initial->front();
    const Stage start{is_online(first) ? "online" : "offline", ""};
    number_of(start);
    see({first, start});
    while (!queue_.empty()) {
      if (seen_.size() > most_situations) {
        out_.complete = false;
        break;
      }
      const Situation at = queue_.front();
      queue_.pop_front();
      expand(at);
    }
    return std::move(out_);
  }

 private:
  bool is_online(const ir::State& state) const {
    const auto found = system_.constants.find("MEM_ONLINE");
    return found != system_.constants.end() &&
           eval::evaluate(system_.pool, cell_, state) == static_cast<std::uint64_t>(found->second);
  }

  void see(const Situation& situation) {
    if (seen_.insert(situation).second) queue_.push_back(situation);
  }

  std::size_t number_of(const Stage& stage) {
    const auto [found, fresh] = numbers_.try_emplace(stage, out_.stages.size());
    if (fresh) out_.stages.push_back(stage.block + (stage.told.empty() ? "" : " after " + stage.told));
    return found->second;
  }

  void expand(const Situation& at) {
    for (const ir::Actor& actor : system_.actors) {
      if (actor.name != "worker0") continue;
      const auto here = leaving_.find(static_cast<ir::Location>(at.state[ir::index(actor.control)]));
      if (here == leaving_.end()) return;
      for (const ir::TransitionId t : here->second) {
        if (eval::is_enabled(system_, t, at.state)) follow(at, t);
      }
    }
  }

  void follow(const Situation& at, ir::TransitionId t) {
    Situation next{eval::fire(system_, t, at.state), at.stage};
    for (const eval::FiredEvent& event : eval::events(system_, t, at.state)) happen(event, next);
    see(next);
  }

  // Requests begin and end a way; notifications are the steps on it.
  void happen(const eval::FiredEvent& event, Situation& next) {
    const std::string& name = system_.event_names[event.name];
    if (event.args.size() >= 3 && name == "request" && event.args[1] == 0) {
      const bool wants = event.args[2] != 0;
      if (is_online(next.state) != wants) next.stage.block = wants ? "going online" : "going offline";
    } else if (event.args.size() >= 3 && name == "notify" && event.args[2] == 0) {
      const auto action = actions_.find(event.args[1]);
      const std::string told = action == actions_.end() ? std::to_string(event.args[1]) : action->second;
      move(next, {next.stage.block, told}, told);
    } else if (event.args.size() >= 4 && name == "returned" && event.args[1] == 0) {
      const bool is = is_online(next.state);
      const bool failed = next.stage.block == (is ? "going offline" : "going online");
      move(next, {is ? "online" : "offline", ""}, failed ? "fails" : "is done", failed);
    }
  }

  void move(Situation& next, Stage to, const std::string& label, bool failure = false) {
    // A request for what already is goes nowhere.
    const bool idle = next.stage == to;
    const bool begins = next.stage.told.empty() && !to.told.empty();
    const Stage from = begins ? Stage{next.stage.block == "going online" ? "offline" : "online", ""} : next.stage;
    const bool at_once = to.told.empty() && next.stage.told.empty();
    next.stage = to;
    if (idle || at_once) return;
    const Lifecycle::Edge edge{number_of(from), number_of(to), label, failure};
    if (known_.insert(edge).second) out_.edges.push_back(edge);
  }

  const ir::TransitionSystem& system_;
  std::map<std::uint64_t, std::string> actions_;
  std::map<ir::Location, std::vector<ir::TransitionId>> leaving_;
  ir::ExprId cell_{};
  std::set<Situation> seen_;
  std::deque<Situation> queue_;
  std::map<Stage, std::size_t> numbers_;
  std::set<Lifecycle::Edge> known_;
  Lifecycle out_;
};

}  // namespace

Lifecycle lifecycle_of(const ir::TransitionSystem& system) {
  return Explorer(system).run();
}

}  // namespace hotproof::cli
