#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""import and workers, with a made-up dataset: no C knows its names."""
import json
import os
import sys
import threading
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("import", kit="kit")
done, asked, refused = pilar.done, pilar.asked, pilar.refused
PILAR, WORK, STORE, write = tap.PILAR, pilar.work, pilar.store, pilar.write
SAVES = 100

DATASETS = """dataset,kind,name,label::id,label::en,order,search,value
kebun,menu,k,Kebun,Gardens,,,
kebun,title,nama,Kebun,Garden,,,nama
kebun,column,nama,Nama kebun,Garden name,1,name,nama
kebun,unique,nomor,No.,No.,,,
pohon,menu,p,Pohon,Trees,,,
pohon,title,jenis,Pohon,Tree,,,jenis
pohon,column,jenis,Jenis,Kind,1,name,jenis
pohon,parent,kebun,Kebun,Garden,,,kebun
"""
GARDEN = """survey,,,,
,type,name,label,save_to
,text,nama,Nama,nama
,text,nomor,Nomor,nomor
,text,luas,Luas,luas
entities,,,,
,dataset,label,,
,kebun,${nama},,
"""
CHANGE = """survey,,,,,
,type,name,label,save_to,parameters
,select_one_from_file kebun.csv,kebun,Kebun,,value=name label=label
,text,luas,Luas,luas,
entities,,,,,
,dataset,entity_id,,,
,kebun,${kebun},,,
"""
TREE = """survey,,,,
,type,name,label,save_to
,text,jenis,Jenis,jenis
,text,kebun,Kebun,kebun
entities,,,,
,dataset,label,,
,pohon,${jenis},,
"""


def dump():
    return done("store", "dump", "--canonical")


def setup():
    write("kit/datasets.csv", DATASETS)
    write("kit/daftar_kebun.csv", GARDEN)
    write("kit/daftar_pohon.csv", TREE)
    write("kit/ubah_kebun.csv", CHANGE)
    done("init", "--code", "dewi", "--name", "Dewi", "--yes")


def a_list_becomes_entities_that_are_found():
    path = write("kebun.csv", "ID;Nama kebun;nomor;Luas tanah;catatan\r\n"
                 "K-1;Mawar;11;2 ha;x\r\nK-2;Melati;12;;y\r\n")
    words = ("import", "kebun", path, "--id", "ID", "--map",
             "Luas tanah=luas")
    before = dump()
    dry = json.loads(pilar("--json", *words, "--dry-run").stdout)
    assert dry["created"] == 2 and dry["dry_run"], dry
    assert dump() == before
    result = pilar("--json", *words)
    assert result.returncode == 0, result.stderr
    assert "catatan" in result.stderr  # a column nobody knows
    assert json.loads(result.stdout)["created"] == 2
    hit = asked("find", "mawar", "--dataset", "kebun")[0]
    shown = asked("case", "show", hit["id"])
    assert shown["properties"] == {"nama": "Mawar", "nomor": "11",
                                   "luas": "2 ha"}, shown
    assert [e["worker"] for e in shown["events"]] == ["dewi"]


def a_column_once_named_is_remembered():
    path = write("lagi.csv", "ID;Nama kebun;nomor;Luas tanah\n"
                 "K-1;Mawar;11;2 ha\n")
    out = asked("import", "kebun", path, "--id", "ID")
    assert (out["changed"], out["same"]) == (0, 1), out


def what_a_spreadsheet_damaged_is_refused_and_kept():
    rows = ["1;A;18710551022239%02d;2 ha" % i for i in range(20, 26)]
    path = write("rusak.csv", "ID;Nama kebun;nomor;Luas tanah\n" + "\n".join(
        [f"R{i}{r}" for i, r in enumerate(rows)] + [
            "R7;B;1,87E+15;", "R8;C;187105510222391;", "R9;D;12;31-02-2020",
            "R10;E;13;5/3/2020"]) + "\n")
    kept = WORK + "/ditolak.csv"
    result = pilar("--json", "import", "kebun", path, "--id", "ID",
                   "--refused", kept)
    out = json.loads(result.stdout)
    reasons = [r["reason"] for r in out["refused"]]
    assert out["created"] == 7, out
    assert "1,87E+15" in reasons[0] and "nol" in reasons[1], reasons
    assert "tanggal" in reasons[2], reasons
    lines = open(kept).read().splitlines()
    assert len(lines) == 4 and lines[1].startswith('"R7";"B"'), lines
    hit = asked("find", "--dataset", "kebun", "--where", "nomor=13")[0]
    shown = asked("case", "show", hit["id"])
    assert shown["properties"]["luas"] == "2020-03-05", shown


