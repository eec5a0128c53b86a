#include "model/scenarios/requests.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "specs/lang/vocabulary.hpp"

namespace hotproof::scenarios {

TEST_CASE("requests: properties know each by the same name and number") {
  std::map<std::string, int> names;
  for (const RequestKind& kind : request_kinds()) {
    std::string name(kind.name);
    std::replace(name.begin(), name.end(), '-', '_');
    names[name] = kind.number;
  }
  names["memory_failure"] = static_cast<int>(memory_failure);
  for (const char* event : {"request", "returned"}) {
    std::map<std::string, int> words;
    for (const spec::NamedValue& word : spec::find_event(event)->parameters[2].words)
      words[std::string(word.word)] = word.value;
    CHECK(words == names);
  }
}

TEST_CASE("requests: blocks come and go if somebody adds or removes them") {
  CHECK(!add_or_remove({}));
  CHECK(!add_or_remove(usual_requests(false)));
  CHECK(!add_or_remove({"online-movable", "auto-online", "nonsense"}));
  CHECK(add_or_remove(usual_requests(true)));
  CHECK(add_or_remove({"online", "acpi-remove"}));
  CHECK(add_or_remove({"all"}));
}

}  // namespace hotproof::scenarios
