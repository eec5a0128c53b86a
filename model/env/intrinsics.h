/* What the environment may ask of the machine that runs it; see docs/architecture.md. */

int __VERIFIER_nondet_int(void);
unsigned int __VERIFIER_nondet_uint(void);
long __VERIFIER_nondet_long(void);
unsigned long __VERIFIER_nondet_ulong(void);
_Bool __VERIFIER_nondet_bool(void);
void __VERIFIER_assume(int condition);
void __VERIFIER_assert(int condition);
void __VERIFIER_atomic_begin(void);
void __VERIFIER_atomic_end(void);

int __hp_self(void);
int __hp_choose(int ways, const char *what);
int __hp_fault(const char *what);
void __hp_event(const char *name, ...);
void __hp_rest(void);
int __hp_lock(void *lock, int kind, int mode);
int __hp_trylock(void *lock, int kind, int mode);
void __hp_unlock(void *lock, int mode);
void *__hp_alloc(int zeroed);
void __hp_free(const void *pointer);
int __hp_streq(const char *a, const char *b);
int __hp_is_err(const void *pointer);
unsigned long __hp_parameter(const char *name, unsigned long low, unsigned long high);
void __hp_require(int condition, const char *what);
void __hp_range(const void *integer, long low, long high);
void __hp_zero(const void *pointer);
void *__hp_object(int number);
int __hp_object_number(const void *pointer);
int __hp_site(void);
void __hp_give_up(const char *why);
void __hp_warn(void);
void __hp_bug(void);

#define HP_MUTEX 0
#define HP_SPIN 1
#define HP_RWSEM 2
#define HP_PERCPU_RWSEM 3
#define HP_READ 0
#define HP_WRITE 1
