// What somebody needs to see a run on a real kernel: a script, a module with the run's listeners, a machine to try it
// on, a monitor of the rule. Texts only; nothing is built or run here.
#pragma once

#include <map>
#include <string>

#include "counterexamples/render/formats/formats.hpp"
#include "specs/lang/spec.hpp"

namespace hotproof::repro {

struct File {
  std::string text;
  bool executable = false;
};

// By path: README, run.sh, qemu.sh, config.fragment, rule.dot, module/Makefile, module/hotproof_repro.c. `rule` is the
// violated property's text; null if it is not known.
std::map<std::string, File> reproducer(const render::RunView& run, const spec::SpecProperty* rule,
                                       const render::Context& context);

}  // namespace hotproof::repro
