#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The practice store (forms/demo.csv), in TAP."""
import json
import os
import re
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
NOW = ["--now", "2026-11-21", "--seed", "7"]

points = tap.Points()
report = points.report


def pilar(store, *words):
    return subprocess.run([PILAR, "--store", store, *words],
                          capture_output=True, text=True,
                          env=dict(os.environ, TZ="Asia/Jakarta",
                                   LC_ALL="C.UTF-8"))


def submissions(store, folder):
    """Every instance of the store's first sync file, by form."""
    os.mkdir(folder)
    run = pilar(store, "--json", "sync", "export", "--plain", "-o",
                folder)
    path = json.loads(run.stdout)["file"]
    tar = subprocess.run(["zstd", "-qdc", path], capture_output=True)
    subprocess.run(["tar", "x", "-C", folder], input=tar.stdout, check=True)
    out = {}
    for name, _, files in os.walk(os.path.join(folder, "instances")):
        for f in files:
            root = ET.parse(os.path.join(name, f)).getroot()
            out.setdefault(root.get("id"), []).append(root)
    return out


def all_bytes(folder):
    out = b""
    for name, _, files in os.walk(folder):
        for f in files:
            with open(os.path.join(name, f), "rb") as h:
                out += h.read()
    return out


def a_store(tmp):
    store = os.path.join(tmp, "a")
    run = pilar(store, "demo", *NOW)
    report(run.returncode == 0, "demo makes a practice store", run.stderr)
    told = dict(re.findall(r"^  (\w+): (\d+)$", run.stdout, re.M))
    report(int(told.get("keluarga", 0)) >= 200, "it has 200 households",
           run.stdout)
    report(int(told.get("orang", 0)) >= 800, "it has 800 persons", run.stdout)
    run = pilar(store, "demo", *NOW)
    report(run.returncode == 1 and store in run.stderr,
           "a second one in the same folder is refused", run.stderr)
    run = pilar(store, "store", "check")
    report(run.returncode == 0, "store check finds nothing wrong", run.stderr)
    return store


def what_it_holds(tmp, store):
    forms = submissions(store, os.path.join(tmp, "out"))
    visits = forms.get("kunjungan", [])
    dates = {v.findtext("petugas/tgl") for v in visits}
    report(len(visits) >= 200, "it has 200 visits", len(visits))
    report(len(dates) >= 200, "on 200 days", len(dates))
    homes = [r for r in forms.get("pendaftaran_keluarga", [])
             if r.findtext("persetujuan/setuju") != "tidak"]
    villages = {r.findtext("awal/desa") for r in homes}
    with open(os.path.join(FORMS, "media", "wilayah.csv")) as f:
        known = {line.split(",")[0] for line in f}
    report(len(villages) > 60 and villages <= known,
           "households live in villages of the list", villages - known)
    members = [m for r in homes for m in r.findall("anggota")]
    niks = [m.findtext("lahir/nik") for m in members if m.find("lahir/nik")
            is not None]
    report(len(niks) > 700 and all(n.startswith("1871") and len(n) == 16
                                   for n in niks),
           "generated NIK begin with the city's code", niks[:3])
    bad = [m.findtext("lahir/nik_hasil") for m in members]
    report(set(bad) <= {"", "baik"}, "and agree with birth date and sex",
           set(bad))
    kinds = {r.findtext("umum/tipe") for r in forms.get("psks", [])}
    report({"%02d" % n for n in range(1, 13)} <= kinds,
           "resources of all 12 types", kinds)
    steps = {r.findtext("hasil_g/status_kini")
             for r in forms.get("pantau", [])}
    steps |= {r.findtext("status_g/status")
              for r in forms.get("rujukan", [])}
    report({"draf", "diajukan", "diterima", "ditolak", "berjalan", "selesai",
            "batal"} <= steps, "referrals in every status", steps)
    report(len(forms.get("kegiatan", [])) >= 100, "and a diary",
           len(forms.get("kegiatan", [])))
    homes_bytes = all_bytes(store)
    leaks = [t for r in homes[:50] for t in
             (r.findtext("identitas/nama_kk"), r.findtext("identitas/no_kk"),
              r.findtext("alamat_rumah/alamat"))
             if t and t.encode() in homes_bytes]
    report(not leaks, "no name, number or address is read in its files",
           len(leaks))
    return forms


