# SPDX-License-Identifier: MIT
"""A real pseudo terminal with a program on it, for tests that speak TAP."""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import pyte
from wcwidth import wcwidth

KEYS = {
    "Enter": "\r", "Esc": "\x1b", "Tab": "\t", "BS": "\x7f", "Space": " ",
    "Up": "\x1bOA", "Down": "\x1bOB", "Right": "\x1bOC", "Left": "\x1bOD",
    "PgUp": "\x1b[5~", "PgDn": "\x1b[6~", "F1": "\x1bOP",
}
# How long a program may take to answer a key; it never waits this long.
PATIENCE = 120
# To find what a test takes from a screen that is not there yet: LAG=0.3 makes
# every key late, SIP=1 shows the screen as it is after each byte.
LAG = float(os.environ.get("LAG", 0))
SIP = int(os.environ.get("SIP", 65536))


# What no output may hold; screens have escapes of their own.
DIRTY = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
    "\u200b\u200e\u200f\u061c\ufeff]")
# All that a screen of ours sends: moves, erasures, attributes, modes.
OURS = re.compile(
    "\x1b\\[[0-9;]*[ABCDHGJKLMPSTXZ@bdfr]|\x1b\\[(?:[0147]|27?|22|24|39;49)?"
    "(?:;(?:[0147]|1[01]))*m|\x1b\\[\\?(?:1|7|12|25|1034|1049|2004)(?:;25)?[hl]|"
    "\x1b\\[(?:22|23);0;0t|\x1b\\[4[hl]|\x1b[=>78M]|\x1b[()][B0]|[\r\n\b\x0e\x0f]")


def dirty(raw):
    """What in these bytes of a screen no screen of ours sends, or None."""
    try:
        rest = OURS.sub("", raw.decode("utf-8"))
    except UnicodeDecodeError as e:
        return repr(raw[max(0, e.start - 80):e.start + 80])
    bad = DIRTY.search(rest)
    return bad and repr(rest[max(0, bad.start() - 80):bad.end() + 80])


class Screen(pyte.Screen):
    """With REP, which ncurses uses on xterm-256color, and with a second
    screen; `modes` are the private modes that were set and not reset."""
    last = " "
    SECOND = {47, 1047, 1049}

    def __init__(self, cols, rows):
        self.modes = set()
        self.first = None
        super().__init__(cols, rows)

    @property
    def display(self):
        """Lines as text; a half of a wide letter that was overwritten, or
        cut off by a new size, is a blank."""
        def cells(line):
            wide = False
            for x in range(self.columns):
                data = line[x].data
                if not wide or data:
                    yield data or " "
                wide = bool(data) and wcwidth(data[0]) == 2
        return ["".join(cells(self.buffer[y])) for y in range(self.lines)]

    def set_mode(self, *modes, **how):
        if how.get("private"):
            self.modes |= set(modes)
            if self.SECOND & set(modes) and self.first is None:
                self.first = list(self.display)
                self.erase_in_display(2)
        super().set_mode(*modes, **how)

    def reset_mode(self, *modes, **how):
        if how.get("private"):
            self.modes -= set(modes)
            if self.SECOND & set(modes) and self.first is not None:
                self.erase_in_display(2)
                for y, line in enumerate(self.first[:self.lines]):
                    self.cursor_position(y + 1, 1)
                    super().draw(line.rstrip())
                self.first = None
        super().reset_mode(*modes, **how)

    def draw(self, data):
        if data:
            self.last = data[-1]
        super().draw(data)

    def rep(self, n=1, **_):
        super().draw(self.last * (n or 1))

    def report_device_attributes(self, *_, **__):
        pass


class Stream(pyte.Stream):
    csi = dict(pyte.Stream.csi, b="rep")
    events = pyte.Stream.events | {"rep"}


