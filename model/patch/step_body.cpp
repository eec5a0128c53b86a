// The function made again from its steps.

#include <algorithm>
#include <limits>
#include <numeric>

#include "model/patch/steps.hpp"

namespace hotproof::patch {

namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

// A statement of a way out, in some order of the steps.
struct Item {
  const std::string* text = nullptr;
  std::size_t begun = 0;       // when in the order what it undoes was done; the failing step's own: last of all
  std::size_t as_written = 0;  // the same in the function's own order
  std::size_t place = never;   // on the way out as written; never: it is not there
};

// As written the two stand against the order of what they undo: they stay so.
bool is_kept(const Item& first, const Item& then) {
  if (first.place == never || then.place == never || first.place >= then.place) return false;
  return first.as_written < then.as_written || (first.as_written == never && then.as_written == never);
}

// The last that was begun comes first, but for pairs that are kept. In the order as written this is the way as written:
// whatever was begun later than its next statement stands behind that one there, and so has to wait.
std::string last_first(std::vector<Item> items) {
  std::string out;
  while (!items.empty()) {
    auto best = items.end();
    for (auto item = items.begin(); item != items.end(); ++item) {
      const auto comes_before = [&item](const Item& other) { return is_kept(other, *item); };
      if (std::any_of(items.begin(), items.end(), comes_before)) continue;
      if (best == items.end() || item->begun > best->begun) best = item;
    }
    out += *best->text + " ";
    items.erase(best);
  }
  return out;
}

}  // namespace

StepOrder Steps::posted() const {
  StepOrder out(steps.size());
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

bool Steps::is_possible(const StepOrder& order) const {
  const auto place = [&order](unsigned step) { return std::find(order.begin(), order.end(), step); };
  return std::all_of(data.begin(), data.end(),
                     [&](const auto& pair) { return place(pair.first) <= place(pair.second); });
}

std::string Steps::way_out(const StepOrder& order, std::size_t at, const StepExit& exit) const {
  const auto is_open = [&](std::size_t done) {
    return std::none_of(order.begin() + static_cast<std::ptrdiff_t>(done),
                        order.begin() + static_cast<std::ptrdiff_t>(at),
                        [&](unsigned s) { return steps[s].closes == order[done]; });
  };
  std::vector<Item> items;
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < exit.parts.size(); ++i) {
    const ExitPart& part = exit.parts[i];
    if (part.undoes == no_step) {
      items.push_back({&part.text, never, never, i});
      continue;
    }
    seen.insert(part.undoes);
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(at);
    const auto found = std::find(order.begin(), end, part.undoes);
    const auto done = static_cast<std::size_t>(found - order.begin());
    if (found != end && is_open(done)) items.push_back({&part.text, done, part.undoes, i});
  }
  for (std::size_t done = at; done-- > 0;) {
    const std::size_t j = order[done];
    const bool is_due = !steps[j].undo.empty() && !exit.forgets.contains(j) && (!exit.succeeds || steps[j].locks);
    if (is_due && !seen.contains(j) && is_open(done)) items.push_back({&steps[j].undo, done, j, never});
  }
  return last_first(std::move(items));
}

Steps::Written Steps::written(const StepOrder& order) const {
  Written out{before, {}};
  for (std::size_t at = 0; at < order.size(); ++at) {
    const Step& step = steps[order[at]];
    out.begins.push_back(out.text.size());
    out.text += step.code[0];
    for (std::size_t e = 0; e < step.exits.size(); ++e)
      out.text += "{ " + way_out(order, at, step.exits[e]) + step.exits[e].leaves + " }" + step.code[e + 1];
  }
  if (order.size() < steps.size()) out.text += "__VERIFIER_assume(0);\n\t";
  out.begins.push_back(out.text.size());
  out.text += after;
  return out;
}

std::string Steps::body(const StepOrder& order) const {
  return written(order).text;
}

std::vector<std::uint32_t> Steps::lines(const StepOrder& order) const {
  const Written made = written(order);
  std::vector<std::uint32_t> out;
  for (const std::size_t begin : made.begins) {
    const auto end = made.text.begin() + static_cast<std::ptrdiff_t>(begin);
    out.push_back(line + 1 + static_cast<std::uint32_t>(std::count(made.text.begin(), end, '\n')));
  }
  return out;
}

}  // namespace hotproof::patch
