#include "counterexamples/render/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "counterexamples/render/claims.hpp"
#include "counterexamples/render/suggest.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

std::string with_commas(std::uint64_t value) {
  std::string out = std::to_string(value);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

std::string seconds(double value) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.2f s", value);
  return out.data();
}

std::string counted(std::size_t count, const std::string& noun, const std::string& plural) {
  return with_commas(count) + " " + (count == 1 ? noun : plural);
}

Colour colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return Colour::green;
    case Verdict::violated:
      return Colour::red;
    default:
      return Colour::yellow;
  }
}

// "reached" and "impossible" say of a cover what "proved" and "violated" mean.
std::string word_of(const PropertyReport& property) {
  if (property.cover && property.verdict == Verdict::proved) return "reached";
  if (property.verdict == Verdict::vacuous && !property.applicable) return "not here";
  return std::string(checker::name(property.verdict));
}

// The rule speaks of something that this tree has, but that no run does.
bool never_triggered(const PropertyReport& property) {
  const auto is_reached = [](const MarkReport& trigger) { return trigger.reached; };
  return property.verdict == Verdict::vacuous && property.applicable && !property.triggers.empty() &&
         std::none_of(property.triggers.begin(), property.triggers.end(), is_reached);
}

std::string note_of(const PropertyReport& property) {
  std::vector<std::string> notes;
  if (property.listeners) notes.push_back(listeners_in_words(*property.listeners));
  if (!notes.empty() && notes.back().empty()) notes.pop_back();
  if (property.cover && property.verdict == Verdict::violated) notes.push_back("no run gets there");
  if (!property.variant.empty()) notes.push_back(property.variant);
  if (property.latent()) notes.push_back("latent");
  if (property.bounded) notes.push_back("looked no further than depth " + std::to_string(property.depth));
  if (property.verdict != Verdict::violated && !property.reason.empty()) notes.push_back(property.reason);
  if (property.confidence == ir::Confidence::moderate) notes.push_back("moderate");
  std::string out;
  for (const std::string& note : notes) out += (out.empty() ? "" : "; ") + note;
  return out;
}

std::size_t id_width(const std::vector<PropertyReport>& properties) {
  std::size_t width = 8;
  for (const PropertyReport& property : properties) width = std::max(width, columns(property.id));
  return width;
}

constexpr std::size_t verdict_width = 16;

// A verdict in its colour, padded as if it had none.
std::string verdict_cell(const PropertyReport* property, const Style& style) {
  if (property == nullptr) return padded(style.utf8 ? "–" : "-", verdict_width);
  const std::string word = word_of(*property);
  return coloured(word, colour_of(property->verdict), style) + std::string(verdict_width - word.size(), ' ');
}

std::string summary(const CheckReport& report, const Style& style) {
  const std::size_t width = id_width(report.properties);
  std::string out =
      coloured("  " + padded("property", width) + "  " + padded("verdict", verdict_width) + " depth       states  note",
               Colour::dim, style) +
      "\n";
  for (const PropertyReport& property : report.properties) {
    const std::string states = property.states == 0 ? "" : with_commas(property.states);
    const std::string depth = property.depth == 0 ? "" : std::to_string(property.depth);
    out += trimmed("  " + padded(brief(property.id, style.utf8), width) + "  " + verdict_cell(&property, style) +
                   padded(depth, 6, true) + padded(states, 13, true) + "  " + brief(note_of(property), style.utf8)) +
           "\n";
  }
  return out;
}

std::string heading(const CheckReport& report) {
  std::string out;
  for (const std::string* part : {&report.title, &report.architecture, &report.scenario}) {
    if (!part->empty()) out += (out.empty() ? "" : ", ") + *part;
  }
  if (!report.model.sizes.empty()) out += ", for all sizes";
  return out;
}

constexpr std::size_t label_width = 16;

std::size_t text_width(const Style& style) {
  return std::max<std::size_t>(style.width, 60) - label_width;
}

// A paragraph whose first line starts with a label; the rest is indented under it.
void add_labelled(std::string& out, const std::string& label, const std::string& text, const Style& style) {
  if (text.empty()) return;
  const auto lines = filled(brief(text, style.utf8), text_width(style));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += coloured(padded(i == 0 ? "  " + label : "", label_width), Colour::dim, style) + lines[i] + "\n";
  }
}

