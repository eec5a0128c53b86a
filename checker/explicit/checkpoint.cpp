#include "checker/explicit/checkpoint.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "model/ir/text.hpp"

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::uint64_t magic = 0x32746e696f706b63U;  // "ckpoint2"
constexpr std::uint64_t states_at_a_time = 16'384;
constexpr std::uint64_t most_words_of_head = std::uint64_t{1} << 27U;

std::uint64_t chained(std::uint64_t hash, const std::uint64_t* words, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    hash = (hash ^ words[i]) * 0xff51afd7ed558ccdU;
    hash ^= hash >> 32U;
  }
  return hash;
}

tl::unexpected<Diagnostic> trouble(const std::filesystem::path& file, const std::string& what) {
  return failure({file.string(), 0, 0}, what);
}
std::string with_reason(const char* what) {
  return std::string(what) + ": " + std::strerror(errno);
}

// Numbers one after the other; reading past the end gives 0 and is noticed.
class Words {
 public:
  std::vector<std::uint64_t> all;
  void put(std::uint64_t word) { all.push_back(word); }
  std::uint64_t get() { return at_ < all.size() ? all[at_++] : (short_ = true, 0); }
  // How many things of a word at least follow.
  std::uint64_t count() {
    const std::uint64_t some = get();
    if (some <= all.size() - at_) return some;
    short_ = true;
    return 0;
  }
  bool is_short() const { return short_; }
  bool is_used_up() const { return !short_ && at_ == all.size(); }

 private:
  std::size_t at_ = 0;
  bool short_ = false;
};

void put(const std::vector<std::optional<Found>>& all, Words& out) {
  out.put(all.size());
  for (const auto& found : all) {
    out.put(found ? 1 : 0);
    if (!found) continue;
    out.put(found->state);
    out.put(found->fired ? std::uint64_t{ir::index(*found->fired)} + 1 : 0);
    out.put(found->depth);
  }
}

std::vector<std::optional<Found>> get_found(Words& in) {
  std::vector<std::optional<Found>> out(in.count());
  for (auto& found : out) {
    if (in.get() == 0) continue;
    found.emplace();
    found->state = static_cast<StateId>(in.get());
    if (const std::uint64_t fired = in.get(); fired != 0) found->fired = static_cast<ir::TransitionId>(fired - 1);
    found->depth = static_cast<std::uint32_t>(in.get());
  }
  return out;
}

Words written(const Progressed& p, std::uint64_t identity) {
  Words out;
  for (const std::uint64_t word : {magic, identity, std::uint64_t{p.words}, p.states, p.initial_states, p.next,
                                   p.level_end, std::uint64_t{p.depth}, std::uint64_t{p.covered},
                                   std::uint64_t{p.reduced_from}, p.enabled, p.enabled_before, p.data_hash})
    out.put(word);
  put(p.broken, out);
  put(p.reached, out);
  out.put(p.interned.widths.size());
  for (std::size_t i = 0; i < p.interned.widths.size(); ++i) {
    out.put(static_cast<std::uint64_t>(p.interned.widths[i]));
    const auto& values = p.interned.values[i];
    out.put(values.size());
    for (const std::uint64_t value : values) out.put(value);
  }
  out.put(chained(0, out.all.data(), out.all.size()));
  return out;
}

// Nothing, if these are no words of a head of this search.
std::optional<Progressed> understood(Words in, std::uint64_t identity) {
  if (in.all.empty()) return std::nullopt;
  const std::uint64_t hash = in.all.back();
  in.all.pop_back();
  if (hash != chained(0, in.all.data(), in.all.size())) return std::nullopt;
  if (in.get() != magic || in.get() != identity) return std::nullopt;
  Progressed out;
  out.words = static_cast<std::uint32_t>(in.get());
  for (std::uint64_t* const number : {&out.states, &out.initial_states, &out.next, &out.level_end}) *number = in.get();
  out.depth = static_cast<std::uint32_t>(in.get());
  out.covered = static_cast<std::uint32_t>(in.get());
  out.reduced_from = static_cast<std::uint32_t>(in.get());
  for (std::uint64_t* const number : {&out.enabled, &out.enabled_before, &out.data_hash}) *number = in.get();
  out.broken = get_found(in);
  out.reached = get_found(in);
  const std::uint64_t variables = in.count();
  for (std::uint64_t i = 0; i < variables && !in.is_short(); ++i) {
    out.interned.widths.push_back(static_cast<int>(in.get()));
    auto& values = out.interned.values.emplace_back(in.count());
    for (std::uint64_t& value : values) value = in.get();
  }
  const bool sound = out.initial_states <= out.states && out.next <= out.level_end && out.level_end <= out.states;
  if (!in.is_used_up() || !sound) return std::nullopt;
  return out;
}

bool write_all(int file, const void* bytes, std::size_t size) {
  const char* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t done = ::write(file, at, size);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    at += done;
    size -= static_cast<std::size_t>(done);
  }
  return true;
}

std::string name_of(std::uint64_t identity) {
  constexpr const char* digits = "0123456789abcdef";
  std::string out = "search-";
  for (int shift = 60; shift >= 0; shift -= 4) out += digits[identity >> shift & 15U];
  return out;
}

}  // namespace

Checkpoint::Checkpoint(const std::filesystem::path& folder, std::uint64_t identity)
    : head_(folder / (name_of(identity) + ".head")),
      data_(folder / (name_of(identity) + ".states")),
      identity_(identity) {}

Checkpoint::~Checkpoint() {
  if (file_ >= 0) ::close(file_);
}

