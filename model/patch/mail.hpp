// Patches as people send them: a mailbox, one mail, the output of `git format-patch`, a plain diff, or a mail copied
// from the page of a web archive. What comes out is the message and the lines of the diff; nothing is interpreted yet.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/patch/text.hpp"

namespace hotproof::patch {

// "2 files changed, 19 insertions(+), 1 deletion(-)".
struct Diffstat {
  std::uint32_t files = 0;
  std::uint32_t insertions = 0;
  std::uint32_t deletions = 0;
  std::uint32_t line = 0;  // in the input
};

struct Mail {
  std::string file;           // the input's name, as in error messages
  std::uint32_t line = 0;     // where the mail begins in it
  std::string subject;        // without "[PATCH v2 3/7]"
  std::uint32_t version = 1;  // 2
  std::uint32_t number = 0;   // 3; 0 where the subject has none, and for a cover letter
  std::uint32_t total = 0;    // 7; 0 where the subject has none
  std::string author;
  std::string date;     // as written
  std::string message;  // the commit's message: without subject and diffstat, lines ended by "\n"
  std::optional<Diffstat> stat;
  Lines diff;  // from the first line of the diff to the mail's end; empty: a cover letter or a reply
};

constexpr std::size_t largest_input = 64U << 20U;  // bytes

// Reads all mails of a text. Subject, author and message are valid UTF-8; the diff keeps its bytes.
// Errors: an input over `largest_input`, a NUL byte, damaged base64, MIME parts nested too deeply or without an end to
// their boundary's name, and a text in which no mail has a diff.
Outcome<std::vector<Mail>> read_mails(std::string_view text, const std::string& file);
// The same for a text that may be one of several: cover letters and replies need no diff.
Outcome<std::vector<Mail>> read_any_mails(std::string_view text, const std::string& file);

}  // namespace hotproof::patch