def the_same_list_again_changes_nothing():
    before, path = dump(), WORK + "/kebun.csv"
    words = ("import", "kebun", path, "--id", "ID", "--map",
             "Luas tanah=luas")
    out = asked(*words)
    assert (out["created"], out["changed"], out["same"]) == (0, 0, 2), out
    assert dump() == before
    text = open(path).read().replace("Melati", "Melati Baru")
    write("kebun.csv", text)
    out = asked(*words)
    assert (out["created"], out["changed"], out["same"]) == (0, 1, 1), out


def sheet_xml(rows, merged=()):
    return "<worksheet><sheetData>%s</sheetData>%s</worksheet>" % ("".join(
        "<row>%s</row>" % "".join(
            "<c%s><v>%s</v></c>" % ("" if isinstance(cell, (int, float))
                                    else ' t="str"', cell) for cell in row)
        for row in rows), "".join('<mergeCell ref="%s"/>' % m for m in merged))


def workbook(name, sheets, merged=()):
    path = os.path.join(WORK, name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/workbook.xml", '<workbook xmlns:r="r"><sheets>%s'
                   "</sheets></workbook>" % "".join(
                       '<sheet name="%s" r:id="r%d"/>' % (title, i)
                       for i, (title, _) in enumerate(sheets)))
        z.writestr("xl/_rels/workbook.xml.rels",
                   "<Relationships>%s</Relationships>" % "".join(
                       '<Relationship Id="r%d" Target="s%d.xml"/>' % (i, i)
                       for i in range(len(sheets))))
        for i, (_, rows) in enumerate(sheets):
            z.writestr("xl/s%d.xml" % i, sheet_xml(rows, merged))
    return path


def a_workbook_is_read_and_its_refused_rows_come_back_as_one():
    path = workbook("kebun.xlsx", [
        ("Sampul", []),
        ("Kebun", [["DAFTAR KEBUN"], ["ID", "Nama Kebun", "Nomor"],
                   ["W-1", "Anyelir", "1871011203040001"],
                   ["W-2", "Bakung", 1.87101120304e+15],
                   ["W-3", "Cempaka", 1871011203040003]]),
        ("Lain", [["ID", "Nama Kebun"], ["W-9", "Edelweis"]])])
    kept = os.path.join(WORK, "ditolak.xlsx")
    result = pilar("--json", "import", "kebun", path, "--id", "ID",
                   "--refused", kept)
    out = json.loads(result.stdout)
    assert (out["rows"], out["created"]) == (3, 2), out
    assert [(r["row"], r["column"]) for r in out["refused"]] == [
        (4, "Nomor")], out
    assert "Kebun" in result.stderr  # which sheet
    assert [c["property"] for c in out["columns"]] == ["", "nama", "nomor"]
    again = json.loads(pilar("--json", "import", "kebun", kept, "--id",
                             "ID").stdout)
    assert [(r["row"], r["reason"]) for r in again["refused"]] == [
        (2, out["refused"][0]["reason"])], again
    out = asked("import", "kebun", path, "--id", "ID", "--sheet", "lain")
    assert out["created"] == 1, out
    refused(("import", "kebun", path, "--sheet", "tidak ada"), "tidak ada")


