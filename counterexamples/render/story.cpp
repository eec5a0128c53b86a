#include <algorithm>

#include "counterexamples/render/explain.hpp"
#include "counterexamples/render/glossary.hpp"
#include "counterexamples/render/sentences.hpp"
#include "counterexamples/render/tidy.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

std::string capital(std::string text) {
  // An actor's and a listener's name stand as they are; only words of ours begin with a capital.
  static constexpr const char* ours[] = {"a failure", "a listener", "the call"};
  for (const char* begin : ours)
    if (text.starts_with(begin)) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

class Story {
 public:
  Story(const PropertyReport& property, const Style& style)
      : property_(property), style_(style), width_(std::max<std::size_t>(style.width, 60)) {}

  std::string tell(const Setting& setting) {
    line(setting.title + ", " + setting.scenario);
    add("");
    paragraph("The rule: " + property_.says + ".");
    if (!property_.reason.empty()) paragraph("It is broken: " + property_.reason + ".");
    if (property_.trace) {
      add("");
      steps(*property_.trace);
      end(*property_.trace);
    }
    glossary();
    return out_;
  }

 private:
  void add(const std::string& text) { out_ += text + "\n"; }
  void line(const std::string& text) { add(coloured(safe(text, style_.utf8), Colour::bold, style_)); }
  void paragraph(const std::string& text, std::size_t indent = 0) {
    for (const std::string& one : filled(safe(text, style_.utf8), width_ - indent)) add(std::string(indent, ' ') + one);
  }

  // One numbered sentence a step; where many look at much and change nothing, these are told of together.
  void steps(const Trace& trace) {
    const std::vector<Sentence> all = sentences(trace);
    std::size_t number = 0;
    bool told = false;
    for (const Sentence& one : all) {
      if (!told && property_.why && property_.why->no_return && one.number > *property_.why->no_return) {
        told = true;
        sentence(++number, one);
        paragraph("From here on every run breaks the rule: this was the point of no return.", indent);
        continue;
      }
      sentence(++number, one);
    }
  }

  void sentence(std::size_t number, const Sentence& one) {
    std::string text = capital(one.text);
    if (!one.place.empty()) text += " (" + one.place + ")";
    const auto lines = filled(safe(text + ".", style_.utf8), width_ - indent);
    for (std::size_t i = 0; i < lines.size(); ++i)
      add((i == 0 ? padded(std::to_string(number), indent - 3, true) + ". " + (one.added_by_patch ? "+" : " ")
                  : std::string(indent, ' ')) + lines[i]);
    if (!one.source.empty()) add(std::string(indent + 2, ' ') + coloured(cut(safe(one.source, style_.utf8), width_ - indent - 2, style_.utf8), Colour::dim, style_));
  }

  void end(const Trace& trace) {
    add("");
    const std::vector<std::string> left = left_behind(trace);
    std::string words;
    for (std::size_t i = 0; i < left.size(); ++i) words += (i == 0 ? "What is left of it: " : "; ") + left[i];
    if (!words.empty()) paragraph(words + ".");
    if (property_.why)
      for (const std::string& text : why_in_words(trace, *property_.why)) paragraph(text);
    if (property_.latent()) paragraph("It is latent. It needs " + property_.latent_needs + ".");
    if (!property_.origin.empty()) paragraph("Where the rule comes from: " + property_.origin + ".");
  }

  void glossary() {
    const auto entries = glossary_for(out_);
    if (entries.empty()) return;
    add("");
    line("words");
    for (const GlossaryEntry& entry : entries) paragraph(std::string(entry.word) + ": " + std::string(entry.meaning), 2);
  }

  static constexpr std::size_t indent = 6;
  const PropertyReport& property_;
  const Style& style_;
  std::size_t width_;
  std::string out_;
};

}  // namespace

std::string story(const PropertyReport& property, const Setting& setting, const Style& style) {
  return Story(property, style).tell(setting);
}

}  // namespace hotproof::render
