#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""PSKS, referrals, follow-up and the diary, filled headless (TRY.md), in TAP.

layanan/*.jsonl are cases as those of test_pmks.py, after layanan/base.json;
a third element "refused" of an answer wants it not taken. And of the whole
submission: `xml` (path: text), `only` (every path there may be below /data).
$FORM_TRY, when set, is the command asked instead of `pilar form try`.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

import test_forms
import test_pmks

HERE = os.path.dirname(os.path.abspath(__file__))
FORMS = os.path.join(HERE, "..", "..", "forms")
NAMES = ("psks", "rujukan", "pantau", "kegiatan")
report = test_forms.report = test_pmks.report


class Engine:
    """One filling, by this program or by another that speaks TRY.md."""

    def __init__(self, folder, form, today):
        argv = (os.environ.get("FORM_TRY") or
                test_pmks.PILAR + " form try").split()
        argv += ["--now", today + "T10:00:00.000+07:00",
                 "--prop", "username=dewi",
                 os.path.join(folder, form + ".xml")]
        self.run = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, TZ="Asia/Jakarta"))
        self.hello = json.loads(self.run.stdout.readline() or "{}")

    def ask(self, op):
        self.run.stdin.write(json.dumps(op) + "\n")
        self.run.stdin.flush()
        return json.loads(self.run.stdout.readline() or "{}")

    def close(self):
        self.run.stdin.close()
        self.run.wait()
        self.run.stdout.close()


def refusals(ask, paths, case):
    """What must not be taken; the other answers are judged elsewhere."""
    for name, value, *how in case["answers"]:
        if how != ["refused"]:
            continue
        case["answers"].remove([name, value, *how])
        yield name, value


def judge(ask, paths, case):
    refused = list(refusals(ask, paths, case))
    wanted, case["expect"] = case["expect"], {}
    yield from test_pmks.judge(ask, paths, case)
    for name, value in refused:
        ask({"op": "set", "ref": paths[name], "value": value})
        if ask({"op": "get", "ref": paths[name]}).get("value") == value:
            yield f"{name} {value} was taken"
    case["answers"], case["expect"] = [], wanted
    yield from test_pmks.judge(ask, paths, case)
    if "xml" in case or "only" in case:
        got = ask({"op": "submit"})
        yield from test_forms.check_submission(
            case, got.get("xml", "<data/>"))


def run_case(folder, paths, case):
    for name, text in case["files"].items():
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
    engine = Engine(folder, case["form"], case["today"])
    faults = [f"load: {engine.hello}"]
    if engine.hello.get("ok"):
        faults = list(judge(engine.ask, paths, case))
    engine.close()
    return faults


def lists_of(start):
    """Lists that a form opens and a case does not speak of are there."""
    for base in start.values():
        for name in ("orang", "keluarga", "psks", "rujukan"):
            if name not in base["lists"]:
                base["lists"][name] = {"name": "", "label": ""}


def main():
    with open(os.path.join(HERE, "layanan", "base.json")) as f:
        start = json.load(f)
    lists_of(start)
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for form in NAMES:
            xform = os.path.join(folder, form + ".xml")
            made = subprocess.run(
                [test_pmks.PILAR, "form", "convert",
                 os.path.join(FORMS, form + ".csv"), "-o", xform],
                capture_output=True, text=True)
            report(made.returncode == 0 and not made.stderr,
                   f"{form} converts without a warning", made.stderr)
            paths[form] = test_pmks.paths_of(xform)
            test_forms.sheets(form)
        for path in sorted(glob.glob(os.path.join(HERE, "layanan",
                                                  "*.jsonl"))):
            with open(path) as f:
                cases = [json.loads(x) for x in f if x.strip()]
            for case in cases:
                test_pmks.complete(case, start)
                form = case["form"]
                faults = run_case(folder, paths[form], case)
                report(not faults, f"{form} {case['id']}: {case['why']}",
                       "\n".join(faults))
    return test_pmks.points.end()


if __name__ == "__main__":
    sys.exit(main())
