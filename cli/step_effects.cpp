#include "cli/step_effects.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace hotproof::cli {

namespace {

using ByLine = std::map<std::uint32_t, patch::LineEffects>;

bool has_effect(const ir::TransitionSystem& system, const ir::Transition& t) {
  const auto is_seen = [&system](const ir::Update& update) {
    return system[update.var].role == ir::Role::shared || system[update.var].role == ir::Role::lock;
  };
  return !t.events.empty() || t.lock_effect != ir::LockEffect::none || t.choice != ir::Choice::none ||
         std::any_of(t.updates.begin(), t.updates.end(), is_seen);
}

void add(ByLine& lines, const ir::TransitionSystem& system, const ir::Transition& t, std::uint32_t line,
         const std::string& callee) {
  patch::LineEffects& effects = lines[line];
  effects.any = true;
  if (!callee.empty()) effects.calls.insert(callee);
  if (!t.lock) return;
  const std::string& lock = system.locks[ir::index(t.lock->lock)].name;
  if (t.lock_effect == ir::LockEffect::releases) effects.releases.insert(lock);
  if (t.lock_effect == ir::LockEffect::acquires || t.lock_effect == ir::LockEffect::tries)
    effects.acquires.insert(lock);
}

}  // namespace

patch::EffectsOf effects_in(const ir::TransitionSystem& system, const std::string& file, const std::string& name) {
  const auto lines = std::make_shared<ByLine>();
  for (const ir::Transition& t : system.transitions) {
    if (!has_effect(system, t)) continue;
    std::vector<ir::SourceSpan> frames = t.callers;
    frames.push_back(t.span);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const bool here = system.functions[frames[i].function] == name && system.files[frames[i].file] == file;
      if (!here || frames[i].line == 0) continue;
      add(*lines, system, t, frames[i].line, i + 1 < frames.size() ? system.functions[frames[i + 1].function] : "");
      break;
    }
  }
  return [lines](std::uint32_t first, std::uint32_t last) {
    patch::LineEffects out;
    for (auto at = lines->lower_bound(first); at != lines->end() && at->first <= last; ++at) {
      out.any = true;
      out.acquires.insert(at->second.acquires.begin(), at->second.acquires.end());
      out.releases.insert(at->second.releases.begin(), at->second.releases.end());
      out.calls.insert(at->second.calls.begin(), at->second.calls.end());
    }
    return out;
  };
}

}  // namespace hotproof::cli
