// Claims that a message makes and that a model can check, read from its sentences. Nothing here knows a model: what a
// tree has by name is asked for. Everything is on the strict side: a sentence that might mean something else is no
// claim.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "specs/claims/sentence.hpp"

namespace hotproof::claims {

// What a tree has, by its name.
struct Names {
  std::function<bool(const std::string&)> is_function;
  std::function<bool(const std::string&)> is_notification;  // "MEM_PREPARE_ONLINE"
  std::function<bool(const std::string&)> is_lock;          // "device_hotplug_lock"
};

// Something that happens, or a state, as a sentence names it.
struct Thing {
  enum class Kind : std::uint8_t {
    function,      // it is called
    notification,  // it is sent
    memmap,        // of a block; name: "initialise", "poison", "teardown"
    accessible,    // the memory of the block is
    inaccessible,  // it stops to be
    taken,         // a lock is
    released       // a lock is
  };
  Kind kind = Kind::function;
  std::string name;       // function, notification, lock
  bool in_block = false;  // memmap: only where it lies in the block itself ("memmap on memory")
  friend bool operator==(const Thing&, const Thing&) = default;
};
// "MEM_PREPARE_ONLINE", "online_pages()", "the initialisation of the memmap"
std::string in_words(const Thing& thing);

struct Claim {
  enum class Form : std::uint8_t {
    no_functional_change,
    held,    // `lock` is held whenever one of `things` happens; without any: whenever a function that is changed is
             // called
    order,   // things[0] comes before things[1] in every operation that does the latter
    undone,  // things[0] is undone (by things[1]) where the operation, or `failing`, fails behind it
    ignored  // listeners do nothing about notifications that they do not know, and do not refuse them
  };
  Form form = Form::no_functional_change;
  std::vector<Thing> things;
  std::string lock;
  bool for_write = false;               // held
  std::string within;                   // order, undone: a function; empty: the whole operation
  std::string failing;                  // undone: a function; empty: `within`, or the operation
  std::set<std::string> architectures;  // that it speaks of: "x86_64", "s390x", other names; empty: none is named
  bool every_architecture = false;
  bool currently = false;  // it tells what is so before the change
  // no_functional_change: only where the memory is accessible from the start; where else it is to hold, in the
  // sentence's words, if that is not understood.
  bool if_accessible = false;
  std::string condition;
  std::string left_out;  // a part of the sentence that says more and is not understood
};
std::string_view name(Claim::Form form);  // "no functional change", "held lock", "order", "undo", "ignored"

// What was made of a sentence.
struct Read {
  Sentence sentence;
  std::vector<Claim> claims;  // none: it is not checked
  std::string why_not;        // no claims, although some word looked like one: why; may be empty
};

// Each sentence of the message.
std::vector<Read> read_claims(std::string_view message, const Names& names);
// A text that is one sentence.
Read read_claim(std::string_view sentence, const Names& names);

// The forms that are known, for people: one line each.
std::vector<std::string> known_forms();

// What undoes a thing, and which notification one undoes; nothing if nobody knows.
std::optional<Thing> undo_of(const Thing& thing, const Names& names);
std::optional<Thing> undone_by(const Thing& notification, const Names& names);

}  // namespace hotproof::claims
