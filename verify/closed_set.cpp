#include "verify/closed_set.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "verify/ample.hpp"
#include "verify/evaluate.hpp"
#include "verify/exchange.hpp"
#include "verify/state_index.hpp"

namespace hotproof::verify {

namespace {

constexpr std::uint64_t most_initial = 1U << 20U;
constexpr std::uint64_t most_states = std::uint64_t{1} << 30U;
constexpr std::uint64_t states_a_chunk = 512;
// Pieces that follow each other hold states that a search met at about the same time. Going through some of them at once, a
// chunk of each in turn, finds what they lead to in the cache more often.
constexpr std::uint64_t pieces_at_once = 4;
constexpr std::uint64_t states_worth_a_thread = 20'000;
constexpr unsigned most_parts = 64;

// Where successors are looked for: among all states, or in one of several parts of them.
struct Where {
  const StateIndex& index;
  const Sorter& sorter;
  const AmpleSteps& ample;
  unsigned part = 0, parts = 1;
};

// What all threads share: the first thing, in the order of the states, that is wrong.
struct Shared {
  std::atomic<std::uint64_t> next_chunk{0};
  std::atomic<std::uint64_t> first_wrong{~std::uint64_t{0}};
  std::atomic<bool> interrupted{false};
  std::mutex mutex;
  std::string why;
};

class Worker {
 public:
  Worker(const System& system, const Program& program, const StateList& all, const Where& where, const Wanted& wanted,
         const Effort& effort, Shared& shared)
      : system_(system),
        program_(program),
        all_(all),
        where_(where),
        wanted_(wanted),
        effort_(effort),
        shared_(shared),
        registers_(program.fresh_registers()),
        words_(program.layout().words),
        blocked_(system.actors.size()),
        waits_for_(system.actors.size()),
        at_(system.actors.size()),
        batch_(std::size_t{batch_size} * words_),
        room_(words_) {}

  void run() {
    for (;;) {
      const std::uint64_t chunk = shared_.next_chunk.fetch_add(1);
      if (chunk >= chunks() || shared_.interrupted) return;
      const std::uint64_t begin = begin_of(chunk);
      if (begin >= all_.end() || begin > shared_.first_wrong) continue;
      if (effort_.interrupted != nullptr && *effort_.interrupted) shared_.interrupted = true;
      const std::uint64_t end = std::min(begin + states_a_chunk, all_.end());
      for (id_ = begin; id_ < end && !wrong_; ++id_)
        if (all_.holds(id_)) look_at(all_.read(id_, room_.data()));
      flush();
      wrong_ = false;  // what comes may stand before it
    }
  }

 private:
  static constexpr std::uint32_t batch_size = 64;

  // Some of them lie behind the last state.
  std::uint64_t chunks() const {
    const std::uint64_t together = std::max<std::uint64_t>(1, pieces_at_once * all_.states_of_a_piece() / states_a_chunk);
    return (all_.end() / states_a_chunk / together + 1) * together;
  }
  std::uint64_t begin_of(std::uint64_t chunk) const {
    const std::uint64_t piece = all_.states_of_a_piece() / states_a_chunk;  // in chunks
    if (piece == 0) return chunk * states_a_chunk;
    const std::uint64_t group = chunk / (pieces_at_once * piece), rest = chunk % (pieces_at_once * piece);
    return ((group * pieces_at_once + rest % pieces_at_once) * piece + rest / pieces_at_once) * states_a_chunk;
  }

  void wrong(std::uint64_t id, const std::string& why) {
    wrong_ = true;
    const std::lock_guard hold(shared_.mutex);
    if (id >= shared_.first_wrong) return;
    shared_.first_wrong = id;
    shared_.why = "state " + std::to_string(id) + " of the set: " + why;
  }

