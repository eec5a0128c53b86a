/* How a run of the reference model starts, and the leaves that only it has. */

static int section_online[HP_BLOCKS];

void hp_set_section_online(unsigned long pfn, int online) { section_online[hp_block_of(pfn)] = online; }

int pfn_to_online_page(unsigned long pfn) { return section_online[hp_block_of(pfn)]; }

/* Memory that is added and removed. */
#if HP_LIFE
struct hp_hot_add { int possible; };
struct hp_hot_add hot_add[HP_BLOCKS];

int hp_is_added(unsigned long pfn) { return block[hp_block_of(pfn)].added; }

static void hp_count_reference(int b, int by)
{
	__VERIFIER_atomic_begin();
	__hp_event("reference", __hp_self(), b, by);
	block[b].references += by;
	__VERIFIER_atomic_end();
}

int hp_register_block(unsigned long pfn)
{
	int b = hp_block_of(pfn);

	if (__hp_fault("device_register()"))
		return -ENOMEM;
	hp_count_reference(b, 1);
	block[b].added = 1;
	block[b].on_bus = 1;
	block[b].in_resource = 1;  /* there is no tree of resources here */
	return 0;
}

/* Waits until nobody is inside a file of the block. */
void hp_unregister_block(unsigned long pfn)
{
	int b = hp_block_of(pfn);

	__VERIFIER_atomic_begin();
	__VERIFIER_assume(block[b].users == 0);
	block[b].on_bus = 0;
	__VERIFIER_atomic_end();
	block[b].added = 0;
	block[b].in_resource = 0;
	hp_count_reference(b, -1);
}

/* from, into: 1 page allocator, 2 the block's own pages */
void hp_make_room(unsigned long pfn, int from)
{
	int b = hp_block_of(pfn);

	if (block[b].altmap != (from == 2))
		block[b].altmap = from == 2;
	hp_make_memmap(b, from, HP_BLOCK_PAGES * 64 / 4096);
}

void hp_drop_room(unsigned long pfn, int into) { hp_drop_memmap(hp_block_of(pfn), into, HP_BLOCK_PAGES * 64 / 4096); }

int hp_switch(unsigned long pfn, int on)
{
	int b = hp_block_of(pfn);

	if (on)
		return hp_switch_on(b);
	hp_switch_off(b);
	return 0;
}

#if HP_REAL_LISTENERS
void hp_add_real_listeners(void)
{
	hp_listener[HP_LISTENERS] = &standby_nb;
	register_memory_notifier(&standby_nb);
}
#endif
#endif

void hp_init(void)
{
	int b;

#if HP_SYMBOLIC_SIZES
	hp_name_sizes();
#endif
	zone_normal.present_pages = HP_BOOT ? HP_BLOCKS * (HP_BLOCK_PAGES - HP_ALTMAP) : 0;
	for (b = 0; b < HP_BLOCKS; b++) {
		hp_init_block(b);
#if HP_LIFE
		hot_add[b].possible = 1;
		block[b].altmap = 0;
#endif
		mem[b].start_pfn = block[b].start_pfn;
		mem[b].altmap_pages = HP_LIFE ? 0 : HP_ALTMAP;
		mem[b].state = HP_BOOT ? MEM_ONLINE : MEM_OFFLINE;
		mem[b].zone = HP_BOOT ? &zone_normal : NULL;
		mem[b].dev.offline = !HP_BOOT;
		section_online[b] = HP_BOOT;
	}
	hp_add_ideal_listeners();
#if HP_REAL_LISTENERS
	hp_add_real_listeners();
#endif
#if HP_CROWDS
	hp_check_crowds();
#endif
}

#if HP_SYMBOLIC_SIZES
/*
 * A range is named: how many pages of the block lie in front of it (behind the altmap, but where listeners are told to
 * prepare) and behind it, and whether its end has gone round. what: 0 offline_pages, 1 online_pages, 2 MEM_PREPARE_ONLINE
 */
