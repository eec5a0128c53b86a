// The files that a certificate names by their hashes: with another hash, or with another file, it is not accepted, even
// if its own hash was made to fit again.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "verify/program_main.hpp"
#include "verify/sha256.hpp"
#include "verify/small_certificate_test.hpp"

namespace hotproof::verify {

namespace {

namespace fs = std::filesystem;

struct Named {
  std::string kind, path, text;
};

// A tree, a patch and a rule in a folder of their own, and a certificate that names them.
struct Folder {
  fs::path root = fs::temp_directory_path() / ("hotproof-inputs-" + std::to_string(::getpid()));
  std::vector<Named> inputs;

  Folder() {
    for (const char* name :
         {"mm/memory_hotplug.c", "mm/page_alloc.c", "drivers/base/memory.c", "include/linux/memory.h"})
      inputs.push_back({"tree", name, std::string("/* ") + name + " */\n"});
    inputs.push_back({"patch", (root / "a.patch").string(), "a patch\n"});
    inputs.push_back({"spec", (root / "a.spec").string(), "a rule\n"});
    for (const Named& input : inputs) write(input, input.text);
  }
  ~Folder() { fs::remove_all(root); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path file(const Named& input) const {
    return input.kind == "tree" ? root / "tree" / input.path : fs::path(input.path);
  }
  void write(const Named& input, const std::string& text) const {
    fs::create_directories(file(input).parent_path());
    std::ofstream(file(input), std::ios::binary) << text;
  }

  std::vector<std::string> hashes() const {
    std::vector<std::string> out;
    for (const Named& input : inputs) out.push_back(sha256(input.text));
    return out;
  }
  // Whole and sealed, with these hashes of the inputs and this one of the system.
  std::string certificate(const std::vector<std::string>& hashes, const std::string& system_hash) const {
    std::string bytes = small_certificate();
    bytes.replace(bytes.find(sha256(small_system)), 64, system_hash);
    const std::size_t at = bytes.find("input "), end = bytes.find('\n', at) + 1;
    std::string lines;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      lines += "input " + inputs[i].kind + " \"" + inputs[i].path + "\" " + hashes[i] + "\n";
    bytes.replace(at, end - at, lines);
    return sealed_again(bytes);
  }

  // The exit status of the program, whose words go nowhere.
  int status(const std::string& bytes) const {
    const std::string path = (root / "proof.cert").string(), tree = (root / "tree").string();
    std::ofstream(path, std::ios::binary) << bytes;
    const char* const words[] = {"hotproof-verify", "--tree", tree.c_str(), "--inputs", "--threads", "1", path.c_str()};
    int kept[2];
    for (const int stream : {1, 2}) {
      std::fflush(stream == 1 ? stdout : stderr);
      kept[stream - 1] = ::dup(stream);
    }
    REQUIRE(std::freopen("/dev/null", "w", stdout) != nullptr);
    REQUIRE(std::freopen("/dev/null", "w", stderr) != nullptr);
    const int out = run(7, words);
    for (const int stream : {1, 2}) {
      std::fflush(stream == 1 ? stdout : stderr);
      ::dup2(kept[stream - 1], stream);
      ::close(kept[stream - 1]);
    }
    return out;
  }
};

}  // namespace

TEST_CASE("hashes of inputs that are exchanged, changed or another file's are rejected") {
  const Folder folder;
  const std::vector<std::string> right = folder.hashes();
  const std::string system = sha256(small_system);
  const std::size_t count = right.size();
  CHECK(folder.status(folder.certificate(right, system)) == 0);
  int swapped = 0, changed = 0, other_file = 0;
  const auto rejected = [&](const std::vector<std::string>& hashes, const std::string& system_hash, int& counter) {
    const std::string bytes = folder.certificate(hashes, system_hash);
    const int sealed = folder.status(bytes);
    CHECK((sealed == 1 || sealed == 2));
    ++counter;
  };
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < count; ++k) {
      std::vector<std::string> hashes = right;
      if (i < k) {
        std::swap(hashes[i], hashes[k]);
        rejected(hashes, system, swapped);
      }
      hashes = right;
      hashes[i] = hashes[k];
      if (i != k) rejected(hashes, system, swapped);  // one of them twice
    }
    std::vector<std::string> hashes = right;
    std::string system_hash = system;
    std::swap(hashes[i], system_hash);
    rejected(hashes, system_hash, swapped);
    hashes = right;
    hashes[i] = system;
    rejected(hashes, system, swapped);
    // Each digit, made another one.
    for (std::size_t digit = 0; digit < 64; ++digit) {
      hashes = right;
      char& c = hashes[i][digit];
      c = c == 'f' ? '0' : c == '9' ? 'a' : static_cast<char>(c + 1);
      rejected(hashes, system, changed);
    }
    // Each byte of the file, another one; a byte less; one more.
    const Named& input = folder.inputs[i];
    for (std::size_t at = 0; at <= input.text.size() + 1; ++at) {
      std::string text = input.text;
      if (at < text.size())
        text[at] = static_cast<char>(text[at] ^ 1);
      else if (at == text.size())
        text.pop_back();
      else
        text += '\n';
      folder.write(input, text);
      rejected(right, system, other_file);
    }
    folder.write(input, input.text);
  }
  for (std::size_t digit = 0; digit < 64; ++digit) {
    std::string hash = system;
    hash[digit] = hash[digit] == '0' ? '1' : '0';
    rejected(right, hash, changed);
  }
  // And without a hash at the end that fits.
  for (std::size_t i = 0; i < count; ++i) {
    std::string bytes = folder.certificate(right, system);
    bytes.replace(bytes.find(right[i]), 64, right[(i + 1) % count]);
    const int damaged = folder.status(bytes);
    CHECK((damaged == 1 || damaged == 2));
    ++swapped;
  }
  CHECK(swapped >= 60);
  CHECK(changed >= 400);
  CHECK(other_file >= 100);
  CHECK(folder.status(folder.certificate(right, system)) == 0);
}

TEST_CASE("two hundred pairs of files with exchanged hashes are all rejected") {
  const Folder folder;
  const std::string system = sha256(small_system);
  // Each time, other contents: what lies there now is what the other file's hash speaks of.
  int swapped = 0;
  for (int round = 0; swapped < 200; ++round) {
    std::vector<std::string> right;
    for (std::size_t i = 0; i < folder.inputs.size(); ++i) {
      const std::string text = folder.inputs[i].text + std::to_string(round * 10 + static_cast<int>(i)) + "\n";
      folder.write(folder.inputs[i], text);
      right.push_back(sha256(text));
    }
    CHECK(folder.status(folder.certificate(right, system)) == 0);
    for (std::size_t i = 0; i < right.size(); ++i)
      for (std::size_t k = 0; k < i; ++k) {
        std::vector<std::string> hashes = right;
        std::swap(hashes[i], hashes[k]);
        CHECK(folder.status(folder.certificate(hashes, system)) == 1);
        ++swapped;
      }
  }
}

}  // namespace hotproof::verify
