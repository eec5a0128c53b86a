#include "cli/console.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace hotproof::cli {

namespace {

bool is_utf8_locale() {
  // The first of these that is set decides (POSIX, "Internationalization Variables").
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string lower = value;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
  }
  return false;
}

bool wants_colour(const Settings& settings) {
  if (settings.colour != When::automatic) return settings.colour == When::always;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return settings.output.empty() && isatty(STDOUT_FILENO) == 1 && !dumb && (no_colour == nullptr || *no_colour == '\0');
}

std::size_t terminal_width() {
  constexpr std::size_t usual = 120;
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return std::clamp<std::size_t>(size.ws_col, 60, 200);
}

// errno's text is "Success" after a call that set none, so 0 tells of a short write.
std::string reason() {
  return errno == 0 ? "the write was cut short" : std::strerror(errno);
}

bool write_all(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

volatile bool interrupted_flag = false;

void on_interrupt(int) {
  interrupted_flag = true;
}

}  // namespace

int fail(const Failure& failure) {
  std::fprintf(stderr, "hotproof: %s\n", render::safe(to_string(failure.diagnostic), is_utf8_locale()).c_str());
  return failure.exit;
}

int print(const std::string& text) {
  errno = 0;
  if (write_all(STDOUT_FILENO, text)) return 0;
  return fail({{{}, "cannot write to standard output: " + reason(), ""}, Exit::usage});
}

Result<OutputFile> OutputFile::open(const std::string& path) {
  OutputFile file;
  file.path_ = path;
  if (path.empty()) return file;
  errno = 0;
  struct stat known {};
  const bool exists = ::stat(path.c_str(), &known) == 0;
  if (exists && S_ISDIR(known.st_mode)) {
    errno = EISDIR;
    return file.wrong("cannot write");
  }
  if (exists && !S_ISREG(known.st_mode)) {
    file.descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.descriptor_ < 0) return file.wrong("cannot write");
    return file;
  }
  // A link stays a link: the file it leads to is the one that is replaced.
  std::error_code none;
  const std::filesystem::path target = std::filesystem::weakly_canonical(path, none);
  if (!none && !target.empty()) file.path_ = target.string();
  std::string name = file.path_ + ".XXXXXX";
  file.descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file.descriptor_ < 0) return file.wrong("cannot write");
  file.temporary_ = name;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const mode_t mode = exists ? known.st_mode & 0777U : 0666U & ~mask;
  if (::fchmod(file.descriptor_, mode) != 0) return file.wrong("cannot write");
  return file;
}

Result<bool> OutputFile::write(const std::string& text) {
  errno = 0;
  if (path_.empty()) {
    if (!write_all(STDOUT_FILENO, text)) return wrong("cannot write to standard output");
    return true;
  }
  if (!write_all(descriptor_, text)) return wrong("cannot write");
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) return wrong("cannot write");
  if (!temporary_.empty() && ::rename(temporary_.c_str(), path_.c_str()) != 0) return wrong("cannot write");
  temporary_.clear();
  return true;
}

tl::unexpected<Failure> OutputFile::wrong(const char* what) const {
  return usage_error({Place{path_, 0, 0}, std::string(what) + ": " + reason(), ""});
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

render::Style style_for(const Settings& settings) {
  return {wants_colour(settings), is_utf8_locale(), settings.output.empty() ? terminal_width() : 120};
}

void watch_for_interrupt() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

const volatile bool* interrupt_flag() {
  return &interrupted_flag;
}

ProgressLine::ProgressLine() : on_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::show(const std::string& stage, const checker::Progress& progress) {
  if (!on_terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (last_ && now - *last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  shown_ = true;
  std::array<char, 160> line{};
  std::snprintf(line.data(), line.size(), "%s: depth %u, %llu states, %llu waiting, %.0f s", stage.c_str(),
                progress.depth, static_cast<unsigned long long>(progress.states),
                static_cast<unsigned long long>(progress.queue), progress.seconds);
  std::fprintf(stderr, "\r%s\x1b[K", render::cut(render::safe(line.data(), false), 79, false).c_str());
}

void ProgressLine::clear() {
  if (shown_) std::fprintf(stderr, "\r\x1b[K");
  shown_ = false;
}

}  // namespace hotproof::cli
