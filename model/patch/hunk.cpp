#include "model/patch/hunk.hpp"

#include <algorithm>

namespace hotproof::patch {

namespace {

using LineKind = HunkLine::Kind;

constexpr std::size_t most_readings = 64;

// "188,6" or "188" (then the count is 1).
bool take_range(std::string_view& text, std::uint32_t& start, std::uint32_t& count) {
  const auto number = [&](std::uint32_t& out) {
    std::size_t digits = 0;
    out = 0;
    for (; digits < text.size() && digits < 10 && text[digits] >= '0' && text[digits] <= '9'; ++digits)
      out = out * 10 + static_cast<std::uint32_t>(text[digits] - '0');
    text.remove_prefix(digits);
    return digits > 0 && digits < 10;
  };
  if (!number(start)) return false;
  count = 1;
  if (text.empty() || text.front() != ',') return true;
  text.remove_prefix(1);
  return number(count);
}

// The end of a mail's text, as git marks it.
bool is_signature(std::string_view text) {
  return trim(text) == "--";
}

LineKind kind_by_sign(std::string_view text) {
  if (text.empty()) return LineKind::context;
  return text.front() == '+' ? LineKind::added : text.front() == '-' ? LineKind::removed : LineKind::context;
}

// True if the line can be a context line only because its leading blank was lost.
bool lacks_blank(std::string_view text) {
  return !text.empty() && text.front() != ' ' && text.front() != '\\';
}

HunkLine make_line(const Line& line, LineKind kind) {
  const bool strip = !line.text.empty() && (kind != LineKind::context || line.text.front() == ' ');
  return {kind, line.text.substr(strip ? 1 : 0), line.number, false};
}

class HunkReader {
 public:
  HunkReader(const Lines& lines, std::size_t at, const std::string& file, Hunk& hunk)
      : lines_(lines), at_(at), file_(file), hunk_(hunk), stop_(at) {
    while (stop_ < lines.size() && !begins_next(stop_)) ++stop_;
  }

  Outcome<std::size_t> read() {
    if (const auto end = by_signs()) return *end;
    if (any_damage()) {
      if (const auto end = by_counts()) return *end;
    }
    return wrong_counts();
  }

 private:
  bool begins_next(std::size_t i) const {
    if (starts_with(lines_[i].text, "diff --git ") || read_hunk_header(lines_[i])) return true;
    // "--- x" and "+++ y" may also be changed lines that begin with "-- " and "++ ".
    return begins_file(lines_, i) && i + 2 < lines_.size() && starts_with(lines_[i + 2].text, "@@ ");
  }

  void mark_newline(HunkLines& out) const {
    if (!out.empty()) out.back().ends_without_newline = true;
  }

  // Reads every sign as it stands; nothing if that does not give the counts.
  std::optional<std::size_t> by_signs() {
    std::uint32_t old_left = hunk_.old_count;
    std::uint32_t new_left = hunk_.new_count;
    HunkLines out;
    bool damaged = false;
    std::size_t i = at_;
    for (; (old_left > 0 || new_left > 0) && i < lines_.size(); ++i) {
      const std::string& text = lines_[i].text;
      if (i == stop_ && !(begins_file(lines_, i) && old_left == 1 && new_left == 1)) return std::nullopt;
      if (!text.empty() && text.front() == '\\') {
        mark_newline(out);
        continue;
      }
      const LineKind kind = kind_by_sign(text);
      if ((kind != LineKind::added && old_left == 0) || (kind != LineKind::removed && new_left == 0)) return std::nullopt;
      if (kind != LineKind::added) --old_left;
      if (kind != LineKind::removed) --new_left;
      damaged = damaged || (kind == LineKind::context && lacks_blank(text));
      out.push_back(make_line(lines_[i], kind));
    }
    if (old_left > 0 || new_left > 0) return std::nullopt;
    if (i < lines_.size() && !lines_[i].text.empty() && lines_[i].text.front() == '\\') {
      mark_newline(out);
      ++i;
    }
    if (i < stop_ && (goes_on(lines_[i].text) || (!damaged && is_context(lines_[i].text)))) return std::nullopt;
    hunk_.lines = std::move(out);
    hunk_.damaged = damaged;
    return i;
  }

  // A changed line behind the last one that the header counts.
  static bool goes_on(std::string_view text) {
    return kind_by_sign(text) != LineKind::context && !is_signature(text) && !starts_with(text, "---") &&
           !starts_with(text, "+++");
  }

  // A line that can only be context, where context lines have kept their blank.
  static bool is_context(std::string_view text) { return starts_with(text, " ") && !trim(text).empty(); }

  bool any_damage() const {
    return std::any_of(lines_.begin() + static_cast<std::ptrdiff_t>(at_),
                       lines_.begin() + static_cast<std::ptrdiff_t>(stop_),
                       [](const Line& l) { return kind_by_sign(l.text) == LineKind::context && lacks_blank(l.text); });
  }

  // How many of the first `count` lines must be context although they begin with '-' (first) and '+' (second).
  struct Misread {
    std::size_t end = 0;  // index behind the lines
    std::size_t minus = 0, plus = 0;
    std::size_t all_minus = 0, all_plus = 0;  // lines with that sign
  };

