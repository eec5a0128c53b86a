#include "cli/traces.hpp"

#include <algorithm>
#include <filesystem>

#include "checker/certify/certify.hpp"
#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/inputs.hpp"
#include "cli/patch.hpp"
#include "cli/simulated.hpp"
#include "model/eval/interpreter.hpp"
#include "model/ir/text.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

// A run for ever can be explained, and no model is kept to go along it.
bool can_be_recorded(const PropertyReport& property) {
  if (property.verdict != Verdict::violated || !property.trace) return false;
  return (property.run && property.system) || property.trace->loop_start;
}

// An id is made of letters, digits and hyphens; a file of properties may hold others.
std::string file_name(const std::string& id, bool before) {
  std::string out;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    out += plain ? c : '_';
  }
  return out + (before ? ".before.trace" : ".trace");
}

// The settings without anything that would be written, and without what is only said beside the verdict.
Settings only_checking(Settings settings) {
  settings.output.clear();
  settings.certificate.clear();
  settings.record.clear();
  settings.suggest = false;
  settings.no_claims = true;
  settings.claims.clear();
  return settings;
}

// Where a trace was written is no matter of whoever makes it again.
std::vector<std::string> arguments_without_record() {
  std::vector<std::string> out;
  const std::vector<std::string>& all = given_arguments();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == "--record") {
      ++i;
    } else if (!all[i].starts_with("--record=")) {
      out.push_back(all[i]);
    }
  }
  return out;
}

class Recorder {
 public:
  explicit Recorder(const Settings& settings) : folder_(settings.record) {}

  struct Reports {
    const CheckReport* after;
    const PatchReport* change;  // null: there is none
  };
  Result<std::string> record(const Reports& reports) {
    if (folder_.empty()) return std::string();
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) return usage_error({{folder_}, "this folder cannot be made: " + error.message(), ""});
    for (const PropertyReport& property : reports.after->properties)
      if (auto written = write(*reports.after, property, false); !written) return tl::unexpected(written.error());
    if (reports.change != nullptr)
      for (const PropertyReport& property : reports.change->before.properties) {
        const auto change = reports.change->changes.find(property.id);
        if (change == reports.change->changes.end() || change->second != Change::fixed) continue;
        if (auto written = write(reports.change->before, property, true); !written) return tl::unexpected(written.error());
      }
    return std::to_string(count_) + (count_ == 1 ? " trace" : " traces") + " recorded in " + folder_ +
           (count_ == 0 ? ": nothing is violated by a run\n" : " (see `hotproof explain`)\n");
  }

 private:
  static RecordedTrace recorded(const CheckReport& report, const PropertyReport& property, bool before) {
    RecordedTrace out;
    out.arguments = arguments_without_record();
    out.before = before;
    std::error_code ignored;
    out.directory = std::filesystem::current_path(ignored).string();
    out.title = report.title;
    out.architecture = report.architecture;
    out.scenario = report.scenario;
    if (property.system) out.system_sha256 = checker::certify::hash_of(ir::write(*property.system));
    out.property = property;
    if (report.suggestions)
      for (const SuggestionReport& fix : report.suggestions->suggestions)
        if (std::find(fix.mends.begin(), fix.mends.end(), property.id) != fix.mends.end()) out.fixes.push_back(fix);
    out.property.seconds = 0;  // the same every time
    out.property.system.reset();
    out.property.sources.reset();
    return out;
  }

  Result<bool> write(const CheckReport& report, const PropertyReport& property, bool before) {
    if (!can_be_recorded(property)) return true;
    const std::string name = file_name(property.id, before);
    auto file = OutputFile::open((std::filesystem::path(folder_) / name).string());
    if (!file) return tl::unexpected(file.error());
    const auto written = file->write(to_text(recorded(report, property, before)));
    if (!written) return tl::unexpected(written.error());
    ++count_;
    return true;
  }

  std::string folder_;
  std::size_t count_ = 0;
};

Result<Invocation> understood(const RecordedTrace& trace) {
  auto invocation = parse(trace.arguments);
  if (invocation) return invocation;
  Failure failure = invocation.error();
  failure.diagnostic.message = "the command that the trace was recorded by is not understood: " + failure.diagnostic.message;
  return tl::unexpected(failure);
}

