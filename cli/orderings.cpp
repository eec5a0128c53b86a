#include "cli/orderings.hpp"

#include <algorithm>
#include <set>

#include "checker/orders/constraints.hpp"
#include "checker/orders/sequences.hpp"
#include "cli/console.hpp"
#include "cli/series_sets.hpp"
#include "cli/step_orders.hpp"
#include "counterexamples/orderings_report.hpp"
#include "counterexamples/render/orderings.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using orders::Answer;
using orders::Sequence;

// For one order, where the user set no limit: some orders count something without end.
constexpr double most_seconds = 30;

struct Position {
  std::size_t place = 0;
  Sequence order;
};

// What a beginning cannot tell: that something is reached, and that nobody waits for ever.
bool beginnings_can_break(const spec::SpecProperty& property) {
  return property.kind != ir::PropertyKind::cover && property.kind != ir::PropertyKind::deadlock;
}

class Search {
 public:
  static Result<OrderingsReport> run(const Settings& settings, const std::string& function) {
    const auto properties = chosen_properties(settings);
    if (!properties) return tl::unexpected(properties.error());
    auto read = read_steps(settings, function, *properties);
    if (!read) return tl::unexpected(read.error());
    Search search(std::move(*read), *properties);
    if (const auto ready = search.prepare(); !ready) return tl::unexpected(ready.error());
    if (settings.step.empty())
      search.look_at_all();
    else if (const auto chosen = search.look_at_one(settings.step); !chosen)
      return tl::unexpected(chosen.error());
    if (search.failure_) return tl::unexpected(*search.failure_);
    return std::move(search.out_);
  }

 private:
  Search(FunctionSteps read, const std::vector<spec::SpecProperty>& properties)
      : subject_(std::move(read.subject)),
        settings_(std::move(read.settings)),
        steps_(std::move(read.steps)),
        properties_(properties) {}

  Result<bool> prepare() {
    describe_steps();
    if (auto made = make_judges(); !made) return made;
    return rebuilds_as_written();
  }

  // What is violated as written says nothing about orders; of the rest, the first violation is enough.
  Result<bool> make_judges() {
    auto as_written = SeriesJudge::create(subject_, settings_, properties_);
    if (!as_written) return tl::unexpected(as_written.error());
    as_written_.emplace(std::move(*as_written));
    out_.as_written = as_written_->base();
    for (const spec::SpecProperty& property : properties_) {
      const PropertyReport* found = find(out_.as_written, property.id);
      if (found != nullptr && found->verdict == Verdict::violated) continue;
      judged_.push_back(property);
      if (beginnings_can_break(property)) early_.push_back(property);
    }
    Settings settings = settings_;
    settings.first_violation_ends = true;
    if (settings.time_limit == 0) settings.time_limit = most_seconds;
    if (auto made = make(shown_, settings, judged_); !made) return made;
    settings.plainest_runs = false;
    if (auto made = make(whole_, settings, judged_); !made) return made;
    return make(beginnings_, settings, early_);
  }

  Result<bool> make(std::optional<SeriesJudge>& judge, const Settings& settings,
                    const std::vector<spec::SpecProperty>& properties) {
    auto made = SeriesJudge::create(subject_, settings, properties);
    if (!made) return tl::unexpected(made.error());
    judge.emplace(std::move(*made));
    return true;
  }

  void describe_steps() {
    out_.function = steps_.function;
    out_.file = steps_.file;
    for (std::size_t j = 0; j < steps_.steps.size(); ++j) {
      const patch::Step& step = steps_.steps[j];
      StepReport report{step.name, step.line, !step.exits.empty(), step.undo_name, step.undo_line, {}};
      for (const patch::Step& other : steps_.steps)
        for (const patch::StepExit& exit : other.exits)
          if (exit.forgets.contains(j)) report.forgotten_at.push_back(exit.line);
      out_.steps.push_back(std::move(report));
    }
  }

  // The function made again from its steps, in their own order, must be what it was.
  Result<bool> rebuilds_as_written() {
    const auto again = judged(steps_.posted(), *as_written_);
    if (!again) return tl::unexpected(again.error());
    for (const PropertyReport& property : (*again)->report.properties) {
      const PropertyReport* old = find(out_.as_written, property.id);
      const bool run = property.verdict == Verdict::violated || property.cover;
      if (old != nullptr && old->verdict == property.verdict && (!run || old->depth == property.depth)) continue;
      return tl::unexpected(Failure{
          {{steps_.file, steps_.steps.front().line, 0},
           steps_.function + " made again from its steps is not what it was (" + property.id + " answers otherwise)",
           ""},
          Exit::not_understood});
    }
    return true;
  }

