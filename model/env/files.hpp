// Which files of a kernel tree take part, and the configuration that decides their #if.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/c/program.hpp"

namespace hotproof::env {

// arch: "x86_64" or "s390x". Sources first, then headers; files that the tree does not have are left out.
std::vector<std::string> model_files(const SourceTree& tree, std::string_view arch);

// A file in which the tree may register a listener of memory.
struct ListenerFile {
  std::string path;
  bool platform = false;  // the architecture's own, without which its memory does not come online
  bool built = true;      // as the configuration has it
  bool only_added = false;  // only what a patch registers there
};

// Those that the tree has: the architecture's own; with `core` those of core mm, and what a patch changes. Core mm's stand in the order in which the kernel links them.
std::vector<ListenerFile> listener_files(const SourceTree& tree, std::string_view arch, bool core,
                                         const c::Configuration& configuration);

// Headers that only the listeners of core mm need.
std::vector<std::string> listener_headers(const SourceTree& tree);

// What is on beside default_configuration where core mm's listeners take part.
void configure_listeners(std::string_view arch, c::Configuration& configuration);

// What a distribution's kernel for the architecture has on, as far as the files of model_files ask.
c::Configuration default_configuration(std::string_view arch);

}  // namespace hotproof::env
