#include "cli/mutate.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "cli/changed_functions.hpp"
#include "cli/changed_lines.hpp"
#include "cli/console.hpp"
#include "cli/equivalence.hpp"
#include "cli/inputs.hpp"
#include "cli/series_trees.hpp"
#include "counterexamples/render/mutate.hpp"
#include "model/env/files.hpp"
#include "model/patch/mutations.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using Clock = std::chrono::steady_clock;

constexpr double usual_seconds = 120;  // for one mutant

// The tree that is mutated. The reference model is the one that `check` speaks of: after the change.
Result<Subject> base_of(const Settings& settings) {
  auto subject = open_subject(settings);
  if (!subject) return subject;
  if (subject->is_reference) {
    const auto mails = embedded_mail();
    if (!mails) return tl::unexpected(mails.error());
    auto patched = with_mails(*subject, *mails);
    if (!patched) return tl::unexpected(patched.error());
    subject = std::move(patched->subject);
  }
  auto edited = with_edits(*subject, settings);
  if (edited) edited->tree = without_marks(std::move(edited->tree));
  return edited;
}

std::vector<Settings> for_each_architecture(const Settings& given) {
  Settings settings = given;
  settings.plainest_runs = false;
  if (settings.time_limit <= 0) settings.time_limit = usual_seconds;
  if (settings.tree.empty() && settings.listeners < 0) settings.listeners = 2;
  std::vector<Settings> out;
  for (const std::string& architecture : settings.architectures) {
    Settings& one = out.emplace_back(settings);
    one.architecture = architecture;
  }
  if (!out.empty()) return out;
  if (settings.tree.empty() && settings.scenario.empty()) settings.architecture = "s390x";
  return {settings};
}

Result<std::set<patch::Mutation>> chosen_mutations(const Settings& settings) {
  const auto all = patch::all_mutations();
  if (settings.operators.empty()) return std::set<patch::Mutation>(all.begin(), all.end());
  std::set<patch::Mutation> out;
  for (std::size_t at = 0; at <= settings.operators.size();) {
    const std::size_t end = std::min(settings.operators.find(',', at), settings.operators.size());
    const std::string word = settings.operators.substr(at, end - at);
    const auto found =
        std::find_if(all.begin(), all.end(), [&word](patch::Mutation mutation) { return name(mutation) == word; });
    if (found == all.end()) {
      std::string known;
      for (const patch::Mutation mutation : all) known += (known.empty() ? "" : ", ") + std::string(name(mutation));
      return usage_error({{}, "no operator is called '" + word + "'", known});
    }
    out.insert(*found);
    at = end + 1;
  }
  return out;
}

// A function that the model of some architecture follows.
struct Target {
  std::string file;
  std::uint32_t line = 0;
  std::string function;
  std::string architecture;
  auto operator<=>(const Target&) const = default;
};

// One architecture of the campaign, and what it answers of the tree as it is.
struct Side {
  Settings settings;
  CheckReport base;
};

std::string key_of(const std::string& file, const std::string& function) {
  return file + ":" + function;
}

Result<std::vector<Target>> targets_of(const std::vector<Side>& sides, const std::vector<std::string>& names) {
  std::map<std::string, Target> found;
  for (const Side& side : sides) {
    for (const FollowedReport& followed : side.base.model.followed) {
      const bool wanted = names.empty() || std::find(names.begin(), names.end(), followed.function) != names.end();
      if (followed.environment || !wanted) continue;
      found.try_emplace(key_of(followed.file, followed.function),
                        Target{followed.file, followed.line, followed.function, side.base.architecture});
    }
  }
  std::vector<Target> out;
  for (const auto& [unused, target] : found) out.push_back(target);
  for (const std::string& name : names) {
    if (std::any_of(out.begin(), out.end(), [&name](const Target& target) { return target.function == name; }))
      continue;
    return usage_error({{},
                        "the model follows no function '" + name + "'",
                        "`hotproof model` lists those that it follows; --life and --requests make them more"});
  }
  std::sort(out.begin(), out.end());
  return out;
}

// One mutant with the tree that it makes.
struct Made {
  patch::Mutant mutant;
  std::optional<Subject> subject;  // none: refused
  std::string refused;
};

class Maker {
 public:
  explicit Maker(const Subject& base) : base_(base) {}