std::string search_of(const CheckReport& report) {
  std::string out = report.engine + ", ";
  out += report.complete ? "the whole state space" : "incomplete";
  if (!report.complete && !report.stopped_by.empty()) out += ": stopped by " + report.stopped_by;
  if (report.statistics.searches > 1) out += ", in " + std::to_string(report.statistics.searches) + " searches";
  if (report.statistics.states > 0) out += ", " + with_commas(report.statistics.states) + " states";
  if (report.statistics.up_to_exchanges) out += ", one of those that exchanges of equal actors make of each other";
  if (report.statistics.some_go_alone) out += ", some with the steps of one actor only, as that is enough";
  if (report.statistics.transitions > 0) out += ", " + with_commas(report.statistics.transitions) + " transitions";
  if (report.statistics.depth > 0) out += ", depth " + std::to_string(report.statistics.depth);
  return out + ", " + seconds(report.statistics.seconds) + " (" + seconds(report.seconds_total) + " in all)";
}

std::string model_of(const ModelReport& model) {
  std::size_t lines = 0;
  for (const auto& [file, reached] : model.reached) lines += reached.size();
  const auto cut = static_cast<std::size_t>(
      std::count_if(model.leaves.begin(), model.leaves.end(), [](const LeafReport& leaf) { return leaf.cut; }));
  return counted(model.followed.size(), "function", "functions") + " followed (" + counted(lines, "line", "lines") +
         " reached), " + counted(model.leaves.size(), "leaf", "leaves") + " with a meaning of ours (" +
         std::to_string(cut) + " cut off on purpose), " +
         counted(model.harmless.size(), "harmless call", "harmless calls") + ", " +
         std::to_string(model.not_understood.size()) + " not understood; see `hotproof model`";
}

std::string coverage_in_words(const ModelReport& model) {
  const Coverage coverage = coverage_of(model);
  if (coverage.statements == 0) return "";
  return with_commas(coverage.reached) + " of " + counted(coverage.statements, "statement", "statements") +
         " reached inside the boundary (" + std::to_string(percent(coverage.reached, coverage.statements)) + " %), " +
         with_commas(coverage.branches_both_ways) + " of " + counted(coverage.branches, "branch", "branches") +
         " taken both ways; see `hotproof model --coverage`";
}

// What is on; what is off is mostly what the model does not care for, and stands in `hotproof model`.
std::string configuration_of(const ModelReport& model, std::size_t width) {
  constexpr std::size_t most_lines = 3;
  constexpr std::string_view prefix = "CONFIG_";
  std::vector<std::string> on;
  for (const auto& [name, is_on] : model.configuration) {
    if (is_on) on.push_back(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
  }
  const std::size_t off = model.configuration.size() - on.size();
  const auto text_of = [&](std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "" : ", ") + on[i];
    if (count < on.size()) out += (count == 0 ? "" : ", ") + counted(on.size() - count, "more on", "more on");
    if (off > 0)
      out += (out.empty() ? "" : " and ") + counted(off, "option off", "options off") + "; see `hotproof model`";
    return out;
  };
  std::size_t count = on.size();
  while (count > 0 && filled(text_of(count), width).size() > most_lines) --count;
  return text_of(count);
}

std::string triggers_of(const std::vector<PropertyReport>& properties) {
  std::string out;
  for (const PropertyReport& property : properties) {
    if (never_triggered(property)) out += (out.empty() ? "never happen here: those of " : ", ") + property.id;
  }
  return out;
}

// "for all of: pages per section 1 to 1,048,576, …"
std::string sizes_of(const ModelReport& model) {
  std::string out;
  for (const ModelReport::Size& size : model.sizes)
    out += (out.empty() ? "for all of: " : ", ") + size.name + " " + with_commas(size.low) + " to " + with_commas(size.high);
  for (std::size_t i = 0; i < model.size_requirements.size(); ++i)
    out += (i == 0 ? "; where " : ", ") + model.size_requirements[i];
  return out;
}

std::string rests_on(const CheckReport& report, const Style& style) {
  std::string out = coloured("what this rests on", Colour::bold, style) + "\n";
  add_labelled(out, "search", search_of(report), style);
  add_labelled(out, "model", model_of(report.model), style);
  add_labelled(out, "coverage", coverage_in_words(report.model), style);
  add_labelled(out, "configuration", configuration_of(report.model, text_width(style)), style);
  add_labelled(out, "triggers", triggers_of(report.properties), style);
  add_labelled(out, "sizes", sizes_of(report.model), style);
  for (const std::string& assumption : report.model.assumptions) add_labelled(out, "assumes", assumption, style);
  return out;
}

