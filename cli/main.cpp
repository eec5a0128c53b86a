#include "cli/command.hpp"

int main(int argc, char** argv) {
  return hotproof::cli::run(argc, argv);
}
