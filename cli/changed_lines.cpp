#include "cli/changed_lines.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "model/scenarios/requests.hpp"

namespace hotproof::cli {

namespace {

using counterexamples::ChangedLine;
using counterexamples::LineClass;
using counterexamples::Verdict;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
    out.push_back(line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin));
  }
  return out;
}

bool is_blank(std::string_view line) {
  return line.empty() || line.starts_with("//") || line.starts_with("/*") || line.starts_with("*");
}

bool is_silent(std::string_view line) {
  return is_blank(line) || line == "{" || line == "}" || line == "} else {";
}

// So that what stands below it is another statement.
bool ends_statement(std::string_view line) {
  return line.empty() || std::string_view(";{}:").find(line.back()) != std::string_view::npos;
}

// The name that the line defines as a macro; empty if it defines none.
std::string_view defined_name(std::string_view line) {
  if (!line.starts_with("#define")) return {};
  line.remove_prefix(7);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.substr(0, line.find_first_of(" \t("));
}

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

void add_names(std::string_view line, std::set<std::string, std::less<>>& names) {
  for (auto begin = line.begin(); begin != line.end();) {
    begin = std::find_if(begin, line.end(), in_name);
    const auto end = std::find_if_not(begin, line.end(), in_name);
    if (begin != end) names.emplace(begin, end);
    begin = end;
  }
}

class Classifier {
 public:
  Classifier(const SourceTree& tree, const Checked& checked) : checked_(checked) {
    for (const auto& [path, reached] : checked.report.model.reached) {
      reached_[path].insert(reached.begin(), reached.end());
    }
    for (const auto& [path, reached] : reached_) {
      const auto file = tree.read(path);
      if (file == nullptr) continue;
      const std::vector<std::string_view> lines = lines_of(file->text);
      for (const std::uint32_t line : reached) {
        if (line >= 1 && line <= lines.size()) add_names(lines[line - 1], names_);
      }
    }
  }

  void add(const SourceFile& file, std::vector<ChangedLine>& out) const {
    const std::vector<std::string_view> lines = lines_of(file.text);
    const std::vector<std::uint32_t> firsts = first_lines(lines);
    for (const std::uint32_t line : file.added_lines) {
      if (line == 0 || line > lines.size() || is_silent(lines[line - 1])) continue;
      out.push_back({file.path, line, false, class_of(file.path, line, lines, firsts[line])});
    }
    for (const std::uint32_t line : file.removed_at)
      out.push_back({file.path, line, true, class_of_removed(file, line, lines, firsts)});
  }

 private:
  // A function that is followed; null if none has the line.
  const FunctionLines* function_at(const std::string& path, std::uint32_t line) const {
    for (const FunctionLines& function : checked_.changed_functions) {
      const bool has_line = function.file == path && line >= function.first && line <= function.last;
      if (has_line && function.followed) return &function;
    }
    return nullptr;
  }

  // For each line, counted from 1, the first line of the statement that it belongs to. What stands below a head (`if (…)`,
  // `else`) is a statement of its own, with braces or without.
  static std::vector<std::uint32_t> first_lines(const std::vector<std::string_view>& lines) {
    std::vector<std::uint32_t> out(lines.size() + 1, 1);
    int open = 0;  // brackets of the statement
    for (std::uint32_t line = 2; line <= lines.size(); ++line) {
      const std::string_view before = lines[line - 2];
      open += static_cast<int>(std::count(before.begin(), before.end(), '(') - std::count(before.begin(), before.end(), ')'));
      const bool ended = ends_statement(before) ||
                         (open <= 0 && (before.ends_with("*/") || before.starts_with("//") || before.starts_with("#")));
      // (A statement that is empty shares the lot of its head.)
      const bool is_below_head = open <= 0 && lines[line - 1] != ";" && is_head(lines[out[line - 1] - 1], before);
      const bool begins = ended || is_below_head;
      out[line] = begins ? line : out[line - 1];
      if (begins) open = 0;
    }
    return out;
  }

