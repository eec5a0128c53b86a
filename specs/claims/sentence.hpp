// A commit message as sentences and words: the common ground of what recognises claims in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hotproof::claims {

struct Sentence {
  std::string text;             // on one line, without the bullet before it
  std::uint32_t paragraph = 0;  // equal for sentences that stand together
};

// Sentences in their order. Passed over: lines quoted from other mails ("> …") and the line that introduces them,
// trailers ("Signed-off-by: …"), shortlogs, diffstats, lines that hang indented or begin with an arrow (code, call
// chains), and pieces without a space. A full stop ends a sentence where a blank and no small letter follow.
std::vector<Sentence> sentences_of(std::string_view message);

// A word of a sentence, or one mark of punctuation.
struct Word {
  std::string text;    // as it stands, without quotes and without "()" behind it
  std::string lower;   // the same in small letters
  bool call = false;   // "()" stood behind it
  bool cited = false;  // it stands in quotes
  bool is(std::string_view other) const { return lower == other; }
};

// Marks that end a clause are words of their own: , ; : ? . ( ) and dashes between blanks.
std::vector<Word> words_of(std::string_view sentence);

}  // namespace hotproof::claims
