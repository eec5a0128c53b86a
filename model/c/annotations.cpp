#include "model/c/annotations.hpp"

#include <array>
#include <unordered_set>

namespace hotproof::c {

namespace {

// Annotations that stand alone.
bool is_plain(std::string_view word) {
  static const std::unordered_set<std::string_view> words = {"__init",
                                                             "__exit",
                                                             "__ref",
                                                             "__refdata",
                                                             "__meminit",
                                                             "__meminitdata",
                                                             "__memexit",
                                                             "__weak",
                                                             "__always_inline",
                                                             "__must_check",
                                                             "__user",
                                                             "__kernel",
                                                             "__iomem",
                                                             "__rcu",
                                                             "__force",
                                                             "__percpu",
                                                             "__packed",
                                                             "__read_mostly",
                                                             "__ro_after_init",
                                                             "__maybe_unused",
                                                             "__always_unused",
                                                             "__unused",
                                                             "__used",
                                                             "__cold",
                                                             "__hot",
                                                             "__pure",
                                                             "__attribute_const__",
                                                             "__noreturn",
                                                             "__malloc",
                                                             "__sched",
                                                             "__lockfunc",
                                                             "__cpuinit",
                                                             "__devinit",
                                                             "__initdata_memblock",
                                                             "__init_memblock",
                                                             "__initdata_or_module",
                                                             "__init_or_module",
                                                             "notrace",
                                                             "noinline",
                                                             "noinline_for_stack",
                                                             "asmlinkage",
                                                             "__visible",
                                                             "__naked",
                                                             "__kprobes",
                                                             "__deprecated",
                                                             "__nonstring",
                                                             "__private",
                                                             "__bitwise",
                                                             "__bitwise__",
                                                             "__nocast",
                                                             "__safe",
                                                             "__latent_entropy",
                                                             "__randomize_layout",
                                                             "__no_randomize_layout",
                                                             "__designated_init",
                                                             "__cacheline_aligned",
                                                             "__cacheline_aligned_in_smp",
                                                             "__page_aligned_data",
                                                             "__page_aligned_bss",
                                                             "__flatten",
                                                             "__noclone",
                                                             "noinstr",
                                                             "__cpuidle",
                                                             "__irq_entry",
                                                             "__softirq_entry",
                                                             "randomized_struct_fields_start",
                                                             "randomized_struct_fields_end",
                                                             "__noscs",
                                                             "__extension__",
                                                             "__restrict",
                                                             "__const",
                                                             "__restrict__",
                                                             "fallthrough",
                                                             "__bpf_kfunc",
                                                             "__ksym",
                                                             "__mode",
                                                             "__noendbr",
                                                             "__constant",
                                                             "__nocfi",
                                                             "__amode31",
                                                             "__decrypted",
                                                             "__bss_decrypted",
                                                             "__no_kasan_or_inline",
                                                             "__uninitialized",
                                                             "__head",
                                                             "__nostackprotector",
                                                             "__tracepoint_string",
                                                             "__lsm_ro_after_init",
                                                             "__no_stack_protector"};
  if (words.contains(word)) return true;
  for (const std::string_view start :
       {"__no_sanitize_", "__no_kcsan", "__no_kasan", "__no_kmsan", "____cacheline_", "__initdata", "__initconst",
        "__exitdata", "__net_init", "__net_exit", "__exit_", "__no_profile", "__no_kstack"})
    if (word.starts_with(start)) return true;
  return false;
}

// Annotations with arguments.
bool takes_arguments(std::string_view word) {
  static const std::unordered_set<std::string_view> words = {"__attribute__",
                                                             "__attribute",
                                                             "__printf",
                                                             "__scanf",
                                                             "__section",
                                                             "__aligned",
                                                             "__alias",
                                                             "__counted_by",
                                                             "__counted_by_le",
                                                             "__counted_by_be",
                                                             "__assume_aligned",
                                                             "__alloc_size",
                                                             "__realloc_size",
                                                             "__error",
                                                             "__cond_acquires",
                                                             "__acquires",
                                                             "__releases",
                                                             "__must_hold",
                                                             "__guarded_by",
                                                             "__pt_guarded_by",
                                                             "__copy",
                                                             "__cleanup",
                                                             "__free",
                                                             "__no_sanitize",
                                                             "__nonnull",
                                                             "__compiletime_error",
                                                             "__compiletime_warning",
                                                             "__warning",
                                                             "__declspec",
                                                             "__acquires_shared",
                                                             "__releases_shared",
                                                             "__must_hold_shared",
                                                             "__alignas"};
  return words.contains(word);
}

class Blanker {
 public:
  Blanker(std::string& text, const WordSet& more) : text_(text), tokens_(text), more_(more) {}

