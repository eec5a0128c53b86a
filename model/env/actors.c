/* Who runs: each of these is called for ever. */

/* A user who writes to a block's state file. what: 0 offline, 1 online. */
void hp_worker(int number)
{
	int what, b;
	long result;

	__hp_rest();
	what = __hp_choose(2, "0 sets it offline, 1 sets it online:");
	b = HP_BLOCKS > 1 ? __hp_choose(HP_BLOCKS, "which block:") : 0;
	__hp_event("request", __hp_self(), b, what);
	result = state_store(&mem[b].dev, (void *)0, what ? "online" : "offline", 6);
	__hp_event("returned", __hp_self(), b, what, result);
}

/* A reader in kmemleak's shape: it looks at the struct page of a frame that it finds online. */
void hp_reader(int number)
{
	int b;

	__hp_rest();
	b = HP_BLOCKS > 1 ? __hp_choose(HP_BLOCKS, "which block:") : 0;
	get_online_mems();
	if (pfn_to_online_page(block[b].start_pfn + HP_BLOCK_PAGES - 1))
		hp_touch_memmap(block[b].start_pfn + HP_BLOCK_PAGES - 1, 1);
	put_online_mems();
}

/* A module that comes and goes: its listener is the last ideal one. */
void hp_registrar(int number)
{
	__hp_rest();
	unregister_memory_notifier(&hp_ideal[HP_LISTENERS - 1]);
	register_memory_notifier(&hp_ideal[HP_LISTENERS - 1]);
}
