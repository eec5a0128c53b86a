#include "counterexamples/render/suggest.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Source lines are a stranger's: each is made safe by itself, its tabs kept apart so that the diff can still be read.
std::string shown_diff(const std::string& diff, const Style& style) {
  std::string out;
  for (std::size_t at = 0; at < diff.size();) {
    const std::size_t end = std::min(diff.find('\n', at), diff.size());
    std::string line;
    for (const char c : diff.substr(at, end - at)) line += c == '\t' ? "        " : std::string(1, c);
    const Colour colour = line.starts_with("+") ? Colour::green : line.starts_with("-") ? Colour::red : Colour::plain;
    out += coloured(safe(line, style.utf8), colour, style) + "\n";
    at = end + 1;
  }
  return out;
}

}  // namespace

std::string text(const SuggestReport& report, const Style& style) {
  if (report.wanted.empty()) return "";
  std::string out = "\n" + coloured("suggestions", Colour::bold, style) + " for " + listed(report.wanted) + " (" +
                    std::to_string(report.tried) + " of " + std::to_string(report.known) + " small edits checked)\n";
  if (report.suggestions.empty()) out += "  none of them mends it\n";
  std::size_t number = 0;
  for (const SuggestionReport& suggestion : report.suggestions) {
    out += "\n" + coloured(std::to_string(++number) + ". ", Colour::bold, style) +
           safe(listed(suggestion.says), style.utf8) + "\n   model-checked, not compiled; mends " +
           listed(suggestion.mends) + "; ";
    out += suggestion.all_hold ? "every property asked for holds after it\n"
           : suggestion.breaks.empty()
               ? "what else is violated stays so\n"
               : coloured("but breaks " + listed(suggestion.breaks), Colour::yellow, style) + "\n";
    out += shown_diff(suggestion.diff, style);
  }
  return out;
}

ordered_json json_of(const SuggestionReport& suggestion) {
  return {{"says", suggestion.says},
          {"diff", suggestion.diff},
          {"mends", suggestion.mends},
          {"breaks", suggestion.breaks},
          {"all_hold", suggestion.all_hold}};
}

ordered_json json_of(const SuggestReport& report) {
  ordered_json suggestions = ordered_json::array();
  for (const SuggestionReport& suggestion : report.suggestions) suggestions.push_back(json_of(suggestion));
  return {{"wanted", report.wanted},
          {"tried", report.tried},
          {"known", report.known},
          {"suggestions", std::move(suggestions)}};
}

}  // namespace hotproof::render