static void hp_name_range(int what, unsigned long pfn, unsigned long pages)
{
	int b = hp_block_of(pfn);
	int wraps = (pfn + pages < pfn) | (pages > 1UL << 52);
	unsigned long start;

	if (b < 0) {
		__hp_event("range", __hp_self(), 0, what, 1, 1, wraps);
		return;
	}
	start = block[b].start_pfn;
	if (what != 2)
		start += mem[b].altmap_pages;
	__hp_event("range", __hp_self(), b, what, pfn - start, block[b].start_pfn + HP_BLOCK_PAGES - (pfn + pages), wraps);
}

/*
 * The sections that a range sets online or offline: how many pages are theirs in front of the range and are not those of
 * sections that only hold the memmap, and how many pages of the last section lie behind the range.
 */
static void hp_name_sections(int what, unsigned long pfn, unsigned long pages)
{
	unsigned long last = hp_section_pages - 1;
	int b = hp_block_of(pfn);

	if (b >= 0)
		__hp_event("sections", __hp_self(), b, what,
			   (pfn & ~last) - (block[b].start_pfn + (mem[b].altmap_pages & ~last)), (pfn + pages) & last);
}

static void hp_tell_counts(struct zone *zone)
{
	__VERIFIER_atomic_begin();
	__hp_event("counts", __hp_self(), zone->present_pages, zone->spanned_pages);
	__VERIFIER_atomic_end();
}

int hp_around_online_pages(unsigned long pfn, unsigned long nr_pages, struct zone *zone)
{
	int result;

	hp_name_range(1, pfn, nr_pages);
	hp_name_sections(1, pfn, nr_pages);
	result = online_pages(pfn, nr_pages, zone);
	hp_tell_counts(zone);
	return result;
}

int hp_around_offline_pages(unsigned long pfn, unsigned long nr_pages, struct zone *zone)
{
	int result;

	hp_name_range(0, pfn, nr_pages);
	hp_name_sections(0, pfn, nr_pages);
	result = offline_pages(pfn, nr_pages, zone);
	hp_tell_counts(zone);
	return result;
}
#endif

int hp_around_memory_notify(unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int b = hp_block_of(arg->start_pfn);
	int result;

#if HP_SYMBOLIC_SIZES && HP_KNOWS_MEM_PREPARE_ONLINE
	if (action == MEM_PREPARE_ONLINE)
		hp_name_range(2, arg->start_pfn, arg->nr_pages);
#endif
	__hp_event("notify", __hp_self(), action, b);
	result = memory_notify(action, data);
	__hp_event("notify-done", __hp_self(), action, b, result);
	return result;
}

/* A chain holds each listener once, so this many calls reach its end; the links alone do not say so to a reader. */
int hp_around_call_listeners(unsigned long action, void *data, int most, int *called)
{
	return call_listeners(action, data, most < 0 ? HP_CHAIN : most, called);
}

/* Present pages of the zone beyond those of the blocks that are online; pages of a memmap are not counted here. */
long hp_unaccounted(void)
{
	long pages = zone_normal.present_pages;
	int b;

	for (b = 0; b < HP_BLOCKS; b++)
		if (mem[b].state == MEM_ONLINE)
			pages -= HP_BLOCK_PAGES - mem[b].altmap_pages;
	return pages;
}

int hp_choose_request(int number) { return hp_request[__hp_choose(HP_REQUESTS, HP_REQUEST_TEXT)]; }

static long hp_write_state(int b, int online)
{
	return state_store(&mem[b].dev, NULL, online ? "online" : "offline", online ? 6 : 7);
}

#if HP_LIFE
/* The file is there while the block is; whoever is inside keeps the device on the bus. */
static long hp_write_state_if_there(int b, int online)
{
	long result;
	int there;

	__VERIFIER_atomic_begin();
	there = block[b].on_bus;
	if (there)
		block[b].users++;
	__VERIFIER_atomic_end();
	if (!there)
		return -19;
	result = hp_write_state(b, online);
	__VERIFIER_atomic_begin();
	block[b].users--;
	__VERIFIER_atomic_end();
	return result;
}
#endif

long hp_serve(int what, int b)
{
#if HP_LIFE
	if (what == 2)
		return HP_STANDBY ? add_standby_memory(&mem[b]) : add_memory(&mem[b], MHP_NONE);
	if (what == 3)
		return remove_memory(&mem[b]);
	return hp_write_state_if_there(b, what);
#else
	return hp_write_state(b, what);
#endif
}
