#include "checker/explicit/search.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <utility>

namespace hotproof::checker::explicit_state {

namespace {

constexpr StateId chunk_states = 512;
// What a round has must not hang on the number of threads: a search ends between rounds.
constexpr StateId round_states = 16 * chunk_states;
// Fewer states than these are sooner expanded by one thread than handed out.
constexpr StateId worth_sharing = 4 * chunk_states;
// Smaller ones are gone through although every answer is there: how many states there are is worth knowing, too.
constexpr StateId large_search = 1U << 20U;
// Of the memory there is, for pages of states that lie on the disk.
constexpr std::uint64_t share_for_disk = 8;
constexpr std::uint64_t least_for_disk = std::uint64_t{2} << 20U;

// Of the memory there is: what states may take as they are.
constexpr std::uint64_t share_for_whole_states = 4;
std::uint64_t memory_of_the_machine() {
  return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
}

unsigned threads_of(const Options& options) {
  // The checking mode draws random values as it goes: one thread, so that it draws the same ones every time.
  if (options.check_claims) return 1;
  return options.threads == 0 ? default_threads() : std::min(options.threads, most_threads);
}

// Whoever has less memory has none for the table that says who may sleep.
constexpr std::uint64_t least_for_sleep = std::uint64_t{32} << 20U;
bool may_sleep(const Options& options) {
  const bool has_room = options.limits.bytes == 0 || options.limits.bytes >= least_for_sleep;
  return options.sleep_sets && !options.check_claims && has_room;
}

// Twice as many as threads, so that a thread that has the processor for itself can do more of them.
unsigned shards_for(unsigned threads) {
  return threads == 1 ? 1 : 2 * std::bit_ceil(threads);
}

}  // namespace

Search::Search(const ir::TransitionSystem& system, const Layout& layout, const Orbits& orbits, const Options& options,
               const Plan& plan)
    : system_(system),
      layout_(layout),
      orbits_(orbits),
      options_(options),
      plan_(plan),
      compiled_(system, layout, plan.selection, plan.invariants),
      crew_(threads_of(options)),
      states_(layout.words(), shards_for(crew_.size())),
      sleepers_(may_sleep(options)),
      broken_(system.properties.size()),
      reached_(system.marks.size()),
      last_progress_(Clock::now()),
      last_saved_(Clock::now()) {
  expanders_.push_back(new_expander());
  most_bytes_ = options.limits.bytes;
  fold_beyond_ = options.folded_beyond.value_or((most_bytes_ != 0 ? most_bytes_ : memory_of_the_machine()) /
                                                share_for_whole_states);
  if (options.disk.empty() || most_bytes_ == 0) return;
  auto disk = DiskMemory::open(options.disk, std::max(most_bytes_ / share_for_disk, least_for_disk));
  if (disk)
    disk_ = std::move(*disk);
  else
    refused_ = to_string(disk.error());
}

std::unique_ptr<Expander> Search::new_expander() const {
  return std::make_unique<Expander>(system_, layout_, orbits_, compiled_, plan_, options_.check_claims);
}

// Each thread makes its own, so that what it writes all the time lies in memory that is its own, too.
void Search::fill_crew() {
  if (expanders_.size() == crew_.size()) return;
  expanders_.resize(crew_.size());
  crew_.together([&](unsigned thread) {
    if (thread == 0) return;
    expanders_[thread] = new_expander();
    if (some_go_alone()) expanders_[thread]->reduce(*ample_);
    expanders_[thread]->let_sleep(sleepers_.sets());
  });
  settle_everywhere();
}

void Search::stop(const std::string& why) {
  if (stopped_by_.empty()) stopped_by_ = why;
}

std::uint64_t Search::enabled() const {
  std::uint64_t all = enabled_then_;
  for (const auto& expander : expanders_) all += expander->enabled();
  return all;
}

std::uint64_t Search::slept() const {
  std::uint64_t all = 0;
  for (const auto& expander : expanders_) all += expander->slept();
  return all;
}

std::uint64_t Search::successor_bytes() const {
  std::uint64_t all = bytes_of(rounds_[0]) + bytes_of(rounds_[1]);
  for (const auto& expander : expanders_) all += expander->bytes();
  return all;
}

std::uint64_t Search::bytes_of(const Round& round) {
  std::uint64_t all = 0;
  for (const Successors& chunk : round.chunks) all += chunk.bytes();
  return all;
}

void Search::prepare(Round& round, std::size_t chunks) {
  while (round.chunks.size() < chunks) round.chunks.emplace_back(layout_.words(), states_.shards());
  round.used = chunks;
}

void Search::start(const std::vector<ir::State>& initial) {
  std::vector<std::uint64_t> words(layout_.words());
  for (std::size_t first = 0; first < initial.size() && stopped_by_.empty(); first += chunk_states) {
    Round& round = rounds_[at_hand_];
    prepare(round, 1);
    round.chunks[0].clear();
    for (std::size_t i = first; i < std::min<std::size_t>(first + chunk_states, initial.size()); ++i) {
      if (const auto var = layout_.pack(initial[i], words.data()))
        return stop(layout_.is_full() ? full_dictionary
                                      : left_range_text(system_, *var, initial[i][ir::index(*var)]));
      orbits_.make_canonical(words.data());
      const std::uint64_t hash = hash_words(words.data(), layout_.words());
      round.chunks[0].add(states_.shard_of(hash), words.data(), hash, 0, 0);
    }
    if (insert(false))
      number(round);
    else
      stop("memory limit");
  }
  initial_states_ = states_.size();
}

void Search::run(const std::vector<ir::State>& initial) {
  if (states_.size() == 0) {
    start(initial);
    level_end_ = states_.size();
    prepare_level();
  }
  run_levels();
  const bool worth_going_on = stopped_by_ == "interrupted" || stopped_by_ == "time limit" ||
                              stopped_by_ == "memory limit" || stopped_by_ == stopped_by_states;
  if (checkpoint_ == nullptr || !refused_.empty()) return;
  if (worth_going_on)
    save();
  else
    checkpoint_->remove();
}

void Search::run_levels() {
  while (stopped_by_.empty() && !enough_) {
    if (next_ < level_end_)
      look_at_round(next_, next_ + std::min(round_states, level_end_ - next_), is_last_level());
    else if (!begin_next_level())
      break;
  }
  number_what_is_left();
}

bool Search::is_last_level() const {
  return options_.limits.depth != 0 && depth_ >= options_.limits.depth;
}

// All states of the level were looked at. False: there are no more to come.
bool Search::begin_next_level() {
  number_what_is_left();
  covered_ = depth_;
  // States at the depth limit are judged, but nothing is fired from them; all was seen if nothing could be.
  if (is_last_level()) {
    if (enabled() != enabled_before_) stop("depth");
    return false;
  }
  transitions_ = enabled_before_ = enabled();
  if (options_.first_violation_ends && std::any_of(broken_.begin(), broken_.end(), [](const auto& b) { return b; })) {
    stop("something is violated");
    return false;
  }
  level_end_ = states_.size();
  if (next_ == level_end_) return false;
  ++depth_;
  prepare_level();
  return true;
}

void Search::prepare_level() {
  fold_if_large();
  let_sleep_if_large();
  sleepers_.next_level(level_end_);
  reduce_if_large();
}

// They are looked at again when there are twice as many: what states have in common may show late.
void Search::fold_if_large() {
  if (states_.folded() || states_.bytes() <= fold_beyond_ || states_.size() < 2 * looked_at_) return;
  // Meanwhile they lie there twice.
  if (bytes() + states_.bytes() > (most_bytes_ != 0 ? most_bytes_ : memory_of_the_machine())) return;
  looked_at_ = states_.size();
  states_.fold();
}

// Whoever sleeps in a state was sent to in one of the level before.
void Search::let_sleep_if_large() {
  if (!sleepers_.wanted() || sleepers_.sets() != nullptr || states_.size() <= options_.asleep_beyond) return;
  sleepers_.begin(system_);
  if (sleepers_.sets()->empty()) return wake_all();
  for (const auto& expander : expanders_) expander->let_sleep(sleepers_.sets());
}

void Search::wake_all() {
  for (const auto& expander : expanders_) expander->let_sleep(nullptr);
  sleepers_.wake_all();
}

void Search::reduce_if_large() {
  const bool wanted = options_.partial_order && !options_.check_claims && options_.limits.depth == 0 &&
                      !options_.first_violation_ends && plan_.reducible;
  if (!wanted || ample_ || states_.size() <= options_.reduced_beyond) return;
  begin_to_reduce(depth_);
}

void Search::begin_to_reduce(std::uint32_t level) {
  ample_ = std::make_unique<ir::AmpleSets>(system_);
  if (ample_->empty()) return;
  reduced_from_ = level;
  wake_all();
  for (const auto& expander : expanders_) expander->reduce(*ample_);
}

void Search::look_at_round(StateId begin, StateId end, bool last_level) {
  if (crew_.size() > 1 && end - begin >= worth_sharing)
    expand_together(begin, end, last_level);
  else
    expand_alone(begin, end, last_level);
  hear_news();
  poll();
}

void Search::expand_alone(StateId begin, StateId end, bool last_level) {
  number_what_is_left();
  Round& round = rounds_[at_hand_];
  prepare(round, 1);
  States::Walk walk(states_, begin);
  for (StateId first = begin; first < end; first += chunk_states) {
    const StateId count = std::min(chunk_states, end - first);
    round.chunks[0].clear();
    const std::uint64_t before = enabled();
    expanders_[0]->expand(walk, sleepers_.at_hand(), first, count, depth_, last_level ? nullptr : &round.chunks[0]);
    if (!last_level) {
      if (!insert(false)) return stop_for_room(before);
      number(round);
    }
    next_ = first + count;
  }
}

void Search::expand_together(StateId begin, StateId end, bool last_level) {
  fill_crew();
  const std::size_t chunks = (end - begin + chunk_states - 1) / chunk_states;
  Round& round = rounds_[at_hand_];
  prepare(round, chunks);
  states_.make_room(static_cast<StateId>(states_.stored() - states_.size()));
  std::atomic<std::size_t> taken{0};
  std::atomic<bool> is_left{std::exchange(is_left_, false)};
  const std::uint64_t before = enabled();
  crew_.together([&](unsigned thread) {
    if (is_left.exchange(false)) number(rounds_[1 - at_hand_]);
    // Many at first, as those that follow each other have more in common; few at the end, so that nobody waits long.
    for (std::size_t chunk = taken; chunk < chunks;) {
      const std::size_t some = std::max<std::size_t>(1, (chunks - chunk) / (2 * crew_.size()));
      if (!taken.compare_exchange_weak(chunk, chunk + some)) continue;
      States::Walk walk(states_, begin + static_cast<StateId>(chunk) * chunk_states);
      for (const std::size_t behind = chunk + some; chunk < behind; ++chunk) {
        const StateId first = begin + static_cast<StateId>(chunk) * chunk_states;
        round.chunks[chunk].clear();
        expanders_[thread]->expand(walk, sleepers_.at_hand(), first, std::min(chunk_states, end - first), depth_,
                                   last_level ? nullptr : &round.chunks[chunk]);
      }
      chunk = taken;
    }
  });
  if (!last_level) {
    if (!insert(true)) return stop_for_room(before);
    is_left_ = true;
    at_hand_ = 1 - at_hand_;
  }
  next_ = end;
}

// What was expanded last is not in, and will be expanded again if the search goes on another time.
void Search::stop_for_room(std::uint64_t enabled_before) {
  enabled_then_ -= enabled() - enabled_before;
  stop("memory limit");
}

bool Search::insert(bool together) {
  if (!there_is_room()) return false;
  std::atomic<unsigned> taken{0};
  std::atomic<bool> all_in{true};
  const auto work = [&](unsigned) {
    for (unsigned shard = taken++; shard < states_.shards(); shard = taken++)
      if (!insert_into(shard)) all_in = false;
  };
  if (together)
    crew_.together(work);
  else
    work(0);
  return all_in;
}

// Is there room for all successors, as if all of them were new?
bool Search::there_is_room() {
  const Round& round = rounds_[at_hand_];
  std::vector<std::uint32_t> more(states_.shards(), 0);
  std::uint64_t all = states_.stored();
  for (std::size_t chunk = 0; chunk < round.used; ++chunk)
    for (unsigned shard = 0; shard < states_.shards(); ++shard) {
      more[shard] += round.chunks[chunk].lane(shard).count;
      all += round.chunks[chunk].lane(shard).count;
    }
  if (all >= std::numeric_limits<StateId>::max()) return false;
  std::uint64_t to_come = 0;
  for (std::size_t chunk = 0; chunk < round.used; ++chunk) to_come += round.chunks[chunk].bytes_to_come();
  // The other round will be as large, if it is not yet.
  if (crew_.size() > 1) {
    const std::uint64_t one = bytes_of(rounds_[0]), other = bytes_of(rounds_[1]);
    to_come += std::max(one, other) - std::min(one, other);
  }
  if (filling_ != Filling::tight) {
    // Where one has to grow, those that would soon have to do it as well, at the same time.
    bool some_grow = false;
    for (unsigned shard = 0; shard < states_.shards(); ++shard) some_grow |= states_.shard(shard).grows(more[shard]);
    filling_ = some_grow ? Filling::early : Filling::usual;
  }
  const auto fits = [&](Filling most) {
    std::uint64_t bytes = this->bytes() + to_come + sleepers_.bytes_to_come(all - states_.size());
    for (unsigned shard = 0; shard < states_.shards(); ++shard)
      bytes += states_.shard(shard).bytes_to_reserve(more[shard], most) - states_.shard(shard).bytes();
    return bytes <= most_bytes_;
  };
  if (most_bytes_ == 0) return true;
  if (fits(filling_)) return true;
  // What sleepers take is the first to go, so that they never are why a search ends.
  if (sleepers_.sets() != nullptr) {
    wake_all();
    if (fits(filling_)) return true;
  }
  filling_ = Filling::tight;
  return fits(filling_) || (go_to_disk() && fits(filling_));
}

// False: states lie there already, or there is no room either.
bool Search::go_to_disk() {
  if (!disk_ || states_.shard(0).on_disk()) return false;
  for (unsigned shard = 0; shard < states_.shards(); ++shard)
    if (!states_.shard(shard).move_to(disk_)) return false;
  most_bytes_ -= std::min(most_bytes_, disk_->resident());
  return true;
}

bool Search::insert_into(unsigned number) {
  Round& round = rounds_[at_hand_];
  Shard& shard = states_.shard(number);
  std::uint32_t more = 0;
  for (std::size_t chunk = 0; chunk < round.used; ++chunk) more += round.chunks[chunk].lane(number).count;
  if (!shard.reserve(more, filling_)) return false;
  for (std::size_t chunk = 0; chunk < round.used; ++chunk) {
    Successors& successors = round.chunks[chunk];
    Successors::Lane& lane = successors.lane(number);
    lane.fresh.reserve(lane.count);
    shard.insert_all(
        lane.count, [&](std::uint32_t i) { return successors.at(lane, i); },
        [&](std::uint32_t i) {
          const Successors::View candidate = successors.at(lane, i);
          lane.fresh.push_back({candidate.place, candidate.sleepers});
        });
  }
  return true;
}

void Search::number_what_is_left() {
  if (std::exchange(is_left_, false)) number(rounds_[1 - at_hand_]);
}

void Search::number(const Round& round) {
  for (std::size_t chunk = 0; chunk < round.used; ++chunk) number(round.chunks[chunk]);
}

void Search::number(unsigned shard, const Successors::Fresh& fresh) {
  states_.append(shard, static_cast<StateId>(fresh.place));
  sleepers_.append(fresh.sleepers);
}

// New states get their numbers in the order in which they were fired.
void Search::number(const Successors& chunk) {
  const unsigned shards = states_.shards();
  if (shards == 1) {
    const Successors::Lane& lane = chunk.lane(0);
    for (const Successors::Fresh& one : lane.fresh) number(0, one);
    return;
  }
  constexpr std::uint64_t none = ~std::uint64_t{0};
  std::uint32_t taken[most_shards] = {};
  std::uint64_t next[most_shards];  // by shard: the place of the first that is left
  const auto look = [&](unsigned shard) {
    const auto& fresh = chunk.lane(shard).fresh;
    next[shard] = taken[shard] == fresh.size() ? none : fresh[taken[shard]].place;
  };
  for (unsigned shard = 0; shard < shards; ++shard) look(shard);
  for (;;) {
    unsigned first = 0;
    for (unsigned shard = 1; shard < shards; ++shard) first = next[shard] < next[first] ? shard : first;
    if (next[first] == none) return;
    number(first, chunk.lane(first).fresh[taken[first]++]);
    look(first);
  }
}

void Search::hear_of(const Expander& from) {
  const auto take_earlier = [](std::optional<Found>& known, const std::optional<Found>& found) {
    if (found && (!known || found->state < known->state)) known = found;
  };
  for (std::size_t i = 0; i < broken_.size(); ++i)
    take_earlier(broken_[i], from.broken_at(static_cast<ir::PropertyId>(i)));
  for (std::size_t i = 0; i < reached_.size(); ++i)
    take_earlier(reached_[i], from.reached_at(static_cast<ir::MarkId>(i)));
}

void Search::settle_everywhere() {
  for (const auto& expander : expanders_) {
    for (std::size_t i = 0; i < broken_.size(); ++i)
      if (broken_[i]) expander->settle(static_cast<ir::PropertyId>(i));
    for (std::size_t i = 0; i < reached_.size(); ++i)
      if (reached_[i]) expander->settle(static_cast<ir::MarkId>(i));
    if (!plan_.deadlocks.empty() && broken_[ir::index(plan_.deadlocks.front())]) expander->settle_deadlocks();
  }
}

void Search::hear_news() {
  const Expander::Obstacle* first = nullptr;
  bool some = false;
  for (const auto& expander : expanders_) {
    if (!expander->has_news()) continue;
    some = true;
    hear_of(*expander);
    if (const auto& met = expander->obstacle(); met && (first == nullptr || met->state < first->state)) first = &*met;
  }
  if (!some) return;
  if (first != nullptr) {
    refuted_claim_ = first->refuted_claim;
    stop(first->why);
  }
  settle_everywhere();
  for (const auto& expander : expanders_) expander->forget_news();
  enough_ = !plan_.enough.empty() && std::all_of(plan_.enough.begin(), plan_.enough.end(), [&](ir::MarkId mark) {
    return reached_at(mark).has_value();
  });
}

void Search::poll() {
  if ((plan_.only_answers || states_.stored() > large_search) && plan_.is_answered(broken_, reached_)) stop(stopped_by_answers);
  if (options_.interrupted != nullptr && *options_.interrupted) stop("interrupted");
  if (options_.pointless != nullptr && options_.pointless->load()) stop("interrupted");
  if (options_.limits.states != 0 && states_.stored() > options_.limits.states) stop(stopped_by_states);
  const double seconds = seconds_since(plan_.start);
  if (options_.limits.seconds > 0 && seconds > options_.limits.seconds) stop("time limit");
  if (checkpoint_ != nullptr && stopped_by_.empty() && seconds_since(last_saved_) > options_.keeping.seconds) save();
  if (!options_.progress || seconds_since(last_progress_) < seconds_between_reports) return;
  last_progress_ = Clock::now();
  options_.progress({depth_, states_.stored(), states_.stored() - next_, seconds});
}

Progressed Search::progressed() const {
  Progressed out;
  out.states = states_.size();
  out.initial_states = initial_states_;
  out.next = next_;
  out.level_end = level_end_;
  out.depth = depth_;
  out.covered = covered_;
  out.reduced_from = reduced_from_;
  out.enabled = enabled();
  out.enabled_before = enabled_before_;
  out.broken = broken_;
  out.reached = reached_;
  out.interned = layout_.as_it_is();
  return out;
}

Outcome<void> Search::resume(const Progressed& from) {
  if (from.broken.size() != broken_.size() || from.reached.size() != reached_.size())
    return failure({}, "the checkpoint is of another search");
  // A table takes about as much again as a state of two words.
  if (most_bytes_ != 0 && from.states * (from.words + 2) * 8 > most_bytes_) go_to_disk();
  if (auto loaded = checkpoint_->load(from, states_, [this] { fold_if_large(); }); !loaded) return loaded;
  initial_states_ = static_cast<StateId>(from.initial_states);
  next_ = static_cast<StateId>(from.next);
  level_end_ = static_cast<StateId>(from.level_end);
  depth_ = from.depth;
  covered_ = from.covered;
  if (from.reduced_from != never) begin_to_reduce(from.reduced_from);
  enabled_then_ = from.enabled;
  transitions_ = enabled_before_ = from.enabled_before;
  broken_ = from.broken;
  reached_ = from.reached;
  settle_everywhere();
  return {};
}

void Search::save() {
  number_what_is_left();
  last_saved_ = Clock::now();
  if (const auto saved = checkpoint_->save(states_, progressed()); !saved) {
    refused_ = to_string(saved.error());
    stop("a checkpoint could not be written");
  }
}

}  // namespace hotproof::checker::explicit_state
