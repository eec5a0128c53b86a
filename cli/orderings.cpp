#include "cli/orderings.hpp"

#include <algorithm>
#include <set>

#include "checker/orders/constraints.hpp"
#include "cli/console.hpp"
#include "cli/step_judge.hpp"
#include "counterexamples/orderings_report.hpp"
#include "counterexamples/render/orderings.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using orders::Answer;
using orders::Pairs;
using orders::Sequence;

// Models, where the user set no limit.
constexpr std::size_t most_models = 500;

class Search {
 public:
  static Result<OrderingsReport> run(const Settings& settings, const std::string& function) {
    const auto properties = chosen_properties(settings);
    if (!properties) return tl::unexpected(properties.error());
    auto read = read_steps(settings, function, *properties);
    if (!read) return tl::unexpected(read.error());
    // Names are looked up before anything is checked.
    Search search(settings, read->steps);
    if (const auto chosen = search.choose(); !chosen) return tl::unexpected(chosen.error());
    auto judge = StepJudge::create(std::move(*read), *properties);
    if (!judge) return tl::unexpected(judge.error());
    search.judge_ = std::move(*judge);
    search.out_.as_written = search.judge_->as_written();
    search.look();
    if (search.judge_->failure()) return tl::unexpected(*search.judge_->failure());
    search.out_.checked = search.judge_->checked();
    return std::move(search.out_);
  }

 private:
  Search(const Settings& settings, patch::Steps steps) : settings_(settings), steps_(std::move(steps)) {
    describe_steps();
  }

  void describe_steps() {
    out_.function = steps_.function;
    out_.file = steps_.file;
    for (std::size_t j = 0; j < steps_.steps.size(); ++j) {
      const patch::Step& step = steps_.steps[j];
      StepReport report{step.name, step.line, !step.exits.empty(), step.undo_name, step.undo_line, {}};
      for (const patch::Step& other : steps_.steps)
        for (const patch::StepExit& exit : other.exits)
          if (exit.forgets.contains(j) && !exit.succeeds) report.forgotten_at.push_back(exit.line);
      out_.steps.push_back(std::move(report));
    }
  }

  unsigned things() const { return static_cast<unsigned>(steps_.steps.size()); }

  // ---- what the user names ----

  Result<bool> choose() {
    if (!settings_.step.empty()) {
      const auto step = step_named(settings_.step);
      if (!step) return tl::unexpected(step.error());
      out_.step = *step;
    }
    for (std::size_t at = 0; at < settings_.steps.size();) {
      const std::size_t end = std::min(settings_.steps.find(',', at), settings_.steps.size());
      const auto step = step_named(settings_.steps.substr(at, end - at));
      if (!step) return tl::unexpected(step.error());
      moving_.insert(static_cast<unsigned>(*step));
      at = end + 1;
    }
    out_.moving.assign(moving_.begin(), moving_.end());
    given_ = steps_.data;
    if (moving_.empty()) {
      for (unsigned step = 0; step < things(); ++step) moving_.insert(step);
      return true;
    }
    std::optional<unsigned> last;
    for (unsigned step = 0; step < things(); ++step) {
      if (moving_.contains(step)) continue;
      if (last) given_.emplace_back(*last, step);
      last = step;
    }
    return true;
  }

