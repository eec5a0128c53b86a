/*
 * The meaning of leaves on a kernel tree: what lies below the functions that are followed. leaves.tbl says why each is
 * right. HP_HAS_record__field and HP_KNOWS_name are decided by the tree's own text.
 */

/* Nobody looks into a struct page here; what matters is its size. */
struct page { unsigned long words[8]; };

struct pglist_data hp_node;
struct mem_section hp_section[HP_BLOCKS];
int hp_page_zone[HP_BLOCKS];  /* what the struct pages of a block say: 0 nothing yet, else zone index + 1 */
int hp_node_has[16];
int system_state = 3;
struct mutex pcp_batch_high_lock;
int hp_handed_over[HP_BLOCKS];   /* the allocator has the pages of a block: 0 none, 1 each once, 2 some twice */
int hp_has_lists[MAX_NR_ZONES];  /* for each CPU, of free pages; 2: allocated again, and the first are lost */
int hp_is_listed[MAX_NR_ZONES];  /* in the lists of zones to fall back on */
int hp_watermarks_are_old;       /* pages came or went since they were computed */
int hp_ratelimit_is_old;         /* the same of the limit of dirty pages */
int hp_other_memory;             /* of the node, that nobody adds or removes */
int hp_spans_more;               /* a zone may span more than its blocks: memory of the boot, holes */
int hp_from_boot;                /* blocks were there at boot: their memmap stays, and their node */
int hp_block_pages;
int hp_configures;               /* memory is added by writing to a file that configures it */
int hp_keeps_objects;            /* some are allocated for longer than a block is there */
int hp_thread_runs[2];           /* kswapd, kcompactd */
int hp_order_is_old;             /* pages came since the free lists were shuffled */
int hp_is_set_up[MAX_NR_ZONES];  /* its lists of free pages are made */
int hp_clears_contiguous, hp_turns_pcp_off, hp_marks_own_memmap, hp_knows_inaccessible, hp_tells_no_dat;  /* the tree does such things at all */
int hp_contiguous = 1;           /* no zone is between clear_zone_contiguous() and set_zone_contiguous() */
int hp_managed[HP_BLOCKS];       /* the zone's count of managed pages has the block's: 0 not, 1 yes, 2 wrongly */
int hp_shadow[HP_BLOCKS];        /* the memmap in the block has a shadow: 0 no, 1 yes, 2 twice, 3 one too few */
int hp_self_hosted[HP_BLOCKS];   /* the struct pages of that memmap's own pages say what these are for */
int hp_is_set_aside[HP_BLOCKS];  /* the struct pages of that memmap's own pages are PageOffline() */
int hp_told_online[HP_BLOCKS];   /* what user space was told of the block last */
int hp_has_standby;              /* memory is switched on and off by a listener */
int hp_refused[HP_BLOCKS];       /* what was to be taken back of a block was not: the hypervisor, or no memory to ask it */
int hp_pcp_is_off;               /* lists of CPUs are not used */

/* Page frames and struct pages. A struct page pointer is a number: base + frame * 64. */
struct page *pfn_to_page(unsigned long pfn) { return (struct page *)(HP_VMEMMAP + pfn * 64); }
unsigned long page_to_pfn(const struct page *page) { return ((unsigned long)page - HP_VMEMMAP) / 64; }
void *__va(unsigned long address) { return (void *)(address + HP_DIRECT_MAP); }
unsigned long __pa(const void *address) { return (unsigned long)address - HP_DIRECT_MAP; }

struct pglist_data *NODE_DATA(int nid) { return &hp_node; }

struct mem_section *__nr_to_section(unsigned long nr)
{
	int b = hp_block_of(nr * PAGES_PER_SECTION);

	return b < 0 ? (void *)0 : &hp_section[b];
}

unsigned long __section_nr(struct mem_section *section) { return HP_FIRST_BLOCK + (section - &hp_section[0]); }

/* Only whole sections are added here, so every frame of a present one is there. */
int pfn_section_valid(struct mem_section *ms, unsigned long pfn) { return 1; }

struct zone *page_zone(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	int b = hp_block_of(pfn);

	hp_touch_memmap(pfn, 1);
	return hp_page_zone[b] ? &hp_node.node_zones[hp_page_zone[b] - 1] : &hp_node.node_zones[0];
}

