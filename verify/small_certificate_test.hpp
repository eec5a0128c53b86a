// A certificate made by hand, for the tests of this folder: one actor goes from 0 to 1, adding 1 to x on the way.
#pragma once

#include <string>

#include "verify/sha256.hpp"

namespace hotproof::verify {

inline const std::string small_system =
    "hotproof-system 1\n"
    "mark \"went\"\n"
    "variable v0 \"pc\" width 4 unsigned control initial 0\n"
    "variable v1 \"x\" width 8 unsigned shared initial 0 range 0 3\n"
    "actor a0 \"a\" control v0 initial 0 locations 2 resting 1\n"
    "let e0 = ule v1 1:8\n"
    "let e1 = add v1 1:8\n"
    "property p0 \"low\" invariant high\n"
    "expr e0\n"
    "triggers m0\n"
    "property p1 \"no-deadlock\" deadlock high\n"
    "property p2 \"goes\" cover high\n"
    "reaches m0\n"
    "transition a0 from 0 to 1 guard 1:1\n"
    "update v1 e1\n"
    "hit m0 1:1\n";

// `evidence`: what stands between the system and the end.
inline std::string sealed(const std::string& system, const std::string& evidence) {
  std::string out =
      "hotproof-certificate 1\ntool \"a test\"\nabout \"a small system\"\n"
      "input tree \"mm/a.c\" " +
      sha256("a\n") + "\nnot-covered \"lowering\"\nsystem " + std::to_string(system.size()) + " " + sha256(system) +
      "\n" + system + "\n" + evidence;
  return out + "end " + sha256(out) + "\n";
}

// pc lies in bit 0, x in bits 4 and 5: the states are (0, 0) and (1, 1).
inline const std::string small_states =
    "states all 2 words 1 bytes 3 at 0:0 at 0:4\n" + std::string("\x00\x01\x11", 3) + "\n";
inline const std::string small_evidence = small_states +
                                          "run r0 from 0 0\n"
                                          "steps 0\n"
                                          "claim p0 holds by states all trigger r0\n"
                                          "claim p1 holds by states all\n"
                                          "claim p2 reached by run r0\n";

inline std::string small_certificate() {
  return sealed(small_system, small_evidence);
}

// With a hash at the end that fits what stands before it.
inline std::string sealed_again(const std::string& bytes) {
  const std::size_t end = bytes.rfind("end ");
  if (end == std::string::npos) return bytes;
  return bytes.substr(0, end) + "end " + sha256(bytes.substr(0, end)) + "\n";
}

}  // namespace hotproof::verify
