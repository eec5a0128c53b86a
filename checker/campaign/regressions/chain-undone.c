// By hand: the second listener may refuse by a fault, and only the first one hears that it is undone.
// globals: 2
// ends: 1 0; 3 2
// an assertion fails: no
// a deadlock: no
// an end without a fault: yes
struct lock { int unused; };
struct lock l0;
struct lock l1;
int g0;
int g1;

struct listener {
	int (*call)(int action);
	struct listener *next;
	int priority;
};
struct listener *head;

int call0(int t)
{
	int r = 1;

	__hp_lock(&l1, HP_MUTEX, HP_WRITE);
	g0 = t;
	__hp_unlock(&l1, HP_WRITE);
	return r;
}
struct listener n0 = { .call = call0, .priority = 1 };

int call1(int t)
{
	int r = 1;

	__VERIFIER_assert(t != 3);
	if (__hp_fault("f")) {
		g1 = 2;
		r = 2;
	}
	return r;
}
struct listener n1 = { .call = call1, .priority = 0 };

void add(struct listener *new)
{
	struct listener **at = &head;

	while (*at && (*at)->priority >= new->priority)
		at = &(*at)->next;
	new->next = *at;
	*at = new;
}

void hp_init(void)
{
	add(&n1);
	add(&n0);
}

int notify(int action, int undo)
{
	struct listener *at, *back;
	int r = 0;

	for (at = head; at; at = at->next) {
		r = at->call(action);
		if (r & 2)
			break;
	}
	if (at && undo)
		for (back = head; back != at; back = back->next)
			back->call(undo);
	return r;
}

void a0(void)
{
	int t = 0, r = 0;

	__hp_lock(&l0, HP_MUTEX, HP_WRITE);
	r = notify(1, 3);
	__hp_unlock(&l0, HP_WRITE);
}
