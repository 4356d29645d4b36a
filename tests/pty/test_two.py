#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Several people at one store: who is there, whose work it is, what one does
seen by the other at once; and the lock for whoever leaves the desk."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../lib"]
import tap  # noqa: E402
from terminal import Terminal  # noqa: E402

SECRET = "empat kata yang panjang"
pilar = tap.Program("two", kit=HERE + "/kit")
guarded = pilar.work + "/guarded"


def start(*words, store=None):
    return Terminal([tap.PILAR, "--store", store or pilar.store, *words])


def setup():
    pilar.done("init", "--code", "dewi", "--name", "Dewi Lestari", "--role",
               "PSM", "--village", "Kaliawi", "--yes")


def begin(t):
    """The form for a new shop: from the second one on after a search."""
    t.wait("Toko").keys("b").wait("> 1   Daftar toko").keys("1")
    if t.wait_any("A. Toko", "cari dulu") == "cari dulu":
        t.keys("zzz<Enter>b")
    return t.wait("A. Toko")


def home(t):
    t.keys("<Esc>")
    if t.wait_any("Sinkronisasi", "ke baris") == "ke baris":
        t.keys("<Esc>").wait("Sinkronisasi")


def register(t, name):
    """A shop, through the review."""
    begin(t).keys(name + "<Enter>36<Enter>12071985")
    t.wait("B. Barang").keys("2").wait("[2]").keys("<Enter>")
    t.wait("Tinjau").keys("f").wait("Tersimpan")
    home(t)


def leave(t):
    t.keys("q")
    assert t.ended() == 0


def one_worker_is_not_asked_who_is_there():
    t = start()
    t.wait("Dewi Lestari (PSM)").wait("Kaliawi")
    leave(t)


def several_are_asked_and_the_choice_speaks_their_language():
    pilar.done("--worker", "dewi", "worker", "add", "sari", "--name",
               "Sari Wulandari", "--lang", "en")
    t = start()
    t.wait("Siapa yang bekerja?").wait("1   Dewi Lestari")
    t.wait("2   Sari Wulandari").keys("?").wait("Bantuan")
    t.keys("<Esc>").wait("> 1").keys("<Down><Enter>")
    t.wait("Sari Wulandari (PSM)").wait("Settings")
    leave(t)


def leaving_the_question_ends_the_program():
    t = start()
    t.wait("Siapa yang bekerja?").keys("<Esc>")
    assert t.ended() == 0


def a_named_worker_is_not_asked_and_must_be_one():
    t = start("--worker", "sari", "--lang", "id")
    t.wait("Sari Wulandari (PSM)")
    leave(t)
    pilar.refused(("--worker", "budi", "find", "x"), "petugas")


def what_one_records_the_other_sees_at_once():
    sari = start("--worker", "sari", "--lang", "id")
    dewi = start("--worker", "dewi")
    sari.wait("Toko").keys("t").wait(" Toko  ")
    register(dewi, "Maju Jaya")
    sari.keys("maju").wait("1 cocok").keys("<Enter><Enter>")
    sari.wait("Maju Jaya").wait("Riwayat").wait("dewi")
    register(dewi, "Sumber Rejeki")
    sari.keys("<Esc><Esc>").wait("Sinkronisasi").keys("tsumb").wait("1 cocok")
    sari.keys("<Esc>").wait("Sinkronisasi")
    register(sari, "Toko Sari")
    dewi.keys("ttoko sari").wait("1 cocok").keys("<Enter><Enter>")
    dewi.wait("Riwayat").wait("sari")
    dewi.keys("<Esc><Esc>").wait("Sinkronisasi")
    leave(sari)
    leave(dewi)
    rows = pilar.asked("--worker", "dewi", "find", "toko sari")
    case = pilar.asked("--worker", "dewi", "case", "show", rows[0]["id"])
    assert [e["worker"] for e in case["events"]] == ["sari"], case["events"]


def a_draft_is_its_worker_s():
    sari = start("--worker", "sari", "--lang", "id")
    begin(sari).keys("Setengah<Enter>").wait("[Setengah")
    home(sari)
    sari.wait("terakhir")
    dewi = start("--worker", "dewi")
    dewi.wait("Draf belum selesai              0").keys("d")
    dewi.wait("> Daftar toko").wait("  sari")
    dewi.keys("<Esc>").wait("Sinkronisasi")
    leave(dewi)
    leave(sari)
    rows = pilar.asked("--worker", "dewi", "draft", "list")
    assert [r["worker"] for r in rows] == ["sari"], rows


def the_lock_hides_everything_and_keeps_what_is_half_typed():
    t = start("--worker", "dewi")
    begin(t).keys("Maj").wait("[Maj").keys("<C-x>")
    t.wait("terkunci").gone("Maj")
    t.keys("q<Esc>x").wait("terkunci").keys("<Enter>").wait("[Maj")
    t.keys("u")
    home(t)
    t.keys("x").wait("terkunci")
    t.keys("<Enter>").wait("Sinkronisasi")
    leave(t)


def a_store_with_a_passphrase_asks_for_it_again():
    r, w = os.pipe()
    os.write(w, SECRET.encode() + b"\n")
    os.close(w)
    subprocess.run([tap.PILAR, "--store", guarded, "--data", HERE + "/kit",
                    "--pass-fd", str(r), "init", "--code", "dewi", "--name",
                    "Dewi", "--yes"], check=True, pass_fds=(r,),
                   stdin=subprocess.DEVNULL, capture_output=True)
    t = start(store=guarded)
    t.wait("Kata sandi:").keys(SECRET + "<Enter>").wait("Toko").keys("<C-x>")
    t.wait("terkunci").keys("<Enter>").wait("Kata sandi salah")
    t.keys("empat kata").wait("**********").gone("empat")
    t.keys("<Enter>").wait("Kata sandi salah").gone("*****")
    t.keys(SECRET + "<Enter>").wait("Sinkronisasi")
    leave(t)


setup()
sys.exit(pilar.test([
    one_worker_is_not_asked_who_is_there,
    several_are_asked_and_the_choice_speaks_their_language,
    leaving_the_question_ends_the_program,
    a_named_worker_is_not_asked_and_must_be_one,
    what_one_records_the_other_sees_at_once,
    a_draft_is_its_worker_s,
    the_lock_hides_everything_and_keeps_what_is_half_typed,
    a_store_with_a_passphrase_asks_for_it_again,
]))
