#include "checker/certify/evidence.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace hotproof::checker::certify {

namespace {

using verify::Basis;
using verify::Claim;
using verify::Says;

verify::StateSet set_of(const ReachedStates& states) {
  verify::StateSet out;
  out.words = states.words;
  for (const ReachedStates::Place& place : states.places) out.places.push_back({place.word, place.shift, place.bits, place.values});
  out.pieces = states.pieces;
  out.folded.words = states.folded.words;
  out.folded.shard = states.folded.shard;
  for (const ReachedStates::Part& part : states.folded.parts)
    out.folded.parts.push_back({part.first, part.words, part.shared});
  for (const auto& of_shard : states.folded.tables) out.folded.tables.emplace_back(of_shard.begin(), of_shard.end());
  out.in_order_only = states.on_disk;
  const auto numbers = [](const auto& ids) {
    std::vector<std::uint32_t> all;
    for (const auto id : ids) all.push_back(static_cast<std::uint32_t>(id));
    return all;
  };
  for (const ir::Interchangeable& actors : states.interchangeable) {
    verify::Exchangeable& made = out.exchangeable.emplace_back();
    made.members = numbers(actors.members);
    for (const auto& column : actors.columns) made.own.push_back(numbers(column));
    for (const auto& naming : actors.namings)
      made.names.push_back({static_cast<std::uint32_t>(naming.var), naming.values});
    for (const auto& marking : actors.markings)
      made.marks.push_back({static_cast<std::uint32_t>(marking.var), numbers(marking.bits)});
  }
  for (const ir::AmpleLocation& one : states.ample) {
    verify::AmpleLocation& made = out.ample.emplace_back();
    made.actor = static_cast<std::uint32_t>(one.actor);
    made.location = one.location;
    for (const ir::LockClaim& claim : one.held)
      made.held.push_back({static_cast<std::uint32_t>(claim.lock), claim.mode == ir::LockMode::write});
  }
  return out;
}

Says says_of(const ir::Property& property, Verdict verdict) {
  const bool cover = property.kind == ir::PropertyKind::cover;
  switch (verdict) {
    case Verdict::proved:
      return cover ? Says::reached : Says::holds;
    case Verdict::violated:
      return cover ? Says::unreached : Says::violated;
    case Verdict::vacuous:
      return Says::vacuous;
    default:
      return Says::open;
  }
}

class Gatherer {
 public:
  Gatherer(const ir::TransitionSystem& system, const Result& result) : system_(system), result_(result) {}

  Gathered run() {
    out_.without_reason.resize(system_.properties.size());
    for (const PropertyResult& property : result_.properties) claim(property);
    return std::move(out_);
  }

 private:
  void claim(const PropertyResult& found) {
    const ir::Property& property = system_.properties[ir::index(found.property)];
    Claim made;
    made.property = static_cast<std::uint32_t>(ir::index(found.property));
    made.says = says_of(property, found.verdict);
    if (made.says == Says::reached || made.says == Says::violated) {
      made.basis = Basis::run;
      if (found.run)
        made.number = run_number(*found.run);
      else
        missing(made, "the engine gives no run");
    } else if (made.says == Says::holds && !property.triggers.empty()) {
      made.trigger_run = trigger(property);
      if (made.trigger_run)
        proof(found, property, made);
      else
        missing(made, "the engine gives no run to its trigger");
    } else if (made.says != Says::open) {
      proof(found, property, made);
    }
    out_.evidence.claims.push_back(made);
  }

  void proof(const PropertyResult& found, const ir::Property& property, Claim& made) {
    const bool faultless_cover = property.kind == ir::PropertyKind::cover && property.cover_without_faults;
    if (found.invariant) {
      made.basis = Basis::invariant;
      made.number = invariant_number(found.invariant);
    } else if (found.runs_end) {
      made.basis = Basis::runs_end;
      made.number = found.depth;
    } else if (faultless_cover && result_.faultless_states) {
      made.basis = Basis::faultless_states;
      if (!out_.evidence.faultless_states) out_.evidence.faultless_states = set_of(*result_.faultless_states);
    } else if (result_.states) {
      made.basis = Basis::all_states;
      if (!out_.evidence.all_states) out_.evidence.all_states = set_of(*result_.states);
    } else {
      missing(made, "the engine gives no reason for it that can be checked");
    }
  }

  void missing(Claim& made, const char* what) {
    made = {made.property, Says::open, Basis::none, 0, std::nullopt};
    out_.without_reason[made.property] = what;
  }

  std::optional<std::uint32_t> trigger(const ir::Property& property) {
    for (const ir::MarkId mark : property.triggers) {
      const auto run = result_.triggers.find(mark);
      if (run == result_.triggers.end()) continue;
      const auto [known, fresh] = trigger_numbers_.try_emplace(mark, 0);
      if (fresh) known->second = run_number(run->second);
      return known->second;
    }
    return std::nullopt;
  }

  std::uint32_t run_number(const ir::Run& run) {
    verify::Run made;
    made.initial = run.initial;
    for (const ir::TransitionId step : run.steps) made.steps.push_back(static_cast<std::uint32_t>(ir::index(step)));
    out_.evidence.runs.push_back(std::move(made));
    return static_cast<std::uint32_t>(out_.evidence.runs.size() - 1);
  }

  std::uint32_t invariant_number(const std::shared_ptr<const Invariant>& invariant) {
    const auto [known, fresh] = invariant_numbers_.try_emplace(invariant.get(), out_.invariants.size());
    if (fresh) out_.invariants.push_back({invariant->k, text_of(*invariant)});
    return static_cast<std::uint32_t>(known->second);
  }

  const ir::TransitionSystem& system_;
  const Result& result_;
  Gathered out_;
  std::map<ir::MarkId, std::uint32_t> trigger_numbers_;
  std::map<const Invariant*, std::size_t> invariant_numbers_;
};

}  // namespace

Gathered gather(const ir::TransitionSystem& system, const Result& result) {
  return Gatherer(system, result).run();
}

std::string text_of(const Invariant& invariant) {
  const ir::ExprPool& pool = invariant.pool;
  std::string out;
  std::unordered_map<ir::ExprId, std::size_t> numbers;
  const auto operand = [&](ir::ExprId id) {
    const ir::Node& node = pool[id];
    if (node.op == ir::Op::variable) return "v" + std::to_string(node.value);
    if (node.op == ir::Op::constant) return std::to_string(node.value) + ":" + std::to_string(node.width);
    return "e" + std::to_string(numbers.at(id));
  };
  for (const ir::ExprId clause : invariant.clauses) {
    for (const ir::ExprId id : pool.below(clause)) {
      const ir::Node& node = pool[id];
      if (ir::arity(node.op) == 0 || numbers.contains(id)) continue;
      out += "let e" + std::to_string(numbers.size()) + " = " + std::string(ir::name(node.op));
      if (node.op == ir::Op::zext || node.op == ir::Op::sext || node.op == ir::Op::trunc)
        out += " " + std::to_string(node.width);
      for (int i = 0; i < ir::arity(node.op); ++i) out += " " + operand(node.args[i]);
      out += "\n";
      numbers.emplace(id, numbers.size());
    }
    out += "clause " + operand(clause) + "\n";
  }
  return out;
}

}  // namespace hotproof::checker::certify
