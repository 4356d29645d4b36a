#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Two who said different things of one case: shown side by side, decided by
a submission like any other."""
import glob
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("conflict")
WORK = pilar.work
FORM = tap.ROOT + "/tests/forms/daftar.jsonl"
ID = ""


def good(store, *words):
    return pilar.done("-q", *words, store=f"{WORK}/{store}")


def data(store, *words):
    return pilar.asked("-q", *words, store=f"{WORK}/{store}")


def fill(store, form, answers):
    path = pilar.write("answers.jsonl", [
        {"op": "set", "ref": ref, "value": value} for ref, value in answers])
    return good(store, "fill", form, "--entity", f"keluarga:{ID}",
                "--answers", path)


def change(store, phone, address):
    fill(store, "ubah_keluarga", [
        ("/data/awal/topik", "alamat_topik"),
        ("/data/alamat_topik/hp", phone),
        ("/data/alamat_topik/alamat", address)])


def carry(source, target):
    made = data(source, "sync", "export", "-o", WORK)["file"]
    data(target, "sync", "import", "--accept", made)


def setup():
    global ID
    for name in ("dewi", "budi"):
        good(name, "init", "--code", name, "--name", name.title(), "--yes",
             "--no-pass")
    good("dewi", "fill", "pendaftaran_keluarga", "--answers",
         pilar.write("house.jsonl", tap.acts(FORM)))
    carry("dewi", "budi")
    ID = data("budi", "find", "siti aminah", "--dataset", "keluarga")[0]["id"]
    change("dewi", "081211112222", "Jl. Melati 7")
    change("budi", "081344445555", "Jl. Melati 7")
    carry("dewi", "budi")


def what_differs_is_listed_and_shown_with_who_said_it():
    assert data("dewi", "case", "conflicts") == []
    rows = data("budi", "case", "conflicts")
    assert [(r["id"], r["hard"]) for r in rows] == [(ID, True)], rows
    sides = data("budi", "case", "conflicts", ID)
    assert [s["property"] for s in sides] == ["hp"], sides
    side = sides[0]
    assert {side["first"], side["second"]} == {"081211112222",
                                               "081344445555"}, side
    assert {side["first_by"]["worker"],
            side["second_by"]["worker"]} == {"dewi", "budi"}, side
    assert side["label"] == "Nomor HP" and side["asked"], side
    text = good("budi", "case", "conflicts", ID)
    assert "081211112222" in text and "dewi" in text, text
    pilar.refused(["case", "conflicts", "0" * 8], "tidak ada",
                  store=WORK + "/budi")


def the_decision_is_a_submission_that_others_take_over():
    fill("budi", "putusan jenis=konflik", [
        ("/data/konflik/isi_konflik", "ik_hp"),
        ("/data/konflik/konflik_dasar", "ditelepon"),
        ("/data/konflik/ik_hp", "081211112222")])
    assert data("budi", "case", "conflicts") == []
    carry("budi", "dewi")
    assert data("dewi", "case", "conflicts") == []
    for store in ("budi", "dewi"):
        case = data(store, "case", "show", ID)
        assert case["properties"]["hp"] == "081211112222", case


def what_the_form_does_not_ask_is_decided_as_it_stands():
    for store, desil in (("dewi", "1"), ("budi", "3")):
        fill(store, "ubah_keluarga", [
            ("/data/awal/topik", "bantuan_topik"),
            ("/data/bantuan_topik/desil", desil),
            ("/data/bantuan_topik/desil_tgl", "2026-01-01")])
    carry("dewi", "budi")
    sides = {s["property"]: s for s in data("budi", "case", "conflicts", ID)}
    assert not sides["desil"]["asked"], sides
    fill("budi", "putusan jenis=konflik", [
        ("/data/konflik/isi_konflik", "ik_lain"),
        ("/data/konflik/konflik_dasar", "sudah benar")])
    assert data("budi", "case", "conflicts") == []


setup()
sys.exit(pilar.test([what_differs_is_listed_and_shown_with_who_said_it,
                     the_decision_is_a_submission_that_others_take_over,
                     what_the_form_does_not_ask_is_decided_as_it_stands]))
