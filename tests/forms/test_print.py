#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every shipped form prints blank, as text and as a page, in both languages."""
import glob
import html.parser
import os
import re
import subprocess
import sys
import tempfile

PILAR = os.environ.get("PILAR", "pilar")
HERE = os.path.dirname(os.path.abspath(__file__))
FORMS = os.path.join(HERE, "..", "..", "forms")
NOT_FORMS = {"datasets", "demo", "prelist", "recaps"}


def forms():
    for path in sorted(glob.glob(os.path.join(FORMS, "*.csv"))):
        if os.path.basename(path)[:-4] not in NOT_FORMS:
            yield path


def printed(path, lang, to):
    run = subprocess.run([PILAR, "--lang", lang, "form", "print", path, "-o", to],
                         capture_output=True, text=True)
    assert run.returncode == 0 and not run.stderr, run.stderr
    with open(to, encoding="utf-8") as f:
        return f.read()


class Page(html.parser.HTMLParser):
    """Counts what is opened and not closed, and gathers the text."""

    VOID = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data + "\n"


def check(path, lang, folder):
    text = printed(path, lang, os.path.join(folder, "x.txt"))
    page = Page()
    page.feed(printed(path, lang, os.path.join(folder, "x.html")))
    assert not page.open, page.open
    in_text = [int(n) for n in re.findall(r"^ *(\d+)\. \S", text, re.M)]
    in_page = [int(n) for n in re.findall(r"^ *(\d+)\.(?: \S|$)", page.text, re.M)]
    want = list(range(1, len(set(in_text)) + 1))
    assert [n for n in want if n in in_text] == want, in_text
    assert [n for n in want if n in in_page] == want, in_page
    assert max(len(line) for line in text.split("\n")) <= 80
    assert all(not line.endswith(" ") for line in text.split("\n"))


def main():
    n = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in forms():
            for lang in ("id", "en"):
                n += 1
                name = "%s prints (%s)" % (os.path.basename(path)[:-4], lang)
                try:
                    check(path, lang, folder)
                    print("ok %d - %s" % (n, name))
                except AssertionError as why:
                    failed += 1
                    print("not ok %d - %s\n# %s" % (n, name, str(why)[:300]))
    print("1..%d" % n)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
