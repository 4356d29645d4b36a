#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Ctrl-C in anything long: a sentence, status 1, and all is as it was. The
signal waits for the program from its start, so that each test is the same
every time. Long work shows a bar on a terminal."""
import glob
import os
import pty
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("cancel")
WORK = pilar.work
FORM = tap.ROOT + "/tests/forms/daftar.jsonl"


def good(store, *words):
    return pilar.done("-q", *words, store=f"{WORK}/{store}")


def data(store, *words):
    return pilar.asked("-q", *words, store=f"{WORK}/{store}")


def visit(store):
    good(store, "fill", "pendaftaran_keluarga", "--answers",
         pilar.write("acts.jsonl", tap.acts(FORM)))


def state(store):
    dump = good(store, "store", "dump", "--canonical")
    return dump, good(store, "--json", "sync", "status")


def files():
    return sorted(os.path.relpath(os.path.join(at, name), WORK)
                  for at, _, names in os.walk(WORK) for name in names
                  if not name.startswith(("lock", "said")))


def with_ctrl_c(store, *words):
    """The program, to which Ctrl-C was said before it began."""
    def pending():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.kill(os.getpid(), signal.SIGINT)
    return subprocess.run(
        [tap.PILAR, "--store", f"{WORK}/{store}", *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        preexec_fn=pending, timeout=tap.PATIENCE, env=pilar.env)


def cancelled(store, *words, sees=True):
    before, were = state(store) if sees else None, files()
    r = with_ctrl_c(store, *words)
    lines = r.stderr.strip().split("\n")
    assert r.returncode == 1 and len(lines) == 1, (words, r)
    assert "batal" in lines[0], (words, lines)
    assert not sees or state(store) == before, words
    left = [f for f in files() if f not in were]
    assert not left, (words, left)


def setup():
    os.mkdir(WORK + "/stick")
    for store in ("dewi", "kantor"):
        good(store, "init", "--code", store, "--yes", "--no-pass")
    good("dewi", "key", "add", "kantor", data("kantor", "key", "list")["key"])
    visit("dewi")
    os.mkdir(WORK + "/dewi-ekspor")


def nothing_is_half_exported():
    cancelled("dewi", "sync", "export", "-o", WORK + "/stick")
    assert data("dewi", "sync", "status")["waiting"] == 1


def nothing_is_half_taken_in():
    made = data("dewi", "sync", "export", "-o", WORK + "/stick")["file"]
    cancelled("kantor", "sync", "import", "--accept", made)
    good("kantor", "sync", "import", "--accept", "--as", "dewi", made)


def nothing_is_half_passed_on():
    good("kantor", "key", "add", "atas",
         "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")
    cancelled("kantor", "sync", "export", "-o", WORK + "/stick")


def fake_ssh(script):
    """What runs instead of ssh; its parent is the program."""
    path = pilar.write("bin/ssh", "#!/bin/sh\n" + script)
    os.chmod(path, 0o755)
    pilar.env["PATH"] = WORK + "/bin:" + os.environ["PATH"]


def what_was_not_sent_goes_another_time():
    """Before the line, before the office answers, and with half of it sent."""
    visit("dewi")
    cancelled("dewi", "sync", "send", "ssh://kantor")
    for script in ("read first; kill -INT $PPID; cat >/dev/null",
                   "read first; kill -INT $PPID; echo have 0; cat >/dev/null"):
        fake_ssh(script)
        r = pilar("sync", "send", "ssh://kantor", store=WORK + "/dewi")
        assert r.returncode == 1 and "dibatalkan; kirim lagi" in r.stderr, r
        status = data("dewi", "sync", "status")
        assert status["waiting"] == 0 and status["received"] == 0, status
    fake_ssh(f"exec {tap.PILAR} --store {WORK}/kantor sync import -")
    good("dewi", "sync", "send", "ssh://kantor")
    assert data("dewi", "sync", "status")["unacknowledged"] == 0


def no_half_kit_is_made_or_taken():
    kit = WORK + "/stick/pilar-k.kit"
    cancelled("kantor", "kit", "make", "-o", kit)
    good("kantor", "kit", "make", "-o", kit, "--name", "kantor")
    cancelled("sari", "init", "--kit", kit, "--code", "sari", "--yes",
              "--no-pass", sees=False)
    assert not os.path.exists(WORK + "/sari")
    cancelled("dewi", "sync", "import", "--accept", kit)


def nothing_is_half_rebuilt_or_sealed_anew():
    cancelled("dewi", "store", "rebuild")
    cancelled("dewi", "key", "rotate")
    assert not glob.glob(WORK + "/dewi.tmp*")


def a_bar_is_shown_on_a_terminal_only():
    visit("dewi")
    master, slave = pty.openpty()
    r = subprocess.run(
        [tap.PILAR, "--store", WORK + "/dewi", "sync", "export", "-o",
         WORK + "/stick"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=slave, timeout=tap.PATIENCE)
    os.close(slave)
    shown = b""
    try:
        while True:  # what was written comes in pieces
            shown += os.read(master, 65536)
    except OSError:
        os.close(master)
    shown = shown.decode()
    assert r.returncode == 0 and "[####" in shown and "%" in shown, shown
    visit("dewi")
    r = pilar("sync", "export", "-o", WORK + "/stick", store=WORK + "/dewi")
    assert r.returncode == 0 and "#" not in r.stderr, r


def what_would_be_is_said_and_not_done():
    """A dry run of everything that changes something."""
    kit, made = WORK + "/stick/pilar-k.kit", WORK + "/stick/x.kit"
    visit("dewi")
    before, were = state("dewi"), files()
    assert "Akan diekspor: 1" in good("dewi", "sync", "export", "--dry-run")
    assert "Akan dikirim: " in good("dewi", "sync", "send", "ssh://kantor",
                                    "--dry-run")
    assert "Hanya dihitung" in good("dewi", "kit", "make", "-o", made,
                                    "--dry-run")
    good("dewi", "sync", "import", "--accept", "--dry-run", kit)
    assert state("dewi") == before and files() == were


setup()
sys.exit(pilar.test([nothing_is_half_exported, nothing_is_half_taken_in,
                     nothing_is_half_passed_on,
                     what_was_not_sent_goes_another_time, no_half_kit_is_made_or_taken,
                     nothing_is_half_rebuilt_or_sealed_anew,
                     a_bar_is_shown_on_a_terminal_only,
                     what_would_be_is_said_and_not_done]))
