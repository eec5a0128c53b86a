// The explicit engine against an explorer that was written by hand for one model (small_hotplug.hpp), in the same run.
//
//   hand_written [--repeat N] [BLOCKS,LISTENERS,WORKERS,READERS]...
//
// Both count the states and transitions of the same steps, on one core, and test the same two properties. By turns, N times
// (default 5); medians of processor time. The hand-written one packs a state into 16 bytes, knows all shifts when it is compiled, keeps
// states in a flat open-addressing table on huge pages, and fetches ahead what a batch of successors will look at.
//
// Exit status: 0; 1 if counts or verdicts differ; 2 for wrong usage.

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "bench/small_hotplug.hpp"
#include "checker/explicit/explorer.hpp"

namespace hotproof::bench {
namespace {

// Processor time of this process, in seconds: both are one thread, and others may use the machine.
double now() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

struct Outcome {
  std::uint64_t states = 0, transitions = 0;
  bool violated = false;
  double seconds = 0;
};

// Never 0: the lowest bit of `b` is always set, so that 0 marks a free slot of the table.
struct Packed {
  std::uint64_t a = 0, b = 0;
  friend bool operator==(const Packed&, const Packed&) = default;
};

inline std::uint64_t hash(const Packed& s) {
  std::uint64_t h = s.a * 0x9e3779b97f4a7c15U ^ (s.b + 0x165667b19e3779f9U) * 0xff51afd7ed558ccdU;
  h ^= h >> 32U;
  h *= 0xc4ceb9fe1a85ec53U;
  return h ^ (h >> 29U);
}

// Memory of zeros on huge pages where the system has them.
class Table {
 public:
  explicit Table(unsigned bits) { allocate(bits); }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() { munmap(slots_, bytes()); }

  void prefetch(std::uint64_t h) const { __builtin_prefetch(&slots_[h >> shift_]); }
  // Whether it was not there.
  bool insert(const Packed& s, std::uint64_t h) {
    for (std::size_t at = h >> shift_;; at = (at + 1) & mask_) {
      if (slots_[at] == s) return false;
      if (slots_[at].b != 0) continue;
      slots_[at] = s;
      ++size_;
      return true;
    }
  }
  bool is_nearly_full(std::size_t more) const { return (size_ + more) * 4 > (mask_ + 1) * 3; }
  void grow() {
    Packed* const old = slots_;
    const std::size_t count = mask_ + 1;
    allocate(64 - shift_ + 1);
    size_ = 0;
    for (std::size_t i = 0; i < count; ++i)
      if (old[i].b != 0) insert(old[i], hash(old[i]));
    munmap(old, count * sizeof(Packed));
  }
  std::size_t size() const { return size_; }

 private:
  std::size_t bytes() const { return (mask_ + 1) * sizeof(Packed); }
  void allocate(unsigned bits) {
    shift_ = 64 - bits;
    mask_ = (std::size_t{1} << bits) - 1;
    void* memory = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      std::fputs("hand_written: out of memory\n", stderr);
      std::exit(2);
    }
    madvise(memory, bytes(), MADV_HUGEPAGE);
    slots_ = static_cast<Packed*>(memory);
  }

  Packed* slots_ = nullptr;
  std::size_t mask_ = 0, size_ = 0;
  unsigned shift_ = 0;
};

// The steps of small_hotplug.cpp, as bits. Word a: for each block online, accessible, and whether each listener follows;
// then both locks. Word b: a 1, then for each worker what comes next (4 bits), the block (2), the end (1), the listener
// (2), and for each reader what comes next (3) and the block (2).
template <int N, int L, int W, int R>
class Model {
 public:
  static constexpr int block_bits = 2 + L;
  static constexpr int device_at = N * block_bits, writer_at = device_at + 3;
  static constexpr int worker_bits = 9, reader_bits = 5;
  static constexpr int readers_at = 1 + W * worker_bits;
  static_assert(writer_at + 3 <= 64 && readers_at + R * reader_bits <= 64 && N <= 4 && L <= 4 && W <= 7);

  static Packed initial() { return {0, 1}; }

  // Calls emit(successor) for each step; false if one of them violates a property.
  template <class Emit>
  static bool expand(const Packed& s, Emit emit) {
    bool fine = true;
    for (int r = 0; r < R; ++r) fine = reader(s, readers_at + r * reader_bits, emit) && fine;
    for (int w = 0; w < W; ++w) fine = worker(s, w, emit) && fine;
    return fine;
  }

 private:
  static constexpr std::uint64_t bits(std::uint64_t word, int at, int count) { return word >> at & ((std::uint64_t{1} << count) - 1); }
  static constexpr std::uint64_t with(std::uint64_t word, int at, int count, std::uint64_t value) {
    return (word & ~(((std::uint64_t{1} << count) - 1) << at)) | value << at;
  }
  static int online_at(std::uint64_t block) { return static_cast<int>(block) * block_bits; }
  static int accessible_at(std::uint64_t block) { return online_at(block) + 1; }
  static int follows_at(std::uint64_t block, std::uint64_t listener) { return online_at(block) + 2 + static_cast<int>(listener); }

