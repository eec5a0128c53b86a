/*
 * Hot-add and hot-remove: the meaning of what lies below add_memory() and remove_memory(). leaves.tbl says why each is
 * right. What a block is to the rest of the system stands in block[b]: its references, whether its files can be opened.
 */

/* Neither architecture has a protection of its own for hot-added memory. */
#define pgprot_mhp(prot) (prot)

#if HP_ADDS
struct hp_hot_add { int possible; };
struct hp_hot_add hot_add[HP_BLOCKS];
#endif
#if HP_REMOVES
struct hp_hot_remove { int possible; };
struct hp_hot_remove hot_remove[HP_BLOCKS];
#endif

struct resource hp_resource[HP_BLOCKS];
struct memory_block *hp_xa[HP_BLOCKS];  /* memory_blocks */
int hp_added;                           /* blocks that it has */
int hp_no_memory;                       /* its address: an xarray's error */
int hp_subsections[HP_BLOCKS];          /* the section of the block is in use */
int hp_in_firmware_map[HP_BLOCKS];      /* entries for the block: 0, 1, 2 too many */
int hp_linked[HP_BLOCKS];               /* links in sysfs: 1 in the folder of its node, 2 in its own */
struct node hp_node_device;
int hp_node_folder;                     /* the node's in sysfs: 0 not there, 1 there, 2 made a second time */
struct mutex vmem_mutex;

int hp_block_of_device(struct device *dev)
{
	int b;

	for (b = 0; b < HP_BLOCKS; b++)
		if (dev == &mem[b].dev)
			return b;
	return -1;
}

/* Devices: references, the bus, and users of their files. Nodes' devices stay. */
static void hp_count_reference(int b, int by)
{
	__VERIFIER_atomic_begin();
	__hp_event("reference", __hp_self(), b, by);
	block[b].references += by;
	__VERIFIER_atomic_end();
}

struct device *get_device(struct device *dev)
{
	int b = dev ? hp_block_of_device(dev) : -1;

	if (b >= 0)
		hp_count_reference(b, 1);
	return dev;
}

void put_device(struct device *dev)
{
	int b = dev ? hp_block_of_device(dev) : -1;

	if (b < 0)
		return;
	hp_count_reference(b, -1);
	if (block[b].references == 0)
		dev->release(dev);
}

int device_register(struct device *dev)
{
	int b = hp_block_of_device(dev);

	if (b < 0)
		return 0;
	hp_count_reference(b, 1);
	if (__hp_fault("device_register()"))
		return -12;
	__VERIFIER_atomic_begin();
	__hp_event("shown", __hp_self(), b, dev_offline(dev));
	block[b].on_bus = 1;
	__VERIFIER_atomic_end();
	return 0;
}

/* Waits until nobody is inside a file of the device. */
static void hp_leave_bus(int b)
{
	__VERIFIER_atomic_begin();
	__VERIFIER_assume(block[b].users == 0);
	block[b].on_bus = 0;
	__VERIFIER_atomic_end();
}

void device_unregister(struct device *dev)
{
	int b = hp_block_of_device(dev);

	if (b < 0)
		return;
	device_lock(dev);
	device_unlock(dev);
	hp_leave_bus(b);
	put_device(dev);
}

int bus_for_each_dev(const struct bus_type *bus, struct device *start, void *data, int (*fn)(struct device *, void *))
{
	int b, result;

	for (b = 0; b < HP_BLOCKS; b++) {
		if (!block[b].on_bus)
			continue;
		result = fn(&mem[b].dev, data);
		if (result)
			return result;
	}
	return 0;
}

/* The xarray of blocks, by block id, and the one of groups. */
static int hp_index(struct xarray *xa, unsigned long id)
{
	if (xa != &memory_blocks)
		return -1;
	if (id < HP_FIRST_BLOCK || id >= HP_FIRST_BLOCK + HP_BLOCKS) {
		__hp_event("odd-range", __hp_self());
		return -1;
	}
	return id - HP_FIRST_BLOCK;
}

#if HP_KNOWS_memory_group_find_by_id
void *hp_groups[HP_BLOCKS + 1];

int xa_alloc(struct xarray *xa, unsigned int *id, void *entry, ...)
{
	int i;

	if (xa != &memory_groups)
		__hp_give_up("an xarray that is neither that of blocks nor that of groups");
	for (i = 0; i <= HP_BLOCKS; i++) {
		if (hp_groups[i])
			continue;
		if (__hp_fault("xa_alloc()"))
			return -12;
		hp_groups[i] = entry;
		*id = i;
		return 0;
	}
	__hp_give_up("more memory groups than the model has room for");
	return -12;
}

static void *hp_group(unsigned long id) { return id <= HP_BLOCKS ? hp_groups[id] : (void *)0; }

