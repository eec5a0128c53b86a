// What the functions around the walk over a chain do with the chain and with counts of its calls.
#include <algorithm>
#include <functional>
#include <map>

#include "model/scenarios/chain_walk.hpp"

namespace hotproof::scenarios {

namespace {

using lower::Body;
using lower::Instr;
using lower::MemoryPlace;
using lower::Operand;
using lower::Type;

bool is_listener(const Type* type) {
  return type != nullptr && type->kind == Type::Kind::record && type->name == "notifier_block";
}

bool points_to_listener(const Type* type) {
  return type != nullptr && type->kind == Type::Kind::pointer && is_listener(type->inner);
}

std::optional<std::string> called(const Instr& instr) {
  if (instr.kind != Instr::Kind::call) return std::nullopt;
  const auto* name = std::get_if<lower::FunctionName>(&instr.callee.value);
  return name != nullptr ? std::optional(name->name) : std::nullopt;
}

bool calls_a_listener(const Body& body) {
  for (const lower::Block& block : body.blocks)
    for (const Instr& instr : block.instrs)
      if (instr.kind == Instr::Kind::call && !called(instr) && instr.through == "notifier_call") return true;
  return false;
}

bool is_ours(const Body& body) {
  return body.file.starts_with("model/");
}

class Uses {
 public:
  Uses(lower::Mir& mir, const lower::Report& report, const std::set<std::string>& harmless)
      : mir_(mir), harmless_(harmless) {
    for (const lower::Followed& one : report.followed)
      if (const Body* body = mir.body(one.function); body != nullptr && !is_ours(*body)) bodies_.push_back(body);
  }

  std::optional<Diagnostic> judge() {
    find_registering();
    if (!find_walks() || !judge_registering()) return problem_;
    for (const Body* body : bodies_)
      if (!walks_.contains(body->function) && !registering_.contains(body->function) && !judge(*body)) return problem_;
    return std::nullopt;
  }

 private:
  bool fail(const Body& body, const c::Span& span, const std::string& why) {
    problem_ = Diagnostic{{body.file, span.line, span.column},
                          why + ", which is not understood for any number of listeners",
                          "--listeners with a number"};
    return false;
  }

  // All that is called to put a listener into the chain or to take it out.
  void find_registering() {
    std::vector<std::string> todo;
    for (const char* root : {"hp_add_ideal_listeners", "hp_add_real_listeners", "hp_add_crowd", "hp_registrar"})
      each_call(root, [&](const std::string& name) { todo.push_back(name); });
    while (!todo.empty()) {
      const std::string name = todo.back();
      todo.pop_back();
      const Body* body = mir_.body(name);
      if (body == nullptr || is_ours(*body) || !registering_.insert(name).second) continue;
      each_call(name, [&](const std::string& next) { todo.push_back(next); });
    }
  }

  void each_call(const std::string& function, const std::function<void(const std::string&)>& see) {
    const Body* body = mir_.body(function);
    if (body == nullptr) return;
    for (const lower::Block& block : body->blocks)
      for (const Instr& instr : block.instrs)
        if (const auto name = called(instr)) see(*name);
  }

  bool find_walks() {
    for (const Body* body : bodies_) {
      if (!calls_a_listener(*body)) continue;
      const auto walk = read_walk(mir_, body->function, harmless_);
      if (!walk) {
        problem_ = walk.error();
        problem_->message += ", which is not understood for any number of listeners";
        return false;
      }
      walks_[body->function] = *walk;
    }
    if (!walks_.empty()) return true;
    problem_ = Diagnostic{{}, "nothing walks over the chain of listeners", {}};
    return false;
  }

  // They write to the chain's pointers and to locals, nowhere else.
  bool judge_registering() {
    for (const std::string& name : registering_) {
      const Body& body = *mir_.body(name);
      if (calls_a_listener(body)) return fail(body, body.span, name + "() registers and calls listeners");
      for (const lower::Block& block : body.blocks)
        for (const Instr& instr : block.instrs) {
          const bool is_local = std::holds_alternative<MemoryPlace::LocalBase>(instr.place.base);
          const bool writes = instr.kind == Instr::Kind::store || instr.kind == Instr::Kind::copy_record;
          if (writes && !is_local && !points_to_listener(instr.place.type))
            return fail(body, instr.span,
                        name + "() (un)registers listeners and writes to something else than the chain");
        }
    }
    return true;
  }

