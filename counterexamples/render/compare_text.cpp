#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <tuple>

#include "counterexamples/render/compare.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr std::size_t rows_at_start = 4;
constexpr std::size_t rows_at_end = 24;
constexpr std::size_t most_listed = 6;

std::string line_of(const std::string& text) { return trimmed(text) + "\n"; }

// "memory.c:196": the line of the step, or of the call of the source that led to it.
std::string place_of_step(const TraceStep& step) {
  const auto shown = [](const std::string& file, std::uint32_t line) {
    const std::size_t slash = file.rfind('/');
    return (slash == std::string::npos ? file : file.substr(slash + 1)) + ":" + std::to_string(line);
  };
  if (step.line != 0 && !step.environment) return shown(step.file, step.line);
  if (!step.callers.empty()) return shown(step.callers.back().file, step.callers.back().line);
  return "";
}

std::string place_of(const ComparedRun& run, std::size_t i) {
  return i < run.happens.size() ? place_of_step(run.trace.steps[run.happens[i].step]) : "";
}

// The i-th thing of a run that counts.
std::string cell(const ComparedRun& run, std::size_t i, bool with_actor, std::size_t place_width) {
  if (i >= run.happens.size()) return "";
  std::string what = run.happens[i].what;
  if (!with_actor) what.erase(0, what.find(": ") + 2);
  return padded(place_of(run, i), place_width) + what;
}

bool one_actor(const ComparedRun& a, const ComparedRun& b) {
  std::string first;
  for (const ComparedRun* run : {&a, &b})
    for (const ComparedRun::Happens& one : run->happens) {
      const std::string actor = one.what.substr(0, one.what.find(": "));
      if (first.empty()) first = actor;
      if (actor != first) return false;
    }
  return !first.empty();
}

std::string sentence_of(const DifferenceReport& difference) {
  const std::string one = difference.only_new ? "new" : "old";
  const std::string other = difference.only_new ? "old" : "new";
  if (difference.kind == DifferenceReport::Kind::choice)
    return "Both can do the same, but behind the same beginning the " + one + " version still has a choice that the " +
           other + " one no longer has:";
  return "The " + one + " version can do what the " + other + " one cannot:";
}

std::string listed(const std::vector<std::string>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size() && i < most_listed; ++i) out += (i == 0 ? "" : "; ") + all[i];
  if (all.size() > most_listed) out += "; and " + std::to_string(all.size() - most_listed) + " more";
  return out;
}

std::string side_by_side(const DifferenceReport& difference, const Style& style) {
  const ComparedRun& old_run = difference.only_new ? difference.cannot : difference.can;
  const ComparedRun& new_run = difference.only_new ? difference.can : difference.cannot;
  const bool with_actor = !one_actor(old_run, new_run);
  const std::size_t width = (std::max<std::size_t>(style.width, 60) - 6) / 2;
  const auto row = [&](const std::string& mark, const std::string& left, const std::string& right, Colour colour) {
    const std::string a = cut(safe(left, style.utf8), width, style.utf8);
    const std::string b = cut(safe(right, style.utf8), width, style.utf8);
    return line_of("  " + coloured(mark, colour, style) + " " + coloured(a, colour, style) +
                   std::string(width + 2 - std::min(width, columns(a)), ' ') + coloured(b, colour, style));
  };
  std::string out = row(" ", "old", "new", Colour::dim);
  const std::size_t common = difference.common.size();
  std::size_t places = 0;
  for (std::size_t i = 0; i <= common; ++i)
    places = std::max({places, columns(place_of(old_run, i)) + 2, columns(place_of(new_run, i)) + 2});
  for (std::size_t i = 0; i < common; ++i) {
    if (common > rows_at_start + rows_at_end && i == rows_at_start) {
      const std::size_t left_out = common - rows_at_start - rows_at_end;
      out += "    " + coloured("(" + std::to_string(left_out) + " the same in both)", Colour::dim, style) + "\n";
      i += left_out;
    }
    out += row(" ", cell(old_run, i, with_actor, places), cell(new_run, i, with_actor, places), Colour::plain);
  }
  const auto at_end = [&](const ComparedRun& run, bool can) {
    // A deadlock is no event of a step.
    if (can && common >= run.happens.size()) return padded("", places) + difference.last;
    if (!can && difference.goes_on.empty()) return padded("", places) + std::string("(nothing of the like)");
    return cell(run, common, with_actor, places);
  };
  out += row(style.utf8 ? "≠" : "#", at_end(old_run, !difference.only_new), at_end(new_run, difference.only_new),
             Colour::red);
  return out;
}

std::string paragraph(const std::string& words, const Style& style, const std::string& indent = "") {
  std::string out;
  for (const std::string& line :
       filled(safe(words, style.utf8), std::max<std::size_t>(style.width, 60) - indent.size()))
    out += indent + line + "\n";
  return out;
}

// Both ways round, two versions mostly part at the same point.
bool parts_alike(const DifferenceReport& a, const DifferenceReport& b) {
  return a.kind != DifferenceReport::Kind::choice && a.only_new != b.only_new && a.common == b.common &&
         a.last == b.goes_on && b.last == a.goes_on;
}

std::string differences_of(const std::vector<DifferenceReport>& all, const Style& style) {
  std::string out;
  for (const DifferenceReport& difference : all) {
    const std::string other = difference.only_new ? "old" : "new";
    if (&difference != all.data() && parts_alike(all.front(), difference)) {
      out += "\n" + paragraph("Nor can the " + other + " version do what the other one does there.", style);
      continue;
    }
    out += "\n" + paragraph(sentence_of(difference), style) + "\n" + side_by_side(difference, style);
    out += "\n" + paragraph(difference.instead.empty()
                                ? "There, the " + other + " version can do nothing that counts."
                                : "There, the " + other + " version can: " + listed(difference.instead) + ".",
                            style, "  ");
  }
  return out;
}

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& one : all) out += (out.empty() ? "" : ", ") + one;
  return out;
}

