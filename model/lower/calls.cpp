// Calls on the abstract machine: bodies of the tree and of the environment, leaves, and the environment's intrinsics.
#include <algorithm>

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

namespace {

constexpr std::size_t deepest_call = 120;
constexpr std::uint64_t most_choices = 64;

bool is_intrinsic(const std::string& name) {
  return name.starts_with("__hp_") || name.starts_with("__VERIFIER_");
}

}  // namespace

// A call through a field f goes to the environment's hp_through_f, so that it sees the answers of listeners; inside
// that function the call is the plain one.
std::string Specialiser::redirect(const Path& path, const Instr& instr) const {
  if (instr.through.empty()) return {};
  std::string name = "hp_through_" + instr.through;
  return name != path.point.frames.back().body->function && mir_.body(name) ? name : std::string();
}

std::optional<std::string> Specialiser::callee(Path& path, const Instr& instr) const {
  if (const FunctionName* function = std::get_if<FunctionName>(&instr.callee.value)) return function->name;
  const Temp* temp = std::get_if<Temp>(&instr.callee.value);
  if (!temp) return std::nullopt;
  const Value& value = (*path.point.frames.back().temps)[*temp];
  if (!value.is(Value::Kind::function)) return std::nullopt;
  return memory_.text(value.bits);
}

// The row of a name: its own, or the one of a prefix, "trace_*".
std::map<std::string, Leaf>::const_iterator Specialiser::leaf(const std::string& name) const {
  const auto [known, fresh] = rows_.try_emplace(name, options_.leaves.find(name));
  auto& row = known->second;
  if (!fresh || row != options_.leaves.end()) return row;
  for (std::size_t at = name.find('_'); at != std::string::npos && row == options_.leaves.end();
       at = name.find('_', at + 1))
    row = options_.leaves.find(name.substr(0, at + 1) + "*");
  return row;
}

Specialiser::Progress Specialiser::call(Path& path, const Instr& instr) {
  if (std::string through = redirect(path, instr); !through.empty()) return call_body(path, instr, mir_.body(through));
  const auto name = callee(path, instr);
  if (!name) {
    const Temp* temp = std::get_if<Temp>(&instr.callee.value);
    const bool null = temp && (*path.point.frames.back().temps)[*temp].is(Value::Kind::integer);
    return null ? fatal(path, "null-dereference") : not_understood(path, "a call of a function that is not known");
  }
  if (is_intrinsic(*name)) {
    if (const auto progress = intrinsic(path, instr, *name)) return *progress;
    return not_understood(path, "unknown intrinsic " + *name);
  }
  // The environment may stand around a function of the tree: inside hp_around_f, f is f itself.
  const auto [around, fresh] = around_.try_emplace(*name);
  if (fresh) around->second = mir_.body("hp_around_" + *name);
  if (around->second && path.point.frames.back().body != around->second)
    return call_body(path, instr, around->second);
  const auto row = leaf(*name);
  if (row != options_.leaves.end() && row->second.cut) return call_leaf(path, instr, *name, row->second);
  if (const Body* body = mir_.body(*name)) return call_body(path, instr, body);
  if (row != options_.leaves.end()) return call_leaf(path, instr, *name, row->second);
  return call_unknown(path, *name);
}

Specialiser::Progress Specialiser::call_body(Path& path, const Instr& instr, const Body* body) {
  const auto& frames = path.point.frames;
  if (frames.size() >= deepest_call ||
      std::any_of(frames.begin(), frames.end(), [&](const Frame& frame) { return frame.body == body; }))
    return not_understood(path, "recursion into " + body->function);
  if (of_body(body).watched && !add_event(path, "call " + body->function, {Value::integer(actor_)}, {}))
    return Progress::ended;
  followed_.insert(body);
  locals(body);
  std::vector<std::pair<CellId, Value>> arguments;
  for (std::size_t i = 0; i < body->parameters && i < instr.args.size(); ++i) {
    const Value value = cast(operand(path, instr.args[i]), instr.args[i].type, body->locals[i].type);
    arguments.emplace_back(cell_of_local(body, i), value);
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (body->locals[i].type->kind == Type::Kind::record) {
      if (pass_record(path, arguments[i].second, body, i) == Progress::ended) return Progress::ended;
    } else {
      path.point.memory.change()[arguments[i].first] = arguments[i].second;
    }
  }
  path.point.frames.emplace_back(body);
  ++path.tick;
  return Progress::on;
}

