#include "verify/certificate.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "verify/sha256.hpp"

namespace hotproof::verify {

namespace {

constexpr std::uint32_t most_k = 10'000;

class Reader {
 public:
  // `last`: nothing may follow its end.
  Reader(std::string_view bytes, std::uint64_t first_line, bool last)
      : bytes_(bytes), at_(bytes, first_line, false), last_(last) {}

  Certificate run() {
    if (!at_.next_line()) at_.fail("the file is empty");
    at_.expect("hotproof-certificate");
    at_.expect("1");
    at_.expect_end();
    next();
    while (is("tool") || is("about") || is("input") || is("covers") || is("not-covered")) head();
    system();
    while (is("states")) states();
    while (is("run")) run_line();
    while (is("invariant")) invariant();
    while (is("claim")) claim();
    end();
    return std::move(out_);
  }

 private:
  void next() {
    if (!at_.next_line()) at_.fail("the file ends too early");
  }
  bool is(std::string_view word) const { return at_.peek() == word; }

  void head() {
    const std::string_view kind = at_.word();
    if (kind == "tool") out_.tool = at_.text();
    if (kind == "about") out_.about = at_.text();
    if (kind == "covers") out_.covers.push_back(at_.text());
    if (kind == "not-covered") out_.not_covered.push_back(at_.text());
    if (kind == "input") {
      static const std::set<std::string_view> kinds = {"tree", "changed", "embedded", "patch", "edit", "spec"};
      const std::string_view what = at_.word();
      if (!kinds.contains(what)) at_.fail("unknown kind of input");
      std::string path = at_.text();
      out_.inputs.push_back({std::string(what), std::move(path), at_.hash()});
    }
    at_.expect_end();
    next();
  }

  void system() {
    at_.expect("system");
    const std::uint64_t size = at_.number(bytes_.size());
    out_.system_hash = at_.hash();
    const std::uint64_t line = at_.line_number();
    const std::string_view text = at_.block(size, true);
    if (sha256(text) != out_.system_hash) at_.fail_as_damaged("this is not the hash of the system that follows");
    auto read = read_system(text, line + 1);
    if (!read) throw read.error();
    out_.system = std::move(*read);
    next();
  }

  void states() {
    at_.expect("states");
    const std::string_view which = at_.word();
    if (which != "all" && which != "faultless") at_.fail("'all' or 'faultless' was expected");
    auto& slot = which == "all" ? out_.evidence.all_states : out_.evidence.faultless_states;
    if (slot) at_.fail("these states stand above already");
    const std::uint64_t count = at_.number(bytes_.size());
    at_.expect("words");
    const auto words = static_cast<std::uint32_t>(at_.number(1U << 16U));
    if (words == 0) at_.fail("a state has one word at least");
    at_.expect("bytes");
    const std::uint64_t size = at_.number(bytes_.size());
    StateSet set;
    set.words = words;
    while (!at_.at_end()) set.places.push_back(place());
    if (set.places.size() != out_.system.variables.size())
      at_.fail("a place for each variable was expected, " + std::to_string(out_.system.variables.size()) + " in all");
    auto unpacked = unpack_states(at_.block(size, false), count, words);
    if (!unpacked) at_.fail(unpacked.error().message);
    out_.words.push_back(std::move(*unpacked));
    if (!out_.words.back().empty()) set.pieces = {out_.words.back()};
    next();
    while (is("exchange")) set.exchangeable.push_back(exchange());
    while (is("ample")) set.ample.push_back(ample());
    slot = std::move(set);
  }

  std::uint32_t variable() { return one_of('v', out_.system.variables); }

  Exchangeable exchange() {
    at_.expect("exchange");
    Exchangeable made;
    while (!at_.at_end()) made.members.push_back(one_of('a', out_.system.actors));
    const std::size_t members = made.members.size();
    if (members < 2) at_.fail("two actors at least were expected");
    const auto by_member = [&](auto& list, const auto& one) {
      for (std::size_t i = 0; i < members; ++i) list.push_back(one());
      at_.expect_end();
    };
    for (next(); is("own") || is("names") || is("marks"); next()) {
      const std::string_view kind = at_.word();
      if (kind == "own") {
        by_member(made.own.emplace_back(), [&] { return variable(); });
      } else if (kind == "names") {
        auto& names = made.names.emplace_back();
        names.variable = variable();
        by_member(names.values, [&] { return at_.number(~std::uint64_t{0}); });
      } else {
        auto& marks = made.marks.emplace_back();
        marks.variable = variable();
        by_member(marks.bits, [&] { return static_cast<std::uint32_t>(at_.number(63)); });
      }
    }
    return made;
  }