/* What a leaf is given names page frames of one block, or somebody has mixed something up. */
static int hp_range(unsigned long start_pfn, unsigned long pages)
{
	int b = hp_block_of(start_pfn);

	if (b >= 0 && pages > 0 && pages <= HP_BLOCK_PAGES && start_pfn + pages <= block[b].start_pfn + HP_BLOCK_PAGES)
		return b;
	__hp_event("odd-range", __hp_self());
	return -1;
}

#if HP_PARAMETERS_zone_for_pfn_range == 5
struct zone *zone_for_pfn_range(int online_type, int nid, struct memory_group *group, unsigned long start_pfn,
				unsigned long nr_pages)
#else
struct zone *zone_for_pfn_range(int online_type, int nid, unsigned long start_pfn, unsigned long nr_pages)
#endif
{
	if (hp_range(start_pfn, nr_pages) >= 0 &&
	    (nid != HP_NODE || online_type == MMOP_OFFLINE || online_type < 0 || online_type > MMOP_ONLINE_MOVABLE))
		__hp_event("odd-range", __hp_self());
	return &hp_node.node_zones[online_type == MMOP_ONLINE_MOVABLE ? ZONE_MOVABLE : ZONE_NORMAL];
}

/* Memory of the boot may lie in several zones. */
struct zone *test_pages_in_a_zone(unsigned long start_pfn, unsigned long end_pfn)
{
	if (HP_BOOT && __hp_fault("the block lies in several zones:"))
		return (void *)0;
	return page_zone(pfn_to_page(start_pfn));
}

/* Nobody gets these pages before they were taken out of isolation. */
static void hp_init_memmap(unsigned long start_pfn, unsigned long pages, int nid, unsigned long zone, int context,
			   int migratetype)
{
	int b = hp_range(start_pfn, pages);

	if (b < 0)
		return;
	if (nid != HP_NODE || zone >= MAX_NR_ZONES || context != MEMINIT_HOTPLUG || migratetype < 0 ||
	    migratetype >= MIGRATE_TYPES)
		__hp_event("odd-range", __hp_self());
	hp_set_memmap(start_pfn, 0, 2);
	hp_page_zone[b] = zone + 1;
	if (block[b].altmap && start_pfn == block[b].start_pfn)
		hp_is_set_aside[b] = HP_SETS_NEW_PAGES_ASIDE;
	else
#if HP_PARAMETERS_memmap_init_range == 8 || HP_PARAMETERS_memmap_init_zone == 8
		block[b].isolated = migratetype == MIGRATE_ISOLATE;
#else
		block[b].isolated = 1;
#endif
}

void memmap_init_zone(unsigned long size, int nid, unsigned long zone, unsigned long start_pfn,
		      unsigned long zone_end_pfn, int context, struct vmem_altmap *altmap, int migratetype, ...)
{
	hp_init_memmap(start_pfn, size, nid, zone, context, migratetype);
}

void memmap_init_range(unsigned long size, int nid, unsigned long zone, unsigned long start_pfn,
		       unsigned long zone_end_pfn, int context, struct vmem_altmap *altmap, int migratetype, ...)
{
	hp_init_memmap(start_pfn, size, nid, zone, context, migratetype);
}

/* The struct pages of the pages that hold the memmap say so, from the first on. */
static int hp_holds_memmap(unsigned long pfn)
{
	int b = hp_block_of(pfn);

	return b >= 0 && block[b].altmap && pfn == block[b].start_pfn;
}

