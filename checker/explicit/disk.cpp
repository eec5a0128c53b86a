#include "checker/explicit/disk.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "checker/explicit/resident.hpp"

namespace hotproof::checker::explicit_state {

namespace {

constexpr auto between_looks = std::chrono::milliseconds(10);

int nameless_file(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return file;
  // Not every file system has files without names from the start.
  std::string name = folder + "/hotproof-states-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

Outcome<std::shared_ptr<DiskMemory>> DiskMemory::open(const std::string& folder, std::uint64_t resident) {
  const int file = nameless_file(folder);
  if (file < 0) return failure({folder, 0, 0}, std::string("states cannot be kept there: ") + std::strerror(errno));
  return std::shared_ptr<DiskMemory>(new DiskMemory(file, resident));
}

DiskMemory::DiskMemory(int file, std::uint64_t resident) : file_(file), resident_(resident) {}

DiskMemory::~DiskMemory() {
  {
    const std::lock_guard hold(mutex_);
    over_ = true;
  }
  over_changed_.notify_all();
  if (minder_.joinable()) minder_.join();
  for (const auto& [piece, size] : pieces_) ::munmap(piece, size);
  ::close(file_);
}

std::uint64_t* DiskMemory::take(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t rounded = (bytes + page - 1) / page * page;
  const std::lock_guard hold(mutex_);
  // A page that the disk has no room for would end the process when it is touched.
  const auto begin = static_cast<off_t>(size_.load());
  if (::posix_fallocate(file_, begin, static_cast<off_t>(rounded)) != 0) return nullptr;
  void* const piece = ::mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_SHARED, file_, begin);
  if (piece == MAP_FAILED) return nullptr;
  pieces_.emplace_back(piece, rounded);
  size_ += rounded;
  if (!minder_.joinable()) minder_ = std::thread([this] { mind(); });
  return static_cast<std::uint64_t*>(piece);
}

void DiskMemory::mind() {
  const std::uint64_t others = resident_memory().of_files;
  std::unique_lock hold(mutex_);
  while (!over_changed_.wait_for(hold, between_looks, [this] { return over_; }))
    if (resident_memory().of_files > others + resident_) let_go();
}

// The pages stay in the file, and mostly in the system's cache of it. Young states are those that are met again.
void DiskMemory::let_go() {
  std::uint64_t young = 0;
  for (auto piece = pieces_.rbegin(); piece != pieces_.rend(); ++piece) {
    young += piece->second;
    if (young > resident_ / 2) ::madvise(piece->first, piece->second, MADV_DONTNEED);
  }
}

}  // namespace hotproof::checker::explicit_state
