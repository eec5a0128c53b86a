#include "checker/export/updates.hpp"

#include <algorithm>

namespace hotproof::checker::exports {

UpdateOrder order_of(const ir::ExprPool& pool, const std::vector<ir::Update>& updates) {
  std::vector<std::vector<ir::VarId>> reads;
  for (const ir::Update& update : updates) reads.push_back(pool.variables(update.value));
  std::vector<bool> done(updates.size(), false);
  std::vector<bool> aside(updates.size(), false);
  const auto still_read = [&](std::size_t i) {
    for (std::size_t j = 0; j < updates.size(); ++j)
      if (j != i && !done[j] && !aside[j] && std::binary_search(reads[j].begin(), reads[j].end(), updates[i].var))
        return true;
    return false;
  };
  UpdateOrder out;
  while (out.order.size() < updates.size()) {
    std::size_t next = updates.size();
    for (std::size_t i = 0; i < updates.size() && next == updates.size(); ++i)
      if (!done[i] && !still_read(i)) next = i;
    if (next == updates.size()) {
      // All that are left wait for each other: one of them is kept aside.
      for (next = 0; done[next] || aside[next];) ++next;
      aside[next] = true;
      continue;
    }
    done[next] = true;
    out.order.push_back(next);
  }
  for (std::size_t i = 0; i < updates.size(); ++i)
    if (aside[i]) out.kept.push_back(i);
  return out;
}

}  // namespace hotproof::checker::exports
