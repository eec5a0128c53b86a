#include "cli/certificates.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "checker/explicit/explorer.hpp"
#include "cli/inputs.hpp"
#include "model/ir/text.hpp"
#include "model/source/embedded.hpp"

namespace hotproof::cli {

namespace {

namespace certify = checker::certify;
using checker::Verdict;

constexpr std::size_t most_gaps = 20;  // that are named in a certificate

// Says whether the answer is one that every run, or none, has to bear out.
bool is_proof(const ir::Property& property, const checker::PropertyResult& found) {
  const bool cover = property.kind == ir::PropertyKind::cover;
  return found.verdict == Verdict::vacuous || found.verdict == (cover ? Verdict::violated : Verdict::proved);
}

bool went_by_hashes(const checker::Result& result) {
  const auto on_disk = [](const auto& states) { return states && states->on_disk; };
  return on_disk(result.states) || on_disk(result.faultless_states);
}

void leave_proofs_open(const ir::TransitionSystem& system, checker::Result& result, const std::string& why) {
  for (std::size_t i = 0; i < result.properties.size(); ++i) {
    checker::PropertyResult& property = result.properties[i];
    if (!is_proof(system.properties[i], property)) continue;
    property.verdict = Verdict::inconclusive;
    property.reason = "on the disk, two states seem to have been taken for one (" + why + "); more memory, or other --threads, go another way";
  }
  result.complete = false;
}

// What was rejected, for whoever looks for the defect. Empty: it could not be written.
std::string left_behind(const ir::TransitionSystem& system, const checker::Result& result) {
  std::error_code none;
  const std::string name = "hotproof-rejected-" + std::to_string(getpid()) + ".cert";
  const std::filesystem::path path = std::filesystem::temp_directory_path(none) / name;
  certify::Header header;
  header.tool = "hotproof " HOTPROOF_VERSION;
  header.about = "what was rejected";
  std::ofstream out(path, std::ios::binary);
  if (!(out << certify::written(system, result, header))) return "";
  return path.string();
}

tl::unexpected<Failure> rejected(const std::string& why, const ir::TransitionSystem& system,
                                 const checker::Result& result) {
  const std::string file = left_behind(system, result);
  return internal_error(
      {{},
       "the check of a proof failed: " + why,
       "this is a defect of hotproof, please report it" + (file.empty() ? "" : "; what was rejected is in " + file)});
}

void add(std::vector<certify::Input>& to, const char* kind, const std::string& path, std::string_view text) {
  const bool known = std::any_of(to.begin(), to.end(),
                                 [&](const certify::Input& input) { return input.kind == kind && input.path == path; });
  if (!known) to.push_back({kind, path, certify::hash_of(text)});
}

// Each text with its name and length, so that no two sets of files look alike.
std::string all_of(std::span<const embedded::File> files) {
  std::string out;
  for (const embedded::File& file : files)
    out += std::string(file.path) + " " + std::to_string(file.text.size()) + "\n" + std::string(file.text);
  return out;
}

// The files of the tree that take part: as they lie on the disk, and what patches and edits made of them.
void add_tree(std::vector<certify::Input>& inputs, const Subject& subject, const Settings& settings,
              const Model& model) {
  const auto changed = subject.tree.changed();
  const auto on_disk = SourceTree::open(settings.tree.empty() ? "." : settings.tree);
  for (const std::string& path : model.scenario->program().files()) {
    const auto file = subject.tree.read(path);
    if (!file) continue;  // a part of our environment
    const bool overlaid = std::find(changed.begin(), changed.end(), path) != changed.end();
    if (overlaid && !settings.tree.empty() && on_disk)
      if (const auto before = on_disk->read(path)) add(inputs, "tree", path, before->text);
    add(inputs, overlaid ? (subject.is_reference ? "embedded" : "changed") : "tree", path, file->text);
  }
}

void add_given(certify::Header& header, const char* kind, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const auto text = path == "-" ? Result<std::string>(usage_error({})) : read_text(path);
    if (text)
      add(header.inputs, kind, path, *text);
    else
      header.not_covered.push_back(std::string("which ") + kind + " " + path + " was, for it could not be read twice");
  }
}

// Verdicts of two searches over what must be the same.
std::optional<std::string> differing(const ir::TransitionSystem& system, const checker::Result& a,
                                     const checker::Result& b) {
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const Verdict one = a.properties[i].verdict;
    const Verdict other = b.properties[i].verdict;
    if (one == Verdict::inconclusive || other == Verdict::inconclusive || one == other) continue;
    return system.properties[i].id + " is " + std::string(checker::name(one)) + " before reductions and " +
           std::string(checker::name(other)) + " after them";
  }
  return std::nullopt;
}

counterexamples::CertificateReport report_of(const ir::TransitionSystem& system, const checker::Result& result,
                                             certify::Header header, bool reduced) {
  if (reduced) {
    header.covers.emplace_back("the transition system after reductions");
    header.not_covered.emplace_back(
        "the reductions: merging of steps, equal transitions, slicing (docs/reductions.md)");
  } else {
    header.covers.emplace_back("the transition system as lowering and the rules give it, before any reduction");
  }
  counterexamples::CertificateReport out;
  out.bytes = certify::written(system, result, header);
  out.sha256 = certify::hash_of(out.bytes);
  out.system_sha256 = certify::hash_of(ir::write(system));
  out.reduced = reduced;
  return out;
}

