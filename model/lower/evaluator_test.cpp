#include "model/lower/evaluator_test.hpp"

#include <stdexcept>

#include "model/lower/fold.hpp"

namespace hotproof::lower {
namespace {

[[noreturn]] void fail(const std::string& why) {
  throw std::runtime_error(why);
}

}  // namespace

std::int64_t Evaluator::run(const std::string& function, const std::vector<std::int64_t>& arguments) {
  std::vector<Value> values;
  for (const std::int64_t one : arguments) values.push_back({static_cast<std::uint64_t>(one), {}});
  const Body* body = mir_.body(function);
  if (!body) fail("no body of " + function);
  const Value result = call(function, values);
  return as_number(result.bits, body->result);
}

Evaluator::Value Evaluator::call(const std::string& function, const std::vector<Value>& arguments) {
  const Body* body = mir_.body(function);
  if (!body) {
    std::string text = function + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      text += (i > 0 ? ", " : "") +
              (arguments[i].path.empty() ? std::to_string(static_cast<std::int64_t>(arguments[i].bits)) : "ptr");
    }
    calls.push_back(text + ")");
    return {static_cast<std::uint64_t>(answers[function]), {}};
  }
  Frame frame{body, ++frames_, {}};
  for (Local i = 0; i < body->parameters && i < arguments.size(); ++i) {
    Value value = arguments[i];
    value.bits = cut(value.bits, body->locals[i].type);
    memory_["l" + std::to_string(frame.number) + ":" + std::to_string(i)] = value;
  }
  BlockId block = 0;
  while (true) {
    for (const Instr& instr : body->blocks[block].instrs) step(frame, instr);
    if (--left_ < 0) fail("no end");
    const Terminator& end = body->blocks[block].end;
    switch (end.kind) {
      case Terminator::Kind::jump:
        block = end.then;
        break;
      case Terminator::Kind::branch: {
        const Value decides = operand(frame, end.condition);
        block = decides.bits != 0 || !decides.path.empty() ? end.then : end.otherwise;
        break;
      }
      case Terminator::Kind::return_:
        return end.has_value ? operand(frame, end.value) : Value{};
      case Terminator::Kind::unreachable:
        fail("unreachable");
    }
  }
}

Evaluator::Value Evaluator::operand(const Frame& frame, const Operand& operand) {
  if (const auto* temp = std::get_if<Temp>(&operand.value)) {
    const auto found = frame.temps.find(*temp);
    if (found == frame.temps.end()) fail("a temp is used before it has a value");
    return found->second;
  }
  if (const auto* constant = std::get_if<Constant>(&operand.value)) return {constant->value, {}};
  if (const auto* function = std::get_if<FunctionName>(&operand.value)) return {0, "fn " + function->name};
  return {0, "text " + std::get<StringLiteral>(operand.value).text};
}

std::string Evaluator::steps(const Frame& frame, const std::vector<PlaceStep>& all) {
  std::string result;
  for (const PlaceStep& one : all) {
    if (one.kind == PlaceStep::Kind::field) {
      result += "." + one.field;
    } else {
      const Value index = operand(frame, one.index);
      result += "[" + std::to_string(as_number(index.bits, one.index.type)) + "]";
    }
  }
  return result;
}

std::string Evaluator::path(const Frame& frame, const MemoryPlace& place) {
  std::string base;
  if (const auto* local = std::get_if<MemoryPlace::LocalBase>(&place.base)) {
    base = "l" + std::to_string(frame.number) + ":" + std::to_string(local->local);
  } else if (const auto* global = std::get_if<MemoryPlace::GlobalBase>(&place.base)) {
    image(global->name);
    base = "g:" + global->name;
  } else {
    const Value pointer = operand(frame, std::get<MemoryPlace::PointerBase>(place.base).pointer);
    if (pointer.path.empty()) fail("null dereference");
    base = pointer.path;
  }
  return base + steps(frame, place.steps);
}

void Evaluator::image(const std::string& name) {
  if (globals_[name]) return;
  globals_[name] = true;
  const GlobalImage* image = mir_.global(name);
  if (!image || !image->not_understood.empty()) fail("no image of " + name);
  const Frame none{nullptr, 0, {}};
  for (const GlobalImage::Item& item : image->items) {
    Value value;
    if (!item.address_of.empty()) {
      value.path = "g:" + item.address_of + steps(none, item.address_steps);
      this->image(item.address_of);
    } else {
      value = operand(none, item.value);
    }
    memory_["g:" + name + steps(none, item.steps)] = value;
  }
}

Evaluator::Value Evaluator::read(const std::string& path) {
  const auto found = memory_.find(path);
  if (found != memory_.end()) return found->second;
  if (path[0] == 'g') return {};  // zero
  fail("unset read of " + path);
}

