#include "model/patch/unified.hpp"

#include <algorithm>
#include <vector>

namespace hotproof::patch {

namespace {

constexpr std::size_t context = 3;
constexpr std::size_t most_compared = 4000;

using Texts = std::vector<std::string_view>;

// Lines with their ends, so that a last line without one differs.
Texts lines_of(std::string_view text) {
  Texts out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    out.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

// One line of the result: ' ', '-' or '+'; for context the line of the old text.
struct Entry {
  char mark;
  std::string_view text;
};

// old[from, to_old) against now[from, to_now).
std::vector<Entry> middle(const Texts& old, const Texts& now, std::size_t from, std::size_t to_old,
                          std::size_t to_now) {
  const std::size_t rows = to_old - from;
  const std::size_t columns = to_now - from;
  std::vector<Entry> out;
  if (rows > most_compared || columns > most_compared) {
    for (std::size_t i = from; i < to_old; ++i) out.push_back({'-', old[i]});
    for (std::size_t i = from; i < to_now; ++i) out.push_back({'+', now[i]});
    return out;
  }
  // common[i][k]: of old from i and now from k.
  std::vector<std::vector<std::uint16_t>> common(rows + 1, std::vector<std::uint16_t>(columns + 1, 0));
  for (std::size_t i = rows; i-- > 0;)
    for (std::size_t k = columns; k-- > 0;)
      common[i][k] = old[from + i] == now[from + k] ? static_cast<std::uint16_t>(common[i + 1][k + 1] + 1)
                                                    : std::max(common[i + 1][k], common[i][k + 1]);
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < rows || k < columns) {
    if (i < rows && k < columns && old[from + i] == now[from + k]) {
      out.push_back({' ', old[from + i]});
      ++i, ++k;
    } else if (k == columns || (i < rows && common[i + 1][k] >= common[i][k + 1])) {
      out.push_back({'-', old[from + i++]});
    } else {
      out.push_back({'+', now[from + k++]});
    }
  }
  return out;
}

std::vector<Entry> compared(const Texts& old, const Texts& now) {
  std::size_t same = 0;
  while (same < old.size() && same < now.size() && old[same] == now[same]) ++same;
  std::size_t end = 0;
  while (end < old.size() - same && end < now.size() - same && old[old.size() - 1 - end] == now[now.size() - 1 - end])
    ++end;
  std::vector<Entry> out;
  for (std::size_t i = 0; i < same; ++i) out.push_back({' ', old[i]});
  const std::vector<Entry> changed = middle(old, now, same, old.size() - end, now.size() - end);
  out.insert(out.end(), changed.begin(), changed.end());
  for (std::size_t i = old.size() - end; i < old.size(); ++i) out.push_back({' ', old[i]});
  return out;
}

std::string range(std::size_t first, std::size_t count) {
  const std::string start = std::to_string(count == 0 ? first : first + 1);
  return count == 1 ? start : start + "," + std::to_string(count);
}

}  // namespace

std::string unified_diff(const std::string& path, std::string_view before, std::string_view after) {
  if (before == after) return "";
  const std::vector<Entry> all = compared(lines_of(before), lines_of(after));
  std::string out = "--- a/" + path + "\n+++ b/" + path + "\n";
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  for (std::size_t at = 0; at < all.size();) {
    const auto changes = [&all](std::size_t i) { return i < all.size() && all[i].mark != ' '; };
    std::size_t first = at;
    while (first < all.size() && !changes(first)) ++first;
    if (first == all.size()) break;
    const std::size_t begin = first - std::min(first - at, context);
    old_line += begin - at;
    new_line += begin - at;
    // A hunk ends where more than twice the context is unchanged.
    std::size_t last = first;
    for (std::size_t i = first; i < all.size() && i <= last + 2 * context + 1; ++i)
      if (changes(i)) last = i;
    const std::size_t end = std::min(all.size(), last + 1 + context);
    const auto count = [&](char other) {
      return static_cast<std::size_t>(std::count_if(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                                    all.begin() + static_cast<std::ptrdiff_t>(end),
                                                    [other](const Entry& entry) { return entry.mark != other; }));
    };
    out += "@@ -" + range(old_line, count('+')) + " +" + range(new_line, count('-')) + " @@\n";
    for (std::size_t i = begin; i < end; ++i) {
      out += all[i].mark;
      out += all[i].text;
      if (all[i].text.back() != '\n') out += "\n\\ No newline at end of file\n";
    }
    old_line += count('+');
    new_line += count('-');
    at = end;
  }
  return out;
}

}  // namespace hotproof::patch
