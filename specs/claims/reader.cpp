#include "specs/claims/reader.hpp"

#include <algorithm>

#include "specs/claims/grammar.hpp"

namespace hotproof::claims {

namespace {

using Form = Claim::Form;
using Kind = Thing::Kind;

constexpr std::size_t longest_sentence = 2000;  // bytes; nobody says more at once

// Reads the claims of one sentence.
class Reader {
 public:
  Reader(const Sentence& sentence, const Names& names)
      : names_(names), phrase_(words_of(sentence.text), names), out_{sentence, {}, ""} {}

  Read run() {
    if (out_.sentence.text.size() > longest_sentence) {
      out_.why_not = "too long for a sentence";
      return std::move(out_);
    }
    no_functional_change();
    ignored();
    held();
    order();
    undone();
    if (!out_.claims.empty()) out_.why_not.clear();
    return std::move(out_);
  }

 private:
  Range whole() const { return {0, phrase_.size()}; }

  bool refuse(const std::string& why) {
    if (!why.empty() && out_.why_not.empty()) out_.why_not = why;
    return !why.empty();
  }

  std::string objection(Range range, std::span<const std::size_t> passed_over = {}) const {
    if (phrase_.size() > 0 && phrase_.is(phrase_.size() - 1, "?")) return "a question";
    return phrase_.objection(range, passed_over);
  }

  // The same for a claim about names, around the word that makes it one.
  std::string objection_at(std::size_t word, Range range, std::span<const std::size_t> passed_over = {}) const {
    if (phrase_[word].cited) return "it cites somebody";
    const std::string unknown = phrase_.unknown_name(range);
    if (!unknown.empty()) return "nothing in this tree is called " + unknown;
    return objection(range, passed_over);
  }

  void add(Claim claim, Range range) {
    claim.architectures = phrase_.architectures(range);
    claim.every_architecture = claim.architectures.erase("*") > 0;
    if (std::find_if(out_.claims.begin(), out_.claims.end(), [&](const Claim& other) { return same(other, claim); }) ==
        out_.claims.end())
      out_.claims.push_back(std::move(claim));
  }

  static bool same(const Claim& a, const Claim& b) {
    return a.form == b.form && a.things == b.things && a.lock == b.lock;
  }

  // "no functional change", "does not introduce any functional changes", "without functional changes".
  void no_functional_change() {
    for (std::size_t i = 0; i + 1 < phrase_.size(); ++i) {
      if (!phrase_.is(i, "functional") || !phrase_.begins(i + 1, {"change"})) continue;
      const Range clause = phrase_.clause(i);
      std::vector<std::size_t> known;
      std::size_t negations = 0;
      constexpr std::size_t furthest = 7;
      for (std::size_t k = i; k-- > clause.begin && i - k <= furthest;) {
        if (!phrase_.is_any(k, {"no", "not", "without", "any"}) && !phrase_[k].lower.ends_with("n't")) continue;
        if (!phrase_.is(k, "any")) ++negations;
        if (phrase_.is_any(k + 1, {"only", "just", "merely"})) ++negations;
        known.push_back(k);
      }
      for (std::size_t k = i + 2; k < clause.end; ++k)
        if (phrase_.is_any(k, {"expected", "intended", "when", "where"})) known.push_back(k);
      if (negations == 0) continue;
      if (phrase_[i].cited) {
        refuse("it cites somebody");
        continue;
      }
      const bool apart = phrase_.is_any(i + 2, {"except", "apart", "besides", "other"}) || phrase_.is(i + 3, "except");
      if (negations > 1 && refuse("a negation")) continue;
      if (apart && refuse("it names an exception")) continue;
      if (refuse(objection(clause, known))) continue;
      Claim claim;
      add_condition({i + 2, clause.end}, claim);
      add(std::move(claim), clause);
    }
  }

