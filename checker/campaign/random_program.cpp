// Random programs, their text, and how they shrink.
#include <functional>

#include "checker/campaign/programs.hpp"

namespace hotproof::campaign {

namespace {

using Kind = Statement::Kind;

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 99) {}

  Program program() {
    Program out;
    out.globals = 1 + below(3);
    const std::size_t locks = 1 + below(2);
    for (std::size_t i = 0; i <= locks; ++i) out.locks.push_back(one_in(3));
    lock_count_ = locks;
    program_ = &out;
    const std::size_t listeners = below(4);
    for (std::size_t i = 0; i < listeners; ++i) {
      Listener listener;
      listener.priority = static_cast<int>(below(3));
      in_listener_ = true;
      listener.body = block(3, 1);
      if (one_in(2)) listener.body.push_back(refusal());
      out.listeners.push_back(std::move(listener));
    }
    in_listener_ = false;
    const std::size_t actors = one_in(3) ? 1 : 2;
    racy_ = actors == 2 && one_in(2);
    for (std::size_t a = 0; a < actors; ++a) {
      out.actors.push_back(block(actors == 1 ? 6 : 4, 2));
      if (listeners != 0 && one_in(2)) out.actors.back().push_back(one(Kind::notify, 0));
    }
    return out;
  }

 private:
  // splitmix64 (Steele, Lea, Flood 2014).
  std::uint64_t below(std::uint64_t n) {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return (z ^ (z >> 31U)) % n;
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  std::vector<Statement> block(std::size_t most, int deep) {
    std::vector<Statement> out;
    for (std::size_t n = 1 + below(most); n > 0; --n) out.push_back(one(kind(deep), deep));
    return out;
  }

  Kind kind(int deep) {
    // Two actors that speak to each other through a few globals, and notice in which order things happen.
    static const Kind racing[] = {Kind::load, Kind::load, Kind::store, Kind::store, Kind::assert_};
    if (racy_) return deep > 0 && one_in(3) ? Kind::if_ : racing[below(5)];
    static const Kind flat[] = {Kind::load,    Kind::load,    Kind::store, Kind::store,
                                Kind::compute, Kind::assert_, Kind::choose};
    static const Kind nested[] = {Kind::if_,     Kind::if_,  Kind::loop, Kind::section,
                                  Kind::section, Kind::try_, Kind::fault};
    if (deep > 0 && one_in(2)) {
      const Kind picked = nested[below(7)];
      const bool locks = picked == Kind::section || picked == Kind::try_;
      return locks && !free_lock() ? Kind::if_ : picked;
    }
    if (!in_listener_ && !program_->listeners.empty() && one_in(4)) return Kind::notify;
    if (!in_listener_ && one_in(40)) return Kind::take;
    return flat[below(7)];
  }

  // No lock is taken by who holds it, but now and then on purpose; listeners have one of their own.
  std::optional<std::size_t> free_lock() {
    if (in_listener_) return held_.empty() ? std::optional(lock_count_) : std::nullopt;
    const std::size_t lock = below(lock_count_);
    for (const std::size_t held : held_)
      if (held == lock) return std::nullopt;
    return lock;
  }

  Statement one(Kind kind, int deep) {
    Statement s;
    s.kind = kind;
    s.value = below(4);
    s.where = below(program_->globals);
    const auto inside = [&] { return block(2, deep - 1); };
    switch (kind) {
      case Kind::store:
        s.form = below(2);
        break;
      case Kind::compute:
        s.form = below(4);
        break;
      case Kind::assert_:
        s.form = one_in(3) ? below(4) : 1;  // most hold
        break;
      case Kind::if_:
        s.form = below(4);
        s.body = inside();
        if (one_in(2)) s.otherwise = inside();
        break;
      case Kind::loop:
        s.value = 1 + below(2);
        s.body = inside();
        break;
      case Kind::section:
      case Kind::try_: {
        const auto lock = free_lock();
        if (!lock) return one(Kind::load, deep);
        s.where = *lock;
        s.form = program_->locks[*lock] && kind == Kind::section ? below(2) : 0;
        held_.push_back(*lock);
        s.body = inside();
        held_.pop_back();
        if (kind == Kind::try_ && one_in(2)) s.otherwise = inside();
        break;
      }
      case Kind::take:
        s.where = below(lock_count_);
        break;
      case Kind::fault:
        s.body = inside();
        break;
      case Kind::choose:
        s.value = 2 + below(2);
        break;
      case Kind::notify:
        s.form = below(2);
        s.value = below(3);
        break;
      default:
        break;
    }
    return s;
  }

  Statement refusal() {
    Statement s;
    s.kind = one_in(2) ? Kind::fault : Kind::if_;
    s.value = below(3);
    s.form = below(2);
    s.body.push_back({.kind = Kind::refuse});
    return s;
  }

  std::uint64_t state_;
  const Program* program_ = nullptr;
  std::size_t lock_count_ = 1;
  bool in_listener_ = false, racy_ = false;
  std::vector<std::size_t> held_;
};

class Printer {
 public:
  explicit Printer(const Program& program) : program_(program) {}

