/* The little of the kernel's vocabulary that the reference model needs. */

typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)
#define EINVAL 22
#define ENOMEM 12
#define EBUSY 16
#define EEXIST 17

#define NOTIFY_OK 1
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD (NOTIFY_STOP_MASK | 2)
#define NOTIFY_STOP (NOTIFY_STOP_MASK | 1)

struct mutex { int unused; };
struct rw_semaphore { int unused; };
struct percpu_rw_semaphore { int unused; };

struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long action, void *data);
	struct notifier_block *next;
	int priority;
};

struct zone {
	unsigned long present_pages;
	unsigned long spanned_pages;
};

struct device {
	struct mutex mutex;
	bool offline;
};

struct memory_block {
	unsigned long start_pfn;
	unsigned long altmap_pages;
	unsigned long state;
	struct zone *zone;
	struct device dev;
};
