// explain: where was the last chance, and what would have prevented it?
#include <algorithm>
#include <charconv>
#include <set>

#include "cli/lesson_grade.hpp"
#include "cli/lesson_steps.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::cli {

namespace {

using counterexamples::PreventionReport;
using counterexamples::Trace;
using counterexamples::TraceChoice;

using Candidates = std::vector<Riddle::Candidate>;

// By words, once each: one choice may be taken several times.
void add(Candidates& out, const Trace& trace, const PreventionReport& what, bool prevents) {
  const std::string text = render::prevention_in_words(trace, what);
  const auto same = std::find_if(out.begin(), out.end(), [&text](const Riddle::Candidate& c) { return c.text == text; });
  if (same == out.end()) out.push_back({text, prevents, what.first});
  else same->prevents |= prevents;
}

bool is_listed(const counterexamples::Why& why, PreventionReport::Kind kind, const Trace& trace, std::size_t step) {
  return std::any_of(why.prevented_by.begin(), why.prevented_by.end(), [&](const PreventionReport& p) {
    if (p.kind != kind) return false;
    return kind == PreventionReport::Kind::actor ? trace.steps[p.first].actor == trace.steps[step].actor : p.first == step;
  });
}

// What others do between two steps of one actor that follow each other. That nobody else moves there prevents the
// violation if one of the shortest stretches of which that is true lies within.
void add_interruptions(Candidates& out, const Trace& trace, const counterexamples::Why& why) {
  std::set<std::string> done;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    const auto next = std::find_if(trace.steps.begin() + static_cast<std::ptrdiff_t>(i) + 1, trace.steps.end(),
                                   [&](const auto& step) { return step.actor == trace.steps[i].actor; });
    const auto j = static_cast<std::size_t>(next - trace.steps.begin());
    if (next == trace.steps.end() || j == i + 1) continue;
    const bool prevents = std::any_of(why.prevented_by.begin(), why.prevented_by.end(), [&](const PreventionReport& p) {
      return p.kind == PreventionReport::Kind::together && trace.steps[p.first].actor == trace.steps[i].actor &&
             i <= p.first && p.last <= j;
    });
    add(out, trace, {PreventionReport::Kind::together, i, j}, prevents);
  }
}

Candidates candidates_of(const Trace& trace, const counterexamples::Why& why) {
  Candidates out;
  for (std::size_t i = 0; i < trace.steps.size(); ++i)
    if (trace.steps[i].choice != TraceChoice::none)
      add(out, trace, {PreventionReport::Kind::choice, i, i}, is_listed(why, PreventionReport::Kind::choice, trace, i));
  std::set<std::string> actors;
  for (std::size_t i = 0; i < trace.steps.size(); ++i)
    if (trace.steps[i].actor != trace.steps.back().actor && actors.insert(trace.steps[i].actor).second)
      add(out, trace, {PreventionReport::Kind::actor, i, i}, is_listed(why, PreventionReport::Kind::actor, trace, i));
  add_interruptions(out, trace, why);
  for (const PreventionReport& known : why.prevented_by) add(out, trace, known, true);
  // In the order of the run, so that nothing but the run tells which they are.
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return out;
}

// An answer: "no-return 12" or "no-return none", and "prevents 1 3" or "prevents none"; '#' goes to the line's end.
struct Explanation {
  std::optional<std::size_t> no_return;  // 0: none
  std::optional<std::set<std::size_t>> prevents;
};

class ExplanationReader {
 public:
  explicit ExplanationReader(const Answer& answer) : answer_(answer) {}

  Result<Explanation> read(std::size_t steps, std::size_t candidates) {
    std::uint32_t number = 0;
    for (std::size_t at = 0; at < answer_.text.size();) {
      const std::size_t end = std::min(answer_.text.find('\n', at), answer_.text.size());
      ++number;
      line_ = std::string_view(answer_.text).substr(at, end - at);
      line_ = line_.substr(0, line_.find('#'));
      at_ = 0;
      at = end + 1;
      if (auto problem = read_line(number, steps, candidates)) return usage_error(*problem);
    }
    const Place whole{answer_.file, 0, 0};
    if (!out_.no_return) return usage_error({whole, "the answer does not say 'no-return'", "no-return STEP, or no-return none"});
    if (!out_.prevents) return usage_error({whole, "the answer does not say 'prevents'", "prevents 1 3, or prevents none"});
    return std::move(out_);
  }

 private:
  std::string_view word() {
    at_ = std::min(line_.find_first_not_of(" \t\r,", at_), line_.size());
    start_ = at_;
    at_ = std::min(line_.find_first_of(" \t\r,", at_), line_.size());
    return line_.substr(start_, at_ - start_);
  }
  Diagnostic wrong(std::uint32_t number, const std::string& message, const std::string& hint = {}) const {
    return {{answer_.file, number, static_cast<std::uint32_t>(start_ + 1)}, message, hint};
  }
  std::optional<std::size_t> number_up_to(std::string_view text, std::size_t most) const {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
    return whole && value >= 1 && value <= most ? std::optional(value) : std::nullopt;
  }

