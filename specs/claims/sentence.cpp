#include "specs/claims/sentence.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hotproof::claims {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// Bytes of letters outside ASCII are parts of words.
bool is_word_char(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// "Signed-off-by: A", "Fixes: 0123": one word with a colon, a capital first.
bool is_trailer(std::string_view line) {
  static constexpr std::array<std::string_view, 8> others = {"fixes",      "link", "cc",      "closes",
                                                             "references", "bug",  "changes", "change-id"};
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || !(line[0] >= 'A' && line[0] <= 'Z')) return false;
  const std::string head = in_small_letters(line.substr(0, colon));
  if (head.find(' ') != std::string::npos) return false;
  return head.ends_with("-by") || head.ends_with("-to") ||
         std::find(others.begin(), others.end(), head) != others.end();
}

// "mm/sparse.c | 12 +++---", " 2 files changed, 3 insertions(+)"
bool is_diffstat(std::string_view line) {
  const std::size_t bar = line.find(" | ");
  if (bar != std::string_view::npos) {
    const std::string_view count = trimmed(line.substr(bar + 3));
    return !count.empty() && (is_digit(count[0]) || count.starts_with("Bin"));
  }
  return !line.empty() && is_digit(line[0]) && line.find(" changed, ") != std::string_view::npos;
}

// "A. Developer (7):", with the titles of patches below.
bool begins_shortlog(std::string_view line) {
  const std::size_t open = line.rfind(" (");
  if (open == std::string_view::npos || !line.ends_with("):")) return false;
  const std::string_view count = line.substr(open + 2, line.size() - open - 4);
  return !count.empty() && std::all_of(count.begin(), count.end(), is_digit);
}

// "On Monday, A. Developer wrote:"
bool introduces_quote(std::string_view line) {
  return line.ends_with("wrote:") || line.ends_with("writes:");
}

// What stands indented is code or a table; an indented line behind a bullet goes on with it.
bool is_code(std::string_view line, bool in_bullet) {
  const bool indented = line.starts_with("\t") || line.starts_with("    ");
  return (indented && !in_bullet) || trimmed(line).starts_with("->") || trimmed(line).starts_with("=>");
}

// The length of "- ", "* ", "1. ", "(2) " before the text; 0 if there is none.
std::size_t bullet(std::string_view line) {
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ")) return 2;
  std::size_t at = line.starts_with("(") ? 1 : 0;
  const std::size_t digits = at;
  while (at < line.size() && is_digit(line[at])) ++at;
  if (at == digits || at + 1 >= line.size()) return 0;
  return (line[at] == '.' || line[at] == ')') && line[at + 1] == ' ' ? at + 2 : 0;
}

// "online_pages() is", "foo() is"
bool begins_with_name(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_word_char);
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  return word.find('_') != std::string_view::npos || text.substr(word.size(), 2) == "()";
}

// Whether the full stop (or "!", "?") at `at` ends a sentence.
bool ends_sentence(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c != '.' && c != '!' && c != '?') return false;
  std::size_t next = at + 1;
  while (next < text.size() && (text[next] == '"' || text[next] == '\'' || text[next] == ')')) ++next;
  if (next < text.size() && !is_blank(text[next])) return false;
  while (next < text.size() && is_blank(text[next])) ++next;
  if (next == text.size() || c != '.') return true;
  // "e.g. the first", "resp. that": goes on in small letters, unless with a function's name.
  return !is_small(text[next]) || begins_with_name(text.substr(next));
}

class Splitter {
 public:
  std::vector<Sentence> run(std::string_view message) {
    while (!message.empty()) {
      const std::size_t end = std::min(message.find('\n'), message.size());
      line(message.substr(0, end));
      message.remove_prefix(std::min(end + 1, message.size()));
    }
    end_paragraph();
    return std::move(out_);
  }