  // "where memory is accessible from the start", "for x86"
  void add_condition(Range rest, Claim& claim) const {
    for (std::size_t i = rest.begin; i < rest.end; ++i) {
      if (!phrase_.is_any(i, {"where", "when", "for", "on", "as", "in"})) continue;
      if (phrase_.is_any(i + 1, {"this", "the"}) && phrase_.is_any(i + 2, {"patch", "commit", "change", "series"}))
        continue;
      const Range range{i, rest.end};
      claim.if_accessible = is_accessible_from_start(range);
      if (claim.if_accessible || names_only_architectures(range)) return;
      const std::string condition = phrase_.text(range);
      claim.condition = condition.substr(0, condition.find_last_not_of(" .") + 1);
      return;
    }
  }

  bool is_accessible_from_start(Range range) const {
    bool accessible = false;
    bool start = false;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      accessible |= phrase_.is(i, "accessible");
      start |= phrase_.is_any(i, {"start", "beginning", "outset"});
      const bool known = phrase_.is_light(i) || phrase_.is_any(i, {"where", "when", "accessible", "from", "start",
                                                                   "beginning", "outset", ".", ","});
      if (!known) return false;
    }
    return accessible && start;
  }

  bool names_only_architectures(Range range) const {
    for (std::size_t i = range.begin; i < range.end; ++i) {
      const bool known = phrase_.is_light(i) || !phrase_.architectures({i, i + 1}).empty() ||
                         phrase_.is_any(i, {"where", "for", "on", "in", "and", "or", "architecture", "architectures",
                                            "all", ".", ","});
      if (!known) return false;
    }
    return true;
  }

  // "All architectures ignore unknown memory notifiers", "Listeners ignore notifications that they do not know".
  void ignored() {
    for (std::size_t i = 0; i < phrase_.size(); ++i) {
      if (!phrase_.is_any(i, {"ignore", "ignores", "ignored", "ignoring"})) continue;
      const Range clause = phrase_.clause(i);
      std::vector<std::size_t> known;
      if (!what_is_ignored({i + 1, clause.end}, known) && !what_is_ignored({clause.begin, i}, known)) continue;
      if (!who_ignores(clause)) continue;
      if (refuse(objection_at(i, clause, known))) continue;
      Claim claim;
      claim.form = Form::ignored;
      add(std::move(claim), clause);
    }
  }

  bool what_is_ignored(Range range, std::vector<std::size_t>& known) const {
    bool notification = false;
    bool unknown = false;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      notification |= phrase_.begins(i, {"notif", "event", "action"});
      unknown |= phrase_.is_any(i, {"unknown", "unrecognized", "unrecognised", "unhandled"});
      const bool verb = phrase_.is_any(i, {"know", "recognise", "recognize", "understand", "handle"});
      if (!verb || i < range.begin + 2) continue;
      if (phrase_.is_any(i - 1, {"not", "don't"})) {
        unknown = true;
        for (const std::size_t k : {i - 1, i - 2}) known.push_back(k);
      }
    }
    return notification && unknown;
  }

  bool who_ignores(Range clause) {
    bool somebody = false;
    for (std::size_t i = clause.begin; i < clause.end; ++i) {
      if (phrase_.is_any(i, {"some", "most", "many", "few", "other", "several", "half"}) &&
          refuse("it speaks of some only"))
        return false;
      somebody |=
          phrase_.begins(i, {"architecture", "arch", "listener", "callback", "driver", "platform", "subscriber"});
    }
    return somebody;
  }

  // "called with X held", "must hold X", "holding X".
  void held() {
    for (std::size_t i = 0; i < phrase_.size(); ++i) {
      Range subject{phrase_.clause(i).begin, i};
      std::size_t at = 0;
      if (phrase_.is(i, "with")) at = i + 1;
      if (phrase_.is(i, "hold") && phrase_.is_any(i - std::min<std::size_t>(i, 1), {"must", "should", "to"})) {
        at = i + 1;
        subject.end = i - 1;
      }
      if (phrase_.is(i, "holding")) {
        at = i + 1;
        if (phrase_.is(i - std::min<std::size_t>(i, 1), "while")) subject.end = i - 1;
      }
      if (at != 0) held_at(i, subject, at);
    }
  }

