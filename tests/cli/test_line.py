#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A form filled in plain lines: `pilar fill FORM --line`."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

FORM = """| survey |
| | type | name | label | required | hint | constraint | relevant | appearance |
| | begin_group | a | A. Orang | | | | |
| | text | nama | Nama | yes | Seperti di KTP. | | |
| | integer | umur | Umur | | | . < 120 | |
| | date | lahir | Lahir | | | | |
| | select_one yt | kerja | Bekerja | | | | |
| | text | tempat | Tempat kerja | | | | ${kerja} = '1' | refused |
| | select_multiple warna | suka | Warna | | | | |
| | end_group | | | | | | |
| | begin_repeat | anak | B. Anak | | | | |
| | text | siapa | Nama anak | | | | |
| | end_repeat | | | | | | |
| | text | tutup | Kata penutup | | | | |
| choices |
| | list_name | name | label |
| | yt | 1 | Ya |
| | yt | 2 | Tidak |
| | warna | merah | Merah jambu muda |
| | warna | biru | Biru laut |
| | warna | hijau | Hijau daun |
| settings |
| | form_title | form_id | version |
| | Uji baris | uji | 1 |
"""
pilar = tap.Program("line")
env = {"HOME": "/nonexistent", "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def lines(text, words=("fill", "uji", "--line"), more=None):
    return subprocess.run(
        [tap.PILAR, "--store", pilar.store, *words], input=text.encode(),
        capture_output=True, env=dict(env, **(more or {})), timeout=tap.PATIENCE)


def out(text, **more):
    done = lines(text, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def drafts():
    return pilar.asked("draft", "list")


def a_form_is_filled_and_saved():
    said = out("Siti\n36\n12071985\n1\nPasar\n1 3\nAni\nt\nsudah\nf\n")
    for part in ("A. Orang\n1 Nama*: ", ": Bekerja (1 Ya, 2 Tidak)? ",
                 "? Tempat kerja: ", ": Warna? ", "Tambah? (y/t): ",
                 "0 harus diperbaiki", "Tersimpan\nuuid:"):
        assert part in said, (part, said)
    assert "\x1b" not in said and drafts() == []


def wrong_answers_are_said_and_the_same_again_goes_on():
    said = out("Siti\nenam\n200\n200\n31021985\n\n3\ntidak\n:s\n")
    assert "Umur: ! Isi dengan angka\n2 Umur: ! " in said, said
    assert "2 Umur [200]: Lahir: ! Tanggal" in said, said
    assert "! Tidak ada pilihan itu" in said, said
    assert "6 Warna? \nDraf tersimpan" in said, said


def a_date_in_words_is_not_guessed_at():
    said = out("Siti\n\n12 Juli 1985\n12/07/1985\n:s\n")
    assert "Lahir: ! Tanggal" in said and "3 Lahir: Bekerja" in said, said
    pilar("draft", "delete", drafts()[0]["id"])


def a_draft_is_offered_and_gone_on_with():
    assert len(drafts()) == 1
    said = out("y\n<\n-\n:1\n\n\n:c tidak ingat\n")
    assert "Lanjutkan? (y/t): Uji baris" in said, said
    assert "6 Warna? 4 Bekerja" not in said
    assert "Catatan disimpan" in said
    said = out("y\n:?\n")
    assert "# 3 Lahir: tidak ingat\n" in said, said
    pilar("draft", "delete", drafts()[0]["id"])


def jumping_help_and_undo_work():
    said = out("Siti\n:6\n?\n2\n:umur\n7\n:u\n:U\n<\n:?\n:s\n")
    assert "  1 Merah jambu muda\n  2 Biru laut\n" in said, said
    assert "2 Umur: Lahir: Dibatalkan\n2 Umur: Diulang\n" in said, said
    assert "0 harus diperbaiki" in said, said
    pilar("draft", "delete", drafts()[0]["id"])


def a_tab_goes_on_to_the_next_answer_in_the_same_line():
    said = out("Siti\t36\t12071985\t1\nPasar\t1 3\t:anak\tAni\tt\tsudah\tf\n")
    assert "1 Nama*: 5 Tempat kerja: " in said, said
    assert "Umur" not in said and "Tersimpan\nuuid:" in said, said
    # what was refused is asked for; what was typed after it goes nowhere
    said = out("Siti\tenam\t12071985\t1\n36\t\t1\n:s\n")
    assert ("1 Nama*: ! Isi dengan angka\n"
            "! 2 jawaban sesudahnya tidak dipakai\n2 Umur: ") in said, said
    assert "3 Lahir" not in said and "5 Tempat kerja: " in said, said
    said = out("y\n:apa\tx\n:5\tBalai\n:?\n:s\n")
    assert "Tidak ada pertanyaan itu\n! 1 jawaban" in said, said
    assert "6 Warna? 1 harus" not in said and "0 harus" in said, said
    pilar("draft", "delete", drafts()[0]["id"])


def one_may_not_know_or_refuse_where_the_form_allows_it():
    said = out("Siti\n:t\n36\n12071985\n1\n:m\n1\nAni\nt\nsudah\n:?\nf\n")
    assert said.count("tidak punya jawaban khusus") == 1, said
    assert "menolak menjawab" in said, said
    assert "Tersimpan\nuuid:" in said, said


def rows_are_added_while_one_says_so():
    said = out("Siti\n:anak\nAni\ny\nBudi\ny\nCici\nt\n\nf\n")
    assert "3. B. Anak" in said and "B. Anak (3). Tambah?" in said, said
    assert "Tersimpan" in said
    # a table is gone to by its name, to add to it; a part to its first
    said = out("Siti\n:b. anak\ny\nAni\n:a. orang\n:s\n")
    assert ("B. Anak (1). Tambah? (y/t): 2. B. Anak\n7 Nama anak: " in said
            and "(2). Tambah? (y/t): 1 Nama* [Siti]: " in said), said
    pilar("draft", "delete", drafts()[0]["id"])


def a_line_that_was_cut_off_is_no_answer():
    said = out("Siti\n3")
    assert "Draf tersimpan" in said
    said = out("y\n")
    assert "2 Umur: \n" in said, said
    pilar("draft", "delete", drafts()[0]["id"])


def nothing_answered_leaves_no_draft():
    assert "Tidak ada yang disimpan" in out("")
    assert drafts() == []


def hostile_lines_do_no_harm():
    said = lines("\x1b]0;x\x07\x9b31m\u202e%s%n\n:\x1b[2J\n" + "x" * 20000 +
                 "\n\0\n:c \x1b[31m\n:?\n")
    assert said.returncode == 0
    assert b"\x1b" not in said.stdout and b"\x07" not in said.stdout
    broken = subprocess.run(
        [tap.PILAR, "--store", pilar.store, "fill", "uji", "--line"],
        input=b"t\n\xff\xfe\xc3\n\xe2\x82\n:c \xf0\x9f\n:?\n", env=env,
        capture_output=True, timeout=tap.PATIENCE)
    assert broken.returncode == 0
    broken.stdout.decode("utf-8")
    for row in drafts():
        pilar("draft", "delete", row["id"])


def ssh_may_ask_for_three_things_only():
    for asked in ("fill uji --line", " fill  uji  --line "):
        said = lines("", (), {"SSH_ORIGINAL_COMMAND": asked})
        assert b"Uji baris" in said.stdout, said
    for asked in ("sh", "fill uji --line; sh", "fill $(id) --line",
                  "fill --line uji", "fill uji --answers /etc/passwd",
                  "pilar fill uji --line", "store dump", "fill uji --line x",
                  "sync import", "x" * 5000):
        said = lines("", (), {"SSH_ORIGINAL_COMMAND": asked})
        assert said.returncode == 1 and said.stdout == b"", asked
        assert said.stderr.decode().count("\n") == 1, said.stderr
    # a command that the key's own line names stands
    said = lines("", more={"SSH_ORIGINAL_COMMAND": "sh"})
    assert b"Uji baris" in said.stdout


def init():
    pilar.done("init", "--code", "dewi", "--name", "Dewi", "--yes")
    path = pilar.work + "/uji.md"
    with open(path, "w") as f:
        f.write(FORM)
    pilar.done("form", "add", path)


if __name__ == "__main__":
    init()
    sys.exit(pilar.test([
        a_form_is_filled_and_saved,
        a_date_in_words_is_not_guessed_at,
        wrong_answers_are_said_and_the_same_again_goes_on,
        a_draft_is_offered_and_gone_on_with,
        jumping_help_and_undo_work,
        a_tab_goes_on_to_the_next_answer_in_the_same_line,
        one_may_not_know_or_refuse_where_the_form_allows_it,
        rows_are_added_while_one_says_so,
        a_line_that_was_cut_off_is_no_answer,
        nothing_answered_leaves_no_draft,
        hostile_lines_do_no_harm,
        ssh_may_ask_for_three_things_only,
    ]))
