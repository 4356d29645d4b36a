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


def decide(store, dataset, uuid, answers, why="ditelepon"):
    path = pilar.write("answers.jsonl", [
        {"op": "set", "ref": ref, "value": value} for ref, value in
        answers + [("/data/ringkasan/dasar", why)]])
    good(store, "fill", "putusan_isi", "--entity", f"{dataset}:{uuid}",
         "--answers", path)


def the_decision_is_a_submission_that_others_take_over():
    decide("budi", "keluarga", ID, [
        ("/data/isi_keluarga/data_keluarga", "k_hp"),
        ("/data/isi_keluarga/k_hp", "081211112222")])
    assert data("budi", "case", "conflicts") == []
    carry("budi", "dewi")
    assert data("dewi", "case", "conflicts") == []
    for store in ("budi", "dewi"):
        case = data(store, "case", "show", ID)
        assert case["properties"]["hp"] == "081211112222", case


def any_property_is_asked_as_its_own_form_asks_it():
    for store, desil in (("dewi", "1"), ("budi", "3")):
        fill(store, "ubah_keluarga", [
            ("/data/awal/topik", "bantuan_topik"),
            ("/data/bantuan_topik/desil", desil),
            ("/data/bantuan_topik/desil_tgl", "2026-01-01")])
    carry("dewi", "budi")
    sides = {s["property"]: s for s in data("budi", "case", "conflicts", ID)}
    assert sides["desil"]["asked"], sides
    assert sides["desil"]["label"] == "Desil DTSEN (1-10)", sides
    decide("budi", "keluarga", ID, [
        ("/data/isi_keluarga/data_keluarga", "k_desil"),
        ("/data/isi_keluarga/k_desil", "1")])
    assert data("budi", "case", "conflicts") == []
    assert data("budi", "case", "show", ID)["properties"]["desil"] == "1"
    carry("budi", "dewi")


PLACE = [("awal/prov", "18"), ("awal/kab", "18.71"), ("awal/kec", "18.71.01"),
         ("awal/desa", "18.71.01.1003")]


def institution(store, leader, uuid=None):
    path = pilar.write("psks.jsonl", [
        {"op": "set", "ref": "/data/" + ref, "value": value}
        for ref, value in PLACE + [
            ("umum/tipe", "08"),
            ("alamat_kontak/nama", "Paguyuban Contoh"),
            ("alamat_kontak/aktif", "ya"),
            ("lembaga/pengurus", leader)]])
    start = ["--entity", "psks:" + uuid] if uuid else []
    good(store, "fill", "psks", *start, "--answers", path)


def so_is_one_of_another_list():
    """An institution, whose leader two people wrote down differently."""
    institution("dewi", "Bu Rina")
    carry("dewi", "budi")
    uuid = data("budi", "find", "paguyuban", "--dataset", "psks")[0]["id"]
    institution("dewi", "Pak Anton", uuid)
    institution("budi", "Bu Wati", uuid)
    carry("dewi", "budi")
    sides = data("budi", "case", "conflicts", uuid)
    assert [(s["property"], s["asked"]) for s in sides] == [
        ("pengurus", True)], sides
    decide("budi", "psks", uuid, [
        ("/data/isi_psks/data_psks", "p_pengurus"),
        ("/data/isi_psks/p_pengurus", "Pak Anton")])
    carry("budi", "dewi")
    for store in ("budi", "dewi"):
        assert data(store, "case", "conflicts") == []
        case = data(store, "case", "show", uuid)
        assert case["properties"]["pengurus"] == "Pak Anton", case


setup()
sys.exit(pilar.test([what_differs_is_listed_and_shown_with_who_said_it,
                     the_decision_is_a_submission_that_others_take_over,
                     any_property_is_asked_as_its_own_form_asks_it,
                     so_is_one_of_another_list]))
