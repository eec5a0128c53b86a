// How a session looks as text. Everything shown is made safe and cut to the width.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/render/terminal.hpp"
#include "counterexamples/simulate/view.hpp"

namespace hotproof::console {

class Screen {
 public:
  // `view` must outlive it.
  Screen(const simulate::View& view, render::Style style) : view_(view), style_(style) {}

  // A step of the branch with all that it did; and in one line.
  std::string step(const simulate::Session& session, std::size_t number) const;
  std::string short_step(const simulate::Session& session, std::size_t number) const;
  // What can happen next, by actor, and who waits for what.
  std::string choices(const simulate::Session& session) const;
  // Every actor's place, locks, what changed last, properties that are violated.
  std::string overview(const simulate::Session& session) const;
  // Variables whose name contains the filter, and all locks where it is empty.
  std::string values(const simulate::Session& session, const std::string& filter) const;
  // `all`: those too of which nothing has happened yet that they speak of.
  std::string properties(const simulate::Session& session, bool all) const;
  std::string branches(const simulate::Session& session) const;
  // Lines around where the actor stands.
  std::string source(const simulate::Session& session, ir::ActorId actor) const;
  std::string history(const simulate::Session& session) const;
  std::string table(const simulate::Session& session) const;
  // A line of any text, made safe and cut; ended.
  std::string line(const std::string& text, render::Colour colour = render::Colour::plain) const;
  // The same on as many lines as it takes, those behind the first one a little further in.
  std::string lines(const std::string& text, std::size_t indent, render::Colour colour = render::Colour::plain) const;

 private:
  std::string place(const counterexamples::TraceStep& step) const;
  std::string news(const simulate::Session& session, std::size_t number) const;
  std::string arrow() const { return style_.utf8 ? " → " : " -> "; }
  std::string cross() const { return style_.utf8 ? "✗ " : "x "; }

  const simulate::View& view_;
  render::Style style_;
};

}  // namespace hotproof::console
