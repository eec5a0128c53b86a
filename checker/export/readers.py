#!/usr/bin/env python3
"""Reads a state graph as others would: prints its states, its edges, and how many states an initial one leads to.

readers.py (dot|graphml|aut) FILE
"""
import re
import subprocess
import sys
import xml.etree.ElementTree as ET


def from_dot(path):
    # Graphviz itself reads it, without drawing it.
    tell = 'N { printf("n %s %s\\n", $.name, aget($, "shape")); } E { printf("e %s %s\\n", $.tail.name, $.head.name); }'
    lines = subprocess.run(["gvpr", tell, path], check=True, capture_output=True, text=True).stdout.splitlines()
    nodes = {line.split()[1]: line.split()[2] for line in lines if line.startswith("n ")}
    edges = [(line.split()[1], line.split()[2]) for line in lines if line.startswith("e ")]
    return len(nodes), edges, [name for name, shape in nodes.items() if shape == "doublecircle"]


def from_graphml(path):
    name = "{http://graphml.graphdrawing.org/xmlns}"
    root = ET.parse(path).getroot()
    keys = {k.get("id"): k.get("attr.name") for k in root.iter(name + "key")}
    nodes = list(root.iter(name + "node"))
    number = {n.get("id"): i for i, n in enumerate(nodes)}
    edges = [(number[e.get("source")], number[e.get("target")]) for e in root.iter(name + "edge")]
    first = [number[n.get("id")] for n in nodes
             if any(keys[d.get("key")] == "initial" and d.text == "1" for d in n.iter(name + "data"))]
    return len(nodes), edges, first


def from_aut(path):
    lines = open(path, encoding="ascii").read().splitlines()
    first, transitions, states = map(int, re.fullmatch(r"des \((\d+), (\d+), (\d+)\)", lines[0]).groups())
    edges = []
    for line in lines[1:]:
        source, target = re.fullmatch(r'\((\d+), "[^"]*", (\d+)\)', line).groups()
        edges.append((int(source), int(target)))
    assert len(edges) == transitions
    assert all(0 <= v < states for e in edges for v in e)
    return states, edges, [first]


def main():
    states, edges, first = {"dot": from_dot, "graphml": from_graphml, "aut": from_aut}[sys.argv[1]](sys.argv[2])
    after = {}
    for source, target in edges:
        after.setdefault(source, []).append(target)
    seen, open_ = set(first), list(first)
    while open_:
        for target in after.get(open_.pop(), []):
            if target not in seen:
                seen.add(target)
                open_.append(target)
    print(states, len(edges), len(seen))


main()
