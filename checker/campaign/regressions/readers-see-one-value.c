// By hand: under a read-write semaphore a reader never sees one half of what a writer does; without it, it does.
// globals: 2
// ends: 1 1
// an assertion fails: yes
// a deadlock: no
// an end without a fault: yes
struct lock { int unused; };
struct lock l0;
int g0;
int g1;

void hp_init(void)
{
}

void a0(void)
{
	__hp_lock(&l0, HP_RWSEM, HP_WRITE);
	g0 = 1;
	g1 = 1;
	__hp_unlock(&l0, HP_WRITE);
}

void a1(void)
{
	int t = 0, r = 0;

	__hp_lock(&l0, HP_RWSEM, HP_READ);
	t = g1;
	r = g0;
	__VERIFIER_assert(t == r);
	__hp_unlock(&l0, HP_READ);
	t = g0;
	r = g1;
	__VERIFIER_assert(t == r);
}
