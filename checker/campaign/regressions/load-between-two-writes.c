// From merging that forgets what guards read: ends-with-2 was proved and is violated.
// globals: 1
// ends: 0; 1; 2
// an assertion fails: no
// a deadlock: no
// an end without a fault: yes
struct lock { int unused; };
struct lock l0;
struct lock l1;
struct lock l2;
int g0;

void hp_init(void)
{
}

void a0(void)
{
	int t = 0, r = 0;

	g0 = 1;
}

void a1(void)
{
	int t = 0, r = 0;

	g0 = t;
	t = g0;
	if (t != 1) {
	} else {
		g0 = 2;
	}
}
