#include "cli/specs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/console.hpp"
#include "cli/inputs.hpp"
#include "counterexamples/report.hpp"
#include "specs/lang/spec.hpp"

namespace hotproof::cli {

namespace {

std::string_view form_of(const spec::SpecProperty& property) {
  if (property.temporal) return "ltl";
  switch (property.kind) {
    case ir::PropertyKind::invariant:
      return "invariant";
    case ir::PropertyKind::assertion:
      return "rule";
    case ir::PropertyKind::cover:
      return "cover";
    case ir::PropertyKind::deadlock:
      return "deadlock";
  }
  return "";
}

std::string list(const std::vector<spec::SpecProperty>& properties, const render::Style& style) {
  std::size_t width = 0;
  for (const spec::SpecProperty& property : properties) width = std::max(width, property.id.size());
  std::string out;
  for (const spec::SpecProperty& property : properties) {
    out += coloured(property.id, render::Colour::bold, style) + std::string(width - property.id.size() + 2, ' ');
    std::string says = property.says;
    if (property.confidence == ir::Confidence::moderate) says += " (moderate)";
    const auto lines =
        render::filled(render::safe(says, style.utf8), std::max<std::size_t>(style.width - width - 2, 40));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      out += (i == 0 ? "" : std::string(width + 2, ' ')) + lines[i] + "\n";
    }
  }
  return out + "\n`hotproof specs ID` explains one: where the rule comes from, and its text.\n";
}

// The text as written, each line safe.
std::string indented(const std::string& text, const render::Style& style) {
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    out += "    " + render::safe(line, style.utf8) + "\n";
  }
  return out;
}

std::string explained(const std::vector<spec::SpecProperty>& properties, const render::Style& style) {
  std::string out;
  for (const spec::SpecProperty& property : properties) {
    const auto add = [&](const std::string& label, const std::string& text) {
      const auto lines = render::filled(render::safe(text, style.utf8), style.width - 14);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        out += "  " + (i == 0 ? label + std::string(12 - label.size(), ' ') : std::string(12, ' ')) + lines[i] + "\n";
      }
    };
    if (!out.empty()) out += "\n";
    out += coloured(property.id, render::Colour::bold, style) + "\n";
    add("says", property.says);
    add("comes from", property.origin);
    add("confidence", std::string(counterexamples::name(property.confidence)));
    add("form", std::string(form_of(property)));
    add("stands at", to_string(property.place));
    out += indented(property.form_text, style);
  }
  return out;
}

std::string json(const std::vector<spec::SpecProperty>& properties) {
  nlohmann::ordered_json out = {{"properties", nlohmann::ordered_json::array()}};
  for (const spec::SpecProperty& property : properties) {
    out["properties"].push_back({{"id", property.id},
                                 {"says", property.says},
                                 {"origin", property.origin},
                                 {"confidence", counterexamples::name(property.confidence)},
                                 {"form", form_of(property)},
                                 {"text", property.form_text},
                                 {"file", property.place.file},
                                 {"line", property.place.line}});
  }
  return out.dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int run_specs(const Settings& settings) {
  const auto known = known_properties(settings);
  if (!known) return fail(known.error());
  auto chosen = spec::select(*known, settings.names);
  if (!chosen) return fail({chosen.error(), Exit::usage});
  auto output = OutputFile::open(settings.output);
  if (!output) return fail(output.error());
  const render::Style style = style_for(settings);
  const auto written = output->write(settings.format == Format::json ? json(*chosen)
                                     : settings.names.empty()        ? list(*chosen, style)
                                                                     : explained(*chosen, style));
  return written ? Exit::all_hold : fail(written.error());
}

}  // namespace

Command specs_command() {
  return {
      "specs",
      "List the properties, or explain some of them",
      "Each property has an id, one sentence, where the rule comes from, and a confidence: `high` is what the kernel\n"
      "promises or must keep; `moderate` is good practice.",
      "  hotproof specs\n"
      "  hotproof specs --specs mine.spec\n"
      "  hotproof specs prepare-has-finish lock-balance",
      joined({names_option("Properties to explain (default: list all)"), specs_option(), output_options()}),
      run_specs,
  };
}

}  // namespace hotproof::cli
