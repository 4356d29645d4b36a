#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Lets every call fail, and kills at every call.

usage: sweep.py SHIM SCRIPT FOLDER

SCRIPT makes a store and commits to it (script.c); SHIM makes the Nth call to
its files fail or ends the process there, for N = 1, 2, ... until no call is
left. After each run without SHIM: everything acknowledged is there, what was
not is whole or absent, a fault was reported or did no harm, and the program
works again. Prints one line a kind of fault: "N faults, B bad".
"""
import errno
import os
import shutil
import subprocess
import sys

STEPS = 9
KILLS = ("kill-before", "kill-half", "kill-after")
PLANS = [(do, e) for e in (errno.ENOSPC, errno.EDQUOT, errno.EIO)
         for do in ("once", "always", "short")] + [(k, 0) for k in KILLS]


class Run:
    """One run of the script: what it acknowledged, what it reported."""

    def __init__(self, script, folder, first=1, env=None):
        full = dict(os.environ, **env) if env else None
        p = subprocess.run([script, "run", folder + "/s", str(first),
                            str(STEPS)],
                           capture_output=True, text=True, env=full)
        self.status = p.returncode
        self.acked, self.errors = -1, []
        for line in p.stdout.splitlines():
            word, number, code = line.split()
            if word == "ack":
                self.acked = int(number)
            else:
                self.errors.append((int(number), int(code)))


class Sweep:
    def __init__(self, shim, script, folder):
        self.shim, self.script, self.folder = shim, script, folder
        self.count = folder + ".count"
        self.check = subprocess.Popen([script, "check"], text=True,
                                      stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE)

    def judge(self, acked):
        """Of a copy: the check writes, too."""
        copy = self.folder + ".copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder, copy)
        self.check.stdin.write(f"{copy}/s {acked}\n")
        self.check.stdin.flush()
        answer = self.check.stdout.readline().strip()
        return None if answer == "ok" else answer

    def faulty(self, do, number, code, first=1):
        run = Run(self.script, self.folder, first, {
            "LD_PRELOAD": self.shim, "SHIM_ROOT": self.folder,
            "SHIM_DO": do, "SHIM_AT": str(number), "SHIM_ERRNO": str(code),
            "SHIM_COUNT": self.count})
        calls, fired = map(int, open(self.count).read().split())
        return run, calls, fired

    def fresh(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder)

    def one(self, do, number, code):
        """None when fault `number` never came, else ("", or what is bad)."""
        self.fresh()
        run, calls, fired = self.faulty(do, number, code)
        if not fired:
            return None
        killed = do.startswith("kill")
        if killed and run.status != -9:
            return f"status {run.status} of a killed process"
        if not killed and run.status not in (0, 1):
            return f"status {run.status}"
        if not killed and run.acked < STEPS and not run.errors:
            return "not reported"
        if do == "once" and run.acked >= 0 and run.acked < STEPS:
            return f"stopped after step {run.acked}"
        bad = self.judge(run.acked)
        if bad:
            return bad
        if killed:  # and killed again while it starts anew
            again, _, _ = self.faulty("kill-after", number * 7 % calls + 1, 0,
                                      max(run.acked, 0) + 1)
            bad = self.judge(max(run.acked, again.acked))
            if bad:
                return "second kill: " + bad
        after = Run(self.script, self.folder)
        if after.status or after.acked != STEPS:
            return f"afterwards: {after.errors}"
        left = [n for n in os.listdir(self.folder) if n != "s"]
        if left:
            return f"left behind: {left}"
        return self.judge(STEPS) or ""

    def plan(self, do, code):
        faults, bad, number = 0, [], 0
        while True:
            number += 1
            result = self.one(do, number, code)
            if result is None:
                break
            faults += 1
            if result:
                bad.append(f"{do} {number}: {result}")
        name = errno.errorcode.get(code, "")
        for line in bad[:5]:
            print("#", line)
        print(f"{do:12}{name:8}{faults} faults, {len(bad)} bad", flush=True)
        return len(bad) if faults else 1


def main():
    shim, script, folder = sys.argv[1:4]
    sweep = Sweep(os.path.abspath(shim), os.path.abspath(script), folder)
    bad = sum(sweep.plan(do, code) for do, code in PLANS)
    sweep.check.stdin.close()
    sweep.check.wait()
    for left in (folder, folder + ".copy"):
        shutil.rmtree(left, ignore_errors=True)
    os.unlink(sweep.count)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
