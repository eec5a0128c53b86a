// By hand: a lock that is tried is busy, or the section of the other one is over, or has not begun.
// globals: 2
// ends: 0 2; 1 1; 1 2
// an assertion fails: no
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
	if (__hp_trylock(&l0, HP_MUTEX, HP_WRITE)) {
		g1 = g0 + 1;
		g0 = 1;
		__hp_unlock(&l0, HP_WRITE);
	}
}

void a1(void)
{
	int t = 0;

	__hp_lock(&l0, HP_MUTEX, HP_WRITE);
	t = g0;
	__VERIFIER_assert(t != 2);
	g1 = 2;
	t = g1;
	__VERIFIER_assert(t == 2);
	__hp_unlock(&l0, HP_WRITE);
}
