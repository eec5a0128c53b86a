/* What a lesson's own program may count on: the kernel's types and numbers that appear in it, in the least form. */

typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)
#define EINVAL 22
#define ENOMEM 12
#define ENODEV 19
#define EBUSY 16

#define NOTIFY_DONE 0
#define NOTIFY_OK 1
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD (NOTIFY_STOP_MASK | 2)

#define MEM_ONLINE         (1 << 0)
#define MEM_GOING_OFFLINE  (1 << 1)
#define MEM_OFFLINE        (1 << 2)
#define MEM_GOING_ONLINE   (1 << 3)
#define MEM_CANCEL_ONLINE  (1 << 4)
#define MEM_CANCEL_OFFLINE (1 << 5)

struct mutex { int unused; };
struct rw_semaphore { int unused; };
struct percpu_rw_semaphore { int unused; };
struct spinlock { int unused; };
typedef struct spinlock spinlock_t;
