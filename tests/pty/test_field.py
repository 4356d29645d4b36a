#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The work of a visit at the keyboard, on the practice store."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../lib"]
from tap import PILAR, run  # noqa: E402
from terminal import Terminal  # noqa: E402

WORK = tempfile.mkdtemp(prefix="pilar-field-")
STORE = os.path.join(WORK, "store")
REGIONS = os.path.join(HERE, "../../../shared/domain/wilayah.csv")
KEY = re.compile(r"<[^>]+>|.", re.S)


def visited():
    """The name of a household that was visited before."""
    found = subprocess.run([PILAR, "--store", STORE, "find", "sri",
                            "--dataset", "keluarga"], capture_output=True,
                           text=True, check=True).stdout
    assert found, "the practice store has no Sri"
    return found.splitlines()[0][37:].split("  ")[0]


def asked(*words):
    return json.loads(subprocess.run(
        [PILAR, "--store", STORE, "--json", *words], capture_output=True,
        text=True, check=True).stdout)


def pressed(t, keys):
    """Types key by key, and says how many there were."""
    keys = KEY.findall(keys)
    for k in keys:
        t.keys(k)
    return len(keys)


def a_visit_with_nothing_new_takes_twelve_keys_or_fewer():
    t = Terminal([PILAR, "--store", STORE])
    t.wait("PILAR").keys("k").wait("Keluarga & orang")
    t.keys(visited() + "<Enter>").wait("> " + visited())
    # From the household's row: every question is met, none is skipped over.
    n = pressed(t, "n")
    t.wait("Petugas: Dewi")  # known, and not asked
    n += pressed(t, "<Enter>21<Enter>2")
    t.wait("E. Saran sistem")  # what stands on record is not asked again
    n += pressed(t, "<C-r>")
    t.wait("Semua benar")
    n += pressed(t, "f")
    t.wait("Tersimpan")
    assert n <= 12, n
    t.keys("<Esc><Esc>")
    t.close()


def and_no_more_when_each_page_is_looked_at():
    t = Terminal([PILAR, "--store", STORE])
    t.wait("PILAR").keys("k").wait("Keluarga & orang")
    t.keys(visited() + "<Enter>").wait("> " + visited())
    n = pressed(t, "n")
    t.wait("Petugas: Dewi")
    n += pressed(t, "<Enter>21<Enter>2")
    t.wait("E. Saran sistem")
    n += pressed(t, "<PgDn>")
    t.wait("F. Penutup")
    n += pressed(t, "<PgDn>")
    t.wait("Semua benar")
    n += pressed(t, "f")
    t.wait("Tersimpan")
    assert n <= 12, n
    t.close()


def community_at(t):
    """A new community's form, the cursor at the province."""
    t.wait("PILAR").keys("o").wait("Komunitas adat")
    t.keys("zzz<Enter>b").wait("Provinsi *").keys("<Enter>")
    return t


def a_place_is_found_with_or_without_the_blank():
    t = community_at(Terminal([PILAR, "--store", STORE]))
    t.keys("<Enter><Enter>")  # the province and the city are proposed
    for typed in ("tanjung k", "tanjungk", "TANJUNG KARANG", "tanjungkarang"):
        t.keys(typed).wait("/ " + typed)
        t.wait("18.71.03 Tanjungkarang Barat")
        t.wait("18.71.06 Tanjungkarang Pusat")
        t.keys("<Esc>").gone("/ " + typed)
    t.close()


def every_place_of_the_country_is_four_picks_away():
    if not os.path.exists(REGIONS):
        return "no region list beside the project"
    kit = os.path.join(WORK, "kit")
    shutil.copytree(os.path.join(HERE, "../../forms"), kit)
    with open(REGIONS, newline="") as f, \
            open(kit + "/media/wilayah.csv", "w", newline="") as out:
        to = csv.writer(out, lineterminator="\n")
        to.writerow(["name", "label", "level", "parent"])
        to.writerows([r["code"], r["name"], r["level"], r["parent"]]
                     for r in csv.DictReader(f))
    store = os.path.join(WORK, "whole")
    words = [PILAR, "--store", store, "--data", kit]
    subprocess.run([*words, "init", "--code", "dewi", "--name", "Dewi",
                    "--no-pass", "--yes"], check=True,
                   capture_output=True, stdin=subprocess.DEVNULL)
    t = community_at(Terminal(words))
    t.keys("sumatera ut").wait("12 Sumatera Utara").keys("<Enter>")
    t.keys("tapanuli teng").wait("12.01 ").keys("<Enter>")
    t.keys("sorkam b").wait("12.01.10 Sorkam Barat").keys("<Enter>")
    t.keys("sorkam k")
    # Two villages of one name in one district: their codes tell them apart.
    t.until(lambda: len(set(re.findall(
        r"(12\.01\.10\.\d{4}) Sorkam Kanan", t.text()))) == 2, "not two")
    t.keys("<Down><Enter>").wait("Dusun/lingkungan")
    t.wait("[Sorkam Kanan")
    t.close()
    return None