std::string Evaluator::moved(const std::string& path, std::int64_t by) {
  const std::size_t open = path.rfind('[');
  if (path.empty() || path.back() != ']') {
    if (by == 0) return path;
    fail("arithmetic on a pointer that is not to an element");
  }
  const std::int64_t index = std::stoll(path.substr(open + 1));
  return path.substr(0, open) + "[" + std::to_string(index + by) + "]";
}

Evaluator::Value Evaluator::binary(const Frame& frame, const Instr& instr) {
  const Value a = operand(frame, instr.a);
  const Value b = operand(frame, instr.b);
  if (a.path.empty() && b.path.empty()) {
    const auto folded = fold(instr.binary, instr.a.type, a.bits, b.bits);
    if (!folded) fail("an operation that C leaves open");
    return {*folded, {}};
  }
  if (instr.binary == BinaryOp::eq) return {a.path == b.path && a.bits == b.bits, {}};
  if (instr.binary == BinaryOp::ne) return {a.path != b.path || a.bits != b.bits, {}};
  if (!b.path.empty()) {
    const auto index = [](const std::string& path) { return std::stoll(path.substr(path.rfind('[') + 1)); };
    const long long x = index(a.path);
    const long long y = index(b.path);
    if (instr.binary == BinaryOp::lt) return {x < y, {}};
    if (instr.binary == BinaryOp::sub) return {static_cast<std::uint64_t>(x - y), {}};
    fail("an operation on two pointers");
  }
  const std::int64_t by = as_number(b.bits, instr.b.type);
  return {0, moved(a.path, instr.binary == BinaryOp::sub ? -by : by)};
}

Evaluator::Value Evaluator::call_value(Frame& frame, const Instr& instr) {
  std::vector<Value> arguments;
  for (const Operand& argument : instr.args) {
    Value value = operand(frame, argument);
    if (value.path.empty() && argument.type->kind == Type::Kind::integer) {
      value.bits = static_cast<std::uint64_t>(as_number(value.bits, argument.type));
    }
    arguments.push_back(value);
  }
  const Value callee = operand(frame, instr.callee);
  if (callee.path.rfind("fn ", 0) != 0) fail("a call of something that is no function");
  return call(callee.path.substr(3), arguments);
}

void Evaluator::step(Frame& frame, const Instr& instr) {
  Value result;
  switch (instr.kind) {
    case Instr::Kind::load:
      result = read(path(frame, instr.place));
      break;
    case Instr::Kind::store:
      if (instr.a.type != instr.place.type) fail("a store of another type");
      memory_[path(frame, instr.place)] = operand(frame, instr.a);
      return;
    case Instr::Kind::copy_record: {
      const std::string from = path(frame, instr.from);
      const std::string to = path(frame, instr.place);
      std::map<std::string, Value> copied;
      for (const auto& [where, value] : memory_) {
        if (where.rfind(from, 0) == 0) copied[to + where.substr(from.size())] = value;
      }
      for (const auto& [where, value] : copied) memory_[where] = value;
      return;
    }
    case Instr::Kind::address:
      result.path = path(frame, instr.place);
      break;
    case Instr::Kind::unary: {
      const Value a = operand(frame, instr.a);
      result.bits = fold(instr.unary, instr.a.type, a.path.empty() ? a.bits : 1);
      break;
    }
    case Instr::Kind::binary:
      result = binary(frame, instr);
      break;
    case Instr::Kind::cast:
      result = operand(frame, instr.a);
      if (result.path.empty()) result.bits = converted(result.bits, instr.a.type, instr.type);
      break;
    case Instr::Kind::container: {
      const std::string inner = operand(frame, instr.a).path;
      const std::string tail = steps(frame, instr.steps);
      if (inner.size() < tail.size() || inner.substr(inner.size() - tail.size()) != tail) fail("no such container");
      result.path = inner.substr(0, inner.size() - tail.size());
      break;
    }
    case Instr::Kind::call:
      result = call_value(frame, instr);
      if (instr.has_dst) result.bits = cut(result.bits, instr.type);
      break;
    case Instr::Kind::drop_local: {
      const std::string base = path(frame, instr.place);
      std::erase_if(memory_, [&](const auto& one) {
        return one.first.rfind(base, 0) == 0 &&
               (one.first.size() == base.size() || one.first[base.size()] == '.' || one.first[base.size()] == '[');
      });
      return;
    }
    case Instr::Kind::not_understood:
      fail("not understood: " + instr.text);
  }
  if (instr.has_dst) frame.temps[instr.dst] = result;
}

}  // namespace hotproof::lower
