#include <algorithm>

#include "counterexamples/render/claims.hpp"
#include "counterexamples/render/series.hpp"
#include "counterexamples/render/suggest.hpp"
#include "counterexamples/render/text.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr std::size_t matrix_width = 11;
constexpr std::size_t most_title = 48;

struct MatrixCell {
  std::string word;
  Colour colour = Colour::plain;

  std::string shown(std::size_t width, const Style& style) const {
    return coloured(word, colour, style) + std::string(width - std::min(width, word.size()), ' ');
  }
};

MatrixCell cell_of(SeriesStep step, const PropertyReport* property) {
  const bool latent = property != nullptr && property->latent();
  switch (step) {
    case SeriesStep::holds:
      return {"holds", Colour::green};
    case SeriesStep::broken:
      return latent ? MatrixCell{"latent", Colour::yellow} : MatrixCell{"BROKEN", Colour::red};
    case SeriesStep::fixed:
      return {"fixed", Colour::green};
    case SeriesStep::kept:
      return latent ? MatrixCell{"latent", Colour::yellow} : MatrixCell{"kept", Colour::red};
    case SeriesStep::absent:
      return {"-", Colour::dim};
    case SeriesStep::silenced:
      return {"silenced", Colour::yellow};
    case SeriesStep::undecided:
      return {"?", Colour::yellow};
  }
  return {};
}

MatrixCell base_cell(const PropertyReport* property) {
  const bool violated = property != nullptr && property->verdict == Verdict::violated;
  return violated ? MatrixCell{property->latent() ? "latent" : "broken", Colour::yellow}
                  : cell_of(step_of(nullptr, property), property);
}

// Of a prefix as a whole, against the base.
MatrixCell summary_of(const CheckReport& base, const PrefixReport& prefix) {
  const int status = exit_code(base, prefix, false);
  if (status == 0) return {"holds", Colour::green};
  if (status == 1) return {"BROKEN", Colour::red};
  return {status == 3 ? "undecided" : "unknown", Colour::yellow};
}

// Properties whose column says more than "holds" or "-" all the way.
std::vector<std::string> lively(const SeriesOnArchitecture& on) {
  std::vector<std::string> out;
  for (const PropertyReport& property : on.base.properties) {
    const auto says_more = [&property](const PrefixReport& prefix) {
      const auto step = prefix.steps.find(property.id);
      return step != prefix.steps.end() && step->second != SeriesStep::holds && step->second != SeriesStep::absent;
    };
    const bool broken = property.verdict == Verdict::violated;
    if (broken || std::any_of(on.prefixes.begin(), on.prefixes.end(), says_more)) out.push_back(property.id);
  }
  return out;
}

std::string listed(const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : ", ") + id;
  return out;
}

void add_list(std::string& out, const std::string& label, const std::vector<std::string>& ids, const Style& style) {
  if (ids.empty()) return;
  for (const std::string& line :
       filled(safe(label + ": " + listed(ids), style.utf8), std::max<std::size_t>(style.width, 60) - 2)) {
    out += "  " + line + "\n";
  }
}

std::string row_name(const SeriesPatch& patch, const Style& style) {
  return cut(safe(patch.label + " " + patch.title, style.utf8), most_title, style.utf8);
}

std::string note_of(const PrefixReport& prefix) {
  if (!prefix.unbuilt.empty()) return prefix.unbuilt;
  if (!prefix.executed) return "the model executes nothing of this patch";
  if (!prefix.report.stopped_by.empty()) return "stopped by " + prefix.report.stopped_by;
  return prefix.same_model ? "for the model the same as a tree before" : "";
}

std::string column_names(const std::vector<std::string>& ids, const std::string& first, std::size_t width,
                         const Style& style) {
  std::string out = padded("  " + first, width + 2) + padded("all", matrix_width);
  for (std::size_t i = 0; i < ids.size(); ++i) out += padded("[" + std::to_string(i + 1) + "]", matrix_width);
  return coloured(trimmed(out) + "\n", Colour::dim, style);
}

std::string rows(const SeriesReport& report, const SeriesOnArchitecture& on, const std::vector<std::string>& ids,
                 const Style& style) {
  std::size_t width = 8;
  for (const SeriesPatch& patch : report.patches) width = std::max(width, columns(row_name(patch, style)) + 2);
  std::string out = column_names(ids, "after patch", width, style);
  out += padded("  (none)", width + 2) + std::string(matrix_width, ' ');
  for (const std::string& id : ids) out += base_cell(find(on.base, id)).shown(matrix_width, style);
  out = trimmed(out) + "\n";
  for (std::size_t i = 0; i < on.prefixes.size(); ++i) {
    const PrefixReport& prefix = on.prefixes[i];
    std::string row =
        "  " + padded(row_name(report.patches[i], style), width) + summary_of(on.base, prefix).shown(matrix_width, style);
    for (const std::string& id : ids) {
      const auto step = prefix.steps.find(id);
      const SeriesStep what = step == prefix.steps.end() ? SeriesStep::absent : step->second;
      row += cell_of(what, find(prefix.report, id)).shown(matrix_width, style);
    }
    out += trimmed(row + safe(note_of(prefix), style.utf8)) + "\n";
  }
  return out;
}

