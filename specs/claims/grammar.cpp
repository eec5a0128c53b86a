#include "specs/claims/grammar.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace hotproof::claims {

namespace {

using WordSet = std::unordered_set<std::string_view>;

const WordSet& articles() {
  static const WordSet words = {"the", "a", "an", "its", "their", "each", "any"};
  return words;
}

const WordSet& light() {
  static const WordSet words = {
      "is",         "are",       "be",          "being",    "gets",      "get",          "must",          "should",
      "will",       "shall",     "has",         "have",     "to",        "needs",        "need",          "called",
      "calling",    "calls",     "call",        "sent",     "sending",   "sends",        "send",          "issued",
      "issuing",    "performed", "performing",  "done",     "doing",     "executed",     "executing",     "happens",
      "happen",     "happening", "comes",       "come",     "coming",    "runs",         "run",           "running",
      "invoked",    "invoking",  "made",        "making",   "makes",     "make",         "physically",    "currently",
      "notified",   "notifying", "always",      "now",      "then",      "already",      "first",         "just",
      "right",      "directly",  "immediately", "notifier", "notifiers", "notification", "notifications", "event",
      "events",     "callback",  "callbacks",   "chain",    "function",  "functions",    "memory",        "block",
      "hotplugged", "both",      "of",          "move",     "moved",     "moves",        "the",           "a",
      "an",         "its",       "their",       "each",     "any",       "phase",        "place",         "takes",
      "becomes",    "become",    "becoming",    "performs", "perform",   "executes",     "issues",        "process"};
  return words;
}

const std::vector<std::pair<std::string_view, WordSet>>& objections() {
  static const std::vector<std::pair<std::string_view, WordSet>> all = {
      {"a negation",
       {"not", "no", "never", "cannot", "without", "neither", "nor", "none", "nobody", "nothing", "hardly", "rarely"}},
      {"a condition", {"if",        "unless",    "whether",   "would",    "could",    "might",     "may",     "maybe",
                       "perhaps",   "provided",  "providing", "assuming", "assume",   "assumes",   "assumed", "suppose",
                       "supposing", "otherwise", "when",      "whenever", "once",     "until",     "till",    "except",
                       "where",     "sometimes", "usually",   "often",    "possibly", "optionally"}},
      {"it compares with another time or case",
       {"unlike", "previously", "formerly", "was", "were", "had", "used", "instead", "contrary", "anymore",
        "originally", "historically", "earlier", "rather", "compared", "than"}},
      {"it tells what somebody says or thinks",
       {"said",     "says",    "say",        "claims",    "claim",  "claimed",   "suggested", "suggests",  "suggest",
        "reported", "reports", "wrote",      "think",     "thinks", "thought",   "believe",   "believes",  "believed",
        "seems",    "seem",    "apparently", "according", "wonder", "wondering", "asked",     "supposedly"}},
      {"it tells of a mistake",
       {"bug",         "bugs",        "fix",     "fixes",    "fixed",   "fixing",  "wrong",   "wrongly",
        "incorrect",   "incorrectly", "problem", "problems", "broken",  "breaks",  "mistake", "mistakenly",
        "erroneously", "race",        "fail",    "fails",    "failed",  "failing", "forgets", "forgot",
        "lacks",       "avoid",       "avoids",  "prevents", "prevent", "doubt",   "doubts",  "unclear",
        "unlikely",    "misleading",  "bogus",   "missing"}},
      {"it speaks of another patch or of a wish",
       {"subsequent", "follow-up", "followup", "future",  "later",    "want",   "wants", "plan",
        "plans",      "todo",      "requires", "require", "required", "tries",  "try",   "attempts",
        "attempt",    "allows",    "allow",    "wish",    "expected", "expects"}}};
  return all;
}

bool is_identifier(const Word& word) {
  return word.call || word.text.find('_') != std::string::npos;
}

}  // namespace

bool Phrase::is_any(std::size_t i, std::initializer_list<std::string_view> words) const {
  return i < size() && std::find(words.begin(), words.end(), words_[i].lower) != words.end();
}

