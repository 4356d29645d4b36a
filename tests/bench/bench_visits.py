#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Bytes a visit in a sync file, signed manifest and dictionary's name with
it, age header not; on the generator's visits (PERF D) and on our own. The
floor is what the issue allows."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
TOOLS = os.path.join(ROOT, "../shared/tools")
PILAR = os.environ["PILAR"]
WORK = tempfile.mkdtemp(prefix="pilar-visits-")
ALLOWED = {1: 700, 10: 350, 100: 290, 10000: 280}
SEEDS = (1, 2, 3, 4, 5, 6)
KEY = "age1dtaptxqz4cevprg438vmm6guajgm35pk834mgzmmxmvqfsumwytq09vev7"


def pilar(store, *words):
    run = subprocess.run([PILAR, "--store", f"{WORK}/{store}", "-q", *words],
                         capture_output=True, text=True)
    assert run.returncode == 0, (words, run.stderr)
    return run.stdout


def row(name, value, unit, floor):
    print(name, f"{value:.0f}" if unit == "B" else f"{value:.2f}", unit, floor,
          f"{value / floor:.2f}", sep="\t", flush=True)


def sealed_bytes(path):
    """What is sealed: without the header of age, the nonce and the last tag,
    which are not ours to make smaller."""
    raw = open(path, "rb").read()
    end = re.search(rb"\n--- .{43}\n", raw[:4096], re.S)
    return len(raw) - end.end() - 32


def form_of(xml):
    """A form whose instance is that submission."""
    body = re.sub(r"^<\?xml[^>]*\?>", "", xml)
    body = re.sub(r">[^<]+<", "><", body)
    return ('<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://'
            'www.w3.org/1999/xhtml" xmlns:entities="http://www.opendatakit.org'
            '/xforms/entities"><h:head><h:title>Kunjungan</h:title><model '
            'entities:entities-version="2025.1.0"><instance>' + body
            + '</instance></model></h:head><h:body/></h:html>')


def export(store, *flags):
    begun = time.monotonic()
    made = json.loads(pilar(store, "--json", "sync", "export", "-o", WORK,
                            "--to", KEY, *flags))
    return made, time.monotonic() - begun


def measure(store, form, visits, *flags):
    """Bytes of one file of these visits, and the seconds it took."""
    shutil.rmtree(f"{WORK}/{store}", ignore_errors=True)
    pilar(store, "init", "--code", "dewi", "--name", "Dewi", "--yes",
          "--no-pass")
    if form:
        with open(WORK + "/form.xml", "w") as f:
            f.write(form)
        pilar(store, "form", "add", WORK + "/form.xml")
    tree = tempfile.mkdtemp(dir=WORK)
    for i, xml in enumerate(visits):
        os.mkdir(f"{tree}/{i:06}")
        with open(f"{tree}/{i:06}/submission.xml", "w") as f:
            f.write(xml)
    pilar(store, "sync", "load", tree)
    shutil.rmtree(tree)
    made, took = export(store, *flags)
    assert made["events"] == len(visits), made
    return sealed_bytes(made["file"]), took


def generated():
    if not os.path.exists(TOOLS + "/gensub.py"):
        print("generator's visits: ../shared is not here")
        return
    sys.path.insert(0, TOOLS)
    import gensub
    for n in (1, 10, 100):
        each = []
        for seed in SEEDS:
            v = [gensub.xml(x) for x in gensub.visits(n, seed)]
            each.append(measure("g", form_of(v[0]), v)[0] / n)
        row(f"generator, {n} visits, bytes a visit", sum(each) / len(each),
            "B", ALLOWED[n])
        row(f"generator, {n} visits, the worst of {len(SEEDS)}", max(each), "B",
            ALLOWED[n])
    if "--small" in sys.argv:
        return
    v = [gensub.xml(x) for x in gensub.visits(10000, 1)]
    size, took = measure("g", form_of(v[0]), v)
    row("generator, 10000 visits, bytes a visit", size / 10000, "B",
        ALLOWED[10000])
    row("generator, 10000 visits, seconds", took, "s", 3)
    if "--best" in sys.argv:
        size, took = measure("g", form_of(v[0]), v, "--best")
        row("generator, 10000 visits, --best", size / 10000, "B", 232)
        print(f"--best took {took:.0f} s")


def ours():
    pilar("d", "demo", "--now", "2026-10-10", "--seed", "99")
    made = json.loads(pilar("d", "--json", "sync", "export", "--plain", "-o",
                            WORK))
    tree = WORK + "/ours"
    os.mkdir(tree)
    subprocess.run(f"zstd -dqc {made['file']} | tar xf - -C {tree}",
                   shell=True, check=True)
    visits = []
    for folder in sorted(os.listdir(tree + "/instances")):
        xml = open(f"{tree}/instances/{folder}/submission.xml").read()
        if '<data id="kunjungan"' in xml:
            visits.append(xml)
    for n in (1, 10, 100):
        each = [measure("o", None, visits[i * n:i * n + n])[0] / n
                for i in range(2)]
        row(f"our forms, {n} visits, bytes a visit", sum(each) / len(each),
            "B", ALLOWED[n])
    all_size, took = measure("o", None, visits)
    row(f"our forms, {len(visits)} visits, bytes a visit",
        all_size / len(visits), "B", 290)


generated()
ours()
shutil.rmtree(WORK)