void page_init_poison(struct page *page, unsigned long size)
{
	if (hp_range(page_to_pfn(page), size / 64) < 0)
		return;
	hp_set_memmap(page_to_pfn(page), 3, 1);
	if (hp_holds_memmap(page_to_pfn(page))) {
		hp_self_hosted[hp_block_of(page_to_pfn(page))] = 0;
		hp_is_set_aside[hp_block_of(page_to_pfn(page))] = 0;
	}
}
static void hp_set_aside(struct page *page, int value)
{
	hp_touch_memmap(page_to_pfn(page), 2);
	if (hp_holds_memmap(page_to_pfn(page)))
		hp_is_set_aside[hp_block_of(page_to_pfn(page))] = value;
}
void __ClearPageOffline(struct page *page) { hp_set_aside(page, 0); }
void __SetPageOffline(struct page *page) { hp_set_aside(page, 1); }
void SetPageVmemmapSelfHosted(struct page *page)
{
	hp_touch_memmap(page_to_pfn(page), 2);
	if (hp_holds_memmap(page_to_pfn(page)))
		hp_self_hosted[hp_block_of(page_to_pfn(page))] = 1;
}
/* A range is handed over piece by piece, from its first page on: this is the first. */
static void hp_hand_over(int b)
{
	__VERIFIER_atomic_begin();
	__hp_event("pages", __hp_self(), b, 4);
	if (hp_handed_over[b] < 2)
		hp_handed_over[b]++;
	hp_managed[b] = 1;
	hp_order_is_old = HP_KNOWS_shuffle_zone;
	hp_watermarks_are_old = 1;
	hp_ratelimit_is_old = 1;
	__VERIFIER_atomic_end();
}

void __free_pages_core(struct page *page, unsigned int order, ...)
{
	int b = hp_range(page_to_pfn(page), 1UL << order);

	if (b < 0)
		return;
	hp_touch_memmap(page_to_pfn(page), 2);
	if (page_to_pfn(page) == block[b].start_pfn || page_to_pfn(page) == block[b].start_pfn + HP_ALTMAP)
		hp_hand_over(b);
}

/* The zone loses a range: at one of its ends it shrinks. Holes left by blocks in the middle stay in the span. */
void shrink_zone_span(struct zone *zone, unsigned long start_pfn, unsigned long end_pfn)
{
	unsigned long end = zone->zone_start_pfn + zone->spanned_pages;

	if (hp_range(start_pfn, end_pfn - start_pfn) < 0)
		return;
	if (start_pfn < zone->zone_start_pfn || end_pfn > end)
		__hp_event("odd-range", __hp_self());
	__hp_event("span", __hp_self(), hp_block_of(start_pfn));
	if (start_pfn <= zone->zone_start_pfn && end_pfn >= end) {
		zone->zone_start_pfn = 0;
		zone->spanned_pages = 0;
	} else if (end_pfn >= end && start_pfn < end) {
		zone->spanned_pages = start_pfn - zone->zone_start_pfn;
	} else if (start_pfn <= zone->zone_start_pfn && end_pfn > zone->zone_start_pfn) {
		zone->spanned_pages = end - end_pfn;
		zone->zone_start_pfn = end_pfn;
	}
}

void init_currently_empty_zone(struct zone *zone, unsigned long start_pfn, unsigned long pages, ...)
{
	__hp_event("span", __hp_self(), 0);
	if (hp_range(start_pfn, pages) >= 0)
		hp_is_set_up[zone - &hp_node.node_zones[0]] = 1;
}

/* Whether a zone has no holes is found out anew. */
void clear_zone_contiguous(struct zone *zone) { hp_contiguous = 0; }
void set_zone_contiguous(struct zone *zone) { hp_contiguous = 1; }

/* Where managed pages are counted out, they are those that the block had. */
void adjust_managed_page_count(struct page *page, long pages)
{
	int b = hp_block_of(page_to_pfn(page));

	if (b < 0)
		__hp_event("odd-range", __hp_self());
	else
		hp_managed[b] = hp_managed[b] == 1 && pages == -(HP_BLOCK_PAGES - (block[b].memmap_from == 2 ? HP_ALTMAP : 0)) ? 0 : 2;
}

/* The shadow of the memmap that lies in the block. */
int kasan_add_zero_shadow(void *start, unsigned long size)
{
	int b = hp_range(__pa(start) / 4096, size / 4096);

	if (__hp_fault("kasan_add_zero_shadow()"))
		return -12;
	if (b >= 0)
		hp_shadow[b] = hp_shadow[b] ? 2 : 1;
	return 0;
}

void kasan_remove_zero_shadow(void *start, unsigned long size)
{
	int b = hp_range(__pa(start) / 4096, size / 4096);

	if (b >= 0)
		hp_shadow[b] = hp_shadow[b] ? 0 : 3;
}

