#include "model/c/program.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "model/c/annotations.hpp"
#include "model/c/index.hpp"
#include "model/c/parse.hpp"
#include "model/c/preprocess.hpp"

namespace hotproof::c {

namespace {

using Names = std::unordered_map<std::string_view, std::uint32_t>;

// What an item became when it was asked for.
struct Parsed {
  std::unique_ptr<Function> function;
  std::unique_ptr<Record> record;
  std::unique_ptr<GlobalVariable> global;
  TypePtr alias;
};

struct File {
  std::shared_ptr<const SourceFile> source;
  Preprocessed preprocessed;
  std::string clean;
  std::vector<Annotated::Mark> marks;
  FileIndex index;
  SourceText text;
  std::vector<std::string> attribute_names;  // "dev_attr_x"
  Names functions, prototypes, records, aliases, variables, enumerators, macros;
  std::vector<Parsed> parsed;  // by item

  bool is_weak(const Item& item) const {
    return std::any_of(marks.begin(), marks.end(), [&](const Annotated::Mark& mark) {
      return mark.kind == Annotated::Mark::Kind::weak && mark.begin >= item.begin && mark.begin < item.body;
    });
  }
};

// Kernel types whose headers may not be among the files.
bool looks_like_type(std::string_view name) {
  if (name.size() > 2 && name.ends_with("_t")) return true;
  static const std::unordered_set<std::string_view> words = {
      "u8",    "u16",   "u32",    "u64",   "s8",      "s16",    "s32",      "s64",    "__u8",   "__u16",  "__u32",
      "__u64", "__s8",  "__s16",  "__s32", "__s64",   "__le16", "__le32",   "__le64", "__be16", "__be32", "__be64",
      "uint",  "ulong", "ushort", "uchar", "__sum16", "__wsum", "__poll_t", "u128",   "s128"};
  return words.contains(name);
}

bool starts_with_loop(std::string_view body) {
  for (const std::string_view word : {"for", "while"})
    if (body.starts_with(word) && body.size() > word.size() && !is_name_char(body[word.size()])) return true;
  return false;
}

}  // namespace

struct Program::State {
  State(SourceTree from, std::vector<std::string> names, Configuration asked)
      : tree(std::move(from)),
        files(std::move(names)),
        configuration(std::move(asked)),
        definitions(configuration.defined) {
    oracle.is_type = [this](std::string_view name) { return is_type(name); };
    oracle.heads_loop = [this](std::string_view name) {
      const Macro* found = macro(name);
      return found && starts_with_loop(found->body);
    };
  }

  SourceTree tree;
  std::vector<std::string> files;
  Configuration configuration;
  Definitions definitions;
  NameOracle oracle;
  bool indexed = false;
  std::vector<std::string> missing;
  std::vector<File*> order;  // of look-ups
  std::vector<std::unique_ptr<File>> all;
  std::unordered_map<std::string, File*> by_path;  // null: missing, or being read
  std::unordered_map<std::string, std::vector<std::string>> by_include;
  std::unordered_map<const void*, const std::string*> origin;
  WordSet meaningless;  // macros that stand for nothing

  // --- Reading -------------------------------------------------------------------------------------------------

  void ensure_indexed() {
    if (indexed) return;
    indexed = true;
    for (const std::string& path : files) note_include_name(path);
    for (const std::string& path : files) read(path);
    for (const std::string& path : files) {
      File* file = by_path[path];
      if (!file)
        missing.push_back(path);
      else if (std::find(order.begin(), order.end(), file) == order.end())
        order.push_back(file);
    }
  }

  // "include/linux/memory.h" and "arch/s390/include/uapi/asm/x.h" are included as "linux/memory.h" and "asm/x.h".
  void note_include_name(const std::string& path) {
    by_include[path.substr(path.rfind('/') + 1)].push_back(path);
    const auto at = path.rfind("include/");
    if (at == std::string::npos) return;
    std::string_view name = std::string_view(path).substr(at + 8);
    for (const std::string_view part : {"uapi/", "generated/"})
      if (name.starts_with(part)) name.remove_prefix(part.size());
    if (name.find('/') != std::string_view::npos) by_include[std::string(name)].push_back(path);
  }

