/*
 * Listeners of the memory chain: ideal ones, which may veto, act on what they accepted, and nothing else; and a hook that
 * sees what every listener answers, ideal or real. The walk over the chain is the tree's own.
 */

struct notifier_block hp_ideal[HP_LISTENERS + 1];
struct notifier_block *hp_listener[HP_LISTENERS + HP_REAL_LISTENERS + 1];

int hp_listener_number(struct notifier_block *nb)
{
	int i;

	for (i = 0; i < HP_LISTENERS + HP_REAL_LISTENERS; i++)
		if (hp_listener[i] == nb)
			return i;
	return -1;
}

/* Makes the block accessible increment by increment; each may fail, and nothing rolls back. */
int hp_switch_on(int b)
{
	int i;

	for (i = HP_FIRST_INCREMENT; i < HP_INCREMENTS; i++) {
		if (__hp_fault("the hypervisor refuses an increment"))
			return 1;
		hp_set_increment(b, i, 1);
	}
	return 0;
}

void hp_switch_off(int b)
{
	int i;

	for (i = HP_FIRST_INCREMENT; i < HP_INCREMENTS; i++)
		hp_set_increment(b, i, 0);
}

/*
 * Where memory is on standby, one ideal listener is the platform's and switches: the first, or the one that stands for
 * the tree's own.
 */
int hp_platform(struct notifier_block *nb)
{
	return HP_STANDBY && !HP_CONFIGURES && nb == HP_PLATFORM_BLOCK;
}

int hp_accept(const char *what)
{
	if (__hp_fault(what))
		return NOTIFY_BAD;
#if HP_STOP
	if (__hp_choose(2, "the listener answers NOTIFY_STOP"))
		return NOTIFY_STOP;
#endif
	return NOTIFY_OK;
}

/* What nobody but the platform has any use for: when versions are compared but for a notification, it is ignored. */
int hp_ignores(struct notifier_block *nb, unsigned long action)
{
	if (hp_platform(nb))
		return 0;
#if HP_KNOWS_MEM_PREPARE_ONLINE && HP_IGNORES_MEM_PREPARE_ONLINE
	if (action == MEM_PREPARE_ONLINE)
		return 1;
#endif
#if HP_IGNORES_MEM_GOING_ONLINE
	if (action == MEM_GOING_ONLINE)
		return 1;
#endif
#if HP_IGNORES_MEM_GOING_OFFLINE
	if (action == MEM_GOING_OFFLINE)
		return 1;
#endif
	return 0;
}

int hp_ideal_call(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int b = hp_block_of(arg->start_pfn);

	if (hp_ignores(nb, action))
		return NOTIFY_OK;
#if HP_KNOWS_MEM_PREPARE_ONLINE
	if (action == MEM_PREPARE_ONLINE) {
		if (hp_platform(nb))
			return hp_switch_on(b) ? NOTIFY_BAD : NOTIFY_OK;
		return hp_accept("the listener's answer to MEM_PREPARE_ONLINE");
	}
	if (action == MEM_FINISH_OFFLINE) {
		if (hp_platform(nb))
			hp_switch_off(b);
		return NOTIFY_OK;
	}
#endif
#if HP_HAS_memory_notify__status_change_nid
	if ((action == MEM_GOING_ONLINE || action == MEM_GOING_OFFLINE) && arg->status_change_nid < -1)
		return NOTIFY_BAD;
#endif
	if (action == MEM_GOING_ONLINE) {
#if !HP_KNOWS_MEM_PREPARE_ONLINE
		if (hp_platform(nb))
			return hp_switch_on(b) ? NOTIFY_BAD : NOTIFY_OK;
#endif
		return hp_accept("the listener's answer to MEM_GOING_ONLINE");
	}
	if (action == MEM_GOING_OFFLINE)
		return hp_accept("the listener's answer to MEM_GOING_OFFLINE");
#if !HP_KNOWS_MEM_PREPARE_ONLINE
	if (action == MEM_CANCEL_ONLINE || action == MEM_OFFLINE) {
		if (hp_platform(nb))
			hp_switch_off(b);
	}
#endif
	return NOTIFY_OK;
}

int hp_through_notifier_call(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int b, answer;

	if (hp_listener_number(nb) < 0)
		return nb->notifier_call(nb, action, data);
	b = hp_block_of(arg->start_pfn);
	__hp_event("notifying", __hp_self(), hp_listener_number(nb), action, b);
	answer = nb->notifier_call(nb, action, data);

	__hp_event("notified", __hp_self(), hp_listener_number(nb), action, b, answer);
	return answer;
}

#if HP_KNOWS_register_node_notifier
/* Where nodes have a chain of their own, an ideal listener of theirs may veto as well. */
struct notifier_block hp_ideal_of_nodes;

int hp_ideal_node_call(struct notifier_block *nb, unsigned long action, void *data)
{
	if (action == NODE_ADDING_FIRST_MEMORY)
		return hp_accept("the listener's answer to NODE_ADDING_FIRST_MEMORY");
	if (action == NODE_REMOVING_LAST_MEMORY)
		return hp_accept("the listener's answer to NODE_REMOVING_LAST_MEMORY");
	return NOTIFY_OK;
}
#endif

void hp_add_ideal_listeners(void)
{
	int i;

	for (i = 0; i < HP_LISTENERS; i++) {
		hp_ideal[i].notifier_call = hp_ideal_call;
		hp_ideal[i].priority = HP_LISTENERS - i;
		hp_listener[i] = &hp_ideal[i];
		register_memory_notifier(&hp_ideal[i]);
	}
#if HP_KNOWS_register_node_notifier
	if (HP_LISTENERS > 0) {
		hp_ideal_of_nodes.notifier_call = hp_ideal_node_call;
		register_node_notifier(&hp_ideal_of_nodes);
	}
#endif
}
