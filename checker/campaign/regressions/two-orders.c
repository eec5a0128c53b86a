// By hand: two locks in two orders; whoever has both writes.
// globals: 1
// ends: 1; 2
// an assertion fails: no
// a deadlock: yes
// an end without a fault: yes
struct lock { int unused; };
struct lock l0;
struct lock l1;
int g0;

void hp_init(void)
{
}

void a0(void)
{
	__hp_lock(&l0, HP_MUTEX, HP_WRITE);
	__hp_lock(&l1, HP_MUTEX, HP_WRITE);
	g0 = 1;
	__hp_unlock(&l1, HP_WRITE);
	__hp_unlock(&l0, HP_WRITE);
}

void a1(void)
{
	__hp_lock(&l1, HP_MUTEX, HP_WRITE);
	__hp_lock(&l0, HP_MUTEX, HP_WRITE);
	g0 = 2;
	__hp_unlock(&l0, HP_WRITE);
	__hp_unlock(&l1, HP_WRITE);
}
