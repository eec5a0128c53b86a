// The parts of the page as markup: well-formed XML too, so that a strict reader sees the same as a browser.
#pragma once

#include <string>

#include "counterexamples/render/html/page.hpp"

namespace hotproof::render {

// Bytes that the quoted source takes at most; functions beyond are left out, and that is said.
inline constexpr std::size_t most_source = 200'000;

std::string run_markup(const Page& page);     // the list of steps
std::string good_markup(const Page& page);    // that of the run that goes well; empty if there is none
std::string source_markup(const Page& page);  // the functions
std::string life_markup(const Page& page);    // the block's places and its way through them
std::string state_markup(const Page& page);   // actors, locks and listeners, as they are at the end

// What the script needs beside the markup, as JSON that can stand in a script element.
std::string data_of(const Page& page);

}  // namespace hotproof::render
