/* Who runs: each of these is called for ever. */

#if HP_LIFE
/* A user who writes to a block's state file, which is there while the block is. */
static long hp_write_state(int b, const char *state, unsigned long length)
{
	long result;

	__VERIFIER_atomic_begin();
	if (!block[b].on_bus) {
		__VERIFIER_atomic_end();
		return -19;
	}
	block[b].users++;
	__VERIFIER_atomic_end();
	result = state_store(&mem[b].dev, (void *)0, state, length);
	__VERIFIER_atomic_begin();
	block[b].users--;
	__VERIFIER_atomic_end();
	return result;
}
#endif

/* Whoever asks for something, again and again. what: 0 offline, 1 online; with hot-add, also 2 add, 3 remove. */
void hp_worker(int number)
{
	int what, b;
	long result;

	__hp_rest();
	what = __hp_choose(HP_LIFE ? 4 : 2, "what is asked for:");
	b = HP_BLOCKS > 1 ? __hp_choose(HP_BLOCKS, "which block:") : 0;
	__hp_event("request", __hp_self(), b, what);
#if HP_LIFE
	if (what >= 2)
		result = what == 2 ? hp_add(b) : hp_remove(b);
	else
		result = hp_write_state(b, what ? "online" : "offline", what ? 6 : 7);
#else
	result = state_store(&mem[b].dev, (void *)0, what ? "online" : "offline", what ? 6 : 7);
#endif
	__hp_event("returned", __hp_self(), b, what, result);
	__VERIFIER_atomic_begin();
	__hp_event("accounts", __hp_self(), hp_unaccounted());
	__VERIFIER_atomic_end();
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
