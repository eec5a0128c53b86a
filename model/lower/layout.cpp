// Fields of records in order, and their places in memory: natural alignment, bit-fields packed as GCC does on x86-64
// and s390x. Attributes (packed, aligned) are not seen here.
#include <algorithm>

#include "model/lower/types.hpp"

namespace hotproof::lower {
namespace {

std::uint64_t round_up(std::uint64_t value, std::uint64_t to) {
  return (value + to - 1) / to * to;
}

bool is_anonymous_member(const c::Declaration& field) {
  return field.name.empty() && field.type && field.type->kind == c::TypeName::Kind::base && field.type->record &&
         field.type->record->kind != c::Record::Kind::enum_;
}

}  // namespace

struct Types::Slot {
  bool is_union = false;
  std::uint64_t bit = 0;  // struct: the next free bit
};

const Type* Types::declared(const c::Declaration& field, const std::string& made_up, ExpressionTyper& typer) {
  if (!field.type) return integer(32, true);
  const c::TypeName* base = field.type.get();
  while (base->inner) base = base->inner.get();
  if (base->record && base->record->name.empty() && base->record->kind != c::Record::Kind::enum_) {
    // A record defined in place and without a tag gets a name from where it stands.
    define(*base->record, made_up + "." + field.name, typer);
    if (base == field.type.get()) return define(*base->record, made_up + "." + field.name, typer);
  }
  return resolve(*field.type, typer);
}

void Types::collect(const c::Record& record, std::vector<Mir::Field>& into, int overlap, const std::string& made_up,
                    ExpressionTyper& typer) {
  for (const c::Declaration& field : record.fields) {
    if (is_anonymous_member(field)) {
      const c::Record& member = *field.type->record;
      const bool opens = member.kind == c::Record::Kind::union_ && overlap == 0;
      collect(member, into, opens ? ++overlaps_ : overlap, made_up, typer);
      continue;
    }
    if (field.name.empty()) continue;  // padding
    Mir::Field made{field.name, declared(field, made_up, typer), 0, overlap};
    if (field.bits) made.bit_width = static_cast<int>(typer.constant_value(*field.bits).value_or(0));
    into.push_back(std::move(made));
  }
}

const std::vector<Mir::Field>* Types::fields(const Type* type, ExpressionTyper& typer) {
  Definition* known = definition(type);
  if (!known) return nullptr;
  if (!known->collected) {
    if (known->in_progress) return nullptr;
    known->in_progress = true;
    std::vector<Mir::Field> fields;
    collect(*known->ast, fields, 0, type->name, typer);
    known->fields = std::move(fields);
    for (const Mir::Field& field : known->fields) known->by_name.emplace(field.name, &field);
    known->collected = true;
    known->in_progress = false;
  }
  return &known->fields;
}

const Mir::Field* Types::field(const Type* type, const std::string& name, ExpressionTyper& typer) {
  if (!fields(type, typer)) return nullptr;
  const Definition& known = *definition(type);
  const auto found = known.by_name.find(name);
  return found == known.by_name.end() ? nullptr : found->second;
}

bool Types::place_field(const c::Declaration& field, const std::string& made_up, Slot& slot, Layout& layout,
                        ExpressionTyper& typer) {
  std::optional<Layout> inner;
  if (is_anonymous_member(field)) {
    inner = lay_out(*field.type->record, made_up, typer);
    if (!inner) return false;
  } else {
    const Type* type = declared(field, made_up, typer);
    const auto align = align_of(type, typer);
    const bool flexible = is_array(type) && type->count == 0;
    const auto size = flexible ? std::optional<std::uint64_t>(0) : size_of(type, typer);
    if (!align || !size) return false;
    inner = Layout{*size, *align, {}};
  }
  layout.align = std::max(layout.align, inner->align);
  std::uint64_t at = slot.is_union ? 0 : slot.bit;
  std::uint64_t bits = inner->size * 8;
  if (field.bits) {
    const std::int64_t width = typer.constant_value(*field.bits).value_or(-1);
    if (width < 0 || static_cast<std::uint64_t>(width) > bits) return false;
    if (width == 0 || at / bits != (at + static_cast<std::uint64_t>(width) - 1) / bits) at = round_up(at, bits);
    bits = static_cast<std::uint64_t>(width);
  } else {
    at = round_up(at, inner->align * 8);
    if (!field.name.empty()) layout.offsets[field.name] = at / 8;
    for (const auto& [name, offset] : inner->offsets) layout.offsets[name] = at / 8 + offset;
  }
  slot.bit = std::max(slot.bit, at + bits);
  return true;
}

std::optional<Types::Layout> Types::lay_out(const c::Record& record, const std::string& made_up,
                                            ExpressionTyper& typer) {
  Layout layout;
  Slot slot{record.kind == c::Record::Kind::union_, 0};
  for (const c::Declaration& field : record.fields) {
    if (!place_field(field, made_up, slot, layout, typer)) return std::nullopt;
  }
  layout.size = round_up((slot.bit + 7) / 8, layout.align);
  return layout;
}

const Types::Layout* Types::layout(const Type* type, ExpressionTyper& typer) {
  Definition* known = definition(type);
  if (!known) return nullptr;
  if (!known->laid_out) {
    known->laid_out = true;  // a record inside itself has no size
    known->layout = lay_out(*known->ast, type->name, typer);
  }
  return known->layout ? &*known->layout : nullptr;
}

std::uint64_t Types::made_up_size(const Type* record) {
  constexpr std::uint64_t first = std::uint64_t{1} << 40U;
  constexpr std::uint64_t apart = std::uint64_t{1} << 24U;
  return made_up_sizes_.try_emplace(record, first + apart * made_up_sizes_.size()).first->second;
}

std::optional<std::uint64_t> Types::size_of(const Type* type, ExpressionTyper& typer) {
  switch (type->kind) {
    case Type::Kind::void_:
    case Type::Kind::function:
      return 1;  // as GCC has it
    case Type::Kind::integer:
      return type->bits < 8 ? 1 : static_cast<std::uint64_t>(type->bits) / 8;
    case Type::Kind::pointer:
      return 8;
    case Type::Kind::array: {
      const auto inner = size_of(type->inner, typer);
      if (!inner || type->count == 0) return std::nullopt;
      return *inner * type->count;
    }
    case Type::Kind::record:
      if (const Layout* known = layout(type, typer)) return known->size;
      return std::nullopt;
    case Type::Kind::unknown:
      break;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Types::align_of(const Type* type, ExpressionTyper& typer) {
  if (is_array(type)) return align_of(type->inner, typer);
  if (!is_record(type)) return size_of(type, typer);
  if (const Layout* known = layout(type, typer)) return known->align;
  return std::nullopt;
}

std::optional<std::uint64_t> Types::offset_of(const Type* record, const std::string& field, ExpressionTyper& typer) {
  const Layout* known = layout(record, typer);
  if (!known) return std::nullopt;
  const auto found = known->offsets.find(field);
  if (found == known->offsets.end()) return std::nullopt;
  return found->second;
}

}  // namespace hotproof::lower
