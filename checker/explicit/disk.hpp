// Memory that lies in a file: for what is written and read in order. The system may write such pages to the disk and read
// them back, so they do not count as the program's memory.
//
// (Levels are many and small here: sorted runs on the disk, merged once a level as in Korf's delayed duplicate detection
// (AAAI 2004), would be read some hundred times. docs/engines.md says how duplicates are told instead.)
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "model/source/diagnostic.hpp"

namespace hotproof::checker::explicit_state {

class DiskMemory {
 public:
  // In a file without a name in that folder, which must be there; it goes with this object, also if the process is killed.
  // At most about `resident` bytes of it stay mapped to memory. Error: no file can be made there.
  static Outcome<std::shared_ptr<DiskMemory>> open(const std::string& folder, std::uint64_t resident);
  ~DiskMemory();
  DiskMemory(const DiskMemory&) = delete;
  DiskMemory& operator=(const DiskMemory&) = delete;

  // A piece that stays where it is as long as this object lives, all zero. Null if the disk is full.
  std::uint64_t* take(std::size_t bytes);
  std::uint64_t bytes() const { return size_; }  // in the file
  std::uint64_t resident() const { return resident_; }

 private:
  DiskMemory(int file, std::uint64_t resident);
  void mind();
  void let_go();

  int file_;
  std::uint64_t resident_;
  std::atomic<std::uint64_t> size_{0};
  std::vector<std::pair<void*, std::size_t>> pieces_;
  std::mutex mutex_;  // of pieces_ and over_
  std::condition_variable over_changed_;
  bool over_ = false;
  std::thread minder_;  // lets pages go when there are too many, whoever reads them
};

}  // namespace hotproof::checker::explicit_state
