#include "model/patch/file_text.hpp"

#include <algorithm>
#include <cctype>

namespace hotproof::patch {

namespace {

// A line that git shows behind @@ for C: it begins with a letter, and is no label.
bool is_heading(std::string_view line) {
  if (line.empty() || (std::isalpha(static_cast<unsigned char>(line[0])) == 0 && line[0] != '_')) return false;
  const std::string_view text = trim(line);
  if (text.back() != ':') return true;
  return !std::all_of(text.begin(), text.end() - 1, is_name);
}

// What the scan over a file's text knows at each character.
struct Scanner {
  bool in_comment = false;
  int parentheses = 0;
  char last = '\0';  // the last character of code
  bool any_code = false;

  void line(std::string_view text) {
    any_code = false;
    for (std::size_t i = 0; i < text.size(); ++i) i = step(text, i);
  }

 private:
  // Looks at the character at `i` and gives the index of the last one that was used up.
  std::size_t step(std::string_view text, std::size_t i) {
    if (in_comment) {
      if (text.substr(i, 2) != "*/") return i;
      in_comment = false;
      return i + 1;
    }
    if (text.substr(i, 2) == "/*") {
      in_comment = true;
      return i + 1;
    }
    if (text.substr(i, 2) == "//") return text.size();
    const char c = text[i];
    if (is_blank(c)) return i;
    any_code = true;
    last = c;
    if (c == '(') ++parentheses;
    if (c == ')') parentheses = std::max(0, parentheses - 1);
    if (c == '{' || c == '}') parentheses = 0;
    if (c != '"' && c != '\'') return i;
    for (++i; i < text.size() && text[i] != c; ++i)
      if (text[i] == '\\') ++i;
    return i;
  }
};

}  // namespace

std::uint32_t LineNumbers::operator()(std::string_view text) {
  return known_.emplace(squeeze(text), static_cast<std::uint32_t>(known_.size())).first->second;
}

FileText::FileText(std::string_view text) : ends_with_newline_(text.empty() || text.back() == '\n') {
  for (Line& line : split_lines(text)) lines_.push_back(std::move(line.text));
  scan();
}

void FileText::scan() {
  Scanner scanner;
  bool directive = false;  // the line goes on one that began with '#'
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::string& line = lines_[i];
    line_numbers_.push_back(numbers_(line));
    if (is_heading(line) && !scanner.in_comment) headings_.push_back(i);
    in_comment_.push_back(scanner.in_comment);
    const bool ended = scanner.last == '\0' || std::string_view(";{}:,").find(scanner.last) != std::string_view::npos;
    boundary_.push_back(!scanner.in_comment && !directive && scanner.parentheses == 0 && ended);
    const bool begins_directive = !scanner.in_comment && starts_with(trim(line), "#");
    const Scanner before = scanner;
    scanner.line(line);
    silent_.push_back(!scanner.any_code);
    directive = (begins_directive || directive) && !line.empty() && line.back() == '\\';
    // A directive says nothing about the statements around it.
    if (begins_directive || (!boundary_.back() && directive)) {
      scanner.last = before.last;
      scanner.parentheses = before.parentheses;
    }
  }
}

std::vector<std::size_t> FileText::find(const std::vector<std::string>& wanted) const {
  std::vector<std::uint32_t> pattern;
  for (const std::string& line : wanted) pattern.push_back(numbers_(line));
  if (pattern.empty() || pattern.size() > lines_.size()) return {};
  std::vector<std::size_t> border(pattern.size(), 0);  // of each prefix: its longest proper border
  for (std::size_t i = 1, length = 0; i < pattern.size(); ++i) {
    while (length > 0 && pattern[i] != pattern[length]) length = border[length - 1];
    if (pattern[i] == pattern[length]) ++length;
    border[i] = length;
  }
  std::vector<std::size_t> out;
  for (std::size_t i = 0, length = 0; i < line_numbers_.size(); ++i) {
    while (length > 0 && (length == pattern.size() || line_numbers_[i] != pattern[length])) length = border[length - 1];
    if (line_numbers_[i] == pattern[length]) ++length;
    if (length == pattern.size()) out.push_back(i + 1 - length);
  }
  return out;
}

std::vector<Range> FileText::regions(std::string_view heading) const {
  const std::string wanted = squeeze(heading);
  if (wanted.empty()) return {};
  const std::string name = function_name(heading);
  std::vector<Range> whole;
  std::vector<Range> cut;
  std::vector<Range> same_name;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    const std::string line = squeeze(lines_[headings_[i]]);
    const Range range{headings_[i] + 1, i + 1 < headings_.size() ? headings_[i + 1] : lines_.size()};
    if (line == wanted)
      whole.push_back(range);
    else if (wanted.size() >= 40 && starts_with(line, wanted))
      cut.push_back(range);
    else if (!name.empty() && line.back() != ';' && function_name(lines_[headings_[i]]) == name)
      same_name.push_back(range);
  }
  return !whole.empty() ? whole : !cut.empty() ? cut : same_name;
}

std::string function_name(std::string_view heading) {
  const std::size_t open = heading.find('(');
  if (open == std::string_view::npos) return {};
  std::size_t end = open;
  while (end > 0 && is_blank(heading[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_name(heading[begin - 1])) --begin;
  return std::string(heading.substr(begin, end - begin));
}

}  // namespace hotproof::patch
