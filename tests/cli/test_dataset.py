#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A list nobody has heard of, boats with their crew: forms and rows of
datasets.csv put it on every screen and into every command, without C."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE + "/../lib", HERE + "/../pty"]
import tap  # noqa: E402
from terminal import Terminal  # noqa: E402

DATASETS = """\
dataset,kind,name,label::id,label::en,order,search,mask,class,value,value::en
kapal,menu,w,Kapal nelayan,Fishing boats,,,,,
kapal,title,nama,Kapal,Boat,,,,,nama
kapal,column,lambung,Lambung,Hull,2,number,2*2,,lambung
kapal,column,nama,Nama kapal,Boat name,1,name,,,nama
kapal,column,dermaga,Dermaga,Pier,3,place,,,dermaga
kapal,column,utang,Utang,Debt,4,,,spesifik,utang
kapal,column,awak,Awak,Crew,5,,,,"count(instance('awak')/root/item[kapal = current()/name])"
kapal,detail,lambung,No. lambung,Hull no.,1,,,,lambung
kapal,detail,utang,Utang,Debt,2,,,spesifik,"concat('Rp ', utang)"
kapal,detail,lunas,Lunas,Paid,3,,,,"if(utang = 0, 'ya', 'belum')","if(utang = 0, 'yes', 'not yet')"
kapal,detail,bulan,Bulan,Month,4,,,,"if(periksa != '', format-date(periksa, '%d %b %Y'), '')"
kapal,unique,lambung,Lambung,Hull,,,,,
kapal,due,periksa,Periksa mesin,Engine check,,,,,periksa
kapal,action,daftar_kapal,daftar kapal,new boat,b,,,,new
kapal,action,periksa_kapal,periksa,check,n,,,,visit
kapal,action,tunda_kapal,tunda,postpone,z,,,,postpone
awak,title,nama,Awak,Crew,,,,,nama
awak,column,nama,Nama,Name,1,name,,,nama
awak,column,tugas,Tugas,Duty,2,,,,tugas
awak,parent,kapal,Kapal,Boat,,,,,kapal
awak,action,ganti_tugas,ganti tugas,new duty,g,,,,update
"""
BOAT = """\
survey,,,,,
,type,name,label::Bahasa Indonesia (id),label::English (en),save_to
,text,nama,Nama kapal,Name of the boat,nama
,text,lambung,Nomor lambung,Hull number,lambung
,text,dermaga,Dermaga,Pier,dermaga
,integer,utang,Utang,Debt,utang
,date,periksa,Periksa mesin,Engine check,periksa
settings,,,,,
,form_title,form_id,version,,
,Daftar kapal,daftar_kapal,1,,
entities,,,,,
,list_name,label,,,
,kapal,${nama},,,
"""
CREW = """\
survey,,,,
,type,name,label,save_to
,select_one_from_file kapal.csv,di,Kapal,kapal
,text,nama,Nama,nama
,text,tugas,Tugas,tugas
settings,,,,
,form_title,form_id,version,
,Daftar awak,daftar_awak,1,
entities,,,,
,list_name,label,,
,awak,${nama},,
"""
# Starts from an entity and saves one property of it.
CHANGE = """\
survey,,,,
,type,name,label,save_to
,select_one_from_file %(list)s.csv,di,%(list)s,
,%(type)s,%(name)s,%(name)s,%(name)s
settings,,,,
,form_title,form_id,version,
,%(title)s,%(form)s,1,
entities,,,,
,list_name,entity_id,,
,%(list)s,${di},,
"""


def change(form, title, dataset, kind, name):
    return CHANGE % {"form": form, "title": title, "list": dataset,
                     "type": kind, "name": name}


pilar = tap.Program("dataset", kit="kit", env={"TZ": "Asia/Jakarta"})
IDS = {}


def said(form, *pairs):
    """Answers of a form as acts."""
    return pilar.write("acts.jsonl", [
        {"op": "set", "ref": "/data/" + name, "value": value}
        for name, value in pairs])