  AmpleLocation ample() {
    at_.expect("ample");
    AmpleLocation made;
    made.actor = one_of('a', out_.system.actors);
    made.location = static_cast<std::uint32_t>(at_.number(out_.system.actors[made.actor].locations - 1));
    while (!at_.at_end()) {
      const std::string_view mode = at_.word();
      if (mode != "read" && mode != "write") at_.fail("'read' or 'write' was expected");
      if (out_.system.locks.empty()) at_.fail("there are no locks");
      made.held.push_back({static_cast<std::uint32_t>(at_.number(out_.system.locks.size() - 1)), mode == "write"});
    }
    next();
    return made;
  }

  Place place() {
    at_.expect("at");
    const std::string_view word = at_.word();
    const std::size_t colon = word.find(':');
    std::uint64_t where = 0;
    std::uint64_t shift = 0;
    if (colon == std::string_view::npos || !parse_number(word.substr(0, colon), 1U << 16U, where) ||
        !parse_number(word.substr(colon + 1), 63, shift))
      at_.fail("a place WORD:SHIFT was expected");
    return {static_cast<std::uint32_t>(where), static_cast<std::uint32_t>(shift)};
  }

  void run_line() {
    at_.expect("run");
    if (at_.reference('r', out_.evidence.runs.size() + 1) != out_.evidence.runs.size())
      at_.fail("the numbers must be 0, 1, … in order");
    at_.expect("from");
    Run run;
    while (!at_.at_end()) run.initial.push_back(at_.number(~std::uint64_t{0}));
    if (run.initial.size() != out_.system.variables.size()) at_.fail("one value for each variable was expected");
    next();
    at_.expect("steps");
    while (!at_.at_end()) run.steps.push_back(static_cast<std::uint32_t>(at_.number(~std::uint32_t{0})));
    out_.evidence.runs.push_back(std::move(run));
    next();
  }

  void invariant() {
    at_.expect("invariant");
    if (at_.reference('i', out_.evidence.invariants.size() + 1) != out_.evidence.invariants.size())
      at_.fail("the numbers must be 0, 1, … in order");
    at_.expect("k");
    Invariant made;
    made.k = static_cast<std::uint32_t>(at_.number(most_k));
    if (made.k == 0) at_.fail("k is 1 at least");
    at_.expect_end();
    next();
    Expressions expressions(out_.system);
    for (; is("let") || is("clause"); next()) clause(at_, expressions, made);
    out_.evidence.invariants.push_back(std::move(made));
  }

  template <class T>
  std::uint32_t one_of(char letter, const std::vector<T>& things) {
    return static_cast<std::uint32_t>(at_.reference(letter, things.size()));
  }

  void claim() {
    at_.expect("claim");
    const auto property = one_of('p', out_.system.properties);
    if (property != out_.evidence.claims.size()) at_.fail("one claim for each property, in order, was expected");
    Claim made;
    made.property = property;
    static const std::map<std::string_view, Says> words = {{"holds", Says::holds},       {"reached", Says::reached},
                                                           {"violated", Says::violated}, {"unreached", Says::unreached},
                                                           {"vacuous", Says::vacuous},   {"open", Says::open}};
    const auto says = words.find(at_.word());
    if (says == words.end()) at_.fail("unknown claim");
    made.says = says->second;
    if (is("by")) basis(made);
    if (is("trigger")) {
      at_.word();
      made.trigger_run = one_of('r', out_.evidence.runs);
    }
    at_.expect_end();
    out_.evidence.claims.push_back(made);
    next();
  }

