// Properties as text. docs/specs.md has the grammar and examples; instrument.hpp makes observers of them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::spec {

struct Form;  // ast.hpp

// One property of a file, checked against the vocabulary but not yet against a system.
struct SpecProperty {
  std::string id;    // "memmap-after-accessible"
  std::string says;  // one sentence
  std::string origin;
  ir::Confidence confidence = ir::Confidence::high;
  ir::PropertyKind kind = ir::PropertyKind::invariant;  // a rule is of kind `assertion`
  bool temporal = false;  // of form ltl: no property of single states or steps, and `kind` says nothing
  bool speaks = false;                                  // a rule with `speaks`: lines of its own are a trigger
  std::string form_text;                                // the form and the triggers as written, for people
  Place place;                                          // of the word `property`
  std::string needs;                       // a base of paths, "hot_add": without it the property does not apply
  std::vector<std::string> watched_calls;  // functions whose calls or returns it names, sorted: lower::Options
  std::vector<std::string> constants;      // constants of the tree that it names, sorted: lower::Options
  std::shared_ptr<const Form> form;
};

// Most temporal operators a formula may have, and most operators and atoms in all.
inline constexpr std::size_t most_temporal = 10;
inline constexpr std::size_t most_formula_nodes = 200;

// Most bytes a file may have, and most nodes an expression may have once its definitions are put in.
inline constexpr std::size_t most_bytes = std::size_t{4} << 20U;
inline constexpr std::size_t most_nodes = 10'000;

// The properties of one file in their order. `file` is what messages call it. The first error ends the reading; it has
// line, column (both from 1, columns in bytes) and, where a known word is near, the hint to use that.
Outcome<std::vector<SpecProperty>> parse(std::string_view text, const std::string& file);

// The properties that the program carries (specs/*.spec), by file name and then in their order. Ids are unique.
Outcome<std::vector<SpecProperty>> library();

// Those of `properties` whose ids are listed, in the order of `properties`; all of them if no id is listed. An id that
// is not there is an error with the nearest one as hint.
Outcome<std::vector<SpecProperty>> select(const std::vector<SpecProperty>& properties,
                                          std::span<const std::string> ids);

// What lowering has to watch for these properties; sorted, each once.
std::vector<std::string> watched_calls(std::span<const SpecProperty> properties);
std::vector<std::string> constants(std::span<const SpecProperty> properties);

}  // namespace hotproof::spec
