#include "counterexamples/render/formats/readers.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <regex>
#include <sstream>

namespace hotproof::render::readers {

namespace {

std::uint32_t next_point(const std::string& text, std::size_t& i) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  const unsigned first = byte(i);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xc2 && first < 0xe0 ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0) return UINT32_MAX;
  std::uint32_t point = length == 1 ? first : first & (0x7fU >> length);
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xc0U) != 0x80U) return UINT32_MAX;
    point = point << 6U | (byte(i + k) & 0x3fU);
  }
  i += length;
  return point;
}

class Xml {
 public:
  explicit Xml(const std::string& text) : text_(text) {}

  std::string shape() {
    skip("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    while (fault_.empty() && at_ < text_.size()) {
      if (text_[at_] == '<')
        tag();
      else
        character();
    }
    if (fault_.empty() && !open_.empty()) fault_ = "not closed: " + open_.back();
    return fault_.empty() ? shape_ : "not well-formed: " + fault_;
  }

 private:
  void skip(const std::string& expected) {
    if (text_.compare(at_, expected.size(), expected) == 0)
      at_ += expected.size();
    else
      fault_ = "no " + expected;
  }
  std::string name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  std::string("._:-").find(text_[at_]) != std::string::npos))
      ++at_;
    if (at_ == from) fault_ = "no name at " + std::to_string(at_);
    return text_.substr(from, at_ - from);
  }
  void character() {
    if (text_[at_] != '&') {
      if (text_.compare(at_, 3, "]]>") == 0) fault_ = "]]> in text";
      ++at_;
      return;
    }
    const std::string entity = text_.substr(at_, text_.find(';', at_) - at_);
    if (std::string("&amp &lt &gt &quot &#39").find(entity) == std::string::npos)
      fault_ = "entity " + entity.substr(0, 20);
    at_ += entity.size() + 1;
  }
  void tag() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '/') {
      ++at_;
      const std::string closed = name();
      if (open_.empty() || open_.back() != closed)
        fault_ = "closes " + closed;
      else
        open_.pop_back();
      skip(">");
      return;
    }
    std::string tag = name();
    std::string shape = "<" + tag;
    while (fault_.empty() && at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
      shape += " " + name();
      skip("=\"");
      while (fault_.empty() && at_ < text_.size() && text_[at_] != '"') {
        if (text_[at_] == '<') fault_ = "< in an attribute";
        character();
      }
      ++at_;
    }
    if (text_.compare(at_, 2, "/>") == 0)
      at_ += 2;
    else
      skip(">"), open_.push_back(tag);
    shape += ">\n";
    if (shape != last_) shape_ += shape;
    last_ = shape;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  std::string shape_, last_, fault_;
};

std::vector<KtapResult> not_ktap(const std::string& why) {
  return {{0, false, 0, "not KTAP: " + why, ""}};
}

}  // namespace

std::string unprintable_in(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t at = i;
    const std::uint32_t point = next_point(text, i);
    const auto is = [point](std::uint32_t low, std::uint32_t high) { return point >= low && point <= high; };
    if (point == UINT32_MAX) return "not UTF-8 at byte " + std::to_string(at);
    const bool bad = (point < 0x20 && point != '\n') || is(0x7f, 0x9f) || is(0x200b, 0x200f) || is(0x2028, 0x202e) ||
                     is(0x2060, 0x206f) || is(0x61c, 0x61c) || is(0x300, 0x36f) || is(0xd800, 0xf8ff) ||
                     is(0xfeff, 0xfeff) || is(0xfe00, 0xfe0f) || is(0xfffe, 0xffff) || is(0x3164, 0x3164) ||
                     point >= 0xe0000;
    if (bad) return "character " + std::to_string(point) + " at byte " + std::to_string(at);
  }
  return "";
}

std::size_t longest_line(const std::string& text) {
  std::istringstream in(text);
  std::size_t most = 0;
  for (std::string line; std::getline(in, line);) most = std::max(most, line.size());
  return most;
}

std::string shape_of(const nlohmann::json& json) {
  if (json.is_object()) {
    std::string out = "{";
    for (const auto& [name, member] : json.items()) {
      // Columns are given where they are known to be characters: in lines of ASCII.
      if (name == "startColumn") continue;
      const bool ours = name.size() < 40 && std::all_of(name.begin(), name.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
                        });
      out += (ours ? name : "?") + ":" + shape_of(member) + ",";
    }
    return out + "}";
  }
  if (json.is_array()) {
    std::string out = "[";
    for (const auto& member : json) out += shape_of(member) + ",";
    return out + "]";
  }
  return json.type_name();
}

