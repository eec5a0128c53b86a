#include <algorithm>

#include "checker/certify/certify.hpp"
#include "checker/certify/evidence.hpp"
#include "model/ir/text.hpp"
#include "verify/program.hpp"
#include "verify/sha256.hpp"
#include "verify/state_index.hpp"

namespace hotproof::checker::certify {

namespace {

std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (byte < 0x20 || byte == 0x7f)
      out += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
    else
      out += c;
  }
  return out + '"';
}

std::string numbers(const std::vector<std::uint64_t>& values) {
  std::string out;
  for (const std::uint64_t value : values) out += " " + std::to_string(value);
  return out;
}

// The same states, whole, and with each variable's number in its range: the text knows no other. Where they are not so
// already, their words are put into `owner`.
verify::StateSet plain(const verify::System& system, const verify::StateSet& set, std::vector<std::uint64_t>& owner) {
  const auto from = verify::layout_of(system, set.words, set.places);
  const bool listed = std::any_of(set.places.begin(), set.places.end(), [](const auto& p) { return !p.values.empty(); });
  const bool is_folded = set.folded.words != 0;
  if (is_folded && (!from || !verify::is_folded_right(set))) return {};  // whoever reads the file refuses it
  if ((!listed && !is_folded) || !from) return set;
  const verify::Layout to = listed ? verify::layout_of(system) : *from;
  verify::StateSet out;
  out.words = to.words;
  out.exchangeable = set.exchangeable;
  out.ample = set.ample;
  for (const verify::Field& field : to.fields) out.places.push_back({field.word, field.shift});
  owner.assign(set.count() * to.words, 0);
  std::uint64_t* next = owner.data();
  const verify::StateList all(set);
  std::vector<std::uint64_t> room(set.words);
  for (std::uint64_t id = 0; id < all.end(); ++id) {
    if (!all.holds(id)) continue;
    const std::uint64_t* const state = all.read(id, room.data());
    for (std::size_t v = 0; v < to.fields.size(); ++v)
      next[to.fields[v].word] |= to.fields[v].packed(from->fields[v].value(state)) << to.fields[v].shift;
    next += to.words;
  }
  if (!owner.empty()) out.pieces = {owner};
  return out;
}

// Ascending; each state as its difference to the one before it.
std::string packed(const verify::StateSet& set) {
  std::vector<const std::uint64_t*> order;
  order.reserve(set.count());
  for (const auto& piece : set.pieces)
    for (std::size_t at = 0; at < piece.size(); at += set.words) order.push_back(piece.data() + at);
  std::sort(order.begin(), order.end(), [&set](const std::uint64_t* a, const std::uint64_t* b) {
    return std::lexicographical_compare(a, a + set.words, b, b + set.words);
  });
  std::string out;
  const std::vector<std::uint64_t> zeros(set.words, 0);
  const std::uint64_t* before = zeros.data();
  for (const std::uint64_t* const state : order) {
    for (std::uint32_t w = 0; w < set.words; ++w) {
      const std::uint64_t difference = state[w] ^ before[w];
      const std::size_t head = out.size();
      out += '\0';
      unsigned present = 0;
      for (unsigned byte = 0; byte < 8; ++byte) {
        const auto value = static_cast<unsigned char>(difference >> (8 * byte));
        if (value == 0) continue;
        present |= 1U << byte;
        out += static_cast<char>(value);
      }
      out[head] = static_cast<char>(present);
    }
    before = state;
  }
  return out;
}

std::string exchange(const verify::Exchangeable& actors) {
  const auto listed = [](const auto& all, const char* letter) {
    std::string out;
    for (const auto one : all) out += std::string(" ") + letter + std::to_string(one);
    return out + "\n";
  };
  std::string out = "exchange" + listed(actors.members, "a");
  for (const auto& own : actors.own) out += "own" + listed(own, "v");
  for (const auto& names : actors.names) out += "names v" + std::to_string(names.variable) + listed(names.values, "");
  for (const auto& marks : actors.marks) out += "marks v" + std::to_string(marks.variable) + listed(marks.bits, "");
  return out;
}