/* Isolation, migration, and what stands in their way. */
int walk_system_ram_range(unsigned long start_pfn, unsigned long nr_pages, void *arg,
			  int (*func)(unsigned long, unsigned long, void *))
{
	if (hp_range(start_pfn, nr_pages) < 0 || (HP_BOOT && __hp_fault("the block has a hole:")))
		return 0;
	return func(start_pfn, nr_pages, arg);
}

/*
 * what: 0 not isolated any more, 1 isolated, 2 found isolated and free, 3 taken out of the allocator; 4 handed over to it;
 * 5 one still has to move, 6 one is moved, 7 one cannot move
 */
static void hp_pages(int b, int what)
{
	__VERIFIER_atomic_begin();
	__hp_event("pages", __hp_self(), b, what);
	if (what < 2)
		block[b].isolated = what;
	if (what == 3) {
		hp_handed_over[b] = 0;
		hp_watermarks_are_old = 1;
		hp_ratelimit_is_old = 1;
	}
	__VERIFIER_atomic_end();
}

#if HP_KNOWS_MEMORY_OFFLINE
int start_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn, int migratetype, int flags, ...)
#else
int start_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn, ...)
#endif
{
	int b = hp_range(start_pfn, end_pfn - start_pfn);

	if (b < 0)
		return -22;
#if HP_KNOWS_MEMORY_OFFLINE
	if (!(flags & MEMORY_OFFLINE) || migratetype != MIGRATE_MOVABLE)
		__hp_event("odd-range", __hp_self());
#endif
	hp_touch_memmap(start_pfn, 2);
	if (__hp_fault("start_isolate_page_range()"))
		return -16;
	hp_pages(b, 1);
	return 0;
}

void undo_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn, ...)
{
	int b = hp_range(start_pfn, end_pfn - start_pfn);

	if (b < 0)
		return;
	hp_touch_memmap(start_pfn, 2);
	hp_pages(b, 0);
}

int signal_pending(void *task)
{
	int pending = __hp_choose(2, "a signal is pending:");

	__hp_event("signal", __hp_self(), pending);
	return pending;
}

int fatal_signal_pending(void *task) { return __hp_choose(2, "a fatal signal is pending:"); }

int scan_movable_pages(unsigned long start, unsigned long end, unsigned long *movable_pfn)
{
	if (hp_range(start, end - start) < 0)
		return -22;
	hp_touch_memmap(start, 1);
	if (__hp_choose(2, "a page still has to move:")) {
		*movable_pfn = start;
		__hp_event("pages", __hp_self(), hp_block_of(start), 5);
		return 0;
	}
	if (__hp_fault("a page cannot move:")) {
		__hp_event("pages", __hp_self(), hp_block_of(start), 7);
		return -16;
	}
	return -2;
}

void do_migrate_range(unsigned long start_pfn, unsigned long end_pfn)
{
	int b = hp_range(start_pfn, end_pfn - start_pfn);

	if (b < 0)
		return;
	hp_touch_memmap(start_pfn, 2);
	__VERIFIER_atomic_begin();
	__hp_event("sleeps", __hp_self());
	__hp_event("pages", __hp_self(), b, 6);
	__VERIFIER_atomic_end();
}

static int hp_dissolve_huge_pages(unsigned long start_pfn, unsigned long end_pfn)
{
	int b = hp_range(start_pfn, end_pfn - start_pfn);

	if (!__hp_fault("dissolving free huge pages"))
		return 0;
	if (b >= 0)
		__hp_event("pages", __hp_self(), b, 7);
	return -16;
}
int dissolve_free_huge_pages(unsigned long start_pfn, unsigned long end_pfn)
{
	return hp_dissolve_huge_pages(start_pfn, end_pfn);
}
int dissolve_free_hugetlb_folios(unsigned long start_pfn, unsigned long end_pfn)
{
	return hp_dissolve_huge_pages(start_pfn, end_pfn);
}
int test_pages_isolated(unsigned long start_pfn, unsigned long end_pfn, ...)
{
	int b = hp_range(start_pfn, end_pfn - start_pfn);

	if (b < 0)
		return -22;
	hp_touch_memmap(start_pfn, 1);
#if HP_POISONERS
	if (block[b].grabbed)
		return -16;
#endif
	if (__hp_choose(2, "pages have come back:"))
		return -16;
	hp_pages(b, 2);
	return 0;
}

