// Surroundings of what the builder builds, each in force as long as its object lives.
#pragma once

#include "model/lower/builder.hpp"

namespace hotproof::lower {

class Builder::At {
 public:
  At(Builder& builder, const c::Span& span) : builder_(builder), before_(builder.here_) {
    if (!builder.expanding_) builder.here_ = span;
    ++builder.depth_;
  }
  ~At() {
    builder_.here_ = before_;
    --builder_.depth_;
  }
  At(const At&) = delete;
  At& operator=(const At&) = delete;

 private:
  Builder& builder_;
  c::Span before_;
};

class Builder::Expansion {
 public:
  Expansion(Builder& builder, std::string macro) : builder_(builder), before_(builder.expanding_) {
    builder.active_.push_back(std::move(macro));
    ++builder.expansions_;
    builder.expanding_ = true;
  }
  ~Expansion() {
    builder_.active_.pop_back();
    builder_.expanding_ = before_;
  }
  Expansion(const Expansion&) = delete;
  Expansion& operator=(const Expansion&) = delete;

 private:
  Builder& builder_;
  bool before_;
};

class Builder::Unbound {
 public:
  Unbound(Builder& builder, const Bound& bound)
      : builder_(builder), active_(builder.active_), expanding_(builder.expanding_), here_(builder.here_) {
    builder.active_ = bound.active;
    builder.expanding_ = bound.expanding;
    builder.here_ = bound.span;
  }
  ~Unbound() {
    builder_.active_ = std::move(active_);
    builder_.expanding_ = expanding_;
    builder_.here_ = here_;
  }
  Unbound(const Unbound&) = delete;
  Unbound& operator=(const Unbound&) = delete;

 private:
  Builder& builder_;
  std::vector<std::string> active_;
  bool expanding_;
  c::Span here_;
};

}  // namespace hotproof::lower
