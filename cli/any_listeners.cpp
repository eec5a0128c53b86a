#include "cli/any_listeners.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "specs/lang/listeners.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using Properties = std::vector<spec::SpecProperty>;

bool holds(const PropertyReport& property) {
  return property.verdict == Verdict::proved || property.verdict == Verdict::vacuous;
}

std::string numbers(const std::vector<unsigned>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i)
    out += (i == 0 ? "" : i + 1 == all.size() ? " and " : ", ") + std::to_string(all[i]);
  return out;
}

class Lengths {
 public:
  Lengths(const Subject& subject, const Settings& settings, const Properties& properties)
      : subject_(subject), settings_(settings), properties_(properties) {}

  Result<Checked> run() {
    // One listener comes first: its model says whether it is the platform's, without which nothing is set online.
    if (auto error = check_number(1, properties_)) return tl::unexpected(*error);
    const bool platform = model_->platform_is_ideal;
    const unsigned registrars = std::max(settings_.registrars, 0);
    from_ = platform || registrars > 0 ? 1 : 0;
    watched_from_ = (platform ? 1 : 0) + registrars + 1;
    if (from_ == 0)
      if (auto error = check_number(0, properties_)) return tl::unexpected(*error);
    for (unsigned number = 2; number <= watched_from_; ++number)
      if (auto error = check_number(number, unbroken())) return tl::unexpected(*error);
    for (unsigned crowds = 1; crowds <= 2; ++crowds)
      if (auto error = check_crowds(crowds)) return tl::unexpected(*error);
    for (unsigned number = watched_from_ + 1; number <= most_listeners; ++number)
      if (auto error = check_number(number, open())) return tl::unexpected(*error);
    return merged();
  }

 private:
  using Error = std::optional<Failure>;

  // What is known of one property.
  struct Known {
    std::map<unsigned, PropertyReport> with;  // by number of listeners
    std::vector<PropertyReport> crowds;

    std::optional<unsigned> breaks_with() const {
      for (const auto& [number, report] : with)
        if (report.verdict == Verdict::violated) return number;
      return std::nullopt;
    }
    bool is_triggered() const {
      return std::any_of(with.begin(), with.end(),
                         [](const auto& one) { return one.second.verdict == Verdict::proved; });
    }
  };

  // A limit was met, or enough is known for whoever only asks whether something breaks.
  bool is_stopped() const {
    const auto is_broken = [](const auto& one) { return one.second.breaks_with().has_value(); };
    return !stopped_by_.empty() ||
           (settings_.first_violation_ends && std::any_of(known_.begin(), known_.end(), is_broken));
  }

  void take(const CheckReport& report) {
    statistics_ += report.statistics;
    seconds_total_ += report.seconds_total;
    if (stopped_by_.empty()) stopped_by_ = report.stopped_by;
  }

  // The time limit is one for all that is checked.
  Settings with_listeners(unsigned number) const {
    constexpr double least = 0.001;  // seconds: 0 would be none
    Settings out = settings_;
    out.any_listeners = false;
    out.listeners = static_cast<int>(number);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
    if (out.time_limit > 0) out.time_limit = std::max(out.time_limit - spent.count(), least);
    return out;
  }

  Error check_number(unsigned number, const Properties& properties) {
    if (properties.empty() || is_stopped()) return std::nullopt;
    const Settings alone = with_listeners(number);
    auto checked = check_alone(subject_, alone, properties);
    if (!checked) return checked.error();
    take(checked->report);
    for (PropertyReport& property : checked->report.properties) known_[property.id].with[number] = std::move(property);
    if (!has_crowds_) model_ = std::move(*checked);
    checked_.push_back(number);
    return std::nullopt;
  }

  // Properties that no number has broken so far.
  Properties unbroken() const {
    Properties out;
    for (const spec::SpecProperty& property : properties_)
      if (!known_.at(property.id).breaks_with()) out.push_back(property);
    return out;
  }

  Error check_crowds(unsigned crowds) {
    const Properties asked = unbroken();
    if (asked.empty() || is_stopped()) return std::nullopt;
    Settings plain = with_listeners(watched_from_);
    plain.plainest_runs = false;
    scenarios::Request request = scenario_request(subject_, plain);
    request.crowds = crowds;
    auto checked = check_scenario(subject_, request, plain, asked);
    if (!checked) return checked.error();
    take(checked->report);
    for (PropertyReport& property : checked->report.properties)
      known_[property.id].crowds.push_back(std::move(property));
    model_ = std::move(*checked);
    has_crowds_ = true;
    return std::nullopt;
  }

  // Not broken yet, and not proved either: a larger number may break them, or be the first to have something to judge.
  Properties open() const {
    Properties out;
    for (const spec::SpecProperty& property : unbroken()) {
      const Known& known = known_.at(property.id);
      if (!known.crowds.empty() && !is_decided(property, known)) out.push_back(property);
    }
    return out;
  }

  // How crowds speak of covers: not at all. A run stays one when listeners join that let every walk go on.
  bool is_decided(const spec::SpecProperty& property, const Known& known) const {
    if (!spec::tells_listeners_apart(property).empty() || !is_understood()) return false;
    const bool is_cover = property.kind == ir::PropertyKind::cover;
    const bool all_hold = std::all_of(known.crowds.begin(), known.crowds.end(), holds);
    const bool all_silent = std::all_of(known.crowds.begin(), known.crowds.end(),
                                        [](const PropertyReport& one) { return one.verdict == Verdict::vacuous; });
    return is_cover || (all_hold && (all_silent || known.is_triggered()));
  }

