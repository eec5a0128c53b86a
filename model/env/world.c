/*
 * The blocks of the scenario and what the properties say of them. The kernel's own record of a block is mem[b]; what is
 * true of the memory itself is block[b].
 */

struct hp_block {
	int accessible;           /* all of it answers to loads and stores */
	int some;                 /* a part of it does */
	int increment[HP_INCREMENTS];
	int memmap;               /* of any of its pages: 0 absent, 1 poisoned, 2 initialised */
	int part[2];              /* the same for the pages that hold the memmap, and for the others */
	int altmap;               /* its memmap lies in its own first pages */
	int boot;                 /* was there at boot */
	int has_record;           /* its record is allocated */
	int added;                /* its record can be found */
	int on_bus;               /* its files in sysfs can be opened */
	int users;                /* actors inside one of them */
	int visitors;             /* actors that look at its record and hold no lock of hotplug */
	int bound;                /* firmware's device is bound to its record, and holds a reference */
	int isolated;             /* the allocator may not give its pages out */
	int grabbed;              /* one of its pages is held by somebody who needs it to stay */
	int poisoned;             /* one of its pages has failed */
	int references;           /* on its record */
	int in_resource;          /* in the tree of resources */
	int memmap_from;          /* 0 it has no memmap, 1 from the page allocator, 2 from its altmap */
	unsigned long memmap_pages;  /* so many were taken for it */
	unsigned long start_pfn;
};

struct hp_block block[HP_BLOCKS];
static const int hp_request[HP_REQUESTS] = { HP_REQUEST_NUMBERS };  /* what may be asked for */
struct memory_block mem[HP_BLOCKS];
#if HP_POISONERS
long hp_poisoned;  /* pages that have failed, of all blocks */
#endif

/* Whether the block has one increment only; its others stand for nothing then. Where that is not known, two do for all. */
#if HP_SYMBOLIC_SIZES && HP_STANDBY
unsigned long hp_increments;
#define HP_FIRST_INCREMENT (hp_increments == 1 ? HP_INCREMENTS - 1 : 0)
#else
#define HP_FIRST_INCREMENT 0
#endif

/* Sizes that are not known: what is required of them is what the kernel requires. Page frames have 52 bits at most. */
#if HP_SYMBOLIC_SIZES
unsigned long hp_section_pages, hp_block_pages_of_model, hp_altmap_pages, hp_first_frame;

static int hp_is_power_of_two(unsigned long n) { return (n != 0) & ((n & (n - 1)) == 0); }

static void hp_name_sizes(void)
{
	hp_section_pages = __hp_parameter("pages per section", 1, 1UL << 32);
	__hp_require(hp_is_power_of_two(hp_section_pages), "a section has a power of two of pages");
	hp_block_pages_of_model = __hp_parameter("pages per block", 1, 1UL << 32);
	__hp_require(hp_is_power_of_two(hp_block_pages_of_model), "a block has a power of two of pages");
	__hp_require(hp_section_pages <= hp_block_pages_of_model, "a block has whole sections");
#if HP_OWN_MEMMAP
	hp_altmap_pages = __hp_parameter("altmap pages", HP_LIFE ? 1 : 0, 1UL << 32);
	__hp_require(hp_altmap_pages < hp_block_pages_of_model, "the altmap is smaller than its block");
#endif
	hp_first_frame = __hp_parameter("first page frame", 0, 1UL << 52);
	__hp_require((hp_first_frame & (hp_block_pages_of_model - 1)) == 0, "blocks are aligned to their size");
	__hp_require(hp_first_frame + HP_BLOCKS * hp_block_pages_of_model <= 1UL << 52, "blocks end within 52 bits of page frames");
#if HP_STANDBY
	hp_increments = __hp_parameter("increments per block", 1, 1UL << 12);
#endif
}
#endif

int hp_block_of(unsigned long pfn)
{
	int b;

	for (b = 0; b < HP_BLOCKS; b++)
		if (pfn >= block[b].start_pfn && pfn < block[b].start_pfn + HP_BLOCK_PAGES)
			return b;
	return -1;
}

