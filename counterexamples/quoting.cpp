#include "counterexamples/quoting.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string_view>

namespace hotproof::counterexamples {

namespace {

// A function of at most this many lines is quoted whole; of others, so many lines around each line of a run.
constexpr std::size_t whole_function = 120;
constexpr std::size_t around = 8;
// A function's name stands no further above its lines than this.
constexpr std::size_t longest_function = 1000;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    out.push_back(line.substr(0, line.find_last_not_of(" \t\r") + 1));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return out;
}

bool is_name(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// The line begins at the margin and has "name(" in it: in the kernel's style that is where the function begins.
bool begins(std::string_view line, std::string_view name) {
  if (line.empty() || !is_name(line[0])) return false;
  for (std::size_t at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_name(line[at - 1])) && end < line.size() && line[end] == '(') return true;
  }
  return false;
}

// From the line with the name to the brace at the margin; nothing if the text is not laid out like that.
struct Extent {
  std::size_t first, last;
};
std::optional<Extent> extent_of(const std::vector<std::string_view>& lines, std::size_t line, std::string_view name) {
  if (name.empty() || line == 0 || line > lines.size()) return std::nullopt;
  const std::size_t above = line > longest_function ? line - longest_function : 1;
  for (std::size_t first = line; first >= above; --first) {
    if (first != line && lines[first - 1].starts_with('}')) return std::nullopt;  // the end of what stands before it
    if (!begins(lines[first - 1], name)) continue;
    for (std::size_t last = first; last <= lines.size(); ++last) {
      const std::string_view end = lines[last - 1];
      // A function on one line, or a brace at the margin.
      const bool one_line = last == first && end.ends_with('}') && end.find('{') != std::string_view::npos;
      if (one_line || end.starts_with('}')) return last >= line ? std::optional(Extent{first, last}) : std::nullopt;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

struct Wanted {
  std::string file;
  std::string function;
  std::set<std::size_t> lines;
};

class Collector {
 public:
  void add(const std::string& file, const std::string& function, std::uint32_t line) {
    if (file.empty() || line == 0) return;
    const auto [entry, fresh] = place_.try_emplace({file, function}, wanted_.size());
    if (fresh) wanted_.push_back({file, function, {}});
    wanted_[entry->second].lines.insert(line);
  }
  const std::vector<Wanted>& wanted() const { return wanted_; }

 private:
  std::map<std::pair<std::string, std::string>, std::size_t> place_;
  std::vector<Wanted> wanted_;
};

// The numbers of the lines to quote.
std::set<std::size_t> quoted(const std::vector<std::string_view>& lines, const Wanted& wanted) {
  std::set<std::size_t> out;
  for (const std::size_t line : wanted.lines) {
    if (line > lines.size()) continue;
    const auto extent = extent_of(lines, line, wanted.function);
    Extent take = extent.value_or(Extent{1, lines.size()});
    if (!extent || take.last - take.first >= whole_function) {
      if (extent) out.insert(take.first);
      take.first = std::max(take.first, line > around ? line - around : 1);
      take.last = std::min(take.last, line + around);
    }
    for (std::size_t i = take.first; i <= take.last; ++i) out.insert(i);
  }
  return out;
}

}  // namespace

std::vector<Quote> quotes_of(const std::vector<const Trace*>& runs, const Sources& sources) {
  Collector collector;
  for (const Trace* run : runs) {
    for (const TraceStep& step : run->steps) {
      for (const TraceCall& call : step.callers) collector.add(call.file, call.function, call.line);
      if (!step.environment) collector.add(step.file, step.function, step.line);
    }
  }
  std::vector<Quote> out;
  std::size_t room = most_quoted_lines;
  for (const Wanted& wanted : collector.wanted()) {
    const auto file = sources.read ? sources.read(wanted.file) : nullptr;
    if (file == nullptr) continue;
    const std::vector<std::string_view> lines = lines_of(file->text);
    std::size_t before = 0;
    for (const std::size_t number : quoted(lines, wanted)) {
      if (room == 0) return out;
      --room;
      if (before == 0 || number != before + 1)
        out.push_back({wanted.file, wanted.function, static_cast<std::uint32_t>(number), {}, {}});
      before = number;
      out.back().lines.emplace_back(lines[number - 1].substr(0, most_quoted_columns));
      if (file->added_lines.contains(static_cast<std::uint32_t>(number)))
        out.back().added.insert(static_cast<std::uint32_t>(number));
    }
  }
  return out;
}

}  // namespace hotproof::counterexamples
