#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every command says what it is, with an example; refuses what it does not
know with status 2; and answers --json with JSON where it lists or shows."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE + "/../lib")
import tap  # noqa: E402

pilar = tap.Program("commands")

# What a list or a view needs to be asked for; the rest is in no need of it.
ASKED = {
    "form list": (), "draft list": (), "sync status": (), "worker list": (),
    "profile": (), "find": ("a",), "case due": (), "store check": (),
    "store log": (), "doctor": (),
}


def usages():
    """Command -> its line in the help of all."""
    text = pilar.done("help")
    rows = {}
    for line in text.split("\n"):
        m = re.match(r"  pilar ((?:[a-z]+ ?)+)(.*)$", line)
        if m:
            words = [w for w in m.group(1).split()]
            rows[" ".join(words)] = line.strip()
    return rows


COMMANDS = sorted(usages())


def every_command_has_help_with_an_example():
    assert len(COMMANDS) > 25, COMMANDS
    for command in COMMANDS:
        text = pilar.done(*command.split(), "--help")
        lines = [x.strip() for x in text.strip().split("\n")]
        assert len(lines) == 3, (command, lines)
        assert lines[0].startswith("pilar " + command), (command, lines)
        assert lines[1].endswith("."), (command, lines)
        assert lines[2].startswith("Contoh: pilar "), (command, lines)
        assert command in lines[2], (command, lines)


def the_help_of_all_is_by_subject_and_an_answer():
    """Each command once, under a heading; it was asked for, so it succeeds."""
    text = pilar.done("--help")
    assert text == pilar.done("help"), text
    lines = [x for x in text.split("\n") if x.startswith("  pilar ")]
    assert len(lines) == len(set(lines)), lines
    rows = re.compile(r'^\s+\{ "([a-z]+(?: [a-z]+)?)",\s+run_', re.M)
    known = [words for path in glob.glob(HERE + "/../../src/app/cmd_*.c")
             for words in rows.findall(open(path).read())]
    assert len(known) > 40, known
    for words in known:
        assert any(x.startswith(words) for x in COMMANDS), words


def it_says_its_version():
    assert re.fullmatch(r"pilar [0-9.]+\n", pilar.done("--version"))
    assert pilar.done("version") == pilar.done("--version")


def an_installed_program_finds_its_forms_wherever_it_was_put():
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(folder + "/bin")
        os.makedirs(folder + "/share")
        shutil.copy(os.path.realpath(os.environ.get("PILAR", ".build/pilar")),
                    folder + "/bin/pilar")
        os.symlink(os.path.realpath(HERE + "/../../forms"),
                   folder + "/share/pilar")
        subprocess.run(
            [folder + "/bin/pilar", "--store", folder + "/s", "init", "--code",
             "a", "--name", "A", "--role", "PSM", "--village", "Kaliawi",
             "--yes"], check=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert os.path.isdir(folder + "/s")


def the_help_speaks_english():
    for command in COMMANDS:
        text = pilar.done("--lang", "en", *command.split(), "--help")
        assert "  Example: pilar " in text, (command, text)
        first = pilar.done(*command.split(), "--help").split("\n")[1]
        assert text.split("\n")[1] != first, (command, first)


def an_unknown_option_is_wrong_usage():
    for command in COMMANDS:
        if command == "help":
            continue
        result = pilar(*command.split(), "--tidak-ada")
        assert result.returncode == 2, (command, result)
        assert "--tidak-ada" in result.stderr, (command, result.stderr)
        assert "pilar " + command in result.stderr, (command, result.stderr)
        assert result.stdout == "", (command, result.stdout)


def a_word_too_many_is_named():
    for command in COMMANDS:
        if command == "help":
            continue
        result = pilar(*command.split(), "satu", "dua", "tiga")
        first, rest = result.stderr.split("\n", 1)
        assert result.returncode == 2, (command, result)
        assert re.match(r"pilar: kata ini kelebihan: (satu|dua|tiga)$", first), \
            (command, first)
        assert "pilar " + command in rest, (command, rest)
        assert result.stdout == "", (command, result.stdout)
    first = pilar("key", "add", "satu", "dua", "tiga").stderr.split("\n")[0]
    assert first.endswith(": tiga"), first


def what_no_worker_is_asked_for_is_shown_to_anybody():
    pilar.done("init", "--code", "a", "--name", "A", "--yes", store=pilar.work + "/many")
    pilar.done("worker", "add", "b", store=pilar.work + "/many")
    status = pilar.done("sync", "status", store=pilar.work + "/many")
    assert "Belum diekspor: 0" in status, status
    assert pilar("draft", "list", store=pilar.work + "/many").returncode == 1


def an_unknown_command_is_named_with_those_like_it():
    for words in (("tidak-ada",), ("draft", "hapus")):
        result = pilar(*words)
        assert result.returncode == 2 and not result.stdout, result
        assert " ".join(words) in result.stderr.split("\n")[0], \
            result.stderr
    assert "pilar draft delete" in result.stderr
    assert "pilar find" not in result.stderr


def what_lists_or_shows_answers_json():
    pilar.done("init", "--code", "dewi", "--name", "Dewi", "--yes")
    for command, words in ASKED.items():
        for where in (("--json", *command.split(), *words),
                      (*command.split(), *words, "--json")):
            result = pilar(*where)
            assert result.returncode == 0, (where, result.stderr)
            assert result.stdout.count("\n") == 1, (where, result.stdout)
            json.loads(result.stdout)


def without_a_store_every_command_says_where_it_looked():
    nowhere = pilar.work + "/nowhere"
    for command, words in ASKED.items():
        if command == "doctor":
            continue
        pilar.refused((*command.split(), *words), nowhere, store=nowhere)


sys.exit(pilar.test([
    every_command_has_help_with_an_example,
    the_help_of_all_is_by_subject_and_an_answer,
    it_says_its_version,
    an_installed_program_finds_its_forms_wherever_it_was_put,
    the_help_speaks_english,
    an_unknown_option_is_wrong_usage,
    a_word_too_many_is_named,
    what_no_worker_is_asked_for_is_shown_to_anybody,
    an_unknown_command_is_named_with_those_like_it,
    what_lists_or_shows_answers_json,
    without_a_store_every_command_says_where_it_looked,
]))
