// fix and specify: answers that are judged by checking everything.
#include <algorithm>
#include <cctype>
#include <map>

#include "cli/lesson_grade.hpp"
#include "model/patch/edit.hpp"

namespace hotproof::cli {

namespace {

using counterexamples::PropertyReport;
using counterexamples::Verdict;
using lessons::Unit;

std::string because(const PropertyReport& property) {
  return property.reason.empty() ? "" : ": " + property.reason;
}

Finding gap_in(const LessonModel& model) {
  return {"not-understood", "", "this is not understood: " + to_string(model.not_understood.front())};
}

// The first word of the first line that is neither blank nor begins with '#', which is a comment of an edit and a
// directive of C alike.
std::string first_word(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t start = text.find_first_not_of(" \t\r", at);
    if (start < end && text[start] != '#') {
      std::size_t stop = start;
      while (stop < end && std::isalpha(static_cast<unsigned char>(text[stop])) != 0) ++stop;
      const bool word = stop < end && (text[stop] == ' ' || text[stop] == '\t');
      return word ? text.substr(start, stop - start) : "";
    }
    at = end + 1;
  }
  return "";
}

// No declaration of C begins with one of these.
bool is_edit(const std::string& text) {
  const std::string word = first_word(text);
  return word == "about" || word == "file" || word == "in" || word == "set" || word == "scenario";
}

// Names of what only the environment may decide: who asks for nothing, or lets nothing fail, has mended nothing.
std::map<std::string, int> machine_words(const std::string& text) {
  std::map<std::string, int> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto is_part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    if (!is_part(static_cast<unsigned char>(text[at]))) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_part(static_cast<unsigned char>(text[end]))) ++end;
    const std::string word = text.substr(at, end - at);
    if (word.starts_with("__hp_") || word.starts_with("__VERIFIER_")) ++out[word];
    at = end;
  }
  return out;
}

std::vector<Finding> tampering(const SourceTree& before, const SourceTree& after) {
  std::map<std::string, int> difference;
  std::vector<std::string> paths = before.changed();
  for (const std::string& path : after.changed())
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  for (const std::string& path : paths) {
    const auto old_file = before.read(path);
    const auto new_file = after.read(path);
    if (old_file != nullptr)
      for (const auto& [word, count] : machine_words(old_file->text)) difference[word] -= count;
    if (new_file != nullptr)
      for (const auto& [word, count] : machine_words(new_file->text)) difference[word] += count;
  }
  std::vector<Finding> out;
  for (const auto& [word, count] : difference)
    if (count != 0)
      out.push_back({"environment", word,
                     word + (count < 0 ? " is gone" : " was added") + ": what fails and who chooses is not for the answer to decide"});
  return out;
}

// The subject as the answer leaves it.
Result<Subject> changed_by(const Unit& unit, const Subject& subject, const Answer& answer) {
  if (!is_edit(answer.text)) {
    Subject out = subject;
    out.tree = out.tree.with({unit.source, answer.text, {}, {}});
    return out;
  }
  const auto edit = patch::read_edit(answer.text, answer.file);
  if (!edit) return usage_error(lessons::in_unit(edit.error(), unit.file));
  if (!edit->scenario.empty() || !edit->configuration.empty()) {
    Place place{answer.file, 0, 0};
    if (!edit->scenario_places.empty()) place = edit->scenario_places.begin()->second;
    return usage_error({place, "an answer changes the code, not what happens to it", "leave out 'scenario' and 'set'"});
  }
  auto changed = with_edit_text(subject, unit, answer.text, answer.file);
  if (!changed) return changed;
  for (const std::string& path : changed->tree.changed()) {
    const auto before = subject.tree.read(path);
    const auto after = changed->tree.read(path);
    const bool same = before != nullptr && after != nullptr && before->text == after->text;
    if (path != unit.source && !same)
      return usage_error({{answer.file, 0, 0}, "this changes " + path + ", and the unit is about " + unit.source, ""});
  }
  return changed;
}

// What is wrong with one named property after the change; nothing if it holds and still says something.
std::optional<Finding> fault_of(const PropertyReport& property) {
  switch (property.verdict) {
    case Verdict::proved:
      return std::nullopt;
    case Verdict::violated:
      if (property.cover)
        return Finding{"unreachable", property.id, property.id + ": no run gets there any more: " + property.says};
      return Finding{"violated", property.id, property.id + " is violated" + because(property)};
    case Verdict::vacuous:
      return Finding{"vacuous", property.id, property.id + " holds only because nothing happens any more that it speaks of"};
    case Verdict::inconclusive:
    case Verdict::not_understood:
      break;
  }
  return Finding{"undecided", property.id, property.id + " was not decided" + because(property)};
}

}  // namespace

