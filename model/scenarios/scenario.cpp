#include "model/scenarios/scenario.hpp"

#include <algorithm>

#include "model/env/files.hpp"
#include "model/scenarios/requests.hpp"
#include "model/source/embedded.hpp"

namespace hotproof::scenarios {

namespace {

constexpr std::string_view env_folder = "model/env/";
constexpr std::string_view reference_folder = "model/reference/";

std::string_view embedded_text(std::string_view path) {
  return embedded::text_of(embedded::env(), path);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<Diagnostic> check(const Request& request) {
  if (request.arch != "x86_64" && request.arch != "s390x")
    return Diagnostic{{}, "unknown architecture \"" + request.arch + "\"", "x86_64 or s390x"};
  if (!request.name.empty() && request.name != "x86-dimm" && request.name != "s390-standby")
    return Diagnostic{{}, "unknown scenario \"" + request.name + "\"", "x86-dimm or s390-standby"};
  const struct { const char* what; unsigned value, low, high; } ranges[] = {
      {"blocks", request.blocks, 1, 4},   {"listeners", request.listeners, 0, 4},  {"workers", request.workers, 1, 4},
      {"readers", request.readers, 0, 4}, {"registrars", request.registrars, 0, 1},
      {"poisoners", request.poisoners, 0, 1}};
  for (const auto& [what, value, low, high] : ranges)
    if (value < low || value > high)
      return Diagnostic{{}, std::string("the number of ") + what + " must lie in " + std::to_string(low) + " to " + std::to_string(high), {}};
  if (request.registrars > 0 && request.listeners == 0)
    return Diagnostic{{}, "a registrar needs an ideal listener to register", "--listeners 1"};
  if (request.crowds > 2 || (request.crowds > 0 && request.listeners <= request.registrars))
    return Diagnostic{{}, "crowds of listeners need a listener that is watched, and are two at most", {}};
  return std::nullopt;
}

// Names X in texts that ask HP_HAS_record__field, HP_KNOWS_name or HP_PARAMETERS_function.
std::set<std::string> questions(std::string_view text, std::string_view prefix) {
  std::set<std::string> out;
  for (std::size_t at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
    std::size_t end = at + prefix.size();
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
    out.emplace(text.substr(at + prefix.size(), end - at - prefix.size()));
  }
  return out;
}

bool has_field(c::Program& program, const std::string& question) {
  const std::size_t split = question.find("__");
  if (split == std::string::npos) return false;
  const c::Record* record = program.record(question.substr(0, split));
  const std::string field = question.substr(split + 2);
  return record && std::any_of(record->fields.begin(), record->fields.end(),
                               [&](const c::Declaration& declaration) { return declaration.name == field; });
}

// How many parameters the function has; 0 if there is none.
std::string parameters_of(c::Program& program, const std::string& name) {
  const c::Function* function = program.function(name);
  if (function == nullptr) function = program.declared_function(name);
  return std::to_string(function ? function->parameters.size() : 0);
}

// What the environment wants to know of the tree, answered by the tree's own text.
void answer_questions(c::Program& probe, const std::vector<std::pair<std::string, std::string>>& texts, c::Configuration& configuration) {
  for (const auto& [path, text] : texts) {
    for (const std::string& question : questions(text, "HP_HAS_"))
      configuration.defined["HP_HAS_" + question] = has_field(probe, question) ? "1" : "0";
    for (const std::string& name : questions(text, "HP_KNOWS_"))
      configuration.defined["HP_KNOWS_" + name] = probe.macro(name) || probe.enumerator(name) || probe.declared_function(name) ? "1" : "0";
    for (const std::string& name : questions(text, "HP_PARAMETERS_"))
      configuration.defined["HP_PARAMETERS_" + name] = parameters_of(probe, name);
  }
}

bool mentions(const SourceTree& tree, const char* path, std::string_view word) {
  const auto file = tree.read(path);
  return file && file->text.find(word) != std::string::npos;
}

}  // namespace

Outcome<std::map<std::string, lower::Leaf>> read_leaves(std::string_view text, const std::string& file) {
  std::map<std::string, lower::Leaf> out;
  std::uint32_t line = 0;
  while (!text.empty()) {
    ++line;
    const std::size_t end = text.find('\n');
    const std::string_view row = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (row.empty() || row.front() == '#') continue;
    const std::size_t first = row.find('|');
    const std::size_t second = first == std::string_view::npos ? first : row.find('|', first + 1);
    if (second == std::string_view::npos) return failure({file, line, 1}, "a row needs: name | kind | reason");
    const std::string name(trim(row.substr(0, first)));
    std::string_view kind = trim(row.substr(first + 1, second - first - 1));
    lower::Leaf leaf;
    const std::size_t third = row.find('|', second + 1);
    leaf.reason = trim(row.substr(second + 1, third == std::string_view::npos ? third : third - second - 1));
    if (third != std::string_view::npos) leaf.errors = trim(row.substr(third + 1));
    if (kind.starts_with("cut ")) {
      leaf.cut = true;
      kind = trim(kind.substr(4));
    }
    if (kind.starts_with("quiet ")) {
      leaf.quiet = true;
      kind = trim(kind.substr(6));
    } else if (kind.starts_with("exact ")) {
      leaf.quiet = true;
      kind = trim(kind.substr(6));
      if (kind != "meaning")
        return failure({file, line, static_cast<std::uint32_t>(first + 2)}, "only a meaning can be exact", "quiet, or cut exact meaning");
    }
    if (kind == "meaning") leaf.kind = lower::Leaf::Kind::meaning;
    else if (kind == "nothing") leaf.kind = lower::Leaf::Kind::nothing;
    else if (kind == "unknown") leaf.kind = lower::Leaf::Kind::unknown;
    else if (kind.starts_with("value=")) leaf.kind = lower::Leaf::Kind::value, leaf.text = kind.substr(6);
    else return failure({file, line, static_cast<std::uint32_t>(first + 2)}, "unknown kind of leaf \"" + std::string(kind) + "\"", "meaning, nothing, unknown, value=…");
    if (name.empty()) return failure({file, line, 1}, "no leaf without a name");
    if (leaf.kind == lower::Leaf::Kind::value && leaf.text.empty())
      return failure({file, line, static_cast<std::uint32_t>(first + 2)}, "no value without an expression");
    if (leaf.reason.empty()) return failure({file, line, 1}, "no leaf without a reason");
    if (third != std::string_view::npos && leaf.errors.empty()) return failure({file, line, 1}, "an empty list of errors");
    if (!out.emplace(name, std::move(leaf)).second) return failure({file, line, 1}, "a second row for " + name);
  }
  return out;
}

std::vector<std::string> reference_files() {
  return {"types.h", "memory.h", "hotadd.h", "memory.c", "hotadd.c", "standby.c"};
}

SourceTree reference_tree() {
  std::map<std::string, std::string> files;
  for (const std::string& name : reference_files())
    files[name] = embedded_text(std::string(reference_folder) + name);
  files["hotplug.txt"] = embedded_text("model/reference/hotplug.txt");
  return SourceTree::in_memory("the reference model", std::move(files));
}

namespace {

// The constants of the scenario, as macros that the environment's C reads.
struct Constants {
  bool standby = false;
  bool altmap = false;
  bool lone_node = false;
  bool configures = false;  // memory is configured before it is added, and no listener switches it
  bool life = false;  // blocks come and go
  bool sets_aside = false;  // struct pages of memory that is added start as PageOffline()
  std::vector<RequestKind> requests;
};

// Errors: what cannot be asked for here.
Outcome<std::vector<RequestKind>> requests_of(const SourceTree& tree, bool is_reference, const Request& request) {
  std::vector<std::string> names = request.requests;
  if (names.empty()) names = usual_requests(false);
  const auto all = std::find(names.begin(), names.end(), "all");
  if (all != names.end()) {
    names.erase(all);
    const auto every = is_reference ? usual_requests(true) : all_requests(tree, request.arch);
    names.insert(names.end(), every.begin(), every.end());
  }
  auto kinds = find_requests(names, tree, is_reference, request.arch);
  if (kinds && request.boot)
    for (const RequestKind& kind : *kinds)
      if (kind.name == "boot-add")
        return failure({}, "memory that was there at boot is no standby memory: --boot and the request boot-add exclude each other");
  return kinds;
}

Constants constants_of(const SourceTree& tree, bool is_reference, const Request& request, const std::string& name) {
  Constants out;
  const bool s390 = request.arch == "s390x";
  const char* listener = "drivers/s390/char/sclp_cmd.c";
  const char* config_file = "drivers/s390/char/sclp_mem.c";
  out.standby = name == "s390-standby";
  // On s390 the tree says itself whether standby memory carries its own memmap; elsewhere it is a module parameter.
  // Memory of the boot has its memmap elsewhere.
  const bool can = is_reference || mentions(tree, "include/linux/memory_hotplug.h", "MHP_MEMMAP_ON_MEMORY");
  const bool does = !s390 || is_reference || mentions(tree, listener, "MHP_MEMMAP_ON_MEMORY") ||
                    mentions(tree, config_file, "MHP_MEMMAP_ON_MEMORY");
  out.altmap = can && request.altmap.value_or(!request.boot && does);
  out.sets_aside = !is_reference && mentions(tree, "mm/mm_init.c", "__SetPageOffline");
  out.lone_node = !s390;
  out.configures = s390 && !is_reference && mentions(tree, config_file, "sclp_config_mem_store");
  return out;
}

unsigned number_of(const Listeners& listeners, bool node) {
  return static_cast<unsigned>(std::count_if(listeners.all.begin(), listeners.all.end(),
                                             [&](const Listener& one) { return one.node == node; }));
}

// The listeners of the tree that the scenario has, each with why an ideal one stands for it.
Listeners listeners_of(const std::vector<env::ListenerFile>& files, c::Program& program, const Request& request,
                       const std::map<std::string, lower::Leaf>& leaves) {
  std::set<std::string> cut;
  for (const auto& [name, leaf] : leaves)
    if (leaf.cut) cut.insert(name);
  Listeners out = find_listeners(files, program, cut);
  for (Listener& listener : out.all)
    if (const auto ideal = request.ideal.find(listener.callback); ideal != request.ideal.end())
      listener.ideal_because = ideal->second;
  return out;
}

// Where the reference model's memory comes and goes, the platform's listener is its own.
Listener own_listener_of_reference() {
  Listener out;
  out.callback = "standby_listener";
  out.block = "standby_nb";
  out.platform = true;
  return out;
}

// The listeners of the tree, one line for each thing that people should know of them.
std::vector<std::string> told(const Listeners& listeners) {
  std::vector<std::string> out;
  std::string chain;
  for (const Listener& one : listeners.all)
    if (one.ideal_because.empty() && !one.platform)
      chain += (chain.empty() ? "" : ", ") + one.callback + (one.node ? " (of nodes)" : "");
  if (!chain.empty())
    out.push_back("listeners of the tree take part: " + chain +
                  "; of equal priority, they stand in the order of their initcalls, then of linking");
  for (const Listener& one : listeners.all)
    if (!one.ideal_because.empty())
      out.push_back("listener " + (one.callback.empty() ? std::string("registered") : one.callback) + " of " +
                    one.place.file + " (line " + std::to_string(one.place.line) + ") is not understood (" +
                    one.ideal_because + "): an ideal one stands for it");
  std::string off;
  for (const std::string& path : listeners.not_configured) off += (off.empty() ? "" : ", ") + path;
  if (!off.empty()) out.push_back("listeners of files that are not configured take no part: " + off);
  return out;
}

bool asks(const std::vector<RequestKind>& kinds, std::string_view name) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const RequestKind& kind) { return kind.name == name; });
}

