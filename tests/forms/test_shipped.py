#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What holds of every form in forms/, read as the spreadsheets they are.

kriteria.csv  each criterion of the 26 types, and the calculate that judges it
batas.csv    the ages a type is for, in whole years on the visit date
ditinggal.csv questions of the drafts that a form leaves out, and why
"""
import collections
import csv
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
import tap  # noqa: E402

FORMS = os.path.join(HERE, "..", "..", "forms")
DRAFTS = os.path.join(HERE, "..", "..", "..", "shared", "domain")
PILAR = os.environ.get("PILAR", os.path.join(HERE, "../../.build/pilar"))
ID, EN = "Bahasa Indonesia (id)", "English (en)"
TABLES = ("datasets", "demo", "prelist", "recaps")  # beside the forms, no forms
TYPES = [f"{n:02}" for n in range(1, 27)]

points = tap.Points()
skip = points.skip


def report(name, faults):
    faults = list(faults)
    points.report(not faults, name, "\n".join(map(str, faults)))


def sheets(path):
    """Sheet -> rows by column name."""
    out, head = {}, None
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.reader(f):
            if row and row[0]:
                rows = out.setdefault(row[0], [])
                head = None
            elif head is None:
                head = row
            else:
                rows.append(dict(zip(head, row)))
    return out


def table(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def shipped():
    for path in sorted(glob.glob(os.path.join(FORMS, "*.csv"))):
        name = os.path.splitext(os.path.basename(path))[0]
        if name not in TABLES:
            yield name, path


class Form:
    def __init__(self, path):
        self.sheets = sheets(path)
        self.survey = self.sheets["survey"]
        self.named = {}
        for row in self.survey:
            if not row["type"].startswith("end"):
                self.named.setdefault(row["name"], row)
        self.codes = collections.defaultdict(set)
        for row in self.sheets.get("choices", []):
            self.codes[row["list_name"]].add(row["name"])

    def calculation(self, name):
        row = self.named.get(name)
        return row and row["type"] == "calculate" and row["calculation"]

    def codes_of(self, name):
        """The codes a question offers; None when they are a file's."""
        kind, *rest = self.named[name]["type"].split()
        if not kind.startswith("select") or kind.endswith("from_file"):
            return None
        return self.codes[rest[0]]


def criteria(forms):
    rows = table(os.path.join(HERE, "kriteria.csv"))
    report("the table has 110 criteria of 26 types",
           [] if len(rows) == 110 and
           len({(r["type"], r["criterion"]) for r in rows}) == 110 and
           sorted({r["type"] for r in rows}) == TYPES
           else [f"{len(rows)} rows"])
    report("each of the 110 criteria is a calculate of its form",
           (f"{r['form']}: {r['node']}" for r in rows
            if not forms[r["form"]].calculation(r["node"])))
    judged = {(f, n) for f, form in forms.items() for n in form.named
              if re.fullmatch(r"k\d\d_\d[_\d]*", n)}
    report("and no form judges another",
           sorted(judged ^ {(r["form"], r["node"]) for r in rows}))
    path = os.path.join(DRAFTS, "pmks.csv")
    if not os.path.exists(path):
        skip("the table is that of the regulation", "no shared material")
        return rows
    law = {(r["kode"], r["kriteria_no"]) for r in table(path)}
    report("the table is that of the regulation",
           sorted(law ^ {(r["type"], r["criterion"]) for r in rows}))
    return rows


