/* The machine under s390's own code: storage increments that the hypervisor assigns and takes back, each on its own. */

struct sclp_info sclp;
struct memory_increment hp_memory_increment[HP_BLOCKS * HP_INCREMENTS];

unsigned long get_zeroed_page(unsigned int flags)
{
	int b;

	if (!__hp_fault("get_zeroed_page()")) {
		if (flags & 0x400) /* __GFP_DIRECT_RECLAIM */
			__hp_event("sleeps", __hp_self());
		return (unsigned long)__hp_alloc(1);
	}
	for (b = 0; b < HP_BLOCKS; b++)
		hp_refused[b] = 1;
	return 0;
}
void free_page(unsigned long address) { __hp_free((void *)address); }

/* The command word says what is asked: 0x000d0001 assign, 0x000c0001 unassign. */
int sclp_sync_request_timeout(unsigned int command, void *data, int timeout)
{
	struct assign_storage_sccb *sccb = data;
	unsigned long first, number;
	int b;

	number = sccb->rn - 1;
	b = command == 0x000d0001 || command == 0x000c0001 ? hp_block_of(number * (HP_BLOCK_PAGES / HP_INCREMENTS)) : -1;
	if (__hp_fault("the hypervisor's answer")) {
		if (b >= 0)
			hp_refused[b] = 1;
		return -5;
	}
	sccb->header.response_code = 0x0020;
	if (b < 0)
		return 0;
	if (command == 0x000d0001)
		hp_refused[b] = 0;
	first = (HP_FIRST_BLOCK + b) * HP_INCREMENTS;
	hp_set_increment(b, number - first, command == 0x000d0001);
	return 0;
}

/*
 * What is switched is a whole block, with the pages that hold its memmap: an increment may be as small as these. Before
 * MEM_PREPARE_ONLINE nobody told a listener of them.
 */
int hp_around_sclp_mem_change_state(unsigned long start, unsigned long size, int online)
{
	int b = hp_range(start / 4096, size / 4096);

	if (b >= 0 && (HP_KNOWS_MEM_PREPARE_ONLINE || HP_CONFIGURES) && size / 4096 != HP_BLOCK_PAGES)
		__hp_event("odd-range", __hp_self());
	return sclp_mem_change_state(start, size, online);
}

void __arch_set_page_nodat(void *address, unsigned long pages)
{
	int b = pages ? hp_range(__pa(address) / 4096, pages) : -1;

	if (b >= 0)
		__hp_event("no-dat", __hp_self(), b);
}

void hp_init_increments(void)
{
	int i;

	sclp.rzm = HP_BLOCK_PAGES / HP_INCREMENTS * 4096;
	sclp_storage_ids[0] = 1;
	for (i = 0; i < HP_BLOCKS * HP_INCREMENTS; i++) {
		hp_memory_increment[i].rn = HP_FIRST_BLOCK * HP_INCREMENTS + i + 1;
		hp_memory_increment[i].standby = !hp_starts_accessible();
		list_add_tail(&hp_memory_increment[i].list, &sclp_mem_list);
	}
#if HP_CONFIGURES
	hp_init_configured();
#endif
}

#if HP_CONFIGURES
/* The files with which memory is configured; one folder a block. */
struct sclp_mem hp_sclp_mem[HP_BLOCKS];

long hp_configure(int b, int on)
{
	long result = sclp_config_mem_store(&hp_sclp_mem[b].kobj, (void *)0, on ? "1" : "0", 1);

	return result < 0 ? result : 0;
}

void hp_init_configured(void)
{
	int b;

	for (b = 0; b < HP_BLOCKS; b++) {
		hp_sclp_mem[b].id = HP_FIRST_BLOCK + b;
		hp_sclp_mem[b].memmap_on_memory = HP_ALTMAP != 0;
		hp_sclp_mem[b].config = HP_BOOT || !HP_LIFE;
	}
}
#endif
