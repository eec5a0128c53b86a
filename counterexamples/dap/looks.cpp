// Requests that look at a session: threads, frames, variables, sources, breakpoints.
#include <algorithm>
#include <array>

#include "counterexamples/dap/adapter.hpp"
#include "counterexamples/dap/arguments.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::dap {

namespace {

using Json = nlohmann::json;
using simulate::ActorView;
using simulate::ValueView;

// A frame's number: its thread's, and how far it is from the innermost one.
constexpr std::int64_t frames_of_thread = 1000;

// What a variables reference stands for.
constexpr std::int64_t locks_reference = 1;
constexpr std::int64_t shared_reference = 2;
constexpr std::int64_t properties_reference = 3;
constexpr std::int64_t locals_reference = 100;  // and the actor's number

Json variable(const std::string& name, const std::string& value) {
  return {{"name", shown(name)}, {"value", shown(value)}, {"variablesReference", 0}};
}

std::string without_owner(const ValueView& value) {
  return value.actor.empty() ? value.name : value.name.substr(value.actor.size() + 1);
}

std::string words_of(const simulate::LockView& lock) {
  std::string out;
  for (const auto& holder : lock.holders)
    out += (out.empty() ? "held by " : ", ") + holder.actor + (holder.write ? "" : " (reading)");
  if (out.empty()) out = "free";
  for (const std::string& actor : lock.wanted_by) out += "; " + actor + " waits for it";
  return out;
}

std::string words_of(const simulate::PropertyView& property) {
  std::string out = property.words + (property.why.empty() ? "" : ": " + property.why);
  for (const std::string& observer : property.observers) out += "; " + observer;
  return out;
}

}  // namespace

ir::ActorId Adapter::thread(const Json& arguments) const {
  const std::int64_t number = number_in(arguments, "threadId");
  if (number < 1 || number > static_cast<std::int64_t>(session_.system().actors.size()))
    throw Refusal{"there is no thread " + std::to_string(number)};
  return static_cast<ir::ActorId>(number - 1);
}

ir::ActorId Adapter::actor_of_frame(std::int64_t frame) const {
  return thread(Json{{"threadId", frame / frames_of_thread}});
}

simulate::Choice Adapter::choice(const Json& arguments, const char* name) const {
  const std::int64_t number = number_in(arguments, name);
  std::vector<simulate::Choice> all = view_.choices(session_);
  if (number < 1 || number > static_cast<std::int64_t>(all.size()))
    throw Refusal{"there is no step " + std::to_string(number) + " to take here"};
  return std::move(all[static_cast<std::size_t>(number - 1)]);
}

Json Adapter::threads(const Json&) {
  Json out = Json::array();
  for (const ActorView& actor : view_.actors(session_))
    out.push_back({{"id", ir::index(actor.actor) + 1}, {"name", shown(actor.name)}});
  return {{"threads", out}};
}

// A file that lies where an editor can read it by its path; others are asked for by their number.
Json Adapter::source_object(const std::string& file, bool environment) const {
  const std::size_t slash = file.rfind('/');
  Json out = {{"name", shown(slash == std::string::npos ? file : file.substr(slash + 1))}};
  const std::string path = view_.model().path_of ? view_.model().path_of(file) : "";
  const auto& files = session_.system().files;
  const auto found = std::find(files.begin(), files.end(), file);
  if (!path.empty())
    out["path"] = path;
  else if (found != files.end())
    out["sourceReference"] = found - files.begin() + 1;
  if (path.empty()) out["path"] = shown(file);
  if (environment) out["presentationHint"] = "deemphasize";
  return out;
}