def classification(forms, rows):
    where = {r["type"]: r["form"] for r in rows}
    of_type = collections.defaultdict(list)
    for r in rows:
        of_type[r["type"]].append(r["criterion"])
    for what in ("saran", "alasan", "kurang"):
        report(f"each type has its {what}_NN",
               (t for t in TYPES
                if not forms[where[t]].calculation(f"{what}_{t}")))
    report("each suggestion is decided: confirmed, rejected, to be verified",
           (t for t in TYPES
            if forms[where[t]].codes_of(f"tetap_{t}") !=
            {"ya", "tidak", "ragu"}))
    report("differing from a suggestion wants a reason",
           (t for t in TYPES
            if not forms[where[t]].named.get(f"beda_{t}", {}).get("required")))
    for lang in (ID, EN):
        report(f"help of a decision has the text of its criteria, {lang}",
               (f"{t}/{c}" for t in TYPES for c in of_type[t]
                if f"{t}/{c} " not in forms[where[t]].named[f"tetap_{t}"].get(
                    f"guidance_hint::{lang}", "")))
    report("the version of the rules is kept with the result",
           (f for f in sorted(set(where.values()))
            if not any(r.get("save_to", "").endswith("aturan")
                       for r in forms[f].survey)))
    versions = {forms[f].calculation(n).strip("'")
                for f in set(where.values())
                for n in ("versi", "aturan") if forms[f].calculation(n)}
    report("all forms that classify are of one version of the rules",
           [] if len(versions) == 1 else sorted(versions))


def truth_tables():
    """Each type: met, not met, and unanswered, in the tables of this folder."""
    seen = {t: set() for t in TYPES}

    def note(values):
        for key, value in values.items():
            kind, _, t = key.lstrip("~=?").partition("_")
            if t in seen and kind == "saran" and value in ("0", "1"):
                seen[t].add("met" if value == "1" else "not met")
            if t in seen and kind == "kurang" and value:
                seen[t].add("unanswered")

    for path in glob.glob(os.path.join(HERE, "pmks", "*.jsonl")):
        with open(path, encoding="utf-8") as f:
            for line in f:
                note(json.loads(line)["expect"])
    for path in glob.glob(os.path.join(HERE, "pmks_*.csv")):
        for row in table(path):
            note({k: v for k, v in row.items() if v})
    want = {"met", "not met", "unanswered"}
    report("each type has cases that are met, not met and unanswered",
           (f"{t}: {sorted(want - seen[t])}" for t in TYPES
            if not want <= seen[t]))


def age_bands():
    """On each end of each band and a year beyond, born on a leap day."""
    with open(os.path.join(HERE, "pmks", "kabisat.jsonl"),
              encoding="utf-8") as f:
        cases = [json.loads(line) for line in f]
    judged = {(key[-2:], int(c["expect"]["umur"])): value for c in cases
              for key, value in c["expect"].items()
              if key.startswith("saran_") and "-02-29" in
              c["orang"]["tgl_lahir"]}
    for row in table(os.path.join(HERE, "batas.csv")):
        for end, step in ((row["from"], -1), (row["to"], 1)):
            for age, want in ((int(end), "1"), (int(end) + step, "0")) \
                    if end else ():
                if judged.get((row["type"], age)) != want:
                    yield f"{row['type']} at {age}: no case says {want}"


def texts(name, form):
    """Where a text speaks one language, it must speak the other."""
    for sheet in ("survey", "choices", "settings"):
        for n, row in enumerate(form.sheets.get(sheet, []), 1):
            for column, text in row.items():
                base, _, lang = column.partition("::")
                if lang == ID and bool(text) != bool(
                        row.get(f"{base}::{EN}", "")):
                    yield f"{name}, {sheet} {n}, {row.get('name')}: {base}"
            if sheet == "survey" and not row.get(f"label::{ID}"):
                kind = row["type"].split()[0]
                if kind.startswith(("select", "text", "integer", "decimal",
                                    "date", "note", "geo")):
                    yield f"{name}: {row['name']} has no label"