std::uint64_t Checkpoint::identity_of(const ir::TransitionSystem& system, const Selection& selection,
                                      const std::string& reductions) {
  std::string text = ir::write(system);
  text += selection.faults ? "faults" : "";
  text += selection.assertions ? "assertions" : "";
  text += reductions;
  for (const bool mark : selection.marks) text += mark ? '1' : '0';
  text.resize((text.size() + 7) / 8 * 8);
  std::vector<std::uint64_t> words(text.size() / 8);
  std::memcpy(words.data(), text.data(), text.size());
  return chained(words.size(), words.data(), words.size());
}

Outcome<std::optional<Progressed>> Checkpoint::last() const {
  std::error_code none;
  const auto size = std::filesystem::file_size(head_, none);
  if (none) return std::nullopt;
  Words words;
  std::ifstream in(head_, std::ios::binary);
  if (size % 8 != 0 || size / 8 > most_words_of_head) return trouble(head_, "the checkpoint is damaged");
  words.all.resize(size / 8);
  if (!in || !in.read(reinterpret_cast<char*>(words.all.data()), static_cast<std::streamsize>(size)))
    return trouble(head_, with_reason("the checkpoint cannot be read"));
  auto out = understood(std::move(words), identity_);
  if (!out) return trouble(head_, "the checkpoint is damaged");
  return out;
}

Outcome<void> Checkpoint::load(const Progressed& progressed, States& states, const std::function<void()>& in_between) {
  std::ifstream in(data_, std::ios::binary);
  if (!in) return trouble(data_, with_reason("the states of the checkpoint cannot be read"));
  const std::uint32_t words = states.words();
  const std::size_t record = words + 1;
  const auto damaged = [this] { return trouble(data_, "the states of the checkpoint are damaged"); };
  if (progressed.words != words) return damaged();
  std::vector<std::uint64_t> some;
  StateId last_parent = 0;
  data_hash_ = 0;
  for (std::uint64_t first = 0; first < progressed.states; first += states_at_a_time) {
    const std::uint64_t count = std::min(states_at_a_time, progressed.states - first);
    some.resize(count * record);
    if (!in.read(reinterpret_cast<char*>(some.data()), static_cast<std::streamsize>(some.size() * 8))) return damaged();
    data_hash_ = chained(data_hash_, some.data(), some.size());
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t* const state = &some[i * record];
      const std::uint64_t hash = hash_words(state, words);
      const unsigned shard = states.shard_of(hash);
      const auto parent = static_cast<StateId>(state[words]);
      const bool possible = state[words] <= first + i && parent >= last_parent;
      if (!possible || !states.shard(shard).reserve(1)) return damaged();
      if (!states.shard(shard).insert(state, hash)) return damaged();
      states.append(shard, parent);
      last_parent = parent;
    }
    in_between();
  }
  if (data_hash_ != progressed.data_hash) return damaged();
  saved_ = progressed.states;
  return {};
}

Outcome<void> Checkpoint::open_data() {
  std::error_code error;
  std::filesystem::create_directories(head_.parent_path(), error);
  file_ = ::open(data_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) return trouble(data_, with_reason("cannot be written"));
  return {};
}

Outcome<void> Checkpoint::append(const States& states) {
  const std::uint32_t words = states.words();
  const std::size_t record = words + 1;
  // What lies behind the states that count is of a checkpoint that was never finished.
  const auto end = static_cast<off_t>(saved_ * record * 8);
  if (::ftruncate(file_, end) != 0 || ::lseek(file_, end, SEEK_SET) < 0)
    return trouble(data_, with_reason("cannot be written"));
  if (saved_ == states.size()) return {};
  std::vector<std::uint64_t> some;
  States::Walk walk(states, static_cast<StateId>(saved_));
  std::uint64_t hash = data_hash_;
  for (std::uint64_t first = saved_; first < states.size(); first += states_at_a_time) {
    some.clear();
    const auto count = static_cast<std::uint32_t>(std::min(states_at_a_time, states.size() - first));
    for (const StateId parent : states.parents(static_cast<StateId>(first), count)) {
      const std::uint64_t* const state = walk.next();
      some.insert(some.end(), state, state + words);
      some.push_back(parent);
    }
    hash = chained(hash, some.data(), some.size());
    if (!write_all(file_, some.data(), some.size() * 8)) return trouble(data_, with_reason("cannot be written"));
  }
  if (::fdatasync(file_) != 0) return trouble(data_, with_reason("cannot be written"));
  saved_ = states.size();
  data_hash_ = hash;
  return {};
}

Outcome<void> Checkpoint::save(const States& states, const Progressed& progressed) {
  if (file_ < 0)
    if (auto opened = open_data(); !opened) return opened;
  if (auto appended = append(states); !appended) return appended;
  Progressed head = progressed;
  head.words = states.words();
  head.data_hash = data_hash_;
  const Words words = written(head, identity_);
  const std::filesystem::path fresh = head_.string() + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return trouble(fresh, with_reason("cannot be written"));
  const bool whole = write_all(file, words.all.data(), words.all.size() * 8) && ::fsync(file) == 0;
  ::close(file);
  if (!whole || ::rename(fresh.c_str(), head_.c_str()) != 0) return trouble(fresh, with_reason("cannot be written"));
  return {};
}

void Checkpoint::remove() {
  std::error_code ignored;
  std::filesystem::remove(head_, ignored);
  std::filesystem::remove(data_, ignored);
}

}  // namespace hotproof::checker::explicit_state
