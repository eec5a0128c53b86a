#include "lessons/course/page.hpp"

#include <algorithm>
#include <cctype>

namespace hotproof::lessons {

namespace {

using render::Colour;
using render::Style;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// A paragraph to be filled, or lines to be left alone.
struct Paragraph {
  bool fixed = false;
  std::vector<std::string> lines;
};

std::vector<Paragraph> paragraphs_of(std::string_view text) {
  std::vector<Paragraph> out;
  bool begun = false;
  for (const std::string& line : lines_of(text)) {
    if (line.find_first_not_of(" \t") == std::string::npos) {
      begun = false;
      continue;
    }
    const bool fixed = line.front() == ' ' || line.front() == '\t';
    if (!begun || out.back().fixed != fixed) out.push_back({fixed, {}});
    out.back().lines.push_back(line);
    begun = true;
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : " ") + line;
  return out;
}

// Tabs as they show in C, and then nothing but what is printable.
std::string code_line(const std::string& line, bool utf8) {
  constexpr std::size_t tab = 8;
  std::string wide;
  for (const char c : line) {
    if (c == '\t') wide.append(tab - wide.size() % tab, ' ');
    else wide += c;
  }
  return render::trimmed(render::safe(wide, utf8));
}

std::string prose(std::string_view body, const Style& style) {
  constexpr std::size_t most = 80;  // columns: longer lines are hard to read
  std::string out;
  for (const Paragraph& paragraph : paragraphs_of(body)) {
    if (!out.empty()) out += "\n";
    if (paragraph.fixed) {
      for (const std::string& line : paragraph.lines) out += code_line(line, style.utf8) + "\n";
      continue;
    }
    for (const std::string& line : render::filled(render::safe(joined(paragraph.lines), style.utf8), std::min(most, style.width)))
      out += line + "\n";
  }
  return out;
}

std::string numbered(std::size_t number, const std::string& line) {
  return render::trimmed(render::padded(std::to_string(number), 4, true) + "  " + line);
}

// Only what has a meaning in HTML is left to escape.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (c == '\'') out += "&#39;";
    else out += c;
  }
  return out;
}

// `words` of C stand out where every mark has its partner.
std::string with_code(const std::string& escaped_text) {
  if (std::count(escaped_text.begin(), escaped_text.end(), '`') % 2 != 0) return escaped_text;
  std::string out;
  bool inside = false;
  for (const char c : escaped_text) {
    if (c != '`') {
      out += c;
      continue;
    }
    out += inside ? "</code>" : "<code>";
    inside = !inside;
  }
  return out;
}

std::string html_prose(std::string_view body) {
  std::string out;
  for (const Paragraph& paragraph : paragraphs_of(body)) {
    if (!paragraph.fixed) {
      out += "<p>" + with_code(escaped(render::safe(joined(paragraph.lines), true))) + "</p>\n";
      continue;
    }
    out += "<pre>";
    for (const std::string& line : paragraph.lines) out += escaped(code_line(line, true)) + "\n";
    out += "</pre>\n";
  }
  return out;
}

std::string html_lines(const Section& section) {
  std::string out = "<pre>";
  std::size_t number = 0;
  for (const std::string& line : lines_of(section.text)) {
    const std::string safe = code_line(line, true);
    out += escaped(section.kind == Section::Kind::program ? numbered(++number, safe) : safe) + "\n";
  }
  return out + "</pre>\n";
}

constexpr const char* look =
    ":root{color-scheme:light dark}body{max-width:48rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif}"
    "pre{overflow-x:auto;padding:.75rem;border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:4px;"
    "font:14px/1.45 ui-monospace,monospace;tab-size:8}"
    "h1{line-height:1.2;margin-bottom:.25rem}.above{opacity:.75;margin-top:0}"
    "@media print{pre{white-space:pre-wrap}}";

}  // namespace

Page page_of(const Unit& unit, std::size_t number, std::size_t count) {
  Page out;
  out.title = unit.title;
  std::string verb(in_words(unit.verb));
  verb.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(verb.front())));
  out.above = "Unit " + std::to_string(number) + " of " + std::to_string(count) + ", " + unit.id + ". " + verb + ". Teaches " +
              unit.teaches + ".";
  out.sections.push_back({"", Section::Kind::prose, unit.text.text});
  return out;
}

std::string text(const Page& page, const Style& style) {
  std::string out = render::coloured(render::safe(page.title, style.utf8), Colour::bold, style) + "\n";
  for (const std::string& line : render::filled(render::safe(page.above, style.utf8), std::min<std::size_t>(80, style.width)))
    out += render::coloured(line, Colour::dim, style) + "\n";
  for (const Section& section : page.sections) {
    out += "\n";
    if (!section.heading.empty()) out += render::coloured(render::safe(section.heading, style.utf8), Colour::bold, style) + "\n";
    if (section.kind == Section::Kind::prose) {
      out += prose(section.text, style);
      continue;
    }
    std::size_t number = 0;
    for (const std::string& line : lines_of(section.text)) {
      const std::string safe = code_line(line, style.utf8);
      out += (section.kind == Section::Kind::program ? numbered(++number, safe) : safe) + "\n";
    }
  }
  return out;
}

std::string plain(std::string_view text, const Style& style) {
  std::string out;
  for (const std::string& line : lines_of(text)) out += code_line(line, style.utf8) + "\n";
  return out;
}

std::string html(const Page& page) {
  const std::string title = escaped(render::safe(page.title, true));
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      title + "</title>\n<style>" + look + "</style>\n</head>\n<body>\n<h1>" + title + "</h1>\n<p class=\"above\">" +
      escaped(render::safe(page.above, true)) + "</p>\n";
  for (const Section& section : page.sections) {
    if (!section.heading.empty()) out += "<h2>" + escaped(render::safe(section.heading, true)) + "</h2>\n";
    out += section.kind == Section::Kind::prose ? html_prose(section.text) : html_lines(section);
  }
  return out + "</body>\n</html>\n";
}

std::string list(const std::vector<Unit>& units, const Progress& progress, const Style& style) {
  std::size_t ids = 0;
  for (const Unit& unit : units) ids = std::max(ids, unit.id.size());
  std::string out;
  std::size_t done = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Unit& unit = units[i];
    const auto known = progress.find(unit.id);
    const UnitProgress at = known == progress.end() ? UnitProgress{} : known->second;
    done += at.done ? 1 : 0;
    std::string note;
    if (at.best && unit.par) {
      const bool best = *at.best == std::array{unit.par->faults, unit.par->switches, unit.par->steps};
      note = best ? "  at par" : "  over par";
    }
    if (at.hints > 0) note += "  " + std::to_string(at.hints) + (at.hints == 1 ? " hint" : " hints");
    const std::string line = render::padded(std::to_string(i + 1), 3, true) + (at.done ? " [x] " : " [ ] ") +
                             render::padded(std::string(in_words(unit.verb)), 11) + " " + render::padded(unit.id, ids) + "  " +
                             render::safe(unit.title, style.utf8) + note;
    out += render::coloured(render::trimmed(render::cut(line, style.width, style.utf8)), at.done ? Colour::green : Colour::plain, style) + "\n";
  }
  return out + "\n" + std::to_string(done) + " of " + std::to_string(units.size()) +
         " done. `hotproof lesson N` shows one; --answer FILE grades, --hint helps.\n";
}

}  // namespace hotproof::lessons
