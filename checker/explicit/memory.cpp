#include "checker/explicit/memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20U;

constexpr std::size_t in_huge_pages(std::size_t bytes) {
  return (bytes + huge_page - 1) / huge_page * huge_page;
}

}  // namespace

void FreeMemory::operator()(void* memory) const {
  if (mapped == 0)
    std::free(memory);
  else
    munmap(memory, mapped);
}

std::pair<void*, FreeMemory> take_bytes(std::size_t bytes) {
  if (bytes < huge_page) return {std::calloc(bytes, 1), {}};
  const std::size_t rounded = in_huge_pages(bytes);
  void* const all = mmap(nullptr, rounded + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) return {nullptr, {}};
  // What lies in front of the first huge page, and behind the last one, goes back.
  auto* const begin = static_cast<std::byte*>(all);
  const std::size_t front = (huge_page - reinterpret_cast<std::uintptr_t>(begin) % huge_page) % huge_page;
  if (front != 0) munmap(begin, front);
  munmap(begin + front + rounded, huge_page - front);
  madvise(begin + front, rounded, MADV_HUGEPAGE);  // a wish: nothing depends on it
  return {begin + front, {rounded}};
}

void give_back(void* memory, std::size_t bytes) {
  FreeMemory{bytes < huge_page ? 0 : in_huge_pages(bytes)}(memory);
}

}  // namespace hotproof::checker::explicit_state