Result<CheckReport> checked_again(const RecordedTrace& trace) {
  const auto invocation = understood(trace);
  if (!invocation) return tl::unexpected(invocation.error());
  const Settings settings = only_checking(invocation->settings);
  const std::string name = invocation->command->name;
  if (name == "check" && !trace.before) return check_report(settings);
  if (name == "check") return reference_before(settings);
  if (name != "patch")
    return usage_error({{}, "the trace was recorded by `hotproof " + name + "`, which makes no model again", ""});
  if (std::find(settings.mails.begin(), settings.mails.end(), "-") != settings.mails.end())
    return usage_error({{}, "the trace was recorded of a patch from standard input, which is gone", "give the patch by name"});
  const auto mails = read_mails(settings.mails);
  if (!mails) return tl::unexpected(mails.error());
  const auto subject = open_subject(settings);
  if (!subject) return tl::unexpected(subject.error());
  auto report = compare(*subject, *mails, settings);
  if (!report) return tl::unexpected(report.error());
  return std::move(trace.before ? report->before : report->after);
}

std::optional<ir::PropertyId> find_property(const ir::TransitionSystem& system, const std::string& id) {
  const auto found = std::find_if(system.properties.begin(), system.properties.end(),
                                  [&id](const ir::Property& property) { return property.id == id; });
  if (found == system.properties.end()) return std::nullopt;
  return static_cast<ir::PropertyId>(found - system.properties.begin());
}

bool is_of(const RecordedTrace& trace, const ir::TransitionSystem& system) {
  return checker::certify::hash_of(ir::write(system)) == trace.system_sha256;
}

tl::unexpected<Failure> another_model(const RecordedTrace& trace) {
  return usage_error({{},
                      "the model is another one now: the tree, the patch or hotproof has changed since the trace was "
                      "recorded in " + trace.directory,
                      "record it again"});
}

Result<MadeAgain> recorded_again(const RecordedTrace& trace) {
  const auto report = checked_again(trace);
  if (!report) return tl::unexpected(report.error());
  for (const PropertyReport& property : report->properties) {
    if (property.id != trace.property.id || property.system == nullptr || !is_of(trace, *property.system)) continue;
    return MadeAgain{property.system, property.sources, *find_property(*property.system, property.id)};
  }
  return another_model(trace);
}

// Of a run that somebody chose step by step.
Result<MadeAgain> simulated_again(const RecordedTrace& trace) {
  auto invocation = understood(trace);
  if (!invocation) return tl::unexpected(invocation.error());
  Settings settings = only_checking(invocation->settings);
  settings.trace.clear();
  settings.run_to.clear();
  auto model = simulated(settings);
  if (!model) return tl::unexpected(model.error());
  const auto property = find_property((*model)->model.system, trace.property.id);
  if (!property || !is_of(trace, (*model)->model.system)) return another_model(trace);
  return MadeAgain{std::make_shared<const ir::TransitionSystem>(std::move((*model)->model.system)),
                   std::make_shared<const Sources>(std::move((*model)->model.sources)), *property};
}

}  // namespace

Result<std::string> record_traces(const CheckReport& report, const Settings& settings) {
  return Recorder(settings).record({&report, nullptr});
}

Result<std::string> record_traces(const PatchReport& report, const Settings& settings) {
  return Recorder(settings).record({&report.after, &report});
}

Result<RecordedTrace> read_trace(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  auto read = read_recorded(*text, path);
  if (!read) return usage_error(read.error());
  return std::move(*read);
}

Result<MadeAgain> made_again(const RecordedTrace& trace) {
  if (!trace.property.run)
    return usage_error({{},
                        trace.property.trace && trace.property.trace->loop_start
                            ? "the trace is of a run for ever, which nobody can go along to its end"
                            : "the trace holds no run of a model",
                        "it can be explained, but not made again"});
  auto found = !trace.arguments.empty() && trace.arguments[0] == "simulate" ? simulated_again(trace) : recorded_again(trace);
  if (!found) return found;
  const auto replayed = eval::replay(*found->system, *trace.property.run);
  if (!replayed) return usage_error({{}, "the recorded run is none of its model: " + replayed.error().message, ""});
  return found;
}

}  // namespace hotproof::cli