bool asks_any(const std::vector<RequestKind>& kinds, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return asks(kinds, name); });
}

bool asks_acpi(const std::vector<RequestKind>& kinds) { return asks_any(kinds, {"acpi-add", "acpi-remove"}); }

std::string listed(const std::vector<RequestKind>& kinds) {
  std::string out;
  for (const RequestKind& kind : kinds) out += (out.empty() ? "" : ", ") + std::string(kind.name);
  return out;
}

// What may be asked for: numbers and names for the worker's choice, and HP_ASKS_name, the number of each that is there.
void define_requests(c::Configuration& configuration, const std::vector<RequestKind>& kinds) {
  std::string numbers, text;
  for (const RequestKind& kind : kinds) {
    if (kind.name == "boot-add") continue;  // comes once, before any choice
    numbers += (numbers.empty() ? "" : ", ") + std::to_string(kind.number);
    text += (text.empty() ? "" : "|") + std::string(kind.name);
  }
  configuration.defined["HP_REQUESTS"] = std::to_string(std::count(text.begin(), text.end(), '|') + 1);
  configuration.defined["HP_REQUEST_NUMBERS"] = numbers;
  configuration.defined["HP_REQUEST_TEXT"] = "\"what is asked for: " + text + "\"";
  const auto say = [&](const char* key, bool value) { configuration.defined[key] = value ? "1" : "0"; };
  say("HP_ADDS", asks_any(kinds, {"add", "probe", "acpi-add", "boot-add"}));
  say("HP_REMOVES", asks_any(kinds, {"remove", "offline-and-remove", "acpi-remove"}));
  say("HP_ACPI", asks_acpi(kinds));
  for (const RequestKind& kind : request_kinds()) {
    const bool asked = asks(kinds, kind.name);
    std::string name(kind.name);
    std::replace(name.begin(), name.end(), '-', '_');
    configuration.defined["HP_ASKS_" + name] = asked ? std::to_string(kind.number) : "0";
  }
}

