#include "checker/compare/compare.hpp"

#include <algorithm>
#include <functional>

#include "checker/compare/weak.hpp"
#include "checker/compare/words.hpp"

namespace hotproof::checker::compare {

namespace {

// One of the two, in the numbers of both together.
struct Side {
  const Behaviour* behaviour = nullptr;
  Node offset = 0;               // of its nodes
  std::vector<LabelId> meaning;  // by its own LabelId
  std::set<std::string> left_out;
};

class Comparison {
 public:
  Comparison(const Behaviour& old_one, const Behaviour& new_one, const CompareOptions& options)
      : options_(options), patience_(options.seconds, options.interrupted) {
    old_.behaviour = &old_one;
    new_.behaviour = &new_one;
    new_.offset = old_one.graph().nodes();
    name_labels(old_, new_one);
    name_labels(new_, old_one);
  }

  Compared run() {
    out_.only_old.assign(old_.left_out.begin(), old_.left_out.end());
    out_.only_new.assign(new_.left_out.begin(), new_.left_out.end());
    find_classes();
    if (patience_.is_over()) {
      open_question_ = patience_.why();
    } else if (class_of(old_, old_.behaviour->start()) == class_of(new_, new_.behaviour->start())) {
      out_.bisimilar = known(old_) && known(new_) && !old_.behaviour->merged() && !new_.behaviour->merged();
    } else {
      out_.lost = only_in(old_, new_);
      out_.gained = only_in(new_, old_);
      if (options_.bisimulation && !out_.lost && !out_.gained && open_question_.empty()) compare_choices();
    }
    answer();
    if (known(old_) && known(new_)) find_held_changes();
    out_.extra_old = extra(old_, new_);
    out_.extra_new = extra(new_, old_);
    return std::move(out_);
  }

 private:
  void name_labels(Side& side, const Behaviour& other) {
    labels_.resize(std::max<std::size_t>(labels_.size(), 1));
    for (const Label& label : side.behaviour->labels()) {
      const bool may_be_left_out = side.behaviour->if_shared().contains(label.event);
      if (label.event.empty()) {
        side.meaning.push_back(silent);
      } else if (may_be_left_out && !other.event_names().contains(label.event)) {
        side.meaning.push_back(silent);
      } else {
        const auto [found, fresh] = numbers_.try_emplace(label, static_cast<LabelId>(labels_.size()));
        if (fresh) labels_.push_back(label);
        side.meaning.push_back(found->second);
      }
    }
    for (const std::string& name : side.behaviour->if_shared())
      if (!other.event_names().contains(name)) side.left_out.insert(name);
  }

  static bool known(const Side& side) { return side.behaviour->complete() && side.behaviour->unknown().empty(); }

  void find_classes() {
    Edges edges;
    edges.reserve(old_.behaviour->graph().edges().size() + new_.behaviour->graph().edges().size());
    for (const Side* side : {&old_, &new_})
      for (const Edge& edge : side->behaviour->graph().edges())
        edges.push_back({edge.from + side->offset, edge.to + side->offset, side->meaning[edge.label], edge.step});
    const Graph both(new_.offset + new_.behaviour->graph().nodes(), std::move(edges));
    classes_ = branching_classes(both, patience_);
    out_.classes = classes_.count;
    if (!patience_.is_over()) quotient_ = quotient(both, classes_);
  }

  Node class_of(const Side& side, Node node) const { return classes_.of[side.offset + node]; }
  Node start_of(const Side& side) const { return class_of(side, side.behaviour->start()); }

  // What the one can do and the other, which must be known in full, cannot.
  std::optional<Difference> only_in(const Side& one, const Side& other) {
    if (!known(other)) return std::nullopt;
    const Inclusion found = included(quotient_, start_of(one), start_of(other), options_.most_pairs, patience_);
    out_.pairs += found.pairs;
    if (!found.stopped_by.empty()) open_question_ = found.stopped_by;
    if (!found.missing) return std::nullopt;
    // No run does things in the order of a normal form.
    if (one.behaviour->at_once() || other.behaviour->at_once()) {
      open_question_ = "only one of them does " + to_string(labels_[found.missing->back()]);
      return std::nullopt;
    }
    Word common = *found.missing;
    const LabelId last = common.back();
    common.pop_back();
    const auto instead = possible(quotient_, after(quotient_, start_of(other), common));
    Difference out = difference(one, common, last, instead);
    go_on(out, other, common, instead);
    return out;
  }

  void compare_choices() {
    const Bisimulation found =
        weakly_bisimilar(quotient_, start_of(old_), start_of(new_), options_.most_weak_steps, patience_);
    if (!found.stopped_by.empty()) open_question_ = found.stopped_by;
    out_.bisimilar = found.equivalent;
    if (!found.separation) return;
    const Separation& play = *found.separation;
    const Side& one = play.left_can ? old_ : new_;
    const Side& other = play.left_can ? new_ : old_;
    const Node stuck = play.left_can ? play.right : play.left;
    const auto instead = possible(quotient_, after(quotient_, stuck, {}));
    const auto stands_there = [&](Node node) { return class_of(other, node) == stuck; };
    out_.choice = difference(one, play.common, play.last, instead);
    out_.choice->cannot = run(other, play.common, stands_there);
  }

