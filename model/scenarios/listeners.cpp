#include "model/scenarios/listeners.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "model/c/print.hpp"

namespace hotproof::scenarios {

namespace {

// Calls `see` for each expression and `type` for each type below a node.
struct Visitor {
  std::function<void(const c::Expr&)> see;
  std::function<void(const c::Declaration&)> declared = [](const c::Declaration&) {};
  std::function<void(const c::TypeName&)> type = [](const c::TypeName&) {};

  void visit(const c::TypePtr& at) const {
    if (!at) return;
    type(*at);
    visit(at->inner);
    visit(at->of_expression);
    visit(at->size);
  }
  void visit(const c::ExprPtr& at) const {
    if (!at) return;
    see(*at);
    for (const c::ExprPtr& part : at->args) visit(part);
    visit(at->type);
    visit(at->body);
  }
  void visit(const c::StmtPtr& at) const {
    if (!at) return;
    visit(at->expr);
    visit(at->step);
    visit(at->init);
    for (const c::ExprPtr& part : at->args) visit(part);
    for (const c::Declaration& one : at->declarations) visit(one);
    for (const c::StmtPtr& part : at->body) visit(part);
  }
  void visit(const c::Declaration& one) const {
    declared(one);
    visit(one.type);
    visit(one.initialiser);
  }
};

const c::Expr& without_casts(const c::Expr& expr) {
  const c::Expr* at = &expr;
  while (at->kind == c::Expr::Kind::cast && at->args.size() == 1) at = at->args[0].get();
  return *at;
}

bool is_name(const c::Expr& expr) {
  return expr.kind == c::Expr::Kind::name;
}

// What a call of a registering function names; `makes`: it makes the notifier block itself.
struct Registrar {
  std::string_view name;
  bool node;
  bool makes;
};

constexpr std::array<Registrar, 5> registrars = {{{"hotplug_memory_notifier", false, true},
                                                  {"register_memory_notifier", false, false},
                                                  {"register_hotmemory_notifier", false, false},
                                                  {"hotplug_node_notifier", true, true},
                                                  {"register_node_notifier", true, false}}};

const Registrar* registrar_of(const c::Expr& expr) {
  if (expr.kind != c::Expr::Kind::call || expr.args.empty() || !is_name(*expr.args[0])) return nullptr;
  for (const Registrar& one : registrars)
    if (expr.args[0]->text == one.name) return &one;
  return nullptr;
}

// A file looked at by itself: the names that it defines are its own there.
class File {
 public:
  File(const env::ListenerFile& file, c::Program& program, const std::set<std::string>& leaves)
      : file_(file),
        whole_(program),
        leaves_(leaves),
        own_(program.tree(), {file.path}, program.configuration()),
        source_(program.tree().read(file.path)) {}

  bool mentions_registrar() const {
    return source_ && std::any_of(registrars.begin(), registrars.end(), [&](const Registrar& one) {
             return source_->text.find(one.name) != std::string::npos;
           });
  }

  std::vector<Listener> find() {
    std::vector<Listener> out;
    if (!mentions_registrar()) return out;
    for (const std::string& name : own_.functions_in(file_.path)) find_in(*own_.function(name), out);
    return out;
  }

 private:
  void find_in(const c::Function& function, std::vector<Listener>& out) {
    std::map<std::string, const c::Declaration*> locals;
    Visitor visitor;
    visitor.declared = [&](const c::Declaration& one) { locals[one.name] = &one; };
    visitor.see = [&](const c::Expr& expr) {
      const Registrar* registrar = registrar_of(expr);
      if (!registrar || registrar->name == function.name || expr.args.size() != (registrar->makes ? 3U : 2U)) return;
      if (file_.only_added && !source_->added_lines.contains(expr.span.line)) return;
      out.push_back(describe(*registrar, expr, function, locals));
    };
    visitor.visit(function.body);
  }

