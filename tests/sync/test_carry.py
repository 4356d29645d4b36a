#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a hub took in travels on: to the next office, and back to the
volunteers, as those who made it signed it."""
import glob
import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("carry")
WORK = pilar.work
FORM = tap.ROOT + "/tests/forms/daftar.jsonl"
WORKERS = ("dewi", "budi", "kecamatan", "kabupaten")


def good(store, *words):
    return pilar.done("-q", "--worker", store, *words, store=f"{WORK}/{store}")


def data(store, *words):
    return pilar.asked("-q", "--worker", store, *words,
                       store=f"{WORK}/{store}")


def refused(store, words, text):
    pilar.refused(["-q", "--worker", store, *words], text,
                  store=f"{WORK}/{store}")


def visit(store):
    good(store, "fill", "pendaftaran_keluarga", "--answers",
         pilar.write("acts.jsonl", tap.acts(FORM)))


def folder(name):
    path = f"{WORK}/{name}"
    os.makedirs(path, exist_ok=True)
    return path


def events(store):
    """The entities of a store, as the canonical dump has them."""
    dump = good(store, "store", "dump", "--canonical")
    rows = [r for r in dump.splitlines() if r.startswith("entity\t")]
    assert rows
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def key_of(store):
    return data(store, "key", "list")["key"]


def take(store, path, *words):
    return data(store, "sync", "import", *words, path)


def setup():
    kit = WORK + "/pilar-kec.kit"
    for office in ("kecamatan", "kabupaten"):
        good(office, "init", "--code", office, "--name", office, "--yes",
             "--no-pass")
    pre = pilar.write("pre.csv", "no_kk,nama_kk,desa_nama\n"
                      "1871010101010009,Rahmat Hidayat,Kaliawi\n")
    good("kecamatan", "import", "keluarga", pre)
    good("kecamatan", "kit", "make", "-o", kit, "--name", "kecamatan")
    for who in ("dewi", "budi"):
        pilar.done("-q", "init", "--kit", kit, "--code", who, "--yes",
                   "--no-pass", store=f"{WORK}/{who}")
    good("kecamatan", "key", "add", "kabupaten", key_of("kabupaten"))
    for who in ("dewi", "budi"):
        visit(who)
        made = data(who, "sync", "export", "-o", folder("up"))
        assert made["forwarded"]["file"] is None, made
        take("kecamatan", made["file"], "--accept", "--as", who)


def what_a_hub_took_in_goes_on_to_the_next_office():
    up = folder("up")
    dry = data("kecamatan", "sync", "export", "--dry-run", "-o", up)
    assert dry["forwarded"]["files"] == 2, dry
    assert not glob.glob(up + "/*titipan*")
    made = data("kecamatan", "sync", "export", "-o", up)
    assert made["file"] is None, made
    others = made["forwarded"]
    assert others["files"] == 2 and others["lists"] == 1, others
    refused("dewi", ["sync", "import", others["file"]], "kantor lain")
    refused("kabupaten", ["sync", "import", others["file"]], "--accept")
    seen = take("kabupaten", others["file"], "--accept", "--dry-run")
    assert seen["kind"] == "parcel" and seen["new"] == 2, seen
    assert data("kabupaten", "sync", "status")["devices"] == []
    got = take("kabupaten", others["file"], "--accept", "--as", "Kec")
    assert got["new"] == 3 and got["files"] == 2, got  # one of the list
    names = {d["name"] for d in data("kabupaten", "sync", "status")["devices"]}
    assert names == {"dewi", "budi"}, names
    assert events("kabupaten") == events("kecamatan")
    again = take("kabupaten", others["file"])
    assert again["new"] == 0 and again["again"] == 3, again


def only_its_acknowledgement_ends_the_forwarding():
    up = folder("up")
    again = data("kecamatan", "sync", "export", "-o", up)["forwarded"]
    assert again["files"] == 2, again
    assert data("kecamatan", "sync", "status")["to_forward"] == 2
    ack = glob.glob(up + "/*-000000.ack.age")[0]
    took = take("kecamatan", ack)
    assert took["files"] == 2, took
    none = data("kecamatan", "sync", "export", "-o", up)["forwarded"]
    assert none["file"] is None and none["files"] == 0, none
    assert data("kecamatan", "sync", "status")["to_forward"] == 0
    visit("dewi")
    take("kecamatan", data("dewi", "sync", "export", "-o", up)["file"])
    one = data("kecamatan", "sync", "export", "-o", up)["forwarded"]
    assert one["files"] == 1 and one["lists"] == 0, one
    assert take("kabupaten", one["file"])["new"] == 1
    assert events("kabupaten") == events("kecamatan")


def it_comes_back_to_the_volunteers():
    down = folder("down")
    visit("kecamatan")
    made = data("kecamatan", "sync", "export", "--to", "dewi", "-o", down)
    others = made["forwarded"]
    assert made["to"] == ["dewi"] and others["files"] == 2, made
    got = take("dewi", others["file"])
    assert got["known"] and got["new"] == 2 and got["files"] == 2, got
    assert events("dewi") == events("kecamatan")
    # Its own file for the office above is not forgotten.
    status = data("kecamatan", "sync", "status")
    assert status["waiting"] == 0 and status["unacknowledged"] == 1, status
    ack = glob.glob(down + "/*.ack.age")[0]
    took = take("kecamatan", ack)
    assert took["files"] == 2, took
    assert data("kecamatan", "sync", "status")["unacknowledged"] == 1
    none = data("kecamatan", "sync", "export", "--to", "dewi", "-o", down)
    assert none["forwarded"]["file"] is None, none
    # What came from the office is not carried back to it.
    own = data("dewi", "sync", "export", "-o", down)
    assert own["file"] is None and own["forwarded"]["file"] is None, own


def by_two_ways_it_is_there_once():
    """Budi gives his file to Dewi and to the office; Dewi carries it, too."""
    out = folder("two")
    visit("budi")
    good("budi", "key", "add", "teman", key_of("dewi"))
    made = data("budi", "sync", "export", "-o", out)["file"]
    good("budi", "key", "remove", "teman")
    assert take("kecamatan", made)["new"] == 1
    assert take("dewi", made, "--accept", "--as", "budi")["new"] == 1
    carried = data("dewi", "sync", "export", "-o", out)["forwarded"]
    assert carried["files"] == 1, carried
    got = take("kecamatan", carried["file"])
    assert got["new"] == 0 and got["again"] == 1, got


def who_is_known_cannot_make_up_others():
    """Dewi brings a file of Siti, of whom the office never heard."""
    out = folder("stranger")
    pilar.done("-q", "init", "--kit", WORK + "/pilar-kec.kit", "--code",
               "siti", "--yes", "--no-pass", store=f"{WORK}/siti")
    visit("siti")
    good("siti", "key", "add", "teman", key_of("dewi"))
    made = data("siti", "sync", "export", "-o", out)["file"]
    assert take("dewi", made, "--accept", "--as", "siti")["new"] == 1
    carried = data("dewi", "sync", "export", "-o", out)["forwarded"]["file"]
    before = events("kecamatan")
    refused("kecamatan", ["sync", "import", carried], "--accept")
    refused("kecamatan", ["sync", "import", "--dry-run", carried], "--accept")
    assert events("kecamatan") == before
    assert take("kecamatan", carried, "--accept")["new"] == 1


def files_of_a_revoked_device_stay_out_of_what_is_taken():
    out = folder("revoked")
    visit("dewi")
    made = data("dewi", "sync", "export", "-o", out)["file"]
    take("kecamatan", made)
    others = data("kecamatan", "sync", "export", "-o", out)["forwarded"]
    assert others["files"] == 4, others
    before = events("kabupaten")
    good("kabupaten", "key", "revoke", "dewi")
    r = pilar("--worker", "kabupaten", "sync", "import", "--accept",
              "--dry-run", others["file"], store=f"{WORK}/kabupaten")
    # Two of the four are hers.
    assert r.returncode == 0 and r.stderr.count("dicabut") == 2, r
    assert "Titipan: 2 berkas" in r.stdout, r
    got = take("kabupaten", others["file"], "--accept")
    assert got["files"] == got["revoked"] == 2, got
    after = events("kabupaten")
    assert after != before
    # Not acknowledged: when she is trusted again they come.
    take("kecamatan", got["ack"])
    left = data("kecamatan", "sync", "export", "-o", out)["forwarded"]
    assert left["files"] == 2, left
    good("kabupaten", "key", "revoke", "Kec")
    refused("kabupaten", ["sync", "import", "--accept", others["file"]],
            "dicabut")
    assert events("kabupaten") == after


setup()
sys.exit(pilar.test([what_a_hub_took_in_goes_on_to_the_next_office,
                     only_its_acknowledgement_ends_the_forwarding,
                     it_comes_back_to_the_volunteers,
                     by_two_ways_it_is_there_once,
    who_is_known_cannot_make_up_others,
                     files_of_a_revoked_device_stay_out_of_what_is_taken]))