// A record passed by value: what the caller's own object holds.
Specialiser::Progress Specialiser::pass_record(Path& path, const Value& value, const Body* body, std::size_t parameter) {
  const Type* type = body->locals[parameter].type;
  if (!value.is(Value::Kind::pointer) || shared(memory_.object_of(static_cast<PointerId>(value.bits))))
    return not_understood(path, "a record passed by value to " + body->function + " that is not the caller's own");
  const PointerId to = memory_.pointer(locals(body)[parameter], 0);
  return copy_fields(path, type, static_cast<PointerId>(value.bits), to);
}

Specialiser::Progress Specialiser::return_from(Path& path, const Terminator& end) {
  const Frame frame = path.point.frames.back();
  if (frame.body->result && frame.body->result->kind == Type::Kind::record)
    return not_understood(path, "a record returned by value from " + frame.body->function);
  Value value;
  if (end.has_value) value = cast(operand(path, end.value), end.value.type, frame.body->result);
  if (of_body(frame.body).watched) {
    if (end.has_value && (value.is(Value::Kind::unknown) || value.is(Value::Kind::unset)))
      return not_understood(path, frame.body->function + "() returns a value that is not known, and a rule asks for it");
    const Value shown = end.has_value ? value : Value::integer(0);
    const Type* type = frame.body->result;
    const Value wide = type->kind == Type::Kind::integer ? cast(shown, type, mir_.integer(64, true)) : shown;
    if (!add_event(path, "return " + frame.body->function, {Value::integer(actor_), wide}, {})) return Progress::ended;
  }
  const auto& objects = locals(frame.body);
  if (!objects.empty()) {
    const auto [first, last] = std::minmax_element(objects.begin(), objects.end());
    erase_cells(path.point.memory, [&, low = *first, high = *last](const auto& entry) {
      const ObjectId object = memory_.of_cell(entry.first).first;
      return object >= low && object <= high && std::find(objects.begin(), objects.end(), object) != objects.end();
    });
  }
  path.point.frames.pop_back();
  ++path.tick;
  if (path.point.frames.empty()) {
    if (path.initial) return Progress::ended;
    // An actor's function is called for ever.
    const ControlPoint& first = actors_[actor_].locations[actors_[actor_].initial]->point;
    path.point.frames = first.frames;
    path.point.memory = first.memory;
    emit(std::move(path));
    return Progress::ended;
  }
  Frame& caller = path.point.frames.back();
  const Instr& instr = caller.body->blocks[caller.block].instrs[caller.instr];
  caller.settled = false;
  if (instr.has_dst) caller.temps.change()[instr.dst] = value;
  advance(path);
  return Progress::on;
}

Specialiser::Progress Specialiser::finish_call(Path& path, const Instr& instr, const Value& value) {
  if (instr.has_dst) set_temp(path, instr.dst, value);
  advance(path);
  return Progress::on;
}

Specialiser::Progress Specialiser::call_leaf(Path& path, const Instr& instr, const std::string& name,
                                             const Leaf& leaf) {
  LeafUse& use = leaf_uses_[name];
  use.function = name;
  use.leaf = leaf;
  if (const Place at = place_of(path.point); std::find(use.places.begin(), use.places.end(), at) == use.places.end())
    use.places.push_back(at);
  // A meaning under the same name says so itself.
  const bool silent = leaf.kind != Leaf::Kind::meaning || (!leaf.text.empty() && leaf.text != name);
  if (silent && watched_.contains(name) && !add_event(path, "call " + name, {Value::integer(actor_)}, {}))
    return Progress::ended;
  if (options_.tell_leaves && !tell_leaf(path, instr, name, leaf)) return Progress::ended;
  switch (leaf.kind) {
    case Leaf::Kind::meaning: {
      const Body* body = mir_.body(leaf.text.empty() ? name : leaf.text);
      return body ? call_body(path, instr, body)
                  : not_understood(path, "the leaf table promises a meaning for " + name + " that is not there");
    }
    case Leaf::Kind::nothing:
      return finish_call(path, instr, Value::integer(0));
    case Leaf::Kind::unknown:
      return finish_call(path, instr, fresh_unknown(path));
    case Leaf::Kind::value: {
      const auto value = mir_.constant(leaf.text);
      if (!value) return not_understood(path, "the leaf table's value for " + name + " is not a constant of this tree");
      const int bits = instr.type && instr.type->kind == Type::Kind::integer ? instr.type->bits : 64;
      return finish_call(path, instr, Value::integer(ir::truncate(static_cast<std::uint64_t>(*value), bits)));
    }
  }
  return Progress::on;
}

