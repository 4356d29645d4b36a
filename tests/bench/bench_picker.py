#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Milliseconds from a key to the picture of the four-step region picker, on
the whole country. Floor: the same key answered by a terminal's own echo; the
bound is 50 ms a step."""
import csv
import os
import pty
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tty

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "pty"))
from terminal import Terminal  # noqa: E402

PILAR = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
REGIONS = os.path.join(ROOT, "..", "shared", "domain", "wilayah.csv")
ROUNDS = 9
STEPS = (("province", "jawa ba", "32 Jawa Barat"),
         ("regency", "kabupaten bog", "32.01 Kabupaten Bogor"),
         ("district", "cibin", "32.01.01 Cibinong"),
         ("village", "pondok r", "32.01.01.1001"))


def until(t, part, key):
    start = time.perf_counter()
    t.keys(key)
    while part not in t.text():
        if not t.pump(5):
            raise AssertionError("never shown: %s\n%s" % (part, t.text()))
    return (time.perf_counter() - start) * 1000


def echo():
    """What a key and its echo cost with nothing behind them."""
    pid, fd = pty.fork()
    if pid == 0:
        tty.setraw(0)
        os.execvp("cat", ["cat"])
    took = []
    time.sleep(0.1)
    for _ in range(ROUNDS):
        start = time.perf_counter()
        os.write(fd, b"x")
        os.read(fd, 10)
        took.append((time.perf_counter() - start) * 1000)
    os.close(fd)
    os.waitpid(pid, 0)
    return statistics.median(took)


def make(work):
    kit, store = os.path.join(work, "kit"), os.path.join(work, "store")
    shutil.copytree(os.path.join(ROOT, "forms"), kit)
    with open(REGIONS, newline="") as f, \
            open(kit + "/media/wilayah.csv", "w", newline="") as out:
        to = csv.writer(out)
        to.writerow(["name", "label", "level", "parent"])
        to.writerows([r["code"], r["name"], r["level"], r["parent"]]
                     for r in csv.DictReader(f))
    words = [PILAR, "--store", store, "--data", kit]
    subprocess.run([*words, "init", "--code", "dewi", "--name", "Dewi",
                    "--no-pass", "--yes"], check=True, capture_output=True,
                   stdin=subprocess.DEVNULL)
    return words


def once(words, took):
    t = Terminal(words)
    t.wait("PILAR").keys("o").wait("Komunitas adat").keys("<Enter>")
    took["open the form"].append(until(t, "Provinsi *", "b"))
    t.keys("<Enter>")
    for name, typed, row in STEPS:
        took[name + ": open"].append(until(t, " /\n", "<Space>"))
        t.keys("<BS>" + typed[:-1]).wait("/ " + typed[:-1].strip())
        took[name + ": a letter"].append(until(t, "/ " + typed, typed[-1]))
        took[name + ": take"].append(until(t, "[" + row.split(" ", 1)[-1]
                                           if name != "village" else
                                           "[Pondok", "<Enter>"))
    t.close()


def main():
    if not os.path.exists(REGIONS):
        print("# the whole region list is not here: skipped")
        return 0
    work = tempfile.mkdtemp(prefix="pilar-picker-")
    names = ["open the form"] + [f"{n}: {what}" for n, _, _ in STEPS
                                 for what in ("open", "a letter", "take")]
    took = {name: [] for name in names}
    try:
        words = make(work)
        for _ in range(ROUNDS):
            once(words, took)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    floor = echo()
    for name, values in took.items():
        v = statistics.median(values)
        print("picker %s\t%.2f\tms\t%.3f\t%.1f" % (name, v, floor, v / floor))
    return 0


if __name__ == "__main__":
    sys.exit(main())
