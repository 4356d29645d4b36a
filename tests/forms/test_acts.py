#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The acts on a case, filled against a store: what each of them does to the
household and its members, in TAP."""
import csv
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
                          text=True, timeout=300)


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
    hits = [hit["id"] for hit in asked("find", head, "--dataset", "keluarga")
            if hit["title"] == head]
    assert len(hits) == 1, (head, "is a name that another test uses")
    return hits[0]


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


# ---- the sheets
ACTS = ("peristiwa", "putusan", "ubah_keluarga", "ubah_orang",
        "pendaftaran_anggota")
# What the register, the new member and the correction must judge alike.
SHARED = ("nik_periksa", "nik_cocok", "nik_wilayah", "nik_hasil")


def sheet_rows(form):
    """(sheet, row as a dict) of an XLSForm in CSV."""
    sheet = head = None
    with open(f"{ROOT}/forms/{form}.csv", newline="") as f:
        for row in csv.reader(f):
            if row and row[0]:
                sheet, head = row[0], None
            elif head is None:
                head = row[1:]
            else:
                yield sheet, dict(zip(head, row[1:]))


def every_text_is_in_both_languages():
    for form in ACTS:
        for sheet, row in sheet_rows(form):
            for key in [k for k in row if k.endswith(" (id)")]:
                twin = key.replace("Bahasa Indonesia (id)", "English (en)")
                assert bool(row[key]) == bool(row[twin]), (form, row["name"])
                assert row[key].count("${") == row[twin].count("${"), \
                    (form, row["name"], key)
            if row.get("constraint"):
                assert any(row[k] for k in row if
                           k.startswith("constraint_message")), row["name"]


def the_rules_for_a_nik_are_those_of_the_register():
    rows = {form: {row["name"]: row for sheet, row in sheet_rows(form)
                   if sheet == "survey"}
            for form in ("pendaftaran_keluarga", "pendaftaran_anggota",
                         "ubah_orang")}
    register = rows["pendaftaran_keluarga"]
    for form in ("pendaftaran_anggota", "ubah_orang"):
        for name in SHARED:
            assert (rows[form][name]["calculation"] ==
                    register[name]["calculation"]), (form, name)
        for name in ("jk", "tgl_lahir"):
            assert (register[name]["calculation"] in
                    rows[form][name]["calculation"]), (form, name)
        assert (rows[form]["nik"]["constraint"] ==
                register["nik"]["constraint"]), form


# ---- putusan
def a_follow_up_is_postponed_with_a_reason():
    house = household("Tundawati")
    fill("putusan jenis=tunda", "keluarga:" + house,
         "tunda_sampai=2099-02-01", "tunda_alasan=cuaca")
    same(props(house), kunjung_lagi="2099-01-05", tunda_dari="2099-01-05",
         tunda_sampai="2099-02-01", tunda_alasan="cuaca")


def import_rows(dataset, head, *rows):
    with open(WORK + "/rows.csv", "w") as f:
        f.writelines(line + "\n" for line in (head,) + rows)
    done("import", dataset, WORK + "/rows.csv", "--id", "id")


def due(label):
    return {d["title"]: d["day"] for d in asked("case", "due")
            if d["label"] == label}


def what_is_old_or_ends_is_due():
    import_rows("orang", "id,nama,pmks,asesmen_tgl,asesmen_ulang",
                "o1,Lamawati,08,2024-02-29,", "o2,Janjiwati,08,2024-02-29,"
                "2027-01-01", "o3,Tanpatipe,,2024-02-29,")
    assert due("Asesmen lama") == {"Lamawati": "2025-02-28"}, due("")
    assert due("Asesmen ulang")["Janjiwati"] == "2027-01-01"
    who = asked("find", "lamawati", "--dataset", "orang")[0]["id"]
    fill("putusan jenis=tunda", "orang:" + who, "tunda_sampai=2099-03-01",
         "tunda_alasan=cuaca")
    assert due("Asesmen lama") == {"Lamawati": "2099-03-01"}
    import_rows("psks", "id,nama,tipe,akred_habis,sk_sampai,aktif",
                "p1,Panti Habis,04,2027-04-01,,ya",
                "p2,Panti Tutup,04,2027-04-01,,tidak",
                "p3,Ketua Desa,01,,2027-03-02,ya")
    assert due("Akreditasi") == {"Panti Habis": "2027-01-01"}, due("")
    assert due("SK/sertifikat") == {"Ketua Desa": "2027-01-01"}


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


def a_volunteer_does_not_review():
    house = household("Relawanto")
    done("profile", "--role", "psm")
    try:
        said = fill("putusan jenis=tinjau", "keluarga:" + house,
                    "hasil_tinjau=terima", ok=False)
    finally:
        done("profile", "--role", "TKSK")
    assert "tugas TKSK" in said, said
    same(props(house), tinjau="")


def what_is_returned_says_what_to_correct():
    house = household("Kembalianto")
    fill("putusan jenis=tinjau", "keluarga:" + house, "hasil_tinjau=kembali",
         ok=False)
    fill("putusan jenis=tinjau", "keluarga:" + house, "hasil_tinjau=kembali",
         "tinjau_catatan=Nomor KK belum diisi")
    same(props(house), tinjau="kembali",
         tinjau_catatan="Nomor KK belum diisi")


def what_is_returned_is_one_row_until_anything_of_it_is_corrected():
    def changed():
        return [h["id"] for h in asked("find", "--dataset", "keluarga",
                                       "--where", "tinjau=berubah")]

    house = household("Perbaikwati", ("Kurangwati", "3"))
    fill("putusan jenis=tinjau", "keluarga:" + house, "hasil_tinjau=kembali",
         "tinjau_catatan=NIK Kurangwati belum ada")
    rows = [d for d in asked("case", "due") if d["label"] == "Perbaikan"]
    assert [r["id"] for r in rows if r["title"] in
            ("Perbaikwati", "Kurangwati")] == [house], rows
    assert house not in changed()
    who = members(house)["Kurangwati"]
    fill("ubah_orang", "orang:" + who, "topik=lahir_topik", "nik_status=ada",
         "nik=1871064101900003")
    assert "Perbaikwati" not in due("Perbaikan"), due("Perbaikan")
    assert house in changed(), changed()
    fill("putusan jenis=tinjau", "keluarga:" + house, "hasil_tinjau=terima")
    assert house not in changed(), changed()
    fill("putusan jenis=tinjau", "orang:" + who, "hasil_tinjau=kembali",
         "tinjau_catatan=Periksa lagi")
    assert "Kurangwati" in due("Perbaikan"), due("Perbaikan")
    assert "Perbaikwati" not in due("Perbaikan"), due("Perbaikan")


def a_merge_moves_members_and_is_undone():
    keep = household("Gabungwati", ("Samawati", "3"))
    lose = household("Gabungwati Dua", ("Samawati", "3"), ("Lainwati", "5"))
    old, there = members(lose), members(keep)["Samawati"]
    fill("putusan jenis=gabung", "keluarga:" + keep, "lain_keluarga=" + lose,
         "gabung_alasan=kenal", "sama_usul@2=ya")
    assert case(old["Samawati"])["id"] == there
    assert case(lose)["id"] == keep
    assert members(keep)["Samawati"] == there
    same(props(old["Lainwati"]), keluarga=keep, asal_keluarga=lose)
    same(props(keep), n_anggota="4")
    fill("putusan jenis=batal", "keluarga:" + keep, "batal_keluarga=" + lose,
         "batal_alasan=Ternyata keluarga lain")
    for uuid in old.values():
        same(props(uuid), gabung_ke="", keluarga=lose, asal_keluarga="")
    same(props(keep), n_anggota="2")


def what_differs_is_decided_and_written():
    house = household("Konflikwan")
    who = members(house)["Konflikwan"]
    fill("putusan_isi", "keluarga:" + house,
         "data_keluarga=k_alamat k_hp", "dasar=Ditanyakan lagi",
         "k_hp=081100002222")
    same(props(house), alamat="Jl. Kamboja 12", hp="081100002222",
         nama_kk="Konflikwan")
    fill("putusan_isi", "orang:" + who, "data_orang=o_jk",
         "dasar=KTP dilihat", "o_jk=1")
    same(props(who), jk="1", nama="Konflikwan", hub_kk="1")


def two_records_of_a_person_become_one():
    house = household("Orangwati", ("Kembarwati", "3"), ("Kembarwati B", "3"))
    who = members(house)
    fill("putusan jenis=gabung", "orang:" + who["Kembarwati"],
         "lain_orang=" + who["Kembarwati B"], "gabung_alasan=nomor")
    assert case(who["Kembarwati B"])["id"] == who["Kembarwati"]
    assert len(members(house)) == 2
    same(props(house), n_anggota="2")


def doubles_are_merged_at_one_command_and_it_is_said_why():
    keep = household("Sekaliwati", ("Anaksekali", "3"))
    lose = household("Sekaliwati Dua", ("Anaksekali", "3"), ("Tamuwati", "8"))
    old, there = members(lose), members(keep)["Anaksekali"]
    made = done("case", "merge", keep, lose, "--remark", "alamat sama").strip()
    assert case(lose)["id"] == keep
    assert case(old["Anaksekali"])["id"] == there
    same(props(old["Tamuwati"]), keluarga=keep, gabung_ke="")
    event = case(keep)["events"][0]
    assert event["id"] == made and event["form"] == "putusan", event
    assert [r["text"] for r in event["remarks"]] == ["alamat sama"], event
    again = pilar("case", "merge", keep, lose)
    assert again.returncode and lose in again.stderr, again.stderr
    assert pilar("case", "merge", keep, keep).returncode
    assert pilar("case", "merge", keep, there).returncode
    done("case", "undo")
    assert case(lose)["id"] == lose
    same(props(old["Anaksekali"]), keluarga=lose, gabung_ke="")


def who_has_another_nik_is_no_double_for_the_name_alone():
    keep = household("Nikbeda", ("Bedawati", "3"))
    lose = household("Nikbeda Dua", ("Bedawati", "3"))
    mine, other = members(keep)["Bedawati"], members(lose)["Bedawati"]
    for who, nik in ((mine, "1871064101900001"), (other, "1871064101900002")):
        fill("ubah_orang", "orang:" + who, "topik=lahir_topik",
             "nik_status=ada", "nik=" + nik)
    same(props(other), nik="1871064101900002")
    done("case", "merge", keep, lose)
    same(props(other), gabung_ke="", keluarga=keep)
    assert len(case(keep)["children"]) == 4


def who_may_be_there_already_is_said_before_it_is_saved():
    first = household("Gandawati", ("Anakganda", "3"))
    answers = WORK + "/answers.jsonl"
    ops = open(answers).read().replace("Anakganda", "Lainganda")
    with open(answers, "w") as f:
        f.write(ops)
    before = len(asked("find", "gandawati", "--dataset", "keluarga"))
    got = pilar("fill", "pendaftaran_keluarga", "--answers", answers,
                "--draft")
    typed = "y\n:kunjungan\n\n\nf\nf serumah, lain KK\n"
    line = subprocess.run([PILAR, "--store", STORE, "fill",
                           "pendaftaran_keluarga", "--line"], env=ENV,
                          input=typed, capture_output=True, text=True,
                          timeout=300)
    assert got.returncode == 0 and "(nama sama; desa sama)" in line.stdout
    assert line.stdout.count("Tersimpan") == 1, line.stdout
    hits = asked("find", "gandawati", "--dataset", "keluarga")
    assert len(hits) == before + 1, hits
    other = next(h["id"] for h in hits if h["id"] != first)
    remarks = case(other)["events"][0]["remarks"]
    assert remarks[0]["text"].endswith(": serumah, lain KK"), remarks
    warned = pilar("fill", "pendaftaran_keluarga", "--answers", answers)
    assert warned.returncode == 0, warned.stderr
    assert first in warned.stderr and other in warned.stderr, warned.stderr
    assert "Gandawati" not in warned.stderr, warned.stderr
    known = pilar("fill", "pendaftaran_keluarga", "--answers", answers,
                  "--remark", "KK lain")
    assert known.returncode == 0 and first not in known.stderr, known.stderr


def a_type_of_a_household_says_since_when_and_by_which_rules():
    house = household("Sejakwati")

    def visit(day, *judged):
        return fill("kunjungan", "keluarga:" + house, "tgl=" + day,
                    "tujuan=berkala", "ditemui=ya", "pendapatan=750000",
                    *judged)

    visit("2026-11-01", "tetap_24=ya")
    visit("2026-11-10", "tetap_24=ya")
    same(props(house), pmks_24="ya", pmks_24_sejak="2026-11-01")
    text = done("case", "show", house)
    assert "24 (01 Nov 2026)" in text and "2026.1" in text, text
    visit("2026-11-11", "tetap_24=tidak", "beda_24=Dilihat sendiri")
    same(props(house), pmks_24="tidak", pmks_24_sejak="")


def a_visit_entered_late_goes_into_the_history():
    house = household("Terlambatwati")

    def visit(day, *judged, **seen):
        return fill("kunjungan", "keluarga:" + house, "tgl=" + day,
                    "tujuan=berkala", "ditemui=ya",
                    f"pendapatan={seen.get('income', 750000)}", *judged)

    visit("2026-11-10", "tetap_24=ya", "kunjung_lagi=2099-02-02")
    visit("2026-11-01", "tetap_24=ya", income=100000)
    same(props(house), kunjungan_tgl="2026-11-10", pendapatan="750000",
         pmks_24="ya", pmks_24_sejak="2026-11-01", kunjung_lagi="2099-02-02")
    visit("2026-10-01", "tetap_24=tidak", "beda_24=Waktu itu belum")
    same(props(house), kunjungan_tgl="2026-11-10", pmks_24="ya",
         pmks_24_sejak="2026-11-01")
    visit("2026-11-12", "tetap_24=tidak", "beda_24=Sudah mampu", income=9000000)
    visit("2026-11-11", "tetap_24=ya")
    same(props(house), kunjungan_tgl="2026-11-12", pmks_24="tidak",
         pmks_24_sejak="", pendapatan="9000000")
    visit("2026-11-13", "tetap_24=ya")
    same(props(house), pmks_24="ya", pmks_24_sejak="2026-11-13")


def a_type_of_a_person_has_the_first_day_without_a_gap():
    house = household("Sejaknya")
    who = members(house)["Sejaknya"]
    kept = {"13": "13:2026-11-02"}

    def judge(day, *types, new=(), no=()):
        told = ["tambah=" + " ".join(new)] if new else []
        for t in types:
            told += [f"tetap_{t}=ya", f"beda_{t}=Dilihat sendiri"]
        for t in no:
            told.append(f"tetap_{t}=tidak")
        if len(types) > 1:
            told.append("pmks_utama=" + types[0])
        fill("asesmen_pmks", "orang:" + who, "tgl=" + day,
             "setuju=ya_lisan", "tinggal_dg=pasangan", "buka_sensitif=tidak",
             "fungsi_sosial=baik", "urgensi=biasa", *told)
        return props(who)

    same(judge("2026-11-02", "13", new=["13"]), pmks="13", pmks_sejak=kept["13"])
    same(judge("2026-11-05", "13", "12", new=["12"]), pmks="12 13",
         pmks_sejak="12:2026-11-05 " + kept["13"], asesmen_tgl="2026-11-05")
    text = done("case", "show", who)
    assert "12 (05 Nov 2026), 13 (02 Nov 2026)" in text, text
    # What is entered late makes "since" earlier and nothing else.
    same(judge("2026-11-01", "13", "11", new=["13", "11"]), pmks="12 13", pmks_utama="13",
         pmks_sejak="12:2026-11-05 13:2026-11-01", asesmen_tgl="2026-11-05")
    same(judge("2026-11-06", "13", no=["12"]), pmks="13",
         pmks_sejak="13:2026-11-01", asesmen_tgl="2026-11-06")
    # 12 comes back: the days in between count no more.
    same(judge("2026-11-09", "13", "12", new=["12"]), pmks="12 13",
         pmks_sejak="12:2026-11-09 13:2026-11-01")


def a_referral_is_based_on_every_type_of_the_household():
    import_rows("keluarga", "id,nama_kk,pmks_21,pmks_24",
                "k21,Banjirwati,ya,ya")
    house = asked("find", "banjirwati", "--dataset", "keluarga")[0]["id"]
    fill("rujukan", "keluarga:" + house, "setuju=ya_lisan",
         "layanan=permakanan", "urgensi=biasa", "kebutuhan=Makan")
    made = asked("find", "banjirwati", "--dataset", "rujukan")[0]["id"]
    same(props(made), pmks="21 24")


def a_follow_up_entered_late_leaves_what_is_newer():
    house = household("Pantauwati")
    fill("rujukan", "keluarga:" + house, "tgl=2026-10-01", "setuju=ya_lisan",
         "layanan=permakanan", "urgensi=biasa", "kebutuhan=Makan")
    made = asked("find", "pantauwati", "--dataset", "rujukan")[0]["id"]

    def follow(day, *told, ok=True):
        return fill("pantau", "rujukan:" + made, "tgl=" + day, *told, ok=ok)

    follow("2026-10-20", "status=berjalan", "hasil=membaik")
    same(props(made), status="berjalan", status_tgl="2026-10-20",
         mulai="2026-10-20", tenggat="2026-11-19")
    follow("2026-10-10", "status=diterima", "hasil=tetap", ok=False)
    follow("2026-10-10", "hasil=tetap")
    same(props(made), status="berjalan", status_tgl="2026-10-20",
         hasil="membaik", pantau_tgl="2026-10-20", tenggat="2026-11-19",
         n_pantau="2")
    # The state was learned later than the last follow-up without a change.
    follow("2026-11-01", "hasil=membaik")
    follow("2026-10-25", "status=selesai", "hasil=tetap")
    same(props(made), status="selesai", status_tgl="2026-10-25",
         berakhir="2026-10-25", pantau_tgl="2026-11-01", hasil="membaik",
         tenggat="")


# ---- peristiwa
def the_dead_are_shown_as_such_and_counted_no_more():
    house = household("Matiwati", ("Anak Mati", "3"))
    fill("peristiwa", "orang:" + members(house)["Anak Mati"],
         "jenis=meninggal", "tgl=2026-11-01", "akta_mati=tidak")
    same(props(members(house)["Anak Mati"]), keberadaan="2",
         keberadaan_tgl="2026-11-01", akta_mati="tidak")
    same(props(house), n_anggota="1", status="", nama_kk="Matiwati")


def a_household_whose_head_dies_gets_a_new_one():
    house = household("Kepalawan", ("Istriwati", "2"))
    who = members(house)
    fill("peristiwa", "orang:" + who["Kepalawan"], "jenis=meninggal",
         "kepala_baru=" + who["Istriwati"])
    same(props(who["Istriwati"]), hub_kk="1")
    same(props(house), nama_kk="Istriwati", n_anggota="1", n_bekerja="0",
         kepala_kosong="")
    assert case(house)["title"] == "Istriwati"


def a_head_not_agreed_on_becomes_a_follow_up():
    house = household("Wafatwan", ("Jandawati", "2"))
    who = members(house)
    fill("peristiwa", "orang:" + who["Wafatwan"], "jenis=meninggal",
         "tgl=2026-10-02")
    same(props(house), nama_kk="Wafatwan", kepala_kosong="2026-10-02")
    fill("peristiwa", "orang:" + who["Jandawati"], "jenis=kepala")
    same(props(house), nama_kk="Jandawati", kepala_kosong="")


def a_household_without_members_is_closed():
    house = household("Sendiriwan")
    fill("peristiwa", "orang:" + members(house)["Sendiriwan"],
         "jenis=meninggal")
    same(props(house), status="tutup", status_ket="tanpa anggota",
         n_anggota="0")


def who_left_comes_back():
    house = household("Rantauwan", ("Anak Rantau", "3"))
    child = members(house)["Anak Rantau"]
    fill("peristiwa", "orang:" + child, "jenis=pindah_orang", "tujuan=4",
         "tujuan_ket=Johor")
    same(props(child), keberadaan="4", keberadaan_ket="Johor")
    same(props(house), n_anggota="1")
    fill("peristiwa", "orang:" + child, "jenis=meninggal", ok=False)
    fill("peristiwa", "orang:" + child, "jenis=kembali_orang")
    same(props(child), keberadaan="1")
    same(props(house), n_anggota="2")


def the_dead_do_not_come_back_but_a_mistake_is_mended():
    house = household("Matiwan", ("Anak Matiwan", "3"))
    child = members(house)["Anak Matiwan"]
    fill("peristiwa", "orang:" + child, "jenis=meninggal")
    for what in ("meninggal", "pindah_orang", "kembali_orang"):
        fill("peristiwa", "orang:" + child, "jenis=" + what, ok=False)
    fill("peristiwa", "orang:" + child, "jenis=buka_orang",
         "alasan=Salah orang")
    same(props(child), keberadaan="1")
    same(props(house), n_anggota="2")


def who_comes_back_to_an_empty_house_opens_it_again():
    house = household("Kosongwan", ("Anak Kosongwan", "3"))
    who = members(house)
    for one in ("Anak Kosongwan", "Kosongwan"):
        fill("peristiwa", "orang:" + who[one], "jenis=pindah_orang",
             "tujuan=3")
    same(props(house), status="tutup", status_ket="tanpa anggota")
    fill("peristiwa", "orang:" + who["Anak Kosongwan"],
         "jenis=kembali_orang")
    same(props(house), status="", n_anggota="1")
    assert props(house)["kepala_kosong"], props(house)  # no head yet
    fill("peristiwa", "orang:" + who["Kosongwan"], "jenis=kembali_orang")
    same(props(house), status="", n_anggota="2", kepala_kosong="")


def who_comes_back_to_a_closed_house_does_not_open_it():
    house = household("Rapatwan", ("Anak Rapatwan", "3"))
    child = members(house)["Anak Rapatwan"]
    fill("peristiwa", "orang:" + child, "jenis=pindah_orang", "tujuan=3")
    fill("peristiwa", "keluarga:" + house, "jenis=tutup",
         "alasan_tutup=mandiri")
    fill("peristiwa", "orang:" + child, "jenis=kembali_orang")
    same(props(house), status="tutup", n_anggota="2")


def a_head_who_comes_back_is_no_second_head():
    house = household("Pulangwan", ("Istri Pulangwan", "2"))
    who = members(house)
    fill("peristiwa", "orang:" + who["Pulangwan"], "jenis=pindah_orang",
         "tujuan=3", "kepala_baru=" + who["Istri Pulangwan"])
    same(props(house), nama_kk="Istri Pulangwan")
    fill("peristiwa", "orang:" + who["Pulangwan"], "jenis=kembali_orang",
         ok=False)
    fill("peristiwa", "orang:" + who["Pulangwan"], "jenis=kembali_orang",
         "hub_pulang=1", ok=False)
    fill("peristiwa", "orang:" + who["Pulangwan"], "jenis=kembali_orang",
         "hub_pulang=2")
    same(props(who["Pulangwan"]), hub_kk="2")
    same(props(who["Istri Pulangwan"]), hub_kk="1")


def the_timeline_of_a_house_says_who_died():
    house = household("Riwayatwan", ("Anak Riwayatwan", "3"))
    child = members(house)["Anak Riwayatwan"]
    fill("peristiwa", "orang:" + child, "jenis=meninggal")
    assert "Anak Riwayatwan: Meninggal dunia" in done("case", "show", house)
    told = done("case", "show", child)
    assert "  Meninggal dunia" in told, told


def a_person_entered_by_mistake_is_marked_and_mended():
    house = household("Kelirwan", ("Keliru", "3"))
    child = members(house)["Keliru"]
    fill("peristiwa", "orang:" + child, "jenis=salah_orang", ok=False)
    fill("peristiwa", "orang:" + child, "jenis=salah_orang",
         "alasan=Tetangga")
    same(props(child), status="salah", keberadaan_ket="Tetangga")
    fill("peristiwa", "orang:" + child, "jenis=buka_orang",
         "alasan=Ternyata benar")
    same(props(child), status="", keberadaan="1")


def a_split_makes_a_household_and_moves_persons():
    house = household("Pisahwan", ("Istri Pisah", "2"), ("Anak Pisah", "3"),
                      ("Menantu Pisah", "4"))
    who = members(house)
    # who is not asked about stays
    fill("peristiwa", "keluarga:" + house, "jenis=pisah",
         "ikut@2=tidak", "ikut@3=ya", "hub_baru@3=1", "ikut@4=ya",
         "hub_baru@4=2", "pisah_alamat=Jl. Baru 1", "pisah_sah=ya")
    new = props(who["Anak Pisah"])["keluarga"]
    assert new != house and props(who["Menantu Pisah"])["keluarga"] == new
    same(props(who["Anak Pisah"]), hub_kk="1")
    same(props(new), nama_kk="Anak Pisah", alamat="Jl. Baru 1",
         n_anggota="2", pecahan_dari=house, desa="18.71.06.1001",
         kk_status="belum")
    same(props(house), n_anggota="2", n_bekerja="1")


def a_split_needs_one_head_and_somebody_who_stays():
    house = household("Ragu Pisah", ("Anak Ragu", "3"))
    fill("peristiwa", "keluarga:" + house, "jenis=pisah", "ikut@1=tidak",
         "ikut@2=ya", "hub_baru@2=3", "pisah_sah=ya", ok=False)
    fill("peristiwa", "keluarga:" + house, "jenis=pisah", "ikut@1=ya",
         "hub_baru@1=1", "ikut@2=ya", "hub_baru@2=3", "pisah_sah=ya",
         ok=False)


def who_joins_another_household_leaves_a_closed_one():
    house = household("Satuwan", ("Satu Anak", "3"))
    other = household("Duawan")
    who = members(house)
    fill("peristiwa", "keluarga:" + house, "jenis=gabung",
         "ke_keluarga=" + other, "hub_baru@1=6", "hub_baru@2=8")
    same(props(house), status="bergabung", status_ket="Duawan",
         n_anggota="0")
    same(props(other), n_anggota="3", n_bekerja="2", nama_kk="Duawan")
    same(props(who["Satuwan"]), keluarga=other, hub_kk="6")


def a_case_is_closed_and_reopened_with_a_reason():
    house = household("Tutupwan")
    fill("peristiwa", "keluarga:" + house, "jenis=tutup",
         "alasan_tutup=mandiri")
    same(props(house), status="tutup", status_ket="mandiri")
    fill("peristiwa", "keluarga:" + house, "jenis=buka", ok=False)
    fill("peristiwa", "keluarga:" + house, "jenis=buka",
         "alasan=Kepala keluarga sakit lagi")
    same(props(house), status="", status_ket="Kepala keluarga sakit lagi",
         n_anggota="1")


def the_day_of_an_event_fits_what_is_known():
    """Not before the person was born, nor undone before it was done."""
    house = household("Harinyawan", ("Bayi Harinyawan", "3"))
    baby = members(house)["Bayi Harinyawan"]
    fill("ubah_orang", "orang:" + baby, "topik=lahir_topik",
         "nik_status=belum", "tgl_lahir=2026-03-05")
    same(props(baby), tgl_lahir="2026-03-05")
    gone = ("jenis=pindah_orang", "tujuan=3")
    fill("peristiwa", "orang:" + baby, "tgl=2026-03-04", *gone, ok=False)
    fill("peristiwa", "orang:" + baby, "tgl=2026-10-10", *gone)
    back = "jenis=kembali_orang"
    fill("peristiwa", "orang:" + baby, "tgl=2026-10-09", back, ok=False)
    fill("peristiwa", "orang:" + baby, "tgl=2026-10-10", back)
    fill("peristiwa", "keluarga:" + house, "tgl=2026-10-20", "jenis=tutup",
         "alasan_tutup=mandiri")
    again = ("jenis=buka", "alasan=Sakit lagi")
    fill("peristiwa", "keluarga:" + house, "tgl=2026-10-19", *again, ok=False)
    fill("peristiwa", "keluarga:" + house, "tgl=2026-10-21", *again)
    same(props(house), status="", status_tgl="2026-10-21")


def what_is_closed_or_merged_is_offered_no_more():
    keep, shut = household("Tawarwati"), household("Tutupwati")
    inside, lose = members(shut)["Tutupwati"], household("Lepaswati")
    done("case", "merge", keep, lose)
    fill("peristiwa", "keluarga:" + shut, "jenis=tutup",
         "alasan_tutup=mandiri")
    for form in ("kunjungan", "pendaftaran_anggota", "rujukan"):
        for house in (shut, lose):
            said = fill(form, None, "keluarga_id=" + house, ok=False)
            assert "baris 1: ditolak" in said, (form, said)
        said = fill(form, "keluarga:" + shut, ok=False)
        assert "sudah ditutup" in said, (form, said)
    moved = household("Satuwati", ("Pindahwati", "3"))
    who = members(moved)["Pindahwati"]
    fill("peristiwa", "orang:" + who, "jenis=pindah_orang", "tujuan=3")
    for form in ("asesmen_pmks", "rujukan"):
        for one in (who, inside):
            said = fill(form, None, "orang_id=" + one, ok=False)
            assert "baris 1: ditolak" in said, (form, said)
    said = fill("asesmen_pmks", "orang:" + inside, ok=False)
    assert "sudah ditutup (KK tutup)" in said, said
    fill("peristiwa", "keluarga:" + shut, "jenis=buka", "alasan=Kembali")
    said = fill("asesmen_pmks", "orang:" + inside, ok=False)
    assert "sudah ditutup" not in said, said
    said = fill("kunjungan", "keluarga:" + shut, ok=False)
    assert "sudah ditutup" not in said, said
    other = household("Gabungtujuan")
    said = fill("peristiwa", "keluarga:" + other, "jenis=gabung",
                "ke_keluarga=" + lose, ok=False)
    assert "ditolak" in said, said


def a_household_moves_away_and_comes_back():
    house = household("Pergiwan")
    fill("peristiwa", "keluarga:" + house, "jenis=pindah",
         "tujuan_ket=Metro")
    same(props(house), status="pindah", status_ket="Metro")
    fill("peristiwa", "keluarga:" + house, "jenis=datang",
         "alamat_baru=Jl. Pulang 3")
    same(props(house), status="", alamat="Jl. Pulang 3")


# ---- taken back
def the_last_form_is_taken_back_and_is_a_draft_again():
    house = household("Tarikwan", ("Anak Tarik", "3"))
    child = members(house)["Anak Tarik"]
    fill("peristiwa", "orang:" + child, "jenis=meninggal")
    assert case(child)["closed"] == "meninggal"
    draft = done("case", "undo").strip()
    assert "closed" not in case(child)
    same(props(house), n_anggota="2")
    assert draft in done("draft", "list")


def who_set_what_is_told():
    house = household("Siapawan")
    fill("ubah_keluarga", "keluarga:" + house, "topik=alamat_topik",
         "hp=081233334444")
    last = done("case", "show", house, "--history").splitlines()[-1]
    for part in ("HP", "dewi", "Ubah data keluarga", "081233334444"):
        assert part in last, last
    told = done("case", "show", members(house)["Siapawan"], "--history")
    for part in ("Jenis kelamin", "Perempuan", "Hubungan dengan kepala",
                 "Kepala keluarga", "Siapawan"):
        assert part in told, told
    rows = asked("case", "show", members(house)["Siapawan"], "--history")
    row = next(r for r in rows if r["property"] == "jk")
    assert (row["value"], row["label"]) == ("2", "Jenis kelamin"), row


# ---- ubah_keluarga, ubah_orang, pendaftaran_anggota
def versions(uuid):
    """Properties set after the first version, in order."""
    rows = [json.loads(line) for line in
            done("--json", "case", "show", uuid, "--history").splitlines()]
    rows = rows[0] if len(rows) == 1 and isinstance(rows[0], list) else rows
    first = rows[0]["event"]
    return [r["property"] for r in rows if r["event"] != first]


def only_what_changed_of_a_household_is_written():
    house = household("Ubahwan")
    fill("ubah_keluarga", "keluarga:" + house, "topik=alamat_topik kk_topik",
         "alamat=Jl. Pindah 9", "hp=081200001111")
    same(props(house), alamat="Jl. Pindah 9", hp="081200001111",
         nama_kk="Ubahwan", desa_nama="Durian Payung", kk_status="belum")
    assert sorted(versions(house)) == ["alamat", "hp"], versions(house)


def a_village_is_changed_in_four_steps():
    house = household("Desawan")
    fill("ubah_keluarga", "keluarga:" + house, "topik=desa_topik",
         "desa=18.71.06.1005")
    same(props(house), desa="18.71.06.1005", desa_nama="Palapa")
    assert sorted(versions(house)) == ["desa", "desa_nama"]


def a_blank_is_written_where_something_was_erased():
    house = household("Hapuswan")
    fill("ubah_keluarga", "keluarga:" + house, "topik=lanjut_topik",
         "kunjung_lagi=")
    same(props(house), kunjung_lagi="", alamat="Jl. Kamboja 12")


def nothing_changed_changes_nothing():
    house = household("Tetapwan")
    version = case(house)["version"]
    fill("ubah_keluarga", "keluarga:" + house,
         "topik=alamat_topik desa_topik kk_topik bantuan_topik "
         "ekonomi_topik lanjut_topik")
    assert case(house)["version"] == version
    who = members(house)["Tetapwan"]
    version = case(who)["version"]
    fill("ubah_orang", "orang:" + who,
         "topik=nama_topik lahir_topik hub_topik dok_topik sekolah_topik "
         "kerja_topik sehat_topik")
    assert case(who)["version"] == version, versions(who)


def a_nik_proposes_sex_and_birth_date():
    house = household("Nikwati")
    who = members(house)["Nikwati"]
    fill("ubah_orang", "orang:" + who, "topik=lahir_topik", "nik_status=ada",
         "nik=1871061208850003")
    same(props(who), nik="1871061208850003", jk="1", tgl_lahir="1985-08-12",
         nik_periksa="baik", umur_perkiraan="", umur_tgl="")


def a_name_is_corrected():
    house = household("Namawan", ("Anek Namawan", "3"))
    who = members(house)["Anek Namawan"]
    fill("ubah_orang", "orang:" + who, "topik=nama_topik",
         "nama=Anak Namawan")
    assert case(who)["title"] == "Anak Namawan"
    assert versions(who) == ["nama"]


def a_member_is_added_and_counted():
    house = household("Tambahwan")
    fill("pendaftaran_anggota", "keluarga:" + house, "masuk_sebab=lahir",
         "setuju=ya_lisan", "perlu_wali=tidak", "nama=Bayi Tambah",
         "hub_kk=3", "nik_status=belum", "jk=1", "tgl_lahir=2026-10-01")
    who = members(house)["Bayi Tambah"]
    same(props(who), keluarga=house, masuk_sebab="lahir", keberadaan="5")
    same(props(house), n_anggota="2", n_bekerja="1")


def who_refuses_is_not_recorded():
    house = household("Tolakwan")
    fill("pendaftaran_anggota", "keluarga:" + house, "masuk_sebab=pindah",
         "setuju=tidak", "alasan_tolak=takut")
    assert list(members(house)) == ["Tolakwan"]
    same(props(house), n_anggota="1")


TESTS = [every_text_is_in_both_languages,
         the_rules_for_a_nik_are_those_of_the_register,
         a_follow_up_is_postponed_with_a_reason,
         a_postponement_needs_a_reason_and_a_later_day,
         what_is_old_or_ends_is_due,
         a_review_covers_all_members, a_volunteer_does_not_review,
         what_is_returned_says_what_to_correct,
         what_is_returned_is_one_row_until_anything_of_it_is_corrected,
         a_merge_moves_members_and_is_undone,
         what_differs_is_decided_and_written,
         two_records_of_a_person_become_one,
         doubles_are_merged_at_one_command_and_it_is_said_why,
         who_has_another_nik_is_no_double_for_the_name_alone,
         who_may_be_there_already_is_said_before_it_is_saved,
         a_type_of_a_household_says_since_when_and_by_which_rules,
         a_visit_entered_late_goes_into_the_history,
         a_type_of_a_person_has_the_first_day_without_a_gap,
         a_referral_is_based_on_every_type_of_the_household,
         a_follow_up_entered_late_leaves_what_is_newer,
         the_dead_are_shown_as_such_and_counted_no_more,
         a_household_whose_head_dies_gets_a_new_one,
         a_head_not_agreed_on_becomes_a_follow_up,
         a_household_without_members_is_closed, who_left_comes_back,
         a_person_entered_by_mistake_is_marked_and_mended,
         the_dead_do_not_come_back_but_a_mistake_is_mended,
         who_comes_back_to_an_empty_house_opens_it_again,
         who_comes_back_to_a_closed_house_does_not_open_it,
         a_head_who_comes_back_is_no_second_head,
         the_timeline_of_a_house_says_who_died,
         a_split_makes_a_household_and_moves_persons,
         a_split_needs_one_head_and_somebody_who_stays,
         who_joins_another_household_leaves_a_closed_one,
         a_case_is_closed_and_reopened_with_a_reason,
         the_day_of_an_event_fits_what_is_known,
         what_is_closed_or_merged_is_offered_no_more,
         a_household_moves_away_and_comes_back,
         the_last_form_is_taken_back_and_is_a_draft_again,
         who_set_what_is_told,
         only_what_changed_of_a_household_is_written,
         a_village_is_changed_in_four_steps,
         a_blank_is_written_where_something_was_erased,
         nothing_changed_changes_nothing, a_nik_proposes_sex_and_birth_date,
         a_name_is_corrected, a_member_is_added_and_counted,
         who_refuses_is_not_recorded]


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