unsigned long __offline_isolated_pages(unsigned long start_pfn, unsigned long end_pfn)
{
	int b = hp_range(start_pfn, end_pfn - start_pfn);

	if (b < 0)
		return 0;
	hp_pages(b, 3);
	offline_mem_sections(start_pfn, end_pfn);
	hp_touch_memmap(start_pfn, 2);
	return end_pfn - start_pfn;
}

/* what: 0 pcp lists, 1 lru cache */
void zone_pcp_disable(struct zone *zone)
{
	mutex_lock(&pcp_batch_high_lock);
	__VERIFIER_atomic_begin();
	__hp_event("disable", __hp_self(), 0);
	hp_pcp_is_off = 1;
	__VERIFIER_atomic_end();
}
void zone_pcp_enable(struct zone *zone)
{
	__VERIFIER_atomic_begin();
	__hp_event("enable", __hp_self(), 0);
	hp_pcp_is_off = 0;
	__VERIFIER_atomic_end();
	mutex_unlock(&pcp_batch_high_lock);
}
void lru_cache_disable(void)
{
	__VERIFIER_atomic_begin();
	__hp_event("sleeps", __hp_self());
	__hp_event("disable", __hp_self(), 1);
	__VERIFIER_atomic_end();
}
void lru_cache_enable(void) { __hp_event("enable", __hp_self(), 1); }

/* User space is told. */
int kobject_uevent(struct kobject *kobj, int action)
{
	int b;

	for (b = 0; b < HP_BLOCKS; b++) {
		if (kobj != &mem[b].dev.kobj || (action != KOBJ_ONLINE && action != KOBJ_OFFLINE))
			continue;
		__VERIFIER_atomic_begin();
		__hp_event("uevent", __hp_self(), b, action == KOBJ_ONLINE);
		hp_told_online[b] = action == KOBJ_ONLINE;
		__VERIFIER_atomic_end();
	}
	return 0;
}

/* Nodes. Only the node of the scenario changes. */
int node_state(int node, int state) { return hp_node_has[state]; }
void node_set_state(int node, int state)
{
	if (state != N_ONLINE && !hp_node_has[state])
		__hp_event("node-state", __hp_self(), node, 1);
	hp_node_has[state] = 1;
}
void node_clear_state(int node, int state)
{
	if (state != N_ONLINE && hp_node_has[state])
		__hp_event("node-state", __hp_self(), node, 0);
	hp_node_has[state] = 0;
}
void build_all_zonelists(void *pgdat)
{
	int z;

	__VERIFIER_atomic_begin();
	__hp_event("zonelists", __hp_self(), HP_NODE);
	for (z = 0; z < MAX_NR_ZONES; z++)
		hp_is_listed[z] = hp_node.node_zones[z].present_pages != 0;
	__VERIFIER_atomic_end();
}

/* Zones: the lists of their CPUs, and limits that hang on how many pages there are. */
void setup_zone_pageset(struct zone *zone)
{
	__hp_event("sleeps", __hp_self());
	hp_has_lists[zone - &hp_node.node_zones[0]] = hp_has_lists[zone - &hp_node.node_zones[0]] ? 2 : 1;
}
void zone_pcp_reset(struct zone *zone) { hp_has_lists[zone - &hp_node.node_zones[0]] = 0; }

int init_per_zone_wmark_min(void)
{
	hp_watermarks_are_old = 0;
	return 0;
}
void writeback_set_ratelimit(void) { hp_ratelimit_is_old = 0; }

/* Pages that are still isolated are on no list that is shuffled. */
void shuffle_zone(struct zone *zone)
{
	int b;

	__VERIFIER_atomic_begin();
	hp_order_is_old = 0;
	for (b = 0; b < HP_BLOCKS; b++)
		if (HP_KNOWS_shuffle_zone && hp_handed_over[b] && block[b].isolated)
			hp_order_is_old = 1;
	__VERIFIER_atomic_end();
}

/* Threads of a node: who makes one, or waits for its end, sleeps. */
static void hp_run_thread(int nid, int which, int runs)
{
	__VERIFIER_atomic_begin();
	__hp_event("sleeps", __hp_self());
	if (nid == HP_NODE)
		hp_thread_runs[which] = runs;
	__VERIFIER_atomic_end();
}
void kswapd_run(int nid) { hp_run_thread(nid, 0, 1); }
void kswapd_stop(int nid) { hp_run_thread(nid, 0, 0); }
void kcompactd_run(int nid) { hp_run_thread(nid, 1, 1); }
void kcompactd_stop(int nid) { hp_run_thread(nid, 1, 0); }

