// What the tests of answers known beforehand share: asking the program, reading its JSON, and knowing the kernel trees
// by the contents of their files.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/run_program.hpp"

namespace hotproof::cli::known {

using Json = nlohmann::json;
using Args = std::vector<std::string>;

inline Args operator+(Args a, const Args& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// The answer in JSON; the exit status must be `exit`.
inline Json ask(const Args& args, int exit) {
  std::string line;
  for (const std::string& arg : args) line += " " + arg;
  CAPTURE(line);
  const Ran ran = run_program(args + Args{"--format", "json"});
  CAPTURE(ran.err);
  CHECK(ran.exit == exit);
  const Json answer = Json::parse(ran.out, nullptr, false);
  REQUIRE(answer.is_object());
  return answer;
}

inline Json property(const Json& report, const std::string& id) {
  for (const Json& candidate : report["properties"]) {
    if (candidate["id"] == id) return candidate;
  }
  FAIL("no such property: ", id);
  return nullptr;
}

inline std::string verdict(const Json& report, const std::string& id) {
  const Json found = property(report, id);
  return found["applicable"] == false ? "not applicable" : found["verdict"].get<std::string>();
}

// Asks for these properties alone. Under --strict the exit status is 1 if one is expected to be violated, else 0.
inline Json expect(const Args& args, const std::map<std::string, std::string>& expected) {
  Args asked = args;
  int exit = 0;
  for (const auto& [id, what] : expected) {
    asked = asked + Args{"--property", id};
    if (what == "violated") exit = 1;
  }
  if (std::find(asked.begin(), asked.end(), "--strict") == asked.end()) asked.push_back("--strict");
  const Json answer = ask(asked, exit);
  for (const auto& [id, what] : expected) {
    CAPTURE(id);
    CHECK(verdict(answer, id) == what);
  }
  return answer;
}

// What is violated, with confidence high, and does not need what no tree does.
inline std::set<std::string> findings(const Json& report) {
  std::set<std::string> out;
  for (const Json& p : report["properties"]) {
    if (p["verdict"] == "violated" && p["confidence"] == "high" && p["latent"] == false) out.insert(p["id"]);
  }
  return out;
}

// Whether some event of the property's run has this name and shows these arguments; "" fits any.
inline bool has_event(const Json& property, const std::string& name, const std::vector<std::string>& shown) {
  for (const Json& step : property["trace"]["steps"]) {
    for (const Json& event : step["events"]) {
      bool fits = event["name"] == name && event["shown"].size() >= shown.size();
      for (std::size_t i = 0; fits && i < shown.size(); ++i) fits = shown[i].empty() || event["shown"][i] == shown[i];
      if (fits) return true;
    }
  }
  return false;
}

// The answer to the claim of this form in the sentence that begins so.
inline Json claim_of(const Json& answer, const std::string& beginning, const std::string& form) {
  for (const Json& claim : answer["claims"])
    if (claim["claim"].get<std::string>().starts_with(beginning) && claim["form"] == form) return claim;
  FAIL("no such claim: " << beginning);
  return {};
}

inline Args edit(const std::string& name) {
  return {"--edit", std::string(HOTPROOF_SOURCE_DIR "/model/scenarios/edits/") + name};
}

// SHA-1 (FIPS 180-4, section 6.1), by which git names contents.
inline std::string sha1(std::string text) {
  std::array<std::uint32_t, 5> h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const std::uint64_t bits = text.size() * 8U;
  text += '\x80';
  while (text.size() % 64 != 56) text += '\0';
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(bits >> static_cast<unsigned>(shift) & 0xffU);
  for (std::size_t at = 0; at < text.size(); at += 64) {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t i = 0; i < 64; ++i) w[i / 4] = w[i / 4] << 8U | static_cast<unsigned char>(text[at + i]);
    for (std::size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = h;
    for (std::size_t i = 0; i < 80; ++i) {
      const std::uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999U
                              : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1U
                              : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcU
                                       : (b ^ c ^ d) + 0xca62c1d6U;
      const std::uint32_t next = std::rotl(a, 5) + f + e + w[i];
      e = std::exchange(d, std::exchange(c, std::rotl(std::exchange(b, std::exchange(a, next)), 30)));
    }
    h = {h[0] + a, h[1] + b, h[2] + c, h[3] + d, h[4] + e};
  }
  std::string out;
  for (const std::uint32_t word : h) {
    for (int shift = 28; shift >= 0; shift -= 4) out += "0123456789abcdef"[word >> static_cast<unsigned>(shift) & 15U];
  }
  return out;
}

inline std::string git_blob(const std::string& path) {
  const std::string text = text_of(path);
  return sha1("blob " + std::to_string(text.size()) + std::string(1, '\0') + text);
}

// The folder of the kernel tree with the contents that the answers were established for; nothing (and a message) if it
// is not there, or if it has moved on.
inline std::optional<std::string> kernel(const std::string& version) {
  static const std::map<std::string, std::map<std::string, std::string>> known = {
      {"5.10",
       {{"drivers/base/memory.c", "49eb14271f28"},
        {"mm/memory_hotplug.c", "553b0705dce8"},
        {"drivers/s390/char/sclp_cmd.c", "f6e97f0830f6"},
        {"include/linux/memory.h", "4da95e684e20"}}},
      {"7.2",
       {{"drivers/base/memory.c", "bcfe2d9f4adb"},
        {"mm/memory_hotplug.c", "8b137328dcf0"},
        {"drivers/s390/char/sclp_mem.c", "6df1926d4c62"},
        {"include/linux/memory.h", "463dc02f6cff"}}},
      {"6.1",
       {{"drivers/base/memory.c", "5d39f3e374da"},
        {"mm/memory_hotplug.c", "1a6cc0161fb7"},
        {"drivers/s390/char/sclp_cmd.c", "15971997cfe2"},
        {"include/linux/memory.h", "aa619464a1df"}}},
      {"6.12",
       {{"drivers/base/memory.c", "889e65378145"},
        {"mm/memory_hotplug.c", "e21f59cf29d9"},
        {"drivers/s390/char/sclp_cmd.c", "f905a6643a0f"},
        {"include/linux/memory.h", "f6109556ed10"}}}};
  const char* folder = std::getenv("HOTPROOF_KERNELS");
  std::string tree = std::string(folder != nullptr ? folder : HOTPROOF_SOURCE_DIR "/.cache/kernels") + "/" + version;
  if (!std::filesystem::exists(tree)) {
    MESSAGE("skipped: no kernel tree ", version);
    return std::nullopt;
  }
  for (const auto& [file, blob] : known.at(version)) {
    if (git_blob(tree + "/" + file).starts_with(blob)) continue;
    MESSAGE("skipped: the tree has moved: ", version, ", ", file);
    return std::nullopt;
  }
  return tree;
}

inline std::optional<std::string> seed() {
  const char* given = std::getenv("HOTPROOF_SEED");
  std::string mail = given != nullptr ? given : HOTPROOF_SOURCE_DIR "/../shared/seed/prepare-online-v2-3of7.txt";
  if (std::filesystem::exists(mail)) return mail;
  MESSAGE("skipped: the mail that introduces MEM_PREPARE_ONLINE is not there");
  return std::nullopt;
}

}  // namespace hotproof::cli::known