static void *hp_drop_group(unsigned long id)
{
	void *old = hp_group(id);

	if (old)
		hp_groups[id] = (void *)0;
	return old;
}
#endif

void *xa_load(struct xarray *xa, unsigned long id)
{
	int b = hp_index(xa, id);

#if HP_KNOWS_memory_group_find_by_id
	if (xa == &memory_groups)
		return hp_group(id);
#endif
	if (b < 0)
		return (void *)0;
	hp_asked[__hp_self()] = b + 1;
	return hp_xa[b];
}

void *xa_store(struct xarray *xa, unsigned long id, void *entry, unsigned int flags)
{
	int b = hp_index(xa, id);

	if (b < 0 || __hp_fault("xa_store()"))
		return &hp_no_memory;
	hp_xa[b] = entry;
	block[b].added = 1;
	hp_added++;
	return (void *)0;
}

int xa_err(void *entry) { return entry == &hp_no_memory ? -12 : 0; }

void *xa_erase(struct xarray *xa, unsigned long id)
{
	int b = hp_index(xa, id);
	void *old;

#if HP_KNOWS_memory_group_find_by_id
	if (xa == &memory_groups)
		return hp_drop_group(id);
#endif
	if (b < 0)
		return (void *)0;
	old = hp_xa[b];
	hp_xa[b] = (void *)0;
	block[b].added = 0;
	if (old)
		hp_added--;
	return old;
}

/* The resource tree: one entry a block. */
struct resource *__request_region(struct resource *parent, unsigned long start, unsigned long size, const char *name,
				  int flags)
{
	int b = hp_block_of(start / 4096);

	if (b < 0 || block[b].in_resource || __hp_fault("__request_region()"))
		return (void *)0;
	block[b].in_resource = 1;
	hp_resource[b].start = start;
	hp_resource[b].end = start + size - 1;
	hp_resource[b].name = name;
	return &hp_resource[b];
}

int release_resource(struct resource *resource)
{
	block[hp_block_of(resource->start / 4096)].in_resource = 0;
	return 0;
}

void release_mem_region_adjustable(unsigned long start, unsigned long size)
{
	block[hp_block_of(start / 4096)].in_resource = 0;
}

/* What a leaf is given as a node is the scenario's, or somebody has mixed something up. */
static void hp_expect_node(int nid)
{
	if (nid != HP_NODE)
		__hp_event("odd-range", __hp_self());
}

/* Sections: only whole ones are added here. */
int sparse_index_init(unsigned long section, int nid)
{
	hp_expect_node(nid);
	return __hp_fault("sparse_index_init()") ? -12 : 0;
}

int fill_subsection_map(unsigned long pfn, unsigned long pages)
{
	int b = hp_block_of(pfn);

	if (hp_subsections[b])
		return -17;
	hp_subsections[b] = 1;
	return 0;
}

int clear_subsection_map(unsigned long pfn, unsigned long pages)
{
	int b = hp_block_of(pfn);

	if (!hp_subsections[b])
		return -22;
	hp_subsections[b] = 0;
	return 0;
}

int is_subsection_map_empty(struct mem_section *section)
{
	return !hp_subsections[section - &hp_section[0]];
}

/* The memmap of a block is mapped and unmapped; its pages come from the altmap, if there is one. */
int vmemmap_populate(unsigned long start, unsigned long end, int node, struct vmem_altmap *altmap)
{
	unsigned long pages = (end - start) / 4096;
	unsigned long pfn = (start - HP_VMEMMAP) / 64;

	hp_expect_node(node);
	if (__hp_fault("vmemmap_populate()"))
		return -12;
	if (altmap) {
		if (altmap->free - altmap->alloc - altmap->align < pages)
			return -12;
		altmap->alloc += pages;
	}
	hp_make_memmap(hp_block_of(pfn), altmap ? 2 : 1, pages);
	return 0;
}

void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
{
	unsigned long pages = (end - start) / 4096;

	int b = hp_block_of((start - HP_VMEMMAP) / 64);

	if (altmap && block[b].memmap_from) {
		hp_look_into(altmap);
		altmap->alloc -= pages;
	}
	hp_drop_memmap(b, altmap ? 2 : 1, pages);
}

int vmem_add_mapping(unsigned long start, unsigned long size)
{
	hp_range(start / 4096, size / 4096);
	mutex_lock(&vmem_mutex);
	mutex_unlock(&vmem_mutex);
	return __hp_fault("vmem_add_mapping()") ? -12 : 0;
}

void vmem_remove_mapping(unsigned long start, unsigned long size)
{
	hp_range(start / 4096, size / 4096);
	mutex_lock(&vmem_mutex);
	mutex_unlock(&vmem_mutex);
}
void init_memory_mapping(unsigned long start, unsigned long end, ...) { hp_range(start / 4096, (end - start) / 4096); }
void kernel_physical_mapping_remove(unsigned long start, unsigned long end) { hp_range(start / 4096, (end - start) / 4096); }

