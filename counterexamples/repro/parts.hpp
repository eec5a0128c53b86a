// The parts of a reproducer.
#pragma once

#include <string>
#include <string_view>

#include "counterexamples/repro/automaton.hpp"
#include "counterexamples/repro/plan.hpp"

namespace hotproof::repro {

// hotproof_repro.c and its Makefile.
std::string module_source(const Plan& plan, const render::RunView& run);
std::string module_makefile();
std::string run_script(const Plan& plan, const render::RunView& run);
std::string readme(const Plan& plan, const Automaton& rule, const render::RunView& run, const render::Context& context);
std::string qemu_script();
std::string config_fragment(const Plan& plan);

// The listener that hears everything and stands before all others: where the run's only listener is one that error
// injection stands for.
inline constexpr std::int64_t observer = 99;
bool needs_observer(const Plan& plan);
// What the module is to hear, a line each: "0 MEM_GOING_ONLINE 0x1".
std::string expected_log(const Plan& plan);

// Text of a stranger within a comment of C, and within a line of a shell's comment; ASCII, on one line.
std::string in_comment(std::string_view text);
// A word of a shell, quotes included.
std::string in_shell(std::string_view text);

}  // namespace hotproof::repro
