// The main of every test program. What rapidcheck tries is the same on every run, so that a test fails for what was
// changed and for nothing else; `./dev fuzz` gives other seeds (RC_PARAMS="seed=N").
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>

int main(int argc, char** argv) {
  constexpr int keep_what_is_set = 0;
  setenv("RC_PARAMS", "seed=1", keep_what_is_set);
  return doctest::Context(argc, argv).run();
}
