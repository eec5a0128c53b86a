#include "model/scenarios/modification_scan.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace hotproof::scenarios {

namespace {

// The fields that meanings and properties read: the life of a block, its section, its zone, its node.
constexpr std::array<std::string_view, 20> tracked{
    "state",         "zone",           "online_type",     "nid",           "altmap",
    "group",         "offline",        "section_mem_map", "usage",         "present_pages",
    "spanned_pages", "zone_start_pfn", "node_start_pfn",  "nr_vmemmap_pages", "node_spanned_pages",
    "alloc",         "inaccessible",   "nr_hwpoison",     "node_present_pages", "nr_isolate_pageblock"};

bool takes_lock(const lower::Leaf& leaf, const std::string& name) {
  const bool lock = leaf.reason.starts_with("the lock primitive") || leaf.reason.starts_with("guard(");
  const bool lets_go = name.find("unlock") != std::string::npos || name.find("up_") != std::string::npos;
  return lock && !lets_go;
}

class Scan {
 public:
  Scan(lower::Mir& mir, const std::map<std::string, lower::Leaf>& leaves) : mir_(mir), leaves_(leaves) {}

  void function(const std::string& name) {
    if (!seen_.insert(name).second) return;
    const lower::Body* body = mir_.body(name);
    if (body == nullptr) return;
    for (const lower::Block& block : body->blocks)
      for (const lower::Instr& instr : block.instrs) instruction(*body, instr);
  }

  std::vector<Modification> found;

 private:
  using Kind = lower::Instr::Kind;

  void instruction(const lower::Body& body, const lower::Instr& instr) {
    if (instr.kind == Kind::store || instr.kind == Kind::copy_record) return store(body, instr);
    if (instr.kind != Kind::call) return;
    const auto* callee = std::get_if<lower::FunctionName>(&instr.callee.value);
    if (callee == nullptr) return add(body, instr, "calls through " + (instr.through.empty() ? "a pointer" : instr.through));
    const auto row = leaves_.find(callee->name);
    if (row == leaves_.end()) return function(callee->name);
    if (takes_lock(row->second, callee->name)) add(body, instr, "calls " + callee->name);
  }

  void store(const lower::Body& body, const lower::Instr& instr) {
    if (std::holds_alternative<lower::MemoryPlace::LocalBase>(instr.place.base)) return;
    const auto last = std::find_if(instr.place.steps.rbegin(), instr.place.steps.rend(), [](const lower::PlaceStep& step) {
      return step.kind == lower::PlaceStep::Kind::field;
    });
    if (last == instr.place.steps.rend()) return;
    if (std::find(tracked.begin(), tracked.end(), last->field) != tracked.end()) add(body, instr, "writes " + last->field);
  }

  void add(const lower::Body& body, const lower::Instr& instr, const std::string& what) {
    if (!said_.insert(body.function + ": " + what).second) return;
    found.push_back({body.function, what, {body.file, instr.span.line, instr.span.column}});
  }

  lower::Mir& mir_;
  const std::map<std::string, lower::Leaf>& leaves_;
  std::set<std::string> seen_, said_;
};

}  // namespace

std::vector<Modification> modifications(lower::Mir& mir, const std::map<std::string, lower::Leaf>& leaves,
                                        const std::string& function) {
  Scan scan(mir, leaves);
  scan.function(function);
  return std::move(scan.found);
}

}  // namespace hotproof::scenarios