  // Those of one function that differ from the tree as it is, and from all made before.
  void add(const Target& target, const std::set<patch::Mutation>& mutations) {
    c::Program program = program_of(target);
    for (patch::Mutant& mutant : patch::mutants(program, target.file, target.function, mutations))
      add(std::move(mutant), target.architecture);
  }

  std::vector<Made> take(std::size_t most) && {
    if (most == 0 || made_.size() <= most) return std::move(made_);
    std::vector<Made> out;
    for (std::size_t i = 0; i < most; ++i) out.push_back(std::move(made_[i * made_.size() / most]));
    return out;
  }
  std::size_t size() const { return made_.size(); }
  std::size_t same() const { return same_; }

 private:
  c::Program program_of(const Target& target) const {
    std::vector<std::string> files = {target.file};
    const std::vector<std::string> read =
        base_.is_reference ? base_.tree.changed() : env::model_files(base_.tree, target.architecture);
    std::copy_if(read.begin(), read.end(), std::back_inserter(files),
                 [&target](const std::string& file) { return file != target.file; });
    c::Configuration configuration =
        base_.is_reference ? c::Configuration{} : env::default_configuration(target.architecture);
    for (const auto& [name, value] : base_.settings)
      if (name.starts_with("CONFIG_")) configuration.defined[name] = value;
    return {base_.tree, std::move(files), std::move(configuration)};
  }

  void add(patch::Mutant mutant, const std::string& architecture) {
    const auto edit = patch::read_edit(mutant.edit, mutant.id);
    auto subject = edit ? with_edit(base_, *edit, architecture) : usage_error(edit.error());
    if (!subject) {
      made_.push_back({std::move(mutant), std::nullopt, subject.error().diagnostic.message});
      return;
    }
    const auto before = base_.tree.read(mutant.file);
    const auto after = subject->tree.read(mutant.file);
    if (after->text == before->text || !texts_.insert(mutant.file + "\n" + after->text).second) {
      ++same_;
      return;
    }
    made_.push_back({std::move(mutant), std::move(*subject), ""});
  }

  const Subject& base_;
  std::vector<Made> made_;
  std::set<std::string> texts_;
  std::size_t same_ = 0;
};

// What one architecture says of a mutant.
struct Said {
  Fate fate = Fate::not_executed;
  std::vector<std::string> by;
  std::string why;
};

// None of its lines is executed by the model of the tree as it is.
bool is_dead(const patch::Mutant& mutant, const CheckReport& base) {
  const auto& all = base.model.followed;
  const auto followed = std::find_if(all.begin(), all.end(), [&mutant](const FollowedReport& f) {
    return f.file == mutant.file && f.function == mutant.function && !f.environment;
  });
  if (followed == all.end()) return true;
  return std::all_of(mutant.lines.begin(), mutant.lines.end(), [&](std::uint32_t line) {
    return std::find(followed->missing.begin(), followed->missing.end(), line) != followed->missing.end();
  });
}

Said said_of(const CheckReport& base, const Subject& subject, const Checked& answer) {
  Said killed{Fate::killed, {}, ""};
  Said silenced{Fate::silenced, {}, ""};
  for (const PropertyReport& after : answer.report.properties) {
    const PropertyReport* before = find(base, after.id);
    if (before == nullptr) continue;
    const bool was_broken = before->verdict == Verdict::violated && (after.latent() || !before->latent());
    if (after.verdict == Verdict::violated && !was_broken) killed.by.push_back(after.id);
    const bool silent = after.verdict == Verdict::vacuous && before->verdict == Verdict::proved;
    if (silent) silenced.by.push_back(after.id);
  }
  if (!killed.by.empty()) return killed;
  if (!answer.report.stopped_by.empty()) return {Fate::no_answer, {}, answer.report.stopped_by};
  Checked seen = answer;
  seen.changed_functions = changed_functions(subject, seen);
  const std::vector<ChangedLine> lines = changed_lines(subject.tree, seen);
  const std::string shadowed = shadowed_change(lines, seen);
  if (!shadowed.empty()) return {Fate::not_understood, {}, shadowed};
  if (!answer.report.model.not_understood.empty()) {
    return {Fate::not_understood, {}, answer.report.model.not_understood.back().message};
  }
  const auto executed = [](const ChangedLine& line) { return line.kind == LineClass::executed; };
  if (std::none_of(lines.begin(), lines.end(), executed)) return {Fate::not_executed, {}, ""};
  return silenced.by.empty() ? Said{Fate::survived, {}, ""} : silenced;
}

