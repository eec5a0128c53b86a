#include "cli/lesson_model.hpp"

#include <algorithm>
#include <map>

#include "cli/console.hpp"
#include "cli/pipeline.hpp"
#include "lessons/course/files.hpp"
#include "model/patch/edit.hpp"

namespace hotproof::cli {

namespace {

using lessons::Ground;
using lessons::Unit;

constexpr double seconds_of_a_search = 60;
constexpr const char* actors_file = "lessons/actors.c";

// A place in the unit's program is one in the unit's file.
Diagnostic of_unit(Diagnostic diagnostic, const Unit& unit) {
  const bool program = diagnostic.place.file == lessons::program_file && unit.ground == Ground::program;
  const bool world = diagnostic.place.file == lessons::world_file && unit.ground == Ground::program;
  if (!program && !world) return lessons::in_unit(std::move(diagnostic), unit.file);
  const std::uint32_t first = program ? unit.program.line : unit.world.line;
  diagnostic.place.file = unit.file;
  if (diagnostic.place.line > 0) diagnostic.place.line += first - 1;
  return lessons::in_unit(std::move(diagnostic), unit.file);
}

Settings settings_of(const Unit& unit) {
  Settings out;
  const auto number = [](const std::string& text) { return text[0] - '0'; };
  for (const lessons::Value& value : unit.scenario) {
    if (value.name == "arch") out.architecture = value.value;
    if (value.name == "altmap") out.altmap = value.value == "yes" ? When::always : When::never;
    if (value.name == "life") out.life = true;
    if (value.name == "boot") out.boot = true;
    if (value.name == "stop") out.stop = true;
    if (value.name == "blocks") out.blocks = number(value.value);
    if (value.name == "listeners") out.listeners = number(value.value);
    if (value.name == "workers") out.workers = number(value.value);
    if (value.name == "readers") out.readers = number(value.value);
    if (value.name == "registrars") out.registrars = number(value.value);
  }
  return out;
}

std::string architecture_of(const Unit& unit, const Subject& subject) {
  return scenario_request(subject, settings_of(unit)).arch;
}

// Each calls its function once; behind that it may stay for ever.
std::string actors_text(const Unit& unit) {
  std::string out;
  for (const lessons::Actor& actor : unit.actors) {
    out += "void run_" + actor.name + "(long number)\n{\n\t" + actor.function + "(number);\n" +
           "\tfor (;;) {\n\t\t__hp_rest();\n\t\t__VERIFIER_atomic_begin();\n\t\t__VERIFIER_assume(0);\n"
           "\t\t__VERIFIER_atomic_end();\n\t}\n}\n\n";
  }
  const std::string all = unit.program.text + unit.world.text;
  if (all.find("hp_init(") == std::string::npos) out += "void hp_init(void) { }\n";
  return out;
}

std::vector<std::pair<std::string, std::string>> around_a_program(const Unit& unit) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const char* path : {"model/env/intrinsics.h", "model/env/locks.c"})
    out.emplace_back(path, embedded::text_of(embedded::env(), path));
  out.emplace_back("lessons/prelude.h", embedded::text_of(embedded::lessons(), "lessons/prelude.h"));
  out.emplace_back(lessons::world_file, unit.world.text);
  out.emplace_back(actors_file, actors_text(unit));
  return out;
}

counterexamples::Sources sources_over(const SourceTree& tree, std::vector<std::pair<std::string, std::string>> others) {
  const auto files = std::make_shared<std::map<std::string, std::shared_ptr<const SourceFile>, std::less<>>>();
  for (auto& [path, text] : others)
    (*files)[path] = std::make_shared<const SourceFile>(SourceFile{path, std::move(text), {}, {}});
  return {[tree, files](std::string_view path) {
            const auto own = files->find(path);
            return own == files->end() ? tree.read(path) : own->second;
          },
          [](std::string_view path) { return path.starts_with("model/") || path.starts_with("lessons/"); }};
}

struct Lowering {
  lower::Lowered lowered;
  std::string scenario;
  std::vector<std::pair<std::string, std::string>> files;
};

Result<Lowering> lowered_program(const Unit& unit, const Subject& subject,
                                 const std::vector<spec::SpecProperty>& properties) {
  Lowering out;
  out.files = around_a_program(unit);
  c::Program program(subject.tree, {unit.source}, c::Configuration{});
  lower::Options options;
  for (auto it = out.files.rbegin(); it != out.files.rend(); ++it) {
    program.add_first(it->first, it->second);
    if (it->first != lessons::world_file) options.environment.push_back(it->first);
  }
  for (const lessons::Actor& actor : unit.actors) {
    if (program.function(actor.function) == nullptr)
      return usage_error({actor.place, "there is no function '" + actor.function + "'", ""});
    options.actors.push_back({actor.name, "run_" + actor.name, actor.argument});
  }
  options.watched_calls = spec::watched_calls(properties);
  options.constants = spec::constants(properties);
  for (const char* name : {"MEM_ONLINE", "MEM_GOING_ONLINE", "MEM_CANCEL_ONLINE", "MEM_OFFLINE", "MEM_GOING_OFFLINE",
                           "MEM_CANCEL_OFFLINE", "NOTIFY_DONE", "NOTIFY_OK", "NOTIFY_BAD"})
    options.constants.push_back(name);
  options.sets = {{"block", 1}, {"listener", 3}, {"node", 1}};
  options.seconds = seconds_of_a_search;
  options.interrupted = interrupt_flag();
  lower::Mir mir(program);
  auto lowered = lower::lower(mir, options);
  if (!lowered) return usage_error(of_unit(lowered.error(), unit));
  out.lowered = std::move(*lowered);
  const std::vector<Diagnostic> problems = program.problems();
  out.lowered.report.not_understood.insert(out.lowered.report.not_understood.end(), problems.begin(), problems.end());
  return out;
}