void msleep(unsigned int msecs) { __hp_event("sleeps", __hp_self()); }

/* Where the marks of a device are bits, macros of the tree make the functions that set them. */
#if HP_KNOWS_DEV_FLAG_OFFLINE
#define HP_MARKS(dev) ((dev)->flags[0])
#define HP_OFFLINE_BIT (1UL << DEV_FLAG_OFFLINE)
#else
#define HP_MARKS(dev) ((dev)->offline)
#define HP_OFFLINE_BIT 1
#endif
void dev_set_offline(struct device *dev) { HP_MARKS(dev) |= HP_OFFLINE_BIT; }
void dev_clear_offline(struct device *dev) { HP_MARKS(dev) &= ~HP_OFFLINE_BIT; }
int dev_offline(const struct device *dev) { return (HP_MARKS(dev) & HP_OFFLINE_BIT) != 0; }
void dev_assign_offline(struct device *dev, int value)
{
	if (value)
		dev_set_offline(dev);
	else
		dev_clear_offline(dev);
}

/* Small library functions whose arguments are known. */
int kstrtobool(const char *text, _Bool *value)
{
	*value = __hp_streq(text, "1");
	return 0;
}
int sysfs_streq(const char *a, const char *b) { return __hp_streq(a, b); }
long atomic_long_read(const atomic_long_t *v) { return v->counter; }
void atomic_long_inc(atomic_long_t *v)
{
	__VERIFIER_atomic_begin();
	v->counter++;
	__VERIFIER_atomic_end();
}
void atomic_long_sub(long by, atomic_long_t *v)
{
	__VERIFIER_atomic_begin();
	v->counter -= by;
	__VERIFIER_atomic_end();
}

/* The text of a number is the number. */
int kstrtoull(const char *text, unsigned int base, unsigned long long *out)
{
	*out = (unsigned long)text;
	return 0;
}

int strtobool(const char *text, _Bool *out) { return kstrtobool(text, out); }

void *memset(void *bytes, int value, unsigned long size)
{
	unsigned char *at = bytes;
	unsigned long i;

	for (i = 0; i < size; i++)
		at[i] = value;
	return bytes;
}
int device_for_each_child(struct device *parent, void *data, int (*fn)(struct device *, void *)) { return 0; }

unsigned long __ffs(unsigned long word)
{
	unsigned long bit = 0;

	while (bit < 63 && !(word >> bit & 1))
		bit++;
	return bit;
}

unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size, unsigned long offset)
{
	while (offset < size && map[offset / 64] >> (offset % 64) & 1)
		offset++;
	return offset;
}

unsigned long find_first_zero_bit(const unsigned long *map, unsigned long size)
{
	return find_next_zero_bit(map, size, 0);
}

void set_bit(long nr, unsigned long *map) { map[nr / 64] |= 1UL << (nr % 64); }
void clear_bit(long nr, unsigned long *map) { map[nr / 64] &= ~(1UL << (nr % 64)); }

/* A count of pages that a mistake lets grow (or shrink) without end is followed so far and no further. */
static void hp_limit(unsigned long *pages)
{
	__hp_range(pages, -2L * HP_BLOCKS * (long)HP_BLOCK_PAGES, (HP_FIRST_BLOCK + 3L * HP_BLOCKS) * (long)HP_BLOCK_PAGES);
}