def drafts(forms):
    survey = os.path.join(DRAFTS, "forms_survey.csv")
    left = {(r["form"], r["name"])
            for r in table(os.path.join(HERE, "ditinggal.csv"))}
    if not os.path.exists(survey):
        skip("questions of the drafts stay", "no shared material")
        return
    codes = collections.defaultdict(list)
    for r in table(os.path.join(DRAFTS, "forms_choices.csv")):
        codes[r["list_name"]].append(r["name"])
    rows = [r for r in table(survey) if r["form"] in forms and
            not r["type"].startswith("end") and
            not {(r["form"], r["name"]), ("*", r["name"])} & left]
    report("questions of the drafts keep their names",
           (f"{r['form']}: {r['name']}" for r in rows
            if r["name"] not in forms[r["form"]].named))
    lost = []
    for r in rows:
        kind, *rest = r["type"].split()
        form = forms[r["form"]]
        if kind.startswith("select") and not kind.endswith("from_file") and \
                r["name"] in form.named and codes[rest[0]]:
            have = form.codes_of(r["name"]) or set()
            lost += [f"{r['form']}: {r['name']} {c}"
                     for c in codes[rest[0]] if c not in have]
    report("choices of the drafts keep their codes", lost)


def shared(forms):
    """A sheet cannot include another: what checks a NIK is the same."""
    first = forms["pendaftaran_keluarga"]
    for name, form in forms.items():
        for rule in ("nik_periksa", "nik_wilayah"):
            if form.named.get("nik", {}).get("constraint") and \
                    form.calculation(rule) != first.calculation(rule):
                yield f"{name}: {rule}"


def properties(forms):
    """What datasets.csv shows of an entity some form saves."""
    saved = collections.defaultdict(set)
    for form in forms.values():
        lists = [r["list_name"] for r in form.sheets.get("entities", [])]
        for row in form.survey:
            name = row.get("save_to", "")
            if "#" in name:
                dataset, _, name = name.partition("#")
                saved[dataset].add(name)
            elif name:
                saved[lists[0]].add(name)
    known = {"name", "label", "__version", "instance", "root", "item", "current", "div",
             "mod", "and", "or"}
    rows = list(table(os.path.join(FORMS, "datasets.csv")))
    yield from conflicts(forms, rows, saved)
    for row in rows:
        bare = re.sub(r"'[^']*'", "", row["value"])
        shown = set()
        if row["kind"] == "filter":  # conditions as in a search
            bare = re.sub(r"[=<>][^ ]*", "", bare)
            shown = {r["name"] for r in rows if (r["dataset"], r["kind"]) ==
                     (row["dataset"], "column")}
        if row["kind"] in ("action", "conflict", "typed") or \
                "instance(" in bare or \
                "events(" in bare or row["dataset"] not in saved:
            continue
        for word in re.findall(r"[A-Za-z_][\w-]*(?![\w-]*\()", bare):
            if word not in known | shown | saved[row["dataset"]]:
                yield f"{row['dataset']}, {row['kind']} {row['name']}: {word}"


def conflicts(forms, rows, saved):
    """The form that decides lists and asks what datasets.csv says it does."""
    decide = {r["dataset"]: forms[r["name"].split()[0]] for r in rows
              if (r["kind"], r["value"]) == ("action", "conflict")}
    for row in rows:
        if row["kind"] != "conflict":
            continue
        form, where = decide[row["dataset"]], f"{row['dataset']} {row['name']}"
        asked, choice = row["value"].split()
        kinds = {r["name"]: r["type"] for r in form.survey}
        listed = {c["name"] for c in form.sheets["choices"]
                  if kinds.get(asked) == "select_multiple " + c["list_name"]}
        if choice not in listed:
            yield f"{where}: {asked} has no choice {choice}"
        if row["name"] and choice not in kinds:
            yield f"{where}: no question {choice}"
        if row["name"] and row["name"] not in saved[row["dataset"]]:
            yield f"{where}: no form saves it"


