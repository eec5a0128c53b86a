#include "counterexamples/render/compare.hpp"
#include "counterexamples/render/json_parts.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

ordered_json version_of(const ComparedVersion& version) {
  return {{"title", version.title},
          {"tree", version.tree},
          {"scenario", version.scenario},
          {"states", version.states},
          {"transitions", version.transitions},
          {"seconds", version.seconds},
          {"stopped_by", version.stopped_by},
          {"not_understood", json_of(version.not_understood)},
          {"assumptions", version.assumptions}};
}

ordered_json run_of(const ComparedRun& run) {
  ordered_json happens = ordered_json::array();
  for (const ComparedRun::Happens& one : run.happens) happens.push_back({{"what", one.what}, {"step", one.step}});
  return {{"happens", std::move(happens)}, {"trace", json_of(run.trace)}};
}

ordered_json difference_of(const DifferenceReport& difference) {
  return {{"kind", name(difference.kind)},
          {"only", difference.only_new ? "new" : "old"},
          {"common", difference.common},
          {"last", difference.last},
          {"instead", difference.instead},
          {"goes_on", difference.goes_on},
          {difference.only_new ? "new" : "old", run_of(difference.can)},
          {difference.only_new ? "old" : "new", run_of(difference.cannot)}};
}

ordered_json differences_of(const std::vector<DifferenceReport>& all) {
  ordered_json out = ordered_json::array();
  for (const DifferenceReport& difference : all) out.push_back(difference_of(difference));
  return out;
}

}  // namespace

std::string json(const CompareReport& report) {
  ordered_json differences = differences_of(report.differences);
  ordered_json lock_differences = differences_of(report.lock_differences);
  ordered_json held = ordered_json::array();
  for (const HeldReport& one : report.held) {
    held.push_back({{"lock", one.lock},
                    {"mode", one.write ? "write" : "read"},
                    {"held", one.now_held ? "new" : "old"},
                    {"when", one.when}});
  }
  return written({{"answer", answer_of(report)},
                  {"why", report.why},
                  {"title", report.title},
                  {"architecture", report.architecture},
                  {"old", version_of(report.old_version)},
                  {"new", version_of(report.new_version)},
                  {"differences", std::move(differences)},
                  {"held", std::move(held)},
                  {"extra_old", report.extra_old},
                  {"extra_new", report.extra_new},
                  {"longer_old", report.longer_old},
                  {"longer_new", report.longer_new},
                  {"locks", name(report.locks)},
                  {"lock_differences", std::move(lock_differences)},
                  {"bisimulation", report.bisimulation},
                  {"bisimilar", report.bisimilar},
                  {"observed", report.observed},
                  {"hidden", report.hidden},
                  {"faults_only_old", report.only_old},
                  {"faults_only_new", report.only_new},
                  {"placement", json_of(report.placement)},
                  {"changed_lines", json_of(report.lines)},
                  {"rests_on", report.rests_on},
                  {"classes", report.classes},
                  {"seconds_total", report.seconds_total}});
}

}  // namespace hotproof::render
