#include "model/patch/names.hpp"

#include <algorithm>

#include "model/c/index.hpp"
#include "model/c/preprocess.hpp"
#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

bool is_member_use(const c::Tokens& tokens, std::size_t at) {
  if (at == 0) return false;
  return tokens.is(at - 1, '.') || (at > 1 && tokens.is(at - 1, '>') && tokens.is(at - 2, '-'));
}

void add_uses(const c::Tokens& tokens, Names& names) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens.is_identifier(i) || c::is_keyword(tokens.text(i))) continue;
    names.used.insert((is_member_use(tokens, i) ? "." : "") + std::string(tokens.text(i)));
  }
}

// The macro of a "#define"; what its text names is used.
void add_define(std::string_view directive, Names& names) {
  const c::Tokens tokens(directive);
  if (tokens.size() < 3 || !tokens.is(1, std::string_view("define")) || !tokens.is_identifier(2)) return;
  names.defined.emplace(tokens.text(2));
  const std::uint32_t body = tokens[2].end;
  add_uses(c::Tokens(directive, body, static_cast<std::uint32_t>(directive.size())), names);
}

// Directives, with the lines that they go on over, are read and blanked.
std::string without_directives(std::string text, Names& names) {
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t first = std::min(text.find_first_not_of(" \t", begin), end);
    if (first < end && text[first] == '#') {
      while (end < text.size() && text[end - 1] == '\\') end = std::min(text.find('\n', end + 1), text.size());
      add_define(std::string_view(text).substr(first, end - first), names);
      c::blank(text, begin, end);
    }
    begin = end + 1;
  }
  return text;
}

// Members, roughly: the last name before what ends a declarator.
void add_members(const c::Tokens& tokens, const c::Item& record, Names& names) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].begin < record.begin || tokens[i].end > record.end || !tokens.is_identifier(i)) continue;
    const bool pointer = i > 0 && tokens.is(i - 1, '*') && tokens.is(i + 1, ')');
    const bool ends = tokens.is(i + 1, ';') || tokens.is(i + 1, ',') || tokens.is(i + 1, '[') || tokens.is(i + 1, ':');
    if (ends || pointer) names.defined.insert("." + std::string(tokens.text(i)));
  }
}

}  // namespace

Names names_in(std::string_view text) {
  Names out;
  const std::string plain = without_directives(c::without_comments(text), out);
  const c::Tokens tokens(plain);
  add_uses(tokens, out);
  for (const c::Item& item : c::index_items(tokens).items) {
    const bool declared = item.kind != c::Item::Kind::variable || !item.is_extern;
    if (!item.name.empty() && declared) out.defined.emplace(item.name);
    for (const std::string_view enumerator : item.enumerators) out.defined.emplace(enumerator);
    if (item.kind == c::Item::Kind::record && item.enumerators.empty()) add_members(tokens, item, out);
  }
  return out;
}

}  // namespace hotproof::patch