  Listener describe(const Registrar& registrar, const c::Expr& call, const c::Function& by,
                    const std::map<std::string, const c::Declaration*>& locals) {
    Listener out;
    out.node = registrar.node;
    out.platform = file_.platform;
    out.place = {file_.path, call.span.line, call.span.column};
    out.level = level_of(by.name);
    out.speaks_of_prepare = source_->text.find("MEM_PREPARE_ONLINE") != std::string::npos ||
                            source_->text.find("MEM_FINISH_OFFLINE") != std::string::npos;
    if (registrar.makes) {
      if (is_name(without_casts(*call.args[1]))) out.callback = without_casts(*call.args[1]).text;
      out.priority = c::to_string(*call.args[2]);
    } else {
      read_block(without_casts(*call.args[1]), locals, out);
    }
    if (out.callback.empty())
      out.ideal_because = "the call does not say which function listens";
    else
      follow(out);
    return out;
  }

  // register_memory_notifier(&block)
  void read_block(const c::Expr& address, const std::map<std::string, const c::Declaration*>& locals, Listener& out) {
    if (address.kind != c::Expr::Kind::unary || address.op != "&" || !is_name(*address.args[0])) return;
    const std::string& name = address.args[0]->text;
    if (const auto local = locals.find(name); local != locals.end()) {
      read_fields(*local->second, out);
    } else if (const c::GlobalVariable* global = own_.global(name)) {
      out.block = name;
      read_fields(global->declaration, out);
    }
  }

  static void read_fields(const c::Declaration& block, Listener& out) {
    if (!block.initialiser) return;
    for (const c::ExprPtr& field : block.initialiser->args) {
      if (field->kind != c::Expr::Kind::designated || field->args.empty()) continue;
      const c::Expr& value = without_casts(*field->args[0]);
      if (field->text == "notifier_call" && is_name(value)) out.callback = value.text;
      if (field->text == "priority") out.priority = c::to_string(value);
    }
  }

  // A line of the file begins with macro(argument).
  bool is_called_at_top(std::string_view macro, std::string_view argument) const {
    const std::string& text = source_->text;
    for (std::size_t at = text.find(macro); at != std::string::npos; at = text.find(macro, at + 1)) {
      if (at > 0 && text[at - 1] != '\n') continue;
      std::string_view rest = std::string_view(text).substr(at + macro.size(), argument.size() + 64);
      rest = rest.substr(0, rest.find(')'));
      const std::size_t open = rest.find_first_not_of(" \t");
      if (open == std::string_view::npos || rest[open] != '(') continue;
      const std::size_t first = rest.find_first_not_of(" \t\n", open + 1);
      if (first == std::string_view::npos) continue;
      rest = rest.substr(first);
      if (rest.substr(0, rest.find_last_not_of(" \t\n") + 1) == argument) return true;
    }
    return false;
  }

  // The level of the initcall that the function is; 0 if others call it.
  int level_of(const std::string& function) const {
    static const std::array<std::pair<std::string_view, int>, 12> levels = {{{"early_initcall", 1},
                                                                             {"pure_initcall", 2},
                                                                             {"core_initcall", 3},
                                                                             {"postcore_initcall", 4},
                                                                             {"arch_initcall", 5},
                                                                             {"subsys_initcall", 6},
                                                                             {"fs_initcall", 7},
                                                                             {"rootfs_initcall", 8},
                                                                             {"device_initcall", 9},
                                                                             {"__initcall", 9},
                                                                             {"module_init", 9},
                                                                             {"late_initcall", 10}}};
    for (const auto& [macro, level] : levels)
      if (is_called_at_top(macro, function)) return level;
    return 0;
  }

  // What the callback calls in its file; and whether the names mean the same in the model.
  void follow(Listener& out) {
    std::vector<std::string> todo = {out.callback};
    while (!todo.empty() && out.ideal_because.empty()) {
      const std::string name = todo.back();
      todo.pop_back();
      if (!out.functions.insert(name).second) continue;
      const c::Function* function = own_.function(name);
      if (!function)
        out.ideal_because = name + " has no body in its file";
      else
        follow_body(*function, out, todo);
    }
  }