  void held_at(std::size_t word, Range subject, std::size_t at) {
    std::vector<std::string> locks;
    bool more = true;
    while (more) {
      if (phrase_.is(at, "both")) ++at;
      const auto lock = phrase_.lock_at(phrase_.skip_articles(at));
      if (!lock) {
        const std::size_t noun = phrase_.skip_articles(at);
        const bool looks =
            phrase_.is(noun + 1, "held") || (noun < phrase_.size() && phrase_[noun].lower.ends_with("_lock"));
        if (looks) refuse("the model has no lock \"" + phrase_.text({noun, std::min(noun + 1, phrase_.size())}) + "\"");
        return;
      }
      locks.push_back(lock->name);
      at = lock->range.end;
      more = phrase_.is_any(at, {"and", ","}) && phrase_.lock_at(phrase_.skip_articles(at + 1)).has_value();
      if (more) ++at;
    }
    if (phrase_.is(word, "with")) {
      while (phrase_.is_any(at, {"is", "being", "already"})) ++at;
      if (!phrase_.is(at, "held")) return;
      ++at;
    }
    Claim claim;
    claim.form = Form::held;
    const Range clause = phrase_.clause(at > 0 ? at - 1 : 0);
    if (refuse(objection_at(word, clause)) || !mode(at, clause, claim) || !subject_of(subject, claim)) return;
    for (const std::string& lock : locks) {
      claim.lock = lock;
      add(claim, clause);
    }
  }

  // What stands behind the lock: "for write", or the end of what is said.
  bool mode(std::size_t at, Range clause, Claim& claim) {
    if (phrase_.is_any(at, {"for", "in"}) && phrase_.is_any(at + 1, {"write", "writing"})) {
      claim.for_write = true;
      at += phrase_.is(at + 2, "mode") ? 3 : 2;
    } else if (phrase_.is(at, "exclusively")) {
      claim.for_write = true;
      ++at;
    } else if (phrase_.is_any(at, {"for", "in"}) && phrase_.is_any(at + 1, {"read", "reading"})) {
      at += phrase_.is(at + 2, "mode") ? 3 : 2;
    }
    const bool ends = at >= clause.end || phrase_.is_any(at, {",", ".", "!"});
    const bool scope = phrase_.scope_in({at, clause.end}).has_value() || names_only_architectures({at, clause.end});
    return ends || scope || !refuse("what follows the lock is not understood");
  }

  bool subject_of(Range range, Claim& claim) {
    const std::vector<Found> found = phrase_.things_in(range);
    if (found.empty()) {
      for (std::size_t i = range.begin; i < range.end; ++i) {
        const bool pronoun = phrase_.is_any(
            i, {"it", "they", "this", "these", "callers", "caller", "and", ",", "new", "code", "everything", "all"});
        if (!pronoun && !phrase_.is_light(i) && refuse("it does not say of what the model knows")) return false;
      }
      return true;
    }
    if (!phrase_.are_light({found.back().range.end, range.end})) {
      refuse("what stands before the lock is not understood");
      return false;
    }
    claim.things = {found.back().thing};
    add_joined(found, range, claim.things, claim.left_out);
    return claim.things.size() == found.size() || !refuse("it names more than what it speaks of");
  }

  // The things before the last one that share its predicate: "A, B and C".
  void add_joined(const std::vector<Found>& found, Range range, std::vector<Thing>& things,
                  std::string& left_out) const {
    std::size_t begin = found.back().range.begin;
    for (std::size_t n = found.size() - 1;; --n) {
      std::size_t at = begin;
      while (at > range.begin && phrase_.is_light(at - 1)) --at;
      if (at == range.begin || !phrase_.is_any(at - 1, {"and", "or", ","})) return;
      std::size_t end = at - 1;
      while (end > range.begin && phrase_.is_any(end - 1, {"and", "or", ","})) --end;
      const bool joined = n > 0 && found[n - 1].range.end <= end && phrase_.are_light({found[n - 1].range.end, end});
      if (!joined) {
        if (left_out.empty()) left_out = without_verb({range.begin, end});
        return;
      }
      things.insert(things.begin(), found[n - 1].thing);
      begin = found[n - 1].range.begin;
    }
  }

