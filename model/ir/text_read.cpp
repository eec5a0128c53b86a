#include <algorithm>
#include <charconv>
#include <map>

#include "model/ir/text.hpp"
#include "model/ir/text_names.hpp"

namespace hotproof::ir {

namespace {

constexpr std::uint64_t most_locations = 1'000'000;

// Takes one line apart. After the first error it only gives zeros, and keeps that error.
class Line {
 public:
  Line(std::string_view text, Place place) : text_(text), place_(std::move(place)) { skip_blanks(); }

  bool ok() const { return !error_; }
  bool at_end() const { return !ok() || at_ == text_.size(); }
  const std::optional<Diagnostic>& error() const { return error_; }

  // Of the word taken last.
  void fail(const std::string& message) {
    if (error_) return;
    Place place = place_;
    place.column = static_cast<std::uint32_t>(start_ + 1);
    error_ = Diagnostic{place, message, {}};
  }

  // Up to the next blank; empty at the end of the line.
  std::string_view word() {
    start_ = at_;
    if (error_) return {};
    while (at_ < text_.size() && text_[at_] != ' ') ++at_;
    const std::string_view out = text_.substr(start_, at_ - start_);
    skip_blanks();
    return out;
  }

  bool take(std::string_view expected) {
    const std::size_t before = at_;
    if (word() == expected) return ok();
    at_ = before;
    return false;
  }

  void expect(std::string_view expected) {
    if (word() != expected) fail("expected \"" + std::string(expected) + "\"");
  }

  std::uint64_t number(std::uint64_t most = ~std::uint64_t{0}) { return number_in(word(), most); }

  std::int64_t signed_number() {
    std::int64_t value = 0;
    const std::string_view w = word();
    if (!whole(w, value)) fail("expected a number");
    return value;
  }

  // A letter and a number below `count`.
  std::size_t ref(char letter, std::size_t count) { return ref_in(word(), letter, count); }

  // A constant's value and width, or a letter ('e' or 'v') and a number.
  struct Operand {
    char letter = 0;
    std::uint64_t number = 0;
    int width = 0;
  };
  Operand operand(std::size_t lets, std::size_t variables) {
    const std::string_view w = word();
    if (!w.empty() && w[0] == 'e') return {'e', ref_in(w, 'e', lets), 0};
    if (!w.empty() && w[0] == 'v') return {'v', ref_in(w, 'v', variables), 0};
    const std::size_t colon = w.find(':');
    if (colon == std::string_view::npos) {
      fail("expected an expression: e…, v… or value:width");
      return {};
    }
    const std::uint64_t value = number_in(w.substr(0, colon), ~std::uint64_t{0});
    const auto width = static_cast<int>(number_in(w.substr(colon + 1), 64));
    if (ok() && (width == 0 || truncate(value, width) != value)) fail("the constant does not fit its width");
    return {0, value, width};
  }

  template <class Enum, std::size_t n>
  Enum one_of(const std::array<std::string_view, n>& words) {
    const std::string_view w = word();
    const auto found = std::find(words.begin(), words.end(), w);
    if (found != words.end()) return static_cast<Enum>(found - words.begin());
    std::string all;
    for (const std::string_view each : words) all += (all.empty() ? "" : ", ") + std::string(each);
    fail("expected one of " + all);
    return {};
  }

  std::string string() {
    start_ = at_;
    std::string out;
    if (at_ >= text_.size() || text_[at_] != '"') fail("expected a string in double quotes");
    if (error_) return out;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (!character(out)) return out;
    if (at_ == text_.size())
      fail("the string does not end");
    else
      ++at_;
    if (at_ < text_.size() && text_[at_] != ' ') fail("something follows the string without a blank");
    skip_blanks();
    return out;
  }

  void end() {
    if (at_end()) return;
    start_ = at_;
    fail("the line should end here");
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  template <class T>
  static bool whole(std::string_view w, T& value) {
    const auto [end, error] = std::from_chars(w.data(), w.data() + w.size(), value);
    return error == std::errc{} && end == w.data() + w.size();
  }

  std::uint64_t number_in(std::string_view w, std::uint64_t most) {
    std::uint64_t value = 0;
    if (!whole(w, value))
      fail("expected a number below 2^64");
    else if (value > most)
      fail("the number is greater than " + std::to_string(most));
    return ok() ? value : 0;
  }

  std::size_t ref_in(std::string_view w, char letter, std::size_t count) {
    std::uint64_t value = 0;
    if (w.empty() || w[0] != letter || !whole(w.substr(1), value))
      fail(std::string("expected ") + letter + " and a number");
    else if (value >= count)
      fail(std::string(w) + " has not been made by a line before");
    return ok() ? value : 0;
  }

  bool character(std::string& out) {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte < 0x20 || byte == 0x7f) {
      start_ = at_;
      fail("a control character in a string has to be written as \\x and two digits");
      return false;
    }
    if (text_[at_] == '\\') return escape(out);
    out += text_[at_];
    return true;
  }