  std::string print() {
    out_ = "struct lock { int unused; };\n";
    for (std::size_t i = 0; i < program_.locks.size(); ++i) out_ += "struct lock " + lock(i) + ";\n";
    for (std::size_t i = 0; i < program_.globals; ++i) out_ += "int g" + std::to_string(i) + ";\n";
    chain();
    for (std::size_t a = 0; a < program_.actors.size(); ++a) {
      out_ += "\nvoid a" + std::to_string(a) + "(void)\n{\n";
      function("int t = 0, r = 0;", program_.actors[a]);
      out_ += "}\n";
    }
    return out_;
  }

 private:
  static std::string lock(std::size_t i) { return "l" + std::to_string(i); }

  void chain() {
    if (program_.listeners.empty()) {
      out_ += "\nvoid hp_init(void)\n{\n}\n";
      return;
    }
    out_ +=
        "\nstruct listener {\n\tint (*call)(int action);\n\tstruct listener *next;\n\tint priority;\n};\n"
        "struct listener *head;\n";
    std::string all;
    for (std::size_t i = 0; i < program_.listeners.size(); ++i) {
      const std::string n = std::to_string(i);
      out_ += "\nint call" + n + "(int t)\n{\n";
      function("int r = 1;", program_.listeners[i].body);
      out_ += "\treturn r;\n}\nstruct listener n" + n + " = { .call = call" + n +
              ", .priority = " + std::to_string(program_.listeners[i].priority) + " };\n";
      all += "\tadd(&n" + n + ");\n";
    }
    out_ +=
        "\nvoid add(struct listener *new)\n{\n\tstruct listener **at = &head;\n\n"
        "\twhile (*at && (*at)->priority >= new->priority)\n\t\tat = &(*at)->next;\n\tnew->next = *at;\n\t*at = "
        "new;\n}\n"
        "\nvoid hp_init(void)\n{\n" +
        all +
        "}\n"
        "\nint notify(int action, int undo)\n{\n\tstruct listener *at, *back;\n\tint r = 0;\n\n"
        "\tfor (at = head; at; at = at->next) {\n\t\tr = at->call(action);\n\t\tif (r & 2)\n\t\t\tbreak;\n\t}\n"
        "\tif (at && undo)\n\t\tfor (back = head; back != at; back = back->next)\n\t\t\tback->call(undo);\n"
        "\treturn r;\n}\n";
  }

  void function(const std::string& locals, const std::vector<Statement>& body) {
    counters_ = 0;
    const std::size_t at = out_.size();
    block(body, 1);
    std::string head = "\t" + locals + "\n";
    for (int i = 0; i < counters_; ++i) head += "\tint i" + std::to_string(i) + ";\n";
    out_.insert(at, head + "\n");
  }

  void line(int depth, const std::string& text) {
    out_ += std::string(static_cast<std::size_t>(depth), '\t') + text + "\n";
  }
  void block(const std::vector<Statement>& statements, int depth) {
    for (const Statement& s : statements) statement(s, depth);
  }
  void braces(const std::string& head, const Statement& s, int depth, const std::string& last) {
    line(depth, head + " {");
    block(s.body, depth + 1);
    if (!last.empty()) line(depth + 1, last);
    if (!s.otherwise.empty()) {
      line(depth, "} else {");
      block(s.otherwise, depth + 1);
    }
    line(depth, "}");
  }

  static std::string condition(const Statement& s) {
    const std::string value = std::to_string(s.value);
    switch (s.form) {
      case 0:
        return "t == " + value;
      case 1:
        return "t != " + value;
      case 2:
        return "t < " + value;
      default:
        return "r == 2";
    }
  }
  static std::string computed(const Statement& s) {
    const std::string value = std::to_string(s.value);
    switch (s.form) {
      case 0:
        return "t = " + value + ";";
      case 1:
        return "t = (t + " + value + ") & 3;";
      case 2:
        return "t ^= " + value + ";";
      default:
        return "t = r;";
    }
  }
  std::string words(const Statement& s, bool with_kind) const {
    return "(&" + lock(s.where) + (with_kind ? program_.locks[s.where] ? ", HP_RWSEM" : ", HP_MUTEX" : "") +
           (s.form == 1 && s.kind != Kind::take ? ", HP_READ)" : ", HP_WRITE)");
  }

