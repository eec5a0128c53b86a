#include <algorithm>
#include <numeric>
#include <set>

#include "counterexamples/render/explain.hpp"
#include "counterexamples/render/sentences.hpp"
#include "counterexamples/render/tidy.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr std::size_t mail_columns = 72;
constexpr std::size_t most_steps = 14;   // more is a log, and no mail
constexpr std::size_t most_fixes = 4;
constexpr std::size_t most_quoted = 12;  // lines of the patch

class Mail {
 public:
  explicit Mail(const PropertyReport& property) : property_(property) {}

  std::string write(const Setting& setting) {
    opening();
    if (property_.trace) {
      quoted(*property_.trace);
      reached(*property_.trace);
      matters(*property_.trace);
    }
    today();
    if (property_.trace && property_.why) prevented(*property_.trace, *property_.why);
    fixes(setting.fixes);
    closing(setting);
    return out_;
  }

 private:
  void add(const std::string& text) { out_ += text + "\n"; }
  void paragraph(const std::string& text, std::size_t first = 0, std::size_t rest = 0) {
    const auto lines = filled(safe(text, false), mail_columns - std::max(first, rest));
    for (std::size_t i = 0; i < lines.size(); ++i) add(std::string(i == 0 ? first : rest, ' ') + lines[i]);
  }

  static bool by_patch(const Trace& trace) {
    const auto of_call = [](const TraceCall& call) { return call.added_by_patch; };
    return std::any_of(trace.steps.begin(), trace.steps.end(), [&](const TraceStep& step) {
      return step.added_by_patch || std::any_of(step.callers.begin(), step.callers.end(), of_call);
    });
  }

  void opening() {
    const bool patched = property_.trace && by_patch(*property_.trace);
    paragraph(std::string(patched ? "With this patch, a" : "A") + " rule of memory hotplug can be broken:");
    add("");
    paragraph(property_.says + ".", 2, 2);
    add("");
    std::string found = property_.reason.empty() ? "" : "What goes wrong: " + property_.reason + ". ";
    if (property_.trace) {
      const std::vector<std::string> faults = faults_in_words(*property_.trace);
      found += faults.empty() ? "No failure is needed" : "It takes " + std::string(faults.size() == 1 ? "one failure" : "these failures") + ": " + joined(faults);
      found += property_.trace->switches == 0 ? ", and no race." : ", and a race of " + std::to_string(property_.trace->switches) + " context switches.";
      if (property_.trace->minimal) found += " No run with less shows it.";
    }
    paragraph(found);
  }

  static std::string joined(const std::vector<std::string>& parts) {
    return std::accumulate(parts.begin(), parts.end(), std::string(),
                           [](std::string all, const std::string& part) { return (all.empty() ? all : all + "; ") + part; });
  }

  // The patch's own lines that the run goes through, as in a reply.
  void quoted(const Trace& trace) {
    std::set<std::pair<std::string, std::uint32_t>> seen;
    std::vector<std::string> lines;
    const auto quote = [&](bool added, const std::string& file, std::uint32_t line, const std::string& source) {
      if (!added || source.empty() || !seen.emplace(file, line).second) return;
      lines.push_back(cut("> +\t" + safe(source, false), mail_columns - 7, false));
    };
    for (const TraceStep& step : trace.steps) {
      for (const TraceCall& call : step.callers) quote(call.added_by_patch, call.file, call.line, call.source);
      quote(step.added_by_patch, step.file, step.line, step.source);
    }
    if (lines.empty()) return;
    add("");
    for (std::size_t i = 0; i < lines.size() && i < most_quoted; ++i) add(lines[i]);
    if (lines.size() > most_quoted) add("> [...]");
  }

