// What the process has in memory now, in bytes; all 0 if the system does not say.
#pragma once

#include <cstdint>

namespace hotproof::checker::explicit_state {

struct Resident {
  std::uint64_t own = 0;
  std::uint64_t of_files = 0;  // mapped pages of files, which the system may take back
};
Resident resident_memory();

}  // namespace hotproof::checker::explicit_state