static void hp_init_node(void)
{
	int z;

	hp_limit(&hp_node.node_spanned_pages);
	hp_limit(&hp_node.node_present_pages);
	hp_node.node_id = HP_NODE;
	for (z = 0; z < MAX_NR_ZONES; z++) {
		hp_node.node_zones[z].zone_pgdat = &hp_node;
		hp_node.node_zones[z].node = HP_NODE;
		hp_is_set_up[z] = 0;
		hp_limit(&hp_node.node_zones[z].spanned_pages);
		hp_limit(&hp_node.node_zones[z].present_pages);
		hp_limit(&hp_node.node_zones[z].nr_isolate_pageblock);
	}
	if (!HP_LONE_NODE || HP_BOOT) {
		struct zone *zone = &hp_node.node_zones[ZONE_NORMAL];

		zone->present_pages = HP_BLOCK_PAGES * ((HP_LONE_NODE ? 0 : HP_FIRST_BLOCK) + (HP_BOOT ? HP_BLOCKS : 0));
		zone->spanned_pages = HP_BLOCK_PAGES * (HP_FIRST_BLOCK + (HP_BOOT ? HP_BLOCKS : 0));
		hp_node.node_spanned_pages = zone->spanned_pages;
		hp_node.node_present_pages = zone->present_pages;
		hp_is_set_up[ZONE_NORMAL] = 1;
		hp_has_lists[ZONE_NORMAL] = 1;
		hp_is_listed[ZONE_NORMAL] = 1;
		hp_thread_runs[0] = 1;
		hp_thread_runs[1] = 1;
		hp_node_has[N_MEMORY] = 1;
		hp_node_has[N_NORMAL_MEMORY] = 1;
	}
}

#if HP_HAS_memory_block__altmap
struct vmem_altmap hp_altmap[HP_BLOCKS];
#endif

static void hp_init_memory_block(int b)
{
	hp_init_block(b);
	hp_handed_over[b] = HP_BOOT;
	hp_managed[b] = HP_BOOT;
	hp_shadow[b] = 0;
	hp_refused[b] = 0;
	hp_in_firmware_map[b] = HP_BOOT || !HP_LIFE;
	hp_linked[b] = HP_BOOT || !HP_LIFE ? 3 : 0;
	hp_self_hosted[b] = 0;
	hp_is_set_aside[b] = 0;
	hp_told_online[b] = HP_BOOT;
#if HP_ADDS
	hot_add[b].possible = 1;
#endif
#if HP_REMOVES
	hot_remove[b].possible = 1;
#endif
	/* What an entry for the block says; nobody reads it before it is made. */
	hp_resource[b].start = block[b].start_pfn * 4096;
	hp_resource[b].end = hp_resource[b].start + HP_BLOCK_PAGES * 4096 - 1;
	if (!HP_BOOT && HP_LIFE)
		return;
	hp_xa[b] = &mem[b];
	hp_added++;
	hp_subsections[b] = 1;
	hp_section[b].section_mem_map = SECTION_MARKED_PRESENT | SECTION_HAS_MEM_MAP;
	if (HP_BOOT)
		hp_section[b].section_mem_map |= SECTION_IS_ONLINE | SECTION_IS_EARLY;
	hp_page_zone[b] = HP_BOOT ? ZONE_NORMAL + 1 : 0;
#if HP_POISONERS
	hp_limit((unsigned long *)&mem[b].nr_hwpoison.counter);
	__hp_range(&num_poisoned_pages.counter, -2, HP_BLOCKS + 2);
#endif
	mem[b].start_section_nr = HP_FIRST_BLOCK + b;
	mem[b].state = HP_BOOT ? MEM_ONLINE : MEM_OFFLINE;
	mem[b].online_type = MMOP_OFFLINE;
	mem[b].nid = HP_NODE;
#if HP_HAS_memory_block__zone
	mem[b].zone = HP_BOOT ? &hp_node.node_zones[ZONE_NORMAL] : (void *)0;
#endif
	mem[b].dev.bus = &memory_subsys;
	dev_assign_offline(&mem[b].dev, !HP_BOOT);
	mem[b].dev.id = HP_FIRST_BLOCK + b;
	mem[b].dev.release = memory_block_release;
#if HP_HAS_memory_block__altmap
	if (HP_ALTMAP) {
		hp_altmap[b].free = HP_ALTMAP;
#if HP_HAS_vmem_altmap__inaccessible
		hp_altmap[b].inaccessible = HP_STANDBY;
#endif
		mem[b].altmap = &hp_altmap[b];
	}
#elif HP_HAS_memory_block__nr_vmemmap_pages
	mem[b].nr_vmemmap_pages = HP_ALTMAP;
#endif
}

