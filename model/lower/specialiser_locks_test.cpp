// Lock operations: who excludes whom, who waits for whom, what is said of wrong uses, and what a step claims to hold.
#include <doctest/doctest.h>

#include "model/lower/explored_test.hpp"

namespace hotproof::lower {
namespace {

// Two locks and names for their operations.
const std::string locks =
    "struct lock { int unused; } l, k;\nint n, r, in, most;\n"
    "#define LOCK(x) __hp_lock(&x, HP_MUTEX, HP_WRITE)\n#define UNLOCK(x) __hp_unlock(&x, HP_WRITE)\n"
    "#define TRY(x) __hp_trylock(&x, HP_MUTEX, HP_WRITE)\n"
    "#define READ(x) __hp_lock(&x, HP_RWSEM, HP_READ)\n#define UNREAD(x) __hp_unlock(&x, HP_READ)\n"
    "#define WRITE(x) __hp_lock(&x, HP_RWSEM, HP_WRITE)\n#define UNWRITE(x) __hp_unlock(&x, HP_WRITE)\n";

Explored with_locks(const std::string& actors) {
  return explored(locks + actors);
}

}  // namespace

TEST_CASE("locks: a mutex makes a read and a write one") {
  const Explored out =
      with_locks("void a0(void) { LOCK(l); n++; UNLOCK(l); }\nvoid a1(void) { LOCK(l); n++; UNLOCK(l); }");
  CHECK(out.finals("n") == "2");
  CHECK(!out.deadlock);
  CHECK(out.events("lock") == "0 0 1 0; 1 0 1 0");
  CHECK(out.events("unlock") == "0 0 1 1; 1 0 1 1");
  REQUIRE(out.lowered().system.locks.size() == 1);
  CHECK(out.lowered().system.locks[0].name == "l");
  CHECK(out.lowered().system.locks[0].kind == ir::Lock::Kind::mutex);
  CHECK(!out.lowered().system.locks[0].tried);
  // Two locks exclude nobody from the other's section.
  CHECK(with_locks("void a0(void) { LOCK(l); n++; UNLOCK(l); }\nvoid a1(void) { LOCK(k); n++; UNLOCK(k); }")
            .finals("n") == "1; 2");
}

TEST_CASE("locks: a lock reached through a pointer is that lock") {
  const std::string text =
      "struct dev { struct lock m; } d[2];\nvoid f(struct dev *x) { LOCK(x->m); n++; UNLOCK(x->m); }\n";
  CHECK(with_locks(text + "void a0(void) { f(&d[1]); }\nvoid a1(void) { f(d + 1); }").finals("n") == "2");
  CHECK(with_locks(text + "void a0(void) { f(&d[0]); }\nvoid a1(void) { f(&d[1]); }").finals("n") == "1; 2");
}

TEST_CASE("locks: two orders wait for each other") {
  const std::string first = "void a0(void) { LOCK(l); LOCK(k); n++; UNLOCK(k); UNLOCK(l); }\n";
  CHECK(with_locks(first + "void a1(void) { LOCK(k); LOCK(l); n++; UNLOCK(l); UNLOCK(k); }").deadlock);
  const Explored same = with_locks(first + "void a1(void) { LOCK(l); LOCK(k); n++; UNLOCK(k); UNLOCK(l); }");
  CHECK(!same.deadlock);
  CHECK(same.finals("n") == "2");
}

TEST_CASE("locks: taking again what is held is said, and then waits for ever") {
  const Explored out = with_locks("void a0(void) { LOCK(l); LOCK(l); r = 1; }");
  CHECK(out.events("lock") == "0 0 1 0; 0 0 1 1");
  CHECK(out.deadlock);
  CHECK(out.finals("r") == "");
  const Explored upgrade = with_locks("void a0(void) { READ(l); WRITE(l); r = 1; }");
  CHECK(upgrade.events("lock") == "0 0 0 0; 0 0 1 1");
  CHECK(upgrade.deadlock);
  const Explored downgrade = with_locks("void a0(void) { WRITE(l); READ(l); r = 1; }");
  CHECK(downgrade.events("lock") == "0 0 0 1; 0 0 1 0");
  CHECK(downgrade.deadlock);
}

TEST_CASE("locks: releasing what is not held is said and changes nothing") {
  const Explored out =
      with_locks("void a0(void) { LOCK(l); n++; UNLOCK(l); }\nvoid a1(void) { UNLOCK(l); LOCK(l); n++; UNLOCK(l); }");
  CHECK(out.events("unlock") == "0 0 1 1; 1 0 1 0; 1 0 1 1");
  CHECK(out.finals("n") == "2");
}

TEST_CASE("locks: a release without a lock does not decide on the kind") {  // a mutex then
  const Explored out = with_locks(
      "void a0(void) { UNWRITE(l); }\n"
      "void a1(void) { READ(l); in++; UNREAD(l); }\nvoid a2(void) { READ(l); in++; UNREAD(l); }");
  CHECK(out.finals("in") == "1; 2");
}

TEST_CASE("locks: a lock that is tried may be busy") {
  const std::string tries = "void a0(void) { if (TRY(l)) { n++; r |= 1; UNLOCK(l); } else { r |= 2; } }\n";
  CHECK(with_locks(tries).finals("n r") == "1 1");
  const Explored out = with_locks(tries + "void a1(void) { LOCK(l); n++; UNLOCK(l); }");
  CHECK(out.finals("n r") == "1 2; 2 1");
  CHECK(out.lowered().system.locks[0].tried);
  const Explored mine = with_locks("void a0(void) { LOCK(l); r = TRY(l); UNLOCK(l); }");
  CHECK(mine.finals("r") == "0");
  CHECK(!mine.deadlock);
}

TEST_CASE("locks: readers share, writers do not") {
  const std::string reader = "{ READ(l); n++; UNREAD(l); }";
  const std::string writer = "{ WRITE(l); n++; UNWRITE(l); }";
  CHECK(with_locks("void a0(void) " + reader + "\nvoid a1(void) " + reader).finals("n") == "1; 2");
  CHECK(with_locks("void a0(void) " + reader + "\nvoid a1(void) " + writer).finals("n") == "2");
  CHECK(with_locks("void a0(void) " + writer + "\nvoid a1(void) " + writer).finals("n") == "2");
  const Explored out = with_locks("void a0(void) { READ(l); READ(l); n++; UNREAD(l); UNREAD(l); }");
  CHECK(out.events("lock") == "0 0 0 0; 0 0 0 1");
  CHECK(out.events("unlock") == "0 0 0 1");
  CHECK(!out.deadlock);
  CHECK(out.lowered().system.locks[0].kind == ir::Lock::Kind::rwsem);
}

TEST_CASE("locks: a reader that reads again behind a waiting writer may wait for ever") {
  const Explored out = with_locks(
      "void a0(void) { READ(l); READ(l); n++; UNREAD(l); UNREAD(l); }\n"
      "void a1(void) { WRITE(l); n++; UNWRITE(l); }");
  CHECK(out.deadlock);
  CHECK(out.finals("n") == "2");
}

TEST_CASE("locks: a reader's lock inside a writer's of another order is a deadlock, between readers alone it is none") {
  const std::string orders =
      "void a0(void) { READ(l); READ(k); n++; UNREAD(k); UNREAD(l); }\n"
      "void a1(void) { READ(k); READ(l); n++; UNREAD(l); UNREAD(k); }\n";
  CHECK(!with_locks(orders).deadlock);
  // A writer of each between them: every reader queues behind one.
  CHECK(
      with_locks(orders + "void a2(void) { WRITE(l); UNWRITE(l); }\nvoid a3(void) { WRITE(k); UNWRITE(k); }").deadlock);
}

TEST_CASE("locks: a writer that waits is seen by a reader that tries") {
  const Explored out = with_locks(
      "void a0(void) { READ(l); r = 1; n = __hp_trylock(&l, HP_RWSEM, HP_READ); }\n"
      "void a1(void) { WRITE(l); UNWRITE(l); }");
  CHECK(out.finals("n") == "1");  // busy only if the writer waits, which it then does for ever
  CHECK(out.events("lock") == "0 0 0 0; 0 0 0 1; 1 0 1 0");
}

TEST_CASE("locks: what a lock needs to be") {
  CHECK(Explored(locks + "void a0(void) { struct lock *p = 0; LOCK(*p); }").events("null-dereference") == "0");
  CHECK(Explored(locks + "void a0(void) { __VERIFIER_atomic_begin(); LOCK(l); __VERIFIER_atomic_end(); }")
            .not_understood() != "");
  CHECK(Explored(locks + "void a0(void) { __hp_lock(&l, 7, 1); }").not_understood() != "");
}

}  // namespace hotproof::lower