// The runs would mostly repeat what is known: --observe locks shows them.
std::string locks_of(const CompareReport& report, const Style& style) {
  if (report.locks != CompareReport::Locks::differ || report.lock_differences.empty()) return "";
  const DifferenceReport& first = report.lock_differences.front();
  const std::string one = first.only_new ? "new" : "old";
  const std::string other = first.only_new ? "old" : "new";
  const std::string instead = first.goes_on.empty() ? "does not" : "does " + first.goes_on;
  return paragraph("Locks are taken or given back at other points; first, the " + one + " version does " + first.last +
                       " where the " + other + " one " + instead + " (--observe locks shows the runs).",
                   style, "  ");
}

// Of a hidden notification, that it is sent says enough.
std::vector<std::string> told_first(const std::vector<std::string>& all) {
  std::vector<std::string> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out),
               [](const std::string& what) { return what.find(": notify ") != std::string::npos; });
  return out.empty() ? all : out;
}

std::string held_of(const CompareReport& report, const Style& style) {
  std::string out;
  for (std::size_t i = 0; i < report.held.size(); ++i) {
    const HeldReport& held = report.held[i];
    const auto goes_with = [&held](const HeldReport& other) {
      return other.now_held == held.now_held && other.when == held.when;
    };
    if (std::any_of(report.held.begin(), report.held.begin() + static_cast<std::ptrdiff_t>(i), goes_with)) continue;
    std::vector<std::string> locks;
    for (const HeldReport& other : report.held)
      if (goes_with(other)) locks.push_back(other.lock + (other.write ? "" : " (for reading)"));
    const std::string be = locks.size() == 1 ? " is" : " are";
    out += paragraph(
        joined(locks) + be + (held.now_held ? " now" : " no longer") + " held when: " + listed(held.when) + ".", style,
        "  ");
  }
  for (const auto& [which, locks, what] : {std::tuple("new", &report.longer_new, &report.extra_new),
                                           std::tuple("old", &report.longer_old, &report.extra_old)}) {
    if (locks->empty()) continue;
    out += paragraph("In the " + std::string(which) + " version, critical sections are longer, of " + joined(*locks) +
                         ": what is hidden happens in them: " + listed(told_first(*what)) + ".",
                     style, "  ");
  }
  out += locks_of(report, style);
  return out.empty() ? "" : "\nWhat changed all the same:\n" + out;
}

std::string seconds(double value) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.2f s", value);
  return out.data();
}

std::string basis_of(const CompareReport& report, const Style& style) {
  std::string out = "\n";
  const auto line = [&](const std::string& label, const std::string& words) {
    if (words.empty()) return;
    std::string first = padded(label, 14);
    for (const std::string& part :
         filled(safe(words, style.utf8), std::max<std::size_t>(style.width, 60) - first.size())) {
      out += line_of(first + part);
      first = std::string(14, ' ');
    }
  };
  line("compared", joined(report.observed));
  line("hidden", joined(report.hidden));
  if (report.locks == CompareReport::Locks::same) line("", "locks are taken and given back alike, too");
  line("", report.only_old.empty() ? "" : "only the old version has, not compared: " + joined(report.only_old));
  line("", report.only_new.empty() ? "" : "only the new version has, not compared: " + joined(report.only_new));
  line("architecture", report.architecture);
  line("scenario", report.new_version.scenario);
  if (report.old_version.scenario != report.new_version.scenario) line("", "old: " + report.old_version.scenario);
  for (const ComparedVersion* version : {&report.old_version, &report.new_version})
    for (const Diagnostic& problem : version->not_understood)
      line("not understood", version->title + ": " + to_string(problem));
  for (const std::string& one : report.rests_on) line("rests on", one);
  line("looked at", std::to_string(report.old_version.states) + " and " + std::to_string(report.new_version.states) +
                        " states of " + std::to_string(report.classes) + " kinds; " + seconds(report.seconds_total));
  return out;
}

std::string headline(const CompareReport& report) {
  switch (report.verdict) {
    case Verdict::proved: {
      const std::string how = !report.bisimulation ? "the same runs, both ways" : "weakly bisimilar";
      const bool longer = !report.longer_new.empty() || !report.longer_old.empty();
      return "equivalent: " + how +
             (!report.held.empty() ? ", apart from the locks that are held"
              : longer             ? ", apart from longer critical sections"
                                   : "");
    }
    case Verdict::violated:
      return "different";
    case Verdict::not_understood:
      return "not understood: " + report.why;
    case Verdict::vacuous:
    case Verdict::inconclusive:
      break;
  }
  return "inconclusive: " + report.why;
}

}  // namespace

std::string text(const CompareReport& report, const Style& style) {
  const Colour colour = report.verdict == Verdict::proved     ? Colour::green
                        : report.verdict == Verdict::violated ? Colour::red
                                                              : Colour::yellow;
  std::string out =
      safe(report.title, style.utf8) + ": " + coloured(safe(headline(report), style.utf8), colour, style) + "\n";
  for (const PlacementReport& hunk : report.placement)
    if (!hunk.exact)
      out += paragraph("hunk " + std::to_string(hunk.hunk) + " of " + hunk.file + " is placed by a guess at line " +
                           std::to_string(hunk.placed_line) + ": " + hunk.why,
                       style, "  ");
  return out + differences_of(report.differences, style) + held_of(report, style) + basis_of(report, style);
}

}  // namespace hotproof::render
