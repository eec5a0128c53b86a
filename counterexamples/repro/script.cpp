// run.sh: takes the run on this machine, says in KTAP how far it came, and puts everything back.
#include <algorithm>
#include <cstdio>
#include <set>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/repro/parts.hpp"

namespace hotproof::repro {

namespace {

constexpr const char* beginning = R"text(#!/bin/sh
# Exit status: 0 reproduced, 1 not, 4 skipped, with the reason. Everything is put back at the end.
# BLOCK=/sys/devices/system/memory/memoryN chooses the block; otherwise the first that fits is taken.
# CONFIG=FILE is the kernel's configuration, where neither /proc/config.gz nor /boot has it.
# shellcheck disable=SC2016 # what is in single quotes is text
set -u

here=$(cd "$(dirname "$0")" && pwd)
sys=${SYS:-/sys}
memory=$sys/devices/system/memory
debugfs=$sys/kernel/debug
armed=$sys/module/hotproof_repro/parameters/armed
inject=$debugfs/notifier-error-inject/memory
work=
block=
before=
loaded_module=no
loaded_inject=no
test_number=0
failed=0

echo "KTAP version 1"

skip() {
	echo "1..1"
	echo "ok 1 hotproof_repro # SKIP $1"
	exit 4
}

)text";

constexpr const char* functions = R"text(# shellcheck disable=SC2317 # the trap calls it
put_back() {
	trap - EXIT INT TERM
	if [ -d "$inject" ]; then
		for file in "$inject"/actions/*/error; do
			[ -w "$file" ] && echo 0 >"$file"
		done
	fi
	[ -w "$armed" ] && echo 0 >"$armed"
	if [ -n "$block" ] && [ -n "$before" ]; then
		now=$(cat "$block/state" 2>/dev/null)
		[ "$now" = "$before" ] || echo "$before" >"$block/state" 2>/dev/null || echo "# $block could not be set $before again"
	fi
	[ "$loaded_module" = yes ] && rmmod hotproof_repro
	[ "$loaded_inject" = yes ] && rmmod memory-notifier-error-inject
	[ -n "$work" ] && rm -rf "$work"
}

# Says "y", "m", "n", or nothing where the configuration cannot be read.
config() {
	if [ -n "${CONFIG:-}" ]; then
		text=$(cat "$CONFIG")
	elif [ -r /proc/config.gz ]; then
		text=$(zcat /proc/config.gz)
	elif [ -r "/boot/config-$(uname -r)" ]; then
		text=$(cat "/boot/config-$(uname -r)")
	else
		return
	fi
	[ -n "$text" ] || return
	value=$(printf '%s\n' "$text" | sed -n "s/^$1=//p")
	echo "${value:-n}"
}

need_config() {
	[ "$(config "$1")" = n ] && skip "the kernel was built without $1"
}

report() {
	test_number=$((test_number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $test_number $2"
	else
		echo "not ok $test_number $2"
		failed=1
	fi
}

# A block that is in the state in which the run begins, and may be set offline.
find_block() {
	if [ -n "${BLOCK:-}" ]; then
		[ -w "$BLOCK/state" ] || skip "BLOCK is no memory block"
		[ "$(cat "$BLOCK/state")" = "$1" ] || skip "BLOCK is not $1"
		block=$BLOCK
		return
	fi
	for candidate in "$memory"/memory[0-9]*; do
		[ -w "$candidate/state" ] || continue
		[ "$(cat "$candidate/state")" = "$1" ] || continue
		if [ "$1" = online ] && [ "$(cat "$candidate/removable" 2>/dev/null)" = 0 ]; then
			continue
		fi
		block=$candidate
		return
	done
	skip "no memory block is $1: see qemu.sh for a machine that has one"
}

# What is asked for, in which file, and whether the run is refused ("fails"), granted ("works") or not over ("any").
request() {
	echo "# asks for $1 in $block/$2"
	if echo "$1" 2>"$work/error" >"$block/$2"; then ended=works; else ended=fails; fi
	sed 's/^/# /' "$work/error"
	if [ "$3" = any ]; then
		report 0 "asked for $1"
	elif [ "$3" = "$ended" ]; then
		report 0 "asked for $1: $ended as in the run"
	else
		report 1 "asked for $1: $ended, in the run it $3"
	fi
}

)text";

constexpr const char* checks = R"text([ "$(id -u)" = 0 ] || skip "root is needed"
[ -d "$memory" ] || skip "this kernel has no memory hotplug"
need_config CONFIG_MEMORY_HOTPLUG
need_config CONFIG_MEMORY_HOTREMOVE
need_config CONFIG_DEBUG_FS
need_config CONFIG_MODULES
[ -n "$(ls -A "$debugfs" 2>/dev/null)" ] || skip "debugfs is not mounted on $debugfs"
)text";

constexpr const char* load_module = R"text(
[ -d "$sys/module/hotproof_repro" ] && skip "hotproof_repro is loaded already"
[ -f "$here/module/hotproof_repro.ko" ] || skip "the module is not built: make -C module"
)text";

constexpr const char* loading = R"text(
work=$(mktemp -d) || skip "no place for temporary files"
trap 'put_back' EXIT
trap 'exit 1' INT TERM
if ! insmod "$here/module/hotproof_repro.ko" 2>"$work/error"; then
	sed 's/^/# /' "$work/error"
	skip "the module cannot be loaded: built for another kernel, or a notification that this kernel does not have"
fi
loaded_module=yes
)text";

std::string load_injection(std::int64_t priority) {
  return "\nif [ ! -d \"$inject\" ]; then\n\tmodprobe memory-notifier-error-inject priority=" +
         std::to_string(priority) +
         " 2>\"$work/error\" || skip \"memory-notifier-error-inject cannot be loaded "
         "(CONFIG_MEMORY_NOTIFIER_ERROR_INJECT)\"\n\tloaded_inject=yes\nfi\n"
         "[ -d \"$inject\" ] || skip \"memory-notifier-error-inject does not show in $debugfs\"\n";
}

// As the tree's notifier_to_errno() reads the answer.
std::int64_t error_of(std::int64_t answer) {
  return 1 - (answer & ~std::int64_t{0x8000});
}

std::string requests_of(const Plan& plan) {
  std::string out;
  for (const Request& request : plan.requests) {
    std::string undo;
    for (const Told& told : request.told) {
      if (told.listener != plan.injected || !told.refuses()) continue;
      const std::string file = "\"$inject/actions/" + told.action + "/error\"";
      out += "echo " + std::to_string(error_of(told.answer)) + " >" + file + "\n";
      undo += "echo 0 >" + file + "\n";
    }
    const std::string ends = !request.result ? "any" : *request.result < 0 ? "fails" : "works";
    out += "request " + request.value + " " + request.file + " " + ends + "\n" + undo;
  }
  return out;
}

std::string judging(const Plan& plan) {
  // Where the run ends in the middle of a request, a real kernel goes on.
  const bool to_the_end = plan.to_the_end;
  std::string out = "cat >\"$work/expected\" <<'END'\n" + expected_log(plan) + "END\n";
  out += "cat \"$debugfs/hotproof_repro/heard\" >\"$work/heard\"\n";
  if (!to_the_end)
    out +=
        "lines=$(wc -l <\"$work/expected\")\nhead -n \"$lines\" \"$work/heard\" >\"$work/begin\" && mv \"$work/begin\" "
        "\"$work/heard\"\n";
  out +=
      "if diff \"$work/expected\" \"$work/heard\" >\"$work/difference\"; then same=0; else same=1; fi\n"
      "echo '# what the listeners were told, and answered:'\nsed 's/^/#   /' \"$work/heard\"\n"
      "[ \"$same\" = 0 ] || { echo '# the run, and this kernel:'; sed 's/^/#   /' \"$work/difference\"; }\n";
  out += std::string("report \"$same\" \"the listeners were told what the run's were") +
         (to_the_end ? ", and nothing else" : "") + "\"\n";
  if (plan.to_the_end) {
    const std::string state = plan.left_online ? "online" : "offline";
    out += "if [ \"$(cat \"$block/state\")\" = " + state + " ]; then same=0; else same=1; fi\n" +
           "report \"$same\" \"the block is left " + state + "\"\n";
  }
  return out;
}

}  // namespace

std::string in_shell(std::string_view text) {
  std::string out = "'";
  for (const char c : render::plain(text, 240, false)) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string run_script(const Plan& plan, const render::RunView& run) {
  std::string out = beginning;
  const std::string rule = in_shell("the rule: " + run.property->id + ": " + run.property->says);
  if (!plan.possible()) {
    // Nothing is left to do but to say why.
    std::string::size_type at = out.find("set -u\n");
    out = out.substr(0, at) + "set -u\n\necho \"KTAP version 1\"\necho \"1..1\"\nprintf '# %s\\n' " + rule + "\n";
    for (const std::string& obstacle : plan.obstacles) out += "printf '# %s\\n' " + in_shell(obstacle) + "\n";
    return out + "printf 'ok 1 hotproof_repro # SKIP %s\\n' " + in_shell(plan.obstacles.front()) + "\nexit 4\n";
  }
  out += functions;
  out += checks;
  if (plan.injected) out += "need_config CONFIG_MEMORY_NOTIFIER_ERROR_INJECT\n";
  out += load_module;
  out += "find_block " + std::string(plan.requests.front().online ? "offline" : "online") + "\n";
  out += loading;
  if (plan.injected) out += load_injection(plan.priority(*plan.injected));
  out += "before=$(cat \"$block/state\")\n\necho \"1.." +
         std::to_string(plan.requests.size() + (plan.to_the_end ? 2 : 1)) + "\"\n";
  out += "printf '# %s\\n' " + rule + "\necho 1 >\"$armed\"\n";
  out += requests_of(plan);
  out += "echo 0 >\"$armed\"\n\n" + judging(plan);
  out += "echo \"# the block is now $(cat \"$block/state\"), before it was $before\"\n[ \"$failed\" = 0 ] || exit 1\n";
  if (!plan.unseen.empty()) {
    out += "printf '# %s\\n' " +
           in_shell("the run was taken; whether the rule is violated is not seen from outside: " + plan.unseen) +
           "\nexit 4\n";
  } else {
    out += "echo '# the rule is violated: it speaks of what the listeners were told'\nexit 0\n";
  }
  return out;
}

}  // namespace hotproof::repro
