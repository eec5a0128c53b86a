// README, a machine to try it on, and what its kernel needs.
#include <algorithm>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/terminal.hpp"
#include "counterexamples/render/tidy.hpp"
#include "counterexamples/repro/parts.hpp"
#include "counterexamples/repro/reproducer.hpp"

namespace hotproof::repro {

namespace {

using render::plain;

std::string paragraph(const std::string& text) {
  std::string out;
  for (const std::string& line : render::filled(plain(text, 2000, false), 78)) out += line + "\n";
  return out + "\n";
}

std::string item(const std::string& text) {
  std::string out;
  for (const std::string& line : render::filled(plain(text, 2000, false), 74))
    out += (out.empty() ? "  - " : "    ") + line + "\n";
  return out;
}

std::string heading(const std::string& text) {
  return text + "\n" + std::string(text.size(), '-') + "\n\n";
}

std::string what_happens(const Plan& plan, const render::RunView& run) {
  std::string out = heading("What will happen");
  if (!plan.possible()) {
    out += paragraph("Nothing: this run cannot be taken on purpose by a real kernel. run.sh says so and exits with 4.");
    for (const std::string& obstacle : plan.obstacles) out += item(obstacle);
    out += "\n" + paragraph(
                      "The module and the automaton are there all the same: the module's listeners answer as those of "
                      "the run do, "
                      "wherever the kernel comes by itself to what cannot be asked for.");
    return out;
  }
  for (const Request& request : plan.requests) {
    out += item("'" + request.value + "' is written to a block's file '" + request.file + "'" +
                (request.result ? "; in the run that returns " + std::to_string(*request.result)
                                : "; the run ends before that returns"));
    for (const Told& told : request.told) {
      const std::string who =
          told.listener == plan.injected ? "memory-notifier-error-inject, as listener " : "the module's listener ";
      out += item(who + std::to_string(told.listener) + " is told " + told.action + " and " +
                  (told.refuses() ? "refuses" : "agrees"));
    }
  }
  out += "\n" +
         paragraph("What the module's listeners are told has to be, line by line, what the run's were told" +
                   std::string(plan.to_the_end ? ", and nothing else until the end." : ", up to where the run ends."));
  if (plan.unseen.empty())
    out += paragraph(
        "The violation is then there to see: the rule speaks of nothing but what listeners are told. run.sh exits with "
        "0.");
  else
    out +=
        paragraph("Whether the rule is violated cannot be seen from outside: " + plan.unseen +
                  ". run.sh then exits with 4; look at the kernel's log, best with the checkers of config.fragment.");
  if (run.property->latent())
    out += paragraph("The violation is latent: it needs " + run.property->latent_needs +
                     ". Here the module is what it needs.");
  return out;
}

std::string not_there(const render::RunView& run) {
  std::string out = heading("What is not reproduced");
  out += item("the kernel: this run is of " + run.title + " (" + run.architecture +
              "); try it on a kernel that is built from that source");
  out += item("the moment at which other actors of the model stand still: on a real machine they do not");
  out += item("an address, a number of pages or a zone of the run: a block of the machine is taken as it is");
  if (run.architecture == "s390x")
    out += item(
        "memory on standby: QEMU has none for s390x; with the module, any architecture on which the kernel sends these "
        "notifications will do");
  return out + "\n";
}

std::string events(const Automaton& rule) {
  std::string out = heading("rule.dot");
  out += paragraph(
      rule.from_rule ? "The rule as an automaton of runtime verification (Documentation/trace/rv), derived from its "
                       "text; one for each "
                       "element that the rule is for. An event that has no edge from a state is a violation there. For "
                       "tools/verification: dot2k, or rvgen from 6.16 on."
                     : "The rule is not one about events. The automaton is that of the run: what was asked for and "
                       "what listeners were told, in "
                       "order; its last event is the one that has no edge.");
  for (const auto& [name, meaning] : rule.events) out += item(name + ": " + meaning);
  if (rule.overlaps)
    out += "\n" + paragraph("What happens in the kernel may be two of these at once: the first in the list counts.");
  return out + "\n";
}

}  // namespace

std::string readme(const Plan& plan, const Automaton& rule, const render::RunView& run,
                   const render::Context& context) {
  std::string out = paragraph("A run that hotproof " + context.version + " found, to be seen on a real kernel.");
  out += paragraph("The rule it breaks: " + run.property->id + ": " + run.property->says + ".");
  if (!run.property->reason.empty()) out += paragraph("What is wrong: " + run.property->reason + ".");
  for (const std::string& fault : render::faults_in_words(*run.property->trace)) out += item("fault: " + fault);
  out += "\n" + what_happens(plan, run);
  out += heading("How");
  out +=
      "  make -C module KDIR=/path/to/the/kernel/build\n  ./run.sh       # as root, on a machine that may be lost\n\n";
  out += paragraph(
      "run.sh sets a block of memory offline or online. It puts back what it changed, but it tries a kernel's error "
      "paths: use a "
      "virtual machine. qemu.sh starts one with memory that can be set offline; config.fragment is what its kernel "
      "needs "
      "(scripts/kconfig/merge_config.sh). Exit status of run.sh: 0 reproduced, 1 not, 4 skipped.");
  return out + not_there(run) + events(rule);
}

std::string qemu_script() {
  return R"text(#!/bin/sh
# A machine with 1 GiB of memory that can be set offline and online, block by block:
#   KERNEL=bzImage ROOTFS=rootfs.img ./qemu.sh
# Any further arguments go to QEMU. This folder is there as the 9p share "repro".
set -eu

here=$(cd "$(dirname "$0")" && pwd)
: "${KERNEL:?a kernel, with config.fragment}"
: "${ROOTFS:?a root file system, as a raw image}"

exec qemu-system-x86_64 \
	-machine q35,accel=kvm:tcg -cpu max -smp 2 \
	-m 2G,slots=4,maxmem=8G \
	-object memory-backend-ram,id=plug0,size=1G \
	-device pc-dimm,id=dimm0,memdev=plug0 \
	-kernel "$KERNEL" \
	-append "root=/dev/vda console=ttyS0 memhp_default_state=offline" \
	-drive "file=$ROOTFS,format=raw,if=virtio" \
	-virtfs "local,path=$here,mount_tag=repro,security_model=none,readonly=on" \
	-nographic -no-reboot "$@"
)text";
}

