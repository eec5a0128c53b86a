#include "cli/function_entry.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/calls.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

template <class Row>
const Row* row_of(const std::vector<Row>& rows, const std::string& name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&name](const Row& row) { return row.function == name; });
  return found == rows.end() ? nullptr : &*found;
}

std::string with_fate(const ModelReport& model, const std::string& name) {
  if (row_of(model.followed, name) != nullptr) return name;
  if (const LeafReport* leaf = row_of(model.leaves, name)) return name + " (leaf: " + leaf->kind + ")";
  return row_of(model.harmless, name) != nullptr ? name + " (harmless)" : name;
}

void add_calls(Model& model, FunctionEntry& entry) {
  for (const auto& [caller, callees] : calls_of(model)) {
    if (callees.contains(entry.function)) entry.callers.push_back(caller);
    if (caller != entry.function) continue;
    for (const std::string& callee : callees) {
      entry.callees.push_back(with_fate(model.checked.report.model, callee));
    }
  }
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

Result<FunctionEntry> function_entry(Model& model, const std::string& name) {
  const ModelReport& report = model.checked.report.model;
  FunctionEntry entry;
  entry.function = name;
  const auto& shadowed = model.scenario->shadowed();
  entry.cut = std::find(shadowed.begin(), shadowed.end(), name) != shadowed.end();
  if (const FollowedReport* followed = row_of(report.followed, name)) {
    const auto& rows = model.scenario->options().leaves;
    const auto row = rows.find(name);
    const bool ours = followed->file.starts_with("model/");
    entry.kind = ours ? "ours" : "followed";
    if (ours) entry.text = row != rows.end() ? row->second.reason : "part of the environment";
    entry.place = {followed->file, followed->line, 0};
  } else if (const LeafReport* leaf = row_of(report.leaves, name)) {
    entry.kind = "leaf";
    entry.text = leaf->kind + ": " + leaf->reason;
    entry.used = leaf->used;
  } else if (const HarmlessReport* harmless = row_of(report.harmless, name)) {
    entry.kind = "harmless";
    entry.text = harmless->why;
    entry.used = harmless->used;
  } else if (model.scenario->mir().body(name) != nullptr) {
    entry.kind = "not called";
    entry.text = "it is in a file that is read, but no path of the model calls it";
  } else {
    return usage_error({{}, "no function " + name + " is in the files that are read", "see hotproof model"});
  }
  add_calls(model, entry);
  return entry;
}

std::string text(const std::vector<FunctionEntry>& entries, const render::Style& style) {
  constexpr std::size_t margin = 12;
  std::string out;
  for (const FunctionEntry& entry : entries) {
    const auto add = [&](const std::string& label, const std::string& words) {
      if (words.empty()) return;
      const auto lines = render::filled(render::safe(words, style.utf8), style.width - margin - 2);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string head = i == 0 ? label : "";
        out += "  " + head + std::string(margin - head.size(), ' ') + lines[i] + "\n";
      }
    };
    out += coloured(render::safe(entry.function, style.utf8), render::Colour::bold, style) + "\n";
    add("is", entry.kind + (entry.text.empty() ? "" : ": " + entry.text));
    if (entry.cut) add("shadows", "a body in the tree, on purpose: a patch that changes it is not understood");
    if (entry.place.line != 0) add("stands at", to_string(entry.place));
    add("called by", joined(entry.callers));
    add("calls", joined(entry.callees));
    std::vector<std::string> places;
    for (const Place& place : entry.used) places.push_back(to_string(place));
    add("called at", joined(places));
  }
  return out;
}

std::string json(const std::vector<FunctionEntry>& entries) {
  nlohmann::ordered_json out = {{"functions", nlohmann::ordered_json::array()}};
  for (const FunctionEntry& entry : entries) {
    auto used = nlohmann::ordered_json::array();
    for (const Place& place : entry.used) used.push_back({{"file", place.file}, {"line", place.line}});
    out["functions"].push_back({{"function", entry.function},
                                {"kind", entry.kind},
                                {"cut", entry.cut},
                                {"file", entry.place.file},
                                {"line", entry.place.line},
                                {"reason", entry.text},
                                {"callers", entry.callers},
                                {"callees", entry.callees},
                                {"used", std::move(used)}});
  }
  return out.dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace hotproof::cli