  // Does a statement that begins and ends with these lines only say whether, or how often, the next one is executed?
  static bool is_head(std::string_view first, std::string_view last) {
    const auto ends_with_word = [last](std::string_view word) {
      return last.ends_with(word) && (last.size() == word.size() || !in_name(last[last.size() - word.size() - 1]));
    };
    if (ends_with_word("else") || ends_with_word("do")) return true;
    if (first.starts_with("}")) first.remove_prefix(std::min(first.find_first_not_of("} \t"), first.size()));
    if (first.starts_with("else ")) first.remove_prefix(std::min(first.find_first_not_of(" \t", 4), first.size()));
    const auto end = std::find_if_not(first.begin(), first.end(), in_name);
    const std::string_view word = first.substr(0, static_cast<std::size_t>(end - first.begin()));
    return last.ends_with(")") && (word == "if" || word == "for" || word == "while" || word == "switch" ||
                                   word.find("for_each") != std::string_view::npos);
  }

  // What took its place shares its lot. Else by what stands around it in the same block: the statement before it, or the
  // one behind it. Where there is neither, nothing speaks against it.
  LineClass class_of_removed(const SourceFile& file, std::uint32_t line, const std::vector<std::string_view>& lines,
                             const std::vector<std::uint32_t>& firsts) const {
    const FunctionLines* function = function_at(file.path, line);
    if (function == nullptr) return LineClass::outside;
    const auto is_added = [&](std::uint32_t at) {
      return at >= 1 && at <= lines.size() && !is_silent(lines[at - 1]) &&
             std::find(file.added_lines.begin(), file.added_lines.end(), at) != file.added_lines.end();
    };
    const auto class_at = [&](std::uint32_t at) { return class_of(file.path, at, lines, firsts[at]); };
    for (const std::uint32_t at : {line - 1, line})
      if (is_added(at)) return class_at(at);
    std::uint32_t before = line - 1, behind = line;
    while (before > function->first && is_blank(lines[before - 1])) --before;
    while (behind < std::min<std::size_t>(function->last, lines.size()) && is_blank(lines[behind - 1])) ++behind;
    const auto is_jump = [&lines](std::uint32_t first) {
      for (const std::string_view word : {"return", "goto ", "break;", "continue;"})
        if (lines[first - 1].starts_with(word)) return true;
      return false;
    };
    // A statement without braces below a head is no neighbour.
    const auto is_alone = [&lines](std::uint32_t first) { return first > 1 && !ends_statement(lines[first - 2]); };
    const bool has_before = before > function->first && lines[before - 1].ends_with(";") &&
                            !is_jump(firsts[before]) && !is_alone(firsts[before]);
    if (has_before) return class_at(before);
    const bool has_behind = behind <= lines.size() && !lines[behind - 1].starts_with("}") && behind < function->last;
    return has_behind ? class_at(behind) : LineClass::executed;
  }

  LineClass class_of(const std::string& path, std::uint32_t line, const std::vector<std::string_view>& lines,
                     std::uint32_t first) const {
    const FunctionLines* function = function_at(path, line);
    if (function == nullptr) {
      const std::string_view name = defined_name(lines[line - 1]);
      return !name.empty() && names_.contains(name) ? LineClass::executed : LineClass::outside;
    }
    const auto reached = reached_.find(path);
    if (reached == reached_.end()) return LineClass::unreachable;
    // A statement is noted at its first line: the lines it goes on over share its lot. Declarations and labels execute
    // nothing of their own, so they share that of what follows.
    const auto next = reached->second.lower_bound(std::max(first, function->first));
    if (next != reached->second.end() && *next <= line) return LineClass::executed;
    return is_declaration(lines[line - 1]) ? LineClass::executed : LineClass::unreachable;
  }

  // Roughly: a type and a name, with no operator or call between; or a label.
  static bool is_declaration(std::string_view line) {
    if (line.ends_with(":") && line.find_first_of(" (") == std::string_view::npos) return true;
    return line.ends_with(";") && line.find_first_of("(=+-!<>?") == std::string_view::npos &&
           line.find(' ') != std::string_view::npos && !line.starts_with("goto ") && !line.starts_with("return");
  }