std::string config_fragment(const Plan& plan) {
  std::string out =
      "# What the kernel needs.\n"
      "CONFIG_MEMORY_HOTPLUG=y\nCONFIG_MEMORY_HOTREMOVE=y\nCONFIG_SPARSEMEM_VMEMMAP=y\nCONFIG_ACPI_HOTPLUG_MEMORY=y\n"
      "CONFIG_MODULES=y\nCONFIG_MODULE_UNLOAD=y\nCONFIG_DEBUG_FS=y\nCONFIG_IKCONFIG=y\nCONFIG_IKCONFIG_PROC=y\n";
  if (plan.injected) {
    out +=
        "CONFIG_FUNCTION_ERROR_INJECTION=y\nCONFIG_NOTIFIER_ERROR_INJECTION=m\nCONFIG_MEMORY_NOTIFIER_ERROR_INJECT=m\n";
  }
  out +=
      "# Checkers that see what a script does "
      "not.\nCONFIG_DEBUG_VM=y\nCONFIG_DEBUG_VM_PGFLAGS=y\nCONFIG_PAGE_POISONING=y\n"
      "CONFIG_PROVE_LOCKING=y\nCONFIG_DEBUG_ATOMIC_SLEEP=y\n"
      "# For a monitor made of rule.dot.\nCONFIG_RV=y\nCONFIG_RV_REACTORS=y\n";
  return out;
}

std::map<std::string, File> reproducer(const render::RunView& run, const spec::SpecProperty* rule,
                                       const render::Context& context) {
  const Plan plan = plan_of(run, rule);
  const Automaton automaton = automaton_of(rule, *run.property->trace);
  return {{"README", {readme(plan, automaton, run, context), false}},
          {"run.sh", {run_script(plan, run), true}},
          {"qemu.sh", {qemu_script(), true}},
          {"config.fragment", {config_fragment(plan), false}},
          {"rule.dot", {automaton.dot, false}},
          {"module/Makefile", {module_makefile(), false}},
          {"module/hotproof_repro.c", {module_source(plan, run), false}}};
}

}  // namespace hotproof::repro
