#include "cli/claims.hpp"

#include <algorithm>
#include <set>

#include "cli/claim_change.hpp"
#include "cli/claim_check.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using claims::Claim;
using Form = Claim::Form;

// Names as any tree might have them: whether a sentence could claim something at all.
claims::Names any_names() {
  const auto any = [](const std::string&) { return true; };
  return {any, [](const std::string& name) { return name.starts_with("MEM_"); }, any};
}

bool speaks_of_names(const claims::Read& read) {
  return std::any_of(read.claims.begin(), read.claims.end(), [](const Claim& claim) {
    return claim.form != Form::no_functional_change && claim.form != Form::ignored;
  });
}

bool wants_names(const Settings& settings, const std::vector<Message>& messages) {
  if (!settings.claims.empty()) return true;
  return std::any_of(messages.begin(), messages.end(), [](const Message& message) {
    const auto all = claims::read_claims(message.text, any_names());
    return std::any_of(all.begin(), all.end(), speaks_of_names);
  });
}

// The names of a tree as its model has them.
claims::Names names_of(Model& model) {
  c::Program& program = model.scenario->program();
  const auto& leaves = model.scenario->options().leaves;
  const auto& locks = model.lowered.system.locks;
  return {[&](const std::string& name) { return program.function(name) != nullptr || leaves.contains(name); },
          [&](const std::string& name) {
            return name.starts_with("MEM_") && model.scenario->mir().constant(name).has_value();
          },
          [&](const std::string& name) {
            return std::any_of(locks.begin(), locks.end(), [&name](const ir::Lock& lock) { return lock.name == name; });
          }};
}

claims::Names no_names() {
  const auto none = [](const std::string&) { return false; };
  return {none, none, none};
}

std::string all_forms() {
  std::string out;
  for (const std::string& form : claims::known_forms()) out += (out.empty() ? "" : "; ") + form;
  return out;
}

Result<ClaimsRead> read_with(const claims::Names& names, const Settings& settings,
                             const std::vector<Message>& messages) {
  ClaimsRead out;
  for (const std::string& sentence : settings.claims) {
    claims::Read read = claims::read_claim(sentence, names);
    if (read.claims.empty()) {
      const std::string why = read.why_not.empty() ? "" : " (" + read.why_not + ")";
      return usage_error({{}, "this claim cannot be checked" + why + ": " + sentence, "forms: " + all_forms()});
    }
    out.entries.push_back({"--claim", std::move(read)});
  }
  for (const Message& message : messages) {
    for (claims::Read& read : claims::read_claims(message.text, names))
      out.entries.push_back({message.from, std::move(read)});
  }
  return out;
}

}  // namespace

Result<ClaimsRead> read_claims(const Subject& subject, const Settings& settings, const std::vector<Message>& all) {
  // Who asks for one property does not ask for what a message says.
  const bool silent = settings.no_claims || !settings.properties.empty();
  const std::vector<Message> messages = silent ? std::vector<Message>{} : all;
  if (!wants_names(settings, messages)) return read_with(no_names(), settings, messages);
  auto model = build(subject, settings, {});
  if (!model) return tl::unexpected(model.error());
  return read_with(names_of(*model), settings, messages);
}

Result<std::vector<ClaimReport>> judge_claims(const ClaimsRead& read, const CheckedChange& change) {
  std::vector<ClaimReport> out;
  std::vector<ClaimToCheck> todo;
  for (const ClaimsRead::Entry& entry : read.entries) {
    if (entry.read.claims.empty()) {
      out.push_back({entry.read.sentence.text, entry.from, "", Claimed::not_checked, entry.read.why_not, "", {}});
    }
    for (const Claim& claim : entry.read.claims) {
      ClaimReport& report = out.emplace_back();
      report.claim = entry.read.sentence.text;
      report.from = entry.from;
      report.form = claims::name(claim.form);
      if (claim.form == Form::no_functional_change) {
        const auto judged = judge_whole_change(claim, change, report);
        if (!judged) return tl::unexpected(judged.error());
      } else {
        todo.push_back({&claim, out.size() - 1});
      }
    }
  }
  const auto checked = check_claims(todo, change, out);
  if (!checked) return tl::unexpected(checked.error());
  return out;
}

}  // namespace hotproof::cli
