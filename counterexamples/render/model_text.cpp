#include <algorithm>

#include "counterexamples/render/text.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

std::string used_at(const std::vector<Place>& places) {
  if (places.empty()) return "";
  std::string out = ", called at " + to_string(places.front());
  if (places.size() > 1) out += " and " + std::to_string(places.size() - 1) + " more";
  return out;
}

void add_heading(std::string& out, const std::string& title, std::size_t count, const Style& style) {
  out += coloured(title + " (" + std::to_string(count) + ")", Colour::bold, style) + "\n";
}

std::string leaf_line(const LeafReport& leaf) {
  std::string how = leaf.kind;
  if (leaf.cut) how += ", its body is left out on purpose";
  return leaf.function + ": " + how + ": " + leaf.reason + used_at(leaf.used);
}

}  // namespace

std::string model_text(const CheckReport& report, const Style& style) {
  const ModelReport& model = report.model;
  std::string out;
  const auto add = [&out, &style](const std::string& line) { out += "  " + safe(line, style.utf8) + "\n"; };

  add_heading(out, "functions followed", model.followed.size(), style);
  for (const FollowedReport& f : model.followed) {
    add(f.file + ":" + std::to_string(f.line) + ": " + f.function + ", " + std::to_string(f.calls) + " calls" +
        (f.calls == f.calls_counted ? "" : " (an independent count says " + std::to_string(f.calls_counted) + ")"));
  }
  add_heading(out, "leaves: calls that get a meaning of ours", model.leaves.size(), style);
  for (const LeafReport& leaf : model.leaves) add(leaf_line(leaf));
  add_heading(out, "harmless: calls that touch nothing modelled", model.harmless.size(), style);
  for (const HarmlessReport& call : model.harmless) add(call.function + ": " + call.why + used_at(call.used));
  add_heading(out, "not understood", model.not_understood.size(), style);
  for (const Diagnostic& at : model.not_understood) add(to_string(at));
  add_heading(out, "configuration that the source asked for", model.configuration.size(), style);
  for (const auto& [name, on] : model.configuration) add(name + (on ? "=y" : "=n"));
  if (!model.assumptions.empty()) {
    add_heading(out, "assumptions", model.assumptions.size(), style);
    for (const std::string& assumption : model.assumptions) add(assumption);
  }
  out += coloured("transition system", Colour::bold, style) + ": " + std::to_string(model.actors) + " actors, " +
         std::to_string(model.variables) + " variables, " + std::to_string(model.transitions) + " transitions\n";
  return out;
}

}  // namespace hotproof::render
