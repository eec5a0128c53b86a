#include "specs/claims/claim.hpp"

#include <algorithm>
#include <array>

#include "specs/claims/grammar.hpp"
#include "specs/claims/reader.hpp"

namespace hotproof::claims {

namespace {

using Form = Claim::Form;
using Kind = Thing::Kind;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> notification_pairs{
    {{"MEM_PREPARE_ONLINE", "MEM_FINISH_OFFLINE"},
     {"MEM_GOING_ONLINE", "MEM_CANCEL_ONLINE"},
     {"MEM_GOING_OFFLINE", "MEM_CANCEL_OFFLINE"}}};

// Parts of names of functions that belong together.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> function_pairs{{{"begin", "done"},
                                                                                        {"begin", "end"},
                                                                                        {"lock", "unlock"},
                                                                                        {"init", "deinit"},
                                                                                        {"init", "exit"},
                                                                                        {"add", "remove"},
                                                                                        {"create", "remove"},
                                                                                        {"create", "destroy"},
                                                                                        {"register", "unregister"},
                                                                                        {"get", "put"},
                                                                                        {"disable", "enable"},
                                                                                        {"enable", "disable"},
                                                                                        {"start", "undo"},
                                                                                        {"start", "stop"},
                                                                                        {"alloc", "free"},
                                                                                        {"populate", "free"}}};

// The name with one of its parts (between underscores) exchanged.
std::optional<std::string> exchanged(const std::string& name, std::string_view part, std::string_view other) {
  for (std::size_t at = name.find(part); at != std::string::npos; at = name.find(part, at + 1)) {
    const bool begins = at == 0 || name[at - 1] == '_';
    const bool ends = at + part.size() == name.size() || name[at + part.size()] == '_';
    if (begins && ends) return name.substr(0, at) + std::string(other) + name.substr(at + part.size());
  }
  return std::nullopt;
}

// What a paragraph is about: the architectures that were named last, and whether it tells how things are today.
struct RuleContext {
  std::set<std::string> architectures;
  bool currently = false;
};

// "After this, …", "This is …": a paragraph that goes on with the one before it.
bool goes_on(const Phrase& phrase) {
  const bool leads = phrase.is_any(0, {"after", "with", "for", "in", "to"});
  return phrase.is_any(leads ? 1 : 0, {"this", "that", "these", "those", "then", "thus", "there", "hence", "both"});
}

// Orders and locks are said of what the paragraph is about; what a patch does as a whole is not.
void add_context(std::vector<Read>& all) {
  RuleContext context;
  std::uint32_t paragraph = 0;
  const auto none = [](const std::string&) { return false; };
  const Names no_names{none, none, none};
  for (Read& read : all) {
    const Phrase phrase(words_of(read.sentence.text), no_names);
    if (read.sentence.paragraph != paragraph && !goes_on(phrase)) context = {};
    paragraph = read.sentence.paragraph;
    const Range whole{0, phrase.size()};
    if (auto named = phrase.architectures(whole); !named.empty()) context.architectures = std::move(named);
    for (std::size_t i = 0; i < phrase.size(); ++i)
      context.currently |= phrase.is_any(i, {"currently", "today", "presently"});
    for (Claim& claim : read.claims) {
      if (claim.form == Form::no_functional_change || claim.form == Form::ignored) continue;
      claim.currently = context.currently;
      if (!claim.architectures.empty() || claim.every_architecture) continue;
      claim.architectures = context.architectures;
      claim.every_architecture = claim.architectures.erase("*") > 0;
    }
  }
}

}  // namespace

std::string in_words(const Thing& thing) {
  switch (thing.kind) {
    case Kind::function:
      return thing.name + "()";
    case Kind::notification:
      return thing.name;
    case Kind::memmap: {
      const std::string what = thing.in_block ? "the memmap that lies in its block" : "the memmap";
      return (thing.name == "initialise" ? "initialising "
              : thing.name == "poison"   ? "poisoning "
                                         : "tearing down ") +
             what;
    }
    case Kind::accessible:
      return "that the memory is accessible";
    case Kind::inaccessible:
      return "that the memory becomes inaccessible";
    case Kind::taken:
      return "taking " + thing.name;
    case Kind::released:
      return "releasing " + thing.name;
  }
  return "";
}

std::string_view name(Form form) {
  switch (form) {
    case Form::no_functional_change:
      return "no functional change";
    case Form::held:
      return "held lock";
    case Form::order:
      return "order";
    case Form::undone:
      return "undo";
    case Form::ignored:
      return "ignored";
  }
  return "";
}

std::vector<Read> read_claims(std::string_view message, const Names& names) {
  std::vector<Read> out;
  for (const Sentence& sentence : sentences_of(message)) out.push_back(read_sentence(sentence, names));
  add_context(out);
  return out;
}

Read read_claim(std::string_view sentence, const Names& names) {
  std::vector<Read> out = {read_sentence({std::string(sentence), 0}, names)};
  add_context(out);
  return std::move(out.front());
}

std::vector<std::string> known_forms() {
  return {"no functional change", "F() is called with LOCK held; F() must hold LOCK",
          "X before Y; Y after X; X precedes Y (functions, notifications, locks taken, the memmap's initialisation, "
          "memory accessible)",
          "X is undone on failure; roll back X if F() fails", "all architectures ignore unknown notifiers"};
}

std::optional<Thing> undo_of(const Thing& thing, const Names& names) {
  if (thing.kind == Kind::memmap && thing.name == "initialise") return Thing{Kind::memmap, "poison", thing.in_block};
  if (thing.kind == Kind::taken) return Thing{Kind::released, thing.name};
  for (const auto& [done, undo] : notification_pairs) {
    const bool is_it = thing.kind == Kind::notification && thing.name == done;
    if (is_it && names.is_notification(std::string(undo))) return Thing{Kind::notification, std::string(undo)};
  }
  if (thing.kind != Kind::function) return std::nullopt;
  for (const auto& [part, other] : function_pairs) {
    const auto name = exchanged(thing.name, part, other);
    if (name && names.is_function(*name)) return Thing{Kind::function, *name};
  }
  return std::nullopt;
}

std::optional<Thing> undone_by(const Thing& notification, const Names& names) {
  for (const auto& [done, undo] : notification_pairs)
    if (notification.name == undo && names.is_notification(std::string(done)))
      return Thing{Kind::notification, std::string(done)};
  return std::nullopt;
}

}  // namespace hotproof::claims