  // Files that others include come first, so that an #ifdef sees what C would see.
  void read(const std::string& path) {
    if (by_path.contains(path)) return;
    by_path[path] = nullptr;
    if (auto source = tree.read(path)) by_path[path] = add(std::move(source));
  }

  void include(std::string_view name) {
    const auto found = by_include.find(std::string(name));
    if (found == by_include.end()) return;
    for (const std::string& path : found->second)
      if (!path.ends_with(".c")) read(path);
  }

  File* add(std::shared_ptr<const SourceFile> source) {
    auto file = std::make_unique<File>();
    file->source = std::move(source);
    const bool local = file->source->path.ends_with(".c");
    if (local) definitions.forget_local();
    file->preprocessed =
        preprocess(file->source->text, definitions, local, [this](std::string_view name) { include(name); });
    file->clean = file->preprocessed.text;
    for (const Macro& found : file->preprocessed.macros)
      if (!found.function_like && only_annotations(found.body)) meaningless.insert(found.name);
    Annotated annotated = blank_annotations(file->clean, meaningless);
    file->marks = std::move(annotated.marks);
    file->index = index_items(annotated.tokens);
    describe(*file);
    name_items(*file);
    all.push_back(std::move(file));
    return all.back().get();
  }

  static void describe(File& file) {
    file.text.path = file.source->path;
    file.text.original = file.source->text;
    file.text.active = file.preprocessed.text;
    file.text.clean = file.clean;
    file.text.marks = &file.marks;
    file.text.lines = line_starts(file.source->text);
    for (Macro& macro : file.preprocessed.macros) macro.span = file.text.span(macro.span.begin, macro.span.end);
  }

  static void name_items(File& file) {
    const auto& items = file.index.items;
    file.parsed.resize(items.size());
    file.attribute_names.reserve(items.size());
    for (std::uint32_t i = 0; i < items.size(); ++i) name_item(file, items[i], i);
    const auto& macros = file.preprocessed.macros;
    for (std::uint32_t i = 0; i < macros.size(); ++i) file.macros[macros[i].name] = i;
  }

  static void name_item(File& file, const Item& item, std::uint32_t i) {
    switch (item.kind) {
      case Item::Kind::function: {
        const auto [at, added] = file.functions.emplace(item.name, i);
        if (!added && file.is_weak(file.index.items[at->second]) && !file.is_weak(item)) at->second = i;
        break;
      }
      case Item::Kind::prototype:
        file.prototypes.emplace(item.name, i);
        break;
      case Item::Kind::record:
        if (!item.name.empty()) file.records.emplace(item.name, i);
        for (const std::string_view name : item.enumerators) file.enumerators.emplace(name, i);
        break;
      case Item::Kind::alias:
        file.aliases.emplace(item.name, i);
        break;
      case Item::Kind::variable:
        name_variable(file, item.name, i);
        break;
      case Item::Kind::macro_variable:
        if (item.declared_by.starts_with("DEVICE_ATTR"))
          name_variable(file, file.attribute_names.emplace_back("dev_attr_" + std::string(item.name)), i);
        else
          name_variable(file, item.name, i);
        break;
    }
  }

  // A definition beats a declaration, a written one beats what a macro declares.
  static int weight(const Item& item) { return (item.is_extern ? 0 : 2) + (item.kind == Item::Kind::variable ? 1 : 0); }

  static void name_variable(File& file, std::string_view name, std::uint32_t i) {
    const auto& items = file.index.items;
    const auto [at, added] = file.variables.emplace(name, i);
    if (!added && weight(items[at->second]) < weight(items[i])) at->second = i;
  }

  // --- Looking up ----------------------------------------------------------------------------------------------

  struct Found {
    File* file = nullptr;
    std::uint32_t item = 0;
    explicit operator bool() const { return file != nullptr; }
    const Item& get() const { return file->index.items[item]; }
    Parsed& parsed() const { return file->parsed[item]; }
  };

  Found find(Names File::*table, std::string_view name) {
    ensure_indexed();
    for (File* file : order)
      if (const auto at = (file->*table).find(name); at != (file->*table).end()) return {file, at->second};
    return {};
  }

