#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The numbers of recaps, counted a second time: here what each entity was on an
evening is replayed from the operations in `store dump`, and every cell of the
tables is counted from that by rules written down once more, in Python."""
import csv
import datetime
import io
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

HOURS = 7
pilar = tap.Program("recap-numbers", env={"TZ": "WIB-%d" % HOURS})
GONE = {"2", "3", "4", "6"}
FAMILY = ("21", "22", "24", "25")
NOW = datetime.datetime.now(datetime.timezone(
    datetime.timedelta(hours=HOURS))).date()
WHOLE = (None, NOW)


def month(back):
    """First and last day of the month so many months ago."""
    year, number = divmod(NOW.year * 12 + NOW.month - 1 - back, 12)
    first = datetime.date(year, number + 1, 1)
    after = datetime.date(year + number // 11, (number + 1) % 12 + 1, 1)
    return first, after - datetime.timedelta(1)


# On the first of a month there is nothing of this month yet.
MONTHS = [month(n) for n in (1, 2, 4)]


def period(days):
    first, last = days
    return (["--from", str(first)] if first else []) + ["--to", str(last)]


# ---- what was said of whom, and when
def operations():
    """(day, dataset, id, properties) in the order in which they came."""
    out = []
    for line in pilar.done("store", "dump", "--canonical").split("\n"):
        cells = line.split("\t")
        if cells[0] != "entity_event":
            continue
        day = datetime.datetime.fromtimestamp(
            int(cells[6]) / 1000 + HOURS * 3600, datetime.timezone.utc).date()
        at = cells.index("|") if "|" in cells else len(cells)
        while at < len(cells):
            end = cells.index("|", at + 1) if "|" in cells[at + 1:] \
                else len(cells)
            props = dict(c.split("=", 1) for c in cells[at + 5:end])
            out.append((int(cells[3]), day, cells[at + 3], cells[1], props))
            at = end
    out.sort(key=lambda o: o[0])
    return [o[1:] for o in out]


class World:
    """Every entity as it was when that day was over; None: before all."""
    def __init__(self, evening):
        self.day, self.data = evening, {}
        for day, dataset, key, props in operations_once():
            if evening and day <= evening:
                self.data.setdefault(dataset, {}).setdefault(key, {}).update(
                    props)

    def of(self, dataset):
        return self.data.get(dataset, {})

    def home(self, person):
        return self.of("keluarga").get(person.get("keluarga", ""), {})

    def types(self, dataset, key):
        """Under which types it counts; none when it has left."""
        e = self.of(dataset).get(key)
        if not e or e.get("status") or e.get("gabung_ke"):
            return set()
        if dataset == "komunitas":
            return {"26"} if e.get("pmks_26") == "ya" else set()
        if dataset == "keluarga":
            return {t for t in FAMILY if e.get("pmks_" + t) == "ya"}
        if e.get("keberadaan") in GONE or self.home(e).get("status"):
            return set()
        return set(e.get("pmks", "").split())

    def place(self, dataset, key):
        e = self.of(dataset).get(key, {})
        home = self.home(e) if dataset == "orang" else e
        return (home.get("desa", "") + " " + home.get("desa_nama", "")).strip()

    def age(self, person):
        def between(born, day):
            return (day.year - born.year -
                    ((day.month, day.day) < (born.month, born.day)))
        born = person.get("tgl_lahir")
        if born:
            return between(datetime.date.fromisoformat(born), self.day)
        if not person.get("umur_perkiraan"):
            return None
        said = person.get("umur_tgl")
        return int(person["umur_perkiraan"]) + (
            between(datetime.date.fromisoformat(said), self.day)
            if said else 0)


MADE = {}


def operations_once():
    if "operations" not in MADE:
        MADE["operations"] = operations()
    return MADE["operations"]


def world(evening):
    if evening not in MADE:
        MADE[evening] = World(evening)
    return MADE[evening]


# ---- what the program says
def table(name, *words):
    text = pilar.done("recap", name, "--csv", "-", *words)
    sep = ";" if ";" in text.split("\n")[0] else ","
    return list(csv.DictReader(io.StringIO(text), delimiter=sep))


def cells(name, days, *words):
    """{(part, row, column): number}, without zeros."""
    out = {}
    for row in table(name, *period(days), *words):
        part = row.pop("bagian", "")
        head = list(row)[0]
        key = row.pop(head)
        key = key if key == "Jumlah" else key[:2]
        for column, text in row.items():
            if float(text):
                out[part, key, column] = float(text)
    return out


class Count(dict):
    def one(self, part, row, column, holds, total=False):
        key = (part, "Jumlah" if total else row, column)
        if holds:
            self[key] = self.get(key, 0) + 1


def differ(mine, theirs):
    return {k: (mine.get(k), theirs.get(k)) for k in set(mine) | set(theirs)
            if mine.get(k) != theirs.get(k)}


# ---- recounting
def recount_types(w, parted):
    out = Count()
    bands = [("0-5", 0, 5), ("6-17", 6, 17), ("18", 18, 18),
             ("19-59", 19, 59), ("60+", 60, 200)]
    for dataset, column in (("orang", "Orang"), ("keluarga", "KK"),
                            ("komunitas", "KAT")):
        for key, e in w.of(dataset).items():
            types = w.types(dataset, key)
            part = w.place(dataset, key) if parted else ""
            for row in sorted(types) + (["Jumlah"] if types else []):
                out.one(part, row, column, True)
                if dataset != "orang":
                    continue
                age = w.age(e)
                out.one(part, row, "L", e.get("jk") == "1")
                out.one(part, row, "P", e.get("jk") == "2")
                out.one(part, row, "Umur ?", age is None)
                for name, low, high in bands:
                    out.one(part, row, name,
                            age is not None and low <= age <= high)
    return out


def served(w, days, link, key, row):
    first, last = (str(d) if d else "" for d in days)
    return any(r.get(link) == key and row in r.get("pmks", "").split() and
               "" < r.get("mulai", "") <= last and
               not "" < r.get("berakhir", "") < first
               for r in w.of("rujukan").values())


def waits(w, link, key, row):
    return any(r.get(link) == key and row in r.get("pmks", "").split() and
               r.get("status") in ("draf", "diajukan", "diterima")
               for r in w.of("rujukan").values())


def recount_moves(days, parted):
    first, last = days
    end = world(last)
    start = world(first - datetime.timedelta(1) if first else None)
    out = Count()
    for dataset in ("orang", "keluarga", "komunitas"):
        for key, e in end.of(dataset).items():
            was, now = start.types(dataset, key), end.types(dataset, key)
            old = start.place(dataset, key) if parted else ""
            new = end.place(dataset, key) if parted else ""
            wrong = (e.get("status") == "salah" or bool(e.get("gabung_ke")) or
                     (dataset == "orang" and
                      end.home(e).get("status") == "salah"))
            sides = ([(new, was, now)] if old == new or not was or not now
                     else [(old, was, set()), (new, set(), now)])
            for part, a, b in sides:
                if part != old and a and not b:
                    part = old
                count_moves(out, end, days, dataset, key, e, part, a, b, wrong)
    return out


def count_moves(out, end, days, dataset, key, e, part, was, now, wrong):
    valid = bool(e.get("nik")) and e.get("nik_periksa") in ("baik", "wilayah")
    total = {}
    rows = [(r, r in was, r in now) for r in sorted(was | now)]
    if rows:
        rows.append(("Jumlah", bool(was), bool(now)))
    for row, before, after in rows:
        left = before and not after
        out.one(part, row, "Awal", before)
        out.one(part, row, "Baru", after and not before)
        out.one(part, row, "Keluar", left and not wrong)
        out.one(part, row, "Koreksi", left and wrong)
        out.one(part, row, "Akhir", after)
        out.one(part, row, "NIK sah",
                dataset == "orang" and after and valid)
        if dataset == "komunitas":
            continue
        if row == "Jumlah":
            helped, waiting = total["Dilayani"], total["Menunggu"]
        else:
            helped = served(end, days, dataset, key, row)
            waiting = after and waits(end, dataset, key, row)
            total["Dilayani"] = total.get("Dilayani") or helped
            total["Menunggu"] = total.get("Menunggu") or waiting
        out.one(part, row, "Dilayani", helped)
        out.one(part, row, "Menunggu", waiting)


# ---- tests
def types_by_village_sex_and_age_are_counted_right():
    pilar.done("demo")
    for days in [WHOLE] + MONTHS:
        for parted in (True, False):
            words = () if parted else ("--by", "-")
            wrong = differ(recount_types(world(days[1]), parted),
                           cells("pmks", days, *words))
            assert not wrong, (days, parted, wrong)


def new_left_and_served_of_a_period_are_counted_right():
    seen = Count()
    for days in [WHOLE] + MONTHS:
        for parted in (True, False):
            words = () if parted else ("--by", "-")
            mine = recount_moves(days, parted)
            wrong = differ(mine, cells("gerak", days, *words))
            assert not wrong, (days, parted, wrong)
            for (_, _, column), n in mine.items():
                seen[column] = seen.get(column, 0) + n
    assert all(seen.get(c) for c in ("Awal", "Baru", "Keluar", "Akhir",
                                     "Dilayani", "Menunggu")), seen


def the_end_of_a_month_is_the_start_of_the_next():
    for back in (1, 2, 5):
        ends = cells("gerak", month(back), "--by", "-")
        starts = cells("gerak", month(back - 1), "--by", "-")
        assert ({k[1]: n for k, n in ends.items() if k[2] == "Akhir"} ==
                {k[1]: n for k, n in starts.items() if k[2] == "Awal"}), back


def every_row_balances():
    for days in MONTHS:
        for row in table("gerak", *period(days)):
            n = {k: int(v) for k, v in row.items() if v.isdigit()}
            assert (n["Awal"] + n["Baru"] - n["Keluar"] - n["Koreksi"] ==
                    n["Akhir"]), row


def records_by_worker_are_those_of_the_log():
    log = [a for a in pilar.asked("store", "log") if a["act"] == "submit"]
    columns = {"pendaftaran_keluarga": "Daftar",
               "pendaftaran_anggota": "Daftar", "kunjungan": "Kunjungan",
               "kunjungan_komunitas": "Kunjungan", "asesmen_pmks": "Asesmen",
               "rujukan": "Rujukan", "pantau": "Pantau",
               "kegiatan": "Kegiatan"}
    for first, last in MONTHS:
        mine = Count()
        for act in log:
            day = datetime.datetime.fromtimestamp(
                act["at"] / 1000 + HOURS * 3600, datetime.timezone.utc).date()
            if not first <= day <= last:
                continue
            for column in ("Isian", "Belum diekspor",
                           columns.get(act["list"], "Lain")):
                mine.one("", "De", column, True)
                mine.one("", "", column, True, total=True)
        wrong = differ(mine, cells("kinerja", (first, last)))
        assert mine and not wrong, (first, wrong)


def quality_is_counted_right():
    w = world(NOW)
    living = {k: e for k, e in w.of("orang").items()
              if e.get("keberadaan") not in GONE and not e.get("status") and
              not e.get("gabung_ke") and not w.home(e).get("status")}
    twice = {}
    for e in w.of("orang").values():
        if e.get("nik") and e.get("keberadaan") not in GONE and not (
                e.get("status") or e.get("gabung_ke")):
            twice[e["nik"]] = twice.get(e["nik"], 0) + 1
    mine = Count()
    for e in living.values():
        nik, seen = e.get("nik"), e.get("nik_periksa")
        again = e.get("asesmen_ulang", "")
        for column, holds in (
                ("Orang", True), ("Tanpa NIK", not nik),
                ("NIK sah", nik and seen in ("baik", "wilayah")),
                ("NIK tak sah", nik and seen in ("panjang", "salah")),
                ("NIK beda", nik and seen == "beda"),
                ("NIK ganda", nik and twice[nik] > 1),
                ("Perlu Dukcapil", e.get("nik_status") in ("belum", "hilang")),
                ("Tanpa tgl lahir", not e.get("tgl_lahir")),
                ("Tanpa dok.", e.get("dok_id") == "tidak_ada"),
                ("Asesmen lewat", "" < again < str(NOW)),
                ("Tipe ragu", e.get("pmks_ragu"))):
            mine.one("", "", column, holds, total=True)
    theirs = {k: n for k, n in cells("mutu_orang", WHOLE).items()
              if k[1] == "Jumlah"}
    assert not differ(mine, theirs), differ(mine, theirs)
    living_homes = {k: e for k, e in w.of("keluarga").items()
                    if not e.get("status") and not e.get("gabung_ke")}
    rows = table("mutu_keluarga")
    assert int(rows[-1]["KK"]) == len(living_homes)
    assert int(rows[-1]["Tanpa no. KK"]) == sum(
        not e.get("no_kk") for e in living_homes.values())
    year_ago = str(NOW - datetime.timedelta(365))
    assert int(rows[-1]["Lama > 1 th"]) == sum(
        "" < e.get("kunjungan_tgl", "") < year_ago
        for e in living_homes.values())


def names_by_type_are_those_who_are_counted():
    counted = {r["Jenis"][:2]: int(r["Orang"]) + int(r["KK"])
               for r in table("pmks", "--by", "-")[:-1]}
    counted["26"] = 0
    listed = {}
    for row in table("bnba"):
        assert row["kode_kategori"].startswith("PMKS-"), row
        kind = row["kode_kategori"][5:]
        listed[kind] = listed.get(kind, 0) + 1
    assert listed == {k: n for k, n in counted.items() if n}


def services_are_counted_by_their_month():
    total = 0
    for days in (month(n) for n in range(8)):
        first, last = (str(d) for d in days)
        made = [r for r in world(days[1]).of("rujukan").values()
                if first <= r.get("tgl", "") <= last]
        row = table("layanan", "--by", "-", *period(days))[-1]
        assert len(made) == int(row["Jumlah"]), (days, len(made), row)
        for column, status in (("Diajukan", "diajukan"),
                               ("Selesai", "selesai"),
                               ("Berjalan", "berjalan")):
            assert int(row[column]) == sum(
                r.get("status") == status for r in made), (days, column)
        total += len(made)
    assert total == len(world(NOW).of("rujukan")) > 0


def totals(name, days):
    """Of each village, each column."""
    return {(part, column): n for (part, row, column), n in
            cells(name, days).items() if row == "Jumlah"}


def resources_and_aid_are_counted_by_village():
    for days in (WHOLE, MONTHS[2]):
        w, mine, aid = world(days[1]), Count(), Count()
        for key, e in w.of("psks").items():
            for column, holds in (
                    ("Jumlah", True), ("Aktif", e.get("aktif") == "ya"),
                    ("L", e.get("jk") == "1"), ("P", e.get("jk") == "2"),
                    ("Didata", str(days[0] or "") <= e.get("tgl_data", "") <=
                     str(days[1]) and e.get("tgl_data"))):
                mine.one(w.place("psks", key), "", column, holds, total=True)
        theirs = totals("psks", days)
        wrong = {k for k, n in theirs.items()
                 if k[1] in ("Jumlah", "Aktif", "L", "P", "Didata") and
                 mine.get((k[0], "Jumlah", k[1])) != n}
        assert mine and not wrong, (days, wrong)
        for key, e in w.of("keluarga").items():
            if not e.get("program") or e.get("status") or e.get("gabung_ke"):
                continue
            tenth = int(e["desil"]) if e.get("desil") else None
            for column, holds in (
                    ("Keluarga", True), ("Belum ada desil", tenth is None),
                    ("Desil 1-4", tenth is not None and tenth <= 4),
                    ("Desil 5", tenth == 5),
                    ("Desil 6-10", tenth is not None and tenth > 5),
                    ("Tercatat miskin", e.get("miskin") == "1")):
                aid.one(w.place("keluarga", key), "", column, holds,
                        total=True)
        theirs = {(p, "Jumlah", c): n for (p, c), n in
                  totals("bantuan", days).items() if c != "Jiwa"}
        assert aid and not differ(aid, theirs), (days, differ(aid, theirs))


def what_was_taken_back_is_no_work():
    def records():
        return int(table("kinerja")[-1]["Isian"])
    before = records()
    pilar.done("case", "undo")
    assert records() == before - 1


sys.exit(pilar.test([
    types_by_village_sex_and_age_are_counted_right,
    new_left_and_served_of_a_period_are_counted_right,
    the_end_of_a_month_is_the_start_of_the_next,
    every_row_balances,
    records_by_worker_are_those_of_the_log,
    quality_is_counted_right,
    names_by_type_are_those_who_are_counted,
    services_are_counted_by_their_month,
    resources_and_aid_are_counted_by_village,
    what_was_taken_back_is_no_work,
]))
