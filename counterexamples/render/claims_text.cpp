#include <algorithm>

#include "counterexamples/render/claims.hpp"
#include "counterexamples/render/text.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr std::size_t most_sentence = 400;  // columns of a sentence that is quoted
constexpr std::size_t most_unchecked = 40;  // sentences that are listed

Colour colour_of(Claimed verdict) {
  switch (verdict) {
    case Claimed::holds:
      return Colour::green;
    case Claimed::refuted:
      return Colour::red;
    case Claimed::not_decided:
      return Colour::yellow;
    case Claimed::not_checked:
      return Colour::dim;
  }
  return Colour::plain;
}

std::size_t room(const Style& style) {
  return std::max<std::size_t>(style.width, 60) - 6;
}

std::string indented(const std::string& text, const std::string& indent, const Style& style) {
  std::string out;
  for (const std::string& line : filled(text, room(style))) out += indent + line + "\n";
  return out;
}

std::string quoted(const std::string& sentence, const Style& style) {
  return "\"" + cut(safe(sentence, style.utf8), most_sentence, style.utf8) + "\"";
}

std::string source(const std::string& from, const Style& style) {
  return from == "--claim" ? "it is claimed that" : "the " + safe(from, style.utf8) + " says";
}

std::string run_of(const ClaimReport& claim, const Style& style) {
  if (!claim.run || claim.verdict != Claimed::refuted) return "";
  return violation(*claim.run, claim.where, style);
}

// `quoted_above`: another claim of the same sentence.
std::string one(const ClaimReport& claim, bool quoted_above, const Style& style) {
  std::string out =
      quoted_above ? "" : indented(source(claim.from, style) + " " + quoted(claim.claim, style), "  ", style);
  std::string verdict(name(claim.verdict));
  std::replace(verdict.begin(), verdict.end(), '-', ' ');
  const std::string why = brief(claim.form + ": " + verdict + (claim.why.empty() ? "" : ": " + claim.why), style.utf8);
  std::string shown = indented(why, "    ", style);
  const std::size_t at = shown.find(verdict, claim.form.size());
  if (at != std::string::npos) {
    shown =
        shown.substr(0, at) + coloured(verdict, colour_of(claim.verdict), style) + shown.substr(at + verdict.size());
  }
  return out + shown + run_of(claim, style);
}

std::string unchecked(const std::vector<ClaimReport>& claims, const Style& style) {
  std::vector<const ClaimReport*> all;
  for (const ClaimReport& claim : claims)
    if (claim.verdict == Claimed::not_checked) all.push_back(&claim);
  if (all.empty()) return "";
  std::string out = "  not checked: " + std::to_string(all.size()) + (all.size() == 1 ? " sentence" : " sentences") +
                    " of the " + safe(all.front()->from, style.utf8) + "\n";
  for (std::size_t i = 0; i < std::min(all.size(), most_unchecked); ++i) {
    const std::string why = all[i]->why.empty() ? "" : " (" + brief(all[i]->why, style.utf8) + ")";
    const std::size_t most = room(style) - std::min(columns(why), room(style) / 2);
    out += "    " + coloured(cut(safe(all[i]->claim, style.utf8), most, style.utf8) + why, Colour::dim, style) + "\n";
  }
  if (all.size() > most_unchecked) out += "    and " + std::to_string(all.size() - most_unchecked) + " more\n";
  return out;
}

}  // namespace

std::string claims_text(const std::vector<ClaimReport>& claims, const Style& style) {
  if (claims.empty()) return "";
  std::string out = coloured("what is claimed", Colour::bold, style) + "\n";
  const ClaimReport* above = nullptr;
  for (const ClaimReport& claim : claims) {
    if (claim.verdict == Claimed::not_checked) continue;
    out += one(claim, above != nullptr && above->claim == claim.claim && !above->run, style);
    above = &claim;
  }
  return out + unchecked(claims, style);
}

}  // namespace hotproof::render