  void look_at(const std::uint64_t* state) {
    const Layout& layout = program_.layout();
    for (std::uint32_t w = 0; w < words_; ++w)
      if ((state[w] & layout.unused[w]) != 0) return wrong(id_, "bits that belong to no variable are set");
    for (const std::uint32_t v : layout.partial)
      if (layout.fields[v].number(state) > layout.fields[v].span)
        return wrong(id_, system_.variables[v].name + " is out of its range");
    invariants(state);
    if (!where_.ample.empty() && !wrong_ && goes_alone(state)) return;
    bool some_blocked = false;
    for (std::size_t actor = 0; actor < blocked_.size() && !wrong_; ++actor) {
      blocked_[actor] = leave(actor, state) ? 0 : 1;
      some_blocked = some_blocked || blocked_[actor] != 0;
    }
    if (some_blocked && wanted_.deadlock && !wrong_) deadlock(state);
  }

  // True if the first actor that may go alone was looked at: then that is enough, or something is wrong.
  bool goes_alone(const std::uint64_t* state) {
    for (std::size_t actor = 0; actor < at_.size(); ++actor) at_[actor] = program_.location(actor, state);
    for (std::size_t actor = 0; actor < at_.size(); ++actor) {
      const AmpleSteps::Row* const row = where_.ample.row(actor, at_[actor]);
      if (row == nullptr || is_in_the_way(*row) || !leave(actor, state)) continue;
      program_.run(program_.invariant_code(), state, registers_.data());
      for (const std::uint32_t fact : row->facts)
        if (!program_.holds(program_.demand(program_.facts().begin + fact).value, state, registers_.data()))
          wrong(id_, system_.actors[actor].name + " does not hold a lock for which it may go alone");
      return true;
    }
    return false;
  }

  bool is_in_the_way(const AmpleSteps::Row& row) const {
    for (std::size_t other = 0; other < at_.size(); ++other)
      if (row.in_the_way[other][at_[other]]) return true;
    return false;
  }

  void invariants(const std::uint64_t* state) {
    const Program::Code demands = program_.invariants();
    if (demands.begin == demands.end) return;
    program_.run(program_.invariant_code(), state, registers_.data());
    for (std::uint32_t i = demands.begin; i < demands.end; ++i)
      if (!program_.holds(program_.demand(i).value, state, registers_.data()))
        return wrong(id_, system_.properties[program_.demand(i).what].id + " is broken");
  }

  // True if the actor can move.
  bool leave(std::size_t actor, const std::uint64_t* state) {
    const Program::Block* const block = program_.block(actor, program_.location(actor, state));
    if (block == nullptr) return false;
    program_.run(block->guards, state, registers_.data());
    bool moved = false;
    for (std::uint32_t w = block->ways.begin; w < block->ways.end; ++w) {
      const Program::Way& way = program_.way(w);
      if (!program_.holds(way.guard, state, registers_.data())) continue;
      moved = true;
      program_.run(way.code, state, registers_.data());
      judge(way, state);
      if (wrong_) return true;
      std::uint64_t* const next = &batch_[std::size_t{pending_count_} * words_];
      if (const auto left = program_.successor(way, state, registers_.data(), next)) {
        const bool listed = !program_.layout().fields[*left].values.empty();
        wrong(id_, describe(system_, way.transition) + " takes " + system_.variables[*left].name +
                       (listed ? " to a value that is out of its range, or no state of the set has it" : " out of its range"));
        return true;
      }
      where_.sorter.sort(next);
      const std::uint64_t hash = hash_of(next, words_);
      if (where_.parts > 1 && part_of(hash, where_.parts) != where_.part) continue;
      where_.index.prefetch_slot(hash);
      pending_[pending_count_] = {hash, id_, way.transition};
      if (++pending_count_ == batch_size) flush();
    }
    return moved;
  }

  void judge(const Program::Way& way, const std::uint64_t* state) {
    for (std::uint32_t i = way.assertions.begin; i < way.assertions.end; ++i)
      if (!program_.holds(program_.demand(i).value, state, registers_.data()))
        return wrong(id_,
                     describe(system_, way.transition) + " breaks " + system_.properties[program_.demand(i).what].id);
    for (std::uint32_t i = way.hits.begin; i < way.hits.end; ++i)
      if (program_.holds(program_.demand(i).value, state, registers_.data()))
        return wrong(id_, describe(system_, way.transition) + " reaches " + system_.marks[program_.demand(i).what] +
                              ", which no run should");
  }

