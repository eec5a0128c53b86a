#include "model/patch/guess.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace hotproof::patch {

namespace {

constexpr double never = -1e9;
constexpr double alike = 0.6;               // less is not the same line
constexpr double missing_line = 0.3;        // cost, times the line's weight
constexpr double extra_line = 0.6;          // cost of a line of the tree between matched ones; over near_margin
constexpr double extra_silent_line = 0.05;  // the same if it is blank or a comment
constexpr double near_margin = 0.5;         // how much worse another place for the same change must be …
constexpr double far_margin = 0.3;          // … and which part of the score another piece of code must lack
constexpr double enough_in_region = 0.4;    // part of the hunk's weight that must be matched
constexpr double enough_anywhere = 0.6;
constexpr std::size_t most_cells = 400'000;
constexpr std::size_t most_tokens = 200;  // longer lines are only compared as a whole

double token_weight(std::string_view token) {
  return is_name(token[0]) || token[0] == '"' || token[0] == '\'' ? 2 : 1;
}

double common_weight(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<double> row(b.size() + 1, 0);
  for (const std::string& token : a) {
    double diagonal = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const double above = row[j];
      row[j] = token == b[j - 1] ? diagonal + token_weight(token) : std::max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row.back();
}

double total_weight(const std::vector<std::string>& line) {
  double out = 0;
  for (const std::string& token : line) out += token_weight(token);
  return out;
}

double similarity_of(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a == b) return 1;
  if (a.empty() || b.empty() || a.size() > most_tokens || b.size() > most_tokens) return 0;
  return 2 * common_weight(a, b) / (total_weight(a) + total_weight(b));
}

// The scores of all alignments of a hunk's old lines (rows) with a range of the tree (columns).
class Alignment {
 public:
  Alignment(const OldText& hunk, const FileText& file, Range range)
      : hunk_(hunk), file_(file), range_(range), rows_(hunk.lines.size()), columns_(range.end - range.begin) {
    prepare();
    fill_forward();
    fill_backward();
  }

  // The best score with the change taking place before line `t` of the range.
  double pinned(const Change& change, std::size_t t) const {
    if (t + change.removed > columns_) return never;
    double out = forward(change.old_index, t) + backward(change.old_index + change.removed, t + change.removed);
    for (std::size_t k = 0; k < change.removed; ++k) out += score(change.old_index + k, t + k);
    return out;
  }

  // For each old line, the line of the range that the best alignment with this pin matches it with.
  std::vector<std::optional<std::size_t>> matches(const Change& change, std::size_t t) const {
    std::vector<std::optional<std::size_t>> out(rows_);
    for (std::size_t i = change.old_index, j = t; i > 0;) {
      const double here = forward(i, j);
      if (j > 0 && same(here, forward(i - 1, j - 1) + score(i - 1, j - 1)))
        out[--i] = --j;
      else if (same(here, forward(i - 1, j) - missing(i - 1)))
        --i;
      else
        --j;
    }
    for (std::size_t k = 0; k < change.removed; ++k) out[change.old_index + k] = t + k;
    for (std::size_t i = change.old_index + change.removed, j = t + change.removed; i < rows_;) {
      const double here = backward(i, j);
      if (j < columns_ && same(here, score(i, j) + backward(i + 1, j + 1)))
        out[i++] = j++;
      else if (same(here, backward(i + 1, j) - missing(i)))
        ++i;
      else
        ++j;
    }
    return out;
  }

  double similar(std::size_t row, std::size_t column) const { return similar_[row * columns_ + column]; }
  double row_weight(std::size_t row) const { return weights_[row]; }
  std::size_t columns() const { return columns_; }

 private:
  static bool same(double a, double b) { return std::abs(a - b) < 1e-9; }

  void prepare() {
    std::vector<std::vector<std::string>> tree;
    for (std::size_t j = 0; j < columns_; ++j) tree.push_back(tokens(file_.lines()[range_.begin + j]));
    similar_.resize(rows_ * columns_);
    for (std::size_t i = 0; i < rows_; ++i) {
      const auto line = tokens(hunk_.lines[i]);
      weights_.push_back(weight(hunk_.lines[i]));
      for (std::size_t j = 0; j < columns_; ++j) similar_[i * columns_ + j] = similarity_of(line, tree[j]);
    }
  }

