/* What lies below the listeners of core mm, as far as it matters to memory hotplug. leaves.tbl says why each is right. */

/* Limits that the listeners recompute, and what these are computed from. */
int sysctl_overcommit_memory;
unsigned long sysctl_user_reserve_kbytes = 1024;
unsigned long sysctl_admin_reserve_kbytes = 1024;

/* Slab caches: one stands for all of them. What a cache needs for a node is allocated once and kept. */
struct mutex slab_mutex;
struct list_head slab_caches;
#if HP_HAS_kmem_cache__list
struct kmem_cache hp_cache;
struct kmem_cache_node hp_cache_node;
#endif

void *kmem_cache_alloc(struct kmem_cache *cache, unsigned int flags)
{
	return __hp_fault("kmem_cache_alloc()") ? (void *)0 : hp_new_object();
}
void *kmalloc_node(unsigned long size, unsigned int flags, int node) { return kzalloc(size, flags); }
void kmem_cache_free(struct kmem_cache *cache, void *object) { kfree(object); }

/* The table of page_ext of a section: its address matters, nobody here reads through it. */
#define HP_PAGE_EXT 0xffffc90000000000UL
void *alloc_page_ext(unsigned long size, int nid)
{
	return __hp_fault("alloc_page_ext()") ? (void *)0 : (void *)HP_PAGE_EXT;
}

/* The struct page says on which node a frame lies. */
int pfn_to_nid(unsigned long pfn)
{
	hp_touch_memmap(pfn, 1);
	return HP_NODE;
}

void cpuset_handle_hotplug(void)
{
	mutex_lock(&cpuset_mutex);
	mutex_unlock(&cpuset_mutex);
}

/* What the kernel sets up while it boots, for the nodes and the memory that it has by then. */
void hp_start_core(void)
{
	slab_caches.next = &slab_caches;
	slab_caches.prev = &slab_caches;
#if HP_HAS_kmem_cache__list
	list_add_tail(&hp_cache.list, &slab_caches);
	if (hp_node_has[N_NORMAL_MEMORY])
#if HP_HAS_kmem_cache__node
		hp_cache.node[HP_NODE] = &hp_cache_node;
#else
		hp_cache.per_node[HP_NODE].node = &hp_cache_node;
#endif
#endif
#if HP_HAS_mem_section__page_ext
	if (HP_BOOT) {
		int b;

		for (b = 0; b < HP_BLOCKS; b++)
			hp_section[b].page_ext = (void *)(HP_PAGE_EXT - page_ext_size * block[b].start_pfn);
	}
#endif
}
