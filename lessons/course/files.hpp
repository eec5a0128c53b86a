// The files of the course, as the program carries them.
#pragma once

#include "model/source/embedded.hpp"

namespace hotproof::embedded {

std::span<const File> lessons();  // lessons/*.lesson, lessons/prelude.h

}  // namespace hotproof::embedded
