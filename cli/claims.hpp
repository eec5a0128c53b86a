// What a message claims, judged: sentences are read (specs/claims), become properties, and these are checked on the
// tree before and after a change.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/pipeline.hpp"
#include "specs/claims/claim.hpp"

namespace hotproof::cli {

// A text whose sentences may claim something.
struct Message {
  std::string from;  // "message", "cover letter"
  std::string text;
};

// What all sentences come to, with the names that the tree has.
struct ClaimsRead {
  struct Entry {
    std::string from;  // as in ClaimReport
    claims::Read read;
  };
  std::vector<Entry> entries;
};

// The settings' own claims (--claim), then the messages' sentences. `subject`: the tree with the change. Error: one of
// the settings' claims has no form that is known.
Result<ClaimsRead> read_claims(const Subject& subject, const Settings& settings, const std::vector<Message>& messages);

// A change that was checked.
struct CheckedChange {
  const Subject& before;
  const Subject& after;
  const Settings& settings;  // with which both were checked
  const Checked& checked;    // of the tree after
  std::vector<counterexamples::ChangedLine> lines;
  std::map<std::string, counterexamples::Change> changes;  // by property
  std::string doubt;  // why the model knows nothing of what was changed; empty: it does
};

// One report a claim and one a sentence without any. Error: an internal one.
Result<std::vector<counterexamples::ClaimReport>> judge_claims(const ClaimsRead& read, const CheckedChange& change);

}  // namespace hotproof::cli
