#include "checker/explicit/crew.hpp"

#include <algorithm>

namespace hotproof::checker::explicit_state {

namespace {

constexpr unsigned most_by_default = 16;

// Work follows work within microseconds while a search is under way, so it is worth looking a while before sleeping; not
// long, as the other thread may have been put off the processor.
constexpr int looks_before_sleep = 4'000;

template <class Done>
void wait_until(const std::atomic<std::uint32_t>& value, Done done) {
  for (int look = 0; look < looks_before_sleep; ++look) {
    if (done(value.load(std::memory_order_acquire))) return;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  for (std::uint32_t seen = value.load(std::memory_order_acquire); !done(seen);
       seen = value.load(std::memory_order_acquire))
    value.wait(seen, std::memory_order_acquire);
}

}  // namespace

unsigned default_threads() {
  return std::clamp(std::thread::hardware_concurrency(), 1U, most_by_default);
}

Crew::~Crew() {
  if (others_.empty()) return;
  work_ = nullptr;
  turn_.fetch_add(1, std::memory_order_release);
  turn_.notify_all();
  for (std::thread& other : others_) other.join();
}

void Crew::together(const std::function<void(unsigned)>& work) {
  while (others_.size() + 1 < size_) {
    const auto number = static_cast<unsigned>(others_.size() + 1);
    // Each starts with the turn as it is now, before the first piece of work is announced.
    others_.emplace_back([this, number] { serve(number); });
  }
  if (others_.empty()) return work(0);
  work_ = &work;
  busy_.store(static_cast<std::uint32_t>(others_.size()), std::memory_order_relaxed);
  turn_.fetch_add(1, std::memory_order_release);
  turn_.notify_all();
  work(0);
  wait_until(busy_, [](std::uint32_t busy) { return busy == 0; });
}

void Crew::serve(unsigned number) {
  for (std::uint32_t turn = 0;; ++turn) {
    wait_until(turn_, [&](std::uint32_t now) { return now != turn; });
    if (work_ == nullptr) return;
    (*work_)(number);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

}  // namespace hotproof::checker::explicit_state
