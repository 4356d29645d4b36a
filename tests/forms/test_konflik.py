#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whatever two people wrote down differently can be decided."""
import io
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import konflik  # noqa: E402
import tap  # noqa: E402


def the_decision_asks_for_every_property_that_any_form_saves():
    """If not: make konflik (and a higher VERSION in konflik.py)."""
    out = io.StringIO()
    konflik.make(out)
    with open(konflik.PATH, newline="") as f:
        assert f.read() == out.getvalue()
    asked = konflik.read(konflik.PATH)["survey"]
    saves = {q["save_to"] for q in asked if q["save_to"]}
    for name, props in konflik.saved().items():
        assert props and {f"{name}#{p}" for p in props} <= saves, name


sys.exit(tap.run([the_decision_asks_for_every_property_that_any_form_saves]))
