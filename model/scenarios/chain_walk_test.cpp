#include "model/scenarios/chain_walk.hpp"

#include <doctest/doctest.h>

namespace hotproof::scenarios {
namespace {

const std::string head = R"(
#define NOTIFY_STOP_MASK 0x8000
#define NULL ((void *)0)
struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long action, void *data);
	struct notifier_block *next;
	int priority;
};
struct notifier_block *chain;
struct notifier_block *last;
int registered;
void note(void *what);
)";

// The middle form of a text, and what it refers to.
struct Text {
  SourceTree tree;
  c::Program program;
  lower::Mir mir;
  explicit Text(const std::string& text)
      : tree(SourceTree::in_memory("toys", {{"chain.c", head + text}})), program(tree, {"chain.c"}, {}), mir(program) {
    mir.set_leaves({"note"});
  }
};

const std::string signature = "int walk(struct notifier_block **nl, unsigned long a, void *d, int most, int *calls)\n";

Outcome<Walk> walk_of(const std::string& body) {
  Text text(signature + body);
  return read_walk(text.mir, "walk", {"note"});
}

std::string why_not(const std::string& body) {
  const auto walk = walk_of(body);
  if (walk) return "";
  const std::string& message = walk.error().message;
  return message.substr(message.find(": ") == std::string::npos ? 0 : message.find(": ") + 2);
}

// Why these functions, with a walk before them, are not understood; they are followed as they stand.
std::string why_not_used(const std::string& functions, const std::vector<std::string>& followed) {
  Text text(signature + R"({
	struct notifier_block *nb = *nl;
	int answer = 0;

	while (nb && most-- != 0) {
		if (calls)
			*calls += 1;
		answer = nb->notifier_call(nb, a, d);
		if (answer & NOTIFY_STOP_MASK)
			break;
		nb = nb->next;
	}
	return answer;
}
)" + functions);
  lower::Report report;
  report.followed.resize(followed.size() + 1);
  for (std::size_t i = 0; i < followed.size(); ++i) report.followed[i].function = followed[i];
  report.followed.back().function = "walk";
  const auto unlike = unlike_a_walk(text.mir, report, {"note"});
  return unlike ? unlike->message.substr(0, unlike->message.find(", which")) : "";
}

}  // namespace

TEST_CASE("a walk is one however it is written") {
  const std::vector<std::string> walks = {
      "{ struct notifier_block *nb, *next; int ret = 0; nb = *nl; while (nb && most) { next = nb->next; "
      "note(nb->notifier_call);"
      "  ret = nb->notifier_call(nb, a, d); if (calls) (*calls)++; if (ret & NOTIFY_STOP_MASK) break; nb = next; "
      "most--; } return ret; }",
      "{ struct notifier_block *nb; int ret = 1; for (nb = *nl; nb != NULL && most != 0; nb = nb->next, most -= 1) {"
      "  ret = nb->notifier_call(nb, a, d); if (calls) *calls += 1; if ((ret & NOTIFY_STOP_MASK) != 0) return ret; } "
      "return ret; }",
      "{ struct notifier_block *nb = *nl; int ret = 0; if (!nb) return 0; if (!most) return 0; again: if (calls) "
      "++*calls;"
      "  ret = nb->notifier_call(nb, a, d); if (ret & 0x8000) goto out; nb = nb->next; most = most - 1; if (nb && "
      "most) goto again; out: return ret; }"};
  for (const std::string& body : walks) {
    CAPTURE(body);
    const auto walk = walk_of(body);
    if (!walk) FAIL(to_string(walk.error()));
    CHECK(walk->limit == 3U);
    CHECK(walk->count == 4U);
  }
  const auto plain = walk_of(
      "{ struct notifier_block *nb; int ret = 0; for (nb = *nl; nb; nb = nb->next) { ret = nb->notifier_call(nb, a, d);"
      "  if (ret & NOTIFY_STOP_MASK) break; } return ret; }");
  REQUIRE(plain);
  CHECK_FALSE(plain->limit);
  CHECK_FALSE(plain->count);
}