  const Checked& checked_;
  std::map<std::string, std::set<std::uint32_t>> reached_;
  std::set<std::string, std::less<>> names_;  // on the lines that are reached
};

// Why the answer says nothing about the changes; empty if there is no such reason.
std::string why_not_understood(const std::vector<ChangedLine>& lines, const Checked& checked) {
  const std::string shadowed = shadowed_change(lines, checked);
  if (!shadowed.empty()) return shadowed;
  const auto executed = [](const ChangedLine& line) { return line.kind == LineClass::executed; };
  if (!std::any_of(lines.begin(), lines.end(), executed)) return "the model executes no line that was changed";
  return "";
}

}  // namespace

std::vector<ChangedLine> changed_lines(const SourceTree& tree, const Checked& checked) {
  std::vector<ChangedLine> out;
  const Classifier classifier(tree, checked);
  for (const std::string& path : tree.changed()) {
    if (const auto file = tree.read(path)) classifier.add(*file, out);
  }
  return out;
}

std::string shadowed_change(const std::vector<ChangedLine>& lines, const Checked& checked) {
  for (const FunctionLines& function : checked.changed_functions) {
    const auto in_it = [&function](const ChangedLine& line) {
      return line.file == function.file && line.line >= function.first && line.line <= function.last;
    };
    if (function.shadowed && std::any_of(lines.begin(), lines.end(), in_it)) {
      return "the change is in " + function.function + "(), for which a meaning of ours stands in the model";
    }
  }
  return "";
}

std::vector<ChangedLine> judge_changes(const SourceTree& tree, Checked& checked, std::string* why) {
  std::vector<ChangedLine> lines = changed_lines(tree, checked);
  const std::string doubt = why_not_understood(lines, checked);
  if (!doubt.empty()) doubt_change(checked.report, doubt);
  if (why != nullptr) *why = doubt;
  return lines;
}

namespace {

std::size_t executed(const Subject& changed, const Checked& checked) {
  const std::vector<ChangedLine> lines = changed_lines(changed.tree, checked);
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [](const ChangedLine& line) { return line.kind == LineClass::executed; }));
}

// How many of the changed lines the model of these settings executes; 0 if there is no such model.
std::size_t executed_with(const Subject& changed, const Settings& settings) {
  const auto model = build(changed, settings, {});
  return model && model->lowered.report.stopped_by.empty() ? executed(changed, model->checked) : 0;
}

// Settings that do not say themselves what workers ask for, and what may be tried instead.
std::vector<Settings> alternatives(const Subject& changed, const Settings& settings, Reach reach) {
  if (settings.life || !settings.requests.empty()) return {};
  std::vector<Settings> out = {settings};
  out.back().life = true;
  if (reach == Reach::life) return out;
  std::set<std::string> files;
  for (const auto& file : changed.tree.changed()) files.insert(file);
  for (std::string& requests :
       scenarios::further_requests(changed.tree, scenario_request(changed, settings).arch, files)) {
    out.push_back(settings);
    out.back().requests = std::move(requests);
  }
  return out;
}

}  // namespace

bool choose_what_shows_more(const Subject& changed, Settings& settings, const Checked& plain, Reach reach) {
  std::vector<Settings> others = alternatives(changed, settings, reach);
  if (others.empty()) return false;
  const std::size_t all = changed_lines(changed.tree, plain).size();
  const std::size_t without = executed(changed, plain);
  std::size_t most = without;
  for (Settings& with : others) {
    if (most == all) break;
    const std::size_t now = executed_with(changed, with);
    if (now <= most) continue;
    most = now;
    settings = std::move(with);
  }
  return most > without;
}

Result<Checked> check_where_most_is_shown(const Subject& changed, Settings& settings,
                                          const std::vector<spec::SpecProperty>& properties, const Subject& base) {
  auto checked = check(changed, settings, properties, &base);
  if (!checked || !choose_what_shows_more(changed, settings, *checked)) return checked;
  return check(changed, settings, properties, &base);
}

}  // namespace hotproof::cli
