#include "verify/program_main.hpp"

int main(int argc, char** argv) {
  return hotproof::verify::run(argc, argv);
}