def taken_up(tmp, store, forms):
    """An update begins with the entity itself, not with its parent, which
    stands in the same list."""
    script, out = os.path.join(tmp, "a.jsonl"), os.path.join(tmp, "a.xml")
    with open(script, "w") as f:
        f.write('{"op":"set","ref":"/data/alamat_kontak/hp",'
                '"value":"081234567890"}\n')
    for root in forms.get("psks", []):
        of = root.find("{*}meta/{*}entity")
        if root.findtext("lembaga/lkks_id") and of is not None:
            break
    run = pilar(store, "fill", "psks", "--entity", "psks:" + of.get("id"),
                "--answers", script, "-o", out)
    faults = [run.stderr] if run.returncode else []
    if not faults:
        now = ET.parse(out).getroot()
        faults = [p for p in ("umum/tipe", "alamat_kontak/nama",
                              "lembaga/pengurus", "lembaga/lkks_id")
                  if now.findtext(p) != root.findtext(p)]
        faults += [] if now.find("{*}meta/{*}entity").get("id") == of.get(
            "id") else ["another entity"]
    report(not faults, "an update begins with what the entity is", faults)


def seeded(tmp):
    def projection(name, *more):
        store = os.path.join(tmp, name)
        pilar(store, "demo", "-q", *more)
        dump = pilar(store, "store", "dump", "--canonical").stdout
        # index U: hashes under the store's own key
        return [x for x in dump.splitlines() if not x.startswith("index\tU")]

    first = projection("b", *NOW)
    report(len(first) > 2000 and first == projection("c", *NOW),
           "the same seed and day give the same store")
    report(first != projection("d", "--now", "2026-11-21", "--seed", "8"),
           "another seed gives another one")


def broken(tmp):
    """A table that is wrong: the file, row and column, and nothing left."""
    data = os.path.join(tmp, "data")
    shutil.copytree(FORMS, data)
    rows = (
        ("a let without a value", "kind,form,name,value,from,to\nlet,,x,,,\n",
         ("baris 2", "value")),
        ("an unknown kind", "kind,form,name,value,from,to\nlari,,x,1,,\n",
         ("baris 2", "kind")),
        ("no days", "kind,form,name,value,from,to\nrun,kunjungan,,1,x,\n",
         ("baris 2", "from")),
        ("another header", "kind,form\n", ("baris 1", "name")),
        ("an unknown {word}",
         "kind,form,name,value,from,to\nanswer,f,q,{x},,\n",
         ("baris 2", "value")),
        ("a form that is not there",
         "kind,form,name,value,from,to\nworker,,code,x,,\nworker,,name,X,,\nrun,tidak_ada,,1,2,1\n",
         ("baris 4",)),
        ("an answer the form refuses",
         "kind,form,name,value,from,to\nworker,,code,x,,\nworker,,name,X,,\nrun,kunjungan,,1,2,1\n"
         "answer,kunjungan,makan_hari,9,,\nanswer,kunjungan,ditemui,'ya',,\n",
         ("baris 5", "makan_hari")),
        ("an expression that is none",
         "kind,form,name,value,from,to\nworker,,code,x,,\nworker,,name,X,,\nrun,kunjungan,,1,2,1\n"
         "answer,kunjungan,tgl,today(,,\n", ("baris 5", "tgl")),
    )
    for name, text, want in rows:
        with open(os.path.join(data, "demo.csv"), "w") as f:
            f.write(text)
        store = os.path.join(tmp, "broken")
        run = pilar(store, "--data", data, "demo")
        report(run.returncode == 1 and not os.path.exists(store) and
               all(w in run.stderr for w in want) and
               "demo.csv" in run.stderr,
               f"{name}: named with file, row and column", run.stderr)


def main():
    with tempfile.TemporaryDirectory() as tmp:
        store = a_store(tmp)
        taken_up(tmp, store, what_it_holds(tmp, store))
        seeded(tmp)
        broken(tmp)
    return points.end()


if __name__ == "__main__":
    sys.exit(main())
