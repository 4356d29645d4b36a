# SPDX-License-Identifier: MIT
"""For test scripts: functions run as TAP, and the program called as a user
calls it.

    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
    import tap

    pilar = tap.Program("case")
    def a_sentence_about_what_holds():
        assert pilar.asked("draft", "list") == []
    sys.exit(pilar.test([a_sentence_about_what_holds]))
"""
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
# Seconds after which a command hangs, on the slowest machine.
PATIENCE = 300
PILAR = os.path.abspath(os.environ.get("PILAR", ROOT + "/.build/pilar"))


# A descriptor made here is none of the three, even where one was closed.
while os.open(os.devnull, os.O_RDWR) < 3:
    pass


def run(tests):
    """Runs functions as TAP; a name is a sentence with underscores. What a
    test returns is why it was skipped."""
    print("1..%d" % len(tests))
    failed = 0
    for n, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            why = test()
            print("ok %d - %s%s" % (n, name, " # SKIP " + why if why else ""),
                  flush=True)
        except Exception as e:  # a broken test is a failed test
            failed += 1
            print("not ok %d - %s" % (n, name))
            for line in ("%s: %s" % (type(e).__name__, e))[:4000].split("\n"):
                print("# " + line, flush=True)
    return 1 if failed else 0


class Points:
    """For scripts that find what they test as they go: each point is told
    when it is known, how many there were at the end."""

    def __init__(self):
        self.count = self.failed = 0

    def report(self, ok, name, why=""):
        self.count += 1
        self.failed += not ok
        print("%s %d - %s" % ("ok" if ok else "not ok", self.count, name))
        if not ok:
            for line in str(why).splitlines()[:40]:
                print("# " + line)
        sys.stdout.flush()

    def skip(self, name, why):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, why))

    def end(self):
        print("1..%d" % self.count)
        return 1 if self.failed else 0


def acts(path):
    """The acts of a form script that its form takes, as if done today: days
    that were to come are as far ahead as they were."""
    with open(path) as f:
        lines = [json.loads(line) for line in f]
    then = datetime.date.fromisoformat(lines[0]["now"][:10])
    passed = datetime.date.today() - then
    out = [{k: op[k] for k in ("op", "ref", "value") if k in op}
           for op in lines if op.get("op") in ("set", "add", "remove") and
           op.get("expect", {}).get("ok", True)]
    for op in out:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", op.get("value", "")):
            day = datetime.date.fromisoformat(op["value"])
            op["value"] = str(day + passed if day > then else day)
    return out


class Program:
    """pilar on a store of its own in a folder of its own."""
    def __init__(self, name, kit=None, env=None):
        self.work = tempfile.mkdtemp(prefix="pilar-%s-" % name)
        self.store = self.work + "/store"
        self.options = (("--data", os.path.join(self.work, kit)) if kit
                        else ())
        self.env = dict(os.environ, **(env or {}))

    def __call__(self, *words, store=None, fds=(), stdin=subprocess.DEVNULL):
        return subprocess.run(
            [PILAR, "--store", store or self.store, *self.options, *words],
            env=self.env, stdin=stdin, capture_output=True, text=True,
            timeout=PATIENCE, pass_fds=fds)

    def done(self, *words, **how):
        result = self(*words, **how)
        assert result.returncode == 0, (words, result.stderr)
        return result.stdout

    def asked(self, *words, **how):
        return json.loads(self.done("--json", *words, **how))

    def refused(self, words, *parts, **how):
        """Status 1 and one sentence that says all of it."""
        result = self(*words, **how)
        lines = result.stderr.strip().split("\n")
        assert result.returncode == 1, (words, result.returncode, lines)
        assert len(lines) == 1, lines
        for part in parts:
            assert part in lines[0], (part, lines)

    def write(self, name, content):
        """A file of the folder: text, or acts as one JSON line each."""
        path = os.path.join(self.work, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not isinstance(content, str):
            content = "".join(json.dumps(op) + "\n" for op in content)
        with open(path, "w") as f:
            f.write(content)
        return path

    def test(self, tests):
        try:
            return run(tests)
        finally:
            shutil.rmtree(self.work, ignore_errors=True)
