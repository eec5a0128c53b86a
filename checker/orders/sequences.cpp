#include "checker/orders/sequences.hpp"

#include <algorithm>
#include <map>

namespace hotproof::orders {

namespace {

using Things = std::uint64_t;  // the k-th bit says that thing k is in the set

constexpr bool has(Things set, unsigned thing) {
  return (set >> thing & 1U) != 0;
}
constexpr Things with(Things set, unsigned thing) {
  return set | Things{1} << thing;
}

std::vector<Things> before_each(unsigned things, const Pairs& pairs) {
  std::vector<Things> out(things, 0);
  for (const auto& [first, then] : pairs) out[then] = with(out[then], first);
  return out;
}

class SequenceFinder {
 public:
  SequenceFinder(unsigned things, const Pairs& given, const Ask& ask, const std::function<bool()>& stop)
      : ask_(ask), stop_(stop), needs_(before_each(things, given)) {
    out_.things = things;
    out_.possible = count_orders(things, given);
  }

  Sequences run() {
    complete();
    std::size_t beginning = out_.things;
    do {
      if (stop_()) return std::move(out_);
      beginning = look_at();
    } while (go_on(beginning));
    out_.whole = true;
    return std::move(out_);
  }

 private:
  // How much of the order has to change.
  std::size_t look_at() {
    ++out_.asked;
    const Asked asked = ask_(at_);
    if (asked.answer == Answer::safe) out_.safe.push_back(at_);
    if (asked.answer == Answer::unknown) ++out_.unknown;
    if (asked.answer != Answer::broken) return at_.size();
    const std::size_t beginning = std::clamp<std::size_t>(asked.beginning, 1, at_.size());
    out_.learned.emplace_back(at_.begin(), at_.begin() + static_cast<std::ptrdiff_t>(beginning));
    return beginning;
  }

  bool may_follow(Things done, unsigned thing) const { return !has(done, thing) && (needs_[thing] & ~done) == 0; }

  // The least order that starts like this one.
  void complete() {
    Things done = 0;
    for (const unsigned thing : at_) done = with(done, thing);
    while (at_.size() < out_.things) {
      unsigned thing = 0;
      while (!may_follow(done, thing)) ++thing;
      at_.push_back(thing);
      done = with(done, thing);
    }
  }

  // The least order behind this one that does not start like its first `beginning` things. False: there is none.
  bool go_on(std::size_t beginning) {
    at_.resize(beginning);
    while (!at_.empty()) {
      const unsigned last = at_.back();
      at_.pop_back();
      Things done = 0;
      for (const unsigned thing : at_) done = with(done, thing);
      for (unsigned thing = last + 1; thing < out_.things; ++thing) {
        if (!may_follow(done, thing)) continue;
        at_.push_back(thing);
        complete();
        return true;
      }
    }
    return false;
  }

  const Ask& ask_;
  const std::function<bool()>& stop_;
  std::vector<Things> needs_;
  Sequence at_;
  Sequences out_;
};

}  // namespace

Pairs Sequences::precedences() const {
  Pairs out;
  if (safe.empty()) return out;
  std::vector<std::vector<bool>> comes_before(things, std::vector<bool>(things, false));
  for (const Sequence& order : safe)
    for (std::size_t i = 0; i < order.size(); ++i)
      for (std::size_t k = i + 1; k < order.size(); ++k) comes_before[order[i]][order[k]] = true;
  for (unsigned a = 0; a < things; ++a)
    for (unsigned b = 0; b < things; ++b)
      if (a != b && !comes_before[b][a]) out.emplace_back(a, b);
  return out;
}

Pairs reduced(unsigned things, const Pairs& precedences) {
  std::vector<std::vector<bool>> before(things, std::vector<bool>(things, false));
  for (const auto& [a, b] : precedences) before[a][b] = true;
  Pairs out;
  for (const auto& [a, b] : precedences) {
    bool follows = false;
    for (unsigned c = 0; c < things; ++c) follows = follows || (before[a][c] && before[c][b]);
    if (!follows) out.emplace_back(a, b);
  }
  return out;
}

// Ways to each set that beginnings of such orders make, those of equal size at a time.
std::uint64_t count_orders(unsigned things, const Pairs& pairs) {
  constexpr std::size_t most_sets = 1'000'000;
  const std::vector<Things> needs = before_each(things, pairs);
  std::map<Things, std::uint64_t> ways = {{0, 1}};
  std::size_t sets = 0;
  for (unsigned size = 0; size < things; ++size) {
    std::map<Things, std::uint64_t> next;
    for (const auto& [done, count] : ways) {
      for (unsigned thing = 0; thing < things; ++thing) {
        if (has(done, thing) || (needs[thing] & ~done) != 0) continue;
        std::uint64_t& sum = next[with(done, thing)];
        if (sum > too_many - count) return too_many;
        sum += count;
      }
      if (sets + next.size() > most_sets) return too_many;
    }
    sets += next.size();
    ways = std::move(next);
  }
  return ways.empty() ? 0 : ways.begin()->second;
}

Sequences find_sequences(unsigned things, const Pairs& given, const Ask& ask, const std::function<bool()>& stop) {
  return SequenceFinder(things, given, ask, stop).run();
}

}  // namespace hotproof::orders
