// What the page of a run shows, before it is markup: each step of the tidy run with what is so behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "counterexamples/quote.hpp"
#include "counterexamples/render/formats/formats.hpp"
#include "counterexamples/render/formats/life.hpp"
#include "counterexamples/why.hpp"

namespace hotproof::render {

// A function of which lines are shown; its parts follow each other in the file.
struct PageFunction {
  std::string file;
  std::string function;
  std::vector<counterexamples::Quote> parts;
};

// A line of one of the page's functions.
struct PageLine {
  std::size_t function = 0;
  std::uint32_t line = 0;

  friend bool operator==(const PageLine&, const PageLine&) = default;
};

// What a listener has said up to a step.
struct PageListener {
  std::vector<std::string> accepted;  // what it has agreed to and what is not over yet: "PREPARE_ONLINE"
  std::string last;                   // "GOING_ONLINE: OK"; empty: nothing yet
  bool refused = false;               // its last answer was a refusal

  friend bool operator==(const PageListener&, const PageListener&) = default;
};

struct PageStep {
  std::size_t number = 0;  // of the whole run, from 1
  std::size_t actor = 0;   // of those that move
  std::string text;
  std::string source;      // the line, if the text is not that line
  std::string where;       // "memory.c:217 in memory_block_online()"; empty: nowhere in the source
  bool added = false;
  bool fault = false;
  std::optional<counterexamples::StepFate> fate;
  bool no_return = false;
  std::vector<std::string> calls;    // added by the patch, that the run comes through on the way to here
  std::vector<std::string> told;     // "listener 1 is told MEM_GOING_ONLINE and answers NOTIFY_OK"
  std::vector<std::string> changes;  // "mem[0].state: MEM_OFFLINE, then MEM_ONLINE"
  std::vector<std::string> taken, released;  // locks
  std::vector<std::string> locks;            // held by the actor behind the step
  std::optional<PageLine> at;                // where the actor is now, as far as that is quoted
  std::vector<PageLine> through;             // the calls that led there, outermost first
  std::size_t visit = 0;                     // of the block's life
  std::map<std::int64_t, PageListener> listeners;  // whose state this step changes
};

struct Page {
  std::vector<std::string> actors;   // those that move, here or in the run that goes well
  std::vector<std::string> asks;     // what each asks for: "setting block 0 online"; may be empty
  std::map<std::int64_t, std::string> listeners;  // that are told something
  std::vector<std::string> locks;    // that anybody holds, in the order in which the run takes them
  std::vector<PageFunction> functions;
  std::vector<PageStep> steps;
  std::size_t total = 0;             // steps of the whole run
  std::optional<std::size_t> parts;  // number of the first step that the good run does otherwise
  std::vector<PageStep> good;        // from there on
  std::int64_t block = 0;
  std::vector<LifeVisit> visits;     // at least one
};

// The run has a trace with at least one step.
Page page_of(const counterexamples::PropertyReport& property);

// "A" for the first actor; beyond the alphabet its number.
std::string letter_of(std::size_t actor);

}  // namespace hotproof::render
