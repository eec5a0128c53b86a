// The gallery: recorded traces of the reference model, their texts, and that they are what is found today.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/known_answers.hpp"
#include "cli/run_program.hpp"

using namespace hotproof::cli;
using Json = nlohmann::ordered_json;

namespace {

const std::string root = HOTPROOF_SOURCE_DIR;
const std::string gallery = root + "/counterexamples/gallery/";

struct Case {
  std::string name;
  std::string property;  // with ".before" for the model before the change
  std::vector<std::string> arguments;
};

std::vector<Case> cases() {
  std::vector<Case> out;
  std::istringstream file(text_of(gallery + "cases"));
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    Case one;
    words >> one.name >> one.property;
    for (std::string word; words >> word;) one.arguments.push_back(word);
    out.push_back(one);
  }
  return out;
}

// What is found must not hang on where this folder lies.
std::string without_folder(std::string text) {
  for (std::size_t at = text.find(root); at != std::string::npos; at = text.find(root, at)) text.replace(at, root.size(), ".");
  return text;
}

std::string trace_as_kept(const std::string& text) {
  Json json = Json::parse(text);
  json["directory"] = ".";
  return without_folder(json.dump(0, ' ', true)) + "\n";
}

bool updating() {
  return std::getenv("HOTPROOF_UPDATE_GOLDEN") != nullptr;
}

void compare_with(const std::string& path, const std::string& text) {
  if (updating()) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
    MESSAGE("updated " << path);
    return;
  }
  CHECK_MESSAGE(text_of(path) == text, path);
}

std::string explained(const std::string& trace, std::vector<std::string> options) {
  std::vector<std::string> args = {"explain", trace};
  args.insert(args.end(), options.begin(), options.end());
  const Ran ran = run_program(args);
  CHECK(ran.exit == 0);
  CHECK(ran.err.empty());
  return without_folder(ran.out);
}

}  // namespace

TEST_CASE("the gallery shows what is found") {
  REQUIRE(cases().size() >= 9);
  setenv("SOURCE_DATE_EPOCH", "1700000000", 1);  // a page says when it was made
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    const Scratch scratch;
    std::vector<std::string> args = {"check", "--record", scratch.file("traces")};
    for (const std::string& argument : one.arguments)
      args.push_back(argument.starts_with("model/") ? root + "/" + argument : argument);
    const Ran ran = run_program(args);
    REQUIRE((ran.exit == 0 || ran.exit == 1));
    const std::string trace = scratch.file("traces/" + one.property + ".trace");
    REQUIRE(std::filesystem::exists(trace));
    const std::string folder = gallery + one.name + "/";
    compare_with(folder + "run.trace", trace_as_kept(text_of(trace)));
    const std::string kept = scratch.with("kept.trace", trace_as_kept(text_of(trace)));
    compare_with(folder + "run.txt", explained(kept, {}));
    compare_with(folder + "story.txt", explained(kept, {"--story"}));
    compare_with(folder + "mail.txt", explained(kept, {"--mail"}));
    compare_with(folder + "run.html", explained(kept, {"--format", "html"}));
  }
}

TEST_CASE("a mail has 72 columns at most, and only ASCII") {
  for (const Case& one : cases()) {
    std::istringstream mail(text_of(gallery + one.name + "/mail.txt"));
    for (std::string line; std::getline(mail, line);) {
      CAPTURE(line);
      CHECK(line.size() <= 72);
      for (const char c : line) CHECK((c == '\t' || (c >= ' ' && c <= '~')));
    }
  }
}

TEST_CASE("a recorded run is made again and made no simpler than it is") {
  const Scratch scratch;
  REQUIRE(run_program({"check", "--listeners", "2", "--record", scratch.file("traces")}).exit == 1);
  const std::string trace = scratch.file("traces/prepare-has-finish.trace");
  const std::string out = scratch.file("again.trace");
  const Ran ran = run_program({"minimise", trace, "-o", out});
  CHECK(ran.exit == 0);
  CHECK(ran.err.find("no run is simpler") != std::string::npos);
  const Json before = Json::parse(text_of(trace));
  const Json after = Json::parse(text_of(out));
  CHECK(after["property"]["trace"]["faults"] == before["property"]["trace"]["faults"]);
  CHECK(after["property"]["trace"]["switches"] == before["property"]["trace"]["switches"]);
  CHECK(after["property"]["why"]["no_return"] == before["property"]["why"]["no_return"]);
}

