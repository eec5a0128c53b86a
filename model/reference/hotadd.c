/* Hot-add and hot-remove of a memory block in our own words. */

#include "hotadd.h"

/* Struct pages get room, and are poisoned until somebody initialises them. */
static int memmap_add(unsigned long pfn, struct altmap *altmap)
{
	int ret = platform_populate_memmap(pfn, altmap);

	if (ret)
		return ret;
	hp_touch_memmap(pfn, 3);
	return 0;
}

static void memmap_remove(unsigned long pfn, struct altmap *altmap) { hp_drop_room(pfn, altmap ? 2 : 1); }

int add_memory(struct memory_block *mem, int flags)
{
	struct altmap own;
	struct altmap *altmap = NULL;
	int ret = -EEXIST;

	mutex_lock(&device_hotplug_lock);
	if (hp_is_added(mem->start_pfn))
		goto unlock;
	if ((flags & MHP_MEMMAP_ON_MEMORY) && platform_has_memmap_on_memory())
		altmap = &own;
	own.pages = altmap ? HP_ALTMAP : 0;
	own.flags = flags;
	mem_hotplug_begin();
	ret = memmap_add(mem->start_pfn, altmap);
	if (ret)
		goto out;
	mem->altmap_pages = own.pages;
	mem->state = MEM_OFFLINE;
	mem->zone = NULL;
	mem->dev.offline = true;
	ret = hp_register_block(mem->start_pfn);
	if (ret)
		memmap_remove(mem->start_pfn, altmap);
out:
	mem_hotplug_done();
unlock:
	mutex_unlock(&device_hotplug_lock);
	return ret;
}

int remove_memory(struct memory_block *mem)
{
	struct altmap own;
	int ret = -EBUSY;

	mutex_lock(&device_hotplug_lock);
	if (!hp_is_added(mem->start_pfn) || mem->state != MEM_OFFLINE)
		goto unlock;
	mem_hotplug_begin();
	hp_unregister_block(mem->start_pfn);
	own.pages = mem->altmap_pages;
	memmap_remove(mem->start_pfn, own.pages ? &own : NULL);
	mem_hotplug_done();
	ret = 0;
unlock:
	mutex_unlock(&device_hotplug_lock);
	return ret;
}
