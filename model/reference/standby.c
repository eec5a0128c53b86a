/* A platform with memory on standby, in our own words: it answers to no load or store until it is switched on. */

#include "hotadd.h"

/* The memmap of a block is mapped. */
int platform_populate_memmap(unsigned long pfn, struct altmap *altmap)
{
	int from = 1;

	if (__hp_fault("room for the memmap"))
		return -ENOMEM;
	hp_make_room(pfn, from);
	return 0;
}

bool platform_has_memmap_on_memory(void) { return false; }

static int standby_listener(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int ret = 0;

	if (action == MEM_ONLINE || action == MEM_GOING_OFFLINE || action == MEM_CANCEL_OFFLINE)
		return NOTIFY_OK;
	if (action == MEM_GOING_ONLINE)
		ret = hp_switch(arg->start_pfn, 1);
	if (action == MEM_CANCEL_ONLINE || action == MEM_OFFLINE)
		hp_switch(arg->start_pfn, 0);
	return ret ? NOTIFY_BAD : NOTIFY_OK;
}

static struct notifier_block standby_nb = {
	.notifier_call = standby_listener,
};

/* Standby memory becomes known to the kernel. */
int add_standby_memory(struct memory_block *mem)
{
	int flags = MHP_NONE;

	return add_memory(mem, flags);
}
