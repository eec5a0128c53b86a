// What a tree says about a name: its function, record, typedef, global variable, enumerator or macro.
//
// Files are read lazily: a cheap scan of a file's top level (comments, strings and braces respected, #if decided by the
// configuration) makes an index of names to spans; only what is asked for is parsed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/c/ast.hpp"
#include "model/source/source_tree.hpp"

namespace hotproof::c {

// Decides #if. A name is defined if it is in `defined` (with that value) or is defined by a #define met so far in the
// files read; everything else is undefined and counts 0, as in C. IS_ENABLED(CONFIG_X) is true if CONFIG_X is 1.
struct Configuration {
  std::map<std::string, std::string> defined;  // "CONFIG_MEMORY_HOTPLUG" → "1"
};

struct GlobalVariable {
  Declaration declaration;
  std::string declared_by;  // the macro that declares it (DEFINE_MUTEX, LIST_HEAD, …), or empty
  std::vector<ExprPtr> macro_args;
  std::vector<Diagnostic> problems;  // what could not be read inside
};

class Program {
 public:
  // `files` in the order in which names are looked up: the first definition wins, except that a non-weak function body
  // wins over a weak one. A file that is not in the tree is skipped (see missing()).
  Program(SourceTree tree, std::vector<std::string> files, Configuration configuration);
  ~Program();
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;

  // Each null if the files read have no such name. Pointers stay valid as long as the Program.
  const Function* function(std::string_view name);      // one with a body
  const Function* declared_function(std::string_view name);  // a prototype or a body: for its types
  const Record* record(std::string_view tag);           // struct, union or enum with a body: "zone" for struct zone
  const TypeName* type_alias(std::string_view name);    // typedef
  const GlobalVariable* global(std::string_view name);
  const Record::Enumerator* enumerator(std::string_view name, const Record** in = nullptr);
  // What DEFINE_FREE(name, type, code) does with _T; empty if there is none in the files read.
  std::string free_code(std::string_view name);
  const Macro* macro(std::string_view name);

  // Parses a text of ours or a macro body with its arguments put in. Places are those of `at`.
  Outcome<ExprPtr> parse_expression(std::string_view text, const Place& at) const;
  Outcome<StmtPtr> parse_statement(std::string_view text, const Place& at) const;

  // The file (index into files()) that a node returned by this program stands in; by the function, record, … itself.
  const std::string& file_of(const Function& function) const;
  const std::string& file_of(const GlobalVariable& global) const;

  // All function names with a body in the given file, in order.
  std::vector<std::string> functions_in(std::string_view file);
  // Attributes: names X for which the files say DEVICE_ATTR_RW(X), DEVICE_ATTR_WO(X) …: entry points X_store, X_show.
  std::vector<std::string> device_attributes();

  // Adds a file's text that stands before all others in look-ups, also before those added earlier (environment, edits'
  // fragments). Pointers given out before stay valid.
  void add_first(std::string path, std::string text);

  const std::vector<std::string>& files() const;
  std::vector<std::string> missing() const;
  // What is wrong with whole files: an #if without #endif or with a condition that is not understood, an #error that the
  // configuration meets, a comment without an end.
  std::vector<Diagnostic> problems();
  const SourceTree& tree() const;
  const Configuration& configuration() const;
  // CONFIG_ names that an #if asked about, with the answer, for the output.
  std::map<std::string, bool> configuration_used() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hotproof::c
