#include "model/patch/evidence.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace hotproof::patch {

namespace {

using LineKind = HunkLine::Kind;

constexpr double much_alike = 0.6;
constexpr double most = 0.6;  // part of the added lines that must be there
constexpr std::size_t most_compared = 400'000;
constexpr std::size_t places_shown = 4;

bool is_identifier(const std::string& token) {
  return std::isdigit(static_cast<unsigned char>(token[0])) == 0 && is_name(token[0]);
}

std::vector<std::string> identifiers(std::string_view line) {
  std::vector<std::string> out = tokens(line);
  out.erase(std::remove_if(out.begin(), out.end(), [](const std::string& t) { return !is_identifier(t); }), out.end());
  return out;
}

class Evidence {
 public:
  explicit Evidence(const std::vector<FilePlaces>& files) : files_(files) {}

  std::optional<Diagnostic> run() {
    collect_names();
    for (const FilePlaces& file : files_)
      for (const HunkPlace& hunk : file.hunks) look_at(file, hunk);
    if (hunks_there_.empty()) return std::nullopt;
    const bool in_full = rest_ == full_;
    const bool later_form = is_most(there_, wanted_);
    if (!in_full && !later_form) return std::nullopt;
    return say(in_full);
  }

 private:
  // A name is introduced if only added lines have it.
  void collect_names() {
    std::set<std::string> known;
    for (const FilePlaces& file : files_) {
      for (const HunkPlace& hunk : file.hunks) {
        for (const HunkLine& line : hunk.reading) {
          for (std::string& name : identifiers(line.text))
            (line.kind == LineKind::added ? introduced_ : known).insert(std::move(name));
        }
      }
    }
    for (const std::string& name : known) introduced_.erase(name);
    // Error numbers (EINVAL) stand everywhere.
    std::erase_if(introduced_, [](const std::string& name) {
      return name.size() > 1 && name[0] == 'E' && std::all_of(name.begin(), name.end(), [](char c) { return 'A' <= c && c <= 'Z'; });
    });
  }

  std::vector<std::string> introduced_in(std::string_view line) const {
    std::vector<std::string> out;
    for (std::string& name : identifiers(line))
      if (introduced_.count(name) != 0) out.push_back(std::move(name));
    return out;
  }

  // Counts of added lines with a new name, and of those that are there.
  struct Found {
    std::size_t wanted = 0;
    std::vector<std::size_t> at;
  };

  void look_at(const FilePlaces& file, const HunkPlace& hunk) {
    const Found found = look_for_added(file, hunk);
    // A later form may have moved a change away from lines that still stand as they were.
    const bool there = is_most(found.at.size(), found.wanted);
    if (hunk.placement.kind == Placement::Kind::exact && !there) {
      ++exact_;
      return;
    }
    ++rest_;
    wanted_ += found.wanted;
    // What was applied has taken away what it removes.
    if (removes_what_stands(file, hunk)) return;
    there_ += found.at.size();
    std::vector<std::string> result;
    bool adds = false;
    for (const HunkLine& line : hunk.reading) {
      if (line.kind != LineKind::removed) result.push_back(line.text);
      adds = adds || line.kind == LineKind::added;
    }
    const auto places = file.file->find(result);
    if (!places.empty()) ++full_;
    if (!places.empty()) note(file, hunk, places[0]);
    for (const std::size_t line : found.at) note(file, hunk, line);
    if (!places.empty() || (adds && !found.at.empty())) hunks_there_.insert(hunk.placement.hunk);
  }