  const Type* base_type(const Body& body, const MemoryPlace& place) {
    if (const auto* local = std::get_if<MemoryPlace::LocalBase>(&place.base)) return body.locals[local->local].type;
    if (const auto* global = std::get_if<MemoryPlace::GlobalBase>(&place.base)) {
      const lower::GlobalImage* image = mir_.global(global->name);
      return image != nullptr ? image->type : nullptr;
    }
    const Type* pointer = std::get<MemoryPlace::PointerBase>(place.base).pointer.type;
    return pointer != nullptr && pointer->kind == Type::Kind::pointer ? pointer->inner : nullptr;
  }

  // A field of a listener's own record, however the way to it is written.
  bool looks_inside(const Body& body, const MemoryPlace& place) {
    const Type* type = base_type(body, place);
    for (const lower::PlaceStep& step : place.steps) {
      if (is_listener(type)) return true;
      if (type == nullptr) return false;
      type = step.kind == lower::PlaceStep::Kind::element ? type->inner : mir_.field_type(type, step.field);
    }
    return false;
  }

  bool judge(const Body& body) {
    for (const lower::Block& block : body.blocks)
      for (const Instr& instr : block.instrs)
        if (!judge(body, instr)) return false;
    return true;
  }

  bool judge(const Body& body, const Instr& instr) {
    const bool has_place = instr.kind == Instr::Kind::load || instr.kind == Instr::Kind::store ||
                           instr.kind == Instr::Kind::address || instr.kind == Instr::Kind::copy_record;
    const std::string who = body.function + "()";
    if (has_place && looks_inside(body, instr.place))
      return fail(body, instr.span, who + " looks at a listener's place in the chain");
    if (instr.kind == Instr::Kind::copy_record && (is_listener(instr.place.type) || looks_inside(body, instr.from)))
      return fail(body, instr.span, who + " copies a listener");
    const bool is_local = std::holds_alternative<MemoryPlace::LocalBase>(instr.place.base);
    if (instr.kind == Instr::Kind::store && points_to_listener(instr.a.type) && !is_local)
      return fail(body, instr.span, who + " remembers a listener");
    if (instr.kind == Instr::Kind::binary && points_to_listener(instr.a.type) && !is_null(instr.a) && !is_null(instr.b))
      return fail(body, instr.span, who + " tells listeners apart");
    const bool is_number = instr.type != nullptr && instr.type->kind == Type::Kind::integer;
    if (instr.kind == Instr::Kind::cast && points_to_listener(instr.a.type) && is_number)
      return fail(body, instr.span, who + " makes a number of a listener's address");
    if (names_a_walk(instr)) return fail(body, instr.span, who + " hands on the function that walks over the chain");
    if (const auto name = called(instr)) {
      if (touches_chain(*name)) return fail(body, instr.span, who + " changes the chain of listeners");
      if (const auto walk = walks_.find(*name); walk != walks_.end()) return judge_call(body, instr, walk->second);
    }
    return true;
  }

  static bool is_null(const Operand& operand) {
    const auto* constant = std::get_if<lower::Constant>(&operand.value);
    return constant != nullptr && constant->value == 0;
  }

  bool names_a_walk(const Instr& instr) const {
    const auto is_walk = [&](const Operand& operand) {
      const auto* name = std::get_if<lower::FunctionName>(&operand.value);
      return name != nullptr && walks_.contains(name->name);
    };
    return is_walk(instr.a) || is_walk(instr.b) || std::any_of(instr.args.begin(), instr.args.end(), is_walk);
  }

  // A function that (un)registers, or calls one that does.
  bool touches_chain(const std::string& name) {
    if (!registering_.contains(name)) return false;
    if (const auto known = touching_.find(name); known != touching_.end()) return known->second;
    touching_[name] = false;
    const Body& body = *mir_.body(name);
    bool out = false;
    for (const lower::Block& block : body.blocks)
      for (const Instr& instr : block.instrs)
        out = out || (instr.kind == Instr::Kind::store && looks_inside(body, instr.place));
    each_call(name, [&](const std::string& next) { out = out || touches_chain(next); });
    return touching_[name] = out;
  }