  // With c context, s '-' and t '+' lines of which b '+' and a '-' are context: old = c + s + b, new = c + t + a. So
  // the counts determine a and b once the hunk's end is known; the end with the fewest misread lines is taken.
  std::optional<std::size_t> by_counts() {
    std::optional<Misread> best;
    Misread now;
    std::vector<std::size_t> minus_at;
    std::vector<std::size_t> plus_at;
    std::int64_t context = 0;
    for (std::size_t i = at_; i < stop_ && !is_signature(lines_[i].text); ++i) {
      const std::string& text = lines_[i].text;
      if (!text.empty() && text.front() == '\\') continue;
      const LineKind kind = kind_by_sign(text);
      if (kind == LineKind::context)
        ++context;
      else
        (kind == LineKind::removed ? minus_at : plus_at).push_back(i);
      const auto removed = static_cast<std::int64_t>(minus_at.size());
      const auto added = static_cast<std::int64_t>(plus_at.size());
      const std::int64_t plus = std::int64_t{hunk_.old_count} - context - removed;
      const std::int64_t minus = std::int64_t{hunk_.new_count} - context - added;
      if (plus < 0 || minus < 0) break;
      if (plus > added || minus > removed) continue;
      now.end = i + 1;
      now.plus = static_cast<std::size_t>(plus);
      now.minus = static_cast<std::size_t>(minus);
      now.all_minus = minus_at.size();
      now.all_plus = plus_at.size();
      if (ends_well(now.end) && (!best || now.plus + now.minus <= best->plus + best->minus)) best = now;
    }
    if (!best) return std::nullopt;
    minus_at.resize(best->all_minus);
    plus_at.resize(best->all_plus);
    if (!enumerate(*best, minus_at, plus_at)) return std::nullopt;
    return best->end;
  }

  // True if what follows can stand behind a hunk.
  bool ends_well(std::size_t end) const {
    if (end >= stop_) return true;
    return stop_ == lines_.size() && !goes_on(lines_[end].text);
  }

  // All ways to choose the misread lines; false if there are too many.
  bool enumerate(const Misread& misread, const std::vector<std::size_t>& minus_at,
                 const std::vector<std::size_t>& plus_at) {
    std::vector<std::vector<std::size_t>> choices = {{}};
    if (!choose(minus_at, misread.minus, choices) || !choose(plus_at, misread.plus, choices)) return false;
    for (const auto& choice : choices) hunk_.others.push_back(reading(misread.end, choice));
    hunk_.lines = std::move(hunk_.others.front());
    hunk_.others.erase(hunk_.others.begin());
    hunk_.damaged = true;
    return true;
  }

  static bool choose(const std::vector<std::size_t>& from, std::size_t count,
                     std::vector<std::vector<std::size_t>>& choices) {
    for (std::size_t taken = 0; taken < count; ++taken) {
      std::vector<std::vector<std::size_t>> longer;
      for (const auto& choice : choices) {
        for (const std::size_t at : from) {
          const bool own = !choice.empty() && std::find(from.begin(), from.end(), choice.back()) != from.end();
          if (own && at <= choice.back()) continue;
          longer.push_back(choice);
          longer.back().push_back(at);
          if (longer.size() > most_readings) return false;
        }
      }
      choices = std::move(longer);
    }
    return !choices.empty();
  }

  HunkLines reading(std::size_t end, const std::vector<std::size_t>& context) const {
    HunkLines out;
    for (std::size_t i = at_; i < end; ++i) {
      if (!lines_[i].text.empty() && lines_[i].text.front() == '\\') {
        mark_newline(out);
        continue;
      }
      const bool misread = std::find(context.begin(), context.end(), i) != context.end();
      out.push_back(make_line(lines_[i], misread ? LineKind::context : kind_by_sign(lines_[i].text)));
    }
    return out;
  }

  tl::unexpected<Diagnostic> wrong_counts() const {
    std::uint32_t old_lines = 0;
    std::uint32_t new_lines = 0;
    for (std::size_t i = at_; i < stop_ && !is_signature(lines_[i].text); ++i) {
      const LineKind kind = kind_by_sign(lines_[i].text);
      if (kind != LineKind::added) ++old_lines;
      if (kind != LineKind::removed) ++new_lines;
    }
    const bool cut = old_lines < hunk_.old_count || new_lines < hunk_.new_count;
    const std::string says = "its header says " + std::to_string(hunk_.old_count) + " old and " +
                             std::to_string(hunk_.new_count) + " new lines";
    if (cut)
      return failure({file_, hunk_.line, 1}, "the hunk is cut: " + says + ", here are " + std::to_string(old_lines) +
                                                 " and " + std::to_string(new_lines));
    return failure({file_, hunk_.line, 1}, "the hunk's lines do not have the counts of its header: " + says);
  }

  const Lines& lines_;
  std::size_t at_;
  const std::string& file_;
  Hunk& hunk_;
  std::size_t stop_;  // the next header, or the text's end
};

}  // namespace

bool begins_file(const Lines& lines, std::size_t at) {
  return starts_with(lines[at].text, "--- ") && at + 1 < lines.size() && starts_with(lines[at + 1].text, "+++ ");
}

std::optional<Hunk> read_hunk_header(const Line& line) {
  std::string_view text = line.text;
  if (!starts_with(text, "@@ -")) return std::nullopt;
  text.remove_prefix(4);
  Hunk out;
  out.line = line.number;
  if (!take_range(text, out.old_start, out.old_count) || !starts_with(text, " +")) return std::nullopt;
  text.remove_prefix(2);
  if (!take_range(text, out.new_start, out.new_count) || !starts_with(text, " @@")) return std::nullopt;
  out.heading = trim(text.substr(3));
  return out;
}

Outcome<std::size_t> read_hunk_lines(const Lines& lines, std::size_t at, const std::string& file, Hunk& hunk) {
  return HunkReader(lines, at, file, hunk).read();
}

}  // namespace hotproof::patch