  bool escape(std::string& out) {
    start_ = at_++;
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '"' || c == '\\')
      out += c;
    else if (c == 'n')
      out += '\n';
    else if (c == 't')
      out += '\t';
    else if (c == 'x' && at_ + 2 < text_.size()) {
      unsigned value = 0;
      const auto [end, error] = std::from_chars(text_.data() + at_ + 1, text_.data() + at_ + 3, value, 16);
      if (error != std::errc{} || end != text_.data() + at_ + 3) fail("expected two hexadecimal digits after \\x");
      out += static_cast<char>(value);
      at_ += 2;
    } else
      fail("unknown escape in a string");
    return ok();
  }

  std::string_view text_;
  Place place_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::optional<Diagnostic> error_;
};

class Reader {
 public:
  Outcome<TransitionSystem> run(std::string_view text, const std::string& file) {
    std::uint32_t number = 0;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view content = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      Line line(content, {file, ++number, 1});
      if (number == 1) {
        if (content != words::first_line)
          line.fail("expected the first line \"" + std::string(words::first_line) + "\"");
      } else if (!line.at_end() && content[content.find_first_not_of(' ')] != '#') {
        one_line(line);
        line.end();
      }
      if (line.error()) return tl::make_unexpected(*line.error());
    }
    if (number == 0) return failure({file, 1, 1}, "the file is empty");
    if (const auto fault = fault_in(system_)) return failure({file, 0, 0}, *fault);
    return std::move(system_);
  }

 private:
  using Handler = void (Reader::*)(Line&);

  void one_line(Line& line) {
    static const std::map<std::string_view, Handler> top{{"name", &Reader::name_line},
                                                         {"file", &Reader::file},
                                                         {"function", &Reader::function},
                                                         {"event", &Reader::event_name},
                                                         {"mark", &Reader::mark},
                                                         {"set", &Reader::set},
                                                         {"constant", &Reader::constant},
                                                         {"variable", &Reader::variable},
                                                         {"label", &Reader::label},
                                                         {"actor", &Reader::actor},
                                                         {"let", &Reader::let},
                                                         {"lock", &Reader::lock},
                                                         {"held-write", &Reader::held_write},
                                                         {"held-read", &Reader::held_read},
                                                         {"property", &Reader::property},
                                                         {"initially", &Reader::initially},
                                                         {"symbol", &Reader::symbol},
                                                         {"transition", &Reader::transition}};
    static const std::map<std::string_view, Handler> of_property{{"says", &Reader::says},
                                                                 {"origin", &Reader::origin},
                                                                 {"expr", &Reader::expr_line},
                                                                 {"reaches", &Reader::reaches},
                                                                 {"without-faults", &Reader::without_faults},
                                                                 {"triggers", &Reader::triggers}};
    static const std::map<std::string_view, Handler> of_transition{
        {"text", &Reader::text},         {"at", &Reader::span},
        {"update", &Reader::update},     {"does", &Reader::does},
        {"assert", &Reader::assertion},  {"hit", &Reader::hit},
        {"choice", &Reader::choice},     {"faults", &Reader::faults},
        {"holds", &Reader::holds},       {"acquires", &Reader::acquires},
        {"releases", &Reader::releases}, {"tries", &Reader::tries},
        {"depth", &Reader::depth},       {"called-from", &Reader::called_from}};
    const std::string_view keyword = line.word();
    if (const auto found = top.find(keyword); found != top.end()) return (this->*found->second)(line);
    if (const auto found = of_property.find(keyword); found != of_property.end()) {
      if (system_.properties.empty()) return line.fail("no property stands before this line");
      return (this->*found->second)(line);
    }
    if (const auto found = of_transition.find(keyword); found != of_transition.end()) {
      if (system_.transitions.empty()) return line.fail("no transition stands before this line");
      return (this->*found->second)(line);
    }
    line.fail("unknown kind of line");
  }

  Property& last_property() { return system_.properties.back(); }
  Transition& last_transition() { return system_.transitions.back(); }

