#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts, lists and papers: what recaps.csv says of the practice store, beside
the same counted here from the program's own lists."""
import csv
import datetime
import io
import os
import re
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
    pilar.done("demo", "--now", "2026-11-21", "--seed", "7")
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


def a_count_is_a_whole_number_in_json():
    parts = pilar.asked("recap", "kegiatan", "--by", "-")
    counts = [v for row in parts[0]["rows"] for v in row.values()]
    assert any(isinstance(v, int) and v > 0 for v in counts), counts
    assert all(v != int(v) for v in counts if isinstance(v, float)), counts


def each_person_counts_once_in_the_total():
    rows = table("pmks", "--by", "-")
    names = [r for r in table("bnba")
             if not r["catatan"].startswith("keluarga, ")]
    people = set((r["nik"], r["nama"], r["tgl_lahir"]) for r in names)
    for row in rows[:-1]:
        persons = int(row["Orang"])
        assert persons == int(row["L"]) + int(row["P"])
        assert persons == sum(int(row[k]) for k in (
            "0-5", "6-17", "18", "19-59", "60+", "Umur ?")), row
    assert int(rows[-1]["Orang"]) == len(people) < len(names)
    assert len(rows) == 27


def first_table(html):
    """Rows of cells, without those that count nothing."""
    html = html[:html.index("</table>")]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row)
            for row in html.split("<tr")]
    return [r for r in rows if r and set(r[1:]) != {"-"}]


def the_whole_stands_before_its_parts():
    for name, by, words in (("pmks", "desa", []), ("layanan", "desa", []),
                            ("kinerja", "bulan", []),
                            ("gerak", "desa", ["--month", "2026-10"])):
        parts = pilar.done("recap", name, "--by", by, "--html", "-", *words)
        whole = pilar.done("recap", name, "--by", "-", "--html", "-", *words)
        assert "Seluruhnya</h2>" in parts and "Seluruhnya" not in whole
        parts = parts[parts.index("Seluruhnya</h2>"):]
        assert first_table(parts) == first_table(whole), name


def numbers_are_written_as_people_write_them():
    for lang, hours, rupiah in (("id", r"\d,5", r"\d\.\d\d\d\.\d\d\d"),
                                ("en", r"\d\.5", r"\d,\d\d\d,\d\d\d")):
        words = ("--lang", lang, "recap")
        assert re.search(hours, pilar.done(*words, "kegiatan", "--by", "-"))
        assert re.search(rupiah, pilar.done(*words, "lks", "--by", "-"))
    assert re.search(r"\d{7}", pilar.done("recap", "lks", "--csv", "-"))


def parts_add_up_to_the_whole():
    for name in ("pmks", "psks", "layanan", "kegiatan", "bantuan"):
        whole = table(name, "--by", "-")
        head, count = list(whole[0])[:2]
        parts = {}
        for row in table(name):
            parts[row[head]] = parts.get(row[head], 0) + int(row[count])
        assert {r[head]: int(r[count]) for r in whole
                if r[count] != "0"} == {k: v for k, v in parts.items() if v}, \
            name


def a_period_holds_what_was_done_in_it():
    whole = int(table("kinerja", "--by", "-")[-1]["Isian"])
    months = 0
    for year in (2025, 2026):
        for month in range(1, 13):
            rows = table("kinerja", "--by", "-", "--month",
                         "%d-%02d" % (year, month))
            months += int(rows[-1]["Isian"])
    assert whole == months > 500
    assert table("kinerja", "--from", "2026-10-01", "--to", "2026-10-31") == \
        table("kinerja", "--month", "2026-10")


def the_monthly_report_has_heading_period_place_date_and_signatures():
    text = pilar.done("recap", "bulanan", "--month", "2026-10")
    out = os.path.join(pilar.work, "x.csv")
    pilar.done("recap", "pmks", "-o", out)
    with open(out) as f:
        assert f.read() == pilar.done("recap", "pmks", "--csv", "-")
    this = pilar.done("recap", "bulanan")
    assert "Masa laporan" in this and "awal" not in this.split("\n")[6]
    for part in ("Laporan bulanan TKSK", "01-10-2026 s.d. 31-10-2026",
                 "No. Tanggal", "Pelapor", "Mengetahui"):
        assert part in text, part
    assert "  1 0" in text