Result<Grade> grade_fix(const Unit& unit, const Answer& answer) {
  const auto subject = lesson_subject(unit);
  if (!subject) return tl::unexpected(subject.error());
  const auto properties = chosen_by(unit);
  if (!properties) return tl::unexpected(properties.error());
  const auto changed = changed_by(unit, subject->start, answer);
  if (!changed) return tl::unexpected(changed.error());
  Grade out;
  out.findings = tampering(subject->start.tree, changed->tree);
  if (!out.passed()) return out;
  const auto model = lesson_model(unit, *changed, *properties);
  if (!model) return tl::unexpected(model.error());
  if (!model->not_understood.empty()) {
    out.findings.push_back(gap_in(*model));
    out.wrong = Exit::not_understood;
    return out;
  }
  auto verdicts = lesson_verdicts(*model, *properties, true);
  if (!verdicts) return tl::unexpected(verdicts.error());
  for (PropertyReport& property : *verdicts) {
    auto finding = fault_of(property);
    if (!finding) continue;
    if (finding->code == "undecided") out.wrong = Exit::undecided;
    out.findings.push_back(std::move(*finding));
    if (property.verdict == Verdict::violated && !property.cover) out.runs.push_back(std::move(property));
  }
  return out;
}

namespace {

// What is wrong with the rule on one variant.
std::optional<Finding> misjudged(const lessons::Variant& variant, const PropertyReport& rule) {
  const std::string on = " on '" + variant.name + "'";
  switch (rule.verdict) {
    case Verdict::proved:
      if (variant.good) return std::nullopt;
      return Finding{"accepts", variant.name, "the rule holds" + on + ", which is broken"};
    case Verdict::violated:
      if (!variant.good) return std::nullopt;
      return Finding{"rejects", variant.name, "the rule is violated" + on + ", which is right" + because(rule)};
    case Verdict::vacuous:
      return Finding{"vacuous", variant.name, "the rule says nothing" + on + because(rule)};
    case Verdict::inconclusive:
    case Verdict::not_understood:
      break;
  }
  return Finding{"undecided", variant.name, "the rule was not decided" + on + because(rule)};
}

Result<std::vector<spec::SpecProperty>> rule_of(const Unit& unit, const Answer& answer) {
  auto rules = spec::parse(answer.text, answer.file);
  if (!rules) return usage_error(lessons::in_unit(rules.error(), unit.file));
  if (rules->empty()) return usage_error({{answer.file, 0, 0}, "there is no property in it", "docs/specs.md"});
  if (rules->size() > 1)
    return usage_error(lessons::in_unit({(*rules)[1].place, "an answer is one property, and this is a second one", ""}, unit.file));
  return std::move(*rules);
}

}  // namespace

Result<Grade> grade_specify(const Unit& unit, const Answer& answer) {
  const auto subject = lesson_subject(unit);
  if (!subject) return tl::unexpected(subject.error());
  const auto rule = rule_of(unit, answer);
  if (!rule) return tl::unexpected(rule.error());
  Grade out;
  for (const lessons::Variant& variant : unit.variants) {
    const auto changed = with_block(subject->start, unit, variant.edit);
    if (!changed) return tl::unexpected(changed.error());
    const auto model = lesson_model(unit, *changed, *rule);
    if (!model) return tl::unexpected(model.error());
    if (!model->not_understood.empty())
      return usage_error({variant.place, "this variant is not understood: " + to_string(model->not_understood.front()), ""});
    auto verdicts = lesson_verdicts(*model, *rule, variant.good);
    if (!verdicts) return tl::unexpected(verdicts.error());
    PropertyReport& found = verdicts->front();
    auto finding = misjudged(variant, found);
    if (!finding) continue;
    if (finding->code == "undecided") out.wrong = Exit::undecided;
    if (finding->code == "rejects" && !found.cover) out.runs.push_back(std::move(found));
    out.findings.push_back(std::move(*finding));
  }
  return out;
}

Result<std::vector<spec::SpecProperty>> chosen_by(const Unit& unit) {
  auto all = lesson_properties(unit);
  if (!all) return all;
  std::vector<spec::SpecProperty> out;
  for (std::size_t i = 0; i < unit.properties.size(); ++i) {
    auto one = spec::select(*all, std::vector<std::string>{unit.properties[i]});
    if (!one) return usage_error({unit.property_places[i], one.error().message, one.error().hint});
    out.push_back(std::move(one->front()));
  }
  return out;
}

Result<Grade> grade(const Unit& unit, const Answer& answer, const render::Style& style) {
  const auto placed = [&unit](Result<Grade> graded) {
    if (!graded) graded.error().diagnostic = lessons::in_unit(graded.error().diagnostic, unit.file);
    return graded;
  };
  switch (unit.verb) {
    case lessons::Verb::break_it:
      return placed(grade_break(unit, answer, style));
    case lessons::Verb::explain_it:
      return placed(grade_explain(unit, answer, style));
    case lessons::Verb::fix_it:
      return grade_fix(unit, answer);
    case lessons::Verb::specify_it:
      break;
  }
  return grade_specify(unit, answer);
}

}  // namespace hotproof::cli
