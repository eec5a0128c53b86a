/* The kernel's locks. What interrupts, preemption and lock debugging add does not matter to any property here. */

void mutex_lock(struct mutex *lock) { __hp_lock(lock, HP_MUTEX, HP_WRITE); }
void mutex_lock_nested(struct mutex *lock, unsigned int subclass) { __hp_lock(lock, HP_MUTEX, HP_WRITE); }
int mutex_trylock(struct mutex *lock) { return __hp_trylock(lock, HP_MUTEX, HP_WRITE); }
void mutex_unlock(struct mutex *lock) { __hp_unlock(lock, HP_WRITE); }

/* A signal may end the wait. */
int mutex_lock_interruptible(struct mutex *lock)
{
	if (__hp_choose(2, "a signal interrupts the wait"))
		return -4;
	__hp_lock(lock, HP_MUTEX, HP_WRITE);
	return 0;
}

int mutex_lock_killable(struct mutex *lock) { return mutex_lock_interruptible(lock); }

void down_read(struct rw_semaphore *sem) { __hp_lock(sem, HP_RWSEM, HP_READ); }
int down_read_trylock(struct rw_semaphore *sem) { return __hp_trylock(sem, HP_RWSEM, HP_READ); }
void up_read(struct rw_semaphore *sem) { __hp_unlock(sem, HP_READ); }
void down_write(struct rw_semaphore *sem) { __hp_lock(sem, HP_RWSEM, HP_WRITE); }
void up_write(struct rw_semaphore *sem) { __hp_unlock(sem, HP_WRITE); }
int down_read_killable(struct rw_semaphore *sem)
{
	if (__hp_choose(2, "a signal interrupts the wait"))
		return -4;
	__hp_lock(sem, HP_RWSEM, HP_READ);
	return 0;
}
int down_write_killable(struct rw_semaphore *sem)
{
	if (__hp_choose(2, "a signal interrupts the wait"))
		return -4;
	__hp_lock(sem, HP_RWSEM, HP_WRITE);
	return 0;
}

void percpu_down_read(struct percpu_rw_semaphore *sem) { __hp_lock(sem, HP_PERCPU_RWSEM, HP_READ); }
void percpu_up_read(struct percpu_rw_semaphore *sem) { __hp_unlock(sem, HP_READ); }
void percpu_down_write(struct percpu_rw_semaphore *sem) { __hp_lock(sem, HP_PERCPU_RWSEM, HP_WRITE); }
void percpu_up_write(struct percpu_rw_semaphore *sem) { __hp_unlock(sem, HP_WRITE); }

struct hp_lock { int unused; };
struct hp_lock cpu_hotplug_lock;
void cpus_read_lock(void) { __hp_lock(&cpu_hotplug_lock, HP_PERCPU_RWSEM, HP_READ); }
void cpus_read_unlock(void) { __hp_unlock(&cpu_hotplug_lock, HP_READ); }
void cpus_write_lock(void) { __hp_lock(&cpu_hotplug_lock, HP_PERCPU_RWSEM, HP_WRITE); }
void cpus_write_unlock(void) { __hp_unlock(&cpu_hotplug_lock, HP_WRITE); }

void spin_lock(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void spin_unlock(void *lock) { __hp_unlock(lock, HP_WRITE); }
int spin_trylock(void *lock) { return __hp_trylock(lock, HP_SPIN, HP_WRITE); }
void spin_lock_irq(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void spin_unlock_irq(void *lock) { __hp_unlock(lock, HP_WRITE); }
void spin_lock_bh(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void spin_unlock_bh(void *lock) { __hp_unlock(lock, HP_WRITE); }
void spin_lock_irqsave(void *lock, unsigned long *flags)
{
	*flags = 0;
	__hp_lock(lock, HP_SPIN, HP_WRITE);
}
void spin_unlock_irqrestore(void *lock, unsigned long flags) { __hp_unlock(lock, HP_WRITE); }

void raw_spin_lock(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void raw_spin_unlock(void *lock) { __hp_unlock(lock, HP_WRITE); }
void raw_spin_lock_irq(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void raw_spin_unlock_irq(void *lock) { __hp_unlock(lock, HP_WRITE); }
void raw_spin_lock_irqsave(void *lock, unsigned long *flags)
{
	*flags = 0;
	__hp_lock(lock, HP_SPIN, HP_WRITE);
}
void raw_spin_unlock_irqrestore(void *lock, unsigned long flags) { __hp_unlock(lock, HP_WRITE); }

/* A seqlock's writers; who only reads its count is not followed. */
void write_seqlock(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void write_sequnlock(void *lock) { __hp_unlock(lock, HP_WRITE); }

/* guard(mutex)(&m) and scoped_guard(mutex, &m): the front end marks the ends of their scopes. */
void guard_enter_mutex(struct mutex *lock) { __hp_lock(lock, HP_MUTEX, HP_WRITE); }
void guard_exit_mutex(struct mutex *lock) { __hp_unlock(lock, HP_WRITE); }
void guard_enter_rwsem_read(struct rw_semaphore *sem) { __hp_lock(sem, HP_RWSEM, HP_READ); }
void guard_exit_rwsem_read(struct rw_semaphore *sem) { __hp_unlock(sem, HP_READ); }
void guard_enter_rwsem_write(struct rw_semaphore *sem) { __hp_lock(sem, HP_RWSEM, HP_WRITE); }
void guard_exit_rwsem_write(struct rw_semaphore *sem) { __hp_unlock(sem, HP_WRITE); }
void guard_enter_spinlock(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void guard_exit_spinlock(void *lock) { __hp_unlock(lock, HP_WRITE); }
void guard_enter_spinlock_irq(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void guard_exit_spinlock_irq(void *lock) { __hp_unlock(lock, HP_WRITE); }
void guard_enter_spinlock_irqsave(void *lock) { __hp_lock(lock, HP_SPIN, HP_WRITE); }
void guard_exit_spinlock_irqsave(void *lock) { __hp_unlock(lock, HP_WRITE); }
void guard_enter_device(struct device *dev) { device_lock(dev); }
void guard_exit_device(struct device *dev) { device_unlock(dev); }
