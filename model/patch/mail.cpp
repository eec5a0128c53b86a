#include "model/patch/mail.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "model/patch/mime.hpp"

namespace hotproof::patch {

namespace {

// Reads the number at the front of `text` and removes it; nothing if there is none or it is over 9 digits.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::size_t digits = 0;
  std::uint32_t value = 0;
  while (digits < text.size() && is_digit(text[digits])) {
    if (digits == 9) return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(text[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

std::vector<std::string_view> words(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(separators);
    if (end != 0) out.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

// ---- mailboxes ----

// "From somebody Thu Nov 23 09:24:19 2023", as mailboxes and git begin a mail.
bool is_from_line(std::string_view line) {
  if (!starts_with(line, "From ")) return false;
  static constexpr std::string_view days = "Mon Tue Wed Thu Fri Sat Sun";
  static constexpr std::string_view months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
  const auto parts = words(line, " \t");
  for (std::size_t i = 1; i + 3 < parts.size(); ++i) {
    if (parts[i].size() != 3 || parts[i + 1].size() != 3 || days.find(parts[i]) == std::string_view::npos) continue;
    if (months.find(parts[i + 1]) == std::string_view::npos) continue;
    if (is_digit(parts[i + 2].front()) && parts[i + 3].find(':') != std::string_view::npos) return true;
  }
  return false;
}

std::size_t first_text_line(const Lines& lines) {
  std::size_t at = 0;
  while (at < lines.size() && trim(lines[at].text).empty()) ++at;
  return at;
}

// The mails of a mailbox without their From_ lines; the whole text if it is no mailbox.
std::vector<Lines> split_mailbox(const Lines& lines) {
  const std::size_t first = first_text_line(lines);
  if (first == lines.size() || !is_from_line(lines[first].text)) return {lines};
  std::vector<Lines> out;
  bool after_blank = true;
  for (std::size_t i = first; i < lines.size(); ++i) {
    const std::string& text = lines[i].text;
    const bool begins = after_blank && is_from_line(text);
    after_blank = trim(text).empty();
    if (begins) {
      out.emplace_back();
      continue;
    }
    out.back().push_back(lines[i]);
    // Mailboxes quote a line of the text that would look like a From_ line.
    const std::size_t quotes = text.find_first_not_of('>');
    if (quotes != 0 && quotes != std::string::npos && starts_with(std::string_view(text).substr(quotes), "From "))
      out.back().back().text.erase(0, 1);
  }
  return out;
}

// ---- the subject ----

// Reads "v2" and "3/7" in a bracket; true if it is a patch's bracket.
bool read_bracket(std::string_view text, Mail& mail) {
  bool any = false;
  for (std::string_view word : words(text, " ,\t")) {
    if (lower(word).find("patch") != std::string::npos) any = true;
    if (word.size() > 1 && (word[0] == 'v' || word[0] == 'V') && is_digit(word[1])) {
      word.remove_prefix(1);
      if (const auto version = take_number(word); version && word.empty()) {
        mail.version = *version;
        any = true;
      }
      continue;
    }
    const auto number = take_number(word);
    if (!number || word.empty() || word.front() != '/') continue;
    word.remove_prefix(1);
    if (const auto total = take_number(word); total && word.empty()) {
      mail.number = *number;
      mail.total = *total;
      any = true;
    }
  }
  return any;
}

void set_subject(std::string_view text, Mail& mail) {
  text = trim(text);
  while (lower(text.substr(0, 3)) == "re:") text = trim(text.substr(3));
  while (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !read_bracket(text.substr(1, end - 1), mail)) break;
    text = trim(text.substr(end + 1));
  }
  mail.subject = valid_utf8(text);
}

// ---- where the diff begins ----

bool begins_diff(const Lines& lines, std::size_t at) {
  const std::string_view text = lines[at].text;
  const std::string_view next = at + 1 < lines.size() ? std::string_view(lines[at + 1].text) : std::string_view();
  if (starts_with(text, "diff --") || starts_with(text, "diff -u") || starts_with(text, "diff -N") ||
      starts_with(text, "diff -r") || starts_with(text, "diff -c") || starts_with(text, "GIT binary patch"))
    return true;
  if (starts_with(text, "Binary files ") && text.find(" differ") != std::string_view::npos) return true;
  if (starts_with(text, "Index: ") && (starts_with(next, "=====") || starts_with(next, "--- "))) return true;
  if (starts_with(text, "--- ") && starts_with(next, "+++ ")) return true;
  if (starts_with(text, "*** ") && starts_with(next, "--- ")) return true;
  if (starts_with(text, "@@ -")) return true;
  return is_ed_command(text) && (starts_with(next, "< ") || starts_with(next, "> "));
}

std::size_t diff_begin(const Lines& lines) {
  std::size_t at = 0;
  while (at < lines.size() && !begins_diff(lines, at)) ++at;
  if (at < lines.size()) return at;
  // A script for ed has nothing but its commands and a line with a dot; it is found so that the reader can say so.
  const auto is_dot = [](const Line& line) { return line.text == "."; };
  if (std::none_of(lines.begin(), lines.end(), is_dot)) return at;
  const auto command =
      std::find_if(lines.begin(), lines.end(), [](const Line& line) { return is_ed_command(line.text); });
  return static_cast<std::size_t>(command - lines.begin());
}

// ---- the text before the diff ----

std::optional<Diffstat> read_stat(const Line& line) {
  std::string_view text = trim(line.text);
  const auto files = take_number(text);
  if (!files || (!starts_with(text, " file changed") && !starts_with(text, " files changed"))) return std::nullopt;
  Diffstat out{*files, 0, 0, line.number};
  for (std::string_view part : words(text, ",")) {
    part = trim(part);
    const auto count = take_number(part);
    if (count && starts_with(part, " insertion")) out.insertions = *count;
    if (count && starts_with(part, " deletion")) out.deletions = *count;
  }
  return out;
}

// A header line as archives show it above the text, and as people put it into a mail's text for git.
bool is_page_header(std::string_view text) {
  static constexpr std::array<std::string_view, 11> known = {
      "from", "date", "subject", "to", "cc", "author", "sender", "message-id", "in-reply-to", "references", "commit"};
  text = trim(text);
  if (starts_with(text, "commit ") && text.size() >= 19 && text.find(' ', 7) == std::string_view::npos) return true;
  if (!is_header_line(text)) return false;
  const std::string name = lower(text.substr(0, text.find(':')));
  return std::find(known.begin(), known.end(), name) != known.end();
}

void take_header(std::string_view text, Mail& mail) {
  text = trim(text);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = lower(text.substr(0, colon));
  const std::string_view value = trim(text.substr(colon + 1));
  if (name == "from" || name == "author") mail.author = valid_utf8(value);
  if (name == "date") mail.date = valid_utf8(value);
  if (name == "subject") set_subject(value, mail);
}

// Where the message begins in `lines`: behind the last of the headers shown above it. `anywhere`: other text may stand
// before the headers (the page's own).
std::size_t skip_page_headers(const Lines& lines, std::size_t end, bool anywhere, Mail& mail) {
  std::size_t message = 0;
  bool seen = false;
  bool in_header = false;  // so that an indented line continues it
  for (std::size_t i = 0; i < end; ++i) {
    const std::string& text = lines[i].text;
    if (is_page_header(text)) {
      take_header(text, mail);
      seen = in_header = true;
      message = i + 1;
    } else if (trim(text).empty() || (in_header && is_blank(text.front()))) {
      if (message == i) ++message;
      in_header = in_header && !trim(text).empty();
    } else if (anywhere && !seen) {
      const std::string_view line = trim(text);
      Mail bracket;
      const std::size_t close = line.find(']');
      if (mail.subject.empty() && line.front() == '[' && close != std::string_view::npos &&
          read_bracket(line.substr(1, close - 1), bracket)) {
        set_subject(line, mail);
        message = i + 1;
      }
    } else {
      break;
    }
  }
  return message;
}

// `git show` and `git log` indent the message by four.
void remove_indentation(std::vector<std::string>& lines) {
  const bool all = std::all_of(lines.begin(), lines.end(),
                               [](const std::string& line) { return trim(line).empty() || starts_with(line, "    "); });
  if (!all) return;
  for (std::string& line : lines) line.erase(0, std::min<std::size_t>(4, line.size()));
}

std::string joined(std::vector<std::string> lines) {
  while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
  while (!lines.empty() && trim(lines.front()).empty()) lines.erase(lines.begin());
  remove_indentation(lines);
  std::string out;
  for (const std::string& line : lines) out += valid_utf8(line) + "\n";
  return out;
}

// Fills in what the text holds: headers in it, message, diffstat, diff.
void take_text(const Lines& text, bool is_page, Mail& mail) {
  const std::size_t diff = diff_begin(text);
  std::size_t at = skip_page_headers(text, diff, is_page, mail);
  std::vector<std::string> message;
  while (at < diff && trim(text[at].text) != "---") message.push_back(text[at++].text);
  for (; at < diff; ++at)
    if (const auto stat = read_stat(text[at])) mail.stat = stat;
  mail.message = joined(std::move(message));
  mail.diff.assign(text.begin() + static_cast<std::ptrdiff_t>(diff), text.end());
}

// True if the text begins with headers, as a mail does.
bool begins_with_headers(const Lines& lines) {
  if (lines.empty() || !is_header_line(lines.front().text)) return false;
  const Entity entity = split_entity(lines);
  return entity.find("from") != nullptr || entity.find("subject") != nullptr || entity.find("date") != nullptr ||
         entity.find("message-id") != nullptr || entity.find("content-type") != nullptr;
}

Outcome<Mail> read_mail(Lines lines, const std::string& file) {
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(first_text_line(lines)));
  Mail mail;
  mail.file = file;
  mail.line = lines.empty() ? 1 : lines.front().number;
  if (!begins_with_headers(lines)) {
    take_text(lines, true, mail);
    return mail;
  }
  const Entity entity = split_entity(lines);
  for (const Header& header : entity.headers) take_header(header.name + ": " + header.value, mail);
  const auto text = decoded_text(entity, file);
  if (!text) return tl::unexpected(text.error());
  take_text(*text, false, mail);
  return mail;
}

Outcome<void> check_input(std::string_view text, const std::string& file) {
  if (text.size() > largest_input) return failure({file}, "over 64 MiB", "a series of patches is smaller");
  if (text.empty()) return failure({file}, "empty");
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) return no_text(text, nul, file);
  return {};
}

}  // namespace

Outcome<std::vector<Mail>> read_any_mails(std::string_view text, const std::string& file) {
  if (const auto checked = check_input(text, file); !checked) return tl::unexpected(checked.error());
  if (starts_with(text, "\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<Mail> out;
  for (Lines& lines : split_mailbox(split_lines(text))) {
    auto mail = read_mail(std::move(lines), file);
    if (!mail) return tl::unexpected(mail.error());
    out.push_back(std::move(*mail));
  }
  return out;
}

Outcome<std::vector<Mail>> read_mails(std::string_view text, const std::string& file) {
  auto mails = read_any_mails(text, file);
  if (!mails) return mails;
  if (std::all_of(mails->begin(), mails->end(), [](const Mail& mail) { return mail.diff.empty(); }))
    return failure({file}, "no diff in this text", "give a mail, a mailbox, the output of git format-patch, or a diff");
  return mails;
}

}  // namespace hotproof::patch
