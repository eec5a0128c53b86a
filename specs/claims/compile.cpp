#include "specs/claims/compile.hpp"

namespace hotproof::claims {

namespace {

using Form = Claim::Form;
using Kind = Thing::Kind;
using Role = Obligation::Role;

// In a rule `for actor a, block b`: the event, and what else must be true of it.
struct Event {
  std::string pattern;
  std::string when;
};

Event event_of(const Thing& thing) {
  const std::string in_block = thing.in_block ? "block[b].altmap" : "";
  switch (thing.kind) {
    case Kind::function:
      return {"call " + thing.name + "(a)", ""};
    case Kind::notification:
      return {"notify(a, " + thing.name + ", b)", ""};
    case Kind::memmap:
      return {"memmap(a, b, " + thing.name + ")", in_block};
    case Kind::accessible:
      return {"accessible(a, b, 1)", ""};
    case Kind::inaccessible:
      return {"accessible(a, b, 0)", ""};
    case Kind::taken:
      return {"lock(a, " + thing.name + ", _, _)", ""};
    case Kind::released:
      return {"unlock(a, " + thing.name + ", _, _)", ""};
  }
  return {};
}

// The same for a cover, in which nobody is named.
std::string cover_of(const Thing& thing) {
  Event event = event_of(thing);
  const std::size_t actor = event.pattern.find("(a");
  event.pattern.replace(actor + 1, 1, "_");
  return "  cover " + event.pattern + (event.when.empty() ? "" : " when " + event.when) + ";\n";
}

// When a thing has been done, so that it can be undone: what fails by itself has nothing to undo.
Event done_event_of(const Thing& thing) {
  if (thing.kind == Kind::function) return {"return " + thing.name + "(a, value)", "value >= 0"};
  if (thing.kind == Kind::notification) return {"notify-done(a, " + thing.name + ", b, answer)", "accepts(answer)"};
  return event_of(thing);
}

std::string line(const Event& event, const std::string& states, const std::string& actions) {
  return "    on " + event.pattern + (states.empty() ? "" : " in " + states) +
         (event.when.empty() ? "" : " when " + event.when) + ": " + actions + ";\n";
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

class Compiler {
 public:
  Compiler(const Claim& claim, const Context& context, const std::string& id)
      : claim_(claim), context_(context), id_(id) {}

  Outcome<std::vector<Obligation>> run() {
    switch (claim_.form) {
      case Form::no_functional_change:
        break;
      case Form::held:
        held();
        break;
      case Form::order:
        order();
        break;
      case Form::undone:
        undone();
        break;
      case Form::ignored:
        ignored();
        break;
    }
    if (error_) return tl::unexpected(*error_);
    return std::move(out_);
  }

 private:
  void add(Role role, const std::string& about, const std::string& suffix, const std::string& says,
           const std::string& body) {
    if (error_) return;
    const std::string text = "define accepts(answer) = (answer & ~0x8000) <= 1;\nproperty " + id_ + suffix +
                             " {\n  says " + quoted(says) + ";\n  origin \"the sentence\";\n  confidence high;\n" +
                             body + "}\n";
    auto properties = spec::parse(text, id_);
    if (properties)
      out_.push_back({role, about, properties->front()});
    else
      error_ = properties.error();
  }

  void held() {
    std::vector<Thing> things = claim_.things;
    if (things.empty())
      for (const std::string& function : context_.changed_functions) things.push_back({Kind::function, function});
    std::size_t number = 0;
    for (const Thing& thing : things) {
      const std::string holds = "holds(" + claim_.lock + (claim_.for_write ? ", write)" : ")");
      const std::string what = in_words(thing);
      const std::string wrong = claim_.lock + " is not held" + (claim_.for_write ? " for write" : "") + " at " + what;
      add(Role::all, what, "-" + std::to_string(++number), what + " with " + claim_.lock + " held",
          "  rule for actor a, block b {\n" +
              line(event_of(thing), "", "speaks, require " + holds + " " + quoted(wrong)) + "  }\n");
    }
  }

  // An operation begins when it is asked for, and ends with its answer; with `within`: a call of that function, whoever
  // makes it.
  std::string operation(const std::string& states, const std::string& in_operation, const std::string& lines) const {
    const std::string all = "asked, " + in_operation;
    const std::string& f = claim_.within;
    std::string out = "  rule for actor a, block b {\n    state idle, asked, " + states + ";\n";
    out += "    on request(a, b, _): -> " + std::string(f.empty() ? "begun" : "asked") + ";\n";
    if (!f.empty()) out += "    on call " + f + "(a) in idle, asked: -> begun;\n";
    out += lines;
    if (!f.empty()) out += "    on return " + f + "(a, _) in " + in_operation + ": -> asked;\n";
    return out + "    on returned(a, b, _, _) in " + all + ": -> idle;\n  }\n";
  }

  // Whoever does it without having been asked for anything is not followed from a beginning to an end.
  std::string outside(const Event& later) const {
    if (!claim_.within.empty()) return "";
    return line(later, "idle",
                "speaks, error " + quoted(in_words(claim_.things[1]) + " comes outside of any operation"));
  }

  void order() {
    const Thing& first = claim_.things[0];
    const Thing& second = claim_.things[1];
    const std::string early = in_words(second) + " comes first";
    const bool is_state = first.kind == Kind::accessible;
    const std::string says = in_words(first) + " before " + in_words(second);
    Event later = event_of(second);
    Event before = event_of(first);
    if (is_state) {
      // A state need not be reached in the operation itself.
      Event not_yet = later;
      not_yet.when += (later.when.empty() ? "" : " && ") + std::string("!block[b].accessible");
      add(Role::lacking, says, "", says,
          operation("begun", "begun",
                    outside(not_yet) +
                        line(not_yet, "begun", "speaks, error " + quoted("the memory is not accessible yet")) +
                        line(later, "begun", "speaks")));
      add(Role::reversed, says, "-reversed", says,
          operation("begun, late", "begun, late",
                    line(not_yet, "begun", "-> late") + line(before, "late", "error " + quoted(early))));
      return;
    }
    add(Role::happens, in_words(first), "-happens", in_words(first), cover_of(first));
    add(Role::lacking, says, "", says,
        operation("begun, seen", "begun, seen",
                  outside(later) + line(before, "begun", "-> seen") +
                      line(later, "begun",
                           "speaks, error " + quoted(in_words(second) + " comes without " + in_words(first))) +
                      line(later, "seen", "speaks")));
    add(Role::reversed, says, "-reversed", says,
        operation("begun, seen, late", "begun, seen, late",
                  line(before, "begun", "-> seen") + line(later, "begun", "-> late") +
                      line(before, "late", "error " + quoted(early))));
  }

  void undone() {
    const Thing& done = claim_.things[0];
    const Thing& undo = claim_.things[1];
    const std::string says = in_words(undo) + " on every failing path behind " + in_words(done);
    const std::string wrong = "it fails, and there was no " + in_words(undo) + " for " + in_words(done);
    std::string lines = line(done_event_of(done), "begun, undone", "-> open");
    if (claim_.failing.empty()) {
      lines += line(event_of(undo), "open", "-> undone") + failing_end("open", "speaks, error " + quoted(wrong)) +
               failing_end("undone", "speaks");
      add(Role::all, says, "", says, operation("begun, open, undone", "begun, open, undone", lines));
      return;
    }
    const Event fails{"return " + claim_.failing + "(a, value)", "value < 0"};
    lines += line(event_of(undo), "open", "-> begun") + line(event_of(undo), "owing", "speaks, -> begun") +
             line(fails, "open", "-> owing") + failing_end("owing", "speaks, error " + quoted(wrong));
    add(Role::all, says, "", says, operation("begun, open, owing, undone", "begun, open, owing, undone", lines));
  }

  // Where the operation, or the function, ends with an error.
  std::string failing_end(const std::string& states, const std::string& actions) const {
    const bool whole = claim_.within.empty();
    const std::string to = whole ? ", -> idle" : ", -> asked";
    const Event end = whole ? Event{"returned(a, b, _, result)", "result < 0"}
                            : Event{"return " + claim_.within + "(a, result)", "result < 0"};
    return line(end, states, actions + to);
  }

  void ignored() {
    for (const Context::Listener& listener : context_.listeners)
      for (const std::string& name : listener.unknown) ignored_by(listener, name);
  }

  void ignored_by(const Context::Listener& listener, const std::string& notification) {
    const std::string number = std::to_string(listener.number);
    const std::string about = "the listener " + listener.name;
    const std::string acts = "error " + quoted(about + " acts on " + notification + ", which it does not know");
    const std::string asked = "(a, " + number + ", " + notification + ", b";
    add(Role::all, about + " and " + notification, "-" + std::to_string(out_.size() + 1),
        about + " ignores " + notification + ", which it does not know",
        "  rule for actor a, block b {\n    state idle, asked;\n" +
            line({"notifying" + asked + ")", ""}, "", "speaks, -> asked") +
            line({"notified" + asked + ", answer)", ""}, "asked",
                 "require accepts(answer) " + quoted(about + " refuses " + notification + ", which it does not know") +
                     ", -> idle") +
            line({"accessible(a, b, value)", "value != block[b].accessible"}, "asked", acts) +
            line({"partly-accessible(a, b, value)", "value != block[b].some"}, "asked", acts) +
            line({"memmap(a, b, _) or memmap-made(a, b, _, _) or disable(a, _) or enable(a, _)", ""}, "asked", acts) +
            "  }\n");
  }

  const Claim& claim_;
  const Context& context_;
  std::string id_;
  std::vector<Obligation> out_;
  std::optional<Diagnostic> error_;
};

}  // namespace

Outcome<std::vector<Obligation>> obligations(const Claim& claim, const Context& context, const std::string& id) {
  return Compiler(claim, context, id).run();
}

}  // namespace hotproof::claims