// What the exhaustive search alone has as reasons; of runs and covers nothing changes.
checker::Result without_invariants(checker::Result result) {
  for (checker::PropertyResult& property : result.properties) property.invariant.reset();
  return result;
}

bool has_invariants(const checker::Result& result) {
  return std::any_of(result.properties.begin(), result.properties.end(),
                     [](const checker::PropertyResult& property) { return property.invariant != nullptr; });
}

// Two engines' proofs in one file: the closed set, and the invariants.
counterexamples::CertificateReport with_invariants(counterexamples::CertificateReport first,
                                                   const ir::TransitionSystem& reduced, const checker::Result& result,
                                                   const certify::Header& header) {
  first.bytes += report_of(reduced, result, header, true).bytes;
  first.sha256 = certify::hash_of(first.bytes);
  return first;
}

}  // namespace

Result<double> verify_proofs(const ir::TransitionSystem& system, checker::Result& result,
                             const checker::Options& options) {
  const certify::Judged judged = certify::judge(system, result, options);
  if (!judged.rejected.empty() && went_by_hashes(result)) {
    leave_proofs_open(system, result, judged.rejected);
    return judged.seconds;
  }
  if (!judged.rejected.empty()) return rejected(judged.rejected, system, result);
  double seconds = judged.seconds;
  if (result.states && has_invariants(result)) {
    // Both engines have a proof: the closed set is looked at, too.
    const checker::Result explored = without_invariants(result);
    const certify::Judged also = certify::judge(system, explored, options);
    if (!also.rejected.empty()) return rejected(also.rejected, system, explored);
    seconds += also.seconds;
  }
  for (std::size_t i = 0; i < result.properties.size(); ++i) {
    checker::PropertyResult& property = result.properties[i];
    if (judged.unchecked[i].empty() || !is_proof(system.properties[i], property)) continue;
    property.verdict = Verdict::inconclusive;
    property.reason = "it seems to hold, but that could not be checked: " + judged.unchecked[i];
    result.complete = false;
  }
  return seconds;
}

certify::Header certificate_header(const Subject& subject, const Settings& settings, const Model& model) {
  certify::Header out;
  out.tool = "hotproof " HOTPROOF_VERSION;
  const counterexamples::CheckReport& report = model.checked.report;
  out.about = report.title + ", " + report.architecture + ", " + report.scenario;
  for (const auto& [name, value] : subject.settings) out.about += ", " + name + "=" + value;
  add_tree(out.inputs, subject, settings, model);
  for (const certify::Input& patch : subject.patches) out.inputs.push_back(patch);
  add_given(out, "edit", settings.edits);
  add_given(out, "spec", settings.specs);
  add(out.inputs, "embedded", "model", all_of(embedded::env()));
  add(out.inputs, "embedded", "specs", all_of(embedded::spec()));
  out.not_covered.emplace_back("lowering: that the transition system is what the C of these files means");
  out.not_covered.emplace_back("the environment in which that C runs, and that the rules mean what they say");
  const auto& gaps = model.lowered.report.not_understood;
  for (std::size_t i = 0; i < std::min(gaps.size(), most_gaps); ++i)
    out.not_covered.push_back("not understood: " + to_string(gaps[i]));
  if (gaps.size() > most_gaps)
    out.not_covered.push_back(std::to_string(gaps.size() - most_gaps) + " more places that are not understood");
  return out;
}

Result<counterexamples::CertificateReport> certificate_of(const ir::TransitionSystem& whole,
                                                          const ir::TransitionSystem& reduced,
                                                          const checker::Result& result, const SearchRequest& request) {
  if (result.complete && result.states) {
    checker::Result fine = checker::explore(whole, request.options);
    if (!fine.internal_error.empty()) return rejected(fine.internal_error, reduced, result);
    if (const auto why = differing(whole, fine, result)) return rejected(*why, reduced, result);
    if (fine.complete) {
      const auto verified = verify_proofs(whole, fine, request.options);
      if (!verified) return tl::unexpected(verified.error());
      if (fine.complete) {
        auto report = report_of(whole, fine, *request.certificate, false);
        if (!has_invariants(result)) return report;
        return with_invariants(std::move(report), reduced, result, *request.certificate);
      }
    }
    if (has_invariants(result))
      return with_invariants(report_of(reduced, without_invariants(result), *request.certificate, true), reduced, result,
                             *request.certificate);
  }
  return report_of(reduced, result, *request.certificate, true);
}

Result<CertificateFile> CertificateFile::open(const Settings& settings) {
  const std::string& path = settings.certificate;
  CertificateFile out;
  if (path.empty()) return out;
  if (settings.any_listeners)
    return usage_error({{}, "a certificate is about one system, and --listeners any is about several", "a number of listeners"});
  auto file = OutputFile::open(path);
  if (!file) return tl::unexpected(file.error());
  out.path_ = path;
  out.file_.emplace(std::move(*file));
  return out;
}

Result<std::string> CertificateFile::write(counterexamples::CheckReport& report) {
  if (!file_) return std::string();
  if (!report.certificate) return std::string("no certificate was written: there is no model\n");
  counterexamples::CertificateReport& certificate = *report.certificate;
  const auto written = file_->write(certificate.bytes);
  if (!written) return tl::unexpected(written.error());
  certificate.file = path_;
  certificate.bytes.clear();
  return "certificate: " + path_ + ", about the system " + (certificate.reduced ? "after" : "before") +
         " reductions (check it with hotproof-verify)\n";
}

}  // namespace hotproof::cli