  std::optional<Diagnostic> read_line(std::uint32_t number, std::size_t steps, std::size_t candidates) {
    const std::string_view first = word();
    if (first.empty()) return std::nullopt;
    if (first == "no-return") {
      if (out_.no_return) return wrong(number, "a second 'no-return'");
      const std::string_view value = word();
      const auto step = number_up_to(value, steps);
      if (!step && value != "none") return wrong(number, "here stands a step, 1 to " + std::to_string(steps) + ", or 'none'");
      out_.no_return = step.value_or(0);
      if (!word().empty()) return wrong(number, "one step is the last chance, not several");
      return std::nullopt;
    }
    if (first != "prevents") return wrong(number, "an answer has lines 'no-return' and 'prevents'");
    if (out_.prevents) return wrong(number, "a second 'prevents'");
    out_.prevents.emplace();
    for (std::string_view value = word(); !value.empty(); value = word()) {
      if (value == "none") continue;
      const auto thing = number_up_to(value, candidates);
      if (!thing) return wrong(number, "here stands one of the list, 1 to " + std::to_string(candidates) + ", or 'none'");
      out_.prevents->insert(*thing);
    }
    return std::nullopt;
  }

  const Answer& answer_;
  Explanation out_;
  std::string_view line_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

std::vector<Finding> mistakes(const Riddle& riddle, const Explanation& answer) {
  std::vector<Finding> out;
  const std::size_t right = riddle.property.why->no_return ? *riddle.property.why->no_return + 1 : 0;
  if (*answer.no_return != right) {
    const std::string step = std::to_string(*answer.no_return);
    const bool late = right == 0 || *answer.no_return > right;
    const std::string text = *answer.no_return == 0 ? "some step was the last chance: before it, the violation could be avoided"
                             : late ? "before step " + step + " nothing could avoid the violation any more"
                                    : "after step " + step + " the violation could still be avoided";
    out.push_back({"no-return", "", text});
  }
  // How many, not which: the learner looks again.
  std::size_t missing = 0;
  std::size_t superfluous = 0;
  for (std::size_t i = 0; i < riddle.candidates.size(); ++i) {
    const bool said = answer.prevents->contains(i + 1);
    missing += riddle.candidates[i].prevents && !said ? 1 : 0;
    superfluous += !riddle.candidates[i].prevents && said ? 1 : 0;
  }
  const auto things = [](std::size_t count) { return std::to_string(count) + (count == 1 ? " thing" : " things"); };
  if (missing > 0) out.push_back({"missing", "", things(missing) + " that would have prevented it too"});
  if (superfluous > 0)
    out.push_back({"superfluous", "", things(superfluous) + " of those named would not have prevented it: there is a run without"});
  return out;
}

}  // namespace

Result<Riddle> riddle_of(const lessons::Unit& unit) {
  const auto subject = lesson_subject(unit);
  if (!subject) return tl::unexpected(subject.error());
  const auto properties = chosen_by(unit);
  if (!properties) return tl::unexpected(properties.error());
  const auto model = lesson_model(unit, subject->start, *properties);
  if (!model) return tl::unexpected(model.error());
  if (!model->not_understood.empty())
    return usage_error({{unit.file, 0, 0}, "the unit's program is not understood: " + to_string(model->not_understood.front()), ""});
  auto verdicts = lesson_verdicts(*model, *properties, true);
  if (!verdicts) return tl::unexpected(verdicts.error());
  counterexamples::PropertyReport& property = verdicts->front();
  if (!property.trace || !property.why)
    return usage_error({unit.property_places.front(), "no run violates " + property.id + ", so there is nothing to explain", ""});
  if (!property.why->unknown.empty())
    return tl::unexpected(Failure{{unit.property_places.front(), "why it is violated is not known: " + property.why->unknown, ""}, Exit::undecided});
  Riddle out;
  out.candidates = candidates_of(*property.trace, *property.why);
  out.property = std::move(property);
  return out;
}

std::string shown(const Riddle& riddle, const render::Style& style) {
  const Trace& trace = *riddle.property.trace;
  std::size_t names = 0;
  for (const auto& step : trace.steps) names = std::max(names, step.actor.size());
  std::string out = "A run that violates " + riddle.property.id + ":\n";
  for (std::size_t i = 0; i < trace.steps.size(); ++i) out += step_line(trace.steps[i], i + 1, names, style) + "\n";
  if (!riddle.property.reason.empty()) out += "  => " + render::safe(riddle.property.reason, style.utf8) + "\n";
  out += "\nWhich of these would have prevented it?\n";
  for (std::size_t i = 0; i < riddle.candidates.size(); ++i) {
    const auto lines = render::filled(render::safe(riddle.candidates[i].text, style.utf8), style.width - 6);
    for (std::size_t k = 0; k < lines.size(); ++k)
      out += (k == 0 ? render::padded(std::to_string(i + 1), 4, true) + "  " : "      ") + lines[k] + "\n";
  }
  return out;
}

Result<Grade> grade_explain(const lessons::Unit& unit, const Answer& answer, const render::Style& style) {
  auto riddle = riddle_of(unit);
  if (!riddle) return tl::unexpected(riddle.error());
  const auto explanation = ExplanationReader(answer).read(riddle->property.trace->steps.size(), riddle->candidates.size());
  if (!explanation) return tl::unexpected(explanation.error());
  Grade out;
  out.findings = mistakes(*riddle, *explanation);
  if (!out.passed()) return out;
  for (const std::string& sentence : render::why_in_words(*riddle->property.trace, *riddle->property.why))
    for (std::string& line : render::filled(render::safe(sentence, style.utf8), style.width)) out.said.push_back(std::move(line));
  return out;
}

}  // namespace hotproof::cli