  // The next thing of its kind has to have the next number.
  void next(Line& line, char letter, std::size_t count) { line.expect(letter + std::to_string(count)); }

  ExprId expr(Line& line) {
    const Line::Operand o = line.operand(lets_.size(), system_.variables.size());
    if (!line.ok()) return {};
    if (o.letter == 'e') return lets_[o.number];
    if (o.letter == 'v') return system_.read(static_cast<VarId>(o.number));
    return system_.pool.constant(o.number, o.width);
  }

  ExprId truth(Line& line) {
    const ExprId out = expr(line);
    if (line.ok() && system_.pool[out].width != 1) line.fail("expected a truth value (1 bit)");
    return out;
  }

  VarId var(Line& line) { return static_cast<VarId>(line.ref('v', system_.variables.size())); }
  MarkId mark_ref(Line& line) { return static_cast<MarkId>(line.ref('m', system_.marks.size())); }
  LockClaim claim(Line& line) {
    const auto lock = static_cast<LockId>(line.ref('l', system_.locks.size()));
    return {lock, line.one_of<LockMode>(words::mode)};
  }
  std::uint32_t small(Line& line) { return static_cast<std::uint32_t>(line.number(~std::uint32_t{0})); }

  void name_line(Line& line) { system_.name = line.string(); }
  void file(Line& line) { system_.files.push_back(line.string()); }
  void function(Line& line) { system_.functions.push_back(line.string()); }
  void event_name(Line& line) { system_.event_names.push_back(line.string()); }
  void mark(Line& line) { system_.marks.push_back(line.string()); }
  void set(Line& line) {
    const std::string name = line.string();
    system_.sets[name] = small(line);
  }
  void constant(Line& line) {
    const std::string name = line.string();
    system_.constants[name] = line.signed_number();
  }

  void variable(Line& line) {
    next(line, 'v', system_.variables.size());
    Variable v;
    v.name = line.string();
    line.expect("width");
    v.width = static_cast<int>(line.number(64));
    if (v.width == 0) line.fail("a width is 1 to 64");
    v.is_signed = line.take("signed");
    if (!v.is_signed) line.expect("unsigned");
    v.role = line.one_of<Role>(words::role);
    line.expect("initial");
    v.initial = line.number();
    v.free_initially = line.take("free");
    if (line.take("range")) {
      v.low = line.number();
      v.high = line.number();
    }
    system_.variables.push_back(std::move(v));
  }
  void label(Line& line) {
    if (system_.variables.empty()) return line.fail("no variable stands before this line");
    const std::uint64_t value = line.number();
    system_.variables.back().labels[value] = line.string();
  }

  void actor(Line& line) {
    next(line, 'a', system_.actors.size());
    Actor a;
    a.name = line.string();
    line.expect("control");
    a.control = var(line);
    line.expect("initial");
    a.initial = small(line);
    line.expect("locations");
    a.locations = static_cast<std::uint32_t>(line.number(most_locations));
    const bool rests = line.take("resting");
    bool halts = line.take("halted");
    while (rests && !halts && !line.at_end()) {
      a.resting.push_back(small(line));
      halts = line.take("halted");
    }
    while (halts && !line.at_end()) a.halted.push_back(small(line));
    system_.actors.push_back(std::move(a));
  }

  void let(Line& line) {
    next(line, 'e', lets_.size());
    line.expect("=");
    const std::string_view operation = line.word();
    for (auto i = static_cast<int>(Op::not_); i <= static_cast<int>(Op::trunc); ++i) {
      const auto op = static_cast<Op>(i);
      if (name(op) != operation) continue;
      lets_.push_back(operation_of(line, op));
      return;
    }
    line.fail("unknown operation");
  }

  ExprId operation_of(Line& line, Op op) {
    const auto width = [&](ExprId id) { return system_.pool[id].width; };
    if (op == Op::zext || op == Op::sext || op == Op::trunc) {
      const auto wanted = static_cast<int>(line.number(64));
      const ExprId a = expr(line);
      const bool fits = op == Op::trunc ? wanted >= 1 && wanted < width(a) : wanted > width(a);
      if (!fits) line.fail("an extension widens and a truncation narrows");
      return line.ok() ? system_.pool.resize(a, wanted, op == Op::sext) : ExprId{};
    }
    ExprId args[3]{};
    for (int i = 0; i < arity(op); ++i) args[i] = i == 0 && op == Op::ite ? truth(line) : expr(line);
    const int first = op == Op::ite ? 1 : 0;
    if (arity(op) > 1 && width(args[first]) != width(args[first + 1])) line.fail("operands of different widths");
    if (!line.ok()) return {};
    if (op == Op::ite) return system_.pool.ite(args[0], args[1], args[2]);
    return arity(op) == 1 ? system_.pool.unary(op, args[0]) : system_.pool.binary(op, args[0], args[1]);
  }

