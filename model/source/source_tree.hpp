// A read-only view of a source tree, with patched files laid over it in memory. Nothing is ever written to the tree.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/source/diagnostic.hpp"

namespace hotproof {

// One file's text as the model sees it.
struct SourceFile {
  std::string path;  // relative to the tree's root, with '/'
  std::string text;
  std::set<std::uint32_t> added_lines;    // lines (from 1) of `text` that a patch added
  std::vector<std::uint32_t> removed_at;  // lines of `text` before which a patch removed something
};

class SourceTree {
 public:
  // A folder. Error: not a folder, or not readable.
  static Outcome<SourceTree> open(const std::filesystem::path& root);
  // Texts in memory by path (the reference model, tests). `name` is what messages call the tree.
  static SourceTree in_memory(std::string name, std::map<std::string, std::string> files);

  // The text of a file, overlay first; null if there is none. Paths that leave the tree, and files over 64 MiB, are
  // treated as absent. The pointer stays valid as long as any copy of this tree; reading is not thread-safe.
  std::shared_ptr<const SourceFile> read(std::string_view path) const;
  bool exists(std::string_view path) const { return read(path) != nullptr; }

  // Regular files directly inside `folder` (relative), sorted; overlay files included.
  std::vector<std::string> list(std::string_view folder) const;

  // A copy of this tree in which the file's text is replaced (or the file is new).
  SourceTree with(SourceFile file) const;
  // A copy in which the file does not exist.
  SourceTree without(std::string_view path) const;
  // The overlaid paths.
  std::vector<std::string> changed() const;

  const std::string& name() const { return name_; }

 private:
  SourceTree() = default;
  std::string name_;
  std::filesystem::path root_;  // empty: in memory only
  std::map<std::string, std::shared_ptr<const SourceFile>, std::less<>> overlay_;  // null: removed
  std::shared_ptr<std::map<std::string, std::shared_ptr<const SourceFile>, std::less<>>> cache_;
};

// True if `path` is relative, has no "..", no empty and no "." component, and no NUL or control character.
bool stays_inside(std::string_view path);

}  // namespace hotproof