  Annotated run() {
    std::vector<bool> dropped(tokens_.size(), false);
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (wraps_name(i)) dropped[i] = dropped[i + 1] = dropped[i + 3] = true;
      const std::size_t end = end_of_annotation(i);
      if (end == i) continue;
      remember(i, end);
      for (std::size_t k = i; k < end; ++k) dropped[k] = true;
      i = end - 1;
    }
    for (std::size_t i = 0; i < tokens_.size(); ++i)
      if (dropped[i]) blank(text_, tokens_[i].begin, tokens_[i].end);
    return {tokens_.without(dropped), std::move(marks_)};
  }

 private:
  // `__bootdata(x)` of s390: x, in a section of its own.
  bool wraps_name(std::size_t i) const {
    return (tokens_.is(i, "__bootdata") || tokens_.is(i, "__bootdata_preserved")) && tokens_.is(i + 1, '(') &&
           tokens_.is_identifier(i + 2) && tokens_.is(i + 3, ')');
  }

  std::size_t end_of_annotation(std::size_t i) const {
    if (!tokens_.is_identifier(i)) return i;
    const std::string_view word = tokens_.text(i);
    const char c = word[0];
    if (!more_.empty() && more_.contains(word)) return i + 1;
    // Nothing else can be an annotation; saves the look-ups for most words.
    if (c != '_' && c != 'n' && c != 'a' && c != 'f' && c != 'r' && c != 'i') return i;
    // `x->__private` and `.__user` are fields.
    if (i > 0 && (tokens_.is(i - 1, '.') || (tokens_.is(i - 1, '>') && i > 1 && tokens_.is(i - 2, '-')))) return i;
    const bool called = tokens_.is(i + 1, '(') && tokens_.match(i + 1) != no_match;
    if (called && takes_arguments(word)) return tokens_.after(i + 1);
    // `(__force u64)` is plain, `__init (*f)(void)` too, but `__private(x, y)` is a macro call.
    if (is_plain(word) && !(called && is_macro_too(word))) return i + 1;
    return i;
  }

  static bool is_macro_too(std::string_view word) { return word == "__private" || word == "__mode"; }

  void remember(std::size_t i, std::size_t end) {
    const std::string_view word = tokens_.text(i);
    using Kind = Annotated::Mark::Kind;
    const auto mark = [&](Kind kind, std::string argument = {}) {
      marks_.push_back({kind, tokens_[i].begin, tokens_[end - 1].end, std::move(argument)});
    };
    if (word == "__weak")
      mark(Kind::weak);
    else if (word == "__init" || word == "__meminit" || word == "__init_memblock")
      mark(Kind::init);
    else if ((word == "__free" || word == "__cleanup") && tokens_.is_identifier(i + 2))
      mark(Kind::cleanup, (word == "__free" ? "__free_" : "") + std::string(tokens_.text(i + 2)));
    else if (word.starts_with("__attribute"))
      for (std::size_t k = i; k < end; ++k) {
        if (tokens_.is(k, "weak") || tokens_.is(k, "__weak__")) mark(Kind::weak);
        const bool is_cleanup = tokens_.is(k, "cleanup") || tokens_.is(k, "__cleanup__");
        if (is_cleanup && k + 2 < end && tokens_.is_identifier(k + 2))
          mark(Kind::cleanup, std::string(tokens_.text(k + 2)));
      }
  }

  std::string& text_;
  Tokens tokens_;
  const WordSet& more_;
  std::vector<Annotated::Mark> marks_;
};

}  // namespace

Annotated blank_annotations(std::string& text, const WordSet& more) {
  return Blanker(text, more).run();
}

bool only_annotations(const std::string& body) {
  if (body.size() > 200) return false;
  static const WordSet none;
  std::string text = body;
  const Annotated left = Blanker(text, none).run();
  for (std::size_t i = 0; i < left.tokens.size(); ++i)
    if (!left.tokens.is(i, "inline") && !left.tokens.is(i, "__inline")) return false;
  return true;
}

}  // namespace hotproof::c