bool Phrase::begins(std::size_t i, std::initializer_list<std::string_view> beginnings) const {
  return i < size() && std::any_of(beginnings.begin(), beginnings.end(),
                                   [&](std::string_view beginning) { return words_[i].lower.starts_with(beginning); });
}

std::string Phrase::text(Range range) const {
  std::string out;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    out += (out.empty() ? "" : " ") + words_[i].text + (words_[i].call ? "()" : "");
  }
  return out;
}

Range Phrase::clause(std::size_t i) const {
  const auto parts = [this](std::size_t at) {
    const bool so = is(at, "so") && at > 0 && is(at - 1, ",");
    return so ||
           is_any(at, {";", ":", "(", ")", "[", "]", "?", "-", "but", "because", "although", "though", "whereas"});
  };
  Range out{i, i};
  while (out.begin > 0 && !parts(out.begin - 1)) --out.begin;
  while (out.end < size() && !parts(out.end)) ++out.end;
  return out;
}

bool Phrase::is_light(std::size_t i) const {
  return i < size() && !words_[i].call && light().contains(words_[i].lower);
}

bool Phrase::are_light(Range range) const {
  for (std::size_t i = range.begin; i < range.end; ++i)
    if (!is_light(i) && !is(i, ",")) return false;
  return true;
}

std::size_t Phrase::skip_articles(std::size_t i) const {
  while (i < size() && articles().contains(words_[i].lower)) ++i;
  return i;
}

std::size_t Phrase::skip_light(std::size_t i, std::size_t end) const {
  while (i < end && is_light(i)) ++i;
  return i;
}

std::optional<Phrase::Lock> Phrase::lock_at(std::size_t i) const {
  if (i >= size()) return std::nullopt;
  if (is_identifier(words_[i]) && names_.is_lock(words_[i].text)) return Lock{words_[i].text, {i, i + 1}};
  constexpr std::size_t most_words = 4;
  std::string joined;
  for (std::size_t end = i; end < std::min(i + most_words, size()); ++end) {
    const std::string& word = words_[end].lower;
    joined += (joined.empty() ? "" : "_") + (word == "memory" ? std::string("mem") : word);
    if (is_any(end, {"lock", "mutex", "semaphore", "sem"}) && names_.is_lock(joined)) return Lock{joined, {i, end + 1}};
  }
  return std::nullopt;
}

std::optional<Found> Phrase::lock_event_at(std::size_t i) const {
  const auto taken = [this](std::size_t at) { return begins(at, {"taken", "taking", "acquir", "grabb"}); };
  const auto released = [this](std::size_t at) { return begins(at, {"releas", "dropp"}); };
  const auto kind = [&](std::size_t at) { return taken(at) ? Thing::Kind::taken : Thing::Kind::released; };
  if (taken(i) || released(i)) {
    const auto lock = lock_at(skip_articles(i + 1));
    if (lock) return Found{{kind(i), lock->name}, {i, lock->range.end}};
    return std::nullopt;
  }
  const auto lock = lock_at(i);
  if (!lock) return std::nullopt;
  std::size_t verb = lock->range.end;
  while (is_any(verb, {"is", "gets", "being", "be", "must", "should", "has", "to", "will"})) ++verb;
  if (!taken(verb) && !released(verb)) return std::nullopt;
  return Found{{kind(verb), lock->name}, {i, verb + 1}};
}

// "memmap initialisation", "the memmap on memory is poisoned", "initialising the memmap".
std::optional<Found> Phrase::memmap_at(std::size_t i) const {
  const auto what = [this](std::size_t at) -> std::string_view {
    if (begins(at, {"initiali"})) return "initialise";
    if (begins(at, {"poison"})) return "poison";
    if (begins(at, {"teardown", "deinitiali"}) || (is(at, "torn") && is(at + 1, "down"))) return "teardown";
    return "";
  };
  const auto memmap = [this](std::size_t at) -> std::optional<Range> {
    if (!is_any(at, {"memmap", "vmemmap"})) return std::nullopt;
    const bool on_memory = is(at + 1, "on") && is(at + 2, "memory");
    return Range{at, on_memory ? at + 3 : at + 1};
  };
  const auto found = [&](std::string_view how, Range map, Range range) {
    return Found{{Thing::Kind::memmap, std::string(how), map.end - map.begin > 1}, range};
  };
  if (const auto map = memmap(i)) {
    std::size_t verb = map->end;
    while (is_any(verb, {"is", "are", "gets", "be", "being", "must", "should", "will"})) ++verb;
    const std::string_view how = what(verb);
    if (how.empty()) return std::nullopt;
    return found(how, *map, {i, verb + (is(verb, "torn") ? 2U : 1U)});
  }
  const std::string_view how = what(i);
  if (how.empty()) return std::nullopt;
  std::size_t at = i + (is(i, "torn") ? 2U : 1U);
  if (is(at, "of")) ++at;
  const auto map = memmap(skip_articles(at));
  return map ? std::optional(found(how, *map, {i, map->end})) : std::nullopt;
}

