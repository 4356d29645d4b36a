#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every text of the sources stands in src/app/en.po, and the program speaks
the language that was chosen, whatever the locale."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PILAR = os.path.abspath(os.environ.get("PILAR", os.path.join(ROOT, ".build/pilar")))
PO = os.path.join(ROOT, "src/app/en.po")
FLAGS = ["--language=C", "--from-code=UTF-8", "-k_", "-kN_", "--sort-by-file",
         "--add-location=file", "--no-wrap", "-o", "-"]
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def out(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT,
                          stderr=subprocess.DEVNULL).stdout.decode()


def entries(text):
    """(flags, msgid, msgstr) of every entry but the header."""
    for block in text.split("\n\n"):
        lines = block.split("\n")
        flags = [line for line in lines if line.startswith(("#,", "#~"))]
        body = "\n".join(line for line in lines if not line.startswith("#"))
        parts = re.split(r"^msgstr ", body, flags=re.M)
        if len(parts) == 2:
            one, other = ("".join(STRING.findall(p)) for p in parts)
            if one:
                yield " ".join(flags), one, other


def sources():
    files = sorted(os.path.relpath(f, ROOT) for f in
                   glob.glob(os.path.join(ROOT, "src/*/*.[ch]")))
    return entries(out("xgettext", *FLAGS, *files))


def conversions(text):
    return re.findall(r"%[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t)?[a-zA-Z%]",
                      text)


def missing():
    """Nothing of the sources is missing, nothing else is there."""
    there = {one: other for _, one, other in entries(open(PO, encoding="utf-8").read())}
    wanted = [one for _, one, _ in sources()]
    bad = ["untranslated: " + t for t in wanted if not there.get(t)]
    return bad + ["no longer in the sources: " + t for t in there if t not in wanted]


def fuzzy():
    text = open(PO, encoding="utf-8").read()
    bad = [line for line in text.split("\n") if line.startswith("#~")]
    return bad + [one for flags, one, _ in entries(text) if "fuzzy" in flags]


def formats():
    run = subprocess.run(["msgfmt", "--check-format", "-o", os.devnull, PO],
                         stderr=subprocess.PIPE)
    bad = run.stderr.decode().splitlines() if run.returncode else []
    return bad + [one for _, one, other in entries(open(PO, encoding="utf-8").read())
                  if other and conversions(one) != conversions(other)]


def ends():
    """Blanks and line ends at either end are part of the layout."""
    def edges(t):
        return (re.match(r"(?:\\n| )*", t).group(0), re.search(r"(?:\\n| )*$", t).group(0))
    return [one for _, one, other in entries(open(PO, encoding="utf-8").read())
            if other and edges(one) != edges(other)]


BARE = re.compile(r'\b(ui_text|ui_puts|ui_message|ui_ask|report_add|f?printf|app_note)\s*\(')


def bare():
    """Words that go to a person are marked; keys, marks and formats are not words."""
    bad = []
    for path in sorted(glob.glob(os.path.join(ROOT, "src/*/*.c"))):
        text = open(path, encoding="utf-8").read()
        for call in BARE.finditer(text):
            words = call_text(text, call.end())
            words = re.sub(r'\b[N_]*_?\(\s*(?:"(?:[^"\\]|\\.)*"\s*)+\)', "", words)
            for literal in STRING.findall(words):
                if worded(literal):
                    line = text.count("\n", 0, call.start()) + 1
                    bad.append("%s:%d: %s" % (os.path.relpath(path, ROOT), line, literal))
    return bad


def call_text(text, at):
    """What stands between the brackets of a call."""
    depth, start = 1, at
    while depth and at < len(text):
        literal = STRING.match(text, at)
        if literal:
            at = literal.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return text[start:at]


def worded(literal):
    """Two words of small letters beside each other, no option and no command."""
    plain = re.sub(r"\\[nt]", " ", literal)
    for conversion in conversions(plain):
        plain = plain.replace(conversion, " ")
    if plain.startswith(("--", "pilar ", "pilar: --")) or "\\" in plain:
        return False
    return re.search(r"[a-z]{3,} [a-z]{3,}", plain) is not None


def speaks(env, lang, word):
    full = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    full.update(env)
    words = [PILAR] + (["--lang", lang] if lang else []) + ["help"]
    got = subprocess.run(words, env=full, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = got.stdout.decode().split("\n")[0]
    return [] if text.startswith(word) else ["%s %s: %s" % (env, lang, text)]


LOCALES = [{}, {"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}, {"LANG": "en_US.UTF-8"},
           {"LC_ALL": "xx_XX"}, {"LANGUAGE": "en"}]


def chosen():
    bad = []
    for env in LOCALES:
        bad += speaks(env, "en", "Usage:") + speaks(env, "id", "Pemakaian:")
        bad += speaks(env, None, "Pemakaian:")
    return bad


def of_worker():
    """What is stored with the worker is spoken; --lang goes before it."""
    words = {"id": "Belum diekspor", "en": "Not exported"}
    bad = []
    with tempfile.TemporaryDirectory(prefix="pilar-messages-") as work:
        for own in words:
            where = ["--store", os.path.join(work, own)]
            ask("C", where, "init", "--code", "dewi", "--name", "Dewi", "--lang", own,
                "--yes")
            for lang in [None] + list(words):
                said = ask("C", where + (["--lang", lang] if lang else []), "sync", "status")
                if not said.startswith(words[lang or own]):
                    bad.append("%s, --lang %s: %s" % (own, lang, said.split("\n")[0]))
    return bad


def ask(locale, options, *words):
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": locale}
    got = subprocess.run([PILAR] + options + list(words), env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return got.stdout.decode()


TESTS = [
    ("every text of the sources is translated, and no other", missing),
    ("no translation is fuzzy or left over", fuzzy),
    ("the conversions of text and translation agree", formats),
    ("text and translation begin and end with the same blanks", ends),
    ("what people read is marked for translation", bare),
    ("the language chosen is spoken under every locale", chosen),
    ("without --lang the worker's own language is spoken", of_worker),
]


def main():
    if not shutil.which("xgettext") or not shutil.which("msgfmt"):
        print("1..1\nok 1 - messages # SKIP gettext is not installed")
        return 0
    print("1..%d" % len(TESTS))
    failed = 0
    for n, (name, test) in enumerate(TESTS, 1):
        bad = test()
        failed += bool(bad)
        print("%s %d - %s" % ("not ok" if bad else "ok", n, name))
        for line in bad:
            print("#   " + line)
    return failed != 0


sys.exit(main())
