// The program hotproof-verify, as a function: reads its command line, judges one file, prints what it found.
#pragma once

namespace hotproof::verify {

// Exit status: 0 accepted, 1 rejected, 2 not readable or wrong usage, 3 not checked in full.
int run(int argc, const char* const* argv);

}  // namespace hotproof::verify
