// The syntax tree of kernel C: what the front end hands to lowering. Every node knows its place in the file the user
// knows (the passes before the parser keep every byte in its column). No types are resolved and no macro is expanded
// here: a macro call looks like a call, a macro constant like a name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/source/diagnostic.hpp"

namespace hotproof::c {

struct Span {
  std::uint32_t begin = 0;  // byte offsets into the file's text
  std::uint32_t end = 0;
  std::uint32_t line = 0;  // of begin, from 1
  std::uint32_t column = 0;
};

struct Expr;
struct Stmt;
struct TypeName;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;
using TypePtr = std::unique_ptr<TypeName>;

// A type as written: specifiers, then what the declarator adds. Derived layers stand outermost first:
// `char *a[3]` is array(3) of pointer of "char".
struct TypeName {
  enum class Kind : std::uint8_t { base, pointer, array, function } kind = Kind::base;
  // base: "unsigned long", "struct zone", "union x", "enum mmop", "u8", "typeof(…)"; qualifiers dropped, words ordered
  // as C's canonical spelling ("unsigned long", not "long unsigned").
  std::string name;
  ExprPtr of_expression;        // base: typeof(expression)
  std::unique_ptr<struct Record> record;  // base: a struct, union or enum defined in place
  TypePtr inner;                // pointer, array, function: of what
  ExprPtr size;                 // array: null if []
  std::vector<struct Declaration> parameters;  // function
  bool variadic = false;        // function
  Span span;
};

struct Expr {
  enum class Kind : std::uint8_t {
    integer,      // value, text ("0x20UL")
    string,       // text without quotes, escapes decoded
    name,         // text
    unary,        // op: "-" "+" "!" "~" "*" "&" "++" "--" (prefix), args[0]
    postfix,      // op: "++" "--", args[0]
    binary,       // op: "+" … "&&" "||" ",", args[0], args[1]
    assign,       // op: "=" "+=" …, args[0], args[1]
    conditional,  // args[0] ? args[1] : args[2]; args[1] null for `a ?: b`
    call,         // args[0] callee, args[1…] arguments; also _Generic, with types and values in turn behind its first
    member,       // args[0].text
    arrow,        // args[0]->text
    index,        // args[0][args[1]]
    cast,         // (type) args[0]
    sizeof_type,  // sizeof(type); also _Alignof (op tells: "sizeof" or "_Alignof")
    sizeof_expr,
    compound_literal,  // (type){ initialisers } : args[0] is the initialiser_list
    initialiser_list,  // { … } : args, each perhaps a `designated`
    designated,        // .text = args[0]  or  [args[1]] = args[0]  or  [args[1] ... args[2]] = args[0];
                       // `.a.b = x` is `.a` of a designated `.b = x` (the rest of a is left alone)
    statement_expression,  // ({ … }) : body
    type_argument,     // a type where a macro call has an argument: type
    not_understood     // text: what the parser met
  };
  Kind kind = Kind::not_understood;
  Span span;
  std::string op;
  std::string text;
  std::uint64_t value = 0;
  std::vector<ExprPtr> args;
  TypePtr type;
  StmtPtr body;
};

struct Declaration {  // one declarator; `int a, *b = &a;` makes two
  std::string name;   // empty: an unnamed parameter or bit-field
  TypePtr type;
  ExprPtr initialiser;
  ExprPtr bits;       // a bit-field's width
  std::string cleanup;  // called with the variable's address when it goes out of scope, of `T *p __free(x)` __free_x; empty for most
  bool is_static = false;
  bool is_extern = false;
  bool is_typedef = false;
  Span span;
};

struct Stmt {
  enum class Kind : std::uint8_t {
    compound,     // body
    declaration,  // declarations
    expression,   // expr; text is "static" in front of a macro that declares something (`static DEFINE_MUTEX(x);`)
    empty,
    if_,          // expr, body[0], body[1] perhaps
    while_,       // expr, body[0]
    do_,          // body[0], expr
    for_,         // init (a statement), expr (null: for ever), step, body[0]
    iterator,     // a macro that heads a loop: text is its name, args its arguments, body[0]
    guard_block,  // scoped_guard(args) body[0]
    switch_,      // expr, body[0]
    case_,        // expr (and `step`, for `case a ... b`); what follows stands behind it in the same compound
    default_,
    label,        // text; what it labels stands behind it
    goto_,        // text; computed goto is not_understood
    break_, continue_,
    return_,      // expr perhaps
    not_understood
  };
  Kind kind = Kind::not_understood;
  Span span;
  std::string text;
  ExprPtr expr;
  ExprPtr step;
  StmtPtr init;
  std::vector<ExprPtr> args;
  std::vector<Declaration> declarations;
  std::vector<StmtPtr> body;
};

struct Function {
  std::string name;
  TypePtr result;
  std::vector<Declaration> parameters;
  bool variadic = false;
  bool is_static = false;
  bool is_inline = false;
  bool is_weak = false;
  bool is_init = false;  // __init
  StmtPtr body;
  Span span;             // from the first specifier to the closing brace
  Span name_span;
  std::vector<Diagnostic> problems;  // what the parser could not read inside; empty when all is understood
  std::uint32_t calls = 0;           // call expressions and iterator macros in the tree
  std::uint32_t calls_counted = 0;   // the same by the independent tokenizer; a difference is "not understood"
};

struct Record {
  enum class Kind : std::uint8_t { struct_, union_, enum_ } kind = Kind::struct_;
  std::string name;  // empty: anonymous
  std::vector<Declaration> fields;       // struct, union; an anonymous member has an empty name and a record type
  struct Enumerator { std::string name; ExprPtr value; Span span; };
  std::vector<Enumerator> enumerators;
  Span span;
  std::vector<Diagnostic> problems;  // what could not be read inside
};

struct Macro {
  std::string name;
  bool function_like = false;
  bool variadic = false;
  std::vector<std::string> parameters;
  std::string body;  // continuation lines joined, comments gone, blanks trimmed
  Span span;
};

}  // namespace hotproof::c