std::string states(const char* which, const verify::StateSet& set) {
  const std::string bytes = packed(set);
  std::string out = std::string("states ") + which + " " + std::to_string(set.count()) + " words " +
                    std::to_string(set.words) + " bytes " + std::to_string(bytes.size());
  for (const verify::Place& place : set.places)
    out += " at " + std::to_string(place.word) + ":" + std::to_string(place.shift);
  out += "\n" + bytes + "\n";
  for (const verify::Exchangeable& actors : set.exchangeable) out += exchange(actors);
  for (const verify::AmpleLocation& one : set.ample) {
    out += "ample a" + std::to_string(one.actor) + " " + std::to_string(one.location);
    for (const auto& held : one.held) out += (held.write ? " write " : " read ") + std::to_string(held.lock);
    out += "\n";
  }
  return out;
}

std::string_view word_for(verify::Says says) {
  constexpr std::string_view words[] = {"holds", "reached", "violated", "unreached", "vacuous", "open"};
  return words[static_cast<std::size_t>(says)];
}

std::string reason(const verify::Claim& claim) {
  const std::string number = std::to_string(claim.number);
  switch (claim.basis) {
    case verify::Basis::none:
      return "";
    case verify::Basis::all_states:
      return " by states all";
    case verify::Basis::faultless_states:
      return " by states faultless";
    case verify::Basis::invariant:
      return " by invariant i" + number;
    case verify::Basis::runs_end:
      return " by end-of-runs " + number;
    case verify::Basis::run:
      return " by run r" + number;
  }
  return "";
}

std::string head(const Header& header) {
  std::string out = "hotproof-certificate 1\ntool " + quoted(header.tool) + "\nabout " + quoted(header.about) + "\n";
  for (const Input& input : header.inputs)
    out += "input " + input.kind + " " + quoted(input.path) + " " + input.sha256 + "\n";
  for (const std::string& what : header.covers) out += "covers " + quoted(what) + "\n";
  for (const std::string& what : header.not_covered) out += "not-covered " + quoted(what) + "\n";
  return out;
}

}  // namespace

std::string written(const ir::TransitionSystem& system, const Result& result, const Header& header) {
  const Gathered gathered = gather(system, result);
  const verify::Evidence& evidence = gathered.evidence;
  const std::string text = ir::write(system);
  std::string out = head(header);
  out += "system " + std::to_string(text.size()) + " " + verify::sha256(text) + "\n" + text + "\n";
  const auto read = verify::read_system(text);
  const auto add = [&](const char* which, const std::optional<verify::StateSet>& set) {
    std::vector<std::uint64_t> owner;
    if (set) out += states(which, read ? plain(*read, *set, owner) : verify::StateSet{});
  };
  add("all", evidence.all_states);
  add("faultless", evidence.faultless_states);
  for (std::size_t i = 0; i < evidence.runs.size(); ++i) {
    const verify::Run& run = evidence.runs[i];
    out += "run r" + std::to_string(i) + " from" + numbers(run.initial) + "\n";
    out += "steps" + numbers({run.steps.begin(), run.steps.end()}) + "\n";
  }
  for (std::size_t i = 0; i < gathered.invariants.size(); ++i)
    out += "invariant i" + std::to_string(i) + " k " + std::to_string(gathered.invariants[i].k) + "\n" +
           gathered.invariants[i].lines;
  for (const verify::Claim& claim : evidence.claims) {
    out += "claim p" + std::to_string(claim.property) + " " + std::string(word_for(claim.says)) + reason(claim);
    if (claim.trigger_run) out += " trigger r" + std::to_string(*claim.trigger_run);
    out += "\n";
  }
  return out + "end " + verify::sha256(out) + "\n";
}

std::string hash_of(std::string_view bytes) {
  return verify::sha256(bytes);
}

}  // namespace hotproof::checker::certify
