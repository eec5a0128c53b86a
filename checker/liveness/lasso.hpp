// A fair accepted run out of a component that has one.
#pragma once

#include <optional>
#include <vector>

#include "checker/liveness/product.hpp"

namespace hotproof::checker::liveness {

class LassoBuilder {
 public:
  // `component`: strongly connected, with steps of every acceptance set, fair to every actor and group.
  LassoBuilder(const Product& product, const std::vector<NodeId>& component);
  Lasso build();

 private:
  struct Taken {
    NodeId from = 0, to = 0;
    Step step;
    std::uint64_t accepts = 0;
  };
  // What a cycle lacks to be fair and accepted.
  struct Lack {
    std::uint64_t accepts = 0;
    std::uint64_t actors = 0;
    std::vector<bool> groups;
    bool any_group = false;
    bool none() const { return accepts == 0 && actors == 0 && !any_group; }
  };
  Lack lack() const;
  bool helps(const Lack& lack, const Taken& taken) const;
  void go_round();
  // The shortest way inside the component whose last step is wanted.
  template <class Wanted>
  std::vector<Taken> way(NodeId from, Wanted&& wanted) const;
  void shorten(std::vector<Taken>& stem);
  std::uint32_t group_of(const Step& step) const;

  const Product& product_;
  std::vector<bool> inside_;  // by node
  NodeId entry_ = 0;
  std::vector<Taken> cycle_;
};

}  // namespace hotproof::checker::liveness