def a_month_that_is_not_over_is_as_it_is_today():
    month = datetime.date.today().strftime("%Y-%m")
    assert table("terbuka", "--month", month) == table("terbuka")


def a_letter_is_about_one_referral():
    found = pilar.asked("find", "a", "--dataset", "rujukan")[0]["id"]
    letter = pilar.done("case", "print", found, "surat_rujukan")
    assert "Surat rujukan" in letter and "Kepada" in letter
    letters = [pilar.done("case", "print", r["id"], "surat_rujukan")
               for r in pilar.asked("find", "--dataset", "rujukan",
                                    "--where", "berkas=*")[:20]]
    papers = [re.search(r"Berkas terlampir *: (.*)", x) for x in letters]
    papers = [p.group(1) for p in papers if p]
    assert papers and all(p == p.strip(", ") for p in papers)
    assert not re.search(r"\b(ktp|kk|sktm|ba_musdes)\b", " ".join(papers))
    # of an institution the village stands beside the street
    of = [re.search(r"Kepada *: LKS.*\nAlamat *: (.*)", x) for x in letters]
    assert any(of) and all(re.match(r"Jl\. .*, \w", m.group(1))
                           for m in of if m)
    pilar.refused(("recap", "surat_rujukan"), "tentang satu catatan")
    pilar.refused(("case", "print", found, "ringkasan_keluarga"),
                  "tentang satu catatan")
    house = pilar.asked("find", "a", "--dataset", "keluarga")[0]["id"]
    assert "Anggota keluarga" in pilar.done("case", "print", house,
                                            "ringkasan_keluarga")


def an_installed_form_is_printed_by_its_id():
    page = os.path.join(pilar.work, "blank.txt")
    pilar.done("form", "print", "kunjungan", "-o", page)
    with open(page) as f:
        assert "Kunjungan rumah" in f.read()
    pilar.refused(("form", "print", "tidakada", "-o", page), "tidakada")


def what_is_asked_wrongly_is_said():
    pilar.refused(("recap", "tidakada"), "tidakada", "pilar recap")
    pilar.refused(("recap", "pmks", "--by", "warna"), "--by")
    pilar.refused(("recap", "pmks", "--month", "2026-13"), "--month")
    pilar.refused(("recap", "kinerja", "--from", "kemarin"), "--from")
    pilar.refused(("recap", "bulanan", "--csv", "-"), "bukan tabel")
    pilar.refused(("recap", "pmks", "-o", "/tidak/ada/x.txt"), "/tidak/ada")


def printing_is_in_the_log():
    acts = pilar.asked("store", "log")
    assert any("bnba" in str(act) for act in acts)


def an_office_adds_a_recap_to_a_store_that_exists():
    with open(os.path.join(tap.ROOT, "forms/recaps.csv")) as f:
        shipped = f.read()
    more = ("kantor,title,,Kantor,Office,\nkantor,source,orang,,,\n"
            "kantor,rows,,L/P,M/F,jk\nkantor,measure,,Orang,Persons,1\n")
    pilar.done("form", "add", pilar.write("recaps.csv", shipped + more))
    rows = table("kantor")
    assert len(rows) == 3 and int(rows[-1]["Orang"]) > 800, rows
    pilar.refused(("form", "add", pilar.write(
        "recaps.csv", shipped + more + "kantor,apa,,,,\n")),
        "recaps.csv", "kolom kind")
    assert table("kantor") == rows
    lists = "name,label,level,parent\n18,Lampung,1,\n11,Aceh,1,\n"
    pilar.done("form", "add", pilar.write("wilayah.csv", lists))
    pilar.refused(("form", "add", pilar.write("wilayah.csv", "a b,c\n")),
                  "wilayah.csv")
    pilar.refused(("form", "add", pilar.write(
        "datasets.csv", "dataset,kind,name,value\nx,apa,,\n")),
        "datasets.csv", "baris 2")


HEAD = "recap,kind,name,label::id,label::en,value\n"
COUNT = "x,title,,X,X,\nx,source,orang,,,\nx,rows,,R,R,1\nx,measure,,M,M,1\n"


