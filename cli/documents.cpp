#include "cli/documents.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace hotproof::cli {

namespace {

using namespace counterexamples;

std::string created() {
  std::time_t now = std::time(nullptr);
  // reproducible-builds.org: "a UNIX timestamp, in seconds"
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
    char* end = nullptr;
    const long long value = std::strtoll(fixed, &end, 10);
    if (end != fixed && *end == '\0' && value >= 0 && value < 253402300800) now = static_cast<std::time_t>(value);
  }
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> out{};
  std::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return out.data();
}

Result<bool> write_run(OutputFile& output, const render::FormatRow& form,
                       const std::optional<render::ChosenRun>& chosen, const render::Context& context) {
  if (!chosen) {
    std::fprintf(stderr, "hotproof: no violation with a run: there is nothing to write as %s\n", form.name.data());
    return true;
  }
  if (chosen->others > 0) {
    std::fprintf(stderr, "hotproof: the run is that of %s; %zu more %s violated, see --property\n",
                 chosen->run.property->id.c_str(), chosen->others, chosen->others == 1 ? "is" : "are");
  }
  return output.write(form.run(chosen->run, context));
}

}  // namespace

render::Context writing_context(const Settings& settings) {
  return {HOTPROOF_VERSION, created(), settings.strict};
}

Result<bool> write_document(OutputFile& output, const CheckReport& report, const Settings& settings) {
  const render::FormatRow& form = *render::find_format(settings.document);
  const render::Context context = writing_context(settings);
  if (form.run != nullptr) return write_run(output, form, render::choose_run(report), context);
  return output.write(form.check(report, context));
}

Result<bool> write_document(OutputFile& output, const PatchReport& report, const Settings& settings) {
  const render::FormatRow& form = *render::find_format(settings.document);
  const render::Context context = writing_context(settings);
  if (form.run != nullptr) return write_run(output, form, render::choose_run(report), context);
  return output.write(form.patch(report, context));
}

Result<bool> can_write_series(const Settings& settings) {
  if (settings.document.empty() || render::find_format(settings.document)->series != nullptr) return true;
  return usage_error({{},
                      "--format " + settings.document + " is about one run, and a series has many",
                      "`hotproof patch` takes one patch"});
}

Result<bool> write_document(OutputFile& output, const SeriesReport& report, const Settings& settings) {
  if (auto possible = can_write_series(settings); !possible) return possible;
  return output.write(render::find_format(settings.document)->series(report, writing_context(settings)));
}

}  // namespace hotproof::cli
