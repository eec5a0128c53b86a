// Text files that the build puts into the program, so that it needs no data folder beside it.
#pragma once

#include <span>
#include <string_view>

namespace hotproof::embedded {

struct File {
  std::string_view path;  // relative to the project's root, as in "model/env/locks.c"
  std::string_view text;
};

std::span<const File> env();   // model/env, model/reference, model/scenarios
std::span<const File> spec();  // specs/*.spec
std::span<const File> html();  // script and style of counterexamples/render/html

// Of the file with that path; empty if there is none.
inline std::string_view text_of(std::span<const File> files, std::string_view path) {
  for (const File& file : files)
    if (file.path == path) return file.text;
  return {};
}

}  // namespace hotproof::embedded
