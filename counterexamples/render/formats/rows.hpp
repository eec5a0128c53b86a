// The rows of a run's picture.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "counterexamples/render/formats/run_view.hpp"

namespace hotproof::render {

struct PictureRow {
  std::size_t actor = 0;  // as number_of_actor says
  std::string where;      // "memory.c:141"
  std::string text;       // what the step does
  bool added = false;     // on a line that the patch added
  bool fault = false;
  bool last = false;
  std::vector<std::string> locks;  // held by the actor after the step
  // A listener's answer: "PREPARE_ONLINE: BAD".
  std::map<std::int64_t, std::string> answers;
  std::map<std::int64_t, bool> refused;
  std::vector<std::string> changes;  // "mem[0].state MEM_OFFLINE -> MEM_ONLINE"
};

struct Picture {
  std::vector<std::size_t> actors;
  std::vector<std::int64_t> listeners;
  std::vector<PictureRow> rows;
  std::optional<std::size_t> loop_start;  // as of the trace, in rows
};

// Of the tidy run.
Picture picture_of(const counterexamples::Trace& trace);

// An actor's name; "somebody" for one that is not listed.
std::string actor_name(const counterexamples::Trace& trace, std::size_t actor);

}  // namespace hotproof::render
