#include "counterexamples/console/screen.hpp"

#include <algorithm>

#include "counterexamples/render/run_table.hpp"

namespace hotproof::console {

namespace {

using counterexamples::TraceChange;
using counterexamples::TraceLock;
using counterexamples::TraceStep;
using render::Colour;
using simulate::ActorView;
using simulate::PropertyState;
using simulate::PropertyView;
using simulate::Session;
using simulate::ValueView;
using simulate::words;

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string counted(std::size_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string listed(const std::vector<TraceLock>& locks) {
  std::vector<std::string> names;
  for (const TraceLock& lock : locks) names.push_back(lock.name + (lock.write ? "" : " (reading)"));
  return listed(names);
}

std::string waits_of(const ActorView& actor) {
  std::vector<std::string> out;
  for (const simulate::Waiting& waiting : actor.waits_for)
    out.push_back(waiting.lock + (waiting.holders.empty() ? "" : ", held by " + listed(waiting.holders)));
  return out.empty() ? "waits" : "waits for " + listed(out);
}

std::string kind_of(const ActorView& actor) {
  switch (actor.kind) {
    case ActorView::Kind::moves:
      return "";
    case ActorView::Kind::rests:
      return actor.waits_for.empty() ? "rests" : "rests; " + waits_of(actor);
    case ActorView::Kind::waits:
      return waits_of(actor);
    case ActorView::Kind::ended:
      return actor.halted ? "has ended the run" : "has no way on";
  }
  return "";
}

// "in state_store(), called from memory.c:12": only the nearest caller, the others are in the listing.
std::string place_of(const TraceStep& step) {
  if (step.line == 0) return "nowhere in the source";
  std::string out = step.file + ":" + std::to_string(step.line);
  if (!step.function.empty()) out += " in " + step.function + "()";
  if (!step.callers.empty()) {
    const counterexamples::TraceCall& caller = step.callers.back();
    out += ", called from " + caller.file + ":" + std::to_string(caller.line) + " in " + caller.function + "()";
  }
  return out;
}

// The words of a step often begin with the call that its line of source shows; then only the rest is news.
std::string shortened(const std::string& text, const std::string& source) {
  const std::size_t end = text.find(": ");
  if (source.empty() || end == std::string::npos) return text;
  const std::string head = text.substr(0, end);
  return head.find('(') != std::string::npos && source.find(head) != std::string::npos ? text.substr(end + 2) : text;
}

}  // namespace

std::string Screen::line(const std::string& text, Colour colour) const {
  const std::string shown =
      render::cut(render::safe(text, style_.utf8), std::max<std::size_t>(style_.width, 60), style_.utf8);
  return render::coloured(render::trimmed(shown), colour, style_) + "\n";
}

std::string Screen::lines(const std::string& text, std::size_t indent, Colour colour) const {
  const std::size_t width = std::max<std::size_t>(style_.width, 60) - indent - 2;
  std::string out;
  for (const std::string& part : render::filled(render::safe(text, style_.utf8), width))
    out += line(std::string(out.empty() ? indent : indent + 2, ' ') + part, colour);
  return out;
}

std::string Screen::place(const TraceStep& step) const {
  return (step.added_by_patch ? "+ " : "") + place_of(step);
}

// What a step meant for the properties.
std::string Screen::news(const Session& session, std::size_t number) const {
  std::string out;
  const simulate::Moment& moment = session.branch().moments[number];
  for (const ir::PropertyId id : moment.broken) {
    const std::string& name = view_.model().system.properties[ir::index(id)].id;
    const PropertyView property = view_.property(session, id);
    const std::string why = property.state.at == number && !property.why.empty()
                                ? property.why
                                : view_.model().system.properties[ir::index(id)].says;
    out += lines("! violates " + name + ": " + why, 6, Colour::red);
  }
  for (const ir::PropertyId id : moment.reached)
    out += line("      reaches " + view_.model().system.properties[ir::index(id)].id, Colour::green);
  if (moment.left_range)
    out +=
        line("      ! " + view_.model().system[*moment.left_range].name + " has left its declared range", Colour::red);
  return out;
}

std::string Screen::step(const Session& session, std::size_t number) const {
  const TraceStep step = view_.step(session, number);
  const std::string fault = step.faults > 0 ? cross() : "";
  std::string out = line("step " + std::to_string(number) + "  " + step.actor + "  " + fault + words(step),
                         step.faults > 0 ? Colour::red : Colour::bold);
  out += line("      " + place(step), Colour::dim);
  if (!step.source.empty()) out += line("      | " + step.source);
  for (const TraceChange& change : step.changes)
    out += line("      " + change.variable + ": " + change.before + arrow() + change.after);
  out += news(session, number);
  return out;
}

std::string Screen::short_step(const Session& session, std::size_t number) const {
  const TraceStep step = view_.step(session, number);
  const std::string where = step.line == 0 ? "" : step.file + ":" + std::to_string(step.line) + "  ";
  std::string text = "  " + render::padded(std::to_string(number), 4, true) + "  " + step.actor + "  " + where +
                     (step.faults > 0 ? cross() : "") + words(step);
  return line(text, step.faults > 0 ? Colour::red : Colour::plain) + news(session, number);
}

std::string Screen::choices(const Session& session) const {
  const std::vector<simulate::Choice> all = view_.choices(session);
  std::string out = line(all.empty() ? "nothing can happen next" : "next", Colour::bold);
  for (const ActorView& actor : view_.actors(session)) {
    const std::string kind = kind_of(actor);
    out += line("  " + actor.name + (kind.empty() ? "" : "  (" + kind + ")"), Colour::cyan);
    std::string last;
    for (const simulate::Choice& choice : all) {
      if (choice.actor != actor.actor) continue;
      const TraceStep& step = choice.step;
      const std::string here = place(step) + (step.source.empty() || step.environment ? "" : "  | " + step.source);
      if (here != last) out += line("      " + here, Colour::dim);
      last = here;
      out +=
          line("  " + render::padded(std::to_string(choice.number), 3, true) + " " + (step.faults > 0 ? cross() : "") +
                   shortened(words(step), step.source) + (choice.spared ? " (no fault)" : ""),
               step.faults > 0 ? Colour::red : Colour::plain);
    }
  }
  return out;
}

std::string Screen::overview(const Session& session) const {
  std::string out = line("after " + counted(session.position(), "step") + " and " +
                             counted(session.moment().faults, "fault") + ", on branch " + session.branch().name,
                         Colour::bold);
  for (const ActorView& actor : view_.actors(session)) {
    const std::string kind = kind_of(actor);
    const std::string at = actor.kind == ActorView::Kind::ended ? "" : "  " + place(actor.at);
    out += line("  " + actor.name + at + (kind.empty() ? "" : "  (" + kind + ")"), Colour::cyan);
    if (!actor.at.source.empty()) out += line("      | " + actor.at.source);
    if (!actor.locks.empty()) out += lines("holds " + listed(actor.locks), 6);
  }
  // What the last step that changed anything shared changed.
  std::size_t newest = 0;
  const std::vector<ValueView> values = view_.values(session);
  for (const ValueView& value : values)
    if (value.kind == ValueView::Kind::shared) newest = std::max(newest, value.changed.value_or(0));
  for (const ValueView& value : values)
    if (newest > 0 && value.kind == ValueView::Kind::shared && value.changed == newest)
      out += line("  " + value.name + " = " + value.value + " since step " + std::to_string(newest));
  for (const PropertyView& property : view_.properties(session))
    if (property.state.kind == PropertyState::Kind::violated)
      out += lines("! " + property.id + ": " + property.words + (property.why.empty() ? "" : ": " + property.why), 2,
                   Colour::red);
  return out;
}

std::string Screen::values(const Session& session, const std::string& filter) const {
  std::string out;
  for (const simulate::LockView& lock : view_.locks(session)) {
    if (lock.name.find(filter) == std::string::npos) continue;
    std::vector<std::string> holders;
    for (const auto& holder : lock.holders) holders.push_back(holder.actor + (holder.write ? "" : " (reading)"));
    out += line("  lock " + lock.name + (holders.empty() ? "" : ": held by " + listed(holders)) +
                (lock.wanted_by.empty() ? "" : "; " + listed(lock.wanted_by) + " waits for it"));
  }
  for (const ValueView& value : view_.values(session)) {
    if (value.name.find(filter) == std::string::npos) continue;
    out += line("  " + value.name + " = " + value.value +
                (value.changed ? "   (since step " + std::to_string(*value.changed) + ")" : ""));
  }
  return out.empty() ? line("  nothing with '" + filter + "' in its name") : out;
}

std::string Screen::properties(const Session& session, bool all) const {
  std::string out;
  std::size_t silent = 0;
  for (const PropertyView& property : view_.properties(session)) {
    using Kind = PropertyState::Kind;
    const Kind kind = property.state.kind;
    if (kind == Kind::silent && !all) {
      ++silent;
      continue;
    }
    const Colour colour = kind == Kind::violated                         ? Colour::red
                          : kind == Kind::holds || kind == Kind::reached ? Colour::green
                                                                         : Colour::dim;
    out += line("  " + render::padded(property.id, 32) + " " + property.words +
                    (property.observers.empty() ? "" : "   [" + listed(property.observers) + "]"),
                colour);
    if (!property.why.empty()) out += lines(property.why, 6, colour);
  }
  if (silent > 0)
    out += line("  and " + std::to_string(silent) +
                    " of which nothing has happened yet that they speak of; `props all` lists them",
                Colour::dim);
  return out.empty() ? line("  there are no properties") : out;
}

std::string Screen::branches(const Session& session) const {
  std::string out;
  for (std::size_t i = 0; i < session.branches().size(); ++i) {
    const simulate::Branch& branch = session.branches()[i];
    const std::string from = !branch.from ? ""
                                          : ", from " + session.branches()[*branch.from].name + " after step " +
                                                std::to_string(branch.forked_at);
    out += line(std::string(i == session.current() ? "* " : "  ") + std::to_string(i + 1) + "  " + branch.name +
                ": step " + std::to_string(branch.at) + " of " + std::to_string(branch.steps.size()) +
                (branch.loaded ? ", loaded" : "") + from);
  }
  return out;
}

std::string Screen::source(const Session& session, ir::ActorId actor) const {
  constexpr std::uint32_t around = 6;
  const std::vector<ActorView> actors = view_.actors(session);
  const ActorView& who = actors[ir::index(actor)];
  const auto& read = view_.model().sources.read;
  const auto file = who.at.line != 0 && read ? read(who.at.file) : nullptr;
  if (file == nullptr) return line("  " + who.name + " stands nowhere in the source");
  std::string out = line("  " + who.name + " at " + place_of(who.at), Colour::bold);
  for (auto caller = who.at.callers.rbegin(); caller != who.at.callers.rend(); ++caller)
    out += line("    from " + caller->file + ":" + std::to_string(caller->line) + " in " + caller->function + "()",
                Colour::dim);
  std::string_view rest = file->text;
  for (std::uint32_t number = 1; !rest.empty() && number <= who.at.line + around; ++number) {
    const std::string_view whole = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(whole.size() + 1, rest.size()));
    if (number + around < who.at.line) continue;
    std::string text;
    for (const char c : whole) text += c == '\t' ? std::string(8 - text.size() % 8, ' ') : std::string(1, c);
    const bool here = number == who.at.line;
    out += line(std::string(here ? "=>" : "  ") + (file->added_lines.contains(number) ? "+" : " ") +
                    render::padded(std::to_string(number), 6, true) + "  " + text,
                here ? Colour::yellow : Colour::plain);
  }
  return out;
}

std::string Screen::history(const Session& session) const {
  std::string out;
  for (std::size_t k = 1; k <= session.position(); ++k) out += short_step(session, k);
  const std::size_t undone = session.branch().steps.size() - session.position();
  if (undone > 0) out += line("  and " + std::to_string(undone) + " more that `redo` takes", Colour::dim);
  return out.empty() ? line("  no steps yet") : out;
}

std::string Screen::table(const Session& session) const {
  if (session.position() == 0) return line("  no steps yet");
  std::string out;
  render::TableOptions options;
  options.rows = 60;
  for (const std::string& row : render::run_table(view_.trace(session), options, style_)) out += row + "\n";
  return out;
}

}  // namespace hotproof::console
