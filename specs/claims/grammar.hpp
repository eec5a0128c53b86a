// The words of a sentence, and what its parts name.
#pragma once

#include <initializer_list>
#include <span>

#include "specs/claims/claim.hpp"

namespace hotproof::claims {

// Part of a sentence: [begin, end) of its words.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Found {
  Thing thing;
  Range range;
};

class Phrase {
 public:
  Phrase(std::vector<Word> words, const Names& names) : words_(std::move(words)), names_(names) {}

  std::size_t size() const { return words_.size(); }
  const Word& operator[](std::size_t i) const { return words_[i]; }
  bool is(std::size_t i, std::string_view word) const { return i < words_.size() && words_[i].is(word); }
  bool is_any(std::size_t i, std::initializer_list<std::string_view> words) const;
  // The words that begin with one of these.
  bool begins(std::size_t i, std::initializer_list<std::string_view> beginnings) const;
  std::string text(Range range) const;

  // The part of the sentence around a word that says one thing: up to ; : ( ) ? "but", "because", ", so" and their kin.
  Range clause(std::size_t i) const;
  // Says nothing about what happens: articles, auxiliaries, "called", "sent", "notifier", …
  bool is_light(std::size_t i) const;
  bool are_light(Range range) const;
  // The first word from i on that is not an article.
  std::size_t skip_articles(std::size_t i) const;
  std::size_t skip_light(std::size_t i, std::size_t end) const;

  // The thing that begins at this word.
  std::optional<Found> thing_at(std::size_t i) const;
  std::vector<Found> things_in(Range range) const;
  // "device_hotplug_lock", "the device hotplug lock"
  struct Lock {
    std::string name;
    Range range;
  };
  std::optional<Lock> lock_at(std::size_t i) const;
  // "in memory_block_online()": the function's name, and where it stands.
  struct Scope {
    std::string function;
    Range range;
  };
  std::optional<Scope> scope_in(Range range) const;

  // Why what stands there is not to be taken at its word: a negation, a condition, a report, another time; empty: it
  // is. `passed_over`: words that are known to be harmless.
  std::string objection(Range range, std::span<const std::size_t> passed_over = {}) const;
  // A name as programs have them that the tree does not know; empty: there is none.
  std::string unknown_name(Range range) const;
  // Architectures named, as the model calls them where it has them; "*" for all of them.
  std::set<std::string> architectures(Range range) const;

 private:
  std::optional<Found> memmap_at(std::size_t i) const;
  std::optional<Found> lock_event_at(std::size_t i) const;

  std::vector<Word> words_;
  const Names& names_;
};

}  // namespace hotproof::claims