constexpr std::size_t most_not_understood = 10;

std::string not_understood(const ModelReport& model, const Style& style) {
  std::string out;
  for (std::size_t i = 0; i < model.not_understood.size() && i < most_not_understood; ++i) {
    Diagnostic at = model.not_understood[i];
    at.message = "not understood: " + at.message;
    out += brief(to_string(at), style.utf8) + "\n";
  }
  if (model.not_understood.size() > most_not_understood) {
    out += std::string(style.utf8 ? "…" : "...") + " and " +
           std::to_string(model.not_understood.size() - most_not_understood) + " more places that are not understood\n";
  }
  return out;
}

std::string placement(const PatchReport& report, const Style& style) {
  std::string out;
  for (const PlacementReport& hunk : report.placement) {
    out += "  " + brief(hunk.file, style.utf8) + ":" + std::to_string(hunk.placed_line) + ": hunk " +
           std::to_string(hunk.hunk) + (hunk.exact ? " placed exactly" : " placed by a guess");
    if (hunk.exact && hunk.header_line != hunk.placed_line) {
      out += " (its header says line " + std::to_string(hunk.header_line) + ")";
    }
    if (!hunk.why.empty()) out += ": " + brief(hunk.why, style.utf8);
    out += "\n";
  }
  return out;
}

std::string comparison(const PatchReport& report, const Style& style) {
  std::size_t width = std::max(id_width(report.before.properties), id_width(report.after.properties));
  std::string out = coloured("  " + padded("property", width) + "  " + padded("before", verdict_width) +
                                 padded("after", verdict_width) + padded("change", 11) + "note",
                             Colour::dim, style) +
                    "\n";
  for (const auto& [id, change] : report.changes) {
    const PropertyReport* before = find(report.before, id);
    const PropertyReport* after = find(report.after, id);
    const std::string word = change == Change::none ? "" : std::string(name(change));
    const Colour colour = change == Change::new_    ? Colour::red
                          : change == Change::fixed ? Colour::green
                                                    : Colour::plain;
    out += trimmed("  " + padded(brief(id, style.utf8), width) + "  " + verdict_cell(before, style) +
                   verdict_cell(after, style) + coloured(word, colour, style) + std::string(11 - word.size(), ' ') +
                   (after != nullptr ? brief(note_of(*after), style.utf8) : "")) +
           "\n";
  }
  return out;
}

std::string changed_lines(const PatchReport& report) {
  std::array<std::size_t, 3> counts{};
  for (const ChangedLine& line : report.lines) ++counts[static_cast<std::size_t>(line.kind)];
  return "  changed lines: " + std::to_string(counts[0]) + " executed, " + std::to_string(counts[1]) +
         " unreachable, " + std::to_string(counts[2]) + " outside the model\n";
}

}  // namespace

std::string text(const CheckReport& report, const Style& style) {
  std::string out;
  for (const PropertyReport& property : report.properties) {
    if (property.verdict == Verdict::violated) out += violation(property, report.title, style) + "\n";
  }
  out += not_understood(report.model, style);
  out += coloured(brief(heading(report), style.utf8), Colour::bold, style) + ": " +
         coloured(checker::name(report.verdict), colour_of(report.verdict), style) + "\n";
  out += summary(report, style) + rests_on(report, style);
  return report.suggestions ? out + text(*report.suggestions, style) : out;
}

std::string text(const PatchReport& report, const Style& style) {
  std::string out = coloured(brief(report.title, style.utf8), Colour::bold, style) + "\n" + placement(report, style);
  for (const PropertyReport& property : report.after.properties) {
    if (property.verdict != Verdict::violated) continue;
    const auto change = report.changes.find(property.id);
    const bool kept = change != report.changes.end() && change->second == Change::kept;
    std::string shown = violation(property, report.after.title, style);
    // What was broken before the patch is not this patch's story: its verdict line is enough.
    if (kept) shown.erase(shown.find('\n') + 1);
    out += "\n" + shown;
  }
  out += "\n" + not_understood(report.after.model, style) +
         coloured(brief(heading(report.after), style.utf8), Colour::bold, style) + ": " +
         coloured(checker::name(report.after.verdict), colour_of(report.after.verdict), style) + "\n";
  out += comparison(report, style);
  if (!report.lines.empty()) out += changed_lines(report);
  out += claims_text(report.claims, style) + rests_on(report.after, style);
  return report.after.suggestions ? out + text(*report.after.suggestions, style) : out;
}

}  // namespace hotproof::render