def said(*words):
    """What the program complains of."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stderr.splitlines() or (
        [f"status {done.returncode}"] if done.returncode else [])


def declared(form, text):
    """2025.1 from the first entity that is not alone at the root."""
    entities = form.sheets.get("entities", [])
    repeats, depth = False, 0
    for row in form.survey:
        depth += row["type"].startswith("begin_repeat")
        depth -= row["type"].startswith("end_repeat")
        repeats |= depth > 0 and bool(row.get("save_to"))
    want = "2025.1.0" if repeats or len(entities) > 1 else "2024.1.0"
    found = re.findall(r'entities-version="([^"]*)"', text)
    if found != ([want] if entities else []):
        yield f"entities-version {found}, not {want}"
    for row in entities:
        if f'dataset="{row["list_name"]}"' not in text:
            yield f"{row['list_name']} is not declared"


def conversions(forms):
    with tempfile.TemporaryDirectory() as folder:
        for name, path in shipped():
            out = os.path.join(folder, name + ".xml")
            report(f"{name} converts without a warning",
                   said(PILAR, "form", "convert", path, "-o", out))
            with open(out, encoding="utf-8") as f:
                text = f.read()
            for file in re.findall(r"jr://file-csv/([\w.-]+)", text):
                with open(os.path.join(folder, file), "w",
                          encoding="utf-8") as f:
                    f.write("name,label,level,parent\n")
            report(f"{name} checks", said(PILAR, "form", "check", out))
            report(f"{name} is well-formed",
                   said("xmllint", "--noout", "--nonet", out))
            report(f"{name} declares its entities",
                   declared(forms[name], text))


# What was searched for before a registration -> the questions it stands in.
TYPED = (
    ("Siti Aminah", {"nama_kk": "Siti Aminah"}),
    ("siti  aminah", {"nama_kk": "siti aminah"}),
    ("M. Sa'id", {"nama_kk": "M. Sa'id"}),
    ("1871 0312 0521 0003", {"no_kk": "1871031205210003"}),
    ("18.71.03.120521.0003", {"no_kk": "1871031205210003"}),
    ("1871035205850003", {"nik": "1871035205850003"}),   # a woman's day
    ("1871031205850003", {"nik": "1871031205850003"}),   # born 1985
    ("187103120521", {}), ("desil=1..2", {}), ("siti*", {}), ("~siti", {}),
    ("Siti 1871", {}), ("x|y", {}), ("a<b", {}),
)


def typed(forms):
    rows = [r for r in table(os.path.join(FORMS, "datasets.csv"))
            if r["kind"] == "typed"]
    new = collections.defaultdict(list)
    for r in table(os.path.join(FORMS, "datasets.csv")):
        if r["kind"] == "action" and r["value"] == "new":
            new[r["dataset"]].append(r["name"].split()[0])
    for r in rows:
        if not any(r["name"] in forms[f].named for f in new[r["dataset"]]):
            yield f"{r['dataset']}: no form that registers asks {r['name']}"
    houses = [r for r in rows if r["dataset"] == "keluarga"]
    for text, expected in TYPED:
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as f:
            f.write("<r><typed>%s</typed><typed_name>%s</typed_name></r>" %
                    ((text.replace("<", "&lt;"),) * 2))
            f.flush()
            ops = "".join(json.dumps({"op": "eval", "ref": "/*[1]",
                                      "expr": r["value"]}) + "\n"
                          for r in houses)
            said = subprocess.run(
                [PILAR, "form", "xpath", "--now", "2026-11-21T10:00:00", f.name],
                input=ops, capture_output=True, text=True, check=False)
        answers = [json.loads(x) for x in said.stdout.splitlines()[1:]]
        got = {r["name"]: a.get("string", a) for r, a in zip(houses, answers)
               if a.get("string", "?")}
        if got != expected:
            yield f"{text}: {got}, not {expected}"


def main():
    forms = {name: Form(path) for name, path in shipped()}
    rows = criteria(forms)
    classification(forms, rows)
    truth_tables()
    report("each age band has cases on both sides of its ends", age_bands())
    for name, form in forms.items():
        report(f"{name}: every text in both languages", texts(name, form))
    drafts(forms)
    report("the rules of the NIK are the same in every form",
           shared(forms))
    report("what the lists show is saved by a form", properties(forms))
    report("what was searched for goes to the question that asks for it",
           typed(forms))
    conversions(forms)
    return points.end()


if __name__ == "__main__":
    sys.exit(main())
