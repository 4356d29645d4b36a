#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Sync files over a real sshd on this machine, whose key may do one thing:
pilar as a forced command. Skipped where there is none."""
import base64
import glob
import json
import os
import pwd
import re
import select
import shutil
import socket
import subprocess
import sys
import threading
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("ssh")
WORK = pilar.work
FORM = tap.ROOT + "/tests/forms/daftar.jsonl"
SSHD = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
SSH = shutil.which("ssh")
ME = pwd.getpwuid(os.getuid()).pw_name


class Link:
    """A port that passes bytes on to sshd, at most `limit` of them upwards."""
    def __init__(self, port):
        self.port, self.limit = port, None
        self.server = socket.create_server(("127.0.0.1", 0))
        self.here = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.server.accept()
            there = socket.create_connection(("127.0.0.1", self.port))
            pair = (client, there)
            for one, other, limit in ((client, there, self.limit),
                                      (there, client, None)):
                threading.Thread(target=self.pump, daemon=True,
                                 args=(one, other, limit, pair)).start()

    @staticmethod
    def pump(one, other, limit, pair):
        try:
            while True:
                data = one.recv(4096)
                if not data or (limit is not None and limit < len(data)):
                    break
                limit = limit and limit - len(data)
                other.sendall(data)
        except OSError:
            pass
        for s in pair:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def start():
    """The sshd and the link to it; or why not."""
    if not SSHD or not SSH or not shutil.which("ssh-keygen"):
        return "no sshd here"
    for name in ("host", "id"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                        f"{WORK}/{name}"], check=True)
    with open(WORK + "/id.pub") as f:
        key = f.read()
    # Where somebody waits for the end of it, it is told.
    forced = pilar.write("bin/forced", f"""#!/bin/sh
{tap.PILAR} --store {WORK}/kantor
status=$?
[ ! -p {WORK}/ended ] || echo >{WORK}/ended
exit $status
""")
    os.chmod(forced, 0o755)
    pilar.write("keys", f'restrict,command="{forced}" {key}')
    port = free_port()
    pilar.write("sshd.conf", f"""Port {port}
ListenAddress 127.0.0.1
HostKey {WORK}/host
AuthorizedKeysFile {WORK}/keys
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
""")
    if os.getuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    # In the foreground: it ends with the test.
    daemon = subprocess.Popen([SSHD, "-D", "-f", WORK + "/sshd.conf",
                               "-E", WORK + "/sshd.log"])
    link = Link(port)
    wrapper = pilar.write("bin/ssh", f"""#!/bin/sh
exec {SSH} -F none -i {WORK}/id -o IdentitiesOnly=yes -o BatchMode=yes \\
 -o UserKnownHostsFile={WORK}/known -o StrictHostKeyChecking=accept-new "$@"
