// Types and bodies as text.
#include <sstream>

#include "model/lower/mir.hpp"

namespace hotproof::lower {
namespace {

const char* name(BinaryOp op) {
  constexpr const char* names[] = {"+",  "-",  "*",  "/",  "%", "&",  "|", "^",
                                   "<<", ">>", "==", "!=", "<", "<=", ">", ">="};
  return names[static_cast<std::size_t>(op)];
}

const char* name(UnaryOp op) {
  constexpr const char* names[] = {"-", "~", "!"};
  return names[static_cast<std::size_t>(op)];
}

std::string number(const Constant& constant, const Type* type) {
  if (type && type->kind == Type::Kind::pointer && constant.value == 0) return "NULL";
  if (!type || !type->is_signed) return std::to_string(constant.value);
  const int shift = 64 - type->bits;
  return std::to_string(static_cast<std::int64_t>(constant.value << shift) >> shift);
}

class Printer {
 public:
  explicit Printer(const Body& body) : body_(body) {}

  std::string run() {
    out_ << to_string(body_.result) << " " << body_.function << "(";
    for (Local i = 0; i < body_.parameters; ++i) out_ << (i > 0 ? ", " : "") << declared(i);
    out_ << (body_.variadic ? ", ...)" : ")") << "\n";
    for (Local i = body_.parameters; i < body_.locals.size(); ++i) out_ << "  local " << declared(i) << "\n";
    for (BlockId i = 0; i < body_.blocks.size(); ++i) {
      out_ << i << ":\n";
      for (const Instr& instr : body_.blocks[i].instrs) out_ << "  " << text(instr) << "\n";
      out_ << "  " << text(body_.blocks[i].end) << "\n";
    }
    return out_.str();
  }

 private:
  std::string local(Local number) const {
    const std::string& given = body_.locals[number].name;
    // Hidden locals, and names that an inner scope declares anew, are told apart by their number.
    for (Local i = 0; i < body_.locals.size(); ++i) {
      if (i != number && body_.locals[i].name == given) return given + "#" + std::to_string(number);
    }
    return given.empty() || given == "?" ? given + "#" + std::to_string(number) : given;
  }

  std::string declared(Local number) const { return to_string(body_.locals[number].type) + " " + local(number); }

  std::string text(const Operand& operand) const {
    if (const auto* temp = std::get_if<Temp>(&operand.value)) return "t" + std::to_string(*temp);
    if (const auto* known = std::get_if<Constant>(&operand.value)) return number(*known, operand.type);
    if (const auto* function = std::get_if<FunctionName>(&operand.value)) return function->name;
    return "\"" + std::get<StringLiteral>(operand.value).text + "\"";
  }

  std::string steps(const std::vector<PlaceStep>& all) const {
    std::string result;
    for (const PlaceStep& one : all) {
      result += one.kind == PlaceStep::Kind::field ? "." + one.field : "[" + text(one.index) + "]";
    }
    return result;
  }

  std::string text(const MemoryPlace& place) const {
    std::string base;
    if (const auto* one = std::get_if<MemoryPlace::LocalBase>(&place.base)) base = local(one->local);
    if (const auto* global = std::get_if<MemoryPlace::GlobalBase>(&place.base)) base = "@" + global->name;
    if (const auto* pointer = std::get_if<MemoryPlace::PointerBase>(&place.base)) {
      base = "(*" + text(pointer->pointer) + ")";
    }
    return base + steps(place.steps);
  }

  std::string call(const Instr& instr) const {
    std::string result =
        std::holds_alternative<Temp>(instr.callee.value) ? "(*" + text(instr.callee) + ")" : text(instr.callee);
    result += "(";
    for (std::size_t i = 0; i < instr.args.size(); ++i) result += (i > 0 ? ", " : "") + text(instr.args[i]);
    return result + ")";
  }

  std::string text(const Instr& instr) const {
    const std::string to = instr.has_dst ? "t" + std::to_string(instr.dst) + " = " : "";
    const std::string type = instr.type ? to_string(instr.type) : "";
    switch (instr.kind) {
      case Instr::Kind::load:
        return to + text(instr.place);
      case Instr::Kind::store:
        return text(instr.place) + " = " + text(instr.a);
      case Instr::Kind::copy_record:
        return text(instr.place) + " = copy of " + text(instr.from);
      case Instr::Kind::address:
        return to + "&" + text(instr.place);
      case Instr::Kind::unary:
        return to + name(instr.unary) + text(instr.a);
      case Instr::Kind::binary:
        return to + text(instr.a) + " " + name(instr.binary) + " " + text(instr.b);
      case Instr::Kind::cast:
        return to + "(" + type + ")" + text(instr.a);
      case Instr::Kind::container:
        return to + "container_of(" + text(instr.a) + ", " + type + ", " + steps(instr.steps) + ")";
      case Instr::Kind::call:
        return to + call(instr);
      case Instr::Kind::drop_local:
        return "drop " + text(instr.place);
      case Instr::Kind::not_understood:
        return "not understood: " + instr.text;
    }
    return {};
  }

  std::string text(const Terminator& end) const {
    switch (end.kind) {
      case Terminator::Kind::jump:
        return "goto " + std::to_string(end.then);
      case Terminator::Kind::branch:
        return "if " + text(end.condition) + " goto " + std::to_string(end.then) + " else " +
               std::to_string(end.otherwise);
      case Terminator::Kind::return_:
        return end.has_value ? "return " + text(end.value) : "return";
      case Terminator::Kind::unreachable:
        break;
    }
    return "unreachable";
  }

  const Body& body_;
  std::ostringstream out_;
};

std::string integer_name(const Type* type) {
  if (type->is_bool) return "bool";
  const std::string sign = type->is_signed ? "" : "unsigned ";
  switch (type->bits) {
    case 8:
      return type->is_signed ? "signed char" : "unsigned char";
    case 16:
      return sign + "short";
    case 32:
      return sign + "int";
    default:
      return sign + "long";
  }
}

}  // namespace

std::string to_string(const Type* type) {
  if (!type) return "?";
  switch (type->kind) {
    case Type::Kind::void_:
      return "void";
    case Type::Kind::integer:
      return integer_name(type);
    case Type::Kind::pointer: {
      if (type->inner && type->inner->kind == Type::Kind::function) {
        std::string parameters;
        for (const Type* one : type->inner->parameters) parameters += (parameters.empty() ? "" : ", ") + to_string(one);
        return to_string(type->inner->inner) + " (*)(" + parameters + ")";
      }
      const std::string inner = to_string(type->inner);
      return inner + (!inner.empty() && inner.back() == '*' ? "*" : " *");
    }
    case Type::Kind::record:
      return (type->is_union ? "union " : "struct ") + type->name;
    case Type::Kind::array:
      return to_string(type->inner) + "[" + (type->count ? std::to_string(type->count) : "") + "]";
    case Type::Kind::function:
      return to_string(type->inner) + " ()";
    case Type::Kind::unknown:
      break;
  }
  return type->name.empty() ? "an unknown type" : type->name;
}

std::string to_string(const Body& body) {
  return Printer(body).run();
}

}  // namespace hotproof::lower
