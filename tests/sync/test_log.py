#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The audit log of a form that asks for one goes with its submission: into
the sync file beside it, into another store, and in from a folder of ODK."""
import csv
import glob
import os
import shutil
import subprocess
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("log")
WORK = pilar.work
FORM = """\
| survey |
| | type | name | label | parameters |
| | audit | audit | | track-changes=true |
| | text | nama | Nama | |
| settings |
| | form_title | form_id | version |
| | Uji log | uji_log | 1 |
"""


def store(name):
    return {"store": f"{WORK}/{name}"}


def setup():
    with open(WORK + "/uji_log.md", "w") as f:
        f.write(FORM)
    for name in ("kecamatan", "dewi"):
        pilar.done("init", "--code", name, "--name", name, "--yes",
                   "--no-pass", **store(name))
        pilar.done("form", "add", WORK + "/uji_log.md", **store(name))
    key = pilar.asked("key", "list", **store("kecamatan"))["key"]
    pilar.done("key", "add", "kecamatan", key, **store("dewi"))


def rows(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def the_log_lies_beside_a_copy_that_is_asked_for():
    os.mkdir(WORK + "/copy")
    answers = WORK + "/answers.jsonl"
    with open(answers, "w") as f:
        f.write('{"op":"set","ref":"/data/nama","value":"Ani"}\n')
    pilar.done("fill", "uji_log", "--answers", answers, "-o",
               WORK + "/copy/satu.xml", **store("kecamatan"))
    log = rows(WORK + "/copy/audit.csv")
    assert [r["event"] for r in log] == ["form start", "form finalize"], log


def the_log_lies_beside_the_submission_in_the_file():
    if not shutil.which("age") or not shutil.which("zstd"):
        return "age or zstd is not installed"
    secret = WORK + "/key.txt"
    subprocess.run(["age-keygen", "-o", secret], check=True,
                   capture_output=True)
    public = subprocess.run(["age-keygen", "-y", secret], check=True,
                            capture_output=True, text=True).stdout.strip()
    lines = WORK + "/lines"
    with open(lines, "w") as f:
        f.write('Siti "Aminah", S.Sos\nf\n')
    with open(lines) as f:
        pilar.done("fill", "uji_log", "--line", stdin=f, **store("dewi"))
    os.mkdir(WORK + "/opened")
    made = pilar.asked("sync", "export", "-o", WORK, "--to", public, "--plain",
                       **store("dewi"))
    subprocess.run(f"age -d -i {secret} {made['file']} | zstd -dq | "
                   f"tar xf - -C {WORK}/opened", shell=True, check=True)
    found = glob.glob(WORK + "/opened/instances/*/audit.csv")
    assert len(found) == 1, os.listdir(WORK + "/opened/instances")
    log = rows(found[0])
    assert list(log[0]) == ["event", "node", "start", "end", "old-value",
                            "new-value"], log[0]
    assert [r["event"] for r in log][0] == "form start", log
    assert log[-1]["event"] == "form finalize", log
    said = [r for r in log if r["node"] == "/data/nama"][0]
    assert said["new-value"] == 'Siti "Aminah", S.Sos', said
    assert int(said["start"]) <= int(said["end"])
    xml = open(os.path.dirname(found[0]) + "/submission.xml").read()
    assert "<audit>audit.csv</audit>" in xml, xml


def another_store_takes_it_in():
    answers = pilar.write("answers.jsonl", [
        {"op": "set", "ref": "/data/nama", "value": "Budi"}])
    pilar.done("fill", "uji_log", "--answers", answers, **store("dewi"))
    made = pilar.asked("sync", "export", "-o", WORK, "--to", "kecamatan",
                       **store("dewi"))
    got = pilar.asked("sync", "import", "--accept", made["file"],
                      **store("kecamatan"))
    assert got["new"] == 1, got
    assert pilar.done("store", "check", **store("kecamatan"))


def it_goes_on_to_the_next_office():
    """As it was signed: in a parcel, in its own file, in its own place."""
    if not shutil.which("age") or not shutil.which("zstd"):
        return "age or zstd is not installed"
    public = subprocess.run(["age-keygen", "-y", WORK + "/key.txt"],
                            check=True, capture_output=True,
                            text=True).stdout.strip()
    made = pilar.asked("sync", "export", "-o", WORK, "--to", public,
                       **store("kecamatan"))["forwarded"]
    assert made["files"] == 1, made
    parcel = WORK + "/parcel"
    dictionary = max(glob.glob(tap.ROOT + "/forms/sync/*.dict"))
    os.mkdir(parcel)
    subprocess.run(f"age -d -i {WORK}/key.txt {made['file']} | zstd -dq | "
                   f"tar xf - -C {parcel} && cat {parcel}/files/*.tar.zst | "
                   f"zstd -dq -D {dictionary} | tar xf - -C {parcel}",
                   shell=True, check=True)
    assert len(glob.glob(parcel + "/manifest.json.minisig")) == 1
    log = rows(glob.glob(parcel + "/instances/*/audit.csv")[0])
    assert log[-1]["event"] == "form finalize", log


def a_folder_of_other_tools_brings_it():
    if not os.path.isdir(WORK + "/opened"):
        return "age or zstd is not installed"
    folder = WORK + "/opened/instances"
    pilar.done("init", "--code", "sari", "--name", "sari", "--yes",
               "--no-pass", **store("sari"))
    pilar.done("form", "add", WORK + "/uji_log.md", **store("sari"))
    pilar.done("sync", "load", folder, **store("sari"))
    size = os.path.getsize(glob.glob(folder + "/*/audit.csv")[0])
    key = pilar.asked("key", "list", **store("kecamatan"))["key"]
    pilar.done("key", "add", "kecamatan", key, **store("sari"))
    made = pilar.asked("sync", "export", "--dry-run", "-o", WORK, **store("sari"))
    assert made["events"] == 1 and size > 50, made


setup()
sys.exit(pilar.test([
    the_log_lies_beside_the_submission_in_the_file,
    the_log_lies_beside_a_copy_that_is_asked_for,
    another_store_takes_it_in,
                     it_goes_on_to_the_next_office,
    a_folder_of_other_tools_brings_it,
]))
