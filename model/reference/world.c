/* How a run of the reference model starts, and the leaves that only it has. */

static int section_online[HP_BLOCKS];

void hp_set_section_online(unsigned long pfn, int online) { section_online[hp_block_of(pfn)] = online; }

int pfn_to_online_page(unsigned long pfn) { return section_online[hp_block_of(pfn)]; }

void hp_init(void)
{
	int b;

	zone_normal.present_pages = HP_BOOT ? HP_BLOCKS * (HP_BLOCK_PAGES - HP_ALTMAP) : 0;
	for (b = 0; b < HP_BLOCKS; b++) {
		hp_init_block(b);
		mem[b].start_pfn = block[b].start_pfn;
		mem[b].altmap_pages = HP_ALTMAP;
		mem[b].state = HP_BOOT ? MEM_ONLINE : MEM_OFFLINE;
		mem[b].zone = HP_BOOT ? &zone_normal : NULL;
		mem[b].dev.offline = !HP_BOOT;
		section_online[b] = HP_BOOT;
	}
	hp_add_ideal_listeners();
}

int hp_around_memory_notify(unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int b = hp_block_of(arg->start_pfn);
	int result;

	__hp_event("notify", __hp_self(), action, b);
	result = memory_notify(action, data);
	__hp_event("notify-done", __hp_self(), action, b, result);
	return result;
}

/* A chain holds each listener once, so this many calls reach its end; the links alone do not say so to a reader. */
int hp_around_call_listeners(unsigned long action, void *data, int most, int *called)
{
	return call_listeners(action, data, most < 0 ? HP_LISTENERS : most, called);
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

long hp_serve(int what, int b)
{
	return state_store(&mem[b].dev, NULL, what ? "online" : "offline", what ? 6 : 7);
}