def boat(name, hull, debt, check):
    result = pilar("fill", "daftar_kapal", "--answers", said(
        "daftar_kapal", ("nama", name), ("lambung", hull),
        ("dermaga", "Lempasing"), ("utang", debt), ("periksa", check)))
    assert result.returncode == 0, result.stderr
    IDS[name] = pilar.asked("find", name, "--dataset", "kapal")[0]["id"]
    return result.stderr


def crew(name, duty, at):
    pilar.done("fill", "daftar_awak", "--entity", "kapal:" + IDS[at],
               "--answers", said("daftar_awak", ("nama", name),
                                 ("tugas", duty)))
    IDS[name] = pilar.asked("find", name, "--dataset", "awak")[0]["id"]


def setup():
    for name, text in (
            ("datasets", DATASETS), ("daftar_kapal", BOAT),
            ("daftar_awak", CREW),
            ("periksa_kapal", change("periksa_kapal", "Periksa kapal",
                                     "kapal", "date", "periksa")),
            ("tunda_kapal", change("tunda_kapal", "Tunda periksa", "kapal",
                                   "date", "periksa")),
            ("ganti_tugas", change("ganti_tugas", "Ganti tugas", "awak",
                                   "text", "tugas"))):
        pilar.write("kit/%s.csv" % name, text)
    pilar.done("init", "--code", "dewi", "--name", "Dewi", "--yes")


def screens(*words):
    return Terminal([tap.PILAR, "--store", pilar.store, *words],
                    {"TZ": "Asia/Jakarta"})


def leave(t):
    t.keys("q")
    assert t.ended() == 0


# ---- the command line
def the_forms_of_the_list_are_filled_and_linked():
    boat("Bintang Laut", "1871012345", "2500000", "2020-01-05")
    boat("Camar", "1871020001", "0", "2099-12-31")
    crew("Usman", "nakhoda", "Bintang Laut")
    crew("Darto", "juru mesin", "Bintang Laut")


def a_unique_value_is_warned_of():
    warning = boat("Bintang Palsu", "1871012345", "0", "")
    assert "Lambung" in warning, warning
    assert "1871012345" not in warning, warning


def find_searches_masks_and_hides():
    for text in ("bintang laut", "187101", "lemp bin"):
        hits = pilar.asked("find", text, "--dataset", "kapal")
        assert IDS["Bintang Laut"] in [h["id"] for h in hits], (text, hits)
    columns = [h["columns"] for h in pilar.asked("find", "bintang laut")
               if h["dataset"] == "kapal"][0]
    assert columns["lambung"] == "18******45", columns
    assert columns["awak"] == "2" and columns["dermaga"] == "Lempasing"
    assert "utang" not in columns, columns
    text = pilar.done("find", "bintang laut")
    assert "1871012345" not in text and "2500000" not in text, text
    assert pilar.asked("find", "usman")[0]["dataset"] == "awak"


def a_case_has_details_members_and_what_is_due():
    shown = pilar.done("case", "show", IDS["Bintang Laut"])
    for part in ("1871012345", "Rp 2500000", "Awak (2)", "Usman", "nakhoda",
                 "Periksa mesin", "2020-01-05", "Daftar kapal"):
        assert part in shown, (part, shown)
    english = pilar.done("--lang", "en", "case", "show",
                         IDS["Bintang Laut"])
    assert "Hull no." in english and "Crew (2)" in english, english
    camar = pilar.done("case", "show", IDS["Camar"])
    assert "31 Des 2099" in camar and "ya" in camar, camar
    camar = pilar.done("--lang", "en", "case", "show", IDS["Camar"])
    assert "31 Dec 2099" in camar and "yes" in camar, camar
    case = pilar.asked("case", "show", IDS["Bintang Laut"])
    assert [d["name"] for d in case["due"]] == ["periksa"], case["due"]
    assert case["due"][0]["day"] == "2020-01-05", case["due"]


