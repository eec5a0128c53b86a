#include "cli/coverage.hpp"

#include <algorithm>

#include "cli/console.hpp"
#include "counterexamples/render/json_parts.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using render::Colour;
using render::coloured;
using render::safe;
using render::Style;

std::string right(std::size_t value, std::size_t width) {
  return render::padded(std::to_string(value), width, true);
}

// The tree's functions that are asked for, the one that misses most first.
Result<std::vector<const FollowedReport*>> chosen(const ModelReport& model, const std::vector<std::string>& names) {
  std::vector<const FollowedReport*> out;
  for (const FollowedReport& f : model.followed) {
    const bool asked = names.empty() || std::find(names.begin(), names.end(), f.function) != names.end();
    if (asked && !f.environment) out.push_back(&f);
  }
  for (const std::string& name : names) {
    const auto is_named = [&name](const FollowedReport* f) { return f->function == name; };
    if (std::any_of(out.begin(), out.end(), is_named)) continue;
    return usage_error({{}, "no function " + name + " of the tree is followed", "see hotproof model"});
  }
  std::stable_sort(out.begin(), out.end(), [](const FollowedReport* a, const FollowedReport* b) {
    return a->missing.size() > b->missing.size();
  });
  return out;
}

Coverage totals(const std::vector<const FollowedReport*>& functions) {
  ModelReport model;
  for (const FollowedReport* f : functions) model.followed.push_back(*f);
  return coverage_of(model);
}

std::string row(const Coverage& c, const std::string& name) {
  return right(c.reached, 9) + right(c.statements, 8) + right(percent(c.reached, c.statements), 6) + " %" +
         right(c.branches_both_ways, 12) + right(c.branches, 10) + "  " + name + "\n";
}

std::string table(const std::vector<const FollowedReport*>& functions, const Style& style) {
  std::string out = coloured("  reached  of all           both ways  branches  function", Colour::bold, style) + "\n";
  for (const FollowedReport* f : functions) {
    const std::string place = "  " + f->file + ":" + std::to_string(f->line);
    const std::string line = row(totals({f}), safe(f->function + place, style.utf8));
    out += f->missing.empty() ? line : coloured(line.substr(0, line.size() - 1), Colour::yellow, style) + "\n";
  }
  return out + coloured(row(totals(functions), "in all"), Colour::bold, style);
}

// Tabs as blanks: marks and numbers move the text, and tab stops with it.
std::string expanded(std::string_view text) {
  constexpr std::size_t stop = 8;
  std::string out;
  for (const char c : text) {
    if (c == '\t') {
      out += std::string(stop - out.size() % stop, ' ');
    } else {
      out += c;
    }
  }
  return out;
}

// From the function's first line to the brace in the first column that ends it, but at least to its last statement.
std::string marked(const FollowedReport& f, const std::string& text, const Style& style) {
  std::string out = coloured(safe(f.file + ": " + f.function, style.utf8), Colour::bold, style) + "\n";
  const std::uint32_t last = f.statements.empty() ? f.line : f.statements.back();
  std::string_view rest = text;
  for (std::uint32_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (number < f.line) continue;
    const bool statement = std::binary_search(f.statements.begin(), f.statements.end(), number);
    const bool missing = std::binary_search(f.missing.begin(), f.missing.end(), number);
    const std::string shown = std::string(1, !statement ? ' '
                                             : missing  ? '-'
                                                        : '+') +
                              right(number, 6) + "  " + safe(expanded(line), style.utf8);
    out += coloured(shown, !statement ? Colour::plain : missing ? Colour::red : Colour::green, style) + "\n";
    if (number >= last && line.starts_with("}")) break;
  }
  return out;
}

std::string json(const std::vector<const FollowedReport*>& functions) {
  render::ordered_json out = {{"coverage", render::json_of(totals(functions))},
                              {"functions", render::ordered_json::array()}};
  for (const FollowedReport* f : functions) {
    render::ordered_json entry = {{"function", f->function}, {"file", f->file}, {"line", f->line}};
    entry.update(render::json_of(totals({f})));
    entry["missing"] = f->missing;
    out["functions"].push_back(std::move(entry));
  }
  return render::written(out);
}

}  // namespace

Result<std::string> coverage_text(const ModelReport& model, const SourceTree& tree, const Settings& settings) {
  const auto functions = chosen(model, settings.names);
  if (!functions) return tl::unexpected(functions.error());
  if (settings.format == Format::json) return json(*functions);
  const Style style = style_for(settings);
  std::string out = table(*functions, style);
  for (const FollowedReport* f : *functions) {
    const auto file = tree.read(f->file);
    if (file != nullptr) out += "\n" + marked(*f, file->text, style);
  }
  return out;
}

}  // namespace hotproof::cli
