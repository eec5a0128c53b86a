// Edits at random: deletes, moves and duplicates calls of the functions that the model follows on real trees, asks
// `hotproof check` about each, and tells what it answered. What must never happen is a crash, a hang, two engines that
// disagree or a run that cannot be replayed (the program then says so and gives 70); what no property notices is
// listed.
//
//   random_edits TREES [EDITS [SEED [SECONDS]]]      TREES has 6.1/ and 6.12/; 200 edits, seed 1, 3 seconds an engine
//
// Exit status: 0; 1 if something happened that must not; 2 without trees.

#include <atomic>
#include <iostream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>

#include "cli/run_program.hpp"
#include "model/c/program.hpp"
#include "model/env/files.hpp"
#include "model/patch/mutations.hpp"

namespace hotproof {
namespace {

using Json = nlohmann::json;
using cli::Ran;
using cli::run_program;
using cli::Scratch;

constexpr unsigned most_seconds = 180;  // what takes longer counts as hanging

// A tree, read for one architecture: where edits are made, and what it answers without any.
struct Base {
  std::string folder;
  std::string architecture;
  std::vector<std::pair<std::string, std::string>> functions;  // file, function
  std::map<std::string, std::string> verdicts;                 // by property
};

struct Choice {
  const Base* base = nullptr;
  std::string file;
  std::string function;
  std::string words;  // what it does, for people
  std::string edit;
};

enum class Kind : std::uint8_t { noticed, unnoticed, not_executed, not_understood, undecided, refused, wrong };

struct Answer {
  Kind kind = Kind::wrong;
  std::string why;
};

constexpr const char* names[] = {"noticed",   "unnoticed", "not executed", "not understood",
                                 "undecided", "refused",   "WRONG"};

std::vector<std::string> check_arguments(const Base& base) {
  return {"check", "--tree", base.folder, "--arch", base.architecture, "--life", "--format", "json"};
}

std::map<std::string, std::string> verdicts_of(const Json& answer) {
  std::map<std::string, std::string> out;
  for (const Json& property : answer["properties"])
    out[property["id"]] = property["applicable"] == false ? "not here" : property["verdict"].get<std::string>();
  return out;
}

std::optional<Base> read_base(const std::string& folder, const std::string& architecture) {
  Base base{folder, architecture, {}, {}};
  const Ran model =
      run_program({"model", "--tree", folder, "--arch", architecture, "--life", "--format", "json"}, most_seconds);
  const Json report = Json::parse(model.out, nullptr, false);
  if (!report.is_object()) return std::nullopt;
  for (const Json& f : report["model"]["followed"])
    if (f["environment"] == false && f["calls"] > 0 && f["missing"].size() < f["statements"].size())
      base.functions.emplace_back(f["file"], f["function"]);
  const Json answer = Json::parse(run_program(check_arguments(base), most_seconds).out, nullptr, false);
  if (!answer.is_object() || base.functions.empty()) return std::nullopt;
  base.verdicts = verdicts_of(answer);
  return base;
}

const std::set<patch::Mutation> made_at_random = {patch::Mutation::delete_call, patch::Mutation::drop_lock,
                                                  patch::Mutation::drop_undo, patch::Mutation::move,
                                                  patch::Mutation::duplicate};

std::optional<Choice> choose(const Base& base, std::mt19937& random) {
  const auto& [file, function] = base.functions[random() % base.functions.size()];
  const auto opened = SourceTree::open(base.folder);
  if (!opened) return std::nullopt;
  c::Program program(*opened, {file}, env::default_configuration(base.architecture));
  const std::vector<patch::Mutant> all = patch::mutants(program, file, function, made_at_random);
  if (all.empty()) return std::nullopt;
  const patch::Mutant& chosen = all[random() % all.size()];
  return Choice{&base, file, function, chosen.words, chosen.edit};
}

// The properties that answer otherwise than without the edit, and say something.
std::string changed(const Base& base, const Json& answer) {
  std::string out;
  for (const auto& [id, verdict] : verdicts_of(answer)) {
    const auto before = base.verdicts.find(id);
    if (before == base.verdicts.end() || before->second == verdict) continue;
    if (verdict == "not here" || verdict == "not-understood" || verdict == "inconclusive") continue;
    if (verdict == "vacuous" && before->second == "not here") continue;
    out += (out.empty() ? "" : ", ") + id + (verdict == "violated" ? "" : " (" + verdict + ")");
  }
  return out;
}

Answer judge(const Base& base, const Ran& ran) {
  if (ran.exit == 2) return {Kind::refused, ran.err.substr(0, ran.err.find('\n'))};
  const Json answer = Json::parse(ran.out, nullptr, false);
  if (ran.exit > 4 || ran.exit < 0 || !answer.is_object())
    return {Kind::wrong, "exit " + std::to_string(ran.exit) + ": " + ran.err};
  const std::string different = changed(base, answer);
  if (!different.empty()) return {Kind::noticed, different};
  if (answer["complete"] == false) return {Kind::undecided, answer["stopped_by"]};
  const Json& gaps = answer["model"]["not_understood"];
  if (gaps.empty()) return {Kind::unnoticed, ""};
  const std::string why = gaps.back()["message"];
  const bool dead = why.find("no line that was changed") != std::string::npos;
  return {dead ? Kind::not_executed : Kind::not_understood, why};
}

// The whole life is searched by states. Both engines look at a block that is there, as long as they are given; each
// answers with what it can replay, and if they disagree the program says so. What reductions rely on is tested as well,
// for every fifth edit.
Answer ask(const Choice& choice, const std::string& seconds, bool test_reductions) {
  const Scratch scratch;
  const std::string edit = scratch.with("random.edit", choice.edit + "\n");
  std::vector<std::string> args = check_arguments(*choice.base);
  args.insert(args.end(), {"--edit", edit});
  const Answer answer = judge(*choice.base, run_program(args, most_seconds));
  if (answer.kind == Kind::wrong || answer.kind == Kind::refused) return answer;
  args = {"check",
          "--tree",
          choice.base->folder,
          "--arch",
          choice.base->architecture,
          "--readers",
          "0",
          "--edit",
          edit,
          "--format",
          "json",
          "--engine",
          "both",
          "--time-limit",
          seconds};
  if (test_reductions) args.emplace_back("--check-reductions");
  const Ran both = run_program(args, most_seconds);
  if (both.exit < 0 || both.exit > 4) return {Kind::wrong, "exit " + std::to_string(both.exit) + ": " + both.err};
  return answer;
}

// Asks about all choices, two at a time, and tells each answer as it comes.
std::vector<Answer> ask_all(const std::vector<Choice>& choices, const std::string& seconds) {
  std::vector<Answer> answers(choices.size());
  std::atomic<std::size_t> next = 0;
  std::mutex output;
  const auto work = [&] {
    for (std::size_t i = next++; i < choices.size(); i = next++) {
      answers[i] = ask(choices[i], seconds, i % 5 == 0);
      const std::lock_guard<std::mutex> lock(output);
      std::cout << choices[i].base->folder << " " << choices[i].base->architecture << " " << choices[i].function
                << "(): " << choices[i].words << ": " << names[static_cast<int>(answers[i].kind)]
                << (answers[i].why.empty() ? "" : ": " + answers[i].why) << std::endl;
    }
  };
  std::thread second(work);
  work();
  second.join();
  return answers;
}

int summarise(const std::vector<Choice>& choices, const std::vector<Answer>& answers) {
  std::map<Kind, std::size_t> counts;
  std::map<std::string, std::size_t> unnoticed;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    ++counts[answers[i].kind];
    if (answers[i].kind == Kind::unnoticed) ++unnoticed[choices[i].function];
  }
  std::cout << "\n" << choices.size() << " edits:";
  for (const auto& [kind, count] : counts) std::cout << " " << count << " " << names[static_cast<int>(kind)] << ";";
  std::cout << "\nunnoticed, by function:";
  for (const auto& [function, count] : unnoticed) std::cout << " " << function << " " << count << ",";
  std::cout << "\n";
  return counts.contains(Kind::wrong) ? 1 : 0;
}

int run(const std::string& trees, std::size_t edits, unsigned seed, const std::string& seconds) {
  std::vector<Base> bases;
  for (const char* version : {"6.1", "6.12"})
    for (const char* architecture : {"x86_64", "s390x"})
      if (auto base = read_base(trees + "/" + version, architecture)) bases.push_back(std::move(*base));
  if (bases.empty()) {
    std::cerr << "random_edits: no kernel trees in " << trees << "\n";
    return 2;
  }
  std::mt19937 random(seed);
  std::vector<Choice> choices;
  std::set<std::string> known;
  for (std::size_t tries = 0; choices.size() < edits && tries < 100 * edits; ++tries) {
    const Base& base = bases[random() % bases.size()];
    auto choice = choose(base, random);
    if (choice && known.insert(base.folder + base.architecture + choice->edit).second)
      choices.push_back(std::move(*choice));
  }
  return summarise(choices, ask_all(choices, seconds));
}

}  // namespace
}  // namespace hotproof

int main(int count, char** arguments) {
  const auto argument = [&](int i, const char* otherwise) { return std::string(i < count ? arguments[i] : otherwise); };
  if (count < 2) {
    std::cerr << "random_edits: TREES [EDITS [SEED [SECONDS]]]\n";
    return 2;
  }
  return hotproof::run(argument(1, ""), std::stoul(argument(2, "200")),
                       static_cast<unsigned>(std::stoul(argument(3, "1"))), argument(4, "3"));
}
