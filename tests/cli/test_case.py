#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""From answers to the sync file on the command line, with the shipped forms:
fill, find, case show, draft, form list/add/remove, sync export."""
import base64
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

ROOT, PILAR = tap.ROOT, tap.PILAR
ZONE = {"TZ": "Asia/Jakarta"}
pilar = tap.Program("case", env=ZONE)
done, asked, refused = pilar.done, pilar.asked, pilar.refused
WORK, STORE, ENV, write = pilar.work, pilar.store, pilar.env, pilar.write
HOUSEHOLD = ROOT + "/tests/forms/daftar.jsonl"


def flat(xml):
    """Path -> text, with what chance and the clock gave masked."""
    out = []

    def walk(node, path):
        name = path + "/" + node.tag.rsplit("}", 1)[-1]
        text = (node.text or "").strip()
        out.append((name, mask(name, text)))
        for k, v in sorted(node.attrib.items()):
            out.append((name + "/@" + k.rsplit("}", 1)[-1], mask(name, v)))
        for child in node:
            walk(child, name)

    walk(ET.fromstring(xml), "")
    return out


def mask(name, text):
    if name.rsplit("/", 1)[-1] in ("start", "end", "deviceid"):
        return "*"
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "*", text)


def tried(form, ops):
    """The submission that `form try` makes of the same acts."""
    folder = tempfile.mkdtemp(dir=WORK)
    for media in glob.glob(ROOT + "/forms/media/*.csv"):
        shutil.copy(media, folder)
    with open(folder + "/petugas.csv", "w") as f:
        f.write("name,label,village\ndewi,Dewi,\n")
    subprocess.run([PILAR, "form", "convert", f"{ROOT}/forms/{form}.csv",
                    "-o", folder + "/f.xml"], check=True, timeout=tap.PATIENCE)
    lines = "".join(json.dumps(op) + "\n" for op in ops + [{"op": "submit"}])
    out = subprocess.run([PILAR, "form", "try", "--allow-missing", "--prop",
                          "username=dewi", folder + "/f.xml"], input=lines,
                         env=ENV, capture_output=True, text=True, timeout=tap.PATIENCE)
    return json.loads(out.stdout.splitlines()[-1])["xml"]


def setup():
    done("init", "--code", "dewi", "--name", "Dewi", "--yes")
    done("fill", "pendaftaran_keluarga", "--answers", HOUSEHOLD_ACTS,
         "-o", WORK + "/copy.xml")


def a_household_is_found_by_a_name_and_shown():
    hits = asked("find", "siti amin", "--dataset", "keluarga")
    assert len(hits) == 1, hits
    shown = asked("case", "show", hits[0]["id"])
    assert shown["properties"]["nama_kk"] == "Siti Aminah", shown
    assert len(shown["children"]) == 2, shown["children"]
    assert [e["form"] for e in shown["events"]] == ["pendaftaran_keluarga"]
    assert "1871010203040003" not in done("find", "siti amin")
    assert asked("find", "tidak ada orang ini") == []
    none = pilar("find", "tidak ada orang ini")
    assert (none.returncode, none.stdout) == (0, ""), none
    assert none.stderr == "pilar: tidak ada yang cocok\n", none.stderr


def an_example_says_what_properties_must_be():
    def names(*words):
        return sorted(label(h) for h in asked("find", *words))

    def label(hit):
        return hit["title"]

    house = ("--dataset", "keluarga", "--where")
    assert names(*house, "nama_kk=siti*") == ["Siti Aminah"]
    assert names(*house, "nama_kk=budi*|siti*") == ["Siti Aminah"]
    assert names(*house, "nama_kk=budi*") == []
    assert names(*house, "no_kk!=", "amin") == ["Siti Aminah"]
    people = ("--dataset", "orang", "--where")
    born = [(label(h), asked("case", "show", h["id"])["properties"]["tgl_lahir"])
            for h in asked("find", *people, "nama=*")]
    assert len(born) > 1 and any(day for name, day in born), born
    middle = max(day for name, day in born)
    for where, holds in ((">" + middle, lambda d: d > middle),
                         ("<" + middle, lambda d: d < middle),
                         (">=" + middle, lambda d: d >= middle),
                         ("=1900-01-01.." + middle, lambda d: d <= middle)):
        assert names(*people, "tgl_lahir" + where) == \
            sorted(n for n, d in born if d and holds(d)), where
    refused(("find", *people, "tidak_ada=1"), "tidak_ada")


def the_filled_form_is_what_form_try_makes_of_the_same_acts():
    want = tried("pendaftaran_keluarga", tap.acts(HOUSEHOLD))
    assert flat(open(WORK + "/copy.xml").read()) == flat(want)


def a_refused_line_is_named_and_changes_nothing():
    before = done("store", "dump", "--canonical")
    ops = tap.acts(HOUSEHOLD)
    ops[2] = {"op": "set", "ref": "/data/tidak/ada", "value": "1"}
    refused(("fill", "pendaftaran_keluarga", "--answers",
             write("bad.jsonl", ops)), "bad.jsonl, baris 3")
    with open(WORK + "/notjson.jsonl", "w") as f:
        f.write("{}\nbukan\n")
    refused(("fill", "pendaftaran_keluarga", "--answers",
             WORK + "/notjson.jsonl"), "baris 1")
    refused(("fill", "tidak_ada", "--answers", HOUSEHOLD_ACTS), "tidak_ada")
    refused(("fill", "pendaftaran_keluarga", "--answers", WORK + "/x"),
            "/x")
    assert done("store", "dump", "--canonical") == before


def a_visit_starts_from_its_household_and_updates_it():
    house = asked("find", "siti amin", "--dataset", "keluarga")[0]["id"]
    visit = write("visit.jsonl", [
        {"op": "set", "ref": "/data/petugas/tujuan", "value": "berkala"},
        {"op": "set", "ref": "/data/petugas/ditemui", "value": "ya"},
        {"op": "set", "ref": "/data/ekonomi/pendapatan", "value": "750000"},
        {"op": "set", "ref": "/data/keputusan/tetap_24", "value": "ya"}])
    done("fill", "kunjungan", "--entity", "keluarga:" + house, "--answers",
         visit)
    shown = asked("case", "show", house)
    assert shown["version"] == 2, shown["version"]
    assert shown["properties"]["pendapatan"] == "750000"
    assert len(shown["events"]) == 2
    refused(("fill", "kunjungan", "--entity", "keluarga", "--answers", visit),
            "--entity")


def a_draft_is_listed_and_thrown_away():
    ident = done("fill", "pendaftaran_keluarga", "--draft", "--answers",
                 write("half.jsonl", tap.acts(HOUSEHOLD)[:3])).strip()
    assert [d["id"] for d in asked("draft", "list")] == [ident]
    done("draft", "delete", ident)
    assert asked("draft", "list") == []
    refused(("draft", "delete", ident), ident)


def every_value():
    """Every text of five letters or more that the store knows of people."""
    for hit in asked("find", "a") + asked("find", "1871"):
        shown = asked("case", "show", hit["id"])
        for name, text in shown["properties"].items():
            if len(text) > 5 and not re.fullmatch(r"[\d.-]{1,12}", text):
                yield text
        yield shown["title"]


def nothing_a_person_said_is_found_by_grep_in_the_folder():
    done("fill", "pendaftaran_keluarga", "--draft", "--answers",
         HOUSEHOLD_ACTS)
    texts = set(every_value())
    assert "Siti Aminah" in texts and "1871010203040003" in texts, texts
    for folder, _, names in os.walk(STORE):
        for name in names:
            raw = open(os.path.join(folder, name), "rb").read()
            for text in texts:
                for form in (text.encode(), text.encode("utf-16-le"),
                             text.encode().hex().encode(),
                             base64.b64encode(text.encode()).rstrip(b"=")):
                    assert form not in raw, (name, text)
    done("draft", "delete", asked("draft", "list")[0]["id"])


def a_form_is_added_listed_and_removed():
    good, bad = WORK + "/uji.csv", WORK + "/salah.csv"
    with open(good, "w") as f:
        f.write("survey\n,type,name,label\n,text,a,A\n")
    with open(bad, "w") as f:
        f.write("survey\n,type,name,label\n,text,a,${b}\n")
    done("form", "add", good)
    assert "uji" in [f["id"] for f in asked("form", "list")]
    refused(("form", "add", bad), "salah.csv", "survey", "baris 3", "label")
    done("form", "remove", "uji")
    assert "uji" not in [f["id"] for f in asked("form", "list")]


def the_sync_file_opens_with_stock_tools_and_holds_only_what_is_new():
    out = WORK + "/usb"
    os.mkdir(out)
    first = asked("sync", "export", "-o", out)
    assert first["events"] == 2 and os.path.exists(first["file"]), first
    shell = f"cd {out} && zstd -D {tap.ROOT}/forms/sync/pilar-3.dict -dc {first['file']} | tar xf -"
    subprocess.run(shell, shell=True, check=True, timeout=tap.PATIENCE)
    manifest = json.load(open(out + "/manifest.json"))
    found = glob.glob(out + "/instances/*/submission.xml")
    assert manifest["entries"] == len(found) == 2, manifest
    subprocess.run(["xmllint", "--noout", *found], check=True, timeout=tap.PATIENCE)
    copy = open(WORK + "/copy.xml").read()
    assert copy in [open(f).read() for f in found]
    assert asked("sync", "export", "-o", out)["file"] is None
    assert asked("sync", "status")["waiting"] == 0
    done("fill", "pendaftaran_keluarga", "--answers", HOUSEHOLD_ACTS)
    assert asked("sync", "status")["waiting"] == 1
    refused(("sync", "export", "-o", WORK + "/tidak/ada"), "tidak/ada")
    assert asked("sync", "status")["waiting"] == 1
    second = asked("sync", "export", "-o", out)
    assert second["events"] == 1 and second["file"] != first["file"], second


TESTS = [a_household_is_found_by_a_name_and_shown,
         an_example_says_what_properties_must_be,
         the_filled_form_is_what_form_try_makes_of_the_same_acts,
         a_refused_line_is_named_and_changes_nothing,
         a_visit_starts_from_its_household_and_updates_it,
         a_draft_is_listed_and_thrown_away,
         nothing_a_person_said_is_found_by_grep_in_the_folder,
         a_form_is_added_listed_and_removed,
         the_sync_file_opens_with_stock_tools_and_holds_only_what_is_new]

HOUSEHOLD_ACTS = write("household.jsonl", tap.acts(HOUSEHOLD))
setup()
sys.exit(pilar.test(TESTS))
