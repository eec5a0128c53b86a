#include "checker/orders/sequences.hpp"

#include <algorithm>

#include "checker/orders/family.hpp"

namespace hotproof::orders {

namespace {

using Pairs = std::vector<std::pair<unsigned, unsigned>>;

std::vector<Set> before_each(unsigned things, const Pairs& pairs) {
  std::vector<Set> out(things, 0);
  for (const auto& [first, then] : pairs) out[then] = with(out[then], first);
  return out;
}

class Finder {
 public:
  Finder(unsigned things, const Pairs& given, const Ask& ask, const std::function<bool()>& stop)
      : ask_(ask), stop_(stop), needs_(before_each(things, given)) {
    out_.things = things;
    out_.possible = count_orders(things, given);
  }

  Sequences run() {
    out_.whole = true;
    go_on(0);
    return std::move(out_);
  }

 private:
  void go_on(Set done) {
    for (unsigned thing = 0; thing < out_.things && out_.whole; ++thing) {
      if (has(done, thing) || (needs_[thing] & ~done) != 0) continue;
      at_.push_back(thing);
      enter(with(done, thing));
      at_.pop_back();
    }
  }

  void enter(Set done) {
    if (stop_()) {
      out_.whole = false;
      return;
    }
    const bool complete = at_.size() == out_.things;
    // A beginning with one thing left is one order: that is asked for at once.
    if (!complete && at_.size() + 1 == out_.things) return go_on(done);
    ++out_.asked;
    const Answer answer = ask_(at_);
    if (answer == Answer::broken) {
      out_.learned.push_back(at_);
    } else if (!complete) {
      go_on(done);
    } else if (answer == Answer::safe) {
      out_.safe.push_back(at_);
    } else {
      ++out_.unknown;
    }
  }

  const Ask& ask_;
  const std::function<bool()>& stop_;
  std::vector<Set> needs_;
  Sequence at_;
  Sequences out_;
};

}  // namespace

std::vector<std::pair<unsigned, unsigned>> Sequences::precedences() const {
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

std::vector<std::pair<unsigned, unsigned>> reduced(unsigned things, const Pairs& precedences) {
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

std::uint64_t count_orders(unsigned things, const Pairs& pairs) {
  const std::vector<Set> needs = before_each(things, pairs);
  return Family::explore(things, [&needs](Set before, unsigned thing) { return (needs[thing] & ~before) == 0; })
      .orders();
}

Sequences find_sequences(unsigned things, const Pairs& given, const Ask& ask, const std::function<bool()>& stop) {
  return Finder(things, given, ask, stop).run();
}

}  // namespace hotproof::orders
