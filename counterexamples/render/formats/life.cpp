#include "counterexamples/render/formats/life.hpp"

#include <algorithm>

#include "counterexamples/render/formats/run_view.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr std::array<LifeMove, 8> moves = {{{Life::absent, Life::offline, "add"},
                                            {Life::offline, Life::absent, "remove"},
                                            {Life::offline, Life::going_online, "online"},
                                            {Life::going_online, Life::online, "done"},
                                            {Life::going_online, Life::offline, "fails"},
                                            {Life::online, Life::going_offline, "offline"},
                                            {Life::going_offline, Life::offline, "done"},
                                            {Life::going_offline, Life::online, "fails"}}};

// What the event "request" asks for, by its number (model/env/requests.c).
bool asks_online(std::int64_t what) {
  return what == 1 || what == 4 || what == 6;
}
bool asks_offline(std::int64_t what) {
  return what == 0 || what == 5 || what == 7;
}

std::optional<Life> named(const std::string& label) {
  if (label == "MEM_ONLINE") return Life::online;
  if (label == "MEM_OFFLINE") return Life::offline;
  if (label == "MEM_GOING_OFFLINE") return Life::going_offline;
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(std::int64_t block)
      : block_(block),
        state_("mem[" + std::to_string(block) + "].state"),
        added_("block[" + std::to_string(block) + "].added") {}

  std::vector<LifeVisit> read(const Trace& trace) {
    out_.push_back({start_of(trace), 0, "", {}});
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
      step_ = i + 1;
      for (const TraceEvent& event : trace.steps[i].events) happen(event);
      for (const TraceChange& change : trace.steps[i].changes) happen(change);
    }
    return std::move(out_);
  }

 private:
  bool is_ours(const TraceEvent& event, std::size_t argument) const {
    return event.args.size() > argument && event.args[argument] == block_;
  }

  // Where the block must have been, from the first thing that tells.
  Life start_of(const Trace& trace) const {
    for (const TraceStep& step : trace.steps) {
      for (const TraceEvent& event : step.events) {
        if (event.name != "request" || !is_ours(event, 1) || event.args.size() < 3) continue;
        if (event.args[2] == 2 && trace_adds(trace)) return Life::absent;
      }
      for (const TraceChange& change : step.changes) {
        if (change.variable == added_) return change.before == "0" ? Life::absent : Life::offline;
        if (change.variable == state_)
          if (const auto was = named(change.before)) return *was;
      }
    }
    for (const TraceStep& step : trace.steps) {
      for (const TraceEvent& event : step.events) {
        const bool request = event.name == "request" && is_ours(event, 1) && event.args.size() >= 3;
        if (request && asks_offline(event.args[2])) return Life::online;
        if (event.name == "notify" && is_ours(event, 2) && shown(event, 1) == "MEM_GOING_OFFLINE") return Life::online;
      }
    }
    return Life::offline;
  }

  bool trace_adds(const Trace& trace) const {
    return std::any_of(trace.steps.begin(), trace.steps.end(), [this](const TraceStep& step) {
      return std::any_of(step.changes.begin(), step.changes.end(), [this](const TraceChange& change) {
        return change.variable == added_ && change.before == "0";
      });
    });
  }

  void go(Life to, const std::string& how) {
    if (out_.back().state == to) return;
    out_.push_back({to, step_, how, {}});
  }

  void happen(const TraceEvent& event) {
    const Life now = out_.back().state;
    if (event.name == "request" && is_ours(event, 1) && event.args.size() >= 3) {
      if (now == Life::offline && asks_online(event.args[2])) go(Life::going_online, "asked to set it online");
      if (now == Life::online && asks_offline(event.args[2])) go(Life::going_offline, "asked to set it offline");
    } else if (event.name == "notify" && is_ours(event, 2)) {
      const std::string action = shown(event, 1);
      // Adding memory may set it online without anybody's request.
      if (now == Life::offline && (action == "MEM_GOING_ONLINE" || action == "MEM_PREPARE_ONLINE"))
        go(Life::going_online, "listeners are told");
      if (now == Life::online && action == "MEM_GOING_OFFLINE") go(Life::going_offline, "listeners are told");
      out_.back().told.push_back(action);
    } else if (event.name == "returned" && is_ours(event, 1) && event.args.size() >= 4) {
      const std::string result = "the request returns " + std::to_string(event.args[3]);
      if (now == Life::going_online) go(Life::offline, result);
      if (now == Life::going_offline) go(Life::online, result);
    }
  }

  void happen(const TraceChange& change) {
    if (change.variable == added_) {
      if (change.after == "0")
        go(Life::absent, "removed");
      else if (out_.back().state == Life::absent)
        go(Life::offline, "added");
    } else if (change.variable == state_) {
      const auto now = named(change.after);
      // In the middle of a request the kernel's record still says what was; a block that goes online is "offline" in
      // it.
      const bool still = now == Life::offline && out_.back().state == Life::going_online;
      if (now && !still && out_.back().state != Life::absent) go(*now, "its record says " + change.after);
    }
  }

  std::int64_t block_;
  std::string state_;
  std::string added_;
  std::vector<LifeVisit> out_;
  std::size_t step_ = 0;
};

}  // namespace

std::span<const LifeMove> life_moves() {
  return moves;
}

std::optional<std::int64_t> block_of(const Trace& trace) {
  for (auto step = trace.steps.rbegin(); step != trace.steps.rend(); ++step) {
    for (const TraceEvent& event : step->events) {
      if ((event.name == "request" || event.name == "returned") && event.args.size() >= 3) return event.args[1];
      if (event.name == "notify" && event.args.size() >= 3) return event.args[2];
      if (event.name == "notified" && event.args.size() >= 5) return event.args[3];
    }
  }
  return std::nullopt;
}

std::vector<LifeVisit> life_of(const Trace& trace, std::int64_t block) {
  return Reader(block).read(trace);
}

std::string in_words(const LifeVisit& visit) {
  std::string out(life_names[static_cast<std::size_t>(visit.state)]);
  if (visit.step > 0) out += " from step " + std::to_string(visit.step) + " (" + visit.how + ")";
  for (std::size_t i = 0; i < visit.told.size(); ++i) out += (i == 0 ? ", told " : ", ") + visit.told[i];
  return out;
}

}  // namespace hotproof::render
