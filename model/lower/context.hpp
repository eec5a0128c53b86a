// What all bodies of one Mir share: types, signatures, parsed macros, statics.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/lower/types.hpp"

namespace hotproof::lower {

struct Signature {
  const Type* result = nullptr;
  std::vector<const Type*> parameters;
  bool variadic = false;
  // A body that is not the tree's: it may leave out the last parameters, as it serves trees of several versions.
  bool is_ours = false;
};

struct StaticLocal {
  const c::Declaration* declaration = nullptr;
  const Type* type = nullptr;
  std::string file;
  bool once = false;  // of a function that runs once, while the machine starts
};

struct Context {
  explicit Context(c::Program& the_program) : program(the_program), types(the_program) {}

  c::Program& program;
  Types types;
  std::set<std::string> leaves;
  std::map<std::string, std::unique_ptr<Body>> bodies;
  std::map<std::string, std::unique_ptr<GlobalImage>> globals;
  std::map<std::string, const Type*> global_types;
  std::map<std::string, Signature> signatures;
  std::map<std::string, std::vector<const c::Expr*>> lists;  // by object-like macro that stands for several: all of them
  std::map<std::string, StaticLocal> statics;           // by "function.name"
  std::map<std::string, const c::Expr*> object_macros;  // null: not an expression
  std::vector<c::ExprPtr> expressions;                  // parsed from macros; kept, for static locals refer to them
  std::vector<c::StmtPtr> statements;
  std::uint64_t placeholders = 0;  // placeholders made so far, for fresh names
};

// The type of a global (an entry of Program::global, a static local, or one of ours); null if there is none.
const Type* global_type(Context& context, const std::string& name);
// Null if there is neither a body nor a prototype nor an intrinsic of that name.
const Signature* signature(Context& context, const std::string& function);
// The image of a global; never null for a name that has a global_type.
std::unique_ptr<GlobalImage> build_global(Context& context, const std::string& name);

}  // namespace hotproof::lower