Result<Lowering> lowered_reference(const Unit& unit, const Subject& subject,
                                   const std::vector<spec::SpecProperty>& properties) {
  const auto request = scenario_request(subject, settings_of(unit));
  auto model = build(subject, request, seconds_of_a_search, properties);
  if (!model) return tl::unexpected(model.error());
  Lowering out;
  out.scenario = model->checked.report.scenario;
  out.lowered = std::move(model->lowered);
  for (const embedded::File& file : embedded::env())
    if (file.path.starts_with("model/env/") || file.path == "model/reference/world.c")
      out.files.emplace_back(std::string(file.path), std::string(file.text));
  return out;
}

}  // namespace

Result<LessonSubject> lesson_subject(const Unit& unit) {
  Subject whole{SourceTree::in_memory(unit.id, {{unit.source, unit.program.text}}), true, unit.title, {}};
  if (unit.ground != Ground::program) {
    auto reference = open_subject({});
    if (!reference) return tl::unexpected(reference.error());
    whole = std::move(*reference);
  }
  if (unit.ground == Ground::after) {
    const auto mails = embedded_mail();
    if (!mails) return tl::unexpected(mails.error());
    auto patched = with_mails(whole, *mails);
    if (!patched) return tl::unexpected(patched.error());
    whole = std::move(patched->subject);
  }
  if (!whole.tree.exists(unit.source))
    return usage_error({{unit.file, 0, 0}, "the model has no file '" + unit.source + "'", ""});
  auto start = with_block(whole, unit, unit.start);
  if (!start) return tl::unexpected(start.error());
  return LessonSubject{std::move(whole), std::move(*start)};
}

Result<std::vector<spec::SpecProperty>> lesson_properties(const Unit& unit) {
  auto all = known_properties({});
  if (!all) return all;
  std::erase_if(*all, [](const spec::SpecProperty& property) { return property.temporal; });
  if (unit.specs.line == 0) return all;
  auto own = spec::parse(lessons::in_place(unit.specs), unit.file);
  if (!own) return usage_error(lessons::in_unit(own.error(), unit.file));
  for (spec::SpecProperty& property : *own) {
    if (property.temporal)
      return usage_error(lessons::in_unit({property.place, "a unit is not graded by a formula about what happens in the end", ""}, unit.file));
    const auto same = [&property](const spec::SpecProperty& other) { return other.id == property.id; };
    if (std::any_of(all->begin(), all->end(), same))
      return usage_error(lessons::in_unit({property.place, "there is already a property '" + property.id + "'", ""}, unit.file));
    all->push_back(std::move(property));
  }
  return all;
}

Result<Subject> with_edit_text(const Subject& subject, const Unit& unit, const std::string& text, const std::string& file) {
  const auto edit = patch::read_edit(text, file);
  if (!edit) return usage_error(lessons::in_unit(edit.error(), unit.file));
  auto edited = with_edit(subject, *edit, architecture_of(unit, subject));
  if (!edited) edited.error().diagnostic = lessons::in_unit(edited.error().diagnostic, unit.file);
  return edited;
}

Result<Subject> with_block(const Subject& subject, const Unit& unit, const lessons::Block& block) {
  if (block.line == 0) return subject;
  return with_edit_text(subject, unit, lessons::in_place(block), unit.file);
}

Result<LessonModel> lesson_model(const Unit& unit, const Subject& subject,
                                 const std::vector<spec::SpecProperty>& properties) {
  auto lowering = unit.ground == Ground::program ? lowered_program(unit, subject, properties)
                                                 : lowered_reference(unit, subject, properties);
  if (!lowering) return tl::unexpected(lowering.error());
  const lower::Report& report = lowering->lowered.report;
  if (!report.stopped_by.empty())
    return tl::unexpected(Failure{{{}, "the model could not be made: " + report.stopped_by, ""}, Exit::undecided});
  LessonModel out;
  out.not_understood = report.not_understood;
  out.scenario = lowering->scenario;
  out.sources = sources_over(subject.tree, std::move(lowering->files));
  auto instrumented = spec::instrument(lowering->lowered.system, properties);
  if (!instrumented) return usage_error(instrumented.error());
  out.instrumented = std::move(*instrumented);
  return out;
}

Result<std::vector<counterexamples::PropertyReport>> lesson_verdicts(const LessonModel& model,
                                                                     const std::vector<spec::SpecProperty>& properties,
                                                                     bool with_runs) {
  SearchRequest request;
  request.plainest_runs = with_runs;
  request.explain = with_runs;
  request.options.limits.seconds = seconds_of_a_search;
  request.options.interrupted = interrupt_flag();
  request.sources = model.sources;
  std::vector<counterexamples::PropertyReport> found;
  if (!model.instrumented.system.properties.empty()) {
    auto report = search(model.instrumented, request);
    if (!report) return tl::unexpected(report.error());
    found = std::move(report->properties);
  }
  std::vector<counterexamples::PropertyReport> out;
  for (const spec::SpecProperty& property : properties) {
    const auto known = std::find_if(found.begin(), found.end(), [&property](const auto& p) { return p.id == property.id; });
    if (known != found.end()) {
      out.push_back(std::move(*known));
      continue;
    }
    counterexamples::PropertyReport silent;
    silent.id = property.id;
    silent.says = property.says;
    silent.applicable = false;
    silent.verdict = checker::Verdict::vacuous;
    for (const spec::Inapplicable& one : model.instrumented.inapplicable)
      if (one.property.id == property.id) silent.reason = one.reason;
    out.push_back(std::move(silent));
  }
  return out;
}

}  // namespace hotproof::cli
