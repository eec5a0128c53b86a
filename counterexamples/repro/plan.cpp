#include "counterexamples/repro/plan.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "counterexamples/render/formats/run_view.hpp"
#include "counterexamples/render/tidy.hpp"
#include "specs/lang/ast.hpp"

namespace hotproof::repro {

namespace {

using namespace counterexamples;
using render::event_of;

constexpr std::array<std::string_view, 8> actions = {"MEM_ONLINE",         "MEM_GOING_ONLINE",  "MEM_CANCEL_ONLINE",
                                                     "MEM_PREPARE_ONLINE", "MEM_OFFLINE",       "MEM_GOING_OFFLINE",
                                                     "MEM_CANCEL_OFFLINE", "MEM_FINISH_OFFLINE"};

bool is_action(const std::string& name) {
  return std::find(actions.begin(), actions.end(), name) != actions.end();
}

bool is_one_of_ours(const Trace& trace, std::int64_t listener) {
  return render::listener_name(trace, listener) == "listener " + std::to_string(listener);
}

struct Reason {
  std::string_view fault;
  std::string_view why;
};

// Why faults of the model have no switch in a kernel. What is not listed gets the sentence behind the table.
constexpr std::array<Reason, 16> reasons = {{
    {"hypervisor", "it is the hypervisor's answer, and none of QEMU, z/VM or KVM refuses on request"},
    {"kasan_add_zero_shadow()",
     "it is not open to error injection (ALLOW_ERROR_INJECTION), and it exists with KASAN alone"},
    {"kzalloc()", "failslab fails allocations of a task by chance or count, and cannot be told to fail this one"},
    {"kmemdup()", "failslab fails allocations of a task by chance or count, and cannot be told to fail this one"},
    {"kmem_cache_alloc()",
     "failslab fails allocations of a task by chance or count, and cannot be told to fail this one"},
    {"get_zeroed_page()",
     "fail_page_alloc fails allocations of a task by chance or count, and cannot be told to fail this one"},
    {"alloc_page_ext()", "its memory comes from the page allocator or vmalloc, of which no injection picks this one"},
    {"xa_", "an insertion into an xarray fails for want of memory alone, and no injection picks that allocation"},
    {"a page cannot move",
     "whether a page moves depends on who uses it; nothing pins a page of a chosen block on request"},
    {"dissolving free huge pages", "it depends on the pool of huge pages at that moment"},
    {"start_isolate_page_range()", "it is not open to error injection, and depends on what lies in the range"},
    {"the block has a hole", "holes come from the machine's memory map at boot"},
    {"the block lies in several zones", "zones come from the machine's memory map at boot"},
    {"acpi_", "it is the firmware's answer"},
    {"vmem", "page tables of the memmap are made without any fault injection"},
    {"device_register()", "it is not open to error injection"},
}};

std::string why_not(const std::string& fault) {
  for (const Reason& reason : reasons)
    if (fault.find(reason.fault) != std::string::npos) return std::string(reason.why);
  return "no interface of the kernel makes it fail on purpose";
}

// The file of a block in sysfs that asks for it, by the number of the event "request" (model/env/requests.c).
std::optional<Request> request_of(std::int64_t what) {
  switch (what) {
    case 0:
      return Request{"state", "offline", false, {}, {}, {}};
    case 1:
      return Request{"state", "online", true, {}, {}, {}};
    case 4:
      return Request{"state", "online_movable", true, {}, {}, {}};
    case 5:
      return Request{"online", "0", false, {}, {}, {}};
    case 6:
      return Request{"online", "1", true, {}, {}, {}};
    default:
      return std::nullopt;
  }
}

class Planner {
 public:
  explicit Planner(const Trace& trace) : trace_(trace) {}

  Plan plan() {
    for (const TraceStep& step : trace_.steps) {
      for (const TraceEvent& event : step.events) happen(event);
      for (const TraceChange& change : step.changes)
        if (change.variable.starts_with("mem[") && change.variable.ends_with("].state"))
          plan_.left_online = change.after == "MEM_ONLINE";
    }
    judge_faults();
    judge_actors();
    if (plan_.requests.empty()) obstacle("the run asks for nothing through sysfs");
    if (blocks_.size() > 1) obstacle("the run is about several blocks at once");
    choose_listeners();
    if (!trace_.steps.empty()) {
      const TraceStep& last = trace_.steps.back();
      plan_.to_the_end = event_of(last, "unlock", 0) != nullptr || event_of(last, "returned", 0) != nullptr;
    }
    return std::move(plan_);
  }

 private:
  void obstacle(const std::string& why) {
    if (std::find(plan_.obstacles.begin(), plan_.obstacles.end(), why) == plan_.obstacles.end())
      plan_.obstacles.push_back(why);
  }

  void happen(const TraceEvent& event) {
    if (event.name == "request" && event.args.size() >= 3) {
      ask(event.args[1], event.args[2]);
    } else if (event.name == "returned" && event.args.size() >= 4) {
      if (adding_) {
        if (event.args[3] != 0) obstacle("adding memory fails in the run, and no script can ask firmware for that");
        adding_ = false;
      } else if (!plan_.requests.empty()) {
        plan_.requests.back().result = event.args[3];
      }
    } else if (event.name == "notify" && event.args.size() >= 3 && !plan_.requests.empty()) {
      plan_.requests.back().sent.push_back(action_of(event, 1));
    } else if (event.name == "notified" && event.args.size() >= 5) {
      if (!is_one_of_ours(trace_, event.args[1])) return;  // the kernel's own listener is there anyway
      const Told told{event.args[1], action_of(event, 2), event.args[4]};
      if (plan_.requests.empty())
        obstacle("listeners are told something before anything is asked for through sysfs");
      else
        plan_.requests.back().told.push_back(told);
      plan_.highest = std::max(plan_.highest, told.listener);
    }
  }