  Found find_function(std::string_view name) {
    ensure_indexed();
    Found weak;
    for (File* file : order) {
      const auto at = file->functions.find(name);
      if (at == file->functions.end()) continue;
      const Found found = {file, at->second};
      if (!file->is_weak(found.get())) return found;
      if (!weak) weak = found;
    }
    return weak;
  }

  Found find_variable(std::string_view name) {
    ensure_indexed();
    Found declared;
    for (File* file : order) {
      const auto at = file->variables.find(name);
      if (at == file->variables.end()) continue;
      const Found found = {file, at->second};
      if (!found.get().is_extern) return found;
      if (!declared) declared = found;
    }
    return declared;
  }

  ItemParser parser(const File& file) const { return ItemParser(file.text, oracle); }

  const Function* parsed_function(const Found& found) {
    if (!found) return nullptr;
    auto& result = found.parsed().function;
    if (!result) {
      result = std::make_unique<Function>(parser(*found.file).function(found.get()));
      origin[result.get()] = &found.file->source->path;
    }
    return result.get();
  }

  const Record* parsed_record(const Found& found) {
    if (!found) return nullptr;
    auto& result = found.parsed().record;
    if (!result) result = std::make_unique<Record>(parser(*found.file).record(found.get()));
    return result.get();
  }

  const GlobalVariable* parsed_global(const Found& found) {
    if (!found) return nullptr;
    auto& result = found.parsed().global;
    if (!result) {
      const bool by_macro = found.get().kind == Item::Kind::macro_variable;
      const ItemParser reader = parser(*found.file);
      result = std::make_unique<GlobalVariable>(by_macro ? reader.macro_variable(found.get())
                                                         : reader.variable(found.get()));
      origin[result.get()] = &found.file->source->path;
    }
    return result.get();
  }

  const Macro* macro(std::string_view name) {
    ensure_indexed();
    for (File* file : order)
      if (const auto at = file->macros.find(name); at != file->macros.end())
        return &file->preprocessed.macros[at->second];
    return nullptr;
  }

  bool is_type(std::string_view name) { return looks_like_type(name) || find(&File::aliases, name); }
};

namespace {

// A head whose body is elsewhere: a semicolon behind it would be one.
bool needs_body(std::string_view text) {
  const Tokens tokens(text);
  for (const std::string_view word : {"if", "for", "while", "switch"})
    if (tokens.is(0, word)) return true;
  return false;
}

// A text that is in no file, ready for the parser.
struct LooseText {
  std::string original;
  std::string active;
  std::string clean;
  SourceText text;