// Of a call of what stands in the leaf table, what the model has no use for.
bool Specialiser::tell_leaf(Path& path, const Instr& instr, const std::string& name, const Leaf& leaf) {
  if (leaf.quiet) return true;
  const bool meaning = leaf.kind == Leaf::Kind::meaning;
  std::string text = (meaning ? "arguments " : "leaf ") + name + "(";
  std::vector<Value> values = {Value::integer(actor_)};
  for (std::size_t i = 0; i < instr.args.size(); ++i) {
    const Value value = argument(path, instr, i);
    text += (i == 0 ? "" : ", ") + memory_.name(value, system_.pool);
    if (value.is(Value::Kind::symbolic)) values.push_back(value);
  }
  return add_event(path, text + ")", values, {});
}

// No body, no row: whatever its arguments, it may change what is modelled (a struct page is a number here).
Specialiser::Progress Specialiser::call_unknown(Path& path, const std::string& name) {
  return not_understood(path, name + "() has no body in the files read and no meaning");
}

Value Specialiser::argument(const Path& path, const Instr& instr, std::size_t number) {
  return number < instr.args.size() ? operand(path, instr.args[number]) : Value{};
}

std::string Specialiser::string_argument(const Path& path, const Instr& instr, std::size_t number) {
  const Value value = argument(path, instr, number);
  return value.is(Value::Kind::string) ? memory_.text(value.bits) : std::string();
}

std::optional<Specialiser::Progress> Specialiser::intrinsic(Path& path, const Instr& instr, const std::string& name) {
  if (name == "__hp_lock") return acquire(path, instr, false);
  if (name == "__hp_trylock") return acquire(path, instr, true);
  if (name == "__hp_unlock") return unlock(path, instr);
  if (name == "__hp_choose") return choose(path, instr, false);
  if (name == "__hp_fault") return choose(path, instr, true);
  if (name == "__hp_event") return event(path, instr);
  if (name == "__hp_alloc") return allocate(path, instr);
  if (name == "__hp_free") return release(path, instr);
  if (name == "__hp_zero") return zero(path, instr);
  if (name == "__hp_object") return shared_object(path, instr);
  if (name == "__hp_object_number") return shared_object_number(path, instr);
  if (name == "__hp_site") return finish_call(path, instr, Value::integer(site_of(path.point)));
  if (name == "__hp_give_up") return not_understood(path, string_argument(path, instr, 0));
  if (name == "__hp_range") return range(path, instr);
  if (name == "__hp_parameter") return parameter(path, instr);
  if (name == "__hp_require") return require(path, instr);
  if (name == "__VERIFIER_assume") return assume(path, instr);
  if (name == "__hp_self") return finish_call(path, instr, Value::integer(actor_));
  if (name.starts_with("__VERIFIER_nondet_")) return finish_call(path, instr, fresh_unknown(path));
  if (name == "__hp_streq" || name == "__hp_is_err") {
    const Value a = argument(path, instr, 0);
    if (name == "__hp_is_err") {
      if (a.is(Value::Kind::unset)) return finish_call(path, instr, a);
      if (a.is(Value::Kind::unknown))
        return finish_call(path, instr,
                           derived(a, {.kind = Derivation::Kind::binary,
                                       .op = BinaryOp::ge,
                                       .constant = static_cast<std::uint64_t>(-4095)}));
      if (a.is(Value::Kind::symbolic)) {
        const ir::ExprId first = system_.pool.constant(static_cast<std::uint64_t>(-4095), 64);
        const ir::ExprId is_error =
            system_.pool.binary(ir::Op::ule, first, system_.pool.resize(a.expr(), 64, true));
        return finish_call(path, instr, Value::symbolic(system_.pool.resize(is_error, 32, false)));
      }
      const bool error = a.is(Value::Kind::integer) && a.bits >= static_cast<std::uint64_t>(-4095);
      return finish_call(path, instr, Value::integer(error ? 1 : 0));
    }
    const Value b = argument(path, instr, 1);
    if (!a.is(Value::Kind::string) || !b.is(Value::Kind::string))
      return not_understood(path, "a comparison of texts that are not known");
    return finish_call(path, instr, Value::integer(a == b ? 1 : 0));
  }
  if (name == "__hp_rest") {
    erase_cells(path.point.memory, [&](const auto& entry) {
      return statics_of_start_up_.contains(memory_.of_cell(entry.first).first);
    });
    if (path.visible_tick != ~0ULL) {
      emit(std::move(path));
      return Progress::ended;
    }
    if (!path.initial) current_->resting = true;
    return finish_call(path, instr, {});
  }
  if (name == "__VERIFIER_atomic_begin") {
    if (!begin_visible(path, {})) return Progress::ended;
    ++path.atomic;
    return finish_call(path, instr, {});
  }
  if (name == "__VERIFIER_atomic_end") {
    path.atomic = std::max(0, path.atomic - 1);
    return finish_call(path, instr, {});
  }
  if (name == "__hp_bug") return fatal(path, "bug");
  if (name == "__hp_warn") {
    if (!path.initial && !add_event(path, "warning", {Value::integer(actor_)}, "warning")) return Progress::ended;
    return finish_call(path, instr, {});
  }
  if (name == "__VERIFIER_assert")
    return assert_that(path, instr);
  return std::nullopt;
}

