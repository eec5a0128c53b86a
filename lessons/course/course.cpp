#include <algorithm>

#include "lessons/course/files.hpp"
#include "lessons/course/unit.hpp"

namespace hotproof::lessons {

// The files are named so that their order is that of the course.
Outcome<std::vector<Unit>> course() {
  std::vector<Unit> out;
  std::vector<const embedded::File*> files;
  for (const embedded::File& file : embedded::lessons())
    if (file.path.ends_with(".lesson")) files.push_back(&file);
  std::sort(files.begin(), files.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
  for (const embedded::File* file : files) {
    auto unit = read_unit(file->text, std::string(file->path));
    if (!unit) return tl::unexpected(unit.error());
    for (const Unit& other : out)
      if (other.id == unit->id) return failure({unit->file, 0, 0}, "there is already a unit '" + unit->id + "'", other.file);
    out.push_back(std::move(*unit));
  }
  return out;
}

}  // namespace hotproof::lessons
