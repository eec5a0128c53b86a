// Readers for tests, that share nothing with what writes the forms.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hotproof::render::readers {

// The first byte or character that a terminal or a page might take for an order, in words; empty: none. Line ends are
// allowed.
std::string unprintable_in(const std::string& text);
std::size_t longest_line(const std::string& text);

// Members, their number and their kinds. What a member is called is not part of it where it is a text of a stranger:
// only names of letters and '_' are.
std::string shape_of(const nlohmann::json& json);

// Tags and names of attributes; the same several times in a row is once. "not well-formed: …" if it is none.
std::string xml_shape(const std::string& text);

// The same of one of our pages, which are well-formed XML but for the texts of their style and script; these count as
// they are.
std::string html_shape(std::string text);

struct KtapResult {
  std::size_t depth = 0;
  bool ok = false;
  std::size_t number = 0;
  std::string name;
  std::string directive;  // "SKIP", "XFAIL", "ERROR" or empty
};
// By Documentation/dev-tools/ktap.rst. A document that is none gives one result with the name "not KTAP: …".
std::vector<KtapResult> read_ktap(const std::string& text);

struct Said {
  int exit = 0;
  bool skipped = false;  // a reader is not installed; the text says which
  std::string text;
};
// validate.py on a folder: independent readers, all files.
Said validate(const std::string& folder);

}  // namespace hotproof::render::readers
