#include "model/lower/mir.hpp"

#include <algorithm>

#include "model/lower/builder.hpp"

namespace hotproof::lower {

struct Mir::State {
  explicit State(c::Program& program) : context(program), typer(context, "", "") {}
  Context context;
  Builder typer;  // for questions outside all bodies
};

Mir::Mir(c::Program& program) : state_(std::make_unique<State>(program)) {}
Mir::~Mir() = default;

void Mir::set_leaves(std::set<std::string> names) {
  state_->context.leaves = std::move(names);
}

const Body* Mir::body(const std::string& name) {
  const auto [known, is_new] = state_->context.bodies.try_emplace(name);
  if (!is_new) return known->second.get();
  const c::Function* function = program().function(name);
  if (!function) return nullptr;
  Builder builder(state_->context, program().file_of(*function), name);
  std::unique_ptr<Body> built = builder.function(*function);
  return (state_->context.bodies[name] = std::move(built)).get();
}

const GlobalImage* Mir::global(const std::string& name) {
  if (!global_type(state_->context, name)) return nullptr;
  const auto [known, is_new] = state_->context.globals.try_emplace(name);
  if (!is_new) return known->second.get();
  std::unique_ptr<GlobalImage> built = build_global(state_->context, name);
  return (state_->context.globals[name] = std::move(built)).get();
}

const std::vector<Mir::Field>* Mir::fields(const Type* record) {
  return state_->context.types.fields(record, state_->typer);
}

const Mir::Field* Mir::field(const Type* record, const std::string& name) {
  return state_->context.types.field(record, name, state_->typer);
}

const Type* Mir::field_type(const Type* record, const std::string& field) {
  const Field* found = this->field(record, field);
  return found ? found->type : nullptr;
}

std::optional<std::int64_t> Mir::constant(const std::string& expression) {
  Outcome<c::ExprPtr> parsed = program().parse_expression(expression, {"", 0, 0});
  if (!parsed || !*parsed) return std::nullopt;
  state_->context.expressions.push_back(std::move(*parsed));
  return state_->typer.constant_value(*state_->context.expressions.back());
}

const Type* Mir::void_type() {
  return state_->context.types.void_type();
}
const Type* Mir::integer(int bits, bool is_signed) {
  return state_->context.types.integer(bits, is_signed);
}
const Type* Mir::bool_type() {
  return state_->context.types.bool_type();
}
const Type* Mir::pointer_to(const Type* inner) {
  return state_->context.types.pointer_to(inner);
}
const Type* Mir::array_of(const Type* inner, std::uint64_t count) {
  return state_->context.types.array_of(inner, count);
}
const Type* Mir::record(const std::string& tag, bool is_union) {
  return state_->context.types.record(tag, is_union);
}

const Type* Mir::parse_type(const std::string& text) {
  Outcome<c::ExprPtr> parsed = program().parse_expression("(" + text + ")0", {"", 0, 0});
  if (!parsed || !*parsed || (*parsed)->kind != c::Expr::Kind::cast) return state_->context.types.unknown(text);
  state_->context.expressions.push_back(std::move(*parsed));
  return state_->context.types.resolve(*state_->context.expressions.back()->type, state_->typer);
}

std::vector<std::string> Mir::made_up_sizes() const {
  std::vector<std::string> out;
  for (const auto& [type, size] : state_->context.types.made_up_sizes()) out.push_back(to_string(type));
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<std::uint64_t> Mir::size_of(const Type* type) {
  return state_->context.types.size_of(type, state_->typer);
}

c::Program& Mir::program() {
  return state_->context.program;
}

}  // namespace hotproof::lower