  // The limit is none, nobody, or the count of another walk, or one less.
  bool judge_call(const Body& body, const Instr& instr, const Walk& walk) {
    const bool is_whole = !walk.limit || is_negative(instr.args[*walk.limit]);
    if (walk.count) {
      const Operand& count = instr.args[*walk.count];
      const auto local = is_null(count) ? std::nullopt : counted_by(body, count);
      if (walk.needs_count && is_null(count))
        return fail(body, instr.span, "a walk over the chain that counts its calls is given no count");
      if (!is_null(count) && !local)
        return fail(body, instr.span, "the count of listeners that were called goes elsewhere");
      if (local && !is_whole && is_read(body, *local))
        return fail(body, instr.span, "the calls of a walk with a limit are counted, and the count is used");
    }
    if (is_whole) return true;
    const Operand& limit = instr.args[*walk.limit];
    if (std::holds_alternative<lower::Constant>(limit.value))
      return is_null(limit) || fail(body, instr.span, "a walk over the chain is limited to a number of listeners");
    const std::optional<lower::Local> from = count_behind(body, limit);
    const bool is_count = from && counts_once(body, *from);
    return is_count ||
           fail(body, instr.span, "a walk over the chain has a limit that is not the count of another, or one less");
  }

  static bool is_negative(const Operand& operand) {
    const auto* constant = std::get_if<lower::Constant>(&operand.value);
    return constant != nullptr && (constant->value >> (operand.type->bits - 1) & 1) != 0;
  }

  static bool is_read(const Body& body, lower::Local local) {
    for (const lower::Block& block : body.blocks)
      for (const Instr& instr : block.instrs)
        if (instr.kind == Instr::Kind::load && is_of(instr, local)) return true;
    return false;
  }

  static bool is_of(const Instr& instr, lower::Local local) {
    const auto* base = std::get_if<MemoryPlace::LocalBase>(&instr.place.base);
    return base != nullptr && base->local == local;
  }

  static const Instr* definition(const Body& body, const Operand& operand) {
    const auto* temp = std::get_if<lower::Temp>(&operand.value);
    if (temp == nullptr) return nullptr;
    for (const lower::Block& block : body.blocks)
      for (const Instr& instr : block.instrs)
        if (instr.has_dst && instr.dst == *temp) return &instr;
    return nullptr;
  }

  // The local whose address `pointer` is.
  std::optional<lower::Local> counted_by(const Body& body, const Operand& pointer) {
    const Instr* made = definition(body, pointer);
    if (made == nullptr || made->kind != Instr::Kind::address || !made->place.steps.empty()) return std::nullopt;
    const auto* local = std::get_if<MemoryPlace::LocalBase>(&made->place.base);
    return local != nullptr && counts_once(body, local->local) ? std::optional(local->local) : std::nullopt;
  }

  // x, or x - 1
  static std::optional<lower::Local> count_behind(const Body& body, const Operand& limit) {
    const Instr* made = definition(body, limit);
    if (made != nullptr && made->kind == Instr::Kind::binary) {
      const auto* by = std::get_if<lower::Constant>(&made->b.value);
      const std::uint64_t one_less = made->binary == lower::BinaryOp::sub ? 1 : 0xffffffffU;
      const bool is_one_less = by != nullptr && by->value == one_less && made->a.type->bits == 32 &&
                               (made->binary == lower::BinaryOp::sub || made->binary == lower::BinaryOp::add);
      made = is_one_less ? definition(body, made->a) : nullptr;
    }
    if (made == nullptr || made->kind != Instr::Kind::load || !made->place.steps.empty()) return std::nullopt;
    const auto* local = std::get_if<MemoryPlace::LocalBase>(&made->place.base);
    return local != nullptr ? std::optional(local->local) : std::nullopt;
  }

  // A local to which one walk adds its calls, once; that is set to nothing but 0, and read for nothing but limits.
  bool counts_once(const Body& body, lower::Local local) const {
    unsigned addresses = 0;
    std::set<lower::Temp> read;
    for (const lower::Block& block : body.blocks)
      for (const Instr& instr : block.instrs) {
        if (!is_of(instr, local)) continue;
        if (instr.kind == Instr::Kind::address) ++addresses;
        if (instr.kind == Instr::Kind::store && !is_null(instr.a)) return false;
        if (instr.kind == Instr::Kind::load) read.insert(instr.dst);
      }
    if (local < body.parameters || !given_to_walks(body, local)) return false;
    return read.empty() || (addresses == 1 && !has_loop(body) && only_limits(body, read));
  }