void hp_init(void)
{
	int b;

	sections_per_block = 1;
	hp_other_memory = !HP_LONE_NODE || !HP_LIFE;
	hp_spans_more = !HP_LONE_NODE || HP_BOOT || HP_BLOCKS > 1;
	hp_from_boot = HP_BOOT;
	hp_configures = HP_CONFIGURES;
	hp_block_pages = HP_BLOCK_PAGES;
	hp_has_standby = HP_STANDBY && !HP_CONFIGURES;
	hp_clears_contiguous = HP_KNOWS_clear_zone_contiguous;
	hp_turns_pcp_off = HP_KNOWS_zone_pcp_disable;
	hp_pcp_is_off = 0;  /* there also where nothing turns them off */
	hp_marks_own_memmap = HP_KNOWS_PG_vmemmap_self_hosted;
	hp_knows_inaccessible = HP_HAS_vmem_altmap__inaccessible;
	hp_tells_no_dat = HP_KNOWS___arch_set_page_nodat;
	hp_keeps_objects = HP_CORE_LISTENERS || HP_ACPI;
	node_devices[HP_NODE] = &hp_node_device;
	hp_node_folder = !HP_LONE_NODE || HP_BOOT || !HP_LIFE;
	hp_node_has[N_POSSIBLE] = 1;
	hp_node_has[N_ONLINE] = !HP_LONE_NODE || HP_BOOT || !HP_LIFE;
	hp_init_node();
	for (b = 0; b < HP_BLOCKS; b++)
		hp_init_memory_block(b);
#if HP_ACPI
	hp_init_acpi();
#endif
	hp_add_ideal_listeners();
#if HP_CONFIGURES || HP_OWN_PLATFORM
	hp_init_increments();
#endif
#if HP_CORE_LISTENERS
	hp_start_core();
#endif
	hp_add_real_listeners();
#if HP_CROWDS
	hp_check_crowds();
#endif
}

/*
 * A chain holds each listener once, so this many calls reach its end. Said as a number where a listener comes and goes:
 * from the links alone nobody can tell then that the walk ends. Elsewhere a walk that goes on is a loop.
 */
int hp_around_notifier_call_chain(struct notifier_block **nl, unsigned long val, void *v, int nr_to_call, int *nr_calls)
{
	int result, most = HP_CHAIN + HP_NODE_LISTENERS, calls = 0;

	if (nr_to_call >= 0)
		return notifier_call_chain(nl, val, v, nr_to_call, nr_calls);
	result = notifier_call_chain(nl, val, v, HP_REGISTRARS ? most : most + 1, &calls);
	if (calls > most)
		__hp_give_up("the walk over the notifier chain calls a listener again");
	if (nr_calls)
		*nr_calls += calls;
	return result;
}

/* Every way to the listeners of memory: through memory_notify() or past it. */
int hp_around_blocking_notifier_call_chain(struct blocking_notifier_head *nh, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int b, result;

	if (nh != &memory_chain)
		return blocking_notifier_call_chain(nh, action, data);
	b = hp_block_of(arg->start_pfn);
	__hp_event("notify", __hp_self(), action, b);
	result = blocking_notifier_call_chain(nh, action, data);
	__hp_event("notify-done", __hp_self(), action, b, result);
	return result;
}

/* Rolls back with the second action, among those that accepted the first. */
int hp_around_blocking_notifier_call_chain_robust(struct blocking_notifier_head *nh, unsigned long up,
						  unsigned long down, void *data)
{
	struct memory_notify *arg = data;
	int b, result;

	if (nh != &memory_chain)
		return blocking_notifier_call_chain_robust(nh, up, down, data);
	b = hp_block_of(arg->start_pfn);
	__hp_event("notify", __hp_self(), up, b);
	result = blocking_notifier_call_chain_robust(nh, up, down, data);
	__hp_event("notify-done", __hp_self(), up, b, result);
	if (result & NOTIFY_STOP_MASK)
		__hp_event("notify", __hp_self(), down, b);
	return result;
}

/* Present pages of the node beyond those of the blocks that are online. */
long hp_unaccounted(void)
{
	long pages = hp_node.node_present_pages;
	int b;

	if (!HP_LONE_NODE)
		pages -= HP_FIRST_BLOCK * HP_BLOCK_PAGES;
	for (b = 0; b < HP_BLOCKS; b++)
		if (block[b].added && mem[b].state == MEM_ONLINE)
			pages -= HP_BLOCK_PAGES;
	return pages;
}
