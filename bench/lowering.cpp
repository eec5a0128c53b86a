// What becomes of a tree on the way to a transition system, as hashes, and how long each part of the way takes: made
// faster, lowering must give the very same bytes.
//
//   lowering TREES [WORD [FOLDER]]      TREES has 6.1/ and so on; only cases with WORD in their name; FOLDER gets the
//                                       texts that the hashes are of
//
// A case is a tree or the reference model, an architecture, what is asked for, and perhaps an edit of
// model/scenarios/edits. Of each: the hash of the system and of the report of lowering, the hash of the system that the
// engines get, and the seconds spent on the scenario (reading, scanning), lowering, observers, and the passes.
// Exit status: 0; 2 without trees.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "cli/inputs.hpp"
#include "model/ir/passes/passes.hpp"
#include "model/ir/text.hpp"
#include "specs/lang/instrument.hpp"

namespace hotproof {
namespace {

struct Case {
  std::string name;
  cli::Settings settings;
};

std::uint64_t hash(const std::string& text) {  // FNV-1a
  std::uint64_t h = 0xcbf29ce484222325U;
  for (const unsigned char c : text) h = (h ^ c) * 0x100000001b3U;
  return h;
}

std::string text_of(const lower::Report& report) {
  std::string out;
  const auto line = [&out](const std::string& text) { out += text + "\n"; };
  const auto places = [&](const std::vector<Place>& all) {
    for (const Place& place : all) line("  " + to_string(place));
  };
  for (const lower::Followed& f : report.followed) {
    line("followed " + f.function + " " + f.file + ":" + std::to_string(f.line) + " calls " + std::to_string(f.calls) +
         "/" + std::to_string(f.calls_counted) + (f.environment ? " ours" : "") + " branches " +
         std::to_string(f.branches) + "/" + std::to_string(f.branches_both_ways));
    for (const std::uint32_t statement : f.statements) line("  " + std::to_string(statement));
  }
  for (const lower::LeafUse& use : report.leaves) {
    line("leaf " + use.function + " " + std::to_string(static_cast<int>(use.leaf.kind)) + " " + use.leaf.text);
    places(use.places);
  }
  for (const lower::Harmless& harmless : report.harmless) {
    line("harmless " + harmless.function + " " + harmless.why);
    places(harmless.places);
  }
  for (const Diagnostic& problem : report.not_understood) line("gap " + to_string(problem));
  for (const std::uint32_t gap : report.gaps) line("gap number " + std::to_string(gap));
  for (const auto& functions : report.gap_functions) {
    line("gap functions");
    for (const std::string& function : functions) line("  " + function);
  }
  for (const auto& [file, lines] : report.executed) {
    line("executed " + file);
    for (const std::uint32_t number : lines) line("  " + std::to_string(number));
  }
  for (const std::string& assumption : report.assumptions) line("assumption " + assumption);
  line("stopped by " + report.stopped_by);
  return out;
}

class Clock {
 public:
  // Since the last time that this was asked.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double out = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return out;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void keep(const std::string& folder, const std::string& name, const std::string& text) {
  if (folder.empty()) return;
  std::ofstream(folder + "/" + name, std::ios::binary) << text;
}

cli::Settings without_edits(cli::Settings settings) {
  settings.edits.clear();
  return settings;
}

// The reference model is taken after the change that it comes with.
cli::Result<cli::Question> question_of(const cli::Settings& settings) {
  auto question = cli::read_question(settings.tree.empty() ? without_edits(settings) : settings);
  if (!question || !settings.tree.empty()) return question;
  const auto mails = cli::embedded_mail();
  if (!mails) return tl::unexpected(mails.error());
  auto patched = cli::with_mails(question->base, *mails);
  if (!patched) return tl::unexpected(patched.error());
  auto edited = cli::with_edits(patched->subject, settings);
  if (!edited) return tl::unexpected(edited.error());
  question->subject = std::move(*edited);
  return question;
}

void measure(const Case& one, const std::string& folder) {
  const auto question = question_of(one.settings);
  if (!question) {
    std::printf("%-32s %s\n", one.name.c_str(), to_string(question.error().diagnostic).c_str());
    return;
  }
  Clock clock;
  scenarios::Request request = cli::scenario_request(question->subject, one.settings);
  request.watched_calls = spec::watched_calls(question->properties);
  request.constants = spec::constants(question->properties);
  auto scenario = scenarios::Scenario::create(question->subject.tree, question->subject.is_reference, request);
  if (!scenario) {
    std::printf("%-32s %s\n", one.name.c_str(), to_string(scenario.error()).c_str());
    return;
  }
  const double made = clock.lap();
  lower::Options options = (*scenario)->options();
  options.seconds = one.settings.time_limit;
  const auto lowered = lower::lower((*scenario)->mir(), options);
  const double lowering = clock.lap();
  if (!lowered) {
    std::printf("%-32s %s\n", one.name.c_str(), to_string(lowered.error()).c_str());
    return;
  }
  const auto instrumented = spec::instrument(lowered->system, question->properties);
  const double observers = clock.lap();
  const ir::TransitionSystem base = ir::merge_equal(instrumented->system);
  const double equal = clock.lap();
  const ir::Rewritten merged = ir::merge(base, {});
  const double merging = clock.lap();
  const ir::Rewritten sliced = ir::chain(merged, ir::slice(merged.system));
  const double slicing = clock.lap();
  const std::string system = ir::write(lowered->system);
  const std::string report = text_of(lowered->report);
  const std::string reduced = ir::write(sliced.system);
  std::printf("%-32s %016llx %016llx %016llx | scenario %.3f lower %.3f observe %.3f equal %.3f merge %.3f slice %.3f%s\n",
              one.name.c_str(), static_cast<unsigned long long>(hash(system)),
              static_cast<unsigned long long>(hash(report)), static_cast<unsigned long long>(hash(reduced)), made,
              lowering, observers, equal, merging, slicing,
              lowered->report.stopped_by.empty() ? "" : (" stopped: " + lowered->report.stopped_by).c_str());
  keep(folder, one.name + ".system", system);
  keep(folder, one.name + ".report", report);
  keep(folder, one.name + ".reduced", reduced);
}

// Edits of model/scenarios/edits: which trees they are for is in their names.
constexpr const char* tree_edits[] = {"a5", "a7", "a8", "d1-6.1", "d2", "d3-6.1", "d3b-6.12", "d4", "d5", "d7-6.12"};
constexpr const char* reference_edits[] = {"ref-a5", "ref-a6", "ref-a7", "ref-a8"};

std::string edit_path(const std::string& name) {
  return std::string(HOTPROOF_SOURCE_DIR) + "/model/scenarios/edits/" + name + ".edit";
}

std::vector<Case> cases_of(const std::string& trees) {
  std::vector<Case> out;
  for (const char* version : {"reference", "5.10", "6.1", "6.12"}) {
    const bool reference = version == std::string("reference");
    for (const char* architecture : {"x86_64", "s390x"}) {
      cli::Settings settings;
      if (!reference) settings.tree = trees + "/" + version;
      settings.architecture = architecture;
      const std::string name = std::string(version) + "-" + architecture;
      const auto add = [&](const std::string& suffix, cli::Settings with) { out.push_back({name + suffix, std::move(with)}); };
      add("", settings);
      if (version == std::string("5.10")) continue;
      for (const char* edit : reference ? std::span<const char* const>(reference_edits) : tree_edits) {
        const std::string text = edit;
        const bool versioned = text.find("-6") != std::string::npos;
        if (versioned && !text.ends_with(std::string("-") + version)) continue;
        cli::Settings edited = settings;
        edited.edits = {edit_path(edit)};
        edited.life = text.starts_with("d3") || text.starts_with("d4");
        add("-" + text, edited);
      }
      cli::Settings more = settings;
      more.listeners = 2;
      more.stop = true;
      add("-listeners2-stop", more);
      more = settings;
      more.registrars = 1;
      more.listeners = 1;
      more.boot = true;
      add("-registrar-boot", more);
      more = settings;
      more.workers = 2;
      more.blocks = 2;
      add("-workers2-blocks2", more);
      more = settings;
      more.life = true;
      add("-life", more);
      if (reference) continue;
      more.real_listeners = true;
      add("-life-real", more);
      if (std::string(architecture) != "x86_64" || version != std::string("6.12")) continue;
      more = settings;
      more.poisoners = 1;
      add("-poisoner", more);
      more = settings;
      more.requests = "all";
      add("-ALL", more);
    }
  }
  return out;
}

}  // namespace
}  // namespace hotproof

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "lowering: TREES [WORD [FOLDER]]\n";
    return 2;
  }
  const std::string word = count > 2 ? arguments[2] : "";
  for (const hotproof::Case& one : hotproof::cases_of(arguments[1])) {
    if (word.empty() ? one.name.ends_with("-ALL") : one.name.find(word) == std::string::npos) continue;
    hotproof::measure(one, count > 3 ? arguments[3] : "");
    std::fflush(stdout);
  }
  return 0;
}
