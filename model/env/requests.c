/*
 * What can be asked of memory hotplug: the entry points of a kernel tree, each in the surroundings that its callers give
 * it. Which of them a worker uses is the scenario's choice; the numbers are those of model/scenarios/requests.cpp.
 */

/* A file of a block is there while the block is; whoever is inside keeps the device on the bus. */
static int hp_open_file(int b)
{
	int there = 1;

#if HP_LIFE
	__VERIFIER_atomic_begin();
	there = block[b].on_bus;
	if (there)
		block[b].users++;
	__VERIFIER_atomic_end();
#endif
	return there;
}

static void hp_close_file(int b)
{
#if HP_LIFE
	__VERIFIER_atomic_begin();
	block[b].users--;
	__VERIFIER_atomic_end();
#endif
}

/* A user writes to the file "state" of a block. */
static long hp_write_state(int b, const char *state, unsigned long length)
{
	long result;

	if (!hp_open_file(b))
		return -19;
	result = state_store(&mem[b].dev, (void *)0, state, length);
	hp_close_file(b);
	return result;
}

/* A user writes to the file "online", which every device has that can be set offline. */
#if HP_ASKS_device_online || HP_ASKS_device_offline
static long hp_write_online(int b, const char *value)
{
	long result;

	if (!hp_open_file(b))
		return -19;
	result = online_store(&mem[b].dev, (void *)0, value, 1);
	hp_close_file(b);
	return result;
}
#endif

#if HP_LIFE
struct mutex hp_firmware;  /* firmware, or a driver that stands for it, does one thing at a time */

/* Where memory answers from the moment it is there, somebody plugs it in before it is added. */
static void hp_plug(int b)
{
	int i;

	if (HP_STANDBY || block[b].accessible)
		return;
	for (i = 0; i < HP_INCREMENTS; i++)
		hp_set_increment(b, i, 1);
}

/* Who has added memory takes it away; what ACPI has added is ACPI's. */
static int hp_may_remove(int b)
{
#if HP_ACPI
	if (hp_acpi_device[b].driver_data)
		return 0;
#endif
	return block[b].in_resource;
}

#if HP_CONFIGURES
/* Who is in charge of the machine writes to a file that configures the memory of a block, and adds it. */
static long hp_add(int b) { return hp_configure(b, 1); }
static long hp_remove(int b) { return hp_configure(b, 0); }
#else

static long hp_add(int b)
{
	unsigned long start = block[b].start_pfn * 4096, size = HP_BLOCK_PAGES * 4096;
	int flags = 0;
	long result;

#if HP_KNOWS_MHP_MEMMAP_ON_MEMORY
	if (HP_ALTMAP)
		flags |= MHP_MEMMAP_ON_MEMORY;
#endif
#if HP_KNOWS_MHP_OFFLINE_INACCESSIBLE
	if (HP_STANDBY && HP_ALTMAP)
		flags |= MHP_OFFLINE_INACCESSIBLE;
#endif
	mutex_lock(&hp_firmware);
	hp_plug(b);
	result = add_memory(HP_NODE, start, size, flags);
	mutex_unlock(&hp_firmware);
	return result;
}

/* Some trees want to be told the node. */
static int hp_remove_memory(unsigned long start, unsigned long size)
{
#if HP_PARAMETERS_remove_memory == 3
	return remove_memory(HP_NODE, start, size);
#else
	return remove_memory(start, size);
#endif
}

static long hp_remove(int b)
{
	long result = -19;

	mutex_lock(&hp_firmware);
	if (hp_may_remove(b))
		result = hp_remove_memory(block[b].start_pfn * 4096, HP_BLOCK_PAGES * 4096);
	mutex_unlock(&hp_firmware);
	return result;
}
#endif
#endif

#if HP_ASKS_offline_and_remove
static long hp_offline_and_remove(int b)
{
	long result = -19;

	mutex_lock(&hp_firmware);
	if (hp_may_remove(b))
#if HP_PARAMETERS_offline_and_remove_memory == 3
		result = offline_and_remove_memory(HP_NODE, block[b].start_pfn * 4096, HP_BLOCK_PAGES * 4096);
#else
		result = offline_and_remove_memory(block[b].start_pfn * 4096, HP_BLOCK_PAGES * 4096);
#endif
	mutex_unlock(&hp_firmware);
	return result;
}
#endif

/* A user writes an address to the file "probe"; the text of a number is the number here. */
#if HP_ASKS_probe
static long hp_probe(int b)
{
	long result;

	hp_plug(b);
	result = probe_store((void *)0, (void *)0, (const char *)(block[b].start_pfn * 4096), 1);
	return result == 1 ? 0 : result;
}
#endif

/* A user says what becomes of memory that is added. */
#if HP_ASKS_auto_online
static long hp_auto_online(void)
{
	if (__hp_choose(2, "added memory is set online by itself: no|yes"))
		return auto_online_blocks_store((void *)0, (void *)0, "online", 6);
	return auto_online_blocks_store((void *)0, (void *)0, "offline", 7);
}
#endif

/* Standby memory is added once, while the machine starts; nobody else asks for anything before. */
#if HP_ASKS_boot_add
int hp_booted;

static long hp_boot_add(void)
{
	int b, result = 0;

	sclp_add_standby_memory();
	__VERIFIER_atomic_begin();
	hp_booted = 1;
	for (b = 0; b < HP_BLOCKS; b++)
		if (!block[b].on_bus)
			result = -19;
	__VERIFIER_atomic_end();
	return result;
}
#endif

int hp_choose_request(int number)
{
#if HP_ASKS_boot_add
	int first;

	__VERIFIER_atomic_begin();
	first = !hp_booted;
	__VERIFIER_assume(!first || number == 0);
	__VERIFIER_atomic_end();
	if (first)
		return HP_ASKS_boot_add;
#endif
	return hp_request[__hp_choose(HP_REQUESTS, HP_REQUEST_TEXT)];
}

long hp_serve(int what, int b)
{
	switch (what) {
	case 0:
		return hp_write_state(b, "offline", 7);
	case 1:
		return hp_write_state(b, "online", 6);
#if HP_LIFE
	case 2:
		return hp_add(b);
	case 3:
		return hp_remove(b);
#endif
#if HP_ASKS_online_movable
	case HP_ASKS_online_movable:
		return hp_write_state(b, "online_movable", 14);
#endif
#if HP_ASKS_device_offline
	case HP_ASKS_device_offline:
		return hp_write_online(b, "0");
#endif
#if HP_ASKS_device_online
	case HP_ASKS_device_online:
		return hp_write_online(b, "1");
#endif
#if HP_ASKS_offline_and_remove
	case HP_ASKS_offline_and_remove:
		return hp_offline_and_remove(b);
#endif
#if HP_ASKS_probe
	case HP_ASKS_probe:
		return hp_probe(b);
#endif
#if HP_ASKS_acpi_add
	case HP_ASKS_acpi_add:
		return hp_acpi_add(b);
#endif
#if HP_ASKS_acpi_remove
	case HP_ASKS_acpi_remove:
		return hp_acpi_remove(b);
#endif
#if HP_ASKS_auto_online
	case HP_ASKS_auto_online:
		return hp_auto_online();
#endif
#if HP_ASKS_boot_add
	case HP_ASKS_boot_add:
		return hp_boot_add();
#endif
	}
	__hp_give_up("a request that the scenario does not have");
	return 0;
}
