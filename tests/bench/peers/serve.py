"""The dialogue between the benchmark and one side of a comparison; standard library only, as peers' Pythons run it.

A side is a process of its own. It says so when its first answer is there, then answers every line it is sent:

    <- {"ready": true}               the first answer is there; how long that took is measured from outside
    <- {"given": true}               what the other side needs from this one is written
    -> round
    <- {"seconds": {"one": 0.4}}     one more answer of each kind
    -> end
    <- {"peak_mb": 270, ...}         and whatever the side wants to add
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path


def seconds(work):
    """Wall seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_mb():
    """Largest resident size of this process, MB.

    VmHWM starts anew when a program is executed; ru_maxrss keeps what the parent had.
    """
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    if found is None:
        raise OSError("/proc/self/status has no VmHWM")
    return int(found[1]) / 1024


def serve(start, works, give, last):
    """Run one side: `start` makes the first answer, `works` are timed in every round, `last` returns the rest."""
    speak, sys.stdout = sys.stdout, sys.stderr  # what a package prints is not part of the dialogue

    def say(**words):
        print(json.dumps(words), file=speak, flush=True)

    start()
    say(ready=True)
    give()
    say(given=True)
    for line in sys.stdin:
        if line.strip() == "end":
            break
        say(seconds={name: seconds(work) for name, work in works.items()})
    peak = peak_mb()
    say(peak_mb=peak, **last())
