#include "model/scenarios/chain_walk.hpp"

#include "model/scenarios/walk_run.hpp"

namespace hotproof::scenarios {

namespace {

using lower::Type;
using namespace walk;

bool points_to_block(const Type* type) {
  return type->kind == Type::Kind::pointer && type->inner != nullptr && type->inner->kind == Type::Kind::record &&
         type->inner->name == "notifier_block";
}

bool points_to_integer(const Type* type) {
  return type->kind == Type::Kind::pointer && type->inner != nullptr && type->inner->kind == Type::Kind::integer;
}

// The proof by induction for one choice of whether the count's pointer is NULL.
class Proof {
 public:
  Proof(const lower::Body& body, const std::set<std::string>& harmless, std::uint64_t stop_mask,
        std::optional<unsigned> count)
      : setting_{body, harmless, stop_mask, count} {}

  Outcome<Walk> run() {
    Store start;
    for (unsigned i = 0; i < setting_.body.parameters; ++i) start.locals[i] = parameter(i);
    if (setting_.count) start.count = Number{*setting_.count, true, 0, 0};
    const auto first = calls_from({0, 0}, start, 0);
    if (!first) return tl::unexpected(first.error());
    const auto second = calls_from(first->at, first->store, 1);
    if (!second) return tl::unexpected(second.error());
    const Store every = generalised(first->store, second->store);
    const auto next = calls_from(first->at, every, std::nullopt);
    if (!next) return tl::unexpected(next.error());
    const bool is_same = second->at == first->at && next->at == first->at && second->others == first->others &&
                         next->others == first->others && covers(every, next->store);
    if (!is_same) return unlike("it does not go on behind each listener as behind the one before");
    for (const Seen& end : ends_)
      if (const auto wrong = mistake(end)) return unlike(*wrong);
    return Walk{setting_.body.function, limit_, counts_ ? setting_.count : std::nullopt};
  }

 private:
  struct Seen : End {
    std::optional<std::int64_t> calls;
  };

  tl::unexpected<Diagnostic> unlike(const std::string& why) const {
    const c::Span& span = setting_.body.span;
    return failure({setting_.body.file, span.line, span.column},
                   "the walk over the chain, " + setting_.body.function + "(), is unlike the others: " + why);
  }

  Value parameter(unsigned number) const {
    const Type* type = setting_.body.locals[number].type;
    if (type->kind == Type::Kind::integer && type->is_signed && type->bits >= 32) return Number{number, false, 0, 0};
    if (type->kind == Type::Kind::pointer && type->inner != nullptr && points_to_block(type->inner))
      return ChainHead{};
    return Given{number};
  }

  // The one way on to the next call.
  Outcome<End> calls_from(At at, const Store& store, std::optional<std::int64_t> calls) {
    Run run(setting_, calls);
    const auto ends = run.from(at, store);
    if (!ends) return tl::unexpected(ends.error());
    counts_ = counts_ || run.counts();
    if (run.limit() && limit_ && limit_ != run.limit()) return unlike("it has two limits");
    if (run.limit()) limit_ = run.limit();
    std::optional<End> out;
    for (const End& end : *ends) {
      ends_.push_back({end, calls});
      if (end.returns) continue;
      const bool is_same = !out || (out->at == end.at && out->others == end.others && covers(out->store, end.store) &&
                                    covers(end.store, out->store));
      if (!is_same) return unlike("it has several ways on to the next listener");
      out = end;
    }
    if (!out) return unlike("it does not go on to the next listener");
    return *out;
  }

  // A walk goes on exactly if there is another listener, none has stopped it, and the limit is not reached.
  std::optional<std::string> mistake(const Seen& end) const {
    const bool nobody_yet = end.calls == 0;
    if (!end.returns) {
      if (end.facts.more != true || (!nobody_yet && end.facts.stop != false) || (limit_ && end.facts.reached != false))
        return "it goes on without having asked for the stop mask, the limit and the next listener";
      return std::nullopt;
    }
    if (end.facts.more != false && end.facts.stop != true && end.facts.reached != true)
      return "it ends before the end of the chain";
    if (counts_ && setting_.count) {
      const Number all = end.calls ? Number{*setting_.count, true, 0, *end.calls} : Number{*setting_.count, true, 1, 0};
      if (end.store.count != Value(all)) return "it counts something else than its calls";
    }
    const auto* none = std::get_if<Number>(&end.value);
    const bool is_consent = none != nullptr && !none->parameter && none->steps == 0 &&
                            (static_cast<std::uint64_t>(none->add) & setting_.stop_mask) == 0;
    if (nobody_yet ? !is_consent : !std::holds_alternative<Answer>(end.value))
      return "it does not return the answer of the listener that was called last";
    return std::nullopt;
  }

  Setting setting_;
  std::vector<Seen> ends_;
  std::optional<unsigned> limit_;
  bool counts_ = false;
};

}  // namespace

Outcome<Walk> read_walk(lower::Mir& mir, const std::string& function, const std::set<std::string>& harmless) {
  const lower::Body* body = mir.body(function);
  const auto mask = mir.constant("NOTIFY_STOP_MASK");
  if (body == nullptr || !mask || *mask <= 0) return failure({}, "there is no walk over a chain called " + function);
  std::optional<unsigned> count;
  for (unsigned i = 0; i < body->parameters; ++i) {
    if (!points_to_integer(body->locals[i].type)) continue;
    if (count || body->locals[i].type->inner->bits < 32)
      return failure({body->file, body->span.line, body->span.column},
                     function + "() has several counts, or a short one");
    count = i;
  }
  const auto mask_bits = static_cast<std::uint64_t>(*mask);
  auto without = Proof(*body, harmless, mask_bits, std::nullopt).run();
  if (!count) return without;
  auto out = Proof(*body, harmless, mask_bits, count).run();
  if (!out) return out;
  out->needs_count = !without;
  if (without && without->limit != out->limit)
    return failure({body->file, body->span.line, body->span.column}, function + "() has two limits");
  return out;
}

}  // namespace hotproof::scenarios
