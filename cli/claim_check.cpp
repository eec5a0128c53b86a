#include "cli/claim_check.hpp"

#include <algorithm>
#include <set>

#include "model/patch/names.hpp"
#include "specs/claims/compile.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using claims::Claim;
using claims::Obligation;
using Form = Claim::Form;
using Role = Obligation::Role;

std::string joined_with(const std::vector<std::string>& words, const char* last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == words.size() ? std::string(" ") + last + " " : ", ") + words[i];
  }
  return out;
}

// What one architecture says to a claim.
struct Answer {
  Claimed verdict = Claimed::not_decided;
  std::string why;
  std::string where;
  std::optional<PropertyReport> run;
  bool unreached = false;  // nothing of what the claim speaks of happens in the scenario
};

// The functions that are changed and followed.
std::vector<std::string> changed_and_followed(const CheckedChange& change) {
  std::vector<std::string> out;
  for (const FunctionLines& function : change.checked.changed_functions) {
    const auto in_it = [&function](const ChangedLine& line) {
      return line.file == function.file && line.line >= function.first && line.line <= function.last;
    };
    if (function.followed && std::any_of(change.lines.begin(), change.lines.end(), in_it))
      out.push_back(function.function);
  }
  return out;
}

const PropertyReport& of(const CheckReport& report, const Obligation& obligation) {
  return *find(report, obligation.property.id);
}

// Why a property that is neither proved nor violated is not.
std::string why_open(const PropertyReport& property, const std::string& about) {
  if (property.latent()) return about + ": broken only with " + property.latent_needs;
  if (property.verdict == Verdict::vacuous) return "no run comes to " + about;
  return about + ": " + std::string(checker::name(property.verdict)) +
         (property.reason.empty() ? "" : " (" + property.reason + ")");
}

Answer refuted(const PropertyReport& property, const CheckReport& report) {
  return {Claimed::refuted, property.reason, report.title + ", " + report.architecture, property};
}

Answer undecided(const std::string& why) {
  return {Claimed::not_decided, why, "", {}};
}

// `latent_counts`: what needs something that no tree does refutes as well.
bool is_violated(const PropertyReport& property, bool latent_counts) {
  return property.verdict == Verdict::violated && (latent_counts || !property.latent());
}

Answer unreached(const std::string& about) {
  Answer out = undecided("no run comes to " + about);
  out.unreached = true;
  return out;
}

// The later thing happens without the earlier one; perhaps that never happens.
Answer lacking_answer(const Obligation& lacking, const CheckReport& report) {
  Answer out = refuted(of(report, lacking), report);
  out.verdict = Claimed::not_decided;
  out.why = "no run has them the other way round, but in one " + out.why;
  return out;
}

Answer answer_of(const std::vector<Obligation>& obligations, const CheckReport& report, bool latent_counts) {
  std::optional<Answer> open;
  std::optional<Answer> lacking;
  bool all_unreached = true;
  for (const Obligation& obligation : obligations) {
    const PropertyReport& property = of(report, obligation);
    const bool rule = obligation.role != Role::reversed && obligation.role != Role::happens;
    if (rule) all_unreached &= property.verdict == Verdict::vacuous;
    if (obligation.role == Role::happens) {
      if (property.verdict == Verdict::violated || property.verdict == Verdict::vacuous)
        return unreached(obligation.about);
    } else if (is_violated(property, latent_counts)) {
      if (obligation.role != Role::lacking) return refuted(property, report);
      lacking = lacking_answer(obligation, report);
    } else if (property.verdict != Verdict::proved && !open) {
      open = undecided(why_open(property, obligation.about));
    }
  }
  if (lacking) return *lacking;
  if (!open) return {Claimed::holds, "", "", {}};
  open->unreached = all_unreached;
  return *open;
}

