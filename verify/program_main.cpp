#include "verify/program_main.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "verify/certificate.hpp"
#include "verify/check.hpp"
#include "verify/external_solver.hpp"
#include "verify/sha256.hpp"

namespace hotproof::verify {

namespace fs = std::filesystem;

namespace {

enum Exit : int { accepted = 0, refused = 1, unreadable = 2, unfinished = 3 };

constexpr const char* usage =
    "Re-checks a certificate that `hotproof check --certificate FILE` or `hotproof patch` wrote.\n"
    "\n"
    "Usage: hotproof-verify [OPTIONS] FILE\n"
    "\n"
    "  --tree DIR          compare the files of the kernel tree, too, by their hashes\n"
    "  --inputs            compare patches, edits and specs, too; their names are looked up from here\n"
    "  --solver PROGRAM    solver for invariants (default: cvc5, z3, bitwuzla, yices-smt2 or boolector on PATH)\n"
    "  --no-solver         use none: invariants are then not checked\n"
    "  --time-limit S      seconds for one question to the solver (default 600)\n"
    "  --obligations DIR   write what the solver is asked to this folder, as SMT-LIB 2 files, and check nothing\n"
    "  --threads N         threads for sets of states (default: one a processor)\n"
    "  --help, --version\n"
    "\n"
    "It has a reader and an evaluator of its own and shares nothing with hotproof's engines.\n"
    "Exit status: 0 accepted; 1 rejected; 2 wrong usage, or the file is no certificate; 3 not checked in full.\n";

struct Request {
  std::string file;
  std::string tree;
  bool inputs = false;
  std::string solver;
  bool no_solver = false;
  double seconds = 600;
  std::string obligations;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

// What a file says is printed without anything that a terminal would obey.
std::string printable(const std::string& text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return out;
}

void say(const std::string& line) {
  std::fputs((printable(line) + "\n").c_str(), stdout);
}

int fail(const std::string& message) {
  std::fputs(("hotproof-verify: " + printable(message) + "\n").c_str(), stderr);
  return unreadable;
}

std::optional<std::string> whole_text(const std::string& path) {
  std::error_code none;
  if (fs::is_directory(path, none)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return std::nullopt;
  return text;
}

// "12" or "0.5", above 0
bool parse_seconds(const char* word, double& out) {
  char* end = nullptr;
  out = std::strtod(word, &end);
  return end != word && *end == '\0' && out > 0 && out < 1e9;
}

// Nothing: go on. Else the exit status.
std::optional<int> parse(int argc, const char* const* argv, Request& out) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&]() -> const char* { return i + 1 < argc ? argv[++i] : nullptr; };
    if (word == "--help" || word == "-h") {
      std::fputs(usage, stdout);
      return accepted;
    }
    if (word == "--version") {
      std::fputs(HOTPROOF_VERSION "\n", stdout);
      return accepted;
    }
    const char* given = nullptr;
    if (word == "--inputs") {
      out.inputs = true;
    } else if (word == "--no-solver") {
      out.no_solver = true;
    } else if (word == "--tree" || word == "--solver" || word == "--obligations" || word == "--time-limit" ||
               word == "--threads") {
      given = value();
      if (given == nullptr) return fail(std::string(word) + " wants a value (see hotproof-verify --help)");
      std::uint64_t count = 0;
      if (word == "--tree") out.tree = given;
      if (word == "--solver") out.solver = given;
      if (word == "--obligations") out.obligations = given;
      if (word == "--time-limit" && !parse_seconds(given, out.seconds))
        return fail("--time-limit: '" + std::string(given) + "' is no number of seconds above 0");
      if (word == "--threads") {
        if (!parse_number(given, 1024, count) || count == 0)
          return fail("--threads: '" + std::string(given) + "' is no number from 1 to 1024");
        out.threads = static_cast<unsigned>(count);
      }
    } else if (word.starts_with("-") && word.size() > 1) {
      return fail("unknown option " + std::string(word) + " (see hotproof-verify --help)");
    } else if (!out.file.empty()) {
      return fail("one file is enough, " + std::string(word) + " is too much");
    } else {
      out.file = word;
    }
  }
  if (out.file.empty()) return fail("no file was given (see hotproof-verify --help)");
  return std::nullopt;
}

bool stays_inside(const std::string& path) {
  const fs::path p(path);
  return !p.empty() && !p.is_absolute() &&
         std::none_of(p.begin(), p.end(), [](const fs::path& part) { return part == ".."; });
}

// Compares what was asked for with the hashes of the certificate. Something rejected: what.
std::optional<std::string> compare_inputs(const Certificate& certificate, const Request& request) {
  std::size_t same = 0;
  std::size_t skipped = 0;
  for (const Input& input : certificate.inputs) {
    const bool from_tree = input.kind == "tree";
    const bool given = input.kind == "patch" || input.kind == "edit" || input.kind == "spec";
    if ((from_tree && request.tree.empty()) || (given && !request.inputs) || (!from_tree && !given)) {
      ++skipped;
      continue;
    }
    if (from_tree && !stays_inside(input.path)) return "input " + input.path + " is no file of a tree";
    const auto text = whole_text(from_tree ? (fs::path(request.tree) / input.path).string() : input.path);
    if (!text) return "input " + input.path + " cannot be read";
    if (sha256(*text) != input.hash) return "input " + input.path + " is another file than the certificate's";
    ++same;
  }
  say("inputs: " + std::to_string(same) + " compared, " + std::to_string(skipped) + " not compared");
  return std::nullopt;
}

// Of several certificates, the second one's names begin with "2-", and so on.
int write_obligations(const std::vector<Certificate>& certificates, const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(folder + ": cannot be made: " + error.message());
  std::size_t written = 0;
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const std::string prefix = i == 0 ? "" : std::to_string(i + 1) + "-";
    for (const Obligation& obligation : obligations(certificates[i].system, certificates[i].evidence)) {
      const std::string name = prefix + obligation.name + ".smt2";
      const std::string path = (fs::path(folder) / name).string();
      std::ofstream out(path, std::ios::binary);
      if (!(out << obligation.script)) return fail(path + ": cannot be written");
      say(name + ": " + obligation.means);
      ++written;
    }
  }
  say(std::to_string(written) + " obligations; each is to be unsat");
  return accepted;
}