void define(c::Configuration& configuration, bool is_reference, const Request& request, const Constants& constants) {
  const bool s390 = request.arch == "s390x";
  const unsigned long pages = s390 ? 65536 : 32768;
  const auto set = [&](const char* key, unsigned long value) { configuration.defined[key] = std::to_string(value); };
  set("HP_BLOCKS", request.blocks);
  set("HP_LISTENERS", request.listeners);
  set("HP_CROWDS", request.crowds);
  if (request.crowds > 0) set("HP_WATCHED", request.listeners - 1 - request.registrars);
  set("HP_INCREMENTS", constants.standby ? 2 : 1);
  set("HP_STANDBY", constants.standby ? 1 : 0);
  set("HP_CONFIGURES", constants.configures ? 1 : 0);
  set("HP_STOP", request.stop ? 1 : 0);
  set("HP_REGISTRARS", request.registrars);
  set("HP_ACTORS", request.workers + request.readers + request.registrars + request.poisoners);
  set("HP_LIFE", constants.life ? 1 : 0);
  set("HP_SETS_NEW_PAGES_ASIDE", constants.sets_aside ? 1 : 0);
  set("HP_POISONERS", request.poisoners);
  set("HP_MEMORY_FAILURE", memory_failure);
  define_requests(configuration, constants.requests);
  set("HP_BOOT", request.boot ? 1 : 0);
  set("HP_ALTMAP", constants.altmap ? pages * 64 / 4096 : 0);
  set("HP_OWN_MEMMAP", constants.altmap ? 1 : 0);
  set("HP_SYMBOLIC_SIZES", request.symbolic_sizes ? 1 : 0);
  configuration.defined["HP_START_PFN"] = "(HP_FIRST_BLOCK * HP_BLOCK_PAGES)";
  set("HP_FIRST_BLOCK", 8);
  set("HP_LONE_NODE", constants.lone_node ? 1 : 0);
  set("HP_NODE", constants.lone_node ? 1 : 0);
  configuration.defined["HP_BLOCK_PAGES"] = is_reference ? std::to_string(pages) + "UL" : "PAGES_PER_SECTION";
  if (request.symbolic_sizes) {
    configuration.defined["HP_BLOCK_PAGES"] = "hp_block_pages_of_model";
    configuration.defined["HP_START_PFN"] = "hp_first_frame";
    if (constants.altmap) configuration.defined["HP_ALTMAP"] = "hp_altmap_pages";
  }
  if (s390) configuration.defined["MACHINE_HAS_EDAT1"] = constants.altmap ? "1" : "0";
  configuration.defined["HP_VMEMMAP"] = "0xffffea0000000000UL";
  configuration.defined["HP_DIRECT_MAP"] = "0xffff888000000000UL";
  for (const auto& [key, value] : request.settings) configuration.defined[key] = value;
}

