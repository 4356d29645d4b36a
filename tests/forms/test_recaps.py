#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""forms/recaps.csv says what forms/README.md says it does, in TAP: its lines,
its expressions, and that every property it names is kept by a form."""
import csv
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

FORMS = os.path.join(tap.ROOT, "forms")
HEAD = ["recap", "kind", "name", "label::id", "label::en", "value"]
# What every record has beside its properties, and those of a submission.
FIXED = {"name", "label", "row", "from", "to", "about", "before", "now"}
EVENT = {"worker", "date", "title", "exported", "form"}
WORKER = {"name", "code", "role", "village", "from", "to", "about"}
WORDS = {"and", "or", "div", "mod", "root", "item"}
COMPUTED = {"filter", "let", "when", "by", "rows", "each", "measure",
            "column", "sort", "text", "pair", "sign"}


def lines():
    with open(os.path.join(FORMS, "recaps.csv"), newline="") as f:
        rows = list(csv.reader(f))
    assert rows[0] == HEAD, rows[0]
    return [dict(zip(HEAD, r)) for r in rows[1:]]


def a_letter_names_every_paper_that_can_be_enclosed():
    with open(os.path.join(FORMS, "rujukan.csv"), newline="") as f:
        papers = [r[2] for r in csv.reader(f)
                  if len(r) > 2 and r[0] == "" and r[1] == "berkas"]
    said = [r["value"] for r in lines() if r["recap"] == "surat_rujukan"
            and r["label::id"] == "Berkas terlampir"]
    assert len(papers) > 5 and len(said) == 1
    for paper in papers:
        assert "selected(berkas, '%s')" % paper in said[0], paper


def recaps():
    out = {}
    for line in lines():
        out.setdefault(line["recap"], []).append(line)
    return out


def sheets(path):
    out, sheet, head = {}, None, None
    with open(path, newline="") as f:
        for row in csv.reader(f):
            if row and row[0]:
                sheet, head = row[0], None
            elif head is None:
                head = row[1:]
            elif sheet:
                out.setdefault(sheet, []).append(dict(zip(head, row[1:])))
    return out


def kept():
    """Dataset -> properties; form -> names of its questions."""
    data, forms = {}, {}
    for path in glob.glob(os.path.join(FORMS, "*.csv")):
        book = sheets(path)
        lists = [e["list_name"] for e in book.get("entities", [])
                 if "list_name" in e]
        for row in book.get("survey", []):
            if "name" not in row:
                continue
            stem = os.path.basename(path)[:-4]
            forms.setdefault(stem, set()).add(row["name"])
            to = row.get("save_to", "")
            if to:
                name, prop = to.split("#") if "#" in to else (lists[0], to)
                data.setdefault(name, set()).add(prop)
    return data, forms


def expressions(rows):
    for line in rows:
        if line["kind"] in COMPUTED and line["value"]:
            yield line["value"]


def names(text):
    text = re.sub(r"'[^']*'", "", text)
    for word in re.findall(r"[A-Za-z_][\w-]*(?!\s*\(|[\w-])", text):
        if word not in WORDS:
            yield word


def the_lines_of_a_recap_stand_together():
    order = [line["recap"] for line in lines()]
    runs = [n for i, n in enumerate(order) if i == 0 or order[i - 1] != n]
    assert len(runs) == len(set(runs)), runs


def every_title_is_in_both_languages():
    for line in lines():
        if line["kind"] in ("title", "rows", "measure", "column", "pair",
                            "heading", "sign"):
            assert line["label::id"] and line["label::en"], line


def every_property_is_kept_by_a_form():
    data, forms = kept()
    everything = set().union(*data.values())
    wrong = []
    for name, rows in recaps().items():
        known = WORKER
        lets = {line["name"] for line in rows if line["kind"] == "let"}
        for line in rows:
            source = line["name"]
            if line["kind"] in ("source", "for"):
                if source.startswith("events"):
                    known = FIXED | EVENT | forms.get(source[7:], set())
                else:
                    assert source in data, source
                    known = FIXED | data[source]
            for text in expressions([line]):
                looks = "instance(" in text
                wrong += [f"{name}: {word}" for word in names(text)
                          if word not in known | lets and
                          not (looks and word in everything | EVENT |
                               {"parent", "level", "label"})]
    assert not wrong, wrong


def labels_come_from_lists_that_are_there():
    for line in lines():
        if line["kind"] == "rows" and line["name"]:
            path = os.path.join(FORMS, "media", line["name"] + ".csv")
            assert line["name"] == "petugas" or os.path.exists(path), line


def every_expression_is_one():
    data, _ = kept()
    lists = "".join(f'<instance id="{n}"><root><item/></root></instance>'
                    for n in data)
    doc = ('<h:html xmlns="http://www.w3.org/2002/xforms" '
           'xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>r'
           '</h:title><model><instance><data id="r"/></instance>' + lists +
           '</model></h:head></h:html>')
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "r.xml")
        with open(path, "w") as f:
            f.write(doc)
        ops = [{"op": "eval", "expr": e, "ref": "/"}
               for e in expressions(lines())]
        done = subprocess.run([tap.PILAR, "form", "xpath", "--form", path],
                              input="\n".join(map(json.dumps, ops)) + "\n",
                              capture_output=True, text=True)
    answers = [json.loads(x) for x in done.stdout.splitlines()][1:]
    assert len(answers) == len(ops), done.stderr
    wrong = [(o["expr"], a["error"]) for o, a in zip(ops, answers)
             if "error" in a]
    assert not wrong, wrong[:5]


sys.exit(tap.run([the_lines_of_a_recap_stand_together,
                  every_title_is_in_both_languages,
                  every_property_is_kept_by_a_form,
                  labels_come_from_lists_that_are_there,
                  a_letter_names_every_paper_that_can_be_enclosed,
                  every_expression_is_one]))
