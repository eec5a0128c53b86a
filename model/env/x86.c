/* Listeners that are not an architecture's own: they watch nodes, and act on MEM_ONLINE and MEM_OFFLINE. */

#if HP_KNOWS_memtier_hotplug_callback
struct notifier_block hp_memory_tiers;
#endif
#if HP_KNOWS_hmat_callback
struct notifier_block hp_hmat;
#endif

void hp_add_real_listeners(void)
{
	int next = HP_LISTENERS;

#if HP_KNOWS_memtier_hotplug_callback
	hp_memory_tiers.notifier_call = memtier_hotplug_callback;
	hp_memory_tiers.priority = 100;
	hp_listener[next++] = &hp_memory_tiers;
	register_memory_notifier(&hp_memory_tiers);
#endif
#if HP_KNOWS_hmat_callback
	hp_hmat.notifier_call = hmat_callback;
	hp_hmat.priority = 2;
	hp_listener[next++] = &hp_hmat;
	register_memory_notifier(&hp_hmat);
#endif
}
