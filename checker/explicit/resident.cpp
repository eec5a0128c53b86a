#include "checker/explicit/resident.hpp"

#include <unistd.h>

#include <fstream>

namespace hotproof::checker::explicit_state {

Resident resident_memory() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0, resident = 0, of_files = 0;
  statm >> all >> resident >> of_files;
  if (!statm) return {};
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return {(resident - of_files) * page, of_files * page};
}

}  // namespace hotproof::checker::explicit_state
