#include "cli/calls.hpp"

#include <vector>

namespace hotproof::cli {

namespace {

using Names = std::set<std::string>;

const std::string* function_in(const lower::Operand& operand) {
  const auto* name = std::get_if<lower::FunctionName>(&operand.value);
  return name == nullptr ? nullptr : &name->name;
}

class Calls {
 public:
  explicit Calls(Model& model) : mir_(model.scenario->mir()) {
    for (const auto& f : model.checked.report.model.followed) callers_.insert(f.function);
    for (const lower::ActorSpec& actor : model.scenario->options().actors) callers_.insert(actor.function);
    callers_.insert(model.scenario->options().init);
  }

  std::map<std::string, Names> run() {
    each_instruction([this](const std::string&, const lower::Instr& instr) { note_stored(instr); });
    each_instruction([this](const std::string& caller, const lower::Instr& instr) { note_call(caller, instr); });
    return std::move(out_);
  }

 private:
  template <class Visit>
  void each_instruction(Visit visit) {
    for (const std::string& caller : callers_) {
      const lower::Body* body = mir_.body(caller);
      if (body == nullptr) continue;
      for (const lower::Block& block : body->blocks) {
        for (const lower::Instr& instr : block.instrs) visit(caller, instr);
      }
    }
  }

  // Functions that a statement, or the initial contents of a global that it names, stores in a field.
  void note_stored(const lower::Instr& instr) {
    if (instr.kind == lower::Instr::Kind::store) {
      const auto* stored = std::get_if<lower::MemoryPlace::GlobalBase>(&instr.place.base);
      note_stored(stored == nullptr ? "" : stored->name, instr.place.steps, instr.a);
    }
    for (const lower::MemoryPlace* place : {&instr.place, &instr.from}) {
      const auto* global = std::get_if<lower::MemoryPlace::GlobalBase>(&place->base);
      if (global != nullptr) note_global(global->name);
    }
  }

  void note_global(const std::string& name) {
    if (!seen_.insert(name).second) return;
    const lower::GlobalImage* image = mir_.global(name);
    if (image == nullptr) return;
    for (const lower::GlobalImage::Item& item : image->items) {
      note_stored(name, item.steps, item.value);
      if (!item.address_of.empty()) note_global(item.address_of);
    }
  }

  void note_stored(const std::string& base, const std::vector<lower::PlaceStep>& steps, const lower::Operand& value) {
    const std::string* function = function_in(value);
    if (function != nullptr) stored_[steps.empty() ? base : steps.back().field].insert(*function);
  }

  void note_call(const std::string& caller, const lower::Instr& instr) {
    if (instr.kind != lower::Instr::Kind::call) return;
    for (const lower::Operand& arg : instr.args) {
      if (const std::string* callback = function_in(arg)) out_[caller].insert(*callback);
    }
    if (const std::string* name = function_in(instr.callee)) {
      const std::string around = "hp_around_" + *name;
      out_[caller].insert(caller != around && callers_.contains(around) ? around : *name);
      return;
    }
    const std::string through = "hp_through_" + instr.through;
    if (caller != through && callers_.contains(through)) {
      out_[caller].insert(through);
    } else if (const auto found = stored_.find(instr.through); found != stored_.end()) {
      out_[caller].insert(found->second.begin(), found->second.end());
    }
  }

  lower::Mir& mir_;
  Names callers_;
  Names seen_;                           // globals
  std::map<std::string, Names> stored_;  // by field
  std::map<std::string, Names> out_;
};

}  // namespace

std::map<std::string, std::set<std::string>> calls_of(Model& model) {
  return Calls(model).run();
}

}  // namespace hotproof::cli
