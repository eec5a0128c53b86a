#include "model/source/source_tree.hpp"

#include <algorithm>
#include <fstream>

namespace hotproof {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_file = 64U << 20U;

// Symbolic links may point anywhere; only what resolves to below the root is part of the tree.
bool resolves_inside(const fs::path& root, const fs::path& file) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error) return false;
  const auto [end, ignored] = std::mismatch(root.begin(), root.end(), real.begin(), real.end());
  return end == root.end();
}

}  // namespace

bool stays_inside(std::string_view path) {
  if (path.empty() || path.front() == '/') return false;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (std::any_of(part.begin(), part.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '\\'; }))
      return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

Outcome<SourceTree> SourceTree::open(const fs::path& root) {
  std::error_code error;
  if (!fs::is_directory(root, error)) return failure({root.string()}, "not a folder", "--tree names a source tree");
  SourceTree tree;
  tree.name_ = root.string();
  tree.root_ = fs::canonical(root, error);
  if (error) return failure({root.string()}, "cannot be read: " + error.message());
  tree.cache_ = std::make_shared<std::map<std::string, std::shared_ptr<const SourceFile>, std::less<>>>();
  return tree;
}

SourceTree SourceTree::in_memory(std::string name, std::map<std::string, std::string> files) {
  SourceTree tree;
  tree.name_ = std::move(name);
  tree.cache_ = std::make_shared<std::map<std::string, std::shared_ptr<const SourceFile>, std::less<>>>();
  for (auto& [path, text] : files)
    tree.overlay_[path] = std::make_shared<SourceFile>(SourceFile{path, std::move(text), {}, {}});
  return tree;
}

std::shared_ptr<const SourceFile> SourceTree::read(std::string_view path) const {
  if (const auto found = overlay_.find(path); found != overlay_.end()) return found->second;
  if (root_.empty() || !stays_inside(path)) return nullptr;
  if (const auto found = cache_->find(path); found != cache_->end()) return found->second;

  std::shared_ptr<const SourceFile> file;
  const fs::path full = root_ / path;
  std::error_code error;
  if (fs::is_regular_file(full, error) && fs::file_size(full, error) <= largest_file && resolves_inside(root_, full)) {
    if (std::ifstream in(full, std::ios::binary); in) {
      std::string text{std::istreambuf_iterator<char>(in), {}};
      file = std::make_shared<SourceFile>(SourceFile{std::string(path), std::move(text), {}, {}});
    }
  }
  cache_->emplace(path, file);
  return file;
}

std::vector<std::string> SourceTree::list(std::string_view folder) const {
  std::set<std::string> names;
  const std::string prefix = std::string(folder) + "/";
  std::error_code error;
  if (!root_.empty() && stays_inside(folder)) {
    for (fs::directory_iterator it(root_ / folder, error), end; !error && it != end; it.increment(error))
      if (it->is_regular_file(error)) names.insert(prefix + it->path().filename().string());
  }
  for (const auto& [path, file] : overlay_) {
    if (path.compare(0, prefix.size(), prefix) != 0 || path.find('/', prefix.size()) != std::string::npos) continue;
    if (file) names.insert(path);
    else names.erase(path);
  }
  return {names.begin(), names.end()};
}

SourceTree SourceTree::with(SourceFile file) const {
  SourceTree copy = *this;
  const std::string path = file.path;
  copy.overlay_[path] = std::make_shared<SourceFile>(std::move(file));
  return copy;
}

SourceTree SourceTree::without(std::string_view path) const {
  SourceTree copy = *this;
  copy.overlay_[std::string(path)] = nullptr;
  return copy;
}

std::vector<std::string> SourceTree::changed() const {
  std::vector<std::string> out;
  for (const auto& [path, file] : overlay_) out.push_back(path);
  return out;
}

}  // namespace hotproof
