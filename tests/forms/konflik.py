#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The form that decides between differing data asks for every property that
any other form saves: with the type, label and choices it has there. `make
konflik` writes it; run as a test this says whether it still fits."""
import collections
import csv
import glob
import os
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
FORM = "putusan_isi"
PATH = f"{ROOT}/forms/{FORM}.csv"
VERSION = "2026112214"

# List, prefix of its questions, its name in both languages.
LISTS = [("keluarga", "k", "Keluarga", "Household"),
         ("orang", "o", "Orang", "Person"),
         ("rujukan", "r", "Rujukan", "Referral"),
         ("psks", "p", "PSKS/lembaga", "PSKS/institution"),
         ("kejadian", "j", "Kejadian bencana", "Disaster"),
         ("komunitas", "m", "Komunitas adat", "Community")]

# What no question but a formula gives.
LABELS = {
    "pmks": ("PMKS", "PMKS"),
    "pmks_ragu": ("PMKS yang diragukan", "Doubtful PMKS"),
    "pmks_sejak": ("PMKS sejak", "PMKS since"),
    "pmks_umum": ("PMKS untuk umum", "PMKS for all to see"),
    "pmks_utama": ("PMKS utama", "Main PMKS"),
    "pmks_21": ("PMKS 21", "PMKS 21"),
    "pmks_22": ("PMKS 22", "PMKS 22"),
    "pmks_24": ("PMKS 24", "PMKS 24"),
    "pmks_25": ("PMKS 25", "PMKS 25"),
    "pmks_26": ("PMKS 26", "PMKS 26"),
    "pmks_21_sejak": ("PMKS 21 sejak", "PMKS 21 since"),
    "pmks_22_sejak": ("PMKS 22 sejak", "PMKS 22 since"),
    "pmks_24_sejak": ("PMKS 24 sejak", "PMKS 24 since"),
    "pmks_25_sejak": ("PMKS 25 sejak", "PMKS 25 since"),
    "pmks_26_sejak": ("PMKS 26 sejak", "PMKS 26 since"),
    "saran_25": ("Saran PMKS 25", "Suggestion for PMKS 25"),
    "pmks_aturan": ("Aturan PMKS", "Rules of PMKS"),
    "dis_jenis": ("Jenis disabilitas", "Kind of disability"),
    "umur_tgl": ("Umur menurut tanggal", "Age as of"),
    "asesmen_tgl": ("Tanggal asesmen", "Date of assessment"),
    "setuju": ("Persetujuan", "Consent"),
    "nik_periksa": ("Pemeriksaan NIK", "Check of the NIK"),
    "kk_periksa": ("Pemeriksaan nomor KK", "Check of the card number"),
    "keluarga": ("Keluarga", "Household"),
    "orang": ("Orang", "Person"),
    "psks": ("PSKS/lembaga", "PSKS/institution"),
    "masuk_sebab": ("Sebab masuk keluarga", "Why in the household"),
    "masuk_tgl": ("Masuk keluarga sejak", "In the household since"),
    "keberadaan_tgl": ("Keberadaan sejak", "Whereabouts since"),
    "keberadaan_ket": ("Keterangan keberadaan", "On the whereabouts"),
    "akta_mati": ("Akta kematian", "Death certificate"),
    "status": ("Status catatan", "State of the record"),
    "status_tgl": ("Status sejak", "State since"),
    "status_ket": ("Keterangan status", "On the state"),
    "gabung_ke": ("Digabung ke", "Merged into"),
    "asal_keluarga": ("Keluarga asal", "Household before"),
    "tunda_dari": ("Ditunda dari", "Postponed from"),
    "tunda_sampai": ("Ditunda sampai", "Postponed until"),
    "tunda_alasan": ("Alasan menunda", "Why postponed"),
    "tinjau": ("Hasil tinjauan", "Result of the review"),
    "tinjau_tgl": ("Ditinjau pada", "Reviewed on"),
    "tinjau_oleh": ("Ditinjau oleh", "Reviewed by"),
    "tinjau_catatan": ("Catatan tinjauan", "Comment of the review"),
    "tinjau_versi": ("Versi yang ditinjau", "Version reviewed"),
    "bencana": ("Bencana", "Disaster"),
    "bencana_aturan": ("Aturan bencana", "Rules of disasters"),
    "miskin": ("Miskin", "Poor"),
    "rumah_layak": ("Rumah layak huni", "Decent house"),
    "kunjungan_tgl": ("Tanggal kunjungan", "Date of the visit"),
    "n_anggota": ("Jumlah anggota", "Members"),
    "n_bekerja": ("Anggota yang bekerja", "Members who work"),
    "n_usaha": ("Anggota yang berusaha", "Members with a business"),
    "desa": ("Kode desa", "Village code"),
    "desa_nama": ("Desa", "Village"),
    "kec": ("Kode kecamatan", "Sub-district code"),
    "kec_nama": ("Kecamatan", "Sub-district"),
    "tgl_daftar": ("Terdaftar pada", "Registered on"),
    "kepala_kosong": ("Tanpa kepala keluarga", "Without a head"),
    "pecahan_dari": ("Pecahan dari keluarga", "Split off from"),
    "waktu": ("Waktu kejadian", "When it happened"),
    "bencana_jenis": ("Jenis bencana", "Kind of disaster"),
    "jenis_teks": ("Sebutan bencana", "Name of the disaster"),
    "posko": ("Posko", "Post"),
    "keadaan_tgl": ("Keadaan per", "Situation as of"),
    "j_kk": ("Keluarga terdampak", "Families hit"),
    "j_jiwa": ("Orang terdampak", "Persons hit"),
    "j_l": ("Laki-laki terdampak", "Men hit"),
    "j_p": ("Perempuan terdampak", "Women hit"),
    "j_ungsi_kk": ("Keluarga mengungsi", "Families displaced"),
    "j_ungsi": ("Orang mengungsi", "Persons displaced"),
    "j_balita": ("Balita", "Children under five"),
    "j_anak": ("Anak", "Children"),
    "j_hamil": ("Ibu hamil", "Pregnant women"),
    "j_lansia": ("Lanjut usia", "Elderly"),
    "j_dis": ("Penyandang disabilitas", "Persons with a disability"),
    "j_mati": ("Meninggal", "Dead"),
    "j_hilang": ("Hilang", "Missing"),
    "j_lb": ("Luka berat", "Badly injured"),
    "j_lr": ("Luka ringan", "Lightly injured"),
    "j_rb": ("Rumah rusak berat", "Houses badly damaged"),
    "j_rs": ("Rumah rusak sedang", "Houses damaged"),
    "j_rr": ("Rumah rusak ringan", "Houses lightly damaged"),
    "mulai": ("Layanan mulai", "Service since"),
    "berakhir": ("Layanan berakhir", "Service until"),
    "nilai_rp": ("Nilai layanan (Rp)", "Value of the service (Rp)"),
    "fungsi_sosial": ("Keberfungsian sosial", "Social functioning"),
    "tenggat": ("Tenggat", "Due"),
    "alasan_tolak": ("Alasan ditolak", "Why refused"),
    "pantau_tgl": ("Dipantau pada", "Followed up on"),
    "n_pantau": ("Jumlah pemantauan", "Follow-ups"),
    "panti": ("Panti", "Home"),
    "desil": ("Desil DTSEN", "DTSEN decile"),
    "desil_tgl": ("Tanggal desil", "Date of the decile"),
    "dtsen": ("Terdata di DTSEN", "In DTSEN"),
    "nama": ("Nama", "Name"),
    "layanan": ("Kode layanan", "Code of the service"),
    "layanan_nama": ("Layanan", "Service"),
    "layanan_umum": ("Layanan untuk umum", "Service for all to see"),
    "khusus": ("Data khusus", "Specific data"),
    "tujuan": ("Tujuan rujukan", "Referred to"),
    "tgl": ("Tanggal", "Date"),
    "petugas": ("Petugas", "Field worker"),
    "terisi": ("Tempat terisi", "Places taken"),
    "tipe_nama": ("Nama jenis", "Name of the type"),
    "tgl_data": ("Data per", "Data as of"),
    "binaan_tgl": ("Binaan per", "Clients as of"),
    "akred_habis": ("Akreditasi habis", "Accreditation expires"),
    "penuhi": ("Kriteria terpenuhi", "Criteria met"),
}
ID, EN = "::Bahasa Indonesia (id)", "::English (en)"
COLUMNS = ["type", "name", "label" + ID, "label" + EN, "hint" + ID,
           "hint" + EN, "required", "required_message" + ID,
           "required_message" + EN, "relevant", "constraint",
           "constraint_message" + ID, "constraint_message" + EN,
           "calculation", "trigger", "default", "choice_filter",
           "appearance", "read_only", "save_to"]


def read(path):
    """The sheets of a form as rows by column."""
    sheets, sheet, head = collections.defaultdict(list), None, None
    with open(path, newline="") as f:
        for row in csv.reader(f):
            if row[0]:
                sheet, head = row[0], None
            elif head is None:
                head = row[1:]
            else:
                sheets[sheet].append(dict(zip(head, row[1:])))
    return sheets


def forms():
    for path in sorted(glob.glob(ROOT + "/forms/*.csv")):
        with open(path) as f:
            is_form = f.readline().strip() == "survey"
        name = os.path.basename(path)[:-4]
        if is_form and name != FORM:
            yield name, read(path)


def asked(sheets, q, prop):
    """The question behind a formula that only keeps it off newer data."""
    own = "${lama} = 1" in q.get("calculation", "")
    for behind in sheets["survey"] if own else []:
        if behind["name"] == prop:
            return behind
    return q


def saved():
    """{list: {property: (form, question)}}; a question before a formula."""
    out = {name: {} for name, *_ in LISTS}
    for form, sheets in forms():
        for q in sheets["survey"]:
            to = q.get("save_to", "")
            if not to:
                continue
            if "#" in to:
                name, prop = to.split("#")
            else:
                name, prop = sheets["entities"][0]["list_name"], to
            q = asked(sheets, q, prop)
            old = out[name].get(prop)
            if not old or (old[1]["type"] == "calculate" and
                           q["type"] != "calculate"):
                out[name][prop] = (form, q, sheets)
    return out


class Writer:
    def __init__(self):
        self.survey, self.choices, self.lists = [], [], {}

    def row(self, kind, name, label=("", ""), **more):
        row = {"type": kind, "name": name, "label" + ID: label[0],
               "label" + EN: label[1]}
        row.update(more)
        self.survey.append(row)

    def choice(self, of, name, label):
        self.choices.append((of, name, *label))

    def list_of(self, form, sheets, name):
        """A list of choices of another form, once where they are the same."""
        rows = [(c["name"], c["label" + ID], c["label" + EN])
                for c in sheets["choices"] if c["list_name"] == name]
        assert rows, (form, name)
        key = tuple(rows)
        if key not in self.lists:
            taken = set(self.lists.values())
            own = name if name not in taken else f"{form}_{name}"
            assert own not in taken
            self.lists[key] = own
            for row in rows:
                self.choice(own, row[0], row[1:])
        return self.lists[key]

    def kind(self, form, q, sheets):
        words = q["type"].split()
        if words[0] in ("select_one", "select_multiple"):
            return words[0] + " " + self.list_of(form, sheets, words[1])
        if words[0] in ("integer", "decimal", "date", "geopoint",
                        "select_one_from_file"):
            return q["type"]
        return "text"


REQUIRED = {"required": "yes", "required_message" + ID: "Wajib diisi.",
            "required_message" + EN: "An answer is required."}


def head(w):
    w.row("start", "start")
    w.row("end", "end")
    w.row("deviceid", "deviceid")
    w.row("username", "username")
    w.row("begin_group", "awal", ("A. Kasus", "A. The case"),
          appearance="field-list")
    before = []
    for name, _, label, english in LISTS:
        none = " and ".join("${%s_id} = ''" % b for b in before)
        more = {"relevant": none, "appearance": "minimal"}
        if name == "keluarga":
            more.update({"hint" + ID: "Ketik nama kepala keluarga.",
                         "hint" + EN: "Type the name of the head."})
        w.row(f"select_one_from_file {name}.csv", f"{name}_id",
              (label, english), **more)
        before.append(name)
    subject = "''"
    for name, *_ in reversed(LISTS):
        subject = f"if(${{{name}_id}} != '', '{name}', {subject})"
    w.row("calculate", "subjek", calculation=subject)
    labels = "''"
    for name, *_ in reversed(LISTS):
        labels = (f"if(${{subjek}} = '{name}', instance('{name}')/root/"
                  f"item[name = ${{{name}_id}}]/label, {labels})")
    w.row("calculate", "untuk_siapa", calculation=labels)
    w.row("end_group", "awal")


def properties(w, name, prefix, label, props):
    where = f"instance('{name}')/root/item[name = ${{{name}_id}}]"
    w.row("begin_group", f"isi_{name}",
          (f"B. {label[0]}", f"B. {label[1]}"), appearance="field-list",
          relevant=f"${{subjek}} = '{name}'")
    w.row(f"select_multiple data_{name}", f"data_{name}",
          ("Data mana yang diputuskan", "Which data are decided"),
          **{"hint" + ID: "Pilih yang berbeda; terisi yang berlaku sekarang.",
             "hint" + EN: "Choose those that differ; the present values are "
             "filled in."}, **REQUIRED)
    for prop, (form, q, sheets) in props.items():
        own = f"{prefix}_{prop}"
        text = (q.get("label" + ID, ""), q.get("label" + EN, ""))
        if not text[0] or "${" in text[0] + text[1]:
            text = LABELS[prop]
        w.choice(f"data_{name}", own, text)
        words = q.get("appearance", "").split()
        kept = [v for v in words if v == "numbers" or v.startswith("len")]
        if q["type"].startswith("select_one_from_file"):
            kept = ["minimal"]
        w.row(w.kind(form, q, sheets), own, text,
              relevant=f"selected(${{data_{name}}}, '{own}')",
              calculation=f"if(${{{own}}} = '', {where}/{prop}, ${{{own}}})",
              trigger=f"${{data_{name}}}", appearance=" ".join(kept),
              save_to=f"{name}#{prop}")
    w.choice(f"data_{name}", f"{prefix}__lain",
             ("Data lain: tetap seperti sekarang",
              "Other data: stay as they are"))
    w.row("end_group", f"isi_{name}")


def tail(w):
    w.row("begin_group", "ringkasan", ("C. Ringkasan", "C. Summary"),
          appearance="field-list ringkasan")
    w.row("text", "dasar", ("Dasar putusan", "Reason for the decision"),
          **{"hint" + ID: "Misalnya KTP dilihat, ditanyakan lagi.",
             "hint" + EN: "Such as the card seen, asked again."}, **REQUIRED)
    w.row("note", "s_konflik", ("Diputuskan untuk ${untuk_siapa}: ${dasar}.",
                                "Decided for ${untuk_siapa}: ${dasar}."),
          relevant="${dasar} != ''")
    w.row("date", "tgl", ("Tanggal putusan", "Date of the decision"),
          constraint=". <= today()", default="today()",
          **{"constraint_message" + ID:
             "Tanggal tidak boleh sesudah hari ini.",
             "constraint_message" + EN: "The date cannot be after today."},
          **REQUIRED)
    worker = "instance('petugas')/root/item[name = ${username}]/name"
    w.row("select_one_from_file petugas.csv", "petugas_id",
          ("Petugas", "Field worker"), default=worker,
          read_only=worker + " != ''", **REQUIRED)
    w.row("text", "catatan", ("Catatan", "Notes"), appearance="multiline")
    w.row("end_group", "ringkasan")


def make(out):
    w, props = Writer(), saved()
    head(w)
    for name, prefix, label, english in LISTS:
        properties(w, name, prefix, (label, english), props[name])
    tail(w)
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["survey"])
    rows.writerow([""] + COLUMNS)
    for row in w.survey:
        rows.writerow([""] + [row.get(c, "") for c in COLUMNS])
    rows.writerow(["choices"])
    rows.writerow(["", "list_name", "name", "label" + ID, "label" + EN])
    for row in sorted(w.choices, key=lambda r: r[0]):
        rows.writerow(["", *row])
    rows.writerow(["settings"])
    rows.writerow(["", "form_title", "form_id", "version",
                   "default_language", "instance_name"])
    rows.writerow(["", "Putusan isi yang berbeda", FORM, VERSION,
                   "Bahasa Indonesia (id)",
                   "concat('Putusan isi yang berbeda ', ${tgl})"])
    rows.writerow(["entities"])
    rows.writerow(["", "list_name", "entity_id"])
    for name, *_ in LISTS:
        rows.writerow(["", name, "${%s_id}" % name])


if __name__ == "__main__":
    make(sys.stdout)
