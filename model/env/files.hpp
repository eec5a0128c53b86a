// Which files of a kernel tree take part, and the configuration that decides their #if.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/c/program.hpp"

namespace hotproof::env {

// arch: "x86_64" or "s390x". Sources first, then headers; files that the tree does not have are left out.
std::vector<std::string> model_files(const SourceTree& tree, std::string_view arch);

// What a distribution's kernel for the architecture has on, as far as the files of model_files ask.
c::Configuration default_configuration(std::string_view arch);

}  // namespace hotproof::env
