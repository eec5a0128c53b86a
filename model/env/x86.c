/* Listeners that are not an architecture's own: they watch nodes, and act on MEM_ONLINE and MEM_OFFLINE. */

#if HP_KNOWS_memtier_hotplug_callback
struct notifier_block hp_memory_tiers;
#endif
#if HP_KNOWS_hmat_callback
struct notifier_block hp_hmat;
#endif

/* What they watch is nodes: on a chain of nodes' own, where the tree has it. */
static void hp_listen(struct notifier_block *nb, int number)
{
#if HP_KNOWS_register_node_notifier
	register_node_notifier(nb);
#else
	hp_listener[number] = nb;
	register_memory_notifier(nb);
#endif
}

void hp_add_real_listeners(void)
{
	int next = HP_LISTENERS;

#if HP_KNOWS_memtier_hotplug_callback
	hp_memory_tiers.notifier_call = memtier_hotplug_callback;
	hp_memory_tiers.priority = 100;
	hp_listen(&hp_memory_tiers, next++);
#endif
#if HP_KNOWS_hmat_callback
	hp_hmat.notifier_call = hmat_callback;
	hp_hmat.priority = 2;
	hp_listen(&hp_hmat, next++);
#endif
}