  void basis(Claim& made) {
    at_.word();
    const std::string_view kind = at_.word();
    if (kind == "states") {
      const std::string_view which = at_.word();
      if (which != "all" && which != "faultless") at_.fail("'all' or 'faultless' was expected");
      made.basis = which == "all" ? Basis::all_states : Basis::faultless_states;
    } else if (kind == "invariant") {
      made.basis = Basis::invariant;
      made.number = one_of('i', out_.evidence.invariants);
    } else if (kind == "run") {
      made.basis = Basis::run;
      made.number = one_of('r', out_.evidence.runs);
    } else if (kind == "end-of-runs") {
      made.basis = Basis::runs_end;
      made.number = static_cast<std::uint32_t>(at_.number(most_k));
    } else {
      at_.fail("unknown reason");
    }
  }

  void end() {
    at_.expect("end");
    out_.hash = at_.hash();
    at_.expect_end();
    if (sha256(bytes_.substr(0, at_.line_offset())) != out_.hash)
      at_.fail_as_damaged("this is not the hash of what stands above: the file was changed or damaged");
    size_ = at_.offset();
    next_line_ = at_.line_number() + 1;
    const bool follows = at_.next_line();
    if (follows && (last_ || !is("hotproof-certificate"))) at_.fail("something follows the end");
    if (bytes_[size_ - 1] != '\n') at_.fail("the last line does not end");
  }

 public:
  // Once it has run: its bytes, and the number of the line behind it.
  std::uint64_t size() const { return size_; }
  std::uint64_t next_line() const { return next_line_; }

  static void clause(Cursor& at, Expressions& expressions, Invariant& made) {
    if (at.word() == "let")
      expressions.let(at);
    else
      made.clauses.push_back(expressions.operand(at, 1));
    at.expect_end();
  }

 private:
  std::string_view bytes_;
  Cursor at_;
  bool last_;
  std::uint64_t size_ = 0;
  std::uint64_t next_line_ = 1;
  Certificate out_;
};

}  // namespace

Outcome<Certificate> read_certificate(std::string_view bytes) {
  try {
    return Reader(bytes, 1, true).run();
  } catch (const Error& error) {
    return tl::unexpected<Error>(error);
  }
}

Outcome<std::vector<Certificate>> read_certificates(std::string_view bytes) {
  try {
    std::vector<Certificate> out;
    std::uint64_t line = 1;
    do {
      Reader reader(bytes, line, false);
      out.push_back(reader.run());
      bytes.remove_prefix(reader.size());
      line = reader.next_line();
    } while (!bytes.empty());
    return out;
  } catch (const Error& error) {
    return tl::unexpected<Error>(error);
  }
}

Outcome<Invariant> read_invariant(System& system, std::string_view lines, std::uint32_t k) {
  try {
    Invariant made;
    made.k = k;
    Cursor at(lines, 1);
    Expressions expressions(system);
    while (at.next_line()) Reader::clause(at, expressions, made);
    return made;
  } catch (const Error& error) {
    return tl::unexpected<Error>(error);
  }
}

Outcome<std::vector<std::uint64_t>> unpack_states(std::string_view bytes, std::uint64_t count, std::uint32_t words) {
  const auto wrong = [](const char* message) { return tl::unexpected<Error>(Error{0, 0, message, false}); };
  // Each word takes a byte at least: so a few bytes cannot ask for much memory.
  if (count > bytes.size() / words) return wrong("the block is too short for so many states");
  std::vector<std::uint64_t> out(count * words);
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t* const state = &out[i * words];
    for (std::uint32_t w = 0; w < words; ++w) {
      if (at >= bytes.size()) return wrong("the block of states is too short");
      const auto present = static_cast<unsigned char>(bytes[at++]);
      std::uint64_t difference = 0;
      for (unsigned byte = 0; byte < 8; ++byte) {
        if ((present >> byte & 1U) == 0) continue;
        if (at >= bytes.size()) return wrong("the block of states is too short");
        const auto value = static_cast<unsigned char>(bytes[at++]);
        if (value == 0) return wrong("a difference of 0 is written out");
        difference |= std::uint64_t{value} << (8 * byte);
      }
      state[w] = difference ^ (i == 0 ? 0 : state[static_cast<std::ptrdiff_t>(w) - static_cast<std::ptrdiff_t>(words)]);
    }
    if (i > 0 && !std::lexicographical_compare(state - words, state, state, state + words))
      return wrong("the states do not ascend");
  }
  if (at != bytes.size()) return wrong("the block of states is too long");
  return out;
}

}  // namespace hotproof::verify
