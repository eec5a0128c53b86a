#include "model/patch/series.hpp"

#include <algorithm>

namespace hotproof::patch {

namespace {

std::string numbered(const Mail& mail) {
  return std::to_string(mail.number) + "/" + std::to_string(mail.total);
}

Place place_of(const Mail& mail) {
  return {mail.file, mail.line, 1};
}

std::string title_of(const Mail& mail) {
  return mail.subject.empty() ? mail.file : mail.subject;
}

// Takes the cover letter out, and what is no patch.
Outcome<std::optional<Mail>> take_cover(std::vector<Mail>& mails) {
  std::optional<Mail> cover;
  for (const Mail& mail : mails) {
    if (mail.number != 0 || mail.total == 0) continue;
    if (!mail.diff.empty()) {
      return failure(place_of(mail), "a cover letter with a diff in it",
                     "number 0 is for the letter before the patches");
    }
    // The letter comes before the answers to it.
    if (!cover) cover = mail;
  }
  std::erase_if(mails, [](const Mail& mail) { return mail.diff.empty(); });
  return cover;
}

// "1, 2 and 5", of many the first few.
std::string in_words(const std::vector<std::uint32_t>& numbers, std::size_t all) {
  std::string out;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool last = i + 1 == numbers.size() && all == numbers.size();
    out += (i == 0 ? "" : last ? " and " : ", ") + std::to_string(numbers[i]);
  }
  return all > numbers.size() ? out + " and " + std::to_string(all - numbers.size()) + " more" : out;
}

Outcome<void> check_complete(const std::vector<Mail>& mails) {
  constexpr std::size_t most_named = 5;
  const std::uint32_t total = mails.front().total;
  std::vector<std::uint32_t> missing;
  std::uint32_t next = 1;
  for (const Mail& mail : mails) {
    for (; next < mail.number && missing.size() < most_named; ++next) missing.push_back(next);
    next = mail.number + 1;
  }
  for (; next <= total && missing.size() < most_named; ++next) missing.push_back(next);
  const std::size_t absent = total - mails.size();
  if (absent == 0) return {};
  return failure(place_of(mails.front()),
                 "of " + std::to_string(total) + " patches, " + in_words(missing, absent) +
                     (absent == 1 ? " is missing" : " are missing"),
                 "give the whole series, or one patch alone");
}

// Numbers, totals and versions must fit together. The mails are sorted by number.
Outcome<void> check_numbers(const std::vector<Mail>& mails) {
  const Mail& first = mails.front();
  for (const Mail& mail : mails) {
    if (mail.total == 0) {
      return failure(place_of(mail), "a patch without a number among patches with one: " + title_of(mail),
                     "its subject should begin with [PATCH k/n]");
    }
    if (mail.version != first.version) {
      return failure(place_of(mail), "patches of versions " + std::to_string(first.version) + " and " +
                                         std::to_string(mail.version) + " of a series are mixed");
    }
    if (mail.total != first.total) {
      return failure(place_of(mail),
                     "two series are mixed: there is a patch " + numbered(first) + " and a patch " + numbered(mail));
    }
    if (mail.number > mail.total) return failure(place_of(mail), "there can be no patch " + numbered(mail));
  }
  const auto same = [](const Mail& a, const Mail& b) { return a.number == b.number; };
  const auto twice = std::adjacent_find(mails.begin(), mails.end(), same);
  if (twice == mails.end()) return check_complete(mails);
  const Mail& second = *(twice + 1);
  return failure(place_of(second), "a second patch " + numbered(second) + ": " + title_of(second),
                 "the first one, at " + to_string(place_of(*twice)) + ", is: " + title_of(*twice));
}

Outcome<void> order(std::vector<Mail>& mails) {
  const auto has_number = [](const Mail& mail) { return mail.total != 0; };
  if (mails.size() == 1 || std::none_of(mails.begin(), mails.end(), has_number)) return {};
  std::stable_sort(mails.begin(), mails.end(), [](const Mail& a, const Mail& b) { return a.number < b.number; });
  return check_numbers(mails);
}

Outcome<Series> of_mails(std::vector<Mail> mails) {
  auto cover = take_cover(mails);
  if (!cover) return tl::unexpected(cover.error());
  if (mails.size() > most_parts) {
    return failure(place_of(mails[most_parts]), "over " + std::to_string(most_parts) + " patches");
  }
  Series out;
  out.cover = std::move(*cover);
  if (mails.empty()) return out;
  if (const auto ordered = order(mails); !ordered) return tl::unexpected(ordered.error());
  if (out.cover && mails.front().total != 0 &&
      (out.cover->total != mails.front().total || out.cover->version != mails.front().version)) {
    return failure(place_of(*out.cover), "the cover letter is of another series: " + title_of(*out.cover));
  }
  out.version = mails.front().version;
  for (Mail& mail : mails) {
    Part& part = out.parts.emplace_back();
    part.title = title_of(mail);
    part.label = std::to_string(mail.number != 0 ? mail.number : out.parts.size());
    part.mail = std::move(mail);
  }
  return out;
}

}  // namespace

Outcome<Series> read_series(const std::vector<SeriesInput>& inputs) {
  std::vector<Mail> mails;
  std::vector<Edit> edits;
  for (const SeriesInput& input : inputs) {
    if (input.name.ends_with(".edit")) {
      auto edit = read_edit(input.text, input.name);
      if (!edit) return tl::unexpected(edit.error());
      edits.push_back(std::move(*edit));
      continue;
    }
    auto some = read_any_mails(input.text, input.name);
    if (!some) return tl::unexpected(some.error());
    mails.insert(mails.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
  }
  const Place where{inputs.empty() ? "" : inputs.front().name, 0, 0};
  if (!edits.empty() && !mails.empty()) return failure(where, "edits and mails in one series", "give one kind");
  if (edits.size() > most_parts) return failure(where, "over " + std::to_string(most_parts) + " patches");
  auto out = of_mails(std::move(mails));
  if (!out) return out;
  for (Edit& edit : edits) {
    Part& part = out->parts.emplace_back();
    part.title = edit.about.empty() ? edit.file : edit.about;
    part.label = std::to_string(out->parts.size());
    part.edit = std::move(edit);
  }
  if (out->parts.empty()) return failure(where, "no patch in this series", "give mails with diffs, or edits");
  return out;
}

}  // namespace hotproof::patch
