#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`pilar form convert` and `form check` as commands (TRY.md), in TAP."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PILAR = os.environ.get("PILAR", os.path.join(HERE, "../../.build/pilar"))
GOOD = "survey\n,type,name,label\n,text,a,A\n"
WARNS = "survey\n,type,name,label\n,begin group,g,\n,text,a,A\n,end group,,\n"
BAD = "survey\n,type,name,label,relevant\n,teks,a,A,\n,text,b,B,${c}\n"


class Place:
    """A folder with one form in it, and what the program said to it."""

    def __init__(self, folder, name, text):
        self.form = os.path.join(folder, name)
        self.out = os.path.join(folder, "hasil.xml")
        with open(self.form, "w", encoding="utf-8") as form:
            form.write(text)

    def run(self, *words):
        env = dict(os.environ, LANGUAGE="id", LC_ALL="C.UTF-8")
        done = subprocess.run([PILAR, "form", *words], capture_output=True,
                              text=True, env=env, timeout=300, check=False)
        return done.returncode, done.stderr

    def convert(self):
        return self.run("convert", self.form, "-o", self.out)


def a_good_form_is_written_silently(folder):
    place = Place(folder, "f.csv", GOOD)
    status, said = place.convert()
    with open(place.out, encoding="utf-8") as out:
        return status == 0 and said == "" and '<data id="f">' in out.read()


def warnings_are_said_and_the_form_is_written(folder):
    place = Place(folder, "f.csv", WARNS)
    status, said = place.convert()
    return (status == 0 and os.path.exists(place.out) and
            "f.csv, survey, baris 3, kolom label" in said)


def a_bad_form_leaves_nothing_and_names_every_row(folder):
    place = Place(folder, "f.csv", BAD)
    status, said = place.convert()
    return (status == 1 and not os.path.exists(place.out) and
            "f.csv, survey, baris 3, kolom type" in said and
            "f.csv, survey, baris 4, kolom relevant" in said)


def a_bad_form_keeps_the_last_good_output(folder):
    place = Place(folder, "f.csv", BAD)
    with open(place.out, "w", encoding="utf-8") as out:
        out.write("lama")
    place.convert()
    with open(place.out, encoding="utf-8") as out:
        return out.read() == "lama" and len(os.listdir(folder)) == 2


def a_missing_file_is_one_sentence(folder):
    place = Place(folder, "f.csv", GOOD)
    os.remove(place.form)
    status, said = place.convert()
    return status == 1 and said.count("\n") == 1 and "f.csv" in said


def another_kind_of_file_is_refused(folder):
    status, said = Place(folder, "f.doc", GOOD).convert()
    return status == 1 and "f.doc" in said


def words_that_are_missing_show_the_usage(folder):
    place = Place(folder, "f.csv", GOOD)
    return (place.run("convert", place.form)[0] == 2 and
            place.run("check")[0] == 2)


def check_lists_the_same_problems(folder):
    place = Place(folder, "f.csv", BAD)
    status, said = place.run("check", place.form)
    return status == 1 and said == place.convert()[1]


def check_finds_faults_of_expressions_in_their_cells(folder):
    place = Place(folder, "f.csv", "survey\n,type,name,label,relevance\n"
                  ",text,a,A,salah(1)\n,text,b,B,1 +\n")
    status, said = place.run("check", place.form)
    return (status == 1 and
            "f.csv, survey, baris 3, kolom relevance: " in said and
            "f.csv, survey, baris 4, kolom relevance: " in said)


def check_takes_a_form_that_has_the_name_of_its_list(folder):
    place = Place(folder, "lks.csv", "survey\n,type,name,label,choice_filter\n"
                  ",select_one_from_file lks.csv,a,A,jenis = '1'\n")
    status, said = place.run("check", place.form)
    return status == 0 and "lks.csv, survey" not in said


def check_takes_a_form_that_is_xml_already(folder):
    place = Place(folder, "f.csv", GOOD)
    place.convert()
    broken = os.path.join(folder, "rusak.xml")
    with open(broken, "w", encoding="utf-8") as out:
        out.write("<h:html>")
    return (place.run("check", place.out)[0] == 0 and
            place.run("check", broken)[0] == 1)


TESTS = [a_good_form_is_written_silently,
         warnings_are_said_and_the_form_is_written,
         a_bad_form_leaves_nothing_and_names_every_row,
         a_bad_form_keeps_the_last_good_output,
         a_missing_file_is_one_sentence, another_kind_of_file_is_refused,
         words_that_are_missing_show_the_usage, check_lists_the_same_problems,
         check_finds_faults_of_expressions_in_their_cells,
         check_takes_a_form_that_has_the_name_of_its_list,
         check_takes_a_form_that_is_xml_already]


def main():
    failed = 0
    print("1..%d" % len(TESTS))
    for i, test in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as folder:
            good = test(folder)
        failed += not good
        print("ok" if good else "not ok", i, "-", test.__name__)
    return 1 if failed else 0


sys.exit(main())
