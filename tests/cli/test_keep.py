#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Backup, restore, salvage and log of a store with records in it."""
import json
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

ROOT, PILAR = tap.ROOT, tap.PILAR
pilar = tap.Program("keep")
done, asked, refused = pilar.done, pilar.asked, pilar.refused
WORK, STORE = pilar.work, pilar.store
PAGE = 4096


def setup():
    done("init", "--code", "dewi", "--name", "Dewi", "--yes")
    path = pilar.write("answers.jsonl",
                       tap.acts(ROOT + "/tests/forms/daftar.jsonl"))
    for _ in range(12):
        done("fill", "pendaftaran_keluarga", "--answers", path)
    done("fill", "pendaftaran_keluarga", "--draft", "--answers", path)


def dump(store=STORE):
    return done("store", "dump", "--canonical", store=store)


def a_backup_is_one_private_file_that_reads_back():
    out = asked("store", "backup", WORK + "/b1")
    assert out["bytes"] == os.path.getsize(WORK + "/b1") > 100000, out
    assert os.stat(WORK + "/b1").st_mode & 0o777 == 0o600
    assert out["values"] > 100, out
    assert os.listdir(WORK).count("b1.drafts") == 0
    before = open(WORK + "/b1", "rb").read()
    refused(("store", "backup", WORK + "/b1"), WORK + "/b1", "sudah ada")
    assert open(WORK + "/b1", "rb").read() == before
    refused(("store", "backup", WORK + "/tidak/ada"), WORK + "/tidak/ada")


def a_restored_store_is_the_one_that_was_copied():
    done("store", "restore", WORK + "/b1", store=WORK + "/again")
    assert dump(WORK + "/again") == dump()
    assert len(asked("draft", "list", store=WORK + "/again")) == 1
    for folder, _, names in os.walk(WORK + "/again"):
        for name in names:
            mode = os.stat(os.path.join(folder, name)).st_mode
            assert mode & 0o77 == 0, name
    refused(("store", "restore", WORK + "/b1"), STORE)
    refused(("store", "restore", WORK + "/none"), WORK + "/none",
            store=WORK + "/x")


