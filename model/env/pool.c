/*
 * Memory that is allocated and freed while the model runs. Each place in the source that allocates has a few objects of
 * its own; when all of them are in use there is no memory left, as when an allocation fails. A freed object is zero again.
 */

#define HP_SLOTS (HP_BLOCKS + 1)
#define HP_SITES 24

int hp_in_use[HP_SITES * HP_SLOTS];
int hp_objects;           /* so many are in use */
int hp_asked[HP_ACTORS];  /* the block, plus 1, whose record an actor looked for last: the one that it makes next */

static void *hp_new_object(void)
{
	int i, first = __hp_site() * HP_SLOTS;

	if (first >= HP_SITES * HP_SLOTS)
		__hp_give_up("more places allocate than the model has room for");
	for (i = 0; i < HP_SLOTS; i++) {
		if (!hp_in_use[first + i]) {
			hp_in_use[first + i] = 1;
			hp_objects++;
			return __hp_object(first + i);
		}
	}
	return (void *)0;
}

/* __GFP_DIRECT_RECLAIM, of GFP_KERNEL and its kin: the caller can sleep, and does where memory has to be reclaimed. */
static void hp_may_reclaim(unsigned int flags)
{
	if (flags & 0x400)
		__hp_event("sleeps", __hp_self());
}

void *kzalloc(unsigned long size, unsigned int flags)
{
	int b = hp_asked[__hp_self()] - 1;

	if (__hp_fault("kzalloc()"))
		return (void *)0;
	hp_may_reclaim(flags);
#if HP_ACPI
	if (size == sizeof(struct acpi_memory_device))
		return &hp_acpi_driver[hp_acpi_asked];
#endif
	if (size == sizeof(struct memory_block)) {
		if (b < 0)
			__hp_give_up("a block's record is made that nobody looked for before");
		if (block[b].has_record)
			__hp_give_up("a block gets a second record while its first was not freed");
		block[b].has_record = 1;
		return &mem[b];
	}
	return hp_new_object();
}

void *kmalloc(unsigned long size, unsigned int flags) { return kzalloc(size, flags); }
void *kmalloc_array(unsigned long count, unsigned long size, unsigned int flags) { return kzalloc(count * size, flags); }

void *kmemdup(const void *from, unsigned long size, unsigned int flags)
{
	struct vmem_altmap *copy;

	if (size != sizeof(struct vmem_altmap))
		__hp_give_up("a copy of something whose type is not known");
	if (__hp_fault("kmemdup()"))
		return (void *)0;
	hp_may_reclaim(flags);
	copy = hp_new_object();
	if (copy)
		*copy = *(const struct vmem_altmap *)from;
	return copy;
}

/* What is followed here is looked into by what is cut off. */
static void hp_look_into(const void *pointer)
{
	int number = __hp_object_number(pointer);

	if (number >= 0 && !hp_in_use[number])
		__hp_event("use-after-free", __hp_self());
}

void kfree(const void *pointer)
{
	int b, number;

	if (!pointer)
		return;
	for (b = 0; b < HP_BLOCKS; b++) {
		if (pointer == &mem[b]) {
			if (!block[b].has_record)
				__hp_event("use-after-free", __hp_self());
			block[b].has_record = 0;
			__hp_zero(&mem[b]);
			return;
		}
		if (pointer == &hp_resource[b])
			return;
	}
#if HP_ACPI
	if (hp_acpi_free(pointer))
		return;
#endif
	number = __hp_object_number(pointer);
	if (number < 0) {
		__hp_free(pointer);
		return;
	}
	if (!hp_in_use[number])
		__hp_event("use-after-free", __hp_self());
	else
		hp_objects--;
	hp_in_use[number] = 0;
	__hp_zero(pointer);
}

#define kzalloc_obj(type, ...) kzalloc(sizeof(type), 0)

/* Once no reader is left; nothing reads what is freed so. */
#define kfree_rcu(pointer, field) kfree(pointer)
