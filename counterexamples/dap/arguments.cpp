#include "counterexamples/dap/arguments.hpp"

#include <limits>

#include "counterexamples/render/terminal.hpp"

namespace hotproof::dap {

using Json = nlohmann::json;

std::int64_t number_in(const Json& arguments, const char* name) {
  const auto found = arguments.is_object() ? arguments.find(name) : arguments.end();
  if (!arguments.is_object() || found == arguments.end()) throw Refusal{"'" + std::string(name) + "' is missing"};
  const bool fits =
      found->is_number_integer() &&
      !(found->is_number_unsigned() && found->get<std::uint64_t>() > std::numeric_limits<std::int32_t>::max());
  if (!fits || found->get<std::int64_t>() < std::numeric_limits<std::int32_t>::min())
    throw Refusal{"'" + std::string(name) + "' is no number that means anything"};
  return found->get<std::int64_t>();
}

std::int64_t number_in(const Json& arguments, const char* name, std::int64_t otherwise) {
  return arguments.is_object() && arguments.contains(name) ? number_in(arguments, name) : otherwise;
}

std::string text_in(const Json& arguments, const char* name) {
  const auto found = arguments.is_object() ? arguments.find(name) : arguments.end();
  if (!arguments.is_object() || found == arguments.end() || !found->is_string())
    throw Refusal{"'" + std::string(name) + "' is missing, or no text"};
  return found->get<std::string>();
}

std::string shown(std::string_view text) {
  constexpr std::size_t most = 500;
  return render::cut(render::safe(text, true), most, true);
}

}  // namespace hotproof::dap
