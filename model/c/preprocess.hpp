// The first same-length pass over a file: comments, directives and regions that an #if leaves out become blanks, so
// that every byte that stays keeps its line and column. Macro definitions are collected on the way.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/c/ast.hpp"
#include "model/c/conditions.hpp"

namespace hotproof::c {

struct Preprocessed {
  std::string text;           // as long as the input
  std::vector<Macro> macros;  // in the order of their #define; spans without line and column
  struct Problem {
    std::uint32_t offset;
    std::string message;
  };
  std::vector<Problem> problems;
};

// `on_include` gets what stands between the delimiters of each active #include, before the text that follows is read.
// `local` is handed to Definitions::define.
Preprocessed preprocess(std::string_view text, Definitions& definitions, bool local,
                        const std::function<void(std::string_view)>& on_include);

// Only blanks comments: for fragments that have no directives.
std::string without_comments(std::string_view text);

}  // namespace hotproof::c