TEST_CASE("what treats one listener unlike the next is no walk") {
  const auto loop = [](const std::string& inside, const std::string& condition = "nb && most",
                       const std::string& end = "return ret;") {
    return "{ struct notifier_block *nb = *nl; int ret = 0, seen = 0; while (" + condition + ") { " + inside + " } " +
           end + " }";
  };
  const std::string call = "ret = nb->notifier_call(nb, a, d); ", stop = "if (ret & NOTIFY_STOP_MASK) break; ",
                    on = "nb = nb->next; most--;";
  CHECK(why_not(loop(call + stop + on)).empty());
  const std::string asks =
      "the walk over the chain asks for something else than the next listener, the stop mask and the limit";
  CHECK(why_not(loop(call + on)) ==
        "it goes on without having asked for the stop mask, the limit and the next listener");
  CHECK(why_not(loop(call + "if (ret == 0x8002) break; " + on)) == asks);
  CHECK(why_not(loop(call + "if (ret & 0x8002) break; " + on)) == asks);
  CHECK(why_not(loop(call + stop + "nb = nb->next; if (nb) nb = nb->next; most--;")) == asks);
  CHECK(why_not(loop(call + stop + "if (nb->priority < 0) break; " + on)) == asks);
  CHECK(why_not(loop(call + stop + "if (seen++ == 2) break; " + on)) == asks);
  CHECK(why_not(loop(call + stop + "if (seen == 0) seen = most; else most--; " + on)) == asks);
  CHECK(why_not(loop("ret = nb->notifier_call(nb, seen, d); seen = 1; " + stop + on)) ==
        "it does not go on behind each listener as behind the one before");
  CHECK(why_not(loop(call + stop + "nb = nb->next; most -= 2;")) == asks);
  CHECK(why_not(loop(call + stop + on, "nb && most > 0")) == asks);
  CHECK(why_not(loop(call + stop + on, "nb && most", "return 0;")) ==
        "it does not return the answer of the listener that was called last");
  CHECK(why_not(loop(call + stop + "break;")) == "it does not go on to the next listener");
  CHECK(why_not(loop(call + stop + "if (calls) *calls += 2; " + on)) == "it counts something else than its calls");
  CHECK(why_not(loop("if (calls) *calls = 1; " + call + stop + on)) == "it counts something else than its calls");
  CHECK(why_not(loop(call + stop + "registered = 1; " + on)) ==
        "the walk over the chain writes to something else than a count of calls");
  CHECK(why_not(loop("ret = nb->notifier_call(nb, a + seen++, d); " + stop + on)) ==
        "the walk over the chain does not tell each listener the same");
  CHECK(why_not(loop("ret = nb->notifier_call(*nl, a, d); " + stop + on)) ==
        "the walk over the chain does not call the next listener here");
  CHECK(why_not(loop(call + "nb->notifier_call(nb, a, d); " + stop + on)) ==
        "the walk over the chain does not call the next listener here");
  CHECK(why_not(loop("unknown(nb); " + call + stop + on)) == "the walk over the chain calls unknown()");
  CHECK(why_not(loop(call + stop + on, "most", "return ret;")) ==
        "the walk over the chain does not call the next listener here");
}

