#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Replays the reference engines' cases (TAP).

minimum.txt says how many cases of a file must hold; KNOWN.md names, by id and
with the reason, cases that may fail. A file passes when at least that many
hold and none fails that is not named, unless its minimum is marked `open`.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CASES = os.path.join(ROOT, "..", "shared", "conformance")


def minimums():
    """Rows: file, number, and `open` while other cases may fail."""
    with open(os.path.join(HERE, "minimum.txt"), encoding="utf-8") as f:
        for line in f:
            words = line.split("#")[0].split()
            if words:
                yield words[0], int(words[1]), "open" in words[2:]


def known():
    with open(os.path.join(HERE, "KNOWN.md"), encoding="utf-8") as f:
        return set(re.findall(r"\b(?:xp|sc|ld|xl)-[0-9a-f]{12}\b", f.read()))


def replay(pilar, path):
    """How many hold, how many there are, and the failures."""
    with tempfile.TemporaryDirectory() as d:
        failures = os.path.join(d, "failures.jsonl")
        totals = os.path.join(d, "totals.json")
        subprocess.run(
            [sys.executable, os.path.join(CASES, "run.py"), pilar, path,
             "-j", "2", "--show", "0", "--failures", failures,
             "--json", totals],
            stdout=subprocess.DEVNULL, check=False)
        with open(totals, encoding="utf-8") as f:
            cases, passed = json.load(f)["total"][:2]
        with open(failures, encoding="utf-8") as f:
            return passed, cases, [json.loads(line) for line in f]


def judge(passed, minimum, failures, is_open):
    """What is wrong, line by line; nothing when the file passes."""
    names = known()
    wrong = []
    if passed < minimum:
        wrong.append("%d hold, %d must" % (passed, minimum))
    for f in failures:
        if (passed < minimum or not is_open) and f["id"] not in names:
            wrong.append("%s %s: %s" % (f["id"], f["group"], f["what"][:150]))
    return wrong


def main():
    pilar = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
    rows = list(minimums())
    print("1..%d" % len(rows))
    for i, (name, minimum, is_open) in enumerate(rows, 1):
        path = os.path.join(CASES, name + ".dev.jsonl")
        if not os.path.exists(path):
            print("ok %d - %s cases # SKIP no ../shared" % (i, name))
            continue
        passed, cases, failures = replay(pilar, path)
        wrong = judge(passed, minimum, failures, is_open)
        print("%s %d - %s: %d of %d cases hold" %
              ("not ok" if wrong else "ok", i, name, passed, cases))
        for line in wrong[:40]:
            print("# " + line)


main()
