#include "cli/lesson.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "cli/console.hpp"
#include "cli/lesson_check.hpp"
#include "cli/lesson_grade.hpp"
#include "counterexamples/render/text.hpp"
#include "lessons/course/page.hpp"
#include "lessons/course/progress.hpp"
#include "model/patch/unified.hpp"
#include "specs/lang/vocabulary.hpp"

namespace hotproof::cli {

namespace {

using lessons::Section;
using lessons::Unit;

// Where what was done is kept.
class ProgressFile {
 public:
  static Result<ProgressFile> open(const Settings& settings) {
    ProgressFile out;
    auto path = path_of(settings);
    if (!path) return tl::unexpected(path.error());
    out.path_ = std::move(*path);
    auto progress = read(out.path_);
    if (!progress) return tl::unexpected(progress.error());
    out.progress_ = std::move(*progress);
    return out;
  }

  const lessons::Progress& all() const { return progress_; }
  lessons::UnitProgress of(const Unit& unit) const {
    const auto known = progress_.find(unit.id);
    return known == progress_.end() ? lessons::UnitProgress{} : known->second;
  }

  // Keeps it, if it is news. What somebody else has kept meanwhile stays.
  Result<bool> keep(const Unit& unit, const lessons::UnitProgress& now) {
    if (of(unit) == now) return true;
    auto current = read(path_);
    if (!current) return tl::unexpected(current.error());
    progress_ = std::move(*current);
    progress_[unit.id] = lessons::joined(of(unit), now);
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (error) return usage_error({{folder.string(), 0, 0}, "cannot be made: " + error.message(), "--progress FILE"});
    auto file = OutputFile::open(path_);
    if (!file) return tl::unexpected(file.error());
    return file->write(lessons::write(progress_));
  }

 private:
  // A file that is not there yet tells of nothing done.
  static Result<lessons::Progress> read(const std::string& path) {
    std::error_code none;
    if (!std::filesystem::exists(path, none)) return lessons::Progress{};
    const auto text = read_text(path);
    if (!text) return tl::unexpected(text.error());
    auto progress = lessons::read_progress(*text, path);
    if (!progress) return usage_error(progress.error());
    return std::move(*progress);
  }

  static Result<std::string> path_of(const Settings& settings) {
    if (!settings.progress.empty()) return settings.progress;
    constexpr const char* name = "hotproof/lessons";
    const char* state = std::getenv("XDG_STATE_HOME");
    // The specification of XDG's folders: a path that is not absolute is to be ignored.
    if (state != nullptr && *state == '/') return std::string(state) + "/" + name;
    const char* home = std::getenv("HOME");
    if (home != nullptr && *home == '/') return std::string(home) + "/.local/state/" + name;
    return usage_error({{}, "there is no HOME to keep progress in", "--progress FILE"});
  }

  std::string path_;
  lessons::Progress progress_;
};

Result<std::vector<Unit>> units_of(const Settings& settings) {
  if (settings.lessons.empty()) {
    auto course = lessons::course();
    if (!course) return internal_error(course.error());
    return std::move(*course);
  }
  std::vector<Unit> out;
  for (const std::string& path : settings.lessons) {
    const auto text = read_text(path);
    if (!text) return tl::unexpected(text.error());
    auto unit = lessons::read_unit(*text, path);
    if (!unit) return usage_error(unit.error());
    for (const Unit& other : out)
      if (other.id == unit->id) return usage_error({{path, 0, 0}, "there is already a unit '" + unit->id + "'", other.file});
    out.push_back(std::move(*unit));
  }
  return out;
}

// By number, from 1, or by name.
Result<std::size_t> find_unit(const std::vector<Unit>& units, const std::string& name) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc() && end == name.data() + name.size() && number >= 1 && number <= units.size()) return number - 1;
  std::vector<std::string_view> ids;
  for (const Unit& unit : units) ids.push_back(unit.id);
  const auto found = std::find(ids.begin(), ids.end(), name);
  if (found != ids.end()) return static_cast<std::size_t>(found - ids.begin());
  const std::string hint = spec::suggestion(name, ids);
  return usage_error({{}, "there is no unit '" + name + "'", hint.empty() ? "1 to " + std::to_string(units.size()) : hint});
}

