#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The first start without a store, from the language to the home screen."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../lib"]
from tap import run  # noqa: E402
from terminal import PATIENCE, Terminal  # noqa: E402

PILAR = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
WORK = tempfile.mkdtemp(prefix="pilar-first-")


def start(store):
    return Terminal([PILAR, "--store", store])


def a_store_is_made_and_home_opens():
    store = os.path.join(WORK, "satu")
    t = start(store)
    t.wait("Bahasa / Language").keys("1")
    t.wait("data latihan").keys("1")
    t.wait("Kode petugas").keys("Dewi Lestari<Enter><Enter><Enter>"
                                "Kaliawi<Enter><Enter>")
    t.wait("Kaliawi - Dewi Lestari (PSM)").keys("q")
    assert t.ended() == 0
    t = start(store)
    t.wait("Kaliawi - Dewi Lestari (PSM)").keys("q")
    assert t.ended() == 0


def a_passphrase_given_at_the_start_is_asked_for_from_then_on():
    store = os.path.join(WORK, "sandi")
    t = start(store)
    t.wait("Bahasa / Language").keys("1").wait("data latihan").keys("1")
    t.wait("Kata sandi (bila mau)").keys("Dewi<Enter><Enter><Enter><Enter>")
    t.keys("empat kata<Enter>empat kata<Enter>").wait("Tekan Enter")
    t.keys("<Enter>").wait("Dewi (PSM)").keys("q")
    assert t.ended() == 0
    t = start(store)
    t.wait("Kata sandi:").keys("empat kata<Enter>").wait("Dewi (PSM)")
    t.keys("q")
    assert t.ended() == 0


def leaving_makes_nothing():
    store = os.path.join(WORK, "dua")
    t = start(store)
    t.wait("Bahasa / Language").keys("1")
    t.wait("data latihan").keys("<Esc>")
    t.wait("Bahasa / Language").keys("<Esc>")
    assert t.ended() == 0
    assert not os.path.exists(store)


def practice_lies_beside_the_store():
    store = os.path.join(WORK, "tiga")
    t = start(store)
    t.wait("Bahasa / Language").keys("1")
    t.wait("data latihan").keys("2")
    t.wait("(data contoh)").keys("q")
    assert t.ended() == 0
    assert not os.path.exists(store)
    assert os.path.exists(store + "-latihan")


def without_a_terminal_nothing_is_asked():
    store = os.path.join(WORK, "empat")
    r = subprocess.run([PILAR, "--store", store], stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=PATIENCE)
    assert r.returncode == 1 and r.stderr, r
    assert not os.path.exists(store)


def main():
    if not os.path.exists(PILAR):
        print("1..1\nok 1 - first start # SKIP no program at %s" % PILAR)
        return 0
    try:
        return run([
            a_store_is_made_and_home_opens,
            a_passphrase_given_at_the_start_is_asked_for_from_then_on,
            leaving_makes_nothing,
            practice_lies_beside_the_store,
            without_a_terminal_nothing_is_asked,
        ])
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


sys.exit(main())