  void reached(const Trace& trace) {
    std::vector<Sentence> all = sentences(trace);
    // That a line is run tells a reviewer nothing, but of the patch's own.
    std::erase_if(all, [](const Sentence& one) { return one.text.ends_with(" runs") && !one.added_by_patch; });
    // By interest; the beginning and the end stay.
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return all[a].interest > all[b].interest; });
    if (order.size() > most_steps) order.resize(most_steps);
    std::set<std::size_t> shown(order.begin(), order.end());
    add("");
    add("How it is reached:");
    add("");
    std::size_t number = 0;
    bool told = false;
    for (const std::size_t i : shown) {
      const Sentence& one = all[i];
      std::string text = one.text;
      if (text.ends_with(" runs") && !one.source.empty()) text += " `" + one.source + "`";
      if (!one.place.empty()) text += " (" + one.place + ")";
      const std::string label = std::to_string(++number) + ". ";
      const auto lines = filled(safe(text, false), mail_columns - 6);
      for (std::size_t k = 0; k < lines.size(); ++k) add((k == 0 ? padded(label, 6, true) : std::string(6, ' ')) + lines[k]);
      if (!told && property_.why && property_.why->no_return && one.number > *property_.why->no_return) {
        told = true;
        add("      From here on there is no way back.");
      }
    }
  }

  void matters(const Trace& trace) {
    add("");
    const std::vector<std::string> left = left_behind(trace);
    std::string text = "Why it matters: ";
    if (!left.empty()) text += "when this is over, " + joined(left) + ". ";
    text += property_.origin.empty() ? "" : "The rule comes from " + property_.origin + ".";
    if (property_.confidence == ir::Confidence::moderate) text += " (It is good practice rather than a promise of the kernel.)";
    paragraph(text);
  }

  void today() {
    add("");
    if (property_.latent()) {
      paragraph("This is latent: nothing in the tree triggers it today. It takes " + property_.latent_needs +
                ". It waits for whoever comes next.");
    } else {
      paragraph("This needs nothing but what is in the tree.");
    }
  }

  void prevented(const Trace& trace, const Why& why) {
    for (const std::string& text : why_in_words(trace, why)) {
      add("");
      paragraph(text);
    }
  }

  static std::string but(const SuggestionReport& fix) {
    if (fix.all_hold) return "every rule that was asked for then holds";
    return fix.breaks.empty() ? "what else is violated stays so" : "but it breaks " + joined(fix.breaks);
  }

  void fixes(const std::vector<SuggestionReport>& all) {
    if (all.empty()) return;
    add("");
    paragraph("What would fix it (model-checked, not compiled): " + joined(all.front().says) + "; " + but(all.front()) + ".");
    add("");
    for (std::size_t at = 0; at < all.front().diff.size();) {
      const std::size_t end = std::min(all.front().diff.find('\n', at), all.front().diff.size());
      std::string line;
      // Tabs belong to a diff; each piece between them is a stranger's text.
      for (std::size_t from = at; from <= end;) {
        const std::size_t tab = std::min(all.front().diff.find('\t', from), end);
        line += safe(all.front().diff.substr(from, tab - from), false) + (tab < end ? "\t" : "");
        from = tab + 1;
      }
      add(line);
      at = end + 1;
    }
    for (std::size_t i = 1; i < all.size() && i < most_fixes; ++i) {
      // Nobody wants one rule for two.
      if (all[i].breaks.size() > 1) continue;
      std::string says = joined(all[i].says);
      if (says.ends_with(";")) says.pop_back();
      add("");
      paragraph("Or: " + says + "; " + but(all[i]) + ".");
    }
  }

  void closing(const Setting& setting) {
    add("");
    paragraph("Found by model checking of the source (" + setting.title + "; " + setting.scenario +
              "), every interleaving and every failure looked at; the run was replayed step by step. Not tried on a machine.");
    if (setting.command.empty()) return;
    add("");
    // As a shell reads it: a backslash before each line end.
    const auto lines = filled(safe(setting.command, false), mail_columns - 6);
    for (std::size_t i = 0; i < lines.size(); ++i)
      add((i == 0 ? "  " : "    ") + lines[i] + (i + 1 < lines.size() ? " \\" : ""));
  }

  const PropertyReport& property_;
  std::string out_;
};

}  // namespace

std::string mail(const PropertyReport& property, const Setting& setting) {
  return Mail(property).write(setting);
}

}  // namespace hotproof::render
