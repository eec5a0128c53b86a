// A unit as people read it: on a terminal, and as a page. All that comes from files is made harmless here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/render/terminal.hpp"
#include "lessons/course/progress.hpp"
#include "lessons/course/unit.hpp"

namespace hotproof::lessons {

struct Section {
  std::string heading;  // may be empty
  enum class Kind : std::uint8_t {
    prose,    // paragraphs; lines that stand further in stay as they are
    program,  // lines with their numbers
    plain     // lines as they are
  } kind = Kind::prose;
  std::string text;
};

struct Page {
  std::string title;
  std::string above;  // where in the course, and what it teaches
  std::vector<Section> sections;
};

// The unit's own part of its page: title and text. `number` of `count`, from 1.
Page page_of(const Unit& unit, std::size_t number, std::size_t count);

std::string text(const Page& page, const render::Style& style);
// Lines as they are, but harmless.
std::string plain(std::string_view text, const render::Style& style);
// One file without scripts and without anything from elsewhere.
std::string html(const Page& page);

// The course, a line a unit, with what was done of it.
std::string list(const std::vector<Unit>& units, const Progress& progress, const render::Style& style);

}  // namespace hotproof::lessons
