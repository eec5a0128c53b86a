// Threads that do one piece of work after the other together: all start it, all end it before the next one begins.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace hotproof::checker::explicit_state {

constexpr unsigned most_threads = 64;

// How many threads a search uses if nobody says how many: as many as the machine runs at once, 16 at most.
unsigned default_threads();

class Crew {
 public:
  // The caller is one of the `size` (at least 1). Others are made when they are first needed.
  explicit Crew(unsigned size) : size_(size == 0 ? 1 : size) {}
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  unsigned size() const { return size_; }

  // Calls work(0) here and work(1) … work(size-1) at the same time elsewhere, and comes back when all are done. What was
  // written before is seen by all of them, and what they wrote by the caller. `work` must not throw.
  void together(const std::function<void(unsigned)>& work);

 private:
  void serve(unsigned number);

  unsigned size_;
  std::vector<std::thread> others_;
  const std::function<void(unsigned)>* work_ = nullptr;  // null: go home
  std::atomic<std::uint32_t> turn_{0};                   // a new number for each piece of work
  std::atomic<std::uint32_t> busy_{0};
};

}  // namespace hotproof::checker::explicit_state
