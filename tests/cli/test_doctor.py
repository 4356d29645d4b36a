#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""doctor, draft resume and passphrases."""
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

PILAR = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
WORK = tempfile.mkdtemp(prefix="pilar-doctor-")
STORE = WORK + "/store"
KIT = WORK + "/kit"
SECRET = "empat kata yang panjang"
ENV = dict(os.environ, LC_ALL="C.UTF-8")


class Terminal:
    """The bytes of a program on a terminal, in order."""
    def __init__(self, command):
        self.raw, self.at = b"", 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ,
                        struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(command[0], command, dict(ENV, TERM="xterm-256color"))

    def wait(self, part):
        """Until `part` comes, after what was waited for before."""
        while self.raw.find(part.encode(), self.at) < 0:
            ready = select.select([self.fd], [], [],
                                  tap.PATIENCE)[0]
            try:
                data = os.read(self.fd, 65536) if ready else b""
            except OSError:
                data = b""
            assert data, ("never shown: " + part, self.raw[-500:])
            self.raw += data
        self.at = self.raw.find(part.encode(), self.at) + len(part)

    def line(self, text):
        os.write(self.fd, text.encode() + b"\n")

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        self.ended()

    def ended(self):
        try:
            while os.read(self.fd, 65536):
                pass
        except OSError:
            pass  # the program has let go of the terminal
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def pilar(*words, store=STORE, secret=None):
    fds = ()
    if secret is not None:
        r, w = os.pipe()
        os.write(w, secret.encode() + b"\n")
        os.close(w)
        words, fds = ("--pass-fd", str(r)) + words, (r,)
    result = subprocess.run([PILAR, "--store", store, "--data", KIT, *words],
                            stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, timeout=tap.PATIENCE, pass_fds=fds, env=ENV)
    for fd in fds:
        os.close(fd)
    return result


def done(*words, **how):
    result = pilar(*words, **how)
    assert result.returncode == 0, (words, result.stderr)
    return result.stdout


def refused(words, *parts, **how):
    result = pilar(*words, **how)
    lines = result.stderr.strip().split("\n")
    assert result.returncode == 1, (words, result.returncode, lines)
    assert len(lines) == 1, lines
    for part in parts:
        assert part in lines[0], (part, lines)


def write(name, text):
    path = WORK + "/" + name
    with open(path, "w") as f:
        f.write(text)
    return path


def setup():
    os.makedirs(KIT)
    write("kit/datasets.csv", "dataset,kind,name,label::id,value\n"
          "kebun,menu,k,Kebun,\nkebun,title,nama,Kebun,nama\n")
    write("kit/daftar_kebun.csv", "survey,,,,\n,type,name,label,save_to\n"
          ",text,nama,Nama kebun,nama\n,text,luas,Luas tanah,luas\n"
          "entities,,,,\n,dataset,label,,\n,kebun,${nama},,\n")
    done("init", "--code", "dewi", "--name", "Dewi", "--yes")


def states(result):
    return {c["check"]: c["state"] for c in json.loads(result.stdout)}


def doctor_finds_a_sound_store_sound():
    result = pilar("--json", "doctor")
    assert result.returncode == 0, result
    found = states(result)
    assert found["store"] == found["forms"] == found["clock"] == "good"
    assert "Semua baik" in done("doctor") or found["disk"] != "good"


def doctor_names_what_is_wrong_and_goes_on():
    result = pilar("--json", "doctor", store=WORK + "/none")
    assert result.returncode == 1 and states(result)["store"] == "bad"
    assert states(result)["locale"] == "good"
    shutil.copytree(STORE, WORK + "/hurt")
    path = WORK + "/hurt/data.mdb"
    os.truncate(path, os.path.getsize(path) // 2)
    result = pilar("doctor", store=WORK + "/hurt")
    assert result.returncode == 1 and "RUSAK" in result.stdout, result


def a_draft_is_taken_up_on_the_screens():
    answers = write("a.jsonl", json.dumps(
        {"op": "set", "ref": "/data/nama", "value": "Mawar"}) + "\n")
    ident = done("fill", "daftar_kebun", "--draft", "--answers",
                 answers).strip()
    refused(("draft", "resume", ident))  # no terminal
    refused(("draft", "resume", "tidak-ada"), "tidak-ada")
    t = Terminal([PILAR, "--store", STORE, "--data", KIT, "draft", "resume",
                  ident])
    t.wait("Nama kebun")
    t.close()


def init_asks_twice_for_a_passphrase():
    store = WORK + "/asked"
    t = Terminal([PILAR, "--store", store, "--data", KIT, "init", "--code",
                  "dewi", "--name", "Dewi", "--role", "PSM", "--village", "K",
                  "--lang", "id"])
    for shown, typed in (("Kata sandi baru: ", "pendek"),
                         ("Kata sandi baru: ", SECRET),
                         ("Sekali lagi: ", SECRET)):
        t.wait(shown)
        t.line(typed)
    t.wait("Penyimpanan dibuat")
    assert t.ended() == 0 and SECRET.encode() not in t.raw
    done("store", "check", store=store, secret=SECRET)
    refused(("store", "check"), "kata sandi", store=store, secret="salah")


def a_wrong_passphrase_is_counted_beside_the_store():
    store = WORK + "/asked"
    count = open(store + "/tries").read().split()
    assert count[0] == "1", count
    with open(store + "/tries", "w") as f:
        f.write("1 9999999999999\n")  # however slow the machine: just now
    result = pilar("store", "check", store=store, secret="salah lagi")
    assert result.returncode == 1 and "tunggu 1 detik" in result.stderr
    assert open(store + "/tries").read().split()[0] == "2"
    assert os.stat(store + "/tries").st_mode & 0o777 == 0o600
    done("store", "check", store=store, secret=SECRET)
    assert not os.path.exists(store + "/tries")


TESTS = [doctor_finds_a_sound_store_sound,
         doctor_names_what_is_wrong_and_goes_on,
         a_draft_is_taken_up_on_the_screens,
         init_asks_twice_for_a_passphrase,
         a_wrong_passphrase_is_counted_beside_the_store]


def main():
    setup()
    try:
        return tap.run(TESTS)
    finally:
        shutil.rmtree(WORK)


if __name__ == "__main__":
    sys.exit(main())