  bool is_understood() const { return has_crowds_ && model_->report.model.not_understood.empty(); }

  // The first verdict of these that decides nothing.
  static const PropertyReport* undecided(const Known& known) {
    for (const auto& [number, report] : known.with)
      if (!holds(report)) return &report;
    return nullptr;
  }

  PropertyReport broken(const Known& known, unsigned number) const {
    PropertyReport out = known.with.at(number);
    AnyListeners listeners;
    listeners.from = from_;
    listeners.breaks_with = number;
    listeners.least = true;
    for (const auto& [other, report] : known.with) {
      listeners.checked.push_back(other);
      if (other < number) listeners.least = listeners.least && holds(report);
    }
    out.listeners = listeners;
    return out;
  }

  // One that speaks stands for all, with the figures of the largest model.
  static PropertyReport speaking(const Known& known) {
    if (known.crowds.empty()) return known.with.rbegin()->second;
    const PropertyReport& crowd = known.crowds.back();
    for (const auto& [number, report] : known.with) {
      if (report.verdict != Verdict::proved) continue;
      PropertyReport out = report;
      out.states = crowd.states;
      out.transitions = crowd.transitions;
      if (!report.cover) out.depth = crowd.depth;
      out.seconds = crowd.seconds;
      return out;
    }
    return crowd;
  }

  PropertyReport judged(const spec::SpecProperty& property, const Known& known) const {
    if (const auto number = known.breaks_with()) return broken(known, *number);
    PropertyReport out = speaking(known);
    const auto decide = [&out](Verdict verdict, const std::string& reason) {
      out.verdict = verdict;
      out.reason = reason;
      out.applicable = true;
    };
    AnyListeners listeners;
    listeners.from = from_;
    for (const auto& [number, report] : known.with) listeners.checked.push_back(number);
    const std::string apart = spec::tells_listeners_apart(property);
    if (const PropertyReport* open = undecided(known)) {
      decide(open->verdict, open->reason);
    } else if (is_stopped()) {
      decide(Verdict::inconclusive, stopped_by_.empty() ? "another property is violated" : "stopped by " + stopped_by_);
    } else if (!apart.empty()) {
      decide(Verdict::not_understood, "for any number of listeners it is not understood: " + apart);
    } else if (!is_understood()) {
      decide(Verdict::not_understood, "for any number of listeners something is not understood");
    } else if (!is_decided(property, known)) {
      decide_open(known, decide);
    } else {
      listeners.any = out.verdict == Verdict::proved;
    }
    out.listeners = listeners;
    return out;
  }

  template <class Decide>
  void decide_open(const Known& known, const Decide& decide) const {
    const std::string so_far = "it holds with " + numbers(checked_of(known)) + " listeners, but not for any number: ";
    for (const PropertyReport& crowd : known.crowds) {
      if (crowd.verdict == Verdict::violated)
        return decide(Verdict::inconclusive,
                      so_far + "the crowds that stand for the others break it, and they can do more than listeners");
      if (!holds(crowd)) return decide(crowd.verdict, crowd.reason);
    }
    decide(Verdict::inconclusive,
           so_far + "only among crowds of them, which can do more, something happens that it speaks of");
  }

  static std::vector<unsigned> checked_of(const Known& known) {
    std::vector<unsigned> out;
    for (const auto& [number, report] : known.with) out.push_back(number);
    return out;
  }

  Checked merged() {
    CheckReport& report = model_->report;
    report.properties.clear();
    for (const spec::SpecProperty& property : properties_)
      report.properties.push_back(judged(property, known_.at(property.id)));
    report.statistics = statistics_;
    report.seconds_total = seconds_total_;
    report.stopped_by = stopped_by_;
    report.complete = report.complete && stopped_by_.empty();
    std::sort(checked_.begin(), checked_.end());
    report.model.assumptions.push_back(rests_on());
    report.verdict = overall(report.properties);
    if (report.verdict == Verdict::proved && !report.model.not_understood.empty())
      report.verdict = Verdict::not_understood;
    return std::move(*model_);
  }

  std::string rests_on() const {
    const std::string alone = "chains of " + numbers(checked_) + " ideal listener(s) were checked by themselves";
    if (!has_crowds_) return alone + (is_stopped() ? "" : "; longer ones need not be: everything breaks with these");
    if (!is_understood()) return alone + "; longer ones are not understood";
    return alone + ", those of " + std::to_string(watched_from_) +
           " and more all at once: as one that is watched, with any number of others before and behind it "
           "(docs/any-listeners.md)";
  }

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const Subject& subject_;
  const Settings& settings_;
  const Properties& properties_;
  std::map<std::string, Known> known_;
  std::optional<Checked> model_;
  bool has_crowds_ = false;
  unsigned from_ = 0;
  unsigned watched_from_ = 1;  // with so many listeners and more, one of them is watched
  std::vector<unsigned> checked_;
  checker::Statistics statistics_;
  double seconds_total_ = 0;
  std::string stopped_by_;
};

}  // namespace

Result<Checked> check_any_listeners(const Subject& subject, const Settings& settings,
                                    const std::vector<spec::SpecProperty>& properties) {
  return Lengths(subject, settings, properties).run();
}

}  // namespace hotproof::cli
