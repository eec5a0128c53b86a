/*
 * Memory that fails, and is repaired: of memory_failure() and unpoison_memory() what hotplug sees of it, the counts of
 * poisoned pages. Neither takes a lock of hotplug; a page that they hold cannot be set offline meanwhile. That they may come
 * too late, to a page that is isolated or gone, is left out, and said.
 */

void hp_poisoner(int number)
{
	unsigned long pfn;
	int b;

	__hp_rest();
	b = HP_BLOCKS > 1 ? __hp_choose(HP_BLOCKS, "which block:") : 0;
	pfn = block[b].start_pfn + HP_BLOCK_PAGES - 1;
	__VERIFIER_atomic_begin();
	block[b].visitors++;
	__VERIFIER_atomic_end();
	mutex_lock(&mf_mutex);
	__VERIFIER_atomic_begin();
	block[b].grabbed = !block[b].isolated && pfn_to_online_page(pfn);
	__VERIFIER_atomic_end();
	if (block[b].grabbed && block[b].poisoned) {
		num_poisoned_pages_sub(pfn, 1);
		block[b].poisoned = 0;
		hp_poisoned--;
	} else if (block[b].grabbed) {
		block[b].poisoned = 1;
		hp_poisoned++;
		num_poisoned_pages_inc(pfn);
	}
	block[b].grabbed = 0;
	mutex_unlock(&mf_mutex);
	__VERIFIER_atomic_begin();
	block[b].visitors--;
	__hp_event("returned", __hp_self(), b, HP_MEMORY_FAILURE, 0);
	__VERIFIER_atomic_end();
}
