#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The shipped forms, filled headless (TRY.md), in TAP.

NAME.jsonl  a script: the first line names form, title, clock and properties,
            each other is one operation with what it must answer: `expect` (the
            keys given), `xml` (path of the submission: text, null for absent),
            `only` (every path there may be), `without` (texts not in it).
NAME.csv    a table: each line is one filling. Columns: row (what it shows),
            list.column (a cell of that list), question (its answer),
            =question (its value), ~question (part of it), ?question (1 when
            it is asked).

$FORM_TRY, when set, is the command asked instead of `pilar form try`: any
other engine that speaks TRY.md. $FORM_DIR then holds the converted forms.
"""
import csv
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
import tap  # noqa: E402

FORMS = os.path.join(HERE, "..", "..", "forms")
PILAR = os.environ.get("PILAR", os.path.join(HERE, "../../.build/pilar"))
NOW = "2026-11-16T10:00:00.000+07:00"
HOUSE = "1af0324e-1247-4675-a090-a86a46689d5c"
LISTS = {
    "petugas": [{"name": "dewi", "label": "Dewi (PSM, contoh)"}],
    "gk": [{"name": "18.71", "label": "Kota Bandar Lampung",
            "rp": "600000", "layak_rp": "1500000"}],
    "keluarga": [{
        "name": HOUSE, "label": "Sarman", "__version": "1",
        "nama_kk": "Sarman", "desa": "18.71.06.1001",
        "desa_nama": "Durian Payung", "alamat": "Jl. Kamboja 12",
        "n_anggota": "4", "n_bekerja": "1", "n_usaha": "0",
        "pendapatan": "500000", "pendapatan_lain": "0", "miskin": "1",
        "program": "pkh", "pmks_24": "", "pmks_25": "",
        "kunjungan_tgl": "", "kunjung_lagi": "2026-11-10", "saran_25": ""}],
    "komunitas": [{
        "name": "9e468f3b-3a9d-4400-abf7-8ef2b45d9ab4", "label": "Kasepuhan",
        "__version": "1", "nama": "Kasepuhan", "desa_nama": "Durian Payung",
        "kat_kk": "42", "kat_jiwa": "160", "layanan": "sekolah", "butuh": "",
        "pmks_26": "ragu", "kunjungan_tgl": "2026-08-01"}],
    "orang": [{
        "name": "6e468f3b-3a9d-4400-abf7-8ef2b45d9ab4", "label": "Dede",
        "nama": "Dede", "keluarga": HOUSE, "tgl_lahir": "",
        "umur_perkiraan": "", "umur_tgl": "", "keberadaan": "1"}],
}
# What a table's filling starts from.
KUNJUNGAN = [("keluarga_id", HOUSE), ("tujuan", "berkala")]
DAFTAR = [("kec", "18.71.06"), ("desa", "18.71.06.1001"),
          ("setuju", "ya_tulis"), ("perlu_wali", "tidak"),
          ("nama", "Sarman")]
TABLES = {
    "pmks_24": ("kunjungan", KUNJUNGAN),
    "pmks_25": ("kunjungan", KUNJUNGAN),
    "anak": ("kunjungan", KUNJUNGAN),
    "umur": ("pendaftaran_keluarga", DAFTAR),
    "miskin": ("pendaftaran_keluarga", DAFTAR),
    "rumah_layak": ("pendaftaran_keluarga", DAFTAR),
    "nik": ("pendaftaran_keluarga", DAFTAR),
    "kk": ("pendaftaran_keluarga", DAFTAR),
}

points = tap.Points()
report = points.report
skip = points.skip


class Session:
    """One filling of one form by the engine asked."""

    def __init__(self, folder, form, now=NOW, props=None):
        path = os.path.join(folder, form + ".xml")
        engine = os.environ.get("FORM_TRY")
        argv = engine.split() if engine else [PILAR, "form", "try"]
        argv += ["--now", now]
        for k, v in (props or {"username": "dewi"}).items():
            argv += ["--prop", f"{k}={v}"]
        self.run = subprocess.Popen(argv + [path], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True,
                                    env=dict(os.environ, TZ="Asia/Jakarta"))
        self.hello = json.loads(self.run.stdout.readline() or "{}")
        self.paths = {}
        for bind in ET.parse(path).iter("{http://www.w3.org/2002/xforms}bind"):
            at = bind.get("nodeset").replace("/data/anggota/",
                                             "/data/anggota[1]/")
            self.paths.setdefault(at.rsplit("/", 1)[1], at)

    def ask(self, op):
        self.run.stdin.write(json.dumps(op) + "\n")
        self.run.stdin.flush()
        return json.loads(self.run.stdout.readline() or "{}")

    def get(self, name):
        return self.ask({"op": "get", "ref": self.paths[name]})

    def set(self, name, value):
        return self.ask({"op": "set", "ref": self.paths[name],
                         "value": value})

    def close(self):
        self.run.stdin.close()
        self.run.wait()
        self.run.stdout.close()


def write_lists(folder, cells):
    """The lists beside the form, with the cells a test wants otherwise."""
    for name, rows in LISTS.items():
        rows = [dict(r, **cells.get(name, {})) for r in rows]
        with open(os.path.join(folder, name + ".csv"), "w",
                  newline="") as f:
            w = csv.DictWriter(f, rows[0].keys())
            w.writeheader()
            w.writerows(rows)


def local(tag):
    return tag.rsplit("}", 1)[-1]


def flatten(xml):
    """Path -> text of every element and attribute of a submission."""
    out = {}

    def walk(node, path):
        out[path] = node.text.strip() if node.text else ""
        for k, v in node.attrib.items():
            out[f"{path}/@{local(k)}"] = v
        seen = {}
        for child in node:
            tag = local(child.tag)
            seen[tag] = seen.get(tag, 0) + 1
            many = tag == "anggota"
            walk(child, f"{path}/{tag}" + (f"[{seen[tag]}]" if many else ""))

    walk(ET.fromstring(xml), "/data")
    return out


def check_submission(line, xml):
    faults = []
    have = flatten(xml)
    for path, text in line.get("xml", {}).items():
        if have.get(path) != text:
            faults.append(f"{path}: {have.get(path)!r}, not {text!r}")
    if "only" in line:
        allowed = {"/data"} | {"/data/" + p for p in line["only"]}
        for path in have:
            if "/@" not in path and path not in allowed:
                faults.append(f"{path}: must not be there")
    faults += [f"{t}: must not be there"
               for t in line.get("without", []) if t in xml]
    return faults


def script(folder, path):
    with open(path) as f:
        lines = [json.loads(x) for x in f]
    head = lines.pop(0)
    write_lists(folder, {"keluarga": head.get("keluarga", {})})
    s = Session(folder, head["form"], head.get("now", NOW),
                head.get("props"))
    faults = [] if s.hello.get("ok") else [f"load: {s.hello}"]
    for n, line in enumerate(lines, 2):
        if faults:
            break
        got = s.ask({k: v for k, v in line.items()
                     if k not in ("expect", "xml", "only", "without")})
        bad = [f"{k}: {got.get(k)!r}, not {v!r}"
               for k, v in line.get("expect", {}).items() if got.get(k) != v]
        if line["op"] == "submit":
            bad += check_submission(line, got.get("xml", "<data/>"))
        faults += [f"line {n} {line.get('ref', line['op'])} {b}" for b in bad]
    s.close()
    report(not faults, f"{head['form']}: {head['title']}", "\n".join(faults))


def filling(folder, form, start, row):
    cells = {}
    for key, value in row.items():
        if "." in key:
            name, column = key.split(".")
            cells.setdefault(name, {})[column] = value
    write_lists(folder, cells)
    s = Session(folder, form)
    answers = start + [(k, v) for k, v in row.items()
                       if v and k != "row" and k[0] not in "=~?"
                       and "." not in k]
    for name, value in answers:
        got = s.set(name, value)
        if not got.get("ok"):
            yield f"set {name} {value}: {got}"
    for key, want in row.items():
        kind, name = key[0], key[1:]
        if kind not in "=~?":
            continue
        got = s.get(name)
        value = got.get("value", "")
        if kind == "=" and value != want:
            yield f"{name} is {value!r}, not {want!r}"
        if kind == "~" and (want not in value or bool(want) != bool(value)):
            yield f"{name} is {value!r}, without {want!r}"
        if kind == "?" and str(int(got.get("relevant", 0))) != want:
            yield f"{name} asked: {got.get('relevant')}, not {want}"
    s.close()


def table(folder, name):
    form, start = TABLES[name]
    with open(os.path.join(HERE, name + ".csv"), newline="") as f:
        for row in csv.DictReader(f):
            faults = list(filling(folder, form, start, row))
            report(not faults, f"{name}: {row['row']}", "\n".join(faults))


# What forms to come look up in the entity lists.
KEPT = {
    "keluarga": {"nama_kk", "no_kk", "desa", "alamat", "setuju", "program",
                 "desil", "n_anggota", "n_bekerja", "n_usaha", "pendapatan",
                 "pendapatan_lain", "miskin", "rumah_layak", "kunjung_lagi"},
    "orang": {"nama", "nik", "nik_status", "jk", "tgl_lahir",
              "umur_perkiraan", "umur_tgl", "hub_kk", "kawin", "dok_id",
              "keberadaan", "sekolah", "ijazah_tkt", "kronis", "keluarga"},
}


def sheet_rows(form):
    """(sheet, row as a dict) of an XLSForm in CSV."""
    sheet = head = None
    with open(os.path.join(FORMS, form + ".csv"), newline="") as f:
        for row in csv.reader(f):
            if row and row[0]:
                sheet, head = row[0], None
            elif head is None:
                head = row[1:]
            else:
                yield sheet, dict(zip(head, row[1:]))


def sheets(form):
    faults, kept = [], {}
    for sheet, row in sheet_rows(form):
        texts = [k for k in row if k.endswith(" (id)")]
        for key in texts:
            twin = key.replace("Bahasa Indonesia (id)", "English (en)")
            if bool(row[key]) != bool(row[twin]):
                faults.append(f"{sheet} {row['name']} {key}: one language")
            if row[key].count("${") != row[twin].count("${"):
                faults.append(f"{sheet} {row['name']} {key}: other outputs")
        if row.get("constraint") and not any(
                row[k] for k in texts if k.startswith("constraint_message")):
            faults.append(f"{row['name']}: constraint without a message")
        if "#" in row.get("save_to", ""):
            name, prop = row["save_to"].split("#")
            kept.setdefault(name, set()).add(prop)
    report(not faults, f"{form} says everything in both languages",
           "\n".join(faults))
    return kept


def regions(folder):
    """The four-step picker on the whole country."""
    name = "the four steps reach a village among 83,762"
    path = os.path.join(HERE, "..", "..", "..", "shared", "domain",
                        "wilayah.csv")
    if not os.path.exists(path):
        skip(name, "no full region list beside the project")
        return
    with open(path, newline="") as f, \
            open(os.path.join(folder, "wilayah.csv"), "w", newline="") as out:
        rows = csv.reader(f)
        w = csv.writer(out)
        next(rows)
        w.writerow(["name", "label", "level", "parent"])
        w.writerows(rows)
    write_lists(folder, {})
    s = Session(folder, "pendaftaran_keluarga")
    faults = []
    for question, value, offered in (("prov", "36", 38), ("kab", "36.02", 8),
                                     ("kec", "36.02.01", 28),
                                     ("desa", "36.02.01.2002", 14)):
        got = s.ask({"op": "choices", "ref": s.paths[question]})
        if len(got.get("choices", [])) != offered:
            faults.append(f"{question}: {len(got.get('choices', []))} "
                          f"offered, not {offered}")
        got = s.set(question, value)
        if not got.get("ok"):
            faults.append(f"{question}: {got}")
    if s.get("desa_nama").get("value") != "Cilangkahan":
        faults.append(f"desa_nama: {s.get('desa_nama')}")
    s.close()
    report(not faults, name, "\n".join(faults))


def main():
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(FORMS, "media", "wilayah.csv"), folder)
        for form in ("pendaftaran_keluarga", "kunjungan",
                     "kunjungan_komunitas"):
            out = os.path.join(folder, form + ".xml")
            ready = os.environ.get("FORM_DIR")
            if ready:
                shutil.copy(os.path.join(ready, form + ".xml"), out)
                continue
            run = subprocess.run(
                [PILAR, "form", "convert",
                 os.path.join(FORMS, form + ".csv"), "-o", out],
                capture_output=True, text=True)
            report(run.returncode == 0 and not run.stderr,
                   f"{form} converts without a warning", run.stderr)
        sheets("kunjungan")
        kept = sheets("pendaftaran_keluarga")
        for name, want in KEPT.items():
            report(want <= kept.get(name, set()),
                   f"{name} keeps what later forms look up",
                   want - kept.get(name, set()))
        for path in sorted(glob.glob(os.path.join(HERE, "*.jsonl"))):
            script(folder, path)
        for name in TABLES:
            table(folder, name)
        regions(folder)
    return points.end()


if __name__ == "__main__":
    sys.exit(main())