Json Adapter::frames(ir::ActorId actor) const {
  const std::vector<ActorView> actors = view_.actors(session_);
  const ActorView& view = actors[ir::index(actor)];
  Json out = Json::array();
  const std::int64_t first = static_cast<std::int64_t>(ir::index(actor) + 1) * frames_of_thread;
  const auto add = [&](const std::string& file, std::uint32_t line, std::uint32_t column, const std::string& function,
                       bool environment) {
    Json frame = {{"id", first + static_cast<std::int64_t>(out.size())},
                  {"name", shown(function.empty() ? "(nowhere)" : function)},
                  {"line", line == 0 ? 0 : line - 1 + first_line_},
                  {"column", column == 0 ? first_line_ : column - 1 + first_line_}};
    if (!file.empty()) frame["source"] = source_object(file, environment);
    if (environment) frame["presentationHint"] = "subtle";
    out.push_back(std::move(frame));
  };
  if (view.kind == ActorView::Kind::ended) {
    add("", 0, 0, view.halted ? "(the run is over)" : "(no way on)", true);
    return out;
  }
  add(view.at.file, view.at.line, view.at.column, view.at.function, view.at.environment);
  for (auto call = view.at.callers.rbegin(); call != view.at.callers.rend() && out.size() < frames_of_thread; ++call)
    add(call->file, call->line, 0, call->function, false);
  return out;
}

Json Adapter::stack_trace(const Json& arguments) {
  const Json all = frames(thread(arguments));
  const std::size_t begin = static_cast<std::size_t>(std::max<std::int64_t>(0, number_in(arguments, "startFrame", 0)));
  const std::int64_t levels = number_in(arguments, "levels", 0);
  Json out = Json::array();
  for (std::size_t i = begin; i < all.size() && (levels <= 0 || out.size() < static_cast<std::size_t>(levels)); ++i)
    out.push_back(all[i]);
  return {{"stackFrames", out}, {"totalFrames", all.size()}};
}

Json Adapter::scopes(const Json& arguments) {
  const ir::ActorId actor = actor_of_frame(number_in(arguments, "frameId"));
  Json out = Json::array();
  const auto add = [&out](const char* name, std::int64_t reference) {
    out.push_back({{"name", name}, {"variablesReference", reference}, {"expensive", false}});
  };
  add("Locals", locals_reference + static_cast<std::int64_t>(ir::index(actor)));
  add("Locks", locks_reference);
  add("Shared state", shared_reference);
  add("Properties", properties_reference);
  return {{"scopes", out}};
}

Json Adapter::locals(ir::ActorId actor) const {
  Json out = Json::array();
  for (const ValueView& value : view_.values(session_))
    if (value.kind == ValueView::Kind::local && value.actor == session_.system().actors[ir::index(actor)].name)
      out.push_back(variable(without_owner(value), value.value));
  return out;
}

Json Adapter::locks() const {
  Json out = Json::array();
  const std::vector<simulate::LockView> known = view_.locks(session_);
  for (const ir::Lock& lock : session_.system().locks) {
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const simulate::LockView& one) { return one.name == lock.name; });
    out.push_back(variable(lock.name, found == known.end() ? "free" : words_of(*found)));
  }
  return out;
}

Json Adapter::shared() const {
  Json out = Json::array();
  for (const ValueView& value : view_.values(session_))
    if (value.kind == ValueView::Kind::shared || value.kind == ValueView::Kind::symbol)
      out.push_back(variable(value.name, value.value));
  return out;
}

Json Adapter::properties() const {
  Json out = Json::array();
  for (const simulate::PropertyView& property : view_.properties(session_))
    out.push_back(variable(property.id, words_of(property)));
  return out;
}

Json Adapter::variables(const Json& arguments) {
  const std::int64_t reference = number_in(arguments, "variablesReference");
  if (reference == locks_reference) return {{"variables", locks()}};
  if (reference == shared_reference) return {{"variables", shared()}};
  if (reference == properties_reference) return {{"variables", properties()}};
  return {{"variables", locals(thread(Json{{"threadId", reference - locals_reference + 1}}))}};
}

