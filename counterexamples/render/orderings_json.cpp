#include "counterexamples/render/json_parts.hpp"
#include "counterexamples/render/orderings.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

ordered_json of(const std::optional<PropertyReport>& property) {
  return property ? json_of(*property) : ordered_json(nullptr);
}

ordered_json of(const StepReport& step) {
  return {{"name", step.name}, {"line", step.line},           {"may_fail", step.may_fail},
          {"undo", step.undo}, {"undo_line", step.undo_line}, {"forgotten_at", step.forgotten_at}};
}

ordered_json of(const PrecedenceReport& precedence) {
  return {{"before", precedence.before},        {"after", precedence.after}, {"given", precedence.given},
          {"follows", precedence.follows},      {"why", precedence.why},     {"order", precedence.order},
          {"violated", of(precedence.violated)}};
}

ordered_json of(const PositionReport& position) {
  return {{"place", position.place},          {"as_written", position.as_written},
          {"possible", position.possible},    {"safe", position.safe},
          {"unknown", position.unknown},      {"why", position.why},
          {"violated", of(position.violated)}};
}

ordered_json of(const MoveReport& move) {
  return {{"step", move.step}, {"earliest", move.earliest}, {"latest", move.latest}, {"unknown", move.unknown}};
}

template <class Reports>
ordered_json all_of(const Reports& reports) {
  ordered_json out = ordered_json::array();
  for (const auto& report : reports) out.push_back(of(report));
  return out;
}

}  // namespace

std::string json(const OrderingsReport& report) {
  return written({{"function", report.function},
                  {"file", report.file},
                  {"steps", all_of(report.steps)},
                  {"all", report.all},
                  {"whole", report.whole},
                  {"one_at_a_time", report.one_at_a_time},
                  {"moving", report.moving},
                  {"moves", all_of(report.moves)},
                  {"possible", report.possible},
                  {"expected", report.expected},
                  {"safe", report.safe},
                  {"unknown", report.unknown},
                  {"checked", report.checked},
                  {"precedences", all_of(report.precedences)},
                  {"partial_order", report.partial_order},
                  {"safe_orders", report.safe_orders},
                  {"dot", report.dot},
                  {"step", report.step ? ordered_json(*report.step) : ordered_json(nullptr)},
                  {"positions", all_of(report.positions)},
                  {"as_written", json_of(report.as_written)}});
}

}  // namespace hotproof::render