/* An increment of a block is switched: by firmware, or by the hypervisor when it is asked. */
void hp_set_increment(int b, int i, int value)
{
	int k, all = 1, some = 0;

	__VERIFIER_atomic_begin();
	for (k = HP_FIRST_INCREMENT; k < HP_INCREMENTS; k++) {
		int is = k == i ? value : block[b].increment[k];

		if (is)
			some = 1;
		else
			all = 0;
	}
	__hp_event("accessible", __hp_self(), b, all);
	__hp_event("partly-accessible", __hp_self(), b, some);
	block[b].increment[i] = value;
	block[b].accessible = all;
	block[b].some = some;
	__VERIFIER_atomic_end();
}

/* how: 0 initialise, 1 read, 2 write, 3 poison, 4 tear down */
void hp_touch_memmap(unsigned long pfn, int how)
{
	int b = hp_block_of(pfn);

	if (b >= 0)
		__hp_event("memmap", __hp_self(), b, how);
}

void hp_set_memmap(unsigned long pfn, int how, int state)
{
	int b = hp_block_of(pfn);
	int part, other;

	if (b < 0)
		return;
	part = block[b].altmap && pfn == block[b].start_pfn ? 0 : 1;
	__VERIFIER_atomic_begin();
	other = block[b].memmap_from == 2 ? block[b].part[1 - part] : state;
	if (how == 0 && block[b].part[part] == 2)
		__hp_event("initialised-again", __hp_self(), b);
	__hp_event("memmap", __hp_self(), b, how);
	block[b].part[part] = state;
	block[b].part[1 - part] = other;
	block[b].memmap = other == 2 ? 2 : state;
	__VERIFIER_atomic_end();
}

/* Struct pages get room, which nobody has initialised yet; and lose it. from: 1 page allocator, 2 altmap */
void hp_make_memmap(int b, int from, unsigned long pages)
{
	__VERIFIER_atomic_begin();
	__hp_event("memmap-made", __hp_self(), b, from, pages);
	block[b].memmap_from = from;
	block[b].memmap_pages = pages;
	block[b].part[0] = 1;
	block[b].part[1] = 1;
	block[b].memmap = 1;
	__VERIFIER_atomic_end();
}

/* What of it is freed must have been made: nothing is no mistake, an error path may meet a memmap that never came. */
void hp_drop_memmap(int b, int into, unsigned long pages)
{
	if (!block[b].memmap_from)
		return;
	__VERIFIER_atomic_begin();
	__hp_event("memmap", __hp_self(), b, 4);
	__hp_event("memmap-freed", __hp_self(), b, into, pages, block[b].memmap_from, block[b].memmap_pages);
#if HP_POISONERS
	hp_poisoned -= block[b].poisoned;
#endif
	block[b].poisoned = 0;
	block[b].memmap_from = 0;
	block[b].memmap_pages = 0;
	block[b].part[0] = 0;
	block[b].part[1] = 0;
	block[b].memmap = 0;
	__VERIFIER_atomic_end();
}

/* Where the tree configures memory before it adds it, a block that is there is accessible. */
int hp_starts_accessible(void) { return HP_BOOT || !HP_STANDBY || (HP_CONFIGURES && !HP_LIFE); }

void hp_init_block(int b)
{
	int i, on = hp_starts_accessible(), exists = HP_BOOT || !HP_LIFE;

	block[b].start_pfn = HP_START_PFN + b * HP_BLOCK_PAGES;
	block[b].altmap = HP_ALTMAP != 0;
	block[b].boot = HP_BOOT;
	block[b].isolated = !HP_BOOT;
	block[b].accessible = on;
	block[b].some = on;
	for (i = 0; i < HP_INCREMENTS; i++)
		block[b].increment[i] = on;
	block[b].has_record = exists;
	block[b].added = exists;
	block[b].on_bus = exists;
	block[b].references = exists;
	__hp_range(&block[b].references, -2, 5);  /* a lost or forgotten reference adds up, request by request */
	block[b].in_resource = exists;
	block[b].memmap_from = exists ? 1 + (HP_ALTMAP != 0) : 0;
	block[b].memmap_pages = exists ? HP_BLOCK_PAGES * 64 / 4096 : 0;
	block[b].memmap = HP_BOOT ? 2 : exists ? on | (HP_ALTMAP == 0) : 0;
	block[b].part[0] = block[b].memmap;
	block[b].part[1] = block[b].memmap;
}