  void lock(Line& line) {
    next(line, 'l', system_.locks.size());
    Lock l;
    l.name = line.string();
    l.kind = line.one_of<Lock::Kind>(words::lock_kind);
    l.tried = line.take("tried");
    system_.locks.push_back(std::move(l));
  }
  void held(Line& line, std::vector<ExprId> Lock::*list) {
    if (system_.locks.empty()) return line.fail("no lock stands before this line");
    (system_.locks.back().*list).clear();
    while (!line.at_end()) (system_.locks.back().*list).push_back(truth(line));
  }
  void held_write(Line& line) { held(line, &Lock::held_write); }
  void held_read(Line& line) { held(line, &Lock::held_read); }

  void property(Line& line) {
    next(line, 'p', system_.properties.size());
    Property p;
    p.id = line.string();
    p.kind = line.one_of<PropertyKind>(words::property_kind);
    p.confidence = line.one_of<Confidence>(words::confidence);
    system_.properties.push_back(std::move(p));
  }
  void says(Line& line) { last_property().says = line.string(); }
  void origin(Line& line) { last_property().origin = line.string(); }
  void expr_line(Line& line) { last_property().expr = expr(line); }
  void reaches(Line& line) { last_property().mark = mark_ref(line); }
  void without_faults(Line&) { last_property().cover_without_faults = true; }
  void triggers(Line& line) {
    while (!line.at_end()) last_property().triggers.push_back(mark_ref(line));
  }

  void initially(Line& line) { system_.initial_condition = truth(line); }
  void symbol(Line& line) {
    const std::string name = line.string();
    system_.symbols[name] = expr(line);
  }

  void transition(Line& line) {
    Transition t;
    t.actor = static_cast<ActorId>(line.ref('a', system_.actors.size()));
    line.expect("from");
    t.from = small(line);
    line.expect("to");
    t.to = small(line);
    line.expect("guard");
    t.guard = truth(line);
    system_.transitions.push_back(std::move(t));
  }
  void text(Line& line) { last_transition().text = line.string(); }
  void span(Line& line) { place(line, last_transition().span); }
  void called_from(Line& line) { place(line, last_transition().callers.emplace_back()); }
  void place(Line& line, SourceSpan& span) {
    for (std::uint32_t* part : {&span.file, &span.line, &span.column, &span.function}) *part = small(line);
  }
  void update(Line& line) {
    const VarId variable = var(line);
    const ExprId value = expr(line);
    if (line.ok() && system_.pool[value].width != system_[variable].width)
      line.fail("the value is not as wide as " + system_[variable].name);
    last_transition().updates.push_back({variable, value});
  }
  void does(Line& line) {
    Event event{static_cast<std::uint32_t>(line.ref('n', system_.event_names.size())), {}};
    while (!line.at_end()) event.args.push_back(expr(line));
    last_transition().events.push_back(std::move(event));
  }
  void assertion(Line& line) {
    const auto property = static_cast<PropertyId>(line.ref('p', system_.properties.size()));
    last_transition().assertions.push_back({property, truth(line)});
  }
  void hit(Line& line) {
    const MarkId m = mark_ref(line);
    last_transition().hits.push_back({m, truth(line)});
  }
  void choice(Line& line) { last_transition().choice = line.one_of<Choice>(words::choice); }
  void faults(Line& line) { last_transition().faults = static_cast<std::uint8_t>(line.number(255)); }
  void holds(Line& line) {
    while (!line.at_end()) last_transition().held.push_back(claim(line));
  }
  void effect(Line& line, LockEffect effect) {
    last_transition().lock_effect = effect;
    last_transition().lock = claim(line);
  }
  void acquires(Line& line) { effect(line, LockEffect::acquires); }
  void releases(Line& line) { effect(line, LockEffect::releases); }
  void tries(Line& line) { effect(line, LockEffect::tries); }
  void depth(Line& line) { last_transition().depth = small(line); }

  TransitionSystem system_;
  std::vector<ExprId> lets_;
};

}  // namespace

Outcome<TransitionSystem> read(std::string_view text, const std::string& file) {
  return Reader().run(text, file);
}

}  // namespace hotproof::ir
