#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One visit on every kind of terminal, size and locale: the same signs on
each, the terminal as it was afterwards, and nothing of a person left on it."""
import os
import pty
import resource
import shutil
import subprocess
import sys
import tempfile
import termios

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../lib"]
from tap import PILAR, run  # noqa: E402
from terminal import PATIENCE, Terminal  # noqa: E402

WORK = tempfile.mkdtemp(prefix="pilar-terms-")
STORE = os.path.join(WORK, "store")
EMPTY = os.path.join(WORK, "empty")
TERMS = ("xterm-256color", "linux", "screen", "screen-256color",
         "tmux-256color", "vt100", "vt220", "rxvt", "xterm", "xterm-mono",
         "ansi-m", "no-such-terminal")
UTF8 = "Café Ñandú–1"
PERSONAL = ("Café", "Cafe", "Dewi", "Kaliawi")


def known(term):
    return subprocess.run(["infocmp", term], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def start(env=None, **size):
    """On a store where nobody wrote anything yet."""
    shutil.rmtree(STORE, ignore_errors=True)
    subprocess.run(["cp", "-a", EMPTY, STORE], check=True)
    return Terminal([PILAR, "--store", STORE], env, **size)


def fresh_modes():
    """What the line discipline of a new terminal looks like."""
    ours, theirs = pty.openpty()
    try:
        return termios.tcgetattr(ours)
    finally:
        os.close(ours)
        os.close(theirs)


def left_as_it_was(t):
    """The program has ended: the terminal is as if it had not run."""
    assert t.ended() == 0
    assert termios.tcgetattr(t.fd) == fresh_modes(), "line discipline"
    assert t.screen.first is None, "the second screen is still shown"
    assert not t.screen.modes & {1, 47, 1047, 1049, 2004}, t.screen.modes
    assert not t.screen.cursor.hidden, "no cursor"
    assert not t.screen.cursor.attrs.reverse, "reverse is left on"
    assert t.screen.margins in (None, (0, t.screen.lines - 1)), "a region"
    for word in PERSONAL:
        assert word not in t.text(), word
    if t.screen.first is None and b"\x1b[?1049h" in t.raw:
        assert b"\x1b[?1049l" in t.raw
    # no title, no clipboard: nothing goes where a screen is not
    assert b"\x1b]" not in t.raw and b"\x1bP" not in t.raw
    t.close()


def visit(t):
    """One form from the first screen to `Tersimpan`: every screen's text."""
    seen = []

    def shown():
        seen.append([line.rstrip() for line in t.screen.display])

    t.wait("PILAR").wait("cari di mana saja")
    t.keys("b").wait("> 1   Daftar toko").settle()
    shown()
    t.keys("1").wait("A. Toko").wait("Esc keluar")
    t.keys(UTF8 + "<Enter>36<Enter>").wait("[36")
    t.keys("12071985").wait("B. Barang").wait("Esc keluar")
    t.keys("2").wait("[2]").keys("Ser<Enter><C-p><PgUp>").wait("A. Toko")
    t.wait("Esc keluar").wait("12-07-1985").settle()
    shown()
    t.keys("<C-r>").wait("Tekan f").keys("f").wait("Tersimpan")
    t.keys("q")
    return seen


def same_signs(env, **size):
    """Each screen of the visit here, beside a terminal of the same size."""
    t = start(env, **size)
    seen = visit(t)
    left_as_it_was(t)
    return t.raw, seen


def every_terminal_shows_the_same_signs():
    _, wanted = same_signs({})
    assert UTF8 in "\n".join(wanted[1]), wanted[1]
    for term in TERMS:
        if term == "ansi-m" and not known(term):
            continue  # the others come with ncurses itself
        assert known(term) == (term != "no-such-terminal"), term
        raw, seen = same_signs({"TERM": term})
        assert seen == wanted, (term, seen, wanted)
        assert b"\x1b]" not in raw, term