  // A removed line must be there as it is; of the others, what is too different is no match.
  double score(std::size_t row, std::size_t column) const {
    const double value = similar(row, column);
    if (value < (hunk_.is_removed[row] ? 1.0 : alike)) return never;
    return value * weights_[row];
  }
  double missing(std::size_t row) const { return hunk_.is_removed[row] ? -never : missing_line * weights_[row]; }
  double extra(std::size_t column) const {
    return file_.is_silent(range_.begin + column) ? extra_silent_line : extra_line;
  }

  double forward(std::size_t row, std::size_t column) const { return forward_[row * (columns_ + 1) + column]; }
  double backward(std::size_t row, std::size_t column) const { return backward_[row * (columns_ + 1) + column]; }

  void fill_forward() {
    forward_.assign((rows_ + 1) * (columns_ + 1), 0);
    for (std::size_t i = 1; i <= rows_; ++i) {
      for (std::size_t j = 0; j <= columns_; ++j) {
        double best = forward(i - 1, j) - missing(i - 1);
        if (j > 0) best = std::max(best, forward(i - 1, j - 1) + score(i - 1, j - 1));
        if (j > 0) best = std::max(best, forward(i, j - 1) - extra(j - 1));
        forward_[i * (columns_ + 1) + j] = best;
      }
    }
  }

  void fill_backward() {
    backward_.assign((rows_ + 1) * (columns_ + 1), 0);
    for (std::size_t i = rows_; i-- > 0;) {
      for (std::size_t j = columns_ + 1; j-- > 0;) {
        double best = backward(i + 1, j) - missing(i);
        if (j < columns_) best = std::max(best, score(i, j) + backward(i + 1, j + 1));
        if (j < columns_) best = std::max(best, backward(i, j + 1) - extra(j));
        backward_[i * (columns_ + 1) + j] = best;
      }
    }
  }

  const OldText& hunk_;
  const FileText& file_;
  Range range_;
  std::size_t rows_, columns_;
  std::vector<double> similar_, weights_, forward_, backward_;
};

class Guesser {
 public:
  Guesser(const OldText& hunk, const FileText& file, Range range, bool region_known)
      : hunk_(hunk), file_(file), range_(range), region_known_(region_known), scores_(hunk, file, range) {}

  Guess run() {
    for (const Change& change : hunk_.changes)
      if (!place(change)) return out_;
    if (!judge()) return out_;
    out_.found = true;
    return out_;
  }

 private:
  bool refuse(std::string why) {
    out_.why = std::move(why);
    return false;
  }

  std::string line_text(std::size_t t) const { return std::to_string(range_.begin + t + 1); }

  bool place(const Change& change) {
    std::size_t best = 0;
    std::vector<double> score(scores_.columns() + 1);
    for (std::size_t t = 0; t < score.size(); ++t) {
      score[t] = scores_.pinned(change, t);
      if (score[t] > score[best]) best = t;
    }
    if (score[best] <= 0)
      return refuse(change.removed > 0 ? "the lines that it removes are not there" : "nothing there is like its lines");
    const std::size_t last = last_equivalent(score, best);
    if (const auto rival = clear_rival(score, best, last))
      return refuse("line " + line_text(*rival) + " fits about as well as line " + line_text(best));
    // Of places with only blank lines between them, the one that keeps the hunk's own blank line where it was.
    const bool after_blank = change.old_index > 0 && trim(hunk_.lines[change.old_index - 1]).empty();
    const std::size_t chosen = after_blank ? last : best;
    const auto matches = scores_.matches(change, chosen);
    if (!check_edges(change, chosen, matches)) return false;
    if (range_.begin + chosen < end_) return refuse("its changes would not keep their order");
    end_ = range_.begin + chosen + change.removed;
    out_.at.push_back(range_.begin + chosen);
    matches_ = matches;
    return true;
  }

  // The last place of the same score behind `best` with only blank lines and comments between.
  std::size_t last_equivalent(const std::vector<double>& score, std::size_t best) const {
    std::size_t last = best;
    for (std::size_t t = best; t + 1 < score.size() && file_.is_silent(range_.begin + t); ++t)
      if (std::abs(score[t + 1] - score[best]) < 1e-9) last = t + 1;
    return last;
  }

