// hotproof export: the transition system for SPIN, Rumur, SMT solvers and readers of graphs.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command export_command();

}  // namespace hotproof::cli
