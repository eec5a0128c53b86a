#include "lessons/course/unit.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <set>

#include "specs/lang/vocabulary.hpp"

namespace hotproof::lessons {

std::string in_place(const Block& block) {
  return std::string(block.line > 0 ? block.line - 1 : 0, '\n') + block.text;
}

Diagnostic in_unit(Diagnostic diagnostic, const std::string& file) {
  if (diagnostic.place.file == file && diagnostic.place.column > 0) diagnostic.place.column += block_indent;
  return diagnostic;
}

std::string_view name(Verb verb) {
  switch (verb) {
    case Verb::break_it:
      return "break";
    case Verb::explain_it:
      return "explain";
    case Verb::fix_it:
      return "fix";
    case Verb::specify_it:
      break;
  }
  return "specify";
}

std::string_view in_words(Verb verb) {
  switch (verb) {
    case Verb::break_it:
      return "break it";
    case Verb::explain_it:
      return "explain it";
    case Verb::fix_it:
      return "fix it";
    case Verb::specify_it:
      break;
  }
  return "specify it";
}

namespace {

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Lower-case letters, digits and '-', beginning with a letter: names of units, and of files of progress.
bool is_id(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 60 && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), fits);
}

bool is_name(std::string_view text) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::all_of(text.begin(), text.end(), fits);
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : text_(text) { unit_.file = file; }

  Outcome<Unit> read() {
    if (text_.size() > most_bytes) return failure({unit_.file, 0, 0}, "a unit is no longer than 1 MiB");
    for (std::size_t at = 0; at <= text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      std::string_view line = text_.substr(at, end - at);
      if (line.ends_with('\r')) line.remove_suffix(1);
      lines_.push_back(line);
      at = end + 1;
    }
    while (at_ < lines_.size()) {
      const std::string_view line = lines_[at_];
      if (is_blank(line) || line.front() == '#') {
        ++at_;
        continue;
      }
      if (line.front() == ' ' || line.front() == '\t') return wrong(1, "this line belongs to no block", "behind text, hint, program and others");
      if (auto problem = entry(line)) return tl::unexpected(std::move(*problem));
    }
    if (auto problem = missing()) return tl::unexpected(std::move(*problem));
    return std::move(unit_);
  }

 private:
  using Problem = std::optional<Diagnostic>;
  using Handler = Problem (Reader::*)();

  Place here(std::size_t column) const {
    return {unit_.file, static_cast<std::uint32_t>(at_ + 1), static_cast<std::uint32_t>(column)};
  }
  Diagnostic mistake(std::size_t column, std::string message, std::string hint = {}) const {
    return {here(column), std::move(message), std::move(hint)};
  }
  tl::unexpected<Diagnostic> wrong(std::size_t column, std::string message, std::string hint = {}) const {
    return tl::unexpected(mistake(column, std::move(message), std::move(hint)));
  }
  std::size_t column_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - lines_[at_].data()) + 1;
  }

  Problem entry(std::string_view line) {
    static const std::map<std::string_view, Handler> handlers = {
        {"unit", &Reader::id},         {"title", &Reader::title},     {"teaches", &Reader::teaches},
        {"verb", &Reader::verb},       {"model", &Reader::model},     {"scenario", &Reader::scenario},
        {"actor", &Reader::actor},     {"file", &Reader::source},     {"property", &Reader::property},
        {"par", &Reader::par},         {"text", &Reader::text},       {"program", &Reader::program},
        {"world", &Reader::world},     {"specs", &Reader::specs},     {"start", &Reader::start},
        {"good", &Reader::good},       {"bad", &Reader::bad},         {"hint", &Reader::hint},
        {"solution", &Reader::solution}, {"wrong", &Reader::wrong_answer}};
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view word = line.substr(0, end);
    rest_ = trim(line.substr(end));
    if (rest_.empty()) rest_ = line.substr(line.size());
    const auto handler = handlers.find(word);
    if (handler == handlers.end()) {
      std::vector<std::string_view> words;
      for (const auto& [known, unused] : handlers) words.push_back(known);
      return mistake(1, "a unit has no '" + std::string(word) + "'", spec::suggestion(word, words));
    }
    const bool many = word == "scenario" || word == "actor" || word == "property" || word == "good" || word == "bad" ||
                      word == "hint" || word == "wrong";
    if (!many && !seen_.insert(std::string(word)).second) return mistake(1, "a second '" + std::string(word) + "'");
    return (this->*handler->second)();
  }

  // Everything behind the keyword, which may not be empty; to the next line.
  Problem words(std::string& into, const char* what) {
    if (rest_.empty()) return mistake(column_of(rest_), std::string("here stands ") + what);
    into = rest_;
    ++at_;
    return std::nullopt;
  }

  Problem id() {
    if (!is_id(rest_)) return mistake(column_of(rest_), "here stands the name of the unit", "small letters, digits and '-'");
    return words(unit_.id, "");
  }
  Problem title() { return words(unit_.title, "a title"); }
  Problem teaches() { return words(unit_.teaches, "what the unit teaches"); }
  Problem source() { return words(unit_.source, "a file of the model"); }

  Problem verb() {
    for (const Verb verb : {Verb::break_it, Verb::explain_it, Verb::fix_it, Verb::specify_it}) {
      if (rest_ != name(verb)) continue;
      unit_.verb = verb;
      ++at_;
      return std::nullopt;
    }
    return mistake(column_of(rest_), "there is no verb '" + std::string(rest_) + "'", "break, explain, fix or specify");
  }

  Problem model() {
    static const std::map<std::string_view, Ground> grounds = {
        {"before", Ground::before}, {"after", Ground::after}, {"program", Ground::program}};
    const auto found = grounds.find(rest_);
    if (found == grounds.end())
      return mistake(column_of(rest_), "there is no model '" + std::string(rest_) + "'", "before, after or program");
    unit_.ground = found->second;
    ++at_;
    return std::nullopt;
  }

  Problem scenario() {
    static const std::map<std::string_view, std::vector<std::string_view>> known = {
        {"arch", {"x86_64", "s390x"}},    {"altmap", {"yes", "no"}},        {"life", {"yes"}},
        {"boot", {"yes"}},                {"stop", {"yes"}},                {"blocks", {"1", "2"}},
        {"listeners", {"0", "1", "2", "3"}}, {"workers", {"1", "2"}},       {"readers", {"0", "1"}},
        {"registrars", {"0", "1"}}};
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    const std::string_view value = trim(rest_.substr(end));
    const auto found = known.find(word);
    if (found == known.end()) {
      std::vector<std::string_view> names;
      for (const auto& [one, unused] : known) names.push_back(one);
      return mistake(column_of(rest_), "no scenario has a value '" + std::string(word) + "'", spec::suggestion(word, names));
    }
    if (std::find(found->second.begin(), found->second.end(), value) == found->second.end()) {
      std::string all;
      for (const std::string_view one : found->second) all += (all.empty() ? "" : ", ") + std::string(one);
      return mistake(column_of(word) + word.size() + 1, "'" + std::string(word) + "' is one of " + all);
    }
    unit_.scenario.push_back({std::string(word), std::string(value), here(column_of(word))});
    ++at_;
    return std::nullopt;
  }

  // "worker0 runs work 0"
  Problem actor() {
    std::vector<std::string_view> parts;
    for (std::string_view left = rest_; !left.empty();) {
      const std::size_t end = std::min(left.find(' '), left.size());
      parts.push_back(left.substr(0, end));
      left = trim(left.substr(end));
    }
    Actor out;
    const bool shaped = (parts.size() == 3 || parts.size() == 4) && parts[1] == "runs" && is_name(parts[0]) && is_name(parts[2]);
    if (!shaped) return mistake(column_of(rest_), "an actor is 'NAME runs FUNCTION', perhaps with a number behind it");
    if (parts.size() == 4) {
      const auto [end, error] = std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), out.argument);
      if (error != std::errc() || end != parts[3].data() + parts[3].size())
        return mistake(column_of(parts[3]), "this is no number");
    }
    out.name = parts[0];
    out.function = parts[2];
    out.place = here(column_of(parts[0]));
    for (const Actor& other : unit_.actors)
      if (other.name == out.name) return mistake(column_of(parts[0]), "there is already an actor '" + out.name + "'");
    unit_.actors.push_back(std::move(out));
    ++at_;
    return std::nullopt;
  }

  Problem property() {
    if (!is_id(rest_)) return mistake(column_of(rest_), "here stands the id of a property", "`hotproof specs` lists them");
    unit_.properties.emplace_back(rest_);
    unit_.property_places.push_back(here(column_of(rest_)));
    ++at_;
    return std::nullopt;
  }

  Problem par() {
    Par out;
    out.place = here(column_of(rest_));
    std::uint32_t* const into[] = {&out.faults, &out.switches, &out.steps};
    std::string_view left = rest_;
    for (std::uint32_t* number : into) {
      const auto [end, error] = std::from_chars(left.data(), left.data() + left.size(), *number);
      if (error != std::errc())
        return mistake(column_of(rest_), "par is three numbers: faults, switches, steps");
      left = trim(left.substr(static_cast<std::size_t>(end - left.data())));
    }
    if (!left.empty()) return mistake(column_of(left), "par is three numbers: faults, switches, steps");
    unit_.par = out;
    ++at_;
    return std::nullopt;
  }

  // The lines behind this one that stand two blanks in; blank lines at the end do not count.
  Outcome<Block> block(bool may_be_empty = false) {
    Block out;
    std::size_t blank = 0;
    const std::size_t keyword = at_;
    for (++at_; at_ < lines_.size(); ++at_) {
      const std::string_view line = lines_[at_];
      if (is_blank(line)) {
        ++blank;
        continue;
      }
      if (line.front() != ' ' && line.front() != '\t') break;
      if (!line.starts_with("  ")) return wrong(1, "the lines of a block stand two blanks in");
      if (out.line == 0) out.line = static_cast<std::uint32_t>(at_ + 1);
      else out.text.append(blank, '\n');
      blank = 0;
      out.text += std::string(line.substr(block_indent)) + "\n";
    }
    if (out.line == 0 && !may_be_empty) {
      at_ = keyword;
      return wrong(1, "nothing stands behind it", "lines that stand two blanks in");
    }
    return out;
  }

  Problem block_into(Block& into) {
    if (!rest_.empty()) return mistake(column_of(rest_), "the block begins on the next line, two blanks in");
    auto read = block();
    if (!read) return read.error();
    into = std::move(*read);
    return std::nullopt;
  }

  Problem text() { return block_into(unit_.text); }
  Problem program() { return block_into(unit_.program); }
  Problem world() { return block_into(unit_.world); }
  Problem specs() { return block_into(unit_.specs); }
  Problem start() { return block_into(unit_.start); }
  Problem solution() { return block_into(unit_.solution); }

  Problem hint() {
    if (unit_.hints.size() == hints_of_a_unit) return mistake(1, "a unit has three hints");
    return block_into(unit_.hints.emplace_back());
  }

  Problem variant(bool good) {
    Variant out;
    out.good = good;
    out.place = here(1);
    if (rest_.empty()) return mistake(column_of(rest_), "here stands what the variant is");
    out.name = rest_;
    for (const Variant& other : unit_.variants)
      if (other.name == out.name) return mistake(column_of(rest_), "there is already a variant '" + out.name + "'");
    auto edit = block(true);
    if (!edit) return edit.error();
    out.edit = std::move(*edit);
    unit_.variants.push_back(std::move(out));
    return std::nullopt;
  }
  Problem good() { return variant(true); }
  Problem bad() { return variant(false); }

  // "wrong ABOUT", lines "fails CODE [WHAT]", and the answer behind the last of them.
  Problem wrong_answer() {
    WrongAnswer out;
    out.place = here(1);
    if (rest_.empty()) return mistake(column_of(rest_), "here stands what the answer is");
    out.about = rest_;
    constexpr std::string_view word = "fails ";
    while (at_ + 1 < lines_.size() && lines_[at_ + 1].starts_with(word)) {
      ++at_;
      const std::string_view reason = trim(lines_[at_].substr(word.size()));
      const std::size_t end = std::min(reason.find(' '), reason.size());
      if (reason.empty()) return mistake(word.size(), "here stands why the answer is none");
      out.reasons.push_back({std::string(reason.substr(0, end)), std::string(trim(reason.substr(end))), here(word.size() + 1)});
    }
    if (out.reasons.empty()) return mistake(1, "a wrong answer says why it is one", "a line 'fails REASON' behind it");
    auto answer = block(true);
    if (!answer) return answer.error();
    out.answer = std::move(*answer);
    unit_.wrong.push_back(std::move(out));
    return std::nullopt;
  }

  Diagnostic lacks(const std::string& what, const std::string& hint = {}) const {
    return {{unit_.file, 0, 0}, "the unit lacks " + what, hint};
  }

  Problem missing() {
    if (unit_.id.empty()) return lacks("'unit' with its name");
    if (unit_.title.empty()) return lacks("a title");
    if (unit_.teaches.empty()) return lacks("'teaches'");
    if (!seen_.contains("verb")) return lacks("a verb", "break, explain, fix or specify");
    if (unit_.text.line == 0) return lacks("a text");
    if (unit_.solution.line == 0) return lacks("a solution");
    if (unit_.hints.size() != hints_of_a_unit)
      return lacks("three hints", "it has " + std::to_string(unit_.hints.size()));
    if (unit_.wrong.empty()) return lacks("a wrong answer");
    if (unit_.ground == Ground::program) {
      if (unit_.program.line == 0) return lacks("a program", "or 'model before', 'model after'");
      if (unit_.actors.empty()) return lacks("actors", "actor NAME runs FUNCTION");
      if (!unit_.scenario.empty())
        return Diagnostic{unit_.scenario.front().place, "a program of its own has no scenario", ""};
      if (unit_.source.empty()) unit_.source = program_file;
    } else {
      if (unit_.program.line != 0 || unit_.world.line != 0 || !unit_.actors.empty())
        return Diagnostic{{unit_.file, 0, 0}, "a program, a world and actors are for 'model program'", ""};
      if (unit_.source.empty()) unit_.source = "memory.c";
    }
    return missing_for_verb();
  }

  Problem missing_for_verb() {
    const bool specify = unit_.verb == Verb::specify_it;
    const auto count = [this](bool good) {
      return std::count_if(unit_.variants.begin(), unit_.variants.end(), [good](const Variant& v) { return v.good == good; });
    };
    if (specify && (count(true) == 0 || count(false) == 0)) return lacks("a good and a bad variant");
    if (!specify && !unit_.variants.empty())
      return Diagnostic{unit_.variants.front().place, "variants are for the verb specify", ""};
    if (specify && !unit_.properties.empty())
      return Diagnostic{unit_.property_places.front(), "with the verb specify, the learner writes the property", ""};
    if (!specify && unit_.properties.empty()) return lacks("a property");
    const bool one = unit_.verb == Verb::break_it || unit_.verb == Verb::explain_it;
    if (one && unit_.properties.size() > 1)
      return Diagnostic{unit_.property_places[1], "with this verb a unit is about one property", ""};
    if (unit_.verb == Verb::break_it && !unit_.par) return lacks("'par'", "par FAULTS SWITCHES STEPS");
    if (unit_.verb != Verb::break_it && unit_.par) return Diagnostic{unit_.par->place, "par is for the verb break", ""};
    return std::nullopt;
  }

  std::string_view text_;
  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  std::string_view rest_;  // of the line, behind its keyword
  std::set<std::string> seen_;
  Unit unit_;
};

}  // namespace

Outcome<Unit> read_unit(std::string_view text, const std::string& file) { return Reader(text, file).read(); }

}  // namespace hotproof::lessons