TEST_CASE("counts of calls may be limits, and nothing else") {
  const auto notify = [](const std::string& body) {
    return why_not_used("int notify(unsigned long a, void *d) { int n = 0, ret; " + body + " }", {"notify"});
  };
  const std::string up = "ret = walk(&chain, a, d, -1, &n); ";
  CHECK(notify(up + "return ret;").empty());
  CHECK(notify(up + "if (ret & NOTIFY_STOP_MASK) walk(&chain, a + 1, d, n - 1, NULL); return ret;").empty());
  CHECK(notify(up + "walk(&chain, a + 1, d, n, NULL); return ret;").empty());
  CHECK(notify("return walk(&chain, a, d, 0, NULL);").empty());
  const std::string limit = "a walk over the chain has a limit that is not the count of another, or one less";
  CHECK(notify(up + "walk(&chain, a + 1, d, n - 2, NULL); return ret;") == limit);
  CHECK(notify(up + "walk(&chain, a + 1, d, n + 1, NULL); return ret;") == limit);
  CHECK(notify("return walk(&chain, a, d, 2, NULL);") == "a walk over the chain is limited to a number of listeners");
  const std::string elsewhere = "the count of listeners that were called goes elsewhere";
  CHECK(notify(up + "if (n > 1) return 0; return ret;") == elsewhere);
  CHECK(notify(up + "return n;") == elsewhere);
  CHECK(notify(up + "registered = n; return ret;") == elsewhere);
  CHECK(notify(up + up + "return ret;").empty());
  CHECK(notify(up + up + "walk(&chain, a, d, n - 1, NULL); return ret;") == elsewhere);
  CHECK(notify("registered = *(&n); " + up + "return ret;") == elsewhere);
  CHECK(notify("note(&n); " + up + "return ret;") == elsewhere);
  CHECK(notify("n = 1; " + up + "walk(&chain, a, d, n, NULL); return ret;") == elsewhere);
  CHECK(notify("int m = 0; " + up + "walk(&chain, a, d, n - 1, &m); walk(&chain, a, d, m - 1, NULL); return ret;") ==
        "the calls of a walk with a limit are counted, and the count is used");
  CHECK(notify("do { ret = walk(&chain, a, d, -1, &n); } while (ret); walk(&chain, a, d, n - 1, NULL); return ret;") ==
        elsewhere);
}

TEST_CASE("nobody but the walk looks at the chain") {
  const auto use = [](const std::string& body) {
    return why_not_used("int use(struct notifier_block *nb, unsigned long a, void *d) { " + body + " }", {"use"});
  };
  CHECK(use("return chain ? walk(&chain, a, d, -1, NULL) : 0;").empty());
  CHECK(use("if (chain == NULL) return 0; return walk(&chain, a, d, -1, NULL);").empty());
  CHECK(use("return chain->next ? 1 : 0;") == "use() looks at a listener's place in the chain");
  CHECK(use("return nb->priority;") == "use() looks at a listener's place in the chain");
  CHECK(use("return chain == last;") == "use() tells listeners apart");
  CHECK(use("last = nb; return 0;") == "use() remembers a listener");
  CHECK(use("return (unsigned long)nb != 0;") == "use() makes a number of a listener's address");
}

TEST_CASE("registering changes the chain and nothing else, and only those who register do it") {
  const auto with = [](const std::string& body, const std::string& user) {
    return why_not_used("int reg(struct notifier_block *nb) { " + body +
                            " nb->next = chain; chain = nb; return 0; }\nvoid hp_registrar(int number) { reg(last); }\n"
                            "int use(unsigned long a, void *d) { " +
                            user + " }",
                        {"use", "reg"});
  };
  CHECK(with("", "return walk(&chain, a, d, -1, NULL);").empty());
  CHECK(with("registered++;", "return walk(&chain, a, d, -1, NULL);") ==
        "reg() (un)registers listeners and writes to something else than the chain");
  CHECK(with("", "return reg(last);") == "use() changes the chain of listeners");
  CHECK(why_not_used("int other(void) { return 0; }", {"other"}).empty());
}

TEST_CASE("without a walk nothing is understood") {
  Text text("int f(void) { return 0; }");
  lower::Report report;
  report.followed.resize(1);
  report.followed[0].function = "f";
  const auto unlike = unlike_a_walk(text.mir, report, {});
  REQUIRE(unlike);
  CHECK(unlike->message == "nothing walks over the chain of listeners");
}

}  // namespace hotproof::scenarios
