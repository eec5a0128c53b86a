#include "cli/changed_functions.hpp"

#include <algorithm>
#include <set>

#include "model/env/files.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;

// Files of other architectures have functions of the same names.
bool is_elsewhere(const std::string& path, const std::string& architecture) {
  const std::string own = architecture == "s390x" ? "arch/s390/" : "arch/x86/";
  return path.starts_with("arch/") && !path.starts_with(own);
}

}  // namespace

std::vector<FunctionLines> changed_functions(const Subject& subject, const Checked& checked) {
  const scenarios::Request& request = checked.request;
  const ModelReport& model = checked.report.model;
  std::vector<FunctionLines> out;
  c::Configuration configuration = subject.is_reference ? c::Configuration{} : env::default_configuration(request.arch);
  if (!subject.is_reference && request.real_listeners.value_or(false))
    env::configure_listeners(request.arch, configuration);
  for (const auto& [name, value] : request.settings) configuration.defined[name] = value;
  std::set<std::string> leaves(checked.shadowed.begin(), checked.shadowed.end());
  for (const LeafReport& leaf : model.leaves) leaves.insert(leaf.function);
  for (const std::string& path : subject.tree.changed()) {
    const auto file = subject.tree.read(path);
    if (file == nullptr || !(path.ends_with(".c") || path.ends_with(".h"))) continue;
    c::Program program(subject.tree, {path}, configuration);
    for (const std::string& name : program.functions_in(path)) {
      const c::Function* function = program.function(name);
      if (function == nullptr) continue;
      const std::size_t end = std::min<std::size_t>(function->span.end, file->text.size());
      const auto lines = std::count(file->text.begin() + function->span.begin,
                                    file->text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
      const auto is_followed = [&](const FollowedReport& f) { return f.function == name && f.file == path; };
      const bool followed = std::any_of(model.followed.begin(), model.followed.end(), is_followed);
      const bool shadowed = !followed && leaves.contains(name) && !is_elsewhere(path, request.arch);
      out.push_back({name, path, function->span.line, function->span.line + static_cast<std::uint32_t>(lines), followed,
                     shadowed});
    }
  }
  return out;
}

}  // namespace hotproof::cli
