#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The acts on a case, filled against a store: what each of them does to the
household and its members, in TAP."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
PILAR = os.path.abspath(os.environ.get("PILAR", ROOT + "/.build/pilar"))
WORK = tempfile.mkdtemp(prefix="pilar-acts-")
STORE = WORK + "/store"
ENV = dict(os.environ, TZ="Asia/Jakarta")
FORMS = {}


def pilar(*words):
    return subprocess.run([PILAR, "--store", STORE, *words], env=ENV,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)


def done(*words):
    result = pilar(*words)
    assert result.returncode == 0, (words, result.stderr)
    return result.stdout


def asked(*words):
    return json.loads(done("--json", *words))


def paths(form):
    """Question -> path, the last of a repeat unnumbered: anggota/ikut."""
    if form not in FORMS:
        out = WORK + "/" + form + ".xml"
        run = subprocess.run([PILAR, "form", "convert",
                              f"{ROOT}/forms/{form}.csv", "-o", out],
                             capture_output=True, text=True)
        assert run.returncode == 0 and not run.stderr, run.stderr
        xml = open(out).read()
        binds = re.findall(r'<bind nodeset="([^"]+)"', xml)
        FORMS[form] = ({b.rsplit("/", 1)[1]: b for b in binds},
                       set(re.findall(r'<repeat nodeset="([^"]+)"', xml)))
    return FORMS[form]


def ref(form, name):
    """"ikut@2" is the question in the second instance of its repeat."""
    name, _, nth = name.partition("@")
    where, repeats = paths(form)
    path = where[name]
    for repeat in repeats:
        if path.startswith(repeat + "/"):
            path = f"{repeat}[{nth or 1}]" + path[len(repeat):]
    return path


def fill(start, entity, *answers, ok=True):
    """Answers are name=value; "+name" adds an instance of a repeat."""
    form = start.split()[0]
    ops = []
    for text in answers:
        name, _, value = text.partition("=")
        if name[0] == "+":
            ops.append({"op": "add", "ref": "/data/" + name[1:]})
        else:
            ops.append({"op": "set", "ref": ref(form, name), "value": value})
    with open(WORK + "/answers.jsonl", "w") as f:
        f.writelines(json.dumps(op) + "\n" for op in ops)
    words = ["fill", start, "--answers", WORK + "/answers.jsonl"]
    if entity:
        words += ["--entity", entity]
    got = pilar(*words)
    assert (got.returncode == 0) == ok, (start, answers, got.stderr)
    return got.stderr


def household(head, *others):
    """Registers one; answers its id. The head works."""
    answers = ["kec=18.71.06", "desa=18.71.06.1001", "setuju=ya_lisan",
               "perlu_wali=tidak", "alamat=Jl. Kamboja 12", "nama_kk=" + head,
               "kk_status=belum"]
    for n, (name, relation) in enumerate([(head, "1"), *others], 1):
        if n > 1:
            answers.append("+anggota")
        answers += [f"nama@{n}={name}", f"hub_kk@{n}={relation}",
                    f"nik_status@{n}=belum", f"jk@{n}=2",
                    f"umur_perkiraan@{n}=40",
                    f"bekerja@{n}={'ya' if n == 1 else 'tidak'}"]
    answers += ["pendapatan=900000", "pendapatan_lain=0",
                "miskin_petugas=ya", "hasil=1", "kunjung_lagi=2099-01-05"]
    fill("pendaftaran_keluarga", None, *answers)
    hits = asked("find", head, "--dataset", "keluarga")
    return next(h["id"] for h in hits if h["title"] == head)


def case(uuid):
    return asked("case", "show", uuid)


def props(uuid):
    return case(uuid)["properties"]


def members(house):
    """Name -> id, of those who belong to the household."""
    return {c["title"]: c["id"] for c in case(house)["children"]}


def same(have, **want):
    for name, value in want.items():
        assert have.get(name, "") == value, (name, have.get(name), value)


