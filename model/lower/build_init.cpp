// Declarations of locals, and initialisers (C17 6.7.9): designated or in order, with or without inner braces.
#include <algorithm>

#include "model/lower/builder.hpp"
#include "model/lower/scoped.hpp"

namespace hotproof::lower {
namespace {

using Kind = c::Expr::Kind;

// An object with more scalars than this is not set to zero one by one.
constexpr std::size_t most_zeros = 4096;
constexpr std::int64_t most_in_range = 4096;  // of `[a ... b] =`
constexpr std::size_t deepest_member = 64;    // a record that contains itself has no end

bool is_char_array(const Type* type) {
  return is_array(type) && is_integer(type->inner) && type->inner->bits == 8;
}

}  // namespace

// Items of a list go to the members of the object in order; a designator says where to go on.
class Builder::Flattener {
 public:
  Flattener(Builder& builder, std::vector<Initialised>& into) : builder_(builder), into_(into) {}

  void list(const Type* type, const c::Expr& braces, const std::vector<PlaceStep>& prefix) {
    Items items;
    for (const c::ExprPtr& arg : braces.args) {
      const Items more = builder_.several(*arg);
      items.insert(items.end(), more.begin(), more.end());
    }
    std::size_t item = 0;
    fill(type, items, item, prefix, true);
    if (item < items.size())
      builder_.not_understood("an initialiser list with more items than there is room for");
  }

 private:
  using Items = std::vector<const c::Expr*>;

  // Takes items for the members of `type`. Without braces of its own a member takes as many as it has room for.
  void fill(const Type* type, const Items& items, std::size_t& item, const std::vector<PlaceStep>& prefix,
            bool own_braces) {
    std::uint64_t member = 0;
    int filled_union = 0;
    while (item < items.size()) {
      const c::Expr& next = *items[item];
      if (next.kind == Kind::designated) {
        if (!own_braces) return;
        ++item;
        member = designated(type, next, prefix) + 1;
        continue;
      }
      if (!is_record(type) && !is_array(type)) {  // a scalar in braces
        into_.push_back({prefix, type, &next});
        ++item;
        return;
      }
      if (is_for_unnamed(type, next)) {
        ++item;
        list(type, next, prefix);
        ++member;
        continue;
      }
      const std::optional<PlaceStep> step = step_of(type, member, filled_union);
      if (!step) return;
      std::vector<PlaceStep> steps = prefix;
      steps.push_back(*step);
      one(type_after(type, *step), items, item, steps);
      ++member;
      if (is_record(type) && type->is_union) return;
    }
  }

  // Braces for an unnamed member, whose own members count as the record's: they name one of these, and the member whose
  // turn it is has none of that name. (The rest of the unnamed member is passed over.)
  bool is_for_unnamed(const Type* type, const c::Expr& braces) {
    if (!is_record(type) || braces.kind != Kind::initialiser_list || braces.args.size() != 1) return false;
    const c::Expr& only = *braces.args[0];
    if (only.kind != Kind::designated || only.text.empty()) return false;
    const auto* fields = builder_.types().fields(type, builder_);
    return fields && fields->size() == 1 && fields->front().name == only.text &&
           !has_field(fields->front().type, only.text);
  }

  bool has_field(const Type* type, const std::string& name) {
    const auto* fields = is_record(type) ? builder_.types().fields(type, builder_) : nullptr;
    return fields &&
           std::any_of(fields->begin(), fields->end(), [&](const Mir::Field& field) { return field.name == name; });
  }

  void one(const Type* type, const Items& items, std::size_t& item, const std::vector<PlaceStep>& steps) {
    const c::Expr& next = *items[item];
    const c::Expr& real = builder_.behind(next);
    if (real.kind == Kind::initialiser_list) {
      ++item;
      return list(type, real, steps);
    }
    if (const c::Expr* made = is_record(type) ? builder_.braces_of(real) : nullptr) {
      ++item;
      return list(type, *made, steps);
    }
    const bool whole_text = is_char_array(type) && real.kind == Kind::string;
    if ((is_record(type) && !is_whole_record(type, next)) || (is_array(type) && !whole_text)) {
      return fill(type, items, item, steps, false);
    }
    into_.push_back({steps, type, &next});
    ++item;
  }

  bool is_whole_record(const Type* type, const c::Expr& item) { return builder_.type_of(item) == type; }