  // The piece that ends here, if it has no verb of its own: then it is a part of what is claimed.
  std::string without_verb(Range range) const {
    std::size_t begin = range.end;
    while (begin > range.begin && !phrase_.is(begin - 1, ",")) --begin;
    bool verb = false;
    bool says = false;
    for (std::size_t i = begin; i < range.end; ++i) {
      verb |= phrase_.is_any(i, {"is", "are", "has", "have", "will", "must", "should"});
      says |= !phrase_.is_light(i);
    }
    const bool introduces =
        phrase_.is_any(begin, {"in", "on", "here", "so", "thus", "also", "hence", "after", "with", "for"});
    return verb || !says || introduces ? "" : phrase_.text({begin, range.end});
  }

  // "X before Y", "Y after X", "X precedes Y", "before Y, X".
  void order() {
    for (std::size_t i = 0; i < phrase_.size(); ++i) {
      std::size_t right = i + 1;
      bool swapped = false;
      if (phrase_.is(i, "prior") && phrase_.is(i + 1, "to"))
        right = i + 2;
      else if (phrase_.is(i, "after"))
        swapped = true;
      else if (!phrase_.is_any(i, {"before", "precedes", "precede"}))
        continue;
      order_at(i, right, swapped);
    }
  }

  void order_at(std::size_t word, std::size_t right, bool swapped) {
    const Range clause = phrase_.clause(word);
    Claim claim;
    claim.form = Form::order;
    std::vector<Thing> behind;
    std::size_t end = 0;
    if (!right_side({right, clause.end}, behind, claim.left_out, end)) return;
    std::vector<Thing> ahead;
    const std::size_t first = phrase_.skip_articles(clause.begin);
    std::size_t begin = word;
    while (begin > clause.begin &&
           (phrase_.is_any(begin - 1, {"right", "just", "directly", "immediately", "shortly"}) ||
            (swapped && phrase_.is(begin - 1, "only"))))
      --begin;
    const bool fronted = first >= begin && phrase_.is(end, ",");
    if (refuse(objection_at(word, clause))) return;
    if (fronted ? !main_clause({end + 1, clause.end}, ahead, claim.left_out)
                : !left_side({clause.begin, begin}, ahead, claim.left_out))
      return;
    if (const auto scope = phrase_.scope_in(clause)) claim.within = scope->function;
    for (const Thing& x : ahead) {
      for (const Thing& y : behind) {
        if (x == y) continue;
        claim.things = swapped ? std::vector{y, x} : std::vector{x, y};
        add(claim, clause);
      }
    }
  }

  // The things right behind the word, and where they end.
  bool right_side(Range range, std::vector<Thing>& things, std::string& left_out, std::size_t& end) const {
    auto found = first_thing(range.begin, range.end);
    if (!found) return false;
    while (found) {
      things.push_back(found->thing);
      end = behind_thing(*found, range.end);
      if (!phrase_.is_any(end, {"and", "or"}) || end >= range.end) break;
      found = first_thing(end + 1, range.end);
      if (!found) {
        left_out = phrase_.text({end + 1, std::min(end + 4, range.end)});
        return true;
      }
    }
    return end >= range.end || phrase_.is_any(end, {",", ".", "!"}) || names_only_architectures({end, range.end});
  }

  // A thing, perhaps behind "the call of" and its kin. Words of a thing are never passed over.
  std::optional<Found> first_thing(std::size_t at, std::size_t end) const {
    for (;; ++at) {
      if (at >= end) return std::nullopt;
      const auto found = phrase_.thing_at(at);
      if (found) return found->range.end <= end ? found : std::nullopt;
      if (!phrase_.is_light(at)) return std::nullopt;
    }
  }

  // Behind what says no more of a thing: "notifier is called", "in memory_block_online()".
  std::size_t behind_thing(const Found& found, std::size_t end) const {
    std::size_t at = phrase_.skip_light(found.range.end, end);
    if (const auto scope = phrase_.scope_in({at, end}); scope && scope->range.begin == at)
      at = phrase_.skip_light(scope->range.end, end);
    return at;
  }

