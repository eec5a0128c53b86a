// A kernel module of our own: listeners that answer as those of the run did, and remember what they were told.
#include <algorithm>
#include <cstdio>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/repro/parts.hpp"

namespace hotproof::repro {

namespace {

constexpr const char* head = R"text(// SPDX-License-)text" R"text(Identifier: GPL-2.0
/*
 * The listeners of a run that hotproof found. They answer what the run's listeners answered, in its order, and
 * remember what they were told. While "armed" is 0 they agree to everything and remember nothing.
 *
)text";

constexpr const char* before_tables = R"text( */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/seq_file.h>

#define MOST_HEARD 256

static bool armed;
module_param(armed, bool, 0644);
MODULE_PARM_DESC(armed, "answer as in the run, and remember");

struct listener {
	struct notifier_block nb;
	int number;
};

struct answer {
	int listener;
	unsigned long action;
	int value;
	bool given;
};

struct heard {
	int listener;
	unsigned long action;
	int value;
};

)text";

constexpr const char* behind_tables = R"text(
static struct heard heard[MOST_HEARD];
static unsigned int heard_count;
static DEFINE_MUTEX(heard_lock);

static const char *action_name(unsigned long action)
{
	switch (action) {
	case MEM_ONLINE:
		return "MEM_ONLINE";
	case MEM_GOING_ONLINE:
		return "MEM_GOING_ONLINE";
	case MEM_CANCEL_ONLINE:
		return "MEM_CANCEL_ONLINE";
	case MEM_OFFLINE:
		return "MEM_OFFLINE";
	case MEM_GOING_OFFLINE:
		return "MEM_GOING_OFFLINE";
	case MEM_CANCEL_OFFLINE:
		return "MEM_CANCEL_OFFLINE";
#ifdef HAVE_MEM_PREPARE_ONLINE
	case MEM_PREPARE_ONLINE:
		return "MEM_PREPARE_ONLINE";
	case MEM_FINISH_OFFLINE:
		return "MEM_FINISH_OFFLINE";
#endif
	}
	return "unknown";
}

/* The next answer of the run that this listener has not given yet to such a notification; else it agrees. */
static int answer_to(int listener, unsigned long action)
{
	size_t i;

	for (i = 0; i < answer_count; i++) {
		struct answer *a = &answers[i];

		if (a->given || a->listener != listener || a->action != action)
			continue;
		a->given = true;
		return a->value;
	}
	return NOTIFY_OK;
}

static int hear(struct notifier_block *nb, unsigned long action, void *data)
{
	struct listener *l = container_of(nb, struct listener, nb);
	int value;

	if (!READ_ONCE(armed))
		return NOTIFY_OK;
	mutex_lock(&heard_lock);
	value = answer_to(l->number, action);
	if (heard_count < MOST_HEARD) {
		heard[heard_count].listener = l->number;
		heard[heard_count].action = action;
		heard[heard_count].value = value;
		heard_count++;
	}
	mutex_unlock(&heard_lock);
	return value;
}

static int heard_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	mutex_lock(&heard_lock);
	for (i = 0; i < heard_count; i++)
		seq_printf(m, "%d %s 0x%x\n", heard[i].listener, action_name(heard[i].action), heard[i].value);
	mutex_unlock(&heard_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(heard);

static struct dentry *folder;

static int __init repro_init(void)
{
	size_t i;
	int err;

#ifndef HAVE_MEM_PREPARE_ONLINE
	if (needs_prepare) {
		pr_err("hotproof_repro: this kernel has no MEM_PREPARE_ONLINE\n");
		return -EOPNOTSUPP;
	}
#endif
	for (i = 0; i < ARRAY_SIZE(listeners); i++) {
		listeners[i].nb.notifier_call = hear;
		err = register_memory_notifier(&listeners[i].nb);
		if (err)
			goto out;
	}
	folder = debugfs_create_dir("hotproof_repro", NULL);
	debugfs_create_file("heard", 0400, folder, NULL, &heard_fops);
	return 0;
out:
	while (i-- > 0)
		unregister_memory_notifier(&listeners[i].nb);
	return err;
}

static void __exit repro_exit(void)
{
	size_t i;

	debugfs_remove_recursive(folder);
	for (i = 0; i < ARRAY_SIZE(listeners); i++)
		unregister_memory_notifier(&listeners[i].nb);
}

module_init(repro_init);
module_exit(repro_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("listeners of a run that hotproof found");
)text";

bool is_new(const std::string& action) {
  return action == "MEM_PREPARE_ONLINE" || action == "MEM_FINISH_OFFLINE";
}

std::string hex(std::int64_t value) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "0x%llx", static_cast<unsigned long long>(value) & 0xffffffffULL);
  return out.data();
}

}  // namespace