def a_wrong_file_is_refused_with_row_and_column():
    rows = [
        ("x,title,,X,X,\nx,source,a,,,\nx,rows,,R,R,1 +\nx,measure,,M,M,1\n",
         "baris 4"),
        ("x,title,,X,X,\nx,source,a,,,\nx,rows,,R,R,1\n", "measure"),
        ("x,title,,X,X,\nx,apa,,,,\n", "kind"),
        ("x,source,a,,,\nx,rows,,R,R,1\n", "title"),
        ("x,title,,X,X,\nx,rows,,R,R,1\n", "source"),
        ("x,title,,X,X,\nx,part,y,,,\n", "name"),
        (COUNT + "x,source,keluarga,,,\n", "baris 6"),
        ("x,title,,X,X,\nx,rows,,R,R,1\nx,source,a,,,\nx,measure,,M,M,1\n",
         "rows"),
        ("x,title,,X,X,\nx,source,a,,,\nx,column,c,C,C,1\nx,source,b,,,\n",
         "column"),
        (COUNT + "x,moves,,,,\n", "moves"),
        (COUNT + 'x,separator,"""",,,\n', "pemisah"),
        (COUNT + 'x,separator,;;,,,\n', "tab"),
        (COUNT + "x,let,,,,1\n", "name"),
        (COUNT + "x,note,,,,\n", "label"),
        (COUNT + "x,note,,N,N,\n" * 2000, "banyak"),
        (COUNT + 'x,note,,"N,N,\n', "recaps.csv"),
        (COUNT + "x,filter,,,,%s1%s\n" % ("(" * 5000, ")" * 5000), "value"),
    ]
    for text, part in rows:
        kit = os.path.join(pilar.work, "kit")
        pilar.write("kit/recaps.csv", HEAD + text)
        result = pilar("--data", kit, "init", "--code", "a", "--name", "A",
                       "--no-pass", "--yes",
                       store=pilar.work + "/none")
        assert result.returncode == 1 and "recaps.csv" in result.stderr and \
            part in result.stderr, (text[:300], result.stderr[:500])


def what_is_written_in_it_steers_nothing():
    bad = "\x1b[31m<b>\x07&amp;"
    lines = HEAD + "".join(
        "jahat,%s\n" % line for line in [
            "title,,%s,%s," % (bad, bad), "note,,%s,%s," % (bad, bad),
            "source,orang,,,", "rows,,%s,%s,'=1+1|%s'" % (bad, bad, bad),
            "measure,,%s,%s,-1" % (bad, bad),
            "measure,,Besar,Big,1 div 0", "measure,,Teks,Text,'abc'"] +
        ["measure,,M%d,M%d,%d" % (i, i, i) for i in range(60)])
    pilar.done("form", "add", pilar.write("recaps.csv", lines))
    for flags in ((), ("--html", "-"), ("--csv", "-")):
        text = pilar.done("recap", "jahat", *flags)
        assert "\x1b" not in text and "\x07" not in text, flags
        assert "M59" in text
    page = pilar.done("recap", "jahat", "--html", "-")
    assert "<b>" not in page.split("</style>")[1], page[-500:]
    plain = pilar.done("recap", "jahat").replace("\ufffd", "")
    assert all(len(line) <= 80 for line in plain.split("\n")), plain
    row = list(csv.reader(io.StringIO(pilar.done("recap", "jahat", "--csv",
                                                 "-"))))[1]
    assert row[0].startswith("'=1+1"), row[0]
    assert int(row[1]) < 0 and row[2] == row[3] == "0", row[:5]


sys.exit(pilar.test([
    every_recap_and_list_is_printed_four_ways,
    a_count_is_a_whole_number_in_json, each_person_counts_once_in_the_total,
    the_whole_stands_before_its_parts,
    numbers_are_written_as_people_write_them,
    parts_add_up_to_the_whole,
    a_period_holds_what_was_done_in_it,
    the_monthly_report_has_heading_period_place_date_and_signatures,
    a_month_that_is_not_over_is_as_it_is_today,
    a_letter_is_about_one_referral,
    an_installed_form_is_printed_by_its_id,
    what_is_asked_wrongly_is_said,
    printing_is_in_the_log,
    an_office_adds_a_recap_to_a_store_that_exists,
    a_wrong_file_is_refused_with_row_and_column,
    what_is_written_in_it_steers_nothing,
]))