def what_is_merged_over_rows_is_said_of_each():
    path = workbook("pohon.xlsx", [("Pohon", [
        ["POHON", ""], ["ID", "kebun", "Jenis", "Ukuran"],
        ["", "", "", "Tinggi", "Lebar"],
        ["P-1", "W-1", "Jambu"], ["P-2", "", "Mangga"],
        ["", "", ""], ["P-3", "", "Salak"], ["P-4", "", "Duku"],
        ["P-5", "W-3", "Nangka"], ["P-6", "", "Sawo"]])],
        # All of the first, less than all of the second, heads, nonsense.
        ["B4:B7", "A1:C1", "A2:A3", "B2:B3", "B9:B99999", "C:D", "", "A4:A4"])
    done("import", "kebun", write("dua.csv", "ID,nama\nW-1,Anyelir\n"
                                  "W-3,Cempaka\n"), "--id", "ID")
    kept = os.path.join(WORK, "pohon_ditolak.csv")
    out = asked("import", "pohon", path, "--id", "ID")
    assert [c["column"] for c in out["columns"]] == [
        "ID", "kebun", "Jenis", "Ukuran Tinggi", "Ukuran Lebar"], out
    assert (out["rows"], out["created"]) == (6, 6), out
    trees = {hit["title"]: hit["id"] for hit in asked("find", "--dataset",
                                                      "pohon", "--where",
                                                      "jenis=*")}
    for name, garden in (("Jambu", "Anyelir"), ("Mangga", "Anyelir"),
                         ("Salak", "Anyelir"), ("Duku", ""),
                         ("Nangka", "Cempaka"), ("Sawo", "Cempaka")):
        tree = asked("case", "show", trees[name])["properties"]
        of = tree.get("kebun", "")
        assert bool(of) == bool(garden), (name, tree)
        if of:
            assert asked("case", "show", of)["title"] == garden, name
    # Rows that are refused say it, too: they come back one by one.
    path = workbook("pohon2.xlsx", [("Pohon", [
        ["ID", "kebun", "Jenis"], ["P-7", "W-0", "Randu"],
        ["P-8", "", "Jati"]])], ["B2:B3"])
    out = json.loads(pilar("--json", "import", "pohon", path, "--id", "ID",
                           "--refused", kept).stdout)
    assert len(out["refused"]) == 2, out
    rows = open(kept, encoding="utf-8-sig").read().split("\n")
    assert '"W-0"' in rows[2] and '"Jati"' in rows[2], rows


def what_is_merged_in_an_old_workbook_is_too():
    seed = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "../fuzz/seed/fuzz_workbook/merged")
    path = os.path.join(WORK, "lama.xls")
    with open(seed, "rb") as f, open(path, "wb") as xls:
        xls.write(f.read()[1:])
    name = "Nama Anggota Keluarga"
    out = asked("import", "kebun", path, "--id", name, "--map", name + "=nama",
                "--map", "No KK=luas", "--map", "No=")
    assert out["created"] == 5, out
    hit = asked("find", "parti", "--dataset", "kebun")[0]["id"]
    assert (asked("case", "show", hit)["properties"]["luas"] ==
            "1871060102120031")


def heads_on_every_page_are_no_rows():
    heads = "ID;Nama;Ukuran;\n;;Luas;Tepi\n"
    path = write("halaman.csv", heads + "H-1;Halaman;2;3\n" + heads +
                 "H-2;Lain;3;4\nID;;3;\n")
    out = json.loads(pilar("--json", "import", "kebun", path, "--dry-run",
                           "--id", "ID").stdout)
    assert (out["rows"], out["created"]) == (3, 2), out


def what_a_list_brought_is_visited_like_any_other():
    path = write("kunjung.csv", "ID,nama\nU-1,Dahlia\n"
                 "c0ffee00-0000-1000-8000-000000000001,Versi Satu\n")
    asked("import", "kebun", path, "--id", "ID")
    for name in ("dahlia", "versi satu"):
        house = asked("find", name, "--dataset", "kebun")[0]["id"]
        assert house[14] == "4", house
        answers = write("kunjung.jsonl", "".join(json.dumps(
            {"op": "set", "ref": ref, "value": value}) + "\n"
            for ref, value in (("/data/kebun", house), ("/data/luas", "9"))))
        done("fill", "ubah_kebun", "--answers", answers)
        assert asked("case", "show", house)["properties"]["luas"] == "9"


