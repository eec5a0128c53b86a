#include "model/scenarios/walk_run.hpp"

namespace hotproof::scenarios::walk {

using lower::Instr;
using lower::MemoryPlace;
using lower::Operand;
using lower::Type;

namespace {

constexpr std::size_t most_steps = 20'000;

bool is_known(const Number& number) {
  return !number.parameter && number.steps == 0;
}

std::int64_t signed_value(const lower::Constant& constant, const Type* type) {
  if (type == nullptr || !type->is_signed || type->bits >= 64) return static_cast<std::int64_t>(constant.value);
  const int shift = 64 - type->bits;
  return static_cast<std::int64_t>(constant.value << shift) >> shift;
}

bool is_zero(const Value& value) {
  const auto* number = std::get_if<Number>(&value);
  return number != nullptr && is_known(*number) && number->add == 0;
}

const std::string* only_field(const MemoryPlace& place) {
  if (place.steps.size() != 1 || place.steps[0].kind != lower::PlaceStep::Kind::field) return nullptr;
  return &place.steps[0].field;
}

bool is_pointer_to_listener(const Type* type) {
  return type != nullptr && type->kind == Type::Kind::pointer && type->inner != nullptr &&
         type->inner->kind == Type::Kind::record && type->inner->name == "notifier_block";
}

}  // namespace

Outcome<std::vector<End>> Run::from(At at, const Store& store) {
  ends_.clear();
  go({at, store, {}});
  if (problem_) return tl::unexpected(*problem_);
  return ends_;
}

void Run::fail(const c::Span& span, const std::string& why) {
  if (!problem_) problem_ = Diagnostic{{setting_.body.file, span.line, span.column}, why, {}};
}

void Run::go(Way way) {
  while (!problem_) {
    const lower::Block& block = setting_.body.blocks[way.at.block];
    while (way.at.instr < block.instrs.size()) {
      const Instr& instr = block.instrs[way.at.instr++];
      if (++steps_ > most_steps) return fail(instr.span, "the walk over the chain has too many ways");
      if (!step(way, instr) || problem_) return;
    }
    if (++steps_ > most_steps) return fail(block.end.span, "the walk over the chain has too many ways");
    if (block.end.kind != lower::Terminator::Kind::jump) return jump(std::move(way), block.end);
    way.at = {block.end.then, 0};
  }
}

void Run::jump(Way way, const lower::Terminator& end) {
  if (end.kind == lower::Terminator::Kind::return_) {
    End out{true, way.facts, way.store, way.at, {}, end.has_value ? of(way, end.value) : Value(Unknown{})};
    ends_.push_back(std::move(out));
    return;
  }
  if (end.kind != lower::Terminator::Kind::branch)
    return fail(end.span, "the walk over the chain has a way without an end");
  const auto asked = question(of(way, end.condition));
  if (!asked)
    return fail(end.span,
                "the walk over the chain asks for something else than the next listener, the stop mask and the limit");
  std::optional<bool> known = asked->known;
  if (!known && way.facts.*asked->fact) known = *(way.facts.*asked->fact) == asked->if_true;
  for (const bool is_true : {true, false}) {
    if (known && *known != is_true) continue;
    Way next = way;
    next.at = {is_true ? end.then : end.otherwise, 0};
    if (!known) next.facts.*asked->fact = is_true == asked->if_true;
    go(std::move(next));
  }
}

bool Run::step(Way& way, const Instr& instr) {
  switch (instr.kind) {
    case Instr::Kind::load:
      load(way, instr);
      return true;
    case Instr::Kind::store:
      store(way, instr);
      return true;
    case Instr::Kind::unary:
      way.store.temps[instr.dst] =
          instr.unary == lower::UnaryOp::logical_not ? negated(of(way, instr.a)) : Value(Unknown{});
      return true;
    case Instr::Kind::binary:
      way.store.temps[instr.dst] = binary(way, instr);
      return true;
    case Instr::Kind::cast: {
      const Value value = of(way, instr.a);
      const bool is_number = std::holds_alternative<Number>(value);
      const bool is_narrow =
          instr.type == nullptr || (instr.type->kind == Type::Kind::integer && instr.type->bits < 32);
      way.store.temps[instr.dst] = is_number && is_narrow ? Value(Unknown{}) : value;
      return true;
    }
    case Instr::Kind::drop_local:
      return true;
    case Instr::Kind::call:
      if (const auto* name = std::get_if<lower::FunctionName>(&instr.callee.value)) {
        if (!setting_.harmless.contains(name->name))
          fail(instr.span, "the walk over the chain calls " + name->name + "()");
        if (instr.has_dst) way.store.temps[instr.dst] = Unknown{};
        return true;
      }
      call(way, instr);
      return false;
    default:
      fail(instr.span, "the walk over the chain does something that none needs");
      return false;
  }
}

Value Run::of(const Way& way, const Operand& operand) const {
  if (const auto* temp = std::get_if<lower::Temp>(&operand.value)) {
    const auto found = way.store.temps.find(*temp);
    return found == way.store.temps.end() ? Value(Unknown{}) : found->second;
  }
  if (const auto* constant = std::get_if<lower::Constant>(&operand.value))
    return Number{std::nullopt, false, 0, signed_value(*constant, operand.type)};
  return Unknown{};
}

Value Run::read(const Way& way, const MemoryPlace& place) {
  if (const auto* local = std::get_if<MemoryPlace::LocalBase>(&place.base)) {
    const auto found = way.store.locals.find(local->local);
    return found == way.store.locals.end() || !place.steps.empty() ? Value(Unknown{}) : found->second;
  }
  // The chain's head says who is first only before somebody was called: then it is the next one.
  const bool nobody_yet = calls_ && *calls_ == 0;
  if (std::holds_alternative<MemoryPlace::GlobalBase>(place.base))
    return place.steps.empty() && is_pointer_to_listener(place.type) && nobody_yet ? Value(Member{1})
                                                                                   : Value(Unknown{});
  const Value pointer = of(way, std::get<MemoryPlace::PointerBase>(place.base).pointer);
  if (place.steps.empty()) {
    if (std::holds_alternative<ChainHead>(pointer)) return nobody_yet ? Value(Member{1}) : Value(Unknown{});
    if (setting_.count && pointer == Value(Given{*setting_.count})) return way.store.count;
    return Unknown{};
  }
  const auto* member = std::get_if<Member>(&pointer);
  const std::string* field = only_field(place);
  if (member == nullptr || field == nullptr) return Unknown{};
  const bool is_there = member->ahead == 1 ? way.facts.more == true : member->ahead == 0 && !nobody_yet;
  if (!is_there) return Unknown{};
  if (*field == "next") return Member{member->ahead + 1};
  if (*field == "notifier_call") return Callback{member->ahead};
  return Unknown{};
}

void Run::load(Way& way, const Instr& instr) {
  way.store.temps[instr.dst] = read(way, instr.place);
}

void Run::store(Way& way, const Instr& instr) {
  if (const auto* local = std::get_if<MemoryPlace::LocalBase>(&instr.place.base); local && instr.place.steps.empty()) {
    way.store.locals[local->local] = of(way, instr.a);
    return;
  }
  const auto* pointer = std::get_if<MemoryPlace::PointerBase>(&instr.place.base);
  const bool is_count = pointer != nullptr && instr.place.steps.empty() && setting_.count &&
                        of(way, pointer->pointer) == Value(Given{*setting_.count});
  if (!is_count) return fail(instr.span, "the walk over the chain writes to something else than a count of calls");
  counts_ = true;
  way.store.count = of(way, instr.a);
}

void Run::call(Way& way, const Instr& instr) {
  const Value callee = of(way, instr.callee);
  const bool is_next = callee == Value(Callback{1}) && way.facts.more == true && !instr.args.empty() &&
                       of(way, instr.args[0]) == Value(Member{1});
  if (!is_next) return fail(instr.span, "the walk over the chain does not call the next listener here");
  End end{false, way.facts, {}, way.at, {}, Unknown{}};
  for (std::size_t i = 1; i < instr.args.size(); ++i) {
    end.others.push_back(of(way, instr.args[i]));
    const auto* number = std::get_if<Number>(&end.others.back());
    const bool is_same = std::holds_alternative<Given>(end.others.back()) || (number != nullptr && number->steps == 0);
    if (!is_same) return fail(instr.span, "the walk over the chain does not tell each listener the same");
  }
  end.store = after_call(way.store);
  if (instr.has_dst) end.store.temps[instr.dst] = Answer{};
  ends_.push_back(std::move(end));
}

Value Run::negated(const Value& value) {
  if (const auto* one = std::get_if<StopBit>(&value)) return StopBit{!one->negated};
  if (const auto* one = std::get_if<IsMember>(&value)) return IsMember{one->ahead, !one->negated};
  if (const auto* one = std::get_if<IsZero>(&value)) return IsZero{one->number, !one->negated};
  if (const auto* one = std::get_if<Member>(&value)) return IsMember{one->ahead, true};
  if (const auto* one = std::get_if<Number>(&value)) return IsZero{*one, false};
  return Unknown{};
}

// a == b, or a != b
Value Run::compared(const Value& a, const Value& b, bool is_equal) const {
  if (is_zero(b)) {
    const Value is_nothing = negated(a);
    return is_equal ? is_nothing : negated(is_nothing);
  }
  const auto* one = std::get_if<Number>(&a);
  const auto* two = std::get_if<Number>(&b);
  if (one == nullptr || two == nullptr || !is_known(*two)) return Unknown{};
  return IsZero{Number{one->parameter, one->of_count, one->steps, one->add - two->add}, !is_equal};
}

Value Run::binary(const Way& way, const Instr& instr) const {
  const Value a = of(way, instr.a), b = of(way, instr.b);
  const auto* one = std::get_if<Number>(&a);
  const auto* two = std::get_if<Number>(&b);
  const bool is_wide = instr.a.type != nullptr && instr.a.type->kind == Type::Kind::integer && instr.a.type->bits >= 32;
  switch (instr.binary) {
    case lower::BinaryOp::add:
    case lower::BinaryOp::sub: {
      const bool is_add = instr.binary == lower::BinaryOp::add;
      if (one == nullptr || two == nullptr || !is_wide) return Unknown{};
      if (is_known(*two))
        return Number{one->parameter, one->of_count, one->steps, one->add + (is_add ? two->add : -two->add)};
      if (is_known(*one) && is_add) return Number{two->parameter, two->of_count, two->steps, two->add + one->add};
      return Unknown{};
    }
    case lower::BinaryOp::eq:
    case lower::BinaryOp::ne: {
      const bool is_equal = instr.binary == lower::BinaryOp::eq;
      return is_zero(a) ? compared(b, a, is_equal) : compared(a, b, is_equal);
    }
    case lower::BinaryOp::and_: {
      const auto* mask = std::holds_alternative<Answer>(a) ? two : std::holds_alternative<Answer>(b) ? one : nullptr;
      const bool is_stop =
          mask != nullptr && is_known(*mask) && static_cast<std::uint64_t>(mask->add) == setting_.stop_mask;
      return is_stop ? Value(StopBit{}) : Value(Unknown{});
    }
    default:
      return Unknown{};
  }
}

std::optional<Run::Question> Run::of_number(const Number& number, bool is_negated) {
  if (is_known(number)) return Question{nullptr, true, (number.add == 0) != is_negated};
  if (number.of_count || !number.parameter) return std::nullopt;
  const bool is_rest = calls_ ? number.steps == 0 && number.add == -*calls_ : number.steps == -1 && number.add == 0;
  if (!is_rest || (limit_ && *limit_ != *number.parameter)) return std::nullopt;
  limit_ = number.parameter;
  return Question{&Facts::reached, !is_negated, std::nullopt};
}

std::optional<Run::Question> Run::question(const Value& condition) {
  const bool nobody_yet = calls_ && *calls_ == 0;
  if (const auto* one = std::get_if<IsMember>(&condition)) {
    if (one->ahead == 1) return Question{&Facts::more, !one->negated, std::nullopt};
    if (one->ahead == 0 && !nobody_yet) return Question{nullptr, true, !one->negated};
    return std::nullopt;
  }
  if (const auto* one = std::get_if<Member>(&condition)) return question(IsMember{one->ahead, false});
  if (const auto* one = std::get_if<StopBit>(&condition)) {
    if (nobody_yet) return std::nullopt;
    return Question{&Facts::stop, !one->negated, std::nullopt};
  }
  if (const auto* one = std::get_if<IsZero>(&condition)) return of_number(one->number, one->negated);
  if (const auto* one = std::get_if<Number>(&condition)) return of_number(*one, true);
  if (const auto* one = std::get_if<Given>(&condition)) {
    const Type* type = setting_.body.locals[one->parameter].type;
    const bool is_count =
        type->kind == Type::Kind::pointer && type->inner != nullptr && type->inner->kind == Type::Kind::integer;
    if (is_count) return Question{nullptr, true, setting_.count == one->parameter};
  }
  return std::nullopt;
}

}  // namespace hotproof::scenarios::walk
