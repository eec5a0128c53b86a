#include <algorithm>
#include <map>
#include <set>

#include "model/source/embedded.hpp"
#include "specs/lang/spec.hpp"
#include "specs/lang/vocabulary.hpp"

namespace hotproof::spec {

namespace {

std::vector<std::string> collect(std::span<const SpecProperty> properties,
                                 std::vector<std::string> SpecProperty::*names) {
  std::set<std::string> out;
  for (const SpecProperty& property : properties) out.insert((property.*names).begin(), (property.*names).end());
  return {out.begin(), out.end()};
}

}  // namespace

Outcome<std::vector<SpecProperty>> library() {
  std::map<std::string_view, std::string_view> files;
  for (const embedded::File& file : embedded::spec())
    if (file.path.ends_with(".spec")) files[file.path] = file.text;
  std::vector<SpecProperty> out;
  std::set<std::string> ids;
  for (const auto& [path, text] : files) {
    auto properties = parse(text, std::string(path));
    if (!properties) return tl::unexpected(properties.error());
    for (SpecProperty& property : *properties) {
      if (!ids.insert(property.id).second)
        return failure(property.place, "property '" + property.id + "' stands in two files");
      out.push_back(std::move(property));
    }
  }
  return out;
}

Outcome<std::vector<SpecProperty>> select(const std::vector<SpecProperty>& properties,
                                          std::span<const std::string> ids) {
  if (ids.empty()) return properties;
  std::vector<std::string_view> known;
  for (const SpecProperty& property : properties) known.push_back(property.id);
  for (const std::string& id : ids)
    if (std::ranges::find(known, id) == known.end())
      return failure({}, "no property is called '" + id + "'", suggestion(id, known));
  std::vector<SpecProperty> out;
  for (const SpecProperty& property : properties)
    if (std::ranges::find(ids, property.id) != ids.end()) out.push_back(property);
  return out;
}

std::vector<std::string> watched_calls(std::span<const SpecProperty> properties) {
  return collect(properties, &SpecProperty::watched_calls);
}

std::vector<std::string> constants(std::span<const SpecProperty> properties) {
  return collect(properties, &SpecProperty::constants);
}

}  // namespace hotproof::spec
