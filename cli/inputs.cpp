#include "cli/inputs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "model/env/files.hpp"
#include "model/patch/diff.hpp"
#include "model/patch/edit.hpp"
#include "model/patch/place.hpp"
#include "model/source/embedded.hpp"

namespace hotproof::cli {

namespace {

constexpr const char* mail_path = "model/reference/prepare-online.mbox";
constexpr const char* series_path = "model/reference/memmap-on-memory.mbox";

tl::unexpected<Failure> unreadable(const std::string& path, const std::string& why) {
  return usage_error({Place{path, 0, 0}, "cannot be read: " + why, ""});
}

std::vector<std::string> files_of(const Subject& subject, const std::string& architecture) {
  if (!subject.is_reference) return env::model_files(subject.tree, architecture);
  return subject.tree.changed();
}

// The old lines at which the hunks stand by their headers, in the diff's order.
std::vector<std::uint32_t> stated_lines(const patch::Diff& diff) {
  std::vector<std::uint32_t> out;
  for (const patch::FileDiff& file : diff.files) {
    for (const patch::Hunk& hunk : file.hunks) out.push_back(hunk.old_start);
  }
  return out;
}

counterexamples::PlacementReport placement_report(const patch::Placement& placement, const patch::Mail& mail,
                                                  std::uint32_t stated) {
  counterexamples::PlacementReport out;
  out.patch = mail.subject.empty() ? mail.file : mail.subject;
  out.file = placement.file;
  out.hunk = placement.hunk;
  out.header_line = stated;
  out.placed_line = placement.line;
  out.exact = placement.kind == patch::Placement::Kind::exact;
  out.why = placement.why;
  return out;
}

// What the environment's C does not name would be set without any effect.
bool is_scenario_value(const std::string& name) {
  const auto files = embedded::env();
  return name.starts_with("HP_") && std::any_of(files.begin(), files.end(), [&name](const embedded::File& file) {
           return file.text.find(name) != std::string_view::npos;
         });
}

std::optional<Diagnostic> wrong(const patch::Edit& edit) {
  for (const auto& [name, value] : edit.scenario) {
    if (is_scenario_value(name)) continue;
    return Diagnostic{edit.scenario_places.at(name), "no scenario has a value '" + name + "'",
                      "HP_BLOCKS and others of model/env"};
  }
  if (edit.actions.empty() && edit.scenario.empty() && edit.configuration.empty()) {
    return Diagnostic{Place{edit.file, 0, 0}, "this edit changes nothing", "docs/edits.md says what may stand in it"};
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> read_text(const std::string& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) return unreadable(path, "it is a folder");
  const bool standard = path == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      standard ? stdin : std::fopen(path.c_str(), "rb"), [](std::FILE* f) { return f == stdin ? 0 : std::fclose(f); });
  if (file == nullptr) return unreadable(path, std::strerror(errno));
  std::string text;
  char buffer[1U << 16U];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, count);
    if (text.size() > patch::largest_input) return unreadable(path, "it is larger than 64 MiB");
  }
  if (std::ferror(file.get()) != 0) return unreadable(path, "an error while reading");
  return text;
}

Result<Subject> open_subject(const Settings& settings) {
  if (settings.scenario == "s390-standby" && settings.architecture == "x86_64") {
    return usage_error(
        {{}, "--scenario s390-standby is about s390x, not about --arch x86_64", "leave one of them out"});
  }
  if (settings.tree.empty()) return Subject{scenarios::reference_tree(), true, "the embedded reference model", {}};
  auto tree = SourceTree::open(settings.tree);
  if (!tree) return usage_error(tree.error());
  return Subject{std::move(*tree), false, settings.tree, {}};
}

Result<Subject> with_edit(const Subject& subject, const patch::Edit& edit, const std::string& architecture) {
  if (const auto problem = wrong(edit)) return usage_error(*problem);
  Subject out = subject;
  c::Configuration configuration = subject.is_reference ? c::Configuration{} : env::default_configuration(architecture);
  for (const auto& [name, on] : edit.configuration) {
    configuration.defined[name] = on ? "1" : "0";
    out.settings.emplace_back(name, on ? "1" : "0");
  }
  out.settings.insert(out.settings.end(), edit.scenario.begin(), edit.scenario.end());
  auto edited = patch::apply(out.tree, edit, files_of(out, architecture), configuration);
  if (!edited) return usage_error(edited.error());
  out.tree = std::move(*edited);
  return out;
}

