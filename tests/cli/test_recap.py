#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts, lists and papers: what recaps.csv says of the practice store, beside
the same counted here from the program's own lists."""
import csv
import io
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE + "/../lib", HERE + "/../forms"]
import tap  # noqa: E402
from test_print import Page  # noqa: E402

pilar = tap.Program("recap")


def table(name, *words):
    text = pilar.done("recap", name, "--csv", "-", *words)
    first = text.split("\n")[0]
    return list(csv.DictReader(io.StringIO(text),
                               delimiter=";" if ";" in first else ","))


def every_recap_and_list_is_printed_four_ways():
    pilar.done("demo")
    names = pilar.asked("recap")
    assert len(names) > 15
    for recap in names:
        name = recap["name"]
        plain = pilar("recap", name)
        if plain.returncode:
            assert "tentang satu catatan" in plain.stderr, plain.stderr
            continue
        assert recap["title"] in plain.stdout
        assert all(len(line) <= 80 for line in plain.stdout.split("\n"))
        page = Page()
        page.feed(pilar.done("recap", name, "--html", "-"))
        assert not page.open and recap["title"] in page.text
        if not pilar("recap", name, "--csv", "-").returncode:
            pilar.asked("recap", name)


def persons_by_type_are_those_of_the_list_of_names():
    of_type = {}
    for row in table("bnba"):
        types = [row["kode_kategori"][5:]]
        if row["catatan"].startswith("semua: "):
            types = row["catatan"][7:].split(";")[0].split(",")
        for t in types:
            of_type[t] = of_type.get(t, 0) + 1
    rows = table("pmks", "--by", "-")
    for row in rows[:-1]:
        code = row["Jenis PPKS (PMKS)"][:2]
        persons = int(row["L"]) + int(row["P"])
        assert persons == of_type.get(code, 0), row
        ages = sum(int(row[k]) for k in ("0-5", "6-17", "18-59", "60+",
                                         "Umur?"))
        assert ages == persons and int(row["Jumlah"]) == \
            persons + int(row["KK"]) + int(row["KAT"]), row
    assert len(rows) == 27 and sum(of_type.values()) > 20


def parts_add_up_to_the_whole():
    for name in ("pmks", "psks", "layanan", "kegiatan"):
        head = list(table(name, "--by", "-")[0])[0]
        whole = {r[head]: int(r["Jumlah"]) for r in table(name, "--by", "-")}
        parts = {}
        for row in table(name):
            parts[row[head]] = parts.get(row[head], 0) + int(row["Jumlah"])
        assert {k: v for k, v in whole.items() if v} == parts, name


def a_period_holds_what_was_done_in_it():
    whole = {r["Formulir"]: int(r["Jumlah"]) for r in table("kerja")}
    months = {}
    for month in ["2025-12"] + ["2026-%02d" % m for m in range(1, 13)]:
        for row in table("kerja", "--month", month):
            form = row["Formulir"]
            months[form] = months.get(form, 0) + int(row["Jumlah"])
    assert whole == months and whole["Jumlah"] > 500
    assert table("kerja", "--from", "2026-10-01", "--to", "2026-10-31") == \
        table("kerja", "--month", "2026-10")


def the_monthly_report_has_heading_period_place_date_and_signatures():
    text = pilar.done("recap", "bulanan", "--month", "2026-10")
    for part in ("Laporan bulanan TKSK", "01-10-2026 s.d. 31-10-2026",
                 "No. Tanggal", "Pelapor", "Mengetahui"):
        assert part in text, part
    assert "  1 0" in text


def a_letter_is_about_one_referral():
    found = pilar.asked("find", "a", "--dataset", "rujukan")[0]["id"]
    letter = pilar.done("case", "print", found, "surat_rujukan")
    assert "Surat rujukan" in letter and "Kepada" in letter
    pilar.refused(("recap", "surat_rujukan"), "tentang satu catatan")
    pilar.refused(("case", "print", found, "ringkasan_keluarga"),
                  "tentang satu catatan")
    house = pilar.asked("find", "a", "--dataset", "keluarga")[0]["id"]
    assert "Anggota keluarga" in pilar.done("case", "print", house,
                                            "ringkasan_keluarga")


def what_is_asked_wrongly_is_said():
    pilar.refused(("recap", "tidakada"), "tidakada", "pilar recap")
    pilar.refused(("recap", "pmks", "--by", "warna"), "--by")
    pilar.refused(("recap", "pmks", "--month", "2026-13"), "--month")
    pilar.refused(("recap", "kerja", "--from", "kemarin"), "--from")
    pilar.refused(("recap", "bulanan", "--csv", "-"), "bukan tabel")
    pilar.refused(("recap", "pmks", "-o", "/tidak/ada/x.txt"), "/tidak/ada")


def printing_is_in_the_log():
    acts = pilar.asked("store", "log")
    assert any("bnba" in str(act) for act in acts)


def a_wrong_file_is_refused_with_row_and_column():
    head = "recap,kind,name,label::id,label::en,value\n"
    rows = [
        ("x,title,,X,X,\nx,source,a,,,\nx,rows,,R,R,1 +\n", "baris 4"),
        ("x,title,,X,X,\nx,apa,,,,\n", "kind"),
        ("x,source,a,,,\nx,rows,,R,R,1\n", "title"),
        ("x,title,,X,X,\nx,rows,,R,R,1\n", "source"),
        ("x,title,,X,X,\nx,part,y,,,\n", "name"),
    ]
    for text, part in rows:
        kit = os.path.join(pilar.work, "kit")
        pilar.write("kit/recaps.csv", head + text)
        result = pilar("--data", kit, "init", "--code", "a", "--name", "A",
                       "--no-pass", "--yes",
                       store=pilar.work + "/none")
        assert result.returncode == 1 and "recaps.csv" in result.stderr and \
            part in result.stderr, (text, result.stderr)


sys.exit(pilar.test([
    every_recap_and_list_is_printed_four_ways,
    persons_by_type_are_those_of_the_list_of_names,
    parts_add_up_to_the_whole,
    a_period_holds_what_was_done_in_it,
    the_monthly_report_has_heading_period_place_date_and_signatures,
    a_letter_is_about_one_referral,
    what_is_asked_wrongly_is_said,
    printing_is_in_the_log,
    a_wrong_file_is_refused_with_row_and_column,
]))