  // ---- checking ----

  Result<std::shared_ptr<const Checked>> judged(const Sequence& order, SeriesJudge& judge) {
    const auto made = with_edit(subject_, in_order(steps_, order), settings_.architecture);
    if (!made) return tl::unexpected(made.error());
    const auto found = judge.judge(*made);
    if (!found) return tl::unexpected(found.error());
    if (!found->known) line_.show("orders of steps", {0, ++out_.checked, 0, 0});
    if (found->checked->report.stopped_by == "interrupted")
      return tl::unexpected(Failure{{{}, "interrupted", ""}, Exit::interrupted});
    return found->checked;
  }

  Answer ask(const Sequence& order) {
    if (failure_) return Answer::unknown;
    const bool complete = order.size() == steps_.steps.size();
    SeriesJudge& judge = complete ? *whole_ : *beginnings_;
    const auto checked = judged(order, judge);
    if (!checked) {
      failure_ = checked.error();
      return Answer::unknown;
    }
    const Obstacle found = against(judge.base(), (*checked)->report, settings_.strict);
    if (found.kind == Obstacle::Kind::verdict) return Answer::broken;
    return found.kind == Obstacle::Kind::none ? Answer::safe : Answer::unknown;
  }

  // ---- all orders ----

  void look_at_all() {
    const auto things = static_cast<unsigned>(steps_.steps.size());
    const auto found = orders::find_sequences(
        things, steps_.data, [this](const Sequence& order) { return ask(order); },
        [this] { return failure_.has_value(); });
    if (failure_) return;
    out_.all = true;
    out_.whole = found.whole;
    out_.possible = found.possible;
    out_.safe = found.safe.size();
    out_.unknown = found.unknown;
    for (const Sequence& order : found.safe) out_.safe_orders.emplace_back(order.begin(), order.end());
    const auto all = found.precedences();
    const auto needed = orders::reduced(things, all);
    out_.partial_order = orders::count_orders(things, all) == out_.safe && found.unknown == 0;
    for (const auto& pair : all) add_precedence(pair, needed, found.safe);
    draw(all, needed);
  }

  void add_precedence(const std::pair<unsigned, unsigned>& pair,
                      const std::vector<std::pair<unsigned, unsigned>>& needed, const std::vector<Sequence>& safe) {
    PrecedenceReport report;
    report.before = pair.first;
    report.after = pair.second;
    report.given = std::find(steps_.data.begin(), steps_.data.end(), pair) != steps_.data.end();
    report.follows = std::find(needed.begin(), needed.end(), pair) == needed.end();
    if (!report.given && !report.follows) explain(report, safe);
    out_.precedences.push_back(std::move(report));
  }

  // The safe order nearest to the one as written in which the two stand side by side shows best what exchanging them
  // does; else the second is put directly before the first.
  void explain(PrecedenceReport& report, const std::vector<Sequence>& safe) {
    const Sequence written = steps_.posted();
    const auto before = static_cast<unsigned>(report.before);
    const auto after = static_cast<unsigned>(report.after);
    std::optional<Sequence> best;
    for (const Sequence& order : safe) {
      const auto at = std::find(order.begin(), order.end(), before);
      if (at + 1 == order.end() || *(at + 1) != after) continue;
      if (!best || orders::moves(order) < orders::moves(*best)) best = order;
    }
    Sequence order = best.value_or(written);
    std::erase(order, after);
    order.insert(std::find(order.begin(), order.end(), before), after);
    if (!steps_.is_possible(order)) return;
    report.order.assign(order.begin(), order.end());
    const auto checked = judged(order, *shown_);
    if (!checked) {
      failure_ = checked.error();
      return;
    }
    report.why = against(shown_->base(), (*checked)->report, settings_.strict).why;
    report.violated = broken_by((*checked)->report);
  }

  // Of several violations the one with the shortest run.
  std::optional<PropertyReport> broken_by(const CheckReport& report) const {
    const PropertyReport* best = nullptr;
    for (const PropertyReport& property : report.properties) {
      if (property.verdict != Verdict::violated || (property.latent() && !settings_.strict)) continue;
      const bool shorter =
          best == nullptr || (property.cover != best->cover ? best->cover : property.depth < best->depth);
      if (shorter) best = &property;
    }
    return best == nullptr ? std::nullopt : std::optional<PropertyReport>(*best);
  }