  // Its address goes to walks that count with it, and nowhere else.
  bool given_to_walks(const Body& body, lower::Local local) const {
    std::set<lower::Temp> addresses;
    for (const lower::Block& block : body.blocks)
      for (const Instr& instr : block.instrs)
        if (instr.kind == Instr::Kind::address && is_of(instr, local)) addresses.insert(instr.dst);
    const auto is_address = [&](const Operand& operand) {
      const auto* temp = std::get_if<lower::Temp>(&operand.value);
      return temp != nullptr && addresses.contains(*temp);
    };
    for (const lower::Block& block : body.blocks)
      for (const Instr& instr : block.instrs) {
        const auto* base = std::get_if<MemoryPlace::PointerBase>(&instr.place.base);
        if (instr.kind != Instr::Kind::call &&
            (is_address(instr.a) || is_address(instr.b) || (base && is_address(base->pointer))))
          return false;
        const auto name = called(instr);
        const auto walk = name ? walks_.find(*name) : walks_.end();
        for (std::size_t i = 0; i < instr.args.size(); ++i)
          if (is_address(instr.args[i]) && (walk == walks_.end() || walk->second.count != i)) return false;
      }
    return true;
  }

  static bool has_loop(const Body& body) {
    std::vector<int> state(body.blocks.size(), 0);
    const std::function<bool(lower::BlockId)> visit = [&](lower::BlockId at) {
      if (state[at] == 1) return true;
      if (state[at] == 2) return false;
      state[at] = 1;
      const lower::Terminator& end = body.blocks[at].end;
      const bool goes = end.kind == lower::Terminator::Kind::jump || end.kind == lower::Terminator::Kind::branch;
      const bool found =
          (goes && visit(end.then)) || (end.kind == lower::Terminator::Kind::branch && visit(end.otherwise));
      state[at] = 2;
      return found;
    };
    return visit(0);
  }

  // These temps, and what is made of them by adding a constant, are used as limits of walks only: judge_call() sees to
  // which constants are right.
  bool only_limits(const Body& body, std::set<lower::Temp> counts) const {
    const auto is_count = [&](const Operand& operand) {
      const auto* temp = std::get_if<lower::Temp>(&operand.value);
      return temp != nullptr && counts.contains(*temp);
    };
    for (std::size_t known = 0; known != counts.size();) {
      known = counts.size();
      for (const lower::Block& block : body.blocks)
        for (const Instr& instr : block.instrs)
          if (is_sum(instr) && is_count(instr.a)) counts.insert(instr.dst);
    }
    for (const lower::Block& block : body.blocks) {
      for (const Instr& instr : block.instrs) {
        if (instr.kind == Instr::Kind::call ? !only_limit_of(instr, is_count)
                                            : !is_sum(instr) && (is_count(instr.a) || is_count(instr.b)))
          return false;
      }
      const bool ends_with_it =
          (block.end.kind == lower::Terminator::Kind::branch && is_count(block.end.condition)) ||
          (block.end.kind == lower::Terminator::Kind::return_ && block.end.has_value && is_count(block.end.value));
      if (ends_with_it) return false;
    }
    return true;
  }

  static bool is_sum(const Instr& instr) {
    return instr.kind == Instr::Kind::binary && std::holds_alternative<lower::Constant>(instr.b.value) &&
           (instr.binary == lower::BinaryOp::sub || instr.binary == lower::BinaryOp::add);
  }

  template <class IsCount>
  bool only_limit_of(const Instr& instr, const IsCount& is_count) const {
    const auto name = called(instr);
    const auto walk = name ? walks_.find(*name) : walks_.end();
    for (std::size_t i = 0; i < instr.args.size(); ++i) {
      const bool is_limit = walk != walks_.end() && walk->second.limit == i;
      if (is_count(instr.args[i]) && !is_limit) return false;
    }
    return true;
  }

  lower::Mir& mir_;
  const std::set<std::string>& harmless_;
  std::vector<const Body*> bodies_;
  std::map<std::string, Walk> walks_;
  std::set<std::string> registering_;
  std::map<std::string, bool> touching_;
  std::optional<Diagnostic> problem_;
};

}  // namespace

std::optional<Diagnostic> unlike_a_walk(lower::Mir& mir, const lower::Report& report,
                                        const std::set<std::string>& harmless) {
  return Uses(mir, report, harmless).judge();
}

}  // namespace hotproof::scenarios