// Which of two architectures' answers says more about the mutant.
int weight(Fate fate) {
  switch (fate) {
    case Fate::killed:
      return 6;
    case Fate::no_answer:
      return 5;
    case Fate::not_understood:
      return 4;
    case Fate::silenced:
      return 3;
    case Fate::survived:
      return 2;
    default:
      return 1;
  }
}

class Campaign {
 public:
  Campaign(const Subject& base, const std::vector<Side>& sides, const std::vector<spec::SpecProperty>& properties,
           MutateReport& report)
      : base_(base), sides_(sides), properties_(properties), report_(report), equivalence_(base, !sides.front().settings.properties.empty()) {}

  Result<bool> run(std::vector<Made> all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto judged = judge(all[i], std::to_string(i + 1) + " of " + std::to_string(all.size()));
      if (!judged) return tl::unexpected(judged.error());
      if (report_.interrupted) return true;
      report_.mutants.push_back(std::move(*judged));
      all[i].subject.reset();
    }
    return true;
  }

 private:
  Result<MutantReport> judge(Made& made, const std::string& place) {
    const auto start = Clock::now();
    const patch::Mutant& mutant = made.mutant;
    MutantReport out;
    out.id = mutant.id;
    out.mutation = name(mutant.mutation);
    out.file = mutant.file;
    out.function = mutant.function;
    out.line = mutant.line;
    out.words = mutant.words;
    out.edit = mutant.edit;
    out.why = made.refused;
    if (!made.subject) return out;
    out.fate = Fate::not_executed;
    made.subject->title = place + ", " + mutant.id;
    std::vector<const Side*> executing;
    for (const Side& side : sides_) {
      const auto said = ask(side, mutant, *made.subject);
      if (!said) return tl::unexpected(said.error());
      if (said->fate != Fate::not_executed) executing.push_back(&side);
      if (weight(said->fate) > weight(out.fate)) {
        out.fate = said->fate;
        out.architecture = side.base.architecture;
        out.scenario = side.base.scenario;
        out.by = said->by;
        out.why = said->why;
      }
      if (out.fate == Fate::killed || report_.interrupted) break;
    }
    if (out.fate == Fate::survived && report_.equivalence_asked && !report_.interrupted) {
      const auto said = compare(executing, *made.subject, mutant.mutation == patch::Mutation::move ? mutant.file : "");
      if (!said) return tl::unexpected(said.error());
      out.fate = said->fate;
      out.why = said->why;
    }
    out.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return out;
  }

  // Equivalent is what is proved so in every scenario that executes a line of it.
  Result<Said> compare(const std::vector<const Side*>& executing, const Subject& subject, const std::string& moved) {
    bool up_to_order = false;
    for (const Side* side : executing) {
      const auto answer = equivalence_.ask(subject, side->settings, moved);
      if (!answer) return tl::unexpected(answer.error());
      report_.interrupted = report_.interrupted || answer->why == "interrupted";
      if (!answer->proved) return Said{Fate::survived, {}, answer->why};
      up_to_order = up_to_order || answer->up_to_order;
    }
    return Said{Fate::equivalent, {}, up_to_order ? "equivalent: up to the order of the two statements" : ""};
  }

  Result<Said> ask(const Side& side, const patch::Mutant& mutant, const Subject& subject) {
    if (is_dead(mutant, side.base)) return Said{};
    const auto checked = check(subject, side.settings, properties_, &base_, &side.base);
    if (!checked) return tl::unexpected(checked.error());
    report_.interrupted = checked->report.stopped_by == "interrupted";
    return said_of(side.base, subject, *checked);
  }

  const Subject& base_;
  const std::vector<Side>& sides_;
  const std::vector<spec::SpecProperty>& properties_;
  MutateReport& report_;
  Equivalence equivalence_;
};

// Where the memmaps of blocks lie in them as the tree has it: the same with memmaps elsewhere, which is other code.
std::optional<Settings> other_layout(const Subject& base, const Settings& settings, const Checked& checked) {
  if (settings.altmap != When::automatic || base.is_reference || !checked.memmap_in_block) return std::nullopt;
  Settings out = settings;
  out.altmap = When::never;
  return out;
}