// "what is asked for: online|offline": the ways have names.
static std::pair<std::string, std::vector<std::string>> names_of_ways(const std::string& what, std::uint64_t count) {
  const std::size_t colon = what.find(": ");
  if (colon == std::string::npos) return {what, {}};
  std::vector<std::string> names{""};
  for (const char c : what.substr(colon + 2)) {
    if (c == '|') names.emplace_back();
    else names.back() += c;
  }
  if (names.size() != count) return {what, {}};
  return {what.substr(0, colon + 1), names};
}

Specialiser::Progress Specialiser::choose(Path& path, const Instr& instr, bool fault) {
  const std::string what = string_argument(path, instr, fault ? 0 : 1);
  const Value count = fault ? Value::integer(2) : argument(path, instr, 0);
  if (!count.is(Value::Kind::integer) || count.bits == 0 || count.bits > most_choices)
    return not_understood(path, "a choice among a number of ways that is not known, or too many");
  if (path.initial) return not_understood(path, "start-up makes a choice");
  const auto [label, names] = names_of_ways(what, count.bits);
  if (!begin_visible(path, what)) return Progress::ended;
  for (std::uint64_t i = count.bits; i-- > 0;) {
    Path way = path;
    if (fault && i == 1) {
      ++way.faults;
      way.choice = ir::Choice::fault;
      way.text += " fails";
      // What failed, by a name that does not depend on the text around the call.
      way.events.push_back({system_.event_name("fault " + what.substr(0, what.find_last_not_of(": ") + 1)),
                            {system_.pool.constant(actor_, 64)}});
    } else if (!fault && count.bits > 1) {
      if (way.choice == ir::Choice::none) way.choice = ir::Choice::free;
      way.text = names.empty() ? way.text + " " + std::to_string(i) : label + " " + names[i];
    }
    finish_call(way, instr, Value::integer(i));
    open_.push_back(std::move(way));
  }
  return Progress::ended;
}

bool Specialiser::add_event(Path& path, const std::string& name, const std::vector<Value>& args,
                            const std::string& text) {
  if (path.initial) return true;
  ir::Event event{system_.event_name(name), {}};
  for (const Value& arg : args) event.args.push_back(expr_of_any(arg, 64).value_or(system_.pool.constant(0, 64)));
  // The same access said again, with nothing in between: a loop over the pages of a range. Other events count.
  const bool is_access = name == "memmap" || name == "span" || name == "node-span" || name == "present";
  if (is_access && !path.events.empty() && path.writes.empty() && path.lock_updates.empty() &&
      path.events.back().name == event.name && path.events.back().args == event.args)
    return true;
  if (!begin_visible(path, text)) return false;
  path.events.push_back(std::move(event));
  return true;
}

Specialiser::Progress Specialiser::event(Path& path, const Instr& instr) {
  const std::string name = string_argument(path, instr, 0);
  std::vector<Value> args;
  for (std::size_t i = 1; i < instr.args.size(); ++i) {
    Value value = argument(path, instr, i);
    const Type* type = instr.args[i].type;
    if (type && type->kind == Type::Kind::integer) value = cast(value, type, mir_.integer(64, true));
    if (value.is(Value::Kind::unknown) || value.is(Value::Kind::unset))
      return not_understood(path, "an event (" + name + ") with a value that is not known");
    args.push_back(value);
  }
  if (!add_event(path, name, args, {})) return Progress::ended;
  return finish_call(path, instr, {});
}

