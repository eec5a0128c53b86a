#include "model/c/count.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hotproof::c;

TEST_CASE("calls are counted as C would make them") {
  const auto is_type = [](std::string_view name) { return name == "u64"; };
  const std::pair<const char*, std::uint32_t> cases[] = {
      {"{ f(); }", 1},
      {"{ f(g(x), h()); }", 3},
      {"{ if (a) while (b) for (;;) switch (c) { } return (x); }", 0},
      {"{ sizeof(x); _Alignof(int); typeof(f(x)) y; asm volatile(\"x\" : : \"r\"(f(x))); }", 0},
      {"{ p->f(x); p.f(x); a[1](x); (*p)(x); guard(m)(&l); }", 6},
      {"{ (u64)(x); (struct a *)(x); (unsigned long)(x); (name)(x); }", 1},
      {"{ int (*f)(int); struct a *(*g)(void); foo (*h)(void); }", 0},
      {"{ for_each_x(a, b) f(a); scoped_guard(m, &l) { } }", 3},
      {"{ \"f(x)\"; '('; f(\"a\\\"b(\"); }", 1},
      {"{ static DEFINE_MUTEX(x); return f(x); }", 2},
      {"{ int y __aligned(8); struct a *p __free(kfree) = f(); }", 1},
      {"{ if (a) (void)f(x); }", 1},
      {"", 0},
      {"{ ((((", 0},
      {"{ f(", 1},
  };
  for (const auto& [text, calls] : cases) CHECK_MESSAGE(count_calls(text, is_type) == calls, std::string(text));
}