std::string par_in_words(const checker::RunCost& cost) {
  const auto count = [](std::uint32_t n, const char* one, const char* many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
  };
  return count(cost.faults, "fault", "faults") + ", " + count(cost.switches, "switch", "switches") + ", " +
         count(cost.steps, "step", "steps");
}

checker::RunCost par_of(const Unit& unit) { return {unit.par->faults, unit.par->switches, unit.par->steps}; }

std::string rules_in_words(const std::vector<spec::SpecProperty>& properties) {
  std::string out;
  for (const spec::SpecProperty& property : properties) {
    const bool cover = property.kind == ir::PropertyKind::cover;
    out += (out.empty() ? "" : "\n") + property.id + (cover ? " (some run must get there): " : ": ") + property.says + "\n";
  }
  return out;
}

// What the learner is to do, in the words of the verb.
Result<std::string> task_of(const Unit& unit) {
  const std::string answer = " `hotproof lesson " + unit.id + " --answer FILE` grades ";
  if (unit.verb == lessons::Verb::specify_it)
    return "Write a property that holds on each good variant, is violated on each bad one, and has something to say of each "
           "(docs/specs.md)." + answer + "a file with it.";
  const auto properties = chosen_by(unit);
  if (!properties) return tl::unexpected(properties.error());
  const std::string rules = "\n\n" + rules_in_words(*properties);
  if (unit.verb == lessons::Verb::break_it)
    return "You are the scheduler, and you decide what fails and who answers what. Violate this:" + rules + "\nPar is " +
           par_in_words(par_of(unit)) + ": nothing is cheaper, compared in this order.\n\nAn answer is what is done, step by step: a "
           "number takes that choice, the name of an actor its only step, NAME:3 three of them, NAME:all as many as come "
           "without a choice, 'undo' takes one back." + answer + "it and shows what can be done next; with - on a terminal, you are asked.";
  if (unit.verb == lessons::Verb::explain_it)
    return "Below is a run. Which step was the last before which the violation could still be avoided, whatever the others do? "
           "And which things of the list would, each by itself, have prevented it in every run? An answer has two lines:\n\n"
           "  no-return STEP\n  prevents NUMBER NUMBER\n\nEither may be 'none'." + answer + "it." + rules;
  return "Change the C until all of this holds, on every run, and is not true for want of anything happening:" + rules +
         "\n`hotproof lesson " + unit.id + " --program` prints " + unit.source + "." + answer +
         "the whole changed file, or an edit (docs/edits.md).";
}

// How the variant differs from the model as it stands.
Result<std::string> variant_text(const Unit& unit, const Subject& start, const lessons::Variant& variant) {
  const auto changed = with_block(start, unit, variant.edit);
  if (!changed) return tl::unexpected(changed.error());
  std::string out;
  for (const std::string& path : changed->tree.changed()) {
    const auto before = start.tree.read(path);
    const auto after = changed->tree.read(path);
    if (before != nullptr && after != nullptr) out += patch::unified_diff(path, before->text, after->text);
  }
  return out.empty() ? "as above\n" : out;
}

Result<lessons::Page> page_for(const std::vector<Unit>& units, std::size_t number, const render::Style& style) {
  const Unit& unit = units[number];
  lessons::Page page = lessons::page_of(unit, number + 1, units.size());
  auto task = task_of(unit);
  if (!task) return tl::unexpected(task.error());
  const auto subject = lesson_subject(unit);
  if (!subject) return tl::unexpected(subject.error());
  if (unit.ground == lessons::Ground::program) {
    page.sections.push_back({unit.source, Section::Kind::program, subject->start.tree.read(unit.source)->text});
    if (unit.world.line > 0) page.sections.push_back({lessons::world_file, Section::Kind::program, unit.world.text});
  } else {
    const auto model = lesson_model(unit, subject->start, {});
    if (!model) return tl::unexpected(model.error());
    page.sections.push_back({"", Section::Kind::prose,
                             "The C is " + unit.source + " of the reference model: `hotproof lesson " + unit.id +
                                 " --program` prints it. Who takes part: " + model->scenario + "."});
  }
  for (const lessons::Variant& variant : unit.variants) {
    auto text = variant_text(unit, subject->start, variant);
    if (!text) return tl::unexpected(text.error());
    page.sections.push_back({std::string(variant.good ? "Good: " : "Bad: ") + variant.name, Section::Kind::plain, std::move(*text)});
  }
  page.sections.push_back({"To do", Section::Kind::prose, std::move(*task)});
  if (unit.verb == lessons::Verb::explain_it) {
    const auto riddle = riddle_of(unit);
    if (!riddle) return tl::unexpected(riddle.error());
    page.sections.push_back({"The run", Section::Kind::plain, shown(*riddle, style)});
  }
  if (unit.verb == lessons::Verb::break_it) {
    const auto game = game_of(unit);
    if (!game) return tl::unexpected(game.error());
    const auto start = play(**game, {"", ""}, style);
    if (!start) return tl::unexpected(start.error());
    std::string lines;
    for (const std::string& line : start->said) lines += line + "\n";
    page.sections.push_back({"The start", Section::Kind::plain, std::move(lines)});
  }
  return page;
}