bool has_own_platform_listener(const Listeners& listeners) {
  return std::any_of(listeners.all.begin(), listeners.all.end(),
                     [](const Listener& one) { return one.platform && !one.node && one.ideal_because.empty(); });
}

// What the environment is told of the tree's listeners.
void define_listeners(c::Configuration& configuration, const Listeners& listeners, const Request& request, bool core) {
  const auto set = [&](const char* key, unsigned value) { configuration.defined[key] = std::to_string(value); };
  set("HP_REAL_LISTENERS", number_of(listeners, false));
  set("HP_CHAIN", request.listeners + 2 * request.crowds + number_of(listeners, false));
  set("HP_NODE_LISTENERS", number_of(listeners, true));
  set("HP_OWN_PLATFORM", has_own_platform_listener(listeners) ? 1 : 0);
  set("HP_CORE_LISTENERS", core ? 1 : 0);
  configuration.defined["HP_PLATFORM_BLOCK"] = platform_block(listeners, request.listeners);
}

// The files of the tree that the model reads, those of listeners last: their names hide no others.
std::vector<std::string> files_read(const SourceTree& tree, const std::string& arch,
                                    const std::vector<env::ListenerFile>& listening, bool core) {
  std::vector<std::string> out = env::model_files(tree, arch);
  for (const env::ListenerFile& file : listening)
    if (file.built && std::find(out.begin(), out.end(), file.path) == out.end()) out.push_back(file.path);
  if (core)
    for (std::string& path : env::listener_headers(tree)) out.push_back(std::move(path));
  return out;
}

