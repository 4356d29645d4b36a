#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A few seconds of storm.py; `make storm` is an hour of it."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../lib"]
from storm import blow  # noqa: E402
from tap import run  # noqa: E402


def random_keys_and_sizes_do_no_harm():
    # a small store: what takes long here is not to make one
    print("# " + blow(4, os.getpid(), (
        "--data", HERE + "/kit", "init", "--code", "dewi", "--name", "Dewi",
        "--yes")))


if __name__ == "__main__":
    sys.exit(run([random_keys_and_sizes_do_no_harm]))
