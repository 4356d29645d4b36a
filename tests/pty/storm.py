# SPDX-License-Identifier: MIT
"""A storm on a real terminal: random keys, broken UTF-8, escape sequences cut
in two, pastes, resizes down to 1x1, hang-ups and kills, on every screen and in
line mode. The program must not crash, hang or lose an answer, and send nothing
but what ncurses sends.

    storm.py SECONDS [SEED]        make storm: an hour
"""
import json
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402
from terminal import DIRTY, PATIENCE, Terminal  # noqa: E402

KEYS = [b"\r", b"\t", b"\x1b", b"\x7f", b" ", b"\x1bOA", b"\x1bOB", b"\x1bOC",
        b"\x1bOD", b"\x1b[5~", b"\x1b[6~", b"\x1b[H", b"\x1b[F", b"\x1b[3~",
        b"\x1b[Z", b"\x1bOP"] + [bytes([c]) for c in range(1, 32)
                                 if c not in (3, 27)]
TEXT = [b"1", b"2", b"3", b"0", b"9", b".", b"-", b"+", b"/", b"?", b"n", b"t",
        b"y", b"a", b"b", b"siti", b"12071985", b"1871010203040003",
        "é".encode(), "e\u0301".encode(), "字".encode(), "\U0001f600".encode(),
        "\u202e".encode(), "\u200d".encode(), "ك".encode()]
BROKEN = [b"\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\x80", b"\xc0\xaf",
          b"\xed\xa0\x80", b"\xf5\x80", b"\0", b"\x1b[", b"\x1bO", b"\x1b[1;",
          b"\x1b[200", b"\x1b[999;999H", b"\x1b]0;x\x07", b"\x1bP1$r", b"\x9b"]
PASTES = [b"\x1b[200~%s\x1b[201~" % t for t in
          (b"a\rb\nc\td", b"\x1b[A\x1bq", b"x" * 3000, b"\xff\xfe1\r\r2")] + [
              b"\x1b[200~never ends \r\r"]
# From the first screen to one that a gust would seldom find.
WAYS = [b"", b"k", b"ksri\r", b"ksri\r\r", b"ksri\rn", b"kzzz\rb", b"k\r\r",
        b"p", b"u", b"o", b"e", b"/sri", b"/a\r", b"t", b"t\rn", b"d", b"s",
        b"r", b"r\r", b"a", b"b1", b"b2", b"b3", b"b4", b"b5", b"b6", b"b7",
        b"b8", b"b9", b"x"]
HOME = b"\x1b \x1b \x1b \x1b \x1b \x1b \x1b "
LINES = [b"?", b"<", b":?", b":u", b":U", b":c lupa", b":1", b":6", b":nama",
         b":", b"::", b"-", b"y", b"t", b"1", b"2", b"1 3", b"f", b"", b".",
         b"x" * 9000] + TEXT + BROKEN
FORM = """| survey |
| | type | name | label |
| | text | kabar | Apa kabar |
| settings |
| | form_title | form_id | version |
| | AA Badai | badai | 1 |
"""
# What ncurses and the program itself send on this terminal.
ALLOWED = re.compile(
    rb"\x1b\[[0-9;]*[ABCDGHJKLMPSTXbdhlmr@]|\x1b\[\?[0-9;]+[hl]|"
    rb"\x1b[()][0AB]|\x1b[78=>DEM]|\x1b\[\d+;\d+;\d+t|"
    rb"[\x08\r\n\x0e\x0f\x07]")


def dirty(raw):
    """The first control byte that nobody allowed."""
    rest = ALLOWED.sub(b"", raw)
    rest = rest.decode("utf-8", "replace")
    found = re.search("[\x00-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]",
                      rest)
    return found and repr(rest[max(0, found.start() - 40):found.end() + 40])


