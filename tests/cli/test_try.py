#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""form try on hostile forms, lists and lines: each limit on either side."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import tap  # noqa: E402

pilar = tap.Program("try")
HEAD = ('<h:html xmlns="http://www.w3.org/2002/xforms" '
        'xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t'
        '</h:title><model><instance>')


def form(instance="<a/>", binds="", body="", extra=""):
    return (HEAD + '<data id="t">' + instance + "</data></instance>" + extra +
            binds + "</model></h:head><h:body>" + body + "</h:body></h:html>")


def calculate(expression):
    return form(binds='<bind nodeset="/data/a" calculate="%s"/>' % expression)


def talk(xml, lines=b"", files=None):
    """What is answered to the lines; the first answer is to the form."""
    path = os.path.join(pilar.work, "form.xml")
    for name, text in (files or {}).items():
        pilar.write(name, text)
    with open(path, "wb") as f:
        f.write(xml if isinstance(xml, bytes) else xml.encode())
    if not isinstance(lines, bytes):
        lines = b"".join(json.dumps(q).encode() + b"\n" for q in lines)
    done = subprocess.run([tap.PILAR, "form", "try", path], input=lines,
                          capture_output=True, timeout=tap.PATIENCE)
    answers = [json.loads(x) for x in done.stdout.splitlines()]
    assert done.returncode == (0 if answers[0]["ok"] else 1), done
    return answers


def loads(xml, **how):
    answer = talk(xml, **how)[0]
    assert answer["ok"], str(answer)[:300]


def refused(xml, *parts, **how):
    answer = talk(xml, **how)[0]
    assert not answer["ok"], "accepted"
    for part in parts:
        assert part in answer["error"], (part, answer["error"][:300])


def nested(n):
    """n elements in one another, the root with them."""
    return HEAD + "<a>" * (n - 4) + "</a>" * (n - 4) + (
        "</instance></model></h:head><h:body/></h:html>")


def depth_is_64():
    loads(nested(64).replace("<a>", '<a id="t">', 1))
    refused(nested(65).replace("<a>", '<a id="t">', 1), "64")


def an_instance_has_200000_nodes():
    def groups(n):
        return form("".join("<g%d>%s</g%d>" % (
            g, "".join("<q%d/>" % q for q in range(999)), g)
            for g in range(n)))
    loads(groups(199))
    refused(groups(201), "200000")
    refused(form("".join("<q%d/>" % i for i in range(50010))), "nama")


def an_element_has_256_attributes():
    def many(n):
        return form("<a %s/>" % " ".join('b%d=""' % i for i in range(n)))
    loads(many(256))
    refused(many(257), "256")
    refused(many(40000), "256")
    refused("<a " + "".join('b%d="" ' % i for i in range(200000)) + "/>",
            "256")


