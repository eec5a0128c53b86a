// A value that copies share until one of them is changed. The copies must stay with one thread.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <optional>
#include <utility>

namespace hotproof::lower {

// Summary: made of a T by its constructor, what is often asked of it (a hash, say); kept until the value is changed.
template <class T, class Summary>
class Shared {
 public:
  Shared() = default;  // T{}
  explicit Shared(T value) : box_(new Box(std::move(value))) {}

  const T& operator*() const { return box_ ? box_->value : nothing(); }
  const T* operator->() const { return &**this; }

  // This copy's own value. Not to be kept: a copy made later shares it.
  T& change() {
    if (!box_)
      box_ = new Box(T{});
    else if (box_->use_count() > 1)
      box_ = new Box(box_->value);
    box_->summary.reset();
    return box_->value;
  }

  const Summary& summary() const {
    if (!box_) {
      static const Summary of_nothing{nothing()};
      return of_nothing;
    }
    if (!box_->summary) box_->summary.emplace(box_->value);
    return *box_->summary;
  }

  friend bool operator==(const Shared& a, const Shared& b) { return a.box_ == b.box_ || *a == *b; }

 private:
  struct Box : boost::intrusive_ref_counter<Box, boost::thread_unsafe_counter> {
    explicit Box(T the_value) : value(std::move(the_value)) {}
    T value;
    std::optional<Summary> summary;
  };
  static const T& nothing() {
    static const T none{};
    return none;
  }

  boost::intrusive_ptr<Box> box_;
};

}  // namespace hotproof::lower