  void deadlock(const std::uint64_t* state) {
    if (stuck(state)) return wrong(id_, "nobody can move");
    // Who waits for whom, among those who wait.
    for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
      waits_for_[actor].clear();
      const Program::Block* const block = program_.block(actor, program_.location(actor, state));
      if (blocked_[actor] == 0 || block == nullptr || !block->all_acquire) continue;
      program_.run(block->guards, state, registers_.data());
      program_.run(block->waiting_code, state, registers_.data());
      for (std::uint32_t i = block->waiting.begin; i < block->waiting.end; ++i)
        if (registers_[program_.demand(i).value] != 0) waits_for_[actor].push_back(program_.demand(i).what);
    }
    for (std::size_t actor = 0; actor < blocked_.size(); ++actor)
      if (comes_back(waits_for_, actor)) return wrong(id_, "actors wait for each other in a circle");
  }

  bool stuck(const std::uint64_t* state) const {
    bool all_rest = true;
    for (std::size_t actor = 0; actor < blocked_.size(); ++actor) {
      if (blocked_[actor] == 0) return false;
      const auto at = static_cast<std::uint32_t>(program_.location(actor, state));
      const Actor& a = system_.actors[actor];
      if (std::binary_search(a.halted.begin(), a.halted.end(), at)) return false;
      all_rest = all_rest && std::binary_search(a.resting.begin(), a.resting.end(), at);
    }
    return !all_rest;
  }

  static bool comes_back(const std::vector<std::vector<std::uint32_t>>& edges, std::size_t from) {
    if (edges[from].empty()) return false;
    std::vector<bool> seen(edges.size(), false);
    std::vector<std::uint32_t> open = edges[from];
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (at == from) return true;
      if (seen[at]) continue;
      seen[at] = true;
      open.insert(open.end(), edges[at].begin(), edges[at].end());
    }
    return false;
  }

  void flush() {
    for (std::uint32_t i = 0; i < pending_count_; ++i) where_.index.prefetch_state(pending_[i].hash);
    for (std::uint32_t i = 0; i < pending_count_; ++i) {
      const Pending& p = pending_[i];
      if (where_.index.contains(&batch_[std::size_t{i} * words_], p.hash)) continue;
      wrong(p.from, describe(system_, p.transition) + " leads out of the set");
    }
    pending_count_ = 0;
  }

  struct Pending {
    std::uint64_t hash = 0;
    std::uint64_t from = 0;
    std::uint32_t transition = 0;
  };
  const System& system_;
  const Program& program_;
  const StateList& all_;
  const Where where_;
  const Wanted& wanted_;
  const Effort& effort_;
  Shared& shared_;
  std::vector<std::uint64_t> registers_;
  std::uint32_t words_;
  std::vector<std::uint8_t> blocked_;
  std::vector<std::vector<std::uint32_t>> waits_for_;
  std::vector<std::uint64_t> at_;  // by actor: where it stands
  std::vector<std::uint64_t> batch_;
  std::vector<std::uint64_t> room_;  // for a state that is folded
  Pending pending_[batch_size];
  std::uint32_t pending_count_ = 0;
  std::uint64_t id_ = 0;
  bool wrong_ = false;
};

Finding initial_states_in(const System& system, const Layout& layout, const Where& where) {
  Finding out;
  std::vector<std::uint64_t> packed(layout.words);
  const bool all = for_each_initial(system, most_initial, [&](const Values& state) {
    if (out.status != Status::accepted) return;
    std::fill(packed.begin(), packed.end(), 0);
    for (std::size_t v = 0; v < state.size(); ++v) {
      const Field& field = layout.fields[v];
      if (field.packed(state[v]) > field.span) {
        out = {Status::rejected, "an initial state is not in the set"};
        return;
      }
      if (field.span != 0) packed[field.word] |= field.packed(state[v]) << field.shift;
    }
    where.sorter.sort(packed.data());
    const std::uint64_t hash = hash_of(packed.data(), layout.words);
    if (part_of(hash, where.parts) != where.part) return;
    if (!where.index.contains(packed.data(), hash))
      out = {Status::rejected, "an initial state is not in the set"};
  });
  if (!all) return {Status::unchecked, "there are too many initial states to look at each"};
  return out;
}