  std::optional<std::size_t> clear_rival(const std::vector<double>& score, std::size_t best, std::size_t last) const {
    for (std::size_t t = 0; t < score.size(); ++t) {
      if (t >= best && t <= last) continue;
      const std::size_t distance = t < best ? best - t : t - last;
      const bool is_near = distance <= hunk_.lines.size();
      const double limit = is_near ? score[best] - near_margin : score[best] * (1 - far_margin);
      if (score[t] > limit && !(is_near && only_silent_between(t, best, last))) return t;
    }
    return std::nullopt;
  }

  bool only_silent_between(std::size_t t, std::size_t best, std::size_t last) const {
    for (std::size_t line = std::min(t, best); line < std::max(t, last); ++line)
      if (!file_.is_silent(range_.begin + line)) return false;
    return true;
  }

  bool is_exact(const std::vector<std::optional<std::size_t>>& matches, std::size_t row, std::size_t at) const {
    return row < matches.size() && matches[row] == at && scores_.similar(row, at) == 1.0;
  }

  // Text may only be put, and a statement only be taken away, where a statement can begin, unless the lines before and
  // behind are just those of the hunk.
  bool check_edges(const Change& change, std::size_t t, const std::vector<std::optional<std::size_t>>& matches) {
    const std::size_t i = change.old_index;
    const bool before = i > 0 && t > 0 && is_exact(matches, i - 1, t - 1);
    const bool behind = change.removed > 0 || is_exact(matches, i, t);
    if (before && behind) return true;
    if (range_.begin + t >= file_.size() || file_.is_boundary(range_.begin + t)) return true;
    return refuse("its change would fall into the middle of a statement or comment at line " + line_text(t));
  }

  // Enough of the hunk must be there, and not only blank lines and braces.
  bool judge() {
    double all = 0;
    double there = 0;
    std::uint32_t telling = 0;
    bool any = false;
    for (std::size_t i = 0; i < hunk_.lines.size(); ++i) {
      all += scores_.row_weight(i);
      if (!matches_[i]) continue;
      const double value = scores_.similar(i, *matches_[i]);
      there += value * scores_.row_weight(i);
      if (scores_.row_weight(i) == 1.0) ++telling;
      if (!any) out_.first = range_.begin + *matches_[i];
      any = true;
      if (value == 1.0)
        ++out_.matched;
      else
        ++out_.similar;
    }
    const std::string counts = std::to_string(out_.matched) + " of " + std::to_string(hunk_.lines.size()) +
                               " lines match" +
                               (out_.similar > 0 ? ", " + std::to_string(out_.similar) + " more alike" : "");
    if (telling < 2 || there < all * (region_known_ ? enough_in_region : enough_anywhere))
      return refuse("only " + counts);
    out_.why = counts;
    return true;
  }

  const OldText& hunk_;
  const FileText& file_;
  Range range_;
  bool region_known_;
  Alignment scores_;
  std::vector<std::optional<std::size_t>> matches_;
  std::size_t end_ = 0;  // of the last change that was placed
  Guess out_;
};

}  // namespace

OldText old_text(const HunkLines& reading) {
  OldText out;
  bool in_change = false;
  for (const HunkLine& line : reading) {
    if (line.kind == HunkLine::Kind::context) {
      in_change = false;
    } else if (!in_change) {
      out.changes.push_back({out.lines.size(), 0, {}});
      in_change = true;
    }
    if (line.kind == HunkLine::Kind::added) {
      out.changes.back().added.push_back(line);
      continue;
    }
    out.lines.push_back(line.text);
    out.is_removed.push_back(line.kind == HunkLine::Kind::removed);
    if (line.kind == HunkLine::Kind::removed) ++out.changes.back().removed;
  }
  return out;
}

double similarity(std::string_view a, std::string_view b) {
  return similarity_of(tokens(a), tokens(b));
}

double weight(std::string_view line) {
  const std::string_view text = trim(line);
  if (text.empty()) return 0.2;
  return std::any_of(text.begin(), text.end(), is_name) && text != "else" && text != "} else {" ? 1.0 : 0.3;
}

Guess guess(const OldText& hunk, const FileText& file, Range range, bool region_known) {
  Guess out;
  if (hunk.lines.empty() || hunk.changes.empty()) {
    out.why = "it has no context lines to find it by";
  } else if (range.begin >= range.end) {
    out.why = "no line of the file is left for it";
  } else if (hunk.lines.size() > most_cells / (range.end - range.begin)) {
    out.why = "it matches nowhere, and is too large to be guessed";
  } else {
    return Guesser(hunk, file, range, region_known).run();
  }
  return out;
}

}  // namespace hotproof::patch