  static bool somebody_reads(const Packed& s) {
    for (int r = 0; r < R; ++r)
      if (bits(s.b, readers_at + r * reader_bits, 3) >= 2) return true;
    return false;
  }

  template <class Emit>
  static bool reader(const Packed& s, int at, Emit& emit) {
    const std::uint64_t here = bits(s.b, at, reader_bits);
    const std::uint64_t block = here >> 3;
    const auto go = [&](std::uint64_t what, std::uint64_t on) { emit(Packed{s.a, with(s.b, at, reader_bits, what | on << 3)}); };
    switch (here & 7) {
      case 0:
        for (std::uint64_t b = 0; b < N; ++b) go(1, b);
        return true;
      case 1:
        if (bits(s.a, writer_at, 3) == 0) go(2, block);
        return true;
      case 2:
        if (bits(s.a, online_at(block), 1) != 0) go(3, block);
        else go(4, 0);
        return true;
      case 3:
        go(4, 0);
        return bits(s.a, accessible_at(block), 1) != 0;
      default:
        go(0, 0);
        return true;
    }
  }

  template <class Emit>
  static bool worker(const Packed& s, int w, Emit& emit) {
    const int at = 1 + w * worker_bits;
    const std::uint64_t here = bits(s.b, at, worker_bits);
    const std::uint64_t what = here & 15, block = here >> 4 & 3, end = here >> 6 & 1, listener = here >> 7;
    const auto go = [&](std::uint64_t a, std::uint64_t next, std::uint64_t l = 0) {
      emit(Packed{a, with(s.b, at, worker_bits, next == 0 ? 0 : next | block << 4 | end << 6 | l << 7)});
    };
    const auto self = static_cast<std::uint64_t>(w) + 1;
    const auto follow = [&](std::uint64_t l, std::uint64_t value) { return with(s.a, follows_at(block, l), 1, value); };
    switch (what) {
      case 0:
        for (std::uint64_t b = 0; b < N; ++b)
          for (std::uint64_t e = 0; e < 2; ++e) emit(Packed{s.a, with(s.b, at, worker_bits, 1 | b << 4 | e << 6)});
        return true;
      case 1:
        if (bits(s.a, device_at, 3) == 0) go(with(s.a, device_at, 3, self), 2);
        else go(s.a, 0);
        return true;
      case 2:
        go(s.a, bits(s.a, online_at(block), 1) == end ? 8 : 3);
        return true;
      case 3:
        if (bits(s.a, writer_at, 3) == 0 && !somebody_reads(s)) go(with(s.a, writer_at, 3, self), end == 1 ? 4 : 5);
        return true;
      case 4:
        go(with(s.a, accessible_at(block), 1, 1), 5);
        return true;
      case 5: {
        const std::uint64_t a = end == 1 ? follow(listener, 1) : s.a;
        if (listener + 1 == L) go(a, 6);
        else go(a, 5, listener + 1);
        go(s.a, 7, listener);
        return true;
      }
      case 6:
        go(with(s.a, online_at(block), 1, end), 10);
        return true;
      case 7:
        if (listener == 0) go(end == 1 ? with(s.a, accessible_at(block), 1, 0) : s.a, 9);
        else go(follow(listener - 1, 1 - end), 7, listener - 1);
        return true;
      case 8: {
        go(with(s.a, device_at, 3, 0), 0);
        const std::uint64_t all = (std::uint64_t{1} << L) - 1;
        return bits(s.a, follows_at(block, 0), L) == (bits(s.a, online_at(block), 1) != 0 ? all : 0);
      }
      case 9:
        go(with(s.a, writer_at, 3, 0), 8);
        return true;
      case 10:
        if (listener + 1 < L) go(follow(listener, end), 10, listener + 1);
        else go(follow(listener, end), end == 1 ? 9 : 11);
        return true;
      default:
        go(with(s.a, accessible_at(block), 1, 0), 9);
        return true;
    }
  }
};

template <int N, int L, int W, int R>
Outcome by_hand() {
  constexpr std::size_t batch_size = 256;
  struct Waiting {
    Packed state;
    std::uint64_t hash;
  };
  const double start = now();
  Outcome out;
  Table table(16);
  std::vector<Packed> level, next;
  std::vector<Waiting> batch;
  batch.reserve(batch_size);
  const auto flush = [&] {
    if (table.is_nearly_full(batch.size())) table.grow();
    for (const Waiting& w : batch)
      if (table.insert(w.state, w.hash)) next.push_back(w.state);
    batch.clear();
  };
  const auto emit = [&](const Packed& s) {
    const std::uint64_t h = hash(s);
    table.prefetch(h);
    batch.push_back({s, h});
    ++out.transitions;
    if (batch.size() == batch_size) flush();
  };
  const Packed first = Model<N, L, W, R>::initial();
  table.insert(first, hash(first));
  level.push_back(first);
  while (!level.empty()) {
    for (const Packed& s : level) out.violated = !Model<N, L, W, R>::expand(s, emit) || out.violated;
    flush();
    std::swap(level, next);
    next.clear();
  }
  out.states = table.size();
  out.seconds = now() - start;
  return out;
}

Outcome by_engine(const ir::TransitionSystem& system) {
  const double start = now();
  checker::Options options;
  options.threads = 1;
  const checker::Result result = checker::explore(system, options);
  Outcome out{result.statistics.states, result.statistics.transitions, false, 0};
  out.seconds = now() - start;
  for (const checker::PropertyResult& property : result.properties)
    out.violated = out.violated || property.verdict != checker::Verdict::proved;
  return out;
}

struct Row {
  Sizes sizes;
  Outcome (*by_hand)();
};

template <int N, int L, int W, int R>
constexpr Row row() {
  return {{N, L, W, R}, by_hand<N, L, W, R>};
}

// Each size is compiled for itself.
const std::vector<Row>& rows() {
  static const std::vector<Row> all = {row<1, 1, 1, 1>(), row<2, 2, 2, 1>(), row<2, 2, 2, 2>(), row<3, 2, 2, 2>(), row<3, 2, 3, 1>(),
                                       row<3, 2, 3, 2>(), row<4, 2, 3, 2>(), row<4, 3, 3, 2>(), row<3, 2, 4, 2>(), row<4, 2, 4, 2>()};
  return all;
}

const Row* find(const std::string& text) {
  Sizes s;
  int used = 0;
  if (std::sscanf(text.c_str(), "%d,%d,%d,%d%n", &s.blocks, &s.listeners, &s.workers, &s.readers, &used) != 4 ||
      static_cast<std::size_t>(used) != text.size())
    return nullptr;
  for (const Row& one : rows())
    if (one.sizes.blocks == s.blocks && one.sizes.listeners == s.listeners && one.sizes.workers == s.workers && one.sizes.readers == s.readers)
      return &one;
  return nullptr;
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all.size() % 2 == 1 ? all[all.size() / 2] : (all[all.size() / 2 - 1] + all[all.size() / 2]) / 2;
}

bool measure(const Row& row, int repeat) {
  const ir::TransitionSystem system = small_hotplug(row.sizes);
  std::vector<double> hand_rates, engine_rates;
  Outcome hand, engine;
  for (int i = 0; i < repeat; ++i) {
    hand = row.by_hand();
    engine = by_engine(system);
    hand_rates.push_back(static_cast<double>(hand.states) / hand.seconds);
    engine_rates.push_back(static_cast<double>(engine.states) / engine.seconds);
  }
  const double a = median(hand_rates), b = median(engine_rates);
  std::printf("| %d,%d,%d,%d | %llu | %llu | %.2f | %.2f | %.2f |\n", row.sizes.blocks, row.sizes.listeners, row.sizes.workers,
              row.sizes.readers, static_cast<unsigned long long>(hand.states), static_cast<unsigned long long>(hand.transitions), a / 1e6, b / 1e6, b / a);
  std::fflush(stdout);
  const bool same = hand.states == engine.states && hand.transitions == engine.transitions && !hand.violated && !engine.violated;
  if (!same)
    std::fprintf(stderr, "hand_written: they differ: %llu states and %llu transitions by hand%s, %llu and %llu by the engine%s\n",
                 static_cast<unsigned long long>(hand.states), static_cast<unsigned long long>(hand.transitions), hand.violated ? ", violated" : "",
                 static_cast<unsigned long long>(engine.states), static_cast<unsigned long long>(engine.transitions), engine.violated ? ", violated" : "");
  return same;
}

int wrong_usage(const std::string& what) {
  std::fprintf(stderr, "hand_written: %s; sizes are", what.c_str());
  for (const Row& one : rows()) std::fprintf(stderr, " %d,%d,%d,%d", one.sizes.blocks, one.sizes.listeners, one.sizes.workers, one.sizes.readers);
  std::fputs("\n", stderr);
  return 2;
}

int run(int argc, char** argv) {
  int repeat = 5;
  std::vector<const Row*> wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--repeat" && i + 1 < argc) {
      repeat = std::atoi(argv[++i]);
      continue;
    }
    const Row* found = find(word);
    if (found == nullptr) return wrong_usage("'" + word + "' is none of the sizes");
    wanted.push_back(found);
  }
  if (repeat < 1) return wrong_usage("--repeat wants a number from 1 on");
  if (wanted.empty())
    for (const char* usual : {"2,2,2,1", "3,2,2,2", "3,2,3,2"}) wanted.push_back(find(usual));
  std::puts("| N,L,W,R | states | transitions | by hand, M states/s | engine, M states/s | ratio |\n|---|---|---|---|---|---|");
  bool same = true;
  for (const Row* one : wanted) same = measure(*one, repeat) && same;
  return same ? 0 : 1;
}

}  // namespace
}  // namespace hotproof::bench

int main(int argc, char** argv) {
  return hotproof::bench::run(argc, argv);
}