class Storm:
    def __init__(self, seed, made):
        self.random = random.Random(seed)
        self.work = tempfile.mkdtemp(prefix="pilar-storm-")
        os.chdir(self.work)  # where a path of chance may lead
        self.keys = self.resizes = self.starts = self.lines = 0
        self.stores = 0
        self.screens = set()
        self.made = made
        self.new_store()

    def new_store(self):
        self.stores += 1
        self.store = self.work + "/store%d" % self.stores
        self.who = ()
        self.pilar(*self.made)
        row = json.loads(self.pilar("--json", "worker", "list").stdout)[0]
        self.who = ("--worker", row["code"])
        self.add_form()

    def add_form(self):
        path = self.work + "/badai.md"
        with open(path, "w") as f:
            f.write(FORM)
        self.pilar("form", "add", path)

    def pilar(self, *words):
        return subprocess.run(self.command(*words), check=True,
                              capture_output=True)

    def command(self, *words):
        return [tap.PILAR, "--store", self.store, *self.who, *words]

    def start(self, *words):
        """On the first screen. The storm may have given the store another
        worker, or a passphrase that nobody knows: then it is a new one."""
        while True:
            self.starts += 1
            self.t = Terminal([tap.PILAR, "--store", self.store, *words])
            found = self.t.wait_any("PILAR", "Siapa yang", "Who ", "sandi",
                                    "assphrase")
            if found[:3] in ("Sia", "Who"):
                self.t.keys("<Enter>").wait("PILAR")
            elif found != "PILAR":
                self.t.close()
                self.new_store()
                continue
            return self.t

    def piece(self):
        r = self.random.random()
        for share, these in ((.55, TEXT), (.9, KEYS), (.97, BROKEN)):
            if r < share:
                return self.random.choice(these)
        return self.random.choice(PASTES)

    def blow(self):
        """One gust: some bytes, cut anywhere, perhaps a new size."""
        data = b"".join(self.piece()
                        for _ in range(self.random.randint(1, 12)))
        cut = self.random.randint(0, len(data))
        self.keys += len(data)
        for part in (data[:cut], data[cut:]):
            self.send(part)
        if self.random.random() < .3:
            self.resizes += 1
            small = self.random.random() < .3
            self.t.size(self.random.randint(1, 15 if small else 60),
                        self.random.randint(1, 59 if small else 200))
        while self.t.pump(0):
            pass

    def send(self, part):
        """In pieces that a terminal takes whole, and reading meanwhile."""
        while part and self.t.alive:
            while not select.select([], [self.t.fd], [], 0)[1]:
                if not self.t.pump(0.05) and self.ended():
                    return
            try:
                n = os.write(self.t.fd, part[:512])
            except OSError:
                return
            part = part[n:]
            self.t.pump(0)

    def go(self):
        """Somewhere else, at a size that takes keys."""
        self.t.size(24, 80)
        self.send(HOME + self.random.choice(WAYS))

    def ended(self):
        """Did it end by itself? Then as a person would have it end."""
        pid, status = os.waitpid(self.t.pid, os.WNOHANG)
        if not pid:
            return False
        self.t.alive = False
        status = os.waitstatus_to_exitcode(status)
        assert status in (0, -signal.SIGQUIT), "ended with %d" % status
        return True

    def cooked(self):
        return termios.tcgetattr(self.t.fd)[3] & termios.ECHO

    def answers(self):
        """Alive: a new size is answered by a paint."""
        self.t.size(24, 80)
        before, end = self.t.bytes, time.monotonic() + PATIENCE
        while self.t.bytes == before:
            if self.ended():
                return
            assert time.monotonic() < end, "hangs\n" + self.t.text()
            self.t.pump(0.05)
            self.t.size(24, 79 + int(time.monotonic() * 20) % 2)

    def round(self, gusts):
        self.start()
        sure = b""
        for n in range(gusts):
            if n % 12 == 0:
                self.go()
            self.blow()
            if not self.t.alive or self.ended():
                break
            self.screens.add(self.t.screen.display[0][:16].strip())
            # while a program leaves, the terminal echoes what is typed
            if not self.cooked():
                sure = self.t.raw
        else:
            self.answers()
        bad = dirty(sure)
        assert not bad, "sent to the terminal: " + bad
        self.finish()

    def finish(self):
        if not self.t.alive:
            return
        how = self.random.choice(("kill", "hang up", "term"))
        if how == "hang up":
            status = self.t.hang_up()
            assert status >= 0 or status in (-signal.SIGHUP, -signal.SIGQUIT)
            return
        if how == "kill":
            self.t.kill()
        else:
            status = self.t.kill(signal.SIGTERM)
            # it may just have been leaving, the terminal cooked again
            assert status in (0, -signal.SIGQUIT, -signal.SIGTERM), "SIGTERM ended it with %d: %r" % (
                status, self.t.raw[-300:])
        os.close(self.t.fd)

    def kept(self):
        """An answer that was taken is there after the worst."""
        for row in self.drafts():
            self.pilar("draft", "delete", row["id"])
        word = "Nama%d" % self.random.randint(0, 10**9)
        self.add_form()  # the storm may have removed it
        t = self.start("--lang", "id")
        t.keys("b").gone("PILAR").wait("Esc").settle().down_to("AA Badai")
        t.keys("<Enter>").wait("Apa kabar")
        t.keys(word + "<Enter>").wait("Tinjau")
        t.kill()
        os.close(t.fd)
        t = self.start()
        t.keys("<Enter>").wait("[" + word)
        t.close()

    def line_mode(self, form):
        """Lines of chance through a pipe, cut off or killed at the end."""
        end = self.random.choice(("close", "close", "kill"))
        text = b"".join(b"".join(self.random.choice(LINES) for _ in range(
            self.random.choice((0, 1, 1, 1, 2)))) + b"\n"
            for _ in range(self.random.randint(1, 150)))
        if end == "close":
            text = text[:len(text) - self.random.randint(0, 3)]
        self.lines += text.count(b"\n")
        p = subprocess.Popen(self.command("fill", form, "--line"), stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if end == "kill":
            os.write(p.stdin.fileno(), text[:4000])
            if self.random.random() < .5:
                os.read(p.stdout.fileno(), 65536)  # it is at work by now
            p.kill()
            text = b""
        out, err = p.communicate(text, timeout=PATIENCE)
        assert p.returncode in ((-9,) if end == "kill" else (0, 1)), (
            form, p.returncode, err)
        bad = DIRTY.search((out + err).decode("utf-8", "strict" if end ==
                                              "close" else "ignore"))
        assert not bad, (form, out[max(0, bad.start() - 80):bad.end() + 80])

    def kept_in_lines(self):
        """An answer is stored before the next question is asked."""
        self.add_form()
        word = b"Nama%d" % self.random.randint(0, 10**9)
        line = self.command("--lang", "id", "fill", "badai", "--line")
        for row in self.drafts():
            self.pilar("draft", "delete", row["id"])
        for typed, shown in ((word, b"Tinjau"), (b"y", b"[" + word)):
            p = subprocess.Popen(line, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
            p.stdin.write(typed + b"\n" + (b":1\n" if typed == b"y" else b""))
            p.stdin.flush()
            got = b""
            while shown not in got:
                more = os.read(p.stdout.fileno(), 65536)
                assert more, "lost in line mode: %r" % got
                got += more
            p.kill()
            p.communicate()

    def in_lines(self):
        forms = [f["id"] for f in json.loads(self.pilar(
            "--json", "form", "list").stdout)]
        for form in self.random.sample(forms, min(3, len(forms))):
            self.line_mode(form)
        self.kept_in_lines()

    def drafts(self):
        return json.loads(self.pilar("--json", "draft", "list").stdout)

    def close(self):
        shutil.rmtree(self.work, ignore_errors=True)


def blow(seconds, seed, made=("demo",), gusts=60):
    """Rounds until the time is over; what was done, in words. `made`: the
    command that makes the store."""
    storm = Storm(seed, made)
    end = time.monotonic() + seconds
    n = 0
    try:
        while time.monotonic() < end:
            storm.round(gusts)
            if n % 20 == 0:
                storm.kept()
            if n % 5 == 1:
                storm.in_lines()
            n += 1
        storm.pilar("store", "check")
        return ("%d bytes, %d sizes, %d starts, %d stores, %d lines, "
                "%d titles" % (
                    storm.keys, storm.resizes, storm.starts, storm.stores,
                    storm.lines, len(storm.screens)))
    except Exception:
        print("# seed %d after %d bytes" % (seed, storm.keys))
        if hasattr(storm, "t"):
            print("# " + storm.t.text().replace("\n", "\n# "))
            print("# last bytes %r" % storm.t.raw[-300:])
            for name in ("stat", "wchan", "syscall"):
                try:
                    with open("/proc/%d/%s" % (storm.t.pid, name)) as f:
                        print("# " + name + ": " + f.read().strip())
                except OSError as e:
                    print("# " + str(e))
        raise
    finally:
        if getattr(storm, "t", None):
            storm.t.close()
        storm.close()


if __name__ == "__main__":
    print(blow(float(sys.argv[1]),
               int(sys.argv[2]) if len(sys.argv) > 2 else 1))