def a_screen_in_ascii_says_the_same():
    for term in ("xterm-256color", "vt100"):
        for locale in ("C", "xx_YY.UTF-8"):
            raw, seen = same_signs({"TERM": term, "LC_ALL": locale})
            shown = "\n".join(seen[1])
            assert "\ufffd" not in shown
            assert UTF8 in shown or "Cafe ?andu-1" in shown, shown
            assert UTF8 in shown or max(raw) < 128, (term, locale)


def what_was_typed_is_the_same_in_every_locale():
    found = {subprocess.run(
        [PILAR, "--store", STORE, "find", "cafe", "--dataset", "toko"],
        env={"PATH": os.environ["PATH"], "LC_ALL": locale},
        capture_output=True, check=True).stdout
        for locale in ("C", "POSIX", "C.UTF-8", "id_ID.UTF-8", "xx_YY")}
    assert len(found) == 1, found
    assert UTF8.encode() in found.pop()


def no_colour_is_ever_sent():
    for env in ({}, {"NO_COLOR": "1"}, {"TERM": "xterm-mono"}):
        raw, _ = same_signs(env)
        for part in raw.split(b"\x1b[")[1:]:
            numbers, _, _ = part.partition(b"m")
            if numbers.replace(b";", b"").isdigit():
                assert not any(30 <= int(n) <= 49 and n != b"39" and n != b"49"
                               for n in numbers.split(b";")), part


def every_size_holds_a_visit():
    for rows, cols in ((16, 60), (24, 80), (43, 132), (100, 300)):
        for term in ("xterm-256color", "vt100"):
            raw, seen = same_signs({"TERM": term}, rows=rows, cols=cols)
            assert "Esc kembali" in seen[0][-1], (rows, cols, seen[0])


def a_storm_of_sizes_leaves_a_half_typed_answer():
    t = start()
    t.wait("PILAR").keys("b").wait("> 1   Daftar toko")
    t.keys("1").wait("A. Toko").wait("Esc keluar")
    t.keys("Toko badai").wait("[Toko badai").keys("<Left>")
    t.settle()
    before, where = t.text(), (t.screen.cursor.x, t.screen.cursor.y)
    for n in range(300):
        t.size(1 + n * 7 % 99, 1 + n * 13 % 299)
        if n % 10 == 0:
            t.pump(0)
            t.size(1, 1)
    t.size(10, 40)
    t.wait("Layar terlalu kecil")
    t.size(24, 80)
    t.wait("Esc keluar").settle()
    assert t.text() == before, t.text()
    assert (t.screen.cursor.x, t.screen.cursor.y) == where
    t.keys("X<Enter>").wait("[Toko badaXi")
    t.keys("<C-o>").wait("Esc").keys("<Esc>")
    t.kill(15)
    t.close()


