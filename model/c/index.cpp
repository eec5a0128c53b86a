#include "model/c/index.hpp"

#include <unordered_set>

namespace hotproof::c {

namespace {

bool is_storage_or_qualifier(std::string_view word) {
  static const std::unordered_set<std::string_view> words = {
      "static",   "extern",  "inline", "__inline", "__inline__", "const",    "volatile",
      "register", "typedef", "auto",   "__thread", "_Noreturn",  "restrict", "__volatile__"};
  return words.contains(word);
}

bool is_tag_word(std::string_view word) {
  return word == "struct" || word == "union" || word == "enum";
}

bool is_typeof(std::string_view word) {
  return word == "typeof" || word == "__typeof__" || word == "__typeof" || word == "typeof_unqual";
}

bool is_upper_case(std::string_view word) {
  for (const char c : word)
    if (c >= 'a' && c <= 'z') return false;
  return true;
}

// Upper-case macros that declare nothing.
bool declares_nothing(std::string_view macro) {
  for (const std::string_view start : {"EXPORT_", "MODULE_", "BUILD_BUG", "SYSCALL_", "COMPAT_SYSCALL_", "ALLOW_ERROR",
                                       "NOKPROBE", "TRACE_EVENT", "ASSERT_", "INIT_", "DEFINE_FREE", "DEFINE_GUARD",
                                       "DEFINE_CLASS", "DEFINE_LOCK_GUARD", "EARLYCON_", "CREATE_TRACE"})
    if (macro.starts_with(start)) return true;
  return false;
}

class Indexer {
 public:
  explicit Indexer(const Tokens& tokens) : t_(tokens) {}

  FileIndex run() {
    for (std::size_t i = 0; i < t_.size();) {
      if (t_.is(i, ';') || t_.is(i, '}')) {
        ++i;
        continue;
      }
      i = item(i);
    }
    return std::move(index_);
  }

 private:
  // What is known about the item being read.
  struct Shape {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t body = no_match;  // the token of a function's brace
    bool is_static = false;
    bool is_extern = false;
    bool is_typedef = false;
  };

  std::size_t item(std::size_t begin) {
    Shape shape = extent(begin);
    std::size_t at = specifiers(shape);
    if (at < shape.end && t_.is_identifier(at) && t_.is(at + 1, '(') && !has_type_)
      macro(shape, at);
    else
      declarators(shape, at);
    return shape.end;
  }

  // Where the item that starts at `begin` ends.
  Shape extent(std::size_t begin) const {
    Shape shape;
    shape.begin = begin;
    bool assigned = false;
    std::size_t i = begin;
    while (i < t_.size() && !t_.is(i, ';')) {
      if (t_.is(i, '=')) assigned = true;
      if (t_.is(i, '{') && !assigned && opens_body(begin, i)) {
        shape.body = i;
        shape.end = t_.after(i);
        return shape;
      }
      const bool call = t_.is_identifier(i) && t_.is(i + 1, '(');
      i = call ? t_.after(i + 1) : t_.after(i);
      if (call && ends_without_semicolon(begin, i)) break;
    }
    shape.end = i < t_.size() && t_.is(i, ';') ? i + 1 : i;
    return shape;
  }

  // A function's brace stands behind its parameters, perhaps with an annotation between that we do not know.
  bool opens_body(std::size_t begin, std::size_t brace) const {
    if (brace > begin && t_.is(brace - 1, ')')) return true;
    return brace > begin + 2 && t_.is_identifier(brace - 1) && t_.is(brace - 2, ')');
  }

  // `MACRO(x)` on lines of its own, without a semicolon; `next` is the token behind its parenthesis.
  bool ends_without_semicolon(std::size_t begin, std::size_t next) const {
    if (next >= t_.size() || !t_.is_identifier(next)) return false;
    std::size_t name = begin;
    while (t_.is(name, "static") || t_.is(name, "extern")) ++name;
    if (!t_.is_identifier(name) || !t_.is(name + 1, '(') || t_.after(name + 1) != next) return false;
    if (is_typeof(t_.text(name))) return false;
    const std::uint32_t from = t_[next - 1].end;
    return t_.source().substr(from, t_[next].begin - from).find('\n') != std::string_view::npos;
  }

  // Reads what stands before the first declarator; returns the token behind it.
  std::size_t specifiers(Shape& shape) {
    has_type_ = false;
    std::size_t at = shape.begin;
    while (at < shape.end && t_.is_identifier(at)) {
      const std::string_view word = t_.text(at);
      if (is_storage_or_qualifier(word)) {
        shape.is_static = shape.is_static || word == "static";
        shape.is_extern = shape.is_extern || word == "extern";
        shape.is_typedef = shape.is_typedef || word == "typedef";
        ++at;
      } else if (is_tag_word(word)) {
        at = tagged(at);
        has_type_ = true;
      } else if (is_typeof(word) && t_.is(at + 1, '(')) {
        at = t_.after(at + 1);
        has_type_ = true;
      } else if (is_type_word(word) || (!has_type_ && names_a_type(at))) {
        ++at;
        has_type_ = true;
      } else if (!has_type_ && t_.is(at + 1, '(') && t_.is_identifier(t_.after(at + 1)) &&
                 t_.after(at + 1) < shape.end) {
        at = t_.after(at + 1);  // an annotation that we do not know
      } else {
        break;
      }
    }
    return at;
  }