// The parts of the environment, by path.
std::vector<std::pair<std::string, std::string>> environment(bool is_reference, bool core, const Request& request,
                                                             const Constants& constants, const Listeners& listeners) {
  std::vector<std::string> parts = {"intrinsics.h", "locks.c", "world.c", "listeners.c", "actors.c"};
  if (!is_reference) parts.insert(parts.end(), {"kernel.c", "life.c", "pool.c", "requests.c"});
  if (asks_acpi(constants.requests)) parts.push_back("acpi.c");
  if (asks(constants.requests, "boot-add")) parts.push_back("standby.c");
  if (request.poisoners > 0) parts.push_back("poison.c");
  if (!is_reference && (constants.configures || has_own_platform_listener(listeners))) parts.push_back("s390.c");
  if (core) parts.push_back("core.c");
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& part : parts) {
    const std::string path = std::string(env_folder) + part;
    out.emplace_back(path, embedded_text(path));
  }
  if (is_reference) out.emplace_back("model/reference/world.c", embedded_text("model/reference/world.c"));
  else out.emplace_back("model/env/registration.c", registration(listeners));
  return out;
}

std::vector<lower::ActorSpec> actors(const Request& request) {
  std::vector<lower::ActorSpec> out;
  for (unsigned i = 0; i < request.workers; ++i) out.push_back({"worker" + std::to_string(i), "hp_worker", i});
  for (unsigned i = 0; i < request.readers; ++i) out.push_back({"reader" + std::to_string(i), "hp_reader", i});
  for (unsigned i = 0; i < request.registrars; ++i) out.push_back({"registrar" + std::to_string(i), "hp_registrar", i});
  for (unsigned i = 0; i < request.poisoners; ++i) out.push_back({"poisoner" + std::to_string(i), "hp_poisoner", i});
  return out;
}

}  // namespace

