#include "checker/export/export.hpp"

#include <algorithm>
#include <array>

#include "model/ir/text.hpp"

namespace hotproof::checker::exports {

namespace {

Outcome<std::string> own_text(const ir::TransitionSystem& system, const Request&) {
  return ir::write(system);
}

constexpr std::array<Format, 7> table = {{
    {"promela", "a model for SPIN", promela},
    {"murphi", "a model for Rumur", murphi},
    {"smt2", "functions for SMT solvers", smt_lib},
    {"dot", "the state graph for Graphviz", graphviz},
    {"graphml", "the state graph as GraphML", graphml},
    {"aut", "the state graph for CADP and mCRL2", aldebaran},
    {"system", "the transition system in hotproof's own text form", own_text},
}};

}  // namespace

std::span<const Format> formats() {
  return table;
}

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Format& format) { return name == format.name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace hotproof::checker::exports