// The name of anything that is shown.
Json Adapter::evaluate(const Json& arguments) {
  const std::string name = text_in(arguments, "expression");
  const std::int64_t frame = number_in(arguments, "frameId", 0);
  const auto answer = [](const std::string& value) {
    return Json{{"result", shown(value)}, {"variablesReference", 0}};
  };
  const std::string actor = frame == 0 ? "" : session_.system().actors[ir::index(actor_of_frame(frame))].name;
  for (const ValueView& value : view_.values(session_))
    if (value.name == name || (!actor.empty() && value.actor == actor && without_owner(value) == name))
      return answer(value.value);
  for (const Json& lock : locks())
    if (lock["name"] == name) return answer(lock["value"]);
  for (const simulate::PropertyView& property : view_.properties(session_))
    if (property.id == name) return answer(words_of(property));
  throw Refusal{"there is no '" + name + "' here"};
}

std::string Adapter::file_of(const Json& source) const {
  if (!source.is_object()) return "";
  const auto& files = session_.system().files;
  const std::int64_t reference = number_in(source, "sourceReference", 0);
  if (reference > 0 && reference <= static_cast<std::int64_t>(files.size()))
    return files[static_cast<std::size_t>(reference - 1)];
  const auto path = source.find("path");
  if (path == source.end() || !path->is_string()) return "";
  for (const std::string& file : files) {
    const std::string there = view_.model().path_of ? view_.model().path_of(file) : "";
    if (*path == file || (!there.empty() && *path == there)) return file;
  }
  return "";
}

Json Adapter::source(const Json& arguments) {
  std::string file = file_of(arguments.value("source", Json::object()));
  if (file.empty()) file = file_of(Json{{"sourceReference", number_in(arguments, "sourceReference", 0)}});
  const auto& read = view_.model().sources.read;
  const auto found = file.empty() || !read ? nullptr : read(file);
  if (found == nullptr) throw Refusal{"there is no such source"};
  std::string content;
  std::string_view rest = found->text;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (std::size_t at = 0; at < line.size();) {  // blanks stay as they are
      const std::size_t tab = std::min(line.find('\t', at), line.size());
      content += render::safe(line.substr(at, tab - at), true) + (tab < line.size() ? "\t" : "");
      at = tab + 1;
    }
    content += '\n';
  }
  return {{"content", content}, {"mimeType", "text/x-c"}};
}

Json Adapter::set_breakpoints(const Json& arguments) {
  const std::string file = file_of(arguments.value("source", Json::object()));
  std::set<std::uint32_t> lines;
  Json out = Json::array();
  const ir::TransitionSystem& system = session_.system();
  const Json wanted = arguments.value("breakpoints", Json::array());
  if (!wanted.is_array()) throw Refusal{"'breakpoints' is no list"};
  for (const Json& one : wanted) {
    const std::int64_t line = number_in(one, "line") + 1 - first_line_;
    const bool stands =
        !file.empty() && std::any_of(system.transitions.begin(), system.transitions.end(), [&](const auto& t) {
          return t.span.line == line && t.span.line != 0 && t.span.file < system.files.size() &&
                 system.files[t.span.file] == file;
        });
    Json answer = {{"verified", stands}, {"line", line - 1 + first_line_}};
    if (stands)
      lines.insert(static_cast<std::uint32_t>(line));
    else
      answer["message"] = "no step of the model stands on this line";
    out.push_back(std::move(answer));
  }
  if (!file.empty()) breakpoints_[file] = std::move(lines);
  return {{"breakpoints", out}};
}

Json Adapter::exception_info(const Json&) {
  if (session_.moment().broken.empty()) throw Refusal{"nothing is violated by this step"};
  const simulate::PropertyView property = view_.property(session_, session_.moment().broken.front());
  const std::string& says = session_.system().properties[ir::index(session_.moment().broken.front())].says;
  return {{"exceptionId", shown(property.id)},
          {"description", shown(property.why.empty() ? says : property.why)},
          {"breakMode", "always"}};
}

}  // namespace hotproof::dap
