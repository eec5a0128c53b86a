#include "model/patch/mime.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace hotproof::patch {

namespace {

constexpr int deepest_nesting = 16;

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

// "=41" becomes "A"; what is no such escape stays (RFC 2045, 6.7, note on robust implementations).
std::string undo_quoted(std::string_view text, bool underscore_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_' && underscore_is_blank) {
      out += ' ';
      continue;
    }
    if (text[i] == '=' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::optional<std::uint32_t> base64_digit(char c) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = alphabet.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint32_t>(at);
}

// Base64 digits in, bytes out; digits of a group may lie in different lines.
struct Base64 {
  std::uint32_t bits = 0;
  int count = 0;  // of bits that are waiting
  bool ended = false;
  std::uint32_t digits = 0;

  // False if `c` has no place in base64.
  bool feed(char c, std::string& out) {
    if (is_blank(c)) return true;
    if (c == '=') return ended = true;
    const auto digit = base64_digit(c);
    if (!digit || ended) return false;
    ++digits;
    bits = (bits << 6U) | *digit;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xffU);
    }
    return true;
  }
};

// One encoded word's text as UTF-8: Latin-1 is converted, other character sets are shown as they are.
std::string to_utf8(std::string_view charset, std::string_view text) {
  const std::string set = lower(charset);
  if (set != "iso-8859-1" && set != "latin1" && set != "iso-8859-15" && set != "windows-1252") return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3fU));
    }
  }
  return out;
}

// "=?charset?q?text?=" at the front of `text`: its decoded text and length; nothing if there is none.
std::optional<std::pair<std::string, std::size_t>> encoded_word(std::string_view text) {
  if (!starts_with(text, "=?")) return std::nullopt;
  const std::size_t kind = text.find('?', 2);
  if (kind == std::string_view::npos || kind + 2 >= text.size() || text[kind + 2] != '?') return std::nullopt;
  const std::size_t end = text.find("?=", kind + 3);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view charset = text.substr(2, kind - 2);
  const std::string_view payload = text.substr(kind + 3, end - kind - 3);
  if (text[kind + 1] == 'q' || text[kind + 1] == 'Q')
    return std::pair{to_utf8(charset, undo_quoted(payload, true)), end + 2};
  if (text[kind + 1] != 'b' && text[kind + 1] != 'B') return std::nullopt;
  std::string bytes;
  Base64 decoder;
  for (const char c : payload)
    if (!decoder.feed(c, bytes)) return std::nullopt;
  return std::pair{to_utf8(charset, bytes), end + 2};
}

