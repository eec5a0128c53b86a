#include "specs/claims/compile.hpp"

#include <doctest/doctest.h>

namespace hotproof::claims {
namespace {

using Form = Claim::Form;
using Kind = Thing::Kind;
using Role = Obligation::Role;

const std::vector<Thing>& all_things() {
  static const std::vector<Thing> all = {{Kind::function, "online_pages"},
                                         {Kind::notification, "MEM_ONLINE"},
                                         {Kind::memmap, "initialise"},
                                         {Kind::memmap, "initialise", true},
                                         {Kind::memmap, "poison"},
                                         {Kind::memmap, "teardown"},
                                         {Kind::accessible, ""},
                                         {Kind::inaccessible, ""},
                                         {Kind::taken, "mem_hotplug_lock"},
                                         {Kind::released, "mem_hotplug_lock"}};
  return all;
}

std::vector<Obligation> compiled(const Claim& claim, const Context& context = {}) {
  const auto out = obligations(claim, context, "claim-1");
  REQUIRE_MESSAGE(out, to_string(out.error()));
  return *out;
}

Claim claim_of(Form form, std::vector<Thing> things) {
  Claim out;
  out.form = form;
  out.things = std::move(things);
  return out;
}

}  // namespace

TEST_CASE("claims as properties: every order of two things can be checked, also inside a function") {
  for (const Thing& first : all_things()) {
    for (const Thing& second : all_things()) {
      for (const char* within : {"", "memory_block_online"}) {
        Claim claim = claim_of(Form::order, {first, second});
        claim.within = within;
        const auto out = compiled(claim);
        const bool is_state = first.kind == Kind::accessible;
        REQUIRE(out.size() == (is_state ? 2 : 3));
        CHECK(out[out.size() - 2].role == Role::lacking);
        CHECK(out[out.size() - 2].property.speaks);
        CHECK(out.back().role == Role::reversed);
        if (!is_state) CHECK(out[0].property.kind == ir::PropertyKind::cover);
      }
    }
  }
}

TEST_CASE("claims as properties: locks, undoing, what is ignored") {
  Claim held = claim_of(Form::held, all_things());
  held.lock = "device_hotplug_lock";
  held.for_write = true;
  CHECK(compiled(held).size() == all_things().size());
  held.things.clear();
  CHECK(compiled(held).empty());
  const auto changed = compiled(held, {{"memory_block_online", "memory_block_offline"}, {}});
  REQUIRE(changed.size() == 2);
  CHECK(changed[1].property.watched_calls == std::vector<std::string>{"memory_block_offline"});
  for (const Thing& thing : all_things()) {
    for (const char* within : {"", "memory_block_online"}) {
      for (const char* failing : {"", "online_pages"}) {
        Claim undone = claim_of(Form::undone, {thing, {Kind::function, "mem_hotplug_done"}});
        undone.within = within;
        undone.failing = failing;
        CHECK(compiled(undone).size() == 1);
      }
    }
  }
  const Context listeners{{}, {{0, "knows_all", {}}, {2, "knows_none", {"MEM_PREPARE_ONLINE", "MEM_FINISH_OFFLINE"}}}};
  const auto ignored = compiled(claim_of(Form::ignored, {}), listeners);
  REQUIRE(ignored.size() == 2);
  CHECK(ignored[0].about == "the listener knows_none and MEM_PREPARE_ONLINE");
  CHECK(ignored[1].property.constants == std::vector<std::string>{"MEM_FINISH_OFFLINE"});
  CHECK(compiled(claim_of(Form::no_functional_change, {})).empty());
}

}  // namespace hotproof::claims
