#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Kills the program while a form is filled in, and looks what is left.

usage: kill.py KEPT [KILLS [SEED]]     ($PILAR is the program)

A form is filled in on a pseudo terminal, over and over, by a seed. While a
text is typed, after the key that ends an answer, or after the key that
finalises, the program is killed with signal 9 after a delay drawn from the
seed. An answer is acknowledged when the next question was shown; a submission
when "Tersimpan" was. After each kill KEPT (kept.c) says what the store holds:
every acknowledged answer must be in the draft, or in the submission. Then the
program is started again and goes on from there.

Prints where the kills fell; at least 20 must fall between an answer's key and
the next question, and 10 inside cases_submit: after it took the write lock of
the store and before the screen said so.
"""
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE + "/../pty")
from terminal import PATIENCE, Terminal  # noqa: E402

PILAR = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
FORM = {  # question: (kind, name of the node)
    1: ("text", "p01"), 2: ("integer", "p02"), 3: ("choice", "p03"),
    4: ("text", "p04"), 5: ("integer", "p05"), 6: ("text", "p06"),
    7: ("date", "p07"), 8: ("choice", "p08"), 9: ("integer", "p09"),
    10: ("text", "p10"),
}
SAVED = "Tersimpan"
READY = "Tekan f"  # in the review, when nothing is wrong
REVIEW = len(FORM) + 1
# Where a kill can fall, and how many must at least.
PLACES = {
    "typing": 10,
    "between an answer's key and the next question": 20,
    "after the next question": 0,
    "after the key that finalises": 0,
    "inside cases_submit": 10,
    "after the submission was said to be stored": 0,
}
TYPING, BETWEEN, AFTER, FINALISING, SUBMIT, STORED = PLACES
LIMIT = 1000  # kills, should the places not fill


class Lost(Exception):
    pass


class Fill:
    """One submission on its way: what was answered and acknowledged."""

    def __init__(self):
        self.acked = {}   # node: value
        self.flight = {}  # node: values that may or may not have arrived


class Killer:
    def __init__(self, kept, seed):
        self.kept = os.path.abspath(kept)
        self.chance = random.Random(seed)
        self.work = tempfile.mkdtemp(prefix="pilar-kill-")
        self.store = self.work + "/store"
        self.counts = dict.fromkeys(PLACES, 0)
        self.kills, self.answers, self.filled = 0, 0, 0
        self.latency = {"answer": 0.003, "finalise": 0.01}
        self.events = {}
        self.fill = Fill()
        self.plan = None
        subprocess.run([PILAR, "--store", self.store, "--data", HERE + "/kit",
                        "init", "--code", "uji", "--yes"], check=True,
                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    # ---- what the screen shows

    def question(self, t):
        """The question the cursor is in: its number, REVIEW, or None."""
        row = t.screen.display[t.screen.cursor.y]
        found = re.search(r"\bP(\d\d) ", row)
        if found:
            return int(found.group(1))
        return REVIEW if READY in row else None

    def until(self, t, done, what):
        """Until the screen shows it and stands still: seconds till then."""
        began = time.monotonic()
        seen = None
        while seen is None or t.pump(0.01):
            if seen is None and done():
                seen = time.monotonic() - began
                continue
            if time.monotonic() > began + PATIENCE or not t.alive:
                raise Lost("never: %s\n%s" % (what, t.text()))
            t.pump(0.001)
        return seen

    # ---- what the store holds

    def look(self):
        lines = subprocess.run([self.kept, self.store], check=True,
                               stdout=subprocess.PIPE, text=True).stdout
        drafts, events = [], {}
        for line in lines.splitlines():
            record = json.loads(line)
            if "draft" in record:
                drafts.append(record["xml"])
            else:
                events[record["event"]] = record["xml"]
        return drafts, events

    def holds(self, xml):
        """Does this instance hold everything acknowledged?"""
        for node, value in self.fill.acked.items():
            found = re.search("<%s>([^<]*)</%s>" % (node, node), xml)
            got = found.group(1) if found else ""
            if got != value and got not in self.fill.flight.get(node, ()):
                return "%s: %r, acknowledged %r" % (node, got, value)
        return None

    def judge(self, stored):
        """After a kill. True when the submission is in."""
        drafts, events = self.look()
        for instance, xml in self.events.items():
            if events.get(instance) != xml:
                raise Lost("submission %s is gone" % instance)
        new = [i for i in events if i not in self.events]
        if len(new) > 1 or len(drafts) > 1 or (stored and not new):
            raise Lost("%d new submissions, %d drafts, %s"
                       % (len(new), len(drafts), stored))
        if not new and not drafts and self.fill.acked:
            raise Lost("neither draft nor submission")
        for xml in [events[i] for i in new] or drafts:
            why = self.holds(xml)
            if why:
                raise Lost(why)
        self.events = events
        return bool(new)

    # ---- killing

    def signature(self):
        """Who last took the write lock of the store, and when."""
        with open(self.store + "/lock", "rb") as f:
            f.seek(64)
            return struct.unpack("<qq", f.read(16).ljust(16, b"\0"))

    def die(self, t, delay):
        end = time.monotonic() + delay
        while time.monotonic() < end:
            pass
        t.kill()
        while t.pump(0):
            pass
        self.kills += 1

    def delay(self, what):
        return self.chance.uniform(0, 1.3 * self.latency[what])

    def learn(self, what, seconds):
        self.latency[what] += (seconds - self.latency[what]) / 8

    def choose(self):
        """Where the next kill is to fall, and in which question."""
        missing = [p for p, least in PLACES.items() if self.counts[p] < least]
        kind = self.chance.choice(missing or list(PLACES))
        if kind in (FINALISING, SUBMIT, STORED):
            return "finalise", None
        what = "type" if kind == TYPING else "answer"
        return what, self.chance.choice(
            [n for n, (kind, _) in FORM.items()
             if what == "answer" or kind != "choice"])

    # ---- filling in

    def answer_for(self, number):
        """Keys without the last one, the last one, the stored value."""
        kind, _ = FORM[number]
        self.answers += 1
        if kind == "text":
            text = "jawaban %d" % self.answers
            return text, "<Enter>", text
        if kind == "integer":
            return str(self.answers), "<Enter>", str(self.answers)
        if kind == "choice":
            code = str(self.answers % 3 + 1)
            return "", code, code
        day = self.answers % 28 + 1
        # a whole date moves on by itself
        return "%02d07201" % day, "9", "2019-07-%02d" % day

    def answer(self, t, number):
        """Answers a question; False when the program was killed there."""
        node = FORM[number][1]
        keys, last, value = self.answer_for(number)
        if FORM[number][0] != "choice":
            t.keys("<C-u>")
        if self.plan == ("type", number):
            t.keys(keys[:self.chance.randint(1, len(keys))])
            self.die(t, self.delay("answer"))
            self.counts[TYPING] += 1
            return False
        t.keys(keys)
        while t.pump(0.02):
            pass
        self.fill.flight.setdefault(node, set()).add(value)
        t.keys(last)
        killed = self.plan == ("answer", number)
        if killed:
            self.die(t, self.delay("answer"))
        else:
            self.learn("answer", self.until(
                t, lambda: self.question(t) not in (None, number),
                "the next question"))
        shown = self.question(t) not in (None, number)
        if shown or not killed:
            self.fill.acked[node] = value
            self.fill.flight[node] = set()
        if killed:
            self.counts[AFTER if shown else BETWEEN] += 1
        return not killed

    def finalise(self, t):
        before = self.signature()
        t.keys("f")
        if self.plan[0] != "finalise":
            self.learn("finalise", self.until(
                t, lambda: SAVED in t.text(), SAVED))
            return True
        self.die(t, self.delay("finalise"))
        stored = SAVED in t.text()
        inside = self.signature() != before
        place = STORED if stored else SUBMIT if inside else FINALISING
        self.counts[place] += 1
        return stored

    def begin(self):
        t = Terminal([PILAR, "--store", self.store])
        t.wait("PILAR")
        drafts, _ = self.look()
        t.keys("<Enter>" if drafts else "b1")
        self.until(t, lambda: self.question(t), "a question")
        return t

    def once(self):
        """One start of the program, one kill."""
        self.plan = self.choose()
        t = self.begin()
        while True:
            number = self.question(t)
            if number != REVIEW:
                if not self.answer(t, number):
                    return False
                continue
            stored = self.finalise(t)
            if not t.alive:
                return stored
            if not self.judge(True):
                raise Lost("said to be stored, and is not")
            self.fill = Fill()
            self.filled += 1
            t.keys("b1")
            self.until(t, lambda: self.question(t) == 1, "a question")

    def run(self, kills):
        while self.kills < kills or any(
                self.counts[p] < least for p, least in PLACES.items()):
            if self.kills == LIMIT:
                raise Lost("%d kills, and still missing" % LIMIT)
            stored = self.once()
            if self.judge(stored):
                self.fill = Fill()
                self.filled += 1

    def tell(self):
        for place, n in self.counts.items():
            print("%5d %s" % (n, place))
        print("%d kills, %d answers typed, %d submissions: nothing lost"
              % (self.kills, self.answers, len(self.events)), flush=True)


def main():
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    killer = Killer(sys.argv[1], int(sys.argv[3]) if len(sys.argv) > 3 else 7)
    try:
        killer.run(kills)
    except (Lost, AssertionError) as e:
        print("# after %d kills: %s" % (killer.kills, e))
        print("# the store stays in", killer.work)
        return 1
    killer.tell()
    shutil.rmtree(killer.work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
