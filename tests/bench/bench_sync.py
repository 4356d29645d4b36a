#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Export of the demo store's records beside tar | zstd of the same tree."""
import glob
import json
import os
import shutil
import subprocess
import tempfile
import time

PILAR = os.environ["PILAR"]
WORK = tempfile.mkdtemp(prefix="pilar-bench-")
ROUNDS = 5


def pilar(*words):
    run = subprocess.run([PILAR, "--store", WORK + "/store", "-q", "--json",
                          *words], check=True, capture_output=True, text=True)
    return run.stdout


def timed(fn):
    begun = time.monotonic()
    result = fn()
    return (time.monotonic() - begun) * 1e3, result


def row(name, value, unit, floor="-", ratio="-"):
    print(name, value, unit, floor, ratio, sep="\t")


subprocess.run([PILAR, "--store", WORK + "/store", "-q", "demo"], check=True,
               stdout=subprocess.DEVNULL)
ours, made = timed(lambda: json.loads(pilar("sync", "export", "-o", WORK)))
tree = WORK + "/tree"
os.mkdir(tree)
subprocess.run(f"zstd -D forms/sync/pilar-3.dict -dqc {made['file']} | tar xf - -C {tree}", shell=True,
               check=True)
files = sorted(glob.glob(tree + "/instances/*/submission.xml"))


def stock(count):
    """Bytes and time of tar | zstd -15 over the first `count` records."""
    names = "\n".join(os.path.relpath(f, tree) for f in files[:count])
    command = ("tar --format=ustar --mtime=@0 --owner=0 --group=0 -cf - -T - "
               "| zstd -15 -q -c")
    run = subprocess.run(command, shell=True, cwd=tree, input=names.encode(),
                         check=True, capture_output=True)
    return len(run.stdout)


took = [timed(lambda: stock(len(files))) for _ in range(ROUNDS)]
floor_ms = min(t for t, _ in took)
floor_bytes = took[0][1]
n = made["events"]
row("demo export, ms", f"{ours:.0f}", "ms", f"{floor_ms:.0f}",
    f"{ours / floor_ms:.2f}")
row("demo export, bytes a record", f"{made['bytes'] / n:.0f}", "B",
    f"{floor_bytes / n:.0f}", f"{made['bytes'] / floor_bytes:.2f}")
visits = [f for f in files if "<kunjung_lagi" in open(f).read()][:100]
if len(visits) == 100:
    files = visits
    row("100 visits, tar | zstd -15, bytes a visit", f"{stock(100) / 100:.0f}",
        "B")
shutil.rmtree(WORK)