  // The number of the member that the designator names; its value is taken.
  std::uint64_t designated(const Type* type, const c::Expr& item, std::vector<PlaceStep> steps) {
    std::uint64_t member = 0;
    if (item.args.size() > 1 && item.args[1]) {
      const std::optional<std::int64_t> low = builder_.constant_value(*item.args[1]);
      const auto high = item.args.size() > 2 && item.args[2] ? builder_.constant_value(*item.args[2]) : low;
      if (!low || !high || *low < 0 || *high < *low || *high - *low > most_in_range || !is_array(type)) {
        builder_.not_understood("an index in an initialiser that is not constant, or a range that is too long");
        return 0;
      }
      for (std::int64_t index = *low; index <= *high; ++index) {
        member = static_cast<std::uint64_t>(index);
        std::vector<PlaceStep> below = steps;
        below.push_back({PlaceStep::Kind::element, {}, builder_.constant(member, builder_.long_type())});
        value_at(type->inner, *item.args[0], below);
      }
      return member;
    } else {
      const std::vector<Mir::Field>* fields = is_record(type) ? builder_.types().fields(type, builder_) : nullptr;
      if (!fields) {
        builder_.not_understood("an initialiser of members of " + to_string(type));
        return 0;
      }
      const auto found = std::find_if(fields->begin(), fields->end(),
                                      [&](const Mir::Field& field) { return field.name == item.text; });
      if (found == fields->end()) {
        builder_.not_understood(to_string(type) + " has no member \"" + item.text + "\"");
        return 0;
      }
      member = static_cast<std::uint64_t>(found - fields->begin());
      steps.push_back({PlaceStep::Kind::field, item.text, {}});
    }
    value_at(type_after(type, steps.back()), *item.args[0], steps);
    return member;
  }

  void value_at(const Type* type, const c::Expr& value, const std::vector<PlaceStep>& steps) {
    const c::Expr& real = builder_.behind(value);
    if (real.kind == Kind::designated) {  // .a.b = …
      designated(type, real, steps);
    } else if (real.kind == Kind::initialiser_list) {
      list(type, real, steps);
    } else if (const c::Expr* braces = is_record(type) ? builder_.braces_of(real) : nullptr) {
      list(type, *braces, steps);
    } else {
      into_.push_back({steps, type, &value});
    }
  }

  std::optional<PlaceStep> step_of(const Type* type, std::uint64_t& member, int& filled_union) {
    if (is_array(type)) {
      if (type->count != 0 && member >= type->count) return std::nullopt;
      return PlaceStep{PlaceStep::Kind::element, {}, builder_.constant(member, builder_.long_type())};
    }
    const std::vector<Mir::Field>* fields = builder_.types().fields(type, builder_);
    if (!fields) {
      builder_.not_understood("the members of " + to_string(type) + " are not known");
      return std::nullopt;
    }
    // Only the first member of an anonymous union takes an item.
    while (member < fields->size() && (*fields)[member].overlap != 0 && (*fields)[member].overlap == filled_union) {
      ++member;
    }
    if (member >= fields->size()) return std::nullopt;
    filled_union = (*fields)[member].overlap;
    return PlaceStep{PlaceStep::Kind::field, (*fields)[member].name, {}};
  }

  const Type* type_after(const Type* type, const PlaceStep& step) {
    if (step.kind == PlaceStep::Kind::element) return type->inner;
    return builder_.types().field(type, step.field, builder_)->type;
  }

