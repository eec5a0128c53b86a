// Nothing is called proved before the verifier has accepted it; and the file that says why (docs/certificates.md).
#pragma once

#include <optional>
#include <string>

#include "checker/certify/certify.hpp"
#include "cli/console.hpp"
#include "cli/pipeline.hpp"
#include "cli/search.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::cli {

// Has every proof of the result checked; gives the seconds that it took. One that could not be checked becomes
// inconclusive. Error, an internal one: something was rejected; a certificate for the report lies in the temporary
// folder.
Result<double> verify_proofs(const ir::TransitionSystem& system, checker::Result& result,
                             const checker::Options& options);

// What a certificate says of its origin: files with their hashes, what it covers.
checker::certify::Header certificate_header(const Subject& subject, const Settings& settings, const Model& model);

// The certificate: about the system before reductions, if the exhaustive search gets through it, else about the one
// that `result` speaks of. Errors, internal ones: the two differ; something is rejected.
Result<counterexamples::CertificateReport> certificate_of(const ir::TransitionSystem& whole,
                                                          const ir::TransitionSystem& reduced,
                                                          const checker::Result& result, const SearchRequest& request);

// The file that --certificate names; or none.
class CertificateFile {
 public:
  // Fails if the file cannot be made, or if what is asked for has no certificate, before any work is done.
  static Result<CertificateFile> open(const Settings& settings);
  // Writes the report's certificate, and sets its name in the report. Gives a line for people; empty if no file is
  // wanted.
  Result<std::string> write(counterexamples::CheckReport& report);

 private:
  CertificateFile() = default;
  std::string path_;
  std::optional<OutputFile> file_;
};

}  // namespace hotproof::cli
