#include "model/lower/builtins.hpp"

#include <algorithm>

namespace hotproof::lower {
namespace {

// One row of a table that is found by its name; null if there is none.
template <class Rows>
auto find_row(const Rows& rows, std::string_view name) -> decltype(&rows[0]) {
  for (const auto& row : rows) {
    if (name == row.name) return &row;
  }
  return nullptr;
}

const std::vector<TextMacro>& text_macros() {
  static const char* const one_reader = "every access is one step here, so the barrier or the annotation adds nothing";
  static const char* const rcu = "a plain access: grace periods are the environment's matter";
  static const char* const build = "decided when the kernel is built";
  static const char* const hint = "a hint for the compiler";
  static const char* const error = "error values are pointers with small negative numbers";
  static const char* const warns = "gives the condition; when it is true, a warning is an event";
  static const char* const debug = "only in debugging builds: its condition is looked at, nothing else is done";
  static const char* const sum = "arithmetic, with each argument of the type of the first";
  static const std::vector<TextMacro> rows = {
      {"READ_ONCE", {"x"}, "(x)", one_reader},
      {"WRITE_ONCE", {"x", "v"}, "((x) = (v))", one_reader},
      {"data_race", {"x"}, "(x)", one_reader},
      {"ACCESS_PRIVATE", {"p", "member"}, "((p)->member)", "privacy is for the compiler"},
      {"smp_load_acquire", {"p"}, "(*(p))", one_reader},
      {"smp_store_release", {"p", "v"}, "(*(p) = (v))", one_reader},
      {"smp_store_mb", {"x", "v"}, "((x) = (v))", one_reader},
      {"smp_mb", {}, "((void)0)", one_reader},
      {"smp_rmb", {}, "((void)0)", one_reader},
      {"smp_wmb", {}, "((void)0)", one_reader},
      {"mb", {}, "((void)0)", one_reader},
      {"barrier", {}, "((void)0)", one_reader},
      {"smp_mb__before_atomic", {}, "((void)0)", one_reader},
      {"smp_mb__after_atomic", {}, "((void)0)", one_reader},
      {"rcu_dereference", {"p"}, "(p)", rcu},
      {"rcu_dereference_raw", {"p"}, "(p)", rcu},
      {"rcu_dereference_check", {"p", "c"}, "(p)", rcu},
      {"rcu_dereference_protected", {"p", "c"}, "(p)", rcu},
      {"rcu_dereference_sched", {"p"}, "(p)", rcu},
      {"srcu_dereference", {"p", "s"}, "(p)", rcu},
      {"rcu_access_pointer", {"p"}, "(p)", rcu},
      {"rcu_assign_pointer", {"p", "v"}, "((p) = (v))", rcu},
      {"RCU_INIT_POINTER", {"p", "v"}, "((p) = (v))", rcu},
      {"rcu_replace_pointer", {"p", "v", "c"}, "({ typeof(p) hp_old = (p); (p) = (v); hp_old; })", rcu},
      {"list_next_rcu", {"l"}, "(*(&(l)->next))", rcu},
      {"hlist_first_rcu", {"l"}, "(*(&(l)->first))", rcu},
      {"hlist_next_rcu", {"l"}, "(*(&(l)->next))", rcu},
      {"__must_be_array", {"a"}, "0", build},
      {"ARRAY_SIZE", {"a"}, "(sizeof(a) / sizeof((a)[0]))", build},
      {"BUILD_BUG_ON", {"..."}, "((void)0)", build},
      {"BUILD_BUG_ON_MSG", {"..."}, "((void)0)", build},
      {"BUILD_BUG_ON_NOT_POWER_OF_2", {"..."}, "((void)0)", build},
      {"BUILD_BUG_ON_INVALID", {"..."}, "((void)0)", build},
      {"BUILD_BUG_ON_ZERO", {"..."}, "0", build},
      {"BUILD_BUG", {}, "((void)0)", build},
      {"compiletime_assert", {"..."}, "((void)0)", build},
      {"static_assert", {"..."}, "((void)0)", build},
      {"_Static_assert", {"..."}, "((void)0)", build},
      {"typecheck", {"t", "x"}, "1", build},
      {"typecheck_fn", {"t", "x"}, "((void)0)", build},
      {"likely", {"x"}, "(!!(x))", hint},
      {"unlikely", {"x"}, "(!!(x))", hint},
      {"prefetch", {"..."}, "((void)0)", hint},
      {"__maybe_unused", {}, "((void)0)", hint},
      {"fallthrough", {}, "((void)0)", hint},
      {"ERR_PTR", {"e"}, "((void *)(long)(e))", error},
      {"PTR_ERR", {"p"}, "((long)(p))", error},
      {"ERR_CAST", {"p"}, "((void *)(p))", error},
      {"IS_ERR", {"p"}, "__hp_is_err((void *)(p))", error},
      {"IS_ERR_OR_NULL", {"p"}, "({ void *hp_p = (void *)(p); !hp_p || __hp_is_err(hp_p); })", error},
      {"PTR_ERR_OR_ZERO", {"p"}, "({ void *hp_p = (void *)(p); __hp_is_err(hp_p) ? (int)(long)hp_p : 0; })", error},
      {"IS_ERR_VALUE", {"x"}, "__hp_is_err((void *)(unsigned long)(x))", error},
      {"WARN_ON", {"c"}, "({ int hp_w = !!(c); if (hp_w) __hp_warn(); hp_w; })", warns},
      {"WARN_ON_ONCE", {"c"}, "({ int hp_w = !!(c); if (hp_w) __hp_warn(); hp_w; })", warns},
      {"WARN", {"c", "..."}, "({ int hp_w = !!(c); if (hp_w) __hp_warn(); hp_w; })", warns},
      {"WARN_ONCE", {"c", "..."}, "({ int hp_w = !!(c); if (hp_w) __hp_warn(); hp_w; })", warns},
      {"WARN_RATELIMIT", {"c", "..."}, "({ int hp_w = !!(c); if (hp_w) __hp_warn(); hp_w; })", warns},
      {"BUG_ON", {"c"}, "({ if (c) __hp_bug(); })", warns},
      {"BUG", {}, "__hp_bug()", warns},
      {"VM_BUG_ON", {"c"}, "({ if (c) __hp_bug(); })", warns},
      {"VM_BUG_ON_PAGE", {"c", "p"}, "({ if (c) __hp_bug(); })", warns},
      {"VM_BUG_ON_FOLIO", {"c", "p"}, "({ if (c) __hp_bug(); })", warns},
      {"VM_WARN_ON", {"c"}, "((void)!!(c))", debug},
      {"VM_WARN_ON_ONCE", {"c"}, "(!!(c))", debug},
      {"VM_WARN_ON_ONCE_PAGE", {"c", "p"}, "(!!(c))", debug},
      {"VM_WARN_ON_ONCE_FOLIO", {"c", "p"}, "(!!(c))", debug},
      {"VM_WARN_ON_FOLIO", {"c", "p"}, "(!!(c))", debug},
      {"VM_WARN_ONCE", {"c", "..."}, "(!!(c))", debug},
      {"MMDEBUG_WARN_ON", {"c"}, "(!!(c))", debug},
      {"ALIGN", {"x", "a"}, "(((x) + (typeof(x))((a) - 1)) & ~(typeof(x))((a) - 1))", sum},
      {"ALIGN_DOWN", {"x", "a"}, "((x) & ~(typeof(x))((a) - 1))", sum},
      {"IS_ALIGNED", {"x", "a"}, "(((x) & ((typeof(x))(a) - 1)) == 0)", sum},
      {"round_up", {"x", "y"}, "((((x) - 1) | (typeof(x))((y) - 1)) + 1)", sum},
      {"round_down", {"x", "y"}, "((x) & ~(typeof(x))((y) - 1))", sum},
      {"roundup", {"x", "y"}, "({ const typeof(y) hp_y = (y); (((x) + (hp_y - 1)) / hp_y) * hp_y; })", sum},
      {"rounddown", {"x", "y"}, "({ typeof(x) hp_x = (x); hp_x - (hp_x % (y)); })", sum},
      {"DIV_ROUND_UP", {"n", "d"}, "(((n) + (d) - 1) / (d))", sum},
      {"__KERNEL_DIV_ROUND_UP", {"n", "d"}, "(((n) + (d) - 1) / (d))", sum},
      {"DIV_ROUND_DOWN_ULL", {"n", "d"}, "((unsigned long long)(n) / (d))", sum},
      {"DIV_ROUND_UP_ULL", {"n", "d"}, "(((unsigned long long)(n) + (d) - 1) / (d))", sum},
      {"BIT", {"n"}, "(1UL << (n))", sum},
      {"BIT_ULL", {"n"}, "(1ULL << (n))", sum},
      {"_BITUL", {"n"}, "(1UL << (n))", sum},
      {"_BITULL", {"n"}, "(1ULL << (n))", sum},
      {"GENMASK", {"h", "l"}, "((~0UL - (1UL << (l)) + 1) & (~0UL >> (64 - 1 - (h))))", sum},
      {"GENMASK_ULL", {"h", "l"}, "((~0ULL - (1ULL << (l)) + 1) & (~0ULL >> (64 - 1 - (h))))", sum},
      {"clamp", {"v", "l", "h"}, "min(max(v, l), h)", sum},
      {"clamp_t", {"t", "v", "l", "h"}, "min_t(t, max_t(t, v, l), h)", sum},
      {"clamp_val", {"v", "l", "h"}, "min((typeof(v))max(v, (typeof(v))(l)), (typeof(v))(h))", sum},
      {"min3", {"x", "y", "z"}, "min((typeof(x))min(x, y), z)", sum},
      {"max3", {"x", "y", "z"}, "max((typeof(x))max(x, y), z)", sum},
      {"MIN", {"x", "y"}, "((x) < (y) ? (x) : (y))", sum},
      {"MAX", {"x", "y"}, "((x) > (y) ? (x) : (y))", sum},
      {"MIN_T", {"t", "x", "y"}, "((t)(x) < (t)(y) ? (t)(x) : (t)(y))", sum},
      {"MAX_T", {"t", "x", "y"}, "((t)(x) > (t)(y) ? (t)(x) : (t)(y))", sum},
      {"umin", {"x", "y"}, "min_t(unsigned long, x, y)", sum},
      {"umax", {"x", "y"}, "max_t(unsigned long, x, y)", sum},
      {"swap", {"a", "b"}, "({ typeof(a) hp_t = (a); (a) = (b); (b) = hp_t; })", sum},
      {"ilog2",
       {"n"},
       "({ unsigned long hp_n = (n); int hp_l = -1; while (hp_n) { hp_n >>= 1; hp_l++; } hp_l; })",
       sum},
      {"xchg",
       {"p", "v"},
       "({ __VERIFIER_atomic_begin(); typeof(*(p)) hp_o = *(p); *(p) = (v); "
       "__VERIFIER_atomic_end(); hp_o; })",
       "one atomic step"},
      {"cmpxchg",
       {"p", "o", "n"},
       "({ typeof(*(p)) hp_e = (o); typeof(*(p)) hp_n = (n); __VERIFIER_atomic_begin(); "
       "typeof(*(p)) hp_o = *(p); if (hp_o == hp_e) *(p) = hp_n; __VERIFIER_atomic_end(); hp_o; })",
       "one atomic step"},
      {"struct_size",
       {"p", "member", "n"},
       "(sizeof(*(p)) + sizeof(*(p)->member) * (n))",
       "sizes do not overflow here"},
      {"flex_array_size", {"p", "member", "n"}, "(sizeof(*(p)->member) * (n))", "sizes do not overflow here"},
      {"array_size", {"a", "b"}, "((unsigned long)(a) * (b))", "sizes do not overflow here"},
  };
  return rows;
}

const std::vector<WritingMacro>& writing_macros() {
  static const char* const flags = "the interrupt state is written to the argument `flags`";
  static const std::vector<WritingMacro> rows = {
      {"spin_lock_irqsave", {1}, flags},         {"spin_trylock_irqsave", {1}, flags},
      {"spin_lock_irqsave_nested", {1}, flags},  {"raw_spin_lock_irqsave", {1}, flags},
      {"raw_spin_trylock_irqsave", {1}, flags},  {"read_lock_irqsave", {1}, flags},
      {"write_lock_irqsave", {1}, flags},        {"local_irq_save", {0}, flags},
      {"raw_local_irq_save", {0}, flags},        {"local_lock_irqsave", {1}, flags},
      {"pcp_spin_lock_irqsave", {1}, flags},     {"xa_lock_irqsave", {1}, flags},
      {"folio_lruvec_lock_irqsave", {1}, flags},
  };
  return rows;
}

// Names, and starts of names (with a `*` behind them).
constexpr std::string_view silent_macros[] = {
    // Printing changes nothing that is modelled, and what it prints is read by nobody.
    "pr_*", "dev_err*", "dev_warn*", "dev_info*", "dev_dbg*", "dev_notice*", "dev_crit*", "dev_alert*", "dev_emerg*",
    "dev_printk*", "printk", "printk_*", "no_printk", "_printk", "dump_page", "dump_stack", "netdev_*", "pci_err",
    // Assertions of lockdep, might_sleep() and rescheduling: our own properties watch the locks.
    "lockdep_*", "might_sleep*", "might_fault", "might_alloc", "cond_resched*", "cant_sleep", "cant_migrate",
    "__cond_lock", "debug_check_*", "ASSERT_EXCLUSIVE_*", "kcsan_*", "rwlock_acquire*", "rwsem_acquire*",
    "mutex_acquire*", "spin_acquire*", "lock_map_*", "RCU_LOCKDEP_WARN", "held_lock*"};

const std::vector<DeclaringMacro>& declaring_macros() {
  static const char* const lock = "a lock that nobody holds";
  static const char* const head = "an empty chain";
  static const char* const list = "an empty list: the head points to itself";
  static const char* const attribute = "actors call X_store and X_show themselves";
  static const char* const empty = "an empty container; its contents are the environment's matter";
  static const std::vector<DeclaringMacro> rows = {
      {"DEFINE_MUTEX", "struct mutex", "", 0, -1, lock},
      {"DEFINE_SPINLOCK", "spinlock_t", "", 0, -1, lock},
      {"DEFINE_RAW_SPINLOCK", "raw_spinlock_t", "", 0, -1, lock},
      {"DEFINE_RWLOCK", "rwlock_t", "", 0, -1, lock},
      {"DECLARE_RWSEM", "struct rw_semaphore", "", 0, -1, lock},
      {"DEFINE_PERCPU_RWSEM", "struct percpu_rw_semaphore", "", 0, -1, lock},
      {"DEFINE_STATIC_PERCPU_RWSEM", "struct percpu_rw_semaphore", "", 0, -1, lock},
      {"DEFINE_SEMAPHORE", "struct semaphore", "", 0, -1, lock},
      {"DEFINE_SEQLOCK", "seqlock_t", "", 0, -1, lock},
      {"DEFINE_SRCU", "struct srcu_struct", "", 0, -1, lock},
      {"DEFINE_STATIC_SRCU", "struct srcu_struct", "", 0, -1, lock},
      {"LIST_HEAD", "struct list_head", "{ &($), &($) }", 0, -1, list},
      {"HLIST_HEAD", "struct hlist_head", "{ 0 }", 0, -1, list},
      {"LLIST_HEAD", "struct llist_head", "{ 0 }", 0, -1, list},
      {"BLOCKING_NOTIFIER_HEAD", "struct blocking_notifier_head", "{ .head = 0 }", 0, -1, head},
      {"ATOMIC_NOTIFIER_HEAD", "struct atomic_notifier_head", "{ .head = 0 }", 0, -1, head},
      {"RAW_NOTIFIER_HEAD", "struct raw_notifier_head", "{ .head = 0 }", 0, -1, head},
      {"SRCU_NOTIFIER_HEAD", "struct srcu_notifier_head", "{ .head = 0 }", 0, -1, head},
      {"SRCU_NOTIFIER_HEAD_STATIC", "struct srcu_notifier_head", "{ .head = 0 }", 0, -1, head},
      {"DEFINE_XARRAY", "struct xarray", "", 0, -1, empty},
      {"DEFINE_XARRAY_FLAGS", "struct xarray", "", 0, -1, empty},
      {"DEFINE_XARRAY_ALLOC", "struct xarray", "", 0, -1, empty},
      {"DEFINE_XARRAY_ALLOC1", "struct xarray", "", 0, -1, empty},
      {"DEFINE_IDA", "struct ida", "", 0, -1, empty},
      {"DEFINE_IDR", "struct idr", "", 0, -1, empty},
      {"DECLARE_BITMAP", "unsigned long", "", 0, 1, "a word for every 64 bits"},
      {"DEFINE_BITMAP", "unsigned long", "", 0, 1, "a word for every 64 bits"},
      {"DECLARE_WAIT_QUEUE_HEAD", "struct wait_queue_head", "", 0, -1, empty},
      {"DECLARE_WAIT_QUEUE_HEAD_ONSTACK", "struct wait_queue_head", "", 0, -1, empty},
      {"DEFINE_WAIT", "struct wait_queue_entry", "", 0, -1, empty},
      {"DECLARE_COMPLETION", "struct completion", "", 0, -1, empty},
      {"DECLARE_COMPLETION_ONSTACK", "struct completion", "", 0, -1, empty},
      {"DECLARE_WORK", "struct work_struct", "{ .func = $1 }", 0, -1, "work that is not queued"},
      {"DECLARE_DELAYED_WORK", "struct delayed_work", "{ .work = { .func = $1 } }", 0, -1, "work that is not queued"},
      {"DEFINE_RATELIMIT_STATE", "struct ratelimit_state", "", 0, -1, "only printing asks it"},
      {"DEFINE_STATIC_KEY_FALSE", "struct static_key_false", "", 0, -1, "off"},
      {"DEFINE_STATIC_KEY_TRUE", "struct static_key_true", "{ .key = { .enabled = { 1 } } }", 0, -1, "on"},
      {"DEVICE_ATTR", "struct device_attribute", "", 0, -1, attribute},
      {"DEVICE_ATTR_RW", "struct device_attribute", "", 0, -1, attribute},
      {"DEVICE_ATTR_RO", "struct device_attribute", "", 0, -1, attribute},
      {"DEVICE_ATTR_WO", "struct device_attribute", "", 0, -1, attribute},
      {"DECLARE_PER_CPU", "$0", "", 1, -1, "one variable, as if there were one processor"},
      {"DECLARE_PER_CPU_READ_MOSTLY", "$0", "", 1, -1, "one variable, as if there were one processor"},
      {"DEFINE_PER_CPU", "$0", "", 1, -1, "one variable, as if there were one processor"},
  };
  return rows;
}

const std::vector<Intrinsic>& intrinsics() {
  static const std::vector<Intrinsic> rows = {
      {"__VERIFIER_nondet_int", "int", {}, false},
      {"__VERIFIER_nondet_uint", "unsigned int", {}, false},
      {"__VERIFIER_nondet_long", "long", {}, false},
      {"__VERIFIER_nondet_ulong", "unsigned long", {}, false},
      {"__VERIFIER_nondet_bool", "bool", {}, false},
      {"__VERIFIER_assume", "void", {"bool"}, false},
      {"__VERIFIER_assert", "void", {"bool"}, false},
      {"__VERIFIER_atomic_begin", "void", {}, false},
      {"__VERIFIER_atomic_end", "void", {}, false},
      {"__hp_self", "int", {}, false},
      {"__hp_choose", "int", {"int", "char *"}, false},
      {"__hp_fault", "int", {"char *"}, false},
      {"__hp_event", "void", {"char *"}, true},
      {"__hp_rest", "void", {}, false},
      {"__hp_lock", "void", {"void *", "int", "int"}, false},
      {"__hp_trylock", "int", {"void *", "int", "int"}, false},
      {"__hp_unlock", "void", {"void *", "int"}, false},
      {"__hp_warn", "void", {}, false},
      {"__hp_bug", "void", {}, false},
      {"__hp_is_err", "int", {"void *"}, false},
  };
  return rows;
}

}  // namespace

const TextMacro* text_macro(std::string_view name) {
  return find_row(text_macros(), name);
}
const WritingMacro* writing_macro(std::string_view name) {
  return find_row(writing_macros(), name);
}
const DeclaringMacro* declaring_macro(std::string_view name) {
  return find_row(declaring_macros(), name);
}
const Intrinsic* intrinsic(std::string_view name) {
  return find_row(intrinsics(), name);
}

bool is_silent_macro(std::string_view name) {
  return std::any_of(std::begin(silent_macros), std::end(silent_macros), [&](std::string_view row) {
    if (row.back() != '*') return name == row;
    return name.substr(0, row.size() - 1) == row.substr(0, row.size() - 1);
  });
}

}  // namespace hotproof::lower