class Terminal:
    def __init__(self, command, env=None, rows=24, cols=80):
        self.screen = Screen(cols, rows)
        self.stream = Stream(self.screen)
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.alive = True
        self.bytes = 0
        self.raw = b""
        self.late = []  # (when, bytes): keys on their way
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ,
                        struct.pack("HHHH", rows, cols, 0, 0))
            full = {"PATH": os.environ["PATH"], "HOME": "/nonexistent",
                    "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
            full.update(env or {})
            os.execve(command[0], command, full)

    def pump(self, wait):
        """Takes what comes within `wait` seconds; False when nothing did."""
        if self.late:
            wait = max(wait, self.arrive())
        if not self.alive or not select.select([self.fd], [], [], wait)[0]:
            return bool(self.late)
        try:
            data = os.read(self.fd, SIP)
        except OSError:
            data = b""
        if not data:
            self.alive = False
            return False
        self.bytes += len(data)
        self.raw += data
        self.stream.feed(self.decode(data))
        return True

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, found, what):
        """Until found() is true, and what it was; fails when it never is."""
        end = time.monotonic() + PATIENCE
        while True:
            it = found()
            if it:
                return it
            if time.monotonic() > end or not self.alive:
                raise AssertionError("%s\n%s" % (what, self.text()))
            self.pump(0.05)

    def wait(self, part):
        """Until the screen shows `part`."""
        self.until(lambda: part in self.text(), "never shown: %r" % part)
        return self

    def wait_any(self, *parts):
        """The first of the parts that the screen shows."""
        return self.until(lambda: next((p for p in parts if p in self.text()),
                                       None), "never shown: %r" % (parts,))

    def gone(self, part):
        self.until(lambda: part not in self.text(), "still shown: %r" % part)
        return self

    def marked(self):
        """The row with the marker, None where there is none."""
        row = re.search("(?m)^ *> .*$", self.text())
        return row and row.group()

    def down_to(self, part):
        """Down until the marker stands at a row with `part`."""
        while part not in self.until(self.marked, "no marker"):
            was = self.marked()
            self.keys("<Down>")
            self.until(lambda: self.marked() not in (None, was), "no Down")
        return self

    def answered(self):
        """Until every key sent was taken and painted: ^L is the same on all
        screens, and clears."""
        at = len(self.raw)
        self.keys("<C-l>")
        self.until(lambda: re.search(rb"\x1b\[H\x1b\[2?J", self.raw[at:]),
                   "no repaint")
        return self

    def settle(self):
        """The same, and that paint is here."""
        self.answered()
        while self.pump(0.1):
            pass
        return self

    def keys(self, text):
        """Types; <Name> is a key of KEYS, <C-x> a control letter."""
        out = ""
        while text:
            if text[0] == "<" and ">" in text:
                name, text = text[1:].split(">", 1)
                out += (chr(ord(name[2].upper()) & 31)
                        if name.startswith("C-") else KEYS[name])
            else:
                out, text = out + text[0], text[1:]
        if LAG:
            self.late.append((time.monotonic() + LAG, out.encode()))
        else:
            os.write(self.fd, out.encode())
        return self

    def arrive(self):
        """Hands over the keys whose time has come; seconds to the next."""
        now = time.monotonic()
        while self.late and self.late[0][0] <= now:
            os.write(self.fd, self.late.pop(0)[1])
        return self.late[0][0] - now if self.late else 0.3

    def size(self, rows, cols):
        self.screen.resize(rows, cols)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, cols, 0, 0))

    def ended(self):
        """Waits for the end: exit status, or minus the signal."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.pump(0.01)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self.pump(0):
                    pass
                self.alive = False
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("does not end")

    def kill(self, sig=signal.SIGKILL):
        os.kill(self.pid, sig)
        return self.ended()

    def hang_up(self):
        """The line drops: the master side is closed."""
        gone = os.pidfd_open(self.pid)
        os.close(self.fd)
        self.alive = False
        ended = select.select([gone], [], [], PATIENCE)[0]
        os.close(gone)
        if not ended:
            os.kill(self.pid, signal.SIGKILL)
        status = os.waitpid(self.pid, 0)[1]
        assert ended, "lives on without a terminal"
        return os.waitstatus_to_exitcode(status)

    def close(self):
        if self.alive:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            except (OSError, ChildProcessError):
                pass
            os.close(self.fd)
            self.alive = False
