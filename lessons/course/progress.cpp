#include "lessons/course/progress.hpp"

#include <algorithm>
#include <charconv>

namespace hotproof::lessons {

namespace {

constexpr std::string_view heading = "hotproof lessons 1";

// The words of one line, each with its column.
class Line {
 public:
  Line(std::string_view text, Place place) : text_(text), place_(std::move(place)) {}

  // The next word; empty at the end.
  std::string_view next() {
    at_ = std::min(text_.find_first_not_of(' ', at_), text_.size());
    start_ = at_;
    at_ = std::min(text_.find(' ', at_), text_.size());
    return text_.substr(start_, at_ - start_);
  }

  std::optional<std::uint32_t> number() {
    const std::string_view word = next();
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || error != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return value;
  }

  // At the word that was read last.
  Diagnostic damaged(const char* wanted) const {
    Place place = place_;
    place.column = static_cast<std::uint32_t>(start_ + 1);
    return {place, std::string("the file of progress is damaged: here stands ") + wanted,
            "mend it, or move it away to start anew"};
  }

 private:
  std::string_view text_;
  Place place_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

bool is_word_of_id(std::string_view word) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !word.empty() && std::all_of(word.begin(), word.end(), fits);
}

// "lock-balance hints 2 done best 0 1 14"
std::optional<Diagnostic> read_line(Line line, Progress& into) {
  const std::string_view id = line.next();
  if (!is_word_of_id(id)) return line.damaged("the name of a unit");
  const auto [entry, fresh] = into.try_emplace(std::string(id));
  if (!fresh) return line.damaged("a unit that was not named before");
  for (std::string_view word = line.next(); !word.empty(); word = line.next()) {
    if (word == "done") {
      entry->second.done = true;
    } else if (word == "hints") {
      const auto count = line.number();
      if (!count || *count > 3) return line.damaged("a number of hints, 0 to 3");
      entry->second.hints = *count;
    } else if (word == "best") {
      std::array<std::uint32_t, 3> best{};
      for (std::uint32_t& part : best) {
        const auto number = line.number();
        if (!number) return line.damaged("a number");
        part = *number;
      }
      entry->second.best = best;
    } else {
      return line.damaged("hints, done or best");
    }
  }
  return std::nullopt;
}

}  // namespace

Outcome<Progress> read_progress(std::string_view text, const std::string& file) {
  Progress out;
  if (text.empty()) return out;
  std::uint32_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    const Place place{file, number, 1};
    if (end == std::string_view::npos)
      return failure({file, number, static_cast<std::uint32_t>(text.size() + 1)},
                     "the file of progress is damaged: its last line has no end", "mend it, or move it away to start anew");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (number == 1) {
      if (line != heading)
        return failure(place, "this is no file of progress: it does not begin with '" + std::string(heading) + "'",
                       "give another --progress, or move it away to start anew");
      continue;
    }
    if (auto problem = read_line(Line(line, place), out)) return tl::unexpected(std::move(*problem));
  }
  return out;
}

UnitProgress joined(const UnitProgress& one, const UnitProgress& other) {
  UnitProgress out;
  out.hints = std::max(one.hints, other.hints);
  out.done = one.done || other.done;
  out.best = one.best && other.best ? std::min(one.best, other.best) : one.best ? one.best : other.best;
  return out;
}

std::string write(const Progress& progress) {
  std::string out = std::string(heading) + "\n";
  for (const auto& [id, unit] : progress) {
    out += id;
    if (unit.hints > 0) out += " hints " + std::to_string(unit.hints);
    if (unit.done) out += " done";
    if (unit.best) {
      out += " best";
      for (const std::uint32_t part : *unit.best) out += " " + std::to_string(part);
    }
    out += "\n";
  }
  return out;
}

}  // namespace hotproof::lessons
