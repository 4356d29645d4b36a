#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""init and the store commands: what they make, what they refuse."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

PILAR = os.path.abspath(os.environ.get("PILAR", ".build/pilar"))
WORK = tempfile.mkdtemp(prefix="pilar-cli-")
STORE = WORK + "/store"


def pilar(*words, store=STORE, fds=(), stdin=subprocess.DEVNULL):
    return subprocess.run([PILAR, "--store", store, *words], stdin=stdin,
                          capture_output=True, text=True, timeout=tap.PATIENCE,
                          pass_fds=fds)


def done(result):
    assert result.returncode == 0, result.stderr
    return result.stdout


def refused(result, *parts):
    """Status 1 and one sentence that says all of it."""
    lines = result.stderr.strip().split("\n")
    assert result.returncode == 1, (result.returncode, lines)
    assert len(lines) == 1 and lines[0].startswith("pilar: "), lines
    for part in parts:
        assert part in lines[0], (part, lines)


def files(folder):
    return {os.path.join(d, f): open(os.path.join(d, f), "rb").read()
            for d, _, names in os.walk(folder) for f in names
            if not f.startswith("lock")}


def fresh():
    for name in os.listdir(WORK):
        shutil.rmtree(os.path.join(WORK, name))
    return STORE


def kit(**contents):
    folder = WORK + "/kit"
    os.makedirs(folder)
    for name, text in contents.items():
        with open(folder + "/" + name + ".csv", "w") as f:
            f.write(text)
    return folder


def init(*words):
    return pilar("init", "--code", "dewi", "--name", "Dewi", "--yes", *words)


def init_makes_a_store_of_the_owner_alone():
    fresh()
    done(init())
    for folder, folders, names in os.walk(STORE):
        assert os.stat(folder).st_mode & 0o77 == 0, folder
        for name in names:
            mode = os.stat(os.path.join(folder, name)).st_mode
            assert mode & 0o77 == 0, name
    assert "0 rusak" in done(pilar("store", "check"))


def init_warns_of_nothing_that_comes_with_a_later_form():
    fresh()
    result = init()
    assert result.returncode == 0 and "berkas" not in result.stderr, \
        result.stderr


def init_does_not_touch_a_store_that_is_there():
    fresh()
    done(init())
    before = files(STORE)
    refused(init(), STORE)
    assert files(STORE) == before


def init_without_a_terminal_asks_for_flags():
    fresh()
    refused(pilar("init"), "--code")
    assert os.listdir(WORK) == []


def init_refuses_what_cannot_be_a_worker():
    fresh()
    refused(pilar("init", "--code", "Dewi Sartika", "--yes"), "--code")
    refused(pilar("init", "--code", "", "--yes"), "--code")
    refused(pilar("init", "--code", "d" * 33, "--yes"), "--code")
    refused(init("--lang", "jv"), "--lang")
    refused(init("--village", "x" * 300), "--village")
    assert os.listdir(WORK) == []


def init_asks_on_a_terminal():
    fresh()
    import pty
    parent, child = pty.openpty()
    os.write(parent, b"sari\n\nTKSK\nKaliawi\nen\n")
    done(pilar("init", "--no-pass", stdin=child))
    os.close(parent)
    os.close(child)
    assert "0 rusak" in done(pilar("store", "check"))


def a_broken_form_leaves_no_half_store():
    fresh()
    data = kit(rusak="survey,,,\n,type,name,label\n,text,a,A\n,teks,b,B\n")
    refused(pilar("--data", data, "init", "--code", "dewi", "--yes"),
            "rusak.csv", "survey", "4")
    assert os.listdir(WORK) == ["kit"]
    refused(pilar("--data", WORK + "/none", "init", "--code", "d", "--yes"),
            WORK + "/none")
    assert os.listdir(WORK) == ["kit"]


def a_broken_datasets_file_is_named_with_its_row():
    fresh()
    data = kit(datasets="dataset,kind,name\nx,nonsense,y\n")
    refused(pilar("--data", data, "init", "--code", "dewi", "--yes"),
            "datasets.csv")
    assert os.listdir(WORK) == ["kit"]


def a_folder_with_something_else_is_left_alone():
    fresh()
    os.makedirs(STORE + "/photos")
    refused(init(), STORE)
    assert os.listdir(STORE) == ["photos"]
    refused(pilar("store", "check"), STORE, "pilar init")


def no_store_is_said_by_every_command():
    fresh()
    for words in (("check",), ("rebuild",), ("dump", "--canonical")):
        refused(pilar("store", *words), STORE, "pilar init")
    assert os.listdir(WORK) == []


def a_passphrase_is_needed_where_one_was_given():
    fresh()

    def with_pass(text, *words):
        r, w = os.pipe()
        os.write(w, text.encode() + b"\n")
        os.close(w)
        result = pilar("--pass-fd", str(r), *words, fds=(r,))
        os.close(r)
        return result

    done(with_pass("empat kata yang panjang", "init", "--code", "dewi",
                   "--yes"))
    refused(with_pass("salah", "store", "check"), "kata sandi")
    done(with_pass("empat kata yang panjang", "store", "check"))


def one_flipped_byte_is_named():
    fresh()
    done(init())
    path = STORE + "/data.mdb"
    body = bytearray(open(path, "rb").read())
    found = 0
    for at in range(40000, len(body), 23456):
        body[at] ^= 4
        open(path, "wb").write(body)
        result = pilar("store", "check")
        if result.returncode:
            found += 1
            assert result.returncode == 1 and path in result.stderr
        body[at] ^= 4
    open(path, "wb").write(body)
    assert found > 3, found
    done(pilar("store", "check"))


def a_file_cut_short_is_refused():
    fresh()
    done(init())
    path = STORE + "/data.mdb"
    body = open(path, "rb").read()
    for n in (0, 100, 4096, 8192, 20000, len(body) - 4096):
        open(path, "wb").write(body[:n])
        refused(pilar("store", "check"), path)
        refused(pilar("store", "rebuild"), path)
    open(path, "wb").write(body)
    done(pilar("store", "check"))


def usage_is_status_2():
    for words in (("store", "check", "x"), ("store", "dump"),
                  ("init", "--nonsense")):
        assert pilar(*words).returncode == 2, words


def main():
    tests = [
        init_makes_a_store_of_the_owner_alone,
        init_warns_of_nothing_that_comes_with_a_later_form,
    init_does_not_touch_a_store_that_is_there,
        init_without_a_terminal_asks_for_flags,
        init_refuses_what_cannot_be_a_worker,
        init_asks_on_a_terminal,
        a_broken_form_leaves_no_half_store,
        a_broken_datasets_file_is_named_with_its_row,
        a_folder_with_something_else_is_left_alone,
        no_store_is_said_by_every_command,
        a_passphrase_is_needed_where_one_was_given,
        one_flipped_byte_is_named,
        a_file_cut_short_is_refused,
        usage_is_status_2,
    ]
    try:
        return tap.run(tests)
    finally:
        shutil.rmtree(WORK)


if __name__ == "__main__":
    sys.exit(main())