  LooseText(std::string_view from, const Place& at, const WordSet& meaningless)
      : original(from), active(without_comments(from)), clean(active) {
    blank_annotations(clean, meaningless);
    text.path = at.file;
    text.original = original;
    text.active = active;
    text.clean = clean;
    text.lines = {0};
    text.fixed = at;
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(original.size()); }
};

}  // namespace

Program::Program(SourceTree tree, std::vector<std::string> files, Configuration configuration)
    : state_(std::make_unique<State>(std::move(tree), std::move(files), std::move(configuration))) {}
Program::~Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;

const Function* Program::function(std::string_view name) {
  return state_->parsed_function(state_->find_function(name));
}

const Function* Program::declared_function(std::string_view name) {
  if (const Function* found = function(name)) return found;
  return state_->parsed_function(state_->find(&File::prototypes, name));
}

const Record* Program::record(std::string_view tag) {
  return state_->parsed_record(state_->find(&File::records, tag));
}

const TypeName* Program::type_alias(std::string_view name) {
  const auto found = state_->find(&File::aliases, name);
  if (!found) return nullptr;
  auto& result = found.parsed().alias;
  if (!result) result = state_->parser(*found.file).alias(found.get());
  return result.get();
}

const GlobalVariable* Program::global(std::string_view name) {
  return state_->parsed_global(state_->find_variable(name));
}

const Record::Enumerator* Program::enumerator(std::string_view name, const Record** in) {
  const Record* record = state_->parsed_record(state_->find(&File::enumerators, name));
  if (!record) return nullptr;
  for (const Record::Enumerator& one : record->enumerators) {
    if (one.name != name) continue;
    if (in) *in = record;
    return &one;
  }
  return nullptr;
}

std::string Program::free_code(std::string_view name) {
  state_->ensure_indexed();
  constexpr std::string_view macro = "DEFINE_FREE(";
  for (const auto* file : state_->order) {
    const std::string_view text = file->preprocessed.text;
    for (std::size_t at = text.find(macro); at != std::string_view::npos; at = text.find(macro, at + 1)) {
      const Tokens tokens(text.substr(at, text.find("\n\n", at) - at));
      const std::size_t end = tokens.after(1);
      if (!tokens.is(2, name) || !tokens.is(3, ',') || end > tokens.size()) continue;
      std::size_t code = 4;
      while (code < end && !tokens.is(code, ',')) code = tokens.after(code);
      if (code + 1 < end - 1)
        return std::string(text.substr(at + tokens[code + 1].begin, tokens[end - 1].begin - tokens[code + 1].begin));
    }
  }
  return {};
}

const Macro* Program::macro(std::string_view name) {
  return state_->macro(name);
}

Outcome<ExprPtr> Program::parse_expression(std::string_view text, const Place& at) const {
  const LooseText loose(text, at, state_->meaningless);
  std::vector<Diagnostic> problems;
  ExprPtr result = ItemParser(loose.text, state_->oracle).expression(0, loose.size(), problems);
  if (!problems.empty()) return tl::unexpected(problems[0]);
  if (!result) return failure(at, "this is not an expression");
  return result;
}

Outcome<StmtPtr> Program::parse_statement(std::string_view text, const Place& at) const {
  std::vector<Diagnostic> problems;
  // A macro's `do { … } while (0)` gets its semicolon where it is used.
  for (const std::string_view tail : {"", ";"}) {
    const LooseText loose(std::string(text) + std::string(tail), at, state_->meaningless);
    std::vector<Diagnostic> found;
    StmtPtr result = ItemParser(loose.text, state_->oracle).statement(0, loose.size(), found);
    if (result && found.empty()) return result;
    if (problems.empty()) problems = std::move(found);
    if (needs_body(text)) break;
  }
  if (problems.empty()) return failure(at, "this is not a statement");
  return tl::unexpected(problems[0]);
}

const std::string& Program::file_of(const Function& function) const {
  return *state_->origin.at(&function);
}

const std::string& Program::file_of(const GlobalVariable& global) const {
  return *state_->origin.at(&global);
}

std::vector<std::string> Program::functions_in(std::string_view file) {
  state_->ensure_indexed();
  std::vector<std::string> names;
  const auto found = state_->by_path.find(std::string(file));
  if (found == state_->by_path.end() || !found->second) return names;
  for (const Item& item : found->second->index.items)
    if (item.kind == Item::Kind::function) names.emplace_back(item.name);
  return names;
}

std::vector<std::string> Program::device_attributes() {
  state_->ensure_indexed();
  std::vector<std::string> names;
  for (const File* file : state_->order)
    for (const std::string_view name : file->index.device_attributes) names.emplace_back(name);
  return names;
}

void Program::add_first(std::string path, std::string text) {
  state_->ensure_indexed();
  auto source = std::make_shared<SourceFile>();
  source->path = path;
  source->text = std::move(text);
  File* file = state_->add(std::move(source));
  state_->by_path[path] = file;
  state_->order.insert(state_->order.begin(), file);
  state_->files.insert(state_->files.begin(), std::move(path));
}

const std::vector<std::string>& Program::files() const {
  return state_->files;
}

std::vector<std::string> Program::missing() const {
  state_->ensure_indexed();
  return state_->missing;
}

std::vector<Diagnostic> Program::problems() {
  state_->ensure_indexed();
  std::vector<Diagnostic> result;
  for (const File* file : state_->order)
    for (const Preprocessed::Problem& found : file->preprocessed.problems)
      result.push_back({file->text.place(found.offset), found.message, {}});
  return result;
}

const SourceTree& Program::tree() const {
  return state_->tree;
}

const Configuration& Program::configuration() const {
  return state_->configuration;
}

std::map<std::string, bool> Program::configuration_used() const {
  state_->ensure_indexed();
  return state_->definitions.asked();
}

}  // namespace hotproof::c
