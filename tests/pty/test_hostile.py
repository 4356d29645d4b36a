#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Control sequences in forms, lists, records, names, file names and the files
of others: none reaches a terminal, from a screen or from a command."""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../lib"]
import tap  # noqa: E402
from terminal import DIRTY, Terminal, dirty  # noqa: E402

C0 = "\x1b]0;J\x07\x1b[31m\x1b[6n\x1bPq\x1b\\\x0e\x08\x7f"
C1 = "\x9b31m\x9d0;J\x9c\x90q\x9c\x85"
BIDI = "\u202e\u202a\u2066\u2069\u200e\u200f\u061c\u200b\ufeff"
MILD = C1 + BIDI  # what XML allows
EVIL = C0 + MILD
pilar = tap.Program("hostile", kit="kit")
WORK = pilar.work

DATASETS = """dataset,kind,name,label::id,label::en,order,search,value
kebun,menu,k,Kebun%(m)s,Gardens%(m)s,,,
kebun,title,nama,Kebun%(m)s,Garden,,,nama
kebun,column,nama,Nama%(m)s,Garden name,1,name,nama
kebun,action,daftar_kebun,daftar%(m)s,register,b,,new
"""
FORM = """survey,,,,,,
,type,name,label,hint,constraint,constraint_message,save_to
,begin_group,a,A. Kebun%(m)s,,,,
,text,nama,Nama%(m)s,Petunjuk%(m)s,. != 'x',Salah%(m)s,nama
,select_one jenis,jenis,Jenis%(m)s,Petunjuk%(m)s,,,
,note,catat,Catatan%(m)s ${nama},,,,
,end_group,a,,,,,
choices,,,,,,
,list_name,name,label,,,
,jenis,1,Satu%(m)s,,,
,jenis,2,Dua%(m)s,,,
settings,,,,,,
,form_title,form_id,version,,,
,Kebun%(m)s,daftar_kebun,1,,,
entities,,,,,,
,dataset,label,,,,
,kebun,${nama},,,,
"""


def bytewise(words, found, may=""):
    """Nothing of `found` is dirty but what is in `may`."""
    text = found.decode("utf-8")  # broken UTF-8 fails here
    bad = DIRTY.search(text.translate({ord(c): None for c in may}))
    assert not bad, (words, text[max(0, bad.start() - 60):bad.end() + 60])
    return text


def clean(*words, status=(0,), **how):
    """A command; both of its outputs are looked at."""
    r = subprocess.run([tap.PILAR, "--store", how.pop("store", pilar.store),
                        *pilar.options, *words], capture_output=True,
                       timeout=tap.PATIENCE, **dict({"stdin": subprocess.DEVNULL}, **how)
                       if "input" not in how else how)
    bytewise(words, r.stderr)
    text = bytewise(words, r.stdout)
    assert r.returncode in status, (words, r.returncode, r.stderr, r.stdout)
    return text


def setup():
    pilar.write("kit/datasets.csv", DATASETS % {"m": MILD})
    pilar.write("kit/daftar_kebun.csv", FORM % {"m": MILD})
    clean("init", "--code", "dewi", "--name", "Dewi" + EVIL, "--role",
          "PSM" + EVIL, "--village", "Kaliawi" + EVIL, "--yes")


def names_of_files_options_and_words_are_harmless():
    for bad in (EVIL, "\ud800".encode("utf-8", "surrogatepass"), b"\xff\x9b"):
        name = bad if isinstance(bad, bytes) else bad.encode()
        name = name.replace(b"/", b"")
        path = os.fsdecode(WORK.encode() + b"/" + name + b".csv")
        word = os.fsdecode(name)
        with open(path, "w") as f:
            f.write("survey\n,type,name\n,nonsense,x\n")
        fails = (1, 2)
        for words in (("form", "check", path), ("form", "convert", path),
                      ("form", "add", path), ("import", "kebun", path),
                      ("import", word, path), ("sync", "import", path),
                      ("fill", word, "--line"), ("fill", "daftar_kebun",
                                                 "--answers", path),
                      ("case", "show", word), ("draft", "resume", word),
                      ("recap", word), ("store", "restore", path), (word,),
                      ("--" + word,), ("form", word), ("form", "show", word),
                      ("key", "add", word, word), ("key", "remove", word),
                      ("worker", "add", word), ("sync", "load", path), ("case", "print", word, word),
                      ("form", "try", path), ("form", "xpath", path),
                      ("import", "kebun", path, "--map", word)):
            clean(*words, status=fails)
        clean("find", word, status=(0, 1))
        clean("sync", "find", path, status=(0, 1))
        clean("find", word, "--dataset", word, status=fails)
        clean("find", "--dataset", "kebun", "--where", word,
              status=(0, 1, 2))
        clean("doctor", store=path, status=(0, 1))
        clean("store", "check", store=WORK + "/tidak" + word, status=fails)


def forms_with_control_characters_are_refused_or_harmless():
    for n, part in enumerate((EVIL, C0, MILD)):
        form = FORM % {"m": part}
        for i, line in enumerate(form.split("\n")):
            if part not in line:
                continue
            path = pilar.write("satu%d_%d.csv" % (n, i),
                               form.replace(line, "@").replace(part, "")
                               .replace("@", line))
            for words in (("check", path), ("convert", path, "-o",
                                            WORK + "/out.xml"),
                          ("print", path, "-o", WORK + "/out.txt")):
                clean("form", *words, status=(0, 1))
            if os.path.exists(WORK + "/out.txt"):
                with open(WORK + "/out.txt", "rb") as f:
                    bytewise("form print", f.read(), "\f")
    for n, bad in enumerate((b"nama\n\x9b31m\xff\n", b"\x1b[2J;\x9b\n\xfe;\xff\n",
                             b"nama\n\"\x1b]0;J\x07")):
        path = WORK + "/rusak%d.csv" % n
        with open(path, "wb") as f:
            f.write(bad)
        for words in (("form", "check"), ("form", "add"),
                      ("import", "kebun")):
            clean(*words, path, status=(0, 1, 2))
    pilar.write("kit2/datasets.csv", DATASETS % {"m": EVIL})
    clean("form", "add", WORK + "/kit2/datasets.csv", status=(0, 1))
    pilar.write("bad.xml", "<a>" + MILD + "<b>" + EVIL + "</a>")
    clean("form", "check", WORK + "/bad.xml", status=(1,))


def records_come_in_by_lists_and_by_answers():
    path = WORK + "/jahat.csv"
    with open(path, "w", newline="") as f:
        f.write("no,nama\n1,\"Jahat%s\"\n2,%s\n" % (EVIL, MILD + "Kedua"))
    clean("import", "kebun", path, "--id", "no", status=(0, 1))
    with open(path, "w", newline="") as f:
        f.write("no,nama\n1,\"Jahat%s\"\n2,%s\n" % (MILD, MILD + "Kedua"))
    said = clean("import", "kebun", path, "--id", "no", status=(1,))
    assert "2 ditolak" in said, said
    with open(path, "w", newline="") as f:
        f.write("no,nama\n3,%sJahat\n" % BIDI)
    clean("import", "kebun", path, "--id", "no", status=(0, 1))
    acts = [{"op": "set", "ref": "/data/a/nama", "value": "Mawar" + EVIL},
            {"op": "set", "ref": "/data/a/jenis", "value": "1"}]
    path = pilar.write("a.jsonl", acts)
    clean("fill", "daftar_kebun", "--answers", path, status=(0, 1))
    acts[0]["value"] = "Melati" + MILD
    path = pilar.write("b.jsonl", acts)
    clean("fill", "daftar_kebun", "--answers", path, status=(0, 1))
    clean("fill", "daftar_kebun", "--answers", path, "--draft",
          status=(0, 1))
    assert "Melati" in clean("find", "melati"), "nothing came in"


def every_command_is_clean():
    copy = WORK + "/salinan" + MILD
    subprocess.run(["cp", "-a", pilar.store, copy], check=True)
    for words in (("find", "m"), ("find", "--dataset", "kebun", "--where",
                                  "true()"), ("draft", "list"),
                  ("form", "list"), ("worker", "list"), ("profile",),
                  ("store", "dump", "--canonical"), ("store", "log"),
                  ("sync", "status"), ("doctor",), ("stats",),
                  ("case", "due"), ("case", "conflicts"), ("key", "list"),
                  ("duplicates", "kebun"), ("store", "check"), ("recap",),
                  ("form", "show", "daftar_kebun")):
        for more in ((), ("--json",)):
            clean(*more, *words, status=(0, 1, 2))
    found = json.loads(clean("--json", "find", "melati"))
    shown = clean("case", "show", found[0]["id"])
    assert "Melati" in shown
    clean("case", "show", found[0]["id"], "--history")
    clean("--json", "case", "show", found[0]["id"])
    for more in ((), ("--json",)):
        clean("doctor", "--" + EVIL, *more, status=(2,))
        clean("case", "undo", *more, store=copy)
        clean("init", "--code", "a", "--yes", *more,
              store=WORK + "/baru" + "".join(more) + EVIL)
    clean("fill", "daftar_kebun", "--line",
          input=("t\nMa" + EVIL + "\nx\n?\n1\n:?\n:c " + EVIL +
                 "\n:" + EVIL + "\n\n\n").encode())


def a_sync_file_brings_none_in():
    out = WORK + "/keluar"
    os.makedirs(out)
    clean("sync", "export", "-o", out, "--plain", status=(0, 1))
    files = [os.path.join(out, f) for f in os.listdir(out)]
    assert files, "nothing was exported"
    other = WORK + "/lain"
    clean("init", "--code", "budi", "--name", "Budi", "--yes", store=other)
    for path in files:
        for words in (("--dry-run",), ("--accept", "--as", "x" + EVIL),
                      ("--accept",)):
            clean("sync", "import", path, *words, store=other,
                  status=(0, 1, 2))
        for at in (200, 800):  # and a broken one says so in clean words
            with open(path, "rb") as f:
                raw = bytearray(f.read())
            raw[at % len(raw):at % len(raw)] = EVIL.encode()
            bad = path + ".rusak"
            with open(bad, "wb") as f:
                f.write(raw)
            clean("sync", "import", bad, store=other, status=(1,))
    assert "Melati" in clean("find", "melati", store=other)
    for words in (("store", "log"), ("sync", "status"), ("worker", "list"),
                  ("key", "list"), ("store", "dump", "--canonical")):
        clean(*words, store=other, status=(0, 1))
    screens(other)


def screens(store):
    t = Terminal([tap.PILAR, "--store", store])
    t.wait("PILAR")
    keys = ["/", "m", "e", "<Down>", "<Enter>", "?", "<Esc>", "<Esc>",
            "<Esc>", "<Esc>", "k", "<Down>", "<Enter>", "<PgDn>", "?", "<Esc>",
            "<Esc>", "<Esc>", "d", "<Esc>", "s", "<Esc>", "r", "<Enter>",
            "<Esc>", "<Esc>", "a", "<Down>", "<Enter>", "<Esc>", "<Esc>",
            "b", "1", "Ma", "<Enter>", "b", "<Enter>", "?", "<C-g>", "<Esc>",
            "x", "<Enter>", "1", "<Enter>", "<C-o>", "<Esc>", "<C-r>", "<Esc>",
            "<C-f>", "na", "<Esc>", "<Esc>"]
    for k in keys:
        t.keys(k).answered()
    text = t.settle().raw.decode("utf-8")
    assert not dirty(t.raw), dirty(t.raw)
    assert "Kebun" in text and "Melati" in text, "the screens were not seen"
    t.kill(15)
    t.close()


def every_screen_is_clean():
    screens(pilar.store)


def the_check_itself_finds_what_is_dirty():
    for bad in EVIL:
        if not bad.isprintable() and bad not in "\b\x0e":
            assert dirty(("\x1b[1;2Hab" + bad + "cd").encode()), repr(bad)
    for bad in (b"\x1b[31m", b"\x1b[6n", b"\x1b]0;x\x07", b"\x1b[2$p", b"\xff"):
        assert dirty(b"a" + bad), bad
    assert not dirty(b"\x1b[1;24r\x1b[4l\x1b[?25h\x1b[0;1;7mab\x1b(B")


if __name__ == "__main__":
    os.environ.update(LC_ALL="C.UTF-8")
    setup()
    sys.exit(pilar.test([
        the_check_itself_finds_what_is_dirty,
        names_of_files_options_and_words_are_harmless,
        forms_with_control_characters_are_refused_or_harmless,
        records_come_in_by_lists_and_by_answers,
        every_command_is_clean,
        every_screen_is_clean,
        a_sync_file_brings_none_in,
    ]))
