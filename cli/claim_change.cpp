#include "cli/claim_change.hpp"

#include "cli/claim_check.hpp"
#include "cli/compare.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using claims::Claim;

// What one architecture says.
struct Compared {
  std::string architecture;
  CompareReport report;
};

// In the state in which runs begin.
bool is_accessible_at_first(const Model& model) {
  const ir::TransitionSystem& system = model.lowered.system;
  const auto symbol = system.symbols.find("block[0].accessible");
  if (symbol == system.symbols.end()) return false;
  ir::State state;
  for (const ir::Variable& variable : system.variables) state.push_back(variable.initial);
  return eval::is_true(system.pool, symbol->second, state);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// What is not the same although everything that can be observed is.
std::string apart_from(const CompareReport& report) {
  std::string out;
  const auto add = [&out](const std::string& what) { out += (out.empty() ? ", apart from this: " : "; ") + what; };
  if (!report.longer_new.empty()) add("longer critical sections of " + listed(report.longer_new));
  if (!report.longer_old.empty()) add("shorter critical sections of " + listed(report.longer_old));
  for (const HeldReport& held : report.held) {
    const std::string more = held.when.size() > 1 ? " and " + std::to_string(held.when.size() - 1) + " more" : "";
    add(held.lock + (held.now_held ? " is now held at \"" : " is no longer held at \"") + held.when.front() + "\"" +
        more);
  }
  if (report.locks == CompareReport::Locks::differ) add("locks are not taken and given back alike");
  if (!report.hidden.empty()) add("there are " + listed(report.hidden) + ", which ideal listeners ignore");
  return out;
}

std::string difference_in_words(const DifferenceReport& difference) {
  const std::string one = difference.only_new ? "after the change" : "before the change";
  const std::string behind = difference.common.empty() ? "" : " behind \"" + difference.common.back() + "\"";
  return "only " + one + " there is \"" + difference.last + "\"" + behind;
}

PropertyReport as_property(const DifferenceReport& difference) {
  PropertyReport out;
  out.id = "no-functional-change";
  out.says = "the two versions do the same";
  out.origin = "the sentence";
  out.verdict = Verdict::violated;
  out.reason = difference_in_words(difference);
  out.trace = difference.can.trace;
  out.depth = static_cast<std::uint32_t>(difference.can.trace.steps.size());
  return out;
}

class WholeChange {
 public:
  WholeChange(const Claim& claim, const CheckedChange& change, ClaimReport& out)
      : claim_(claim), change_(change), out_(out), hidden_(new_notifications(change)) {}

  Result<bool> run() {
    out_.verdict = Claimed::not_decided;
    for (const std::string architecture : modelled_architectures) {
      const bool all = claim_.every_architecture || claim_.architectures.empty();
      if (!all && !claim_.architectures.contains(architecture)) continue;
      const auto done = look_at(architecture);
      if (!done) return done;
      if (out_.verdict == Claimed::refuted) return true;
    }
    for (const std::string& architecture : claim_.architectures)
      if (!is_modelled(architecture)) add(open_, "there is no model of " + architecture);
    if (same_.empty() && open_.empty()) open_ = "no scenario is as the sentence says";
    out_.verdict = open_.empty() ? Claimed::holds : Claimed::not_decided;
    out_.why = open_.empty() ? same_ : same_ + (same_.empty() ? "" : "; ") + open_;
    return true;
  }

 private:
  static void add(std::string& list, const std::string& what) { list += (list.empty() ? "" : "; ") + what; }

  Result<bool> look_at(const std::string& architecture) {
    const Settings settings = usual_settings(change_.settings, architecture);
    if (claim_.if_accessible) {
      const auto model = build(change_.before, settings, {});
      if (!model) return tl::unexpected(model.error());
      if (!is_accessible_at_first(*model)) return true;
    }
    const auto compared = compare_versions(change_.before, change_.after, settings, {{}, hidden_, false});
    // What the trees do not allow is no error of the user's here.
    if (!compared && compared.error().exit != Exit::usage) return tl::unexpected(compared.error());
    if (compared)
      conclude(architecture, *compared);
    else
      add(open_, "on " + architecture + ": " + to_string(compared.error().diagnostic));
    return true;
  }

  void conclude(const std::string& architecture, const CompareReport& report) {
    const std::string on = "on " + architecture;
    if (report.verdict == Verdict::proved) {
      add(same_, on + " both do the same" + apart_from(report));
    } else if (report.verdict != Verdict::violated || report.differences.empty()) {
      add(open_, on + ": " + (report.why.empty() ? std::string(checker::name(report.verdict)) : report.why));
    } else if (!claim_.condition.empty()) {
      add(open_, on + " " + difference_in_words(report.differences.front()) + "; the sentence speaks of a case (" +
                     claim_.condition + ") that is not told apart");
    } else {
      const DifferenceReport& difference = report.differences.front();
      out_.verdict = Claimed::refuted;
      out_.why = on + " " + difference_in_words(difference);
      out_.where = (difference.only_new ? report.new_version : report.old_version).title + ", " + architecture;
      out_.run = as_property(difference);
    }
  }

  const Claim& claim_;
  const CheckedChange& change_;
  ClaimReport& out_;
  std::vector<std::string> hidden_;
  std::string same_;
  std::string open_;
};

}  // namespace

Result<bool> judge_whole_change(const Claim& claim, const CheckedChange& change, ClaimReport& report) {
  return WholeChange(claim, change, report).run();
}

}  // namespace hotproof::cli