  void draw(const std::vector<std::pair<unsigned, unsigned>>& all,
            const std::vector<std::pair<unsigned, unsigned>>& needed) {
    orders::Constraints constraints;
    constraints.precedences = all;
    for (const auto& [before, after] : needed)
      constraints.needed.push_back({orders::Set{1} << after, orders::Set{1} << before});
    std::vector<std::string> names;
    for (const StepReport& step : out_.steps) names.push_back(step.name);
    out_.dot = orders::dot(constraints, names);
  }

  // ---- one step ----

  Result<bool> look_at_one(const std::string& name) {
    const auto step = step_named(name);
    if (!step) return tl::unexpected(step.error());
    out_.step = *step;
    Sequence others = steps_.posted();
    std::erase(others, static_cast<unsigned>(*step));
    for (std::size_t place = 0; place <= others.size() && !failure_; ++place) {
      Sequence order = others;
      order.insert(order.begin() + static_cast<std::ptrdiff_t>(place), static_cast<unsigned>(*step));
      add_position({place, std::move(order)});
    }
    return true;
  }

  void add_position(const Position& at) {
    PositionReport report;
    report.place = at.place;
    report.as_written = at.place == *out_.step;
    report.possible = steps_.is_possible(at.order);
    if (!report.possible) {
      report.why = "a local value that one computes and the other uses";
      out_.positions.push_back(std::move(report));
      return;
    }
    const auto checked = judged(at.order, *shown_);
    if (!checked) {
      failure_ = checked.error();
      return;
    }
    const Obstacle found = against(shown_->base(), (*checked)->report, settings_.strict);
    report.safe = found.kind == Obstacle::Kind::none;
    report.unknown = found.kind == Obstacle::Kind::undecided;
    report.why = found.why;
    report.violated = broken_by((*checked)->report);
    out_.positions.push_back(std::move(report));
  }

  Result<std::size_t> step_named(const std::string& name) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < steps_.steps.size(); ++i) {
      const std::string& full = steps_.steps[i].name;
      if (full == name || std::to_string(i + 1) == name) return i;
      if (full.find(name) != std::string::npos) found.push_back(i);
    }
    if (found.size() == 1) return found.front();
    std::string names;
    for (const patch::Step& step : steps_.steps) names += (names.empty() ? "" : ", ") + step.name;
    return usage_error({{},
                        steps_.function + (found.empty() ? " has no step '" : " has more than one step '") + name + "'",
                        "steps: " + names});
  }

  Subject subject_;
  Settings settings_;
  patch::Steps steps_;
  const std::vector<spec::SpecProperty>& properties_;
  std::vector<spec::SpecProperty> judged_;  // of these, what holds as written
  std::vector<spec::SpecProperty> early_;   // of these, what a beginning can break
  std::optional<SeriesJudge> as_written_;
  std::optional<SeriesJudge> whole_;       // of whole orders
  std::optional<SeriesJudge> shown_;       // the same, with runs for people
  std::optional<SeriesJudge> beginnings_;  // of beginnings
  OrderingsReport out_;
  std::optional<Failure> failure_;
  ProgressLine line_;
};

int run_orderings(const Settings& settings) {
  if (settings.names.size() != 1)
    return fail({{{}, "orderings takes the name of one function", "see hotproof orderings --help"}, Exit::usage});
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  watch_for_interrupt();
  const auto report = Search::run(settings, settings.names.front());
  if (!report) return fail(report.error());
  const std::string text = settings.dot                      ? report->dot
                           : settings.format == Format::json ? render::json(*report)
                                                             : render::text(*report, style_for(settings));
  const auto written = output->write(text);
  if (!written) return fail(written.error());
  return exit_code(*report);
}

}  // namespace

Command orderings_command() {
  return {
      "orderings",
      "Which orders of a function's steps are safe, and why",
      "Takes the steps of a function (statements that the model sees something of, with what undoes them on the error\n"
      "paths) and puts them in every other order; error paths follow the new order, last first. An order is safe if "
      "all\n"
      "properties hold that hold of the function as it is written. Printed are the precedences that all safe orders\n"
      "respect, each with a run of what happens the other way round, and how many orders are safe. With --step: every\n"
      "place where that one step may stand, the others staying as they are. Without --tree, functions of the embedded\n"
      "reference model, after the change that it comes with.",
      "  hotproof orderings memory_block_online\n"
      "  hotproof orderings memory_block_online --tree ~/linux --arch s390x\n"
      "  hotproof orderings memory_block_offline --tree ~/linux --step mem_hotplug_done\n"
      "  hotproof orderings memory_block_online --dot | dot -Tsvg -o steps.svg",
      joined({names_option("The function"), model_options(), step_options(), search_options(), specs_option(),
              strict_option("Latent violations make an order unsafe, too"), output_options()}),
      run_orderings,
  };
}

}  // namespace hotproof::cli
