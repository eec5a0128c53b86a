#include "model/patch/placer.hpp"

#include <algorithm>

namespace hotproof::patch {

namespace {

using Kind = Placement::Kind;

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
  hunk.placement.kind = Kind::exact;
  hunk.placement.line = static_cast<std::uint32_t>(line + 1);
  hunk.placement.matched = hunk.placement.total;
  hunk.placement.why = std::move(why);
}

// The signs of damaged lines may be read in more than one way: the first way that matches somewhere is taken.
void find_places(HunkPlace& place, const FileText& file) {
  std::vector<const HunkLines*> readings = {&place.hunk->lines};
  for (const HunkLines& other : place.hunk->others) readings.push_back(&other);
  for (const HunkLines* reading : readings) {
    OldText old = old_text(*reading);
    std::vector<std::size_t> found = file.find(old.lines);
    const bool first = reading == readings.front();
    if (found.empty() && !first) continue;
    place.reading = *reading;
    place.exact = std::move(found);
    place.old = std::move(old);
    if (!place.exact.empty()) return;
  }
}

// Chooses one of the exact places left in `range`; true if that decided it.
bool choose(HunkPlace& place, const FileText& file, Range range, bool narrowed) {
  std::vector<std::size_t> places;
  for (const std::size_t line : place.exact)
    if (line >= range.begin && line + place.old.lines.size() <= range.end) places.push_back(line);
  const std::size_t stated = place.hunk->old_start == 0 ? 0 : place.hunk->old_start - 1;
  const auto describe = [&](std::size_t line, const char* otherwise) {
    return line == stated ? std::string("at the stated line") : std::string(otherwise);
  };
  if (places.size() == 1) {
    put(place, places[0], describe(places[0], narrowed ? "the only place in the hunks' order" : "the only place"));
    return true;
  }
  const std::vector<Range> regions = file.regions(place.hunk->heading);
  std::vector<std::size_t> inside;
  std::copy_if(places.begin(), places.end(), std::back_inserter(inside),
               [&](std::size_t l) { return begins_in(regions, l); });
  if (inside.size() == 1) {
    put(place, inside[0], describe(inside[0], "the only place in its function"));
    return true;
  }
  const auto& candidates = inside.empty() ? places : inside;
  if (std::find(candidates.begin(), candidates.end(), stated) == candidates.end()) return false;
  put(place, stated, "at the stated line");
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
    hunk.placement.kind = Kind::refused;
    hunk.placement.line = hunk.placement.matched = 0;
    hunk.placement.why = "its only place would change the order of the hunks";
  }
}

void take(const Guess& found, HunkPlace& hunk) {
  hunk.at = found.at;
  hunk.placed = Range{std::min(found.first, found.at.front()), found.at.back() + hunk.old.changes.back().removed};
  hunk.placement.kind = Kind::guessed;
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
  const std::vector<Range> regions = file.regions(place.hunk->heading);
  if (regions.empty()) return guess(place.old, file, window, false);
  for (const Range& region : regions) {
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
      if (out[i].placed) continue;
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