/* The map in sysfs of what firmware has said of memory: one entry a block. */
int firmware_map_add_hotplug(unsigned long start, unsigned long end, const char *type)
{
	int b = hp_range(start / 4096, (end - start) / 4096);

	if (b >= 0)
		hp_in_firmware_map[b] = hp_in_firmware_map[b] ? 2 : 1;
	return 0;
}
int firmware_map_remove(unsigned long start, unsigned long end, const char *type)
{
	int b = hp_range(start / 4096, (end - start) / 4096);

	if (b >= 0)
		hp_in_firmware_map[b] = 0;
	return 0;
}

/* The folder of the node in sysfs. */
int __register_one_node(int nid)
{
	hp_node_folder = hp_node_folder ? 2 : 1;
	return 0;
}
int register_node(int nid) { return __hp_fault("register_node()") ? -12 : __register_one_node(nid); }
void unregister_node(int nid) { hp_node_folder = 0; }
void unregister_one_node(int nid) { hp_node_folder = 0; }

/*
 * Links in sysfs between the folder of a node and that of a block. One that could not be made for want of memory counts as
 * made: who takes it away need not know. Without the folder of the node there is none. A name is the address of something,
 * here and nowhere read.
 */
static const char hp_block_name[HP_BLOCKS], hp_other_name;

static int hp_block_of_kobject(void *kobj)
{
	int b;

	for (b = 0; b < HP_BLOCKS; b++)
		if (kobj == &mem[b].dev.kobj)
			return b;
	return -1;
}

const char *kobject_name(const struct kobject *kobj)
{
	int b = hp_block_of_kobject(kobj);

	return b < 0 ? &hp_other_name : &hp_block_name[b];
}

static void hp_link(int b, int where, int there)
{
	__VERIFIER_atomic_begin();
	hp_linked[b] = there && hp_node_folder ? hp_linked[b] | where : hp_linked[b] & ~where;
	__VERIFIER_atomic_end();
}

int sysfs_create_link_nowarn(void *kobj, void *target, const char *name)
{
	if (hp_block_of_kobject(kobj) >= 0)
		hp_link(hp_block_of_kobject(kobj), 2, 1);
	else if (hp_block_of_kobject(target) >= 0)
		hp_link(hp_block_of_kobject(target), 1, 1);
	return __hp_fault("a link in sysfs") ? -12 : 0;
}

void sysfs_remove_link(void *kobj, const char *name)
{
	int b;

	if (hp_block_of_kobject(kobj) >= 0) {
		hp_link(hp_block_of_kobject(kobj), 2, 0);
		return;
	}
	for (b = 0; b < HP_BLOCKS; b++)
		if (name == &hp_block_name[b])
			hp_link(b, 1, 0);
}

/* A node without memory starts anew. */
int free_area_init_core_hotplug(...)
{
	struct pglist_data *pgdat = &hp_node;
	int z;

	if (__hp_fault("free_area_init_core_hotplug()"))
		return -12;
	pgdat->nr_zones = 0;
	pgdat->node_start_pfn = 0;
	pgdat->node_present_pages = 0;
	for (z = 0; z < MAX_NR_ZONES; z++)
		pgdat->node_zones[z].present_pages = 0;
	return 0;
}

unsigned long memory_block_size_bytes(void) { return HP_BLOCK_PAGES * 4096; }
int mhp_memmap_on_memory(void) { return HP_ALTMAP != 0; }
unsigned long memory_block_memmap_on_memory_pages(void) { return HP_ALTMAP; }
int check_cpu_on_node(struct pglist_data *pgdat) { return HP_LONE_NODE ? 0 : -16; }
int strcmp(const char *a, const char *b) { return !__hp_streq(a, b); }

unsigned long sme_me_mask;            /* memory encryption of x86: a bit in page tables */
unsigned long page_noexec_mask = -1;  /* execute protection of s390: a bit in page tables */

/* What is kept for each CPU is not modelled. */
#define for_each_online_cpu(cpu) for ((cpu) = 0; (cpu) < 0;)

/* Without CONFIG_STRICT_MM_TYPECHECKS a protection is a number; a macro of s390 makes the function that says so. */
#if !HP_KNOWS_pgprot_val
#define pgprot_val(prot) (prot)
#endif

/* Five levels of page tables only raise the highest address; the scenario's lie far below either. */
#define pgtable_l5_enabled() 0
unsigned long vmem_altmap_offset(struct vmem_altmap *altmap) { return altmap ? altmap->reserve + altmap->free : 0; }
