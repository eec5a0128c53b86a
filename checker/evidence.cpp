#include "checker/evidence.hpp"

namespace hotproof::checker {

namespace {

void take_run(PropertyResult& out, Verdict verdict, Evidence& seen) {
  out.verdict = verdict;
  out.depth = static_cast<std::uint32_t>(seen.run->steps.size());
  out.run = std::move(seen.run);
}

void inconclusive(PropertyResult& out, const Evidence& seen) {
  out.verdict = Verdict::inconclusive;
  out.depth = seen.covered_depth;
  const bool limit_of_depth = seen.stopped_by == "depth";
  out.reason = (limit_of_depth ? "depth limit" : seen.stopped_by) + "; no answer in the runs of up to " +
               std::to_string(seen.covered_depth) + " steps (" + std::to_string(seen.states) + " states)";
}

}  // namespace

bool judged_without_faults(const ir::Property& property) {
  return property.kind == ir::PropertyKind::cover && property.cover_without_faults;
}

void judge_cover(PropertyResult& out, Evidence seen) {
  if (seen.run) {
    take_run(out, Verdict::proved, seen);
  } else if (!seen.complete) {
    inconclusive(out, seen);
  } else {
    out.verdict = Verdict::violated;
    out.depth = seen.covered_depth;
    out.reason = "no run reaches it";
  }
}

void judge_rule(const ir::TransitionSystem& system, PropertyResult& out, Evidence seen, bool triggered) {
  if (seen.run) {
    take_run(out, Verdict::violated, seen);
  } else if (!seen.complete) {
    inconclusive(out, seen);
  } else {
    out.verdict = triggered ? Verdict::proved : Verdict::vacuous;
    out.depth = seen.deepest;
    if (triggered) return;
    std::string names;
    for (const ir::MarkId mark : system.properties[ir::index(out.property)].triggers)
      names += (names.empty() ? "" : ", ") + system.marks[ir::index(mark)];
    out.reason = "no run reaches " + names;
  }
}

}  // namespace hotproof::checker