  Builder& builder_;
  std::vector<Initialised>& into_;
};

std::vector<Builder::Initialised> Builder::flatten(const Type* type, const c::Expr& list) {
  std::vector<Initialised> result;
  Flattener(*this, result).list(type, list, {});
  return result;
}

const Type* Builder::completed(const Type* type, const c::Expr* initialiser) {
  if (!is_array(type) || type->count != 0 || !initialiser) return type;
  const c::Expr& real = behind(*initialiser);
  if (real.kind == Kind::string) return types().array_of(type->inner, real.text.size() + 1);
  if (real.kind != Kind::initialiser_list) return type;
  std::uint64_t count = 0;
  for (const Initialised& one : flatten(type, real)) {
    if (one.steps.empty()) continue;
    if (const auto* index = std::get_if<Constant>(&one.steps[0].index.value)) count = std::max(count, index->value + 1);
  }
  return types().array_of(type->inner, count);
}

Local Builder::new_local(const std::string& name, const Type* type) {
  const Local local = hidden_local(name.c_str(), type);
  if (!name.empty()) {
    scopes_.back().locals[name] = local;
    scopes_.back().statics.erase(name);
  }
  scopes_.back().cleanups.push_back({.local = local});
  return local;
}

void Builder::declaration(const c::Declaration& declaration) {
  const At at(*this, declaration.span);
  if (!declaration.type) return;
  const bool is_auto = declaration.type->kind == c::TypeName::Kind::base &&
                       (declaration.type->name == "__auto_type" || declaration.type->name == "auto");
  if (is_auto && declaration.initialiser) {
    const Operand made = value(*declaration.initialiser);
    if (is_unknown(made.type)) return;
    const Local local = new_local(declaration.name, made.type);
    store(local_place(local), made);
    return clean_up_later(declaration, local);
  }
  const Type* type = types().resolve(*declaration.type, *this);
  if (declaration.name.empty()) return;
  if (declaration.is_typedef) {
    scopes_.back().types[declaration.name] = type;
    return;
  }
  if (declaration.is_extern || type->kind == Type::Kind::function) return;
  type = completed(type, declaration.initialiser.get());
  if (declaration.is_static) return static_local(declaration);
  if (is_unknown(type)) {
    not_understood("the type \"" + type->name + "\" of \"" + declaration.name + "\" is not known");
  }
  const Local local = new_local(declaration.name, type);
  if (declaration.initialiser && !is_unknown(type)) initialise(local_place(local), *declaration.initialiser);
  clean_up_later(declaration, local);
}

void Builder::clean_up_later(const c::Declaration& declaration, Local local) {
  if (declaration.cleanup.empty()) return;
  scopes_.back().cleanups.push_back({.local = local, .call = declaration.cleanup, .of_local = true});
}

void Builder::static_local(const c::Declaration& declaration) {
  const std::string name = owner_ + "." + declaration.name;
  const Type* type = completed(types().resolve(*declaration.type, *this), declaration.initialiser.get());
  const c::Function* owner = program().function(owner_);
  context_.statics.try_emplace(name, StaticLocal{&declaration, type, body_->file, owner && owner->is_init});
  scopes_.back().statics[declaration.name] = name;
  scopes_.back().locals.erase(declaration.name);
}

void Builder::initialise(const MemoryPlace& place, const c::Expr& initialiser) {
  const At at(*this, initialiser.span);
  const c::Expr& real = behind(initialiser);
  if (real.kind == Kind::initialiser_list) return initialise_list(place, real);
  if (is_char_array(place.type) && real.kind == Kind::string) {
    if (place.type->count > most_zeros) {
      not_understood("a text of more than " + std::to_string(most_zeros) + " letters is initialised");
      return;
    }
    for (std::uint64_t i = 0; i < place.type->count; ++i) {
      const auto letter = i < real.text.size() ? static_cast<unsigned char>(real.text[i]) : 0;
      store(element(place, constant(i, long_type())), number(letter));
    }
    return;
  }
  if (const c::Expr* braces = is_record(place.type) || is_array(place.type) ? braces_of(real) : nullptr)
    return initialise_list(place, *braces);
  if (is_record(place.type)) return assign_record(place, initialiser);
  if (is_array(place.type)) {
    not_understood("an array that is initialised by something that is no list");
    return;
  }
  store(place, value(initialiser));
}

// What the list does not name is zero.
void Builder::initialise_list(const MemoryPlace& place, const c::Expr& list) {
  const std::vector<Initialised> given = flatten(place.type, list);
  std::size_t left = most_zeros;
  zero_rest(place, given, left);
  for (const Initialised& one : given) {
    MemoryPlace to = place;
    to.steps.insert(to.steps.end(), one.steps.begin(), one.steps.end());
    to.type = one.type;
    initialise(to, *one.value);
  }
}

void Builder::zero_rest(const MemoryPlace& place, const std::vector<Initialised>& given, std::size_t& left) {
  if (given.empty() || !is_record(place.type)) {
    // Also an array some of whose elements are given: these are stored to once more.
    return given.size() == 1 && given[0].steps.empty() ? void() : zero(place, left);
  }
  const std::vector<Mir::Field>* fields = types().fields(place.type, *this);
  if (!fields) return zero(place, left);
  std::set<int> unions;  // of which some member is given
  for (const Mir::Field& field : *fields) {
    for (const Initialised& one : given) {
      if (one.steps[0].field == field.name && field.overlap != 0) unions.insert(field.overlap);
    }
  }
  if (place.type->is_union) return;
  for (const Mir::Field& field : *fields) {
    std::vector<Initialised> below;
    bool whole = false;
    for (const Initialised& one : given) {
      if (one.steps[0].field != field.name) continue;
      whole |= one.steps.size() == 1;
      below.push_back({{one.steps.begin() + 1, one.steps.end()}, one.type, one.value});
    }
    if (whole || (below.empty() && unions.contains(field.overlap))) continue;
    zero_rest(member(place, field.name), below, left);
  }
}

void Builder::zero(const MemoryPlace& place, std::size_t& left) {
  if (left == 0) return;
  if (place.steps.size() > deepest_member) {
    left = 0;
    not_understood(to_string(place.type) + " is nested too deep");
  } else if (is_record(place.type)) {
    const std::vector<Mir::Field>* fields = types().fields(place.type, *this);
    if (!fields) {
      not_understood("the members of " + to_string(place.type) + " are not known, so they cannot be set to zero");
      return;
    }
    for (const Mir::Field& field : *fields) zero(member(place, field.name), left);
  } else if (is_array(place.type)) {
    for (std::uint64_t i = 0; i < place.type->count && left > 0; ++i) {
      zero(element(place, constant(i, long_type())), left);
    }
  } else if (is_unknown(place.type)) {
    not_understood("a member of the unknown type \"" + place.type->name + "\" is to be zero");
  } else if (--left == 0) {
    not_understood("an object of more than " + std::to_string(most_zeros) + " values is initialised");
  } else {
    store(place, is_pointer(place.type) ? constant(0, place.type) : number(0));
  }
}

// A value in an initialiser of a global, where nothing is computed when the program runs.
Operand Builder::initialiser_value(const c::Expr& expr, const Type* type) {
  const Operand made = value(expr);
  return is_record(type) || is_array(type) ? made : convert(made, type);
}

}  // namespace hotproof::lower
