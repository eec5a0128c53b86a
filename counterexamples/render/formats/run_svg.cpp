// The run as a picture: time runs downwards, a lane for each actor that moves and each listener that is told.
#include <algorithm>
#include <map>

#include "counterexamples/render/formats/life.hpp"
#include "counterexamples/render/formats/rows.hpp"
#include "counterexamples/render/formats/svg.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr double margin = 16;
constexpr double row_height = 20;
constexpr double place_width = 150;
constexpr double lock_width = 5;
constexpr double lock_gap = 8;
constexpr std::size_t lock_colours = 5;
constexpr double listener_width = 190;
constexpr double changes_width = 330;

class Timeline {
 public:
  explicit Timeline(const RunView& run) : run_(run), trace_(*run.property->trace), picture_(picture_of(trace_)) {
    for (const PictureRow& row : picture_.rows)
      for (const std::string& lock : row.locks) locks_.try_emplace(lock, locks_.size());
    number_locks();
    actor_width_ = picture_.actors.size() == 1 ? 560 : picture_.actors.size() == 2 ? 420 : 300;
    double x = margin + place_width;
    for (const std::size_t actor : picture_.actors) {
      actor_x_[actor] = x + lock_room();
      x += lock_room() + actor_width_;
    }
    for (const std::int64_t listener : picture_.listeners) {
      listener_x_[listener] = x + 8;
      x += listener_width;
    }
    changes_x_ = x;
    width_ = x + changes_width + margin;
  }

  std::string draw() {
    heading();
    const double top = y_;
    lanes(top);
    for (std::size_t i = 0; i < picture_.rows.size(); ++i) row(i, top + row_height * static_cast<double>(i));
    y_ = top + row_height * static_cast<double>(picture_.rows.size()) + 14;
    legend();
    return svg_.document(width_, y_ + margin, rule_in_words(*run_.property));
  }

 private:
  double lock_room() const {
    return lock_gap + lock_width * static_cast<double>(std::min<std::size_t>(locks_.size(), 12));
  }

  // In the order in which the run takes them.
  void number_locks() {
    std::size_t next = 0;
    for (auto& [name, number] : locks_) number = SIZE_MAX;
    for (const PictureRow& row : picture_.rows)
      for (const std::string& lock : row.locks)
        if (locks_[lock] == SIZE_MAX) locks_[lock] = next++;
  }

  void heading() {
    y_ = margin + 10;
    const double room = width_ - 2 * margin;
    svg_.text(margin, y_, "violated: " + run_.property->id, "bold-bad", room);
    const auto columns = static_cast<std::size_t>(room / Svg::character);
    std::size_t lines = 0;
    for (const std::string& says :
         {run_.property->says, run_.property->reason, run_.title + ", " + run_.architecture}) {
      for (const std::string& line : filled(safe(says.substr(0, 4000), true), columns)) {
        if (++lines > 8) break;
        svg_.text(margin, y_ += 15, line, "dim", room);
      }
    }
    y_ += 26;
    for (const auto& [actor, x] : actor_x_) svg_.text(x - 4, y_, actor_name(trace_, actor), "head", actor_width_);
    for (const auto& [listener, x] : listener_x_)
      svg_.text(x - 4, y_, listener_name(trace_, listener), "head", listener_width - 8);
    svg_.text(changes_x_, y_, "changes", "dim", changes_width);
    svg_.line(margin, y_ + 5, width_ - margin, y_ + 5, "rule");
    y_ += 12;
  }

  void lanes(double top) {
    const double bottom = top + row_height * static_cast<double>(picture_.rows.size());
    for (const auto& [actor, x] : actor_x_) svg_.line(x, top, x, bottom, "life");
    for (const auto& [listener, x] : listener_x_) svg_.line(x, top, x, bottom, "life");
  }

  void row(std::size_t i, double y) {
    const PictureRow& row = picture_.rows[i];
    const double x = actor_x_.at(row.actor);
    const double middle = y + row_height / 2;
    if (row.fault || row.last)
      svg_.rect(margin, y, width_ - 2 * margin, row_height, "band");
    else if (row.added)
      svg_.rect(margin, y, width_ - 2 * margin, row_height, "patched");
    if (row.added) svg_.text(margin, middle + 4, "+", "new", 8);
    svg_.text(margin + 10, middle + 4, row.where, "dim", place_width - 12);
    locks(row, x, y);
    if (i > 0) {
      const double from = actor_x_.at(picture_.rows[i - 1].actor);
      svg_.line(from, middle - row_height, x, middle, from == x ? "run" : "switch");
    }
    svg_.circle(x, middle, row.fault ? 4.5 : 3, row.fault || row.last ? "fault" : "step");
    // The text may run on over lanes in which nothing stands.
    double room = width_ - margin - x - 10;
    if (!row.changes.empty()) room = changes_x_ - x - 14;
    if (!row.answers.empty()) room = listener_x_.at(row.answers.begin()->first) - x - 20;
    svg_.text(x + 9, middle + 4, (row.fault ? "\xe2\x9c\x97 " : "") + row.text,
              row.fault   ? "bad"
              : row.added ? "new"
                          : "",
              room);
    for (const auto& [listener, answer] : row.answers) {
      const bool refused = row.refused.at(listener);
      const double to = listener_x_.at(listener);
      svg_.arrow(x + 5, middle + 7, to - 3, middle + 7, refused ? "refuse" : "tell");
      svg_.text(to + 6, middle + 4, answer, refused ? "bad" : "", listener_width - 20);
    }
    std::string changes;
    for (const std::string& change : row.changes) changes += (changes.empty() ? "" : "; ") + change;
    if (!changes.empty()) svg_.text(changes_x_, middle + 4, changes, "dim", changes_width);
  }

  // A bar beside the lane for each lock that its actor holds.
  void locks(const PictureRow& row, double x, double y) {
    for (const std::string& lock : row.locks) {
      const std::size_t number = locks_.at(lock);
      if (number >= 12) continue;
      svg_.rect(x - lock_gap - lock_width * static_cast<double>(number), y, lock_width - 2, row_height,
                "lock" + std::to_string(number % lock_colours), lock);
    }
  }

  void legend() {
    std::vector<std::string> names(locks_.size());
    for (const auto& [name, number] : locks_) names[number] = name;
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 12); ++i) {
      svg_.rect(margin, y_, lock_width - 2, 12, "lock" + std::to_string(i % lock_colours));
      svg_.text(margin + 10, y_ + 10, "holds " + names[i], "dim", width_ - 2 * margin - 10);
      y_ += 16;
    }
    if (run_.property->latent()) {
      svg_.text(margin, y_ + 10, "latent: " + run_.property->latent_needs, "dim", width_ - 2 * margin);
      y_ += 16;
    }
  }

  const RunView& run_;
  const Trace& trace_;
  Picture picture_;
  std::map<std::string, std::size_t> locks_;
  std::map<std::size_t, double> actor_x_;
  std::map<std::int64_t, double> listener_x_;
  double actor_width_ = 0;
  double changes_x_ = 0;
  double width_ = 0;
  double y_ = 0;
  Svg svg_;
};

}  // namespace

std::string run_svg(const RunView& run, const Context&) {
  return Timeline(run).draw();
}

}  // namespace hotproof::render
