#include "model/patch/step_undos.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

// Kinship of a statement and a step. Below `some_word` nothing but their places speaks for it.
constexpr std::size_t same_lock = 1000;
constexpr std::size_t same_function = 500;
constexpr std::size_t some_word = 100;
constexpr std::size_t most_words = 4;
constexpr std::size_t may_fail = 5;
constexpr std::size_t cannot_fail = 2;

std::string callee(const std::string& name) {
  return name.substr(0, name.find_first_of("( "));
}

// Locks that are held behind what they were not held before, or the other way round.
std::set<std::string> only_in(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}
std::set<std::string> taken(const LineEffects& effects) {
  return only_in(effects.acquires, effects.releases);
}
std::set<std::string> given_back(const LineEffects& effects) {
  return only_in(effects.releases, effects.acquires);
}

std::size_t common_words(const std::string& a, const std::string& b) {
  const auto words = [](const std::string& name) {
    std::set<std::string> out;
    for (std::size_t at = 0; at <= name.size();) {
      const std::size_t end = std::min(name.find('_', at), name.size());
      if (end > at) out.insert(name.substr(at, end - at));
      at = end + 1;
    }
    return out;
  };
  const std::set<std::string> of_a = words(a);
  const std::set<std::string> of_b = words(b);
  return static_cast<std::size_t>(
      std::count_if(of_a.begin(), of_a.end(), [&of_b](const std::string& word) { return of_b.contains(word); }));
}

class Assigner {
 public:
  Assigner(std::vector<Step>& steps, const std::vector<StepWays>& read) : steps_(steps), read_(read) {}

  void run() {
    for (std::size_t k = 0; k < steps_.size(); ++k) steps_[k].locks = !taken(read_[k].effects).empty();
    for (std::size_t k = 0; k < steps_.size(); ++k)
      for (const Way& way : read_[k].ways) steps_[k].exits.push_back(exit_of(way, k));
    find_closing();
    find_forgotten();
  }

 private:
  // Later parts undo earlier steps: they are looked at first.
  StepExit exit_of(const Way& way, std::size_t k) {
    StepExit out;
    out.line = way.line;
    out.leaves = way.leaves;
    out.succeeds = way.succeeds;
    std::set<std::size_t> undone;
    for (auto part = way.parts.rbegin(); part != way.parts.rend(); ++part) {
      const std::size_t step = part->effects.any ? undone_by(*part, k, undone) : no_step;
      if (step != no_step) undone.insert(step);
      out.parts.push_back({part->text, step});
    }
    std::reverse(out.parts.begin(), out.parts.end());
    return out;
  }

  std::size_t undone_by(const WayPart& part, std::size_t k, const std::set<std::size_t>& undone) {
    const std::string text = normal(part.text);
    for (std::size_t j = k; j-- > 0;)
      if (normal(steps_[j].undo) == text && !undone.contains(j) && !is_closed(j, k)) return j;
    if (of_no_step_.contains(text)) return no_step;
    std::size_t best = no_step;
    std::size_t best_score = 0;
    for (std::size_t j = 0; j < k; ++j) {
      if (!steps_[j].undo.empty()) continue;
      const std::size_t score = kinship(part, j);
      if (score == 0 || score < best_score) continue;
      best = j;
      best_score = score;
    }
    const std::size_t own = kinship(part, k);
    if (best == no_step || own > std::max(best_score, some_word - 1)) {
      if (own < some_word) of_no_step_.insert(text);
      return no_step;
    }
    Step& step = steps_[best];
    step.undo = part.text;
    step.undo_name = part.name;
    step.undo_line = part.line;
    return best;
  }

  std::size_t kinship(const WayPart& part, std::size_t j) const {
    const std::set<std::string> locks = taken(read_[j].effects);
    for (const std::string& lock : given_back(part.effects))
      if (locks.contains(lock)) return same_lock;
    if (!locks.empty()) return 0;
    const std::string a = callee(part.name);
    const std::string b = callee(steps_[j].name);
    const std::size_t fails = read_[j].ways.empty() ? cannot_fail : may_fail;
    return (a == b ? same_function : some_word * std::min(common_words(a, b), most_words)) + fails;
  }

  // Step s does what the undo of step j does, on the way that succeeds: unlocking.
  bool is_closing(std::size_t s, std::size_t j) const {
    return read_[s].ways.empty() && !steps_[j].undo.empty() && normal(steps_[s].code[0]) == normal(steps_[j].undo);
  }

  bool is_closed(std::size_t j, std::size_t before) const {
    for (std::size_t s = j + 1; s < before; ++s)
      if (is_closing(s, j)) return true;
    return false;
  }

  void find_closing() {
    for (std::size_t s = 0; s < steps_.size(); ++s)
      for (std::size_t j = 0; j < s; ++j)
        if (is_closing(s, j) && !is_closed(j, s)) steps_[s].closes = j;
  }

  void find_forgotten() {
    for (std::size_t k = 0; k < steps_.size(); ++k) {
      for (StepExit& exit : steps_[k].exits) {
        const auto runs = [&exit](std::size_t j) {
          return std::any_of(exit.parts.begin(), exit.parts.end(),
                             [j](const ExitPart& part) { return part.undoes == j; });
        };
        for (std::size_t j = 0; j < k; ++j)
          if (!steps_[j].undo.empty() && !runs(j) && !is_closed(j, k)) exit.forgets.insert(j);
      }
    }
  }

  std::vector<Step>& steps_;
  const std::vector<StepWays>& read_;
  std::set<std::string> of_no_step_;
};

}  // namespace

std::string normal(std::string_view text) {
  std::string out;
  for (const std::string& token : tokens(text)) out += token + " ";
  return out;
}

void assign_undos(std::vector<Step>& steps, const std::vector<StepWays>& read) {
  Assigner(steps, read).run();
}

}  // namespace hotproof::patch
