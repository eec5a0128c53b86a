#include "specs/lang/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace hotproof::spec {

namespace {

using Kind = Parameter::Kind;

constexpr std::array<NamedValue, 2> modes{{{"read", 0}, {"write", 1}}};
constexpr std::array<NamedValue, 14> requests{{{"offline", 0},
                                               {"online", 1},
                                               {"add", 2},
                                               {"remove", 3},
                                               {"online_movable", 4},
                                               {"device_offline", 5},
                                               {"device_online", 6},
                                               {"offline_and_remove", 7},
                                               {"probe", 8},
                                               {"acpi_add", 9},
                                               {"acpi_remove", 10},
                                               {"auto_online", 11},
                                               {"boot_add", 12},
                                               {"memory_failure", 13}}};
constexpr std::array<NamedValue, 5> touches{
    {{"initialise", 0}, {"read", 1}, {"write", 2}, {"poison", 3}, {"teardown", 4}}};

constexpr std::array<NamedValue, 8> of_pages{{{"let_go", 0},
                                              {"isolated", 1},
                                              {"tested", 2},
                                              {"taken", 3},
                                              {"handed_over", 4},
                                              {"to_move", 5},
                                              {"moved", 6},
                                              {"stuck", 7}}};

constexpr std::array<NamedValue, 3> of_ranges{{{"to_offline", 0}, {"to_online", 1}, {"to_prepare", 2}}};

const std::vector<EventKind>& events() {
  static const Parameter actor{Kind::number, "actor", {}};
  static const Parameter block{Kind::number, "block", {}};
  static const Parameter action{Kind::number, "action", {}};
  static const Parameter lock{Kind::lock, "lock", {}};
  static const Parameter mode{Kind::number, "mode", modes};
  static const Parameter what{Kind::number, "what", requests};
  static const Parameter how{Kind::number, "how", touches};
  static const Parameter node{Kind::number, "node", {}};
  static const Parameter value{Kind::number, "value", {}};
  static const Parameter result{Kind::number, "result", {}};
  static const auto number = [](std::string_view name) { return Parameter{Kind::number, name, {}}; };
  static const std::vector<EventKind> table{
      {"call", {actor}},
      {"return", {actor, value}},
      {"lock", {actor, lock, mode, number("already-held")}},
      {"unlock", {actor, lock, mode, number("was-held")}},
      {"unset-read", {actor, number("decides")}},
      {"null-dereference", {actor}},
      {"use-after-free", {actor}},
      {"bug", {actor}},
      {"division-by-zero", {actor}},
      {"warning", {actor}},
      {"assert-failed", {actor}},
      {"request", {actor, block, what}},
      {"returned", {actor, block, what, result}},
      {"notify", {actor, action, block}},
      {"notify-done", {actor, action, block, result}},
      {"notified", {actor, number("listener"), action, block, number("answer")}},
      {"notifying", {actor, number("listener"), action, block}},
      {"memmap", {actor, block, how}},
      {"initialised-again", {actor, block}},
      {"no-dat", {actor, block}},
      {"shown", {actor, block, number("offline")}},
      {"odd-range", {actor}},
      {"signal", {actor, number("pending")}},
      {"pages", {actor, block, Parameter{Kind::number, "what", of_pages}}},
      {"memmap-made", {actor, block, number("from"), number("pages")}},
      {"memmap-freed", {actor, block, number("into"), number("pages"), number("from"), number("made")}},
      {"reference", {actor, block, number("by")}},
      {"accounts", {actor, number("difference")}},
      {"range",
       {actor, block, Parameter{Kind::number, "what", of_ranges}, number("front"), number("behind"), number("wraps")}},
      {"sections", {actor, block, Parameter{Kind::number, "what", of_ranges}, number("front"), number("behind")}},
      {"counts", {actor, number("present"), number("spanned")}},
      {"span", {actor, block}},
      {"node-span", {actor, block}},
      {"isolate-count", {actor, block}},
      {"sleeps", {actor}},
      {"uevent", {actor, block, value}},
      {"present", {actor, block}},
      {"accessible", {actor, block, value}},
      {"partly-accessible", {actor, block, value}},
      {"disable", {actor, number("what")}},
      {"enable", {actor, number("what")}},
      {"node-state", {actor, node, value}},
      {"zonelists", {actor, node}},
  };
  return table;
}

constexpr std::array<std::string_view, 5> set_names{"block", "listener", "actor", "node", "lock"};
constexpr std::array<std::string_view, 4> bases{"block", "mem", "hot_add", "hot_remove"};
constexpr std::array<std::string_view, 19> fields_of_block{
    "accessible",   "some",     "memmap",   "altmap", "boot",       "increment",   "part",
    "start_pfn",    "added",    "on_bus",   "users",  "references", "in_resource", "memmap_from",
    "memmap_pages", "possible", "visitors", "bound",  "isolated"};
constexpr std::array<std::string_view, 12> fields_of_mem{
    "state",       "zone",    "online_type", "nid",  "altmap", "group", "nr_vmemmap_pages", "start_section_nr",
    "nr_hwpoison", "offline", "dev",         "mutex"};
constexpr std::array<std::string_view, 28> constant_names{"MEM_ONLINE",
                                                          "MEM_GOING_OFFLINE",
                                                          "MEM_OFFLINE",
                                                          "MEM_GOING_ONLINE",
                                                          "MEM_CANCEL_ONLINE",
                                                          "MEM_CANCEL_OFFLINE",
                                                          "MEM_PREPARE_ONLINE",
                                                          "MEM_FINISH_OFFLINE",
                                                          "NODE_ADDING_FIRST_MEMORY",
                                                          "NODE_ADDED_FIRST_MEMORY",
                                                          "NODE_CANCEL_ADDING_FIRST_MEMORY",
                                                          "NODE_REMOVING_LAST_MEMORY",
                                                          "NODE_REMOVED_LAST_MEMORY",
                                                          "NODE_CANCEL_REMOVING_LAST_MEMORY",
                                                          "NOTIFY_DONE",
                                                          "NOTIFY_OK",
                                                          "NOTIFY_BAD",
                                                          "NOTIFY_STOP",
                                                          "NOTIFY_STOP_MASK",
                                                          "MMOP_OFFLINE",
                                                          "MMOP_ONLINE",
                                                          "MMOP_ONLINE_KERNEL",
                                                          "MMOP_ONLINE_MOVABLE",
                                                          "EBUSY",
                                                          "EINVAL",
                                                          "ENOMEM",
                                                          "ENODEV",
                                                          "EIO"};
constexpr std::array<std::string_view, 3> lock_names{"device_hotplug_lock", "mem_hotplug_lock", "cpu_hotplug_lock"};
constexpr std::array<Builtin, 8> builtins{{{"holds", 1, 2, true, true},
                                           {"holds_nothing", 0, 0, false, true},
                                           {"holds_spinlock", 0, 0, false, true},
                                           {"held_by_others", 1, 1, true, true},
                                           {"free", 1, 1, true, false},
                                           {"is_spinlock", 1, 1, true, false},
                                           {"after", 1, 1, false, true},
                                           {"cell", 1, 1, false, false}}};

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

const EventKind* find_event(std::string_view name) {
  for (const EventKind& event : events())
    if (event.name == name) return &event;
  return nullptr;
}

std::vector<std::string_view> event_names() {
  std::vector<std::string_view> out;
  for (const EventKind& event : events()) out.push_back(event.name);
  return out;
}

std::string parameter_names(const EventKind& event) {
  std::string out;
  for (const Parameter& parameter : event.parameters) {
    if (!out.empty()) out += ", ";
    out += parameter.name;
  }
  return out;
}

std::span<const std::string_view> sets() {
  return set_names;
}
std::span<const std::string_view> symbol_bases() {
  return bases;
}
std::span<const std::string_view> block_fields() {
  return fields_of_block;
}
std::span<const std::string_view> mem_fields() {
  return fields_of_mem;
}
std::span<const std::string_view> known_constants() {
  return constant_names;
}
std::span<const std::string_view> known_locks() {
  return lock_names;
}

const Builtin* find_builtin(std::string_view name) {
  const auto* found = std::find_if(builtins.begin(), builtins.end(), [&](const Builtin& b) { return b.name == name; });
  return found == builtins.end() ? nullptr : found;
}

std::vector<std::string_view> builtin_names() {
  std::vector<std::string_view> out;
  for (const Builtin& builtin : builtins) out.push_back(builtin.name);
  return out;
}

std::string nearest(std::string_view word, std::span<const std::string_view> words) {
  constexpr std::size_t longest = 64;  // no known word is longer; keeps hostile words cheap
  const std::size_t allowed = word.size() < 3 ? 0 : std::min<std::size_t>(3, word.size() / 3);
  if (word.empty() || word.size() > longest) return {};
  const auto common = [&](std::string_view other) {
    return std::ranges::mismatch(word, other).in1 - word.begin();  // letters they begin with alike
  };
  std::string best;
  std::size_t least = allowed + 1;
  for (const std::string_view candidate : words) {
    const std::size_t d = distance(word, candidate);
    if (d > allowed || d > least || (d == least && common(candidate) <= common(best))) continue;
    least = d;
    best = candidate;
  }
  return best;
}

std::string slip_of(std::string_view word, std::span<const std::string_view> words) {
  if (word.size() < 4) return {};
  const std::string near = nearest(word, words);
  if (near.empty() || near == word) return {};
  return distance(word, near) <= (word.size() >= 8 ? 2U : 1U) ? near : std::string{};
}

std::string suggestion(std::string_view word, std::span<const std::string_view> words) {
  const std::string near = nearest(word, words);
  return near.empty() ? std::string{} : "did you mean '" + near + "'?";
}

}  // namespace hotproof::spec