  bool names_a_type(std::size_t at) const {
    return t_.is_identifier(at + 1) || t_.is(at + 1, '*') || (t_.is(at + 1, '(') && t_.is(at + 2, '*'));
  }

  std::size_t tagged(std::size_t at) {
    const std::size_t name = at + 1;
    const std::size_t brace = t_.is_identifier(name) ? name + 1 : name;
    if (!t_.is(brace, '{') || t_.match(brace) == no_match) return brace;
    for (std::size_t i = at; i < t_.match(brace); ++i)
      if (t_.is_identifier(i) && is_tag_word(t_.text(i))) record(i);
    return t_.after(brace);
  }

  // A struct, union or enum with a body; one nested in another is as visible as the outer.
  void record(std::size_t at) {
    const bool named = t_.is_identifier(at + 1);
    const std::size_t brace = named ? at + 2 : at + 1;
    if (!t_.is(brace, '{') || t_.match(brace) == no_match) return;
    Item item;
    item.kind = Item::Kind::record;
    if (named) item.name = t_.text(at + 1);
    item.name_begin = t_[named ? at + 1 : at].begin;
    item.begin = t_[at].begin;
    item.end = t_[t_.match(brace)].end;
    if (t_.is(at, "enum")) item.enumerators = enumerators(brace);
    if (!item.name.empty() || !item.enumerators.empty()) index_.items.push_back(std::move(item));
  }

  std::vector<std::string_view> enumerators(std::size_t brace) const {
    std::vector<std::string_view> names;
    bool expected = true;
    for (std::size_t i = brace + 1; i < t_.match(brace); i = t_.after(i)) {
      if (expected && t_.is_identifier(i)) names.push_back(t_.text(i));
      expected = t_.is(i, ',');
    }
    return names;
  }

  void declarators(const Shape& shape, std::size_t at) {
    while (at < shape.end && !t_.is(at, ';')) {
      bool function = false;
      const std::size_t name = declared_name(at, shape.end, function);
      if (name == no_match) return;
      add(shape, name, function);
      if (shape.body != no_match) return;
      while (at < shape.end && !t_.is(at, ',') && !t_.is(at, ';')) at = t_.after(at);
      if (t_.is(at, ',')) ++at;
    }
  }

  // The token of the name that a declarator declares; `function` if it is a function's.
  std::size_t declared_name(std::size_t at, std::size_t end, bool& function) const {
    bool inside = false;
    for (; at < end; ++at) {
      if (t_.is(at, '('))
        inside = true;
      else if (t_.is_identifier(at) && !is_storage_or_qualifier(t_.text(at)))
        break;
      else if (!t_.is(at, '*') && !t_.is_identifier(at))
        return no_match;
    }
    if (at >= end) return no_match;
    // In `(*name)(…)` the name's own group closes first; in `(name)(…)` and `name(…)` it is a function.
    function = t_.is(at + 1, '(') || (inside && t_.is(at - 1, '(') && t_.is(at + 1, ')') && t_.is(at + 2, '('));
    return at;
  }

  void add(const Shape& shape, std::size_t name, bool function) {
    Item item;
    item.kind = shape.is_typedef         ? Item::Kind::alias
                : shape.body != no_match ? Item::Kind::function
                : function               ? Item::Kind::prototype
                                         : Item::Kind::variable;
    if (item.kind == Item::Kind::function && !function) return;
    item.name = t_.text(name);
    item.name_begin = t_[name].begin;
    item.begin = t_[shape.begin].begin;
    item.end = t_[shape.end - 1].end;
    item.body = shape.body != no_match ? t_[shape.body].begin : 0;
    item.is_static = shape.is_static;
    item.is_extern = shape.is_extern && !has_initialiser(shape);
    index_.items.push_back(std::move(item));
  }

  bool has_initialiser(const Shape& shape) const {
    for (std::size_t i = shape.begin; i < shape.end; i = t_.after(i))
      if (t_.is(i, '=')) return true;
    return false;
  }

  // `DEFINE_MUTEX(x);` and everything else of that form.
  void macro(const Shape& shape, std::size_t at) {
    const std::string_view word = t_.text(at);
    if (shape.body != no_match || !is_upper_case(word) || declares_nothing(word)) return;
    std::size_t name = at + 2;
    // DEFINE_PER_CPU(type, name) and its kin.
    if (word.find("PER_CPU") != std::string_view::npos)
      while (name < shape.end && !t_.is(name - 1, ',')) name = t_.after(name);
    if (!t_.is_identifier(name)) return;
    const bool attribute = word.starts_with("DEVICE_ATTR");
    if (attribute) index_.device_attributes.push_back(t_.text(name));
    Item item;
    item.kind = Item::Kind::macro_variable;
    item.name = t_.text(name);
    item.name_begin = t_[name].begin;
    item.begin = t_[at].begin;
    item.end = t_[t_.after(at + 1) - 1].end;
    item.is_static = shape.is_static;
    item.is_extern = shape.is_extern || word.starts_with("DECLARE_PER_CPU") || word.starts_with("DECLARE_STATIC_KEY");
    item.declared_by = word;
    index_.items.push_back(std::move(item));
  }

  const Tokens& t_;
  FileIndex index_;
  bool has_type_ = false;
};

}  // namespace

FileIndex index_items(const Tokens& tokens) {
  return Indexer(tokens).run();
}

}  // namespace hotproof::c