// A block that is there is looked at first: that takes a tenth of the time, and shows most of what is wrong with it.
std::vector<Settings> in_turn(const std::vector<Settings>& asked) {
  std::vector<Settings> out;
  for (const Settings& settings : asked) {
    if (!settings.life && settings.requests.empty()) continue;
    out.push_back(settings);
    out.back().life = false;
    out.back().requests.clear();
  }
  out.insert(out.end(), asked.begin(), asked.end());
  return out;
}

Result<std::vector<Side>> sides_of(const Subject& base, const Settings& settings,
                                   const std::vector<spec::SpecProperty>& properties) {
  std::vector<Side> out;
  std::vector<Settings> asked = in_turn(for_each_architecture(settings));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Settings one = asked[i];
    auto checked = check(base, one, properties);
    if (!checked) return tl::unexpected(checked.error());
    const std::string& stopped = checked->report.stopped_by;
    if (!stopped.empty() && stopped != "interrupted") {
      return usage_error({{}, "the tree as it is has no answer: " + stopped, "a higher --time-limit"});
    }
    if (auto other = other_layout(base, one, *checked)) asked.push_back(std::move(*other));
    out.push_back({one, std::move(checked->report)});
  }
  return out;
}

Result<MutateReport> mutate(const Settings& settings) {
  const auto mutations = chosen_mutations(settings);
  if (!mutations) return tl::unexpected(mutations.error());
  const auto properties = chosen_properties(settings);
  if (!properties) return tl::unexpected(properties.error());
  const auto base = base_of(settings);
  if (!base) return tl::unexpected(base.error());
  auto sides = sides_of(*base, settings, *properties);
  if (!sides) return tl::unexpected(sides.error());
  const auto targets = targets_of(*sides, settings.names);
  if (!targets) return tl::unexpected(targets.error());
  MutateReport report;
  report.tree = base->title;
  report.equivalence_asked = true;
  for (const Side& side : *sides) report.bases.push_back(side.base);
  report.interrupted = std::any_of(report.bases.begin(), report.bases.end(),
                                   [](const CheckReport& of) { return of.stopped_by == "interrupted"; });
  if (report.interrupted) return report;
  Maker maker(*base);
  for (const Target& target : *targets) maker.add(target, *mutations);
  report.made = maker.size();
  report.same = maker.same();
  const auto done =
      Campaign(*base, *sides, *properties, report).run(std::move(maker).take(static_cast<std::size_t>(settings.most)));
  if (!done) return tl::unexpected(done.error());
  return report;
}

int status(const MutateReport& report, const Settings& settings) {
  if (report.interrupted) return Exit::interrupted;
  return settings.strict && count(report, Fate::survived) > 0 ? Exit::violated : Exit::all_hold;
}

int run_mutate(const Settings& settings) {
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  watch_for_interrupt();
  const auto report = mutate(settings);
  if (!report) return fail(report.error());
  const auto written = output->write(settings.format == Format::json ? render::json(*report)
                                                                     : render::text(*report, style_for(settings)));
  return written ? status(*report, settings) : fail(written.error());
}

std::vector<OptionRow> several_architectures() {
  std::vector<OptionRow> out = model_options();
  std::replace_if(
      out.begin(), out.end(), [](const OptionRow& row) { return std::string_view(row.names) == "--arch"; },
      architectures_option());
  return out;
}

}  // namespace

Command mutate_command() {
  return {
      "mutate",
      "Put small mistakes into functions and see which of them the properties notice",
      "Makes every mutant of the functions that a fixed list of operators gives (docs/mutate.md): a call deleted,\n"
      "moved past its neighbour or made twice, a goto sent to another label, a lock, an undo or an error branch\n"
      "dropped, two arguments exchanged; and checks each. Killed: some property answers worse than on the tree as it\n"
      "is. What survives is a hole in the rules, or does no harm; each is listed with the edit that makes it. Without\n"
      "functions, all that the model follows; without --tree, of the reference model. With several --arch a mutant is\n"
      "killed if it is on one. --time-limit is for one mutant (default 120). Exit status 0, whatever survives.",
      "  hotproof mutate memory_block_online\n"
      "  hotproof mutate online_pages offline_pages --tree ~/linux --arch x86_64 --arch s390x --life\n"
      "  hotproof mutate --tree ~/linux --life --operators drop-undo,retarget-goto --most 100",
      joined({names_option("Functions to mutate (default: all that the model follows)"), mutate_options(),
              several_architectures(), search_options(), specs_option(),
              strict_option("Exit status 1 if a mutant survives"), output_options()}),
      run_mutate,
  };
}

}  // namespace hotproof::cli