  void statement(const Statement& s, int depth) {
    const std::string global = "g" + std::to_string(s.where), value = std::to_string(s.value);
    switch (s.kind) {
      case Kind::load:
        return line(depth, "t = " + global + ";");
      case Kind::store:
        return line(depth, global + " = " + (s.form == 1 ? value : "t") + ";");
      case Kind::compute:
        return line(depth, computed(s));
      case Kind::if_:
        return braces("if (" + condition(s) + ")", s, depth, "");
      case Kind::loop: {
        const std::string i = "i" + std::to_string(counters_++);
        return braces("for (" + i + " = 0; " + i + " < " + value + "; " + i + "++)", s, depth, "");
      }
      case Kind::section:
        line(depth, "__hp_lock" + words(s, true) + ";");
        block(s.body, depth);
        return line(depth, "__hp_unlock" + words(s, false) + ";");
      case Kind::try_:
        return braces("if (__hp_trylock" + words(s, true) + ")", s, depth, "__hp_unlock" + words(s, false) + ";");
      case Kind::take:
        return line(depth, "__hp_lock" + words(s, true) + ";");
      case Kind::fault:
        return braces("if (__hp_fault(\"f\"))", s, depth, "");
      case Kind::choose:
        return line(depth, "t = __hp_choose(" + value + ", \"c\");");
      case Kind::assert_:
        return line(depth, "__VERIFIER_assert(" + condition(s) + ");");
      case Kind::refuse:
        return line(depth, "r = 2;");
      case Kind::notify:
        return line(depth, "r = notify(" + value + ", " + (s.form == 1 ? "3" : "0") + ");");
    }
  }

  const Program& program_;
  std::string out_;
  int counters_ = 0;
};

using Visit = std::function<void(std::vector<Statement>&)>;

// Calls `visit` with each block, the outermost first.
void each_block(std::vector<Statement>& block, const Visit& visit) {
  visit(block);
  for (Statement& s : block) {
    each_block(s.body, visit);
    each_block(s.otherwise, visit);
  }
}

void each_block(Program& program, const Visit& visit) {
  for (auto& actor : program.actors) each_block(actor, visit);
  for (Listener& listener : program.listeners) each_block(listener.body, visit);
}

}  // namespace

Program random_program(std::uint64_t seed) {
  return Generator(seed).program();
}

std::string to_text(const Program& program) {
  return Printer(program).print();
}

std::vector<Program> smaller(const Program& program) {
  std::vector<Program> out;
  const auto without = [&](auto Program::*list, std::size_t i) {
    out.push_back(program);
    (out.back().*list).erase((out.back().*list).begin() + static_cast<std::ptrdiff_t>(i));
  };
  if (program.actors.size() > 1)
    for (std::size_t i = 0; i < program.actors.size(); ++i) without(&Program::actors, i);
  for (std::size_t i = 0; i < program.listeners.size(); ++i) without(&Program::listeners, i);
  const auto change = [&](std::size_t block, const Visit& how) {
    out.push_back(program);
    std::size_t number = 0;
    Program& copy = out.back();
    std::vector<Statement>* found = nullptr;
    each_block(copy, [&](std::vector<Statement>& one) {
      if (number++ == block) found = &one;
    });
    how(*found);
  };
  Program copy = program;
  std::size_t number = 0;
  each_block(copy, [&](std::vector<Statement>& one) {
    const std::size_t block = number++;
    for (std::size_t i = 0; i < one.size(); ++i) {
      change(block, [&](auto& list) { list.erase(list.begin() + static_cast<std::ptrdiff_t>(i)); });
      for (const bool other : {false, true}) {
        const auto& inner = other ? one[i].otherwise : one[i].body;
        if (inner.empty()) continue;
        change(block, [&](auto& list) {
          const std::vector<Statement> inside = inner;
          list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
          list.insert(list.begin() + static_cast<std::ptrdiff_t>(i), inside.begin(), inside.end());
        });
      }
      if (one[i].value > 1) change(block, [&](auto& list) { list[i].value = 1; });
      if (one[i].form > 1) change(block, [&](auto& list) { list[i].form = 0; });
    }
  });
  for (std::size_t i = 0; i < program.locks.size(); ++i) {
    if (!program.locks[i]) continue;
    out.push_back(program);
    out.back().locks[i] = false;
    each_block(out.back(), [&](std::vector<Statement>& block) {
      for (Statement& s : block)
        if ((s.kind == Kind::section || s.kind == Kind::try_) && s.where == i) s.form = 0;
    });
  }
  return out;
}

}  // namespace hotproof::campaign