std::string in_words(const Claim& claim, const Evidence& evidence) {
  std::string out;
  switch (claim.says) {
    case Says::holds:
      out = "holds";
      break;
    case Says::reached:
      out = "is reached";
      break;
    case Says::violated:
      out = "is violated";
      break;
    case Says::unreached:
      out = "is not reached";
      break;
    case Says::vacuous:
      out = "is vacuous";
      break;
    case Says::open:
      return "nothing is claimed";
  }
  const auto in_words = [](const StateSet& set, const char* which) {
    return " (closed set of " + std::to_string(set.count()) + " states" + which +
           (set.exchangeable.empty() ? "" : ", and what exchanges of actors make of them") +
           (set.ample.empty() ? "" : ", of some of which only the steps of one actor") + ")";
  };
  switch (claim.basis) {
    case Basis::all_states:
      return out + in_words(*evidence.all_states, "");
    case Basis::faultless_states:
      return out + in_words(*evidence.faultless_states, " without faults");
    case Basis::invariant:
      return out + " (invariant, k = " + std::to_string(evidence.invariants[claim.number].k) + ")";
    case Basis::runs_end:
      return out + " (no run has more than " + std::to_string(claim.number) + " steps)";
    default:
      return out + " (run of " + std::to_string(evidence.runs[claim.number].steps.size()) + " steps)";
  }
}

void show(const Certificate& certificate, const Report& report) {
  say("about: " + certificate.about);
  say("written by: " + certificate.tool);
  say("system: sha256 " + certificate.system_hash + ", " + std::to_string(certificate.system.variables.size()) +
      " variables, " + std::to_string(certificate.system.transitions.size()) + " transitions");
  for (const std::string& what : certificate.covers) say("covers: " + what);
  for (const std::string& what : certificate.not_covered) say("does not cover: " + what);
  if (report.properties.size() != certificate.evidence.claims.size()) return;
  for (const Claim& claim : certificate.evidence.claims) {
    const Finding& found = report.properties[claim.property];
    const char* const verdict = found.status == Status::rejected    ? "rejected"
                                : found.status == Status::unchecked ? "not checked"
                                : claim.says == Says::open          ? "open"
                                                                    : "accepted";
    const bool known = found.status != Status::rejected;
    say(std::string("  ") + verdict + ": " + certificate.system.properties[claim.property].id + " " +
        (known && (claim.basis != Basis::run || claim.number < certificate.evidence.runs.size())
             ? in_words(claim, certificate.evidence)
             : "") +
        (found.why.empty() ? "" : ": " + found.why));
  }
}

int judge(const Certificate& certificate, const Request& request) {
  if (const auto wrong = compare_inputs(certificate, request)) {
    say("rejected: " + *wrong);
    return refused;
  }
  Options options;
  options.effort.threads = request.threads;
  const std::string solver = request.no_solver ? "" : request.solver.empty() ? solver_on_path() : request.solver;
  if (!solver.empty()) {
    options.solve = [&](const Obligation& obligation) { return solve_with(solver, obligation, request.seconds); };
  }
  const Report report = check(certificate.system, certificate.evidence, options);
  show(certificate, report);
  if (report.obligations != 0) say(std::to_string(report.obligations) + " obligations discharged by " + solver);
  switch (report.whole.status) {
    case Status::accepted:
      say("accepted");
      return accepted;
    case Status::rejected:
      say("rejected: " + report.whole.why);
      return refused;
    case Status::unchecked:
      say("not checked in full: " + report.whole.why);
      return unfinished;
  }
  return unfinished;
}

int run_plainly(int argc, const char* const* argv) {
  Request request;
  if (const auto status = parse(argc, argv, request)) return *status;
  const auto bytes = whole_text(request.file);
  if (!bytes) return fail(request.file + ": cannot be read");
  const auto certificates = read_certificates(*bytes);
  if (!certificates) {
    const Error& error = certificates.error();
    const std::string what =
        request.file + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " + error.message;
    if (!error.damaged) return fail(what);
    say("rejected: " + what);
    return refused;
  }
  if (!request.obligations.empty()) return write_obligations(*certificates, request.obligations);
  // The file is accepted if each of its certificates is.
  int status = accepted;
  for (const Certificate& certificate : *certificates) {
    const int found = judge(certificate, request);
    if (found == refused || status == accepted) status = found;
    if (status == refused) break;
  }
  return status;
}

}  // namespace

int run(int argc, const char* const* argv) {
  try {
    return run_plainly(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("hotproof-verify: not checked: out of memory\n", stderr);
    return unfinished;
  } catch (const std::exception& error) {
    std::fputs((std::string("hotproof-verify: not checked: ") + error.what() + "\n").c_str(), stderr);
    return unfinished;
  }
}

}  // namespace hotproof::verify