def a_family_is_keyed_from_paper_in_the_table():
    t = Terminal([PILAR, "--store", STORE])
    t.wait("PILAR").keys("k").wait("Keluarga & orang")
    t.keys("Zaenab Kertas<Enter>").wait("b daftar baru").keys("b")
    t.wait("A. Tanggal").keys("<C-o>").wait("cara: wawancara").keys("c")
    t.wait("kertas  hal. 1/2").keys("15112026<Enter><Enter><Enter><Enter>")
    # A. to E.: agreed, no guardian, address, a card of fifteen digits.
    t.wait("B. Persetujuan").keys("12").wait("C. Alamat")
    t.keys("Jl. Kamboja 12<Enter><C-q>").wait("D. Kartu keluarga")
    t.keys("Zaenab Kertas<Enter>1187101020304000<Enter>")
    t.wait("15 angka, seharusnya 16").keys("y1<Enter>").wait("E. Bantuan")
    t.keys("<C-q>").wait("F. Anggota").wait("Hubungan dengan kepala  1 Kep")
    # The head: a number that says sex and date, one that cannot be.
    t.keys("Zaenab Kertas<Enter><Enter><Enter>11871064101850001<Enter>")
    t.wait("01-01-1985").keys("<Enter>4").wait("Dokumen yang")
    t.keys("4<Enter>3").wait("Ijazah tertinggi").keys("<C-o>").wait("m  jaw")
    t.keys("t").wait("> 1   Zaenab Kertas       #").keys("16222<Enter>22")
    t.wait("> 2").wait("Hubungan dengan kepala  1 Kep")
    t.keys("Budi<Enter>3<Enter>3112122019").wait("Dokumen yang")
    t.keys("2<Enter>2").wait("Ijazah tertinggi").keys("0").wait("kerja")
    t.keys("2").wait("Penyakit").keys("1<Enter>21").wait("> 3")
    t.keys("<Enter>").wait("G. Rumah: bangunan").keys("<C-f>pendapatan seb")
    t.wait("Pendapatan sebulan").keys("<Enter>").wait("I. Pendapatan")
    t.keys("<C-o>").wait("m  jawaban").keys("m").wait(" # Pendapatan")
    t.keys("0<Enter>1").wait("J. Ringkasan").keys("<Enter>")
    t.wait("K. Penutup").keys("1<C-r>").wait("Semua benar")
    t.wait("2 catatan").wait("menolak menjawab").wait("tidak tahu")
    t.keys("f").wait("kertas 2  hal.")  # the next form of the stack
    t.keys("<Esc>").wait("1 cocok")
    t.close()
    found = asked("find", "zaenab kertas", "--dataset", "orang")
    assert len(found) == 1, found
    case = asked("case", "show", found[0]["id"])
    props = case["properties"]
    assert props["jk"] == "2" and props["tgl_lahir"] == "1985-01-01", props
    assert props["kawin"] == "4" and not props["ijazah_tkt"], props


def main():
    subprocess.run([PILAR, "--store", STORE, "demo", "--now", "2026-11-21",
                    "--seed", "7"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    try:
        return run([a_visit_with_nothing_new_takes_twelve_keys_or_fewer,
                    and_no_more_when_each_page_is_looked_at,
                    a_place_is_found_with_or_without_the_blank,
                    every_place_of_the_country_is_four_picks_away,
                    a_family_is_keyed_from_paper_in_the_table])
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    os.environ.update(TZ="Asia/Jakarta", LC_ALL="C.UTF-8")
    sys.exit(main())