# ---- putusan
def a_follow_up_is_postponed_with_a_reason():
    house = household("Tundawati")
    fill("putusan jenis=tunda", "keluarga:" + house,
         "tunda_sampai=2099-02-01", "tunda_alasan=cuaca")
    same(props(house), kunjung_lagi="2099-01-05", tunda_dari="2099-01-05",
         tunda_sampai="2099-02-01", tunda_alasan="cuaca")


def a_postponement_needs_a_reason_and_a_later_day():
    house = household("Alasanto")
    fill("putusan jenis=tunda", "keluarga:" + house, ok=False)
    fill("putusan jenis=tunda", "keluarga:" + house, "tunda_alasan=cuaca",
         "tunda_sampai=2020-01-01", ok=False)


def a_review_covers_all_members():
    house = household("Tinjauwan", ("Anakwati", "3"))
    fill("putusan jenis=tinjau", "keluarga:" + house, "hasil_tinjau=terima")
    version = case(house)["version"]
    same(props(house), tinjau="terima", tinjau_versi=str(version))
    for uuid in members(house).values():
        same(props(uuid), tinjau="terima", tinjau_versi="2")


def what_is_returned_says_what_to_correct():
    house = household("Kembalianto")
    fill("putusan jenis=tinjau", "keluarga:" + house, "hasil_tinjau=kembali",
         ok=False)
    fill("putusan jenis=tinjau", "keluarga:" + house, "hasil_tinjau=kembali",
         "tinjau_catatan=Nomor KK belum diisi")
    same(props(house), tinjau="kembali",
         tinjau_catatan="Nomor KK belum diisi")


def a_merge_moves_members_and_is_undone():
    keep = household("Gabungwati", ("Samawati", "3"))
    lose = household("Gabungwati Dua", ("Samawati", "3"), ("Lainwati", "5"))
    old, there = members(lose), members(keep)["Samawati"]
    fill("putusan jenis=gabung", "keluarga:" + keep, "lain_keluarga=" + lose,
         "gabung_alasan=kenal", "sama_usul@2=ya")
    same(props(old["Samawati"]), gabung_ke=there, keluarga=keep,
         asal_keluarga=lose)
    same(props(old["Lainwati"]), gabung_ke="", keluarga=keep)
    same(props(keep), n_anggota="4")
    fill("putusan jenis=batal", "keluarga:" + keep, "batal_keluarga=" + lose,
         "batal_alasan=Ternyata keluarga lain")
    for uuid in old.values():
        same(props(uuid), gabung_ke="", keluarga=lose, asal_keluarga="")
    same(props(keep), n_anggota="2")


def two_records_of_a_person_become_one():
    house = household("Orangwati", ("Kembarwati", "3"), ("Kembarwati B", "3"))
    who = members(house)
    fill("putusan jenis=gabung", "orang:" + who["Kembarwati"],
         "lain_orang=" + who["Kembarwati B"], "gabung_alasan=nomor")
    same(props(who["Kembarwati B"]), gabung_ke=who["Kembarwati"])
    same(props(house), n_anggota="2")


TESTS = [a_follow_up_is_postponed_with_a_reason,
         a_postponement_needs_a_reason_and_a_later_day,
         a_review_covers_all_members, what_is_returned_says_what_to_correct,
         a_merge_moves_members_and_is_undone,
         two_records_of_a_person_become_one]


def main():
    failed = 0
    print("1..%d" % len(TESTS))
    done("init", "--code", "dewi", "--name", "Dewi", "--role", "TKSK",
         "--yes")
    for i, test in enumerate(TESTS, 1):
        good = True
        try:
            test()
        except (AssertionError, KeyError, StopIteration) as e:
            good = False
            print("# %s: %r" % (test.__name__, e))
        failed += not good
        print("ok" if good else "not ok", i, "-",
              test.__name__.replace("_", " "), flush=True)
    shutil.rmtree(WORK)
    return 1 if failed else 0


sys.exit(main())