def what_people_found_out_is_newer_than_the_same_list():
    path = write("lama.csv", "ID,nama,nomor,luas\nL-1,Teratai,71,5 ha\n")
    asked("import", "kebun", path, "--id", "ID")
    house = asked("find", "teratai", "--dataset", "kebun")[0]["id"]
    answers = write("ubah.jsonl", "".join(json.dumps(
        {"op": "set", "ref": ref, "value": value}) + "\n" for ref, value in (
            ("/data/kebun", house), ("/data/luas", "3 ha"))))
    done("fill", "ubah_kebun", "--answers", answers)

    def size():
        return asked("case", "show", house)["properties"]["luas"]

    assert size() == "3 ha"
    out = asked("import", "kebun", path, "--id", "ID")
    assert (out["changed"], out["same"]) == (0, 1), out
    assert size() == "3 ha"
    path = write("baru.csv", "ID,nama,nomor,luas\nL-1,Teratai,71,6 ha\n")
    assert asked("import", "kebun", path, "--id", "ID")["changed"] == 1
    assert size() == "6 ha"
    path = write("kosong.csv", "ID,nama,nomor,luas\nL-1,Teratai,71,\n")
    assert asked("import", "kebun", path, "--id", "ID")["same"] == 1
    assert size() == "6 ha"


def a_list_of_children_finds_its_parents_by_their_numbers():
    path = write("pohon.csv", "no,jenis,kebun\n1,Jati,K-1\n2,Sono,K-2\n"
                 "3,Randu,K-9\n")
    result = pilar("--json", "import", "pohon", path, "--id", "no")
    assert result.returncode == 1, result
    out = json.loads(result.stdout)
    assert out["created"] == 2, out
    assert [(r["row"], r["column"]) for r in out["refused"]] == [
        (4, "kebun")], out
    hit = asked("find", "mawar", "--dataset", "kebun")[0]
    shown = asked("case", "show", hit["id"])
    assert [c["title"] for c in shown["children"]] == ["Jati"], shown


def every_refused_row_is_named():
    path = write("buruk.csv", "ID,nama,nomor\nA,Anggrek,1\nB,,2\n,Ceri,3\n"
                 "A,Dadap,4\nE,Elok\nF,\"F\x07\",6\n")
    result = pilar("import", "kebun", path, "--id", "ID")
    assert result.returncode == 1, result
    assert "1 baru" in result.stdout and "5 ditolak" in result.stdout
    lines = result.stderr.strip().split("\n")
    assert len(lines) == 5, lines
    for line, (row, column) in zip(lines, [(3, "nama"), (4, "ID"), (5, "ID"),
                                           (6, ""), (7, "nama")]):
        assert "buruk.csv, baris %d" % row in line and column in line, line
    assert "Dadap" not in result.stderr


def a_value_that_others_have_is_warned_of_by_row():
    path = write("sama.csv", "nama,nomor\nKenanga,90\nKamboja,11\n")
    result = pilar("import", "kebun", path)
    assert result.returncode == 1, result
    assert "baris 3" in result.stderr and "nomor" in result.stderr
    assert "baris 2" not in result.stderr and "11" not in result.stderr
    path = write("sama.csv", "ID,nama,nomor\nX-1,Kantil,90\n")
    result = pilar("import", "kebun", path, "--id", "ID")
    assert result.returncode == 0, result
    assert "baris 2" in result.stderr and "No." in result.stderr


def what_cannot_be_read_is_said():
    good = write("a.csv", "nama\nSatu\n")
    refused(("import", "tidak_ada", good), "tidak_ada")
    refused(("import", "kebun", WORK + "/none"), "/none")
    refused(("import", "kebun", write("b.csv", "")), "b.csv")
    refused(("import", "kebun", good, "--map", "X=nama"), "a.csv", "X")
    refused(("import", "kebun", good, "--map", "nama=tidak"), "tidak")
    refused(("import", "kebun", good, "--id", "X"), "X")
    twice = write("c.csv", "nama,luas\na,b\n")
    refused(("import", "kebun", twice, "--map", "nama=luas", "--map",
             "luas=luas"), "luas")
    refused(("import", "kebun", write("d.csv", "nama\n\"a\n")), "d.csv")
    for words in (("import", "kebun"), ("worker", "add"), ("profile", "x")):
        assert pilar(*words).returncode == 2, words


