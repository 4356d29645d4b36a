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

KEYS = {
    "Enter": "\r", "Esc": "\x1b", "Tab": "\t", "BS": "\x7f", "Space": " ",
    "Up": "\x1bOA", "Down": "\x1bOB", "Right": "\x1bOC", "Left": "\x1bOD",
    "PgUp": "\x1b[5~", "PgDn": "\x1b[6~", "F1": "\x1bOP",
}
# How long a program may take to answer a key; it never waits this long.
PATIENCE = 20


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
        if not self.alive or not select.select([self.fd], [], [], wait)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
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

    def wait(self, part):
        """Until the screen shows `part`; fails when it never does."""
        end = time.monotonic() + PATIENCE
        while part not in self.text():
            if time.monotonic() > end or not self.alive:
                raise AssertionError("never shown: %r\n%s"
                                     % (part, self.text()))
            self.pump(0.05)
        return self

    def wait_any(self, *parts):
        """The first of the parts that the screen shows."""
        end = time.monotonic() + PATIENCE
        while True:
            for part in parts:
                if part in self.text():
                    return part
            if time.monotonic() > end or not self.alive:
                raise AssertionError("never shown: %r\n%s"
                                     % (parts, self.text()))
            self.pump(0.05)

    def gone(self, part):
        end = time.monotonic() + PATIENCE
        while part in self.text():
            if time.monotonic() > end or not self.alive:
                raise AssertionError("still shown: %r" % part)
            self.pump(0.05)
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
        os.write(self.fd, out.encode())
        return self

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
        os.close(self.fd)
        self.alive = False
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.005)
        raise AssertionError("lives on without a terminal")

    def close(self):
        if self.alive:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            except (OSError, ChildProcessError):
                pass
            os.close(self.fd)
            self.alive = False
