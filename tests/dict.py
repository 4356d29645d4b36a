#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Trains the dictionary of sync files on visits that nobody made: the demo
store's, and those of the visit generator beside this repository. The same
sources give the same bytes.

  dict.py PILAR OUT.dict"""
import base64
import glob
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
TOOLS = os.path.join(ROOT, "../shared/tools")
SIZE = 1 << 20
# Above 32767: numbers that are nobody's. Two bytes in every file.
DICT_ID = 33003
SEEDS = range(1001, 1061)
VISITS = 120
DEMOS = ("1", "2", "3", "4", "5", "6")
OURS = 2  # every second of these
PAD = 512  # TAR_BLOCK
CHANCE = random.Random(7)


def letters(n, alphabet="qpzry9x8gf2tvdw0s3jn54khce6mua7l"):
    return "".join(CHANCE.choice(alphabet) for _ in range(n))


def b64(n, front=b""):
    return base64.b64encode(front + CHANCE.randbytes(n)).decode()


def touched(xml, number):
    """What had been seen of the entities a submission names."""
    made = [create == b"1" for create in
            re.findall(rb'<entity [^>]*?(?:create="(1?)"|update="1?")', xml)]
    first = [-1, 0, 1] if number == 1 else [0, CHANCE.randrange(1, 300)]
    return [[-1, 0, 1] if m else first for m in made] or [0]


def front(form, version, xml, number):
    """manifest.json and its signature as the program writes them, with keys
    and hashes of chance."""
    seen = touched(xml, number)
    m = {"format": "pilar-sync-1", "device": CHANCE.randbytes(8).hex(),
         "key": None, "hub": "",
         "recipients": ["age1" + letters(12)], "sequence": number,
         "previous": CHANCE.randbytes(8).hex() if number > 1 else "",
         "made": 1795320915097 + CHANCE.randrange(10**9), "entries": 1,
         "bytes": len(xml), "content": CHANCE.randbytes(32).hex(),
         "forms": {form: [version]}, "workers": ["dewi"],
         "devices": [CHANCE.randbytes(8).hex()] if number > 1 else [],
         "events": {"seq": [number, 1], "worker": [0, 1], "zone": [420, 1],
                    "at": [-CHANCE.randrange(10**7)], "doubtful": [],
                    "seen": [seen]}}
    text = json.dumps(m, separators=(",", ":")).encode()
    text += b" " * (-len(text) % PAD)
    sig = ("untrusted comment: pilar\n" + b64(72, b"ED")
           + "\ntrusted comment: \n" + b64(64) + "\n").encode()
    return [("manifest.json", text), ("manifest.json.minisig", sig)]


def tar_of(entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w",
                      format=tarfile.USTAR_FORMAT) as tar:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o600
            tar.addfile(info, io.BytesIO(content))
    end = sum(512 + (len(c) + 511) // 512 * 512 for _, c in entries)
    return out.getvalue()[:end]


def generated():
    """Visits of the generator: the peers' figures are on these."""
    sys.path.insert(0, TOOLS)
    import gensub
    for seed in SEEDS:
        for v in gensub.visits(VISITS, seed):
            name = "instances/%s/submission.xml" % v["instanceID"][5:]
            yield "kunjungan_rumah", "2026030101", name, gensub.xml(v).encode()


def told(pilar, work):
    """Submissions of our own forms, from demo stores."""
    for seed in DEMOS:
        store, out = f"{work}/store{seed}", f"{work}/out{seed}"
        os.mkdir(out)
        subprocess.run([pilar, "--store", store, "-q", "demo", "--now",
                        "2026-11-21", "--seed", seed], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([pilar, "--store", store, "-q", "sync", "export",
                        "--plain", "-o", out], check=True,
                       stdout=subprocess.DEVNULL)
        raw = subprocess.run(["zstd", "-dqc", *glob.glob(out + "/*.zst")],
                             check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
            for member in tar:
                if not member.name.endswith("/submission.xml"):
                    continue
                xml = tar.extractfile(member).read()
                form, version = re.search(
                    rb'<data [^>]*?id="([^"]*)" version="([^"]*)"',
                    xml).groups()
                yield form.decode(), version.decode(), member.name, xml


def main(pilar, out):
    with tempfile.TemporaryDirectory() as work:
        names = []

        def sample(entries):
            names.append(f"{work}/{len(names):06}")
            with open(names[-1], "wb") as f:
                f.write(tar_of(entries))
        for i, (form, version, name, xml) in enumerate(generated()):
            whole = i % 2 == 0
            sample((front(form, version, xml, 1 + i % 2) if whole else [])
                   + [(name, xml)])
        for i, (form, version, name, xml) in enumerate(told(pilar, work)):
            if i % OURS == 0:
                sample((front(form, version, xml, 1 + CHANCE.randrange(2))
                        if i % (2 * OURS) == 0 else []) + [(name, xml)])
        with open(work + "/list", "w") as f:
            f.write("\n".join(names))
        subprocess.run(["zstd", "-q", "-T1", "--train-cover=k=1536,d=8,steps=1",
                        "--filelist", work + "/list", f"--maxdict={SIZE}",
                        f"--dictID={DICT_ID}", "-19", "-o", work + "/dict"],
                       check=True)
        shutil.copyfile(work + "/dict", out)
        print(out, os.path.getsize(out), "bytes of", len(names), "samples")


if __name__ == "__main__":
    main(*sys.argv[1:])
