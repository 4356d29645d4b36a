#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Lets every call of an export, of an import and of taking in the
acknowledgement fail, and kills at each.

usage: sync.py SHIM FOLDER      ($PILAR is the program)

Afterwards, without SHIM: the store opens, the file is there whole or not at
all, nothing counts as exported that is not in a file, what was to come in is
there whole or not at all, and doing it again ends well. Prints one line a
kind of fault: "N faults, B bad".
"""
import errno
import glob
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

VISITS = 2
PLANS = [("once", errno.ENOSPC), ("always", errno.ENOSPC), ("short",
         errno.ENOSPC), ("once", errno.EIO), ("always", errno.EIO),
         ("kill-before", 0), ("kill-half", 0), ("kill-after", 0)]


class Sync:
    def __init__(self, shim, folder):
        self.shim, self.work = shim, folder
        self.kept = folder + ".kept"
        self.count = folder + ".count"
        os.makedirs(self.kept)
        for name in ("s", "h"):
            self.good(self.kept, name, "init", "--code", "x", "--name", "X",
                      "--yes", "--no-pass")
        key = json.loads(self.good(self.kept, "h", "--json", "key", "list"))
        self.good(self.kept, "s", "key", "add", "kec", key["key"])
        self.good(self.kept, "s", "key", "list")
        acts = folder + ".acts"
        with open(acts, "w") as f:
            for op in tap.acts(tap.ROOT + "/tests/forms/daftar.jsonl"):
                f.write(json.dumps(op) + "\n")
        for _ in range(VISITS):
            self.good(self.kept, "s", "fill", "pendaftaran_keluarga",
                      "--answers", acts)
        os.mkdir(self.kept + "/out")
        os.unlink(acts)

    def run(self, folder, store, *words, env=None):
        return subprocess.run(
            [tap.PILAR, "--store", f"{folder}/{store}", "-q", *words],
            capture_output=True, text=True, timeout=300,
            env=dict(os.environ, **(env or {})))

    def good(self, folder, store, *words):
        r = self.run(folder, store, *words)
        assert r.returncode == 0, (words, r.stderr)
        return r.stdout

    def status(self, store):
        return json.loads(self.good(self.work, store, "--json", "sync",
                                    "status"))

    def fault(self, words, store, do, number, code):
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.kept, self.work)
        r = self.run(self.work, store, *words, env={
            "LD_PRELOAD": self.shim, "SHIM_ROOT": self.work, "SHIM_DO": do,
            "SHIM_AT": str(number), "SHIM_ERRNO": str(code),
            "SHIM_COUNT": self.count})
        fired = int(open(self.count).read().split()[1])
        return r, fired

    def files(self):
        return glob.glob(self.work + "/out/*.age")

    def take_all(self):
        for path in sorted(self.files()):
            self.good(self.work, "h", "sync", "import", "--accept", "-o",
                      self.work, path)
        return self.status("h")["taken_in"]

    def judge_export(self, r):
        s = self.status("s")
        if s["exported"] + s["waiting"] != VISITS:
            return f"lost: {s}"
        if s["exported"] and not self.files():
            return "counts as exported and is in no file"
        if r.returncode == 0 and s["waiting"]:
            return "said to be exported, and is not"
        if r.returncode == 1 and not r.stderr:
            return "not reported"
        self.good(self.work, "s", "sync", "export", "-o", self.work + "/out")
        if self.take_all() != VISITS:
            return "not all of it came in"
        left = [n for n in os.listdir(self.work + "/out") if ".tmp-" in n]
        return f"left behind: {left}" if left else ""

    def judge_import(self, r):
        took = self.status("h")["taken_in"]
        if took not in (0, VISITS):
            return f"half of it: {took}"
        if r.returncode == 0 and took != VISITS:
            return "said to be in, and is not"
        if self.take_all() != VISITS:
            return "not all of it came in"
        dumps = [[x for x in self.good(self.work, n, "store", "dump",
                                       "--canonical").splitlines()
                  if x.startswith(("entity\t", "entity_event\t"))]
                 for n in "sh"]
        return "" if dumps[0] == dumps[1] else "another dump"

    def judge_ack(self, r):
        s = self.status("s")
        if s["received"] not in (0, VISITS) or s["exported"] != VISITS:
            return f"half of it: {s}"
        if r.returncode == 0 and s["received"] != VISITS:
            return "said to be received, and is not"
        if r.returncode == 1 and not r.stderr:
            return "not reported"
        self.good(self.work, "s", "sync", "import",
                  *glob.glob(self.work + "/*.ack.age"))
        s = self.status("s")
        return "" if s["received"] == VISITS else f"not received: {s}"

    def plan(self, what, words, store, judge, do, code):
        faults, bad, number = 0, [], 0
        while True:
            number += 1
            r, fired = self.fault(words, store, do, number, code)
            if not fired:
                break
            faults += 1
            try:
                why = judge(r)
            except (AssertionError, ValueError) as e:
                why = repr(e)
            if why:
                bad.append(f"{what} {do} {number}: {why}")
        for line in bad[:5]:
            print("#", line[:600])
        print(f"{what:8}{do:12}{errno.errorcode.get(code, ''):8}{faults} "
              f"faults, {len(bad)} bad", flush=True)
        return len(bad) if faults else 1


def main():
    shim, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    sync = Sync(shim, folder)
    bad = sum(sync.plan("export", ("sync", "export", "-o", folder + "/out"),
                        "s", sync.judge_export, *plan) for plan in PLANS)
    sync.good(sync.kept, "s", "sync", "export", "-o", sync.kept + "/out")
    path = os.path.basename(glob.glob(sync.kept + "/out/*.age")[0])
    words = ("sync", "import", "--accept", "-o", folder,
             f"{folder}/out/{path}")
    bad += sum(sync.plan("import", words, "h", sync.judge_import, *plan)
               for plan in PLANS)
    sync.good(sync.kept, "h", "sync", "import", "--accept", "-o", sync.kept,
              f"{sync.kept}/out/{path}")
    path = os.path.basename(glob.glob(sync.kept + "/*.ack.age")[0])
    bad += sum(sync.plan("ack", ("sync", "import", f"{folder}/{path}"), "s",
                         sync.judge_ack, *plan) for plan in PLANS)
    for left in (folder, sync.kept):
        shutil.rmtree(left, ignore_errors=True)
    os.unlink(sync.count)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
