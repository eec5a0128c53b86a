#include "model/patch/placer.hpp"

#include <algorithm>

namespace hotproof::patch {

namespace {

using PlacementKind = Placement::Kind;

constexpr int most_rounds = 8;  // of narrowing the hunks between their neighbours

// For each hunk the stretch that its neighbours with a place leave.
std::vector<Range> windows(const std::vector<HunkPlace>& hunks, std::size_t file_size) {
  std::vector<Range> out(hunks.size());
  for (std::size_t i = 0, begin = 0; i < hunks.size(); ++i) {
    out[i].begin = begin;
    if (hunks[i].placed) begin = std::max(begin, hunks[i].placed->end);
  }
  for (std::size_t i = hunks.size(), end = file_size; i-- > 0;) {
    out[i].end = end;
    if (hunks[i].placed) end = std::min(end, hunks[i].placed->begin);
  }
  return out;
}

// The heading's line lies before the hunk's first line, the next heading not before it.
bool begins_in(const std::vector<Range>& regions, std::size_t line) {
  return std::any_of(regions.begin(), regions.end(),
                     [&](const Range& range) { return line >= range.begin && line <= range.end; });
}

void put(HunkPlace& hunk, std::size_t line, std::string why) {
  const std::size_t size = hunk.old.lines.size();
  hunk.placed = Range{line, line + size};
  for (const Change& change : hunk.old.changes) hunk.at.push_back(line + change.old_index);
  hunk.placement.kind = PlacementKind::exact;
  hunk.placement.line = static_cast<std::uint32_t>(line + 1);
  hunk.placement.matched = hunk.placement.total;
  hunk.placement.why = std::move(why);
}

// The signs of damaged lines may be read in more than one way: the one way that matches somewhere is taken.
void find_places(HunkPlace& place, const FileText& file) {
  std::vector<const HunkLines*> readings = {&place.hunk->lines};
  for (const HunkLines& other : place.hunk->others) readings.push_back(&other);
  std::size_t matching = 0;
  for (const HunkLines* reading : readings) {
    OldText old = old_text(*reading);
    std::vector<std::size_t> found = file.find(old.lines);
    if (found.empty() && reading != readings.front()) continue;
    if (!found.empty() && ++matching > 1) break;
    place.reading = *reading;
    place.exact = std::move(found);
    place.old = std::move(old);
  }
  if (matching < 2) return;
  place.exact.clear();
  place.placement.why = "its signs can be read in more than one way, and several of them match";
}

// The best guess among the stretches of the function that the hunk's header names.
Guess guess_in_function(const HunkPlace& place, const FileText& file, Range window) {
  Guess out;
  for (const Range& region : file.regions(place.hunk->heading)) {
    // A hunk begins in the region of its heading, and may end behind it.
    const std::size_t end = std::min(window.end, region.end + place.old.lines.size() + 1);
    Guess next = guess(place.old, file, {std::max(region.begin, window.begin), end}, true);
    if (next.found && out.found) {
      out.found = false;
      out.why = "more than one function of the name in its header fits";
      return out;
    }
    if (!out.found) out = std::move(next);
  }
  return out;
}

// Lines that match exactly, but in another function than the header names, while that one has lines much alike: a copy
// of the code, not the place that was meant.
bool is_rival(const HunkPlace& place, const FileText& file, std::size_t line) {
  const std::vector<Range> regions = file.regions(place.hunk->heading);
  if (regions.empty() || begins_in(regions, line)) return false;
  const Guess found = guess_in_function(place, file, {0, file.size()});
  return found.found && found.first != line;
}

std::vector<std::size_t> places_in(const HunkPlace& place, Range range) {
  std::vector<std::size_t> out;
  for (const std::size_t line : place.exact)
    if (line >= range.begin && line + place.old.lines.size() <= range.end) out.push_back(line);
  return out;
}

// Chooses one of the exact places left in `range`; true if that decided it.
bool choose(HunkPlace& place, const FileText& file, Range range, bool narrowed) {
  std::vector<std::size_t> places = places_in(place, range);
  std::string why = narrowed ? "the only place in the hunks' order" : "the only place";
  if (places.size() > 1) {
    const std::vector<Range> regions = file.regions(place.hunk->heading);
    std::vector<std::size_t> inside;
    std::copy_if(places.begin(), places.end(), std::back_inserter(inside),
                 [&](std::size_t line) { return begins_in(regions, line); });
    why = "the only place in its function";
    if (!inside.empty()) places = std::move(inside);
  }
  const std::size_t stated = place.hunk->old_start == 0 ? 0 : place.hunk->old_start - 1;
  const bool at_stated = std::find(places.begin(), places.end(), stated) != places.end();
  if (!at_stated && places.size() != 1) return false;
  const std::size_t line = at_stated ? stated : places[0];
  if (is_rival(place, file, line)) {
    place.placement.why = "it matches at line " + std::to_string(line + 1) +
                          ", but the function that its header names has lines much alike";
    return false;
  }
  put(place, line, at_stated ? "at the stated line" : why);
  return true;
}

// An insertion without context lines can only be where its header says, and nothing there confirms it; only an empty
// file leaves no choice.
bool choose_without_context(HunkPlace& place, const FileText& file) {
  if (!place.old.lines.empty() || file.size() != 0) return false;
  put(place, 0, "the file is empty");
  return true;
}

// Takes back the places of hunks that would change the hunks' order.
void check_order(std::vector<HunkPlace>& hunks, std::size_t file_size) {
  const std::vector<Range> allowed = windows(hunks, file_size);
  for (std::size_t i = 0; i < hunks.size(); ++i) {
    HunkPlace& hunk = hunks[i];
    if (!hunk.placed || (hunk.placed->begin >= allowed[i].begin && hunk.placed->end <= allowed[i].end)) continue;
    hunk.placed.reset();
    hunk.at.clear();
    hunk.placement.kind = PlacementKind::refused;
    hunk.placement.line = hunk.placement.matched = 0;
    hunk.placement.why = "its only place would change the order of the hunks";
  }
}

void take(const Guess& found, HunkPlace& hunk) {
  hunk.at = found.at;
  hunk.placed = Range{std::min(found.first, found.at.front()), found.at.back() + hunk.old.changes.back().removed};
  hunk.placement.kind = PlacementKind::guessed;
  hunk.placement.line = static_cast<std::uint32_t>(found.first + 1);
  hunk.placement.matched = found.matched;
}

HunkPlace begin_place(const Hunk& hunk, const FileText& file) {
  HunkPlace out;
  out.hunk = &hunk;
  find_places(out, file);
  out.placement.total = static_cast<std::uint32_t>(out.old.lines.size());
  return out;
}

Guess best_guess(const HunkPlace& place, const FileText& file, Range window) {
  Guess out;
  if (!place.hunk->others.empty()) {
    out.why = "its signs can be read in more than one way, and none of them matches";
    return out;
  }
  if (place.exact.size() > 1) {
    out.why = "it matches at " + std::to_string(place.exact.size()) + " places";
    return out;
  }
  if (file.regions(place.hunk->heading).empty()) return guess(place.old, file, window, false);
  out = guess_in_function(place, file, window);
  if (const std::string name = function_name(place.hunk->heading); out.found && !name.empty()) out.why += " in " + name;
  return out;
}

}  // namespace

std::vector<HunkPlace> find_exact(const FileDiff& diff, const FileText& file) {
  std::vector<HunkPlace> out;
  for (const Hunk& hunk : diff.hunks) out.push_back(begin_place(hunk, file));
  // The first round sees the whole file, so that no early choice hides a contradiction.
  std::vector<Range> allowed(out.size(), Range{0, file.size()});
  for (int round = 0; round < most_rounds; ++round) {
    bool changed = round == 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i].placed || !out[i].placement.why.empty()) continue;
      if (choose_without_context(out[i], file) || choose(out[i], file, allowed[i], round > 0)) changed = true;
    }
    check_order(out, file.size());
    if (!changed) break;
    allowed = windows(out, file.size());
  }
  return out;
}

bool guess_rest(const FileText& file, std::vector<HunkPlace>& hunks) {
  bool all = true;
  const std::vector<Range> allowed = windows(hunks, file.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < hunks.size(); ++i) {
    HunkPlace& hunk = hunks[i];
    if (!hunk.placed && hunk.placement.why.empty()) {
      const Guess found = best_guess(hunk, file, {std::max(begin, allowed[i].begin), allowed[i].end});
      hunk.placement.why = found.why;
      if (found.found) take(found, hunk);
    }
    if (hunk.placed)
      begin = hunk.placed->end;
    else
      all = false;
  }
  return all;
}

}  // namespace hotproof::patch
