// Whether orders of a function's steps are safe: all properties hold that hold of the function as it is written.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "checker/orders/sequences.hpp"
#include "cli/console.hpp"
#include "cli/series_sets.hpp"
#include "cli/step_orders.hpp"

namespace hotproof::cli {

class StepJudge {
 public:
  // Checks the function as it is written, and made again from its steps in their own order, which must answer the same.
  // `properties` must outlive the judge.
  static Result<std::unique_ptr<StepJudge>> create(FunctionSteps read,
                                                   const std::vector<spec::SpecProperty>& properties);

  const patch::Steps& steps() const { return steps_; }
  const counterexamples::CheckReport& as_written() const { return as_written_->base(); }
  std::size_t checked() const { return checked_; }  // models
  // Why nothing can be asked any more: an interrupt, or an internal error.
  const std::optional<Failure>& failure() const { return failure_; }

  // A run that violates something and ends inside the function shows how long a beginning of the order it takes: what
  // the function runs is the same in every order that starts so, ways out included. Where the run goes on behind the
  // function, the beginning is checked by itself, with the rest of the function cut off.
  orders::Asked ask(const orders::Sequence& order);

  struct Shown {
    Obstacle found;
    std::optional<counterexamples::PropertyReport> violated;  // of several the one with the shortest run, for people
  };
  Shown show(const orders::Sequence& order);

 private:
  StepJudge(FunctionSteps read, const std::vector<spec::SpecProperty>& properties)
      : subject_(std::move(read.subject)),
        settings_(std::move(read.settings)),
        steps_(std::move(read.steps)),
        properties_(properties) {}

  Result<bool> prepare();
  Result<bool> rebuilds_as_written();
  Result<std::shared_ptr<const Checked>> judged(const orders::Sequence& order, SeriesJudge& judge);
  orders::Asked look_at(const orders::Sequence& order);
  std::size_t beginning(const orders::Sequence& order, const counterexamples::CheckReport& report);
  bool is_enough(const orders::Sequence& beginning);

  struct Reach {
    std::size_t places = 0;  // of the order, that the run comes to
    bool leaves = false;     // somebody who was inside the function does something outside it
  };
  Reach reach(const std::vector<std::uint32_t>& lines, const counterexamples::Trace& trace) const;

  Subject subject_;
  Settings settings_;
  patch::Steps steps_;
  const std::vector<spec::SpecProperty>& properties_;
  std::vector<spec::SpecProperty> judged_;  // of these, what holds as written
  std::vector<spec::SpecProperty> early_;   // of these, what a beginning can break
  std::optional<SeriesJudge> as_written_;
  std::optional<SeriesJudge> whole_;  // the first violation ends it
  std::optional<SeriesJudge> shown_;  // the same, with runs for people
  std::optional<SeriesJudge> beginnings_;
  std::map<orders::Sequence, orders::Asked> known_;
  std::size_t checked_ = 0;
  std::optional<Failure> failure_;
  ProgressLine line_;
};

}  // namespace hotproof::cli