def a_form_has_16_mib():
    piece = "<!--" + "x" * 65529 + "-->"  # 64 KiB
    room = 16 * 2 ** 20 - len(form())
    rest = "<!--" + "x" * (room % len(piece) - 7) + "-->"
    loads(form(extra=piece * (room // len(piece)) + rest))
    refused(form(extra=piece * (room // len(piece)) + rest + " "), "16")


def expressions_are_200_deep_and_10000_words_long():
    loads(calculate("(" * 198 + "1" + ")" * 198))
    refused(calculate("(" * 200 + "1" + ")" * 200), "/data/a", "200")
    refused(calculate("(" * 100000), "200")
    refused(calculate("not(" * 5000 + ")" * 5000), "200")
    refused(calculate("a[" * 5000), "200")
    refused(calculate("-" * 9000 + "1"), "200")
    loads(calculate("1" + "+1" * 4999))
    refused(calculate("1" + "+1" * 5000), "10000")
    loads(calculate("'" + "x" * 1000000 + "'"))
    loads(calculate("9" * 1000000))
    refused(calculate("'" + "x" * 1000000))


def a_repeat_has_5000_instances():
    xml = form('<n>1</n><r jr:template=""><x/></r>', body=(
        '<input ref="/data/n"/><group ref="/data/r"><repeat nodeset="/data/r" '
        'jr:count="/data/n"><input ref="/data/r/x"/></repeat></group>'))
    count = {"op": "count", "ref": "/data/r"}
    for n, want in (("5000", 5000), ("5001", 5000), ("100000", 5000),
                    ("-1", 0)):
        answer = talk(xml, [{"op": "set", "ref": "/data/n", "value": n},
                            count])
        assert answer[2]["count"] == want, (n, answer[1:])
    free = xml.replace(' jr:count="/data/n"', "")
    answer = talk(free, [{"op": "add", "ref": "/data/r"}] * 5001 + [count])
    assert answer[5000]["ok"] and not answer[5001]["ok"]
    assert answer[-1]["count"] == 5000, answer[-1]


def repeats_in_repeats_make_a_million_nodes_at_most():
    xml = form('<r jr:template=""><s jr:template=""><x/></s></r>', body=(
        '<group ref="/data/r"><repeat nodeset="/data/r" jr:count="%d">'
        '<group ref="/data/r/s"><repeat nodeset="/data/r/s" jr:count="5000">'
        '<input ref="/data/r/s/x"/></repeat></group></repeat></group>'))
    loads(xml % 90)
    refused(xml % 110, "1000000")


def work_has_a_limit_and_the_sentence_names_the_expression():
    rows = "<r><x>1</x></r>" * 3000
    heavy = "count(/data/r[count(/data/r[x &gt; 0]) &gt; 0])"
    refused(form("<a/>" + rows, '<bind nodeset="/data/a" calculate="%s"/>' %
                 heavy, '<repeat nodeset="/data/r"/>'), "count(/data/r[")


def no_pattern_takes_long():
    for pattern in ("(a+)+[cd]", "(a|aa)+$", "(.*)*b", "(a{1,500}){1,500}x",
                    "(?R)", "((((a*)*)*)*)*b", "(?=(a+))*b", "\\p{L}*" * 50):
        talk(form("<a>%s</a><b/>" % ("a" * 5000), '<bind nodeset="/data/b" '
                  'calculate="regex(/data/a, \'%s\')"/>' % pattern),
             [{"op": "get", "ref": "/data/b"}])
    refused(calculate("regex(., '[')"), "/data/a", "kolom 12")
    refused(calculate("regex(/data, '%s')" % ("a" * 10001)))


def entities_and_other_files_are_not_read():
    bomb = "".join('<!ENTITY e%d "%s">' % (i, "&e%d;" % (i - 1) * 10)
                   for i in range(1, 12))
    for subset in ('[<!ENTITY e0 "ha">' + bomb + "]",
                   '[<!ENTITY x SYSTEM "file:///etc/passwd">]',
                   'SYSTEM "http://127.0.0.1:9/x.dtd"',
                   '[<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]'):
        refused("<!DOCTYPE h:html " + subset + ">" + form("<a>&e11;</a>"))
    loads("<!DOCTYPE html>" + form())
    refused(form("<a>&nbsp;</a>"))
    for src in ("jr://file/../../etc/passwd", "jr://file-csv//etc/passwd",
                "file:///etc/passwd"):
        refused(form(extra='<instance id="x" src="%s"/>' % src,
                     binds='<bind nodeset="/data/a" calculate="'
                     "count(instance('x')/root/item)\"/>"))


def text_that_is_no_utf_8_is_refused():
    for bad in (b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
                b"\xc0\xaf", b"\0", b"\x01"):
        refused(form("<a>@</a>").encode().replace(b"@", bad))
    for bad in (b"", b"\xef\xbb\xbf", b"<", b"no", b"\0" * 100,
                form().encode("utf-16")):
        refused(bad)


LIST = form("<s/>", body=(
    '<select1 ref="/data/s"><itemset nodeset="instance(\'l\')/root/item">'
    '<value ref="name"/><label ref="label"/></itemset></select1>'),
    extra='<instance id="l" src="jr://file-csv/l.csv"/>')


def of_list(text):
    return {"files": {"l.csv": text}}


def lists_have_limits_and_faults_name_the_line():
    def columns(n):
        return "name,label" + "".join(",c%d" % i for i in range(n - 2)) + (
            "\na,A" + ",x" * (n - 2) + "\n")
    loads(LIST, **of_list(columns(256)))
    refused(LIST, "l.csv", **of_list(columns(257)))
    loads(LIST, **of_list("name,label\na," + "x" * 65536 + "\n"))
    refused(LIST, "l.csv", "baris 2",
            **of_list("name,label\na," + "x" * 65537 + "\n"))
    refused(LIST, "l.csv", "baris 3",
            **of_list('name,label\na,A\nb,"B\nc,C\n'))
    loads(LIST, **of_list("name,label\n" + "a,A\n" * 999999))
    refused(LIST, "l.csv", "baris 1000001",
            **of_list("name,label\n" + "a,A\n" * 1000000))


def no_line_ends_the_talk():
    xml = form("<a/><r><x/></r>", '<bind nodeset="/data/a" type="int"/>', (
        '<input ref="/data/a"/><repeat nodeset="/data/r">'
        '<input ref="/data/r/x"/></repeat>'))
    lines = [b"", b" ", b"x", b"{", b"[]", b"1", b"null", b'""', b"{}",
             b"[" * 100000, b'{"a":' * 100000, b"\xff\xfe", b"\0", b"\x1b[2J",
             b'{"op":"get"}', b'{"op":1}', b'{"op":null,"ref":{}}',
             b'{"op":"get","ref":7}', b'{"op":"set","ref":"/data/a"}',
             b'{"op":"set","ref":"/data/a","value":{}}',
             b'{"op":"add","ref":"/data/r","after":-1}',
             b'{"op":"add","ref":"/data/r","after":1e99}',
             b'{"op":"add","ref":"/data/r","after":"1"}',
             b'{"op":"remove","ref":"/data/r[99999999999999999999]"}',
             b'{"op":"lang","lang":[]}', b'{"op":"now","time":"kemarin"}',
             b'{"op":"restore","xml":"<"}', b'{"op":"edit","xml":""}',
             b'{"op":"restore","xml":"<data/>"}',
             b'{"op":"eval","expr":"1 +"}', b'{"op":"eval","expr":"foo()"}',
             b'{"op":"eval","expr":"1","ref":"/zz"}', b'{"op":"eval"}',
             b'{"op":"choices","ref":"/data/a"}',
             b'{"op":"count","ref":"/data/a"}',
             b'{"op":"set","ref":"/data/a","value":"\\u0000"}',
             b'{"op":"set","ref":"/data/a","value":"' + b"9" * 1000000 + b'"}']
    refs = ["", "/", "//", "data", "/data/", "/data//a", "/data[0]",
            "/data/r[0]/x", "/data/r[-1]/x", "/data/r[x]/x", "/data/r[1",
            "/data/r[]", "/data/@", "/data/a/@b", "/" * 10000, "/data" * 9999,
            "/data/r[1][1]/x", "/data/*", "/data/..", "/zz:data"]
    lines += [json.dumps({"op": op, "ref": r}).encode()
              for op in ("get", "set", "choices", "count", "add", "remove")
              for r in refs]
    asked = [x for x in lines if x.strip()]
    answers = talk(xml, b"\n".join(lines) +
                   b'\n{"op":"set","ref":"/data/a","value":"7"}'
                   b'\n{"op":"get","ref":"/data/a"}')
    assert len(answers) in (len(asked) + 3, len(lines) + 3), len(answers)
    assert answers[-1]["value"] == "7", answers[-1]


sys.exit(pilar.test([
    depth_is_64, an_instance_has_200000_nodes, an_element_has_256_attributes,
    a_form_has_16_mib, expressions_are_200_deep_and_10000_words_long,
    a_repeat_has_5000_instances,
    repeats_in_repeats_make_a_million_nodes_at_most,
    work_has_a_limit_and_the_sentence_names_the_expression,
    no_pattern_takes_long, entities_and_other_files_are_not_read,
    text_that_is_no_utf_8_is_refused,
    lists_have_limits_and_faults_name_the_line, no_line_ends_the_talk]))
