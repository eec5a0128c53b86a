#include "counterexamples/render/json_parts.hpp"
#include "counterexamples/render/mutate.hpp"

namespace hotproof::render {

using namespace counterexamples;

std::string json(const MutateReport& report) {
  ordered_json counts = ordered_json::object();
  for (std::size_t i = 0; i < fates; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (fate != Fate::equivalent || report.equivalence_asked) counts[std::string(name(fate))] = count(report, fate);
  }
  ordered_json bases = ordered_json::array();
  for (const CheckReport& base : report.bases) bases.push_back(json_of(base));
  ordered_json mutants = ordered_json::array();
  for (const MutantReport& mutant : report.mutants) {
    mutants.push_back({{"id", mutant.id},
                       {"operator", mutant.mutation},
                       {"file", mutant.file},
                       {"function", mutant.function},
                       {"line", mutant.line},
                       {"edit", mutant.edit},
                       {"fate", name(mutant.fate)},
                       {"architecture", mutant.architecture},
                       {"scenario", mutant.scenario},
                       {"by", mutant.by},
                       {"why", mutant.why},
                       {"seconds", mutant.seconds}});
  }
  return written({{"tree", report.tree},
                  {"made", report.made},
                  {"same", report.same},
                  {"interrupted", report.interrupted},
                  {"counts", std::move(counts)},
                  {"mutants", std::move(mutants)},
                  {"bases", std::move(bases)}});
}

}  // namespace hotproof::render