std::string in_comment(std::string_view text) {
  std::string out = render::plain(text, 160, false);
  for (std::size_t i = 0; i + 1 < out.size(); ++i)
    if ((out[i] == '*' && out[i + 1] == '/') || (out[i] == '/' && out[i + 1] == '*')) out[i] = '_';
  return out;
}

bool needs_observer(const Plan& plan) {
  return plan.listeners.empty();
}

std::string expected_log(const Plan& plan) {
  std::string out;
  for (const Request& request : plan.requests) {
    if (needs_observer(plan)) {
      for (const std::string& action : request.sent) out += std::to_string(observer) + " " + action + " 0x1\n";
      continue;
    }
    for (const Told& told : request.told)
      if (told.listener != plan.injected)
        out += std::to_string(told.listener) + " " + told.action + " " + hex(told.answer) + "\n";
  }
  return out;
}

std::string module_source(const Plan& plan, const render::RunView& run) {
  std::string out = head;
  out += " * " + in_comment(render::plain("The rule it breaks: " + run.property->id, 160, false)) + "\n";
  out += before_tables;
  out += "static struct listener listeners[] = {\n";
  for (const std::int64_t listener : plan.listeners) {
    out += "\t{ .nb = { .priority = " + std::to_string(plan.priority(listener)) +
           " }, .number = " + std::to_string(listener) + " },\n";
  }
  if (needs_observer(plan)) out += "\t{ .nb = { .priority = INT_MAX }, .number = " + std::to_string(observer) + " },\n";
  out += "};\n\n/* In the order of the run. The last is none. */\nstatic struct answer answers[] = {\n";
  bool prepares = false;
  for (const Request& request : plan.requests) {
    for (const Told& told : request.told) {
      if (told.listener == plan.injected) continue;
      const std::string row =
          "\t{ " + std::to_string(told.listener) + ", " + told.action + ", " + hex(told.answer) + " },\n";
      prepares = prepares || is_new(told.action);
      out += is_new(told.action) ? "#ifdef HAVE_MEM_PREPARE_ONLINE\n" + row + "#endif\n" : row;
    }
    for (const std::string& action : request.sent) prepares = prepares || is_new(action);
  }
  out += "\t{ -1, 0, NOTIFY_OK },\n};\n\nstatic const size_t answer_count = ARRAY_SIZE(answers) - 1;\n";
  out +=
      "#ifndef HAVE_MEM_PREPARE_ONLINE\nstatic const bool needs_prepare = " + std::string(prepares ? "true" : "false") +
      ";\n#endif\n";
  return out + behind_tables;
}

std::string module_makefile() {
  return R"text(# make KDIR=/path/to/the/kernel/build
KDIR ?= /lib/modules/$(shell uname -r)/build

ifneq ($(KERNELRELEASE),)
obj-m := hotproof_repro.o
ifneq ($(shell grep -s MEM_PREPARE_ONLINE $(srctree)/include/linux/memory.h),)
ccflags-y += -DHAVE_MEM_PREPARE_ONLINE
endif
else
all:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean

.PHONY: all clean
endif
)text";
}

}  // namespace hotproof::repro
