#!/usr/bin/python3
"""Reads every file of a folder, NUMBER.FORM, with a reader that shares nothing with hotproof: a JSON Schema validator,
an XML parser, a YAML parser, Graphviz. Exit status 1 and a line for each file that is wrong; 77 if a reader is not
installed and nothing else is wrong."""
import base64
import hashlib
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

here = pathlib.Path(__file__).resolve().parent
wrong, missing = [], set()

try:
    import jsonschema
except ImportError:
    jsonschema = None
    missing.add("python3-jsonschema")
try:
    import yaml
except ImportError:
    yaml = None
    missing.add("python3-yaml")


def need(condition, what):
    if not condition:
        raise ValueError(what)


def validator(path):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


if jsonschema:
    schemas = {"json": validator(here.parents[2] / "docs/result.schema.json"), "sarif": validator(here / "sarif.schema.json")}


def by_schema(kind, text):
    value = json.loads(text)
    if jsonschema:
        schemas[kind].validate(value)
    return value


def sarif(text):
    for run in by_schema("sarif", text)["runs"]:
        rules = run["tool"]["driver"]["rules"]
        states = ["baselineState" in result for result in run["results"]]
        need(all(states) or not any(states), "some results have a baseline, some have none")
        for result in run["results"]:
            need(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex and ruleId differ")
            for flow in result.get("codeFlows", []):
                orders = [[at["executionOrder"] for at in thread["locations"]] for thread in flow["threadFlows"]]
                need(all(order == sorted(order) for order in orders), "a thread runs backwards")
                together = sorted(sum(orders, []))
                need(together == list(range(1, len(together) + 1)), "steps are missing or there twice")
        for note in run["invocations"][0]["toolExecutionNotifications"]:
            rule = note.get("associatedRule")
            need(rule is None or rules[rule["index"]]["id"] == rule["id"], "a notification's rule")


def junit(text):
    root = xml.fromstring(text)
    need(root.tag == "testsuites", "root")
    for owner in [root, *root.iter("testsuite")]:
        cases = list(owner.iter("testcase"))
        count = lambda tag: sum(case.find(tag) is not None for case in cases)
        need(int(owner.get("tests")) == len(cases), "tests")
        need(int(owner.get("failures")) == count("failure"), "failures")
        need(int(owner.get("errors")) == count("error"), "errors")
        need(int(owner.get("skipped")) == count("skipped"), "skipped")
        for case in cases:
            need(case.get("name") is not None and case.get("classname"), "a test case without a name")
            need({child.tag for child in case} <= {"failure", "error", "skipped", "system-out"}, "a child of a test case")


def graphml(text):
    n = "{http://graphml.graphdrawing.org/xmlns}"
    root = xml.fromstring(text)
    keys = {key.get("id"): key.get("for") for key in root.iter(n + "key")}
    graphs = root.findall(n + "graph")
    need(len(graphs) == 1 and graphs[0].get("edgedefault") == "directed", "one directed graph")
    graph = graphs[0]

    def data(element):
        out = {}
        for entry in element.findall(n + "data"):
            key = entry.get("key")
            need(keys.get(key) == element.tag.removeprefix(n), f"key {key} at a {element.tag}")
            need(key not in out, f"{key} twice")
            out[key] = entry.text or ""
        return out

    of_graph = data(graph)
    for key in ["witness-type", "sourcecodelang", "producer", "specification", "programfile", "architecture", "creationtime"]:
        need(key in of_graph, f"no {key}")
    need(of_graph["witness-type"] == "violation_witness", "witness-type")
    need(of_graph["architecture"] in ("32bit", "64bit"), "architecture")
    nodes = {node.get("id"): data(node) for node in graph.findall(n + "node")}
    entries = [i for i, d in nodes.items() if d.get("entry") == "true"]
    violations = [i for i, d in nodes.items() if d.get("violation") == "true"]
    need(len(entries) == 1 and len(violations) == 1, "one entry and one violation node")
    follows, stacks, created = {}, {}, set()
    for edge in graph.findall(n + "edge"):
        source, target, d = edge.get("source"), edge.get("target"), data(edge)
        need(source in nodes and target in nodes and source not in follows, "a run is a chain")
        follows[source] = target
        thread = d["threadId"]
        if "createThread" in d:
            created.add(d["createThread"])
        need(thread in created, "a thread that nobody made moves")
        if "startline" in d:
            need(int(d["startline"]) >= 1, "startline")
        stack = stacks.setdefault(thread, [])
        if "enterFunction" in d:
            stack.append(d["enterFunction"])
        if "returnFromFunction" in d:
            need(stack and stack.pop() == d["returnFromFunction"], "returns from where it is not")
    at, seen = entries[0], 0
    while at in follows:
        at, seen = follows[at], seen + 1
    need(at == violations[0] and seen == len(nodes) - 1, "the run leads to the violation")


def witness_yaml(text):
    entries = yaml.safe_load(text) if yaml else None
    if entries is None:
        return
    need(isinstance(entries, list) and len(entries) == 1, "one entry")
    entry = entries[0]
    need(set(entry) == {"entry_type", "metadata", "content"} and entry["entry_type"] == "violation_sequence", "entry")
    meta = entry["metadata"]
    need(meta["format_version"] == "2.0", "format_version")
    need(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", meta["uuid"]), "uuid")
    need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", meta["creation_time"]), "creation_time")
    need({"name", "version"} <= set(meta["producer"]) <= {"name", "version", "configuration", "description", "command_line"}, "producer")
    task = meta["task"]
    need(set(task) == {"input_files", "input_file_hashes", "specification", "data_model", "language"}, "task")
    need(task["data_model"] in ("ILP32", "LP64") and task["language"] == "C", "task")
    need(set(task["input_file_hashes"]) <= set(task["input_files"]), "hashes of other files")
    need(len(entry["content"]) > 0, "no segment")
    for number, item in enumerate(entry["content"]):
        need(set(item) == {"segment"}, "segment")
        points = [point["waypoint"] for point in item["segment"]]
        need([point["action"] for point in points] == ["follow"], "one waypoint to follow")
        point = points[0]
        last = number + 1 == len(entry["content"])
        need(point["type"] in ("assumption", "function_enter", "target"), "type")
        need((point["type"] == "target") == last, "the target, and nothing else, is last")
        need(("constraint" in point) == (point["type"] == "assumption"), "constraint")
        if "constraint" in point:
            need(point["constraint"]["format"] == "c_expression" and isinstance(point["constraint"]["value"], str), "constraint")
        where = point["location"]
        need({"file_name", "line"} <= set(where) <= {"file_name", "line", "column", "function"}, "location")
        need(isinstance(where["line"], int) and where["line"] >= 1 and where["file_name"] in task["input_files"], "location")


def svg(text):
    n = "{http://www.w3.org/2000/svg}"
    root = xml.fromstring(text)
    need(root.tag == n + "svg" and root.get("viewBox"), "root")
    known = {"svg", "title", "style", "defs", "marker", "path", "rect", "line", "circle", "ellipse", "text"}
    for element in root.iter():
        need(element.tag.removeprefix(n) in known, element.tag)
        need(not any(name.startswith("on") or name.endswith("href") for name in element.attrib), "an attribute that acts")


class Page(html.parser.HTMLParser):
    """What a browser would see: elements, and the texts of those that act."""
    void = {"meta", "input", "br", "link", "img"}

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.acting, self.policy = [], [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append(tag)
        if tag not in self.void:
            self.open.append(tag)
        if tag == "style" or (tag == "script" and "type" not in values):
            self.acting.append([tag, ""])
        if values.get("http-equiv") == "Content-Security-Policy":
            need(self.policy is None and not self.acting, "one policy, before all")
            self.policy = values["content"]
        for name, value in values.items():
            need(not name.startswith("on") and name not in ("src", "style", "action", "formaction", "srcset"), f"attribute {name}")
            need(name != "href" or value.startswith("#"), f"leads elsewhere: {value}")

    def handle_endtag(self, tag):
        need(self.open and self.open.pop() == tag, f"</{tag}>")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.void:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] in ("style", "script") and self.acting:
            if self.acting[-1][0] == self.open[-1]:
                self.acting[-1][1] += data

    def handle_comment(self, data):
        need(False, "a comment")


def page(text):
    read = Page(text)
    need(not read.open, "not closed")
    need([tag for tag, _ in read.acting] == ["style", "script"], "one style and one script")
    for tag, source in read.acting:
        hashed = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        need(f"{tag}-src 'sha256-{hashed}'" in read.policy, f"the policy lets the {tag} in")
    need(read.policy.startswith("default-src 'none';") and "unsafe" not in read.policy, "policy")
    need(not {"iframe", "object", "embed", "img", "link", "base", "form"} & set(read.tags), "elements")


readers = {
    "json": lambda text: by_schema("json", text), "sarif": sarif, "junit": junit, "graphml": graphml,
    "witness-yaml": witness_yaml, "svg": svg, "life-svg": svg, "html": page,
}
drawings = []
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    kind = path.name.split(".", 1)[1]
    if kind in ("dot", "life-dot"):
        drawings.append(path)
    if kind not in readers:
        continue
    try:
        readers[kind](path.read_bytes().decode("utf-8"))
    except Exception as problem:  # whatever a reader has against it
        wrong.append(f"{path.name}: {type(problem).__name__}: {str(problem)[:400]}")
if drawings and shutil.which("dot"):
    # All of them in one call; -Tcanon parses and lays nothing out.
    drawn = subprocess.run(["dot", "-Tcanon", "-o", "/dev/null", *drawings], capture_output=True, text=True)
    if drawn.returncode != 0 or drawn.stderr:
        wrong.append("dot: " + drawn.stderr[:400])
elif drawings:
    missing.add("graphviz")
for line in wrong[:20]:
    print(line)
if missing:
    print("not installed:", ", ".join(sorted(missing)))
sys.exit(1 if wrong else 77 if missing else 0)