// The settings with which a claim is looked at, one after the other.
std::vector<Settings> variants(const Settings& settings, const std::string& architecture) {
  const Settings usual = usual_settings(settings, architecture);
  std::vector<Settings> out = {usual};
  if (usual.altmap == When::automatic) {
    out.push_back(usual);
    out.back().altmap = When::always;
  }
  if (!usual.life && usual.requests.empty()) {
    out.push_back(usual);
    out.back().life = true;
  }
  return out;
}

// Listeners are asked by themselves: the architecture's own, or all of the tree, and no ideal ones.
Settings with_listeners_of_tree(const Settings& settings, const std::string& architecture, bool all) {
  Settings out = usual_settings(settings, architecture);
  out.listeners = 0;
  out.registrars = 0;
  out.readers = 0;
  out.real_listeners = all;
  return out;
}

class Checker {
 public:
  Checker(const std::vector<ClaimToCheck>& claims, const CheckedChange& change, std::vector<ClaimReport>& reports)
      : claims_(claims), change_(change), reports_(reports) {
    here_ = change.checked.report.architecture;
    context_.changed_functions = changed_and_followed(change);
    answers_.resize(claims.size());
  }

  Result<bool> run() {
    for (const char* architecture : modelled_architectures) {
      const auto done = check_on(architecture);
      if (!done) return done;
    }
    for (std::size_t i = 0; i < claims_.size(); ++i)
      conclude(*claims_[i].claim, answers_[i], reports_[claims_[i].report]);
    return true;
  }

 private:
  using Pending = std::vector<std::size_t>;  // indexes of claims

  bool speaks_of(const Claim& claim, const std::string& architecture) const {
    if (claim.every_architecture || (claim.form == Form::ignored && claim.architectures.empty())) return true;
    return claim.architectures.empty() ? architecture == here_ : claim.architectures.contains(architecture);
  }