def redirected(words, how):
    """Status, lines of the complaint and CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    r = subprocess.run(["sh", "-c", '"$0" --store "$@" ' + how, PILAR, STORE,
                        *words], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=PATIENCE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (r.returncode, r.stderr.decode().splitlines(),
            after.ru_utime + after.ru_stime - before.ru_utime -
            before.ru_stime)


def typed_ahead(pieces, wait):
    """A visit in few writes, none waiting for a screen; what it became."""
    t = start()
    if wait:
        t.wait("PILAR")
    for piece in pieces:
        os.write(t.fd, piece)
    t.wait("Tekan f").keys("<Esc>").gone("Tekan f").keys("<PgUp>")
    t.wait("A. Toko").wait("[" + UTF8).wait("[36 ").wait("[12-07-1985]")
    t.keys("<PgDn>").wait("B. Barang").wait("[2]").wait("[Ser ")
    t.keys("<C-r>").wait("Tekan f").keys("f").wait("Tersimpan").keys("q")
    if wait:
        left_as_it_was(t)
    else:  # the terminal itself echoed what came before the program
        assert t.ended() == 0


def keys_sent_before_the_screens_are_neither_lost_nor_misrouted():
    visited = ("b1%s\r36\x1b[A\x1bOB\r12071985" % UTF8).encode() + \
        b"2Ser\r"
    typed_ahead([visited + b"\x12"], True)
    typed_ahead([bytes([b]) for b in visited + b"\x12"], True)
    # before the program has taken the terminal, ^R is the terminal's own
    typed_ahead([visited + b"\x1b[6~"], False)
    for n in range(1, len(visited), 9):  # a letter, a sequence cut in two
        typed_ahead([visited[:n], visited[n:] + b"\x12"], True)


def a_signal_restores_the_terminal():
    for sig in (1, 2, 15):
        t = start()
        t.wait("PILAR").keys("b").wait("> 1   Daftar toko").keys("1")
        t.wait("A. Toko").keys("Kaliawi").wait("[Kaliawi")
        os.kill(t.pid, sig)
        left_as_it_was(t)


def closed_and_full_files_are_said():
    same_signs({})
    for how in ("<&-", ">&-", "</dev/null", ">/dev/full", "<&- >&-",
                "2>/dev/null >&-", "| head -1"):
        status, lines, cpu = redirected((), how)
        assert status == (0 if "|" in how else 1), (how, status)
        assert len(lines) == (0 if "2>" in how else 1), (how, lines)
    for how in (">&-", ">/dev/full", "<&- >&-"):
        for words in (("find", "cafe", "--dataset", "toko"),
                      ("store", "dump", "--canonical"), ("help",)):
            if words != ("help",):
                assert redirected(words, "")[0] == 0, words
            status, lines, cpu = redirected(words, how)
            assert status != 0, (how, words, status)
            assert words == ("help",) or len(lines) == 1, (how, words, lines)


def a_closed_file_is_never_the_store():
    """What is printed or read must not go to the file opened in its place."""
    dump = ["store", "dump", "--canonical"]
    whole = subprocess.run([PILAR, "--store", STORE, *dump],
                           capture_output=True, check=True).stdout
    for how in (">&-", "2>&-", "<&-", "<&- >&- 2>&-", ">&- 2>&-"):
        for words in (dump, ["fill", "toko", "--line"], ["nonsense"],
                      ["find", "cafe", "--dataset", "toko"]):
            redirected(words, how)
    subprocess.run([PILAR, "--store", STORE, "store", "check"], check=True,
                   capture_output=True)
    assert subprocess.run([PILAR, "--store", STORE, *dump],
                          capture_output=True, check=True).stdout == whole


def commands_need_no_terminal():
    for term in ("dumb", "", "no-such-terminal"):
        r = subprocess.run(
            [PILAR, "--store", STORE, "find", "cafe", "--dataset", "toko"],
            env={"PATH": os.environ["PATH"], "TERM": term},
            capture_output=True, check=True)
        assert UTF8.encode() in r.stdout and b"\x1b" not in r.stdout


def main():
    subprocess.run([PILAR, "--store", EMPTY, "--data", HERE + "/kit", "init",
                    "--code", "dewi", "--name", "Dewi", "--role", "PSM",
                    "--village", "Kaliawi", "--yes"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   stdin=subprocess.DEVNULL)
    try:
        return run([every_terminal_shows_the_same_signs,
                    a_screen_in_ascii_says_the_same,
                    what_was_typed_is_the_same_in_every_locale,
                    no_colour_is_ever_sent,
                    every_size_holds_a_visit,
                    a_storm_of_sizes_leaves_a_half_typed_answer,
                    keys_sent_before_the_screens_are_neither_lost_nor_misrouted,
                    a_signal_restores_the_terminal,
                    closed_and_full_files_are_said,
                    a_closed_file_is_never_the_store,
                    commands_need_no_terminal])
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    os.environ.update(LC_ALL="C.UTF-8")
    sys.exit(main())