  // All but the run of the other.
  Difference difference(const Side& one, const Word& common, LabelId last, const std::set<LabelId>& instead) {
    Difference out;
    out.only_new = &one == &new_;
    for (const LabelId label : common) out.common.push_back(labels_[label]);
    out.last = labels_[last];
    for (const LabelId label : instead) out.instead.push_back(labels_[label]);
    Word whole = common;
    whole.push_back(last);
    out.can = run(one, whole, anywhere);
    return out;
  }

  void go_on(Difference& out, const Side& other, Word word, const std::set<LabelId>& instead) {
    if (const auto next = nearest(other, instead, out.last)) {
      out.goes_on = labels_[*next];
      word.push_back(*next);
    }
    out.cannot = run(other, word, anywhere);
  }

  static bool anywhere(Node) { return true; }

  // Of what happens instead, what is likest: of the same actor, best the same event, else rather no fault.
  std::optional<LabelId> nearest(const Side& side, const std::set<LabelId>& instead, const Label& label) const {
    std::optional<LabelId> out;
    int best = 0;
    for (const LabelId other : instead) {
      if (labels_[other].actor != label.actor) continue;
      const bool fault = side.behaviour->if_shared().contains(labels_[other].event);
      const int likeness = labels_[other].event == label.event ? 3 : fault ? 1 : 2;
      if (likeness <= best) continue;
      best = likeness;
      out = other;
    }
    return out;
  }

  ir::Run run(const Side& side, const Word& word, const std::function<bool(Node)>& accepts) {
    const auto found = path(side.behaviour->graph(), side.behaviour->start(), side.meaning, word, accepts);
    if (!found) {
      out_.internal_error = "no run does what the graph says";
      return {};
    }
    const ir::Run run = side.behaviour->run(*found);
    if (!does(side, run, word)) out_.internal_error = "a run was refused by its replay: it does something else";
    return run;
  }

  // By the reference semantics, the run does the word; its last step may do more at once.
  bool does(const Side& side, const ir::Run& run, const Word& word) const {
    std::size_t at = 0;
    for (const std::vector<Label>& step : side.behaviour->labels_of(run))
      for (const Label& label : step) {
        if (side.left_out.contains(label.event)) continue;
        if (at == word.size()) return true;
        if (labels_[word[at++]] != label) return false;
      }
    // A deadlock is no event of a step.
    return at == word.size() || (at + 1 == word.size() && labels_[word.back()].actor.empty());
  }

  void answer() {
    if (out_.lost || out_.gained || out_.choice) {
      out_.answer = Answer::differ;
      return;
    }
    if (!known(old_) || !known(new_)) {
      const bool open = !old_.behaviour->complete() || !new_.behaviour->complete();
      out_.answer = open ? Answer::inconclusive : Answer::not_understood;
      out_.why = !old_.behaviour->complete()   ? "the old one: " + old_.behaviour->stopped_by()
                 : !new_.behaviour->complete() ? "the new one: " + new_.behaviour->stopped_by()
                                               : "a run comes to a place that was not understood";
      return;
    }
    out_.answer = open_question_.empty() ? Answer::equivalent : Answer::inconclusive;
    out_.why = open_question_;
  }

  // By what happens: the locks that are held in each of its ways.
  std::map<LabelId, HeldLocks> always_held(const Side& side) const {
    std::map<LabelId, HeldLocks> out;
    for (const auto& [label, ways] : side.behaviour->held()) {
      HeldLocks always = *ways.begin();
      for (const HeldLocks& way : ways)
        std::erase_if(always, [&](const HeldLock& lock) { return !way.contains(lock); });
      if (side.meaning[label] != silent) out[side.meaning[label]] = std::move(always);
    }
    return out;
  }

  void find_held_changes() {
    const auto before = always_held(old_);
    const auto behind = always_held(new_);
    for (const auto& [label, held] : before) {
      const auto found = behind.find(label);
      if (found == behind.end()) continue;
      for (const HeldLock& lock : found->second)
        if (!held.contains(lock)) out_.held.push_back({lock, true, labels_[label]});
      for (const HeldLock& lock : held)
        if (!found->second.contains(lock)) out_.held.push_back({lock, false, labels_[label]});
    }
  }

  static HiddenExtra extra(const Side& one, const Side& other) {
    HiddenExtra out;
    for (const auto& [label, locks] : one.behaviour->hidden()) {
      if (other.behaviour->hidden().contains(label)) continue;
      if (out.labels.empty()) out.locks = locks;
      std::erase_if(out.locks, [&held = locks](const HeldLock& lock) { return !held.contains(lock); });
      out.labels.push_back(label);
    }
    return out;
  }

  const CompareOptions& options_;
  Patience patience_;
  Side old_, new_;
  std::vector<Label> labels_;  // of both together
  std::map<Label, LabelId> numbers_;
  Classes classes_;
  Graph quotient_;
  std::string open_question_;
  Compared out_;
};

}  // namespace

Compared compare(const Behaviour& old_one, const Behaviour& new_one, const CompareOptions& options) {
  return Comparison(old_one, new_one, options).run();
}

}  // namespace hotproof::checker::compare
