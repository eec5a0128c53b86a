/* The life of a memory block in our own words, before MEM_PREPARE_ONLINE; prepare-online.mbox is the change. */

static struct notifier_block *memory_chain;
static struct rw_semaphore memory_chain_sem;
struct mutex device_hotplug_lock;
static struct percpu_rw_semaphore mem_hotplug_lock;
static struct zone zone_normal;

int register_memory_notifier(struct notifier_block *nb)
{
	struct notifier_block **at = &memory_chain;

	down_write(&memory_chain_sem);
	while (*at && (*at)->priority >= nb->priority)
		at = &(*at)->next;
	nb->next = *at;
	*at = nb;
	up_write(&memory_chain_sem);
	return 0;
}

void unregister_memory_notifier(struct notifier_block *nb)
{
	struct notifier_block **at = &memory_chain;

	down_write(&memory_chain_sem);
	while (*at && *at != nb)
		at = &(*at)->next;
	if (*at)
		*at = nb->next;
	up_write(&memory_chain_sem);
}

/* Calls listeners, at most `most` of them, until one stops the walk; `called` counts them. */
static int call_listeners(unsigned long action, void *data, int most, int *called)
{
	struct notifier_block *nb = memory_chain;
	int answer = NOTIFY_OK;

	while (nb && most-- != 0) {
		*called += 1;
		answer = nb->notifier_call(nb, action, data);
		if (answer & NOTIFY_STOP_MASK)
			break;
		nb = nb->next;
	}
	return answer;
}

int memory_notify(unsigned long action, void *data)
{
	int called = 0, answer;

	down_read(&memory_chain_sem);
	answer = call_listeners(action, data, -1, &called);
	up_read(&memory_chain_sem);
	return answer;
}

static int notifier_to_errno(int answer)
{
	return (answer & ~NOTIFY_STOP_MASK) > NOTIFY_OK ? -EINVAL : 0;
}

void get_online_mems(void) { percpu_down_read(&mem_hotplug_lock); }
void put_online_mems(void) { percpu_up_read(&mem_hotplug_lock); }
void mem_hotplug_begin(void) { percpu_down_write(&mem_hotplug_lock); }
void mem_hotplug_done(void) { percpu_up_write(&mem_hotplug_lock); }

static int mhp_init_memmap_on_memory(unsigned long pfn)
{
	if (__hp_fault("shadow memory for the memmap"))
		return -ENOMEM;
	hp_set_memmap(pfn, 0, 2);
	return 0;
}

static void mhp_deinit_memmap_on_memory(unsigned long pfn) { hp_set_memmap(pfn, 3, 1); }

int online_pages(unsigned long pfn, unsigned long nr_pages, struct zone *zone)
{
	struct memory_notify arg;
	int ret;

	hp_set_memmap(pfn, 0, 2);
	zone->spanned_pages += nr_pages;
	arg.start_pfn = pfn;
	arg.nr_pages = nr_pages;
	ret = notifier_to_errno(memory_notify(MEM_GOING_ONLINE, &arg));
	if (ret)
		goto cancel;
	hp_touch_memmap(pfn, 2);
	hp_set_section_online(pfn, 1);
	zone->present_pages += nr_pages;
	memory_notify(MEM_ONLINE, &arg);
	return 0;

cancel:
	memory_notify(MEM_CANCEL_ONLINE, &arg);
	hp_set_memmap(pfn, 3, 1);
	zone->spanned_pages -= nr_pages;
	return ret;
}

int offline_pages(unsigned long pfn, unsigned long nr_pages, struct zone *zone)
{
	struct memory_notify arg;
	int ret;

	arg.start_pfn = pfn;
	arg.nr_pages = nr_pages;
	ret = notifier_to_errno(memory_notify(MEM_GOING_OFFLINE, &arg));
	if (ret)
		goto cancel;
	while (__hp_choose(2, "pages still have to move:")) {
		ret = __hp_choose(2, "a signal is pending:") ? -EBUSY : 0;
		if (ret)
			goto cancel;
	}
	hp_set_section_online(pfn, 0);
	zone->present_pages -= nr_pages;
	memory_notify(MEM_OFFLINE, &arg);
	hp_set_memmap(pfn, 3, 1);
	zone->spanned_pages -= nr_pages;
	return 0;

cancel:
	memory_notify(MEM_CANCEL_OFFLINE, &arg);
	return ret;
}

static int memory_block_online(struct memory_block *mem)
{
	unsigned long altmap = mem->altmap_pages;
	int ret;

	mem_hotplug_begin();
	ret = altmap ? mhp_init_memmap_on_memory(mem->start_pfn) : 0;
	if (ret)
		goto out;
	ret = online_pages(mem->start_pfn + altmap, HP_BLOCK_PAGES - altmap, &zone_normal);
	if (ret) {
		if (altmap)
			mhp_deinit_memmap_on_memory(mem->start_pfn);
		goto out;
	}
	mem->zone = &zone_normal;
out:
	mem_hotplug_done();
	return ret;
}

static int memory_block_offline(struct memory_block *mem)
{
	unsigned long altmap = mem->altmap_pages;
	int ret;

	mem_hotplug_begin();
	ret = offline_pages(mem->start_pfn + altmap, HP_BLOCK_PAGES - altmap, mem->zone);
	if (ret)
		goto out;
	if (altmap)
		mhp_deinit_memmap_on_memory(mem->start_pfn);
	mem->zone = NULL;
out:
	mem_hotplug_done();
	return ret;
}

static int change_state(struct memory_block *mem, int online)
{
	int ret;

	mem->state = online ? mem->state : MEM_GOING_OFFLINE;
	ret = online ? memory_block_online(mem) : memory_block_offline(mem);
	mem->state = online == !ret ? MEM_ONLINE : MEM_OFFLINE;
	return ret;
}

/* A write to the block's state file. */
long state_store(struct device *dev, void *attribute, const char *text, unsigned long count)
{
	struct memory_block *mem = container_of(dev, struct memory_block, dev);
	int online = __hp_streq(text, "online");
	int ret = 0;

	if (!mutex_trylock(&device_hotplug_lock))
		return -EBUSY;
	mutex_lock(&dev->mutex);
	if (dev->offline == online) {
		ret = change_state(mem, online);
		if (!ret)
			dev->offline = !online;
	}
	mutex_unlock(&dev->mutex);
	mutex_unlock(&device_hotplug_lock);
	return ret ? ret : count;
}