  bool left_side(Range range, std::vector<Thing>& things, std::string& left_out) const {
    std::vector<Found> found = phrase_.things_in(range);
    if (const auto scope = phrase_.scope_in(range))
      std::erase_if(found, [&](const Found& one) { return one.range.begin + 1 == scope->range.end; });
    if (found.empty()) return false;
    const std::size_t behind = behind_thing(found.back(), range.end);
    if (!phrase_.are_light({behind, range.end})) {
      // "X is accessible, and Z prepared, before": X counts, and Z is said to be left out.
      std::size_t at = behind;
      while (at < range.end && phrase_.is_any(at, {",", "and"})) ++at;
      if (at == behind) return false;
      std::size_t end = range.end;
      while (end > at && phrase_.is(end - 1, ",")) --end;
      left_out = phrase_.text({at, end});
    }
    things = {found.back().thing};
    add_joined(found, range, things, left_out);
    return things.size() == found.size();
  }

  // Behind "before Y,": "X is called".
  bool main_clause(Range range, std::vector<Thing>& things, std::string& left_out) const {
    std::size_t end = 0;
    return right_side(range, things, left_out, end);
  }

  // "X is undone on failure", "roll back X if F() fails".
  void undone() {
    for (std::size_t i = 0; i < phrase_.size(); ++i) {
      const bool roll = phrase_.begins(i, {"rollback"}) || (phrase_.begins(i, {"roll"}) && is_followed_by(i, "back"));
      if (!roll && !phrase_.begins(i, {"undo", "undone", "cancel", "revert", "unwind", "unwound"})) continue;
      if (phrase_[i].call || phrase_[i].text.find('_') != std::string::npos) continue;
      undone_at(i, phrase_.clause(i));
    }
  }

  bool is_followed_by(std::size_t i, std::string_view word) const {
    constexpr std::size_t furthest = 6;
    for (std::size_t k = i + 1; k < i + furthest; ++k)
      if (phrase_.is(k, word)) return true;
    return false;
  }

  void undone_at(std::size_t word, Range clause) {
    Claim claim;
    claim.form = Form::undone;
    std::vector<std::size_t> known;
    if (!failure_in(clause, known, claim)) return;
    if (const auto scope = phrase_.scope_in(clause)) claim.within = scope->function;
    std::vector<Thing> things;
    for (const Found& found : phrase_.things_in(clause)) {
      const bool is_place =
          found.thing.kind == Kind::function && (found.thing.name == claim.within || found.thing.name == claim.failing);
      if (!is_place) things.push_back(found.thing);
    }
    if (things.empty() || refuse(objection_at(word, clause, known))) return;
    if (!pair_up(things, claim)) {
      refuse("nobody knows what undoes " + in_words(things.front()));
      return;
    }
    add(std::move(claim), clause);
  }

  // "on failure", "in case of an error", "if F() fails".
  bool failure_in(Range clause, std::vector<std::size_t>& known, Claim& claim) const {
    bool any = false;
    for (std::size_t i = clause.begin; i < clause.end; ++i) {
      if (!phrase_.begins(i, {"fail", "error"})) continue;
      any = true;
      known.push_back(i);
      for (std::size_t k = i; k-- > clause.begin && i - k <= 5;) {
        if (phrase_.is_any(k, {"if", "when", "whenever", "once", "case"})) known.push_back(k);
        const auto before = phrase_.thing_at(k);
        if (before && before->thing.kind == Kind::function && before->range.end == i)
          claim.failing = before->thing.name;
      }
      const auto behind = phrase_.is(i + 1, "of") ? phrase_.thing_at(phrase_.skip_articles(i + 2)) : std::nullopt;
      if (behind && behind->thing.kind == Kind::function) claim.failing = behind->thing.name;
    }
    return any;
  }

  bool pair_up(const std::vector<Thing>& things, Claim& claim) const {
    for (const Thing& thing : things) {
      const auto undo = undo_of(thing, names_);
      if (!undo) continue;
      const bool others = std::all_of(things.begin(), things.end(),
                                      [&](const Thing& other) { return other == thing || other == *undo; });
      if (!others) return false;
      claim.things = {thing, *undo};
      return true;
    }
    const auto done = things.size() == 1 ? undone_by(things[0], names_) : std::nullopt;
    if (done) claim.things = {*done, things[0]};
    return done.has_value();
  }

  const Names& names_;
  Phrase phrase_;
  Read out_;
};

}  // namespace

Read read_sentence(const Sentence& sentence, const Names& names) {
  return Reader(sentence, names).run();
}

}  // namespace hotproof::claims
