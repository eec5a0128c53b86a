#include "model/lower/types.hpp"

#include <algorithm>

namespace hotproof::lower {
namespace {

struct BasicType {
  const char* name;
  int bits;
  bool is_signed;
};

// The words of C, and typedefs of the kernel whose definitions lie in files that nobody needs otherwise.
constexpr BasicType basic_types[] = {
    {"char", 8, true},
    {"signed char", 8, true},
    {"unsigned char", 8, false},
    {"short", 16, true},
    {"short int", 16, true},
    {"signed short", 16, true},
    {"unsigned short", 16, false},
    {"unsigned short int", 16, false},
    {"int", 32, true},
    {"signed", 32, true},
    {"signed int", 32, true},
    {"unsigned", 32, false},
    {"unsigned int", 32, false},
    {"long", 64, true},
    {"long int", 64, true},
    {"signed long", 64, true},
    {"unsigned long", 64, false},
    {"unsigned long int", 64, false},
    {"long long", 64, true},
    {"long long int", 64, true},
    {"signed long long", 64, true},
    {"unsigned long long", 64, false},
    {"unsigned long long int", 64, false},
    {"s8", 8, true},
    {"u8", 8, false},
    {"s16", 16, true},
    {"u16", 16, false},
    {"s32", 32, true},
    {"u32", 32, false},
    {"s64", 64, true},
    {"u64", 64, false},
    {"__s8", 8, true},
    {"__u8", 8, false},
    {"__s16", 16, true},
    {"__u16", 16, false},
    {"__s32", 32, true},
    {"__u32", 32, false},
    {"__s64", 64, true},
    {"__u64", 64, false},
    {"int8_t", 8, true},
    {"uint8_t", 8, false},
    {"int16_t", 16, true},
    {"uint16_t", 16, false},
    {"int32_t", 32, true},
    {"uint32_t", 32, false},
    {"int64_t", 64, true},
    {"uint64_t", 64, false},
    {"__le16", 16, false},
    {"__be16", 16, false},
    {"__le32", 32, false},
    {"__be32", 32, false},
    {"__le64", 64, false},
    {"__be64", 64, false},
    {"size_t", 64, false},
    {"ssize_t", 64, true},
    {"ptrdiff_t", 64, true},
    {"intptr_t", 64, true},
    {"uintptr_t", 64, false},
    {"off_t", 64, true},
    {"loff_t", 64, true},
    {"pgoff_t", 64, false},
    {"phys_addr_t", 64, false},
    {"resource_size_t", 64, false},
    {"dma_addr_t", 64, false},
    {"sector_t", 64, false},
    {"ktime_t", 64, true},
    {"time64_t", 64, true},
    {"gfp_t", 32, false},
    {"fmode_t", 32, false},
    {"slab_flags_t", 32, false},
    {"vm_fault_t", 32, false},
    {"pid_t", 32, true},
    {"dev_t", 32, false},
    {"umode_t", 16, false},
    {"isolate_mode_t", 32, false},
    {"mhp_t", 32, true},
    {"rmap_t", 32, true},
};

bool starts_with(const std::string& text, std::string_view prefix) {
  return text.rfind(prefix, 0) == 0;
}

std::string key_of(const Type* record) {
  return (record->is_union ? "union " : "") + record->name;
}

const std::vector<std::string_view> qualifiers = {"const",  "volatile", "restrict", "register", "extern", "inline",
                                                  "__user", "__iomem",  "__rcu",    "__percpu", "__force"};

// Without qualifiers, single blanks.
std::string canonical(const std::string& name) {
  std::string result;
  std::size_t at = 0;
  while (at < name.size()) {
    const std::size_t begin = name.find_first_not_of(" \t\n", at);
    if (begin == std::string::npos) break;
    const std::size_t end = std::min(name.find_first_of(" \t\n", begin), name.size());
    const std::string word = name.substr(begin, end - begin);
    at = end;
    if (std::find(qualifiers.begin(), qualifiers.end(), word) != qualifiers.end()) continue;
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

}  // namespace

const Type* Types::intern(Type type) {
  std::string key = std::to_string(static_cast<int>(type.kind)) + ":" + std::to_string(type.bits) + ":" +
                    std::to_string(type.is_signed) + std::to_string(type.is_bool) + std::to_string(type.is_union) +
                    ":" + std::to_string(type.count) + ":" +
                    std::to_string(reinterpret_cast<std::uintptr_t>(type.inner)) + ":" + type.name;
  for (const Type* parameter : type.parameters) {
    key += "," + std::to_string(reinterpret_cast<std::uintptr_t>(parameter));
  }
  auto& slot = interned_[std::move(key)];
  if (!slot) slot = std::make_unique<Type>(std::move(type));
  return slot.get();
}

const Type* Types::void_type() {
  return intern({});
}

const Type* Types::integer(int bits, bool is_signed) {
  const Type*& known = integers_[{bits, is_signed}];
  if (known) return known;
  Type type;
  type.kind = Type::Kind::integer;
  type.bits = bits;
  type.is_signed = is_signed;
  return known = intern(std::move(type));
}

const Type* Types::bool_type() {
  Type type;
  type.kind = Type::Kind::integer;
  type.bits = 1;
  type.is_bool = true;
  return intern(std::move(type));
}

const Type* Types::pointer_to(const Type* inner) {
  Type type;
  type.kind = Type::Kind::pointer;
  type.inner = inner;
  return intern(std::move(type));
}

const Type* Types::array_of(const Type* inner, std::uint64_t count) {
  Type type;
  type.kind = Type::Kind::array;
  type.inner = inner;
  type.count = count;
  return intern(std::move(type));
}

const Type* Types::function(const Type* result, std::vector<const Type*> parameters) {
  Type type;
  type.kind = Type::Kind::function;
  type.inner = result;
  type.parameters = std::move(parameters);
  return intern(std::move(type));
}

const Type* Types::unknown(const std::string& written) {
  Type type;
  type.kind = Type::Kind::unknown;
  type.name = written;
  return intern(std::move(type));
}

const Type* Types::record(const std::string& tag, bool is_union) {
  Type type;
  type.kind = Type::Kind::record;
  type.name = tag;
  type.is_union = is_union;
  return intern(std::move(type));
}

const Type* Types::resolve(const c::TypeName& type, ExpressionTyper& typer) {
  switch (type.kind) {
    case c::TypeName::Kind::pointer:
      return pointer_to(type.inner ? resolve(*type.inner, typer) : void_type());
    case c::TypeName::Kind::function:
      return function(type.inner ? resolve(*type.inner, typer) : void_type(), parameters(type.parameters, typer));
    case c::TypeName::Kind::array: {
      const Type* inner = type.inner ? resolve(*type.inner, typer) : unknown("array");
      const std::optional<std::int64_t> count = type.size ? typer.constant_value(*type.size) : std::nullopt;
      return array_of(inner, count && *count > 0 ? static_cast<std::uint64_t>(*count) : 0);
    }
    case c::TypeName::Kind::base:
      break;
  }
  if (type.of_expression) return typer.type_of(*type.of_expression);
  if (type.record) return define(*type.record, type.name, typer);
  return named(type.name, typer);
}

std::vector<const Type*> Types::parameters(const std::vector<c::Declaration>& declared, ExpressionTyper& typer) {
  std::vector<const Type*> result;
  for (const c::Declaration& parameter : declared) {
    const Type* type = parameter.type ? resolve(*parameter.type, typer) : integer(32, true);
    if (is_void(type)) continue;  // (void)
    result.push_back(as_parameter(type));
  }
  return result;
}

const Type* Types::as_parameter(const Type* type) {
  if (is_array(type)) return pointer_to(type->inner);
  return type->kind == Type::Kind::function ? pointer_to(type) : type;
}

const Type* Types::named(const std::string& written, ExpressionTyper& typer) {
  const std::string name = canonical(written);
  if (const Type* local = typer.local_type(name)) return local;
  if (name == "void") return void_type();
  if (name == "_Bool" || name == "bool") return bool_type();
  if (starts_with(name, "struct ") || starts_with(name, "union ") || starts_with(name, "enum ")) {
    return tagged(name, typer);
  }
  if (name == "va_list" || name == "__builtin_va_list") return record("va_list", false);
  for (const BasicType& basic : basic_types) {
    if (name == basic.name) return integer(basic.bits, basic.is_signed);
  }
  if (const Type* result = alias(name, typer)) return result;
  // The front end blanks `struct` where a type stands as a macro's argument.
  if (const c::Record* found = program_.record(name)) {
    if (found->kind == c::Record::Kind::enum_) return enum_type(*found, typer);
    return record(name, found->kind == c::Record::Kind::union_);
  }
  return unknown(name);
}

const Type* Types::tagged(const std::string& name, ExpressionTyper& typer) {
  const std::size_t blank = name.find(' ');
  std::string tag = name.substr(blank + 1);
  if (name[0] == 'e') {
    const c::Record* found = program_.record(tag);
    return found && found->kind == c::Record::Kind::enum_ ? enum_type(*found, typer) : integer(32, false);
  }
  // A tag may be a macro for another one, as rcu_head is.
  if (!program_.record(tag)) {
    const c::Macro* macro = program_.macro(tag);
    if (macro && !macro->function_like && program_.record(macro->body)) tag = macro->body;
  }
  return record(tag, name[0] == 'u');
}

const Type* Types::alias(const std::string& name, ExpressionTyper& typer) {
  const c::TypeName* found = program_.type_alias(name);
  if (!found || !resolving_.insert(name).second) return nullptr;
  const Type* result = nullptr;
  if (found->kind == c::TypeName::Kind::base && found->record && found->record->name.empty()) {
    result = define(*found->record, program_.record(name) ? name + "'" : name, typer);
  } else {
    result = resolve(*found, typer);
  }
  resolving_.erase(name);
  return result;
}

// GCC's rule: unsigned int, or int if an enumerator is negative, or 64 bits if one does not fit.
const Type* Types::enum_type(const c::Record& record, ExpressionTyper& typer) {
  bool negative = false;
  bool wide = false;
  for (const auto& [name, value] : enumerators(record, typer)) {
    negative |= value < 0;
    wide |= value > 0xFFFFFFFFLL || value < -0x80000000LL;
  }
  return integer(wide ? 64 : 32, negative);
}

const std::map<std::string, std::int64_t>& Types::enumerators(const c::Record& record, ExpressionTyper& typer) {
  const auto [slot, is_new] = enumerators_.try_emplace(&record);
  if (!is_new) return slot->second;
  std::int64_t next = 0;
  bool known = true;
  for (const auto& enumerator : record.enumerators) {
    if (enumerator.value) {
      const std::optional<std::int64_t> value = typer.constant_value(*enumerator.value);
      known = value.has_value();
      next = value.value_or(0);
    }
    if (known) slot->second.emplace(enumerator.name, next);
    ++next;
  }
  return slot->second;
}

const Type* Types::define(const c::Record& ast, const std::string& name, ExpressionTyper& typer) {
  if (ast.kind == c::Record::Kind::enum_) return enum_type(ast, typer);
  if (const auto found = defined_.find(&ast); found != defined_.end()) return found->second;
  std::string tag = !ast.name.empty() ? ast.name : canonical(name);
  for (const std::string_view prefix : {"struct ", "union "}) {
    if (starts_with(tag, prefix)) tag = tag.substr(prefix.size());
  }
  if (tag.empty() || tag == "struct" || tag == "union") {
    tag = "anonymous@" + std::to_string(ast.span.line) + ":" + std::to_string(ast.span.column) + ":" +
          std::to_string(ast.span.begin);
  }
  const Type* type = record(tag, ast.kind == c::Record::Kind::union_);
  Definition& known = definitions_[key_of(type)];
  if (!known.ast) known.ast = &ast;
  defined_[&ast] = type;
  return type;
}

Types::Definition* Types::definition(const Type* type) {
  if (!is_record(type)) return nullptr;
  if (const auto known = with_definition_.find(type); known != with_definition_.end()) return known->second;
  Definition& result = definitions_[key_of(type)];
  if (!result.ast) result.ast = program_.record(type->name);
  if (!result.ast || result.ast->kind == c::Record::Kind::enum_) return nullptr;
  return with_definition_[type] = &result;
}

const Type* promoted(Types& types, const Type* type) {
  if (is_integer(type) && type->bits < 32) return types.integer(32, true);
  return type;
}

const Type* common_arithmetic(Types& types, const Type* a, const Type* b) {
  a = promoted(types, a);
  b = promoted(types, b);
  if (a->bits != b->bits) return a->bits > b->bits ? a : b;
  return a->is_signed ? b : a;
}

}  // namespace hotproof::lower