 private:
  void line(std::string_view whole) {
    const std::string_view text = trimmed(whole);
    if (text.empty()) return end_paragraph();
    in_shortlog_ |= begins_shortlog(text);
    const bool listed = in_shortlog_ || is_trailer(text) || is_diffstat(text);
    if (text.front() == '>' || listed || is_code(whole, in_bullet_)) return end_piece();
    if (introduces_quote(text)) {
      piece_.clear();
      return;
    }
    const std::size_t skipped = bullet(text);
    if (skipped > 0) {
      end_piece();
      in_bullet_ = true;
    }
    if (!piece_.empty()) piece_ += ' ';
    piece_ += trimmed(text.substr(skipped));
  }

  // The lines so far, as sentences.
  void end_piece() {
    std::size_t begin = 0;
    for (std::size_t at = 0; at < piece_.size(); ++at) {
      if (!ends_sentence(piece_, at)) continue;
      add(std::string_view(piece_).substr(begin, at + 1 - begin));
      begin = at + 1;
    }
    add(std::string_view(piece_).substr(std::min(begin, piece_.size())));
    piece_.clear();
  }

  void end_paragraph() {
    end_piece();
    in_bullet_ = false;
    in_shortlog_ = false;
    ++paragraph_;
  }

  void add(std::string_view text) {
    text = trimmed(text);
    while (!text.empty() && (text.front() == '"' || text.front() == ')') && text.find(' ') == std::string_view::npos)
      text.remove_prefix(1);
    if (text.find(' ') != std::string_view::npos) out_.push_back({std::string(text), paragraph_});
  }

  std::vector<Sentence> out_;
  std::string piece_;
  std::uint32_t paragraph_ = 0;
  bool in_bullet_ = false;
  bool in_shortlog_ = false;
};

// Typographic quotes and dashes as their plain kin.
std::string plain(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kin{
      {{"\u201c", "\""}, {"\u201d", "\""}, {"\u2018", "'"}, {"\u2019", "'"}, {"\u2013", " - "}, {"\u2014", " - "}}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::find_if(kin.begin(), kin.end(),
                                    [&](const auto& pair) { return text.substr(at, pair.first.size()) == pair.first; });
    out += found == kin.end() ? text.substr(at, 1) : found->second;
    at += found == kin.end() ? 1 : found->first.size();
  }
  return out;
}

bool is_mark(char c) {
  static constexpr std::string_view marks = ",;:?!.()[]";
  return marks.find(c) != std::string_view::npos;
}

}  // namespace

std::vector<Sentence> sentences_of(std::string_view message) {
  return Splitter().run(message);
}

std::vector<Word> words_of(std::string_view text) {
  const std::string in_ascii = plain(text);
  const std::string_view sentence = in_ascii;
  std::vector<Word> out;
  bool cited = false;
  for (std::size_t at = 0; at < sentence.size();) {
    const char c = sentence[at];
    if (c == '"' || c == '`') {
      cited = !cited;
      ++at;
    } else if (is_word_char(c)) {
      std::size_t end = at;
      // "don't", "x86-64", "6.1" are one word each.
      const auto goes_on = [&](std::size_t i) {
        if (is_word_char(sentence[i])) return true;
        const bool inside = i + 1 < sentence.size() && is_word_char(sentence[i + 1]);
        return inside &&
               (sentence[i] == '\'' || sentence[i] == '-' || (sentence[i] == '.' && is_digit(sentence[i + 1])));
      };
      while (end < sentence.size() && goes_on(end)) ++end;
      Word word{std::string(sentence.substr(at, end - at)), "", false, cited};
      word.lower = in_small_letters(word.text);
      if (sentence.substr(end, 2) == "()") {
        word.call = true;
        end += 2;
      }
      out.push_back(std::move(word));
      at = end;
    } else {
      const bool dash = c == '-' && (at == 0 || is_blank(sentence[at - 1]));
      if (is_mark(c) || dash) out.push_back({std::string(1, c), std::string(1, c), false, cited});
      ++at;
    }
  }
  return out;
}

}  // namespace hotproof::claims
