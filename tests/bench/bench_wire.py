#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Bytes on the terminal of a whole visit in the demo store: first screen,
typed letter, next question, page turn, move in a list. The keys are found by
walking through the form; then ../shared/tools/wirecount.py counts them (when
it is not there, the walk's own counts are printed, and it is said).

Floors: one byte for a letter (the echo itself); for the others the bytes of a
plain ncurses program without attributes (a cursor move 5, a screen of the
same text its visible letters)."""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "pty"))
from terminal import Terminal  # noqa: E402

PILAR = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
WIRECOUNT = os.path.join(ROOT, "..", "shared", "tools", "wirecount.py")
QUIET = 0.08
STARTS = 25
COLD_STARTS = 7
FIELD_COL = 34  # everything left of it is labels


class Walk:
    """Types keys one by one and knows what each one did."""

    def __init__(self, store):
        self.t = Terminal([PILAR, "--store", store])
        self.t.wait("PILAR")
        self.settle()
        self.first = self.t.bytes
        self.keys = []  # (key, kind, bytes)

    def settle(self):
        while self.t.pump(QUIET):
            pass

    def labels(self):
        return [line[:FIELD_COL].replace(">", " ").rstrip()
                for line in self.t.screen.display[1:22]]

    def heading(self):
        d = self.t.screen.display
        return d[0].rsplit("hal.", 1)[-1] + d[1] if "hal." in d[0] else d[0]

    def line(self):
        return self.t.screen.display[self.t.screen.cursor.y]

    def key(self, key, kind):
        before, heading, labels = self.t.bytes, self.heading(), self.labels()
        title = self.t.screen.display[1]
        self.t.keys(key)
        self.settle()
        if kind == "next" and title != self.t.screen.display[1]:
            kind = "page turn"
        elif kind == "next" and (labels != self.labels() or
                                 heading != self.heading()):
            kind = "questions appear"
        self.keys.append((key, kind, self.t.bytes - before))

    def answer(self):
        """Answers the question under the cursor by what its line shows."""
        line = self.line()
        choice = re.search(r"  \[(.{1,2})\](?: |$)", line)
        if choice:
            self.key("1", "next")
            if self.line() == line.replace("[ ", "[1", 1):
                self.key("<Enter>", "next")
            return
        field = re.search(r"  \[([^\]]*)\]?", line)
        if not field or field.group(1).strip():
            self.key("<Enter>", "next")  # filled in already
            return
        here = self.t.screen.cursor.y
        below = self.t.screen.display[here + 1]
        kind = "code of several" if re.match(r" +1 \S", below) else "letter"
        for letter in ("2", "1"):
            self.key(letter, kind)
        self.key("<Enter>", "next" if kind == "letter" else kind)
        if self.t.screen.cursor.y == here and \
                "belum lengkap" in self.t.text():
            # a date after all: what was typed does not count
            del self.keys[-3:]
            self.t.keys("<C-u>")
            self.settle()
            for key in (".", "+", "+"):
                self.key(key, "date")
            self.key("<Enter>", "next")

    def visit(self):
        self.key("k", "screen")
        for letter in "andi":
            self.key(letter, "search")
        self.key("<Down>", "list")
        for key in ("<Down>", "<Down>", "<Up>"):
            self.key(key, "list")
        self.key("<Enter>", "screen")
        self.key("n", "screen")
        for _ in range(80):
            if "Tinjau:" in self.t.screen.display[0]:
                return True
            self.answer()
        return False


def counted(script, store, raw="/dev/null"):
    """What the shared tool counts for these keys."""
    out = os.path.join(os.path.dirname(store), "wire.json")
    subprocess.run(["/usr/bin/python3", WIRECOUNT, "--json", out, "--raw", raw,
                    script, "--",
                    PILAR, "--store", store], check=True,
                   stdout=subprocess.DEVNULL)
    with open(out) as f:
        return json.load(f)


def wirecount(keys, store):
    """The same keys once more, counted by the shared tool."""
    found = counted(" ".join('"%s"' % k if len(k) == 1 else k
                             for k, _, _ in keys), store)
    return found["start"]["bytes"], [k["bytes"] for k in found["keys"]]


# PERF.md section A: what libform and libmenu cost for the same nineteen keys.
LIBFORM = {"open": 971, "move": 85.5, "session": 2249}
NAMES = """Anak balita telantar|Anak terlantar|Anak berhadapan dengan hukum
Anak jalanan|Anak dengan kedisabilitasan|Anak korban tindak kekerasan
Anak perlu perlindungan khusus|Lanjut usia telantar|Penyandang disabilitas
Tuna susila|Gelandangan|Pengemis|Pemulung|Kelompok minoritas
Bekas warga binaan lembaga|Orang dengan HIV/AIDS|Korban penyalahgunaan NAPZA
Korban trafficking|Korban tindak kekerasan|Pekerja migran bermasalah sosial
Korban bencana alam|Korban bencana sosial|Perempuan rawan sosial ekonomi
Fakir miskin|Keluarga bermasalah sosial|Komunitas adat terpencil"""
FORM = """| survey |
| | type | name | label | appearance |
| | begin_group | a | A. Orang | field-list |
| | text | nama | Nama | |
| | text | nik | NIK | numbers masked |
| | integer | umur | Umur | |
| | select_one jenis | jenis | Jenis | minimal |
| | date | lahir | Tanggal lahir | |
| | end_group | | | |
| | begin_group | b | B. Rumah | field-list |
| | text | alamat | Alamat | |
| | integer | luas | Luas lantai (m2) | |
| | end_group | | | |
| | begin_group | c | C. Penutup | field-list |
| | text | catatan | Catatan | |
| | end_group | | | |
| choices |
| | list_name | name | label |
%s
| settings |
| | form_title | form_id | version | style |
| | A bangku | bangku | 1 | kertas |
"""


def bench_form(work, store):
    """Adds the form of the nineteen keys; the keys that open it."""
    names = NAMES.replace("\n", "|").split("|")
    path = os.path.join(work, "bangku.md")
    with open(path, "w") as f:
        f.write(FORM % "\n".join("| | jenis | %02d | %s |" % row
                                 for row in enumerate(names, 1)))
    subprocess.run([PILAR, "--store", store, "form", "add", path], check=True,
                   stdout=subprocess.DEVNULL)
    t = Terminal([PILAR, "--store", store])
    t.wait("PILAR").keys("b").gone("PILAR").wait("A bangku")
    row = next(l for l in t.text().split("\n") if "A bangku" in l)
    t.close()
    return "b %s" % re.search(r"\d+", row).group()


# A line of 9,600 bit/s whose round trip takes 600 ms (PERF.md section A).
BAUD, TRIP = 9600, 0.6
TYPING = ("type", "next", "move", "up", "masked", "to", "number", "code",
          "date")


# What a terminal would have to answer before a program goes on: each would be
# one more round trip.
ASKS = re.compile(rb"\x1b\[[0-9;?>=]*[cn]|\x1b\[[0-9;?]*\$p|\x1b[\]P]")


def waited(key):
    """Seconds on that line from a key to the last byte of its answer: up, the
    trip, and what comes down."""
    down = sum(packets(n) for _, n in key["chunks"])
    return TRIP + (packets(key["up"]) + down) * 8 / BAUD


def slow_line(keys, raw):
    """The floor is one round trip: one byte up and one down."""
    least = round(TRIP + 2 * packets(1) * 8 / BAUD, 3)
    line("wire 9600 baud, round trips for a key",
         1 + len(ASKS.findall(raw)), "trips", 1)
    for name, steps in (("a key within a page", TYPING),
                        ("a list closes", ("choose",)),
                        ("a page or list opens", ("open", "page", "back"))):
        waits = [waited(k) for k in keys if k["step"] in steps]
        line("wire 9600 baud, %s, median wait" % name,
             round(statistics.median(waits), 3), "s", least)
        line("wire 9600 baud, %s, max wait" % name, round(max(waits), 3),
             "s", least)


def typed_ahead(store, script):
    """The nineteen keys in one write; beside a person who looks each time."""
    keys = re.findall(r"<[^>]+>|'[^']*'|\S", script)
    t = Terminal([PILAR, "--store", store])
    t.wait("PILAR")
    opened, keys = "".join(keys[:2]), [k for part in keys[2:] for k in (
        part[1:-1] if part[0] == "'" else [part])]
    t.keys(opened).wait("Tanggal lahir").settle()
    before = t.bytes
    t.keys("".join(keys).replace("<Space>", " "))
    t.wait("C. Penutup")
    while t.pump(QUIET):
        pass
    down = packets(t.bytes - before)
    t.close()
    line("wire 9600 baud, %d keys typed ahead, wait" % len(keys),
         round(TRIP + (packets(len(keys)) + down) * 8 / BAUD, 3), "s",
         round(len(keys) * (TRIP + 2 * packets(1) * 8 / BAUD), 3))


def session(work, store):
    """The nineteen keys, then digits of every kind, then a quiet minute."""
    open_keys = bench_form(work, store)
    script = ("start: %s type: 'Siti Nur' next: <Enter> <Enter> <Enter> "
              "open: <Space> move: <Down> <Down> <Down> <Down> up: <Up> <Up> "
              "choose: <Enter> page: <PgDn> <PgDn> back: <PgUp> <PgUp> "
              "to: <C-p> <C-p> <C-p> masked: 1 8 7 1 0 1 to: <Enter> "
              "number: 3 6 to: <Enter> code: 0 9 date: 1 2 0 7 1 9 8 "
              "idle: 5 <wait60000>"
              % open_keys)
    steps = {}
    raw = os.path.join(work, "raw")
    keys = counted(script, store, raw)["keys"]
    with open(raw, "rb") as f:
        slow_line(keys, f.read())
    typed_ahead(store, open_keys + " 'Siti Nur' <Enter> <Enter> <Enter> "
                "<Space> <Down> <Down> <Down> <Down> <Enter> <PgDn> <PgDn>")
    for key in keys:
        steps.setdefault(key["step"], []).append(key["bytes"])
    peer = LIBFORM["session"]
    used = sum(sum(steps[k]) for k in ("type", "next", "open", "move",
                                       "choose", "page"))
    line("wire 19-key session", used, "B", peer)
    line("wire open a list of 26", sum(steps["open"]), "B", LIBFORM["open"])
    line("wire move in it, max", max(steps["move"] + steps["up"]), "B",
         LIBFORM["move"])
    line("wire choose in it", sum(steps["choose"]), "B", 0)
    for kind in ("type", "masked", "number", "date"):
        line("wire letter, %s, max" % kind, max(steps[kind]), "B", 1)
    line("wire code, last digit moves on", steps["code"][-1], "B", 0)
    line("wire last digit of a date", steps["idle"][0], "B", 0)
    line("wire an idle minute", sum(steps["idle"][1:]), "B", 0)


def packets(n):
    """Bytes on the wire of n bytes through SSH, in one direction."""
    return 52 + (36 if n <= 2 else 36 + 8 * ((n + 5) // 8))


class Lines:
    """A form in line mode; what goes over the wire, both ways."""

    def __init__(self, store):
        self.p = subprocess.Popen(
            [PILAR, "--store", store, "fill", "pendaftaran_keluarga",
             "--line"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=dict(os.environ, LC_ALL="C.UTF-8"))
        self.wire = self.typed = 0
        self.prompt = self.said()

    def said(self):
        got = b""
        while not got.endswith((b": ", b"? ")):
            more = os.read(self.p.stdout.fileno(), 65536)
            if not more:
                break
            got += more
        return got.decode()

    def ask(self, text):
        self.p.stdin.write((text + "\n").encode())
        self.p.stdin.flush()
        self.prompt = self.said()
        return self.prompt

    def count(self, text):
        """What was asked last and this is its answer, once more an ACK."""
        self.typed += len(text) + 1
        self.wire += packets(len(text) + 1) + 52 + packets(
            len(self.prompt.encode()))

    def end(self):
        self.p.stdin.close()
        self.p.stdout.close()
        self.p.wait()


def line_mode(store):
    """Sixty answers to the longest form; one that is refused is not counted,
    a worker knows what to type. A key costs 228 B there and back."""
    lines, answers = Lines(store), []
    while len(answers) < 60 and "Tinjau (f" not in lines.prompt:
        last = lines.prompt.split("\n")[-1]
        tries = ("t",) if "Tambah?" in last else (
            "" if re.search(r"\[.*\][:?] $", last) else
            "1871020307550003" if re.search("omor (NIK|KK)", last) else "1",
            "Siti Aminah",
            "1955", "1871020307550003", "003/001", ".", "081234567890",
            "12345678901", "1234", "")
        for text in tries:
            prompt = lines.ask(text)
            if "! " not in prompt and prompt.split("\n")[-1] != last:
                break
        answers.append(text)
        lines.count(text)
    lines.end()
    n = len(answers)
    line("wire line mode, %d answers" % n, lines.wire, "B", 16000)
    line("wire line mode, as keys that echo", lines.typed * 228, "B", 16000)
    again = Lines(store)
    again.ask("t")  # not on with the draft
    for at in range(0, n, 3):
        text = "\t".join(answers[at:at + 3])
        again.ask(text)
        again.count(text)
    assert again.prompt.split("\n")[-1].endswith(prompt.split("\n")[-1]), (
        again.prompt, prompt)
    again.end()
    line("wire line mode, %d answers, 3 a line" % n, again.wire, "B", 16000)


TRIVIAL = """#include <curses.h>
int main(void) { initscr(); addstr("PILAR"); refresh(); getch(); endwin();
return 0; }
"""


def painted(command):
    """Milliseconds from the start of a program to its first screen."""
    begin = time.perf_counter()
    t = Terminal(command)
    t.wait("PILAR")
    took = (time.perf_counter() - begin) * 1000
    t.keys("q")
    t.ended()
    return took


def start(work, store):
    """Both by turns, so that a busy machine is as busy for either."""
    source, trivial = work + "/trivial.c", work + "/trivial"
    with open(source, "w") as f:
        f.write(TRIVIAL)
    if subprocess.run(["cc", "-O2", "-o", trivial, source, "-lncursesw"],
                      stderr=subprocess.DEVNULL).returncode:
        print("# no compiler: start is not compared")
        return
    ours, floor = [], []
    for _ in range(STARTS):
        floor.append(painted([trivial]))
        ours.append(painted([PILAR, "--store", store]))
    line("wire start to first screen, median of %d" % STARTS,
         round(statistics.median(ours), 1), "ms",
         round(statistics.median(floor), 1))


def evict(path):
    """Its pages leave the cache, but for what another program has mapped."""
    with open(path, "rb") as f:
        os.fsync(f.fileno())
        os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def cold(store):
    """The first start of a day: program and store come from the disk."""
    files = [PILAR] + [os.path.join(d, name) for d, _, names in os.walk(store)
                       for name in names]
    took = []
    for _ in range(COLD_STARTS):
        for path in files:
            evict(path)
        took.append(painted([PILAR, "--store", store]))
    line("wire cold start to first screen, median of %d" % COLD_STARTS,
         round(statistics.median(took), 1), "ms", 50)


def line(name, value, unit, floor):
    ratio = "%.2f" % (value / floor) if floor else "-"
    print("%s\t%g\t%s\t%s\t%s" % (name, value, unit, floor or "-", ratio))


def report(first, keys, found):
    floors = {"letter": 1, "next": 5, "list": 5}
    line("wire first screen", first, "B", 0)
    kinds = []
    for _, kind, _ in keys:
        if kind not in kinds:
            kinds.append(kind)
    for kind in kinds:
        n = [b for (_, k, _), b in zip(keys, found) if k == kind]
        floor = floors.get(kind, 0)
        line("wire %s, median of %d" % (kind, len(n)), statistics.median(n),
             "B", floor)
        line("wire %s, max of %d" % (kind, len(n)), max(n), "B", floor)
    line("wire whole visit, %d keys" % len(keys), sum(found), "B", 0)


def main():
    work = tempfile.mkdtemp(prefix="pilar-wire-")
    store, copy = os.path.join(work, "store"), os.path.join(work, "copy")
    try:
        subprocess.run([PILAR, "--store", store, "demo"], check=True,
                       stdout=subprocess.DEVNULL)
        shutil.copytree(store, copy)
        walk = Walk(store)
        if not walk.visit():
            print("bench_wire: the review was never reached\n" + walk.t.text(),
                  file=sys.stderr)
            return 1
        walk.t.close()
        first, found = walk.first, [b for _, _, b in walk.keys]
        if os.path.exists(WIRECOUNT):
            first, found = wirecount(walk.keys, copy)
            print("# counted by wirecount.py")
        else:
            print("# wirecount.py is not here: counted by the walk itself")
        report(first, walk.keys, found)
        if os.path.exists(WIRECOUNT):
            session(work, copy)
        line_mode(copy)
        start(work, copy)
        cold(copy)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 0


sys.exit(main())