  // Claims that are looked at together share their models.
  Result<bool> check_on(const std::string& architecture) {
    Pending usual;
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      const Claim& claim = *claims_[i].claim;
      if (!speaks_of(claim, architecture)) continue;
      if (claim.form != Form::ignored) {
        usual.push_back(i);
        continue;
      }
      for (const bool all : {false, true}) {
        if (all && answers_[i][architecture].verdict == Claimed::refuted) continue;
        const auto done = forgiven(ask_listeners(i, architecture, all), {i}, architecture);
        if (!done) return done;
      }
    }
    return ask_in_variants(usual, architecture);
  }

  // What the user asked for may make no scenario of another architecture, or of another kind.
  Result<bool> forgiven(Result<bool> done, const Pending& pending, const std::string& architecture) {
    if (done || done.error().exit != Exit::usage) return done;
    for (const std::size_t i : pending) answers_[i][architecture] = undecided(to_string(done.error().diagnostic));
    return true;
  }

  Result<bool> ask_in_variants(Pending pending, const std::string& architecture) {
    for (const Settings& settings : variants(change_.settings, architecture)) {
      for (const bool currently : {false, true}) {
        Pending some = pending;
        std::erase_if(some, [&](std::size_t i) { return claims_[i].claim->currently != currently; });
        if (some.empty()) continue;
        const auto done = forgiven(ask(some, settings, context_), some, architecture);
        if (!done) return done;
      }
      std::erase_if(pending, [&](std::size_t i) { return !answers_[i][architecture].unreached; });
    }
    return true;
  }

  // Checks claims about the same version, and says of those that are decided what is true of the other version.
  Result<bool> ask(const Pending& pending, const Settings& settings, const claims::Context& context) {
    std::map<std::size_t, std::vector<Obligation>> all;
    std::vector<spec::SpecProperty> properties;
    for (const std::size_t i : pending) {
      auto made = claims::obligations(*claims_[i].claim, context, "claim-" + std::to_string(i + 1));
      if (!made) return internal_error(made.error());
      for (const Obligation& obligation : *made) properties.push_back(obligation.property);
      all[i] = std::move(*made);
      answers_[i][settings.architecture] =
          undecided("it names no function, and none is changed that the model follows");
    }
    if (properties.empty()) return true;
    const bool currently = claims_[pending.front()].claim->currently;
    const auto checked = check(currently ? change_.before : change_.after, settings, properties);
    if (!checked) return tl::unexpected(checked.error());
    std::vector<spec::SpecProperty> decided;
    for (const std::size_t i : pending) {
      if (all[i].empty()) continue;
      Answer& answer = answers_[i][settings.architecture];
      answer = answer_of(all[i], checked->report, claims_[i].claim->form == Form::ignored);
      if (answer.verdict == Claimed::not_decided) continue;
      answer.why += (answer.why.empty() ? "" : "; ") + checked->report.scenario;
      if (claims_[i].claim->form == Form::ignored) continue;
      for (const Obligation& obligation : all[i]) decided.push_back(obligation.property);
    }
    return decided.empty() ? Result<bool>(true) : add_other(pending, all, settings, decided);
  }

  Result<bool> add_other(const Pending& pending, const std::map<std::size_t, std::vector<Obligation>>& all,
                         const Settings& settings, const std::vector<spec::SpecProperty>& decided) {
    const bool currently = claims_[pending.front()].claim->currently;
    const auto checked = check(currently ? change_.after : change_.before, settings, decided);
    if (!checked) return tl::unexpected(checked.error());
    for (const std::size_t i : pending) {
      Answer& answer = answers_[i][settings.architecture];
      if (answer.verdict == Claimed::not_decided || claims_[i].claim->form == Form::ignored) continue;
      const Answer other = answer_of(all.at(i), checked->report, false);
      const bool same = other.verdict == answer.verdict;
      const bool now = answer.verdict == Claimed::holds;
      const std::string when = currently ? " after the change" : " before the change";
      answer.why += currently ? "; of the tree before the change" : "";
      answer.why += other.verdict == Claimed::not_decided ? ";" + when + " nothing can be said of it"
                    : same                                ? "; so" + when
                    : now                                 ? "; not so" + when
                                                          : "; it held" + when;
    }
    return true;
  }

  // The tree's listeners, each asked about the notifications that its file does not name.
  Result<bool> ask_listeners(std::size_t i, const std::string& architecture, bool all) {
    const Settings settings = with_listeners_of_tree(change_.settings, architecture, all);
    const std::vector<std::string> fresh = new_notifications(change_);
    if (fresh.empty()) {
      answers_[i][architecture] = undecided("the change defines no notification");
      return true;
    }
    auto model = build(change_.after, settings, {});
    if (!model) return tl::unexpected(model.error());
    claims::Context context;
    std::vector<std::string> not_understood;
    unsigned number = 0;
    for (const scenarios::Listener& listener : model->scenario->listeners()) {
      if (listener.node) continue;
      if (!listener.ideal_because.empty()) not_understood.push_back(listener.callback);
      context.listeners.push_back({number++, listener.callback, {}});
      const auto file = change_.after.tree.read(listener.place.file);
      for (const std::string& name : fresh) {
        const bool knows = file == nullptr || file->text.find(name) != std::string::npos;
        if (!knows && listener.ideal_because.empty()) context.listeners.back().unknown.push_back(name);
      }
    }
    return ask_these(i, settings, context, not_understood);
  }

  Result<bool> ask_these(std::size_t i, const Settings& settings, const claims::Context& context,
                         const std::vector<std::string>& not_understood) {
    Answer& answer = answers_[i][settings.architecture];
    std::vector<std::string> asked;
    for (const auto& listener : context.listeners)
      if (!listener.unknown.empty()) asked.push_back(listener.name);
    if (asked.empty()) {
      answer = undecided("the model has no listener of the tree that does not know the new notifications");
      return true;
    }
    const auto done = ask({i}, settings, context);
    if (!done) return done;
    if (answer.run) answer.run->latent_needs.clear();
    if (answer.verdict == Claimed::refuted) return true;
    if (!not_understood.empty()) answer = undecided("not understood: " + joined_with(not_understood, "and"));
    if (answer.verdict == Claimed::holds) answer.why = "asked: " + joined_with(asked, "and");
    return true;
  }

  // One verdict from those of the architectures.
  void conclude(const Claim& claim, const std::map<std::string, Answer>& answers, ClaimReport& out) const {
    std::vector<std::string> holds;
    std::string reasons;
    std::string open;
    for (const auto& [architecture, answer] : answers) {
      const std::string reason = "on " + architecture + (answer.why.empty() ? "" : " (" + answer.why + ")");
      if (answer.verdict == Claimed::refuted && out.verdict != Claimed::refuted) {
        out = {out.claim, out.from, out.form, Claimed::refuted, reason, answer.where, answer.run};
      }
      if (answer.verdict == Claimed::holds) {
        holds.push_back(architecture);
        reasons += (reasons.empty() ? "" : "; ") + reason;
      }
      if (answer.verdict == Claimed::not_decided) {
        open += (open.empty() ? "" : "; ") + std::string("on ") + architecture + ": " + answer.why;
        if (answer.run && !out.run) out.run = answer.run, out.where = answer.where;
      }
    }
    if (out.verdict == Claimed::refuted) return;
    for (const std::string& architecture : claim.architectures)
      if (!answers.contains(architecture))
        open += (open.empty() ? "" : "; ") + ("there is no model of " + architecture);
    if (!claim.left_out.empty()) open += (open.empty() ? "" : "; ") + ("\"" + claim.left_out + "\" was not looked at");
    if (!change_.doubt.empty()) open += (open.empty() ? "" : "; ") + change_.doubt;
    out.verdict = open.empty() && !holds.empty() ? Claimed::holds : Claimed::not_decided;
    const std::string as_far = reasons.empty() || open.empty() ? "" : "true " + reasons + "; ";
    out.why = out.verdict == Claimed::holds ? reasons : as_far + open;
    const bool all = claim.every_architecture || claim.form == Form::ignored;
    if (out.verdict == Claimed::holds && all && claim.architectures.empty())
      out.why += "; these are the architectures that there are models of";
  }

  const std::vector<ClaimToCheck>& claims_;
  const CheckedChange& change_;
  std::vector<ClaimReport>& reports_;
  std::string here_;
  claims::Context context_;
  std::vector<std::map<std::string, Answer>> answers_;  // by claim, by architecture
};

}  // namespace

