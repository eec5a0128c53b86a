// A series of patches as people send it: one mailbox in any order, the files of `git format-patch`, or edits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/patch/edit.hpp"
#include "model/patch/mail.hpp"

namespace hotproof::patch {

// One text that belongs to the series. Its name decides what it is: an edit ends in ".edit", all else are mails.
struct SeriesInput {
  std::string name;
  std::string text;
};

// One patch of a series: either a mail with a diff, or an edit.
struct Part {
  std::string title;  // the mail's subject; what the edit says that it is about, else its name
  std::string label;  // what people call it: its number in the series, as the mail has it ("3"), else its place
  std::optional<Mail> mail;
  std::optional<Edit> edit;
};

struct Series {
  std::vector<Part> parts;    // in the order in which they are meant
  std::optional<Mail> cover;  // [PATCH 0/7]: its text makes claims, too
  std::uint32_t version = 1;
};

constexpr std::size_t most_parts = 1000;

// Orders mails by their numbers. Mails without any number, and edits, stay in the order given; a patch that comes alone
// may have any number. Replies without a diff are passed over.
// Errors, each with the mail that is wrong: nothing to apply, over most_parts patches, a number that is missing, there
// twice or over the total, patches with and without a number, of different versions or totals (two series), mails
// beside edits, a cover letter with a diff, and all that read_mails and read_edit refuse.
Outcome<Series> read_series(const std::vector<SeriesInput>& inputs);

}  // namespace hotproof::patch
