/* Who runs: each of these is called for ever. */

/* Whoever asks for something, again and again: what of, is said in model/scenarios/requests.cpp. */
void hp_worker(int number)
{
	int what, b;
	long result;

	__hp_rest();
#if HP_CROWDS
	hp_judge_crowds();
#endif
	what = hp_choose_request(number);
	b = HP_BLOCKS > 1 ? __hp_choose(HP_BLOCKS, "which block:") : 0;
	__hp_event("request", __hp_self(), b, what);
	result = hp_serve(what, b);
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