Result<Subject> with_edits(const Subject& subject, const Settings& settings) {
  Subject out = subject;
  const std::string architecture = scenario_request(subject, settings).arch;
  for (const std::string& path : settings.edits) {
    const auto text = read_text(path);
    if (!text) return tl::unexpected(text.error());
    const auto edit = patch::read_edit(*text, path);
    if (!edit) return usage_error(edit.error());
    auto edited = with_edit(out, *edit, architecture);
    if (!edited) return edited;
    out = std::move(*edited);
  }
  return out;
}

Result<std::vector<spec::SpecProperty>> known_properties(const Settings& settings) {
  auto library = spec::library();
  if (!library) return internal_error(library.error());
  std::vector<spec::SpecProperty> out = std::move(*library);
  for (const std::string& path : settings.specs) {
    const auto text = read_text(path);
    if (!text) return tl::unexpected(text.error());
    auto own = spec::parse(*text, path);
    if (!own) return usage_error(own.error());
    for (spec::SpecProperty& property : *own) {
      const auto same = std::find_if(out.begin(), out.end(),
                                     [&property](const spec::SpecProperty& other) { return other.id == property.id; });
      if (same != out.end()) {
        return usage_error({property.place, "there is already a property '" + property.id + "'",
                            "it stands at " + to_string(same->place)});
      }
      out.push_back(std::move(property));
    }
  }
  return out;
}

Result<std::vector<spec::SpecProperty>> chosen_properties(const Settings& settings) {
  const auto known = known_properties(settings);
  if (!known) return tl::unexpected(known.error());
  auto chosen = spec::select(*known, settings.properties);
  if (!chosen) return usage_error(chosen.error());
  // A library's formula about all that goes on for ever is asked for: it takes the system before steps are merged.
  std::erase_if(*chosen, [&settings](const spec::SpecProperty& property) {
    const bool own = std::find(settings.specs.begin(), settings.specs.end(), property.place.file) != settings.specs.end();
    return property.temporal && !own && !settings.liveness && settings.properties.empty();
  });
  return std::move(*chosen);
}

Result<Question> read_question(const Settings& settings) {
  auto properties = chosen_properties(settings);
  if (!properties) return tl::unexpected(properties.error());
  auto base = open_subject(settings);
  if (!base) return tl::unexpected(base.error());
  auto edited = with_edits(*base, settings);
  if (!edited) return tl::unexpected(edited.error());
  return Question{std::move(*base), std::move(*edited), std::move(*properties)};
}

Result<Patched> with_mails(const Subject& subject, const std::vector<patch::Mail>& mails) {
  Patched out{subject, "", "", {}};
  for (const patch::Mail& mail : mails) {
    if (mail.diff.empty()) continue;
    const auto diff = patch::read_diff(mail);
    if (!diff) return usage_error(diff.error());
    auto applied = patch::apply(out.subject.tree, *diff);
    if (!applied) return usage_error(applied.error());
    const std::vector<std::uint32_t> stated = stated_lines(*diff);
    for (std::size_t i = 0; i < applied->placements.size(); ++i) {
      out.placement.push_back(placement_report(applied->placements[i], mail, i < stated.size() ? stated[i] : 0));
    }
    out.subject.tree = std::move(applied->tree);
    if (out.title.empty()) out.title = mail.subject.empty() ? mail.file : mail.subject;
    out.message += mail.message + "\n";
  }
  out.subject.title = subject.title + " with the patch";
  return out;
}

Result<std::vector<patch::Mail>> read_mails(const std::vector<std::string>& paths,
                                            std::vector<checker::certify::Input>* inputs) {
  std::vector<patch::Mail> out;
  for (const std::string& path : paths) {
    const auto text = read_text(path);
    if (!text) return tl::unexpected(text.error());
    auto mails = patch::read_mails(*text, path);
    if (!mails) return usage_error(mails.error());
    if (inputs != nullptr) inputs->push_back({"patch", path, checker::certify::hash_of(*text)});
    out.insert(out.end(), std::make_move_iterator(mails->begin()), std::make_move_iterator(mails->end()));
  }
  return out;
}

Result<std::vector<patch::Mail>> embedded_mail() {
  auto mails = patch::read_mails(embedded::text_of(embedded::env(), mail_path), mail_path);
  if (!mails) return internal_error(mails.error());
  return std::move(*mails);
}

patch::SeriesInput embedded_series() {
  return {series_path, std::string(embedded::text_of(embedded::env(), series_path))};
}

}  // namespace hotproof::cli