def what_is_due_is_listed_by_its_day():
    rows = pilar.asked("case", "due")
    assert [(r["title"], r["day"], r["name"]) for r in rows] == [
        ("Bintang Laut", "2020-01-05", "periksa"),
        ("Camar", "2099-12-31", "periksa")], rows
    assert len(pilar.asked("case", "due", "--to", "2020-12-31")) == 1
    assert "Periksa mesin" in pilar.done("case", "due")
    assert rows[0]["place"] == "Lempasing", rows[0]
    by_place = pilar.asked("case", "due", "--by", "place")
    assert [r["title"] for r in by_place][0] == "Bintang Laut", by_place
    there = pilar.asked("case", "due", "--place", "lempas")
    assert len(there) == 2, there
    assert pilar.asked("case", "due", "--place", "tidak ada") == []
    pilar.refused(("case", "due", "--by", "warna"), "--by")


# ---- the screens
def home_list_and_case_show_it():
    t = screens()
    t.wait("w  Kapal nelayan").keys("w").wait("Nama kapal")
    t.wait("Lambung").wait("Dermaga").wait("18******45")
    assert "2500000" not in t.text() and "Utang" not in t.text(), t.text()
    t.keys("bintang laut").wait("1 cocok").keys("<Enter>")
    t.wait("> Bintang Laut").wait("b daftar kapal").wait("n periksa")
    t.keys("<Enter>").wait("No. lambung: 1871012345").wait("Utang: Rp 2500000")
    t.wait("Awak (2)").wait("> Usman").wait("nakhoda").wait("Tindak lanjut")
    t.wait("Periksa mesin").wait("g ganti tugas")
    t.keys("<Esc><Esc><Esc>").wait("Sinkronisasi")
    leave(t)


def an_action_of_the_member_changes_it():
    t = screens()
    t.wait("w  Kapal").keys("wbintang laut").wait("1 cocok")
    t.keys("<Enter><Enter>").wait("> Usman").keys("g")
    t.wait("Ganti tugas - Usman").keys("bendahara<Enter>").wait("Tinjau")
    t.keys("f").wait("Awak (2)").wait("bendahara")
    t.keys("<Esc><Esc>").wait("Sinkronisasi")
    leave(t)
    assert pilar.asked("case", "show", IDS["Usman"])["properties"][
        "tugas"] == "bendahara"


def search_anywhere_finds_it():
    t = screens()
    t.wait("Kapal nelayan").keys("/dart").wait("Awak  ").wait("Darto")
    t.keys("<Enter><Enter>").wait(" Darto").wait("Riwayat")
    t.keys("i").wait("Awak (2)")
    t.keys("<Esc><Esc><Esc>").wait("Sinkronisasi")
    leave(t)


def follow_ups_visit_and_postpone_it():
    t = screens()
    t.wait("Tindak lanjut jatuh tempo       1").keys("t")
    t.wait("> ").wait("Bintang Laut").wait("Lempasing").wait("Periksa mesin")
    t.wait("n periksa").wait("x tunda").keys("x")
    t.wait("Tunda periksa - Bintang Laut").keys("01012099<Enter>")
    t.wait("Tinjau").keys("f").wait("terlambat 0")
    t.keys("<Esc>").wait("Tindak lanjut jatuh tempo       0")
    leave(t)
    assert [r["day"] for r in pilar.asked("case", "due")] == [
        "2099-01-01", "2099-12-31"]


def the_screens_speak_english_with_it():
    t = screens("--lang", "en")
    t.wait("w  Fishing boats").keys("wcamar").wait("Boat name").wait("Pier")
    t.keys("<Enter><Enter>").wait("Hull no.").wait("n check")
    t.keys("<Esc><Esc>").wait("Fishing boats")
    leave(t)


setup()
sys.exit(pilar.test([
    the_forms_of_the_list_are_filled_and_linked,
    a_unique_value_is_warned_of,
    find_searches_masks_and_hides,
    a_case_has_details_members_and_what_is_due,
    what_is_due_is_listed_by_its_day,
    home_list_and_case_show_it,
    an_action_of_the_member_changes_it,
    search_anywhere_finds_it,
    follow_ups_visit_and_postpone_it,
    the_screens_speak_english_with_it,
]))
