// What is defined while files are read, and the value of #if expressions under it (C11 6.10.1, with the kernel's
// IS_ENABLED family built in).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/c/ast.hpp"

namespace hotproof::c {

class Definitions {
 public:
  explicit Definitions(std::map<std::string, std::string> configuration);

  // `local`: only for the file being read (a source file's own macros say nothing to other files).
  void define(std::string name, bool function_like, std::string body, bool local);
  void undefine(std::string_view name);
  void forget_local() { local_.clear(); }

  bool is_defined(std::string_view name);
  // The value of an #if expression. Unknown names count 0, calls of unknown macros too; nothing if it is not an
  // expression (the caller reports it) or is too deep.
  std::optional<std::int64_t> value(std::string_view expression);

  // CONFIG_ names that were asked for, with the answer.
  const std::map<std::string, bool>& asked() const { return asked_; }

  struct Definition {
    bool function_like = false;
    std::string body;
  };
  // Null if the name is not defined.
  const Definition* find(std::string_view name);

 private:
  using Table = std::unordered_map<std::string, Definition>;
  Table configured_;
  Table shared_;
  Table local_;
  std::map<std::string, bool> asked_;
};

}  // namespace hotproof::c