def a_rebuild_applies_lists_again_and_no_sync_file_takes_them():
    waiting = asked("sync", "status")["waiting"]
    rows = "".join("%d,Kebun %d\n" % (i, i) for i in range(500, 3000))
    out = asked("import", "kebun", write("besar.csv", "urut,nama\n" + rows),
                "--id", "urut")
    assert out["created"] == 2500, out
    before = dump()
    done("store", "rebuild")
    assert dump() == before
    assert asked("sync", "status")["waiting"] == waiting
    assert "import" in [r["act"] for r in asked("store", "log")]


def a_profile_is_shown_and_changed():
    out = asked("profile", "--village", "Kaliawi", "--role", "TKSK")
    assert out == {"code": "dewi", "name": "Dewi", "role": "TKSK",
                   "village": "Kaliawi", "lang": "id"}, out
    assert asked("profile") == out
    refused(("profile", "--lang", "jv"), "id")
    refused(("profile", "--name", ""), "nama")
    assert asked("profile") == out


def two_workers_share_a_store():
    done("worker", "add", "sari", "--name", "Sari")
    refused(("worker", "add", "sari"), "sari")
    assert [w["code"] for w in asked("worker", "list")] == ["dewi", "sari"]
    refused(("find", "mawar"), "--worker")
    refused(("--worker", "budi", "profile"), "petugas")
    assert asked("--worker", "sari", "profile")["name"] == "Sari"


def two_at_once_lose_nothing_and_see_each_other():
    """Each worker's process saves, the other's records are there at once."""
    bad = []

    def work(who):
        for i in range(SAVES):
            path = write("%s.jsonl" % who, json.dumps(
                {"op": "set", "ref": "/data/nama",
                 "value": "Lahan %s %d" % (who, i)}) + "\n")
            out = pilar("--worker", who, "fill", "daftar_kebun", "--answers",
                        path)
            if out.returncode:
                bad.append(out.stderr)

    before = len(asked("--worker", "dewi", "store", "log"))
    was = asked("--worker", "sari", "sync", "status")["waiting"]
    both = [threading.Thread(target=work, args=(w,))
            for w in ("dewi", "sari")]
    for t in both:
        t.start()
    for t in both:
        t.join()
    assert not bad, bad[:3]
    log = asked("--worker", "dewi", "store", "log")
    made = [r["worker"] for r in log if r["act"] == "submit" and
            r["list"] == "daftar_kebun"]
    assert made.count("dewi") == made.count("sari") == SAVES, len(log)
    assert len(log) == before + 2 * SAVES
    for who, other in (("dewi", "sari"), ("sari", "dewi")):
        hits = asked("--worker", who, "find", "lahan %s 7" % other)
        assert any(h["title"] == "Lahan %s 7" % other for h in hits), hits
    assert asked("--worker", "sari", "sync", "status")["waiting"] == was + 2 * SAVES
    assert "0 rusak" in done("store", "check")


def drafts_carry_their_worker():
    path = write("d.jsonl", json.dumps({"op": "set", "ref": "/data/nama",
                                        "value": "Setengah"}) + "\n")
    done("--worker", "sari", "fill", "daftar_kebun", "--draft", "--answers",
         path)
    rows = asked("--worker", "dewi", "draft", "list")
    assert [r["worker"] for r in rows] == ["sari"], rows


TESTS = [a_list_becomes_entities_that_are_found,
         a_column_once_named_is_remembered,
         what_a_spreadsheet_damaged_is_refused_and_kept,
         the_same_list_again_changes_nothing,
         a_workbook_is_read_and_its_refused_rows_come_back_as_one,
         what_is_merged_over_rows_is_said_of_each,
         heads_on_every_page_are_no_rows,
         what_a_list_brought_is_visited_like_any_other,
         what_people_found_out_is_newer_than_the_same_list,
         a_list_of_children_finds_its_parents_by_their_numbers,
         every_refused_row_is_named,
         a_value_that_others_have_is_warned_of_by_row,
         what_cannot_be_read_is_said,
         a_rebuild_applies_lists_again_and_no_sync_file_takes_them,
         what_is_merged_in_an_old_workbook_is_too,
         a_profile_is_shown_and_changed,
         two_workers_share_a_store,
         two_at_once_lose_nothing_and_see_each_other,
         drafts_carry_their_worker]

setup()
sys.exit(pilar.test(TESTS))