  // True: it removes lines, and all of them are still in the function.
  static bool removes_what_stands(const FilePlaces& file, const HunkPlace& hunk) {
    const auto& lines = file.file->lines();
    std::size_t removed = 0;
    for (const HunkLine& line : hunk.reading) {
      if (line.kind != LineKind::removed || identifiers(line.text).empty()) continue;
      ++removed;
      const auto stands_in = [&](const Range& region) {
        const auto end = lines.begin() + static_cast<std::ptrdiff_t>(std::min(region.end, lines.size()));
        return std::find(lines.begin() + static_cast<std::ptrdiff_t>(region.begin), end, line.text) != end;
      };
      const std::vector<Range> regions = file.file->regions(hunk.hunk->heading);
      if (std::none_of(regions.begin(), regions.end(), stands_in)) return false;
    }
    return removed > 0;
  }

  static bool is_most(std::size_t part, std::size_t whole) {
    return whole > 0 && static_cast<double>(part) >= most * static_cast<double>(whole);
  }

  Found look_for_added(const FilePlaces& file, const HunkPlace& hunk) {
    Found out;
    for (const HunkLine& line : hunk.reading) {
      const auto names = line.kind == LineKind::added ? introduced_in(line.text) : std::vector<std::string>();
      if (names.empty()) continue;
      ++out.wanted;
      if (const auto at = look_for(file, hunk, line.text, names)) out.at.push_back(*at);
    }
    return out;
  }

  std::optional<std::size_t> look_for(const FilePlaces& file, const HunkPlace& hunk, const std::string& line,
                                      const std::vector<std::string>& names) {
    std::vector<Range> regions = file.file->regions(hunk.hunk->heading);
    if (regions.empty()) regions.push_back({0, file.file->size()});
    for (const Range& region : regions) {
      const std::size_t end = std::min(region.end + hunk.old.lines.size(), file.file->size());
      for (std::size_t i = region.begin; i < end && compared_ < most_compared; ++i) {
        ++compared_;
        const std::string& candidate = file.file->lines()[i];
        if (has_all(candidate, names) && similarity(candidate, line) >= much_alike) return i;
      }
    }
    return std::nullopt;
  }

  static bool has_all(const std::string& line, const std::vector<std::string>& names) {
    const auto own = identifiers(line);
    return std::all_of(names.begin(), names.end(),
                       [&](const std::string& name) { return std::find(own.begin(), own.end(), name) != own.end(); });
  }

  void note(const FilePlaces& file, const HunkPlace& hunk, std::size_t line) {
    if (first_.file.empty()) first_ = hunk.placement.in_mail;
    if (shown_.size() < places_shown)
      shown_.insert(to_string(Place{file.path, static_cast<std::uint32_t>(line + 1), 0}));
  }

  Diagnostic say(bool in_full) const {
    std::string message = exact_ == 0 ? "already applied: " : "partly applied: ";
    message += hunks_there_.size() == 1 ? "hunk" : "hunks";
    std::string separator = " ";
    for (const std::uint32_t hunk : hunks_there_) {
      message += separator + std::to_string(hunk);
      separator = ", ";
    }
    if (in_full) message += " already";
    message += hunks_there_.size() == 1 ? " stands in the tree" : " stand in the tree";
    message += in_full ? " (" : " in a later form (";
    if (!in_full)
      message += std::to_string(there_) + " of " + std::to_string(wanted_) + " telling lines that they add; ";
    separator = "";
    for (const std::string& place : shown_) {
      message += separator + place;
      separator = ", ";
    }
    return {first_, message + ")", "check the tree as it is, or give an older one"};
  }

  const std::vector<FilePlaces>& files_;
  std::set<std::string> introduced_;
  std::size_t exact_ = 0;               // hunks placed exactly
  std::size_t rest_ = 0, full_ = 0;     // the others, and those whose result stands in the tree
  std::size_t wanted_ = 0, there_ = 0;  // added lines with a new name, and those that are there
  std::size_t compared_ = 0;
  std::set<std::uint32_t> hunks_there_;
  std::set<std::string> shown_;
  Place first_;
};

}  // namespace

std::optional<Diagnostic> already_applied(const std::vector<FilePlaces>& files) {
  return Evidence(files).run();
}

}  // namespace hotproof::patch