def a_damaged_or_short_backup_leaves_no_store():
    body = open(WORK + "/b1", "rb").read()
    for bad in (body[:5000], body[:len(body) // 2], body[:-PAGE],
                body[:PAGE * 3] + b"\xff" * 8 + body[PAGE * 3 + 8:],
                b"", b"nonsense" * 4000):
        with open(WORK + "/bad", "wb") as f:
            f.write(bad)
        result = pilar("store", "restore", WORK + "/bad", store=WORK + "/y")
        assert result.returncode == 1 and "/bad" in result.stderr, result
        assert not os.path.exists(WORK + "/y"), len(bad)


def broken(name, change, file="/data.mdb"):
    """A copy of the store with one of its files changed."""
    copy = WORK + "/" + name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(STORE, copy)
    body = bytearray(open(copy + file, "rb").read())
    with open(copy + file, "wb") as f:
        f.write(change(body))
    return copy


def salvaged(copy):
    to = WORK + "/saved"
    shutil.rmtree(to, ignore_errors=True)
    before = open(copy + "/data.mdb", "rb").read()
    out = asked("store", "salvage", to, store=copy)
    assert open(copy + "/data.mdb", "rb").read() == before
    assert "0 rusak" in done("store", "check", store=to)
    return out, to


def salvage_of_a_whole_store_changes_nothing():
    out, to = salvaged(broken("whole", lambda b: b))
    assert out["lost"] == 0 and out["rebuilt"] == 1, out
    assert dump(to) == dump()
    assert len(asked("draft", "list", store=to)) == 1
    refused(("store", "salvage", to), to)


def one_lost_page_costs_what_stood_on_it_and_no_more():
    """Any page but those the tables are found by."""
    whole = asked("store", "backup", WORK + "/b2")["values"]
    size = os.path.getsize(STORE + "/data.mdb") // PAGE
    rng = random.Random(1)
    saved = []
    for page in rng.sample(range(2, size), 25):
        def wipe(b):
            b[page * PAGE:(page + 1) * PAGE] = bytes(PAGE)
            return b
        copy = broken("hole", wipe)
        if pilar("store", "check", store=copy).returncode == 0:
            continue  # a free page
        to = WORK + "/saved"
        shutil.rmtree(to, ignore_errors=True)
        result = pilar("--json", "store", "salvage", to, store=copy)
        if result.returncode:  # the list of tables or the key stood there
            assert result.returncode == 1, (page, result)
            assert copy in result.stderr, result.stderr
            continue
        out = json.loads(result.stdout)
        # what follows from events is not kept where it is made anew
        assert out["rebuilt"] or out["kept"] > whole - 60, (page, out, whole)
        # a page of the list of free pages holds no record
        assert out["lost"] == 0 or "hilang: tabel" in result.stderr, out
        assert "0 rusak" in done("store", "check", store=to)
        saved.append(out["kept"])
    assert len(saved) >= 5, saved


def a_file_cut_short_gives_what_is_left_of_it():
    copy = broken("cut", lambda b: b[:len(b) - 40 * PAGE])
    refused(("store", "rebuild"), copy, store=copy)
    result = pilar("store", "salvage", WORK + "/cutsaved", store=copy)
    assert result.returncode in (0, 1) and result.stderr, result
    if result.returncode == 0:
        assert "0 rusak" in done("store", "check", store=WORK + "/cutsaved")


def a_store_without_drafts_keeps_its_records():
    copy = broken("nodrafts", lambda b: b[:100], "/drafts/data.mdb")
    to = WORK + "/saved"
    shutil.rmtree(to, ignore_errors=True)
    done("store", "salvage", to, store=copy)
    assert dump(to) == dump()


def salvage_asks_for_the_passphrase():
    def with_pass(text, *words):
        r, w = os.pipe()
        os.write(w, text.encode() + b"\n")
        os.close(w)
        result = pilar("--pass-fd", str(r), *words, store=WORK + "/secret",
                       fds=(r,))
        os.close(r)
        return result

    good = "empat kata yang panjang"
    assert with_pass(good, "init", "--code", "d", "--yes").returncode == 0
    bad = with_pass("salah", "store", "salvage", WORK + "/open")
    assert bad.returncode == 1 and "kata sandi" in bad.stderr
    assert not os.path.exists(WORK + "/open")
    saved = with_pass(good, "store", "salvage", WORK + "/open")
    assert saved.returncode == 0, saved.stderr


def the_log_says_who_did_what_and_names_nobody():
    house = asked("find", "siti amin", "--dataset", "keluarga")[0]["id"]
    done("case", "show", house)
    done("sync", "export", "-o", WORK)
    rows = asked("store", "log")
    acts = [r["act"] for r in rows]
    assert acts.count("submit") == 12 and "open" in acts, acts
    assert acts[-1] == "export" and rows[-1]["object"].startswith("pilar-")
    assert [r["object"] for r in rows if r["act"] == "open"][-1] == house
    assert all(r["worker"] == "dewi" and not r["gap"] for r in rows)
    assert [r["at"] for r in rows] == sorted(r["at"] for r in rows)
    assert "backup" in acts
    text = done("store", "log")
    assert "membuka kasus" in text and "Siti" not in text


def usage_is_status_2():
    for words in (("store", "backup"), ("store", "restore", "a", "b"),
                  ("store", "salvage"), ("store", "log", "x")):
        assert pilar(*words).returncode == 2, words


TESTS = [a_backup_is_one_private_file_that_reads_back,
         a_restored_store_is_the_one_that_was_copied,
         a_damaged_or_short_backup_leaves_no_store,
         salvage_of_a_whole_store_changes_nothing,
         one_lost_page_costs_what_stood_on_it_and_no_more,
         a_file_cut_short_gives_what_is_left_of_it,
         a_store_without_drafts_keeps_its_records,
         salvage_asks_for_the_passphrase,
         the_log_says_who_did_what_and_names_nobody,
         usage_is_status_2]

setup()
sys.exit(pilar.test(TESTS))
