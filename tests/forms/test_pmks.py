#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The classification of the shipped forms, filled headless (TRY.md), in TAP.

Every line of pmks/*.jsonl, and of ../shared/domain/pmks_dev.jsonl when it is
there, is one case: form, today, files (beside the form), answers by question
name in order (a third element "invalid" wants a refusal that is stored),
expect (values by name; `~name` wants a part, `?name` asked or not: "1", "0").
In pmks/ `base` names the lines of pmks/base.json the answers go after, and
`orang`, `keluarga` the cells of its lists that are otherwise; an answer of
null takes the base's away.
"""
import csv
import glob
import io
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
import tap  # noqa: E402

FORMS = os.path.join(HERE, "..", "..", "forms")
SHARED = os.path.join(HERE, "..", "..", "..", "shared", "domain",
                      "pmks_dev.jsonl")
PILAR = os.environ.get("PILAR", os.path.join(HERE, "../../.build/pilar"))

points = tap.Points()
report = points.report
skip = points.skip


def paths_of(xform):
    """Question name -> its ref; the first instance where there are several."""
    tree = ET.parse(xform)
    xf = "{http://www.w3.org/2002/xforms}"
    repeats = [r.get("nodeset") for r in tree.iter(xf + "repeat")]
    out = {}
    for bind in tree.iter(xf + "bind"):
        at = bind.get("nodeset")
        for r in sorted(repeats, key=len, reverse=True):
            if at.startswith(r + "/"):
                at = r + "[1]" + at[len(r):]
        out.setdefault(at.rsplit("/", 1)[1], at)
    return out


def judge(ask, paths, case):
    """What is otherwise than the case wants."""
    for name, value, *how in case["answers"]:
        if name not in paths:
            yield f"no question {name}"
            continue
        got = ask({"op": "set", "ref": paths[name], "value": value})
        refused = not got.get("ok") and not got.get("stored")
        if how == ["invalid"]:
            wrong = got.get("ok") or refused
        else:
            # a base, and a sample case, also answer what is not asked
            wrong = not got.get("ok") and not (
                refused and (how == ["base"] or "base" not in case))
        if wrong:
            yield f"set {name} {value}: {got}"
    for key, want in case["expect"].items():
        name = key.lstrip("~?")
        got = ask({"op": "get", "ref": paths.get(name, "/data/" + name)})
        value = got.get("value", got.get("error"))
        if key[0] == "?":
            value = str(int(got.get("relevant", 0)))
        if value != want and not (key[0] == "~" and want in value):
            yield f"{name} is {value!r}, not {want!r}"


def run_case(folder, paths, case):
    for name, text in case["files"].items():
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
    run = subprocess.Popen(
        [PILAR, "form", "try", "--now",
         case["today"] + "T10:00:00.000+07:00",
         os.path.join(folder, case["form"] + ".xml")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, TZ="Asia/Jakarta"))

    def ask(op):
        run.stdin.write(json.dumps(op) + "\n")
        run.stdin.flush()
        return json.loads(run.stdout.readline() or "{}")

    hello = json.loads(run.stdout.readline() or "{}")
    faults = [f"load: {hello}"]
    if hello.get("ok"):
        faults = list(judge(ask, paths, case))
    run.stdin.close()
    run.wait()
    run.stdout.close()
    return faults


def table(row):
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerow(row.keys())
    w.writerow(row.values())
    return out.getvalue()


def complete(case, start):
    """A case of pmks/ as the others are."""
    base = start[case["base"]]
    answers = dict(base["answers"])
    for name, value, *_ in case["answers"]:
        answers.pop(name, None)
    case["answers"] = [(k, v, "base") for k, v in answers.items()] + [
        a for a in case["answers"] if a[1] is not None]
    case.setdefault("today", base["today"])
    case["form"] = base["form"]
    case["files"] = dict(base["files"])
    for name, row in base["lists"].items():
        case["files"][name + ".csv"] = table({**row, **case.get(name, {})})


def main():
    with tempfile.TemporaryDirectory() as folder:
        paths = {}

        def run_all(path, start=None):
            with open(path) as f:
                cases = [json.loads(x) for x in f if x.strip()]
            for case in cases:
                if start:
                    complete(case, start)
                form = case["form"]
                name = f"{case['id']}: {case.get('why', '')}"
                source = os.path.join(FORMS, form + ".csv")
                xform = os.path.join(folder, form + ".xml")
                if not os.path.exists(source):
                    skip(name, f"no form {form} yet")
                    continue
                if form not in paths:
                    made = subprocess.run(
                        [PILAR, "form", "convert", source, "-o", xform],
                        capture_output=True, text=True)
                    report(made.returncode == 0 and not made.stderr,
                           f"{form} converts without a warning", made.stderr)
                    if made.returncode:
                        return
                    paths[form] = paths_of(xform)
                faults = run_case(folder, paths[form], case)
                if faults and not case.get("strict", True):
                    skip(name, "the regulation leaves it open")
                else:
                    report(not faults, name, "\n".join(faults))

        if os.path.exists(SHARED):
            run_all(SHARED)
        else:
            skip("the sample cases", "no shared material beside the project")
        with open(os.path.join(HERE, "pmks", "base.json")) as f:
            start = json.load(f)
        for path in sorted(glob.glob(os.path.join(HERE, "pmks", "*.jsonl"))):
            run_all(path, start)
    return points.end()


if __name__ == "__main__":
    sys.exit(main())