// A pointer that outlives its object must not come to mean the next one.
bool Specialiser::is_referred_to(const Path& path, ObjectId object) const {
  const auto refers = [&](const Value& value) {
    return value.is(Value::Kind::pointer) && memory_.object_of(static_cast<PointerId>(value.bits)) == object;
  };
  const CellValues& memory = *path.point.memory;
  return path.point.heap.contains(object) ||
         std::any_of(memory.begin(), memory.end(), [&](const auto& entry) { return refers(entry.second); }) ||
         std::any_of(path.point.frames.begin(), path.point.frames.end(), [&](const Frame& frame) {
           return std::any_of(frame.temps->begin(), frame.temps->end(), refers);
         });
}

// __hp_alloc(zeroed): private memory of this actor, numbered by the lowest number that is free.
Specialiser::Progress Specialiser::allocate(Path& path, const Instr& instr) {
  const Value zeroed = argument(path, instr, 0);
  const bool zero = zeroed.is(Value::Kind::integer) && zeroed.bits != 0;
  std::uint32_t number = 0;
  while (is_referred_to(path, memory_.heap(actor_, number, true)) ||
         is_referred_to(path, memory_.heap(actor_, number, false)))
    ++number;
  const ObjectId object = memory_.heap(actor_, number, zero);
  path.point.heap.insert(object);
  return finish_call(path, instr, Value::pointer(memory_.pointer(object, 0)));
}

// __hp_range(&global, low, high): an integer of the model stays in this range, or the search ends there.
Specialiser::Progress Specialiser::range(Path& path, const Instr& instr) {
  const Value pointer = argument(path, instr, 0);
  const Value low = argument(path, instr, 1);
  const Value high = argument(path, instr, 2);
  if (!pointer.is(Value::Kind::pointer) || !low.is(Value::Kind::integer) || !high.is(Value::Kind::integer))
    return not_understood(path, "a range of something that is not known");
  const auto at = static_cast<PointerId>(pointer.bits);
  ranges_[memory_.cell(memory_.object_of(at), memory_.path_of(at))] = {low.bits, high.bits};
  return finish_call(path, instr, {});
}

Specialiser::Progress Specialiser::release(Path& path, const Instr& instr) {
  const Value pointer = argument(path, instr, 0);
  if (!pointer.is(Value::Kind::pointer)) return finish_call(path, instr, {});  // kfree(NULL)
  const ObjectId object = memory_.object_of(static_cast<PointerId>(pointer.bits));
  if (path.point.heap.erase(object) == 0) return fatal(path, "use-after-free");
  erase_cells(path.point.memory, [&](const auto& entry) { return memory_.of_cell(entry.first).first == object; });
  return finish_call(path, instr, {});
}

// A failed assertion is an event, which a step of its own shows if this one has had its visible operation.
Specialiser::Progress Specialiser::assert_that(Path& path, const Instr& instr) {
  const Value condition = argument(path, instr, 0);
  if (!begin_visible(path, "asserts")) return Progress::ended;
  return decide(path, condition, [&](Path& way, bool truth) {
    if (!truth) way.events.push_back({system_.event_name("assert-failed"), {system_.pool.constant(actor_, 64)}});
    finish_call(way, instr, {});
  });
}

Specialiser::Progress Specialiser::assume(Path& path, const Instr& instr) {
  const Value condition = argument(path, instr, 0);
  if (condition.is(Value::Kind::symbolic)) {
    const int width = system_.pool[condition.expr()].width;
    const ir::ExprId no = system_.pool.eq(condition.expr(), system_.pool.constant(0, width));
    path.guard = system_.pool.and_(path.guard, system_.pool.not_(no));
  } else if (condition.is(Value::Kind::integer) && condition.bits == 0) {
    return Progress::ended;
  } else if (condition.is(Value::Kind::unknown)) {
    return decide(path, condition, [&](Path& way, bool truth) {
      if (!truth) way.guard = system_.pool.truth(false);
      finish_call(way, instr, {});
    });
  }
  return finish_call(path, instr, {});
}

}  // namespace hotproof::lower