std::string xml_shape(const std::string& text) {
  return Xml(text).shape();
}

std::string html_shape(std::string text) {
  std::string out;
  for (const auto& [from, to] : {std::pair{std::string("<style>"), std::string("</style>")}, {"<script>", "</script>"}}) {
    const std::size_t begin = text.find(from);
    const std::size_t end = text.find(to, begin);
    if (begin == std::string::npos || end == std::string::npos) return "no " + from;
    out += text.substr(begin, end - begin) + "\n";
    text.erase(begin, end - begin + to.size());
  }
  const std::string head = "<!DOCTYPE html>\n";
  if (!text.starts_with(head)) return "no document type";
  return out + xml_shape("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text.substr(head.size()));
}

std::vector<KtapResult> read_ktap(const std::string& text) {
  static const std::regex version("( *)KTAP version 1"), plan("( *)1\\.\\.([0-9]+)"), comment(" *#.*"),
      result("( *)(not )?ok ([0-9]+)(?: (?:- )?([^#]*))?(?:# (SKIP|TODO|XFAIL|TIMEOUT|ERROR)\\b.*)?");
  struct Level {
    long planned = -1;
    std::size_t seen = 0;
  };
  std::vector<Level> levels;
  std::vector<KtapResult> out;
  std::istringstream in(text);
  std::smatch m;
  for (std::string line; std::getline(in, line);) {
    if (std::regex_match(line, m, version)) {
      const std::size_t depth = static_cast<std::size_t>(m[1].length()) / 2;
      if (depth != levels.size()) return not_ktap("version line at depth " + std::to_string(depth));
      levels.emplace_back();
    } else if (levels.empty()) {
      return not_ktap("no version line");
    } else if (std::regex_match(line, m, plan)) {
      if (levels.back().planned >= 0) return not_ktap("second plan");
      levels.back().planned = std::stol(m[2]);
    } else if (std::regex_match(line, m, comment)) {
      continue;
    } else if (std::regex_match(line, m, result)) {
      const std::size_t depth = static_cast<std::size_t>(m[1].length()) / 2;
      // The result of a subtest closes it.
      if (depth + 2 == levels.size()) {
        if (levels.back().planned != static_cast<long>(levels.back().seen)) return not_ktap("plan of a subtest");
        levels.pop_back();
      }
      if (depth + 1 != levels.size()) return not_ktap("result at depth " + std::to_string(depth));
      if (std::stoul(m[3]) != ++levels.back().seen) return not_ktap("number " + m[3].str());
      out.push_back({depth, !m[2].matched, levels.back().seen, m[4].str(), m[5].str()});
    } else {
      return not_ktap("line " + line.substr(0, 60));
    }
  }
  if (levels.size() != 1 || levels[0].planned != static_cast<long>(levels[0].seen)) return not_ktap("plan");
  return out;
}

Said validate(const std::string& folder) {
  const std::string command =
      "/usr/bin/python3 '" HOTPROOF_SOURCE_DIR "/counterexamples/render/formats/validate.py' '" + folder + "' 2>&1";
  Said said;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    said.text.append(buffer.data(), count);
  const int status = pclose(pipe);
  said.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  said.skipped = said.exit == 77 || said.exit == 127;
  return said;
}

}  // namespace hotproof::render::readers

using namespace hotproof::render;

TEST_CASE("the tests' readers refuse what is not well-formed") {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  CHECK(readers::xml_shape(head + "<a b=\"&lt;\">x<c/></a>\n") == "<a b>\n<c>\n");
  for (const char* bad : {"<a>", "<a></b>", "<a>&b;</a>", "<a b=\"<\"/>", "<a>]]></a>", "</a>", "<a b='c'/>"})
    CHECK(readers::xml_shape(head + bad).starts_with("not well-formed"));
  CHECK(readers::unprintable_in("a\n\xc3\xa9") == "");
  for (const char* bad : {"\x1b", "\xc2\x9b", "\xe2\x80\xae", "\xff", "\xef\xbf\xbe", "\t", "\r"})
    CHECK(readers::unprintable_in(bad) != "");
  CHECK(readers::read_ktap("KTAP version 1\n1..1\nok 1 a # SKIP b\n")[0].directive == "SKIP");
  CHECK(readers::read_ktap("KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  not ok 1 a\nnot ok 1 b\n").size() == 2);
  for (const char* bad : {"1..1\nok 1 a\n", "KTAP version 1\n1..2\nok 1 a\n", "KTAP version 1\n1..1\nok 2 a\n",
                          "KTAP version 1\n1..1\nok 1 a\nhello\n"})
    CHECK(readers::read_ktap(bad)[0].name.starts_with("not KTAP"));
}