  Result<std::size_t> step_named(const std::string& name) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < steps_.steps.size(); ++i) {
      const std::string& full = steps_.steps[i].name;
      if (full == name || std::to_string(i + 1) == name) return i;
      if (full.find(name) != std::string::npos) found.push_back(i);
    }
    if (found.size() == 1 && !name.empty()) return found.front();
    std::string names;
    for (const patch::Step& step : steps_.steps) names += (names.empty() ? "" : ", ") + step.name;
    return usage_error({{},
                        steps_.function + (found.empty() ? " has no step '" : " has more than one step '") + name + "'",
                        "steps: " + names});
  }

  void look() {
    if (out_.step) return look_at_one();
    out_.all = true;
    out_.possible = orders::count_orders(things(), given_);
    out_.most = settings_.most > 0 ? static_cast<std::size_t>(settings_.most) : most_models;
    move_each();
    if (judge_->failure()) return;
    out_.expected = orders::count_orders(things(), shown_pairs());
    if (out_.expected <= out_.most && judge_->checked() <= out_.most) look_at_all();
    if (!out_.whole && !judge_->failure()) keep_moves();
  }

  // ---- one step after the other, the others staying as they are ----

  // What stops a step on its way.
  struct Stop {
    unsigned before = 0;
    unsigned after = 0;
    bool given = false;
    Sequence order;
  };

  void move_each() {
    for (const unsigned step : moving_) {
      MoveReport move{step, step, step, false};
      while (move.earliest > 0 && shift(step, move.earliest, move.earliest - 1, move)) --move.earliest;
      while (move.latest + 1 < things() && shift(step, move.latest, move.latest + 1, move)) ++move.latest;
      out_.moves.push_back(move);
    }
  }

  // Whether the step may stand at `to`; it may at `from`, beside it.
  bool shift(unsigned step, std::size_t from, std::size_t to, MoveReport& move) {
    Sequence order = steps_.posted();
    std::erase(order, step);
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(to), step);
    const unsigned passed = order[to < from ? to + 1 : to - 1];
    Stop stop{to < from ? passed : step, to < from ? step : passed, false, order};
    if (!steps_.is_possible(order)) {
      stop.given = true;
      stops_.push_back(std::move(stop));
      return false;
    }
    const Answer answer = judge_->checked() > out_.most ? Answer::unknown : judge_->ask(order).answer;
    if (answer == Answer::broken) stops_.push_back(std::move(stop));
    if (answer == Answer::unknown) move.unknown = true;
    return answer == Answer::safe;
  }

  Pairs shown_pairs() const {
    Pairs out = given_;
    for (const Stop& stop : stops_) out.emplace_back(stop.before, stop.after);
    return out;
  }

  // The search did not fit: what the moves have shown is what there is.
  void keep_moves() {
    out_.one_at_a_time = true;
    out_.safe = 0;
    out_.safe_orders.clear();
    std::set<std::pair<unsigned, unsigned>> seen;
    for (const Stop& stop : stops_) {
      if (!seen.emplace(stop.before, stop.after).second) continue;
      PrecedenceReport report;
      report.before = stop.before;
      report.after = stop.after;
      report.given = stop.given;
      if (!stop.given) show(report, stop.order);
      out_.precedences.push_back(std::move(report));
    }
    draw({seen.begin(), seen.end()}, {seen.begin(), seen.end()});
  }

  // ---- all orders ----

  void look_at_all() {
    const auto found = orders::find_sequences(
        things(), given_, [this](const Sequence& order) { return judge_->ask(order); },
        [this] { return judge_->failure().has_value() || judge_->checked() > out_.most; });
    if (!found.whole) return;
    out_.whole = true;
    out_.safe = found.safe.size();
    out_.unknown = found.unknown;
    for (const Sequence& order : found.safe) out_.safe_orders.emplace_back(order.begin(), order.end());
    const Pairs all = found.precedences();
    const Pairs needed = orders::reduced(things(), all);
    out_.partial_order = orders::count_orders(things(), all) == out_.safe && found.unknown == 0;
    for (const auto& pair : all) add_precedence(pair, needed, found.safe);
    draw(all, needed);
  }

  void add_precedence(const std::pair<unsigned, unsigned>& pair, const Pairs& needed,
                      const std::vector<Sequence>& safe) {
    if (!moving_.contains(pair.first) && !moving_.contains(pair.second)) return;
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
    const auto before = static_cast<unsigned>(report.before);
    const auto after = static_cast<unsigned>(report.after);
    std::optional<Sequence> best;
    for (const Sequence& order : safe) {
      const auto at = std::find(order.begin(), order.end(), before);
      if (at + 1 == order.end() || *(at + 1) != after) continue;
      if (!best || orders::moves(order) < orders::moves(*best)) best = order;
    }
    Sequence order = best.value_or(steps_.posted());
    std::erase(order, after);
    order.insert(std::find(order.begin(), order.end(), before), after);
    if (steps_.is_possible(order)) show(report, order);
  }

  void show(PrecedenceReport& report, const Sequence& order) {
    const StepJudge::Shown shown = judge_->show(order);
    report.order.assign(order.begin(), order.end());
    report.why = shown.found.why;
    report.violated = shown.violated;
  }

  void draw(const Pairs& all, const Pairs& needed) {
    if (things() > orders::most_things) return;
    orders::Constraints constraints;
    constraints.precedences = all;
    for (const auto& [before, after] : needed)
      constraints.needed.push_back({orders::Set{1} << after, orders::Set{1} << before});
    std::vector<std::string> names;
    for (const StepReport& step : out_.steps) names.push_back(step.name);
    out_.dot = orders::dot(constraints, names);
  }

  // ---- one step ----

  void look_at_one() {
    const auto step = static_cast<unsigned>(*out_.step);
    Sequence others = steps_.posted();
    std::erase(others, step);
    for (std::size_t place = 0; place <= others.size() && !judge_->failure(); ++place) {
      Sequence order = others;
      order.insert(order.begin() + static_cast<std::ptrdiff_t>(place), step);
      out_.positions.push_back(position(place, order));
    }
  }

  PositionReport position(std::size_t place, const Sequence& order) {
    PositionReport report;
    report.place = place;
    report.as_written = place == *out_.step;
    report.possible = steps_.is_possible(order);
    if (!report.possible) {
      report.why = "a local value that one computes and the other uses";
      return report;
    }
    const StepJudge::Shown shown = judge_->show(order);
    report.safe = shown.found.kind == Obstacle::Kind::none;
    report.unknown = shown.found.kind == Obstacle::Kind::undecided;
    report.why = shown.found.why;
    report.violated = shown.violated;
    return report;
  }

  const Settings& settings_;
  const patch::Steps steps_;
  std::unique_ptr<StepJudge> judge_;
  std::set<unsigned> moving_;  // steps that change places
  Pairs given_;                // what no order has the other way round
  std::vector<Stop> stops_;
  OrderingsReport out_;
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
      "respect, each with a run of what happens the other way round, and how many orders are safe. Where there are "
      "too\n"
      "many for --most, each step is moved by itself instead, and that is said. With --steps: only these change "
      "places.\n"
      "With --step: every place where that one step may stand, the others staying as they are. Without --tree,\n"
      "functions of the embedded reference model, after the change that it comes with.",
      "  hotproof orderings memory_block_online\n"
      "  hotproof orderings memory_block_online --tree ~/linux --arch s390x\n"
      "  hotproof orderings memory_block_offline --tree ~/linux --step mem_hotplug_done\n"
      "  hotproof orderings offline_pages --tree ~/linux --steps lru_cache_enable,zone_pcp_enable\n"
      "  hotproof orderings memory_block_online --dot | dot -Tsvg -o steps.svg",
      joined({names_option("The function"), model_options(), step_options(), search_options(), specs_option(),
              strict_option("Latent violations make an order unsafe, too"), output_options()}),
      run_orderings,
  };
}

}  // namespace hotproof::cli
