/* Memory that comes and goes. */

#define MHP_NONE             0
#define MHP_MEMMAP_ON_MEMORY (1 << 0)  /* its memmap lies in its own first pages, where that is on */

/* Pages that a block sets aside for its own memmap. */
struct altmap {
	unsigned long pages;
	int flags;
};

int add_memory(struct memory_block *mem, int flags);
int remove_memory(struct memory_block *mem);

/* What the platform says. */
bool platform_has_memmap_on_memory(void);
int platform_populate_memmap(unsigned long pfn, struct altmap *altmap);
