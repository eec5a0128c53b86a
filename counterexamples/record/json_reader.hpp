// Reads values out of JSON that anybody may have written: each mistake is one sentence with its place in the text.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/source/diagnostic.hpp"

namespace hotproof::counterexamples {

// Line and column, from 1, of the value that a path of names and numbers leads to; of the nearest thing around it that is
// there, if it is not.
struct TextPlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};
TextPlace place_in_json(const std::string& text, const std::vector<std::string>& path);

// Thrown within a reader, and caught where it begins.
struct JsonMistake {
  std::vector<std::string> path;
  std::string what;
};

// A value and the way to it.
class JsonValue {
 public:
  using Json = nlohmann::json;
  JsonValue(const Json& json, std::vector<std::string> path) : json_(&json), path_(std::move(path)) {}

  [[noreturn]] void wrong(const std::string& what) const { throw JsonMistake{path_, what}; }

  bool is_null() const { return json_->is_null(); }
  bool has(const char* name) const { return json_->is_object() && json_->contains(name); }
  JsonValue operator[](const char* name) const {
    if (!json_->is_object()) wrong("an object is wanted here");
    const auto found = json_->find(name);
    if (found == json_->end()) wrong("'" + std::string(name) + "' is missing");
    return {*found, with(name)};
  }
  std::vector<JsonValue> items(std::size_t most) const {
    if (!json_->is_array()) wrong("a list is wanted here");
    if (json_->size() > most) wrong("a list of over " + std::to_string(most) + " entries");
    std::vector<JsonValue> out;
    for (std::size_t i = 0; i < json_->size(); ++i) out.emplace_back((*json_)[i], with(std::to_string(i)));
    return out;
  }
  std::string text() const {
    if (!json_->is_string()) wrong("a text is wanted here");
    return json_->get<std::string>();
  }
  bool truth() const {
    if (!json_->is_boolean()) wrong("true or false is wanted here");
    return json_->get<bool>();
  }
  std::uint64_t number(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const {
    if (!json_->is_number_unsigned()) wrong("a number, 0 or more, is wanted here");
    const auto value = json_->get<std::uint64_t>();
    if (value > most) wrong("a number over " + std::to_string(most));
    return value;
  }
  std::uint32_t small() const {
    return static_cast<std::uint32_t>(number(std::numeric_limits<std::uint32_t>::max()));
  }
  std::int64_t integer() const {
    if (!json_->is_number_integer()) wrong("a whole number is wanted here");
    if (json_->is_number_unsigned()) number(static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    return json_->get<std::int64_t>();
  }
  // One of some words, by its place in the list.
  template <class Word>
  Word one_of(const std::vector<std::pair<std::string_view, Word>>& words) const {
    const std::string given = text();
    std::string known;
    for (const auto& [name, word] : words) {
      if (name == given) return word;
      known += (known.empty() ? "" : ", ") + std::string(name);
    }
    wrong("one of these is wanted here: " + known);
  }

 private:
  std::vector<std::string> with(const std::string& name) const {
    std::vector<std::string> out = path_;
    out.push_back(name);
    return out;
  }
  const Json* json_;
  std::vector<std::string> path_;
};

}  // namespace hotproof::counterexamples