// What was found out about an answer.
std::string graded_text(const Unit& unit, const Grade& grade, const render::Style& style) {
  std::string out;
  for (const std::string& line : grade.said) out += line + "\n";
  if (!out.empty()) out += "\n";
  for (const counterexamples::PropertyReport& run : grade.runs) out += render::violation(run, unit.id, style) + "\n";
  for (const Finding& finding : grade.findings) {
    for (const std::string& line : render::filled(render::safe("Not yet: " + finding.text, style.utf8), style.width))
      out += coloured(line, render::Colour::red, style) + "\n";
  }
  if (!grade.passed()) return out + "`hotproof lesson " + unit.id + " --hint` helps.\n";
  std::string done = "Done: " + unit.id + ".";
  if (grade.cost && unit.par) {
    const bool best = *grade.cost == par_of(unit);
    done += " " + par_in_words(*grade.cost) + (best ? ": that is par, nothing is cheaper." : "; par is " + par_in_words(par_of(unit)) + ".");
  }
  return out + coloured(done, render::Colour::green, style) + "\n";
}

int show_to(OutputFile& output, const std::string& text) {
  const auto written = output.write(text);
  return written ? Exit::all_hold : fail(written.error());
}

int answer(const Settings& settings, const Unit& unit, ProgressFile& progress, OutputFile& output) {
  const render::Style style = style_for(settings);
  Result<Grade> graded = internal_error(defect("no grade"));
  if (unit.verb == lessons::Verb::break_it && settings.answer == "-" && isatty(STDIN_FILENO) == 1) {
    const auto game = game_of(unit);
    if (!game) return fail(game.error());
    graded = play_by_hand(**game, style);
  } else {
    const auto text = read_text(settings.answer);
    if (!text) return fail(text.error());
    graded = grade(unit, {*text, settings.answer == "-" ? "standard input" : settings.answer}, style);
  }
  if (!graded) return fail(graded.error());
  const int status = show_to(output, graded_text(unit, *graded, style));
  if (!graded->passed()) return status == Exit::all_hold ? graded->wrong : status;
  lessons::UnitProgress now = progress.of(unit);
  now.done = true;
  if (graded->cost) {
    const std::array cost{graded->cost->faults, graded->cost->switches, graded->cost->steps};
    if (!now.best || cost < *now.best) now.best = cost;
  }
  const auto kept = progress.keep(unit, now);
  return kept ? status : fail(kept.error());
}

// The next one only: a hint that was not asked for helps nobody.
int hint(const Settings& settings, const Unit& unit, ProgressFile& progress, OutputFile& output) {
  lessons::UnitProgress now = progress.of(unit);
  const bool all = now.hints >= lessons::hints_of_a_unit;
  if (!all) ++now.hints;
  const std::string count = std::to_string(now.hints) + " of " + std::to_string(lessons::hints_of_a_unit);
  lessons::Page page{"Hint " + count, unit.title, {{"", Section::Kind::prose, unit.hints[now.hints - 1].text}}};
  if (all) page.sections.push_back({"", Section::Kind::prose, "There is no other one; --solution gives up."});
  if (const auto kept = progress.keep(unit, now); !kept) return fail(kept.error());
  return show_to(output, lessons::text(page, style_for(settings)));
}

