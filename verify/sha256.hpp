// SHA-256 (FIPS 180-4), so that the verifier needs nothing but itself.
#pragma once

#include <string>
#include <string_view>

namespace hotproof::verify {

// 64 hexadecimal digits, in lower case.
std::string sha256(std::string_view bytes);

}  // namespace hotproof::verify