Outcome<std::unique_ptr<Scenario>> Scenario::create(const SourceTree& tree, bool is_reference, const Request& request) {
  if (const auto error = check(request)) return tl::unexpected(*error);
  if (!is_reference && !tree.exists("mm/memory_hotplug.c"))
    return failure({tree.name()}, "this is no kernel tree with memory hotplug: there is no mm/memory_hotplug.c in it");

  std::unique_ptr<Scenario> out(new Scenario);
  if (request.symbolic_sizes && !is_reference)
    return failure({tree.name()}, "symbolic sizes are for the embedded reference model",
                   "no --tree: a kernel tree's headers fix most of its sizes");
  out->name_ = !request.name.empty() ? request.name : request.arch == "s390x" ? "s390-standby" : "x86-dimm";
  Constants constants = constants_of(tree, is_reference, request, out->name_);
  if (request.poisoners > 0 && (request.arch != "x86_64" || !mentions(tree, "mm/memory-failure.c", "memblk_nr_poison_inc")))
    return failure({tree.name()}, "this tree keeps no count of poisoned pages for a memory block on " + request.arch, "no --poisoners");
  auto requests = requests_of(tree, is_reference, request);
  if (!requests) return tl::unexpected(requests.error());
  constants.requests = std::move(*requests);
  constants.life = add_or_remove(request.requests);

  const auto leaves = read_leaves(embedded_text("model/env/leaves.tbl"), "model/env/leaves.tbl");
  if (!leaves) return tl::unexpected(leaves.error());
  out->options_.leaves = *leaves;

  c::Configuration configuration = is_reference ? c::Configuration{} : env::default_configuration(request.arch);
  const bool core = !is_reference && request.real_listeners.value_or(false);
  if (core) env::configure_listeners(request.arch, configuration);
  define(configuration, is_reference, request, constants);
  std::vector<env::ListenerFile> listening;
  if (!is_reference && request.real_listeners.value_or(true))
    listening = env::listener_files(tree, request.arch, core, configuration);
  const std::vector<std::string> files = is_reference
                                             ? reference_files()
                                             : files_read(tree, request.arch, listening, core);
  c::Program probe(tree, files, configuration);
  out->listeners_ = listeners_of(listening, probe, request, *leaves);
  if (is_reference && constants.life && constants.standby && request.real_listeners.value_or(true))
    out->listeners_.all.push_back(own_listener_of_reference());
  define_listeners(configuration, out->listeners_, request, core);
  const auto texts = environment(is_reference, core, request, constants, out->listeners_);
  answer_questions(probe, texts, configuration);
  for (const auto& [name, leaf] : *leaves)
    if (leaf.cut && probe.function(name)) out->shadowed_.push_back(name);
  for (const Listener& listener : out->listeners_.all)
    if (!listener.ideal_because.empty())
      out->shadowed_.insert(out->shadowed_.end(), listener.functions.begin(), listener.functions.end());

  out->program_ = std::make_unique<c::Program>(tree, files, configuration);
  for (auto it = texts.rbegin(); it != texts.rend(); ++it) {
    out->program_->add_first(it->first, it->second);
    out->options_.environment.push_back(it->first);
  }
  out->mir_ = std::make_unique<lower::Mir>(*out->program_);
  std::set<std::string> names;
  for (const auto& [name, leaf] : out->options_.leaves) names.insert(name);
  if (is_reference) names.clear();
  out->mir_->set_leaves(std::move(names));

  if (is_reference)  // its leaves are the environment's bodies and nothing else
    std::erase_if(out->options_.leaves, [](const auto& row) { return row.second.kind != lower::Leaf::Kind::meaning; });
  out->options_.actors = actors(request);
  for (const char* field : {"spanned_pages", "zone_start_pfn"}) out->options_.watched_fields[field] = "span";
  for (const char* field : {"node_spanned_pages", "node_start_pfn"}) out->options_.watched_fields[field] = "node-span";
  out->options_.watched_fields["nr_isolate_pageblock"] = "isolate-count";
  for (const char* field : {"present_pages", "present_early_pages", "node_present_pages"})
    out->options_.watched_fields[field] = "present";
  out->options_.wrappers = {"memory_notify"};
  out->options_.watched_calls = request.watched_calls;
  out->options_.tell_leaves = request.tell_leaves;
  out->options_.constants = request.constants;
  out->options_.sets = {{"block", request.blocks}, {"listener", request.listeners + number_of(out->listeners_, false)}, {"node", 2}};
  const unsigned real = number_of(out->listeners_, false) + number_of(out->listeners_, true);
  const bool own = has_own_platform_listener(out->listeners_);
  const std::string others = real > (own ? 1U : 0U) ? " and " + std::to_string(real - (own ? 1 : 0)) + " listener(s) of the tree" : "";
  const std::string ideal = request.crowds > 0 ? "any number of ideal listeners"
                                               : std::to_string(request.listeners) + " ideal listener(s)";
  out->platform_is_ideal_ =
      constants.standby && !constants.configures && platform_block(out->listeners_, 1) == "&hp_ideal[0]";
  out->memmap_in_block_ = constants.altmap;
  out->assumptions_ = {
      out->name_ + ": " + std::to_string(request.blocks) + " block(s), " + ideal + (own ? " and the tree's s390 listener" : "") + others + ", " +
          std::to_string(request.workers) + (constants.life ? " worker(s) that also add and remove, " : " worker(s), ") + std::to_string(request.readers) + " reader(s)",
      std::string("the memmap of a block lies ") + (constants.altmap ? "in its own first pages" : "elsewhere"),
      constants.configures ? "memory is on standby until it is configured and added, in 2 increments a block"
      : constants.standby && request.symbolic_sizes
          ? "memory is on standby: inaccessible until it is switched on, increment by increment; two of them stand for any number above one"
      : constants.standby ? "memory is on standby: inaccessible until it is switched on, in 2 increments a block"
                        : "memory is physically accessible from hot-add on"};
  for (std::string& line : told(out->listeners_)) out->assumptions_.push_back(std::move(line));
  if (!request.requests.empty()) out->assumptions_.push_back("asked for: " + listed(constants.requests));
  if (request.poisoners > 0)
    out->assumptions_.emplace_back("memory fails and is repaired while it is in use: of memory_failure() only the counts of poisoned pages are followed, and it never comes too late, to a page that is isolated or gone");
  return out;
}

}  // namespace hotproof::scenarios