TEST_CASE("a detour is taken out of a run that somebody chose") {
  const Scratch scratch;
  const std::string kept = scratch.file("long.trace");
  // worker0 is refused once, and asks again; then the run that is known.
  const Ran chosen = run_program({"simulate", "--listeners", "1", "--readers", "0", "--property", "failed-prepare-leaves-nothing"},
                                 0, text_of(root + "/cli/detour.script") + "save " + kept + "\n");
  REQUIRE(chosen.exit == 0);
  const std::string out = scratch.file("short.trace");
  const Ran ran = run_program({"minimise", kept, "-o", out});
  CHECK(ran.exit == 0);
  CHECK(ran.err.find(" became ") != std::string::npos);
  const Json before = Json::parse(text_of(kept));
  const Json after = Json::parse(text_of(out));
  CHECK(after["run"]["steps"].size() < before["run"]["steps"].size());
  CHECK(after["property"]["trace"]["minimal"] == true);
  CHECK(run_program({"explain", out}).exit == 0);
}

TEST_CASE("a recorded trace is told in every form") {
  const std::string trace = gallery + "first-listener-forgotten/run.trace";
  for (const char* form : {"json", "sarif", "junit", "ktap", "graphml", "witness-yaml", "dot", "svg", "life-dot", "life-svg", "html"}) {
    CAPTURE(form);
    const Ran ran = run_program({"explain", trace, "--format", form});
    CHECK(ran.exit == 0);
    CHECK(ran.err.empty());
    CHECK(ran.out.find("prepare-has-finish") != std::string::npos);
  }
}

TEST_CASE("runs on a kernel tree are recorded and told; they quote its lines and are never kept") {
  const auto folder = known::kernel("6.12");
  if (!folder) return;
  const Scratch scratch;
  const Ran ran = run_program({"check", "--tree", *folder, "--arch", "s390x", "--record", scratch.file("traces")});
  REQUIRE(ran.exit == 1);
  const std::string trace = scratch.file("traces/failed-prepare-leaves-nothing.trace");
  const Json kept = Json::parse(text_of(trace));
  REQUIRE(kept["property"]["why"]["no_return"].is_number());
  // One increment was refused; what decides is that the next one is not: had it been, nothing would be left of the block.
  const std::size_t decides = kept["property"]["why"]["no_return"];
  CHECK(kept["property"]["why"]["steps"][decides] == "free");
  CHECK(kept["property"]["why"]["steps"][decides + 1] == "fated");
  CHECK(kept["property"]["why"]["ways_out"][0]["fault"] == true);
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {}, {"--story"}, {"--mail"}, {"--format", "html"}, {"--format", "sarif"}, {"--format", "graph-svg"}}) {
    const std::string told = explained(trace, options);
    CHECK(told.size() > 1000);
  }
  const Ran again = run_program({"minimise", trace, "-o", scratch.file("again.trace")});
  CHECK(again.exit == 0);
}

TEST_CASE("mistakes around recorded traces") {
  const Scratch scratch;
  const auto error = [](const std::vector<std::string>& args) {
    const Ran ran = run_program(args);
    CHECK(ran.exit == 2);
    CHECK(ran.out.empty());
    return ran.err;
  };
  CHECK(error({"explain"}).find("required") != std::string::npos);
  CHECK(error({"explain", scratch.file("missing.trace")}).find("missing.trace") != std::string::npos);
  CHECK(error({"explain", scratch.with("cut.trace", "{\"format\": \"hotproof-tra")}).find("cut.trace:1:") != std::string::npos);
  CHECK(error({"explain", scratch.with("other.trace", "{}")}).find("no recorded trace") != std::string::npos);
  REQUIRE(run_program({"check", "--listeners", "2", "--record", scratch.file("traces")}).exit == 1);
  const std::string trace = scratch.file("traces/prepare-has-finish.trace");
  CHECK(error({"explain", trace, "--story", "--mail"}).find("two forms") != std::string::npos);
  Json moved = Json::parse(text_of(trace));
  moved["arguments"] = {"check", "--listeners", "1", "--tree", scratch.file("gone")};
  CHECK(error({"minimise", scratch.with("gone.trace", moved.dump())}).find("gone") != std::string::npos);
  moved["arguments"] = {"check", "--listeners", "1"};
  CHECK(error({"minimise", scratch.with("other-model.trace", moved.dump())}).find("another one now") != std::string::npos);
  moved["arguments"] = {"model", "--reference"};
  CHECK(error({"minimise", scratch.with("no-check.trace", moved.dump())}).find("not understood") != std::string::npos);
  moved = Json::parse(text_of(trace));
  moved["run"]["steps"][3] = 0;
  CHECK(error({"minimise", scratch.with("no-run.trace", moved.dump())}).find("none of its model") != std::string::npos);
  moved["run"]["steps"][3] = 4000000000U;
  CHECK(error({"minimise", scratch.with("no-step.trace", moved.dump())}).find("none of its model") != std::string::npos);
  const std::string file = scratch.with("file", "");
  CHECK(error({"check", "--record", file + "/below"}).find("cannot be made") != std::string::npos);
}