std::string decode_words(std::string_view text) {
  std::string out;
  bool after_word = false;
  while (!text.empty()) {
    if (const auto word = encoded_word(text)) {
      // Blanks between two encoded words only separate them (RFC 2047, 6.2).
      while (after_word && !out.empty() && is_blank(out.back())) out.pop_back();
      out += word->first;
      text.remove_prefix(word->second);
      after_word = true;
    } else {
      if (!is_blank(text.front())) after_word = false;
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

// `name` of "type/subtype; name=value; …"; empty if there is none.
std::string parameter(std::string_view value, std::string_view name) {
  std::size_t at = value.find(';');
  while (at != std::string_view::npos) {
    value.remove_prefix(at + 1);
    const std::size_t equals = value.find('=');
    if (equals == std::string_view::npos) return {};
    const std::string found = lower(trim(value.substr(0, equals)));
    std::string_view rest = trim(value.substr(equals + 1));
    const bool quoted = !rest.empty() && rest.front() == '"';
    if (quoted) rest.remove_prefix(1);
    const std::size_t end = rest.find_first_of(quoted ? "\"" : "; \t");
    if (found == name) return std::string(rest.substr(0, end));
    at = value.find(';', equals);
  }
  return {};
}

std::string media_type(const Entity& entity) {
  const Header* header = entity.find("content-type");
  if (header == nullptr) return "text/plain";
  return lower(trim(std::string_view(header->value).substr(0, header->value.find(';'))));
}

Lines undo_quoted_printable(const Lines& lines) {
  Lines out;
  bool joined = false;
  for (const Line& line : lines) {
    std::string_view text = line.text;
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);  // added on the way (RFC 2045, 6.7, rule 3)
    const bool soft = !text.empty() && text.back() == '=';
    if (soft) text.remove_suffix(1);
    const std::string decoded = undo_quoted(text, false);
    // A decoded line may hold line ends of its own.
    Lines parts = split_lines(decoded);
    if (parts.empty()) parts.push_back({"", 0});
    for (Line& part : parts) {
      if (joined && &part == parts.data())
        out.back().text += part.text;
      else
        out.push_back({std::move(part.text), line.number});
    }
    joined = soft;
  }
  return out;
}

Outcome<Lines> undo_base64(const Lines& lines, const std::string& file) {
  Lines out;
  Base64 decoder;
  std::string current;
  std::uint32_t begin = lines.empty() ? 0 : lines.front().number;
  const auto flush = [&](std::uint32_t next) {
    if (!current.empty() && current.back() == '\r') current.pop_back();
    out.push_back({std::move(current), begin});
    current.clear();
    begin = next;
  };
  for (const Line& line : lines) {
    for (std::size_t column = 0; column < line.text.size(); ++column) {
      const std::size_t before = current.size();
      if (!decoder.feed(line.text[column], current))
        return failure({file, line.number, static_cast<std::uint32_t>(column + 1)}, "this is not base64",
                       "the mail's Content-Transfer-Encoding says base64");
      if (current.size() == before) continue;
      if (current.back() == '\n') {
        current.pop_back();
        flush(line.number);
      } else if (current.back() == '\0') {
        return failure({file, line.number}, "the base64 text holds a NUL byte", "a patch is text");
      }
    }
  }
  if (decoder.digits % 4 == 1) return failure({file, lines.back().number}, "the base64 text is cut");
  if (!current.empty()) flush(0);
  return out;
}

// Lines that a format=flowed mailer broke are joined again: only lines that are about as long as such mailers make
// them, and only if the next line could not be a diff's own (RFC 3676 would also join where a context line is blank).
Lines undo_flowed(const Lines& lines) {
  Lines out;
  bool joined = false;
  for (const Line& line : lines) {
    const bool own =
        line.text.empty() || std::string_view("+-@ \t\\>").find(line.text.front()) != std::string_view::npos;
    if (joined && !own)
      out.back().text += line.text;
    else
      out.push_back(line);
    joined = line.text.size() > 60 && line.text.back() == ' ' && trim(line.text) != "--";
  }
  return out;
}

Outcome<Lines> text_of(const Entity& entity, const std::string& file, int depth);

// The parts between the boundary's lines, each an entity.
std::vector<Entity> parts_of(const Lines& lines, const std::string& boundary) {
  std::vector<Entity> out;
  Lines part;
  bool inside = false;
  for (const Line& line : lines) {
    const std::string_view text = trim(line.text);
    const bool close = text == "--" + boundary + "--";
    if (close || text == "--" + boundary) {
      if (inside) out.push_back(split_entity(part));
      part.clear();
      inside = !close;
      if (close) break;
    } else if (inside) {
      part.push_back(line);
    }
  }
  if (inside) out.push_back(split_entity(part));  // a mailer forgot the closing line
  return out;
}

bool looks_like_a_patch(const Entity& part, const std::string& type) {
  if (type == "text/x-patch" || type == "text/x-diff" || type == "application/x-patch") return true;
  for (const char* header : {"content-type", "content-disposition"}) {
    const Header* found = part.find(header);
    if (found == nullptr) continue;
    for (const char* key : {"name", "filename"}) {
      const std::string name = lower(parameter(found->value, key));
      if (name.size() > 6 && (name.substr(name.size() - 6) == ".patch" || name.substr(name.size() - 5) == ".diff"))
        return true;
    }
  }
  return false;
}

Outcome<Lines> text_of_parts(const Entity& entity, const std::string& file, int depth) {
  const std::uint32_t line = entity.body.empty() ? 0 : entity.body.front().number;
  if (depth >= deepest_nesting) return failure({file, line}, "MIME parts are nested too deeply");
  const std::string boundary = parameter(entity.find("content-type")->value, "boundary");
  if (boundary.empty()) return failure({file, line}, "a multipart mail without a boundary");
  const bool alternative = media_type(entity) == "multipart/alternative";
  Lines out;
  for (const Entity& part : parts_of(entity.body, boundary)) {
    const std::string type = media_type(part);
    const bool wanted = type == "text/plain" || starts_with(type, "multipart/") || type == "message/rfc822" ||
                        looks_like_a_patch(part, type);
    if (!wanted) continue;
    auto text = text_of(part, file, depth + 1);
    if (!text) return text;
    out.insert(out.end(), text->begin(), text->end());
    if (alternative && !text->empty()) break;
  }
  return out;
}

Outcome<Lines> text_of(const Entity& entity, const std::string& file, int depth) {
  const std::string type = media_type(entity);
  if (starts_with(type, "multipart/")) return text_of_parts(entity, file, depth);
  if (type == "message/rfc822") {
    if (depth >= deepest_nesting) return failure({file}, "MIME parts are nested too deeply");
    return text_of(split_entity(entity.body), file, depth + 1);
  }
  const Header* encoding = entity.find("content-transfer-encoding");
  const std::string how = encoding == nullptr ? "" : lower(trim(encoding->value));
  Outcome<Lines> text = how == "base64"             ? undo_base64(entity.body, file)
                        : how == "quoted-printable" ? undo_quoted_printable(entity.body)
                                                    : entity.body;
  if (!text) return text;
  const Header* content = entity.find("content-type");
  if (content != nullptr && lower(parameter(content->value, "format")) == "flowed") return undo_flowed(*text);
  return text;
}

}  // namespace

const Header* Entity::find(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& h) { return h.name == name; });
  return found == headers.end() ? nullptr : &*found;
}

bool is_header_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  if (colon + 1 < line.size() && !is_blank(line[colon + 1])) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return is_name(c) || c == '-'; });
}

Entity split_entity(const Lines& lines) {
  Entity out;
  std::size_t at = 0;
  for (; at < lines.size(); ++at) {
    const std::string& text = lines[at].text;
    if (is_header_line(text)) {
      const std::size_t colon = text.find(':');
      out.headers.push_back({lower(text.substr(0, colon)), std::string(trim(text.substr(colon + 1)))});
    } else if (!out.headers.empty() && !text.empty() && is_blank(text.front()) && !trim(text).empty()) {
      out.headers.back().value += " " + std::string(trim(text));
    } else {
      break;
    }
  }
  if (at < lines.size() && trim(lines[at].text).empty()) ++at;
  for (Header& header : out.headers) header.value = decode_words(header.value);
  out.body.assign(lines.begin() + static_cast<std::ptrdiff_t>(at), lines.end());
  return out;
}

Outcome<Lines> decoded_text(const Entity& entity, const std::string& file) {
  return text_of(entity, file, 0);
}

}  // namespace hotproof::patch
