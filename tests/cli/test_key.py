#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The ways into a store: passphrases, the code on paper, the office."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("key")
WORK, STORE = pilar.work, pilar.store
OFFICE = WORK + "/kecamatan"
DEWI, BUDI = "kata sandi dewi", "kata sandi budi"
CODE = re.compile(r"^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$")
codes = []


def call(lines, *words, store=STORE):
    """With these lines on the descriptor of the passphrase. A wrong one is
    forgotten: the next would wait."""
    out, into = os.pipe()
    os.write(into, "".join(x + "\n" for x in lines).encode())
    os.close(into)
    try:
        return pilar("-q", "--pass-fd", str(out), *words, store=store,
                     fds=(out,))
    finally:
        os.close(out)
        if os.path.exists(store + "/tries"):
            os.unlink(store + "/tries")


def opens(secret, *options, store=STORE):
    result = call([secret], *options, "key", "slots", store=store)
    if result.returncode:
        assert "kata sandi" in result.stderr, result.stderr
    return result.returncode == 0


def good(lines, *words, store=STORE):
    result = call(lines, *words, store=store)
    assert result.returncode == 0, (words, result.stderr)
    return result.stdout.strip()


def a_first_passphrase_comes_with_a_code():
    for store in (STORE, OFFICE):
        pilar.done("-q", "init", "--code", "dewi", "--name", "Dewi", "--yes",
                   "--no-pass", store=store)
    pilar.refused(["key", "paper"], "key pass")
    codes.append(good(["", DEWI], "key", "pass"))
    assert CODE.match(codes[0]), codes
    assert opens(DEWI) and opens(codes[0]) and not opens("salah sama sekali")
    assert call([""], "key", "list").returncode == 1
    short = call([DEWI, "pendek"], "key", "pass")
    assert short.returncode == 1 and "8 huruf" in short.stderr, short


def a_new_code_ends_the_old_one():
    codes.append(good([DEWI], "key", "paper"))
    assert CODE.match(codes[1]) and codes[0] != codes[1]
    assert not opens(codes[0]) and opens(codes[1].lower().replace("-", " "))


def each_worker_has_a_passphrase_of_their_own():
    good([DEWI], "worker", "add", "budi", "--name", "Budi")
    name = ["--worker", "dewi", "key", "pass", "--name"]
    assert call([DEWI, BUDI], *name, "x").returncode == 1
    assert good([DEWI, BUDI], *name, "budi") == ""
    assert opens(BUDI, "--worker", "budi")
    assert not opens(DEWI, "--worker", "budi")
    slots = good([BUDI], "--json", "--worker", "budi", "key",
                 "slots")
    assert slots.count("passphrase") == 2 and "paper" in slots, slots
    good([DEWI], "--worker", "dewi", "key", "forget", "budi")
    assert not opens(BUDI, "--worker", "budi")
    last = call([DEWI], "--worker", "dewi", "key", "forget", "--paper")
    assert last.returncode == 1 and "dua" in last.stderr, last
    assert opens(codes[1], "--worker", "dewi")


def the_office_helps_who_forgot_everything():
    key = pilar.asked("key", "list", store=OFFICE)["recipient"]
    one = ["--worker", "dewi"]
    good([DEWI], *one, "key", "add", "kecamatan", key)
    good([DEWI], *one, "key", "office", "kecamatan")
    result = call(["yang baru", "dari kantor"], *one, "key", "reset",
                  "--office", OFFICE)
    assert result.returncode == 0, result.stderr
    codes.append(result.stdout.strip())
    assert opens("dari kantor", *one) and opens(codes[2], *one)
    assert not opens(DEWI, *one) and not opens(codes[1], *one)


def a_new_data_key_seals_everything_anew():
    dump = ["--worker", "dewi", "store", "dump", "--canonical"]
    secret, one = "dari kantor", ["--worker", "dewi"]
    good([secret, BUDI], *one, "key", "pass", "--name", "budi")
    os.makedirs(STORE + "/quarantine", exist_ok=True)
    before = good([secret], *dump)
    wrong = call([secret, "salah"], *one, "key", "rotate")
    assert wrong.returncode == 1, wrong
    result = call([secret, secret], *one, "key", "rotate")
    assert result.returncode == 0 and "budi" in result.stderr, result
    assert good([secret], *dump) == before
    assert os.path.isdir(STORE + "/quarantine")
    assert opens(result.stdout.strip(), *one) and opens(secret, *one)
    assert not opens(codes[2], *one) and not opens(BUDI, "--worker", "budi")
    slots = good([secret], *one, "--json", "key", "slots")
    assert "office" in slots, slots
    assert [x for x in os.listdir(WORK) if ".tmp-" in x] == []


def open_again_is_said_with_so_many_words():
    good(["dari kantor"], "--worker", "dewi", "key", "pass", "--none")
    assert pilar.asked("--worker", "dewi", "key", "slots") == [
        {"kind": "open", "name": ""}]


sys.exit(pilar.test([a_first_passphrase_comes_with_a_code,
                     a_new_code_ends_the_old_one,
                     each_worker_has_a_passphrase_of_their_own,
                     the_office_helps_who_forgot_everything,
                     a_new_data_key_seals_everything_anew,
                     open_again_is_said_with_so_many_words]))