std::optional<Found> Phrase::thing_at(std::size_t i) const {
  if (i >= size()) return std::nullopt;
  const Word& word = words_[i];
  const Range itself{i, i + 1};
  if (auto found = lock_event_at(i)) return found;
  if (auto found = memmap_at(i)) return found;
  if (word.is("accessible")) return Found{{Thing::Kind::accessible, ""}, itself};
  if (word.is("inaccessible")) return Found{{Thing::Kind::inaccessible, ""}, itself};
  if (!is_identifier(word)) return std::nullopt;
  if (names_.is_notification(word.text)) return Found{{Thing::Kind::notification, word.text}, itself};
  if (names_.is_function(word.text)) return Found{{Thing::Kind::function, word.text}, itself};
  return std::nullopt;
}

std::vector<Found> Phrase::things_in(Range range) const {
  std::vector<Found> out;
  for (std::size_t i = range.begin; i < range.end;) {
    const auto found = thing_at(i);
    if (found && found->range.end <= range.end) out.push_back(*found);
    i = found ? std::max(found->range.end, i + 1) : i + 1;
  }
  return out;
}

std::optional<Phrase::Scope> Phrase::scope_in(Range range) const {
  for (std::size_t i = range.begin; i + 1 < range.end; ++i) {
    if (!is_any(i, {"in", "inside", "within"})) continue;
    const std::size_t at = skip_articles(i + 1);
    if (at < range.end && is_identifier(words_[at]) && names_.is_function(words_[at].text))
      return Scope{words_[at].text, {i, at + 1}};
  }
  return std::nullopt;
}

std::string Phrase::objection(Range range, std::span<const std::size_t> passed_over) const {
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (std::find(passed_over.begin(), passed_over.end(), i) != passed_over.end() || words_[i].call) continue;
    if (words_[i].lower.ends_with("n't")) return "a negation";
    for (const auto& [why, words] : objections())
      if (words.contains(words_[i].lower)) return std::string(why);
  }
  return "";
}

std::string Phrase::unknown_name(Range range) const {
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Word& word = words_[i];
    const bool known = names_.is_function(word.text) || names_.is_notification(word.text) ||
                       names_.is_lock(word.text) || !architectures({i, i + 1}).empty();
    if (is_identifier(word) && !known) return word.text + (word.call ? "()" : "");
  }
  return "";
}

std::set<std::string> Phrase::architectures(Range range) const {
  static const std::vector<std::pair<std::string_view, std::string_view>> known = {
      {"x86", "x86_64"},   {"x86_64", "x86_64"}, {"x86-64", "x86_64"},       {"amd64", "x86_64"},
      {"s390", "s390x"},   {"s390x", "s390x"},   {"powerpc", "powerpc"},     {"ppc64", "powerpc"},
      {"ppc", "powerpc"},  {"arm64", "arm64"},   {"aarch64", "arm64"},       {"riscv", "riscv"},
      {"risc-v", "riscv"}, {"ia64", "ia64"},     {"loongarch", "loongarch"}, {"sparc", "sparc"},
      {"mips", "mips"},    {"parisc", "parisc"}};
  std::set<std::string> out;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const bool every = is_any(i, {"all", "every", "any"}) && begins(i + 1, {"architecture", "arch"});
    if (every) out.insert("*");
    for (const auto& [word, architecture] : known)
      if (words_[i].is(word)) out.emplace(architecture);
  }
  return out;
}

}  // namespace hotproof::claims