""")
    os.chmod(wrapper, 0o755)
    pilar.env["PATH"] = WORK + "/bin:" + os.environ["PATH"]
    for _ in range(100):
        answer = ssh("sync", "nothing")
        if "hanya boleh" in answer.stderr or daemon.poll() is not None:
            break
        if "refused" not in answer.stderr:
            break
    if "hanya boleh" in answer.stderr:
        return daemon, link
    daemon.kill()
    return "this sshd lets nobody in: " + answer.stderr.strip()[:80]


def ssh(*words, **how):
    return subprocess.run(
        [WORK + "/bin/ssh", "-T", "-p", str(PORT()), ME + "@127.0.0.1",
         *words], capture_output=True, text=True, timeout=tap.PATIENCE,
        env=pilar.env, **how)


def PORT():
    with open(WORK + "/sshd.conf") as f:
        return int(f.readline().split()[1])


def good(store, *words):
    return pilar.done("-q", *words, store=f"{WORK}/{store}")


def data(store, *words):
    return json.loads(good(store, "--json", *words))


def visit(store):
    good(store, "fill", "pendaftaran_keluarga", "--answers",
         pilar.write("acts.jsonl", tap.acts(FORM)))


def send(store, port):
    return pilar("-q", "--json", "sync", "send",
                 f"ssh://{ME}@127.0.0.1:{port}", store=f"{WORK}/{store}")


def setup():
    for store in ("kantor", "dewi"):
        good(store, "init", "--code", store, "--name", store, "--yes",
             "--no-pass")
    good("dewi", "key", "add", "kantor", data("kantor", "key", "list")["key"])


def the_key_may_do_one_thing():
    for words in (("ls",), ("sync", "status"), ("sync", "import", "-", "-o",
                                                "/tmp"),
                  ("sync", "import", "-;", "ls")):
        answer = ssh(*words, stdin=subprocess.DEVNULL)
        assert answer.returncode == 1 and not answer.stdout, answer
        assert "hanya boleh" in answer.stderr, answer


def the_office_accepts_a_device_once():
    visit("dewi")
    r = send("dewi", PORT())
    spoken = data("dewi", "key", "list")["fingerprint"]
    assert r.returncode == 1 and "belum mengenal" in r.stderr, r
    assert spoken in r.stderr, r
    waiting = glob.glob(f"{WORK}/kantor-ekspor/*-baru.tar.zst.age")
    assert len(waiting) == 1, waiting
    got = data("kantor", "sync", "import", "--accept", "--as", "Dewi",
               waiting[0])
    assert got["fingerprint"] == spoken and got["new"] == 1, got
    r = send("dewi", PORT())
    assert r.returncode == 0, r.stderr
    sent = json.loads(r.stdout)
    assert sent["files"] == 1 and sent["received"] == 1, sent


def many_visits(count):
    """Submissions with remarks that no zstd makes small."""
    xml = WORK + "/one.xml"
    good("dewi", "fill", "pendaftaran_keluarga", "--answers",
         pilar.write("acts.jsonl", tap.acts(FORM)), "-o", xml)
    with open(xml) as f:
        text = f.read()
    for i in range(count):
        one, n = re.subn("<catatan ?/>", "<catatan>" + base64.b64encode(
            os.urandom(3000)).decode() + "</catatan>", text)
        assert n == 1, n
        one = re.sub("uuid:[0-9a-f-]{36}", f"uuid:{uuid.uuid4()}", one)
        pilar.write(f"load/{i}/submission.xml", one)
    good("dewi", "sync", "load", WORK + "/load")


class End:
    """Waits until what ran at the office has ended."""
    def __enter__(self):
        os.mkfifo(WORK + "/ended")
        self.fd = os.open(WORK + "/ended", os.O_RDWR)
        return self

    def wait(self):
        assert select.select([self.fd], [], [], tap.PATIENCE)[0]

    def __exit__(self, *_):
        os.close(self.fd)
        os.unlink(WORK + "/ended")


def a_line_that_is_cut_is_gone_on_with():
    """What went over the line before it broke does not go again."""
    many_visits(40)
    made = data("dewi", "sync", "export", "-o", f"{WORK}/dewi-ekspor")
    size = made["bytes"]
    assert size > 80000, size
    LINK.limit = size // 2
    with End() as end:
        r = send("dewi", LINK.here)
        assert r.returncode == 1 and "kirim lagi" in r.stderr, r
        end.wait()
    halves = glob.glob(f"{WORK}/kantor/incoming/*")
    assert len(halves) == 1 and os.path.getsize(halves[0]), halves
    assert data("dewi", "sync", "status")["unacknowledged"] == 2
    LINK.limit = None
    r = send("dewi", LINK.here)
    assert r.returncode == 0, r.stderr
    assert 0 < json.loads(r.stdout)["bytes"] < size, (r, size)
    status = data("dewi", "sync", "status")
    assert status["files_received"] == status["files"] == 2, status
    assert data("kantor", "sync", "status")["taken_in"] == made["events"] + 1
    assert os.listdir(f"{WORK}/kantor/incoming") == []


def an_office_that_cannot_be_reached_is_named():
    visit("dewi")
    r = send("dewi", free_port())
    assert r.returncode == 1 and "tidak tersambung" in r.stderr, r
    assert data("dewi", "sync", "status")["waiting"] == 0
    r = send("dewi", PORT())
    assert r.returncode == 0 and json.loads(r.stdout)["received"] == 1, r


TESTS = [the_key_may_do_one_thing, the_office_accepts_a_device_once,
         a_line_that_is_cut_is_gone_on_with,
         an_office_that_cannot_be_reached_is_named]
started = start()
if isinstance(started, str):
    def skipped():
        return started
    skipped.__name__ = "over_a_real_sshd"
    TESTS = [skipped]
else:
    DAEMON, LINK = started
    setup()
status = pilar.test(TESTS)
if not isinstance(started, str):
    DAEMON.kill()
sys.exit(status)
