#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The peers' XLSForm cases against `pilar form convert`, in TAP.

xlsform.gaps lists the cases that do not pass yet, one a line: id, reason. A
case that fails and is not listed fails the test; so does one that is listed
and passes: take it off the list.
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.path.join(HERE, "..", "..", "..", "shared", "conformance")
CASES = os.path.join(SHARED, "xlsform.dev.jsonl")
PILAR = os.environ.get("PILAR", os.path.join(HERE, "../../.build/pilar"))


def gaps():
    with open(os.path.join(HERE, "xlsform.gaps"), encoding="utf-8") as lines:
        return dict(line.strip().split(None, 1) for line in lines
                    if line.strip() and line[0] != "#")


def failures():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "failures.jsonl")
        subprocess.run([sys.executable, os.path.join(SHARED, "run.py"), PILAR,
                        CASES, "-j", "2", "--show", "0", "--failures", out],
                       stdout=subprocess.DEVNULL, check=False)
        with open(out, encoding="utf-8") as lines:
            return {f["id"]: f["what"] for f in map(json.loads, lines)}


def main():
    print("1..2")
    if not os.path.exists(CASES):
        print("ok 1 - every case passes or is a known gap # SKIP no ../shared")
        print("ok 2 - no gap is closed # SKIP no ../shared")
        return 0
    known, failed = gaps(), failures()
    new = sorted(set(failed) - set(known))
    closed = sorted(set(known) - set(failed))
    print("not ok" if new else "ok", "1 - every case passes or is a known gap")
    for case in new:
        print("#", case, failed[case][:300].replace("\n", " "))
    print("not ok" if closed else "ok", "2 - no gap is closed")
    for case in closed:
        print("#", case, "passes: take it off xlsform.gaps")
    return 1 if new or closed else 0


sys.exit(main())
