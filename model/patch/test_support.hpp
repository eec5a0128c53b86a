// What the tests of this folder share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "model/patch/place.hpp"

namespace hotproof::patch {

inline std::optional<std::string> read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

inline std::filesystem::path from_environment(const char* variable, const char* otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr ? std::filesystem::path(value) : std::filesystem::path(HOTPROOF_SOURCE_DIR) / otherwise;
}

// The mail that the project was made for; nothing where it is not at hand.
inline std::optional<std::string> seed_mail() {
  return read_whole(from_environment("HOTPROOF_SEED", "../shared/seed/prepare-online-v2-3of7.txt"));
}

// The kernel tree of that version; nothing where it is not at hand.
inline std::optional<SourceTree> kernel(const char* version) {
  auto tree = SourceTree::open(from_environment("HOTPROOF_KERNELS", ".cache/kernels") / version);
  if (!tree) return std::nullopt;
  return *tree;
}

// Everything from the text of one mail to the patched tree.
inline Outcome<Applied> apply_text(const SourceTree& tree, std::string_view text,
                                   std::vector<Placement>* tried = nullptr) {
  const auto mails = read_mails(text, "t.mail");
  if (!mails) return tl::unexpected(mails.error());
  Applied out{tree, {}};
  for (const Mail& mail : *mails) {
    if (mail.diff.empty()) continue;
    const auto diff = read_diff(mail);
    if (!diff) return tl::unexpected(diff.error());
    auto applied = apply(out.tree, *diff, tried);
    if (!applied) return applied;
    out.tree = applied->tree;
    out.placements.insert(out.placements.end(), applied->placements.begin(), applied->placements.end());
  }
  return out;
}

}  // namespace hotproof::patch