std::string matrix(const SeriesReport& report, const SeriesOnArchitecture& on, const Style& style) {
  const std::vector<std::string> ids = lively(on);
  std::string out = rows(report, on, ids, style);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    out += "  [" + std::to_string(i + 1) + "] " + safe(ids[i], style.utf8) + "\n";
  }
  std::vector<std::string> hold;
  std::vector<std::string> absent;
  for (const PropertyReport& property : on.base.properties) {
    if (std::find(ids.begin(), ids.end(), property.id) != ids.end()) continue;
    const auto holds = [&property](const PrefixReport& prefix) {
      const auto step = prefix.steps.find(property.id);
      return step != prefix.steps.end() && step->second == SeriesStep::holds;
    };
    const bool anywhere = property.applicable || std::any_of(on.prefixes.begin(), on.prefixes.end(), holds);
    (anywhere ? hold : absent).push_back(property.id);
  }
  add_list(out, "hold after every patch", hold, style);
  add_list(out, "say nothing here", absent, style);
  return out;
}

// The runs of what is broken first at some patch, and was not broken in the base; with edits that mend it.
std::string first_breaks(const SeriesReport& report, const SeriesOnArchitecture& on, const Style& style) {
  std::string out;
  for (std::size_t i = 0; i < on.prefixes.size(); ++i) {
    for (const PropertyReport& property : on.prefixes[i].report.properties) {
      const auto step = on.prefixes[i].steps.find(property.id);
      const PropertyReport* base = find(on.base, property.id);
      const bool was_broken = base != nullptr && base->verdict == Verdict::violated;
      if (step == on.prefixes[i].steps.end() || step->second != SeriesStep::broken || was_broken) continue;
      out += coloured("patch " + safe(report.patches[i].label, style.utf8) + " breaks on " + on.architecture + ":",
                      Colour::bold, style) +
             "\n" + violation(property, on.prefixes[i].report.title, style) + "\n";
    }
    if (const auto& suggestions = on.prefixes[i].report.suggestions)
      out += "after patch " + safe(report.patches[i].label, style.utf8) + text(*suggestions, style) + "\n";
  }
  return out;
}

std::string guesses(const SeriesReport& report, const Style& style) {
  std::string out;
  for (const SeriesPatch& patch : report.patches) {
    for (const PlacementReport& hunk : patch.placement) {
      if (hunk.exact) continue;
      out += "  patch " + safe(patch.label, style.utf8) + ": " + safe(hunk.file, style.utf8) + ":" +
             std::to_string(hunk.placed_line) + ": hunk " + std::to_string(hunk.hunk) +
             " placed by a guess: " + safe(hunk.why, style.utf8) + "\n";
    }
  }
  return out;
}

std::string verdict_of(const SeriesReport& report, const SeriesOnArchitecture& on) {
  for (std::size_t i = 0; i < on.prefixes.size(); ++i) {
    if (exit_code(on.base, on.prefixes[i], false) == 1) return "broken first at patch " + report.patches[i].label;
  }
  const int status = exit_code(on, false);
  return status == 0   ? "every prefix holds"
         : status == 3 ? "no prefix is broken; some is undecided"
                       : "no prefix is broken, but not all was understood";
}

void add_order_line(std::string& out, const std::string& line, const Style& style) {
  const auto lines = filled(safe(line, style.utf8), std::max<std::size_t>(style.width, 60) - 6);
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? "  " : "      ") + lines[i] + "\n";
}

std::string because(const std::string& why) {
  return why.empty() ? "" : ": " + why;
}

void add_whole(std::string& out, const OrdersReport& orders, const Style& style) {
  add_order_line(out,
           std::to_string(orders.orders) + " of " + std::to_string(orders.possible) +
               " orders are safe; the posted one " + (orders.posted_is_safe ? "is" : "is not"),
           style);
  if (!orders.nearest.empty()) {
    add_order_line(out,
             "the nearest safe one (" + std::to_string(orders.moves) + (orders.moves == 1 ? " move): " : " moves): ") +
                 listed(orders.nearest),
             style);
  }
  for (const ConstraintReport& constraint : orders.constraints) {
    add_order_line(out, constraint.says + because(constraint.why), style);
  }
  if (orders.orders > 0) {
    add_order_line(out,
             orders.constraints_are_all ? "every order that respects these is safe"
                                        : "these are not all: an order may respect them and yet not be safe",
             style);
  }
  if (orders.undecided > 0) {
    add_order_line(out, std::to_string(orders.undecided) + " sets of patches are undecided; orders through them do not count",
             style);
  }
}

std::string orders_of(const OrdersReport& orders, const Style& style) {
  std::string out = "\n" + coloured("orders of the patches", Colour::bold, style) + " (" + std::to_string(orders.sets) +
                    " sets looked at, " + std::to_string(orders.models) + " more models checked)\n";
  if (orders.whole) {
    add_whole(out, orders, style);
    return out;
  }
  add_order_line(out,
           "not all were looked at (" + orders.not_whole + "); the posted one with two neighbours exchanged:", style);
  for (const NeighbourReport& pair : orders.neighbours) {
    add_order_line(out, pair.first + " before " + pair.second + ": " + (pair.safe ? "safe" : "not safe") + because(pair.why),
             style);
  }
  return out;
}

}  // namespace

std::string text(const SeriesReport& report, const Style& style) {
  std::string out = coloured(safe(report.title, style.utf8), Colour::bold, style) + "\n" + guesses(report, style);
  for (const SeriesOnArchitecture& on : report.architectures) {
    out += "\n" + first_breaks(report, on, style);
    out += coloured(safe(report.tree, style.utf8) + ", " + on.architecture, Colour::bold, style) + ", " +
           safe(on.base.scenario, style.utf8) + ": " + safe(verdict_of(report, on), style.utf8) + "\n";
    out += matrix(report, on, style);
  }
  if (report.orders) out += orders_of(*report.orders, style);
  const std::string claims = claims_text(report.claims, style);
  return out + (claims.empty() ? "" : "\n") + claims;
}

}  // namespace hotproof::render
