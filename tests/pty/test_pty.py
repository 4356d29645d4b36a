#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The program on a real terminal: it refuses what is none, loses nothing
when the line drops, and takes a draft up where it was."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../lib"]
from tap import run  # noqa: E402
from terminal import PATIENCE, Terminal  # noqa: E402

PILAR = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
WORK = tempfile.mkdtemp(prefix="pilar-pty-")
STORE = os.path.join(WORK, "store")


def init():
    kit = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit")
    subprocess.run([PILAR, "--store", STORE, "--data", kit, "init", "--code", "dewi",
                    "--name", "Dewi", "--role", "PSM", "--village", "Kaliawi",
                    "--yes"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def start(env=None, **size):
    return Terminal([PILAR, "--store", STORE], env, **size)


def plain(env=None, stdin=subprocess.DEVNULL, **how):
    full = {"PATH": os.environ["PATH"], "TERM": "xterm-256color"}
    full.update(env or {})
    return subprocess.run([PILAR, "--store", STORE], env=full, stdin=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=PATIENCE, **how)


def refused(result):
    lines = result.stderr.decode().strip().split("\n")
    assert result.returncode == 1, result.returncode
    assert len(lines) == 1 and lines[0].startswith("pilar: "), lines
    assert result.stdout == b"", result.stdout


def without_a_terminal_one_line_says_so():
    refused(plain())
    refused(plain(stdin=subprocess.PIPE))
    # closed, full, nobody reads
    for redirect in ("<&-", ">/dev/full", "</dev/null", ">&-"):
        r = subprocess.run(["sh", "-c", '"$0" --store "$1" ' + redirect,
                            PILAR, STORE], stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE, timeout=PATIENCE)
        assert r.returncode == 1, (redirect, r.returncode)


def a_terminal_that_cannot_show_screens_is_refused():
    for term in ("dumb", ""):
        t = start({"TERM": term})
        assert t.ended() == 1, term
        assert "pilar: " in t.text() and "\x1b" not in t.raw.decode(), t.raw
    t = Terminal(["/usr/bin/env", "-u", "TERM", PILAR, "--store", STORE])
    assert t.ended() == 1


def an_unknown_terminal_is_taken_as_vt100():
    t = start({"TERM": "no-such-terminal"})
    t.wait("PILAR").wait("vt100")
    t.keys("q")
    assert t.ended() == 0


def capable_terminals_start_and_end():
    for term in ("vt100", "linux", "screen", "xterm", "xterm-256color",
                 "tmux-256color"):
        t = start({"TERM": term, "NO_COLOR": "1"})
        t.wait("PILAR").keys("q")
        assert t.ended() == 0, term
        assert "PILAR" not in t.text(), "the screen is left behind"


def a_locale_without_utf8_still_works():
    for locale in ("C", "POSIX", "xx_YY.UTF-8"):
        t = start({"LC_ALL": locale})
        t.wait("PILAR").keys("q")
        assert t.ended() == 0, locale


def left_in_mid_field(end):
    """One page and a field answered, "Ser" half typed in the next."""
    t = start()
    t.wait("PILAR").keys("b").wait("> 1   Daftar toko").keys("1")
    t.wait("A. Toko").keys("Maju Jaya<Enter>36<Enter>12071985")
    t.wait("B. Barang").keys("2").wait("[2]")
    t.keys("Ser").wait("[Ser")
    end(t)


def resumed():
    t = start()
    t.wait(": Daftar toko").keys("<Enter>")
    t.wait("B. Barang").wait("[2]")
    return t


def cursor_in(t, text):
    t.until(lambda: text in t.screen.display[t.screen.cursor.y],
            "the cursor is not in " + text)


def forget(t):
    t.close()
    t = start()
    t.wait("PILAR").keys("d").wait("> Daftar toko")
    t.keys("x").wait("(y/t)").keys("y").wait("Tidak ada draf")
    t.keys("<Esc>").wait("PILAR").keys("q")
    assert t.ended() == 0


def after_kill_9_the_draft_is_where_it_was():
    left_in_mid_field(lambda t: t.kill())
    t = resumed()
    cursor_in(t, "Catatan barang")
    t.keys("<PgUp>").wait("[Maju Jaya").wait("[36").wait("[12-07-1985] Jumat")
    forget(t)


def after_a_hang_up_what_was_half_typed_is_there():
    def drop(t):
        assert t.hang_up() == 0
    left_in_mid_field(drop)
    t = resumed()
    t.wait("[Ser")
    cursor_in(t, "Catatan barang")
    forget(t)


def sighup_and_sigterm_keep_it_too():
    for sig in (signal.SIGHUP, signal.SIGTERM):
        def end(t):
            assert t.kill(sig) == 0, sig
        left_in_mid_field(end)
        forget(resumed().wait("[Ser"))


def a_draft_open_elsewhere_is_asked_for():
    left = []
    left_in_mid_field(left.append)
    first = left[0]
    second = start()
    second.wait(": Daftar toko").keys("<Enter>")
    second.wait("Ambil alih? (y/t)").keys("y")
    second.wait("B. Barang").wait("[2]")
    first.keys("ba<Enter>").wait("dilanjutkan di tempat lain")
    first.close()
    forget(second)


def any_size_is_survived():
    t = start()
    t.wait("PILAR")
    for rows, cols in ((15, 60), (1, 1), (50, 200), (16, 59), (3, 300)):
        t.size(rows, cols)
    t.size(16, 60)
    t.wait("PILAR").wait("Formulir baru")
    t.size(10, 40)
    t.wait("Layar terlalu kecil")
    t.size(24, 80)
    t.wait("PILAR").keys("q")
    assert t.ended() == 0


def nobody_at_the_keyboard_costs_no_byte():
    t = start()
    t.wait("PILAR").settle()
    before = t.bytes
    t.pump(1.0)
    assert t.bytes == before
    t.close()


def main():
    if not os.path.exists(PILAR):
        print("1..1\nok 1 - pty # SKIP no program at %s" % PILAR)
        return 0
    init()
    try:
        return run([
            without_a_terminal_one_line_says_so,
            a_terminal_that_cannot_show_screens_is_refused,
            an_unknown_terminal_is_taken_as_vt100,
            capable_terminals_start_and_end,
            a_locale_without_utf8_still_works,
            any_size_is_survived,
            nobody_at_the_keyboard_costs_no_byte,
            after_kill_9_the_draft_is_where_it_was,
            after_a_hang_up_what_was_half_typed_is_there,
            sighup_and_sigterm_keep_it_too,
            a_draft_open_elsewhere_is_asked_for,
        ])
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


sys.exit(main())