// How the states are found again in the memory that there is.
struct Plan {
  unsigned parts = 1;  // 0: there is not enough
  bool copies = false;
  bool tight = false;
};

Plan plan_for(const StateSet& set, const StateList& all, const Effort& effort) {
  const auto fits = [&](std::uint64_t bytes) { return effort.bytes == 0 || bytes <= effort.bytes; };
  if (!set.in_order_only)
    for (const bool tight : {false, true})
      if (fits(StateIndex::bytes_for(all.end(), tight))) return {1, false, tight};
  for (unsigned parts = 1; parts <= most_parts; ++parts) {
    // Hashes do not divide them quite evenly.
    const std::uint64_t some = all.size() / parts + all.size() / parts / 16 + 1000;
    const std::uint64_t copy = some * set.words * 8;
    if (fits(copy + StateIndex::bytes_for(some, true))) return {parts, true, true};
  }
  return {0, false, false};
}

// Do all successors, and the initial states, that belong there lie there? All else is looked at, too.
Finding look_in(const Where& where, const System& system, const Program& program, const StateList& all,
                const Wanted& wanted, const Effort& effort) {
  if (Finding found = initial_states_in(system, program.layout(), where); found.status != Status::accepted) return found;
  Shared shared;
  const auto work = [&] { Worker(system, program, all, where, wanted, effort, shared).run(); };
  const std::uint64_t useful = all.size() / states_worth_a_thread + 1;
  std::vector<std::thread> others;
  for (std::uint64_t i = 1; i < std::min<std::uint64_t>(useful, effort.threads); ++i) others.emplace_back(work);
  work();
  for (std::thread& thread : others) thread.join();
  if (shared.first_wrong != ~std::uint64_t{0}) return {Status::rejected, shared.why};
  if (shared.interrupted) return {Status::unchecked, "interrupted"};
  return {};
}

}  // namespace

Finding check_closed(const System& system, const StateSet& set, const Wanted& wanted, const Effort& effort) {
  auto layout = layout_of(system, set.words, set.places);
  if (!layout) return {Status::rejected, "variables overlap in the packed states, have no room, or have values that they cannot have"};
  for (const auto& piece : set.pieces)
    if (piece.empty() || piece.size() % set.words_kept() != 0) return {Status::rejected, "the last state is not whole"};
  if (!is_folded_right(set)) return {Status::rejected, "a folded state names a part that is not there"};
  if (set.count() >= most_states) return {Status::unchecked, "there are too many states"};
  std::string why_not;
  const auto ample = AmpleSteps::made(system, set.ample, why_not);
  if (!ample) return {Status::rejected, why_not};
  Wanted all_wanted = wanted;
  for (const AmpleSteps::Fact& fact : ample->facts()) all_wanted.facts.push_back(fact.any);
  const auto program = Program::compile(system, std::move(*layout), all_wanted);
  if (!program) return {Status::unchecked, "the system's expressions are too large"};
  for (const Exchangeable& actors : set.exchangeable) {
    if (auto why = not_exchangeable(system, actors)) return {Status::rejected, *why};
    if (auto why = not_sortable(system, program->layout(), actors)) return {Status::rejected, *why};
  }
  const Sorter sorter(program->layout(), set.exchangeable);
  const StateList all(set);
  const Plan plan = plan_for(set, all, effort);
  if (plan.parts == 0) return {Status::unchecked, "the memory limit leaves no room for a table of its states"};
  for (unsigned part = 0; part < plan.parts; ++part) {
    const std::optional<StateList> copied = plan.copies ? std::optional<StateList>(std::in_place, all, part, plan.parts) : std::nullopt;
    StateIndex index(copied ? *copied : all);
    if (!index.build(plan.tight, effort.threads)) return {Status::rejected, "a state stands in the set twice"};
    if (Finding found = look_in({index, sorter, *ample, part, plan.parts}, system, *program, all, all_wanted, effort);
        found.status != Status::accepted)
      return found;
  }
  return {};
}

}  // namespace hotproof::verify