int check(const std::vector<Unit>& units, OutputFile& output, const render::Style& style) {
  std::string out;
  std::size_t wrong = 0;
  for (const Unit& unit : units) {
    const auto checked = check_lesson(unit);
    if (!checked) return fail(checked.error());
    if (checked->problems.empty()) out += unit.id + ": " + render::safe(checked->summary, style.utf8) + "\n";
    else ++wrong;
    for (const std::string& problem : checked->problems) out += render::safe(problem, style.utf8) + "\n";
  }
  const std::string count = std::to_string(units.size()) + (units.size() == 1 ? " unit" : " units");
  out += wrong == 0 ? count + ": all are as they say\n" : std::to_string(wrong) + " of " + count + " not as they say\n";
  const int status = show_to(output, out);
  return status == Exit::all_hold && wrong > 0 ? Exit::violated : status;
}

// As it is, for a file or another program; what a terminal would act on is made harmless there.
std::string as_file(const std::string& text, const Settings& settings) {
  if (!settings.output.empty() || isatty(STDOUT_FILENO) != 1) return text;
  return lessons::plain(text, style_for(settings));
}

int one_unit(const Settings& settings, const std::vector<Unit>& units, std::size_t number, OutputFile& output) {
  const Unit& unit = units[number];
  if (settings.program) {
    const auto subject = lesson_subject(unit);
    if (!subject) return fail(subject.error());
    return show_to(output, as_file(subject->start.tree.read(unit.source)->text, settings));
  }
  if (settings.give_up) return show_to(output, as_file(unit.solution.text, settings));
  auto progress = ProgressFile::open(settings);
  if (!progress) return fail(progress.error());
  if (!settings.answer.empty()) return answer(settings, unit, *progress, output);
  if (settings.hint) return hint(settings, unit, *progress, output);
  render::Style style = style_for(settings);
  if (settings.page) style = {false, true, 110};
  const auto page = page_for(units, number, style);
  if (!page) return fail(page.error());
  return show_to(output, settings.page ? lessons::html(*page) : lessons::text(*page, style));
}

std::optional<Failure> contradiction(const Settings& settings) {
  const int asked = (settings.answer.empty() ? 0 : 1) + (settings.hint ? 1 : 0) + (settings.give_up ? 1 : 0) +
                    (settings.program ? 1 : 0) + (settings.check_lessons ? 1 : 0) + (settings.page ? 1 : 0);
  if (asked > 1)
    return Failure{{{}, "--answer, --hint, --solution, --program, --check and --format html exclude each other", ""}, Exit::usage};
  if (settings.names.size() > 1) return Failure{{{}, "one unit at a time", "hotproof lesson N"}, Exit::usage};
  if (asked == 1 && settings.names.empty() && !settings.check_lessons)
    return Failure{{{}, "which unit is meant?", "hotproof lesson N"}, Exit::usage};
  return std::nullopt;
}

int run_lesson(const Settings& settings) {
  if (const auto wrong = contradiction(settings)) return fail(*wrong);
  const auto units = units_of(settings);
  if (!units) return fail(units.error());
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  watch_for_interrupt();
  std::optional<std::size_t> number;
  if (!settings.names.empty()) {
    const auto found = find_unit(*units, settings.names.front());
    if (!found) return fail(found.error());
    number = *found;
  }
  if (settings.check_lessons)
    return check(number ? std::vector<Unit>{(*units)[*number]} : *units, *output, style_for(settings));
  if (number) return one_unit(settings, *units, *number, *output);
  const auto progress = ProgressFile::open(settings);
  if (!progress) return fail(progress.error());
  return show_to(*output, lessons::list(*units, progress->all(), style_for(settings)));
}

}  // namespace

Command lesson_command() {
  return {
      "lesson",
      "Learn lock and error-path reasoning, graded by the engines",
      "A course on the life of a memory block. Without a unit, the list of all with what was done of them. Units are of four\n"
      "kinds: break it (you schedule and inject faults), explain it (which step was the last chance?), fix it (change the\n"
      "C until all holds), specify it (write the rule that tells right from wrong). Exit status of --answer: 0 it is right,\n"
      "1 it is not. docs/lessons.md lists the units and says how to write one.",
      "  hotproof lesson\n"
      "  hotproof lesson 3\n"
      "  hotproof lesson 3 --hint\n"
      "  hotproof lesson 3 --program > mine.c; $EDITOR mine.c; hotproof lesson 3 --answer mine.c\n"
      "  hotproof lesson lock-order --answer -",
      joined({names_option("A unit, by its number or its name; none: the list"), lesson_options()}),
      run_lesson,
  };
}

}  // namespace hotproof::cli
