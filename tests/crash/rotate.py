#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Lets calls of `key rotate` fail, and kills at them.

usage: rotate.py SHIM FOLDER      ($PILAR is the program)

Afterwards, without SHIM: the store opens with the same passphrase and says
the same, nothing is left beside it, and a new key can still be drawn. Every
STEP-th call is tried (ROTATE_STEP, 3). Prints one line a kind of fault:
"N faults, B bad".
"""
import errno
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

PLANS = [("once", errno.ENOSPC), ("always", errno.ENOSPC),
         ("once", errno.EIO), ("kill-before", 0), ("kill-half", 0),
         ("kill-after", 0)]


class Rotate:
    def __init__(self, shim, folder):
        self.shim, self.work = shim, folder
        self.kept, self.count = folder + ".kept", folder + ".count"
        os.makedirs(self.kept)
        self.good(self.kept, "init", "--code", "x", "--name", "X", "--yes",
                  "--no-pass")
        acts = folder + ".acts"
        with open(acts, "w") as f:
            f.write('{"op":"set","ref":"/data/awal/kec","value":"18.71.06"}\n')
        self.good(self.kept, "fill", "pendaftaran_keluarga", "--draft",
                  "--answers", acts)
        os.unlink(acts)
        self.want = self.dump(self.kept)

    def run(self, folder, *words, env=None):
        return subprocess.run(
            [tap.PILAR, "--store", folder + "/s", "-q", *words],
            capture_output=True, text=True, timeout=300,
            env=dict(os.environ, **(env or {})))

    def good(self, folder, *words):
        r = self.run(folder, *words)
        assert r.returncode == 0, (words, r.stderr)
        return r.stdout

    def dump(self, folder):
        """What it holds, its drafts, too."""
        return (self.good(folder, "store", "dump", "--canonical") +
                self.good(folder, "draft", "list"))

    def one(self, do, number, code):
        """None when fault `number` never came, else "" or what is bad."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.kept, self.work)
        self.run(self.work, "key", "rotate", env={
            "LD_PRELOAD": self.shim, "SHIM_ROOT": self.work, "SHIM_DO": do,
            "SHIM_AT": str(number), "SHIM_ERRNO": str(code),
            "SHIM_COUNT": self.count})
        if not int(open(self.count).read().split()[1]):
            return None
        try:
            if self.dump(self.work) != self.want:
                return "says something else"
            self.good(self.work, "key", "rotate")
            self.good(self.work, "store", "check")
            if self.dump(self.work) != self.want:
                return "says something else after the next one"
        except AssertionError as e:
            return str(e)
        left = [n for n in os.listdir(self.work) if n != "s"]
        return f"left behind: {left}" if left else ""

    def plan(self, do, code, step):
        bad, faults, number = [], 0, 1
        while True:
            result = self.one(do, number, code)
            if result is None:
                break
            faults += 1
            if result:
                bad.append(f"{do} {number}: {result}")
            number += step
        for line in bad[:5]:
            print("#", line)
        print(f"{do:12}{errno.errorcode.get(code, ''):8}{faults} faults, "
              f"{len(bad)} bad", flush=True)
        return len(bad) if faults else 1


def main():
    step = int(os.environ.get("ROTATE_STEP", "3"))
    rotate = Rotate(os.path.abspath(sys.argv[1]), sys.argv[2])
    return 1 if sum(rotate.plan(do, code, step) for do, code in PLANS) else 0


if __name__ == "__main__":
    sys.exit(main())
