#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What filling forms cost, as the command tells it."""
import csv
import io
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("stats", kit=tap.ROOT + "/tests/pty/kit")


def nothing_was_filled_in_yet():
    pilar.done("init", "--code", "dewi", "--name", "Dewi", "--role", "PSM",
               "--village", "Kaliawi", "--yes")
    assert pilar.asked("stats") == []
    assert pilar.done("stats").strip() == ""


def what_is_keyed_in_lines_is_counted_for_its_worker_and_form():
    form = pilar.asked("form", "list")[0]["id"]
    r = pilar("fill", form, "--line", stdin=answers("Maju Jaya\n"))
    assert r.returncode == 0, r.stderr
    row, = pilar.asked("stats")
    assert row["worker"] == "dewi" and row["form"] == form, row
    assert row["strokes"] >= len("Maju Jaya\n") and row["answers"] == 1, row
    assert row["forms"] == 0 and len(row["day"]) == 10
    table = csv.DictReader(io.StringIO(pilar.done("stats", "--csv")))
    line, = list(table)
    assert line["strokes"] == str(row["strokes"])
    assert pilar.asked("stats", "--to", "2000-01-01") == []
    total, = pilar.asked("stats", "--by", "all")
    assert total["strokes"] == row["strokes"] and total["day"] == ""
    assert "ketikan/jam" in pilar.done("stats")


def answers(text):
    path = pilar.work + "/answers"
    with open(path, "w") as f:
        f.write(text)
    return open(path)


def records_to_key_again_are_listed_one_in_so_many():
    assert pilar.asked("verify") == []
    assert pilar.asked("verify", "--sample", "10") == []
    pilar.refused(("verify", "--sample", "0"), "0", "1000")
    pilar.refused(("verify", "--sample", "1001"), "1001", "1000")


def what_is_asked_wrongly_is_said():
    pilar.refused(("stats", "--by", "bulan"), "bulan", "worker")
    pilar.refused(("stats", "--from", "kemarin"), "kemarin", "2026-11-21")


sys.exit(pilar.test([
    nothing_was_filled_in_yet,
    what_is_keyed_in_lines_is_counted_for_its_worker_and_form,
    records_to_key_again_are_listed_one_in_so_many,
    what_is_asked_wrongly_is_said,
]))
