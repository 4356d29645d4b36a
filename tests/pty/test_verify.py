#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A paper keyed and keyed again on a real terminal, through a hang-up."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../lib"]
from tap import run  # noqa: E402
from terminal import Terminal  # noqa: E402

PILAR = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
WORK = tempfile.mkdtemp(prefix="pilar-verify-")
STORE = os.path.join(WORK, "store")
FORM = """\
| survey |
| | type | name | label | constraint | appearance |
| | begin_group | a | A. Orang | | field-list |
| | text | nama | Nama | | |
| | integer | umur | Umur | . < 120 | |
| | end_group | | | | |
| settings |
| | form_title | form_id | version |
| | AA Uji | uji | 1 |
"""


def pilar(*words):
    return subprocess.run([PILAR, "--store", STORE, *words], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          stdin=subprocess.DEVNULL, text=True).stdout


def start():
    return Terminal([PILAR, "--store", STORE]).wait("PILAR")


def setup():
    with open(WORK + "/uji.md", "w") as f:
        f.write(FORM)
    pilar("--data", HERE + "/kit", "init", "--code", "dewi", "--name", "Dewi",
          "--role", "PSM", "--village", "Kaliawi", "--yes")
    pilar("form", "add", WORK + "/uji.md")


def a_record_is_keyed():
    t = start()
    t.keys("b").wait("2   AA Uji").keys("2").wait("A. Orang")
    t.keys("Siti Aminah<Enter>36<Enter>").wait("Semua benar").keys("f")
    t.wait("PILAR").wait("Tersimpan").keys("q")
    assert t.ended() == 0
    assert pilar("verify").count("AA Uji") == 1


def to_the_list(t):
    t.keys("a").wait("Verifikasi").down_to("Verifikasi")
    return t.keys("<Enter>").wait("1 dari 1 isian: 1").wait("> AA Uji")


def keyed_again_it_goes_on_after_a_hang_up():
    t = to_the_list(start())
    t.keys("<Enter>").wait("verifikasi").wait("A. Orang")
    assert "Siti" not in t.text() and "36" not in t.text(), t.text()
    t.keys("Siti Aminah<Enter>63<Enter>").wait("BERBEDA")
    t.hang_up()
    t = to_the_list(start()).wait("sedang")
    t.keys("<Enter>").wait("[Siti Aminah")
    assert "36" not in t.text(), t.text()
    t.keys("35<Enter>").wait("BERBEDA").keys("35<Enter>").wait("Semua benar")
    t.keys("f").wait("2 pertanyaan, 1 salah pengetik, 0 salah pemeriksa")
    t.wait("sudah (dewi)").keys("<Esc>").wait("Pengaturan")
    t.keys("<Esc>").wait("PILAR").keys("q")
    assert t.ended() == 0


def what_was_found_is_in_the_numbers():
    line = pilar("stats", "--csv").split("\n")
    row = dict(zip(line[0].split(","), line[1].split(",")))
    assert row["verified"] == "2" and row["keyer_errors"] == "1", row
    assert row["keyer_errors_per_thousand"] == "500.0", row


setup()
sys.exit(run([
    a_record_is_keyed,
    keyed_again_it_goes_on_after_a_hang_up,
    what_was_found_is_in_the_numbers,
]))
