#include "model/source/diagnostic.hpp"

namespace hotproof {

std::string to_string(const Place& place) {
  std::string out = place.file;
  if (place.line != 0) out += ":" + std::to_string(place.line);
  if (place.line != 0 && place.column != 0) out += ":" + std::to_string(place.column);
  return out;
}

std::string to_string(const Diagnostic& diagnostic) {
  std::string out = to_string(diagnostic.place);
  if (!out.empty()) out += ": ";
  out += diagnostic.message;
  if (!diagnostic.hint.empty()) out += " (" + diagnostic.hint + ")";
  return out;
}

}  // namespace hotproof