  void follow_body(const c::Function& function, Listener& out, std::vector<std::string>& todo) {
    Visitor visitor;
    const auto hidden = [&](const std::string& name) {
      if (out.ideal_because.empty()) out.ideal_because = "another file that is read has a " + name + " of its own";
    };
    if (is_elsewhere(function.name)) hidden(function.name);
    visitor.type = [&](const c::TypeName& type) {
      if (type.name.starts_with("struct ") && is_other_record(type.name.substr(7))) hidden(type.name);
    };
    visitor.see = [&](const c::Expr& expr) {
      if (!is_name(expr) || leaves_.contains(expr.text)) return;
      if (is_elsewhere(expr.text))
        hidden(expr.text);
      else if (own_.function(expr.text))
        todo.push_back(expr.text);
    };
    visitor.visit(function.body);
  }

  // The file defines the name, and the model takes that of another file.
  bool is_elsewhere(const std::string& name) {
    if (leaves_.contains(name)) return false;
    if (own_.function(name)) {
      const c::Function* taken = whole_.function(name);
      return !taken || whole_.file_of(*taken) != file_.path;
    }
    if (const c::GlobalVariable* own = own_.global(name); own && !own->declaration.is_extern) {
      const c::GlobalVariable* taken = whole_.global(name);
      return !taken || whole_.file_of(*taken) != file_.path;
    }
    const c::Macro* macro = own_.macro(name);
    const c::Macro* taken = whole_.macro(name);
    return macro && (!taken || taken->body != macro->body);
  }

  bool is_other_record(const std::string& tag) {
    const c::Record* own = own_.record(tag);
    if (!own) return false;
    const c::Record* taken = whole_.record(tag);
    return !taken || taken->span.begin != own->span.begin || taken->fields.size() != own->fields.size();
  }

  const env::ListenerFile& file_;
  c::Program& whole_;
  const std::set<std::string>& leaves_;
  c::Program own_;
  std::shared_ptr<const SourceFile> source_;
};

std::string made_block(std::size_t number) {
  return "hp_found[" + std::to_string(number) + "]";
}

bool is_tree_block(const Listener& listener) {
  return !listener.block.empty() && listener.ideal_because.empty();
}

}  // namespace

Listeners find_listeners(const std::vector<env::ListenerFile>& files, c::Program& program,
                         const std::set<std::string>& leaves) {
  Listeners out;
  for (const env::ListenerFile& file : files) {
    File reader(file, program, leaves);
    if (!file.built && reader.mentions_registrar()) out.not_configured.push_back(file.path);
    if (!file.built) continue;
    std::vector<Listener> found = reader.find();
    std::move(found.begin(), found.end(), std::back_inserter(out.all));
  }
  std::stable_sort(out.all.begin(), out.all.end(),
                   [](const Listener& a, const Listener& b) { return a.level < b.level; });
  return out;
}

std::string registration(const Listeners& listeners) {
  std::string out = "struct notifier_block hp_found[" + std::to_string(listeners.all.size() + 1) +
                    "];\n\nvoid hp_add_real_listeners(void)\n{\n";
  std::size_t number = 0, of_memory = 0;
  for (const Listener& listener : listeners.all) {
    std::string block = listener.block;
    if (!is_tree_block(listener)) {
      block = made_block(number++);
      const std::string ideal = listener.node ? "hp_ideal_node_call" : "hp_ideal_call";
      out += "\t" + block + ".notifier_call = " + (listener.ideal_because.empty() ? listener.callback : ideal) + ";\n";
      out += "\t" + block + ".priority = " + listener.priority + ";\n";
    }
    if (!listener.node) out += "\thp_listener[HP_LISTENERS + " + std::to_string(of_memory++) + "] = &" + block + ";\n";
    out += "\tregister_" + std::string(listener.node ? "node" : "memory") + "_notifier(&" + block + ");\n";
  }
  return out + "}\n";
}

std::string platform_block(const Listeners& listeners, unsigned ideal) {
  std::size_t number = 0;
  for (const Listener& listener : listeners.all) {
    if (listener.platform && !listener.node)
      return listener.ideal_because.empty() ? "((struct notifier_block *)0)" : "&" + made_block(number);
    if (!is_tree_block(listener)) ++number;
  }
  return ideal > 0 ? "&hp_ideal[0]" : "((struct notifier_block *)0)";
}

}  // namespace hotproof::scenarios
