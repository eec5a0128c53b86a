#include "model/lower/substitute.hpp"

#include <cctype>
#include <vector>

namespace hotproof::lower {
namespace {

bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

std::size_t end_of_literal(const std::string& text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

// Words, literals, "##", runs of blanks, and single other letters.
std::vector<std::string> tokens(const std::string& text) {
  std::vector<std::string> result;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at + 1;
    if (text[at] == '"' || text[at] == '\'') {
      end = end_of_literal(text, at);
    } else if (is_word(text[at])) {
      while (end < text.size() && is_word(text[end])) ++end;
    } else if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
      while (end < text.size() && std::isspace(static_cast<unsigned char>(text[end])) != 0) ++end;
    } else if (text.compare(at, 2, "##") == 0) {
      end = at + 2;
    }
    result.push_back(text.substr(at, end - at));
    at = end;
  }
  return result;
}

bool is_blank(const std::string& token) {
  return std::isspace(static_cast<unsigned char>(token[0])) != 0;
}

std::string as_string(const std::string& text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + "\"";
}

class Replacer {
 public:
  Replacer(const std::string& body, const std::map<std::string, MacroArgument>& arguments)
      : tokens_(tokens(body)), arguments_(arguments) {}

  std::string run() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const std::string& token = tokens_[at_];
      if (token == "##") {
        paste();
      } else if (token == "#" && names_argument(next(at_))) {
        at_ = next(at_);
        result_ += as_string(arguments_.at(tokens_[at_]).text);
      } else if (const auto found = arguments_.find(token); found != arguments_.end()) {
        const std::size_t after = next(at_);
        const bool joined = after < tokens_.size() && tokens_[after] == "##";
        result_ += joined ? found->second.text : found->second.plain;
      } else {
        result_ += token;
      }
    }
    return result_;
  }

 private:
  std::size_t next(std::size_t at) const {
    do ++at;
    while (at < tokens_.size() && is_blank(tokens_[at]));
    return at;
  }
  bool names_argument(std::size_t at) const { return at < tokens_.size() && arguments_.contains(tokens_[at]); }

  void paste() {
    while (!result_.empty() && std::isspace(static_cast<unsigned char>(result_.back())) != 0) result_.pop_back();
    at_ = next(at_);
    if (at_ >= tokens_.size()) return;
    const auto found = arguments_.find(tokens_[at_]);
    const std::string added = found == arguments_.end() ? tokens_[at_] : found->second.text;
    if (!result_.empty() && result_.back() == ',') {  // GCC's `, ##rest`
      if (added.empty()) {
        result_.pop_back();
      } else {
        result_ += ' ';
        result_ += found == arguments_.end() ? added : found->second.plain;
      }
      return;
    }
    result_ += added;
  }

  std::vector<std::string> tokens_;
  const std::map<std::string, MacroArgument>& arguments_;
  std::size_t at_ = 0;
  std::string result_;
};

}  // namespace

std::string substitute(const std::string& body, const std::map<std::string, MacroArgument>& arguments) {
  return Replacer(body, arguments).run();
}

}  // namespace hotproof::lower
