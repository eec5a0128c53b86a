#include "cli/step_orders.hpp"

#include <algorithm>

#include "cli/step_effects.hpp"

namespace hotproof::cli {

namespace {

using counterexamples::FollowedReport;

Result<Subject> subject_of(const Settings& settings) {
  auto opened = open_subject(settings);
  if (!opened) return opened;
  if (settings.tree.empty()) {
    const auto mails = embedded_mail();
    if (!mails) return tl::unexpected(mails.error());
    auto patched = with_mails(*opened, *mails);
    if (!patched) return tl::unexpected(patched.error());
    patched->subject.title = opened->title;
    opened = std::move(patched->subject);
  }
  return with_edits(*opened, settings);
}

// False: the model does not follow the function.
Result<bool> read(FunctionSteps& out, const std::string& name, const std::vector<spec::SpecProperty>& properties) {
  const auto model = build(out.subject, out.settings, properties);
  if (!model) return tl::unexpected(model.error());
  const auto& followed = model->checked.report.model.followed;
  const auto is_it = [&name](const FollowedReport& f) { return f.function == name && !f.environment; };
  const auto found = std::find_if(followed.begin(), followed.end(), is_it);
  if (found == followed.end()) return false;
  c::Program program(out.subject.tree, {found->file}, model->scenario->program().configuration());
  const c::Function* function = program.function(name);
  const auto text = out.subject.tree.read(found->file);
  if (function == nullptr || text == nullptr)
    return internal_error({{found->file, found->line, 0}, name + " cannot be read again", ""});
  auto steps =
      patch::read_steps(*function, text->text, found->file, effects_in(model->lowered.system, found->file, name));
  if (!steps) return tl::unexpected(Failure{steps.error(), Exit::not_understood});
  out.steps = std::move(*steps);
  return true;
}

}  // namespace

Result<FunctionSteps> read_steps(const Settings& settings, const std::string& function,
                                 const std::vector<spec::SpecProperty>& properties) {
  Settings chosen = settings;
  // Of the reference model, where memory must be made accessible is where order matters most.
  if (settings.tree.empty() && settings.architecture.empty() && settings.scenario.empty())
    chosen.architecture = "s390x";
  const auto subject = subject_of(chosen);
  if (!subject) return tl::unexpected(subject.error());
  // A way out that no run takes shows no undo: somebody must be there who may refuse what may be refused.
  const bool others_are_there = chosen.any_listeners || scenario_request(*subject, chosen).listeners > 0;
  if (!others_are_there && chosen.listeners < 0) chosen.listeners = 1;
  FunctionSteps out{*subject, chosen, {}};
  auto found = read(out, function, properties);
  // Much of a tree is only called where blocks come and go.
  if (found && !*found && !out.settings.life && out.settings.requests.empty()) {
    out.settings.life = true;
    found = read(out, function, properties);
  }
  if (!found) return tl::unexpected(found.error());
  if (!*found)
    return usage_error({{}, "the model does not call " + function + "()", "--requests all has all entry points"});
  out.settings.architecture = scenario_request(out.subject, out.settings).arch;
  return out;
}

patch::Edit in_order(const patch::Steps& steps, const patch::StepOrder& order) {
  patch::Edit edit;
  edit.file = "order";
  patch::Action action;
  action.kind = patch::Action::Kind::replace_body;
  action.file = steps.file;
  action.function = steps.function;
  action.text = steps.body(order);
  edit.actions.push_back(std::move(action));
  return edit;
}

}  // namespace hotproof::cli