bool is_modelled(const std::string& architecture) {
  return std::find(modelled_architectures.begin(), modelled_architectures.end(), architecture) !=
         modelled_architectures.end();
}

Settings usual_settings(const Settings& settings, const std::string& architecture) {
  Settings out = settings;
  if (out.architecture != architecture) out.scenario.clear();
  out.architecture = architecture;
  return out;
}

std::vector<std::string> new_notifications(const CheckedChange& change) {
  std::set<std::string> out;
  for (const std::string& path : change.after.tree.changed()) {
    const auto file = change.after.tree.read(path);
    if (file == nullptr || !(path.ends_with(".c") || path.ends_with(".h"))) continue;
    const auto old = change.before.tree.read(path);
    const patch::Names before = old == nullptr ? patch::Names{} : patch::names_in(old->text);
    for (const std::string& name : patch::names_in(file->text).defined)
      if (name.starts_with("MEM_") && !before.defined.contains(name)) out.insert(name);
  }
  return {out.begin(), out.end()};
}

Result<bool> check_claims(const std::vector<ClaimToCheck>& claims, const CheckedChange& change,
                          std::vector<ClaimReport>& reports) {
  if (claims.empty()) return true;
  return Checker(claims, change, reports).run();
}

}  // namespace hotproof::cli