  std::string action_of(const TraceEvent& event, std::size_t argument) {
    std::string action = render::shown(event, argument);
    if (!is_action(action)) {
      obstacle("the run sends a notification that is none of the kernel's");
      action = "MEM_ONLINE";
    }
    return action;
  }

  void ask(std::int64_t block, std::int64_t what) {
    blocks_.insert(block);
    if (const auto request = request_of(what)) {
      if (plan_.requests.empty()) plan_.left_online = !request->online;
      plan_.requests.push_back(*request);
    } else if (what == 2 && plan_.requests.empty() && !added_) {
      added_ = adding_ = true;  // a block that is there already stands for one that has just been added
    } else {
      obstacle("the run adds or removes memory on the way, which is for firmware to ask for, not for a script");
    }
  }

  void judge_faults() {
    const std::vector<std::string> words = render::faults_in_words(trace_);
    std::size_t fault = 0;
    for (const TraceStep& step : trace_.steps) {
      if (step.faults == 0) continue;
      const std::string what = fault < words.size() ? words[fault] : step.text;
      ++fault;
      const bool is_answer = what.find(" answers MEM_") != std::string::npos;
      if (is_answer && what.starts_with("listener ")) continue;  // the module's, or the error injection's
      if (is_answer)
        obstacle("'" + what + "': the listener is the kernel's own, and only what it finds makes it refuse");
      else
        obstacle("'" + what + "': " + why_not(what));
    }
  }

  void judge_actors() {
    const std::vector<std::size_t> actors = render::moving_actors(render::tidy(trace_));
    if (actors.size() > 1)
      obstacle("the run needs several actors to take turns at given places, and nothing in a kernel makes them");
  }

  // A listener that refuses nothing but MEM_GOING_x is what memory-notifier-error-inject is for.
  void choose_listeners() {
    std::map<std::int64_t, bool> known;  // whether error injection reaches all it does
    for (const Request& request : plan_.requests) {
      for (const Told& told : request.told) {
        const bool reached = told.action == "MEM_GOING_ONLINE" || told.action == "MEM_GOING_OFFLINE";
        bool& injectable = known.try_emplace(told.listener, true).first->second;
        if (told.refuses() && !reached) injectable = false;
        if (told.answer != 1 && !told.refuses()) injectable = false;
      }
    }
    for (const auto& [listener, injectable] : known) {
      const bool refuses = std::any_of(plan_.requests.begin(), plan_.requests.end(), [l = listener](const Request& r) {
        return std::any_of(r.told.begin(), r.told.end(), [l](const Told& t) { return t.listener == l && t.refuses(); });
      });
      if (refuses && injectable && !plan_.injected)
        plan_.injected = listener;
      else
        plan_.listeners.push_back(listener);
    }
  }

  const Trace& trace_;
  Plan plan_;
  std::set<std::int64_t> blocks_;
  bool added_ = false;
  bool adding_ = false;
};

// What of a rule's condition nobody outside sees; empty: all is seen.
std::string unseen_in(const spec::Expr& expr) {
  using Kind = spec::Expr::Kind;
  if (expr.kind == Kind::cell) {
    const std::string field = expr.path.empty() ? "" : expr.path.back().field;
    const bool seen =
        (expr.text == "mem" && field == "state") || (expr.text == "block" && (field == "added" || field == "boot"));
    if (!seen && expr.text != "device_hotplug_lock") return expr.text + (field.empty() ? "" : "." + field);
  }
  for (const spec::Expr& part : expr.args)
    if (std::string found = unseen_in(part); !found.empty()) return found;
  return "";
}

bool is_seen(const spec::EventPattern& event) {
  static const std::set<std::string> told = {"notified", "notifying", "notify", "notify-done", "request", "returned"};
  if (told.contains(event.event)) return true;
  // When an operation lets device_hotplug_lock go, it is over.
  return event.event == "unlock" && event.patterns.size() >= 2 && !event.patterns[1].values.empty() &&
         event.patterns[1].values[0].text == "device_hotplug_lock";
}

std::string unseen_of(const spec::SpecProperty* property) {
  const auto* rule =
      property == nullptr || property->form == nullptr ? nullptr : std::get_if<spec::Rule>(&property->form->what);
  if (rule == nullptr) return "the rule is not one about events";
  for (const spec::Edge& edge : rule->edges) {
    if (!is_seen(edge.event)) return "the rule speaks of '" + edge.event.event + "', which happens inside the kernel";
    for (const spec::Expr& when : edge.when)
      if (const std::string what = unseen_in(when); !what.empty())
        return "the rule asks for " + what + ", which is inside the kernel";
    for (const spec::Action& action : edge.actions)
      if (const std::string what = unseen_in(action.condition); !what.empty())
        return "the rule asks for " + what + ", which is inside the kernel";
  }
  return "";
}

}  // namespace

Plan plan_of(const render::RunView& run, const spec::SpecProperty* rule) {
  Plan plan = Planner(*run.property->trace).plan();
  plan.unseen = unseen_of(rule);
  return plan;
}

}  // namespace hotproof::repro
