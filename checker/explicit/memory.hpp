// Memory for what is large: on huge pages, of which a search that looks at places all over it has to fetch far fewer,
// and whose first use costs a fault for two MiB, not for four KiB.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace hotproof::checker::explicit_state {

// Large pieces come from the system and go back to it at once: the program's own heap would keep each table that a
// larger one has replaced.
struct FreeMemory {
  std::size_t mapped = 0;  // bytes that were; 0: it came from the heap
  void operator()(void* memory) const;
};
template <class T>
using Memory = std::unique_ptr<T[], FreeMemory>;

// All zero; aligned, where it is large, so that it can lie on huge pages. Null if there is none.
std::pair<void*, FreeMemory> take_bytes(std::size_t bytes);
// What was taken by take_bytes(bytes).
void give_back(void* memory, std::size_t bytes);
template <class T>
Memory<T> take_memory(std::size_t bytes) {
  const auto [memory, free] = take_bytes(bytes);
  return Memory<T>(static_cast<T*>(memory), free);
}

// The same for a vector.
template <class T>
struct LargePages {
  using value_type = T;
  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}
  T* allocate(std::size_t count) {
    void* const memory = take_bytes(count * sizeof(T)).first;
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) { give_back(memory, count * sizeof(T)); }
  friend bool operator==(const LargePages&, const LargePages&) { return true; }
};

}  // namespace hotproof::checker::explicit_state
