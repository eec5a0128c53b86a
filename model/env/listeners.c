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

#if HP_CROWDS
/*
 * A chain of any length: ideal listeners that no rule is about stand in crowds, one before the watched listener and one
 * behind it. A crowd is two members of the chain, so that a rollback reaches those who were called before the one that
 * stopped the walk; docs/any-listeners.md says why two are enough.
 */
struct notifier_block hp_crowd[2 * HP_CROWDS];

#define HP_SOMEBODY (HP_LISTENERS + HP_REAL_LISTENERS)  /* what all in crowds have for a number */

int hp_crowd_member(struct notifier_block *nb)
{
	int i;

	for (i = 0; i < 2 * HP_CROWDS; i++)
		if (&hp_crowd[i] == nb)
			return i;
	return -1;
}

/* Some of the crowd are called, one after the other, until one stops the walk; or nobody. */
int hp_crowd_call(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int b = hp_block_of(arg->start_pfn), answer;

	while (__hp_choose(2, "one more of the listeners that no rule is about:")) {
		__hp_event("notifying", __hp_self(), HP_SOMEBODY, action, b);
		answer = hp_ideal_call(nb, action, data);

		__hp_event("notified", __hp_self(), HP_SOMEBODY, action, b, answer);
		if (answer & NOTIFY_STOP_MASK)
			return answer;
	}
	return NOTIFY_OK;
}
#endif

int hp_through_notifier_call(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int b, answer;

#if HP_CROWDS
	if (hp_crowd_member(nb) >= 0)
		return hp_crowd_call(nb, action, data);
#endif
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

#if HP_CROWDS
void hp_add_crowd(int number, int priority)
{
	int i;

	for (i = 2 * number; i < 2 * number + 2; i++) {
		hp_crowd[i].notifier_call = hp_ideal_call;
		hp_crowd[i].priority = priority;
		register_memory_notifier(&hp_crowd[i]);
	}
}
#endif

void hp_add_ideal_listeners(void)
{
	int i;

	for (i = 0; i < HP_LISTENERS; i++) {
		hp_ideal[i].notifier_call = hp_ideal_call;
		hp_ideal[i].priority = HP_LISTENERS - i;
		hp_listener[i] = &hp_ideal[i];
#if HP_CROWDS
		if (i == HP_WATCHED)
			hp_add_crowd(0, HP_LISTENERS - i);
#endif
		register_memory_notifier(&hp_ideal[i]);
#if HP_CROWDS > 1
		if (i == HP_WATCHED)
			hp_add_crowd(1, HP_LISTENERS - i);
#endif
	}
#if HP_KNOWS_register_node_notifier
	if (HP_LISTENERS > 0) {
		hp_ideal_of_nodes.notifier_call = hp_ideal_node_call;
		register_node_notifier(&hp_ideal_of_nodes);
	}
#endif
}

#if HP_CROWDS
static int hp_is_ideal(struct notifier_block *nb)
{
	int i;

	for (i = 0; i < HP_LISTENERS; i++)
		if (&hp_ideal[i] == nb)
			return 1;
	return hp_crowd_member(nb) >= 0;
}

static int hp_wrong_order, hp_wrong_priority;

static void hp_check_next(struct notifier_block *nb, struct notifier_block *next)
{
	if (nb->next != next)
		hp_wrong_order = 1;
}

/* What the argument about crowds needs of the chain: it is the one meant, and the tree's own listeners stand last. */
void hp_check_crowds(void)
{
	int i;

	for (i = HP_LISTENERS; i < HP_LISTENERS + HP_REAL_LISTENERS; i++)
		if (hp_listener[i]->priority > 1)
			hp_wrong_priority = 1;
	if (HP_WATCHED > 0)
		hp_check_next(&hp_ideal[HP_WATCHED - 1], &hp_crowd[0]);
	hp_check_next(&hp_crowd[0], &hp_crowd[1]);
	hp_check_next(&hp_crowd[1], &hp_ideal[HP_WATCHED]);
#if HP_CROWDS > 1
	hp_check_next(&hp_ideal[HP_WATCHED], &hp_crowd[2]);
	hp_check_next(&hp_crowd[2], &hp_crowd[3]);
#endif
#if HP_REGISTRARS
	hp_check_next(HP_CROWDS > 1 ? &hp_crowd[2 * HP_CROWDS - 1] : &hp_ideal[HP_WATCHED], &hp_ideal[HP_LISTENERS - 1]);
	if (hp_is_ideal(hp_ideal[HP_LISTENERS - 1].next))
#else
	if (hp_is_ideal(HP_CROWDS > 1 ? hp_crowd[2 * HP_CROWDS - 1].next : hp_ideal[HP_WATCHED].next))
#endif
		hp_wrong_order = 1;
}

/* Said where a run gets: the chain of the start is the one of every walk, but for who comes and goes. */
void hp_judge_crowds(void)
{
	if (hp_wrong_priority)
		__hp_give_up("a listener of the tree stands among the ideal ones, of whom there may be any number");
	if (hp_wrong_order)
		__hp_give_up("listeners do not stand in the chain by priority, then in the order of registration");
}
#endif
